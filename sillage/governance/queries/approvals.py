"""Reading approvals. A request of another workspace is not found."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q, QuerySet

from sillage.governance.engine.acts import Act, Standing, Verdict
from sillage.governance.engine.approval_rules import Asked
from sillage.governance.models import Approval, ApprovalRequest
from sillage.lib.errors import NotFound
from sillage.lib.sentences import Sentence


def get_request(workspace_id: int, request_id: int, *, lock: bool = False) -> ApprovalRequest:
    requests = ApprovalRequest.objects.filter(workspace_id=workspace_id, pk=request_id)
    request = (requests.select_for_update(no_key=True) if lock else requests).first()
    if request is None:
        raise NotFound(
            Sentence("No approval %(request_id)s in this workspace.", request_id=request_id),
            Sentence("See them on the approvals page."),
        )
    return request


def find_request(workspace_id: int, act: Act) -> ApprovalRequest | None:
    """The newest request for exactly this act."""
    asked = ApprovalRequest.objects.filter(
        workspace_id=workspace_id, verb=act.verb, subject_kind=act.subject_kind, subject_id=act.subject_id
    )
    return asked.filter(digest=act.digest).order_by("-pk").first()


def list_requests_of(workspace_id: int, subject_kind: str, subject_id: str | int) -> list[ApprovalRequest]:
    """All that was asked about one thing, newest first, with the words that people gave."""
    asked = ApprovalRequest.objects.filter(
        workspace_id=workspace_id, subject_kind=subject_kind, subject_id=str(subject_id)
    )
    return list(asked.prefetch_related("approvals").order_by("-pk"))


def about(subjects: Iterable[tuple[str, str]]) -> Q:
    """The condition that a row is about one of the subjects (kind, id); none, where there are none."""
    by_kind: dict[str, list[str]] = {}
    for kind, key in subjects:
        by_kind.setdefault(kind, []).append(key)
    found = Q(pk__in=[])
    for kind, keys in by_kind.items():
        found |= Q(subject_kind=kind, subject_id__in=keys)
    return found


def requests_about(workspace_id: int, subjects: Iterable[tuple[str, str]]) -> QuerySet[ApprovalRequest]:
    """All that was asked about several things, the newest first."""
    return ApprovalRequest.objects.filter(about(subjects), workspace_id=workspace_id).order_by("-pk")


def standing(request: ApprovalRequest, now: datetime) -> Standing:
    """Where it stands: one refusal refuses; as many yeses as it needs approve."""
    if request.used_at is not None:
        return Standing.USED
    if request.withdrawn_at is not None:
        return Standing.WITHDRAWN
    verdicts = [approval.verdict for approval in request.approvals.all()]
    if Verdict.REFUSED in verdicts:
        return Standing.REFUSED
    if request.expires_at <= now:
        return Standing.EXPIRED
    return Standing.APPROVED if len(verdicts) >= request.needed else Standing.WAITING


def act_of(request: ApprovalRequest) -> Act:
    """The act that a request is about."""
    return Act(
        verb=request.verb,
        subject_kind=request.subject_kind,
        subject_id=request.subject_id,
        content=request.content,
        recipients=tuple(request.recipients),
        amount=request.amount,
        currency=request.currency,
    )


def asked_of(request: ApprovalRequest) -> Asked:
    """What the workspace's rules look at in a request."""
    return Asked(request.verb, request.amount, request.currency, request.asked_by_id)


def approval_fact(request: ApprovalRequest) -> dict[str, Any]:
    """What the entry of the action that used an approval says of it: `facts={**approval_fact(used), ...}`."""
    return {"approval": request.pk, "digest": bytes(request.digest).hex()}


def instant(at: datetime) -> str:
    """As it is signed: ISO 8601 in UTC."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def request_signed(request: ApprovalRequest) -> dict[str, Any]:
    """The request as it is signed with each word on it: nothing in it changes afterwards."""
    return {
        "id": request.pk,
        "workspace": request.workspace.slug,
        "summary": request.summary,
        "people_needed": request.needed,
        "asked_by": request.asked_by_name,
        "asked_at": instant(request.asked_at),
        "expires_at": instant(request.expires_at),
        "reviewed_by_links_of": [request.review_kind, request.review_id] if request.review_kind else None,
    }


def word_signed(approval: Approval) -> dict[str, Any]:
    """One person's word as it is signed."""
    return {
        "verdict": approval.verdict,
        "person": approval.person_name,
        "by": approval.by,
        "reason": approval.reason,
        "at": instant(approval.decided_at),
    }
