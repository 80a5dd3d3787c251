"""Cursors: where a list goes on, as an opaque string that carries the last row's sort key."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Generic, TypeVar

from sillage.lib.errors import Malformed
from sillage.lib.sentences import Sentence

T = TypeVar("T")

Key = list[str | int | float | None]


class CursorMalformed(Malformed):
    """The cursor was not made by this list."""

    title = "Malformed cursor"


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows of a list, and the cursor of the rest (None at the end)."""

    items: list[T]
    next_cursor: str | None


def cursor_of(key: Key) -> str:
    return base64.urlsafe_b64encode(json.dumps(key, separators=(",", ":")).encode()).decode().rstrip("=")


def key_of(cursor: str, length: int) -> Key:
    """The sort key in a cursor. Raises CursorMalformed unless it has `length` scalar parts that a database can compare."""
    try:
        key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError) as error:
        raise CursorMalformed(
            Sentence("This cursor cannot be read."), Sentence("Start again without a cursor.")
        ) from error
    if not isinstance(key, list) or len(key) != length or not all(_is_comparable(part) for part in key):
        raise CursorMalformed(
            Sentence("This cursor belongs to another list."), Sentence("Start again without a cursor.")
        )
    return key


def _is_comparable(part: object) -> bool:
    if isinstance(part, int):
        return -(2**63) <= part < 2**63
    return part is None or isinstance(part, float) or (isinstance(part, str) and "\0" not in part)
