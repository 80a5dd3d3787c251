"""An account's own numbers: which ones there are, and how they come from observations.

Definitions follow the field's usual ones (engagement by followers and by views are different metrics and are never mixed);
a number that lacks an input is missing. Posts whose likes or comments are hidden are left out, and n says how many remain.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sillage.lib.receipts import Input, Metric, Receipt, receipt_of, register, weakest_class

_MEASURED = frozenset({"authenticated", "public"})
RECENT_POSTS = 30
RHYTHM_DAYS = 90

FOLLOWERS = register(
    Metric("account.followers", 1, "followers", "people", "none", _MEASURED, "the network's own count, newest first")
)
FOLLOWER_GROWTH = register(
    Metric(
        "account.follower_growth_90d",
        1,
        "100 * (followers - followers_before) / followers_before",
        "%",
        "up",
        _MEASURED,
        "change over the last 90 days, from the observation nearest to 90 days before the newest (60 to 120 days)",
    )
)
ENGAGEMENT_BY_FOLLOWERS = register(
    Metric(
        "account.engagement_by_followers",
        1,
        "100 * median(sums(likes, comments)) / followers",
        "%",
        "up",
        _MEASURED,
        "median over the last 30 posts of (likes + comments), by followers: GRIN, Upfluence, Influencity use its mean",
    )
)
ENGAGEMENT_BY_VIEWS = register(
    Metric(
        "account.engagement_by_views",
        1,
        "100 * median(ratios(sums(likes, comments), views))",
        "%",
        "up",
        _MEASURED,
        "median over the last 30 posts of (likes + comments) / views: usual on YouTube and TikTok",
    )
)
MEDIAN_VIEWS = register(
    Metric("account.median_views", 1, "median(views)", "views", "up", _MEASURED, "median over the last 30 posts")
)
MEDIAN_LIKES = register(
    Metric("account.median_likes", 1, "median(likes)", "likes", "up", _MEASURED, "median over the last 30 posts")
)
POSTS_PER_WEEK = register(
    Metric(
        "account.posts_per_week",
        1,
        "7 * posts / days",
        "posts/week",
        "none",
        _MEASURED,
        "posts known in the 90 days before the last fetch, or since the first known post if that is later",
    )
)


@dataclass(frozen=True, slots=True)
class Seen:
    """An observation as metrics read it. `ref` is what a receipt keeps: observation:ACCOUNT:ID."""

    ref: str
    post_id: int  # 0 is the account itself
    measure: str
    value: int
    source_class: str
    observed_at: datetime


@dataclass(frozen=True, slots=True)
class _Proof:
    """What all receipts of one account have in common."""

    subject: str
    now: datetime
    code_version: str

    def of(self, metric: Metric, inputs: Mapping[str, Input], *, n: int) -> Receipt:
        return receipt_of(
            metric, inputs, subject=self.subject, n=n, computed_at=self.now, code_version=self.code_version
        )


def account_numbers(
    subject: str,
    seen: Sequence[Seen],
    posts: Mapping[int, datetime],
    *,
    fetched_at: datetime,
    now: datetime,
    code_version: str,
) -> list[Receipt]:
    """Every number of one account (`subject`: “account:ID”) that its observations allow.

    `posts` is {post id: published_at}; estimated observations are never read here. Numbers that would be missing are absent.
    """
    proof = _Proof(subject, now, code_version)
    measured = [s for s in seen if s.source_class in _MEASURED]
    recent = sorted(posts, key=lambda p: posts[p], reverse=True)[:RECENT_POSTS]
    newest = _newest_per_post(measured)
    followers = _newest(measured, "followers")
    made = [
        _proven(FOLLOWERS, {"followers": followers}, proof),
        _proven(
            FOLLOWER_GROWTH,
            {"followers": followers, "followers_before": _before(measured, followers)},
            proof,
        ),
        _per_post(ENGAGEMENT_BY_FOLLOWERS, ("likes", "comments"), recent, newest, followers, proof),
        _per_post(ENGAGEMENT_BY_VIEWS, ("likes", "comments", "views"), recent, newest, None, proof),
        _per_post(MEDIAN_VIEWS, ("views",), recent, newest, None, proof),
        _per_post(MEDIAN_LIKES, ("likes",), recent, newest, None, proof),
        _rhythm(posts, fetched_at, proof),
    ]
    return [r for r in made if r is not None and r.value is not None]


def _newest_per_post(seen: Sequence[Seen]) -> dict[tuple[int, str], Seen]:
    newest: dict[tuple[int, str], Seen] = {}
    for s in seen:
        known = newest.get((s.post_id, s.measure))
        if known is None or _rank(s) > _rank(known):
            newest[s.post_id, s.measure] = s
    return newest


def _rank(seen: Seen) -> tuple[datetime, bool]:
    return seen.observed_at, seen.source_class == "authenticated"


def _newest(seen: Sequence[Seen], measure: str) -> Seen | None:
    of_account = [s for s in seen if s.post_id == 0 and s.measure == measure]
    return max(of_account, key=_rank, default=None)


def _before(seen: Sequence[Seen], newest: Seen | None) -> Seen | None:
    """The follower count nearest to 90 days before the newest, if one lies 60 to 120 days before it."""
    if newest is None:
        return None
    wanted = newest.observed_at - timedelta(days=90)
    near = [
        s
        for s in seen
        if s.post_id == 0 and s.measure == "followers" and abs(s.observed_at - wanted) <= timedelta(days=30)
    ]
    return min(near, key=lambda s: abs(s.observed_at - wanted), default=None)


def _proven(metric: Metric, inputs: Mapping[str, Seen | None], proof: _Proof) -> Receipt | None:
    if any(s is None for s in inputs.values()):
        return None
    given = {name: Input(s.value, (s.ref,), s.source_class) for name, s in inputs.items() if s is not None}
    return proof.of(metric, given, n=len(given))


def _per_post(
    metric: Metric,
    measures: tuple[str, ...],
    recent: Sequence[int],
    newest: Mapping[tuple[int, str], Seen],
    followers: Seen | None,
    proof: _Proof,
) -> Receipt | None:
    """A metric over the posts for which every measure is known."""
    complete = [p for p in recent if all((p, m) in newest for m in measures)]
    if not complete or ("followers" in metric.inputs and followers is None):
        return None
    inputs = {m: _listed([newest[p, m] for p in complete]) for m in measures}
    if "followers" in metric.inputs and followers is not None:
        inputs["followers"] = Input(followers.value, (followers.ref,), followers.source_class)
    return proof.of(metric, inputs, n=len(complete))


def _listed(seen: Sequence[Seen]) -> Input:
    return Input([s.value for s in seen], tuple(s.ref for s in seen), weakest_class([s.source_class for s in seen]))


def _rhythm(posts: Mapping[int, datetime], fetched_at: datetime, proof: _Proof) -> Receipt | None:
    if not posts:
        return None
    since = fetched_at - timedelta(days=RHYTHM_DAYS)
    days = min(RHYTHM_DAYS, max(7, (fetched_at - min(posts.values())).days + 1))
    count = sum(1 for at in posts.values() if since < at <= fetched_at)
    inputs = {"posts": Input(count, (), "public"), "days": Input(days, (), "public")}
    return proof.of(POSTS_PER_WEEK, inputs, n=count)
