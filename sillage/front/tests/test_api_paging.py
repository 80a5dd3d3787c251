"""A list that is read page by page gives everything once, in order; a cursor of another list is refused."""

from __future__ import annotations

from typing import Any

import pytest

from sillage.front.tests.program import Program
from sillage.lib.paging import cursor_of

LISTS = ("accounts", "ledger", "accounts/instagram:mona/posts")


def _pages(program: Program, path: str, **query: Any) -> list[list[Any]]:
    pages, cursor = [], None
    while True:
        found = program.get(path, cursor=cursor, **query).json()
        pages.append(found["items"])
        cursor = found["next_cursor"]
        if cursor is None:
            return pages


def test_pages_put_together_are_the_whole_list(catalogue, owners):
    for path, query in (
        ("accounts", {}),
        ("accounts", {"sort": "name", "descending": "false"}),
        ("accounts", {"sort": "last_post"}),
        ("accounts", {"words": "jardin OR potager OR garden OR surf"}),
        ("ledger", {}),
        ("accounts/instagram:mona/posts", {}),
    ):
        whole = _pages(owners, path, limit=200, **query)
        pages = _pages(owners, path, limit=2, **query)
        assert len(whole) == 1 and len(whole[0]) >= 4, path
        assert [item for page in pages for item in page] == whole[0], path
        assert [len(page) for page in pages[:-1]] == [2] * (len(pages) - 1), path


def test_the_ledger_is_filtered_and_goes_on_within_the_filter(catalogue, owners):
    pages = _pages(owners, "ledger", verb="catalogue.ingested", limit=2)
    assert [len(page) for page in pages] == [2, 2, 1]
    assert {e["verb"] for page in pages for e in page} == {"catalogue.ingested"}
    assert owners.get("ledger", actor_kind="model").json()["items"] == []


def test_filters_and_words_hold_together(catalogue, owners):
    french = owners.get("accounts", countries="FR", themes_any="home.gardening").json()["items"]
    assert {a["handle"] for a in french} == {"mona", "star"} and {a["country"] for a in french} == {"FR"}
    found = owners.get("accounts", words="tomates", max_followers=10_000).json()["items"]
    assert [a["handle"] for a in found] == ["mona"]
    several = owners.get("accounts", countries=["GB", "BE"], sort="name", descending="false").json()["items"]
    assert [a["handle"] for a in several] == ["basile", "poppy"]


def test_a_value_that_a_filter_does_not_know_is_refused(catalogue, owners):
    refused = owners.get("accounts", networks="myspace")
    assert refused.status_code == 422 and "instagram" in refused.json()["hint"]


FOREIGN = (
    "!",
    "%00",
    cursor_of([]),
    cursor_of(["x"]),
    cursor_of([None]),
    cursor_of([True]),
    cursor_of([1.5]),
    cursor_of([10**30]),
    cursor_of(["x", "y"]),
    cursor_of(["words", 10**9]),
    cursor_of(["2026-06-15T12:00:00", 1]),
    cursor_of(["2026-06-15T12:00:00+00:00", "y"]),
    cursor_of(["2026-06-15T12:00:00+00:00", 10**30]),
    cursor_of(["followers", True, "x", 1]),
    cursor_of(["followers", True, 10**30, 1]),
    cursor_of(["followers", True, 1, 10**30]),
    cursor_of(["name", False, "x", 1]),
)


@pytest.mark.parametrize("path", LISTS)
def test_a_cursor_that_this_list_did_not_make_is_refused(path, catalogue, owners):
    answers = {cursor: owners.get(path, cursor=cursor) for cursor in FOREIGN}
    assert {cursor: a.status_code for cursor, a in answers.items()} == dict.fromkeys(FOREIGN, 422)
    assert {a["Content-Type"] for a in answers.values()} == {"application/problem+json"}


def test_a_cursor_of_words_goes_on_only_with_words(catalogue, owners):
    cursor = owners.get("accounts", words="jardin OR potager", limit=1).json()["next_cursor"]
    assert cursor and owners.get("accounts", cursor=cursor).status_code == 422


@pytest.mark.parametrize("limit", [0, -1, 201, "x"])
def test_a_page_has_1_to_200_items(limit, owners):
    assert owners.get("accounts", limit=limit).json()["place"] == "query.limit"


def test_short_lists_have_the_same_shape(owners):
    for path in ("members", "tokens", "brands", "imports", "connections", "briefs", "exclusion-lists", "searches"):
        found = owners.get(path).json()
        assert set(found) == {"items", "next_cursor"} and found["next_cursor"] is None, path


def test_a_page_costs_the_same_however_long_it_is(catalogue, owners, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        owners.get("accounts", limit=5)
    with django_assert_max_num_queries(20):
        owners.get("accounts/instagram:mona/posts", limit=9)
