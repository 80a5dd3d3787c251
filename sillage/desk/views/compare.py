"""Up to five accounts side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from sillage.catalogue import queries as catalogue
from sillage.catalogue.models import Account
from sillage.desk.queries.comparison import MOST, compared
from sillage.discovery import queries as discovery
from sillage.discovery.view_shapes import decision_words
from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.lib.errors import Refusal
from sillage.lib.sentences import Sentence


class TooManyToCompare(Refusal):
    """More accounts than stand side by side."""


@require_GET
@page(Right.READ)
def compare(request: Visit) -> HttpResponse:
    """`?a=` once per account id; `?shortlist=` is where they were ticked, and where they are decided about."""
    wanted = list(dict.fromkeys(value for value in request.GET.getlist("a") if value))
    if len(wanted) > MOST:
        raise TooManyToCompare(
            Sentence(
                "%(wanted_count)s accounts were chosen; %(most)s stand side by side.",
                wanted_count=len(wanted),
                most=MOST,
            ),
            Sentence("Go back and choose %(most)s or fewer.", most=MOST),
        )
    accounts = [catalogue.get_account(request.workspace.pk, key) for key in wanted]
    context = {
        "comparison": compared(request.workspace.pk, accounts) if accounts else None,
        "most": MOST,
        **_from_shortlist(request, accounts),
    }
    return render(request, "desk/compare.html", context)


def _from_shortlist(request: Visit, accounts: Sequence[Account]) -> dict[str, Any]:
    """The shortlist of the address with what is decided about each account; nothing without one."""
    given = request.GET.get("shortlist", "")
    if not (given.isdecimal() and len(given) < 19):
        return {}
    shortlist = discovery.get_shortlist(request.workspace.pk, int(given))
    decisions = discovery.decisions_of(shortlist.brief, [account.pk for account in accounts])
    return {
        "shortlist": shortlist,
        "brief": shortlist.brief,
        "decisions": [(account, decisions.get(account.pk)) for account in accounts],
        "may_decide": Right.BRIEF in request.actor.rights,
        "words": decision_words(),
        "decide_query": urlencode([*(("a", account.pk) for account in accounts), ("shortlist", shortlist.pk)]),
    }
