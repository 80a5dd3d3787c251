"""A brief while it is being read: its words, its clauses, and what each word was taken for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from sillage.understanding.engine.brief_vocabulary import Word, words

_SEPARATOR = re.compile(r"[;!?\n\r•|()\[\]{}…·–—]|,(?!\d{3}\b)|\.(?=\s|$)|\s-+\s")
_BLANK = "ǂ"  # a letter that no word has: it keeps phrases from reaching over what was taken out


class Fact(NamedTuple):
    """A country, network or language: characters start to end, words first to stop."""

    kind: str
    value: str
    start: int
    end: int
    first: int
    stop: int


class Clause(NamedTuple):
    """Characters start to end, words first to stop."""

    start: int
    end: int
    first: int
    stop: int


@dataclass(slots=True)
class Sheet:
    """`taken` and `refused` say per word what it was taken for, and whether it follows a word of refusal."""

    text: str
    masked: str
    words: list[Word]
    plain: list[str]
    clauses: list[Clause]
    taken: list[str | None]
    refused: list[bool]
    language: str = "en"
    facts: list[Fact] = field(default_factory=list)
    kept: set[int] = field(default_factory=set)  # words of set phrases such as “sans gluten”

    def written(self, first: int, stop: int) -> str:
        """The words from `first` up to `stop` as they stand in the text."""
        return self.text[self.words[first].start : self.words[stop - 1].end]

    def take(self, first: int, stop: int, kind: str) -> None:
        self.taken[first:stop] = [kind] * (stop - first)

    def note(self, kind: str, value: str, first: int, stop: int) -> None:
        """Take the words as a fact."""
        self.take(first, stop, kind)
        self.facts.append(Fact(kind, value, self.words[first].start, self.words[stop - 1].end, first, stop))


def sheet_of(text: str, blanks: Iterable[tuple[int, int]]) -> Sheet:
    """A fresh sheet; the characters in `blanks` are out of play."""
    masked = text
    for start, end in blanks:
        masked = masked[:start] + _BLANK * (end - start) + masked[end:]
    read = words(masked)
    plain = [word.plain for word in read]
    return Sheet(
        text=text,
        masked=masked,
        words=read,
        plain=plain,
        clauses=list(_clauses(masked, read)),
        taken=["blank" if word.startswith(_BLANK) else None for word in plain],
        refused=[False] * len(read),
    )


def _clauses(text: str, read: list[Word]) -> Iterator[Clause]:
    start, place = 0, 0
    for end in (*(match.start() for match in _SEPARATOR.finditer(text)), len(text)):
        first = place
        while place < len(read) and read[place].start < end:
            place += 1
        if place > first:
            yield Clause(start, end, first, place)
        start = end
