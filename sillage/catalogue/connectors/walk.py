"""One visit to an account, portion by portion: the account, its new posts, the comments under them.

The cursor of each portion holds all there is to know, so that a visit killed anywhere goes on from the last stored one:
`account` (the id, once found), `posts` (the connector's own cursor), and during a visit `stage`, `waiting` (posts whose
comments are still to be read) and `thread` (the connector's cursor and the portions read in the first of them).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from sillage.catalogue.connectors.port import Connector, Cursor, Fetched
from sillage.catalogue.connectors.sweep import beginning
from sillage.catalogue.engine.records import Batch, Measure


@dataclass(frozen=True, slots=True)
class Visit:
    """How much to read. `since`: how far back the first visit goes. `comments_since`: None reads no comments."""

    since: datetime | None = None
    comments_since: datetime | None = None
    portions_per_thread: int = 5


def walk(connector: Connector, target: str, cursor: Cursor, visit: Visit) -> Iterator[Fetched]:
    """The portions of one visit, to be stored one by one with their cursor; the last one has `is_last`.

    Stop iterating at any time. Raises what the connector raises; the stored cursor stays good.
    """
    is_over = False
    while not is_over:
        fetched = _step(connector, target, cursor, visit)
        cursor, is_over = fetched.cursor, fetched.is_last
        yield fetched


def _step(connector: Connector, target: str, cursor: Cursor, visit: Visit) -> Fetched:
    stage = cursor.get("stage")
    if stage is None:
        return _arrive(connector, target, cursor, visit)
    if cursor.get("waiting"):
        return _read_thread(connector, cursor, visit)
    return _read_posts(connector, cursor, visit)


def _arrive(connector: Connector, target: str, cursor: Cursor, visit: Visit) -> Fetched:
    if "account" in cursor:
        fetched = connector.refresh(cursor["account"], ())
        return replace(fetched, cursor=cursor | {"stage": "posts"}, is_last=False)
    fetched = connector.find(target)
    begun = {
        "account": fetched.batch.accounts[0].network_id,
        "posts": beginning(visit.since) | fetched.cursor,
        "stage": "posts",
    }
    return replace(fetched, cursor=begun, is_last=False)


def _read_posts(connector: Connector, cursor: Cursor, visit: Visit) -> Fetched:
    fetched = connector.posts(cursor["account"], cursor["posts"])
    after = cursor | {
        "posts": fetched.cursor,
        "stage": "last threads" if fetched.is_last else "posts",
        "waiting": _talked_about(fetched.batch, visit.comments_since),
    }
    return _closed(replace(fetched, cursor=after, is_last=False))


def _read_thread(connector: Connector, cursor: Cursor, visit: Visit) -> Fetched:
    waiting: list[str] = cursor["waiting"]
    thread = cursor.get("thread", {"at": {}, "read": 0})
    fetched = connector.comments(cursor["account"], waiting[0], thread["at"])
    rest = {key: value for key, value in cursor.items() if key != "thread"}
    read = thread["read"] + 1
    if fetched.is_last or read >= visit.portions_per_thread:
        after = rest | {"waiting": waiting[1:]}
    else:
        after = rest | {"thread": {"at": fetched.cursor, "read": read}}
    return _closed(replace(fetched, cursor=after, is_last=False))


def _closed(fetched: Fetched) -> Fetched:
    """The portion as it is, or as the visit's last one when nothing is left to read."""
    cursor = fetched.cursor
    if cursor["stage"] == "posts" or cursor.get("waiting"):
        return fetched
    return replace(fetched, cursor={"account": cursor["account"], "posts": cursor["posts"]}, is_last=True)


def _talked_about(batch: Batch, since: datetime | None) -> list[str]:
    """Ids of the posts published after `since` under which there is at least one comment."""
    if since is None:
        return []
    recent = {post.network_id for post in batch.posts if post.published_at > since}
    return [
        number.post_network_id
        for number in batch.observations
        if number.measure is Measure.COMMENTS and number.value > 0 and number.post_network_id in recent
    ]
