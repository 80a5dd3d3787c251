"""A brand's voice, trained from texts that it approved: measured traits, words, and a profile to compare drafts with.

Words and characters are compared as in authorship verification (TF-IDF of character runs; Kestemont et al., PAN 2020, use the
same as a baseline), traits as distances in units of how much they vary elsewhere (Burrows's Delta, 2002). How much each
weighs was learnt on authors other than those of the figures (`sillage evaluate voice`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

from sillage.studio.engine.traits import TRAITS, traits_of_all

VERSION = "voice/1"
FEWEST_TEXTS = 3
SHRINK = 3.0  # texts' worth of trust in how much a trait varies elsewhere
FAR = 1.5  # spreads beyond which a trait is off
PARTS = ("characters", "words", "traits", "meaning")
WEIGHTS = {"characters": 1.0, "words": 0.5, "traits": 1.0, "meaning": 0.25}

_WORDS = r"(?u)\b\w+\b|[^\w\s]"  # words, and marks as words of their own

Floats = NDArray[np.float64]
Vectors = NDArray[np.float32]
Embed = Callable[[Sequence[str]], Vectors]  # texts to vectors of length 1


@dataclass(frozen=True, eq=False)
class Ground:
    """What voices are told apart on: texts of many others. Vectorizers fitted on them, and how traits vary there."""

    characters: TfidfVectorizer
    words: TfidfVectorizer
    trait_means: Floats
    trait_spreads: Floats
    own: dict[str, Floats]  # similarity of these texts with each other, per part: mean and spread, to scale by
    n: int

    @classmethod
    def of(cls, texts: Sequence[str], embed: Embed | None = None) -> Ground:
        """From texts of others, at least a few dozen."""
        characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True, max_features=60_000)
        words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, token_pattern=_WORDS)
        measured = traits_of_all(texts)
        spreads = np.maximum(measured.std(axis=0), 1e-3)
        characters.fit(texts), words.fit(texts)
        ground = cls(characters, words, measured.mean(axis=0), spreads, {}, len(texts))
        half = len(texts) // 2
        apart = _raw(_profile(ground, texts[:half], embed), texts[half:], ground, embed)
        ground.own.update({part: np.array([v.mean(), max(float(v.std()), 1e-6)]) for part, v in apart.items()})
        return ground


@dataclass(frozen=True, eq=False)
class Voice:
    """`means` and `spreads` are of TRAITS; the profiles are sums of unit vectors. `banned` and `examples` are a person's."""

    n: int
    means: Floats
    spreads: Floats
    characters: csr_matrix
    words: csr_matrix
    meaning: Vectors | None
    openings: tuple[tuple[str, int], ...]
    closings: tuple[tuple[str, int], ...]
    vocabulary: tuple[tuple[str, float], ...]
    banned: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Off:
    """A trait of a text that is not the voice's: how many spreads off, and both measures."""

    trait: str
    spreads: float
    measured: float
    usual: float


@dataclass(frozen=True, slots=True)
class Fit:
    """`value` 0..1 is the share of others' texts that lie further from the voice, about; `parts` are in spreads of others."""

    value: float
    parts: dict[str, float]
    off: tuple[Off, ...] = field(default=())


def train_voice(texts: Sequence[str], ground: Ground, embed: Embed | None = None) -> Voice:
    """From a brand's own approved texts, at least FEWEST_TEXTS; fewer raise ValueError."""
    if len(texts) < FEWEST_TEXTS:
        raise ValueError(f"{len(texts)} texts, at least {FEWEST_TEXTS}")
    return _profile(ground, texts, embed)


def _profile(ground: Ground, texts: Sequence[str], embed: Embed | None) -> Voice:
    measured, n = traits_of_all(texts), len(texts)
    own = measured.std(axis=0)
    spreads = np.sqrt((n * own**2 + SHRINK * ground.trait_spreads**2) / (n + SHRINK))
    characters, words = ground.characters.transform(texts), ground.words.transform(texts)
    return Voice(
        n=n,
        means=measured.mean(axis=0),
        spreads=spreads,
        characters=csr_matrix(characters.sum(axis=0)),
        words=csr_matrix(words.sum(axis=0)),
        meaning=embed(texts).sum(axis=0) if embed else None,
        openings=_ends([text.split()[:2] for text in texts]),
        closings=_ends([text.split()[-2:] for text in texts]),
        vocabulary=_own_words(words, ground),
    )


def _ends(found: Sequence[Sequence[str]]) -> tuple[tuple[str, int], ...]:
    return tuple((words, n) for words, n in Counter(" ".join(f) for f in found if f).most_common(5) if n > 1)


def _own_words(words: csr_matrix, ground: Ground) -> tuple[tuple[str, float], ...]:
    """What it says more often than others do: the strongest of its summed TF-IDF that at least two of its texts hold."""
    strength = np.asarray(words.sum(axis=0)).ravel() * (words.getnnz(axis=0) >= 2)
    names = ground.words.get_feature_names_out()
    best = np.argsort(-strength)[:30]
    return tuple(
        (str(names[i]), round(float(strength[i]), 3)) for i in best if strength[i] > 0 and names[i][0].isalpha()
    )


def fits(texts: Sequence[str], voice: Voice, ground: Ground, embed: Embed | None = None) -> Floats:
    """How well each text fits the voice, 0..1, shape (texts,): a logistic of the weighted parts."""
    parts = standard_parts(texts, voice, ground, embed)
    weighed = sum(WEIGHTS[part] * values for part, values in parts.items())
    return np.asarray(1 / (1 + np.exp(-weighed / sum(WEIGHTS[part] for part in parts))), dtype=np.float64)


def fit(text: str, voice: Voice, ground: Ground, embed: Embed | None = None) -> Fit:
    """One text, with the traits that are off, the furthest first."""
    parts = {part: round(float(v[0]), 2) for part, v in standard_parts([text], voice, ground, embed).items()}
    measured = traits_of_all([text])[0]
    spreads = (measured - voice.means) / voice.spreads
    off = [
        Off(TRAITS[i], round(float(spreads[i]), 1), round(float(measured[i]), 3), round(float(voice.means[i]), 3))
        for i in np.argsort(-np.abs(spreads))
        if abs(spreads[i]) >= FAR
    ]
    return Fit(round(float(fits([text], voice, ground, embed)[0]), 3), parts, tuple(off))


def standard_parts(texts: Sequence[str], voice: Voice, ground: Ground, embed: Embed | None = None) -> dict[str, Floats]:
    """Each part of the fit in spreads of how near others' texts come to each other; more is nearer."""
    found = _raw(voice, texts, ground, embed)
    return {part: (values - ground.own[part][0]) / ground.own[part][1] for part, values in found.items()}


def _raw(voice: Voice, texts: Sequence[str], ground: Ground, embed: Embed | None) -> dict[str, Floats]:
    distance = np.minimum(np.abs(traits_of_all(texts) - voice.means) / voice.spreads, 4.0)
    found = {
        "characters": _cosines(ground.characters.transform(texts), voice.characters),
        "words": _cosines(ground.words.transform(texts), voice.words),
        "traits": -distance.mean(axis=1),
    }
    if embed is not None and voice.meaning is not None:
        found["meaning"] = np.asarray(embed(texts) @ (voice.meaning / np.linalg.norm(voice.meaning)), dtype=np.float64)
    return found


def _cosines(rows: csr_matrix, profile: csr_matrix) -> Floats:
    length = float(np.sqrt(profile.multiply(profile).sum())) or 1.0
    return np.asarray((rows @ profile.T).todense(), dtype=np.float64).ravel() / length
