"""`sillage studio compose`: texts of a writing brief from human-written fragments; no model is asked."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import click
from django.utils import timezone

from sillage.adapters.terminal import json_option, out, say, show_json
from sillage.governance.queries import get_operator
from sillage.studio.actions.composing import compose_texts
from sillage.studio.cli.briefs import FILE, read_brief
from sillage.studio.cli.writing import MARK
from sillage.studio.engine.composer import MOST, compose
from sillage.studio.engine.lawful import packs_of, stopping
from sillage.studio.engine.occasion import occasion_of


@click.command("compose")
@click.argument("file", type=FILE, required=False)
@click.option("--brief", "brief_id", type=int, help="A kept writing brief: each text is then begun in the studio.")
@click.option("--n", "wanted", type=click.IntRange(1, MOST), default=1, show_default=True, help="How many texts.")
@click.option("--to", "recipient", default="", help="Whom it is to.")
@click.option("--sender", default="", help="Who signs; with --brief it is you unless you say otherwise.")
@click.option("--post", default="", help="Words of a post of theirs, cited as they are.")
@click.option("--post-on", default="", help="The day of that post, as the text is to say it: 12 juin.")
@click.option("--offer", default="", help="What they get, as a sentence.")
@click.option("--work", default="", help="What a reminder or thanks is about: votre reel.")
@click.option("--day", default="", help="By when, as the text is to say it.")
@click.option("--asked", default="", help="What they asked, for a reply.")
@click.option("--known", "is_known", is_flag=True, help="They were told before that a machine writes to them.")
@click.option(
    "--collaboration", "collaboration_id", type=int, help="With --brief: fills in whom, and a post of theirs."
)
@click.option(
    "--post-id", type=int, help="With --collaboration: which post is cited; the newest with words if not given."
)
@click.option("--seed", default=7, show_default=True, help="With FILE: another one gives another choice.")
@click.option("--workspace", "slug", envvar="SILLAGE_WORKSPACE", help="With --brief: slug of the workspace.")
@click.option("--as", "acting_as", envvar="SILLAGE_AS", help="With --brief: act as this member.")
@json_option
def compose_command(
    file: Path | None,
    brief_id: int | None,
    wanted: int,
    collaboration_id: int | None,
    post_id: int | None,
    seed: int,
    slug: str | None,
    acting_as: str | None,
    as_json: bool,
    **said: Any,
) -> None:
    """Compose texts of the writing brief FILE (TOML), or of a kept one. Nothing is stored of a FILE.

    Fragments that people wrote, put together by rule: assembled from templates, never by an AI.
    """
    if (file is None) == (brief_id is None):
        raise click.UsageError("Give a FILE, or --brief with the number of a kept brief.")
    if file is not None:
        if collaboration_id is not None or post_id is not None:
            raise click.UsageError("--collaboration and --post-id go with --brief.")
        return _show(_of_file(file, wanted, seed, said), as_json=as_json)
    _, actor = get_operator(slug, acting_as)
    texts = compose_texts(
        brief_id=brief_id or 0,
        wanted=wanted,
        occasion=said,
        collaboration_id=collaboration_id,
        post_id=post_id,
        actor=actor,
        now=timezone.now(),
    )
    return _show([{"id": text.pk, "title": text.title, "text": text.body} for text in texts], as_json=as_json)


def _of_file(file: Path, wanted: int, seed: int, said: dict[str, Any]) -> list[dict[str, Any]]:
    brief = read_brief(file)
    stops = partial(stopping, brief, packs=packs_of(brief), on=timezone.localdate())
    made = compose(brief, occasion_of(said), wanted, seed=seed, stopping=stops)
    return [{"text": one.text, "fragments": list(one.parts), "facts": list(one.facts)} for one in made]


def _show(texts: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        return show_json({"made_by": MARK, "texts": texts})
    console = out()
    for number, text in enumerate(texts, 1):
        console.print(f"— {number}{' · text ' + str(text['id']) if 'id' in text else ''}", style="dim", markup=False)
        console.print(text["text"] + "\n", markup=False, highlight=False)
    return say(f"{len(texts)} composed, {MARK}.")
