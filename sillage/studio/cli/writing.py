"""`sillage studio`: variants of a text from a writing brief. Nothing is stored; no model is asked."""

from __future__ import annotations

import tomllib
from functools import partial
from pathlib import Path
from typing import Any

import click
from django.utils import timezone

from sillage.adapters.terminal import json_option, say, show_json, show_table
from sillage.lib.toml import syntax_error_of
from sillage.studio.engine.brief import WritingBrief, WritingBriefMalformed, writing_brief
from sillage.studio.engine.gallery import SHOWN, Gallery, gallery
from sillage.studio.engine.lawful import packs_of, stopping
from sillage.studio.engine.variants import Made, make_variants

MARK = "assembled from templates"


@click.command()
@click.argument("brief", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--n", "wanted", type=click.IntRange(1, 50_000), default=1_000, show_default=True, help="How many variants."
)
@click.option("--shown", type=click.IntRange(1, 50), default=SHOWN, show_default=True, help="How many to show first.")
@click.option("--seed", default=7, show_default=True, help="Another one gives another order.")
@json_option
def variants(brief: Path, wanted: int, shown: int, seed: int, as_json: bool) -> None:
    """Put together texts of the writing brief BRIEF (TOML): human-written fragments, no model."""
    given = _read(brief)
    packs, today = packs_of(given), timezone.localdate()
    made = make_variants(given, wanted, seed, partial(stopping, given, packs=packs, on=today))
    chosen = gallery(given, made, shown)
    if as_json:
        show_json(_as_json(given, made, chosen))
        return
    _show(made, chosen, wanted)


def _read(path: Path) -> WritingBrief:
    text = path.read_text(encoding="utf8", errors="replace")
    try:
        return writing_brief(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        line, column, reason = syntax_error_of(error, text)
        raise WritingBriefMalformed(
            f"The brief is not TOML: {reason}.", "Write name = value, one per line.", f"{path}:{line}:{column}"
        ) from error


def _as_json(brief: WritingBrief, made: Made, chosen: Gallery) -> dict[str, Any]:
    rank = {row: place for place, row in enumerate(chosen.rows, 1)}
    rows = [
        {
            "text": variant.text,
            "rank": rank.get(at),
            "fit": float(chosen.fits[at]),
            "fragments": [part.fragment.id for part in variant.parts],
            "facts": [part.fact for part in variant.parts if part.fact is not None],
        }
        for at, variant in enumerate(made.variants)
    ]
    return {
        "brief": brief.title,
        "made_by": MARK,
        "possible": made.possible,
        "left_out": made.left_out,
        "most_alike_shown": chosen.most_alike,
        "variants": rows,
    }


def _show(made: Made, chosen: Gallery, wanted: int) -> None:
    rows = [(place, f"{chosen.fits[row]:.2f}", made.variants[row].text) for place, row in enumerate(chosen.rows, 1)]
    show_table("", ("#", "fit", "text"), rows, right=("#", "fit"))
    say(f"{len(made.variants):,} of {wanted:,} variants, {MARK}; {made.possible:,} were possible.")
    for reason, n in made.left_out.items():
        say(f"Left out, {reason}: {n:,}.")
    say(f"No two of those shown share more than {chosen.most_alike:.0%} of their runs of words.")
