"""The button that takes the evidence file of a collaboration."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from sillage.campaigns.actions.evidence_file import export_evidence
from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right


@require_POST
@page(Right.CAMPAIGN)
def evidence(request: Visit, collaboration_id: int) -> HttpResponse:
    made = export_evidence(collaboration_id=collaboration_id, actor=request.actor, now=timezone.now())
    answer = HttpResponse(made.content, content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="{made.name}"'
    answer["Cache-Control"] = "no-store"
    return answer
