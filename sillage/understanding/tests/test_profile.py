"""A profile puts an account's posts together; recent ones count more, and nothing is filled in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from sillage.understanding.engine.profile import (
    PostRead,
    centroids,
    editorial_profile,
    lexical_mean,
    recency,
)

NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)


def _post(days: float, **more):
    return PostRead(NOON - timedelta(days=days), **more)


def test_a_post_half_a_year_old_counts_half():
    assert recency([NOON, NOON - timedelta(days=180)], NOON).tolist() == pytest.approx([1, 0.5])


def test_a_recent_theme_outweighs_an_old_one():
    profile = editorial_profile([_post(1, themes={"home.garden": 1.0}), _post(360, themes={"sport.surf": 1.0})], NOON)
    assert list(profile.themes) == ["home.garden", "sport.surf"]
    assert profile.themes["home.garden"] == pytest.approx(4 * profile.themes["sport.surf"], rel=0.02)


def test_months_add_up_to_the_posts():
    posts = [_post(0, themes={"a": 0.9, "b": 0.5}), _post(1), _post(40, themes={"b": 0.3})]
    assert editorial_profile(posts, NOON).themes_by_month == {"2026-05": {"b": 1}, "2026-06": {"a": 1, "": 1}}


def test_engagement_by_theme_says_its_n_and_leaves_out_hidden_counts():
    posts = [
        _post(1, themes={"a": 1.0}, engagement=100),
        _post(2, themes={"a": 1.0}, engagement=300),
        _post(3, themes={"a": 1.0}),
        _post(4, themes={"b": 1.0}, engagement=50),
    ]
    a, b = editorial_profile(posts, NOON).engagement_by_theme
    assert (a.theme, a.median, a.ratio, a.n) == ("a", 200, 2.0, 2)
    assert (b.theme, b.n) == ("b", 1)


def test_an_account_without_posts_has_an_empty_profile():
    profile = editorial_profile([], NOON)
    assert profile.themes == {} and profile.last_post_at is None and profile.median_gap_days is None


def test_equal_gaps_are_regular_and_bursts_are_not():
    even = editorial_profile([_post(d) for d in (0, 7, 14, 21)], NOON)
    burst = editorial_profile([_post(d) for d in (0, 0.1, 0.2, 60)], NOON)
    assert (even.median_gap_days, even.regularity) == (7, 1)
    assert burst.regularity is not None and burst.regularity < 0.5


def _around(axis: int, n: int, rng: np.random.Generator):
    rows = np.zeros((n, 8), dtype=np.float32)
    rows[:, axis] = 1
    rows += rng.normal(0, 0.05, rows.shape).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_two_subjects_give_two_centroids_the_larger_first():
    rng = np.random.default_rng(1)
    vectors = np.concatenate([_around(0, 8, rng), _around(3, 16, rng)])
    rows, shares = centroids(vectors, np.ones(24))
    assert len(rows) == 2
    assert shares == pytest.approx([2 / 3, 1 / 3], abs=1e-3)
    assert rows[0, 3] > 0.9 and rows[1, 0] > 0.9


def test_one_subject_gives_one_centroid():
    rows, shares = centroids(_around(2, 20, np.random.default_rng(2)), np.ones(20))
    assert len(rows) == 1 and shares == [1.0]


def test_the_same_posts_give_the_same_centroids():
    vectors = np.concatenate([_around(i, 10, np.random.default_rng(i)) for i in range(3)])
    first, again = centroids(vectors, np.ones(30)), centroids(vectors, np.ones(30))
    np.testing.assert_array_equal(first[0], again[0])


def test_no_vectors_give_no_centroids():
    rows, shares = centroids(np.zeros((0, 8), dtype=np.float32), np.zeros(0))
    assert rows.shape == (0, 8) and shares == []


def test_a_lexical_vector_keeps_its_heaviest_columns_at_unit_length():
    rows = csr_matrix(np.array([[3, 0, 1, 0], [3, 0, 0, 0.5]], dtype=np.float32))
    columns, values = lexical_mean(rows, np.array([0.5, 0.5]), columns=2)
    assert columns.tolist() == [0, 2]
    assert float(np.linalg.norm(values)) == pytest.approx(1)
