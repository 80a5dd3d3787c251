"""How easily a text is read: Flesch's formula (1948) for English, Kandel and Moles's (1958) for French. A hint, not a grade."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sillage.lib.text import folded

LONG_SENTENCE = 28  # words
FEWEST_WORDS = 30  # below, a formula says nothing
_SENTENCE = re.compile(r"[^.!?…\n]+[.!?…]*")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_VOWELS = re.compile(r"[aeiouyœæ]+")


@dataclass(frozen=True, slots=True)
class Readability:
    """`ease` is 0 (hard) to 100 (easy), None for short texts and other languages; `long` are sentences as [start, end)."""

    words: int
    sentences: int
    ease: float | None
    long: tuple[tuple[int, int], ...]


def readability(text: str, language: str) -> Readability:
    """Of a text in French or English; of others only lengths."""
    sentences = [found for found in _SENTENCE.finditer(text) if _WORD.search(found.group())]
    words = _WORD.findall(text)
    long = tuple(
        (found.start() + len(found.group()) - len(found.group().lstrip()), found.end())
        for found in sentences
        if len(_WORD.findall(found.group())) > LONG_SENTENCE
    )
    return Readability(len(words), len(sentences), _ease(words, len(sentences), language), long)


def _ease(words: list[str], sentences: int, language: str) -> float | None:
    if len(words) < FEWEST_WORDS or language not in ("fr", "en"):
        return None
    length, syllables = len(words) / sentences, sum(_syllables(word, language) for word in words) / len(words)
    ease = 207 - 1.015 * length - 73.6 * syllables if language == "fr" else 206.835 - 1.015 * length - 84.6 * syllables
    return round(min(100.0, max(0.0, ease)), 1)


def _syllables(word: str, language: str) -> int:
    """Groups of vowels; a mute e at the end is none."""
    plain = folded(word)
    groups = len(_VOWELS.findall(plain))
    mute = plain.endswith(("e", "es", "ent")) if language == "fr" else plain.endswith("e") and not plain.endswith("le")
    return max(1, groups - int(mute and groups > 1))
