"""What a person's pins and dismissals say about the weights of a brief.

Each pinned account should stand above each dismissed one of the same brief. Weights are fitted so that they do, near the
present ones:

    loss = n * mean over pairs of log(1 + exp(-margin / SOFTNESS)) + PULL * sum(((weight - present) / 100) ** 2)

`margin` is the points of the pinned account less those of the dismissed one, over the parts that both have: what is not
measured for one of them is left out of the pair. Pairs share accounts, so together they count as the n accounts that they
are made of (Joachims, 2002, learns from such pairs; Burges et al., 2005, with this loss).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

import numpy as np
from numpy.typing import NDArray

from sillage.discovery.engine.brief import LARGEST_WEIGHT
from sillage.discovery.engine.score import MEANING, PENALTIES, REASONS, THEMES, WORDS
from sillage.lib.late import optimize, special

VERSION = "choices/1"
# Chosen on the briefs marked "tune" of the sample world only (docs/evaluation.md); between half and double they do as well.
SOFTNESS = 5.0  # points by which a pair must be in order to count as settled
PULL = 20.0
# With fewer than 30 pairs what was proposed to the simulated persons of docs/evaluation.md on those briefs changed nothing
# that could be told from chance, and a single pair moves a share by more than 3 points. Three of a kind, so that two are
# left to learn from when one is held back.
FEWEST_PAIRS = 30
FEWEST_OF_A_KIND = 3
CHANCE = 0.5
FOLDS = 5
DRAWS, SEED = 1_000, 7
NAMES = (*REASONS, *PENALTIES)

Weights = Mapping[str, float]
Numbers = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Choice:
    """An account that a person pinned or dismissed for a brief, and its parts at that time: 0..1, None if not measured."""

    brief_id: int
    account_id: int
    is_pinned: bool
    parts: Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Every pinned account of a brief with every dismissed one: their places among the choices, and what differs.

    `gap` has shape (pairs, names): part of the pinned less part of the dismissed, NaN where one of them has none.
    """

    pinned: Places
    dismissed: Places
    gap: Numbers

    def __len__(self) -> int:
        return len(self.pinned)

    def only(self, kept: NDArray[np.bool_]) -> Pairs:
        return Pairs(self.pinned[kept], self.dismissed[kept], self.gap[kept])


def pairs_of(choices: Sequence[Choice]) -> Pairs:
    found = [
        (i, j)
        for (i, one), (j, other) in product(enumerate(choices), repeat=2)
        if one.is_pinned and not other.is_pinned and one.brief_id == other.brief_id
    ]
    rows = [[np.nan if (part := c.parts.get(name)) is None else part for name in NAMES] for c in choices]
    parts = np.array(rows, dtype=float).reshape(-1, len(NAMES))
    pinned, dismissed = np.array(found, dtype=np.int64).reshape(-1, 2).T
    return Pairs(pinned, dismissed, parts[pinned] - parts[dismissed])


def margins(pairs: Pairs, weights: Weights) -> Numbers:
    """By how many points each pinned account stands above the dismissed one, over the parts that both have."""
    return _margins(pairs.gap, np.array([weights[name] for name in NAMES], dtype=float))[0]


def _margins(gap: Numbers, w: Numbers) -> tuple[Numbers, Numbers]:
    """Margins of shape (pairs,), and their slopes by weight of shape (pairs, names)."""
    reasons = len(REASONS)
    known, gap = ~np.isnan(gap), np.nan_to_num(gap)
    total = (known[:, :reasons] * w[:reasons]).sum(axis=1)
    scale = np.divide(100, total, out=np.zeros(len(total)), where=total > 0)
    gained = (gap[:, :reasons] * w[:reasons]).sum(axis=1) * scale
    slopes = -gap
    slopes[:, :reasons] = known[:, :reasons] * (gap[:, :reasons] - gained[:, None] / 100) * scale[:, None]
    margin: Numbers = gained - (gap[:, reasons:] * w[reasons:]).sum(axis=1)
    return margin, slopes


