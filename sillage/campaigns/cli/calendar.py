"""Commands of the calendar."""

from __future__ import annotations

from datetime import datetime, timedelta

import click
from django.urls import reverse
from django.utils import timezone

from sillage.adapters.terminal import json_option, show_json, show_table
from sillage.campaigns.engine.calendar import Range
from sillage.campaigns.queries.calendar import Scope, list_dates
from sillage.campaigns.queries.campaigns import get_campaign
from sillage.governance import actions as governance
from sillage.governance.access import operator
from sillage.governance.engine.actors import Actor
from sillage.governance.engine.links import Purpose

DAY = click.DateTime(["%Y-%m-%d"])


@click.group()
def calendar() -> None:
    """Everything dated in campaigns."""


@calendar.command("list")
@click.option("--from", "first", type=DAY, help="First day; today by default.")
@click.option("--days", default=31, show_default=True, type=click.IntRange(1, 800))
@click.option("--campaign", "campaign_id", type=int, help="Only this campaign.")
@operator
@json_option
def calendar_list(actor: Actor, first: datetime | None, days: int, campaign_id: int | None, as_json: bool) -> None:
    """What is dated on the coming days."""
    if campaign_id is not None:
        get_campaign(actor.workspace_id, campaign_id)
    begins = first.date() if first else timezone.localdate()
    found = list_dates(Scope(actor.workspace_id, Range(begins, begins + timedelta(days=days - 1)), campaign_id))
    columns = ("from", "until", "what", "name", "campaign", "done")
    lines = [
        (
            d.starts_on.isoformat(),
            d.ends_on.isoformat() if d.is_span else None,
            d.kind.value,
            f"{d.name}: {d.private}" if d.private else d.name,
            d.campaign or None,
            "yes" if d.is_done else "",
        )
        for d in found
    ]
    if as_json:
        return show_json([dict(zip(columns, line, strict=True)) for line in lines])
    return show_table("", columns, lines)


@calendar.command("link")
@click.argument("label")
@click.option("--campaign", "campaign_id", type=int, help="Only this campaign.")
@operator
def calendar_link(actor: Actor, label: str, campaign_id: int | None) -> None:
    """Print the path of an address for a calendar program. LABEL says whose it is; the secret is shown this once."""
    now = timezone.now()
    subject = ("workspace", actor.workspace_id)
    if campaign_id is not None:
        subject = ("campaign", get_campaign(actor.workspace_id, campaign_id).pk)
    _link, secret = governance.open_link(
        purpose=Purpose.CALENDAR,
        subject_kind=subject[0],
        subject_id=subject[1],
        label=label,
        expires_at=now + timedelta(days=365),
        actor=actor,
        now=now,
    )
    click.echo(reverse("calendar_feed", args=[secret]))
