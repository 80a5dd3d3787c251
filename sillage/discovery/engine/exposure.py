"""Who is shown: how a list's places are spread over sizes, countries and languages, beside what reach ranking would show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

BANDS: tuple[tuple[str, int | None], ...] = (
    ("under_10k", 10_000),
    ("10k_100k", 100_000),
    ("100k_1m", 1_000_000),
    ("over_1m", None),
)
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Place:
    """What is known of one account in a list. None is unknown."""

    followers: int | None
    country: str | None
    language: str | None


def band_of(followers: int | None) -> str:
    if followers is None:
        return UNKNOWN
    return next(name for name, below in BANDS if below is None or followers < below)


def shares(values: Iterable[str]) -> dict[str, float]:
    """Share of each value, 0..1, largest first."""
    counts = Counter(values)
    total = sum(counts.values())
    return {value: n / total for value, n in counts.most_common()} if total else {}


def exposure(
    shown: Sequence[Place], by_reach: Sequence[Place], considered: Sequence[Place]
) -> dict[str, dict[str, dict[str, float]]]:
    """{dimension: {list: {value: share}}} for the shortlist, the same number of accounts by reach, and all considered."""
    lists: Mapping[str, Sequence[Place]] = {"shown": shown, "by_reach": by_reach, "considered": considered}
    return {
        "size": {name: shares(band_of(p.followers) for p in places) for name, places in lists.items()},
        "country": {name: shares(p.country or UNKNOWN for p in places) for name, places in lists.items()},
        "language": {name: shares(p.language or UNKNOWN for p in places) for name, places in lists.items()},
    }
