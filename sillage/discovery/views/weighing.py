"""Weights as an address or a form says them, and as sliders show them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from sillage.discovery.engine import score as s
from sillage.discovery.engine.brief import LARGEST_WEIGHT, weights_given
from sillage.discovery.models import Shortlist
from sillage.discovery.told import Told
from sillage.discovery.view_shapes import LABELS
from sillage.lib.errors import Malformed
from sillage.lib.sentences import Sentence

NAMES = (*s.REASONS, *s.PENALTIES)


class NumberUnreadable(Malformed):
    """A slider or a menu sent something that is not one of its numbers."""


def weights_of(query: QueryDict, shortlist: Shortlist) -> tuple[dict[str, float], float]:
    """Weights and diversity of the address; the shortlist's own where it says none. Raises Malformed."""
    said = {name: _number(query.get(name, ""), LARGEST_WEIGHT) for name in NAMES if query.get(name, "").strip()}
    diversity = query.get("diversity", "").strip()
    if not said and not diversity:
        return shortlist.weights, shortlist.diversity
    weights = weights_given({**shortlist.weights, **said})
    return weights, _number(diversity, 1) if diversity else shortlist.diversity


def _number(given: str, most: float) -> float:
    try:
        number = float(given)
    except ValueError as error:
        raise NumberUnreadable(
            Sentence("“%(given)s” is not a number.", given=given),
            Sentence("Give a number from 0 to %(most)s.", most=f"{most:g}"),
        ) from error
    if not 0 <= number <= most:
        raise NumberUnreadable(
            Sentence("%(number)s is out of range.", number=f"{number:g}"),
            Sentence("Give a number from 0 to %(most)s.", most=f"{most:g}"),
        )
    return number


def told_weights(error: Malformed) -> Told:
    return Told(
        _("With themes, words and meaning all at 0 nothing editorial is left to rank by.")
        if not isinstance(error, NumberUnreadable)
        else error.message,
        _("Give at least one of the three a weight.") if not isinstance(error, NumberUnreadable) else error.hint,
        422,
    )


def sliders_of(weights: Mapping[str, float]) -> dict[str, list[dict[str, Any]]]:
    def slider(at: int, name: str) -> dict[str, Any]:
        tone = f"tone-{at + 1}" if name in s.REASONS else "tone-less"
        value = weights[name]
        return {
            "name": name,
            "label": LABELS[name],
            "value": int(value) if value == int(value) else value,
            "tone": tone,
        }

    return {
        "reasons": [slider(at, name) for at, name in enumerate(s.REASONS)],
        "penalties": [slider(at, name) for at, name in enumerate(s.PENALTIES)],
    }
