"""Reading what came in: asking for it, and the part of pages that says how it goes."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.understanding.actions.readings import ask_reading


@require_GET
@page(Right.READ)
def reading(request: Visit) -> HttpResponse:
    """The part by itself, for a page that renews it; by its own address one is led to that page."""
    if not request.headers.get("HX-Request"):
        return redirect("catalogue:imports", request.workspace.slug)
    return render(request, "understanding/parts/reading.html")


@require_POST
@page(Right.CATALOGUE)
def ask(request: Visit) -> HttpResponse:
    """Have what came in read; a reading that waits or runs is that one."""
    ask_reading(actor=request.actor, now=timezone.now())
    return redirect("catalogue:imports", request.workspace.slug)
