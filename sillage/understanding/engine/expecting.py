"""What a next post may come to: boosted trees on the creator's own past first, content second, and always an interval.

The trees (LightGBM; Ke et al., 2017) correct the account's own past level, shrunk to the level of all where there is little
past; on log10 of counts. The interval is split-conformal at 90 % (Papadopoulos et al., 2002), locally weighted (Lei et al.,
2018): the distances of the latest posts, on which nothing was trained, in units of how far off accounts with as much
history usually are. It holds on average over posts like those; a change of the network's rules breaks it until it has
seen some days of it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sillage.understanding.engine.boosting import Trees, TreeSettings, grow, settings_for, trees_from
from sillage.understanding.engine.history import FEATURES, Codes, Floats, Table, counted

VERSION = "expected/1"
FORMAT = 1
COVERAGE = 0.9
FEWEST_ROWS = 200  # to train and to calibrate on
CALIBRATING = 0.25  # the latest part of the rows
WEIGHING = 0.3  # the latest part of the training rows, on which usual distances are seen
FEWEST_HISTORY = 3  # posts of the account, below which nothing is expected of it
SHRINKS = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0)  # posts' worth of trust in the level of all; the training rows say how much
HISTORIES = (1, 3, 8)  # posts: none, little, some, much history
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)  # of the trees' correction that may be taken
TRUST = 20.0  # rows' worth of trust in the usual distance of all

_USUAL, _RECENT = FEATURES.index("usual"), FEATURES.index("recent")


@dataclass(frozen=True, slots=True)
class Expected:
    """Counts of a next post: a point and the interval around it, which is never left out."""

    low: float
    point: float
    high: float


@dataclass(frozen=True, eq=False)
class Forecaster:
    """`level` is the mean of all targets; `shrink` how many posts of an account weigh as much as it.

    `taken` is the share of the trees' correction that helped accounts without and with history, on posts that the trees had
    not seen: content may add nothing. `spreads` are the usual distances in log10 by how much history there is (HISTORIES),
    of which `reach` is the multiple that covers. `trained` and `calibrated` are how many posts each was done on.
    """

    trees: Trees
    codes: Codes
    level: float
    shrink: float
    taken: tuple[float, float]
    spreads: tuple[float, ...]
    reach: float
    trained: int
    calibrated: int

    @cached_property
    def version(self) -> str:
        """The first 12 hexadecimal digits of a SHA-256 over all of it."""
        return hashlib.sha256(self.to_bytes()).hexdigest()[:12]

    def levels(self, table: Table) -> Floats:
        """The points, log10 (count + 1), shape (rows,)."""
        correction = self.trees.predict(table.rows) * _by_history(table, self.taken)
        return _past_levels(table, self.level, self.shrink) + correction

    def half_widths(self, table: Table) -> Floats:
        """Of the intervals, in log10, shape (rows,)."""
        return self.reach * _usual_distances(table, self.spreads)

    def expect(self, table: Table) -> list[Expected]:
        """One per row."""
        pairs = zip(self.levels(table), self.half_widths(table), strict=True)
        return [Expected(counted(p - half), counted(p), counted(p + half)) for p, half in pairs]

    def to_bytes(self) -> bytes:
        """JSON that holds LightGBM's own text of its trees: nothing that could run."""
        note = {
            "format": FORMAT,
            "trees": self.trees.text,
            "codes": [self.codes.formats, self.codes.networks, self.codes.themes],
            "level": self.level,
            "shrink": self.shrink,
            "taken": self.taken,
            "spreads": self.spreads,
            "reach": self.reach,
            "trained": self.trained,
            "calibrated": self.calibrated,
        }
        return json.dumps(note, sort_keys=True).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> Forecaster:
        """The inverse of `to_bytes`. Raises ValueError when the data is of another format."""
        note = json.loads(data)
        if note["format"] != FORMAT:
            raise ValueError(f"forecaster of format {note['format']}, expected {FORMAT}")
        return cls(
            trees_from(note["trees"]),
            Codes(*note["codes"]),
            note["level"],
            note["shrink"],
            (note["taken"][0], note["taken"][1]),
            tuple(note["spreads"]),
            note["reach"],
            note["trained"],
            note["calibrated"],
        )


