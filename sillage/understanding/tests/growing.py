"""How work grows with what is read: for texts that are made to be read again and again."""

from __future__ import annotations

import time
from collections.abc import Callable

IN_PROPORTION = 9  # four times as much takes about four times as long; sixteen times where the work is squared


def growth(doing: Callable[[int], object], size: int) -> float:
    """How many times longer `doing(size)` takes the processor than `doing(size // 4)`, the best of three of each.

    A ratio, so that a slow machine is no failure.
    """
    return _best(doing, size) / max(_best(doing, size // 4), 1e-4)


def _best(doing: Callable[[int], object], size: int) -> float:
    found = []
    for _ in range(3):
        start = time.process_time()
        doing(size)
        found.append(time.process_time() - start)
    return min(found)
