"""Where the themes stand in the industry's taxonomy, which versions were imported, and how they are linked."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.understanding.queries.taxonomy import (
    THEMES_TAXONOMY,
    THEMES_VERSION,
    links_of,
    list_imported,
    list_linked,
    places_of_themes,
)

MOST_LINKS = 60


@require_GET
@page(Right.READ)
def taxonomies(request: Visit) -> HttpResponse:
    linked = list_linked(request.workspace.pk)
    context = {
        "imported": list_imported(request.workspace.pk),
        "linked": [
            (way, links_of(request.workspace.pk, way.taxonomy, way.from_version, way.to_version)[:MOST_LINKS])
            for way in linked
        ],
        "places": places_of_themes(request.workspace.pk),
        "taxonomy": THEMES_TAXONOMY,
        "version": THEMES_VERSION,
    }
    return render(request, "understanding/taxonomies.html", context)
