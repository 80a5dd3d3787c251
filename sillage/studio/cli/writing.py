"""`sillage studio variants`: thousands of texts from a brief, of a file or a kept one. No model is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from django.utils import timezone

from sillage.adapters.terminal import json_option, say, show_json, show_table
from sillage.governance.queries import get_operator
from sillage.studio.actions.runs import make_run
from sillage.studio.cli.briefs import read_brief
from sillage.studio.engine.gallery import SHOWN, Shown
from sillage.studio.engine.making import put_together
from sillage.studio.engine.runs import Run
from sillage.studio.gallery_words import reason_said
from sillage.studio.queries.runs import gallery_of

MARK = "assembled from templates"


@click.command()
@click.argument("brief", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.option("--brief", "brief_id", type=int, help="Id of a kept brief, instead of a file: the run is kept, too.")
@click.option(
    "--n", "wanted", type=click.IntRange(1, 50_000), default=1_000, show_default=True, help="How many variants."
)
@click.option("--shown", type=click.IntRange(1, 50), default=SHOWN, show_default=True, help="How many to show first.")
@click.option("--seed", default=7, show_default=True, help="Another one gives another order.")
@click.option("--workspace", "slug", envvar="SILLAGE_WORKSPACE", help="Slug of the workspace, if there are several.")
@click.option("--as", "acting_as", envvar="SILLAGE_AS", help="Act as this member; by default the first owner.")
@json_option
def variants(
    brief: Path | None,
    brief_id: int | None,
    wanted: int,
    shown: int,
    seed: int,
    slug: str | None,
    acting_as: str | None,
    as_json: bool,
) -> None:
    """Put together texts of the writing brief BRIEF (TOML), or of --brief ID: human-written fragments, no model."""
    if (brief is None) == (brief_id is None):
        raise click.UsageError("Give a file, or --brief with the id of a kept brief.")
    if brief is not None:
        given = read_brief(brief)
        batch = put_together(given, wanted, seed, timezone.localdate(), shown=shown)
        told = (given.title, batch.made.possible, batch.made.left_out | batch.made.parts_left_out, None)
        _tell(batch.run, batch.shown, told, wanted, as_json)
        return
    _, actor = get_operator(slug, acting_as)
    stored = make_run(brief_id=brief_id or 0, wanted=wanted, seed=seed, actor=actor, now=timezone.now())
    gallery = gallery_of(stored)
    left_out = stored.left_out["texts"] | stored.left_out["parts"]
    _tell(
        gallery.run, gallery.shown(n=shown), (stored.brief.title, stored.possible, left_out, stored.pk), wanted, as_json
    )


def _tell(
    run: Run, shown: Shown, told: tuple[str, int, Mapping[str, int], int | None], wanted: int, as_json: bool
) -> None:
    title, possible, left_out, run_id = told
    if as_json:
        show_json(
            {
                "brief": title,
                "run_id": run_id,
                "made_by": MARK,
                "possible": possible,
                "left_out": left_out,
                "most_alike_shown": shown.most_alike,
                "variants": rows_told(run, shown),
            }
        )
        return
    overall = run.overall
    lines = [(place, f"{overall[row]:.2f}", run.texts([row])[0]) for place, row in enumerate(shown.rows, 1)]
    show_table("", ("#", "fit", "text"), lines, right=("#", "fit"))
    say(f"{len(run):,} of {wanted:,} variants, {MARK}; {possible:,} were possible.")
    for reason, n in left_out.items():
        say(f"Left out, {reason_said(reason)}: {n:,}.")
    say(f"No two of those shown share more than {shown.most_alike:.0%} of their runs of words.")
    if run_id is not None:
        say(f"Kept as run {run_id}.")


def rows_told(run: Run, shown: Shown) -> Sequence[dict[str, Any]]:
    """Every variant for a program, in the order in which they were made; `rank` is the place among those shown first."""
    rank = {row: place for place, row in enumerate(shown.rows, 1)}
    overall = run.overall
    return [
        {
            "row": row,
            "text": text,
            "rank": rank.get(row),
            "fit": round(float(overall[row]), 4),
            "fragments": [part.id for part in run.parts_of(row)],
            "facts": [part.fact for part in run.parts_of(row) if part.fact is not None],
        }
        for row, text in enumerate(run.texts(range(len(run))))
    ]
