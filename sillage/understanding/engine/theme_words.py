"""Words as the theme set compares them: the same small rules for seed words and for posts.

A word is folded: no capitals, no accents (but ä, ö, ü become ae, oe, ue in German, and ñ stays a letter of its own
where it is one, because “uña” is not “una”). Then it loses its lightest endings, and keeps enough to be recognised:

- English: -es after a hiss, -s, and -y becomes -ie (after Harman, "How effective is suffixing?", 1991);
- French: -s or -x, then -e; Spanish: -s, then -e; German: -s or -n, then -e;
- Italian: -s; then -i counts as -o and -e as -a (-nte, -ore, -one and the like as -o), the h or i before it dropped;
- any other language, and text whose language is unknown: as French.

Elided words (l', d', qu', dell') and the English 's are dropped; links and @handles are not words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Container, Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from sillage.lib.text import folded

LANGUAGES: tuple[str, ...] = ("fr", "en", "es", "de", "it")

_ELISIONS = frozenset(
    (*"cdjlmnst", "qu", "jusqu", "lorsqu", "puisqu", "quelqu", "dell", "all", "dall", "nell", "sull")
) | {"un", "quest", "quell", "bell", "com"}
_TOKEN = re.compile(r"(?:https?://|www\.)\S+|@[\w.]+|(#\w+|[^\W_]+)(['’](?:[sS]\b)?)?")
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_TILDE = str.maketrans({"ñ": "nh"})
_SINGULAR_IN_E = ("nte", "ore", "one", "ale", "ile", "ice", "ese")
_CACHED = 1 << 17


class Token(NamedTuple):
    """A word in its comparable form, and where it stands in the text."""

    form: str
    start: int
    end: int


def composed(text: str) -> str:
    """The text with each accented letter as one character, which is what the places of tokens refer to."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def tokens(text: str, language: str | None, known: Container[str] = ()) -> list[Token]:
    """The words of a composed text, in order.

    A hashtag is one word if that word is `known`; otherwise #CleanBeauty and #clean_beauty are two.
    """
    found: list[Token] = []
    for match in _TOKEN.finditer(text):
        word, apostrophe = match.groups()
        if word is None or (apostrophe and word.lower() in _ELISIONS):
            continue
        start, end = match.span(1)
        if word[0] != "#":
            found.append(Token(form(word, language), start, end))
        else:
            found.extend(_of_hashtag(word[1:], start, language, known))
    return found


def joined(phrase: str, language: str | None) -> str:
    """The form of a phrase written as one hashtag: “clean beauty” as in #cleanbeauty."""
    return form("".join(character for character in phrase if character.isalnum()), language)


@lru_cache(maxsize=_CACHED)
def form(word: str, language: str | None) -> str:
    """One word, folded and without its lightest ending."""
    if not word.isascii():
        word = word.lower().translate(_UMLAUTS if language == "de" else _TILDE)
    plain = folded(word)
    if plain.isdigit():
        return plain
    return _ENDINGS.get(language or "", _french)(plain)


def _of_hashtag(word: str, start: int, language: str | None, known: Container[str]) -> Iterable[Token]:
    whole = Token(form(word.replace("_", ""), language), start, start + 1 + len(word))
    parts = _parts(word)
    if whole.form in known or len(parts) == 1:
        return [whole]
    return [Token(form(word[a:b], language), start + 1 + a, start + 1 + b) for a, b in parts]


@lru_cache(maxsize=_CACHED)
def _parts(word: str) -> tuple[tuple[int, int], ...]:
    """Where the words of a hashtag stand: cut at underscores and before capitals (CleanBeauty, DIYHome)."""
    cuts = [0]
    for at in range(1, len(word)):
        before, here, after = word[at - 1], word[at], word[at + 1 : at + 2]
        begins = here.isupper() and (not before.isupper() or after.islower())
        if begins or "_" in (here, before):
            cuts.append(at)
    spans = zip(cuts, [*cuts[1:], len(word)], strict=True)
    return tuple((a, b) for a, b in spans if word[a:b].strip("_")) or ((0, len(word)),)


def _without(word: str, endings: tuple[str, ...], left: int) -> str:
    """The word without its last letter, if that is one of `endings` and at least `left` letters stay."""
    return word[:-1] if len(word) > left and word.endswith(endings) else word


def _french(word: str) -> str:
    return _without(_without(word, ("s", "x"), 3), ("e",), 4)


def _spanish(word: str) -> str:
    return _without(_without(word, ("s",), 3), ("e",), 4)


def _german(word: str) -> str:
    return _without(_without(word, ("s", "n"), 4), ("e",), 5)


def _italian(word: str) -> str:
    word = _without(word, ("s",), 4)
    if len(word) < 4 or word[-1] not in "aeio":
        return word
    gender = "o" if word[-1] in "oi" or word.endswith(_SINGULAR_IN_E) else "a"
    stem = word[:-1]
    return (stem[:-1] if stem[-1] in "hi" else stem) + gender


def _english(word: str) -> str:
    if word.endswith(("ses", "xes", "zes", "ches", "shes")) and len(word) > 5:
        word = word[:-2]
    elif not word.endswith(("ss", "us", "is")):
        word = _without(word, ("s",), 3)
    return word[:-1] + "ie" if len(word) > 3 and word.endswith("y") else word


_ENDINGS: Mapping[str, Callable[[str], str]] = {
    "fr": _french,
    "en": _english,
    "es": _spanish,
    "de": _german,
    "it": _italian,
}
