"""Commands about accounts as a whole: authenticity, expected results, originality, archives of brands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from django.utils import timezone

from sillage.adapters.terminal import json_option, show_json, show_table
from sillage.catalogue import queries as catalogue
from sillage.catalogue.models import Account
from sillage.governance.access import operator
from sillage.governance.engine.actors import Actor
from sillage.understanding.actions.archiving import archive_texts, empty_archive
from sillage.understanding.actions.authenticity import measure_authenticity
from sillage.understanding.actions.contesting import answer_contest, contest
from sillage.understanding.actions.expecting import expect_results
from sillage.understanding.actions.originality import measure_originality
from sillage.understanding.engine.archive_file import texts_in
from sillage.understanding.engine.statements import Statement
from sillage.understanding.models import AccountSignal
from sillage.understanding.queries.account_sections import expected_section
from sillage.understanding.queries.account_signals import (
    AUTHENTICITY,
    EXPECTED,
    ORIGINALITY,
    find_account_signal,
    list_contests,
)
from sillage.understanding.queries.originality import list_archive
from sillage.understanding.told import told

MARKS = {True: "fits", False: "does not fit", None: "-"}


@click.group()
def authenticity() -> None:
    """Whether the numbers of accounts fit together, and what is said against it."""


@click.group()
def expected() -> None:
    """What next posts may come to, with intervals."""


@click.group()
def originality() -> None:
    """Posts that say what was published before, and archives of brands."""


def _signal(actor: Actor, key: str, enricher: str) -> tuple[Account, AccountSignal | None]:
    account = catalogue.get_account(actor.workspace_id, key)
    return account, find_account_signal(account.pk, enricher)


def _as_json(account: Account, signal: AccountSignal | None) -> dict[str, Any]:
    if signal is None:
        return {"account": account.key, "value": None}
    names = ("version", "value", "confidence", "evidence", "made_at")
    return {"account": account.key, **{name: getattr(signal, name) for name in names}}


def _rows(signal: AccountSignal) -> list[tuple[str, str]]:
    return [(MARKS[line["fits"]], told(Statement.from_json(line))) for line in signal.evidence]


@authenticity.command("show")
@click.argument("key")
@operator
@json_option
def authenticity_show(actor: Actor, key: str, as_json: bool) -> None:
    """Show the interval of account KEY (network:handle) with its evidence and what is said against it."""
    account, signal = _signal(actor, key, AUTHENTICITY)
    if as_json:
        return show_json(_as_json(account, signal))
    if signal is None:
        return click.echo("Nobody has looked at this account yet. Run `sillage authenticity measure`.")
    low, high = signal.value["low"], signal.value["high"]
    title = "not enough data" if low is None else f"between {100 * low:.0f} % and {100 * high:.0f} %"
    show_table(f"{account}: {title}", ["", "evidence"], _rows(signal))
    for said in list_contests(account.pk, AUTHENTICITY):
        click.echo(f"{said.pk}  {said.stated_by}: {said.text}\n    {said.answer or '(not answered)'}")
    return None


@authenticity.command("measure")
@operator
@json_option
def authenticity_measure(actor: Actor, as_json: bool) -> None:
    """Look at every account again. What has not changed stays."""
    changed = measure_authenticity(actor=actor, now=timezone.now())
    show_json({"changed": changed}) if as_json else click.echo(f"Something new is said of {changed} accounts.")


@authenticity.command("contest")
@click.argument("key")
@click.option("--by", required=True, help="Who says it.")
@click.option("--enricher", default=AUTHENTICITY, type=click.Choice([AUTHENTICITY, ORIGINALITY]))
@click.argument("text")
@operator
def authenticity_contest(actor: Actor, key: str, by: str, enricher: str, text: str) -> None:
    """Keep what somebody says against what was found about account KEY."""
    account = catalogue.get_account(actor.workspace_id, key)
    made = contest(account_id=account.pk, enricher=enricher, text=text, stated_by=by, actor=actor, now=timezone.now())
    click.echo(f"Statement {made.pk} is kept.")


@authenticity.command("answer")
@click.argument("number", type=int)
@click.argument("text")
@operator
def authenticity_answer(actor: Actor, number: int, text: str) -> None:
    """Answer statement NUMBER, once."""
    answer_contest(contest_id=number, answer=text, actor=actor, now=timezone.now())
    click.echo(f"Statement {number} is answered.")


@expected.command("show")
@click.argument("key")
@operator
@json_option
def expected_show(actor: Actor, key: str, as_json: bool) -> None:
    """Show what a next post of account KEY may come to, per format."""
    account, signal = _signal(actor, key, EXPECTED)
    if as_json:
        return show_json(_as_json(account, signal))
    if signal is None:
        return click.echo("Nothing has been expected of this account yet. Run `sillage expected measure`.")
    lines = [(x.format, x.measure, x.low, x.point, x.high, x.posts) for x in expected_section(account).lines]
    columns = ["format", "number", "low", "middle", "high", "posts"]
    show_table(f"{account}: nine times in ten between low and high", columns, lines, right=columns[2:])
    return show_table("", ["", "why"], _rows(signal))


@expected.command("measure")
@operator
@json_option
def expected_measure(actor: Actor, as_json: bool) -> None:
    """Train where posts changed, and expect the next posts of every account."""
    changed = expect_results(actor=actor, now=timezone.now())
    show_json({"changed": changed}) if as_json else click.echo(f"Something new is expected of {changed} accounts.")


@originality.command("show")
@click.argument("key")
@operator
@json_option
def originality_show(actor: Actor, key: str, as_json: bool) -> None:
    """Show how many posts of account KEY say what was published before, and how unlike its theme it speaks."""
    account, signal = _signal(actor, key, ORIGINALITY)
    if as_json:
        return show_json(_as_json(account, signal))
    if signal is None:
        return click.echo("These posts have not been compared yet. Run `sillage originality measure`.")
    return show_table(str(account), ["", "evidence"], _rows(signal))


@originality.command("measure")
@operator
@json_option
def originality_measure(actor: Actor, as_json: bool) -> None:
    """Compare what all accounts published."""
    changed = measure_originality(actor=actor, now=timezone.now())
    show_json({"changed": changed}) if as_json else click.echo(f"Something new is said of {changed} accounts.")


@originality.command("archive")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--brand", required=True, help="Key of the brand.")
@operator
def originality_archive(actor: Actor, file: Path, brand: str) -> None:
    """Add texts of FILE (.csv, .jsonl, or plain text with blank lines between) to a brand's archive."""
    texts = texts_in(file.name, file.read_bytes())
    added = archive_texts(brand_key=brand, texts=texts, actor=actor, now=timezone.now())
    click.echo(f"{added} of {len(texts)} texts are new in the archive of {brand}.")


@originality.command("archives")
@operator
@json_option
def originality_archives(actor: Actor, as_json: bool) -> None:
    """List the brands' archives."""
    found = list_archive(actor.workspace_id)
    if as_json:
        return show_json([{"brand": brand, "texts": n} for brand, n in found])
    return show_table("", ["brand", "texts"], found, right=["texts"])


@originality.command("empty")
@click.option("--brand", required=True, help="Key of the brand.")
@operator
def originality_empty(actor: Actor, brand: str) -> None:
    """Remove all texts of a brand's archive."""
    removed = empty_archive(brand_key=brand, actor=actor, now=timezone.now())
    click.echo(f"{removed} texts are gone from the archive of {brand}.")
