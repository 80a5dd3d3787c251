"""What went out: posts matched to deliverables, checked again, compared with what was approved, and watched.

A match is a suggestion until a person confirms it; only an exact link confirms by itself, by a rule. Evidence is appended.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from django.db import transaction
from django.db.models import Q

from sillage.campaigns.actions.confirming_live import confirm, confirm_within_policy, unconfirm
from sillage.campaigns.actions.evidence import drop_overdue_words, keep_evidence
from sillage.campaigns.engine.deliverables import DeliverableState
from sillage.campaigns.engine.matching import Found, Standing, matches
from sillage.campaigns.engine.watching import Seen, seen_now, words_hash
from sillage.campaigns.models import Deliverable, LiveEvidence, LiveLink, LiveMatch
from sillage.campaigns.queries.campaigns import get_campaign
from sillage.campaigns.queries.deliverables import get_deliverable
from sillage.campaigns.queries.drafts import opened_deliverable, who_speaks
from sillage.campaigns.queries.live import find_post, get_match, last_evidence, list_seen_posts, sought_of
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.governance.models import Link
from sillage.governance.queries.policies import policy_fact
from sillage.lib.errors import Malformed, Refusal
from sillage.lib.sentences import Sentence

MOST_LINKS = 10
BY_LINK = "exact link"  # the rule that confirms
MATCHABLE = (
    DeliverableState.AWAITED,
    DeliverableState.IN_REVIEW,
    DeliverableState.CHANGES,
    DeliverableState.APPROVED,
)


class LiveLinkMalformed(Malformed):
    """This is no web address of a post."""

    title = "Malformed address"


class LiveDecided(Refusal):
    """The deliverable has a confirmed post, or this match was decided."""


# -- matching --------------------------------------------------------------------------------------------------------


@transaction.atomic
def give_live_link(
    *, deliverable_id: int, url: str, actor: Actor, now: datetime, link: Link | None = None
) -> LiveMatch | None:
    """Say where the post is. Returns the match when the catalogue has that post; else it is looked for at each match."""
    deliverable = opened_deliverable(actor, link, deliverable_id, lock=True)
    address = _address(url)
    if deliverable.live_links.count() >= MOST_LINKS:
        raise LiveDecided(
            Sentence("%(most_links)s addresses were given already.", most_links=MOST_LINKS),
            Sentence("Confirm one of the suggested posts."),
        )
    LiveLink.objects.create(deliverable=deliverable, url=address, who=who_speaks(actor, link), given_at=now)
    found = _match(deliverable, now) if deliverable.state in MATCHABLE else []
    confirmed = next((match for match in found if match.standing == Standing.CONFIRMED.value), None)
    governance.record(
        verb="campaigns.live_link_given",
        subject_kind="deliverable",
        subject_id=deliverable.pk,
        actor=actor,
        now=now,
        facts={"url": address, "match": confirmed.pk if confirmed else None},
    )
    return confirmed


def _address(url: str) -> str:
    given = url.strip()
    try:
        parts = urlsplit(given)
    except ValueError as error:
        raise LiveLinkMalformed(
            Sentence("“%(given)s” is no web address.", given=given[:80]),
            Sentence("Copy it from the network: https://…"),
        ) from error
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or len(given) > 2000
        or not given.isprintable()
        or " " in given
    ):
        raise LiveLinkMalformed(
            Sentence("“%(given)s” is no web address.", given=given[:80]),
            Sentence("Copy it from the network: https://…"),
        )
    return given


@transaction.atomic
def match_live(*, campaign_id: int, actor: Actor, now: datetime) -> dict[str, int]:
    """Look for the posts of a campaign's deliverables in the catalogue. Returns how many are suggested and confirmed.

    Where a policy allows it the rule confirms a clear suggestion by itself; each use stands in the entry.
    """
    require(actor, Right.CAMPAIGN)
    campaign = get_campaign(actor.workspace_id, campaign_id, lock=True)
    rows = campaign.deliverables.filter(state__in=MATCHABLE, collaboration__isnull=False)
    done: Counter[str] = Counter()
    uses: list[dict[str, object]] = []
    for deliverable in rows.select_related("campaign", "collaboration").select_for_update(of=("self",)).order_by("pk"):
        new = _match(deliverable, now)
        used = confirm_within_policy(new, deliverable, actor.workspace_id, now)
        uses += [policy_fact(used)] if used else []
        done.update(match.standing for match in new)
    governance.record(
        verb="campaigns.live_matched",
        subject_kind="campaign",
        subject_id=campaign.pk,
        actor=actor,
        now=now,
        facts={**done, "policy_uses": uses} if uses else dict(done),
    )
    return dict(done)


def _match(deliverable: Deliverable, now: datetime) -> list[LiveMatch]:
    """New matches of one deliverable; what was suggested or dismissed before is left as it is, an exact link apart."""
    posts = list_seen_posts(deliverable)
    accounts = {post.id: account for account, post in posts}
    new = []
    for found in matches(sought_of(deliverable), [post for _, post in posts]):
        match, is_new = LiveMatch.objects.get_or_create(
            deliverable=deliverable,
            account_id=accounts[found.post.id],
            post_id=found.post.id,
            defaults=_suggested(found, now),
        )
        if found.is_by_link and match.standing != Standing.CONFIRMED.value:
            match.is_by_link = True
            confirm(match, deliverable, None, BY_LINK, now)
            is_new = True
        new += [match] if is_new else []
    return new


def _suggested(found: Found, now: datetime) -> dict[str, object]:
    return {
        "url": found.post.url,
        "published_at": found.post.published_at,
        "score": found.score,
        "reasons": [{"kind": r.kind, "value": r.value, "words": r.words} for r in found.reasons],
        "standing": Standing.SUGGESTED.value,
        "is_by_link": found.is_by_link,
        "suggested_at": now,
    }


@transaction.atomic
def confirm_match(*, match_id: int, actor: Actor, now: datetime) -> LiveMatch:
    """A person says that this post is the deliverable's. It is checked, compared and kept as evidence."""
    require(actor, Right.CAMPAIGN)
    match, deliverable = _locked(actor, match_id)
    if deliverable.state == DeliverableState.LIVE or match.standing == Standing.CONFIRMED.value:
        raise LiveDecided(
            Sentence("“%(deliverable)s” has a confirmed post.", deliverable=deliverable.name),
            Sentence("Dismiss that one first."),
        )
    confirm(match, deliverable, actor.member_id, who_speaks(actor, None), now)
    governance.record(
        verb="campaigns.live_confirmed",
        subject_kind="deliverable",
        subject_id=deliverable.pk,
        actor=actor,
        now=now,
        facts={"match": match.pk, "url": match.url, "score": match.score},
    )
    return match


