"""The reason bar: contributions laid end to end, so that the eye can check that they add up to the score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

TONES = 6  # colours of reasons in tokens.css
TONE_OF_REASON: dict[str, int] = {
    "themes": 1,
    "words": 2,
    "meaning": 3,
    "brands": 4,
    "engagement": 5,
    "rhythm": 6,
}


class Contribution(Protocol):
    """One reason and what it adds to the score (or takes from it). Any object with these three will do."""

    @property
    def name(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def value(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Segment:
    """A contribution as drawn. `start` and `width` are in hundredths of the bar."""

    contribution: Contribution
    tone: str  # a class of parts.css
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class ReasonBar:
    """Gains run from zero to the right; losses run back from their end; `score` is where they stop."""

    gains: tuple[Segment, ...]
    losses: tuple[Segment, ...]
    score: float
    score_at: float  # hundredths of the bar, never left of it


def tone_of(name: str, position: int, value: float) -> str:
    """The colour class of a reason: fixed for the known ones, by position for others, ember for a loss."""
    if value < 0:
        return "tone-less"
    return f"tone-{TONE_OF_REASON.get(name, position % TONES + 1)}"


def reason_bar(contributions: Sequence[Contribution], full: float | None = None) -> ReasonBar:
    """Lay out contributions on a bar whose whole width is worth `full`.

    `full` lets the bars of one list be compared; without it the gains fill the bar. It grows if the gains need more.
    """
    gained = sum(c.value for c in contributions if c.value > 0)
    unit = 100 / max(full or 0.0, gained) if gained or full else 0.0
    gains, losses = [], []
    right, left = 0.0, gained * unit
    for position, contribution in enumerate(contributions):
        width = abs(contribution.value) * unit
        tone = tone_of(contribution.name, position, contribution.value)
        if contribution.value > 0:
            gains.append(Segment(contribution, tone, right, width))
            right += width
        elif contribution.value < 0:
            visible = min(width, left)
            left -= visible
            losses.append(Segment(contribution, tone, left, visible))
    score = sum(c.value for c in contributions)
    return ReasonBar(tuple(gains), tuple(losses), score, max(0.0, score * unit))
