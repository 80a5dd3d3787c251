"""Briefs: the list, and the editor that reads while one writes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sillage.catalogue import queries as catalogue
from sillage.catalogue.engine.filters import CardFilters
from sillage.catalogue.engine.records import FORMATS, NETWORKS
from sillage.discovery import actions, queries
from sillage.discovery.brief_editor import BriefEditor, data_of
from sillage.discovery.forms import SHARES
from sillage.discovery.models import Brief
from sillage.discovery.told import told
from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.lib.errors import Refusal
from sillage.understanding.engine.themes import parent_of, theme_set

FIRST_LIMIT = 20  # places of a brief's first shortlist


@require_GET
@page(Right.READ)
def briefs(request: Visit) -> HttpResponse:
    """`?archived=1` shows those put away."""
    archived = bool(request.GET.get("archived"))
    return render(
        request,
        "discovery/briefs.html",
        {
            "briefs": queries.list_briefs(request.workspace.pk, archived=archived),
            "is_archive": archived,
            "tabs": tabs(request, "archive" if archived else "briefs"),
            "examples": _examples(),
        },
    )


def tabs(request: Visit, current: str) -> list[dict[str, Any]]:
    """The tabs over briefs and what belongs to them."""
    slug = request.workspace.slug
    briefs_url = reverse("discovery:briefs", args=[slug])
    places = (
        ("briefs", _("In use"), briefs_url),
        ("archive", pgettext("briefs", "Put away"), f"{briefs_url}?archived=1"),
        ("exclusions", _("Exclusion lists"), reverse("discovery:exclusions", args=[slug])),
        ("searches", _("Saved searches"), reverse("discovery:searches", args=[slug])),
    )
    return [
        {"label": label, "href": href, "is_current": name == current, "count": None} for name, label, href in places
    ]


def _examples() -> list[str]:
    """Briefs to try, as somebody of the trade would write them."""
    return [
        _(
            "Clean beauty and slow cosmetics: creators who test honestly, in France and Belgium, 5k to 200k followers,"
            " no fast fashion."
        ),
        _("Trail running and hiking for beginners, in French, on Instagram or YouTube, fewer than 100k followers."),
        _("Vegetarian home cooking, seasonal and zero waste, Spain or France, no alcohol."),
    ]


# -- the editor ------------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "POST"])
@page(Right.BRIEF)
def new(request: Visit) -> HttpResponse:
    """Write a brief. `?text=` starts from a text; the form's `then` says: read, save, or save and search."""
    editor = _editor(request, None)
    if request.method != "POST" or request.POST.get("then") == "read":
        return _edited(request, editor)
    if not editor.is_keepable:
        return _edited(request, editor, status=422)
    try:
        brief = actions.open_brief(given=editor.given(), actor=request.actor, now=editor.now)
    except Refusal as refusal:
        editor.refusal = told(refusal)
        return _edited(request, editor, status=refusal.status)
    return _onward(request, brief)


@require_http_methods(["GET", "POST"])
@page(Right.BRIEF)
def edit(request: Visit, brief_id: int) -> HttpResponse:
    """Change a brief: its text, and what was understood of it."""
    brief = queries.get_brief(request.workspace.pk, brief_id)
    editor = _editor(request, brief)
    if request.method != "POST" or request.POST.get("then") == "read":
        return _edited(request, editor)
    if not editor.is_keepable:
        return _edited(request, editor, status=422)
    try:
        actions.change_brief(brief_id=brief.pk, given=editor.given(), actor=request.actor, now=editor.now)
    except Refusal as refusal:
        editor.refusal = told(refusal)
        return _edited(request, editor, status=refusal.status)
    return _onward(request, brief)


