"""What approvals let go when somebody is erased: words and recipients. That something was approved stays, with its digest."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Case, F, QuerySet, When
from django.db.models.functions import Now

from sillage.governance.models import ApprovalRequest


def forget_requests(workspace_id: int, kind: str, ids: Collection[int]) -> int:
    """Empty requests about things that are an erased person's, as part of an erasure. Open ones are withdrawn.

    Their signatures stay and can no longer be checked without the words: an export says so.
    """
    theirs = ApprovalRequest.objects.filter(
        workspace_id=workspace_id, subject_kind=kind, subject_id__in=[str(one) for one in ids], erased_at=None
    )
    return _emptied(theirs.filter(used_at=None), withdrawn=True) + _emptied(theirs.exclude(used_at=None))


def forget_letter_in_request(workspace_id: int, plan_id: int, letter: str, recipients: Collection[str]) -> int:
    """Take one person's letter out of what was asked about a plan of many, as part of an erasure."""
    asked = ApprovalRequest.objects.select_for_update().filter(
        workspace_id=workspace_id, subject_kind="invitation_plan", subject_id=str(plan_id)
    )
    n = 0
    for request in asked:
        letters = dict(request.content.get("letters", {}))
        if letters.pop(letter, None) is None:
            continue
        kept = [one for one in request.recipients if one not in recipients]
        ApprovalRequest.objects.filter(pk=request.pk).update(
            content={**request.content, "letters": letters}, recipients=kept, erased_at=Now()
        )
        n += 1
    return n


def _emptied(rows: QuerySet[ApprovalRequest], *, withdrawn: bool = False) -> int:
    more = {"withdrawn_at": Case(When(withdrawn_at=None, then=Now()), default=F("withdrawn_at"))} if withdrawn else {}
    return rows.update(content={}, recipients=[], summary="", summary_said=None, erased_at=Now(), **more)
