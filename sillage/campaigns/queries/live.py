"""Reading what went out: matches, their evidence, and what the catalogue knows of an account's posts."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q

from sillage.campaigns.engine.matching import SeenPost, Sought, Standing
from sillage.campaigns.models import Campaign, Deliverable, Draft, LiveEvidence, LiveMatch
from sillage.campaigns.queries.checking import findings_of
from sillage.campaigns.queries.drafts import newest_draft
from sillage.catalogue.models import Account, Post, RawAnswer
from sillage.governance.engine.law import LawFinding, Verdict
from sillage.lib.errors import NotFound
from sillage.lib.sentences import Sentence
from sillage.lib.word_diff import Piece, word_diff

GRAVE = (Verdict.BLOCK, Verdict.WARN, Verdict.REVIEW)
BEFORE = timedelta(days=7)  # posts from a little before the collaboration began
MOST_POSTS = 500
MOST_ANSWERS = 20  # raw answers that are searched for a post


@dataclass(frozen=True, slots=True)
class LiveState:
    """A deliverable's post: suggestions, the confirmed one with all that was kept of it, and how it differs from the draft."""

    suggestions: list[LiveMatch]
    match: LiveMatch | None
    evidence: list[LiveEvidence]  # newest first
    changes: list[Piece]
    findings: list[LawFinding]  # of what was seen last, without what is in order


def get_match(workspace_id: int, match_id: int) -> LiveMatch:
    found = (
        LiveMatch.objects.select_related("deliverable__campaign", "deliverable__collaboration")
        .filter(deliverable__workspace_id=workspace_id, pk=match_id)
        .first()
    )
    if found is None:
        raise NotFound(
            Sentence("No match %(match_id)s in this workspace.", match_id=match_id),
            Sentence("See the deliverable’s page, or `sillage live match`."),
        )
    return found


def list_matches(campaign: Campaign) -> list[LiveMatch]:
    """All that was suggested, confirmed or dismissed in a campaign, the latest first."""
    rows = LiveMatch.objects.filter(deliverable__campaign=campaign).select_related("deliverable__collaboration")
    return list(rows.order_by("-suggested_at", "-score", "pk"))


def live_state(deliverable: Deliverable) -> LiveState:
    """What a page shows of a deliverable's post."""
    rows = list(deliverable.matches.exclude(standing=Standing.DISMISSED.value).order_by("-score", "pk"))
    match = next((row for row in rows if row.standing == Standing.CONFIRMED.value), None)
    evidence = list(match.evidence.defer("raw").order_by("-taken_at", "-pk")) if match else []
    draft = approved_draft(deliverable)
    seen = next((e for e in evidence if e.erased_at is None and (e.text or e.title)), None)
    return LiveState(
        suggestions=[row for row in rows if row.standing == Standing.SUGGESTED.value],
        match=match,
        evidence=evidence,
        changes=word_diff(draft.text, seen.text) if draft is not None and seen is not None else [],
        findings=[f for f in findings_of(evidence[0])[0] if f.verdict in GRAVE] if evidence else [],
    )


def approved_draft(deliverable: Deliverable) -> Draft | None:
    """The version that may be, or was, published."""
    return deliverable.drafts.filter(number=deliverable.approved_version or 0).first()


def sought_of(deliverable: Deliverable) -> Sought:
    """What is looked for among an account's posts."""
    draft = approved_draft(deliverable) or newest_draft(deliverable)
    campaign = deliverable.campaign
    return Sought(
        urls=tuple(deliverable.live_links.order_by("-given_at").values_list("url", flat=True)),
        text=draft.text if draft else "",
        codes=(deliverable.code,) if deliverable.code else tuple(campaign.codes),
        hashtags=tuple(campaign.hashtags),
        mentions=tuple(campaign.mentions),
        format=deliverable.format,
        publish_from=deliverable.publish_from,
        publish_until=deliverable.publish_until,
    )


def list_seen_posts(deliverable: Deliverable) -> list[tuple[int, SeenPost]]:
    """(account id, post) of the creator on the deliverable's network since the collaboration began; all with a given link."""
    collaboration = deliverable.collaboration
    if collaboration is None:
        return []
    whose = Q(pk=collaboration.account_id or 0)
    if collaboration.creator_id is not None:
        whose |= Q(creator_id=collaboration.creator_id)
    accounts = Account.objects.filter(whose, workspace_id=deliverable.workspace_id, network=deliverable.network)
    posts = Post.objects.filter(account__in=accounts)
    if not deliverable.live_links.exists():
        posts = posts.filter(published_at__gte=collaboration.created_at - BEFORE)
    taken = _taken(deliverable)
    return [
        (post.account_id, _seen(post))
        for post in posts.order_by("-published_at", "id")[:MOST_POSTS]
        if (post.account_id, post.id) not in taken
    ]


def _taken(deliverable: Deliverable) -> set[tuple[int, int]]:
    """Posts that are another deliverable's already."""
    confirmed = LiveMatch.objects.filter(
        deliverable__workspace_id=deliverable.workspace_id, standing=Standing.CONFIRMED.value
    )
    return set(confirmed.exclude(deliverable=deliverable).values_list("account_id", "post_id"))


def _seen(post: Post) -> SeenPost:
    tags = " ".join(f"#{tag}" for tag in post.hashtags)
    text = "\n".join(part for part in (post.title, post.text, tags) if part)
    return SeenPost(post.id, post.url, post.network_id, post.published_at, text, post.format)


def find_post(match: LiveMatch) -> Post | None:
    """The post, as the catalogue has it now."""
    return Post.objects.filter(account_id=match.account_id, id=match.post_id).first()


def find_raw_answer(post: Post) -> tuple[RawAnswer, bytes] | None:
    """The newest answer of the network that speaks of a post, with its body unpacked."""
    name = post.network_id.encode()
    newest = RawAnswer.objects.filter(account_id=post.account_id).order_by("-fetched_at", "-pk")
    for answer in newest[:MOST_ANSWERS]:
        body = zlib.decompress(bytes(answer.body))
        if name in body:
            return answer, body
    return None


def duty_of_account(account_id: int) -> datetime | None:
    """Until when what its network gave must be read again or deleted; None: its terms ask for nothing."""
    dated = RawAnswer.objects.filter(account_id=account_id, refresh_by__isnull=False).order_by("-refresh_by")
    return dated.values_list("refresh_by", flat=True).first()


def last_evidence(matches: Iterable[LiveMatch]) -> dict[int, LiveEvidence]:
    """What was kept last of each match."""
    rows = LiveEvidence.objects.filter(match__in=[m.pk for m in matches]).defer("raw")
    return {e.match_id: e for e in rows.order_by("match_id", "-taken_at", "-pk").distinct("match_id")}