@transaction.atomic
def dismiss_match(*, match_id: int, actor: Actor, now: datetime) -> LiveMatch:
    """A person says that this post is not the deliverable's. What was kept of it stays."""
    require(actor, Right.CAMPAIGN)
    match, deliverable = _locked(actor, match_id)
    if match.standing == Standing.DISMISSED.value:
        raise LiveDecided(Sentence("This match is dismissed already."), Sentence("Load the page again."))
    if match.standing == Standing.CONFIRMED.value:
        unconfirm(match, deliverable, now)
    match.standing, match.member_id, match.who = Standing.DISMISSED.value, actor.member_id, who_speaks(actor, None)
    match.decided_at = now
    match.save(update_fields=["standing", "member", "who", "decided_at"])
    governance.record(
        verb="campaigns.live_dismissed",
        subject_kind="deliverable",
        subject_id=deliverable.pk,
        actor=actor,
        now=now,
        facts={"match": match.pk, "url": match.url},
    )
    return match


def _locked(actor: Actor, match_id: int) -> tuple[LiveMatch, Deliverable]:
    deliverable_id = get_match(actor.workspace_id, match_id).deliverable_id
    deliverable = get_deliverable(actor.workspace_id, deliverable_id, lock=True)
    return get_match(actor.workspace_id, match_id), deliverable


# -- watching --------------------------------------------------------------------------------------------------------


@transaction.atomic
def watch_live(*, actor: Actor, now: datetime, campaign_id: int | None = None) -> dict[str, int]:
    """Look at every confirmed post again, as the catalogue has it now: edits, removals and what is due are kept.

    Words whose time under a network's terms is over are erased. Returns what was seen, counted: edited, removed, back, same,
    erased. Nothing new is no entry in the ledger.
    """
    require(actor, Right.CAMPAIGN)
    confirmed = LiveMatch.objects.filter(
        deliverable__workspace_id=actor.workspace_id, standing=Standing.CONFIRMED.value
    ).filter(Q() if campaign_id is None else Q(deliverable__campaign=get_campaign(actor.workspace_id, campaign_id)))
    rows = list(
        confirmed.select_related("deliverable__campaign", "deliverable__collaboration")
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("pk")
    )
    done = Counter(_looked_at(rows, now))
    done["erased"] = drop_overdue_words(actor.workspace_id, now)
    seen = {name: n for name, n in sorted(done.items()) if n}
    if seen:
        governance.record(
            verb="campaigns.live_watched",
            subject_kind="workspace" if campaign_id is None else "campaign",
            subject_id=campaign_id or actor.workspace_id,
            actor=actor,
            now=now,
            facts={**seen, "posts": len(rows)},
        )
    return seen


def _looked_at(rows: Sequence[LiveMatch], now: datetime) -> list[str]:
    last = last_evidence(rows)
    found = []
    for match in rows:
        post = find_post(match)
        kept = last.get(match.pk)
        seen = seen_now(
            Seen(kept.seen) if kept else None,
            _known_hash(kept),
            kept.fetched_at if kept else None,
            words_hash(post.title, post.text, post.hashtags) if post else None,
            post.fetched_at if post else None,
            match.published_at,
        )
        if seen is not None:
            keep_evidence(match, seen, post, now)
            found.append(seen.value)
    return found


def _known_hash(kept: LiveEvidence | None) -> str:
    return kept.words_sha256 if kept else ""
