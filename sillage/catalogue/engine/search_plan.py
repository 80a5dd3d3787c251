"""Which way a search goes, decided from how many cards there are and how many the filters keep.

Three ways to the cards nearest to a vector (measured in docs/benchmarks.md):
INDEX: pgvector's ivfflat, filters checked on the way. Fast when filters keep some; slow and deaf when they keep little.
SCAN: one parallel pass over the narrow code table; the best by Hamming distance of sketches, rescored with vectors.
EXACT: every kept card's vector is read. For few.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

SMALLEST_INDEXED = 20_000  # cards; below, a scan is faster than any index
INDEX_FROM_SHARE = 0.02  # of the cards in the index kept by the filters
EXACT_UP_TO = 2_500  # cards kept
FOLLOWER_BANDS = (1_000, 5_000, 20_000, 50_000, 200_000, 1_000_000)


class Way(StrEnum):
    INDEX = "index"
    SCAN = "scan"
    EXACT = "exact"


@dataclass(frozen=True, slots=True)
class IndexPlan:
    """How to build ivfflat over n cards and how many of its lists a search reads first."""

    lists: int
    probes: int


def index_plan(n_cards: int) -> IndexPlan | None:
    """None below SMALLEST_INDEXED. Lists: n / 1000, above a million sqrt(n) (pgvector's advice); probes: 3 %."""
    if n_cards < SMALLEST_INDEXED:
        return None
    lists = round(math.sqrt(n_cards)) if n_cards > 1_000_000 else max(20, n_cards // 1000)
    return IndexPlan(lists=lists, probes=max(8, math.ceil(0.03 * lists)))


def is_outgrown(lists: int, n_cards: int) -> bool:
    """True when an index of that many lists should be rebuilt: the plan for n cards differs by more than half."""
    plan = index_plan(n_cards)
    return plan is not None and not 1 / 1.5 <= plan.lists / lists <= 1.5


def way_to_search(*, kept: float, indexed: float, has_index: bool) -> Way:
    """`kept`: cards (estimated) that pass the filters; `indexed`: cards in the index, of all workspaces."""
    if kept <= EXACT_UP_TO:
        return Way.EXACT
    if has_index and kept >= INDEX_FROM_SHARE * indexed:
        return Way.INDEX
    return Way.SCAN


def follower_band(number: int) -> str:
    """The name of band `number` as width_bucket counts it over FOLLOWER_BANDS: "-999", "1000-4999", "1000000-"."""
    low = str(FOLLOWER_BANDS[number - 1]) if number else ""
    high = str(FOLLOWER_BANDS[number] - 1) if number < len(FOLLOWER_BANDS) else ""
    return f"{low}-{high}"
