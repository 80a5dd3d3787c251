"""An account's editorial profile: its posts' signals put together, recent ones counting more.

A post weighs 0.5 ** (age / HALF_LIFE_DAYS), so that what a creator talked about last month counts twice what they talked
about half a year before. Nothing here is a fact about a person: it is what posts are about.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from statistics import median

import numpy as np
from numpy.typing import NDArray

from sillage.lib.late import sparse

HALF_LIFE_DAYS = 180.0
MOST_CENTROIDS = 4
POSTS_PER_CENTROID = 5
LEAST_GAIN = 0.03  # of mean cosine, that one more centroid must bring
LEXICAL_COLUMNS = 2_000  # kept of an account's lexical vector, the heaviest
THEME_FLOOR = 0.05  # a smaller share of the posts is not told as a theme of the account

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class PostRead:
    """One post with what enrichers found in it. `engagement` is likes + comments where both are known."""

    published_at: datetime
    language: str | None = None
    format: str | None = None
    themes: Mapping[str, float] | None = None
    brands: Mapping[str, str] | None = None
    is_commercial: bool = False
    engagement: int | None = None


@dataclass(frozen=True, slots=True)
class BrandSeen:
    brand: str
    posts: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class ThemeEngagement:
    """Median engagement of the posts about a theme, over the account's own median. `n` posts have a known engagement."""

    theme: str
    median: float
    ratio: float | None
    n: int


@dataclass(frozen=True, slots=True)
class EditorialProfile:
    """Shares are 0..1 and weighted by recency; themes may add up to more than 1, a post can have several."""

    themes: dict[str, float]
    themes_by_month: dict[str, dict[str, int]]
    languages: dict[str, float]
    formats: dict[str, float]
    brands: list[BrandSeen]
    engagement_by_theme: list[ThemeEngagement]
    posts: int
    last_post_at: datetime | None
    median_gap_days: float | None
    regularity: float | None  # 1 for equal gaps between posts, towards 0 for bursts


def recency(published: Sequence[datetime], now: datetime) -> NDArray[np.float64]:
    """The weight of each post, shape (n,): 1 for today's, halved every HALF_LIFE_DAYS."""
    ages = np.array([max(0.0, (now - at).total_seconds() / 86_400) for at in published])
    weights: NDArray[np.float64] = np.power(0.5, ages / HALF_LIFE_DAYS)
    return weights


def editorial_profile(posts: Sequence[PostRead], now: datetime) -> EditorialProfile:
    """Put an account's posts together."""
    weights = recency([p.published_at for p in posts], now)
    total = float(weights.sum()) or 1.0
    gap, regularity = _gaps([p.published_at for p in posts])
    return EditorialProfile(
        themes=_theme_shares(posts, weights / total),
        themes_by_month=_by_month(posts),
        languages=_shares([p.language for p in posts], weights),
        formats=_shares([p.format for p in posts], weights),
        brands=_brands(posts),
        engagement_by_theme=_engagement(posts),
        posts=len(posts),
        last_post_at=max((p.published_at for p in posts), default=None),
        median_gap_days=gap,
        regularity=regularity,
    )


def _theme_shares(posts: Sequence[PostRead], weights: NDArray[np.float64]) -> dict[str, float]:
    """Weighted share of posts about each theme, each post counted with the theme's confidence, largest first."""
    shares: defaultdict[str, float] = defaultdict(float)
    for post, weight in zip(posts, weights, strict=True):
        for theme, confidence in (post.themes or {}).items():
            shares[theme] += float(weight) * confidence
    return {t: round(s, 5) for t, s in sorted(shares.items(), key=lambda x: (-x[1], x[0])) if s >= 0.005}


def _by_month(posts: Sequence[PostRead]) -> dict[str, dict[str, int]]:
    """{month: {theme: posts}}; a post counts for its strongest theme only, so that a month's counts add up to its posts."""
    months: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for post in posts:
        themes = post.themes or {}
        strongest = max(themes, key=lambda t: (themes[t], t), default="")
        months[f"{post.published_at:%Y-%m}"][strongest] += 1
    return {month: dict(months[month]) for month in sorted(months)}


def _shares(values: Sequence[str | None], weights: NDArray[np.float64]) -> dict[str, float]:
    found: defaultdict[str, float] = defaultdict(float)
    for value, weight in zip(values, weights, strict=True):
        if value:
            found[value] += float(weight)
    total = sum(found.values())
    return {v: round(w / total, 4) for v, w in sorted(found.items(), key=lambda x: (-x[1], x[0]))} if total else {}


