"""Followers and engagement with the skew that public numbers have. A hidden number yields no observation, never 0."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sillage.catalogue.engine.records import AccountRecord, Measure, ObservationRecord, PostRecord, SourceClass
from sillage.catalogue.sample.cast import BOUGHT_FOLLOWERS, ENGAGEMENT_POD, Persona

MONTHS_OBSERVED = 9
NO_FOLLOWERS = ("rss",)

_FOLLOWER_FIELDS = {
    "instagram": "followers_count",
    "tiktok": "follower_count",
    "youtube": "statistics.subscriberCount",
    "bluesky": "followersCount",
}
_POST_FIELDS: dict[str, dict[Measure, str]] = {
    "instagram": {
        Measure.LIKES: "like_count",
        Measure.COMMENTS: "comments_count",
        Measure.VIEWS: "view_count",
    },
    "tiktok": {
        Measure.VIEWS: "view_count",
        Measure.LIKES: "like_count",
        Measure.COMMENTS: "comment_count",
        Measure.SHARES: "share_count",
    },
    "youtube": {
        Measure.VIEWS: "statistics.viewCount",
        Measure.LIKES: "statistics.likeCount",
        Measure.COMMENTS: "statistics.commentCount",
    },
    "bluesky": {
        Measure.LIKES: "likeCount",
        Measure.COMMENTS: "replyCount",
        Measure.SHARES: "repostCount",
    },
    "rss": {},
}
_INSIGHT_FIELDS = {Measure.REACH: "reach", Measure.SAVES: "saved"}


@dataclass(frozen=True, slots=True)
class Pull:
    """How strongly an account's audience reacts: likes (or views) per follower, and who hides likes."""

    rate: float
    hides_likes: float
    followers: int


def draw_pull(rng: random.Random, persona: Persona, followers: int) -> Pull:
    """Smaller accounts react more; bought followers do not react at all."""
    rate = 0.085 * (followers / 1000) ** -0.22 * rng.lognormvariate(0, 0.3)
    if persona.suspicion == BOUGHT_FOLLOWERS:
        rate *= 0.06
    if persona.suspicion == ENGAGEMENT_POD:
        rate *= 1.6
    return Pull(rate, rng.choice((0.0, 0.0, 0.03, 0.12)), followers)


def follower_observations(
    rng: random.Random, persona: Persona, account: AccountRecord, followers: int, now: datetime
) -> Iterator[ObservationRecord]:
    """One count a month for nine months, the last one at `now`. Blogs have none."""
    if account.network in NO_FOLLOWERS:
        return
    growth = rng.lognormvariate(0.016, 0.018)
    jump_at = rng.randrange(2, MONTHS_OBSERVED - 1) if persona.suspicion == BOUGHT_FOLLOWERS else None
    value = float(followers)
    for months_ago in range(MONTHS_OBSERVED):
        yield _observed(
            account.network,
            account.network_id,
            None,
            Measure.FOLLOWERS,
            _as_shown(account.network, value),
            _FOLLOWER_FIELDS[account.network],
            SourceClass.PUBLIC,
            now - timedelta(days=30 * months_ago),
        )
        value /= growth * rng.lognormvariate(0, 0.006)
        if months_ago == jump_at:
            value /= rng.uniform(2.4, 4.0)


def post_observations(
    rng: random.Random, persona: Persona, post: PostRecord, pull: Pull, comments: int, now: datetime
) -> list[ObservationRecord]:
    """The public numbers of one post as its network shows them, and insights where the account is connected.

    `comments` is how many comments the world holds under the post: the count is never below it.
    """
    counts = _counts(rng, post, pull)
    if not counts:
        return []
    counts[Measure.COMMENTS] = max(counts[Measure.COMMENTS], comments)
    if rng.random() < pull.hides_likes:
        counts.pop(Measure.LIKES, None)
    if comments == 0 and rng.random() < 0.02:
        counts.pop(Measure.COMMENTS)
    fields = _POST_FIELDS[post.network]
    observations = [
        _of_post(post, measure, value, fields[measure], SourceClass.PUBLIC, now)
        for measure, value in counts.items()
        if measure in fields
    ]
    if persona.authenticated and post.network == "instagram":
        observations.extend(_insights(rng, post, pull, now))
    return observations


def _counts(rng: random.Random, post: PostRecord, pull: Pull) -> dict[Measure, int]:
    mood = rng.lognormvariate(0, 0.5)
    if rng.random() < 0.015:
        mood *= rng.uniform(5, 25)
    if post.network == "rss":
        return {}
    if post.network == "bluesky":
        likes = pull.followers * pull.rate * 0.12 * mood
        return {
            Measure.LIKES: int(likes),
            Measure.COMMENTS: int(likes * rng.uniform(0.02, 0.14)),
            Measure.SHARES: int(likes * rng.uniform(0.04, 0.25)),
        }
    if post.network == "instagram":
        return _instagram_counts(rng, post, pull, mood)
    return _video_counts(rng, post, pull, mood)


def _instagram_counts(rng: random.Random, post: PostRecord, pull: Pull, mood: float) -> dict[Measure, int]:
    likes = pull.followers * pull.rate * 0.7 * mood
    counts = {Measure.LIKES: int(likes), Measure.COMMENTS: int(likes * rng.uniform(0.01, 0.05))}
    if post.format == "short_video":
        counts[Measure.VIEWS] = int(likes * rng.uniform(9, 28))
    return counts


def _video_counts(rng: random.Random, post: PostRecord, pull: Pull, mood: float) -> dict[Measure, int]:
    if post.network == "tiktok":
        views = pull.followers * pull.rate * 6 * mood * rng.lognormvariate(0, 0.7)
        return {
            Measure.VIEWS: int(views),
            Measure.LIKES: int(views * rng.uniform(0.04, 0.13)),
            Measure.COMMENTS: int(views * rng.uniform(0.0008, 0.005)),
            Measure.SHARES: int(views * rng.uniform(0.0005, 0.008)),
        }
    views = pull.followers * pull.rate * 4 * mood
    return {
        Measure.VIEWS: int(views),
        Measure.LIKES: int(views * rng.uniform(0.025, 0.07)),
        Measure.COMMENTS: int(views * rng.uniform(0.001, 0.006)),
    }


def _insights(rng: random.Random, post: PostRecord, pull: Pull, now: datetime) -> Iterator[ObservationRecord]:
    reach = pull.followers * rng.uniform(0.16, 0.5)
    values = {Measure.REACH: int(reach), Measure.SAVES: int(reach * rng.uniform(0.003, 0.03))}
    for measure, value in values.items():
        yield _of_post(post, measure, value, _INSIGHT_FIELDS[measure], SourceClass.AUTHENTICATED, now)


def _as_shown(network: str, value: float) -> int:
    """YouTube rounds subscribers down to three figures."""
    count = int(value)
    if network != "youtube" or count < 1000:
        return count
    step = int(10 ** (len(str(count)) - 3))
    return count // step * step


def _of_post(
    post: PostRecord, measure: Measure, value: int, field: str, source: SourceClass, now: datetime
) -> ObservationRecord:
    return _observed(post.network, post.account_network_id, post.network_id, measure, value, field, source, now)


def _observed(
    network: str,
    account_id: str,
    post_id: str | None,
    measure: Measure,
    value: int,
    field: str,
    source: SourceClass,
    at: datetime,
) -> ObservationRecord:
    return ObservationRecord(
        network=network,
        account_network_id=account_id,
        post_network_id=post_id,
        measure=measure,
        value=value,
        api_field=field,
        source_class=source,
        observed_at=at,
    )
