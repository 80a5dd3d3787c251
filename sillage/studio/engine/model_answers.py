"""What a language model answered: its shape, and which of its texts may be shown to a person as a proposal.

The checks read no meaning. A text is dropped when it holds what nobody gave: a fact's id, a number, a link, an address, a
handle, a hashtag, a name, a word that claims; code or markup; words of the instructions; words that the brief or the voice
bans. A text that passes may still be badly written, or wrong in words that no list has: a person reads it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import from_json

from sillage.lib.text import folded
from sillage.studio.engine.brief import LANGUAGES, holds
from sillage.studio.engine.prompting import Asked, Purpose, has_unseen, prompts
from sillage.understanding.engine.addressed import speaks_to_a_machine
from sillage.understanding.engine.claim_words import ALSO_WORDS, NUMBER_WORDS

LEAKED_WORDS = 8  # of the instructions, in a row
NAME_WORDS = 2  # with capitals, in a row, inside a sentence
_TITLED = 0.6  # of a line's words with capitals: a heading, not names

_NUMBER = re.compile(r"\d+(?:[\s\u00a0\u202f.,'’]\d{3})*(?:[.,]\d+)?")
_LINK = re.compile(
    r"(?:[a-z][a-z0-9+.-]{1,9}:/?/?|www\.|//)[^\s<>\"'()\[\]]+"
    r"|\b(?:[a-z0-9-]+\.)+(?:com|net|org|io|fr|de|es|it|co|ly|me|shop|eu|be|ch|uk|us|app|dev|link|site|store|xyz|info|biz|ru|cn|gg|tv|to"
    r"|example|onion)\b(?:/[^\s<>\"'()\[\]]*)?",
    re.IGNORECASE,
)
_HANDLE = re.compile(r"@[\w.-]+")
_HASHTAG = re.compile(r"#\w+")
_MARKUP = re.compile(
    r"<\s*[/!a-z?]|&(?:#x?[0-9a-f]+|[a-z]+);|\]\s*\(|!\[|`|\{\{|\{%|\$\{|<\||\|>|\[/?inst\]|(?:java|vb)script:|data:[a-z]+/|\bon[a-z]+\s*="
    r"|\\x[0-9a-f]{2}|\\u[0-9a-f]{4}|\"(?:name|arguments|tool_calls?|function)\"\s*:",
    re.IGNORECASE,
)
_ENCODED = re.compile(r"(?<![\w/+])[A-Za-z0-9+/]{24,}={0,2}(?![\w/+])")
_CODE = re.compile(r"(?<!\w)(?=\w*[A-Z])[A-Z0-9][A-Z0-9_-]{3,}(?!\w)")
_WORD = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*")
_STARTS = re.compile(r"(?:^|[.!?…:;•\n\r“”«»\"(–—-]\s*|[^\w\s,’']\s*)$")


class Drop(StrEnum):
    """Why a text was dropped."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    UNKNOWN_IDS = "unknown_ids"
    NO_FACT = "no_fact"
    NUMBERS = "numbers"
    LINKS = "links"
    HANDLES = "handles"
    HASHTAGS = "hashtags"
    CODES = "codes"
    NAMES = "names"
    CLAIMS = "claims"
    BANNED = "banned"
    MARKUP = "markup"
    UNSEEN = "unseen"
    LEAKED = "leaked"
    TO_A_MACHINE = "to_a_machine"
    REPEATED = "repeated"


class AnsweredText(BaseModel):
    """One text, with the ids of the facts that it rests on."""

    model_config = ConfigDict(extra="forbid", strict=True)

    text: Annotated[str, StringConstraints(max_length=20_000)]
    facts: Annotated[list[Annotated[str, StringConstraints(max_length=20)]], Field(max_length=40)]


class ModelAnswer(BaseModel):
    """What a model must answer."""

    model_config = ConfigDict(extra="forbid", strict=True)

    texts: Annotated[list[AnsweredText], Field(min_length=1, max_length=24)]


@dataclass(frozen=True, slots=True)
class KeptText:
    """A text that may be shown, with the facts' ids that it says it rests on."""

    text: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DroppedText:
    """A text that may not, why, and the words that are to blame."""

    text: str
    why: Drop
    blame: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckedAnswer:
    kept: tuple[KeptText, ...]
    dropped: tuple[DroppedText, ...]

    def counted(self) -> dict[str, int]:
        """How many were dropped, by reason."""
        found: dict[str, int] = {}
        for one in self.dropped:
            found[one.why.value] = found.get(one.why.value, 0) + 1
        return found


def checked_texts(answer: ModelAnswer, asked: Asked) -> CheckedAnswer:
    """Divide an answer into what may be shown and what may not. No more than were asked for are kept."""
    kept: list[KeptText] = []
    dropped: list[DroppedText] = []
    for one in answer.texts:
        said = unicodedata.normalize("NFC", one.text).strip()
        fault = next(_faults(said, tuple(one.facts), asked), None)
        if fault is None and (len(kept) == asked.n or said in {text.text for text in kept}):
            fault = Drop.REPEATED, ()
        if fault is None:
            kept.append(KeptText(said, tuple(dict.fromkeys(one.facts))))
        else:
            dropped.append(DroppedText(said, *fault))
    return CheckedAnswer(tuple(kept), tuple(dropped))


