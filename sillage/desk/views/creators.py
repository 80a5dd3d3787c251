"""The creators of a workspace: searched, filtered, in order, page by page; and searches kept for later."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from sillage.catalogue import queries as catalogue
from sillage.catalogue.engine.filters import CardFilters
from sillage.desk.engine.listing import SORTS, Listing, Sort
from sillage.desk.export import CONTENT_TYPES, exported
from sillage.desk.queries.listing import facet_choices, find_creators, first_creators
from sillage.desk.views.panel import Panel, kept, total_in_words
from sillage.desk.words import theme_name
from sillage.discovery import actions as discovery
from sillage.discovery import queries as found_before
from sillage.discovery.models import SavedSearch
from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.lib.errors import Malformed, NotFound
from sillage.lib.sentences import Sentence
from sillage.understanding.engine.themes import theme_set

ACTIVE_WITHIN_DAYS = (30, 90, 180)
PERCENTILES = (0.5, 0.75, 0.9)
SPONSORED_SHARES = (0.1, 0.25, 0.5)
MORE = frozenset(
    {
        *("min_followers", "max_followers", "active_since", "min_engagement_percentile", "max_sponsored_share"),
        *("themes_all", "themes_none", "brands_none", "only_authenticated", "no_warnings"),
    }
)
ORDERS = (
    ("followers", gettext_lazy("Most followers first")),
    ("-followers", gettext_lazy("Fewest followers first")),
    ("last_post", gettext_lazy("Newest post first")),
    ("-last_post", gettext_lazy("Oldest post first")),
    ("name", gettext_lazy("By name, A to Z")),
    ("-name", gettext_lazy("By name, Z to A")),
)
FIELDLESS = ("without_accounts", "without_creators")
MOST_COMPARED = 5
MOST_EXPORTED = 10_000


class ListFormatUnknown(NotFound):
    """The creators list is not written in that format."""


def _lists(query: QueryDict) -> dict[str, list[str]]:
    return {name: query.getlist(name) for name in query}


@require_GET
@page(Right.READ)
def creators(request: Visit) -> HttpResponse:
    """The list. What cannot be read of the address is told above it, at status 422."""
    refusal: Malformed | None = None
    try:
        listing = Listing.parse(_lists(request.GET))
        context = _listed(request, listing)
    except Malformed as error:
        refusal, listing = error, Listing()
        context = _listed(request, listing)
    context["refusal"] = refusal
    return render(request, "desk/creators.html", context, status=refusal.status if refusal else 200)


def _listed(request: Visit, listing: Listing) -> dict[str, Any]:
    workspace_id = request.workspace.pk
    found = find_creators(workspace_id, listing)
    brands = {b.key: b.name for b in catalogue.list_brands(workspace_id)}
    panel = Panel(listing, brands)
    chips = panel.chips()
    return {
        "listing": listing,
        "rows": found.rows,
        "total": total_in_words(found.total.count, is_estimate=found.total.is_estimate) if found.total else "",
        "next_url": listing.going_on(found.next_cursor) if found.next_cursor else "",
        "first_url": listing.address() if listing.cursor else "",
        "facets": panel.facets(facet_choices(workspace_id, listing.filters)),
        "chips": chips,
        "clear_url": listing.cleared().address(),
        "kept": kept(listing.filters, FIELDLESS),
        "more": _more_fields(listing, sorted(brands.items(), key=lambda pair: pair[1].casefold())),
        "searches": [_search_link(request, s) for s in found_before.list_searches(workspace_id)],
        "query": listing.address().removeprefix("?"),
        "sorts": ORDERS,
        "headings": {} if listing.words else {sort: _heading(listing, sort) for sort in SORTS},
        "most_compared": MOST_COMPARED,
        "formats": list(CONTENT_TYPES),
        "most_exported": MOST_EXPORTED,
    }


@require_GET
@page(Right.READ)
def export(request: Visit, fmt: str) -> HttpResponse:
    """The list that the address says, from its start, as a file."""
    if fmt not in CONTENT_TYPES:
        raise ListFormatUnknown(
            Sentence("Creators are not written as “%(fmt)s”.", fmt=fmt),
            Sentence("Formats are %(formats)s.", formats=", ".join(CONTENT_TYPES)),
        )
    rows = first_creators(request.workspace.pk, Listing.parse(_lists(request.GET)), MOST_EXPORTED)
    answer = HttpResponse(exported(rows, fmt), content_type=CONTENT_TYPES[fmt])
    answer["Content-Disposition"] = f'attachment; filename="creators-{timezone.localdate():%Y-%m-%d}.{fmt}"'
    return answer


def _heading(listing: Listing, sort: Sort) -> dict[str, str]:
    """A column's heading: the address that sorts by it, and how the list stands by it now ("" where it does not)."""
    stands = "" if sort != listing.sort else "descending" if listing.descending else "ascending"
    return {"href": listing.ordered(sort).address(), "sorted": stands}


def _more_fields(listing: Listing, brands: list[tuple[str, str]]) -> dict[str, Any]:
    """What the panel offers beside facets, with the values that are set."""
    today = timezone.localdate()
    themes = sorted(((theme_name(t), t) for t in theme_set().ids), key=lambda pair: pair[0].casefold())
    since = listing.filters.active_since
    days = [(today - timedelta(days=n), n) for n in ACTIVE_WITHIN_DAYS]
    if since and since not in {day for day, _n in days}:
        days.append((since, (today - since).days))
    return {
        "is_open": any(name in MORE for name in listing.filters.as_mapping()),
        "themes": themes,
        "brands": brands,
        "days": days,
        "percentiles": PERCENTILES,
        "shares": SPONSORED_SHARES,
    }


def _search_link(request: Visit, search: SavedSearch) -> dict[str, str]:
    listing = Listing(CardFilters.parse(search.filters), search.words)
    return {"name": search.name, "href": reverse("desk:creators", args=[request.workspace.slug]) + listing.address()}


@require_POST
@page(Right.BRIEF)
def save_search(request: Visit) -> HttpResponse:
    """Keep the filters and words of the list under a name."""
    listing = Listing.parse(_lists(QueryDict(request.POST.get("query", ""))))
    kept_search = discovery.save_search(
        name=request.POST.get("name", ""),
        filters=listing.filters.as_mapping(),
        words=listing.words,
        actor=request.actor,
        now=timezone.now(),
    )
    messages.success(request, _("The search “%(name)s” is saved.") % {"name": kept_search.name})
    return redirect(reverse("desk:creators", args=[request.workspace.slug]) + listing.address())


@require_POST
@page(Right.BRIEF)
def drop_search(request: Visit) -> HttpResponse:
    name = request.POST.get("name", "")
    discovery.drop_search(name=name, actor=request.actor, now=timezone.now())
    messages.success(request, _("The search “%(name)s” is gone.") % {"name": name})
    return redirect("desk:creators", request.workspace.slug)
