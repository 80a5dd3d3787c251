"""Measuring Sillage on data with known answers; `--write docs/evaluation.md` puts what was measured into its place."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click
from django.conf import settings
from django.db import transaction

from sillage.adapters.embedders import EmbedderSettings, embedder_from
from sillage.adapters.terminal import say
from sillage.catalogue.actions.sample import load_sample_world
from sillage.catalogue.sample.world import World, sample_world
from sillage.discovery.evaluation.affinity import evaluate_affinity
from sillage.discovery.evaluation.briefs import BriefEvaluation, evaluate_briefs
from sillage.discovery.evaluation.briefs import as_markdown as briefs_as_markdown
from sillage.discovery.evaluation.choices import as_markdown as choices_as_markdown
from sillage.discovery.evaluation.choices import evaluate_choices
from sillage.discovery.evaluation.relevance import EVALUATION_NOW, EVALUATION_SEED
from sillage.discovery.evaluation.report import as_markdown
from sillage.front.commands.database import prepare
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, ActorKind, Right, automation
from sillage.governance.models import Workspace
from sillage.lib.errors import Malformed, Refusal
from sillage.studio.evaluation import EVALUATIONS as STUDIO
from sillage.understanding import actions as understanding
from sillage.understanding.evaluation.registry import EVALUATIONS, SHIPPED
from sillage.understanding.evaluation.report import Evaluation, written_into
from sillage.understanding.evaluation.report import as_markdown as report_as_markdown
from sillage.understanding.lens import embedder_settings
from sillage.understanding.progress import reporting


class EmbedderOff(Refusal):
    """The affinity evaluation compares with dense vectors."""


class NoPlaceForFigures(Malformed):
    """The page has no marked place for this evaluation."""


def _data(command: Callable[..., Any]) -> Callable[..., Any]:
    kind = click.Path(exists=True, file_okay=False, path_type=Path)
    return click.option("--data", required=True, type=kind, help="Folder of the data set.")(command)


def _no_data(command: Callable[..., Any]) -> Callable[..., Any]:
    """For phrases that come with Sillage: there is no folder to name."""

    @wraps(command)
    def without(**given: Any) -> Any:
        return command(data=Path(), **given)

    return without


def _write(command: Callable[..., Any]) -> Callable[..., Any]:
    kind = click.Path(exists=True, dir_okay=False, writable=True, path_type=Path)
    return click.option("--write", "page", type=kind, help="Put the figures into this page too.")(command)


def _told(name: str, section: str, page: Path | None) -> None:
    """Print what was measured and, given a page, put it between the page's marks for it."""
    click.echo(section)
    if page is None:
        return
    try:
        written = written_into(page.read_text(encoding="utf8"), name, section)
    except ValueError as error:
        raise NoPlaceForFigures(
            f"{page} has no place for “{name}”.",
            f"Write <!-- evaluate:{name} --> and <!-- /evaluate:{name} --> on lines of their own.",
        ) from error
    page.write_text(written, encoding="utf8")


class Evaluations(click.Group):
    """The evaluations written below, and those of the enrichers, each imported only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *EVALUATIONS, *STUDIO])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in EVALUATIONS:
            return _of_room(cmd_name, "understanding", EVALUATIONS[cmd_name])
        return (
            _of_room(cmd_name, "studio", STUDIO[cmd_name]) if cmd_name in STUDIO else super().get_command(ctx, cmd_name)
        )


def _of_room(name: str, room: str, about: str) -> click.Command:
    @click.command(name, help=about)
    @(_no_data if name in SHIPPED else _data)
    @click.option("--seed", default=7, show_default=True)
    @_write
    def command(data: Path, seed: int, page: Path | None) -> None:
        module = importlib.import_module(f"sillage.{room}.evaluation.{name.replace('-', '_')}")
        evaluation: Evaluation = module.EVALUATION
        _told(name, report_as_markdown(evaluation.run(data, seed)), page)

    return command


@click.group(cls=Evaluations)
def evaluate() -> None:
    """Measure Sillage on data with known answers."""


@evaluate.command("affinity")
@_data
@click.option("--seed", default=7, show_default=True)
@_write
def evaluate_affinity_command(data: Path, seed: int, page: Path | None) -> None:
    """Same creator, and same category, on titles and tags of public videos (USvideos.csv.gz or trending_min.csv)."""
    chosen: EmbedderSettings | None = embedder_settings()
    embedder = embedder_from(chosen) if chosen else None
    if embedder is None:
        raise EmbedderOff("The embedder is off.", "Unset SILLAGE_EMBEDDER=off to evaluate.")
    _told("affinity", as_markdown(evaluate_affinity(data, embedder, seed)), page)


@evaluate.command("briefs")
@click.option("--each", is_flag=True, help="Also a line per brief.")
@_write
def evaluate_briefs_command(each: bool, page: Path | None) -> None:
    """Briefs with known answers over the invented sample world. Nothing of it is kept."""
    prepare()
    with transaction.atomic():
        evaluation = _evaluated_briefs()
        transaction.set_rollback(True)
    _told("briefs", briefs_as_markdown(evaluation), page)
    for row in evaluation.rows if each else ():
        figures = "  ".join(f"{value:.2f}" for value in row.ndcg.values())
        click.echo(f"{row.brief.split:4} {figures}  n={row.relevant:2}  {row.brief.id}  {', '.join(row.themes)}")


@evaluate.command("choices")
@_write
def evaluate_choices_command(page: Path | None) -> None:
    """Simulated persons pin and dismiss accounts of those briefs: do their decisions teach the weights?"""
    prepare()
    with transaction.atomic():
        workspace, world = _sample_workspace()
        rows = evaluate_choices(workspace.pk, world, EVALUATION_NOW)
        transaction.set_rollback(True)
    _told("choices", choices_as_markdown(rows), page)


def _evaluated_briefs() -> BriefEvaluation:
    workspace, world = _sample_workspace()
    return evaluate_briefs(workspace.pk, world, EVALUATION_NOW)


def _sample_workspace() -> tuple[Workspace, World]:
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
    return workspace, sample_world(seed=EVALUATION_SEED, now=EVALUATION_NOW)
