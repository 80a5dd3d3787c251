"""Clause blocks: what a contract is put together from, and what the law asks to stand in it.

Source of the mandatory content: loi 2023-451, art. 8 I. The keys are those of the law pack fr, rule FR-CTR-02.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

LANGUAGES = ("fr", "en")

Values = Mapping[str, str | tuple[str, ...]]

NEEDS: Mapping[str, tuple[str, ...]] = {
    "parties_identity": ("brand_name", "creator_name"),
    "parties_contact": ("brand_address", "brand_email", "creator_address", "creator_email"),
    "tax_residence": ("brand_country", "creator_country"),
    "missions": ("missions",),
    "pay": ("considerations",),
    "in_kind_value": ("in_kind_known",),
    "payment_terms": ("payment_terms",),
    "rights_duties_ip": ("rights_uses", "rights_territory", "rights_until"),
    "french_law": (),
}
"""What must stand in a contract, and the values that say it. `in_kind_value` is asked only where something is in kind;
`french_law` only where the audience is in France."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A sentence with {values}. `each` makes one item per value of a list; `present` and `absent` say when it stands."""

    text: str
    present: str = ""
    absent: str = ""
    each: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    id: str
    title: str
    paragraphs: tuple[Paragraph, ...]
    holds: tuple[str, ...] = ()
    is_optional: bool = False
    present: str = ""
    absent: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class ClauseBook:
    """All blocks of a language, in the order in which they stand in a contract."""

    language: str
    title: str
    blocks: tuple[Block, ...]

    @property
    def optional(self) -> tuple[Block, ...]:
        return tuple(block for block in self.blocks if block.is_optional)


@cache
def clause_book(language: str) -> ClauseBook:
    """The blocks that come with Sillage, in French or English."""
    file = resources.files("sillage.campaigns.clause_blocks").joinpath(f"{language}.toml")
    read = tomllib.loads(file.read_text(encoding="utf8"))
    return ClauseBook(read["language"], read["title"], tuple(_block(raw) for raw in read["block"]))


def _block(raw: Mapping[str, Any]) -> Block:
    return Block(
        id=raw["id"],
        title=raw["title"],
        paragraphs=tuple(_paragraph(one) for one in raw["paragraphs"]),
        holds=tuple(raw.get("holds", ())),
        is_optional=raw.get("optional", False),
        present=raw.get("with", ""),
        absent=raw.get("without", ""),
    )


def _paragraph(raw: str | Mapping[str, str]) -> Paragraph:
    if isinstance(raw, str):
        return Paragraph(raw)
    return Paragraph(raw["text"], raw.get("with", ""), raw.get("without", ""), raw.get("each", ""))


def stands(present: str, absent: str, values: Values) -> bool:
    """Whether a block or paragraph with these conditions is written."""
    return (not present or bool(values.get(present))) and (not absent or not values.get(absent))


def written_blocks(book: ClauseBook, values: Values, left_out: frozenset[str]) -> tuple[Block, ...]:
    """The blocks of a contract. Only an optional block can be left out."""
    return tuple(
        block
        for block in book.blocks
        if stands(block.present, block.absent, values) and not (block.is_optional and block.id in left_out)
    )


@dataclass(frozen=True, slots=True)
class Missing:
    """What the law asks for and is not there: an element, and the value that would say it (empty: a whole block)."""

    element: str
    value: str = ""

    @property
    def key(self) -> str:
        return self.value or self.element


def held_elements(book: ClauseBook, values: Values, left_out: frozenset[str]) -> frozenset[str]:
    """The elements that a contract says in full."""
    blocks = {block.id for block in written_blocks(book, values, left_out)}
    lacking = {name for block in book.blocks for name in block.holds if block.id not in blocks and name != "french_law"}
    if not any("french_law" in block.holds for block in book.blocks if block.id in blocks):
        lacking.add("french_law")
    return frozenset(
        name for name, needed in NEEDS.items() if name not in lacking and all(values.get(value) for value in needed)
    )


def wanted_elements(*, has_in_kind: bool, is_french: bool) -> tuple[str, ...]:
    """What must stand in a contract here, in order."""
    return tuple(
        name for name in NEEDS if (name != "in_kind_value" or has_in_kind) and (name != "french_law" or is_french)
    )


def missing(wanted: tuple[str, ...], book: ClauseBook, values: Values, left_out: frozenset[str]) -> tuple[Missing, ...]:
    """All that is asked for and not said, value by value."""
    held = held_elements(book, values, left_out)
    lacking: list[Missing] = []
    for element in (name for name in wanted if name not in held):
        values_missing = [value for value in NEEDS[element] if not values.get(value)]
        lacking += [Missing(element, value) for value in values_missing] or [Missing(element)]
    return tuple(lacking)