def _onward(request: Visit, brief: Brief) -> HttpResponse:
    """To the brief, with a shortlist if that was asked for."""
    if request.POST.get("then") != "shortlist":
        messages.success(request, _("The brief is saved."))
        return redirect("discovery:brief", request.workspace.slug, brief.pk)
    last = queries.find_shortlist(brief)
    limit = last.limit if last else FIRST_LIMIT
    try:
        actions.shortlist(brief_id=brief.pk, limit=limit, actor=request.actor, now=timezone.now())
    except Refusal as refusal:
        address = reverse("discovery:brief", args=[request.workspace.slug, brief.pk])
        return redirect(f"{address}?refused={refusal.code}")
    return redirect("discovery:brief", request.workspace.slug, brief.pk)


def _editor(request: Visit, stored: Brief | None) -> BriefEditor:
    if request.method == "POST":
        return BriefEditor(request.workspace.pk, request.POST, timezone.now(), stored)
    if stored is not None:
        data = data_of(stored)
    else:
        data = QueryDict(mutable=True)
        data["text"] = request.GET.get("text", "")
    return BriefEditor(request.workspace.pk, data, timezone.now(), stored, is_sent=False)


def _edited(request: Visit, editor: BriefEditor, status: int = 200) -> HttpResponse:
    counts = catalogue.facets(workspace_id=request.workspace.pk, filters=CardFilters()).counts
    context = {
        **_reading_context(editor),
        "countries": [(c.value, c.cards) for c in counts["country"] if c.value],
        "languages": [(c.value, c.cards) for c in counts["language"] if c.value],
        "theme_names": _theme_names(),
        "examples": _examples() if editor.stored is None and not editor.data.get("text") else [],
    }
    return render(request, "discovery/editor.html", context, status=status)


def _reading_context(editor: BriefEditor) -> dict[str, Any]:
    networks, shown = editor.shown.networks, editor.form.value_of if editor.is_sent else editor.form.initial.get
    formats = shown("formats") or []
    return {
        "editor": editor,
        "form": editor.form,
        "brief": editor.stored,
        "now": editor.now,
        "networks": [(name, name in networks) for name in NETWORKS],
        "formats": [(name, name in formats) for name in FORMATS],
        "shares": [(float(share), share, share == str(shown("max_sponsored_share") or "")) for share in SHARES],
    }


def _theme_names() -> list[tuple[str, str]]:
    """(name, name of its parent) in the reader's language, parent by parent."""
    known, language = theme_set(), (get_language() or "en")[:2]
    found = []
    for theme in known.ids:
        parent = parent_of(theme)
        found.append((known.name(theme, language), known.name(parent, language) if parent else ""))
    return found


@require_POST
@page(Right.BRIEF)
def reading(request: Visit) -> HttpResponse:
    """What is understood of the form as it stands; keeps nothing."""
    stored = request.POST.get("brief", "")
    brief = queries.get_brief(request.workspace.pk, int(stored)) if stored.isdecimal() and len(stored) <= 19 else None
    editor = BriefEditor(request.workspace.pk, request.POST, timezone.now(), brief)
    return render(request, "discovery/parts/reading.html", {**_reading_context(editor), "is_fragment": True})


@require_POST
@page(Right.BRIEF)
def archive(request: Visit, brief_id: int) -> HttpResponse:
    """Put a brief away."""
    brief = actions.archive_brief(brief_id=brief_id, actor=request.actor, now=timezone.now())
    messages.success(request, _("“%(title)s” is put away; its shortlists stay.") % {"title": brief.title})
    return redirect("discovery:briefs", request.workspace.slug)


@require_POST
@page(Right.BRIEF)
def restore(request: Visit, brief_id: int) -> HttpResponse:
    """Bring a brief back that was put away."""
    try:
        brief = actions.restore_brief(brief_id=brief_id, actor=request.actor, now=timezone.now())
        messages.success(request, _("“%(title)s” is in use again.") % {"title": brief.title})
    except actions.BriefInUse as refusal:
        messages.error(request, f"{refusal.message} {refusal.hint}", extra_tags="refusal")
    return redirect("discovery:brief", request.workspace.slug, brief_id)
