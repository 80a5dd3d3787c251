"""Shares that are compared, between two sets and over time, each with an interval for the difference.

Interval: Newcombe's hybrid score interval for the difference of two independent shares (R. G. Newcombe, “Interval
estimation for the difference between independent proportions”, Statistics in Medicine 17, 1998, method 10), widened
after Bonferroni so that all the topics of a map hold together. It takes texts as independent: several texts of one
person make it narrower than it should be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from sillage.lib.late import stats

WEEKS_AT_MOST = 27  # beyond about half a year, months are easier to read
FEWEST_PERIODS = 4  # of which a direction can be told


@dataclass(frozen=True, slots=True)
class Difference:
    """Two shares and how much larger the second is, with the interval of that difference."""

    first: float
    second: float
    difference: float
    low: float
    high: float

    @property
    def is_clear(self) -> bool:
        """The interval leaves out no difference at all."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class Periods:
    """Weeks (from their Monday) or months (from their first day) without gaps; `step` is week or month."""

    step: str
    starts: tuple[date, ...]

    def places(self, days: Sequence[date | None]) -> NDArray[np.int64]:
        """The period of each day; -1 for a day that is not known."""
        index = {start: i for i, start in enumerate(self.starts)}
        return np.array([-1 if day is None else index[_start(day, self.step)] for day in days], dtype=np.int64)


def wilson(hits: int, n: int, z: float) -> tuple[float, float]:
    """Wilson's score interval of a share (E. B. Wilson, 1927). (0, 1) where nothing was counted."""
    if n == 0:
        return 0.0, 1.0
    share, square = hits / n, z * z
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = z / (1 + square / n) * sqrt(share * (1 - share) / n + square / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def share_difference(hits: tuple[int, int], n: tuple[int, int], comparisons: int = 1) -> Difference | None:
    """The second share minus the first; None where one of them has nothing to be a share of."""
    if 0 in n:
        return None
    z = float(stats.norm.isf(0.025 / max(1, comparisons)))
    (first, second), (low1, high1), (low2, high2) = _shares(hits, n), wilson(hits[0], n[0], z), wilson(hits[1], n[1], z)
    difference = second - first
    low = difference - sqrt((second - low2) ** 2 + (high1 - first) ** 2)
    high = difference + sqrt((high2 - second) ** 2 + (first - low1) ** 2)
    return Difference(first, second, difference, max(-1.0, low), min(1.0, high))


def _shares(hits: tuple[int, int], n: tuple[int, int]) -> tuple[float, float]:
    return hits[0] / n[0], hits[1] / n[1]


def periods_of(days: Sequence[date | None]) -> Periods:
    """The weeks or months that the days span; none when no day is known."""
    known = [day for day in days if day is not None]
    if not known:
        return Periods("month", ())
    first, last = min(known), max(known)
    step = "week" if (last - first).days <= 7 * WEEKS_AT_MOST else "month"
    starts = [_start(first, step)]
    while (following := _next(starts[-1], step)) <= last:
        starts.append(following)
    return Periods(step, tuple(starts))


def _start(day: date, step: str) -> date:
    return day - timedelta(days=day.weekday()) if step == "week" else day.replace(day=1)


def _next(start: date, step: str) -> date:
    return start + timedelta(days=7) if step == "week" else (start.replace(day=28) + timedelta(days=4)).replace(day=1)


def direction(counts: Sequence[int], totals: Sequence[int], comparisons: int = 1) -> Difference | None:
    """The later half of the periods against the earlier: has the share changed? None below FEWEST_PERIODS."""
    if len(totals) < FEWEST_PERIODS:
        return None
    half = len(totals) // 2
    hits = sum(counts[:half]), sum(counts[half:])
    return share_difference(hits, (sum(totals[:half]), sum(totals[half:])), comparisons)
