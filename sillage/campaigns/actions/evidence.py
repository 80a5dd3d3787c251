"""Evidence of live posts: kept as part of matching and watching; its words erased as part of erasure and of networks' terms.

What stays after an erasure: hashes, times, the verdict and the names of the rules. What the rules had quoted goes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Now

from sillage.campaigns.engine.text_diff import is_changed
from sillage.campaigns.engine.watching import Seen, raw_hash, words_hash
from sillage.campaigns.models import LiveEvidence, LiveMatch
from sillage.campaigns.queries.checking import check_of_post, packs_of
from sillage.campaigns.queries.live import approved_draft, duty_of_account, find_raw_answer
from sillage.catalogue.models import Post
from sillage.governance.engine.law_kept import as_kept
from sillage.governance.engine.law_reading import version_of
from sillage.lib.word_diff import word_diff

MOST_RAW = 1_000_000  # bytes of a packed answer; of a longer one the hash is kept
_QUOTING = {"seen": "", "at": []}


def keep_evidence(match: LiveMatch, seen: Seen, post: Post | None, now: datetime) -> LiveEvidence:
    """Keep what is seen of a post, as part of matching or watching: its words, the network's answer, what the rules say."""
    evidence = LiveEvidence(match=match, seen=seen.value, words_sha256="", taken_at=now)
    if post is not None:
        evidence.title, evidence.text, evidence.paid_label = post.title, post.text, post.paid_label
        evidence.words_sha256 = words_hash(post.title, post.text, post.hashtags)
        evidence.fetched_at = post.fetched_at
        evidence.refresh_by = duty_of_account(post.account_id)
        _add_raw(evidence, post)
        _add_check(evidence, match, post)
    evidence.save()
    return evidence


def _add_raw(evidence: LiveEvidence, post: Post) -> None:
    found = find_raw_answer(post)
    if found is None:
        return
    answer, body = found
    evidence.raw_sha256, evidence.raw_endpoint = raw_hash(body), answer.endpoint
    evidence.raw = bytes(answer.body) if len(answer.body) <= MOST_RAW else None


def _add_check(evidence: LiveEvidence, match: LiveMatch, post: Post) -> None:
    """The same packs and rules that spoke of the draft; and whether it says what was approved."""
    draft = approved_draft(match.deliverable)
    found = check_of_post(match.deliverable, post, draft.facts if draft else {})
    evidence.packs = version_of(packs_of(match.deliverable.campaign))[:200]
    evidence.findings = [as_kept(finding) for finding in found.findings]
    evidence.rules = [rule.as_kept() for rule in found.rules]
    evidence.verdict = found.verdict.value if found.verdict else ""
    if draft is not None:
        evidence.is_as_approved = not is_changed(word_diff(draft.text, post.text))


def forget_live(workspace_id: int, account_ids: Sequence[int]) -> dict[str, int]:
    """Erase the words and raw answers of posts of accounts, as part of erasing a person. Hashes and verdicts stay."""
    of_accounts = LiveEvidence.objects.filter(
        match__deliverable__workspace_id=workspace_id, match__account_id__in=account_ids
    )
    LiveMatch.objects.filter(deliverable__workspace_id=workspace_id, account_id__in=account_ids).update(
        url="", reasons=[]
    )
    return {"liveevidence": _erase(of_accounts)}


def forget_live_posts(account_id: int, post_ids: Sequence[int]) -> dict[str, int]:
    """Erase the words of posts that their network no longer has, as part of removing them from the catalogue."""
    gone = LiveEvidence.objects.filter(match__account_id=account_id, match__post_id__in=post_ids)
    return {"liveevidence": _erase(gone)}


def drop_overdue_words(workspace_id: int, now: datetime) -> int:
    """Erase words that a network's terms let us keep until now, as part of watching. Returns how many rows."""
    over = LiveEvidence.objects.filter(match__deliverable__workspace_id=workspace_id, refresh_by__lte=now)
    return _erase(over)


def _erase(rows: QuerySet[LiveEvidence]) -> int:
    erased = list(rows.filter(erased_at=None).defer("raw"))
    for evidence in erased:
        findings: list[dict[str, Any]] = [finding | _QUOTING for finding in evidence.findings]
        LiveEvidence.objects.filter(pk=evidence.pk).update(
            title="", text="", raw=None, raw_endpoint="", refresh_by=None, findings=findings, erased_at=Now()
        )
    return len(erased)
