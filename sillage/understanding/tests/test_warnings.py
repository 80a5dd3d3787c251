"""A warning is a pattern in an account's numbers: a jump of followers, or next to no engagement for its size."""

from datetime import UTC, datetime, timedelta

import pytest

from sillage.understanding.engine.warnings import has_follower_jump, has_low_engagement

DAY_ONE = datetime(2026, 1, 1, tzinfo=UTC)


def _counts(*pairs):
    return [(DAY_ONE + timedelta(days=day), followers) for day, followers in pairs]


@pytest.mark.parametrize(
    ("counts", "jumped"),
    [
        (_counts(), False),
        (_counts((0, 10_000)), False),
        (_counts((0, 10_000), (35, 15_000)), True),
        (_counts((0, 10_000), (36, 15_000)), False),  # too slow
        (_counts((0, 10_000), (30, 14_999)), False),  # too little
        (_counts((0, 100), (30, 1_099)), False),  # small accounts grow like this
        (_counts((0, 100), (30, 1_100)), True),
        (_counts((30, 15_000), (0, 10_000)), True),  # in any order
        (_counts((0, 15_000), (30, 10_000)), False),  # a loss is no jump
        (_counts((0, 0), (30, 2_000)), True),
    ],
)
def test_a_jump_is_half_as_many_again_within_five_weeks_and_a_thousand_at_least(counts, jumped):
    assert has_follower_jump(counts) is jumped


@pytest.mark.parametrize(
    ("percentile", "followers", "is_low"),
    [(0.019, 10_000, True), (0.02, 10_000, False), (0.0, 9_999, False), (None, 50_000, False), (0.0, None, False)],
)
def test_low_engagement_is_told_of_large_accounts_in_the_lowest_two_per_cent(percentile, followers, is_low):
    assert has_low_engagement(percentile, followers) is is_low
