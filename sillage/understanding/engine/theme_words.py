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
from collections.abc import Callable, Container, Mapping
from functools import cache
from typing import NamedTuple, TypeVar

from sillage.lib.text import folded

_Kept = TypeVar("_Kept")

LANGUAGES: tuple[str, ...] = ("fr", "en", "es", "de", "it")

_ELISIONS = frozenset(
    (*"cdjlmnst", "qu", "jusqu", "lorsqu", "puisqu", "quelqu", "dell", "all", "dall", "nell", "sull")
) | {"un", "quest", "quell", "bell", "com"}
_TOKEN = re.compile(r"(?:https?://|www\.)\S+|@[\w.]+|([^\W_]++|#\w++)(['’](?:[sS]\b)?)?")
_WITH_APOSTROPHE = 2  # groups that are there
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
_TILDE = str.maketrans({"ñ": "nh"})
_SINGULAR_IN_E = ("nte", "ore", "one", "ale", "ile", "ice", "ese")
_CACHED = 1 << 17
_LONG = 64  # characters: what is longer is hardly written twice, and would fill the memory


class Token(NamedTuple):
    """A word in its comparable form, and where it stands in the text."""

    form: str
    start: int
    end: int


def composed(text: str) -> str:
    """The text with each accented letter as one character, which is what the places of tokens refer to."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


_Place = re.Match[str] | tuple[int, int]


class Written(NamedTuple):
    """The words of a text: their forms, and their places, which are worked out when one is asked for."""

    forms: list[str]
    places: list[_Place]

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Where the words from `first` to `last` begin and end in the text."""
        return self._span(first)[0], self._span(last)[1]

    def _span(self, at: int) -> tuple[int, int]:
        place = self.places[at]
        return place if isinstance(place, tuple) else place.span(1)


class Words:
    """Reads the words of composed texts in one language.

    A hashtag is one word if that word is `known`; otherwise #CleanBeauty and #clean_beauty are two.
    """

    def __init__(self, language: str | None, known: Container[str] = ()) -> None:
        self._forms = forms_of(language)
        self._known = known
        self._hashtags: dict[str, tuple[Token, ...]] = {}

    def read(self, text: str) -> Written:
        """The words of a text, in order."""
        forms: list[str] = []
        places: list[_Place] = []
        for match in _TOKEN.finditer(text):
            word = match[1]
            if word is None or (match.lastindex == _WITH_APOSTROPHE and word.lower() in _ELISIONS):
                continue
            if word[0] != "#":
                forms.append(self._forms[word])
                places.append(match)
            else:
                for token in self._of_hashtag(word):
                    forms.append(token.form)
                    places.append((match.start() + token.start, match.start() + token.end))
        return Written(forms, places)

    def _of_hashtag(self, word: str) -> tuple[Token, ...]:
        """The words of a hashtag; places are counted from its #."""
        found = self._hashtags.get(word)
        if found is None:
            found = self._split(word[1:])
            if len(word) <= _LONG:
                _keep(self._hashtags, word, found)
        return found

    def _split(self, word: str) -> tuple[Token, ...]:
        whole = Token(self._forms[word.replace("_", "")], 0, 1 + len(word))
        parts = _parts(word)
        if whole.form in self._known or len(parts) == 1:
            return (whole,)
        return tuple(Token(self._forms[word[a:b]], 1 + a, 1 + b) for a, b in parts)


def tokens(text: str, language: str | None) -> list[Token]:
    """The words of a composed text, in order, hashtags cut into their words."""
    read = Words(language).read(text)
    return [Token(form, *read.span(at, at)) for at, form in enumerate(read.forms)]


def joined(phrase: str, language: str | None) -> str:
    """The form of a phrase written as one hashtag: “clean beauty” as in #cleanbeauty."""
    return form("".join(character for character in phrase if character.isalnum()), language)


def form(word: str, language: str | None) -> str:
    """One word, folded and without its lightest ending."""
    return forms_of(language)[word]


class Forms(dict[str, str]):
    """The form of each word of a language, worked out when it is first asked for."""

    def __init__(self, language: str | None) -> None:
        self._language = language

    def __missing__(self, word: str) -> str:
        found = _form(word, self._language)
        if len(word) <= _LONG:
            _keep(self, word, found)
        return found


@cache
def forms_of(language: str | None) -> Forms:
    """One for each language that was asked for."""
    return Forms(language)


def _keep(kept: dict[str, _Kept], key: str, value: _Kept) -> None:
    if len(kept) >= _CACHED:
        kept.clear()
    kept[key] = value


def _form(word: str, language: str | None) -> str:
    if not word.isascii():
        word = word.lower().translate(_UMLAUTS if language == "de" else _TILDE)
    plain = folded(word)
    if plain.isdigit():
        return plain
    return _ENDINGS.get(language or "", _french)(plain)


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
