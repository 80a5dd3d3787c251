"""Accounts that are neither profiled nor proposed, because their biography says an age below 18; a person may say otherwise."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.understanding.actions.marking_minors import clear_minor
from sillage.understanding.queries.account_signals import list_minor_signals


@require_GET
@page(Right.ERASE)
def withheld(request: Visit) -> HttpResponse:
    """Those that are marked now, and those of which a person said that they are an adult's."""
    marked, cleared = list_minor_signals(request.workspace.pk)
    return render(request, "understanding/withheld.html", {"marked": marked, "cleared": cleared})


@require_POST
@page(Right.ERASE)
def clear(request: Visit, account_id: int) -> HttpResponse:
    clear_minor(account_id=account_id, reason=request.POST.get("reason", ""), actor=request.actor, now=timezone.now())
    messages.success(request, _("Kept. The account is read again with the next enrichment."))
    return redirect("understanding:withheld", request.workspace.slug)
