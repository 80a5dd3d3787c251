"""Where the studio begins: the texts that are being written and the writing briefs."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right


@require_GET
@page(Right.READ)
def studio(request: Visit) -> HttpResponse:
    """Texts and writing briefs of the workspace."""
    return render(request, "studio/studio.html", {"tab": "texts"})
