"""Measured traits of a text: what a voice is made of besides its words. All are rates, so that short and long texts compare."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_ADDRESS = re.compile(r"https?://\S+|www\.\S+")
_SENTENCE = re.compile(r"[.!?…]+(?=\s|$)|\n+")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_EMOJI = re.compile("[\U0001f300-\U0001faff\u2600-\u27bf\u2b50\u2764]")
_TU = re.compile(r"\b(?:tu|toi|ton|ta|tes|t['’])\b", re.IGNORECASE)
_VOUS = re.compile(r"\b(?:vous|votre|vos)\b", re.IGNORECASE)
_I = re.compile(r"\b(?:je|moi|mon|ma|mes|j['’]|i|me|my|mine|i['’]\w+)\b", re.IGNORECASE)
_WE = re.compile(r"\b(?:nous|notre|nos|we|us|our|ours|we['’]\w+)\b", re.IGNORECASE)
_YOU = re.compile(r"\b(?:you|your|yours|you['’]\w+)\b", re.IGNORECASE)

TRAITS: tuple[str, ...] = (
    *("words", "words_per_sentence", "letters_per_word", "exclamations", "questions", "commas", "colons", "ellipses"),
    *(
        "quotes",
        "dashes",
        "emoji",
        "hashtags",
        "mentions",
        "links",
        "lines",
        "shouted_words",
        "capital_words",
        "figures",
    ),
    *("tu", "vous", "i", "we", "you"),
)
Floats = NDArray[np.float64]


def traits_of(text: str) -> Floats:
    """One number per name in TRAITS. `words` is log10 (words + 1); what follows is per sentence or per word."""
    plain = _ADDRESS.sub(" ", text)
    words = _WORD.findall(plain)
    n, sentences = max(1, len(words)), max(1, len(_SENTENCE.findall(plain.strip() + "\n")))
    per_sentence = (
        plain.count("!"),
        plain.count("?"),
        plain.count(","),
        plain.count(":") + plain.count(";"),
        plain.count("…") + plain.count("..."),
    )
    return np.array(
        [
            np.log10(len(words) + 1),
            min(60.0, len(words) / sentences),
            sum(map(len, words)) / n,
            *(count / sentences for count in per_sentence),
            sum(plain.count(mark) for mark in '"“”«»') / sentences,
            (plain.count("—") + plain.count("–") + plain.count(" - ")) / sentences,
            len(_EMOJI.findall(plain)) / n,
            plain.count("#") / n,
            plain.count("@") / n,
            len(_ADDRESS.findall(text)) / sentences,
            text.count("\n") / sentences,
            sum(w.isupper() and len(w) > 1 for w in words) / n,
            sum(w[0].isupper() and not w.isupper() for w in words) / n,
            sum(c.isdigit() for c in plain) / max(1, len(plain)),
            *(len(pattern.findall(plain)) / n for pattern in (_TU, _VOUS, _I, _WE, _YOU)),
        ]
    )


def traits_of_all(texts: Sequence[str]) -> Floats:
    """Shape (texts, len(TRAITS))."""
    return np.stack([traits_of(text) for text in texts]) if texts else np.zeros((0, len(TRAITS)))
