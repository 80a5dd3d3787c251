"""A score is the sum of its reasons; missing is neither good nor bad; reach is not a reason."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sillage.discovery.engine.exposure import Place, band_of, exposure
from sillage.discovery.engine.score import (
    DEFAULT_WEIGHTS,
    PENALTIES,
    REASONS,
    background_of,
    most_diverse,
    outstanding,
    rhythm_part,
    saturation_part,
    scored,
    theme_part,
)

NAN = float("nan")


def _parts(n: int = 1, **given: object):
    parts = {name: np.full(n, NAN) for name in (*REASONS, *PENALTIES)}
    return parts | {name: np.asarray(value, dtype=float) for name, value in given.items()}


@given(
    arrays(float, (len(REASONS) + len(PENALTIES), 7), elements=st.one_of(st.floats(0, 1), st.just(NAN))),
    st.lists(st.floats(0, 100), min_size=len(REASONS) + len(PENALTIES), max_size=len(REASONS) + len(PENALTIES)),
)
def test_reasons_add_up_to_the_score(x, w):
    names = (*REASONS, *PENALTIES)
    result = scored(dict(zip(names, x, strict=True)), dict(zip(names, w, strict=True)))
    np.testing.assert_allclose(sum(result.points.values()), result.score, atol=1e-9)
    assert (result.score <= 100 + 1e-9).all()


def test_a_perfect_account_has_100_points():
    assert scored(_parts(**{name: [1.0] for name in REASONS}), DEFAULT_WEIGHTS).score[0] == pytest.approx(100)


def test_a_missing_reason_is_left_out_rather_than_counted_as_0():
    both = scored(_parts(2, themes=[0.8, 0.8], engagement=[NAN, 0.0]), DEFAULT_WEIGHTS)
    assert both.score[0] == pytest.approx(80)
    assert both.score[1] < 80
    assert both.points["engagement"][0] == 0


def test_a_penalty_takes_away_and_a_missing_one_does_not():
    both = scored(_parts(2, themes=[1, 1], unwanted_themes=[0.5, NAN]), DEFAULT_WEIGHTS)
    assert both.points["unwanted_themes"].tolist() == [-20, 0]


def test_weights_are_open():
    only_rhythm = dict.fromkeys(DEFAULT_WEIGHTS, 0.0) | {"rhythm": 3.0}
    assert scored(_parts(themes=[1], rhythm=[0.25]), only_rhythm).score[0] == pytest.approx(25)


def test_two_fifths_of_the_posts_cover_a_theme():
    part = theme_part(np.array([[0.4, 0], [0.9, 0], [0.1, 0.1], [0, 0]]), np.array([1.0, 1.0]))
    assert part.tolist() == pytest.approx([0.5, 0.5, 0.25, 0])


def test_a_brief_without_themes_gives_no_theme_part():
    assert np.isnan(theme_part(np.ones((2, 3)), np.zeros(3))).all()


def test_languages_with_other_ranges_become_comparable():
    cosines = np.concatenate([np.linspace(0.5, 0.6, 20), np.linspace(0.0, 0.1, 20)])
    languages = ["fr"] * 20 + ["en"] * 20
    part = outstanding(cosines, languages, background_of(cosines, languages))
    np.testing.assert_allclose(part[:20], part[20:], atol=1e-9)
    assert part.min() == 0 and part.max() > 0.3


def test_a_filter_does_not_change_how_far_an_account_stands_out():
    cosines, languages = np.linspace(0, 1, 40), ["fr"] * 40
    background = background_of(cosines, languages)
    np.testing.assert_array_equal(
        outstanding(cosines, languages, background)[35:], outstanding(cosines[35:], languages[35:], background)
    )


def test_a_rare_language_is_measured_against_all():
    cosines = np.concatenate([np.linspace(0, 0.2, 30), [0.9]])
    languages = ["fr"] * 30 + ["it"]
    assert outstanding(cosines, languages, background_of(cosines, languages))[-1] > 0.6


def test_equal_cosines_say_nothing():
    same, languages = np.full(25, 0.3), ["fr"] * 25
    assert outstanding(same, languages, background_of(same, languages)).tolist() == [0] * 25


def test_an_unmeasured_cosine_stays_unmeasured():
    cosines, languages = np.array([NAN] + [0.1, 0.2] * 15), ["fr"] * 31
    assert np.isnan(outstanding(cosines, languages, background_of(cosines, languages))[0])


def test_silence_ends_a_rhythm():
    assert rhythm_part(np.array([4.0, 4, 1, 4]), np.array([3.0, 180, 3, NAN])).tolist()[:3] == [1, 0, 0.5]


def test_saturation_begins_at_30_per_cent():
    assert saturation_part(np.array([0.1, 0.3, 0.45, 0.8])).tolist() == pytest.approx([0, 0, 0.5, 1])


def test_without_diversity_the_order_is_the_score():
    assert most_diverse(np.array([1.0, 9, 5]), np.eye(3, dtype=np.float32), 2, 0) == [1, 2]


def test_diversity_passes_over_a_twin():
    twins = np.array([[1, 0], [1, 0], [0, 1]], dtype=np.float32)
    assert most_diverse(np.array([90.0, 89, 60]), twins, 2, 0.5) == [0, 2]


def test_exposure_shows_what_reach_would_have_shown():
    small, star = Place(5_000, "FR", "fr"), Place(2_000_000, "US", "en")
    shown = exposure([small, small], [star, small], [small, star, Place(None, None, None)])
    assert shown["size"]["shown"] == {"under_10k": 1.0}
    assert shown["size"]["by_reach"] == {"over_1m": 0.5, "under_10k": 0.5}
    assert shown["country"]["considered"]["unknown"] == pytest.approx(1 / 3)


@pytest.mark.parametrize(("n", "band"), [(0, "under_10k"), (10_000, "10k_100k"), (10**7, "over_1m"), (None, "unknown")])
def test_every_size_has_a_band(n, band):
    assert band_of(n) == band
