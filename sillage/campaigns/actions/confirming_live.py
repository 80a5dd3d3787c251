"""Confirming a live post: by a person, by its exact link, or by the matching rule where a person allowed that in advance."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sillage.campaigns.actions.drafts import follow_deliverable
from sillage.campaigns.actions.evidence import keep_evidence
from sillage.campaigns.engine.deliverables import DeliverableState
from sillage.campaigns.engine.matching import CONFIRM_LIVE, Standing
from sillage.campaigns.engine.pipeline import Stage
from sillage.campaigns.engine.watching import Seen
from sillage.campaigns.models import Deliverable, LiveMatch
from sillage.campaigns.queries.live import find_post
from sillage.governance.actions.policy_uses import PolicyMissing, use_policy
from sillage.governance.engine.actors import Actor, ActorKind
from sillage.governance.engine.policy_limits import Doing
from sillage.governance.models import PolicyUse

MATCHING, VERSION = "matching rule", "1"
CLEAR = 0.1  # by how much a suggestion must be ahead of the next one, for a machine to take it


def confirm(match: LiveMatch, deliverable: Deliverable, member_id: int | None, who: str, now: datetime) -> None:
    """The post is the deliverable's, as part of what found that out: it is checked, compared and kept as evidence."""
    match.deliverable = deliverable
    match.standing, match.member_id, match.who, match.decided_at = Standing.CONFIRMED.value, member_id, who[:200], now
    match.save(update_fields=["standing", "member", "who", "decided_at", "is_by_link"])
    deliverable.state = DeliverableState.LIVE.value
    deliverable.changed_at = now
    deliverable.save(update_fields=["state", "changed_at"])
    keep_evidence(match, Seen.FIRST, find_post(match), now)
    follow_deliverable(deliverable, who, Stage.LIVE, "live post", now)


def unconfirm(match: LiveMatch, deliverable: Deliverable, now: datetime) -> None:
    """The deliverable is again what it was without its post, as part of dismissing or undoing."""
    has_drafts = deliverable.drafts.exists()
    before = DeliverableState.IN_REVIEW if has_drafts else DeliverableState.AWAITED
    deliverable.state = (DeliverableState.APPROVED if deliverable.approved_version is not None else before).value
    deliverable.changed_at = now
    deliverable.save(update_fields=["state", "changed_at"])


def confirm_within_policy(
    new: Sequence[LiveMatch], deliverable: Deliverable, workspace_id: int, now: datetime
) -> PolicyUse | None:
    """Confirm the best of new suggestions where a policy lets the rule do so, as part of matching; None: a person decides.

    The best has to be ahead of every other: two that are alike are a question for a person.
    """
    ranked = sorted((m for m in new if m.standing == Standing.SUGGESTED.value), key=lambda m: -m.score)
    if not ranked or deliverable.state == DeliverableState.LIVE.value:
        return None
    best = ranked[0]
    if len(ranked) > 1 and best.score - ranked[1].score < CLEAR:
        return None
    try:
        used = use_policy(
            verb=CONFIRM_LIVE,
            subject_kind="deliverable",
            subject_id=deliverable.pk,
            doing=Doing(
                {"network": deliverable.network, "format": deliverable.format, "campaign": deliverable.campaign_id},
                Decimal(str(round(min(1.0, best.score), 4))),
            ),
            machine=Actor(ActorKind.RULE, MATCHING, workspace_id, frozenset(), version=VERSION),
            undo={"match": best.pk},
            now=now,
        )
    except PolicyMissing:
        return None
    confirm(best, deliverable, None, f"{MATCHING} {VERSION}", now)
    return used


def undo_confirmation(use: PolicyUse, now: datetime) -> None:
    """The match is a suggestion again, as part of undoing what the rule did; the evidence stays."""
    match = (
        LiveMatch.objects.select_for_update(of=("self",))
        .select_related("deliverable")
        .filter(pk=use.undo.get("match"), deliverable__workspace_id=use.workspace_id)
        .first()
    )
    if match is None or match.standing != Standing.CONFIRMED.value or match.member_id is not None:
        return
    match.standing, match.who, match.decided_at = Standing.SUGGESTED.value, "", None
    match.save(update_fields=["standing", "who", "decided_at"])
    unconfirm(match, match.deliverable, now)
