"""Budgets over the API: lines, payments as approvals, exchange rates. Sillage moves no money."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from sillage.campaigns.actions import budget as planning
from sillage.campaigns.actions import payments as actions
from sillage.campaigns.engine.budget import Budget, Category, Figures, Rate
from sillage.campaigns.engine.payments import PaymentState
from sillage.campaigns.models import BudgetLine, Campaign, Payment
from sillage.campaigns.queries import budget as queries
from sillage.campaigns.queries.campaigns import get_campaign
from sillage.campaigns.queries.payments import accounting_csv, requests_of, states_of
from sillage.governance.api_access import Call, allowed
from sillage.governance.engine.actors import Right
from sillage.governance.shapes import Given, Rows, rows

router = Router()

Currency = Annotated[str, Field(pattern="^[A-Za-z]{3}$")]
RATES = 200


class FiguresShape(Schema):
    """Before tax. `engaged` is what will be gone when all that is agreed and asked for is paid."""

    planned: Decimal
    proposed: Decimal
    committed: Decimal
    asked: Decimal
    spent: Decimal
    engaged: Decimal
    unknown: int


class CategoryFigures(FiguresShape):
    category: Category


class CreatorFigures(FiguresShape):
    collaboration_id: int | None


class BudgetShape(Schema):
    """The same amounts added up three ways. `limit` and `left` are null where nobody gave the campaign a budget."""

    campaign_id: int
    currency: str
    limit: Decimal | None
    left: Decimal | None
    whole: FiguresShape
    categories: list[CategoryFigures]
    creators: list[CreatorFigures]


class LineGiven(Given):
    category: Category
    label: Annotated[str, Field(min_length=1, max_length=200)]
    amount: Decimal
    currency: Currency = ""


class LineShape(Schema):
    id: int
    category: Category
    label: str
    amount: Decimal
    currency: str
    in_budget: Decimal | None
    rates: list[dict[str, str]]
    planned_on: date


class PaymentGiven(Given):
    """`is_beyond_meant`: it may pass the campaign's budget. `vat_rate` in percent, null where none is charged."""

    recipient: Annotated[str, Field(min_length=1, max_length=200)]
    what: Annotated[str, Field(min_length=1, max_length=300)]
    net: Decimal
    currency: Currency = ""
    vat_rate: Decimal | None = None
    tax_note: Annotated[str, Field(max_length=300)] = ""
    due_on: date | None = None
    collaboration_id: int | None = None
    category: Category = Category.CREATOR_FEES
    is_beyond_meant: bool = False


class ConfirmationGiven(Given):
    paid_on: date
    reference: Annotated[str, Field(min_length=1, max_length=100)]


class PaymentShape(Schema):
    """`state` is waiting, to_pay, paid, refused, expired or withdrawn; `approval_id` is of the newest request."""

    id: int
    campaign_id: int
    collaboration_id: int | None
    category: Category
    recipient: str
    what: str
    net: Decimal
    vat_rate: Decimal | None
    vat: Decimal
    gross: Decimal
    tax_note: str
    currency: str
    in_budget: Decimal | None
    rates: list[dict[str, str]]
    beyond: str
    law: list[str]
    state: PaymentState
    approval_id: int | None
    asked_name: str
    asked_at: datetime
    due_on: date | None
    paid_on: date | None
    reference: str
    confirmed_name: str


class RateGiven(Given):
    """One unit of `base` buys `rate` of `quote`."""

    base: Currency
    quote: Currency
    rate: Decimal
    on: date
    source: Annotated[str, Field(min_length=1, max_length=100)]


class RatesGiven(Given):
    rates: Annotated[list[RateGiven], Field(min_length=1, max_length=5000)]


class RateShape(Schema):
    base: str
    quote: str
    rate: Decimal
    on: date
    source: str


class ValuedShape(Schema):
    """How many amounts that waited for a rate got their value."""

    valued: int


def _figures(figures: Figures) -> dict[str, Any]:
    names = ("planned", "proposed", "committed", "asked", "spent", "engaged")
    return {**{name: getattr(figures, name).amount for name in names}, "unknown": figures.unknown}


def _budget(campaign: Campaign, budget: Budget) -> dict[str, Any]:
    limit = queries.limit_of(campaign)
    return {
        "campaign_id": campaign.pk,
        "currency": campaign.currency,
        "limit": limit.amount if limit else None,
        "left": (limit - budget.whole.engaged).amount if limit else None,
        "whole": _figures(budget.whole),
        "categories": [{"category": name, **_figures(f)} for name, f in budget.categories.items()],
        "creators": [{"collaboration_id": key, **_figures(f)} for key, f in budget.creators.items()],
    }


def _shown(payments: list[Payment]) -> list[dict[str, Any]]:
    states, requests = states_of(payments, timezone.now()), requests_of(payments)
    fields = set(PaymentShape.model_fields) - {"state", "approval_id"}
    return [
        {
            **{name: getattr(one, name) for name in fields},
            "state": states[one.pk],
            "approval_id": requests[one.pk].pk if one.pk in requests else None,
        }
        for one in payments
    ]


