"""A visit reads an account, its posts and their comments portion by portion, and goes on wherever it was killed."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import islice

import pytest

from sillage.catalogue.connectors import ConnectorUnknown, connector_class, connectors, open_connector
from sillage.catalogue.connectors.port import Connector, Cursor, Fetched, refresh_by
from sillage.catalogue.connectors.settings import ConnectorSettings
from sillage.catalogue.connectors.sweep import advanced
from sillage.catalogue.connectors.walk import Visit, walk
from sillage.catalogue.engine.records import Batch
from sillage.catalogue.tests.recorded.replay import NOON, Script, answer, means
from sillage.lib.errors import OutsideError

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
WHOLE = Visit(comments_since=LONG_AGO)


def bluesky() -> Connector:
    """An account with two pages of posts, two of them commented, for one whole visit."""
    script = Script(
        getProfile=[answer("bluesky/profile.json")] * 2,
        getAuthorFeed=[answer("bluesky/feed_1.json"), answer("bluesky/feed_2.json")],
        getPostThread=[answer("bluesky/thread.json"), answer("bluesky/thread_gone.json")],
    )
    return open_connector("bluesky", ConnectorSettings(), means(script))


def visited(connector: Connector, cursor: Cursor, visit: Visit = WHOLE) -> list[Fetched]:
    return list(walk(connector, "chiara.example.com", cursor, visit))


def contents(portions: list[Fetched]) -> list[tuple[int, int, int, tuple[str, ...]]]:
    return [(len(p.batch.accounts), len(p.batch.posts), len(p.batch.comments), p.gone) for p in portions]


def test_a_visit_finds_the_account_then_reads_posts_and_the_comments_under_them() -> None:
    portions = visited(bluesky(), {})
    assert [row[:3] for row in contents(portions)] == [(1, 0, 0), (0, 3, 0), (0, 0, 3), (0, 2, 0), (0, 0, 0)]
    assert portions[4].gone == (portions[3].batch.posts[0].network_id,)
    assert [p.is_last for p in portions] == [False, False, False, False, True]
    assert portions[-1].cursor == {
        "account": portions[0].batch.accounts[0].network_id,
        "posts": {"since": "2026-11-20T19:30:00+00:00"},
    }


@pytest.mark.parametrize("stored", range(5))
def test_a_visit_killed_after_any_portion_goes_on_with_the_next_one(stored: int) -> None:
    whole = visited(bluesky(), {})
    connector = bluesky()
    before = list(islice(walk(connector, "chiara.example.com", {}, WHOLE), stored))
    cursor = json.loads(json.dumps(before[-1].cursor)) if before else {}
    after = visited(connector, cursor)
    assert contents(before + after) == contents(whole)


def test_the_next_visit_reads_the_accounts_numbers_again_and_only_new_posts() -> None:
    cursor = visited(bluesky(), {})[-1].cursor
    again = visited(bluesky(), cursor, Visit())
    assert len(again) == 2
    assert again[0].batch.observations
    assert again[-1].is_last
    assert again[-1].cursor == cursor


def test_without_comments_wanted_none_are_asked_for() -> None:
    portions = visited(bluesky(), {}, Visit())
    assert [row[2] for row in contents(portions)] == [0, 0, 0]


def test_a_first_visit_goes_back_no_further_than_asked() -> None:
    portions = visited(bluesky(), {}, Visit(since=datetime(2026, 11, 17, 12, 0, tzinfo=UTC)))
    assert len(portions) == 2


def test_an_endless_thread_is_left_after_so_many_portions() -> None:
    class Endless:
        network = "bluesky"

        def find(self, target: str) -> Fetched:
            return bluesky().find(target)

        def posts(self, account_id: str, cursor: Cursor) -> Fetched:
            return bluesky().posts(account_id, cursor | {"since": NOON.isoformat()})

        def comments(self, account_id: str, post_id: str, cursor: Cursor) -> Fetched:
            page = cursor.get("page", 0)
            return Fetched(Batch(), {"page": page + 1}, is_last=False)

    portions = visited(Endless(), {}, Visit(comments_since=LONG_AGO, portions_per_thread=3))  # type: ignore[arg-type]
    assert len(portions) == 2 + 3
    assert portions[-1].is_last


def test_a_failure_leaves_the_stored_cursor_good() -> None:
    script = Script(getProfile=[answer("bluesky/profile.json")], getAuthorFeed=[answer("bluesky/feed_1.json", 403)])
    connector = open_connector("bluesky", ConnectorSettings(), means(script))
    portions = walk(connector, "chiara.example.com", {}, WHOLE)
    cursor = next(portions).cursor
    with pytest.raises(OutsideError):
        next(portions)
    assert visited(_after_find(), cursor)[-1].is_last


def _after_find() -> Connector:
    script = Script(
        getProfile=[answer("bluesky/profile.json")],
        getAuthorFeed=[answer("bluesky/feed_2.json")],
        getPostThread=[answer("bluesky/thread_gone.json")],
    )
    return open_connector("bluesky", ConnectorSettings(), means(script))


def test_a_sweep_remembers_the_newest_post_until_it_is_over() -> None:
    first, over = advanced({}, [datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)], "a")
    assert (first["newest"], over) == ("2026-03-02T00:00:00+00:00", False)
    nothing_kept, over = advanced(first, [], "b")
    assert (nothing_kept["newest"], over) == ("2026-03-02T00:00:00+00:00", False)
    last, over = advanced(nothing_kept, [datetime(2026, 2, 1, tzinfo=UTC)], None)
    assert (last, over) == ({"since": "2026-03-02T00:00:00+00:00"}, True)


def test_every_connector_has_the_four_methods_and_its_own_name() -> None:
    for network in connectors():
        found = connector_class(network)
        assert found.network == network
        assert all(callable(getattr(found, method)) for method in ("find", "posts", "comments", "refresh"))


def test_an_unknown_network_is_refused_with_those_that_are_known() -> None:
    with pytest.raises(ConnectorUnknown, match="friendster") as refusal:
        connector_class("friendster")
    assert "bluesky, rss, youtube" in refusal.value.hint


def test_only_youtube_has_a_duty_to_refresh() -> None:
    assert {network: refresh_by(network, NOON) is not None for network in connectors()} == {
        "bluesky": False,
        "rss": False,
        "youtube": True,
    }
