"""How a suggestion for the weights of a brief looks in JSON."""

from __future__ import annotations

from typing import Any

from ninja import Schema

from sillage.discovery.engine.learning import VERSION, Verdict
from sillage.discovery.models import Brief
from sillage.discovery.queries import Taught, WeightSuggestion
from sillage.governance.shapes import BigId


class ShareShape(Schema):
    """A share of pairs in the right order, with its 95 % interval over accounts."""

    value: float
    low: float
    high: float


class TurnedShape(Schema):
    """Two accounts that change places; `is_mended`: the pinned one is the higher one then."""

    brief_id: int
    pinned: BigId
    dismissed: BigId
    is_mended: bool


class WeightSuggestionShape(Schema):
    """What an automation makes of decisions. `weights` are the present ones unless the verdict is `better`.

    `present` and `held_out` are shares of pairs in the right order: under the present weights, and under weights that saw
    neither account of the pair. `gain` is the difference. All three are null with too few pairs.
    """

    verdict: Verdict
    taught_by: Taught
    briefs: int
    pinned: int
    dismissed: int
    pairs: int
    present: ShareShape | None
    held_out: ShareShape | None
    gain: ShareShape | None
    present_weights: dict[str, float]
    weights: dict[str, float]
    turned: list[TurnedShape]
    key: str
    made_by: str


def suggestion_shape(brief: Brief, found: WeightSuggestion) -> dict[str, Any]:
    copied = ("verdict", "pinned", "dismissed", "pairs", "present", "held_out", "gain", "weights")
    return {
        **{name: getattr(found.lesson, name) for name in copied},
        **{name: getattr(found, name) for name in ("taught_by", "briefs", "key")},
        "present_weights": brief.weights,
        "turned": [
            {
                "brief_id": pair.pinned.brief_id,
                "pinned": pair.pinned.account_id,
                "dismissed": pair.dismissed.account_id,
                "is_mended": pair.is_mended,
            }
            for pair in found.turned
        ],
        "made_by": f"automation {VERSION}",
    }
