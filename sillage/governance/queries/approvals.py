"""Reading approvals. A request of another workspace is not found."""

from __future__ import annotations

from datetime import datetime

from sillage.governance.engine.acts import Act, Standing, Verdict
from sillage.governance.models import ApprovalRequest
from sillage.lib.errors import NotFound


def get_request(workspace_id: int, request_id: int, *, lock: bool = False) -> ApprovalRequest:
    requests = ApprovalRequest.objects.filter(workspace_id=workspace_id, pk=request_id)
    request = (requests.select_for_update() if lock else requests).first()
    if request is None:
        raise NotFound(f"No approval {request_id} in this workspace.", "See them on the approvals page.")
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
