"""What the decisions on a brief propose for its weights: the panel, accepting it, and going back."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sillage.discovery import actions, queries
from sillage.discovery.engine import learning
from sillage.discovery.engine.score import PENALTIES, REASONS
from sillage.discovery.models import Brief, Shortlist
from sillage.discovery.told import told
from sillage.discovery.view_shapes import LABELS
from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right

TURNED_SHOWN = 3


def panel(request: Visit, brief: Brief, shortlist: Shortlist) -> dict[str, Any]:
    """What the part `choices.html` shows: the suggestion, its changed weights, and its first pairs."""
    found = queries.weight_suggestion(brief)
    lesson = found.lesson
    mended = sum(pair.is_mended for pair in found.turned)
    address = reverse("discovery:shortlist", args=[request.workspace.slug, shortlist.pk])
    return {
        "found": found,
        "lesson": lesson,
        "fewest_pairs": learning.FEWEST_PAIRS,
        "fewest": learning.FEWEST_OF_A_KIND,
        "version": learning.VERSION,
        "changes": [
            {"label": LABELS[name], "present": brief.weights[name], "proposed": lesson.weights[name]}
            for name in (*REASONS, *PENALTIES)
            if brief.weights[name] != lesson.weights[name]
        ],
        "turned": found.turned[:TURNED_SHOWN],
        "mended": mended,
        "spoiled": len(found.turned) - mended,
        "try_address": f"{address}?{urlencode({**lesson.weights, 'diversity': brief.diversity})}",
        "has_former": bool(brief.former_weights),
    }


@require_GET
@page(Right.READ)
def choices(request: Visit, brief_id: int) -> HttpResponse:
    """The panel alone, as it stands after a decision; a request of its own, since learning takes longer than deciding."""
    brief = queries.get_brief(request.workspace.pk, brief_id)
    newest = queries.find_shortlist(brief)
    if newest is None or not request.headers.get("HX-Request"):
        return redirect("discovery:brief", request.workspace.slug, brief.pk)
    context = {
        "brief": brief,
        "taught": panel(request, brief, newest),
        "may_decide": Right.BRIEF in request.actor.rights,
    }
    return render(request, "discovery/parts/choices.html", context)


@require_POST
@page(Right.BRIEF)
def accept(request: Visit, brief_id: int) -> HttpResponse:
    """Keep the suggested weights, if they are still those that stood on the page."""
    brief = queries.get_brief(request.workspace.pk, brief_id)
    weights = queries.weight_suggestion(brief).lesson.weights
    try:
        actions.weigh(
            brief_id=brief.pk,
            weights=weights,
            diversity=brief.diversity,
            actor=request.actor,
            now=timezone.now(),
            suggestion=request.POST.get("suggestion", "") or "-",
        )
    except (actions.NothingSuggested, actions.SuggestionOutdated) as refusal:
        said = told(refusal)
        messages.error(request, f"{said.text} {said.hint}", extra_tags="refusal")
        return redirect("discovery:brief", request.workspace.slug, brief.pk)
    messages.success(request, _("The brief keeps the proposed weights. Compute again for a list with receipts."))
    return _tried(request, brief_id)


@require_POST
@page(Right.BRIEF)
def go_back(request: Visit, brief_id: int) -> HttpResponse:
    """Take the weights from before the last change again; those of now become the former ones."""
    brief = queries.get_brief(request.workspace.pk, brief_id)
    if brief.former_weights:
        actions.weigh(
            brief_id=brief.pk,
            weights=brief.former_weights,
            diversity=brief.diversity,
            actor=request.actor,
            now=timezone.now(),
        )
        messages.success(request, _("The brief has its former weights again."))
    return _tried(request, brief_id)


def _tried(request: Visit, brief_id: int) -> HttpResponse:
    """To the list under the weights that the brief keeps now."""
    brief = queries.get_brief(request.workspace.pk, brief_id)
    newest = queries.find_shortlist(brief)
    if newest is None or brief.weights == newest.weights:
        return redirect("discovery:brief", request.workspace.slug, brief.pk)
    address = reverse("discovery:shortlist", args=[request.workspace.slug, newest.pk])
    return redirect(f"{address}?{urlencode({**brief.weights, 'diversity': brief.diversity})}")
