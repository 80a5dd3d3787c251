"""What a machine should not judge alone in a text: flags for a person, with the reason and the words. Never a verdict.

Flags: irony, humour, emotion, idiom, slang, verlan, dialect, reclaimed words, sensitive subjects and sensitive dates. They
come from listed words (`cultural_words/`) and from three signs: praise with a mocking emoji, praise and trouble in one
sentence, and a festive or promotional post on a day of remembrance. A flag says that tone and intent of the text deserve a
second look; it says nothing of who wrote it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Protocol

from sillage.understanding.engine.phrasebook import (
    ANY,
    Phrasebook,
    Words,
    split,
    version_of,
    word_lists,
    words_of,
)
from sillage.understanding.engine.port import NOTHING, Finding
from sillage.understanding.engine.theme_words import LANGUAGES
from sillage.understanding.engine.tone import weighed

SCORER = "1"  # part of the version: raise it when the same words would give other flags
LISTS = "sillage.understanding.cultural_words"
IRONY, HUMOUR, EMOTION, IDIOM, SLANG = "irony", "humour", "emotion", "idiom", "slang"
VERLAN, DIALECT, RECLAIMED = "verlan", "dialect", "reclaimed"
SUBJECT, DATE = "sensitive_subject", "sensitive_date"
FLAGS = (IRONY, SUBJECT, DATE, RECLAIMED, DIALECT, VERLAN, IDIOM, SLANG, HUMOUR, EMOTION)
WEAK, FAIR, SAID = 0.45, 0.65, 0.95
_FESTIVE = "festive"
_DOUBTFUL = frozenset({SLANG, EMOTION, HUMOUR, RECLAIMED})  # one such word alone says little
_STRONG = 1.2  # weight of a word of praise or blame that makes a contradiction
_DIALECT_WORDS = 2  # of one variety; one alone is often a word of everybody's
_ENDS = (".", "!", "?", "\n")


class Dated(Protocol):
    """A text as it is read. `published_on` is None where it is not known."""

    @property
    def words(self) -> str: ...

    @property
    def language(self) -> str | None: ...

    @property
    def published_on(self) -> date | None: ...


@dataclass(frozen=True, slots=True)
class Flag:
    """Something for a person to look at. `reason` is one word, such as “emoji” or “war”; `words` as they were written."""

    name: str
    reason: str
    words: str
    confidence: float


class CulturalCheck:
    """The enricher `cultural_check`: value {"flags": [name, …]}, evidence of flag, reason and words."""

    name = "cultural_check"
    languages = None
    cost = 0.08

    @property
    def version(self) -> str:
        return version_of(LISTS, SCORER)

    def findings(self, posts: Sequence[Dated]) -> list[Finding]:
        return [_finding(flags_of(post.words, post.language, post.published_on)) for post in posts]


def _finding(flags: Sequence[Flag]) -> Finding:
    if not flags:
        return NOTHING
    names = [name for name in FLAGS if any(flag.name == name for flag in flags)]
    evidence = [{"flag": f.name, "reason": f.reason, "words": f.words, "confidence": f.confidence} for f in flags]
    return Finding({"flags": names}, max(flag.confidence for flag in flags), evidence)


def flags_of(text: str, language: str | None, published_on: date | None = None) -> list[Flag]:
    """The flags of a text, each reason once. `language` is an ISO 639-1 code, None where unknown."""
    words = words_of(text, language)
    listed = list(_listed(words, language))
    flags = [flag for flag in listed if flag.name != _FESTIVE]
    flags += _contradictions(text, language, flags)
    festive = [flag for flag in listed if flag.name in (_FESTIVE, HUMOUR)]
    if festive and published_on is not None:
        flags += _remembrance(published_on, language, festive[0].words)
    found: dict[tuple[str, str], Flag] = {}
    for flag in _without_chance(flags):
        known = found.get((flag.name, flag.reason))
        if known is None or flag.confidence > known.confidence:
            found[flag.name, flag.reason] = flag
    return list(found.values())


def _listed(words: Words, language: str | None) -> Iterator[Flag]:
    for hit in _book(language if language in LANGUAGES else ANY).hits(words):
        name, _, reason = hit.label.partition("__")
        yield Flag(name, reason or "words", words.written(hit.start, hit.end), hit.weight)


def _without_chance(flags: Sequence[Flag]) -> list[Flag]:
    """Flags but for single words of a dialect, which travel."""
    counts: dict[str, set[str]] = {}
    for flag in flags:
        if flag.name == DIALECT:
            counts.setdefault(flag.reason, set()).add(flag.words.casefold())
    return [f for f in flags if f.name != DIALECT or len(counts[f.reason]) >= _DIALECT_WORDS or " " in f.words]


def _contradictions(text: str, language: str | None, flags: Sequence[Flag]) -> Iterator[Flag]:
    """Praise beside a mocking emoji, or praise and blame in one sentence with nothing like “but” between them."""
    sums = weighed(text, language)
    praise = next((words for words, weight in sums.phrases if weight >= _STRONG), None)
    if praise is None:
        return
    mocking = next((flag for flag in flags if flag.name == IRONY and flag.reason == "emoji"), None)
    if mocking is not None:
        yield Flag(IRONY, "praise_with_emoji", f"{praise} … {mocking.words}", FAIR)
    blame = next((words for words, weight in sums.phrases if weight <= -_STRONG), None)
    if blame is not None and _in_one_sentence(text, praise, blame):
        yield Flag(IRONY, "praise_and_trouble", f"{praise} … {blame}", WEAK)


def _in_one_sentence(text: str, praise: str, blame: str) -> bool:
    """Whether the praise stands before the blame with no end of a sentence between."""
    start, end = text.find(praise), text.rfind(blame)
    return 0 <= start < end and not any(mark in text[start + len(praise) : end] for mark in _ENDS)


def _remembrance(day: date, language: str | None, words: str) -> Iterator[Flag]:
    for name in remembrances(day, language):
        yield Flag(DATE, name, words, FAIR)


def remembrances(day: date, language: str | None) -> tuple[str, ...]:
    """What the day recalls for readers of a language, whatever is said on it."""
    return _days().get((day.month, day.day, language or ""), ())


@cache
def _days() -> Mapping[tuple[int, int, str], tuple[str, ...]]:
    """{(month, day, language): what the day recalls}."""
    file = resources.files(LISTS).joinpath("dates.toml")
    found: dict[tuple[int, int, str], tuple[str, ...]] = {}
    for row in tomllib.loads(file.read_text(encoding="utf-8"))["day"]:
        for language in row["languages"]:
            key = row["month"], row["day"], language
            found[key] = (*found.get(key, ()), row["name"])
    return found


@cache
def _book(name: str) -> Phrasebook:
    lists = word_lists(LISTS)
    phrases: dict[tuple[str, str], tuple[str, str, float]] = {}
    for source in dict.fromkeys((name, ANY)):
        for key, block in lists[source].items():
            label = key.removeprefix("sure__")
            weight = SAID if label != key else WEAK if label.partition("__")[0] in _DOUBTFUL else FAIR
            phrases.update({(phrase, label): (phrase, label, weight) for phrase in split(block)})
    return Phrasebook(phrases.values(), None if name == ANY else name)