@router.get("/budgets", **allowed(Right.READ), response=Rows[BudgetShape])
def list_budgets(request: Call) -> dict[str, Any]:
    """The running campaigns' budgets, each in its own currency: at most 200, the newest first."""
    campaigns = queries.running_campaigns(request.auth.workspace_id)
    budgets = queries.campaign_budgets(campaigns)
    return rows([_budget(campaign, budgets[campaign.pk]) for campaign in campaigns])


@router.get("/campaigns/{int:campaign_id}/budget", **allowed(Right.READ), response=BudgetShape)
def get_budget(request: Call, campaign_id: int) -> dict[str, Any]:
    """What a campaign plans, owes and has spent."""
    campaign = get_campaign(request.auth.workspace_id, campaign_id)
    return _budget(campaign, queries.campaign_budget(campaign))


@router.get("/campaigns/{int:campaign_id}/budget-lines", **allowed(Right.READ), response=Rows[LineShape])
def list_budget_lines(request: Call, campaign_id: int) -> dict[str, Any]:
    """The plan's lines."""
    return rows(queries.list_lines(get_campaign(request.auth.workspace_id, campaign_id)))


@router.post("/campaigns/{int:campaign_id}/budget-lines", **allowed(Right.CAMPAIGN), response={201: LineShape})
def plan_line(request: Call, campaign_id: int, given: LineGiven) -> BudgetLine:
    """Add a line; in the campaign's currency unless told otherwise."""
    return planning.plan(campaign_id=campaign_id, **given.model_dump(), actor=request.auth, now=timezone.now())


@router.delete("/budget-lines/{int:line_id}", **allowed(Right.CAMPAIGN), response={204: None})
def withdraw_line(request: Call, line_id: int) -> None:
    """Take a line out of a plan."""
    planning.withdraw_line(line_id=line_id, actor=request.auth, now=timezone.now())


@router.get("/campaigns/{int:campaign_id}/payments", **allowed(Right.READ), response=Rows[PaymentShape])
def list_payments(request: Call, campaign_id: int) -> dict[str, Any]:
    """All payments that were asked for, the newest first."""
    return rows(_shown(queries.list_payments(get_campaign(request.auth.workspace_id, campaign_id))))


@router.get("/campaigns/{int:campaign_id}/payments/export", **allowed(Right.READ))
def export_payments(request: Call, campaign_id: int) -> HttpResponse:
    """The payments for accounting, as CSV."""
    payments = queries.list_payments(get_campaign(request.auth.workspace_id, campaign_id))
    response = HttpResponse(accounting_csv(payments, timezone.now()), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="payments-campaign-{campaign_id}.csv"'
    return response


@router.post("/campaigns/{int:campaign_id}/payments", **allowed(Right.CAMPAIGN), response={201: PaymentShape})
def ask_payment(request: Call, campaign_id: int, given: PaymentGiven) -> dict[str, Any]:
    """Ask for a payment: somebody else approves exactly this amount to exactly this recipient."""
    made = actions.ask_payment(campaign_id=campaign_id, **given.model_dump(), actor=request.auth, now=timezone.now())
    return _shown([made])[0]


@router.post("/payments/{int:payment_id}/ask-again", **allowed(Right.CAMPAIGN), response=PaymentShape)
def ask_payment_again(request: Call, payment_id: int) -> dict[str, Any]:
    """Ask anew for an approval that ran out or was refused."""
    return _shown([actions.ask_payment_again(payment_id=payment_id, actor=request.auth, now=timezone.now())])[0]


@router.post("/payments/{int:payment_id}/confirm", **allowed(Right.CAMPAIGN), response=PaymentShape)
def confirm_payment(request: Call, payment_id: int, given: ConfirmationGiven) -> dict[str, Any]:
    """Say that an approved payment was made elsewhere. The approval is used up."""
    done = actions.confirm_payment(payment_id=payment_id, **given.model_dump(), actor=request.auth, now=timezone.now())
    return _shown([done])[0]


@router.post("/payments/{int:payment_id}/withdraw", **allowed(Right.CAMPAIGN), response=PaymentShape)
def withdraw_payment(request: Call, payment_id: int) -> dict[str, Any]:
    """Take a request for payment back."""
    return _shown([actions.withdraw_payment(payment_id=payment_id, actor=request.auth, now=timezone.now())])[0]


@router.get("/exchange-rates", **allowed(Right.READ), response=Rows[RateShape])
def list_exchange_rates(request: Call) -> dict[str, Any]:
    """The newest 200 rates."""
    return rows(queries.list_rates(request.auth.workspace_id)[:RATES])


@router.post("/exchange-rates", **allowed(Right.CAMPAIGN), response={201: ValuedShape})
def keep_rates(request: Call, given: RatesGiven) -> dict[str, int]:
    """Keep rates with their day and source; amounts that waited for one get their value."""
    rates = [Rate(r.base.upper(), r.quote.upper(), r.rate, r.on, r.source) for r in given.rates]
    return {"valued": planning.keep_rates(rates=rates, actor=request.auth, now=timezone.now())}
