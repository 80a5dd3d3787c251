"""Tags learnt from a dozen examples: meaning, words, and what the tag's own name says.

The score of a tag for a text adds three parts:

    s = m + W * (l - mean of l over the tags) + P * (cos(text, name) - mean) / deviation

m and l are logits of balanced logistic regressions over dense vectors and over words and pieces of words; the cosine is
between the dense vectors of the text and of the tag's name and description, centred and scaled over the examples: what
is known of a tag before anybody labelled (as in zero-shot classification by names: Chang et al., 2008). W, P and the
penalties were chosen by cross-validation on the training and validation splits of a public data set of 19 topics
(`sillage evaluate tags`). A text has a tag when s reaches a threshold: the one with the highest macro-F1 over scores of
examples held back, drawn towards 0 where there are few. Confidence is sigmoid(t * s + b), fitted on the same scores.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sillage.lib.late import linear_model, model_selection, optimize, sparse, special
from sillage.understanding.engine.lexical import LexicalModel, fit_lexical
from sillage.understanding.engine.port import NOTHING, Finding, PostText

FORMAT = 1
WORDS, NAME = 0.25, 0.5  # W and P
STRENGTH = 4.0
FOLDS = 5
FEWEST_OF_EACH = 3  # examples for and against
_DRAW = 40.0  # as many held-back scores as pull the threshold halfway from 0

Floats = NDArray[np.float64]
Vectors = NDArray[np.float32]
Truth = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class TagHead:
    """Arrays are float32 with a row per label. `meaning` and `names` are (labels, dimensions), empty without vectors.

    `scale` is (mean, deviation) of each name's cosine; `calibration` is (t, b). `embedder` made the vectors.
    """

    labels: tuple[str, ...]
    lexical: LexicalModel
    words: NDArray[np.float32]
    words_bias: NDArray[np.float32]
    meaning: NDArray[np.float32]
    meaning_bias: NDArray[np.float32]
    names: NDArray[np.float32]
    scale: NDArray[np.float32]
    threshold: float
    calibration: tuple[float, float]
    embedder: str
    examples: int

    @property
    def needs_vectors(self) -> bool:
        return bool(self.meaning.shape[1])

    @cached_property
    def version(self) -> str:
        note = (FORMAT, self.labels, self.lexical.version, self.threshold, self.calibration, self.embedder)
        digest = hashlib.sha256(repr(note).encode())
        for part in (self.words, self.words_bias, self.meaning, self.meaning_bias, self.names, self.scale):
            digest.update(part.tobytes())
        return digest.hexdigest()[:12]

    def scores(self, texts: Sequence[str], vectors: Vectors | None = None) -> Floats:
        """float64 (texts, labels). Raises ValueError when vectors are needed and do not fit."""
        words = np.asarray(self.lexical.transform(texts) @ self.words.T + self.words_bias, dtype=np.float64)
        if not self.needs_vectors:
            return words
        if vectors is None or vectors.shape != (len(texts), self.meaning.shape[1]):
            raise ValueError(f"this head needs vectors of shape ({len(texts)}, {self.meaning.shape[1]})")
        rows = vectors.astype(np.float64)
        of_names = (rows @ self.names.T - self.scale[:, 0]) / self.scale[:, 1] if len(self.names) else None
        return combined(rows @ self.meaning.T + self.meaning_bias, words, of_names)

    def holds(self, scores: Floats) -> Truth:
        return np.asarray(scores >= self.threshold)

    def confidences(self, scores: Floats) -> Floats:
        return np.asarray(special.expit(np.clip(self.calibration[0] * scores + self.calibration[1], -30, 30)))

    def evidence(self, text: str, label: str, most: int = 5) -> list[str]:
        """The words of the text that speak most for the label; none where its meaning alone does."""
        row = self.lexical.transform([text])
        parts = row.data * self.words[self.labels.index(label)][row.indices]
        whole = len(self.lexical.words)
        order = [i for i in np.argsort(-parts) if parts[i] > 0 and row.indices[i] < whole]
        return [self.lexical.term(int(row.indices[i])) for i in order[:most]]

    def to_bytes(self) -> bytes:
        """An npz without pickled objects."""
        note = {
            "format": FORMAT,
            "labels": self.labels,
            "threshold": self.threshold,
            "calibration": self.calibration,
            "embedder": self.embedder,
            "examples": self.examples,
        }
        file = io.BytesIO()
        np.savez_compressed(
            file,
            note=np.frombuffer(json.dumps(note).encode(), dtype=np.uint8),
            lexical=np.frombuffer(self.lexical.to_bytes(), dtype=np.uint8),
            **{name: getattr(self, name) for name in _ARRAYS},
        )
        return file.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> TagHead:
        """The inverse of `to_bytes`. Raises ValueError when the data is of another format."""
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            note = json.loads(arrays["note"].tobytes())
            if note.pop("format") != FORMAT:
                raise ValueError(f"this tag head is not of format {FORMAT}")
            note["labels"], note["calibration"] = tuple(note["labels"]), tuple(note["calibration"])
            lexical = LexicalModel.from_bytes(arrays["lexical"].tobytes())
            return cls(lexical=lexical, **{name: arrays[name] for name in _ARRAYS}, **note)


_ARRAYS = ("words", "words_bias", "meaning", "meaning_bias", "names", "scale")


def combined(meaning: Floats, words: Floats, of_names: Floats | None) -> Floats:
    """The three parts added: float64 (texts, labels)."""
    several = words.shape[1] > 1
    total = meaning + WORDS * (words - words.mean(axis=1, keepdims=True) if several else words)
    return np.asarray(total if of_names is None else total + NAME * of_names, dtype=np.float64)


@dataclass(frozen=True, eq=False)
class TagExamples:
    """`truth` is bool (texts, labels). `vectors` (texts, dimensions) and `names` (labels, dimensions) may be missing."""

    texts: Sequence[str]
    truth: Truth
    labels: tuple[str, ...]
    vectors: Vectors | None = None
    names: Vectors | None = None


@dataclass(frozen=True, eq=False)
class _Parts:
    lexical: LexicalModel
    words: Floats
    words_bias: Floats
    meaning: Floats
    meaning_bias: Floats


def train_tags(examples: TagExamples, *, embedder: str = "", seed: int = 7) -> TagHead:
    """Fit a head; same data, same head. Raises ValueError when a label has fewer than 3 examples for or against it."""
    held = examples.truth.sum(axis=0)
    for label, n in zip(examples.labels, held, strict=True):
        if min(n, len(examples.texts) - n) < FEWEST_OF_EACH:
            raise ValueError(f"“{label}” needs {FEWEST_OF_EACH} examples for it and as many against it")
    everything = np.arange(len(examples.texts))
    parts = _fitted(examples, everything)
    scale = _scale(examples, everything)
    unseen = unseen_scores(examples, seed)
    dims = 0 if examples.vectors is None else examples.vectors.shape[1]
    return TagHead(
        labels=examples.labels,
        lexical=parts.lexical,
        words=parts.words.astype(np.float32),
        words_bias=parts.words_bias.astype(np.float32),
        meaning=parts.meaning.astype(np.float32),
        meaning_bias=parts.meaning_bias.astype(np.float32),
        names=np.zeros((0, dims), np.float32) if examples.names is None else examples.names.astype(np.float32),
        scale=scale.astype(np.float32),
        threshold=_threshold(unseen, examples.truth),
        calibration=_calibration(unseen, examples.truth),
        embedder=embedder if dims else "",
        examples=len(examples.texts),
    )


def unseen_scores(examples: TagExamples, seed: int = 7) -> Floats:
    """float64 (texts, labels): what heads that had not seen a text say of it; nan where too little was left to learn."""
    scores = np.full(examples.truth.shape, np.nan)
    folds = model_selection.KFold(min(FOLDS, len(examples.texts)), shuffle=True, random_state=seed)
    for fit, held in folds.split(examples.truth):
        if not examples.truth[fit].any() or examples.truth[fit].all():
            continue
        parts = _fitted(examples, fit)
        words = parts.lexical.transform([examples.texts[i] for i in held]) @ parts.words.T + parts.words_bias
        if examples.vectors is None:
            scores[held] = words
            continue
        of_names, scale = None, _scale(examples, fit)
        if examples.names is not None:
            of_names = (examples.vectors[held] @ examples.names.T - scale[:, 0]) / scale[:, 1]
        scores[held] = combined(examples.vectors[held] @ parts.meaning.T + parts.meaning_bias, words, of_names)
    return scores


def _fitted(examples: TagExamples, rows: NDArray[np.int64]) -> _Parts:
    texts, truth = [examples.texts[i] for i in rows], examples.truth[rows]
    lexical = fit_lexical(texts, word_cap=20_000, character_cap=40_000)
    words, words_bias = _regressed(lexical.transform(texts), truth)
    if examples.vectors is None:
        none = np.zeros((truth.shape[1], 0))
        return _Parts(lexical, words, words_bias, none, np.zeros(truth.shape[1]))
    return _Parts(lexical, words, words_bias, *_regressed(examples.vectors[rows], truth))


def _regressed(rows: sparse.csr_matrix | Vectors, truth: Truth) -> tuple[Floats, Floats]:
    """Weights (labels, columns) and biases; a label that is the same everywhere gets a score that says so."""
    weights, biases = np.zeros((truth.shape[1], rows.shape[1])), np.zeros(truth.shape[1])
    for place, column in enumerate(truth.T):
        if column.all() or not column.any():
            biases[place] = 2.0 if column.all() else -2.0
            continue
        model = linear_model.LogisticRegression(C=STRENGTH, class_weight="balanced", solver="liblinear", max_iter=1000)
        model.fit(rows, column)
        weights[place], biases[place] = model.coef_[0], model.intercept_[0]
    return weights, biases


def _scale(examples: TagExamples, rows: NDArray[np.int64]) -> Floats:
    """(labels, 2): mean and deviation of each name's cosine over the examples; (0, 2) without names."""
    if examples.names is None or examples.vectors is None:
        return np.zeros((0, 2))
    cosines = examples.vectors[rows] @ examples.names.T
    return np.stack([cosines.mean(axis=0), np.maximum(cosines.std(axis=0), 1e-3)], axis=1)


