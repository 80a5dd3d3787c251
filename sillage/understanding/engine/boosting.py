"""Boosted trees of LightGBM: grown, asked, and written as its own text.

LightGBM needs the system's OpenMP library (Debian, Ubuntu: libgomp1; macOS: libomp). Where that is missing nothing here
works, `can_grow` says so, and all else of Sillage does.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sillage.lib.late import lightgbm

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class TreeSettings:
    """Small trees, slowly: the fewer posts, the smaller."""

    rounds: int = 80
    leaves: int = 6
    rate: float = 0.03
    fewest_in_leaf: int = 20
    penalty: float = 5.0


def settings_for(rows: int) -> TreeSettings:
    """What so many rows to learn from allow."""
    return TreeSettings() if rows < 2_000 else TreeSettings(rounds=200, leaves=15, rate=0.04)


@dataclass(frozen=True)
class Trees:
    """`text` is LightGBM's own form of a model: plain text, read without running anything."""

    text: str

    def predict(self, rows: Floats) -> Floats:
        """float64 (rows,)."""
        return np.asarray(self._booster.predict(rows, num_threads=1), dtype=np.float64)

    @cached_property
    def _booster(self) -> Any:
        return lightgbm.Booster(model_str=self.text)


@cache
def can_grow() -> bool:
    try:
        return callable(lightgbm.train)
    except (ImportError, OSError):  # OSError: its library does not find OpenMP
        return False


def grow(rows: Floats, targets: Floats, settings: TreeSettings, seed: int) -> Trees:
    """Fit the mean: rows (n, features), NaN is missing; targets (n,). The same in the same order gives the same."""
    given = {
        "objective": "regression",
        "num_leaves": settings.leaves,
        "learning_rate": settings.rate,
        "min_data_in_leaf": settings.fewest_in_leaf,
        "lambda_l2": settings.penalty,
        "feature_fraction": 0.8,
        "seed": seed,
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": 1,
        "verbosity": -1,
    }
    booster = lightgbm.train(given, lightgbm.Dataset(rows, targets, free_raw_data=True), settings.rounds)
    return Trees(booster.model_to_string())


def trees_from(text: str) -> Trees:
    return Trees(text)
