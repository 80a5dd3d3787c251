"""Reasons to look twice at an account. A warning is a pattern in its numbers, never a verdict about a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

FOLLOWER_JUMP = "follower_jump"
LOW_ENGAGEMENT = "low_engagement_for_size"

JUMP = 0.5  # growth between two counts at most JUMP_WITHIN apart
JUMP_WITHIN = timedelta(days=35)
JUMP_AT_LEAST = 1_000  # followers gained
LOW_PERCENTILE = 0.02
LOW_FROM = 10_000  # followers: small accounts vary too much for this to mean anything


def has_follower_jump(counts: Sequence[tuple[datetime, int]]) -> bool:
    """True when followers grew by half within five weeks, by at least a thousand. `counts` in any order."""
    ordered = sorted(counts)
    return any(
        b_at - a_at <= JUMP_WITHIN and b - a >= JUMP_AT_LEAST and b >= a * (1 + JUMP)
        for (a_at, a), (b_at, b) in pairwise(ordered)
    )


def has_low_engagement(percentile: float | None, followers: int | None) -> bool:
    """True for an account of 10,000 followers or more in the lowest 2 % of its network and size."""
    return percentile is not None and followers is not None and followers >= LOW_FROM and percentile < LOW_PERCENTILE
