"""Themes over time: which months and themes are drawn, and that the drawing says what it is given."""

from __future__ import annotations

import re

from sillage.desk.engine.theme_chart import MONTHS_DRAWN, NONE, OTHERS, THEMES_DRAWN, theme_chart, themes_over_time
from sillage.desk.pictures import WIDTHS, ground_of, svg_of

NAMES = {"food": "Food", "sport": "Sport", "home": "Home", OTHERS: "Other themes", NONE: "No theme found"}
BY_MONTH = {"2026-01": {"food": 3, "": 1}, "2026-04": {"food": 1, "sport": 2}}


def drawn(width: int = 640, by_month=BY_MONTH, side: str = "light") -> str:
    return svg_of(
        theme_chart(
            themes_over_time(by_month),
            width=width,
            ground=ground_of(side),
            names=NAMES,
            month_name=lambda month: month,
            posts_word="posts",
        )
    )


def test_months_without_a_post_are_drawn_empty():
    shown = themes_over_time(BY_MONTH)

    assert [m.month for m in shown.months] == ["2026-01", "2026-02", "2026-03", "2026-04"]
    assert shown.months[1].posts == {}


def test_a_year_ends_in_december():
    assert [m.month for m in themes_over_time({"2025-12": {"food": 1}, "2026-01": {"food": 1}}).months] == [
        "2025-12",
        "2026-01",
    ]


def test_the_most_frequent_themes_have_a_colour_and_the_others_share_one():
    many = {"2026-01": {f"t{n}": 10 - n for n in range(8)}}

    shown = themes_over_time(many)

    assert shown.themes == tuple(f"t{n}" for n in range(THEMES_DRAWN))
    assert shown.months[0].posts[OTHERS] == sum(10 - n for n in range(THEMES_DRAWN, 8))


def test_a_months_counts_add_up_to_its_posts():
    for month, counted in zip(sorted(BY_MONTH), (themes_over_time(BY_MONTH).months[i] for i in (0, -1)), strict=True):
        assert sum(counted.posts.values()) == sum(BY_MONTH[month].values())


def test_posts_without_a_theme_are_not_left_out():
    assert themes_over_time(BY_MONTH).series == ("food", "sport", NONE)


def test_a_long_history_keeps_its_last_two_years():
    months = {f"{2020 + n // 12}-{n % 12 + 1:02}": {"food": 1} for n in range(60)}

    shown = themes_over_time(months)

    assert len(shown.months) == MONTHS_DRAWN and shown.months[-1].month == "2024-12"


def test_nothing_read_is_an_empty_picture():
    assert themes_over_time({}).series == () and drawn(by_month={}).startswith("<svg")


def test_the_picture_names_its_themes_and_months():
    svg = drawn()

    for word in ("Food", "Sport", "No theme found", "2026-01", "2026-02", "posts"):
        assert word in svg


def test_no_text_of_the_picture_is_smaller_than_11_pixels_at_any_width():
    for width in WIDTHS:
        sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)px"', drawn(width))]
        assert sizes and min(sizes) >= 11


def test_the_picture_is_as_wide_as_was_asked():
    for width in WIDTHS:
        assert float(re.search(r'<svg[^>]* width="([\d.]+)"', drawn(width)).group(1)) <= width + 1


def test_light_and_dark_have_their_own_colours():
    assert ground_of("light").tones[0] in drawn() and ground_of("dark").tones[0] in drawn(side="dark")
    assert ground_of("light").tones[0] not in drawn(side="dark")


def test_the_picture_holds_no_style_or_script_that_the_content_policy_forbids():
    assert not re.search(r"<style|style=|<script|href=", drawn())
