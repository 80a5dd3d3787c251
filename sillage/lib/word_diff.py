"""The difference between two texts as a person reads it: by words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
MOST_WORDS = 20_000  # beyond, the texts are shown as one that went and one that came

Kind = Literal["same", "gone", "new"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that stayed, went or came."""

    kind: Kind
    text: str


def word_diff(before: str, after: str) -> list[Piece]:
    """Pieces in reading order: "same" and "gone" together are `before`, "same" and "new" together are `after`."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    if len(old) + len(new) > MOST_WORDS:
        return [piece for piece in (Piece("gone", before), Piece("new", after)) if piece.text]
    pieces: list[Piece] = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(old[i:j])))
            continue
        if j > i:
            pieces.append(Piece("gone", "".join(old[i:j])))
        if m > k:
            pieces.append(Piece("new", "".join(new[k:m])))
    return pieces
