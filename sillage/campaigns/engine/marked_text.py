"""A text with everything that is said of its words: cut where a mark begins or ends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Mark:
    """Something about `text[starts:ends]`. `kind`: thread, block, warn, pass; `ref` names what it belongs to on the page."""

    starts: int
    ends: int
    kind: str
    ref: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of the text under the same marks."""

    text: str
    marks: tuple[Mark, ...]


def segments(text: str, marks: Iterable[Mark]) -> list[Segment]:
    """The text in order, none of it left out. Marks may overlap; those that lie outside of the text are left out."""
    inside = [mark for mark in marks if 0 <= mark.starts < mark.ends <= len(text)]
    cuts = sorted({0, len(text), *(m.starts for m in inside), *(m.ends for m in inside)})
    return [Segment(text[a:b], tuple(m for m in inside if m.starts <= a and b <= m.ends)) for a, b in pairwise(cuts)]