def _brands(posts: Sequence[PostRead]) -> list[BrandSeen]:
    seen: defaultdict[str, list[datetime]] = defaultdict(list)
    for post in posts:
        for brand in post.brands or {}:
            seen[brand].append(post.published_at)
    return [BrandSeen(b, len(at), max(at)) for b, at in sorted(seen.items(), key=lambda x: (-len(x[1]), x[0]))]


def _engagement(posts: Sequence[PostRead]) -> list[ThemeEngagement]:
    known = [p for p in posts if p.engagement is not None]
    own = median(p.engagement for p in known if p.engagement is not None) if known else 0
    by_theme: defaultdict[str, list[int]] = defaultdict(list)
    for post in known:
        for theme in post.themes or {}:
            by_theme[theme].append(post.engagement or 0)
    found = [
        ThemeEngagement(theme, float(median(values)), round(median(values) / own, 3) if own else None, len(values))
        for theme, values in by_theme.items()
    ]
    return sorted(found, key=lambda t: (-t.n, t.theme))


def _gaps(published: Sequence[datetime]) -> tuple[float | None, float | None]:
    if len(published) < 3:
        return None, None
    ordered = sorted(published)
    gaps = [(b - a).total_seconds() / 86_400 for a, b in pairwise(ordered)]
    mean = sum(gaps) / len(gaps)
    spread = float(np.std(gaps)) / mean if mean else 0.0
    return round(median(gaps), 3), round(1 / (1 + spread), 3)


def centroids(vectors: Matrix, weights: NDArray[np.float64], most: int = MOST_CENTROIDS) -> tuple[Matrix, list[float]]:
    """The few directions an account writes in: unit rows (k, dimensions) and the share of its posts near each.

    Spherical k-means (Dhillon and Modha, 2001) from a farthest-first start, so the same posts give the same centroids; one
    more centroid is kept only if there are posts enough and it brings LEAST_GAIN of mean cosine.
    """
    if not len(vectors):
        return np.zeros((0, vectors.shape[1] if vectors.ndim == 2 else 0), dtype=np.float32), []
    best, owner, fit = _clustered(vectors, weights, 1)
    for k in range(2, min(most, len(vectors) // POSTS_PER_CENTROID) + 1):
        rows, owners, gained = _clustered(vectors, weights, k)
        if gained - fit < LEAST_GAIN:
            break
        best, owner, fit = rows, owners, gained
    shares = [float(weights[owner == i].sum() / weights.sum()) for i in range(len(best))]
    order = sorted(range(len(best)), key=lambda i: -shares[i])
    return best[order], [round(shares[i], 4) for i in order]


def _clustered(vectors: Matrix, weights: NDArray[np.float64], k: int) -> tuple[Matrix, NDArray[np.int64], float]:
    rows = _farthest_first(vectors, weights, k)
    for _ in range(12):
        owner = np.asarray((vectors @ rows.T).argmax(axis=1), dtype=np.int64)
        moved = np.array(
            [_direction(vectors[owner == i], weights[owner == i], rows[i]) for i in range(k)], dtype=np.float32
        )
        if np.allclose(moved, rows, atol=1e-5):
            break
        rows = moved
    owner = np.asarray((vectors @ rows.T).argmax(axis=1), dtype=np.int64)
    fit = float(np.average((vectors * rows[owner]).sum(axis=1), weights=weights))
    return rows, owner, fit


def _farthest_first(vectors: Matrix, weights: NDArray[np.float64], k: int) -> Matrix:
    chosen = [int((vectors @ _direction(vectors, weights, vectors[0])).argmax())]
    nearest = vectors @ vectors[chosen[0]]
    while len(chosen) < k:
        chosen.append(int(nearest.argmin()))
        nearest = np.maximum(nearest, vectors @ vectors[chosen[-1]])
    return vectors[chosen]


def _direction(vectors: Matrix, weights: NDArray[np.float64], otherwise: NDArray[np.float32]) -> NDArray[np.float32]:
    summed = (vectors * weights[:, None]).sum(axis=0)
    length = np.linalg.norm(summed)
    direction: NDArray[np.float32] = (summed / length).astype(np.float32) if length > 0 else otherwise
    return direction


def lexical_mean(
    rows: sparse.csr_matrix, weights: NDArray[np.float64], columns: int = LEXICAL_COLUMNS
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """An account's lexical vector: the weighted mean of its posts' rows, its heaviest columns, at unit length."""
    mean = np.asarray(rows.T @ weights, dtype=np.float32).ravel()
    kept = np.argsort(-mean, kind="stable")[:columns]
    kept = np.sort(kept[mean[kept] > 0]).astype(np.int32)
    values: NDArray[np.float32] = mean[kept]
    length = float(np.linalg.norm(values))
    scaled: NDArray[np.float32] = np.divide(values, length or 1.0, dtype=np.float32)
    return np.asarray(kept, dtype=np.int32), scaled
