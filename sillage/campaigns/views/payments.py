"""Payments on their pages: asked for, confirmed, withdrawn. Sillage moves no money."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sillage.campaigns.actions import payments as actions
from sillage.campaigns.actions.payments import BudgetExceeded
from sillage.campaigns.contract_words import refused
from sillage.campaigns.engine.budget import Category
from sillage.campaigns.models import Payment
from sillage.campaigns.queries.budget import get_payment
from sillage.campaigns.queries.campaigns import get_campaign
from sillage.campaigns.views.budget import budget_page
from sillage.campaigns.views.money_forms import PaymentForm, with_refusal
from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.lib.errors import Refusal
from sillage.lib.sentences import Sentence


@require_POST
@page(Right.CAMPAIGN)
def ask(request: Visit, campaign_id: int) -> HttpResponse:
    """Ask for a payment. One that would pass the budget is said before anything is asked for."""
    campaign = get_campaign(request.workspace.pk, campaign_id)
    names = [(row.pk, row.name) for row in campaign.collaborations.exclude(name="").order_by("name")]
    form = PaymentForm(request.POST, creators=names)
    if form.is_valid():
        said = form.cleaned_data
        try:
            actions.ask_payment(
                campaign_id=campaign.pk,
                recipient=said["recipient"],
                what=said["what"],
                net=said["net"],
                currency=said["currency"],
                vat_rate=said["vat_rate"],
                tax_note=said["tax_note"],
                due_on=said["due_on"],
                collaboration_id=said["collaboration"],
                category=Category(said["category"]),
                is_beyond_meant=said["is_beyond_meant"],
                actor=request.actor,
                now=timezone.now(),
            )
        except BudgetExceeded as refusal:
            with_refusal(form, "is_beyond_meant", refused(refusal).text)
        except Refusal as refusal:
            words = refused(refusal)
            with_refusal(form, words.field, words.text)
        else:
            messages.success(request, _("The payment is asked for: somebody else approves it."))
            return redirect("campaigns:budget", request.workspace.slug, campaign.pk)
    return budget_page(request, campaign, payment_form=form)


def _done(request: Visit, payment: Payment, refusal: Refusal | None, said: str) -> HttpResponse:
    if refusal is None:
        messages.success(request, said)
    else:
        words = refused(refusal)
        messages.error(request, f"{words.text} {words.hint}", extra_tags="refusal")
    return redirect("campaigns:budget", request.workspace.slug, payment.campaign_id)


@require_POST
@page(Right.CAMPAIGN)
def confirm(request: Visit, payment_id: int) -> HttpResponse:
    """Say that an approved payment was made."""
    payment = get_payment(request.workspace.pk, payment_id)
    paid_on = _day(request.POST.get("paid_on", ""))
    refusal: Refusal | None = None
    try:
        if paid_on is None:
            raise actions.ConfirmationMalformed(
                Sentence("Say on which day it was paid."), Sentence("Write it as 2026-11-22."), "paid_on"
            )
        actions.confirm_payment(
            payment_id=payment.pk,
            paid_on=paid_on,
            reference=request.POST.get("reference", ""),
            actor=request.actor,
            now=timezone.now(),
        )
    except Refusal as error:
        refusal = error
    return _done(request, payment, refusal, _("Confirmed as paid."))


def _day(given: str) -> date | None:
    try:
        return date.fromisoformat(given)
    except ValueError:
        return None


@require_POST
@page(Right.CAMPAIGN)
def withdraw(request: Visit, payment_id: int) -> HttpResponse:
    payment = get_payment(request.workspace.pk, payment_id)
    refusal: Refusal | None = None
    try:
        actions.withdraw_payment(payment_id=payment.pk, actor=request.actor, now=timezone.now())
    except Refusal as error:
        refusal = error
    return _done(request, payment, refusal, _("The request is withdrawn."))


@require_POST
@page(Right.CAMPAIGN)
def again(request: Visit, payment_id: int) -> HttpResponse:
    """Ask anew for an approval that ran out or was refused."""
    payment = get_payment(request.workspace.pk, payment_id)
    refusal: Refusal | None = None
    try:
        actions.ask_payment_again(payment_id=payment.pk, actor=request.actor, now=timezone.now())
    except Refusal as error:
        refusal = error
    return _done(request, payment, refusal, _("The payment is asked for again."))
