"""Brands in a creator's posts: organic, likely paid or declared; collaborations over time; conflicts, affinity, shares.

A mention is *declared* where the post calls itself advertising or bears the network's label, *likely paid* where it speaks of
something given (affiliate links, gifts, codes, thanks), *organic* where nothing of the kind was seen: absence of a sign, not
proof. A post that names several brands says of none of them alone that it pays: its mentions are less sure.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import combinations, pairwise
from statistics import median

VERSION = "1"
ORGANIC, LIKELY, DECLARED = "organic", "likely_paid", "declared"
CLASSES = (ORGANIC, LIKELY, DECLARED)
UNSEEN = 0.7  # how far the absence of a sign speaks for an organic mention
SHARED = 0.6  # of the confidence is left where several brands stand in one paid post
GAP_DAYS = 60  # paid posts for one brand that are farther apart are two collaborations
CONFLICT_MONTHS = 6
FEWEST_POSTS = 5  # on each side, below which no paid-against-organic ratio is told
FEWEST_MENTIONS = 3  # organic ones, below which no affinity is told
Z95 = 1.959964


@dataclass(frozen=True, slots=True)
class PostSigns:
    """What a post says about brands and money. `brands` is {key: confidence of the mention}; `signs` as `commercial` found
    them (words, confidence, kind), none where nothing was seen. `engagement` is likes + comments where both are known."""

    post_id: int
    published_at: datetime
    brands: Mapping[str, float]
    signs: Sequence[Mapping[str, object]] = ()
    engagement: int | None = None

    @property
    def standing(self) -> str:
        """The class of the whole post."""
        if not self.signs:
            return ORGANIC
        return DECLARED if any(s.get("kind", "label") == "label" and _sure(s) >= 0.9 for s in self.signs) else LIKELY


@dataclass(frozen=True, slots=True)
class Mention:
    """A brand in a post. `evidence` are the words that speak of money; the brand's own words are in its signal."""

    brand: str
    post_id: int
    published_at: datetime
    standing: str
    confidence: float
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Collaboration:
    """Paid posts for one brand that lie close together. `standing` is the surest of them, `posts` their ids in time."""

    brand: str
    first_on: date
    last_on: date
    standing: str
    confidence: float
    posts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two collaborations for brands of one sector. `days` lie between them, 0 where they overlap."""

    sector: str
    earlier: Collaboration
    later: Collaboration
    days: int


@dataclass(frozen=True, slots=True)
class Affinity:
    """How a creator speaks of a brand unpaid: in which share of the posts, and in how many of the months in which they
    posted. Both are None below FEWEST_MENTIONS mentions."""

    brand: str
    mentions: int
    share: float | None
    regularity: float | None
    months: int


@dataclass(frozen=True, slots=True)
class Share:
    """k of n with the 95 % interval of Wilson (1927); None where n is 0."""

    k: int
    n: int
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class PaidAgainstOrganic:
    """Median engagement of paid posts (declared and likely) over that of the others; None below FEWEST_POSTS of either."""

    ratio: float | None
    paid_median: float | None
    organic_median: float | None
    paid: int
    organic: int


def mentions_of(posts: Iterable[PostSigns]) -> list[Mention]:
    """Every brand of every post with its class, the newest first."""
    found = [mention for post in posts for mention in _mentions(post)]
    return sorted(found, key=lambda m: (m.published_at, m.brand), reverse=True)


def _mentions(post: PostSigns) -> Iterable[Mention]:
    standing = post.standing
    words = tuple(str(sign["words"]) for sign in post.signs)
    told = max(map(_sure, post.signs), default=UNSEEN)
    money = told if standing == ORGANIC or len(post.brands) == 1 else told * SHARED
    for brand, sure in post.brands.items():
        yield Mention(brand, post.post_id, post.published_at, standing, round(sure * money, 4), words)


def _sure(sign: Mapping[str, object]) -> float:
    value = sign["confidence"]
    return float(value) if isinstance(value, int | float) else 0.0


def collaborations_of(mentions: Iterable[Mention], gap_days: int = GAP_DAYS) -> list[Collaboration]:
    """Paid mentions put together by brand and time, the newest first."""
    paid: defaultdict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        if mention.standing != ORGANIC:
            paid[mention.brand].append(mention)
    found = [_collaboration(run) for rows in paid.values() for run in _runs(rows, timedelta(days=gap_days))]
    return sorted(found, key=lambda c: (c.last_on, c.brand), reverse=True)


def _runs(rows: Sequence[Mention], gap: timedelta) -> Iterable[list[Mention]]:
    ordered = sorted(rows, key=lambda m: m.published_at)
    run = [ordered[0]]
    for before, mention in pairwise(ordered):
        if mention.published_at - before.published_at > gap:
            yield run
            run = []
        run.append(mention)
    yield run


def _collaboration(run: Sequence[Mention]) -> Collaboration:
    surest = max(run, key=lambda m: (CLASSES.index(m.standing), m.confidence))
    return Collaboration(
        run[0].brand,
        run[0].published_at.date(),
        run[-1].published_at.date(),
        surest.standing,
        surest.confidence,
        tuple(m.post_id for m in run),
    )


def conflicts_of(
    collaborations: Sequence[Collaboration], sectors: Mapping[str, str], months: int = CONFLICT_MONTHS
) -> list[Conflict]:
    """Pairs of different brands of one sector within so many months (of 30.4 days), the closest first.

    A brand without a sector is in conflict with none.
    """
    found = []
    for one, other in combinations(collaborations, 2):
        sector = sectors.get(one.brand, "")
        if one.brand == other.brand or not sector or sector != sectors.get(other.brand):
            continue
        earlier, later = sorted((one, other), key=lambda c: (c.first_on, c.brand))
        days = max(0, (later.first_on - earlier.last_on).days)
        if days <= months * 30.4:
            found.append(Conflict(sector, earlier, later, days))
    return sorted(found, key=lambda c: (c.days, c.sector, c.earlier.brand))


def affinities_of(posts: Sequence[PostSigns], mentions: Iterable[Mention]) -> list[Affinity]:
    """Brands by organic mentions, the most first."""
    months = {f"{p.published_at:%Y-%m}" for p in posts}
    organic: defaultdict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        if mention.standing == ORGANIC:
            organic[mention.brand].append(mention)
    found = []
    for brand, rows in organic.items():
        enough = len(rows) >= FEWEST_MENTIONS
        spread = {f"{m.published_at:%Y-%m}" for m in rows}
        found.append(
            Affinity(
                brand,
                len(rows),
                len(rows) / len(posts) if enough else None,
                len(spread) / len(months) if enough else None,
                len(months),
            )
        )
    return sorted(found, key=lambda a: (-a.mentions, a.brand))


def sponsored_share(posts: Sequence[PostSigns], *, declared_only: bool = False) -> Share:
    """The share of posts that are declared, or declared or likely paid."""
    wanted = {DECLARED} if declared_only else {DECLARED, LIKELY}
    return wilson(sum(p.standing in wanted for p in posts), len(posts))


def wilson(k: int, n: int) -> Share:
    """The score interval of a share, which stays wide and within 0..1 for few observations."""
    if n == 0:
        return Share(k, n, None, None, None)
    share, square = k / n, Z95**2
    centre = (share + square / (2 * n)) / (1 + square / n)
    half = Z95 * math.sqrt(share * (1 - share) / n + square / (4 * n * n)) / (1 + square / n)
    return Share(k, n, share, max(0.0, centre - half), min(1.0, centre + half))


def paid_against_organic(posts: Sequence[PostSigns]) -> PaidAgainstOrganic:
    """Only posts whose engagement is known count."""
    known = [(p.standing != ORGANIC, p.engagement) for p in posts if p.engagement is not None]
    paid = [value for is_paid, value in known if is_paid]
    organic = [value for is_paid, value in known if not is_paid]
    if min(len(paid), len(organic)) < FEWEST_POSTS:
        return PaidAgainstOrganic(None, None, None, len(paid), len(organic))
    of_paid, of_organic = float(median(paid)), float(median(organic))
    ratio = of_paid / of_organic if of_organic else None
    return PaidAgainstOrganic(ratio, of_paid, of_organic, len(paid), len(organic))
