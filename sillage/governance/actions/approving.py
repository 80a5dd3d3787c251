"""Approvals: asked for, given or refused by people, and used once by the action that does what was approved."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from sillage.governance.actions.ledger import record
from sillage.governance.engine.actors import Actor, ActorKind, Right, require
from sillage.governance.engine.acts import Act, Standing, Verdict
from sillage.governance.models import Approval, ApprovalRequest, Member
from sillage.governance.queries import get_request, standing
from sillage.lib.errors import Refusal

LIVES = timedelta(days=14)


@transaction.atomic
def ask_approval(*, act: Act, summary: str, actor: Actor, now: datetime) -> ApprovalRequest:
    """Put an act before those who may approve it. The same act that still waits is not asked for twice."""
    require(actor, Right.CAMPAIGN)
    request, is_new = ApprovalRequest.objects.get_or_create(
        workspace_id=actor.workspace_id,
        verb=act.verb,
        subject_kind=act.subject_kind,
        subject_id=act.subject_id,
        digest=act.digest,
        withdrawn_at=None,
        used_at=None,
        expires_at__gt=now,
        defaults={
            "summary": summary[:300],
            "content": dict(act.content),
            "recipients": sorted(act.recipients),
            "amount": act.amount,
            "currency": act.currency,
            "asked_by_id": actor.member_id,
            "asked_at": now,
            "expires_at": now + LIVES,
        },
    )
    record(
        verb="governance.approval_asked",
        subject_kind="approval",
        subject_id=request.pk,
        actor=actor,
        now=now,
        facts={"act": act.verb, "of": [act.subject_kind, act.subject_id], "digest": act.digest.hex(), "new": is_new},
    )
    return request


class OwnSpending(Refusal):
    """Nobody approves what they asked for themselves."""

    status = 403


class NotAwaited(Refusal):
    """This request does not wait for a word any more, or not for this person's."""


@transaction.atomic
def decide_approval(*, request_id: int, verdict: Verdict, reason: str, actor: Actor, now: datetime) -> ApprovalRequest:
    """A person says yes or no to exactly what the request holds."""
    require(actor, Right.APPROVE)
    request = get_request(actor.workspace_id, request_id, lock=True)
    if actor.kind is not ActorKind.PERSON or actor.member_id is None:
        raise NotAwaited(f"{actor.name} is not a person.", "Only a member of the workspace approves.")
    if request.asked_by_id == actor.member_id and request.amount:
        raise OwnSpending("You asked for this spending yourself.", "Somebody else has to approve it.")
    now_at = standing(request, now)
    if now_at is not Standing.WAITING or request.approvals.filter(member_id=actor.member_id).exists():
        raise NotAwaited(f"This request is {now_at.value}, or has your word already.", "See it on the approvals page.")
    member = Member.objects.select_related("person").get(pk=actor.member_id)
    Approval.objects.create(
        request=request,
        verdict=verdict.value,
        member=member,
        person_name=str(member.person),
        reason=reason.strip()[:500],
        decided_at=now,
    )
    record(
        verb="governance.approval_decided",
        subject_kind="approval",
        subject_id=request.pk,
        actor=actor,
        now=now,
        facts={"verdict": verdict.value, "digest": bytes(request.digest).hex()},
    )
    return request


class ApprovalMissing(Refusal):
    """An act on the outside world needs an approval, and there is none that holds."""

    status = 403


def use_approval(*, act: Act, workspace_id: int, now: datetime) -> ApprovalRequest:
    """Take the approval of exactly this act, as part of the action that does it and in its transaction: it is gone then.

    Raises ApprovalMissing: never asked, waiting, refused, expired, used, or given for something else.
    """
    asked = ApprovalRequest.objects.select_for_update().filter(
        workspace_id=workspace_id, verb=act.verb, subject_kind=act.subject_kind, subject_id=act.subject_id
    )
    newest = asked.order_by("-pk").first()
    if newest is None:
        raise ApprovalMissing(f"{act.verb} of {act.subject_kind} {act.subject_id} has no approval.", "Ask for one.")
    same = [request for request in asked.order_by("-pk") if bytes(request.digest) == act.digest]
    if not same:
        raise ApprovalMissing(
            "What was approved is not what would be done now.", "Ask again: the approvals page shows the difference."
        )
    stands = {request.pk: standing(request, now) for request in same}
    usable = next((request for request in same if stands[request.pk] is Standing.APPROVED), None)
    if usable is None:
        raise ApprovalMissing(f"The approval of this act is {stands[same[0].pk].value}.", "See the approvals page.")
    usable.used_at = now
    usable.save(update_fields=["used_at"])
    return usable
