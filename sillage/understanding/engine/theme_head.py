"""A learnt head that adjusts the themes of the seed words.

The words of a theme keep their say; a head over words and, where there are dense vectors, meaning has its own where a
theme has enough examples. Both are put together by one logistic regression over pairs of text and theme, the same for
all themes, because corrections are few:

    p = sigmoid(a + b * w + c * z)        for themes with examples
    p = sigmoid(a' + b' * w)              for the others, which the words must have found

w is the weight of the seed words found, -ln(1 - confidence); z the head's own logit, of texts that it had not seen
while the constants were fitted (stacking: Wolpert, 1992). A theme is listed from the probability that gave the
highest F1 over those same texts.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sillage.lib.late import linear_model, model_selection, special
from sillage.understanding.engine.heads import HeadSettings, TextHead, train_head
from sillage.understanding.engine.themes import ThemeHit, theme_scores, theme_set

FORMAT = 1
FEWEST_FOR = 4  # examples for a theme, below which only its words speak
FEWEST_TEXTS = 20  # corrected texts, below which nothing can be fitted
FOLDS = 5
MOST_LISTED = 6
_HIGHEST_WEIGHT = 6.0
_SETTINGS = HeadSettings(strength=2.0, word_cap=20_000, character_cap=40_000)

Floats = NDArray[np.float64]
Vectors = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class ThemeHead:
    """`fused` is (a, b, c), `alone` (a', b'); `embedder` the version of the vectors it needs, "" for none.

    `head` is None when no theme had enough examples: then only the words' confidence is adjusted.
    """

    head: TextHead | None
    fused: tuple[float, float, float]
    alone: tuple[float, float]
    threshold: float
    embedder: str
    examples: int

    @property
    def needs_vectors(self) -> bool:
        return self.head is not None and self.head.dense_dims > 0

    @cached_property
    def version(self) -> str:
        digest = hashlib.sha256(repr((FORMAT, self.fused, self.alone, self.threshold, self.embedder)).encode())
        digest.update(self.head.version.encode() if self.head else b"")
        return digest.hexdigest()[:12]

    def hits(
        self, texts: Sequence[str], languages: Sequence[str | None], vectors: Vectors | None = None
    ) -> list[list[ThemeHit]]:
        """For each text its themes by falling confidence. Raises ValueError when vectors are needed and missing."""
        found = theme_scores(texts, languages)
        learnt = self.head.labels if self.head else ()
        logits = logit_of(self.head, texts, vectors)
        return [self._listed(text, hits, learnt, row) for text, hits, row in zip(texts, found, logits, strict=True)]

    def _listed(self, text: str, hits: Sequence[ThemeHit], learnt: Sequence[str], logits: Floats) -> list[ThemeHit]:
        by_words = {hit.theme: hit for hit in hits}
        z = dict(zip(learnt, logits.tolist(), strict=True))
        sure = {
            theme: self._confidence(by_words[theme].confidence if theme in by_words else 0.0, z.get(theme))
            for theme in (*z, *(t for t in by_words if t not in z))
        }
        kept = sorted((t for t in sure if sure[t] >= self.threshold), key=lambda t: (-sure[t], t))[:MOST_LISTED]
        return [ThemeHit(t, sure[t], self._words(text, t, by_words.get(t))) for t in kept]

    def _confidence(self, by_words: float, z: float | None) -> float:
        weight = word_weight(by_words)
        if z is None:
            return float(special.expit(self.alone[0] + self.alone[1] * weight))
        return float(special.expit(self.fused[0] + self.fused[1] * weight + self.fused[2] * z))

    def _words(self, text: str, theme: str, hit: ThemeHit | None) -> tuple[str, ...]:
        """The seed words found; for a theme that only the head sees, the words that moved it."""
        if hit is not None:
            return hit.words
        return tuple(word for word, _ in self.head.evidence(text, theme, 3)) if self.head else ()

    def to_bytes(self) -> bytes:
        """An npz without pickled objects."""
        note = {
            "format": FORMAT,
            "fused": self.fused,
            "alone": self.alone,
            "threshold": self.threshold,
            "embedder": self.embedder,
            "examples": self.examples,
        }
        file = io.BytesIO()
        np.savez(
            file,
            note=np.frombuffer(json.dumps(note).encode(), dtype=np.uint8),
            head=np.frombuffer(self.head.to_bytes() if self.head else b"", dtype=np.uint8),
        )
        return file.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> ThemeHead:
        """The inverse of `to_bytes`. Raises ValueError when the data is of another format."""
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            note = json.loads(arrays["note"].tobytes())
            if note.pop("format") != FORMAT:
                raise ValueError(f"this theme head is not of format {FORMAT}")
            head = arrays["head"].tobytes()
            note["fused"], note["alone"] = tuple(note["fused"]), tuple(note["alone"])
            return cls(head=TextHead.from_bytes(head) if head else None, **note)


def word_weight(confidence: float) -> float:
    """The weight of the seed words behind a theme's confidence."""
    return min(_HIGHEST_WEIGHT, -math.log(max(1e-9, 1.0 - confidence)))


def logit_of(head: TextHead | None, texts: Sequence[str], vectors: Vectors | None) -> Floats:
    """float64 (texts, labels of the head), calibrated."""
    if head is None:
        return np.zeros((len(texts), 0))
    given = vectors if head.dense_dims else None
    return np.asarray(special.logit(np.clip(head.probabilities(texts, given), 1e-6, 1 - 1e-6)))


