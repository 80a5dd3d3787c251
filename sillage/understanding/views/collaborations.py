"""Pages of brands, collaborations and disclosure: of an account, and of all posts that the law packs object to."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sillage.catalogue import queries as catalogue
from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.governance.engine.law_reading import law_book
from sillage.lib.errors import Malformed
from sillage.lib.sentences import Sentence
from sillage.understanding.engine.collaborations import CONFLICT_MONTHS
from sillage.understanding.engine.timeline import strips_of
from sillage.understanding.queries.collaborations import (
    ASKING,
    brands_section,
    disclosure_section,
    list_objected,
    list_objected_places,
)

FILTERS = ("severity", "rule", "country", "network")
MOST_MONTHS = 36
POSTS_SHOWN = 60


class MonthsMalformed(Malformed):
    """Not a number of months."""

    title = "Malformed months"


@require_GET
@page(Right.READ)
def brands(request: Visit, account_id: int) -> HttpResponse:
    """Brands of an account; ?months= says how close two brands of a sector are a conflict."""
    account = catalogue.get_account(request.workspace.pk, str(account_id))
    months = _months(request.GET.get("months", ""))
    seen = brands_section(account, months)
    strips = strips_of(seen.mentions, seen.collaborations, seen.since, seen.until) if seen.since and seen.until else []
    context = {
        "title_text": _("Brands and collaborations"),
        "account": account,
        "seen": seen,
        "months": months,
        "strips": strips,
        "may_correct": Right.BRIEF in request.actor.rights,
    }
    return render(request, "understanding/brands.html", context)


def _months(given: str) -> int:
    if not given:
        return CONFLICT_MONTHS
    if not given.isdecimal() or len(given) > 2 or not 1 <= int(given) <= MOST_MONTHS:
        raise MonthsMalformed(
            Sentence("“%(given)s” is not a number of months.", given=given),
            Sentence("Give 1 to %(most_months)s.", most_months=MOST_MONTHS),
        )
    return int(given)


@require_GET
@page(Right.READ)
def disclosure(request: Visit, account_id: int) -> HttpResponse:
    account = catalogue.get_account(request.workspace.pk, str(account_id))
    seen = disclosure_section(account)
    context = {
        "title_text": _("Disclosure"),
        "account": account,
        "seen": seen,
        "judged": seen.judged[:POSTS_SHOWN],
        "may_correct": Right.BRIEF in request.actor.rights,
    }
    return render(request, "understanding/disclosure.html", context)


@require_GET
@page(Right.READ)
def objected(request: Visit) -> HttpResponse:
    """Posts of the workspace that the packs object to."""
    given = {name: request.GET.get(name, "").strip() for name in FILTERS}
    chosen = {name: value for name, value in given.items() if value}
    cursor = request.GET.get("cursor") or None
    found = list_objected(
        request.workspace.pk,
        severities=(given["severity"],) if given["severity"] else ASKING,
        rule=given["rule"],
        country=given["country"],
        network=given["network"],
        cursor=cursor,
    )
    countries, networks = list_objected_places(request.workspace.pk)
    following = urlencode({**chosen, "cursor": found.next_cursor}) if found.next_cursor else ""
    context = {
        "judged": found.items,
        "chosen": given,
        "severities": ASKING,
        "rules": [rule.id for pack in law_book().packs.values() for rule in pack.rules],
        "countries": countries,
        "networks": networks,
        "next_url": f"?{following}" if following else "",
        "first_url": f"?{urlencode(chosen)}" if cursor else "",
        "may_correct": Right.BRIEF in request.actor.rights,
    }
    return render(request, "understanding/objected.html", context)
