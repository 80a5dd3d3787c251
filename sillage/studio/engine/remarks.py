"""What a machine remarks on a text while a person writes it: each with its place, its reason and what might stand instead.

Nothing is applied by itself. A remark is made by a rule that a person can read; what a rule should not judge alone (irony,
idioms, sensitive dates) is flagged by `understanding`'s cultural check and goes to a named person.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from sillage.lib.text import folded
from sillage.studio.engine.brief import WritingBrief, holds
from sillage.studio.engine.grammar import rules_of, slips_of
from sillage.studio.engine.readability import readability
from sillage.studio.engine.spelling import unknown_words
from sillage.studio.engine.tokens import tokens_of
from sillage.studio.engine.typography import fixes_of

LISTS = "sillage.studio.plain_words"
LANGUAGES = ("fr", "en")
SHOUTED = 4  # letters of a word in capitals that is no acronym
MARKS = re.compile(r"[!?]{3,}")
_TWICE = re.compile(r"\b([^\W\d_]{2,})\s+\1\b", re.IGNORECASE)
_SPACES = re.compile(r"(?<=\S)[ \t]{2,}(?=\S)")
_CAPITALS = re.compile(r"\b[^\W\d_]{5,}\b")
_MAY_STAND_TWICE = frozenset({"nous", "vous", "that", "had", "bla", "très", "tout", "is"})


@dataclass(frozen=True, slots=True)
class Remark:
    """On [start, end) of the text, or on all of it (0, 0). `fixes` are what might stand instead; none: a person thinks."""

    kind: str  # brief | spelling | grammar | typography | plain | inclusive | reading | slip
    rule: str
    start: int
    end: int
    words: str
    fixes: tuple[str, ...] = ()
    about: dict[str, str] = field(default_factory=dict)


def remarks_on(
    text: str, language: str, brief: WritingBrief | None = None, accepted: frozenset[str] = frozenset()
) -> list[Remark]:
    """All remarks, in the order of their places; those on all of the text first.

    `accepted` are a workspace's own words, folded (lib.text.folded); the words of the brief are accepted besides.
    """
    found = [*_slips(text), *_lists(text, language), *_reading(text, language), *_grammar(text, language)]
    found += _spelling(text, language, accepted | words_of_brief(brief))
    if language == "fr":
        found += [
            Remark("typography", fix.rule, fix.start, fix.end, text[fix.start : fix.end], (fix.instead,))
            for fix in fixes_of(text)
        ]
    if brief is not None:
        found += _of_brief(text, brief)
    return sorted(found, key=lambda remark: (remark.start, remark.end))


def words_of_brief(brief: WritingBrief | None) -> frozenset[str]:
    """What stands in a brief is spelt as it should be: names, products, facts."""
    if brief is None:
        return frozenset()
    lines = [brief.title, brief.brand, brief.product, brief.idea, brief.audience, brief.label, brief.code, *brief.must]
    lines += [fact.text for fact in brief.facts] + [tag.lstrip("#") for tag in brief.hashtags]
    return frozenset(folded(token.word) for line in lines for token in tokens_of(line, brief.language))


def _spelling(text: str, language: str, accepted: frozenset[str]) -> Iterator[Remark]:
    for word in unknown_words(text, language, accepted):
        yield Remark("spelling", "unknown", word.start, word.end, word.word, word.fixes)


def _grammar(text: str, language: str) -> Iterator[Remark]:
    for slip in slips_of(text, language):
        about = {"why": rules_of(language)[slip.rule].why["en"], "why_fr": rules_of(language)[slip.rule].why["fr"]}
        if slip.soft:
            about["soft"] = "yes"
        yield Remark("grammar", slip.rule, slip.start, slip.end, text[slip.start : slip.end], slip.fixes, about)


def _of_brief(text: str, brief: WritingBrief) -> Iterator[Remark]:
    n = len(text)
    if not brief.shortest <= n <= brief.longest:
        rule = "too_long" if n > brief.longest else "too_short"
        about = {"n": str(n), "wanted": str(brief.longest if n > brief.longest else brief.shortest)}
        yield Remark("brief", rule, 0, 0, "", about=about)
    for word in brief.must:
        if not holds(text, word):
            yield Remark("brief", "missing", 0, 0, "", (word,), {"word": word})
    for word in brief.never:
        for found in re.finditer(re.escape(word), text, re.IGNORECASE):
            if holds(found.group(), word):
                yield Remark("brief", "banned", *found.span(), found.group(), about={"word": word})


def _slips(text: str) -> Iterator[Remark]:
    for found in _TWICE.finditer(text):
        if found[1].lower() not in _MAY_STAND_TWICE:
            yield Remark("slip", "twice", *found.span(), found.group(), (found[1],))
    for found in _SPACES.finditer(text):
        yield Remark("slip", "spaces", *found.span(), found.group(), (" ",))
    for found in MARKS.finditer(text):
        yield Remark("slip", "marks", *found.span(), found.group(), (found.group()[0],))
    for found in _CAPITALS.finditer(text):
        if found.group().isupper() and len(found.group()) > SHOUTED:
            yield Remark("slip", "shouted", *found.span(), found.group(), (found.group().capitalize(),))


def _reading(text: str, language: str) -> Iterator[Remark]:
    for start, end in readability(text, language).long:
        yield Remark("reading", "long_sentence", start, end, text[start:end])


def _lists(text: str, language: str) -> Iterator[Remark]:
    straight = text.replace("'", "’")
    for kind, pattern, instead in _patterns(language):
        for found in pattern.finditer(straight):
            yield Remark(kind, "word", *found.span(), text[found.start() : found.end()], instead[found.group().lower()])


@cache
def _patterns(language: str) -> tuple[tuple[str, re.Pattern[str], dict[str, tuple[str, ...]]], ...]:
    """One expression per list: longer wordings first, so that the longest is remarked on."""
    if language not in LANGUAGES:
        return ()
    read = tomllib.loads(resources.files(LISTS).joinpath(f"{language}.toml").read_text(encoding="utf8"))
    made = []
    for kind, words in read.items():
        either = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
        instead = {word.lower(): tuple(fixes) for word, fixes in words.items()}
        made.append((kind, re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE), instead))
    return tuple(made)


def applied(text: str, remark: Remark, fix: str) -> str:
    """The text with one fix made, by a person's word. Raises ValueError when the text has changed there since."""
    if text[remark.start : remark.end] != remark.words or fix not in remark.fixes:
        raise ValueError("the text is not what the remark was made on")
    return text[: remark.start] + fix + text[remark.end :]
