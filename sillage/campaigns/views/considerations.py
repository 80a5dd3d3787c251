"""What a creator gets, entered and withdrawn on the pages of a collaboration."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from sillage.campaigns.actions import considerations as actions
from sillage.campaigns.contract_words import refused
from sillage.campaigns.engine.considerations import Kind
from sillage.campaigns.queries.campaigns import get_collaboration
from sillage.campaigns.queries.considerations import get_consideration
from sillage.campaigns.queries.contracts import section_contracts
from sillage.campaigns.views.money_forms import ConsiderationForm, with_refusal
from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.lib.errors import Refusal


@require_http_methods(["GET", "POST"])
@page(Right.CAMPAIGN)
def add(request: Visit, collaboration_id: int) -> HttpResponse:
    """The form, with what stands already and what the law says of the sum."""
    collaboration = get_collaboration(request.workspace.pk, collaboration_id)
    initial = {"currency": collaboration.campaign.currency, "granted_on": timezone.localdate()}
    form = ConsiderationForm(request.POST) if request.method == "POST" else ConsiderationForm(initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.add_consideration(
                collaboration_id=collaboration.pk,
                kind=Kind(said["kind"]),
                text=said["text"],
                amount=said["amount"],
                currency=said["currency"],
                percent=said["percent"],
                is_estimate=said["is_estimate"],
                granted_on=said["granted_on"],
                actor=request.actor,
                now=timezone.now(),
            )
        except Refusal as refusal:
            words = refused(refusal)
            with_refusal(form, words.field, words.text)
        else:
            return redirect("campaigns:contract", request.workspace.slug, collaboration.pk)
    context = {
        **section_contracts(collaboration, request.actor, timezone.now()),
        "collaboration": collaboration,
        "campaign": collaboration.campaign,
        "form": form,
    }
    return render(request, "campaigns/consideration_form.html", context, status=422 if form.errors else 200)


@require_POST
@page(Right.CAMPAIGN)
def withdraw(request: Visit, consideration_id: int) -> HttpResponse:
    found = get_consideration(request.workspace.pk, consideration_id)
    try:
        actions.withdraw_consideration(consideration_id=found.pk, actor=request.actor, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refused(refusal).text), extra_tags="refusal")
    return redirect("campaigns:contract", request.workspace.slug, found.collaboration_id)
