"""A brand's voice, trained from texts that it approved: measured traits, words, and a profile to compare other texts with.

Words and characters are compared as in authorship verification (TF-IDF of character runs; Kestemont et al., PAN 2020, use the
same as a baseline), traits as distances in units of how much they vary elsewhere (Burrows's Delta, 2002). How much each
weighs was learnt on authors other than those of the figures (`sillage evaluate voice`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from sillage.lib.late import preprocessing, sparse, special
from sillage.studio.engine.traits import COUNTS, TRAITS, counts_of_all, traits_from
from sillage.studio.engine.voice_tokens import incidence, run_counts, word_counts, words_of

VERSION = "voice/2"
FEWEST_TEXTS = 3
FEW_TEXTS = 20  # below which a voice is rough, and pages say so
SHORT = 15  # words below which a text says little about its voice
SHRINK = 3.0  # texts' worth of trust in how much a trait varies elsewhere
FAR = 1.5  # spreads beyond which a trait is off
LOGISTIC = 1.702  # with it the logistic function is the normal distribution, about, and does not end at 1
FARTHEST = 4.0  # spreads beyond which a trait is no further off
OWN, MOST_OWN = 3.0, 15  # times as often as elsewhere, to be a word of its own; and how many are kept
MOST_EMBEDDED = 150  # texts on either side, for what a voice speaks of
PARTS = ("characters", "words", "traits")
WEIGHTS: Mapping[str, float] = {"characters": 1.0, "words": 0.25, "traits": 1.5}

Floats = NDArray[np.float64]
Vectors = NDArray[np.float32]
Embed = Callable[[Sequence[str]], Vectors]  # texts to vectors of length 1


@dataclass(frozen=True, eq=False)
class Ground:
    """What voices are told apart on: how rare runs, words and traits are in texts of many others. Numbers only, no text."""

    run_rarity: Floats  # inverse document frequency per bucket of engine/voice_tokens.py
    word_rarity: Floats
    trait_spreads: Floats
    n: int

    def read(self, texts: Sequence[str]) -> Read:
        """What comparisons need of texts."""
        counts = counts_of_all(texts)
        runs, words = run_counts(texts), word_counts(texts)
        return Read(weighed(runs, self.run_rarity), weighed(words, self.word_rarity), traits_from(counts), counts)


@dataclass(frozen=True, eq=False)
class Read:
    """Texts as vectors: a row each."""

    characters: sparse.csr_matrix
    words: sparse.csr_matrix
    traits: Floats
    counts: Floats


@dataclass(frozen=True, eq=False)
class Voice:
    """`means`, `spreads`, `lows`, `highs` (its 10th and 90th percentile) are of TRAITS; the profiles are sums of unit vectors.

    `scale` has mean and spread of each part, and of their weighed sum ("all"), as others' texts measure against this voice.
    `own` is where its own texts stand on that sum, each compared with the rest: 10th percentile and median, in spreads.
    """

    ground: Ground
    n: int
    means: Floats
    spreads: Floats
    lows: Floats
    highs: Floats
    counts: dict[str, float]  # of COUNTS, over all its texts
    addressing: dict[str, int]  # texts that say tu, vous, you, i, we
    characters: sparse.csr_matrix
    words: sparse.csr_matrix
    scale: dict[str, tuple[float, float]]
    own: tuple[float, float]
    weights: dict[str, float]
    meaning: Vectors | None = None
    meaning_version: str = ""
    openings: tuple[tuple[str, int], ...] = ()
    closings: tuple[tuple[str, int], ...] = ()
    vocabulary: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Off:
    """A trait of a text that is not the voice's: how many spreads off, its measure, and what is usual, lowest and highest."""

    trait: str
    spreads: float
    measured: float
    usual: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Fit:
    """`value` 0..1 is about the share of others' texts that lie further from the voice; 0 where a banned word stands.

    `parts` are in spreads of others' texts. `near` says whether nine in ten of the voice's own texts would fit no worse.
    """

    value: float
    parts: dict[str, float]
    off: tuple[Off, ...] = field(default=())
    banned: tuple[str, ...] = ()
    near: bool = False
    is_short: bool = False


def ground_of(texts: Sequence[str]) -> Ground:
    """From texts of others, at least a few dozen."""
    traits = traits_from(counts_of_all(texts))
    return Ground(
        _rarity(run_counts(texts)), _rarity(word_counts(texts)), np.maximum(traits.std(axis=0), 1e-3), len(texts)
    )


def _rarity(counts: sparse.csr_matrix) -> Floats:
    held = np.bincount(counts.indices, minlength=counts.shape[1])
    return np.asarray(np.log((1 + counts.shape[0]) / (1 + held)) + 1, dtype=np.float64)


