"""Fills the slots of a fragment and sets it in the typography of its language.

`{a|b}` is a choice, `{3-9}` a whole number, `{name}` a slot, `(e)` and `o(a)` the writer's own gender. What a slot got
first it keeps for the whole post, so that a title and its text agree.
"""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from functools import cache

_SLOT = re.compile(r"\{([^{}]*)\}")
_RANGE = re.compile(r"(\d+)-(\d+)")
_VOWELS = frozenset("aeiouéèêàâîôûœæ")
_NOT_ELIDED = ("haricot", "hibou", "houmous", "hêtre", "harissa", "hollow", "huit", "onze")
_NARROW = "\u202f"
_WIDE = "\u00a0"


class Expander:
    """Expands the fragments of one post. Keeps every choice it made."""

    def __init__(
        self,
        rng: random.Random,
        *,
        language: str,
        feminine: bool,
        slots: Mapping[str, tuple[str, ...]],
    ) -> None:
        self._rng = rng
        self._language = language
        self._feminine = feminine
        self._slots = slots
        self._chosen: dict[str, str] = {}

    def expand(self, fragment: str) -> str:
        """The fragment as plain text, with a capital first letter."""
        parts: list[str] = []
        end = 0
        for match in _SLOT.finditer(fragment):
            parts.append(fragment[end : match.start()])
            before = "".join(parts)
            joined, value = join_words(before, self._value(match[1]), self._language)
            parts = [joined, capitalised(value) if _opens_sentence(joined) else value]
            end = match.end()
        parts.append(fragment[end:])
        return capitalised(gendered("".join(parts), self._language, feminine=self._feminine))

    def _value(self, inner: str) -> str:
        if inner not in self._chosen:
            self._chosen[inner] = self._draw(inner)
        return self._chosen[inner]

    def _draw(self, inner: str) -> str:
        if "|" in inner:
            return self._rng.choice(inner.split("|"))
        bounds = _RANGE.fullmatch(inner)
        if bounds:
            return str(self._rng.randint(int(bounds[1]), int(bounds[2])))
        return self._rng.choice(self._slots[inner])


def capitalised(text: str) -> str:
    """The text with its first character in upper case."""
    return text[:1].upper() + text[1:]


def _opens_sentence(before: str) -> bool:
    return not before or before.endswith((". ", "? ", "! "))


def join_words(before: str, value: str, language: str) -> tuple[str, str]:
    """What stands before a slot and its value, contracted and elided as the language wants (de + le -> du)."""
    if language == "fr":
        return _join_french(before, value)
    if language == "en":
        if re.search(r"(^|[\s(])[Aa] $", before) and value[:1].lower() in _VOWELS:
            return before[:-1] + "n ", value
        return before, value
    contracted = re.search(r"(^|\s)(de|a) $", before)
    if contracted and value.startswith("el "):
        return before[:-1] + "l ", value[3:]
    return before, value


def _join_french(before: str, value: str) -> tuple[str, str]:
    word = re.search(r"(?:^|[\s(])([Dd]e|à|À|[Qq]ue|[Ll]e|[Ll]a|[Dd]u) $", before)
    if word is None:
        return before, value
    small = word[1].lower()
    stem = before[: word.start(1)]
    for article, forms in (("le ", {"de": "du", "à": "au"}), ("les ", {"de": "des", "à": "aux"})):
        if small in forms and value.startswith(article):
            return f"{stem}{forms[small]} ", value[len(article) :]
    if is_elided(value):
        elided = {"de": "d'", "que": "qu'", "le": "l'", "la": "l'", "du": "de l'"}
        if small in elided:
            return stem + _same_case(elided[small], word[1]), value
    return before, value


def is_elided(value: str) -> bool:
    """Whether a French word takes an elided article before it."""
    first = value[:1].lower()
    if value.lower().startswith(_NOT_ELIDED):
        return False
    return first in _VOWELS or first == "h"


def _same_case(text: str, model: str) -> str:
    return capitalised(text) if model[:1].isupper() else text


def gendered(text: str, language: str, *, feminine: bool) -> str:
    """The text in the writer's own gender."""
    if language == "fr":
        text = re.sub(r"er\(ère\)", "ère" if feminine else "er", text)
        return text.replace("(e)", "e" if feminine else "")
    if language == "es":
        return text.replace("o(a)", "a" if feminine else "o")
    return text


def typeset(text: str, language: str) -> str:
    """The text with the apostrophes, quotation marks and spaces of its language."""
    if language == "fr":
        text = re.sub(r" ([?!;]+)", _NARROW + r"\1", text)
        text = re.sub(r" ([:%€»])", _WIDE + r"\1", text).replace("« ", "«" + _WIDE)
        text = re.sub(r"(?<=\d) (?=\d{3}\b)", _NARROW, text)
    elif language == "en":
        text = re.sub(r'"([^"\n]*)"', "“\\1”", text)
    else:
        text = re.sub(r'"([^"\n]*)"', r"«\1»", text).replace(" %", _WIDE + "%")
    return text.replace("'", "’").replace(" x ", " × ")


def localised(text: str, words: Mapping[str, str]) -> str:
    """The text with the words that a country says differently."""
    if not words:
        return text
    pattern = _any_of(tuple(words))
    return pattern.sub(lambda match: _same_case(words[match[0].lower()], match[0]), text)


@cache
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(map(re.escape, words), key=len, reverse=True)
    return re.compile(rf"\b({'|'.join(longest_first)})\b", re.IGNORECASE)