def _threshold(scores: Floats, truth: Truth) -> float:
    known = ~np.isnan(scores).any(axis=1)
    if not known.any():
        return 0.0
    given, holds = scores[known], truth[known]
    grid = np.unique(np.quantile(given, np.linspace(0.02, 0.98, 97)))
    best = float(grid[int(np.argmax([_macro_f1(given >= t, holds) for t in grid]))])
    return best * given.size / (given.size + _DRAW)


def _macro_f1(said: Truth, holds: Truth) -> float:
    hits = (said & holds).sum(axis=0)
    return float(np.mean(2 * hits / np.maximum(1, said.sum(axis=0) + holds.sum(axis=0))))


def _calibration(scores: Floats, truth: Truth) -> tuple[float, float]:
    """Maximum likelihood of (t, b) over held-back scores, drawn towards (1, 0)."""
    known = ~np.isnan(scores)
    given, holds = scores[known], truth[known]

    def loss(at: Floats) -> float:
        scaled = np.exp(at[0]) * given + at[1]
        return float(np.logaddexp(0, np.where(holds, -scaled, scaled)).sum() + np.square(at).sum())

    best = optimize.minimize(loss, np.zeros(2), method="L-BFGS-B")
    return float(np.exp(best.x[0])), float(best.x[1])


class Tagging:
    """The enricher of one tag: value {"holds": true}, evidence of the words; NOTHING where the tag does not hold.

    Without a head it says nothing. Raises ValueError when the head needs vectors and a post has none.
    """

    languages = None
    cost = 0.3

    def __init__(self, name: str, head: TagHead | None) -> None:
        self.name, self.head = name, head

    @property
    def version(self) -> str:
        return self.head.version if self.head else ""

    def findings(self, posts: Sequence[PostText]) -> list[Finding]:
        if self.head is None or not posts:
            return [NOTHING for _ in posts]
        texts = [post.words for post in posts]
        vectors = [post.vector for post in posts if post.vector is not None] if self.head.needs_vectors else []
        scores = self.head.scores(texts, np.array(vectors, dtype=np.float32) if vectors else None)
        sure, holds = self.head.confidences(scores)[:, 0], self.head.holds(scores)[:, 0]
        label = self.head.labels[0]
        return [
            Finding({label: True}, round(float(p), 4), [{"words": self.head.evidence(text, label)}]) if yes else NOTHING
            for text, p, yes in zip(texts, sure, holds, strict=True)
        ]