def _faults(text: str, ids: tuple[str, ...], asked: Asked) -> Iterator[tuple[Drop, tuple[str, ...]]]:
    if not text:
        yield Drop.EMPTY, ()
        return
    if len(text) > asked.longest:
        yield Drop.TOO_LONG, (str(len(text)),)
    if unknown := tuple(i for i in ids if i not in asked.facts):
        yield Drop.UNKNOWN_IDS, unknown
    if asked.purpose is Purpose.WRITE and not ids:
        yield Drop.NO_FACT, ()
    if has_unseen(text):
        yield Drop.UNSEEN, ()
    if leaked := _leaked(text, asked):
        yield Drop.LEAKED, (leaked,)
    if found := _MARKUP.search(text) or _ENCODED.search(text):
        yield Drop.MARKUP, (found[0][:40],)
    if speaks_to_a_machine(text):
        yield Drop.TO_A_MACHINE, ()
    if banned := tuple(word for word in asked.banned if holds(text, word)):
        yield Drop.BANNED, banned
    for why, blame in _foreign(unicodedata.normalize("NFKC", text), asked):
        if blame:
            yield why, blame


def _leaked(text: str, asked: Asked) -> str:
    """A run of words of the instructions, or the boundary."""
    if asked.boundary in text.casefold():
        return asked.boundary
    said = _words(text)
    runs = (" ".join(said[i : i + LEAKED_WORDS]) for i in range(len(said) - LEAKED_WORDS + 1))
    return next((run for run in runs if f" {run} " in _instructions()), "")


@cache
def _instructions() -> str:
    """The words of every prompt there is."""
    return " | ".join(f" {' '.join(_words(text))} " for language in LANGUAGES for text in prompts(language).of.values())


def _words(text: str) -> list[str]:
    return [folded(word) for word in _WORD.findall(text)]


def _foreign(text: str, asked: Asked) -> Iterator[tuple[Drop, tuple[str, ...]]]:
    """What stands in the text and not in what people gave."""
    given = unicodedata.normalize("NFKC", asked.given)
    own = without_link = text.replace(asked.link, " ") if asked.link else text
    yield Drop.LINKS, _new(_LINK, without_link, given)
    yield Drop.HANDLES, _new(_HANDLE, own, given)
    yield Drop.HASHTAGS, _new(_HASHTAG, own, given)
    yield Drop.CODES, _new(_CODE, own, given)
    yield Drop.NUMBERS, _numbers_of(own, given)
    known = frozenset(_words(given))
    files = [
        prompts(language) for language in LANGUAGES
    ]  # a text may turn to another language than it was asked for in
    claims = (word for file in files for word in file.claims)
    yield Drop.CLAIMS, tuple(word for word in claims if holds(text, word) and not holds(given, word))
    yield Drop.NAMES, tuple(_names(own, known.union(*(file.capitals for file in files))))


def _new(pattern: re.Pattern[str], text: str, given: str) -> tuple[str, ...]:
    known = {found.group().casefold().rstrip(".,;") for found in pattern.finditer(given)}
    found = (match.group().rstrip(".,;") for match in pattern.finditer(text))
    return tuple(dict.fromkeys(one for one in found if one.casefold() not in known))


def _numbers_of(text: str, given: str) -> tuple[str, ...]:
    return tuple(f"{number:g}" for number in sorted(_numbers(text) - _numbers(given)))


def _numbers(text: str) -> set[float]:
    """In figures and in words; “1,200”, “1 200” and “1.200” are 1200, “4,5” is 4.5."""
    found = set()
    for match in _NUMBER.finditer(text):
        grouped = re.sub(r"[\s\u00a0\u202f.,'’](?=\d{3}(?!\d))", "", match.group())
        found.add(float(grouped.replace(",", ".")))
    return found | {float(NUMBER_WORDS[w]) for w in _words(text) if w in NUMBER_WORDS and w not in ALSO_WORDS}


def _names(text: str, known: frozenset[str]) -> Iterator[str]:
    """Runs of words with capitals inside a sentence that nobody gave; a heading has its capitals for another reason."""
    for line in text.splitlines():
        found = list(_WORD.finditer(line))
        if len(found) > NAME_WORDS and sum(m[0][:1].isupper() for m in found) >= _TITLED * len(found):
            continue
        run: list[str] = []
        for match in [*found, None]:
            if (
                match is not None
                and _is_new_name(match, line, known)
                and not (run and _STARTS.search(line[: match.start()]))
            ):
                run.append(match[0])
                continue
            if len(run) >= NAME_WORDS:
                yield " ".join(run)
            run = []


def _is_new_name(match: re.Match[str], line: str, known: frozenset[str]) -> bool:
    word = match[0]
    return (
        word[:1].isupper() and folded(word) not in known and not (len(word) > 1 and word.isupper() and word.isalpha())
    )


def said_so_far(raw: str) -> list[str]:
    """The texts of an answer that is still coming, as far as they have come; none where it is no beginning of one."""
    try:
        read: Any = from_json(raw.strip().removeprefix("```json").strip(), allow_partial="trailing-strings")
    except ValueError:
        return []
    texts = read.get("texts") if isinstance(read, dict) else None
    if not isinstance(texts, list):
        return []
    return [one["text"] for one in texts if isinstance(one, dict) and isinstance(one.get("text"), str)]
