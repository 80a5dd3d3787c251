"""Commands of the law check: which packs there are, what they say of a caption, and how to make one's own."""

from __future__ import annotations

import sys
import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from sillage.adapters.terminal import json_option, out, show_json, show_table
from sillage.governance.engine.law import FORMATS, PLACES, LawFinding
from sillage.governance.engine.law_asked import CONSIDERATIONS, OTHER_SECTOR, answer_of
from sillage.governance.engine.law_cases import untried
from sillage.governance.engine.law_reading import law_book, version_of
from sillage.governance.engine.law_trial import failed_cases
from sillage.governance.engine.law_words import NOT_ADVICE, UNSEEN, as_asked, as_told, change_of, question_of
from sillage.governance.law_folder import copy_pack, read_pack_folder
from sillage.lib.errors import Malformed
from sillage.lib.toml import read_toml, syntax_error_of


class FactsFileMalformed(Malformed):
    """A file of facts for the law check cannot be read."""

    title = "Malformed facts"


class LawPackFailed(Malformed):
    """A law pack is read, and its rules do not say what its cases expect."""

    title = "Law pack fails its cases"


@click.group()
def law() -> None:
    """Law packs: what countries ask of commercial posts, contracts and pictures."""


@law.command("packs")
@click.option("--pack", help="The rules of this pack.")
@json_option
def law_packs(pack: str | None, as_json: bool) -> None:
    """List packs, or the rules of one. A pack is shipped, or the installation's own."""
    book = law_book()
    rows: list[tuple[Any, ...]]
    columns: tuple[str, ...]
    if pack is not None:
        if pack not in book.packs:
            raise click.BadParameter(f"there are {', '.join(book.packs)}", param_hint="--pack")
        rows = [
            (r.id, r.title["en"], r.severity.value, r.confidence, r.effective_on.isoformat(), r.source)
            for r in book.packs[pack].rules
        ]
        columns = ("rule", "title", "severity", "verified", "since", "source")
    else:
        rows = [
            (p.id, p.version, "own" if p.id in book.own else "shipped", len(p.rules), len(p.labels), _countries(p))
            for p in book.packs.values()
        ]
        columns = ("pack", "version", "origin", "rules", "labels", "countries")
    if as_json:
        return show_json([dict(zip(columns, row, strict=True)) for row in rows])
    return show_table("", columns, rows)


def _countries(pack: Any) -> str:
    return ", ".join(pack.countries)


@law.command("check-pack")
@click.argument("folder", type=click.Path(path_type=Path))
def law_check_pack(folder: Path) -> None:
    """Read the pack in FOLDER and hold its rules against its cases. Exit code 1 when a case comes out otherwise."""
    text = read_pack_folder(folder)
    pack, cases = text.read(), text.read_cases()
    failed = failed_cases(pack, cases)
    if failed:
        first = failed[0].case
        lines = [f"{f.case.place}: {f.case.rule} was to say {f.case.expect} and says {f.said}" for f in failed]
        raise LawPackFailed(
            f"{len(failed)} of {len(cases)} cases of “{pack.id}” come out otherwise:\n" + "\n".join(lines),
            "Change the rule, or what its case expects.",
            first.place,
        )
    click.echo(
        f"{pack.id} {pack.version}: {len(pack.rules)} rules, {len(pack.labels)} labels, {len(cases)} cases hold."
    )
    bare = untried(pack, cases)
    if bare:
        click.echo(f"No case that passes and one that does not: {', '.join(bare)}", err=True)


@law.command("copy")
@click.argument("pack")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def law_copy(pack: str, folder: Path) -> None:
    """Copy the shipped PACK below FOLDER, to change it. SILLAGE_LAW_PACKS=FOLDER then puts it in the shipped one's place."""
    made = copy_pack(pack, folder)
    click.echo(f"Copied to {made}. Change it, try it with `sillage law check-pack {made}`, then set SILLAGE_LAW_PACKS.")


