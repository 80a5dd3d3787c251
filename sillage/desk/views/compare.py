"""Up to five accounts side by side."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from sillage.catalogue import queries as catalogue
from sillage.desk.queries.comparison import MOST, compared
from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.lib.errors import Refusal
from sillage.lib.sentences import Sentence


class TooManyToCompare(Refusal):
    """More accounts than stand side by side."""


@require_GET
@page(Right.READ)
def compare(request: Visit) -> HttpResponse:
    """`?a=` once per account id."""
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
    return render(
        request,
        "desk/compare.html",
        {"comparison": compared(request.workspace.pk, accounts) if accounts else None, "most": MOST},
    )
