"""Palettes: from uploaded pictures or a campaign's drafts, with the contrast of every pair."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sillage.campaigns.queries.campaigns import list_campaigns
from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.lib.errors import Refusal
from sillage.studio.actions.palettes import MOST_PICTURES, SOURCES, make_palette, put_away_palette
from sillage.studio.engine.palette import Colour, pairs_of
from sillage.studio.queries.ideas import get_palette, list_palettes
from sillage.studio.views.originality import number_of

LARGEST_UPLOAD = 40 * 1024 * 1024  # bytes of one picture


@require_GET
@page(Right.READ)
def palettes(request: Visit) -> HttpResponse:
    """Those that were kept, and the form that takes another."""
    context = {
        "tab": "ideas",
        "section": "palettes",
        "palettes": list_palettes(request.workspace.pk),
        "sources": SOURCES,
        "campaigns": list_campaigns(request.workspace.pk, limit=100).items,
        "most": MOST_PICTURES,
        "may_write": Right.CAMPAIGN in request.actor.rights,
    }
    return render(request, "studio/palettes.html", context)


@require_GET
@page(Right.READ)
def palette(request: Visit, palette_id: int) -> HttpResponse:
    """The colours, and which of them can be read on which: a pair has the same contrast both ways, so each stands once."""
    found = get_palette(request.workspace.pk, palette_id)
    colours = [Colour.of(colour["code"]) for colour in found.colours]
    context = {
        "tab": "ideas",
        "section": "palettes",
        "palette": found,
        "pairs": [pair for pair in pairs_of(colours) if pair.text.code < pair.ground.code],
        "may_write": Right.CAMPAIGN in request.actor.rights,
    }
    return render(request, "studio/palette.html", context)


@require_POST
@page(Right.CAMPAIGN)
def make(request: Visit) -> HttpResponse:
    """Take the colours of the pictures that came, or of the campaign's drafts."""
    files = [(file.name or "", file.read(LARGEST_UPLOAD + 1)) for file in request.FILES.getlist("pictures")]
    try:
        made = make_palette(
            name=request.POST.get("name", ""),
            source=request.POST.get("source", ""),
            files=files[: MOST_PICTURES + 1],
            campaign_id=number_of(request.POST.get("campaign", "")),
            actor=request.actor,
            now=timezone.now(),
        )
    except Refusal as refusal:
        messages.error(request, f"{refusal.message} {refusal.hint}", extra_tags="refusal")
        return redirect("studio:palettes", request.workspace.slug)
    return redirect("studio:palette", request.workspace.slug, made.pk)


@require_POST
@page(Right.CAMPAIGN)
def put_away(request: Visit, palette_id: int) -> HttpResponse:
    """Take it off the page."""
    put_away_palette(palette_id=palette_id, actor=request.actor, now=timezone.now())
    messages.success(request, _("The palette was put away."))
    return redirect("studio:palettes", request.workspace.slug)
