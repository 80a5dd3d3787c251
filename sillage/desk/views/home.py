"""The start page, a workspace's home, the switch between workspaces, and the style guide."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from sillage.catalogue import queries as catalogue
from sillage.desk.specimens import specimens
from sillage.discovery import queries as discovery
from sillage.governance import queries as governance
from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.governance.models import Person, Workspace

LAST = "workspace"  # the session's key for the slug of the workspace in use
ENTRIES = 8
BRIEFS = 6


def _last_workspace(request: HttpRequest) -> Workspace | None:
    """The one in use when the person was last here, else their first."""
    assert isinstance(request.user, Person)
    mine = governance.list_workspaces_of(request.user)
    last = request.session.get(LAST)
    return next((w for w in mine if w.slug == last), mine[0] if mine else None)


@require_GET
@login_required
def start(request: HttpRequest) -> HttpResponse:
    workspace = _last_workspace(request)
    if workspace is None:
        return render(request, "desk/nowhere.html")
    return redirect("desk:home", workspace.slug)


@require_POST
@login_required
def switch(request: HttpRequest) -> HttpResponse:
    """Go to another of one's workspaces; one that is not one's own is not found."""
    assert isinstance(request.user, Person)
    workspace, _actor = governance.get_actor(request.user, request.POST.get("workspace", ""))
    return redirect("desk:home", workspace.slug)


@require_GET
@login_required
def styleguide(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/styleguide.html", specimens())


@require_GET
@page(Right.READ)
def home(request: Visit) -> HttpResponse:
    """What is here, what was done last, and what to do next."""
    workspace = request.workspace
    if request.session.get(LAST) != workspace.slug:
        request.session[LAST] = workspace.slug
    profiles = governance.list_entries(workspace.pk, verb="understanding.profiles_made", limit=1).items
    briefs = discovery.list_briefs(workspace.pk)
    context = {
        "counts": catalogue.count_everything(workspace.pk),
        "connections": catalogue.list_connections(workspace.pk)[:ENTRIES],
        "enriched_at": profiles[0].at if profiles else None,
        "briefs": briefs[:BRIEFS],
        "briefs_left": max(0, len(briefs) - BRIEFS),
        "entries": governance.list_entries(workspace.pk, limit=ENTRIES).items,
        "creators_url": reverse("desk:creators", args=[workspace.slug]),
    }
    return render(request, "desk/home.html", context)
