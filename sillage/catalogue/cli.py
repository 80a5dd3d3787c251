"""Commands of the catalogue: import files, connect networks, see what is covered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from django.conf import settings
from django.utils import timezone

from sillage.adapters.terminal import json_option, progress, say, show_json, show_table
from sillage.catalogue import queries
from sillage.catalogue.actions.brands import add_brand, change_brand, import_brands, remove_brand
from sillage.catalogue.actions.connecting import connect as remember
from sillage.catalogue.actions.connecting import fetch
from sillage.catalogue.actions.import_run import ImportReport
from sillage.catalogue.actions.imports import import_file
from sillage.catalogue.actions.refreshing import drop_overdue, refresh_due
from sillage.catalogue.connectors import connectors
from sillage.catalogue.engine.brand_file import read_brands
from sillage.catalogue.engine.brands import LISTS, BrandSaid
from sillage.catalogue.engine.mapping import Mapping
from sillage.catalogue.engine.mapping_parser import parse_mapping
from sillage.catalogue.engine.mapping_text import MappingMalformed
from sillage.catalogue.engine.shipped import MappingUnknown, shipped_mappings
from sillage.catalogue.models import Connection
from sillage.catalogue.reading import Reject
from sillage.catalogue.uploaded import written_as
from sillage.governance.access import operator
from sillage.governance.engine.actors import Actor
from sillage.lib.errors import OutsideError, Refusal

SHOWN_REJECTS = 20
WITHHELD = (
    "YouTube's terms forbid to derive themes, profiles or scores from what its API gives, unless your API project is"
    " audited and the amendment accepted: these accounts are found by name and words only. Then set"
    " SILLAGE_YOUTUBE_DERIVED_METRICS=true."
)


def _mapping(name: str) -> Mapping:
    if name in shipped_mappings():
        return shipped_mappings()[name]
    path = Path(name)
    if not path.is_file():
        raise MappingUnknown(
            f"There is no mapping “{name}”.",
            f"Name a TOML file, or one that comes with Sillage: {', '.join(sorted(shipped_mappings()))}.",
        )
    try:
        return parse_mapping(path.read_text(encoding="utf-8"), name)
    except UnicodeDecodeError as error:
        raise MappingMalformed(f"{name} is not UTF-8: byte {error.start}.", "Save it as UTF-8.", name) from error


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--mapping", "mapping_name", required=True, help="A mapping that comes with Sillage, or a TOML file.")
@click.option("--sheet", default="", help="The sheet of a workbook; without it the first one.")
@click.option("--dry-run", is_flag=True, help="Show what would come in and every refused row; write nothing.")
@operator
@json_option
def import_(actor: Actor, file: Path, mapping_name: str, sheet: str, dry_run: bool, as_json: bool) -> None:
    """Bring in a CSV, Excel (.xlsx), JSONL or Parquet FILE, plain or .gz. A refused row is set aside, the rest comes in."""
    mapping = written_as(_mapping(mapping_name), sheet=sheet)
    shown = 0

    def on_reject(reject: Reject) -> None:
        nonlocal shown
        shown += 1
        if dry_run or shown <= SHOWN_REJECTS:
            say(f"set aside {reject.place}: {reject.field} {reject.reason}")

    with progress() as bars:
        bar = bars.add_task(f"Importing {file.name}", total=100)
        report = import_file(
            workspace_id=actor.workspace_id,
            path=file,
            mapping=mapping,
            actor=actor,
            now=timezone.now(),
            on_progress=lambda p: bars.update(bar, completed=round(100 * p.share)),
            on_reject=on_reject,
            dry_run=dry_run,
        )
    show_json(_as_dict(report)) if as_json else _show_report(file, report)


def _as_dict(report: ImportReport) -> dict[str, object]:
    return {
        "rows": report.rows,
        "refused": report.refused,
        "done": asdict(report.done),
        "rejects_path": report.rejects_path,
        "columns_unused": report.columns_unused,
        "sheet": report.sheet,
        "sheets_left": report.sheets_left,
        "resumed_at": report.resumed_at,
        "already_imported_at": report.already_imported_at,
        "is_dry_run": report.is_dry_run,
    }


def _show_report(file: Path, report: ImportReport) -> None:
    if report.already_imported_at is not None:
        click.echo(f"{file.name} came in on {report.already_imported_at:%Y-%m-%d %H:%M} already: nothing changed.")
    rows = [
        (kind, kept.new, kept.changed, kept.unchanged)
        for kind, kept in ((k, getattr(report.done, k)) for k in ("accounts", "posts", "comments", "observations"))
    ]
    title = "Would come in" if report.is_dry_run else "Came in"
    show_table(title, ["", "new", "changed", "unchanged"], rows, right=["new", "changed", "unchanged"])
    if report.on_sheets:
        say(report.on_sheets)
    if report.columns_unused:
        say(f"Columns not used: {', '.join(report.columns_unused)}.")
    if report.refused:
        where = f", in {report.rejects_path}" if report.rejects_path else ""
        click.echo(f"{report.refused} of {report.rows} rows were set aside{where}.")
    if report.done.forgotten:
        click.echo(f"Left out, because the person behind them asked to be forgotten: {report.done.forgotten} accounts.")
    came = report.done.posts.new + report.done.posts.changed
    if came and not report.is_dry_run and report.already_imported_at is None:
        say("Next: `sillage enrich` reads the new posts.")


@click.command()
@click.argument("network", required=False, type=click.Choice(connectors()))
@click.argument("targets", nargs=-1)
@click.option("--list", "list_them", is_flag=True, help="List connections and how far they got.")
@click.option("--later", is_flag=True, help="Remember the targets; do not fetch now.")
@click.option(
    "--refresh", is_flag=True, help="Read again what must be refreshed soon, and delete what was not in time."
)
@operator
@json_option
def connect(
    actor: Actor,
    network: str | None,
    targets: tuple[str, ...],
    list_them: bool,
    later: bool,
    refresh: bool,
    as_json: bool,
) -> None:
    """Fetch creators from a NETWORK: handles, channel ids or feed addresses. Without targets, go on with those known."""
    if list_them or network is None:
        return _list_connections(actor, as_json)
    if network == "youtube" and not settings.SILLAGE.youtube_derived_metrics:
        say(WITHHELD)
    if refresh:
        return _refresh(actor, network, as_json)
    now = timezone.now()
    if targets:
        chosen = remember(network=network, targets=targets, actor=actor, now=now)
    else:
        known = queries.list_connections(actor.workspace_id)
        chosen = [c for c in known if c.network == network and not c.is_paused and (not c.next_at or c.next_at <= now)]
    if not chosen:
        say(f"Nothing of {network} is due. Name handles or addresses to fetch, or see `sillage connect --list`.")
    if later:
        return click.echo(f"{len(chosen)} targets of {network} are remembered.")
    return _fetch(actor, chosen, as_json)


def _fetch(actor: Actor, chosen: Sequence[Connection], as_json: bool) -> None:
    """Visit each; one that fails does not keep the others waiting. Raises the first failure at the end."""
    failed: list[OutsideError | Refusal] = []
    done: list[dict[str, object]] = []
    for connection in chosen:
        try:
            visited = fetch(
                connection_id=connection.pk,
                actor=actor,
                now=timezone.now(),
                on_portion=lambda portion: say(f"  … {len(portion.batch.posts)} posts"),
            )
        except (OutsideError, Refusal) as error:
            failed.append(error)
            say(f"{connection.target}: {error.message} {error.hint}")
            continue
        done.append({"target": connection.target, **asdict(visited)})
        if not as_json:
            click.echo(f"{connection.target}: {visited.posts} posts, {visited.comments} comments.")
        for line in (*visited.set_aside, *visited.notes):
            say(f"  {line}")
    if as_json:
        show_json(done)
    if failed:
        raise failed[0]


def _refresh(actor: Actor, network: str, as_json: bool) -> None:
    done = refresh_due(network=network, actor=actor, now=timezone.now())
    dropped = drop_overdue(actor=actor, now=timezone.now())
    if as_json:
        return show_json({**asdict(done), "dropped": dropped})
    click.echo(f"{done.accounts} accounts and {done.posts} posts were read again; {done.gone} accounts are gone.")
    return show_table(
        "Deleted, because it was not refreshed in time", ["what", "rows"], dropped.items(), right=["rows"]
    )


def _list_connections(actor: Actor, as_json: bool) -> None:
    rows = [
        (c.network, c.target, c.fetched_at, "paused" if c.is_paused else c.next_at, c.last_error)
        for c in queries.list_connections(actor.workspace_id)
    ]
    columns = ["network", "target", "fetched_at", "next_at", "last_error"]
    if as_json:
        return show_json([dict(zip(columns, row, strict=True)) for row in rows])
    return show_table("", columns, rows)


@click.command()
@operator
@json_option
def coverage(actor: Actor, as_json: bool) -> None:
    """What the catalogue covers, per network, country and language, and what it does not."""
    found = queries.get_coverage(actor.workspace_id)
    if as_json:
        return show_json(asdict(found))
    rows = [
        (
            c.network,
            c.country,
            c.language,
            c.accounts,
            c.posts,
            f"{c.newest_fetch_at:%Y-%m-%d}" if c.newest_fetch_at else None,
            f"{c.authenticated_share:.0%}",
            f"{c.followers_known_share:.0%}",
        )
        for c in found.cells
    ]
    columns = ["network", "country", "language", "accounts", "posts", "fetched", "authenticated", "followers known"]
    show_table("", columns, rows, right=["accounts", "posts", "authenticated", "followers known"])
    click.echo(f"Nothing from: {', '.join(found.networks_without_accounts) or 'no network is empty'}.")
    click.echo(
        f"{found.accounts_without_posts} accounts without posts, {found.accounts_without_country} without a country,"
        f" {found.accounts_without_language} without a language."
    )
    return None


NEXT_READING = "Next: `sillage enrich` reads the posts again for it."


@click.group()
def brands() -> None:
    """Brands whose mentions are looked for."""


@brands.command("list")
@operator
@json_option
def brands_list(actor: Actor, as_json: bool) -> None:
    """List brands, how they are recognised, and how many accounts mention them."""
    mentions = queries.mentions_of_brands(actor.workspace_id)
    found = [
        {
            **{name: getattr(brand, name) for name in ("key", "name", *LISTS, "sector")},
            "accounts": mentions.get(brand.key),
        }
        for brand in queries.list_brands(actor.workspace_id)
    ]
    if as_json:
        return show_json(found)
    shown = [[", ".join(v) if isinstance(v, list) else v for v in one.values()] for one in found]
    return show_table("", ["key", "name", *LISTS, "sector", "accounts"], shown, right=["accounts"])


@brands.command("add")
@click.argument("name")
@click.option("--alias", "aliases", multiple=True, help="Another name; may be repeated.")
@click.option("--handle", "handles", multiple=True, help="May be repeated.")
@click.option("--hashtag", "hashtags", multiple=True, help="May be repeated.")
@click.option("--sector", default="")
@click.option("--key", default="", help="Without it, one is made of the name.")
@operator
def brands_add(actor: Actor, key: str, **given: Any) -> None:
    """Have a brand called NAME looked for."""
    brand = add_brand(said=BrandSaid(**given), key=key, actor=actor, now=timezone.now())
    click.echo(f"{brand.name} is looked for, as “{brand.key}”.")
    say(NEXT_READING)


@brands.command("change")
@click.argument("key")
@click.option("--name", default=None)
@click.option("--alias", "aliases", multiple=True, default=None, help="All other names from now on; '' for none.")
@click.option("--handle", "handles", multiple=True, default=None, help="All handles from now on; '' for none.")
@click.option("--hashtag", "hashtags", multiple=True, default=None, help="All hashtags from now on; '' for none.")
@click.option("--sector", default=None)
@operator
def brands_change(actor: Actor, key: str, **given: Any) -> None:
    """Change what is given of a brand; its KEY stays."""
    changes = {name: value for name, value in given.items() if value is not None and value != ()}
    brand = change_brand(key=key, **changes, actor=actor, now=timezone.now())
    click.echo(f"{brand.name} is changed.")
    say(NEXT_READING)


@brands.command("remove")
@click.argument("key")
@click.option("--dry-run", is_flag=True, help="Say what would go; remove nothing.")
@operator
def brands_remove(actor: Actor, key: str, dry_run: bool) -> None:
    """Look for a brand no more; what names its KEY stays as it is."""
    name = queries.get_brand(actor.workspace_id, key).name
    if dry_run:
        return click.echo(f"Would remove {name}.")
    remove_brand(key=key, actor=actor, now=timezone.now())
    click.echo(f"{name} is looked for no more.")
    return say(NEXT_READING)


@brands.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@operator
@json_option
def brands_import(actor: Actor, file: Path, as_json: bool) -> None:
    """Bring in a CSV FILE with the columns name, aliases, handles, hashtags, sector. A refused line is named."""
    lines = read_brands(file.name, file.read_bytes())
    done = import_brands(file=file.name, lines=lines, actor=actor, now=timezone.now())
    refused = [
        {"place": line.place, "reason": line.refusal.message, "hint": line.refusal.hint} for line in done.refused
    ]
    if as_json:
        return show_json({"new": done.new, "changed": done.changed, "same": done.same, "refused": refused})
    for line in refused:
        say("refused {place}: {reason} {hint}".format(**line))
    click.echo(f"New {done.new}, added to {done.changed}, as they were {done.same}, refused {len(refused)}.")
    return say(NEXT_READING) if done.new + done.changed else None
