"""The comment inbox: what awaits an answer first, by intent, with what machines found and people corrected."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from sillage.catalogue import queries as catalogue
from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.lib.errors import Malformed
from sillage.lib.sentences import Sentence
from sillage.understanding.engine.cultural_check import FLAGS
from sillage.understanding.engine.tone import SENTIMENTS
from sillage.understanding.queries.inbox import (
    AWAITS,
    VIEWS,
    InboxFilters,
    count_inbox,
    has_comments,
    languages_of_inbox,
    list_inbox,
)
from sillage.understanding.templatetags.remarks import view_name

DAYS = (7, 30, 90, 365)
_MOST_NAME = 200


class InboxMalformed(Malformed):
    """The address asks for comments in a way that the inbox does not know."""


@require_GET
@page(Right.READ)
def inbox(request: Visit) -> HttpResponse:
    """The list. What cannot be read of the address is told above it, at status 422."""
    refusal: Malformed | None = None
    try:
        filters = _filters(request.GET, timezone.now())
        found = list_inbox(request.workspace.pk, filters, cursor=request.GET.get("cursor") or None)
    except Malformed as error:
        refusal, filters = error, InboxFilters(AWAITS)
        found = list_inbox(request.workspace.pk, filters)
    query = request.GET.copy() if refusal is None else QueryDict(mutable=True)
    context = {
        **_counted(request, filters, query),
        "refusal": refusal,
        "filters": filters,
        "lines": found.items,
        "next_url": _address(query, cursor=found.next_cursor) if found.next_cursor else "",
        "first_url": _address(query, cursor=None) if query.get("cursor") else "",
        "days": query.get("days", ""),
        "all_days": [str(n) for n in DAYS],
        "tones": SENTIMENTS,
        "flags": FLAGS,
        "languages": languages_of_inbox(request.workspace.pk),
        "brands": catalogue.list_brands(request.workspace.pk),
        "may_correct": Right.BRIEF in request.actor.rights,
        "is_narrowed": replace(filters, intent=AWAITS) != InboxFilters(AWAITS),
        "clear_url": f"?show={filters.intent}",
    }
    if not found.items:
        context["has_comments"] = has_comments(request.workspace.pk)
    return render(request, "understanding/inbox.html", context, status=refusal.status if refusal else 200)


def _counted(request: Visit, filters: InboxFilters, query: QueryDict) -> dict[str, Any]:
    counts = count_inbox(request.workspace.pk, filters)
    numbers = {VIEWS[0]: counts.awaiting, VIEWS[1]: counts.total, **counts.by_intent}
    tabs = [
        {
            "label": view_name(view),
            "href": _address(query, show=view, cursor=None),
            "is_current": view == filters.intent,
            "count": numbers[view],
        }
        for view in VIEWS
    ]
    return {"counts": counts, "tabs": tabs}


def _address(query: QueryDict, **changed: str | None) -> str:
    """The same page with other parameters; None takes one away."""
    given = query.copy()
    for name, value in changed.items():
        given.pop(name, None)
        if value is not None:
            given[name] = value
    return f"?{given.urlencode()}"


def _filters(given: QueryDict, now: datetime) -> InboxFilters:
    return InboxFilters(
        intent=_one_of(given, "show", VIEWS) or AWAITS,
        creator_id=_number(given, "creator_id"),
        creator=given.get("creator", "").strip()[:_MOST_NAME],
        brand=given.get("brand", "")[:_MOST_NAME],
        language=given.get("language", "")[:3],
        tone=_one_of(given, "tone", SENTIMENTS),
        flag=_one_of(given, "flag", FLAGS),
        since=_since(given, now),
    )


def _one_of(given: QueryDict, name: str, known: tuple[str, ...]) -> str:
    value = given.get(name, "")
    if value and value not in known:
        raise InboxMalformed(
            Sentence("“%(name)s” cannot be “%(value)s”.", name=name, value=value),
            Sentence("It is one of %(known)s.", known=", ".join(known)),
        )
    return value


def _number(given: QueryDict, name: str) -> int | None:
    value = given.get(name, "")
    if value and (not value.isdecimal() or len(value) > 18):
        raise InboxMalformed(
            Sentence("“%(value)s” is no number of a creator.", value=value),
            Sentence("Open the inbox from the creator's page."),
        )
    return int(value) if value else None


def _since(given: QueryDict, now: datetime) -> datetime | None:
    value = given.get("days", "")
    if value and value not in {str(n) for n in DAYS}:
        raise InboxMalformed(
            Sentence("“%(value)s” is no span of the inbox.", value=value),
            Sentence("It is one of %(map)s days.", map=", ".join(map(str, DAYS))),
        )
    return now - timedelta(days=int(value)) if value else None
