"""RSS and Atom: one feed is one account; each reading is one portion, and nothing when the feed has not changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import ClassVar

from sillage.catalogue.connectors.port import Cursor, Fetched
from sillage.catalogue.connectors.rss.client import FeedClient, Known
from sillage.catalogue.connectors.rss.parse import NETWORK, feed_address, read_feed
from sillage.catalogue.connectors.settings import ConnectorSettings, Means
from sillage.catalogue.engine.records import Batch


class Feeds:
    """The port for feeds. They have no counts, so there are no observations, and no comments.

    Nor raw answers: of what others published only an excerpt and the link back is kept.
    """

    network: ClassVar[str] = NETWORK
    revisit_after: ClassVar[timedelta] = timedelta(hours=6)
    confirming: ClassVar[None] = None

    def __init__(self, settings: ConnectorSettings, means: Means) -> None:
        self._clock = means.clock
        self._client = FeedClient(settings, means)

    def find(self, target: str) -> Fetched:
        return self._read(feed_address(target), {})

    def posts(self, account_id: str, cursor: Cursor) -> Fetched:
        return self._read(account_id, cursor)

    def comments(self, account_id: str, post_id: str, cursor: Cursor) -> Fetched:
        del account_id, post_id, cursor
        return Fetched(Batch())

    def refresh(self, account_id: str, post_ids: Sequence[str]) -> Fetched:
        """Nothing: an entry that a feed no longer lists is old, not gone, and `posts` brings in what was edited."""
        del account_id, post_ids
        return Fetched(Batch())

    def _read(self, url: str, cursor: Cursor) -> Fetched:
        known = Known(cursor.get("etag", ""), cursor.get("modified", ""))
        answer = self._client.fetch(url, known)
        if answer.status == 304:
            return Fetched(Batch(), cursor, notes=("The feed has not changed.",))
        feed = read_feed(answer.body, url, answer.headers.get("content-type", ""), self._clock())
        marks = {"etag": answer.headers.get("etag", ""), "modified": answer.headers.get("last-modified", "")}
        after = {name: value for name, value in marks.items() if value}
        return Fetched(Batch((feed.account,), feed.posts), after, True, feed.set_aside, (), feed.notes)
