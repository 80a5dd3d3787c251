"""From rows to records: what comes in, what is refused, and with which reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sillage.catalogue.engine.kinds import COUNT_LIMIT, TEXT_LIMIT, Settings
from sillage.catalogue.engine.mapping import Kind, Rule
from sillage.catalogue.engine.mapping_parser import parse_mapping
from sillage.catalogue.engine.rows import Rows, convert_rows
from sillage.catalogue.engine.values import convert_column

NOW = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)
SETTINGS = Settings.of(b"salt", NOW)
MAPPING = """
[account]
network = "network"
network_id = "author"
handle = { column = "author", strip_prefix = "@" }

[post]
network_id = "id"
published_at = "time"
text = "text"
hashtags = { column = "tags", split = "|", strip = '"', missing = ["[none]"] }
paid_label = "paid"

[[observation]]
measure = "likes"
value = { column = "likes", missing = ["N/A", "null"], missing_if = { hidden = ["True"] } }
api_field = "like_count"
source_class = "public"
observed_at = "seen"
"""
ROW: dict[str, Any] = {
    "network": "tiktok",
    "author": "@bea",
    "id": "1",
    "time": "2026-06-01T10:00:00Z",
    "text": "Bonjour",
    "tags": 'thé|"café noir"|#pain',
    "paid": "",
    "likes": "12",
    "hidden": "False",
    "seen": "2026-06-02",
}


def converted(*rows: dict[str, Any], mapping: str = MAPPING) -> Rows:
    full = [{**ROW, **row} for row in rows]
    columns: dict[str, Sequence[Any]] = {name: [row[name] for row in full] for name in ROW}
    return convert_rows(parse_mapping(mapping, "m.toml"), columns, len(full), NOW, SETTINGS)


def reason(**changed: Any) -> str:
    """Why a row with these values is refused; a good row beside it comes in."""
    rows = converted(changed, {"id": "good"})
    assert [post.network_id for post in rows.batch.posts] == ["good"]
    (refused,) = rows.refused
    assert refused.index == 0
    return f"{refused.field} {refused.reason}"


def test_a_row_becomes_an_account_a_post_and_a_number() -> None:
    batch = converted({}).batch
    assert (batch.accounts[0].network, batch.accounts[0].handle) == ("tiktok", "bea")
    assert batch.posts[0].hashtags == ("thé", "café noir", "pain")
    assert batch.posts[0].published_at == datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
    assert batch.posts[0].paid_label is None
    assert (batch.observations[0].value, batch.observations[0].post_network_id) == (12, "1")


def test_an_account_of_many_rows_is_one_record() -> None:
    assert len(converted({"id": "1"}, {"id": "2"}, {"id": "3"}).batch.accounts) == 1


@pytest.mark.parametrize("text", ["🎉🥐💄", "👩‍🍳🏳️‍🌈", "مرحبا بالعالم", "שלום לכם", "line\nbreak\ttab", "   ", ""])
def test_emoji_right_to_left_and_empty_texts_come_in_as_they_are(text: str) -> None:
    assert converted({"text": text}).batch.posts[0].text == text


@pytest.mark.parametrize("likes", ["", "N/A", "null", "  "])
def test_a_missing_number_is_not_observed(likes: str) -> None:
    rows = converted({"likes": likes})
    assert rows.batch.observations == () and not rows.refused


def test_a_number_that_the_network_hides_is_missing_and_not_zero() -> None:
    assert converted({"likes": "0", "hidden": "True"}).batch.observations == ()
    assert converted({"likes": "0", "hidden": "False"}).batch.observations[0].value == 0


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"likes": "-3"}, "observation.likes -3 is negative"),
        ({"likes": "12.5"}, "“12.5” is not a whole number"),
        ({"likes": "1 200"}, "“1 200” is not a whole number"),
        ({"likes": "1_200"}, "“1_200” is not a whole number"),
        ({"likes": "١٢"}, "is not a whole number"),
        ({"likes": "9" * 30}, "is too large for a count"),
        ({"likes": "9" * 5_000}, "is too large for a count"),
        ({"likes": "-" + "9" * 5_000}, "is negative"),
        ({"likes": True}, "“true” is not a whole number"),
        ({"network": "myspace"}, "account.network “myspace” is no network that Sillage knows: bluesky, facebook"),
        ({"author": "", "id": "x"}, "account.network_id is empty"),
        ({"id": "  "}, "post.network_id is empty"),
        ({"id": "a\x00b"}, "control character, U+0000, as its character 2"),
        ({"id": "a\nb"}, "control character, U+000A"),
        ({"id": "x" * 301}, "is 301 characters long; at most 300 fit"),
        ({"id": 1.5}, "1.5 is not a text"),
        ({"text": "nul \x00"}, "post.text holds a control character, U+0000"),
        ({"text": "half \ud83d"}, "lone surrogate"),
        ({"text": "x" * (TEXT_LIMIT + 1)}, "at most 200,000 fit"),
        ({"time": "2026-06-17T00:00:00Z"}, "post.published_at 2026-06-17 00:00 UTC lies in the future"),
        ({"time": "1969-01-01"}, "lies before 1990"),
        ({"time": "yesterday"}, "“yesterday” is not a time as ISO 8601"),
        ({"time": ""}, "post.published_at is empty"),
        ({"time": "0001-01-01T00:00:00+10:00"}, "out of the calendar"),
        ({"seen": "2027-01-01"}, "observation.likes.observed_at 2027-01-01 00:00 UTC lies in the future"),
        ({"seen": ""}, "a number without its time is no observation"),
        ({"paid": "maybe"}, "“maybe” is neither yes nor no"),
        ({"tags": "x" * 301}, "at most 300 fit"),
    ],
)
def test_a_bad_value_refuses_its_row_with_the_reason(changed: dict[str, Any], expected: str) -> None:
    assert expected in reason(**changed)


@pytest.mark.parametrize(("likes", "count"), [("-0", 0), ("+007.00", 7), ("0" * 40 + "12", 12), ("-0.0", 0)])
def test_a_count_is_read_however_it_is_written(likes: str, count: int) -> None:
    assert converted({"likes": likes}).batch.observations[0].value == count


def test_a_row_with_two_bad_values_is_refused_once() -> None:
    assert len(converted({"likes": "-1", "time": "?"}).refused) == 1


def test_a_refused_row_says_whose_it_is_where_that_can_be_read() -> None:
    assert converted({"likes": "-1"}).refused[0].account == ("tiktok", "@bea")
    assert converted({"network": "myspace"}).refused[0].account is None


def test_numbers_know_their_row_after_others_were_refused() -> None:
    rows = converted({"id": "1"}, {"likes": "x"}, {"id": "3", "likes": "7"})
    assert rows.observation_rows == (0, 2)
    assert rows.batch.observations[1].value == 7


@pytest.mark.parametrize(
    ("time", "value", "expected"),
    [
        ("unix", "1608214517", "2020-12-17 14:15:17"),
        ("unix", 1608214517, "2020-12-17 14:15:17"),
        ("unix_ms", "1608214517000", "2020-12-17 14:15:17"),
        ("%y.%d.%m", "17.14.11", "2017-11-14 00:00:00"),
        ("%d/%m/%Y %H:%M", "14/11/2017 08:30", "2017-11-14 08:30:00"),
        ("iso", "2020-12-17T15:15:17+01:00", "2020-12-17 14:15:17"),
        ("iso", datetime(2020, 12, 17, 14, 15, 17), "2020-12-17 14:15:17"),  # noqa: DTZ001  as Parquet gives it
    ],
)
def test_times_are_read_as_the_rule_says(time: str, value: Any, expected: str) -> None:
    rule = Rule(column="t", time=time)
    (moment,) = convert_column(rule, Kind.TIME, True, {"t": [value]}, 1, SETTINGS).values
    assert f"{moment:%Y-%m-%d %H:%M:%S}" == expected and moment.tzinfo is UTC


def test_a_time_without_zone_is_in_the_zone_of_the_rule() -> None:
    rule = Rule(column="t", timezone="Europe/Paris")
    (moment,) = convert_column(rule, Kind.TIME, True, {"t": ["2026-06-01T12:00"]}, 1, SETTINGS).values
    assert moment == datetime(2026, 6, 1, 10, 0, tzinfo=UTC)


def test_a_map_translates_and_refuses_what_it_does_not_know() -> None:
    rule = Rule(column="f", map=(("Reel", "short_video"),))
    read = convert_column(rule, Kind.FORMAT, False, {"f": ["Reel", "Carousel", ""]}, 3, SETTINGS)
    assert list(read.values) == ["short_video", None, None]
    assert "not in the mapping's table: Reel" in read.failures[1]


def test_a_hashed_id_is_the_same_for_the_same_salt_only() -> None:
    rule = Rule(column="a", hash=True)
    one = convert_column(rule, Kind.ID, True, {"a": ["bea", "bea", 7]}, 3, SETTINGS).values
    other = convert_column(rule, Kind.ID, True, {"a": ["bea"]}, 1, Settings.of(b"pepper", NOW)).values
    assert one[0] == one[1] != other[0]
    assert "bea" not in one[0] and one[2] != "7"


def test_typed_values_come_in_as_they_are_meant() -> None:
    batch = converted({"id": 42, "likes": 7, "paid": True, "tags": ["thé", "pain"]}).batch
    assert (batch.posts[0].network_id, batch.posts[0].paid_label) == ("42", True)
    assert batch.posts[0].hashtags == ("thé", "pain")
    assert batch.observations[0].value == 7


def test_whole_numbers_that_a_table_wrote_as_decimals_are_counts() -> None:
    assert converted({"likes": "12.0"}, {"id": "2", "likes": 12.0}).batch.observations[1].value == 12
    assert converted({"likes": float("nan")}).batch.observations == ()


@given(st.lists(st.one_of(st.text(max_size=12), st.integers(-5, COUNT_LIMIT).map(str)), min_size=1, max_size=8))
def test_reading_a_column_at_once_gives_what_reading_value_by_value_gives(column: list[str]) -> None:
    """One odd value sends a column down the slow way: the others must not come out differently for it."""
    for kind in (Kind.COUNT, Kind.ID, Kind.TEXT, Kind.LINE, Kind.LONG_KEY):
        rule = Rule(column="c")
        whole = convert_column(rule, kind, True, {"c": column}, len(column), SETTINGS)
        for index, value in enumerate(column):
            alone = convert_column(rule, kind, True, {"c": [value, None]}, 2, SETTINGS)
            assert (whole.values[index], index in whole.failures) == (alone.values[0], 0 in alone.failures)


def test_a_constant_that_lies_in_the_future_refuses_every_row() -> None:
    rule = Rule(constant="2026-07-01")
    failures = convert_column(rule, Kind.TIME, False, {}, 3, SETTINGS).failures
    assert failures == dict.fromkeys(range(3), "2026-07-01 00:00 UTC lies in the future")


@pytest.mark.parametrize("value", [int("9" * 400), float("inf"), "1,5", "12s", [1]])
def test_a_number_beyond_all_numbers_is_refused(value: Any) -> None:
    assert convert_column(Rule(column="d"), Kind.NUMBER, False, {"d": [value]}, 1, SETTINGS).failures.keys() == {0}
