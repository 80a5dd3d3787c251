"""A brief's text cut where something was read in it, so that a page can mark each piece by its kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

KINDS: Mapping[str, str] = {
    "wanted": "theme",
    "unwanted": "not",
    "unwanted_terms": "not",
    "countries": "country",
    "networks": "network",
    "languages": "language",
    "min_followers": "followers",
    "max_followers": "followers",
    "terms": "term",
}
"""What a reading calls its spans, and the kind under which they are marked."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of the text. `kind` is empty where nothing was read; `values` are what was read there."""

    text: str
    kind: str = ""
    values: tuple[str, ...] = ()


def pieces(reading: Mapping[str, Any]) -> list[Piece]:
    """Cut `reading["text"]` at its spans. The pieces join to the text; where spans overlap, the first one is marked."""
    text = str(reading.get("text", ""))
    found: list[Piece] = []
    at = 0
    for start, end, kind, values in _marks(reading):
        if start > at:
            found.append(Piece(text[at:start]))
        found.append(Piece(text[start:end], kind, values))
        at = end
    return [*found, Piece(text[at:])] if at < len(text) else found


def _marks(reading: Mapping[str, Any]) -> Iterator[tuple[int, int, str, tuple[str, ...]]]:
    """Places without overlap, in order; several values read at one place are one mark."""
    spans: dict[tuple[int, int], tuple[str, list[str]]] = {}
    for name, kind in KINDS.items():
        given = reading.get(name) or []
        for span in given if isinstance(given, list | tuple) else [given]:
            place = (int(span["start"]), int(span["end"]))
            first_kind, values = spans.setdefault(place, (kind, []))
            if first_kind == kind and place[1] > place[0]:
                values.append(str(span["value"]))
    at = 0
    for start, end in sorted(spans, key=lambda place: (place[0], -place[1])):
        if start >= at and end > start:
            kind, values = spans[start, end]
            yield start, end, kind, tuple(dict.fromkeys(values))
            at = end