def fitted(pairs: Pairs, present: Weights) -> dict[str, float]:
    """Weights that put the pinned above the dismissed, near the present ones, in a slider's steps from 0 to 100.

    Only their proportions rank, so the reasons that pairs tell of keep together the weight that they have now; a reason that
    no pair tells of keeps its own. At least one editorial reason keeps some. Without pairs they are the present ones.
    """
    if not len(pairs):
        return dict(present)
    start = np.array([present[name] for name in NAMES], dtype=float)
    n = len(np.unique(np.concatenate([pairs.pinned, pairs.dismissed])))

    def loss(w: Numbers) -> tuple[float, Numbers]:
        margin, slopes = _margins(pairs.gap, w)
        away = (w - start) / LARGEST_WEIGHT
        value = n * np.logaddexp(0, -margin / SOFTNESS).mean() + PULL * (away @ away)
        slope = -special.expit(-margin / SOFTNESS) / SOFTNESS
        return float(value), n * (slope[:, None] * slopes).mean(axis=0) + 2 * PULL * away / LARGEST_WEIGHT

    strongest = max((THEMES, WORDS, MEANING), key=lambda name: present[name])
    least = np.array([float(name == strongest) for name in NAMES])
    bounds = [(low, LARGEST_WEIGHT) for low in least]
    found = optimize.minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    told = np.zeros(len(NAMES), dtype=bool)
    told[: len(REASONS)] = ~np.isnan(pairs.gap[:, : len(REASONS)]).all(axis=0)
    found[told] *= start[told].sum() / (found[told].sum() or 1.0)
    return dict(zip(NAMES, np.clip(np.round(found), least, LARGEST_WEIGHT).tolist(), strict=True))


# -- held back -------------------------------------------------------------------------------------------------------


def held_out_order(choices: Sequence[Choice], pairs: Pairs, present: Weights) -> Numbers:
    """Per pair 1 if weights that saw neither of its two accounts order it rightly, 0 if wrongly, 0.5 for a tie.

    Pinned and dismissed accounts are dealt into up to FOLDS parts each; for each pair of parts, weights are fitted on the
    pairs that touch neither and asked about those between them.
    """
    fold = np.zeros(len(choices), dtype=np.int64)
    counts = {}
    for is_pinned in (True, False):
        own = [i for i, c in enumerate(choices) if c.is_pinned is is_pinned]
        counts[is_pinned] = min(FOLDS, len(own))
        fold[own] = np.arange(len(own)) % max(counts[is_pinned], 1)
    order = np.zeros(len(pairs))
    for a, b in product(range(counts[True]), range(counts[False])):
        pinned, dismissed = fold[pairs.pinned] == a, fold[pairs.dismissed] == b
        asked = pinned & dismissed
        if asked.any():
            order[asked] = in_order(pairs.only(asked), fitted(pairs.only(~pinned & ~dismissed), present))
    return order


def in_order(pairs: Pairs, weights: Weights) -> Numbers:
    """Per pair 1 if the pinned account stands above the dismissed one, 0 if below, 0.5 for a tie."""
    order: Numbers = (np.sign(margins(pairs, weights)) + 1) / 2
    return order


@dataclass(frozen=True, slots=True)
class Share:
    """A share of pairs with its 95 % interval, drawn over accounts: pairs that share one are not independent."""

    value: float
    low: float
    high: float


def share_of(values: Numbers, pairs: Pairs, choices: Sequence[Choice]) -> Share:
    """The mean of the pairs' values. Pinned and dismissed accounts are drawn anew DRAWS times."""
    random = np.random.default_rng(SEED)
    drawn = np.zeros((DRAWS, len(choices)))
    for is_pinned in (True, False):
        own = [i for i, c in enumerate(choices) if c.is_pinned is is_pinned]
        drawn[:, own] = random.multinomial(len(own), [1 / len(own)] * len(own), size=DRAWS)
    times = drawn[:, pairs.pinned] * drawn[:, pairs.dismissed]
    total = times.sum(axis=1)
    means = (times @ values)[total > 0] / total[total > 0]
    low, high = np.percentile(means, [2.5, 97.5])
    return Share(float(values.mean()), float(low), float(high))