def train(table: Table, codes: Codes, *, settings: TreeSettings | None = None, seed: int = 7) -> Forecaster | None:
    """Train on the earlier rows, calibrate on the latest. None with fewer than FEWEST_ROWS."""
    n = len(table.targets)
    if n < FEWEST_ROWS:
        return None
    early = np.arange(n) < round(n * (1 - CALIBRATING))
    return calibrated(table.part(early), table.part(~early), codes, settings=settings, seed=seed)


def calibrated(
    earlier: Table, later: Table, codes: Codes, *, settings: TreeSettings | None = None, seed: int = 7
) -> Forecaster:
    """Train on one table, calibrate on a later one."""
    chosen = settings or settings_for(len(earlier.targets))
    level = float(earlier.targets.mean())
    base = level, _shrink(earlier, level)
    taken, spreads = _tried(earlier, base, chosen, seed)
    trees = _grown(earlier, base, chosen, seed)
    model = Forecaster(trees, codes, *base, taken, spreads, 1.0, len(earlier.targets), len(later.targets))
    off = np.abs(later.targets - model.levels(later))
    return replace(model, reach=conformal(off / _usual_distances(later, spreads)))


def _shrink(table: Table, level: float) -> float:
    """The one with which the past alone comes nearest, over rows that have a past (James and Stein, 1961, by trial)."""
    known = table.part(table.history > 0)
    if not len(known.targets):
        return SHRINKS[-1]
    off = {s: float(np.mean(np.abs(known.targets - _past_levels(known, level, s)))) for s in SHRINKS}
    return min(SHRINKS, key=lambda s: off[s])


def _grown(table: Table, base: tuple[float, float], settings: TreeSettings, seed: int) -> Trees:
    return grow(table.rows, table.targets - _past_levels(table, *base), settings, seed)


def _tried(
    table: Table, base: tuple[float, float], settings: TreeSettings, seed: int
) -> tuple[tuple[float, float], tuple[float, ...]]:
    """On the latest training rows, by trees grown on those before: which share of the correction helps; what is left."""
    early = np.arange(len(table.targets)) < round(len(table.targets) * (1 - WEIGHING))
    before, after = table.part(early), table.part(~early)
    left = after.targets - _past_levels(after, *base)
    correction = _grown(before, base, settings, seed).predict(after.rows)
    without, having = (_helpful(left[kind], correction[kind]) for kind in (after.history == 0, after.history > 0))
    taken = (without, having)
    return taken, _spreads(np.abs(left - correction * _by_history(after, taken)), after.history)


def _helpful(left: Floats, correction: Floats) -> float:
    """The share of SHARES that leaves least; all of it where there is nothing to try on."""
    if not len(left):
        return 1.0
    return min(SHARES, key=lambda share: float(np.mean(np.abs(left - share * correction))))


def _spreads(off: Floats, history: NDArray[np.int64]) -> tuple[float, ...]:
    """The usual distance by how much history there is; rare kinds lean on all."""
    kinds, of_all = np.digitize(history, HISTORIES), float(np.median(off))
    found = [off[kinds == kind] for kind in range(len(HISTORIES) + 1)]
    return tuple(
        max(1e-6, (len(f) * float(np.median(f)) + TRUST * of_all) / (len(f) + TRUST)) if len(f) else of_all
        for f in found
    )


def _by_history(table: Table, pair: tuple[float, float]) -> Floats:
    return np.where(table.history > 0, pair[1], pair[0])


def _usual_distances(table: Table, spreads: tuple[float, ...]) -> Floats:
    return np.asarray(np.array(spreads)[np.digitize(table.history, HISTORIES)], dtype=np.float64)


def conformal(off: Floats, coverage: float = COVERAGE) -> float:
    """The ceil((n + 1) * coverage)-th smallest distance: a new one lies within it with that probability."""
    rank = min(len(off), int(np.ceil((len(off) + 1) * coverage)))
    return float(np.sort(off)[rank - 1])


def _past_levels(table: Table, level: float, shrink: float) -> Floats:
    """The account's own usual and recent level, shrunk to the level of all by so many posts."""
    own = np.where(table.history > 0, (table.rows[:, _USUAL] + table.rows[:, _RECENT]) / 2, level)
    weight = table.history / (table.history + shrink)
    return np.asarray(weight * own + (1 - weight) * level, dtype=np.float64)
