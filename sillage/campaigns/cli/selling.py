"""Commands of promo codes, tracked links and orders."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click
from django.utils import timezone

from sillage.adapters.terminal import json_option, say, show_json, show_table
from sillage.campaigns.actions import conversions as conversion_actions
from sillage.campaigns.actions import promo_codes as code_actions
from sillage.campaigns.actions import tracked_links as link_actions
from sillage.campaigns.actions.sales import count_sales
from sillage.campaigns.engine.codes import Validity, discount_of
from sillage.campaigns.engine.conversions import FIELDS
from sillage.campaigns.queries.campaigns import get_campaign
from sillage.campaigns.queries.seeding import seeding_lines
from sillage.campaigns.reading_sales import OrdersFile
from sillage.catalogue.reading import Reject
from sillage.governance.access import operator
from sillage.governance.engine.actors import Actor
from sillage.lib.errors import Malformed

DAY = click.DateTime(["%Y-%m-%d"])
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
SHOWN_REJECTS = 20


class ColumnNameMalformed(Malformed):
    """A column is named as FIELD=COLUMN."""


# -- codes -------------------------------------------------------------------------------------------------------------


@click.group()
def codes() -> None:
    """Promo codes of a campaign's creators."""


@codes.command("make")
@click.argument("campaign_id", type=int)
@click.option("--discount", default="", help="10%, 5 EUR, shipping; nothing by default.")
@click.option("--from", "first", type=DAY, help="First day.")
@click.option("--until", "last", type=DAY, help="Last day.")
@operator
@json_option
def codes_make(
    actor: Actor, campaign_id: int, discount: str, first: datetime | None, last: datetime | None, as_json: bool
) -> None:
    """A code for each creator that has none, made from the handle. None looks like another."""
    made = code_actions.make_codes(
        campaign_id=campaign_id,
        discount=discount_of(discount),
        validity=Validity(first and first.date(), last and last.date()),
        actor=actor,
        now=timezone.now(),
    )
    lines = [(c.pk, c.collaboration.name, c.code) for c in made]
    if as_json:
        return show_json([dict(zip(("id", "creator", "code"), line, strict=True)) for line in lines])
    return show_table("", ["id", "creator", "code"], lines, right=["id"])


@codes.command("import")
@click.argument("campaign_id", type=int)
@click.argument("file", type=FILE)
@click.option("--separator", default=",", show_default=True)
@click.option("--dry-run", is_flag=True, help="Show what would come in and every refused row; write nothing.")
@operator
@json_option
def codes_import(actor: Actor, campaign_id: int, file: Path, separator: str, dry_run: bool, as_json: bool) -> None:
    """Bring in a shop's CSV of codes: code and handle, and if you like network, discount, starts_on, ends_on."""
    done = code_actions.import_codes(
        campaign_id=campaign_id,
        path=file,
        separator=separator,
        actor=actor,
        now=timezone.now(),
        dry_run=dry_run,
    )
    if as_json:
        return show_json({**asdict(done), "rejects": [_as_dict(r) for r in done.rejects]})
    _say_rejects(done.rejects)
    verb = "would come in" if done.is_dry_run else "came in"
    return click.echo(f"{done.new} codes {verb}, {done.known} were known, {len(done.rejects)} were set aside.")


@codes.command("end")
@click.argument("code_id", type=int)
@operator
def codes_end(actor: Actor, code_id: int) -> None:
    """End a code. The shop has to end it too."""
    code = code_actions.end_code(code_id=code_id, actor=actor, now=timezone.now())
    click.echo(f"{code.code} is ended here; end it in the shop too.")


# -- links -------------------------------------------------------------------------------------------------------------


@click.group()
def links() -> None:
    """Tracked links of a campaign's creators."""


@links.command("make")
@click.argument("campaign_id", type=int)
@click.option("--target", default="", help="An https page of the shop; by default the campaign's.")
@operator
@json_option
def links_make(actor: Actor, campaign_id: int, target: str, as_json: bool) -> None:
    """A link for each creator that has none. It counts visits per hour and keeps nothing about visitors."""
    made = link_actions.make_links(campaign_id=campaign_id, target=target, actor=actor, now=timezone.now())
    columns = ("id", "creator", "path", "target")
    lines = [(link.pk, link.collaboration.name, f"/r/{link.code}", link.target) for link in made]
    if as_json:
        return show_json([dict(zip(columns, line, strict=True)) for line in lines])
    return show_table("", columns, lines, right=["id"])


