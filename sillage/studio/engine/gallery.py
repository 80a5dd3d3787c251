"""Which few of thousands a person sees first: those that fit, and of which no two go about it in the same way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sillage.studio.engine.brief import WritingBrief
from sillage.studio.engine.variants import Held, Made, Variant

SHOWN = 12
LIMITS = (
    0.3,
    0.4,
    0.5,
    0.6,
    1.0,
)  # Jaccard similarity of runs of words that two shown ones may have; the first that suffices


@dataclass(frozen=True, slots=True)
class Gallery:
    """`rows` of the shown ones, the best first; `most_alike` is the largest similarity of two of them, 0..1."""

    rows: tuple[int, ...]
    most_alike: float
    fits: NDArray[np.float64]


def fit_of(brief: WritingBrief, variant: Variant) -> float:
    """How well a text meets the brief, 0..1: of a comfortable length, and of the tone that was asked for."""
    middle = (brief.shortest + brief.longest) / 2
    length = 1 - abs(len(variant.text) - middle) / (brief.longest - brief.shortest)
    tones = [part.fragment.tones for part in variant.parts]
    shared = frozenset.intersection(*tones)
    return round(0.5 * max(0.0, length) + 0.5 * (1 / len(shared) if shared else 0.0), 4)


def gallery(
    brief: WritingBrief,
    made: Made,
    shown: int = SHOWN,
    voice_fit: Callable[[Sequence[str]], NDArray[np.float64]] | None = None,
) -> Gallery:
    """Greedy: the best first, then always the best of those that are unlike all chosen ones, families in turn."""
    fits = np.array([fit_of(brief, v) for v in made.variants])
    if voice_fit is not None and len(fits):
        fits = (fits + voice_fit([v.text for v in made.variants])) / 2
    if not len(fits):
        return Gallery((), 0.0, fits)
    held = Held.of(made.options, made.places)
    rows: list[int] = []
    for limit in LIMITS:
        rows, most = _chosen(made, fits, held.similarities, shown, limit)
        if len(rows) == min(shown, len(fits)):
            break
    return Gallery(tuple(rows), round(most, 4), fits)


def _chosen(
    made: Made, fits: NDArray[np.float64], alike: Callable[[int], NDArray[np.float64]], shown: int, limit: float
) -> tuple[list[int], float]:
    nearest = np.zeros(len(fits))
    told = np.zeros(len(fits))  # how often the family of the hook was shown
    families = np.array([v.families[0] for v in made.variants])
    rows: list[int] = []
    most = 0.0
    while len(rows) < shown:
        open_ = nearest <= limit
        open_[rows] = False
        if not open_.any():
            break
        row = int(np.argmax(np.where(open_, fits - nearest - told, -np.inf)))
        most = max(most, float(nearest[row]))
        rows.append(row)
        nearest = np.maximum(nearest, alike(row))
        told += families == families[row]
    return rows, most
