"""Planning a campaign's money and keeping exchange rates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from sillage.campaigns.engine.budget import EURO, Category, Rate, worth_in
from sillage.campaigns.models import BudgetLine, Consideration, ExchangeRate, Payment
from sillage.campaigns.queries.budget import get_line, list_rates
from sillage.campaigns.queries.campaigns import get_campaign
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.lib.errors import Malformed, Refusal
from sillage.lib.money import Money
from sillage.lib.sentences import Grouped, Sentence
from sillage.lib.text import without_controls

MOST = Decimal("9999999999.99")
MOST_RATES = 20_000


class BudgetLineMalformed(Malformed):
    """A line has a label and an amount above zero."""


class LineGone(Refusal):
    """The line was withdrawn already."""


@transaction.atomic
def plan(
    *,
    campaign_id: int,
    category: Category,
    label: str,
    amount: Decimal,
    currency: str = "",
    actor: Actor,
    now: datetime,
) -> BudgetLine:
    """Add a line to a campaign's budget, before tax; in the campaign's currency unless told otherwise."""
    require(actor, Right.CAMPAIGN)
    campaign = get_campaign(actor.workspace_id, campaign_id, lock=True)
    text = without_controls(label).strip()
    _refuse_malformed_line(text, amount)
    money = Money(amount, (currency or campaign.currency).upper()).rounded
    worth = worth_in((campaign.currency,), money, list_rates(actor.workspace_id), now.date())
    line = BudgetLine.objects.create(
        campaign=campaign,
        category=category.value,
        label=text,
        **asdict(money),
        in_budget=worth.amounts[0],
        rates=list(worth.rates),
        planned_on=now.date(),
        entered_by_id=actor.member_id,
        entered_at=now,
    )
    governance.record(
        verb="campaigns.budget_planned",
        subject_kind="campaign",
        subject_id=campaign.pk,
        actor=actor,
        now=now,
        facts={"line": line.pk, "category": category.value, "amount": str(money)},
    )
    return line


@transaction.atomic
def withdraw_line(*, line_id: int, actor: Actor, now: datetime) -> None:
    """Take a line out of a budget."""
    require(actor, Right.CAMPAIGN)
    line = get_line(actor.workspace_id, line_id)
    if not BudgetLine.objects.filter(pk=line.pk, withdrawn_at=None).update(withdrawn_at=now):
        raise LineGone(
            Sentence("“%(line)s” was withdrawn already.", line=line.label), Sentence("See the campaign’s budget.")
        )
    governance.record(
        verb="campaigns.budget_line_withdrawn",
        subject_kind="campaign",
        subject_id=line.campaign_id,
        actor=actor,
        now=now,
        facts={"line": line.pk},
    )


# -- rates -----------------------------------------------------------------------------------------------------------


class RateMalformed(Malformed):
    """A rate has two currencies, a number above zero, a day and a source."""


@transaction.atomic
def keep_rates(*, rates: Sequence[Rate], actor: Actor, now: datetime) -> int:
    """Keep rates with their day and source, and give a value to what waited for one. Returns how many amounts got theirs.

    Nothing that has a value is converted anew: an amount keeps the rate with which it was entered.
    """
    require(actor, Right.CAMPAIGN)
    _refuse_malformed(rates, now.date())
    ExchangeRate.objects.bulk_create(
        ExchangeRate(
            workspace_id=actor.workspace_id,
            base=rate.base,
            quote=rate.quote,
            rate=rate.rate,
            on=rate.on,
            source=rate.source,
            entered_by_id=actor.member_id,
            entered_at=now,
        )
        for rate in rates
    )
    known = list_rates(actor.workspace_id)
    valued = _value_considerations(actor.workspace_id, known) + _value_the_rest(actor.workspace_id, known)
    governance.record(
        verb="campaigns.rates_kept",
        subject_kind="workspace",
        subject_id=actor.workspace_id,
        actor=actor,
        now=now,
        facts={
            "rates": len(rates),
            "currencies": sorted({c for rate in rates for c in (rate.base, rate.quote)}),
            "sources": sorted({rate.source for rate in rates}),
            "valued": valued,
        },
    )
    return valued


def _refuse_malformed_line(label: str, amount: Decimal) -> None:
    if not label or len(label) > 200:
        raise BudgetLineMalformed(Sentence("A line needs a label."), Sentence("Up to 200 characters."), "label")
    if not (amount.is_finite() and 0 < amount <= MOST):
        raise BudgetLineMalformed(
            Sentence("%(amount)s is no amount to plan.", amount=amount),
            Sentence("Write more than zero, before tax."),
            "amount",
        )


def _refuse_malformed(rates: Sequence[Rate], today: date) -> None:
    if not 0 < len(rates) <= MOST_RATES:
        raise RateMalformed(
            Sentence("There is no rate to keep, or too many."),
            Sentence("Up to %(most_rates)s at once.", most_rates=Grouped(MOST_RATES)),
        )
    for number, rate in enumerate(rates, 1):
        for code in (rate.base, rate.quote):
            Money(Decimal(0), code)
        if rate.base == rate.quote or not rate.rate.is_finite() or not 0 < rate.rate < Decimal(10) ** 9:
            raise RateMalformed(
                Sentence("Rate %(number)s is no rate.", number=number),
                Sentence("Two currencies and a number above zero."),
                "rate",
            )
        if round(rate.rate, 10) != rate.rate:
            raise RateMalformed(
                Sentence("Rate %(number)s has more than ten decimals.", number=number), Sentence("Round it."), "rate"
            )
        if rate.on > today:
            raise RateMalformed(
                Sentence("Rate %(number)s is of a day to come.", number=number),
                Sentence("A rate is of a day that was."),
                "on",
            )
        if not rate.source.strip() or len(rate.source) > 100:
            raise RateMalformed(
                Sentence("Rate %(number)s does not say where it is from.", number=number),
                Sentence("Such as “ECB”."),
                "source",
            )


def _value_considerations(workspace_id: int, rates: list[Rate]) -> int:
    """Convert what has no value in euros or in the budget's currency, as part of keeping rates."""
    waiting = Consideration.objects.filter(collaboration__workspace_id=workspace_id, amount__isnull=False)
    rows = waiting.exclude(euros__isnull=False, in_budget__isnull=False)
    valued = 0
    for row in rows.select_related("collaboration__campaign").select_for_update(of=("self",)):
        if row.amount is None:
            continue
        quotes = (EURO, row.collaboration.campaign.currency)
        worth = worth_in(quotes, Money(row.amount, row.currency), rates, row.granted_on)
        before = (row.euros, row.in_budget)
        row.euros = worth.amounts[0] if row.euros is None else row.euros
        row.in_budget = worth.amounts[1] if row.in_budget is None else row.in_budget
        if (row.euros, row.in_budget) != before:
            row.rates = list(worth.rates)
            row.save(update_fields=["euros", "in_budget", "rates"])
            valued += 1
    return valued


def _value_the_rest(workspace_id: int, rates: list[Rate]) -> int:
    """Convert lines and payments without a value in the budget's currency, as part of keeping rates."""
    lines = BudgetLine.objects.filter(campaign__workspace_id=workspace_id, in_budget=None).select_related("campaign")
    payments = Payment.objects.filter(workspace_id=workspace_id, in_budget=None).select_related("campaign")
    waiting: list[tuple[BudgetLine | Payment, Money, date]] = [
        *((line, Money(line.amount, line.currency), line.planned_on) for line in lines),
        *((one, Money(one.net, one.currency), one.asked_at.date()) for one in payments),
    ]
    valued = 0
    for row, money, day in waiting:
        worth = worth_in((row.campaign.currency,), money, rates, day)
        if worth.amounts[0] is not None:
            row.in_budget, row.rates = worth.amounts[0], list(worth.rates)
            row.save(update_fields=["in_budget", "rates"])
            valued += 1
    return valued
