"""The API of evidence files."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router

from sillage.campaigns.actions.evidence_file import export_evidence
from sillage.governance.api_access import Call, Kept, allowed
from sillage.governance.engine.actors import Right

router = Router(tags=["campaigns"])


@router.post("/collaborations/{int:collaboration_id}/evidence", **allowed(Right.CAMPAIGN, kept=Kept.NEVER))
def take_evidence(request: Call, collaboration_id: int) -> HttpResponse:
    """Everything about a collaboration in one signed ZIP, which `sillage evidence verify` checks without a database.

    Each export is entered in the ledger with the hash of the file.
    """
    made = export_evidence(collaboration_id=collaboration_id, actor=request.auth, now=timezone.now())
    return HttpResponse(made.content, content_type="application/zip")
