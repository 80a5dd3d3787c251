"""Filters are read from plain mappings, and what cannot be read is refused by name."""

from __future__ import annotations

from datetime import date

import pytest

from sillage.catalogue.engine.filters import CardFilters, FilterContradictory, FilterMalformed, FilterUnknown
from sillage.catalogue.engine.search_plan import (
    EXACT_UP_TO,
    FOLLOWER_BANDS,
    SMALLEST_INDEXED,
    Way,
    follower_band,
    index_plan,
    is_outgrown,
    way_to_search,
)


def test_a_query_string_becomes_filters() -> None:
    filters = CardFilters.parse(
        {
            "networks": "Instagram",
            "countries": ["fr", "BE", "fr"],
            "min_followers": "5000",
            "active_since": "2026-01-31",
            "max_sponsored_share": "0.25",
            "no_warnings": "on",
            "themes_any": "",
            "languages": None,
        }
    )
    assert filters == CardFilters(
        networks=("instagram",),
        countries=("FR", "BE"),
        min_followers=5000,
        active_since=date(2026, 1, 31),
        max_sponsored_share=0.25,
        no_warnings=True,
    )


def test_filters_read_back_from_their_own_mapping() -> None:
    filters = CardFilters(
        networks=("rss",),
        brands_none=("shein",),
        min_followers=0,
        active_since=date(2026, 1, 31),
        only_authenticated=True,
        without_accounts=(2**63 - 1,),
    )
    assert CardFilters.parse(filters.as_mapping()) == filters
    assert filters.as_mapping()["min_followers"] == 0


def test_no_filters_keep_everything() -> None:
    assert CardFilters.parse({}).is_empty
    assert not CardFilters(min_followers=0).is_empty


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("networks", "myspace"),
        ("networks", 3),
        ("formats", ["video", "hologram"]),
        ("countries", "France"),
        ("languages", "f"),
        ("min_followers", "5k"),
        ("min_followers", -1),
        ("min_followers", True),
        ("min_followers", 2**63),
        ("min_engagement_percentile", 90),
        ("min_engagement_percentile", "nan"),
        ("active_since", "31/01/2026"),
        ("active_since", "2026-02-30"),
        ("no_warnings", "maybe"),
        ("themes_any", [None]),
        ("themes_any", "a\0b"),
        ("without_accounts", ["x"]),
        ("brands_any", ["b"] * 10_001),
    ],
)
def test_a_value_that_cannot_be_read_is_refused_by_name(name: str, value: object) -> None:
    with pytest.raises(FilterMalformed) as refusal:
        CardFilters.parse({name: value})
    assert refusal.value.hint


def test_an_unknown_filter_is_refused_with_the_known_ones() -> None:
    with pytest.raises(FilterUnknown, match="religion") as refusal:
        CardFilters.parse({"religion": "x"})
    assert "themes_any" in refusal.value.hint


def test_filters_that_no_card_can_pass_are_refused() -> None:
    with pytest.raises(FilterContradictory):
        CardFilters.parse({"min_followers": 10, "max_followers": 9})
    with pytest.raises(FilterContradictory):
        CardFilters.parse({"themes_all": ["a", "b"], "themes_none": "b"})
    with pytest.raises(FilterContradictory):
        CardFilters.parse({"brands_any": ["a"], "brands_none": "a"})
    assert CardFilters.parse({"themes_any": ["a", "b"], "themes_none": "b"}).themes_none == ("b",)


def test_a_small_catalogue_has_no_index_and_a_larger_one_has_more_lists() -> None:
    assert index_plan(SMALLEST_INDEXED - 1) is None
    plans = [index_plan(n) for n in (SMALLEST_INDEXED, 200_000, 1_000_000, 5_000_000)]
    assert [plan.lists for plan in plans if plan] == [20, 200, 1000, 2236]
    assert all(plan is not None and 8 <= plan.probes <= plan.lists for plan in plans)


def test_an_index_is_outgrown_when_the_cards_have_doubled_but_not_when_a_tenth_was_added() -> None:
    assert is_outgrown(200, 400_000)
    assert is_outgrown(200, 100_000)
    assert not is_outgrown(200, 220_000)
    assert not is_outgrown(200, 10)


@pytest.mark.parametrize(
    ("kept", "has_index", "way"),
    [
        (1_000_000, True, Way.INDEX),
        (500_000, True, Way.INDEX),
        (50_000, True, Way.INDEX),
        (15_000, True, Way.SCAN),
        (5_000, True, Way.SCAN),
        (EXACT_UP_TO, True, Way.EXACT),
        (0, True, Way.EXACT),
        (1_000_000, False, Way.SCAN),
    ],
)
def test_the_way_follows_from_how_many_cards_are_kept(kept: int, has_index: bool, way: Way) -> None:
    assert way_to_search(kept=kept, indexed=1_000_000, has_index=has_index) is way


def test_bands_cover_all_numbers_of_followers_without_gap() -> None:
    bands = [follower_band(i) for i in range(len(FOLLOWER_BANDS) + 1)]
    assert bands[0] == "-999" and bands[1] == "1000-4999" and bands[-1] == "1000000-"
    ends = [int(band.split("-")[1]) + 1 for band in bands[:-1]]
    assert ends == [int(band.split("-")[0]) for band in bands[1:]]
