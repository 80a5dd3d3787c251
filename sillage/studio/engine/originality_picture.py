"""The picture of where a text stands: the text at the left, the nearest texts of each group by their distance from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sillage.studio.engine.placing import Placement

WIDTH = 400.0
LEFT, RIGHT, TOP, LANE = 14.0, 386.0, 22.0, 46.0
APART = 17.0  # between two points that would lie on one another


@dataclass(frozen=True, slots=True)
class Point:
    """A text at its distance, 0..1; `number` is its place in the group, from 1. (x, y) in the picture."""

    number: int
    distance: float
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Lane:
    """A group. `usual` is where the corpus' own texts have their nearest neighbour: from, middle and to, in the picture."""

    kind: str
    y: float
    points: tuple[Point, ...]
    usual: tuple[float, float, float] | None

    @property
    def label_y(self) -> float:
        return self.y - 13

    @property
    def top(self) -> float:
        return self.y - 9

    @property
    def bottom(self) -> float:
        return self.y + 9

    @property
    def usual_width(self) -> float:
        return self.usual[2] - self.usual[0] if self.usual else 0.0


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything in units of a viewBox of WIDTH x `height`; ticks are (x, distance)."""

    height: float
    lanes: tuple[Lane, ...]
    ticks: tuple[tuple[float, float], ...]
    width: float = WIDTH
    start: float = LEFT
    end: float = RIGHT

    @property
    def axis_y(self) -> float:
        return self.height - 18


def picture_of(groups: Sequence[tuple[str, Placement]]) -> Picture:
    """The groups from top to bottom, as they are given."""
    lanes = tuple(_lane(kind, placement, TOP + (at + 0.5) * LANE) for at, (kind, placement) in enumerate(groups))
    ticks = tuple((x_of(distance), distance) for distance in (0.0, 0.25, 0.5, 0.75, 1.0))
    return Picture(TOP + len(lanes) * LANE + 26, lanes, ticks)


def x_of(distance: float) -> float:
    """Where a distance lies, the text itself at LEFT."""
    return LEFT + min(1.0, max(0.0, distance)) * (RIGHT - LEFT)


def _lane(kind: str, placement: Placement, y: float) -> Lane:
    points: list[Point] = []
    for number, near in enumerate(placement.nearest, 1):
        x = x_of(near.distance)
        if points and x - points[-1].x < APART:
            x = min(RIGHT, points[-1].x + APART)
        points.append(Point(number, near.distance, x, y))
    usual = tuple(x_of(d) for d in placement.usual) if placement.usual else None
    return Lane(kind, y, tuple(points), (usual[0], usual[1], usual[2]) if usual else None)
