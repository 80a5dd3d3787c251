"""Measuring Sillage on data with known answers. `docs/evaluation.md` is written from what these print."""

from __future__ import annotations

from pathlib import Path

import click
from django.conf import settings
from django.db import transaction

from sillage.adapters.embedders import EmbedderSettings, embedder_from
from sillage.adapters.terminal import say
from sillage.catalogue.actions.sample import load_sample_world
from sillage.catalogue.sample.world import sample_world
from sillage.discovery.evaluation.affinity import evaluate_affinity
from sillage.discovery.evaluation.briefs import BriefEvaluation, evaluate_briefs
from sillage.discovery.evaluation.briefs import as_markdown as briefs_as_markdown
from sillage.discovery.evaluation.relevance import EVALUATION_NOW, EVALUATION_SEED
from sillage.discovery.evaluation.report import as_markdown
from sillage.front.commands.database import prepare
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, ActorKind, Right, automation
from sillage.lib.errors import Refusal
from sillage.understanding import actions as understanding
from sillage.understanding.lens import embedder_settings
from sillage.understanding.progress import reporting


class EmbedderOff(Refusal):
    """The affinity evaluation compares with dense vectors."""


@click.group()
def evaluate() -> None:
    """Measure Sillage on data with known answers."""


@evaluate.command("affinity")
@click.option("--data", required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--seed", default=7, show_default=True)
def evaluate_affinity_command(data: Path, seed: int) -> None:
    """Same creator, and same category, on public video titles and tags (folder with USvideos.csv.gz)."""
    chosen: EmbedderSettings | None = embedder_settings()
    embedder = embedder_from(chosen) if chosen else None
    if embedder is None:
        raise EmbedderOff("The embedder is off.", "Unset SILLAGE_EMBEDDER=off to evaluate.")
    click.echo(as_markdown(evaluate_affinity(data, embedder, seed)))


@evaluate.command("briefs")
@click.option("--each", is_flag=True, help="Also a line per brief.")
def evaluate_briefs_command(each: bool) -> None:
    """Briefs with known answers over the invented sample world. Nothing of it is kept."""
    prepare()
    with transaction.atomic():
        evaluation = _evaluated_briefs()
        transaction.set_rollback(True)
    click.echo(briefs_as_markdown(evaluation))
    for row in evaluation.rows if each else ():
        figures = "  ".join(f"{value:.2f}" for value in row.ndcg.values())
        click.echo(f"{row.brief.split:4} {figures}  n={row.relevant:2}  {row.brief.id}  {', '.join(row.themes)}")


def _evaluated_briefs() -> BriefEvaluation:
    installer = Actor(ActorKind.AUTOMATION, "evaluation", 0, frozenset(Right))
    workspace = governance.open_workspace(
        slug="evaluation", name="Evaluation", is_sample=True, actor=installer, now=EVALUATION_NOW
    )
    actor = automation("evaluation", workspace.pk)
    say("Writing the sample world…")
    load_sample_world(seed=EVALUATION_SEED, actor=actor, now=EVALUATION_NOW)
    with reporting() as on_progress:
        understanding.bring_up_to_date(
            actor=actor, now=EVALUATION_NOW, workers=settings.SILLAGE.workers, on_progress=on_progress
        )
    world = sample_world(seed=EVALUATION_SEED, now=EVALUATION_NOW)
    return evaluate_briefs(workspace.pk, world, EVALUATION_NOW)
