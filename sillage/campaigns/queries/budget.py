"""Reading budgets: what is planned, agreed, asked for and paid, per campaign and over the workspace."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Sum

from sillage.campaigns.engine.budget import (
    CATEGORY_OF,
    Budget,
    Category,
    Figures,
    Item,
    Rate,
    Side,
    budget_of,
)
from sillage.campaigns.engine.considerations import COMMITTED, Kind
from sillage.campaigns.engine.payments import PaymentState
from sillage.campaigns.engine.pipeline import Stage
from sillage.campaigns.models import BudgetLine, Campaign, Collaboration, ExchangeRate, Payment
from sillage.campaigns.queries.considerations import that_count
from sillage.campaigns.queries.contracts import in_force
from sillage.campaigns.queries.payments import requests_of, state_of
from sillage.governance.engine.actors import Actor, Right
from sillage.governance.models import ApprovalRequest
from sillage.lib.errors import NotFound
from sillage.lib.money import Money
from sillage.lib.sentences import Sentence

MOST_CAMPAIGNS = 200


def list_rates(workspace_id: int) -> list[Rate]:
    """The workspace's rates; of two on one day the one entered last comes first."""
    rows = ExchangeRate.objects.filter(workspace_id=workspace_id).order_by("-on", "-pk")
    return [Rate(row.base, row.quote, row.rate, row.on, row.source) for row in rows]


def get_line(workspace_id: int, line_id: int) -> BudgetLine:
    found = (
        BudgetLine.objects.select_related("campaign").filter(campaign__workspace_id=workspace_id, pk=line_id).first()
    )
    if found is None:
        raise NotFound(
            Sentence("No budget line %(line_id)s in this workspace.", line_id=line_id),
            Sentence("See the campaign’s budget."),
        )
    return found


def get_payment(workspace_id: int, payment_id: int, *, lock: bool = False) -> Payment:
    rows = Payment.objects.select_related("campaign", "collaboration").filter(workspace_id=workspace_id, pk=payment_id)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound(
            Sentence("No payment %(payment_id)s in this workspace.", payment_id=payment_id),
            Sentence("See the campaign’s budget."),
        )
    return found


def list_lines(campaign: Campaign) -> list[BudgetLine]:
    """The lines that stand, by category and label."""
    return list(campaign.budget_lines.filter(withdrawn_at=None).order_by("category", "label", "pk"))


def list_payments(campaign: Campaign) -> list[Payment]:
    """All payments that were asked for, withdrawn ones too, the newest first."""
    return list(campaign.payments.select_related("campaign", "collaboration").order_by("-asked_at", "-pk"))


def limit_of(campaign: Campaign) -> Money | None:
    """What the campaign may cost; None: nobody said."""
    return None if campaign.budget is None else Money(campaign.budget, campaign.currency)


def campaign_budget(campaign: Campaign) -> Budget:
    """A campaign's figures, in its currency."""
    return campaign_budgets([campaign])[campaign.pk]


def campaign_budgets(campaigns: Sequence[Campaign]) -> dict[int, Budget]:
    """The figures of several campaigns of one workspace, each in its own currency, in a fixed number of queries.

    Several campaigns are not split by creator.
    """
    currencies = {campaign.pk: campaign.currency for campaign in campaigns}
    items: dict[int, list[Item]] = {campaign.pk: [] for campaign in campaigns}
    asked = Payment.objects.filter(campaign_id__in=currencies, withdrawn_at=None)
    for campaign_id, item in (*_planned(currencies), *_granted(currencies), *_payments(asked, currencies)):
        items[campaign_id].append(item)
    return {pk: budget_of(items[pk], currency) for pk, currency in currencies.items()}


def creator_figures(collaboration: Collaboration, payments: Sequence[Payment]) -> Figures | None:
    """What one creator was granted and paid, given the payments of the collaboration; None: nothing."""
    currency = collaboration.campaign.currency
    currencies = {collaboration.campaign_id: currency}
    asked = [payment for payment in payments if payment.withdrawn_at is None]
    found = (*_granted(currencies, collaboration), *_payments(asked, currencies))
    return budget_of([item for _, item in found], currency).creators.get(collaboration.pk)


def _money(amount: Decimal | None, currency: str) -> Money | None:
    return None if amount is None else Money(amount, currency)


def _planned(currencies: dict[int, str]) -> list[tuple[int, Item]]:
    rows = BudgetLine.objects.filter(campaign_id__in=currencies, withdrawn_at=None)
    return [
        (
            row.campaign_id,
            Item(Side.PLANNED, Category(row.category), _money(row.in_budget, currencies[row.campaign_id])),
        )
        for row in rows
    ]


