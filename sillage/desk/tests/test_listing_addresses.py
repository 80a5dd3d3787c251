"""What the address of the creators page says, and the addresses of its neighbours."""

from __future__ import annotations

from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sillage.catalogue.engine.filters import CardFilters, FilterContradictory, FilterMalformed, FilterUnknown
from sillage.catalogue.engine.records import FORMATS, NETWORKS
from sillage.desk.engine.listing import Band, Listing, SortUnknown


def read(query: str) -> Listing:
    return Listing.parse(parse_qs(query.removeprefix("?"), keep_blank_values=True))


def test_an_empty_address_is_everything_by_followers():
    assert read("") == Listing() and Listing().is_plain


def test_empty_fields_of_a_form_are_no_filters():
    assert read("words=&min_followers=&networks=&sort=") == Listing()


def test_values_of_one_name_are_alternatives():
    assert read("networks=tiktok&networks=instagram").filters.networks == ("tiktok", "instagram")


@pytest.mark.parametrize(
    ("query", "refusal"),
    [
        ("shoe_size=43", FilterUnknown),
        ("min_followers=many", FilterMalformed),
        ("networks=minitel", FilterMalformed),
        ("min_followers=10&max_followers=5", FilterContradictory),
        ("sort=height", SortUnknown),
    ],
)
def test_what_cannot_be_read_is_refused(query, refusal):
    with pytest.raises(refusal):
        read(query)


def test_taking_one_value_away_keeps_the_others_and_forgets_where_the_list_went_on():
    listing = read("networks=tiktok&networks=instagram&countries=FR&cursor=abc")

    assert listing.without("networks", "tiktok") == read("networks=instagram&countries=FR")
    assert listing.cleared() == Listing()


def test_taking_a_number_away_leaves_no_bound():
    assert read("min_followers=5000&no_warnings=on").without("min_followers") == read("no_warnings=true")


def test_an_order_with_a_minus_runs_against_its_usual_direction():
    assert read("sort=followers").descending and not read("sort=-followers").descending
    assert read("sort=-name").descending and not read("sort=name").descending
    assert [read(f"sort={s}").order for s in ("followers", "-followers", "name", "-name", "-last_post")] == [
        "followers",
        "-followers",
        "name",
        "-name",
        "-last_post",
    ]


def test_bands_are_read_with_open_ends():
    assert [Band.named(n) for n in ("-999", "1000-4999", "1000000-")] == [
        Band(None, 999),
        Band(1000, 4999),
        Band(1_000_000, None),
    ]


words = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=20)
filters = st.builds(
    CardFilters,
    networks=st.lists(st.sampled_from(NETWORKS), unique=True, max_size=3).map(tuple),
    formats=st.lists(st.sampled_from(FORMATS), unique=True, max_size=3).map(tuple),
    themes_any=st.lists(words, unique=True, max_size=3).map(tuple),
    min_followers=st.none() | st.integers(0, 10**9),
    active_since=st.none() | st.dates(),
    max_sponsored_share=st.none() | st.floats(0, 1),
    no_warnings=st.booleans(),
    without_accounts=st.lists(st.integers(1, 2**62), unique=True, max_size=3).map(tuple),
)


@given(
    filters,
    st.lists(words, max_size=3).map(" ".join),
    st.sampled_from(["followers", "-followers", "name", "last_post"]),
)
def test_an_address_reads_back_as_the_list_that_wrote_it(kept, typed, order):
    listing = read(f"sort={order}")
    listing = Listing(kept, typed, listing.sort, listing.descending)

    assert read(listing.address()) == listing
