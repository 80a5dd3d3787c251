"""An account's numbers come from what was measured: what is hidden is left out, what is estimated is never read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sillage.catalogue.engine.metrics import RECENT_POSTS, Seen, account_numbers
from sillage.lib.receipts import Receipt, metric_of, recomputed

NOON = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def seen(post: int, measure: str, value: int, at: datetime = NOON, source: str = "public") -> Seen:
    return Seen(f"observation:1:{post}{measure}{at:%m%d}{source}", post, measure, value, source, at)


def numbers(
    found: list[Seen], posts: dict[int, datetime] | None = None, fetched_at: datetime = NOON
) -> dict[str, Receipt]:
    posts = posts if posts is not None else {p: NOON - p * DAY for p in {s.post_id for s in found} - {0}}
    made = account_numbers("account:1", found, posts, fetched_at=fetched_at, now=NOON, code_version="test")
    return {r.metric.removeprefix("account."): r for r in made}


def test_without_observations_and_posts_there_is_no_number() -> None:
    assert numbers([]) == {}


def test_posts_whose_likes_are_hidden_are_left_out_and_n_says_how_many_remain() -> None:
    found = [seen(0, "followers", 1_000)]
    for post, likes in ((1, 40), (2, None), (3, 60)):
        found.append(seen(post, "comments", 10))
        found += [seen(post, "likes", likes)] if likes is not None else []
    rate = numbers(found)["engagement_by_followers"]
    assert (rate.value, rate.n) == (6.0, 2)  # the median of 50 and 70 over 1,000
    assert numbers(found)["median_likes"].n == 2


def test_zero_likes_are_a_number_and_no_likes_are_none() -> None:
    found = [seen(0, "followers", 100), seen(1, "likes", 0), seen(1, "comments", 0)]
    assert numbers(found)["engagement_by_followers"].value == 0.0
    assert "engagement_by_followers" not in numbers(found[:2])


def test_without_followers_or_with_none_of_them_there_is_no_rate() -> None:
    found = [seen(1, "likes", 5), seen(1, "comments", 1)]
    assert "engagement_by_followers" not in numbers(found)
    assert "engagement_by_followers" not in numbers([*found, seen(0, "followers", 0)])
    assert numbers([*found, seen(0, "followers", 0)])["followers"].value == 0


def test_what_is_estimated_is_never_read() -> None:
    found = [seen(0, "followers", 9_000, source="estimated"), seen(1, "likes", 5, source="estimated")]
    assert set(numbers(found)) == {"posts_per_week"}
    both = [*found, seen(0, "followers", 1_000, at=NOON - 9 * DAY)]
    assert numbers(both)["followers"].value == 1_000
    assert numbers(both)["followers"].source_class == "public"


def test_of_two_numbers_at_one_instant_the_authenticated_one_counts_and_the_weaker_class_is_told() -> None:
    found = [seen(0, "followers", 1_000), seen(0, "followers", 1_010, source="authenticated"), seen(1, "likes", 5)]
    found.append(seen(1, "comments", 5))
    assert numbers(found)["followers"].value == 1_010
    assert numbers(found)["engagement_by_followers"].source_class == "public"


def test_the_newest_number_of_a_post_counts() -> None:
    found = [seen(1, "likes", 5, at=NOON - DAY), seen(1, "likes", 9)]
    assert numbers(found)["median_likes"].value == 9


def test_only_the_newest_thirty_posts_count() -> None:
    found = [seen(p, "likes", 10 if p <= RECENT_POSTS else 10_000) for p in range(1, 61)]
    assert (numbers(found)["median_likes"].value, numbers(found)["median_likes"].n) == (10, RECENT_POSTS)


@pytest.mark.parametrize(
    ("days", "is_known"), [(30, False), (59, False), (60, True), (90, True), (120, True), (121, False)]
)
def test_growth_needs_a_count_60_to_120_days_before_the_newest(days: int, is_known: bool) -> None:
    found = [seen(0, "followers", 1_200), seen(0, "followers", 1_000, at=NOON - days * DAY)]
    growth = numbers(found).get("follower_growth_90d")
    assert (growth is not None) is is_known
    assert growth is None or growth.value == 20.0


def test_growth_takes_the_count_nearest_to_90_days() -> None:
    found = [seen(0, "followers", 1_200), seen(0, "followers", 600, NOON - 61 * DAY)]
    found.append(seen(0, "followers", 1_000, NOON - 92 * DAY))
    assert numbers(found)["follower_growth_90d"].value == 20.0


def test_engagement_by_views_is_another_number_than_by_followers() -> None:
    found = [seen(0, "followers", 1_000), *(seen(1, m, v) for m, v in (("likes", 8), ("comments", 2), ("views", 100)))]
    assert numbers(found)["engagement_by_views"].value == 10.0
    assert numbers(found)["engagement_by_followers"].value == 1.0
    assert "engagement_by_views" not in numbers([*found[:3], seen(1, "views", 0)])  # nothing by nothing


def test_rhythm_counts_the_ninety_days_before_the_last_fetch() -> None:
    posts = {n: NOON - 10 * n * DAY for n in range(20)}
    rhythm = numbers([], posts)["posts_per_week"]
    assert (rhythm.value, rhythm.n) == (7 * 9 / 90, 9)
    assert numbers([], posts, NOON + 365 * DAY)["posts_per_week"].value == 0.0  # silent, and that is known
    assert numbers([], {1: NOON, 2: NOON})["posts_per_week"].value == 2.0  # of one week at least


def test_every_receipt_can_be_recomputed_and_names_what_it_read() -> None:
    found = [seen(0, "followers", 1_200), seen(0, "followers", 1_000, NOON - 90 * DAY)]
    for post in range(1, 4):
        found += [seen(post, m, 10 * post) for m in ("likes", "comments", "views")]
    made = numbers(found)
    assert len(made) == 7
    for receipt in made.values():
        metric = metric_of(receipt.metric, receipt.version)
        assert metric is not None and recomputed(metric, receipt.inputs) == receipt.value
    refs = {ref for given in made["engagement_by_views"].inputs.values() for ref in given.refs}
    assert len(refs) == 9
