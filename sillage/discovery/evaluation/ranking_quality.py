"""How good a ranking is against graded relevance, with bootstrap intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np


def ndcg(ranked: Sequence[str], grades: Mapping[str, int], at: int = 10) -> float:
    """Normalised discounted cumulative gain (Järvelin and Kekäläinen, 2002), gains 2**grade - 1; 0 with nobody relevant."""
    gains = [2 ** grades.get(key, 0) - 1 for key in ranked[:at]]
    ideal = sorted((2**g - 1 for g in grades.values()), reverse=True)[:at]
    best = _discounted(ideal)
    return _discounted(gains) / best if best else 0.0


def _discounted(gains: Sequence[int]) -> float:
    return float(sum(gain / np.log2(place + 2) for place, gain in enumerate(gains)))


@dataclass(frozen=True, slots=True)
class Mean:
    value: float
    low: float
    high: float
    n: int

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


def bootstrap_mean(values: Sequence[float], seed: int, rounds: int = 2_000) -> Mean:
    """The mean with its 95 % percentile bootstrap interval."""
    given = np.asarray(values, dtype=float)
    drawn = np.random.default_rng(seed).choice(given, (rounds, len(given))).mean(axis=1)
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Mean(float(given.mean()), float(low), float(high), len(given))
