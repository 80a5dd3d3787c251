"""What followers and interactions did over time: jumps, drops, a level that steps up, numbers too even to be people's.

Each function gives (known 0..1, sign 0..1, statements), as `authenticity.py` puts them together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

import numpy as np

from sillage.understanding.engine.statements import Number, Statement, ramp

Found = tuple[float, float, tuple[Statement, ...]]

WITHIN = timedelta(days=62)  # counts further apart say nothing of a jump
SUDDEN_DAYS = 35.0
JUMP_AT_LEAST = 1_000  # followers gained
ATTENTION_BEFORE = timedelta(days=45)
ATTENTION = 5.0  # times the usual interactions: a post that many saw explains new followers
FEWEST_POSTS = 10
WINDOW = 5  # posts, whose median is a level
EVEN_FROM = 50  # interactions a post: smaller numbers are even by chance


@dataclass(frozen=True, slots=True)
class PostCount:
    """A post's interactions: likes + comments, both measured."""

    at: datetime
    interactions: int


@dataclass(frozen=True, slots=True)
class _Step:
    """Two counts after one another. `ratio` is the growth of SUDDEN_DAYS, beyond what is usual for the account."""

    at: datetime
    days: int
    before: int
    after: int
    ratio: float


def growth(counts: Sequence[tuple[datetime, int]], posts: Sequence[PostCount]) -> Found:
    """Jumps and drops of followers. `counts` oldest first."""
    steps = _steps(counts)
    if not steps:
        return 0.0, 0.0, (Statement("growth.unknown", {"counts": len(counts)}),)
    known = len(steps) / (len(steps) + 3)
    up = max(steps, key=lambda s: s.ratio)
    down = min(steps, key=lambda s: s.ratio)
    found: list[Statement] = []
    jump = ramp(up.ratio, 1.3, 2.5) if up.after - up.before >= JUMP_AT_LEAST else 0.0
    if jump:
        found.append(Statement("growth.jump", _numbers(up), False))
        if _attention_before(up.at, posts):
            jump /= 2
            found.append(Statement("growth.attention", {}, True))
    drop = 0.5 * ramp(1 / max(down.ratio, 1e-9), 1.2, 2.0) if down.before - down.after >= JUMP_AT_LEAST else 0.0
    if drop:
        found.append(Statement("growth.drop", _numbers(down), False))
    days = (counts[-1][0] - counts[0][0]).days
    fine = Statement("growth.fits", {"counts": len(counts), "days": days}, True)
    return known, max(jump, drop), tuple(found) or (fine,)


def _steps(counts: Sequence[tuple[datetime, int]]) -> list[_Step]:
    pairs = [(a, b) for a, b in pairwise(counts) if timedelta() < b[0] - a[0] <= WITHIN and a[1] > 0 and b[1] > 0]
    if not pairs:
        return []
    spans = [max(1.0, (b[0] - a[0]).total_seconds() / 86_400) for a, b in pairs]
    rates = [
        float(np.log(b[1] / a[1])) * min(1.0, SUDDEN_DAYS / days) for (a, b), days in zip(pairs, spans, strict=True)
    ]
    usual = max(0.0, median(rates)) if len(rates) >= 3 else 0.0
    return [
        _Step(b[0], round(days), a[1], b[1], float(np.exp(rate - usual)))
        for (a, b), days, rate in zip(pairs, spans, rates, strict=True)
    ]


def _numbers(step: _Step) -> dict[str, Number]:
    return {"before": step.before, "after": step.after, "days": step.days, "on": step.at.date().isoformat()}


def _attention_before(at: datetime, posts: Sequence[PostCount]) -> bool:
    usual = median(p.interactions for p in posts) if posts else 0
    seen = [p.interactions for p in posts if at - ATTENTION_BEFORE <= p.at <= at]
    return bool(seen) and max(seen) >= ATTENTION * max(usual, 1)


def bursts(posts: Sequence[PostCount]) -> Found:
    """A level of interactions that steps up from one post to the next, or hardly moves at all. `posts` oldest first."""
    n = len(posts)
    if n < FEWEST_POSTS:
        return 0.0, 0.0, (Statement("bursts.unknown", {"posts": n}),)
    counts = np.array([p.interactions for p in posts], dtype=np.float64)
    found: list[Statement] = []
    even, spread = _evenness(counts)
    if even:
        found.append(Statement("bursts.even", {"posts": n, "spread": round(spread, 3)}, False))
    place, before, after = _largest_step(counts)
    step = 0.5 * ramp(float(np.log10((after + 1) / (before + 1))), np.log10(8), np.log10(25))
    if step:
        numbers: dict[str, Number] = {
            "before": round(before),
            "after": round(after),
            "on": posts[place].at.date().isoformat(),
        }
        found.append(Statement("bursts.step", numbers, False))
    fine = Statement("bursts.fit", {"posts": n}, True)
    return n / (n + 10), max(even, step), tuple(found) or (fine,)


def _evenness(counts: np.ndarray[tuple[int], np.dtype[np.float64]]) -> tuple[float, float]:
    """The sign, and how far posts typically lie from the median, as a share of it."""
    middle = float(np.median(counts))
    if middle < EVEN_FROM:
        return 0.0, 1.0
    spread = float(np.median(np.abs(counts - middle)) / middle)
    return ramp(spread, 0.08, 0.03), spread


def _largest_step(counts: np.ndarray[tuple[int], np.dtype[np.float64]]) -> tuple[int, float, float]:
    """Where the median of WINDOW posts is the largest multiple of that of the WINDOW before: (place, before, after)."""
    levels = np.median(np.lib.stride_tricks.sliding_window_view(counts, WINDOW), axis=1)
    before, after = levels[:-WINDOW], levels[WINDOW:]
    best = int(np.argmax((after + 1) / (before + 1)))
    return best + WINDOW, float(before[best]), float(after[best])
