"""What an account's past said before each of its posts: the features from which a next post is expected.

Strictly past-only: a row is made from posts published before it. Numbers are log10 of counts + 1; what there is no history
for is NaN.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median

import numpy as np
from numpy.typing import NDArray

RECENT = 5
THEMES = 12  # shares that a row has room for
FEATURES: tuple[str, ...] = (
    *("usual", "recent", "last", "trend", "spread", "posts", "usual_of_format", "posts_of_format", "gap_days"),
    *("hour_sin", "hour_cos", "weekday", "format", "network", "text_length", "title_length", "hashtags"),
    *(f"theme_{n}" for n in range(THEMES)),
)

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PostMade:
    """A post as it is known before anybody reacts. `themes` are (theme, share) pairs; `format` and `network` are names."""

    account: int
    at: datetime
    format: str | None = None
    network: str = ""
    text_length: int = 0
    title_length: int = 0
    hashtags: int = 0
    themes: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class PostDone:
    """A post with what came of it: `count` is of views, or of likes + comments."""

    made: PostMade
    count: int


@dataclass(slots=True)
class Codes:
    """Whole numbers for the names of formats, networks and themes, in the order in which a model learnt them."""

    formats: list[str] = field(default_factory=list)
    networks: list[str] = field(default_factory=list)
    themes: list[str] = field(default_factory=list)


def codes_of(posts: Sequence[PostMade]) -> Codes:
    """The names that occur; of themes the THEMES with the largest shares in all."""
    shares: dict[str, float] = {}
    for post in posts:
        for theme, share in post.themes:
            shares[theme] = shares.get(theme, 0.0) + share
    return Codes(
        formats=sorted({p.format for p in posts if p.format}),
        networks=sorted({p.network for p in posts if p.network}),
        themes=sorted(shares, key=lambda t: (-shares[t], t))[:THEMES],
    )


@dataclass(frozen=True, eq=False)
class Table:
    """Rows of FEATURES, shape (posts, features), in order of time; `targets` are log10 (count + 1), shape (posts,).

    `history` is how many posts of the account came before, `at` the instant of each.
    """

    rows: Floats
    targets: Floats
    history: NDArray[np.int64]
    at: NDArray[np.float64]

    def part(self, chosen: NDArray[np.bool_]) -> Table:
        return Table(self.rows[chosen], self.targets[chosen], self.history[chosen], self.at[chosen])


def table_of(posts: Sequence[PostDone], codes: Codes) -> Table:
    """One row per post, from the posts of its account that were published before it."""
    ordered = sorted(posts, key=lambda p: (p.made.at, p.made.account))
    past: dict[int, Past] = {}
    rows, history = [], []
    for post in ordered:
        own = past.setdefault(post.made.account, Past())
        rows.append(own.row(post.made, codes))
        history.append(len(own.levels))
        own.add(post)
    return Table(
        np.array(rows, dtype=np.float64).reshape(len(rows), len(FEATURES)),
        np.array([logged(p.count) for p in ordered], dtype=np.float64),
        np.array(history, dtype=np.int64),
        np.array([p.made.at.timestamp() for p in ordered], dtype=np.float64),
    )


def row_table(rows: Sequence[Sequence[float]], history: int) -> Table:
    """Rows of posts that are yet to be made, after `history` posts of one account: without targets and instants."""
    n = len(rows)
    unknown = np.full(n, np.nan)
    return Table(
        np.array(rows, dtype=np.float64).reshape(n, len(FEATURES)),
        unknown,
        np.full(n, history, dtype=np.int64),
        unknown,
    )


class Past:
    """The posts of one account so far, oldest first; `row` looks back from the next one."""

    def __init__(self, posts: Sequence[PostDone] = ()) -> None:
        self.levels: list[float] = []
        self.of_format: dict[str | None, list[float]] = {}
        self.last_at: datetime | None = None
        for post in posts:
            self.add(post)

    def add(self, post: PostDone) -> None:
        self.levels.append(logged(post.count))
        self.of_format.setdefault(post.made.format, []).append(self.levels[-1])
        self.last_at = post.made.at

    def row(self, post: PostMade, codes: Codes) -> list[float]:
        return [*self._looking_back(post), *_as_made(post, codes)]

    def _looking_back(self, post: PostMade) -> list[float]:
        levels, alike = self.levels, self.of_format.get(post.format, [])
        if not levels or self.last_at is None:
            return [np.nan] * 5 + [0.0, np.nan, 0.0, np.nan]
        recent = levels[-RECENT:]
        before = levels[-2 * RECENT : -RECENT]
        return [
            median(levels),
            median(recent),
            levels[-1],
            median(recent) - median(before) if before else np.nan,
            float(np.std(levels[-4 * RECENT :])) if len(levels) > 2 else np.nan,
            float(np.log1p(len(levels))),
            median(alike) if alike else np.nan,
            float(np.log1p(len(alike))),
            float(np.log1p(max(0.0, (post.at - self.last_at).total_seconds() / 86_400))),
        ]


def _as_made(post: PostMade, codes: Codes) -> list[float]:
    hour = 2 * np.pi * (post.at.hour + post.at.minute / 60) / 24
    shares = dict(post.themes)
    themes = [shares.get(theme, 0.0) for theme in codes.themes]
    return [
        float(np.sin(hour)),
        float(np.cos(hour)),
        float(post.at.weekday()),
        _code(post.format, codes.formats),
        _code(post.network, codes.networks),
        float(np.log1p(post.text_length)),
        float(np.log1p(post.title_length)),
        float(post.hashtags),
        *themes,
        *[0.0] * (THEMES - len(themes)),
    ]


def _code(name: str | None, known: Sequence[str]) -> float:
    return float(known.index(name)) if name in known else np.nan


def logged(count: float) -> float:
    return float(np.log10(count + 1.0))


def counted(level: float) -> float:
    """The inverse of `logged`, at least 0."""
    return float(max(0.0, 10.0**level - 1.0))
