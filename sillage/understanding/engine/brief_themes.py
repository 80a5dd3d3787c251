"""A brief in plain French or English, read into what discovery can search for; each item with its place in the text.

The text is read clause by clause (commas, semicolons, full stops, brackets, line ends). In a clause, what follows a
word of refusal (“no”, “sans”, “except”, “pas de”) is unwanted up to its end or to “but”. Follower numbers, networks,
languages and countries are taken out first; then the words of the theme set, to which the themes' own names are
added; what is left over, without the words that every brief has, becomes terms. Nothing is guessed by a model, and a
person corrects what is shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Generic, TypeVar

from sillage.lib.text import folded
from sillage.understanding.engine.brief_followers import FollowerRange, follower_ranges
from sillage.understanding.engine.brief_places import country_at, language_at, network_at
from sillage.understanding.engine.brief_vocabulary import Vocabulary, Word, vocabulary, words
from sillage.understanding.engine.theme_words import composed
from sillage.understanding.engine.themes import (
    MIN_CONFIDENCE,
    SURE,
    ThemeMatch,
    ThemeScorer,
    ThemeSet,
    confidence,
    parent_of,
    theme_set,
)

V = TypeVar("V", str, int)
MIN_UNWANTED = 0.5  # weight above which a word refuses a whole theme, and not only itself
SHORT_CHUNK = 5  # words: a chunk this short is kept as one term
_SEPARATOR = re.compile(r"[;!?\n\r•|()\[\]{}…·]|,(?!\d{3}\b)|\.(?=\s|$)|\s[-–—]+\s|–|—")
_BLANK = "ǂ"  # a letter that is in no word: it keeps phrases from reaching over what was taken out


@dataclass(frozen=True, slots=True)
class Span(Generic[V]):
    """What was read, and which characters of the text say so. Only themes have a confidence."""

    value: V
    start: int
    end: int
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class BriefReading:
    """`text` is the brief with composed accents, to which all places refer. `language` is fr or en."""

    text: str
    language: str
    wanted: tuple[Span[str], ...] = ()
    unwanted: tuple[Span[str], ...] = ()
    terms: tuple[Span[str], ...] = ()
    unwanted_terms: tuple[Span[str], ...] = ()
    countries: tuple[Span[str], ...] = ()
    networks: tuple[Span[str], ...] = ()
    languages: tuple[Span[str], ...] = ()
    min_followers: Span[int] | None = None
    max_followers: Span[int] | None = None


@dataclass(slots=True)
class _Sheet:
    """The brief while it is being read: for each word what it was taken for, and whether it is unwanted."""

    text: str
    language: str
    words: list[Word]
    clauses: list[range]
    taken: list[str | None]
    refused: list[bool]
    matches: dict[int, tuple[ThemeMatch, int]]  # place of the first word -> match, place behind the last
    found: list[tuple[str, str, int, int]] = field(default_factory=list)  # kind, value, first word, behind the last


def read_brief(text: str, language: str | None = None) -> BriefReading:
    """Read a brief; `language` (fr or en) is found from its words where it is not given."""
    return BriefReader(theme_set()).read(text, language)


class BriefReader:
    """Reads briefs with one theme set."""

    def __init__(self, themes: ThemeSet) -> None:
        self._scorer = _scorer(themes)

    def read(self, text: str, language: str | None = None) -> BriefReading:
        text = composed(text)
        ranges = follower_ranges(text)
        masked = _masked(text, ranges)
        read = words(masked)
        chosen = language if language in ("fr", "en") else self._language(masked, read)
        sheet = _Sheet(
            text=text,
            language=chosen,
            words=read,
            clauses=list(_clauses(masked, read)),
            taken=["followers" if word.plain.startswith(_BLANK) else None for word in read],
            refused=[False] * len(read),
            matches={},
        )
        self._match(sheet, masked)
        _take_facts(sheet)
        _refuse(sheet)
        return self._reading(sheet, ranges)