@dataclass(frozen=True, eq=False)
class ThemeExamples:
    """Corrected posts. `groups` are the accounts: posts of one account are never on both sides of a fold."""

    texts: Sequence[str]
    languages: Sequence[str | None]
    themes: Sequence[frozenset[str]]
    groups: Sequence[int]
    vectors: Vectors | None = None

    def part(self, rows: NDArray[np.int64]) -> ThemeExamples:
        return ThemeExamples(
            [self.texts[i] for i in rows],
            [self.languages[i] for i in rows],
            [self.themes[i] for i in rows],
            [self.groups[i] for i in rows],
            None if self.vectors is None else self.vectors[rows],
        )


def train_theme_head(examples: ThemeExamples, *, embedder: str = "", seed: int = 7) -> ThemeHead:
    """Fit a head on corrected posts; same data, same head. Raises ValueError when there are too few of them."""
    if len(examples.texts) < FEWEST_TEXTS or len(set(examples.groups)) < 2:
        raise ValueError(f"themes are learnt from {FEWEST_TEXTS} corrected posts of two accounts or more")
    head = _head(examples, seed)
    unseen = _unseen_logits(examples, head.labels if head else (), seed)
    pairs = _pairs(examples, head.labels if head else (), unseen)
    fused, alone = _fitted(pairs.learnt, 2), _fitted(pairs.alone, 1)
    constants = (fused[0], fused[1], fused[2]), (alone[0], alone[1])
    return ThemeHead(
        head=head,
        fused=constants[0],
        alone=constants[1],
        threshold=_threshold(pairs, *constants),
        embedder=embedder if head is not None and head.dense_dims else "",
        examples=len(examples.texts),
    )


def _head(examples: ThemeExamples, seed: int) -> TextHead | None:
    """Over the themes that have enough examples for them and against them."""
    known = theme_set().ids
    held = {t: sum(t in themes for themes in examples.themes) for t in known}
    labels = [t for t in known if FEWEST_FOR <= held[t] <= len(examples.themes) - FEWEST_FOR]
    if not labels:
        return None
    targets = np.array([[t in themes for t in labels] for themes in examples.themes], dtype=bool)
    return train_head(
        examples.texts,
        targets,
        labels,
        is_exclusive=False,
        vectors=examples.vectors,
        settings=_SETTINGS,
        seed=seed,
    )


def _unseen_logits(examples: ThemeExamples, labels: Sequence[str], seed: int) -> Floats:
    """float64 (texts, labels): what heads that had not seen a text's account say of it; nan where they could not."""
    logits = np.full((len(examples.texts), len(labels)), np.nan)
    folds = model_selection.GroupKFold(min(FOLDS, len(set(examples.groups))))
    for fit, held in folds.split(np.zeros(len(examples.texts)), groups=np.asarray(examples.groups)):
        head = _head(examples.part(fit), seed)
        if head is None:
            continue
        part = examples.part(held)
        said = logit_of(head, part.texts, part.vectors)
        for place, label in enumerate(labels):
            if label in head.labels:
                logits[held, place] = said[:, head.labels.index(label)]
    return logits


@dataclass(frozen=True, eq=False)
class _Pairs:
    """(w, z, holds) of pairs whose theme the head knows, and (w, holds) of pairs that only the words found."""

    learnt: Floats
    alone: Floats


def _pairs(examples: ThemeExamples, labels: Sequence[str], logits: Floats) -> _Pairs:
    learnt, alone = [], []
    for row, hits in enumerate(theme_scores(examples.texts, examples.languages)):
        weights = {hit.theme: word_weight(hit.confidence) for hit in hits}
        for place, label in enumerate(labels):
            if not np.isnan(logits[row, place]):
                learnt.append((weights.get(label, 0.0), logits[row, place], label in examples.themes[row]))
        alone += [(w, t in examples.themes[row]) for t, w in weights.items() if t not in labels]
    return _Pairs(np.array(learnt, dtype=np.float64).reshape(-1, 3), np.array(alone, dtype=np.float64).reshape(-1, 2))


def _fitted(pairs: Floats, features: int) -> list[float]:
    """Intercept and slopes, the slopes never below 0; what was not seen both ways keeps the words' own confidence."""
    holds = pairs[:, -1] > 0
    if min(int(holds.sum()), int((~holds).sum())) < FEWEST_FOR:
        return [-1.0, 1.5] if features == 1 else [-1.0, 1.5, 0.5]
    model = linear_model.LogisticRegression(C=1.0, max_iter=500).fit(pairs[:, :-1], holds)
    return [float(model.intercept_[0]), *(max(0.0, float(slope)) for slope in model.coef_[0])]


def _threshold(pairs: _Pairs, fused: tuple[float, float, float], alone: tuple[float, float]) -> float:
    """The probability from which listing gave the highest micro-F1; the lowest of equals."""
    sure = np.concatenate(
        [
            special.expit(fused[0] + pairs.learnt[:, :2] @ np.array(fused[1:])),
            special.expit(alone[0] + pairs.alone[:, :1] @ np.array(alone[1:])),
        ]
    )
    holds = np.concatenate([pairs.learnt[:, -1], pairs.alone[:, -1]]) > 0
    grid = np.round(np.arange(0.2, 0.71, 0.05), 2)
    scores = [2 * (holds & (sure >= t)).sum() / max(1, holds.sum() + (sure >= t).sum()) for t in grid]
    return float(grid[int(np.argmax(scores))])
