"""Commands about learning: train a candidate, look at heads, promote, refuse, roll back."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click
from django.utils import timezone

from sillage.adapters.terminal import json_option, show_json, show_table
from sillage.governance.access import operator
from sillage.governance.engine.actors import Actor
from sillage.understanding import actions as understanding
from sillage.understanding.actions.learning import NoLearner, promote, refuse_head, roll_back, shadow
from sillage.understanding.actions.learning import learn as learn_head
from sillage.understanding.engine.corrections import TAG_PREFIX, allowed_of
from sillage.understanding.engine.labelled_file import LabelledFileMalformed, LabelledText, labelled_texts
from sillage.understanding.engine.learning import LEARNERS, is_learner
from sillage.understanding.models import Head
from sillage.understanding.queries.learning import get_head, list_heads

_ENDINGS = (".csv", ".jsonl", ".ndjson")


@click.command()
@click.argument("enricher")
@click.option(
    "--from",
    "source",
    type=click.Path(exists=True, allow_dash=True, path_type=Path),
    help="A CSV or JSONL file with text, label and perhaps language; or a folder of such files; - reads JSONL.",
)
@operator
@json_option
def learn(actor: Actor, enricher: str, source: Path | None, as_json: bool) -> None:
    """Train a candidate for tone, intent, themes or tag:KEY from what people corrected; it then reads in shadow."""
    labelled = _labelled(enricher, source) if source is not None else []
    name = source.name if source is not None else ""
    head = learn_head(enricher=enricher, actor=actor, now=timezone.now(), labelled=labelled, source=name)
    _shown(head, as_json)


def _labelled(enricher: str, source: Path) -> Sequence[LabelledText]:
    allowed = allowed_of(enricher)
    if allowed is None or not is_learner(enricher):
        raise NoLearner(f"“{enricher}” learns from nothing.", f"There are {', '.join(LEARNERS)} and tag:KEY.")
    if str(source) == "-":
        return labelled_texts("stdin.jsonl", sys.stdin.read(), allowed)
    files = sorted(f for f in source.iterdir() if f.suffix in _ENDINGS) if source.is_dir() else [source]
    return [row for file in files for row in labelled_texts(file.name, _content(file), allowed)]


def _content(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise LabelledFileMalformed(
            f"{file.name} is not UTF-8.", "Save it as UTF-8.", f"{file.name}:1:{error.start + 1}"
        ) from error


@click.group()
def models() -> None:
    """The heads that were learnt: which reads, which waits in shadow, how good they are."""


@models.command("list")
@operator
@json_option
def models_list(actor: Actor, as_json: bool) -> None:
    """All heads of the workspace, the newest first."""
    heads = list_heads(actor.workspace_id)
    if as_json:
        return show_json([_plain(head) for head in heads])
    rows = [
        (h.pk, h.enricher, h.version, h.state, h.examples, h.figures.get("verdict", "-"), f"{h.trained_at:%Y-%m-%d}")
        for h in heads
    ]
    columns = ["id", "enricher", "version", "state", "examples", "measures", "trained"]
    return show_table("heads", columns, rows, right=["id", "examples"])


@models.command("show")
@click.argument("head_id", type=int)
@operator
@json_option
def models_show(actor: Actor, head_id: int, as_json: bool) -> None:
    """A head's figures, beside what read when it was trained, and where it differs."""
    _shown(get_head(actor.workspace_id, head_id), as_json)


@models.command("compare")
@click.argument("head_id", type=int)
@operator
@json_option
def models_compare(actor: Actor, head_id: int, as_json: bool) -> None:
    """Run a candidate in shadow again over the newest texts."""
    _shown(shadow(head_id=head_id, actor=actor, now=timezone.now()), as_json)


@models.command("promote")
@click.argument("head_id", type=int)
@click.option("--reason", default="", help="Needed where it measures worse than what reads today.")
@operator
def models_promote(actor: Actor, head_id: int, reason: str) -> None:
    """Let a candidate read; the ledger keeps who said so and the figures."""
    head = promote(head_id=head_id, reason=reason, actor=actor, now=timezone.now())
    if head.enricher.startswith(TAG_PREFIX):
        done = understanding.tag_due(key=head.enricher.removeprefix(TAG_PREFIX), actor=actor, now=timezone.now())
        click.echo(f"{head.enricher} reads with {head.version}; {sum(done.values())} posts read.")
        return
    click.echo(f"{head.enricher} reads with {head.version} at the next `sillage enrich`.")


@models.command("refuse")
@click.argument("head_id", type=int)
@click.option("--reason", default="", help="Kept in the ledger.")
@operator
def models_refuse(actor: Actor, head_id: int, reason: str) -> None:
    """Decide against a candidate."""
    head = refuse_head(head_id=head_id, reason=reason, actor=actor, now=timezone.now())
    click.echo(f"{head.enricher} {head.version} is refused.")


@models.command("rollback")
@click.argument("enricher")
@operator
def models_rollback(actor: Actor, enricher: str) -> None:
    """Let the head read that read before, or what ships."""
    before = roll_back(enricher=enricher, actor=actor, now=timezone.now())
    click.echo(f"{enricher} reads with {before.version if before else 'what ships'} again.")


def _plain(head: Head) -> dict[str, object]:
    return {
        "id": head.pk,
        "enricher": head.enricher,
        "version": head.version,
        "state": head.state,
        "examples": head.examples,
        "figures": head.figures,
        "trained_at": head.trained_at.isoformat(),
    }


def _shown(head: Head, as_json: bool) -> None:
    if as_json:
        return show_json({**_plain(head), "differences": head.differences})
    shadowed = head.figures.get("shadow", {})
    click.echo(f"head {head.pk}: {head.enricher} {head.version}, {head.state}, learnt from {head.examples} texts")
    click.echo(f"measures {head.figures.get('verdict', '-')} beside what reads today")
    rows = [
        (
            m["on"],
            m["language"] or "all",
            m["n"],
            m["metric"],
            f"{m['candidate']:.3f} [{m['low']:.3f}, {m['high']:.3f}]",
            "-" if m["current"] is None else f"{m['current']:.3f} (n = {m['current_n']})",
        )
        for m in head.figures.get("measured", [])
    ]
    show_table("held back", ["on", "language", "n", "figure", "this head", "before it"], rows, right=["n"])
    click.echo(f"In shadow over {shadowed.get('read', 0)} texts it says something else of {shadowed.get('differ', 0)}.")
