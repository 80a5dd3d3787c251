"""Commands for the weights of a brief: move them, go back, and see what the decisions say of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click
from django.utils import timezone

from sillage.adapters.terminal import json_option, show_json, show_table
from sillage.discovery import actions, queries
from sillage.discovery.engine.brief import weights_given
from sillage.discovery.engine.learning import FEWEST_OF_A_KIND, FEWEST_PAIRS, VERSION, Share, Verdict
from sillage.discovery.models import Brief
from sillage.discovery.queries import Taught, WeightSuggestion
from sillage.governance.access import operator
from sillage.governance.engine.actors import Actor
from sillage.lib.errors import Malformed, NotFound
from sillage.lib.late import Late

if TYPE_CHECKING:
    from sillage.discovery import learning_shapes
else:
    learning_shapes = Late("sillage.discovery.learning_shapes")


class WeightUnreadable(Malformed):
    """A weight is given as name=value."""


class NoFormerWeights(NotFound):
    """The weights of the brief never changed."""


@click.command("weigh")
@click.argument("brief_id", type=int)
@click.option("--weight", "given", multiple=True, help="name=value, such as themes=40; may be repeated.")
@click.option("--diversity", type=click.FloatRange(0, 1), help="0 by score alone, 1 as different as can be.")
@click.option("--former", is_flag=True, help="The weights from before their last change.")
@click.option("--dry-run", is_flag=True, help="Show the weights; keep nothing.")
@operator
@json_option
def brief_weigh(
    actor: Actor,
    brief_id: int,
    given: tuple[str, ...],
    diversity: float | None,
    former: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Keep other weights; those that are not named stay as they are. The next shortlist counts with them."""
    made = queries.get_brief(actor.workspace_id, brief_id)
    if former and not made.former_weights:
        raise NoFormerWeights(f"The weights of “{made.title}” never changed.", "See them with `sillage brief show`.")
    weights = weights_given({**(made.former_weights if former else made.weights), **dict(map(_said, given))})
    diversity = made.diversity if diversity is None else diversity
    if not dry_run:
        actions.weigh(brief_id=brief_id, weights=weights, diversity=diversity, actor=actor, now=timezone.now())
    if as_json:
        return show_json({"weights": weights, "diversity": diversity})
    rows = [(n, f"{made.weights[n]:g}", f"{w:g}") for n, w in weights.items()]
    return show_table(
        "Nothing is kept" if dry_run else made.title, ["weight", "before", "now"], rows, right=["before", "now"]
    )


def _said(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign:
        raise WeightUnreadable(f"“{text}” is not a weight.", "Write --weight themes=40.")
    return name.strip(), value.strip()


@click.command("learn")
@click.argument("brief_id", type=int)
@click.option("--accept", is_flag=True, help="Keep the proposed weights; `brief weigh --former` takes them back.")
@operator
@json_option
def brief_learn(actor: Actor, brief_id: int, accept: bool, as_json: bool) -> None:
    """What pins and dismissals say of the weights. Nothing changes without --accept."""
    made = queries.get_brief(actor.workspace_id, brief_id)
    found = queries.weight_suggestion(made)
    if accept:
        actions.weigh(
            brief_id=brief_id,
            weights=found.lesson.weights,
            diversity=made.diversity,
            actor=actor,
            now=timezone.now(),
            suggestion=found.key,
        )
    if as_json:
        return show_json(learning_shapes.suggestion_shape(made, found) | {"accepted": accept})
    for sentence in sentences(found):
        click.echo(sentence)
    if found.is_offered:
        _show_weights(made, found.lesson.weights)
    return click.echo("The brief keeps the proposed weights." if accept else f"Said by: automation {VERSION}.")


def sentences(found: WeightSuggestion) -> list[str]:
    """What the decisions say, in words."""
    lesson = found.lesson
    said = [f"{lesson.pinned} pinned, {lesson.dismissed} dismissed: {lesson.pairs} pairs."]
    if found.taught_by is Taught.WORKSPACE:
        said.append(
            f"This brief has too few decisions of its own: these are all the workspace’s, on {found.briefs} briefs."
        )
    match lesson.verdict:
        case Verdict.TOO_FEW:
            need = f"from {FEWEST_OF_A_KIND} pinned, {FEWEST_OF_A_KIND} dismissed and {FEWEST_PAIRS} pairs on"
            return [*said, f"They do not teach anything yet: other weights are tried {need}."]
        case Verdict.IN_ORDER:
            return [*said, "They teach nothing new: every pinned account already stands above every dismissed one."]
        case Verdict.NO_BETTER:
            said.append(
                "They do not teach anything yet: other weights were no better on pairs held back, or no better than chance."
            )
        case Verdict.BETTER:
            said.append("Other weights order pairs better, also pairs that were held back from learning.")
    return [
        *said,
        f"Right order: {_share(lesson.present)} under the present weights, {_share(lesson.held_out)} held back.",
    ]


def _share(share: Share | None) -> str:
    return "-" if share is None else f"{share.value:.0%} [{share.low:.0%}, {share.high:.0%}]"


def _show_weights(made: Brief, proposed: Mapping[str, Any]) -> None:
    rows = [(name, f"{made.weights[name]:g}", f"{value:g}") for name, value in proposed.items()]
    show_table("", ["weight", "present", "proposed"], rows, right=["present", "proposed"])
