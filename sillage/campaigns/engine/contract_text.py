"""The words of a contract: put together from blocks and values, hashed, and compared with another version."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sillage.campaigns.engine.clauses import ClauseBook, Paragraph, Values, stands, written_blocks
from sillage.lib.canonical import digest
from sillage.lib.money import PLACES, Money
from sillage.lib.word_diff import Piece, word_diff

MONTHS = {
    "fr": (
        *("janvier", "février", "mars", "avril", "mai", "juin"),
        *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}
_VALUE = re.compile(r"\{(\w+)\}")
_UNKNOWN = "[…]"  # stands where a value is still missing
_NARROW = "\N{NARROW NO-BREAK SPACE}"
_SOLID = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, or an item of a list."""

    text: str
    is_item: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A numbered article."""

    block: str
    number: int
    title: str
    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)


def composed(book: ClauseBook, values: Values, left_out: frozenset[str]) -> tuple[Part, ...]:
    """The articles. A value is put in as it is: what looks like a {value} inside one is text."""
    blocks = written_blocks(book, values, left_out)
    return tuple(
        Part(block.id, number, block.title, tuple(line for p in block.paragraphs for line in _lines(p, values)))
        for number, block in enumerate(blocks, 1)
    )


def _lines(paragraph: Paragraph, values: Values) -> list[Line]:
    if not stands(paragraph.present, paragraph.absent, values):
        return []
    if not paragraph.each:
        return [Line(_filled(paragraph.text, values))]
    items = values.get(paragraph.each) or ()
    items = (items,) if isinstance(items, str) else items
    return [Line(_filled(paragraph.text, {**values, "item": item}), is_item=True) for item in items]


def _filled(text: str, values: Values) -> str:
    def put(found: re.Match[str]) -> str:
        value = values.get(found[1])
        return (", ".join(value) if isinstance(value, tuple) else value) or _UNKNOWN

    return _VALUE.sub(put, text)


def parts_as_json(parts: Sequence[Part]) -> list[dict[str, Any]]:
    return [
        {
            "block": part.block,
            "number": part.number,
            "title": part.title,
            "lines": [{"text": line.text, "is_item": line.is_item} for line in part.lines],
        }
        for part in parts
    ]


def parts_of_json(kept: Sequence[Mapping[str, Any]]) -> tuple[Part, ...]:
    return tuple(
        Part(
            one["block"],
            one["number"],
            one["title"],
            tuple(Line(line["text"], line["is_item"]) for line in one["lines"]),
        )
        for one in kept
    )


def text_sha256(language: str, parts: Sequence[Mapping[str, Any]]) -> str:
    """SHA-256 of the canonical JSON of the language and the articles, in hex."""
    return digest({"language": language, "parts": list(parts)}).hex()


# -- a readable difference -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PartChange:
    """What became of an article: its title, and its words, what stayed, went and came."""

    title: str
    kind: str  # new, gone, or changed: it is in both, with other words
    pieces: tuple[Piece, ...]


def changes_between(old: Sequence[Part], new: Sequence[Part]) -> tuple[PartChange, ...]:
    """The articles that differ, in the new order, those that went last. Numbers alone are no difference."""
    before = {part.block: part for part in old}
    changes = []
    for part in new:
        earlier = before.pop(part.block, None)
        pieces = tuple(word_diff(earlier.text if earlier else "", part.text))
        if earlier is None:
            changes.append(PartChange(part.title, "new", pieces))
        elif any(piece.kind != "same" for piece in pieces):
            changes.append(PartChange(part.title, "changed", pieces))
    gone = [PartChange(part.title, "gone", tuple(word_diff(part.text, ""))) for part in before.values()]
    return (*changes, *gone)


# -- days and amounts as a contract writes them ----------------------------------------------------------------------


def day_written(day: date, language: str) -> str:
    """1er juin 2026; 1 June 2026."""
    number = "1er" if language == "fr" and day.day == 1 else str(day.day)
    return f"{number}{_SOLID}{MONTHS[language][day.month - 1]} {day.year}"


def amount_written(money: Money, language: str) -> str:
    """1 200,00 EUR in French, 1,200.00 EUR in English: the code, because signs are shared by several currencies."""
    written = f"{money.amount:,.{PLACES.get(money.currency, 2)}f}"
    if language == "fr":
        written = written.replace(",", _NARROW).replace(".", ",")
    return f"{written}{_SOLID}{money.currency}"


def percent_written(percent: Decimal, language: str) -> str:
    plain = f"{percent.normalize():f}"
    return f"{plain.replace('.', ',')}{_NARROW}%" if language == "fr" else f"{plain}%"