def weighed(counts: sparse.csr_matrix, rarity: Floats) -> sparse.csr_matrix:
    """TF-IDF with sublinear counts, rows of length 1."""
    rows = sparse.csr_matrix((np.log(counts.data) + 1, counts.indices, counts.indptr), shape=counts.shape)
    rows.data *= rarity[rows.indices]
    return preprocessing.normalize(rows, copy=False)


def train_voice(
    texts: Sequence[str],
    others: Sequence[str],
    *,
    weights: Mapping[str, float] = WEIGHTS,
) -> Voice:
    """From a brand's own approved texts and texts of others to compare with. Fewer than FEWEST_TEXTS raise ValueError."""
    if len(texts) < FEWEST_TEXTS:
        raise ValueError(f"{len(texts)} texts, at least {FEWEST_TEXTS}")
    ground = ground_of(others)
    read, n = ground.read(texts), len(texts)
    spreads = np.sqrt((n * read.traits.std(axis=0) ** 2 + SHRINK * ground.trait_spreads**2) / (n + SHRINK))
    lows, highs = np.percentile(read.traits, [10, 90], axis=0)
    voice = Voice(
        ground=ground,
        n=n,
        means=read.traits.mean(axis=0),
        spreads=spreads,
        lows=lows,
        highs=highs,
        counts=dict(zip(COUNTS, map(float, read.counts.sum(axis=0)), strict=True)),
        addressing={w: int((read.counts[:, COUNTS.index(w)] > 0).sum()) for w in ("tu", "vous", "you", "i", "we")},
        characters=sparse.csr_matrix(read.characters.sum(axis=0)),
        words=sparse.csr_matrix(read.words.sum(axis=0)),
        scale={},
        own=(0.0, 0.0),
        weights=dict(weights),
        openings=_ends([text.split()[:2] for text in texts]),
        closings=_ends([text.split()[-2:] for text in texts]),
        vocabulary=_own_words(texts, ground),
    )
    return _scaled(voice, ground.read(others), read)


def _scaled(voice: Voice, others: Read, own: Read) -> Voice:
    parts = _raw(others, voice)
    scale = {part: (float(v.mean()), max(float(v.std()), 1e-6)) for part, v in parts.items()}
    voice = replace(voice, scale=scale)
    total = _together(_standard(parts, voice), voice)
    voice = replace(voice, scale=scale | {"all": (float(total.mean()), max(float(total.std()), 1e-6))})
    low, middle = np.percentile(_together(_standard(_raw_of_own(own, voice), voice), voice), [10, 50])
    return replace(voice, own=(float(low), float(middle)))


def rescaled(voice: Voice, weights: Mapping[str, float], texts: Sequence[str], others: Sequence[str]) -> Voice:
    """The same voice with other weights of its parts; `texts` and `others` are those that it was trained on."""
    read = voice.ground.read
    return _scaled(replace(voice, weights=dict(weights)), read(others), read(texts))


def fits(texts: Sequence[str], voice: Voice) -> Floats:
    """How well each text fits the voice, 0..1, shape (texts,)."""
    return _values(_together(_standard(_raw(voice.ground.read(texts), voice), voice), voice))


def fit(text: str, voice: Voice) -> Fit:
    """One text, with the traits that are off, the furthest first."""
    read = voice.ground.read([text])
    parts = _standard(_raw(read, voice), voice)
    measured = read.traits[0]
    spreads = (measured - voice.means) / voice.spreads
    off = tuple(
        Off(TRAITS[i], *(round(float(v[i]), 4) for v in (spreads, measured, voice.means, voice.lows, voice.highs)))
        for i in np.argsort(-np.abs(spreads), kind="stable")
        if abs(spreads[i]) >= FAR
    )
    total = _together(parts, voice)
    return Fit(
        value=round(float(_values(total)[0]), 3),
        parts={part: round(float(v[0]), 2) for part, v in parts.items()},
        off=off,
        near=bool(total[0] >= voice.own[0]),
        is_short=bool(read.counts[0, COUNTS.index("words")] < SHORT),
    )


def parts_of(texts: Sequence[str], voice: Voice) -> Floats:
    """Each of PARTS in spreads of others' texts; more is nearer. Shape (texts, len(PARTS))."""
    found = _standard(_raw(voice.ground.read(texts), voice), voice)
    return np.column_stack([found[part] for part in PARTS])


