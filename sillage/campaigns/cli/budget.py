"""Commands of money: budgets, rates, payments. Sillage moves none; it remembers who said that it moved."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import click
from django.utils import timezone

from sillage.adapters.terminal import json_option, say, show_json, show_table
from sillage.campaigns.actions import budget as planning
from sillage.campaigns.actions import payments as actions
from sillage.campaigns.engine.budget import Category, Figures
from sillage.campaigns.engine.rates_file import rates_in
from sillage.campaigns.models import Payment
from sillage.campaigns.queries import budget as queries
from sillage.campaigns.queries.campaigns import get_campaign
from sillage.campaigns.queries.payments import accounting_csv, states_of
from sillage.governance.access import operator
from sillage.governance.engine.actors import Actor

CATEGORY = click.Choice([category.value for category in Category])
SIDES = ("planned", "proposed", "committed", "asked", "spent", "engaged")


@click.group()
def budget() -> None:
    """What campaigns plan, owe and have spent, before tax."""


def _sums(figures: Figures) -> tuple[Decimal, ...]:
    return tuple(getattr(figures, side).amount for side in SIDES)


@budget.command("show")
@click.argument("campaign_id", type=int, required=False)
@operator
@json_option
def budget_show(actor: Actor, campaign_id: int | None, as_json: bool) -> None:
    """A campaign's budget by line and creator; without a campaign, those of all that run."""
    if campaign_id is None:
        rows: list[tuple[Any, ...]] = [
            (row.campaign.pk if row.campaign else None, row.name, row.figures.planned.currency, *_sums(row.figures))
            for row in queries.workspace_rows(actor.workspace_id)
        ]
        return _table(["campaign", "name", "currency", *SIDES], rows, as_json)
    campaign = get_campaign(actor.workspace_id, campaign_id)
    found = queries.campaign_budget(campaign)
    limit = queries.limit_of(campaign)
    left = limit - found.whole.engaged if limit else None
    lines: list[tuple[Any, ...]] = [
        *(("line", category.value, campaign.currency, *_sums(f)) for category, f in found.categories.items()),
        *(
            ("creator", row.name, campaign.currency, *_sums(row.figures))
            for row in queries.creator_rows(campaign, found)
        ),
        ("sum", "", campaign.currency, *_sums(found.whole)),
    ]
    _table(["of", "name", "currency", *SIDES], lines, as_json)
    if found.whole.unknown:
        say(f"{found.whole.unknown} amounts have no rate and are not added up.")
    return say(f"Budget {limit or '-'}, left {left or '-'}.")


def _table(columns: list[str], rows: list[tuple[Any, ...]], as_json: bool) -> None:
    if as_json:
        return show_json([dict(zip(columns, row, strict=True)) for row in rows])
    return show_table("", columns, rows, right=list(SIDES))


@budget.command("plan")
@click.argument("campaign_id", type=int)
@click.argument("category", type=CATEGORY)
@click.argument("label")
@click.argument("amount", type=Decimal)
@click.option("--currency", default="", help="The campaign's if left out.")
@operator
def budget_plan(actor: Actor, campaign_id: int, category: str, label: str, amount: Decimal, currency: str) -> None:
    """Add a line, before tax."""
    line = planning.plan(
        campaign_id=campaign_id,
        category=Category(category),
        label=label,
        amount=amount,
        currency=currency,
        actor=actor,
        now=timezone.now(),
    )
    say(f"Line {line.pk} is planned.")


@budget.command("export")
@click.argument("campaign_id", type=int)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Standard output if left out.")
@operator
def budget_export(actor: Actor, campaign_id: int, output: Path | None) -> None:
    """The payments for accounting, as CSV."""
    payments = queries.list_payments(get_campaign(actor.workspace_id, campaign_id))
    content = accounting_csv(payments, timezone.now())
    if output is None:
        return click.echo(content, nl=False)
    output.write_bytes(content)
    return say(f"{len(payments)} payments are written to {output}.")