@links.command("end")
@click.argument("link_id", type=int)
@operator
def links_end(actor: Actor, link_id: int) -> None:
    """End a link: it leads nowhere any more."""
    link = link_actions.end_link(link_id=link_id, actor=actor, now=timezone.now())
    click.echo(f"/r/{link.code} leads nowhere any more.")


@links.command("count")
@click.argument("campaign_id", type=int)
@operator
@json_option
def links_count(actor: Actor, campaign_id: int, as_json: bool) -> None:
    """Count clicks, orders and revenue now, and keep a receipt for each number."""
    count_sales(campaign_id=campaign_id, actor=actor, now=timezone.now())
    campaign = get_campaign(actor.workspace_id, campaign_id)
    names = ("clicks", "machine_clicks", "orders", "revenue")
    found = seeding_lines(campaign.pk, limit=500).items
    numbers = [(line.collaboration, [line.sales.receipt(name) for name in names]) for line in found]
    if as_json:
        return show_json(
            [
                {
                    "id": c.pk,
                    **{n: r and {"value": r.value, "receipt": r.key} for n, r in zip(names, receipts, strict=True)},
                }
                for c, receipts in numbers
            ]
        )
    lines = [(c.name, *(None if r is None else f"{r.value:,.2f}".removesuffix(".00") for r in rs)) for c, rs in numbers]
    return show_table("", ["creator", *(n.replace("_", " ") for n in names)], lines, right=[*names, "machine clicks"])


# -- orders ------------------------------------------------------------------------------------------------------------


@click.group()
def conversions() -> None:
    """Orders that a shop reports."""


@conversions.command("import")
@click.argument("file", type=FILE)
@click.option("--column", "columns", multiple=True, help=f"FIELD=COLUMN; fields: {', '.join(FIELDS)}. May be repeated.")
@click.option("--separator", default=",", show_default=True)
@click.option("--currency", default="", help="Where no column says it.")
@click.option("--time", "time_format", default="", help="How times are written, such as %d/%m/%Y; ISO 8601 by default.")
@click.option("--dry-run", is_flag=True, help="Show what would come in and every refused row; write nothing.")
@operator
@json_option
def conversions_import(
    actor: Actor,
    file: Path,
    columns: tuple[str, ...],
    separator: str,
    currency: str,
    time_format: str,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Bring in a CSV of orders and refunds. The same order twice is one; files that speak of buyers are refused."""
    said = OrdersFile(_columns(columns), separator, currency, time_format)
    done = conversion_actions.import_conversions(path=file, said=said, actor=actor, now=timezone.now(), dry_run=dry_run)
    if as_json:
        return show_json({**asdict(done), "rejects": [_as_dict(r) for r in done.rejects]})
    _say_rejects(done.rejects)
    verb = "would come in" if done.is_dry_run else "came in"
    where = f", in {done.rejects_path}" if done.rejects_path else ""
    click.echo(
        f"{done.new} of {done.rows} rows {verb}; {done.known} were known, {done.uncredited} had no code or link."
    )
    return click.echo(f"{done.refused} were set aside{where}.")


@conversions.command("secret")
@click.option("--end", type=click.Choice(["old", "all"]), help="End the one before the newest, or all.")
@operator
def conversions_secret(actor: Actor, end: str | None) -> None:
    """Make the secret with which the shop signs its messages. It is shown this once."""
    if end is not None:
        conversion_actions.end_feed_secrets(actor=actor, now=timezone.now(), only_old=end == "old")
        return click.echo("Ended. What it signs is refused from now on.")
    return click.echo(conversion_actions.make_feed_secret(actor=actor, now=timezone.now()))


def _columns(given: tuple[str, ...]) -> dict[str, str]:
    wrong = next((pair for pair in given if "=" not in pair), None)
    if wrong is not None:
        raise ColumnNameMalformed(f"“{wrong}” names no column.", "Write FIELD=COLUMN, such as order_id=Name.")
    return dict(pair.split("=", 1) for pair in given)


def _say_rejects(rejects: tuple[Reject, ...]) -> None:
    for reject in rejects[:SHOWN_REJECTS]:
        say(f"set aside {reject.place}: {reject.field} {reject.reason}")


def _as_dict(reject: Reject) -> dict[str, object]:
    return {"place": reject.place, "field": reject.field, "reason": reject.reason}