@law.command("check")
@click.option("--caption", help="The caption; “-” reads it from stdin. <more> marks where it is cut.")
@click.option("--country", default="", help="Of the audience, e.g. FR; without it the EU’s common rules.")
@click.option("--consideration", type=click.Choice(CONSIDERATIONS), help="What was given or promised.")
@click.option("--title", help="Of a video or article.")
@click.option("--network", help="Says how much of a caption is shown.")
@click.option("--format", "format", type=click.Choice(FORMATS))
@click.option("--language", help="Of the caption, ISO 639-1.")
@click.option("--overlay", help="What is written on the picture or in the video.")
@click.option("--place", "disclosure_place", type=click.Choice(PLACES), help="Where the label stands, as you state it.")
@click.option("--category", help=f"Sector with rules of its own, e.g. gambling; “{OTHER_SECTOR}” is none of them.")
@click.option("--brand", "brands", multiple=True, help="Name or handle of the advertiser; may be repeated.")
@click.option("--hashtag", "hashtags", multiple=True, help="Beside the caption, in order; may be repeated.")
@click.option("--network-label/--no-network-label", "platform_flag", default=None, help="The network’s own label.")
@click.option("--state", "states", multiple=True, metavar="KEY=yes|no", help="Answer to a pack’s question; repeatable.")
@click.option(
    "--facts", type=click.File("rb"), help="TOML file with facts as in a pack’s cases: contract, image, ai..."
)
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="The day that counts; rules of other days are left out.")
@json_option
def law_check(country: str, facts: Any, on: datetime | None, as_json: bool, **given: Any) -> None:
    """Hold what you tell against the law packs of a country. Exit code 1 when a rule would block it."""
    answer = answer_of(_told(given, facts), country, on.date() if on else None)
    if as_json:
        show_json(
            {
                "verdict": answer.verdict,
                "severity": answer.severity,
                "packs": version_of(answer.packs),
                "findings": [as_told(f) for f in answer.findings],
                "questions": [as_asked(q) for q in answer.questions],
            }
        )
    else:
        for finding in answer.findings:
            _say(finding)
        for question in answer.questions:
            out().print(
                f"ASK    {question_of(question.fact)} ({question.fact}; {', '.join(question.rules)})", markup=False
            )
        out().print(f"Packs: {version_of(answer.packs)}. {NOT_ADVICE}", style="dim", highlight=False)
    if answer.severity == "block":
        raise SystemExit(1)


def _told(given: dict[str, Any], facts: Any) -> dict[str, Any]:
    """The facts of the file, with those of the options put over them."""
    told = _facts_of(facts) if facts is not None else {}
    category, states = given.pop("category"), given.pop("states")
    told |= {name: list(v) if isinstance(v, tuple) else v for name, v in given.items() if v not in (None, ())}
    if told.get("caption") == "-":
        told["caption"] = sys.stdin.read()
    if category:
        told["sector"] = {**told.get("sector", {}), "category": category}
    if states:
        told["stated"] = {**told.get("stated", {}), **dict(_stated(state) for state in states)}
    return told


def _facts_of(file: Any) -> dict[str, Any]:
    text = file.read().decode("utf8", errors="replace")
    try:
        return read_toml(text)
    except tomllib.TOMLDecodeError as error:
        line, column, reason = syntax_error_of(error, text)
        place = f"{file.name}:{line}:{column}"
        raise FactsFileMalformed(f"This is not TOML: {reason}.", "See https://toml.io.", place) from error


def _stated(given: str) -> tuple[str, bool]:
    key, _, answer = given.partition("=")
    if answer not in ("yes", "no"):
        raise click.BadParameter("write KEY=yes or KEY=no", param_hint="--state")
    return key, answer == "yes"


def _say(finding: LawFinding) -> None:
    console = out()
    console.print(
        f"{finding.verdict.value.upper():7}{finding.rule} ({finding.pack} {finding.pack_version})", markup=False
    )
    if finding.seen:
        console.print(f"       seen: “{finding.seen}”", markup=False, highlight=False)
    console.print(f"       {change_of(finding)}", markup=False, highlight=False)
    if finding.unseen:
        console.print(f"       not looked at: {', '.join(UNSEEN[u] for u in finding.unseen)}", markup=False)
    console.print(
        f"       {finding.source} (since {finding.effective_on}, {finding.confidence})", style="dim", markup=False
    )
