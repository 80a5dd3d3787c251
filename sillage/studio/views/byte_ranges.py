"""The part of a file that a player asks for (RFC 9110, 14.2; one range)."""

from __future__ import annotations

import re

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


def part_asked(asked: str, size: int) -> tuple[int, int] | None:
    """[starts, ends) of the range; an empty one where there is nothing; None: the whole."""
    found = _RANGE.fullmatch(asked.strip())
    if found is None or not any(found.groups()):
        return None
    first, last = found.groups()
    if not first:
        return max(0, size - int(last)), size
    return int(first), min(size, int(last) + 1) if last else size
