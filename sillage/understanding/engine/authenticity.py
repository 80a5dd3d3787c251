"""Do the numbers of an account fit together? An interval with its evidence, never a verdict about a person.

Five checks look at different things; each says how much it could see (`known`, 0..1) and how strongly something does not
fit (`sign`, 0..1). The interval is on 0..1:

    high = product over the checks of (1 - weight * known * sign)       signs take the upper end down, and nothing else
    low  = high * sum(weight * known) / sum(weight)                     what was not seen keeps the lower end low

It is the interval between belief and plausibility (Shafer, 1976) in its simplest form. A small account, or one of which
few things were observed, is known less: its interval is wide, and its upper end is never lower for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import log10, prod

from sillage.understanding.engine.authenticity_series import PostCount, bursts, growth
from sillage.understanding.engine.cohort import Place
from sillage.understanding.engine.comment_quality import CommentQuality, CommentSeen, comment_quality
from sillage.understanding.engine.statements import Statement, ramp

VERSION = "authenticity/1"
ENOUGH_KNOWN = 0.15  # of all that could be seen; below it nothing is said

MASS_FOLLOWING = 1_500  # others followed; above it accounts are commonly called mass followers
SMALL = 1_500  # followers at which half as much is known as of a very large account
WEIGHTS = {"pattern": 0.4, "engagement": 0.6, "growth": 0.6, "bursts": 0.3, "comments": 0.6}
DISTANCE_STARTS, DISTANCE_FULL = 3.0, 5.0  # robust standard deviations from the cohort


@dataclass(frozen=True, slots=True)
class AccountSeen:
    """What was measured of an account. Missing is None or empty; series are oldest first.

    `place` is among its cohort (`cohort.py`), made from `posts`; `languages` are those that it writes.
    """

    followers: int | None = None
    following: int | None = None
    posts_published: int | None = None
    follower_counts: Sequence[tuple[datetime, int]] = ()
    posts: Sequence[PostCount] = ()
    place: Place | None = None
    comments: Sequence[CommentSeen] = ()
    languages: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Part:
    """One check. `known` and `sign` are 0..1; its statements say what was seen, with numbers."""

    name: str
    known: float
    sign: float
    statements: tuple[Statement, ...]

    @property
    def weight(self) -> float:
        return WEIGHTS[self.name]


@dataclass(frozen=True, slots=True)
class Authenticity:
    """`low` and `high` are None when not enough is known to say anything; `known` is 0..1."""

    low: float | None
    high: float | None
    known: float
    parts: tuple[Part, ...]

    @property
    def signs(self) -> list[Statement]:
        """What does not fit."""
        return [s for part in self.parts for s in part.statements if s.fits is False]


def authenticity(seen: AccountSeen) -> Authenticity:
    """Look at an account in five ways and put them together."""
    size = _size(seen.followers)
    parts = (
        _pattern(seen, size),
        _engagement(seen, size),
        Part("growth", *_scaled(growth(seen.follower_counts, seen.posts), size)),
        Part("bursts", *_scaled(bursts(seen.posts), size)),
        _comments(comment_quality(seen.comments, seen.languages), size),
    )
    known = sum(p.weight * p.known for p in parts) / sum(WEIGHTS.values())
    if known < ENOUGH_KNOWN:
        return Authenticity(None, None, known, parts)
    high = prod(1 - p.weight * p.known * p.sign for p in parts)
    return Authenticity(high * known, high, known, parts)


def _size(followers: int | None) -> float:
    """How much numbers of an account of this size can say, 0..1; half where the size is not known."""
    return 0.5 if followers is None else followers / (followers + SMALL)


def _scaled(
    found: tuple[float, float, tuple[Statement, ...]], size: float
) -> tuple[float, float, tuple[Statement, ...]]:
    known, sign, statements = found
    return known * size, sign, statements


def _pattern(seen: AccountSeen, size: float) -> Part:
    """Whom it follows and how much it published, for the followers that it has."""
    followers, following, published = seen.followers, seen.following, seen.posts_published
    asked = (following is not None) + (published is not None)
    if followers is None or not asked:
        return Part("pattern", 0.0, 0.0, (Statement("pattern.unknown"),))
    found: list[Statement] = []
    sign = 0.0
    if following is not None:
        many = ramp(log10(following + 1), log10(MASS_FOLLOWING), log10(5 * MASS_FOLLOWING))
        mutual = ramp(following / max(followers, 1), 0.5, 1.5)
        sign = max(sign, many * mutual)
        is_odd = many * mutual > 0
        numbers = {"following": following, "followers": followers}
        found.append(Statement("pattern.follows_many" if is_odd else "pattern.follows_few", numbers, not is_odd))
    if published is not None:
        few = ramp(published, 12, 3) * ramp(log10(followers + 1), 4.0, 5.0)
        sign = max(sign, few)
        numbers = {"posts": published, "followers": followers}
        found.append(Statement("pattern.few_posts" if few > 0 else "pattern.posts_fit", numbers, few == 0))
    return Part("pattern", size * asked / 2, sign, tuple(found))


def _engagement(seen: AccountSeen, size: float) -> Part:
    """Its interactions beside those of accounts of its network and size."""
    place, posts = seen.place, len(seen.posts)
    if place is None:
        return Part("engagement", 0.0, 0.0, (Statement("engagement.unknown", {"posts": posts}),))
    low = ramp(-place.distance, DISTANCE_STARTS, DISTANCE_FULL)
    high = 0.5 * ramp(place.distance, DISTANCE_STARTS, DISTANCE_FULL)  # being loved looks the same: half a sign
    numbers = {
        "measured": round(place.measured),
        "expected": round(place.expected),
        "percentile": round(place.percentile, 3),
        "others": place.n,
        "posts": posts,
    }
    name = "engagement.low" if low > 0 else "engagement.high" if high > 0 else "engagement.fits"
    known = size * posts / (posts + 5) * place.n / (place.n + 15)
    return Part("engagement", known, max(low, high), (Statement(name, numbers, max(low, high) == 0),))


def _comments(quality: CommentQuality | None, size: float) -> Part:
    """How comments look together. Several weak signs are one stronger one."""
    if quality is None:
        return Part("comments", 0.0, 0.0, (Statement("comments.unknown"),))
    repeated = 0.0 if quality.repeated is None else ramp(quality.repeated, 0.06, 0.15)
    regulars = 0.0 if quality.regulars is None else 0.7 * ramp(quality.regulars, 0.5, 0.9)
    foreign = 0.0 if quality.foreign is None else 0.5 * ramp(quality.foreign, 0.5, 0.9)
    generic = 0.5 * ramp(quality.generic, 0.6, 0.95)
    found = [
        Statement(
            "comments.repeated", {"share": _rounded(quality.repeated), "n": quality.n}, False if repeated else None
        ),
        Statement("comments.generic", {"share": _rounded(quality.generic), "n": quality.n}, False if generic else None),
        Statement(
            "comments.regulars",
            {"share": _rounded(quality.regulars), "authors": quality.authors, "posts": quality.posts},
            False if regulars else None,
        ),
        Statement("comments.foreign", {"share": _rounded(quality.foreign), "n": quality.n}, False if foreign else None),
    ]
    signs = tuple(s for s in found if s.fits is False)
    sign = 1 - prod(1 - s for s in (repeated, regulars, foreign, generic))
    fine = (Statement("comments.fit", {"n": quality.n, "posts": quality.posts}, True),)
    return Part("comments", size * quality.n / (quality.n + 30), sign, signs or fine)


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 3)
