"""How much engagement accounts of a size have on a network, and how far one account lies from that.

log10 of an account's median interactions on log10 of its followers, by a line that outliers do not pull: iteratively
reweighted least squares with Huber's weights (Huber, 1964; tuning constant 1.345) and the median absolute deviation as
scale. Distances are then compared within a size band (half powers of ten), as their spread differs with size.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FEWEST = 20  # accounts that a line is drawn through
FEWEST_IN_BAND = 12  # fewer are compared with those of all sizes
LEAST_SCALE = 0.15  # of log10: accounts are never more alike than that
_HUBER = 1.345
_ROUNDS = 30

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an account stands among `n` others. `expected` and `measured` are interactions per post.

    `distance` is in robust standard deviations of log10, negative below; `percentile` is the share of them that lie lower.
    """

    expected: float
    measured: float
    distance: float
    percentile: float
    n: int


@dataclass(frozen=True, eq=False)
class Cohort:
    """A network's line and the distances of its accounts from it, sorted, by size band; key None is all sizes."""

    network: str
    intercept: float
    slope: float
    distances: Mapping[int | None, Floats]

    def place(self, followers: int, interactions: float) -> Place:
        """`interactions` is the account's median per post; both are at least 0."""
        expected = self.intercept + self.slope * _logged(followers)
        distance = _logged(interactions) - expected
        among = self.distances.get(band_of(followers), self.distances[None])
        among = among if len(among) >= FEWEST_IN_BAND else self.distances[None]
        centre = float(np.median(among))
        below = int(np.searchsorted(among, distance - 1e-9))
        return Place(
            expected=float(10 ** (expected + centre) - 1),
            measured=float(interactions),
            distance=(distance - centre) / _scale(among),
            percentile=below / len(among),
            n=len(among),
        )


def band_of(followers: int) -> int:
    """Half powers of ten: 10,000 to 31,622 is band 8."""
    return int(np.floor(2 * np.log10(max(followers, 1))))


def fit_cohort(network: str, followers: NDArray[np.int64], interactions: Floats) -> Cohort | None:
    """Draw the line through accounts, shapes (n,) and (n,). None with fewer than FEWEST of them."""
    if len(followers) < FEWEST:
        return None
    x, y = np.log10(followers + 1.0), np.log10(interactions + 1.0)
    intercept, slope = _huber_line(x, y)
    distances = y - intercept - slope * x
    bands = np.array([band_of(int(f)) for f in followers])
    by_band: dict[int | None, Floats] = {int(b): np.sort(distances[bands == b]) for b in np.unique(bands)}
    return Cohort(network, intercept, slope, {None: np.sort(distances), **by_band})


def _huber_line(x: Floats, y: Floats) -> tuple[float, float]:
    design = np.column_stack([np.ones_like(x), x])
    line = np.linalg.lstsq(design, y, rcond=None)[0]
    for _ in range(_ROUNDS):
        off = y - design @ line
        far = np.abs(off) / _scale(off)
        weights = np.sqrt(np.minimum(1.0, _HUBER / np.maximum(far, 1e-9)))
        better = np.linalg.lstsq(design * weights[:, None], y * weights, rcond=None)[0]
        if np.allclose(better, line, atol=1e-9):
            break
        line = better
    return float(line[0]), float(line[1])


def _scale(values: Floats) -> float:
    """1.4826 times the median absolute deviation, at least LEAST_SCALE."""
    return max(LEAST_SCALE, float(1.4826 * np.median(np.abs(values - np.median(values)))))


def _logged(value: float) -> float:
    return float(np.log10(value + 1.0))