def with_meaning(voice: Voice, texts: Sequence[str], others: Sequence[str], embed: Embed, version: str) -> Voice:
    """The voice with what it speaks of: the mean of dense vectors, and how near others' texts come to it."""
    meaning = np.asarray(embed(texts[:MOST_EMBEDDED]).mean(axis=0), dtype=np.float32)
    voice = replace(voice, meaning=meaning, meaning_version=version)
    near = _near_in_meaning(others[:MOST_EMBEDDED], voice, embed)
    return replace(voice, scale=voice.scale | {"meaning": (float(near.mean()), max(float(near.std()), 1e-6))})


def nearness_of_meaning(text: str, voice: Voice, embed: Embed, version: str) -> float | None:
    """How near a text is to what the voice speaks of, in spreads of others' texts; None where that was not kept.

    It is shown beside the fit and is no part of it: a voice is how something is said, and vectors are slow to make.
    """
    if voice.meaning is None or voice.meaning_version != version:
        return None
    mean, spread = voice.scale["meaning"]
    return round((float(_near_in_meaning([text], voice, embed)[0]) - mean) / spread, 2)


def _near_in_meaning(texts: Sequence[str], voice: Voice, embed: Embed) -> Floats:
    meaning = np.zeros(1) if voice.meaning is None else voice.meaning
    return np.asarray(embed(texts) @ meaning, dtype=np.float64) / (float(np.linalg.norm(meaning)) or 1.0)


def _raw(read: Read, voice: Voice) -> dict[str, Floats]:
    return {
        "characters": _cosines(read.characters, voice.characters),
        "words": _cosines(read.words, voice.words),
        "traits": _nearness(read.traits, voice.means, voice.spreads),
    }


def _raw_of_own(read: Read, voice: Voice) -> dict[str, Floats]:
    """Each of its own texts beside what the voice would be without it."""
    rest = (voice.n * voice.means - read.traits) / (voice.n - 1)
    return {
        "characters": _cosines_without(read.characters, voice.characters),
        "words": _cosines_without(read.words, voice.words),
        "traits": _nearness(read.traits, rest, voice.spreads),
    }


def _nearness(traits: Floats, means: Floats, spreads: Floats) -> Floats:
    return np.asarray(-np.minimum(np.abs(traits - means) / spreads, FARTHEST).mean(axis=1), dtype=np.float64)


def _cosines(rows: sparse.csr_matrix, profile: sparse.csr_matrix) -> Floats:
    length = float(np.sqrt(profile.multiply(profile).sum())) or 1.0
    return np.asarray(rows @ profile.toarray().ravel(), dtype=np.float64) / length


def _cosines_without(rows: sparse.csr_matrix, profile: sparse.csr_matrix) -> Floats:
    """Rows have length 1, so that what is left of the profile without one has a length in closed form."""
    dots = np.asarray(rows @ profile.toarray().ravel(), dtype=np.float64)
    length = np.sqrt(np.maximum(float(profile.multiply(profile).sum()) - 2 * dots + 1, 1e-9))
    return np.asarray((dots - 1) / length, dtype=np.float64)


def _standard(raw: Mapping[str, Floats], voice: Voice) -> dict[str, Floats]:
    return {part: (values - voice.scale[part][0]) / voice.scale[part][1] for part, values in raw.items()}


def _together(parts: Mapping[str, Floats], voice: Voice) -> Floats:
    """The weighed sum of the parts; in spreads of others' texts as soon as the scale knows them."""
    total = np.asarray(sum(voice.weights[part] * values for part, values in parts.items()), dtype=np.float64)
    mean, spread = voice.scale.get("all", (0.0, 1.0))
    return (total - mean) / spread


def _values(totals: Floats) -> Floats:
    return np.asarray(special.expit(LOGISTIC * totals), dtype=np.float64)


def _ends(found: Sequence[Sequence[str]]) -> tuple[tuple[str, int], ...]:
    return tuple((words, n) for words, n in Counter(" ".join(f) for f in found if f).most_common(5) if n > 1)


def _own_words(texts: Sequence[str], ground: Ground) -> tuple[tuple[str, int], ...]:
    """Words in two or more of its texts that stand there much more often than elsewhere, with how many; its own first."""
    names, held = incidence([w for w in words_of(text) if len(w) > 2 and w[0].isalpha()] for text in texts)
    if not names:
        return ()
    texts_with = np.bincount(held.indices, minlength=len(names))
    rarity = ground.word_rarity[word_counts(names).indices] - 1
    is_own = (texts_with > 1) & (texts_with / len(texts) >= OWN * np.exp(-rarity))
    order = sorted(np.flatnonzero(is_own), key=lambda at: (-texts_with[at] * rarity[at], names[at]))
    return tuple((names[at], int(texts_with[at])) for at in order[:MOST_OWN])