@budget.command("rates")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@operator
def budget_rates(actor: Actor, path: Path) -> None:
    """Keep exchange rates of a CSV file: base, quote, rate, on, source."""
    rates = rates_in(path.read_text(encoding="utf-8", errors="replace"))
    valued = planning.keep_rates(rates=rates, actor=actor, now=timezone.now())
    say(f"{len(rates)} rates are kept; {valued} amounts got their value.")


# -- payments --------------------------------------------------------------------------------------------------------


@click.group()
def payment() -> None:
    """Payments: asked for, approved by somebody else, paid elsewhere, confirmed here."""


@payment.command("list")
@click.argument("campaign_id", type=int)
@operator
@json_option
def payment_list(actor: Actor, campaign_id: int, as_json: bool) -> None:
    """A campaign's payments, the newest first."""
    _show(queries.list_payments(get_campaign(actor.workspace_id, campaign_id)), as_json)


def _show(payments: list[Payment], as_json: bool) -> None:
    states = states_of(payments, timezone.now())
    columns = ["id", "recipient", "what", "net", "vat", "gross", "currency", "state", "paid_on", "reference"]
    rows = [
        (p.pk, p.recipient, p.what, p.net, p.vat, p.gross, p.currency, states[p.pk].value, p.paid_on, p.reference)
        for p in payments
    ]
    if as_json:
        return show_json([dict(zip(columns, row, strict=True)) for row in rows])
    return show_table("", columns, rows, right=["id", "net", "vat", "gross"])


@payment.command("ask")
@click.argument("campaign_id", type=int)
@click.argument("recipient")
@click.argument("what")
@click.argument("net", type=Decimal)
@click.option("--currency", default="", help="The campaign's if left out.")
@click.option("--vat", "vat_rate", type=Decimal, help="Rate in percent; left out: none is charged.")
@click.option("--tax-note", default="", help="Such as a reverse charge, in the words of the invoice.")
@click.option("--due", "due_on", type=click.DateTime(["%Y-%m-%d"]), help="Last day to pay, as the invoice says.")
@click.option("--collaboration", "collaboration_id", type=int, help="Id; left out: a supplier.")
@click.option("--category", type=CATEGORY, default=Category.CREATOR_FEES.value, show_default=True)
@click.option("--beyond-budget", "is_beyond_meant", is_flag=True, help="It may pass the campaign's budget.")
@operator
@json_option
def payment_ask(actor: Actor, campaign_id: int, category: str, as_json: bool, **said: Any) -> None:
    """Ask for a payment, NET before tax: somebody else approves exactly this."""
    said["due_on"] = said["due_on"].date() if said["due_on"] else None
    made = actions.ask_payment(
        campaign_id=campaign_id, category=Category(category), **said, actor=actor, now=timezone.now()
    )
    _show([made], as_json)


@payment.command("confirm")
@click.argument("payment_id", type=int)
@click.option("--reference", required=True, help="Of the transfer.")
@click.option("--paid-on", type=click.DateTime(["%Y-%m-%d"]), help="Today if left out.")
@operator
@json_option
def payment_confirm(actor: Actor, payment_id: int, reference: str, paid_on: datetime | None, as_json: bool) -> None:
    """Say that an approved payment was made."""
    now = timezone.now()
    day = paid_on.date() if paid_on else timezone.localdate()
    done = actions.confirm_payment(payment_id=payment_id, paid_on=day, reference=reference, actor=actor, now=now)
    _show([done], as_json)


@payment.command("withdraw")
@click.argument("payment_id", type=int)
@operator
def payment_withdraw(actor: Actor, payment_id: int) -> None:
    """Take a request for payment back."""
    actions.withdraw_payment(payment_id=payment_id, actor=actor, now=timezone.now())
    say(f"Payment {payment_id} is withdrawn.")
