"""Colours are taken from pictures as they are, and their contrast is that of WCAG."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sillage.studio.engine.palette import TEXT, Colour, contrast, pairs_of, palette_of, readable_on

WHITE, BLACK = Colour(255, 255, 255), Colour(0, 0, 0)


def test_a_picture_of_three_colours_has_these_three_with_their_shares() -> None:
    rows = [(200, 30, 40)] * 60 + [(20, 20, 60)] * 30 + [(250, 250, 245)] * 10
    found = palette_of(np.array(rows, dtype=np.uint8))
    assert [(c.code, round(c.share, 2)) for c in found] == [("#c81e28", 0.6), ("#14143c", 0.3), ("#fafaf5", 0.1)]


def test_shades_that_nobody_tells_apart_are_one_colour() -> None:
    rows = [(200 + n % 3, 30, 40) for n in range(90)] + [(0, 0, 0)] * 10
    assert len(palette_of(np.array(rows, dtype=np.uint8))) == 2


def test_no_pixels_have_no_colours() -> None:
    assert palette_of(np.zeros((0, 3), dtype=np.uint8)) == []


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#777777", "#ffffff", 4.48),
        ("#0000ff", "#ffffff", 8.59),
        ("#ff0000", "#ffffff", 4.0),
    ],
)
def test_contrast_is_that_of_known_pairs(one: str, other: str, ratio: float) -> None:
    assert contrast(Colour.of(one), Colour.of(other)) == pytest.approx(ratio, abs=0.01)


def test_pairs_say_which_can_be_read() -> None:
    pairs = pairs_of([WHITE, BLACK, Colour(119, 119, 119)])
    assert pairs[0].contrast == 21.0 and pairs[0].is_readable
    assert not any(p.is_readable for p in pairs if {p.text.code, p.ground.code} == {"#777777", "#ffffff"})


CHANNEL = st.integers(0, 255)
COLOUR = st.builds(Colour, CHANNEL, CHANNEL, CHANNEL)


@given(COLOUR, COLOUR)
def test_a_colour_is_made_readable_on_any_ground_and_left_alone_where_it_is(text: Colour, ground: Colour) -> None:
    made = readable_on(text, ground)
    assert contrast(made, ground) >= min(TEXT, max(contrast(WHITE, ground), contrast(BLACK, ground))) - 0.01
    if contrast(text, ground) >= TEXT:
        assert made == text


@pytest.mark.parametrize("code", ["", "#fff", "#zzzzzz", "red"])
def test_what_is_no_colour_is_said(code: str) -> None:
    with pytest.raises(ValueError):
        Colour.of(code)
