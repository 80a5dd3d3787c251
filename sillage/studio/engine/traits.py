"""Measured traits of a text: what a voice is made of besides its words. All are rates, so that short and long texts compare."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sillage.studio.engine.voice_tokens import incidence

_ADDRESS = re.compile(r"https?://\S+|www\.\S+")
_SENTENCE = re.compile(r"[.!?…]+(?=\s|$)|\n+")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_PICTURE = "[\U0001f300-\U0001f3fa\U0001f400-\U0001faff\u2600-\u27bf\u2b50]"
_EMOJI = re.compile(
    f"[\U0001f1e6-\U0001f1ff]{{2}}|{_PICTURE}[\ufe0f\U0001f3fb-\U0001f3ff]*(?:\u200d{_PICTURE}[\ufe0f\U0001f3fb-\U0001f3ff]*)*"
)
_PERSONS = {
    "tu": re.compile(r"\b(?:tu|toi|ton|ta|tes|t['’])\b", re.IGNORECASE),
    "vous": re.compile(r"\b(?:vous|votre|vos)\b", re.IGNORECASE),
    "i": re.compile(r"\b(?:je|moi|mon|ma|mes|j['’]|i|me|my|mine|i['’]\w+)\b", re.IGNORECASE),
    "we": re.compile(r"\b(?:nous|notre|nos|we|us|our|ours|we['’]\w+)\b", re.IGNORECASE),
    "you": re.compile(r"\b(?:you|your|yours|you['’]\w+)\b", re.IGNORECASE),
}

PER_SENTENCE = ("exclamations", "questions", "commas", "colons", "ellipses", "quotes", "dashes", "links", "lines")
PER_WORD = ("emoji", "hashtags", "mentions", "shouted_words", "capital_words", *_PERSONS)
TRAITS: tuple[str, ...] = ("words", "words_per_sentence", "letters_per_word", "figures", *PER_SENTENCE, *PER_WORD)

_OF_TOKEN = ("words", "letters", "digits", "signs", *(p for p in PER_SENTENCE if p != "lines"), *PER_WORD)
COUNTS: tuple[str, ...] = (*_OF_TOKEN, "lines", "sentences")
Floats = NDArray[np.float64]


def counts_of_all(texts: Sequence[str]) -> Floats:
    """How often each of COUNTS stands in each text: shape (texts, len(COUNTS))."""
    tokens, held = incidence(text.split() for text in texts)
    of_tokens = np.array([_counts(token) for token in tokens]).reshape(-1, len(_OF_TOKEN))
    lines = np.array([text.strip().count("\n") for text in texts], dtype=np.float64)
    sentences = np.array(
        [sum(_WORD.search(s) is not None for s in _SENTENCE.split(t)) for t in texts], dtype=np.float64
    )
    return np.column_stack([held @ of_tokens, lines, sentences])


def _counts(token: str) -> tuple[int, ...]:
    """Of a run of characters without spaces, in the order of _OF_TOKEN."""
    plain = _ADDRESS.sub("", token)
    words = _WORD.findall(plain)
    return (
        len(words),
        sum(map(len, words)),
        sum(c.isdigit() for c in plain),
        len(plain),
        plain.count("!"),
        plain.count("?"),
        plain.count(","),
        plain.count(":") + plain.count(";"),
        plain.count("…") + plain.count("..."),
        sum(plain.count(mark) for mark in '"“”«»'),
        plain.count("—") + plain.count("–") + (plain == "-"),
        len(_ADDRESS.findall(token)),
        len(_EMOJI.findall(plain)),
        plain.count("#"),
        plain.count("@"),
        sum(w.isupper() and len(w) > 1 for w in words),
        sum(w[0].isupper() and not w.isupper() for w in words),
        *(len(pattern.findall(plain)) for pattern in _PERSONS.values()),
    )


def traits_from(counts: Floats) -> Floats:
    """Shape (texts, len(TRAITS)) from that of COUNTS. `words` is log10 (words + 1); most are per sentence or per word."""
    found = dict(zip(COUNTS, counts.T, strict=True))
    words, sentences = np.maximum(found["words"], 1), np.maximum(found["sentences"], 1)
    measured = {
        "words": np.log10(found["words"] + 1),
        "words_per_sentence": np.minimum(found["words"] / sentences, 60.0),
        "letters_per_word": found["letters"] / words,
        "figures": found["digits"] / np.maximum(found["signs"], 1),
        **{name: found[name] / sentences for name in PER_SENTENCE},
        **{name: found[name] / words for name in PER_WORD},
    }
    return np.column_stack([measured[name] for name in TRAITS])


def traits_of_all(texts: Sequence[str]) -> Floats:
    """Shape (texts, len(TRAITS))."""
    return traits_from(counts_of_all(texts))
