"""The words by which a brief is read, from the data files in `sillage.understanding.brief_words`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

from sillage.lib.text import folded

LONGEST = 5  # words in a phrase
_WORD = re.compile(r"[^\W_]+")

Key = tuple[str, ...]


class Word(NamedTuple):
    """A word of a brief: `plain` is folded and without a plural -s."""

    plain: str
    start: int
    end: int


class Phrases:
    """A dictionary from phrases to values, found at a place among words, the longest first."""

    def __init__(self) -> None:
        self._values: dict[Key, str] = {}

    def add(self, phrases: str, value: str) -> None:
        for phrase in phrases.split(","):
            key = tuple(word.plain for word in words(phrase))
            if key:
                self._values.setdefault(key, value)

    def at(self, plain: Sequence[str], place: int, stop: int) -> tuple[str, int] | None:
        """(value, place behind it) of the longest phrase that begins at `place` and ends before `stop`, or None."""
        for end in range(min(place + LONGEST, stop), place, -1):
            value = self._values.get(tuple(plain[place:end]))
            if value is not None:
                return value, end
        return None

    def values(self) -> frozenset[str]:
        return frozenset(self._values.values())

    def __contains__(self, plain: str) -> bool:
        return (plain,) in self._values


@dataclass(frozen=True)
class Vocabulary:
    """Values: ISO 3166-1 codes separated by spaces, networks, ISO 639-1 codes, or the kind of shaping word."""

    countries: Phrases
    people_of: Phrases
    capitals: frozenset[str]
    networks: Phrases
    languages: Phrases
    speakers: Phrases
    shape: Phrases
    people: Phrases
    travel: Phrases
    connectors: Phrases
    generic: Phrases
    common: Mapping[str, Phrases]  # by language

    def is_common(self, plain: str) -> bool:
        return any(plain in phrases for phrases in self.common.values())


def words(text: str) -> list[Word]:
    return [Word(plain(match[0]), *match.span()) for match in _WORD.finditer(text)]


def plain(word: str) -> str:
    flat = folded(word)
    return flat[:-1] if len(flat) > 4 and flat.endswith("s") else flat


@cache
def vocabulary() -> Vocabulary:
    places, others = _read("countries.toml"), _read("words.toml")
    shape = others["shape"]
    return Vocabulary(
        countries=_phrases((codes, names) for codes, (names, _) in places["countries"].items()),
        people_of=_phrases((codes, people) for codes, (_, people) in places["countries"].items()),
        capitals=frozenset(word.plain for word in words(places["capitals"])),
        networks=_phrases(iter(others["networks"].items())),
        languages=_phrases((code, names) for code, (names, _) in others["languages"].items()),
        speakers=_phrases((code, speakers) for code, (_, speakers) in others["languages"].items()),
        shape=_phrases((kind, shape[kind]) for kind in ("kept", "ignored", "unwanted", "but")),
        people=_phrases(iter([("people", shape["people"])])),
        travel=_phrases(iter([("travel", shape["travel"])])),
        connectors=_phrases(iter([("connector", shape["connectors"])])),
        generic=_phrases(iter([("generic", shape["generic"])])),
        common={code: _phrases(iter([(code, text)])) for code, text in others["common"].items()},
    )


def _phrases(pairs: Iterator[tuple[str, str]]) -> Phrases:
    phrases = Phrases()
    for value, text in pairs:
        phrases.add(text, value)
    return phrases


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((resources.files("sillage.understanding.brief_words") / name).read_text(encoding="utf-8"))
