"""Brands over time as strips: what a picture needs, in thousandths of the width."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sillage.understanding.engine.collaborations import DECLARED, ORGANIC, Collaboration, Mention

WIDTH = 1000
THIN = 8  # of a day, so that a single post is seen
MOST_ROWS = 30


@dataclass(frozen=True, slots=True)
class Span:
    """A collaboration, or an organic mention as a thin line. `kind`: organic, likely, declared."""

    start: int
    width: int
    kind: str


@dataclass(frozen=True, slots=True)
class Strip:
    brand: str
    spans: tuple[Span, ...]
    collaborations: int
    organic: int


def strips_of(
    mentions: Sequence[Mention], collaborations: Sequence[Collaboration], since: date, until: date
) -> list[Strip]:
    """One strip per brand between two days, those with collaborations first, then by mentions; at most MOST_ROWS."""
    days = max(1, (until - since).days)

    def place(day: date) -> int:
        return round((day - since).days / days * (WIDTH - THIN))

    made: dict[str, list[Span]] = {}
    organic: dict[str, int] = {}
    for mention in mentions:
        spans = made.setdefault(mention.brand, [])
        if mention.standing == ORGANIC:
            spans.append(Span(place(mention.published_at.date()), THIN, "organic"))
            organic[mention.brand] = organic.get(mention.brand, 0) + 1
    counted: dict[str, int] = {}
    for one in collaborations:
        start = place(one.first_on)
        kind = "declared" if one.standing == DECLARED else "likely"
        made[one.brand].append(Span(start, place(one.last_on) - start + THIN, kind))
        counted[one.brand] = counted.get(one.brand, 0) + 1
    strips = [Strip(b, tuple(spans), counted.get(b, 0), organic.get(b, 0)) for b, spans in made.items()]
    return sorted(strips, key=lambda s: (-s.collaborations, -s.organic, s.brand))[:MOST_ROWS]
