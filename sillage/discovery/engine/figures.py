"""Points as they are written: rounded so that the figures on the page add up to the score on the page."""

from __future__ import annotations

import math
from collections.abc import Mapping


def adding_up(points: Mapping[str, float], decimals: int = 1) -> dict[str, float]:
    """Points rounded to so many decimals, whose sum is the rounded sum of all (largest remainder method).

    No figure is more than one unit of the last decimal from its value; exact zeros stay zero.
    """
    unit = 10**decimals
    scaled = {name: value * unit for name, value in points.items()}
    floors = {name: math.floor(value) for name, value in scaled.items()}
    missing = round(math.fsum(scaled.values())) - sum(floors.values())
    by_remainder = sorted(scaled, key=lambda name: floors[name] - scaled[name])
    raised = set(by_remainder[:missing])
    return {name: (floor + (name in raised)) / unit for name, floor in floors.items()}
