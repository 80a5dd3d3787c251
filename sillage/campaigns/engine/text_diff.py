"""Where a marked passage of a text stands in its next version, and whether two versions differ (lib/word_diff.py shows how)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

from sillage.lib.word_diff import MOST_WORDS, Piece

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


def is_changed(pieces: Iterable[Piece]) -> bool:
    """Whether a word went or came; spaces alone are no change."""
    return any(piece.kind != "same" and piece.text.strip() for piece in pieces)


def carried(old: str, new: str, starts: int, ends: int) -> tuple[int, int] | None:
    """Where `old[starts:ends]` stands in the new text; None when its words did not stay together."""
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    if len(before) + len(after) > MOST_WORDS:
        return None
    old_at, new_at = _starts(before), _starts(after)
    for a, b, size in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks():
        if size and old_at[a] <= starts and ends <= old_at[a + size]:
            return starts - old_at[a] + new_at[b], ends - old_at[a] + new_at[b]
    return None


def _starts(words: list[str]) -> list[int]:
    found = [0]
    for word in words:
        found.append(found[-1] + len(word))
    return found
