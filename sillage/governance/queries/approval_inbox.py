"""What awaits a person's word, what they asked for, and what was decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet

from sillage.governance.engine.act_changes import Change, changes, lines_of
from sillage.governance.engine.actors import RIGHTS_OF_ROLE, Actor, ActorKind, Right
from sillage.governance.engine.acts import STANDING_WORDS, Standing, Verdict
from sillage.governance.engine.approval_rules import why_not
from sillage.governance.models import ApprovalRequest, Member
from sillage.governance.queries.approval_rules import find_judge, rules_of, who_may_approve
from sillage.governance.queries.approvals import act_of, asked_of, get_request, standing
from sillage.lib.paging import Page, cursor_of, key_of
from sillage.lib.sentences import Sentence

MOST_AWAITED = 500  # that an inbox looks at


@dataclass(frozen=True, slots=True)
class Awaited:
    """A request with where it stands."""

    request: ApprovalRequest
    standing: Standing


@dataclass(frozen=True, slots=True)
class Reading:
    """A request as it is put before a person.

    `lines` are all that would be done, by field; `changes` what differs from `before`, the act of the same verb and
    subject that was approved last (None: there is none). `why_not` is empty when the reader may say yes or no.
    """

    request: ApprovalRequest
    standing: Standing
    lines: dict[str, str]
    before: ApprovalRequest | None
    changes: list[Change]
    approvers: list[Member]
    why_not: str


def _waiting(workspace_id: int, now: datetime) -> QuerySet[ApprovalRequest]:
    open_ones = ApprovalRequest.objects.filter(
        workspace_id=workspace_id, used_at=None, withdrawn_at=None, expires_at__gt=now
    )
    counted = open_ones.annotate(
        yeses=Count("approvals", filter=Q(approvals__verdict=Verdict.APPROVED.value)),
        noes=Count("approvals", filter=Q(approvals__verdict=Verdict.REFUSED.value)),
    )
    return counted.filter(noes=0, yeses__lt=F("needed")).order_by("asked_at", "pk")


def list_awaiting(actor: Actor, now: datetime) -> list[ApprovalRequest]:
    """What this member may say yes or no to and has not, the oldest first."""
    return _awaiting(actor, _waiting(actor.workspace_id, now))


def count_awaiting(actor: Actor, now: datetime) -> int:
    """How many requests await this member: what the navigation shows."""
    return len(_awaiting(actor, _waiting(actor.workspace_id, now).only("verb", "amount", "currency", "asked_by")))


def _awaiting(actor: Actor, waiting: QuerySet[ApprovalRequest]) -> list[ApprovalRequest]:
    if Right.APPROVE not in actor.rights or actor.member_id is None:
        return []
    found = list(waiting.exclude(approvals__member_id=actor.member_id)[:MOST_AWAITED])
    judge = find_judge(actor) if found else None
    if judge is None:
        return []
    rules = rules_of(actor.workspace_id)
    return [request for request in found if not why_not(rules, asked_of(request), judge)]


def list_requests(
    workspace_id: int, now: datetime, *, asked_by: int | None = None, cursor: str | None = None, limit: int = 50
) -> Page[Awaited]:
    """What was asked, the newest first; of everybody, or of one member."""
    found = ApprovalRequest.objects.filter(workspace_id=workspace_id).prefetch_related("approvals").order_by("-pk")
    if asked_by is not None:
        found = found.filter(asked_by_id=asked_by)
    if cursor:
        found = found.filter(pk__lt=key_of(cursor, 1)[0])
    rows = list(found[: limit + 1])
    following = cursor_of([rows[limit - 1].pk]) if len(rows) > limit else None
    return Page([Awaited(row, standing(row, now)) for row in rows[:limit]], following)


def find_approved_before(request: ApprovalRequest, now: datetime) -> ApprovalRequest | None:
    """The last request of the same verb and subject, before this one, to which everybody needed said yes."""
    earlier = ApprovalRequest.objects.filter(
        workspace_id=request.workspace_id,
        verb=request.verb,
        subject_kind=request.subject_kind,
        subject_id=request.subject_id,
        pk__lt=request.pk,
    ).annotate(
        yeses=Count("approvals", filter=Q(approvals__verdict=Verdict.APPROVED.value)),
        noes=Count("approvals", filter=Q(approvals__verdict=Verdict.REFUSED.value)),
    )
    return earlier.filter(noes=0, yeses__gte=F("needed")).order_by("-pk").first()


def read_request(request_id: int, actor: Actor, now: datetime) -> Reading:
    """Everything that a person looks at before they say yes or no."""
    request = get_request(actor.workspace_id, request_id)
    act = act_of(request)
    before = find_approved_before(request, now)
    return Reading(
        request=request,
        standing=standing(request, now),
        lines=lines_of(act),
        before=before,
        changes=changes(act_of(before), act) if before else [],
        approvers=who_may_approve(actor.workspace_id, asked_of(request)),
        why_not=why_not_decide(request, actor, now),
    )


def why_not_decide(request: ApprovalRequest, actor: Actor, now: datetime) -> str:
    """Why this actor may not say yes or no to it now, in a sentence; empty when they may."""
    stands = standing(request, now)
    if stands is not Standing.WAITING:
        return Sentence("This request is %(stands)s.", stands=STANDING_WORDS[stands])
    if actor.kind is not ActorKind.PERSON or actor.member_id is None:
        return Sentence("%(actor)s is not a member.", actor=actor.name)
    if request.approvals.filter(member_id=actor.member_id).exists():
        return Sentence("You have given your word on this request already; it waits for somebody else.")
    judge = find_judge(actor)
    if judge is None or Right.APPROVE not in RIGHTS_OF_ROLE[judge.role]:
        return Sentence("Your role does not approve.")
    return why_not(rules_of(request.workspace_id), asked_of(request), judge)