# -- what comes out --------------------------------------------------------------------------------------------------


class Verdict(StrEnum):
    """Whether choices teach anything."""

    TOO_FEW = "too_few"  # fewer pairs than FEWEST_PAIRS, or fewer than FEWEST_OF_A_KIND pinned or dismissed
    IN_ORDER = "in_order"  # the present weights already put every pinned account first
    NO_BETTER = "no_better"  # on pairs that were held back, other weights were not better, or no better than a coin
    BETTER = "better"


@dataclass(frozen=True, slots=True)
class Lesson:
    """What choices say of the present weights, and of those fitted to them. Shares are None with too few pairs."""

    verdict: Verdict
    pinned: int
    dismissed: int
    pairs: int
    weights: Mapping[str, float]  # as fitted on all pairs; the present ones unless the verdict is better
    present: Share | None = None
    held_out: Share | None = None
    gain: Share | None = None

    @property
    def choices(self) -> int:
        return self.pinned + self.dismissed


def learnt(choices: Sequence[Choice], present: Weights) -> Lesson:
    """What choices teach: other weights only where pairs that were held back are in better order under them.

    And in an order that is no coin's: the interval of that share lies above a half. Without this, 33 to 57 % of sets of
    random choices would be answered with a proposal; with it, 0 to 2 % (docs/evaluation.md).
    """
    opposed = _opposed(choices)
    pairs = pairs_of(opposed)
    pinned = sum(choice.is_pinned for choice in opposed)
    dismissed = len(opposed) - pinned
    if len(pairs) < FEWEST_PAIRS or min(pinned, dismissed) < FEWEST_OF_A_KIND:
        said = sum(choice.is_pinned for choice in choices)
        return Lesson(Verdict.TOO_FEW, said, len(choices) - said, len(pairs), dict(present))
    now, then = in_order(pairs, present), held_out_order(opposed, pairs, present)
    weights = fitted(pairs, present)
    was, held_out, gain = (share_of(values, pairs, opposed) for values in (now, then, then - now))
    verdict = Verdict.IN_ORDER if (now == 1).all() else Verdict.NO_BETTER
    if gain.value > 0 and held_out.low > CHANCE and weights != present:
        verdict = Verdict.BETTER
    kept = weights if verdict is Verdict.BETTER else dict(present)
    return Lesson(verdict, pinned, dismissed, len(pairs), kept, was, held_out, gain)


def _opposed(choices: Sequence[Choice]) -> list[Choice]:
    """The choices of briefs for which somebody was pinned and somebody dismissed."""
    kinds = {(choice.brief_id, choice.is_pinned) for choice in choices}
    return [choice for choice in choices if (choice.brief_id, not choice.is_pinned) in kinds]


@dataclass(frozen=True, slots=True)
class Turned:
    """A pair that other weights put in another order. `is_mended`: the pinned account is now the higher one."""

    pinned: Choice
    dismissed: Choice
    is_mended: bool


def turned(choices: Sequence[Choice], present: Weights, proposed: Weights) -> list[Turned]:
    """The pairs whose order changes, those that change most first."""
    pairs = pairs_of(choices)
    before, after = margins(pairs, present), margins(pairs, proposed)
    changed = np.flatnonzero((before > 0) != (after > 0))
    changed = changed[np.argsort(-np.abs(after - before)[changed], kind="stable")]
    return [Turned(choices[pairs.pinned[i]], choices[pairs.dismissed[i]], bool(after[i] > 0)) for i in changed]
