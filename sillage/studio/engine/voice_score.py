"""The studio's own score: how far people go from what machines proposed, over time. Less is better."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sillage.studio.engine.traits import TRAITS
from sillage.studio.engine.voice_words import UNITS, step_in_units

WEEKS_UP_TO = timedelta(days=70)  # a longer time is drawn by months
MOST_PERIODS, MOST_TRAITS = 24, 8
LEAST_STEP = {  # in people's units; of the length of texts, a share
    "words": 0.1,
    "words per sentence": 1.0,
    "letters per word": 0.3,
    "per 100 signs": 1.0,
    "per 10 sentences": 1.0,
    "per 100 words": 2.0,
}
WIDE, HIGH = 480.0, 96.0  # of the picture, in its own units


@dataclass(frozen=True, slots=True)
class Edited:
    """One chosen proposal: how far its words and characters (0..1) and traits (final less proposed) were moved."""

    on: date
    words: float
    characters: float
    traits: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Period:
    """`first` day of a week or month; means over its `n` choices; where its bar stands in the picture."""

    first: date
    n: int
    words: float
    characters: float
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Moved:
    """A trait that people change: in how many choices, by how much on average there (`step_in_units`);

    `before` and `lately` are the shares of the older and the newer half in which it was changed."""

    trait: str
    unit: str
    n: int
    of: int
    by: float
    before: float
    lately: float


@dataclass(frozen=True, slots=True)
class Score:
    """`before` and `lately` are mean distances in words of the older and the newer half of the choices."""

    n: int
    by_weeks: bool
    periods: tuple[Period, ...]
    top: float  # the share that the picture's full height stands for
    before: float
    lately: float
    moved: tuple[Moved, ...]


def score_of(edits: Sequence[Edited]) -> Score | None:
    """From choices in the order of time; None where there is none."""
    if not edits:
        return None
    by_weeks = edits[-1].on - edits[0].on <= WEEKS_UP_TO
    half = len(edits) // 2
    older, newer = edits[:half] or edits, edits[half:]
    held = _by_period(edits, by_weeks)
    top = min(1.0, max(0.25, math.ceil(max(map(_mean, held.values())) * 4) / 4))
    return Score(
        len(edits), by_weeks, tuple(_periods(held, top)), top, _mean(older), _mean(newer), _moved(edits, older, newer)
    )


def _mean(edits: Sequence[Edited]) -> float:
    return sum(e.words for e in edits) / len(edits)


def _by_period(edits: Sequence[Edited], by_weeks: bool) -> dict[date, list[Edited]]:
    """Only periods with choices, the newest MOST_PERIODS: a time without any is no time without edits."""
    held: dict[date, list[Edited]] = defaultdict(list)
    for edited in edits:
        held[edited.on - timedelta(days=edited.on.weekday()) if by_weeks else edited.on.replace(day=1)].append(edited)
    return {first: held[first] for first in sorted(held)[-MOST_PERIODS:]}


def _periods(held: Mapping[date, Sequence[Edited]], top: float) -> Iterator[Period]:
    step = WIDE / max(len(held), 6)
    for at, (first, edits) in enumerate(held.items()):
        words, characters = _mean(edits), sum(e.characters for e in edits) / len(edits)
        tall = max(1.0, words / top * HIGH)
        yield Period(first, len(edits), words, characters, at * step + 0.15 * step, HIGH - tall, 0.7 * step, tall)


def _counts(trait: str, edited: Edited) -> bool:
    return abs(step_in_units(trait, edited.traits.get(trait, 0.0))) >= LEAST_STEP[UNITS[trait]]


def _moved(edits: Sequence[Edited], older: Sequence[Edited], newer: Sequence[Edited]) -> tuple[Moved, ...]:
    """The traits that are changed most often, the most frequent first. Every edit moves rates a little: that is no change."""
    found = []
    for trait in TRAITS:
        moves = [e.traits[trait] for e in edits if _counts(trait, e)]
        if moves:
            by = step_in_units(trait, sum(moves) / len(moves))
            halves = (sum(_counts(trait, e) for e in part) / len(part) for part in (older, newer))
            found.append(Moved(trait, UNITS[trait], len(moves), len(edits), by, *halves))
    return tuple(sorted(found, key=lambda m: (-m.n, m.trait))[:MOST_TRAITS])
