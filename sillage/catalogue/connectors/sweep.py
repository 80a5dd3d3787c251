"""A sweep reads an account's posts from the newest back to where the last sweep began.

Its state is three keys of a cursor. `since`: the newest post that earlier sweeps saw; `newest`: the newest that this
one saw; `next`: the network's own cursor. Other keys belong to the connector and are carried along.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sillage.catalogue.connectors.fields import instant
from sillage.catalogue.connectors.port import Cursor


def beginning(since: datetime | None) -> Cursor:
    """A cursor whose first sweep goes back to `since`, or to the first post ever."""
    return {"since": since.isoformat()} if since else {}


def advanced(cursor: Cursor, published: Sequence[datetime], token: str | None) -> tuple[Cursor, bool]:
    """The cursor after a portion, and whether the sweep is over.

    `published` are the instants of the posts kept, in the network's order. The sweep is over at the end of the list, at
    a post not newer than `since`, or when the network repeats its cursor.
    """
    since, newest = instant(cursor.get("since")), instant(cursor.get("newest"))
    seen = [at for at in (newest, since, *published) if at is not None]
    newest = max(seen) if seen else None
    reached = since is not None and bool(published) and published[-1] <= since
    rest = {key: value for key, value in cursor.items() if key not in ("since", "newest", "next")}
    if not token or token == cursor.get("next") or reached:
        return rest | beginning(newest), True
    ahead = {"newest": newest.isoformat()} if newest else {}
    return rest | beginning(since) | ahead | {"next": token}, False


def restarted(cursor: Cursor) -> Cursor:
    """The same sweep from its beginning: for a network cursor that has expired."""
    return {key: value for key, value in cursor.items() if key not in ("newest", "next")}
