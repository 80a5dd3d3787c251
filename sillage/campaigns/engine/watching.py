"""A live post, seen again: is it as it was, and when is it time to keep what is seen although nothing changed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sillage.lib.canonical import digest

MARKS = (timedelta(hours=1), timedelta(hours=24))
"""After publication what is seen is kept even unchanged: brand and creator answer together for a label that stays."""


class Seen(StrEnum):
    """Why what was seen is kept."""

    FIRST = "first"
    SAME = "same"  # at one of the marks
    EDITED = "edited"
    REMOVED = "removed"
    BACK = "back"  # was removed, is there again


def words_hash(title: str, text: str, hashtags: Sequence[str]) -> str:
    """SHA-256 in hex over all words of a post."""
    return digest({"title": title, "text": text, "hashtags": list(hashtags)}).hex()


def raw_hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def seen_now(
    last: Seen | None,
    last_hash: str,
    last_fetched_at: datetime | None,
    now_hash: str | None,
    fetched_at: datetime | None,
    published_at: datetime,
) -> Seen | None:
    """What is to be kept of a post that is looked at; None: nothing new. `now_hash` None: the post is not there."""
    if now_hash is None:
        return None if last is Seen.REMOVED else Seen.REMOVED
    if last is None:
        return Seen.FIRST
    if last is Seen.REMOVED:
        return Seen.BACK
    if now_hash != last_hash:
        return Seen.EDITED
    return Seen.SAME if _is_past_a_mark(last_fetched_at, fetched_at, published_at) else None


def _is_past_a_mark(last: datetime | None, fetched_at: datetime | None, published_at: datetime) -> bool:
    if fetched_at is None or last is None:
        return False
    return any(last < published_at + mark <= fetched_at for mark in MARKS)
