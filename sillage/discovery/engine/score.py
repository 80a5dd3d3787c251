"""The score of an account for a brief: a sum of reasons, each a part between 0 and 1 times an open weight.

    score = 100 * sum(w_r * x_r) / sum(w_r over the reasons that were measured) - sum(p_k * y_k)

A reason that could not be measured for an account is left out on both sides of the fraction, so that missing is neither
good nor bad; a penalty that could not be measured takes nothing away. Reach is not a reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

VERSION = "score/1"
ENOUGH_POSTS = 0.4  # share of an account's posts from which a theme counts in full
SATURATION_Z = 4.0  # standard deviations above the background at which a part is 1 - 1/e

THEMES, WORDS, MEANING, BRANDS, ENGAGEMENT, RHYTHM = "themes", "words", "meaning", "brands", "engagement", "rhythm"
UNWANTED_THEMES, UNWANTED_WORDS, WARNINGS, SATURATION = "unwanted_themes", "unwanted_words", "warnings", "saturation"

REASONS = (THEMES, WORDS, MEANING, BRANDS, ENGAGEMENT, RHYTHM)
PENALTIES = (UNWANTED_THEMES, UNWANTED_WORDS, WARNINGS, SATURATION)

# Chosen on the briefs marked "tune" of the sample world only (docs/evaluation.md).
DEFAULT_WEIGHTS: dict[str, float] = {
    THEMES: 30,
    WORDS: 30,
    MEANING: 30,
    BRANDS: 4,
    ENGAGEMENT: 6,
    RHYTHM: 5,
    UNWANTED_THEMES: 40,
    UNWANTED_WORDS: 20,
    WARNINGS: 15,
    SATURATION: 10,
}

Column = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Scored:
    """Points per reason and penalty (penalties are negative), and their sum, for every account: shape (n,)."""

    points: Mapping[str, Column]
    score: Column


def scored(parts: Mapping[str, Column], weights: Mapping[str, float]) -> Scored:
    """Add the parts up. `parts` are columns of shape (n,) in 0..1 with NaN where nothing was measured."""
    x = np.stack([parts[name] for name in REASONS])
    w = np.array([weights[name] for name in REASONS])[:, None]
    measured = ~np.isnan(x)
    total = (w * measured).sum(axis=0)
    share = np.divide(100 * w, total, out=np.zeros_like(x), where=measured & (total > 0))
    points = dict(zip(REASONS, share * np.nan_to_num(x), strict=True))
    for name in PENALTIES:
        points[name] = 0.0 - weights[name] * np.nan_to_num(parts[name])
    return Scored(points, np.sum(list(points.values()), axis=0))


def theme_part(shares: NDArray[np.float64], wanted: NDArray[np.float64], enough: float = ENOUGH_POSTS) -> Column:
    """How much of the wanted themes an account covers, 0..1.

    `shares` has shape (n, themes): the share of each account's posts that is about a theme. A theme is covered fully when
    `enough` of the posts are about it. `wanted` has shape (themes,): how much the brief wants each. NaN without themes.
    """
    if not wanted.any():
        return np.full(len(shares), np.nan)
    covered = np.minimum(shares / enough, 1.0)
    part: Column = covered @ wanted / wanted.sum()
    return part


def outstanding(cosines: Column, languages: Sequence[str | None], background: Background) -> Column:
    """Cosines made comparable between languages and questions, 0..1: how far each stands out of its background.

        z = (cosine - mean) / deviation of the background of its language;  part = 1 - exp(-max(z, 0) / SATURATION_Z)

    Cosines of other languages, models and question lengths have other ranges; how far one stands out is comparable. The
    background is a sample of the whole workspace, so a filter does not change a score. NaN stays NaN.
    """
    part = np.full(len(cosines), np.nan)
    for language in set(languages):
        own = np.array([x == language for x in languages], dtype=bool) & ~np.isnan(cosines)
        mean, deviation = background.of(language)
        if deviation > 1e-9:
            part[own] = 1 - np.exp(-np.maximum((cosines[own] - mean) / deviation, 0) / SATURATION_Z)
        else:
            part[own] = 0.0
    return part


@dataclass(frozen=True, slots=True)
class Background:
    """What a question's cosines are with accounts taken at random: mean and deviation per language and over all."""

    by_language: Mapping[str | None, tuple[float, float]]
    overall: tuple[float, float]

    def of(self, language: str | None) -> tuple[float, float]:
        return self.by_language.get(language, self.overall)


def background_of(cosines: Column, languages: Sequence[str | None], fewest: int = 20) -> Background:
    """The background of a sample. A language with fewer than `fewest` accounts is measured against all of them."""
    known = ~np.isnan(cosines)
    by_language = {}
    for language in set(languages):
        own = np.array([x == language for x in languages], dtype=bool) & known
        if own.sum() >= fewest:
            by_language[language] = (float(cosines[own].mean()), float(cosines[own].std()))
    overall = (float(cosines[known].mean()), float(cosines[known].std())) if known.any() else (0.0, 0.0)
    return Background(by_language, overall)


def rhythm_part(posts_per_week: Column, days_since_post: Column) -> Column:
    """1 for two posts a week or more and a post in the last 30 days, falling to 0 at half a year of silence."""
    pace = np.minimum(posts_per_week / 2, 1)
    fresh = np.clip((180 - days_since_post) / 150, 0, 1)
    part: Column = pace * fresh
    return part


def saturation_part(sponsored_share: Column) -> Column:
    """0 up to 30 % sponsored posts, 1 from 60 %."""
    part: Column = np.clip((sponsored_share - 0.3) / 0.3, 0, 1)
    return part


def most_diverse(score: Column, vectors: NDArray[np.float32], limit: int, diversity: float) -> list[int]:
    """Places of the best accounts by maximal marginal relevance (Carbonell and Goldstein, 1998).

    `diversity` 0 keeps the order of the score; 1 looks only at how different an account is from those above it. `vectors`
    are unit rows; ties go to the higher score.
    """
    order = np.argsort(-score, kind="stable")
    if diversity <= 0 or len(order) <= 1:
        return [int(i) for i in order[:limit]]
    pool = order[: max(limit * 10, 200)]
    relevance = score[pool] / 100
    nearest = np.full(len(pool), -np.inf)
    chosen: list[int] = []
    free = np.ones(len(pool), dtype=bool)
    for _ in range(min(limit, len(pool))):
        worth = (1 - diversity) * relevance - (diversity * nearest if chosen else 0)
        at = int(np.argmax(np.where(free, worth, -np.inf)))
        chosen.append(int(pool[at]))
        free[at] = False
        nearest = np.maximum(nearest, vectors[pool] @ vectors[pool[at]])
    return chosen
