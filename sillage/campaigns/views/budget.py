"""Budgets: a campaign's, all of the workspace's, and rates between currencies."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sillage.campaigns.actions import budget as actions
from sillage.campaigns.contract_words import refused
from sillage.campaigns.engine.budget import Category, Rate
from sillage.campaigns.engine.rates_file import rates_in
from sillage.campaigns.models import Campaign
from sillage.campaigns.queries import budget as queries
from sillage.campaigns.queries.campaigns import get_campaign
from sillage.campaigns.queries.payments import accounting_csv
from sillage.campaigns.views.money_forms import LineForm, PaymentForm, RateForm, with_refusal
from sillage.campaigns.views.portions import portion
from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.lib.errors import Refusal

LARGEST_FILE = 5_000_000  # bytes
SHOWN = 50
RATES_SHOWN = 50


@require_GET
@page(Right.READ)
def budget(request: Visit, campaign_id: int) -> HttpResponse:
    return budget_page(request, get_campaign(request.workspace.pk, campaign_id))


def budget_page(request: Visit, campaign: Campaign, **forms: Any) -> HttpResponse:
    """The page, with a form that was refused in its place if there is one."""
    found = queries.campaign_budget(campaign)
    creators = queries.creator_rows(campaign, found)
    limit = queries.limit_of(campaign)
    names = [(row.pk, row.name) for row in campaign.collaborations.exclude(name="").order_by("name")]
    context = {
        "campaign": campaign,
        "tab": "budget",
        "whole": found.whole,
        "limit": limit,
        "left": limit - found.whole.engaged if limit else None,
        "categories": [(category, found.categories[category]) for category in Category if category in found.categories],
        "creators": creators,
        "lines": queries.list_lines(campaign),
        "payments": queries.payment_lines(queries.list_payments(campaign), timezone.now()),
        "line_form": LineForm(initial={"currency": campaign.currency}),
        "payment_form": PaymentForm(creators=names, initial={"currency": campaign.currency}),
        "may_write": Right.CAMPAIGN in request.actor.rights,
        "today": timezone.localdate(),
        **forms,
    }
    status = 422 if any(form.errors for form in forms.values()) else 200
    return render(request, "campaigns/budget.html", context, status=status)


@require_POST
@page(Right.CAMPAIGN)
def plan(request: Visit, campaign_id: int) -> HttpResponse:
    """Add a line."""
    campaign = get_campaign(request.workspace.pk, campaign_id)
    form = LineForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            actions.plan(
                campaign_id=campaign.pk,
                category=Category(said["category"]),
                label=said["label"],
                amount=said["amount"],
                currency=said["currency"],
                actor=request.actor,
                now=timezone.now(),
            )
        except Refusal as refusal:
            with_refusal(form, "", refused(refusal).text)
        else:
            return redirect("campaigns:budget", request.workspace.slug, campaign.pk)
    return budget_page(request, campaign, line_form=form)


@require_POST
@page(Right.CAMPAIGN)
def drop_line(request: Visit, line_id: int) -> HttpResponse:
    line = queries.get_line(request.workspace.pk, line_id)
    try:
        actions.withdraw_line(line_id=line.pk, actor=request.actor, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refused(refusal).text), extra_tags="refusal")
    return redirect("campaigns:budget", request.workspace.slug, line.campaign_id)


@require_GET
@page(Right.READ)
def export(request: Visit, campaign_id: int) -> HttpResponse:
    """The payments for accounting, as CSV."""
    campaign = get_campaign(request.workspace.pk, campaign_id)
    payments = campaign.payments.select_related("campaign", "collaboration").order_by("asked_at", "pk")
    response = HttpResponse(accounting_csv(list(payments), timezone.now()), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="payments-campaign-{campaign.pk}.csv"'
    return response


# -- the workspace ---------------------------------------------------------------------------------------------------


@require_GET
@page(Right.READ)
def budgets(request: Visit) -> HttpResponse:
    """The running campaigns' figures, each in its own currency, and their sums per currency."""
    rows = queries.workspace_rows(request.workspace.pk)
    sums: dict[str, Any] = {}
    for row in rows:
        currency = row.figures.planned.currency
        sums[currency] = sums[currency] + row.figures if currency in sums else row.figures
    context = {"rows": rows, "sums": sorted(sums.items()), **portion(request, rows, SHOWN)}
    return render(request, "campaigns/budgets.html", context)


@require_http_methods(["GET", "POST"])
@page(Right.READ)
def rates(request: Visit) -> HttpResponse:
    """The rates that were kept, and a form for one or a file of them."""
    form = RateForm(request.POST or None, request.FILES or None, initial={"quote": "EUR", "on": timezone.localdate()})
    if request.method == "POST":
        if form.is_valid() and _kept(request, form):
            return redirect("campaigns:rates", request.workspace.slug)
        if not form.errors:
            form.add_error(None, _("Fill in one rate, or choose a file."))
    rows = request.workspace.exchange_rates.select_related("entered_by__person").order_by("-on", "-pk")
    context = {
        "form": form,
        "rates": list(rows[:RATES_SHOWN]),
        "count": rows.count(),
        "may_write": Right.CAMPAIGN in request.actor.rights,
    }
    return render(request, "campaigns/rates.html", context, status=422 if form.errors else 200)


def _kept(request: Visit, form: RateForm) -> bool:
    """Keep what was typed or sent; False when it was refused, which the form then says."""
    try:
        valued = actions.keep_rates(rates=_given(form), actor=request.actor, now=timezone.now())
    except Refusal as refusal:
        words = refused(refusal)
        text = f"{words.text} {words.hint}" if not words.field.startswith("line") else f"{words.field}: {words.text}"
        with_refusal(form, words.field, text)
        return False
    said = ngettext("%(n)s amount got its value.", "%(n)s amounts got their value.", valued) % {"n": valued}
    messages.success(request, f"{_('Kept.')} {said if valued else ''}".strip())
    return True


def _given(form: RateForm) -> list[Rate]:
    said = form.cleaned_data
    file = said["file"]
    if file is not None:
        return rates_in(file.read(LARGEST_FILE).decode("utf-8", "replace"))
    if said["on"] is None:
        return []
    rate = said["rate"] if said["rate"] is not None else Decimal(0)
    return [Rate(said["base"].upper(), said["quote"].upper(), rate, said["on"], said["source"])]
