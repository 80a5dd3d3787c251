"""Commands of the law check: which packs there are, and what they say of a caption."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Any

import click

from sillage.adapters.terminal import json_option, out, show_json, show_table
from sillage.governance.engine.law import FORMATS, LawFinding
from sillage.governance.engine.law_asked import CONSIDERATIONS, Asked, case_of
from sillage.governance.engine.law_judge import judge, worst
from sillage.governance.engine.law_reading import law_book, version_of
from sillage.governance.engine.law_words import NOT_ADVICE, UNSEEN, as_told, change_of


@click.group()
def law() -> None:
    """Law packs: what countries ask of commercial posts."""


@law.command("list")
@click.option("--pack", help="Only the rules of this pack.")
@json_option
def law_list(pack: str | None, as_json: bool) -> None:
    """List packs, or the rules of one."""
    packs = law_book().packs
    rows: list[tuple[Any, ...]]
    columns: tuple[str, ...]
    if pack is not None:
        if pack not in packs:
            raise click.BadParameter(f"there are {', '.join(packs)}", param_hint="--pack")
        rows = [
            (r.id, r.title["en"], r.severity.value, r.confidence, r.effective_on.isoformat(), r.source)
            for r in packs[pack].rules
        ]
        columns = ("rule", "title", "severity", "verified", "since", "source")
    else:
        rows = [(p.id, p.version, len(p.rules), len(p.labels), ", ".join(p.countries)) for p in packs.values()]
        columns = ("pack", "version", "rules", "labels", "countries")
    if as_json:
        return show_json([dict(zip(columns, row, strict=True)) for row in rows])
    return show_table("", columns, rows)


@law.command("check")
@click.option("--caption", required=True, help="The caption; “-” reads it from stdin. <more> marks where it is cut.")
@click.option("--country", default="", help="Of the audience, e.g. FR; without it the EU’s common rules.")
@click.option("--consideration", type=click.Choice(CONSIDERATIONS), default="unknown", show_default=True)
@click.option("--title", default="", help="Of a video or article.")
@click.option("--network", default="", help="Says how much of a caption is shown.")
@click.option("--format", "form", type=click.Choice(FORMATS))
@click.option("--language", default="", help="Of the caption, ISO 639-1.")
@click.option("--category", default="", help="Sector with rules of its own, e.g. gambling.")
@click.option("--brand", "brands", multiple=True, help="Name or handle of the advertiser; may be repeated.")
@click.option("--hashtag", "hashtags", multiple=True, help="Beside the caption, in order; may be repeated.")
@click.option("--network-label/--no-network-label", "platform_flag", default=None, help="The network’s own label.")
@click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), help="Day of publication; rules that began later are left out."
)
@json_option
def law_check(
    caption: str,
    country: str,
    form: str | None,
    platform_flag: bool | None,
    on: datetime | None,
    as_json: bool,
    **more: Any,
) -> None:
    """Hold a caption against the law packs of a country. Exit code 1 when a rule would block it."""
    given = Asked(
        caption=sys.stdin.read() if caption == "-" else caption,
        country=country,
        format=form or "",
        platform_flag=platform_flag,
        published_on=on.date() if on else None,
        **more,
    )
    packs, publication = case_of(given)
    found = judge(packs, publication)
    severity = worst(found)
    if as_json:
        show_json({"severity": severity, "packs": version_of(packs), "findings": [as_told(f) for f in found]})
    else:
        for finding in found:
            _say(finding)
        out().print(f"Packs: {version_of(packs)}. {NOT_ADVICE}", style="dim", highlight=False)
    if severity == "block":
        raise SystemExit(1)


def _say(finding: LawFinding) -> None:
    console = out()
    console.print(
        f"{finding.severity.value.upper():7}{finding.rule} ({finding.pack} {finding.pack_version})", markup=False
    )
    if finding.seen:
        console.print(f"       seen: “{finding.seen}”", markup=False, highlight=False)
    console.print(f"       {change_of(finding)}", markup=False, highlight=False)
    if finding.unseen:
        console.print(f"       not looked at: {', '.join(UNSEEN[u] for u in finding.unseen)}", markup=False)
    console.print(
        f"       {finding.source} (since {finding.effective_on}, {finding.confidence})", style="dim", markup=False
    )