def _granted(currencies: dict[int, str], of: Collaboration | None = None) -> list[tuple[int, Item]]:
    """Considerations: committed once the collaboration was agreed or its contract signed, proposed before.

    Added up by the database, since a workspace has tens of thousands of them.
    """
    rows = that_count().filter(collaboration__campaign_id__in=currencies)
    rows = rows if of is None else rows.filter(collaboration=of)
    names = ["collaboration__campaign_id", "kind", "is_agreed"]
    names += ["collaboration_id"] if len(currencies) == 1 else []
    agreed = Q(collaboration__stage__in=[*COMMITTED, Stage.CLOSED]) | Exists(in_force(OuterRef("collaboration")))
    sums = rows.annotate(is_agreed=agreed).values(*names).order_by()
    found = []
    for row in sums.annotate(total=Sum("in_budget"), unknown=Count("pk", filter=Q(in_budget=None))):
        campaign_id, side = row["collaboration__campaign_id"], Side.COMMITTED if row["is_agreed"] else Side.PROPOSED
        item = Item(side, CATEGORY_OF[Kind(row["kind"])], None, row.get("collaboration_id"))
        known = [] if row["total"] is None else [replace(item, money=Money(row["total"], currencies[campaign_id]))]
        found += [(campaign_id, one) for one in (*known, *[item] * row["unknown"])]
    return found


def _payments(rows: Iterable[Payment], currencies: dict[int, str]) -> list[tuple[int, Item]]:
    return [
        (
            row.campaign_id,
            Item(
                side=Side.ASKED if row.confirmed_at is None else Side.SPENT,
                category=Category(row.category),
                money=_money(row.in_budget, currencies[row.campaign_id]),
                collaboration_id=row.collaboration_id,
            ),
        )
        for row in rows
    ]


def section_budget(collaboration: Collaboration, actor: Actor, now: datetime) -> dict[str, Any]:
    """What is agreed with a creator, asked for and paid."""
    payments = list(collaboration.payments.select_related("campaign").order_by("-asked_at", "-pk"))
    return {
        "figures": creator_figures(collaboration, payments),
        "payments": payment_lines(payments, now),
        "may_write": Right.CAMPAIGN in actor.rights and not collaboration.is_erased,
        "today": now.date(),
    }


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """A payment, where it stands, and the request for its approval."""

    payment: Payment
    state: PaymentState
    request: ApprovalRequest | None


def payment_lines(payments: Sequence[Payment], now: datetime) -> list[PaymentLine]:
    requests = requests_of(payments)
    return [PaymentLine(one, state_of(one, requests.get(one.pk), now), requests.get(one.pk)) for one in payments]


@dataclass(frozen=True, slots=True)
class BudgetRow:
    """A line of the budget's table: a category, a creator, or a campaign, with its figures."""

    name: str
    figures: Figures
    collaboration: Collaboration | None = None
    campaign: Campaign | None = None
    limit: Money | None = None

    @property
    def left(self) -> Money | None:
        """What of the limit is not engaged; below zero when it is passed."""
        return None if self.limit is None else self.limit - self.figures.engaged


def creator_rows(campaign: Campaign, budget: Budget) -> list[BudgetRow]:
    """A row per creator with any amount, the largest first; what is no creator's is left to the categories."""
    rows = {c.pk: c for c in Collaboration.objects.filter(campaign=campaign, pk__in=[p for p in budget.creators if p])}
    found = [
        BudgetRow(rows[pk].name, figures, collaboration=rows[pk])
        for pk, figures in budget.creators.items()
        if pk is not None and pk in rows
    ]
    return sorted(found, key=lambda row: (-row.figures.engaged.amount, -row.figures.proposed.amount, row.name))


def running_campaigns(workspace_id: int) -> list[Campaign]:
    """At most MOST_CAMPAIGNS of those that are not put away, the newest first."""
    running = Campaign.objects.filter(workspace_id=workspace_id, archived_at=None, is_template=False)
    return list(running.order_by("-created_at", "-pk")[:MOST_CAMPAIGNS])


def workspace_rows(workspace_id: int) -> list[BudgetRow]:
    """A row per running campaign, each in its own currency, the newest first."""
    campaigns = running_campaigns(workspace_id)
    budgets = campaign_budgets(campaigns)
    return [BudgetRow(c.name, budgets[c.pk].whole, campaign=c, limit=limit_of(c)) for c in campaigns]
