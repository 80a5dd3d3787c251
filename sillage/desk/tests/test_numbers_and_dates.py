"""Numbers and dates as people read them, in French and in English."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from sillage.desk.templatetags.design import (
    compact,
    initials,
    marked,
    network_name,
    number,
    percent,
    relative_date,
    signed,
    tone,
)

NOW = datetime(2026, 3, 12, 14, 5, tzinfo=UTC)


@pytest.mark.parametrize("write", [number, compact, percent, signed])
def test_a_missing_number_is_a_dash_and_zero_is_zero(write) -> None:
    with translation.override("en"):
        assert write(None) == "-"
        assert "0" in write(0)


@pytest.mark.parametrize(
    ("value", "french", "english"),
    [
        (0, "0", "0"),
        (999, "999", "999"),
        (1000, "1 k", "1k"),
        (1049, "1 k", "1k"),
        (12_345, "12,3 k", "12.3k"),
        (99_960, "100 k", "100k"),
        (999_499, "999 k", "999k"),
        (999_500, "1 M", "1M"),
        (1_204_000, "1,2 M", "1.2M"),
        (3_400_000_000, "3,4 Md", "3.4B"),
        (-1_500, "−1,5 k", "−1.5k"),
    ],
)
def test_large_numbers_are_shortened_with_the_suffix_of_the_language(value, french, english) -> None:
    with translation.override("fr"):
        assert compact(value).replace("\N{NO-BREAK SPACE}", " ") == french
    with translation.override("en"):
        assert compact(value) == english


def test_thousands_are_set_apart_by_a_narrow_space_in_french_and_a_comma_in_english() -> None:
    with translation.override("fr"):
        assert number(1_234_567) == "1\u202f234\u202f567"
    with translation.override("en"):
        assert number(1_234_567) == "1,234,567"


def test_decimals_are_rounded_not_cut_off() -> None:
    with translation.override("en"):
        assert percent(0.01275) == "1.3%"
        assert number(2.96, 1) == "3.0"


def test_a_french_percentage_has_a_comma_and_a_space() -> None:
    with translation.override("fr"):
        assert percent(0.0512) == "5,1\N{NO-BREAK SPACE}%"


def test_contributions_carry_their_sign_and_a_true_minus() -> None:
    with translation.override("en"):
        assert [signed(v) for v in (0.314, -0.08, 0.001, -0.001)] == ["+0.31", "−0.08", "0.00", "0.00"]


@pytest.mark.parametrize(
    ("before", "french", "english"),
    [
        (timedelta(seconds=20), "à l’instant", "just now"),
        (timedelta(minutes=1), "il y a 1 minute", "1 minute ago"),
        (timedelta(hours=3), "il y a 3 heures", "3 hours ago"),
        (timedelta(hours=20), "hier", "yesterday"),
        (timedelta(days=3), "il y a 3 jours", "3 days ago"),
        (timedelta(days=31), "il y a 1 mois", "1 month ago"),
        (timedelta(days=364), "il y a 11 mois", "11 months ago"),
        (timedelta(days=800), "il y a 2 ans", "2 years ago"),
    ],
)
def test_dates_are_told_from_now_in_the_largest_unit_that_says_enough(before, french, english) -> None:
    with translation.override("fr"):
        assert relative_date(NOW - before, NOW) == french
    with translation.override("en"):
        assert relative_date(NOW - before, NOW) == english


def test_a_future_date_is_written_out_because_it_is_not_ago() -> None:
    with translation.override("en"):
        assert relative_date(NOW + timedelta(days=2), NOW) == "14 March 2026"


def test_marked_words_are_whole_whatever_their_case_and_the_text_is_escaped() -> None:
    text = "Savon <b>surgras</b>, savonnette & savon"

    assert marked(text, ["savon"]) == (
        "<mark>Savon</mark> &lt;b&gt;surgras&lt;/b&gt;, savonnette &amp; <mark>savon</mark>"
    )


def test_marking_nothing_still_escapes() -> None:
    assert marked("<script>", []) == "&lt;script&gt;"


def test_a_longer_expression_wins_over_the_word_inside_it() -> None:
    assert marked("avis honnête", ["avis", "avis honnête"]) == "<mark>avis honnête</mark>"


def test_initials_of_names_of_every_shape() -> None:
    assert [initials(n) for n in ("Maud Kerléo", "@zoe.bsky.social", "Ɛ", "🌿")] == ["MK", "ZB", "Ɛ", "?"]


def test_a_name_keeps_its_colour() -> None:
    assert tone("Maud Kerléo") == tone("Maud Kerléo")
    assert {tone(str(i)) for i in range(60)} == {f"tone-{i}" for i in range(1, 7)}


def test_networks_write_themselves_as_they_do() -> None:
    assert [network_name(n) for n in ("tiktok", "x", "elsewhere")] == ["TikTok", "X", "elsewhere"]
