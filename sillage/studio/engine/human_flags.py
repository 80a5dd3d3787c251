"""What a person should judge in a text before it goes out: empathy, humour, irony, references, words that may hurt, days.

A flag names the words and the reason; it decides nothing. Understanding’s cultural check and `human_words/` find them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Any

from sillage.lib.sentences import Sentence, Term
from sillage.understanding.engine import cultural_check as cultural

LISTS = "sillage.studio.human_words"
VERSION = "1"  # raise it when the same words would give other flags
LANGUAGES = ("fr", "en")
FLAGS = (
    "empathy", "sensitive_date", "sensitive_subject", "ambiguous", "irony", "humour", "reference", "idiom", "slang",
)  # fmt: skip
FLAG_WORDS: Mapping[str, Sentence] = {
    "empathy": Term("what a person judges", "empathy"),
    "sensitive_date": Term("what a person judges", "sensitive date"),
    "sensitive_subject": Term("what a person judges", "sensitive subject"),
    "ambiguous": Term("what a person judges", "ambiguous word"),
    "irony": Term("what a person judges", "irony"),
    "humour": Term("what a person judges", "humour"),
    "reference": Term("what a person judges", "reference"),
    "idiom": Term("what a person judges", "idiom"),
    "slang": Term("what a person judges", "slang"),
}
ANSWER_WORDS: Mapping[str, Sentence] = {
    "fine": Term("human check", "fine"),
    "change": Term("human check", "to be changed"),
}
LONGEST_SPAN = 120  # days of a campaign that are looked through
_OF_CULTURE: Mapping[str, str] = {
    cultural.IRONY: "irony",
    cultural.HUMOUR: "humour",
    cultural.EMOTION: "empathy",
    cultural.IDIOM: "idiom",
    cultural.SLANG: "slang",
    cultural.VERLAN: "slang",
    cultural.DIALECT: "slang",
    cultural.RECLAIMED: "ambiguous",
    cultural.SUBJECT: "sensitive_subject",
    cultural.DATE: "sensitive_date",
}
_GENTLE = {
    ("sensitive_subject", "death"): ("empathy", "loss"),
    ("sensitive_subject", "illness"): ("empathy", "illness"),
}


@dataclass(frozen=True, slots=True)
class HumanFlag:
    """On [start, end) of the text, or on all of it (0, 0). `why` is a sentence by language of the reader."""

    flag: str
    reason: str
    words: str
    start: int
    end: int
    why: Mapping[str, str]

    @property
    def made_by(self) -> str:
        return f"rule {self.flag}/{VERSION}"


def human_flags(text: str, language: str, days: Sequence[date] = ()) -> list[HumanFlag]:
    """Flags of a text that would go out on one of `days`, each flag once per wording, the gravest first."""
    found = [*_listed(text, language), *_cultural(text, language), *_of_days(language, days)]
    once: dict[tuple[str, str], HumanFlag] = {}
    for flag in found:
        once.setdefault((flag.flag, flag.words.casefold() or flag.why["en"]), flag)
    kept = [f for f in once.values() if not _covered(f, once.values())]
    return sorted(kept, key=lambda flag: (FLAGS.index(flag.flag), flag.start))


def words_named(words: str) -> Sentence:
    """What a person is to judge, within a sentence: words of the text, or all of it."""
    return Sentence("“%(words)s”", words=words[:60]) if words else Sentence("the text")


def _covered(flag: HumanFlag, others: Iterable[HumanFlag]) -> bool:
    """Whether another flag of the same name stands on more words around it."""
    return any(
        o is not flag and o.flag == flag.flag and flag.end and o.start <= flag.start and flag.end <= o.end
        for o in others
    )


def _listed(text: str, language: str) -> Iterator[HumanFlag]:
    straight = text.replace("'", "’")
    for flag, reason, pattern in _patterns(language):
        for found in pattern.finditer(straight):
            yield _flag(flag, reason, text[found.start() : found.end()], found.start())


def _cultural(text: str, language: str) -> Iterator[HumanFlag]:
    for found in cultural.flags_of(text, language):
        flag, reason = _GENTLE.get((_OF_CULTURE[found.name], found.reason), (_OF_CULTURE[found.name], found.reason))
        start = text.casefold().find(found.words.casefold())
        day = found.words if flag == "sensitive_date" else ""
        yield _flag(flag, "emotion" if found.name == cultural.EMOTION else reason, found.words, start, day)


def _flag(flag: str, reason: str, words: str, start: int, day: str = "") -> HumanFlag:
    at, end = (start, start + len(words)) if start >= 0 and words else (0, 0)
    told = _reasons()[flag]
    closer = told.get(reason, told)
    return HumanFlag(flag, reason, words, at, end, {lang: closer[lang].replace("{day}", day) for lang in LANGUAGES})


def days_between(first: date | None, last: date | None) -> tuple[date, ...]:
    """The days of a span, one where only one end is known; none where it is long or unknown."""
    if first is None or last is None:
        return tuple(day for day in (first, last) if day is not None)
    n = (last - first).days
    return tuple(first + timedelta(days=at) for at in range(n + 1)) if 0 <= n <= LONGEST_SPAN else (first, last)


def _of_days(language: str, days: Sequence[date]) -> Iterator[HumanFlag]:
    """One flag for all occasions that the days meet, each with the first day that meets it."""
    met: dict[str, tuple[date, Mapping[str, str]]] = {}
    for day in sorted(set(days)):
        for told in _occasions(day, language):
            met.setdefault(told["en"], (day, told))
    if met:
        named = {lang: "; ".join(f"{day:%d/%m/%Y}, {told[lang]}" for day, told in met.values()) for lang in LANGUAGES}
        why = {lang: _reasons()["sensitive_date"][lang].replace("{day}", named[lang]) for lang in LANGUAGES}
        yield HumanFlag("sensitive_date", "day", "", 0, 0, why)


def _occasions(day: date, language: str) -> Iterator[Mapping[str, str]]:
    for row in _days()["fixed"]:
        if f"{day:%m-%d}" in row["days"]:
            yield row
    for row in _days()["moving"]:
        if any(first <= day.isoformat() <= last for first, last in (span.split("/") for span in row["spans"])):
            yield row
    for name in cultural.remembrances(day, language):
        yield {"fr": name, "en": name}


@cache
def _days() -> Mapping[str, Any]:
    return tomllib.loads(resources.files(LISTS).joinpath("days.toml").read_text(encoding="utf8"))


@cache
def _reasons() -> Mapping[str, Any]:
    return tomllib.loads(resources.files(LISTS).joinpath("reasons.toml").read_text(encoding="utf8"))


@cache
def _patterns(language: str) -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    if language not in LANGUAGES:
        return ()
    read = tomllib.loads(resources.files(LISTS).joinpath(f"{language}.toml").read_text(encoding="utf8"))
    made = []
    for key, block in read.items():
        flag, _, reason = key.partition("__")
        words = sorted((word.strip() for word in block.split(",")), key=len, reverse=True)
        either = "|".join(re.escape(word) for word in words)
        made.append((flag, reason, re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE)))
    return tuple(made)
