"""Entering and withdrawing what a creator gets."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from sillage.campaigns.engine.budget import EURO, worth_in
from sillage.campaigns.engine.considerations import Kind
from sillage.campaigns.models import Consideration
from sillage.campaigns.queries.budget import list_rates
from sillage.campaigns.queries.campaigns import get_collaboration
from sillage.campaigns.queries.considerations import get_consideration
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, ActorKind, Right, require
from sillage.lib.errors import Malformed, Refusal
from sillage.lib.money import Money
from sillage.lib.sentences import Sentence
from sillage.lib.text import without_controls

MOST = Decimal("9999999999.99")


class ConsiderationMalformed(Malformed):
    """Something that a creator gets is not said in full, or says two things."""

    title = "Malformed consideration"


class ConsiderationGone(Refusal):
    """It was withdrawn already."""


class NotEnteredByAPerson(Refusal):
    """Money is a person's to promise."""

    status = 403


@transaction.atomic
def add_consideration(
    *,
    collaboration_id: int,
    kind: Kind,
    text: str,
    actor: Actor,
    now: datetime,
    amount: Decimal | None = None,
    currency: str = EURO,
    percent: Decimal | None = None,
    is_estimate: bool = False,
    granted_on: date | None = None,
) -> Consideration:
    """Enter what a creator gets, before tax. Of a percentage the amount is its cap, or an estimate marked as one.

    Raises ConsiderationMalformed. A value that is not known is left out, and is then asked for.
    """
    _refuse_machine(actor)
    _refuse_malformed(kind, text, amount, percent, is_estimate)
    collaboration = get_collaboration(actor.workspace_id, collaboration_id, lock=True)
    made = Consideration(
        collaboration=collaboration,
        kind=kind.value,
        percent=percent,
        is_estimate=is_estimate,
        text=without_controls(text).strip(),
        granted_on=granted_on or now.date(),
    )
    made.entered_by_id, made.entered_name, made.entered_at = actor.member_id, actor.name, now
    _value(made, None if amount is None else Money(amount, currency.upper()).rounded, currency.upper())
    made.save()
    governance.record(
        verb="campaigns.consideration_added",
        subject_kind="collaboration",
        subject_id=collaboration.pk,
        actor=actor,
        now=now,
        facts={"consideration": made.pk, **_facts(made)},
    )
    return made


def _refuse_machine(actor: Actor) -> None:
    require(actor, Right.CAMPAIGN)
    if actor.kind is not ActorKind.PERSON:
        raise NotEnteredByAPerson(
            Sentence("%(actor)s is not a person.", actor=actor.name),
            Sentence("A machine may suggest; a person promises."),
        )


def _value(made: Consideration, money: Money | None, currency: str) -> None:
    """What it is worth, and the rates with which that was worked out, as part of entering it."""
    collaboration = made.collaboration
    quotes = (EURO, collaboration.campaign.currency)
    worth = worth_in(quotes, money, list_rates(collaboration.workspace_id), made.granted_on)
    made.amount, made.currency = (money.amount if money else None), currency
    made.euros, made.in_budget = worth.amounts
    made.rates = list(worth.rates)


def _facts(made: Consideration) -> dict[str, Any]:
    return {
        "kind": made.kind,
        "amount": None if made.amount is None else f"{made.amount:.2f}",
        "currency": made.currency,
        "percent": None if made.percent is None else f"{made.percent:.2f}",
        "is_estimate": made.is_estimate,
        "granted_on": made.granted_on.isoformat(),
    }


def _refuse_malformed(
    kind: Kind, text: str, amount: Decimal | None, percent: Decimal | None, is_estimate: bool
) -> None:
    if not text.strip() or len(text.strip()) > 300:
        raise ConsiderationMalformed(
            Sentence("Say in a few words what is given."), Sentence("Up to 300 characters."), "text"
        )
    if amount is not None and not (amount.is_finite() and 0 <= amount <= MOST):
        raise ConsiderationMalformed(
            Sentence("%(amount)s is no amount.", amount=amount),
            Sentence("Write what it is worth before tax."),
            "amount",
        )
    if kind is Kind.PERCENTAGE:
        if percent is None or not (percent.is_finite() and 0 < percent <= 100):
            raise ConsiderationMalformed(
                Sentence("A percentage needs how many percent."), Sentence("Between 0 and 100."), "percent"
            )
    elif percent is not None:
        raise ConsiderationMalformed(
            Sentence("Only a percentage of sales has percent."), Sentence("Choose that kind."), "percent"
        )
    elif is_estimate:
        raise ConsiderationMalformed(
            Sentence("Only a percentage is estimated."), Sentence("State the value of the rest."), "is_estimate"
        )
    if kind is Kind.MONEY and amount is None:
        raise ConsiderationMalformed(Sentence("Money needs its amount."), Sentence("Write it before tax."), "amount")


@transaction.atomic
def withdraw_consideration(*, consideration_id: int, actor: Actor, now: datetime) -> Consideration:
    """Take something back that was entered. The row stays, and counts no more."""
    require(actor, Right.CAMPAIGN)
    found = get_consideration(actor.workspace_id, consideration_id)
    get_collaboration(actor.workspace_id, found.collaboration_id, lock=True)
    if not Consideration.objects.filter(pk=found.pk, withdrawn_at=None).update(
        withdrawn_at=now, withdrawn_name=actor.name
    ):
        raise ConsiderationGone(
            Sentence("“%(found)s” was withdrawn already.", found=found.text),
            Sentence("See what stands on the collaboration’s page."),
        )
    governance.record(
        verb="campaigns.consideration_withdrawn",
        subject_kind="collaboration",
        subject_id=found.collaboration_id,
        actor=actor,
        now=now,
        facts={"consideration": found.pk, **_facts(found)},
    )
    found.refresh_from_db()
    return found
