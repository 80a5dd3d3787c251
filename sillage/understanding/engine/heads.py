"""Text heads: logistic regression over words, pieces of words and, where there are dense vectors, meaning.

A head is small, learns from a dozen examples or from thousands, and says which words moved it. Its probabilities are
calibrated on scores that it gave to texts it had not seen: p = softmax(t * z + b), or sigmoid where several labels may
hold, with t and b fitted by maximum likelihood over the folds (Platt, 1999; Guo et al., 2017).
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sillage.lib.late import linear_model, model_selection, optimize, sparse, special
from sillage.lib.sentences import Sentence
from sillage.understanding.engine.lexical import LexicalModel, fit_lexical

FORMAT = 1
FOLDS = 5
FEWEST_OF_A_LABEL = 3  # examples, below which calibration would fit noise
_WORST = 30.0  # logits are kept within it
_LINK = re.compile(r"https?://\S+|www\.\S+|\b[a-z0-9-]+\.(?:com|fr|net|org|ly|be|me|io)\b/?\S*", re.IGNORECASE)
_LINKED = " weblink "  # lexical vectors leave links out; that there is one is half of what tells spam

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class HeadSettings:
    """`strength` is the inverse of the penalty (scikit-learn's C); `meaning` scales dense vectors beside words."""

    strength: float = 4.0
    meaning: float = 1.0
    word_cap: int = 40_000
    character_cap: int = 80_000
    balanced: bool = True


@dataclass(frozen=True, eq=False)
class TextHead:
    """`weights` is float32 (labels, lexical width + dense dimensions); `is_exclusive`: exactly one label holds.

    `dense_dims` is 0 for a head that reads words alone.
    """

    labels: tuple[str, ...]
    is_exclusive: bool
    lexical: LexicalModel
    dense_dims: int
    meaning: float
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]
    temperature: float
    shift: NDArray[np.float32]
    examples: int

    @cached_property
    def version(self) -> str:
        """The first 12 hexadecimal digits of a SHA-256 over everything that shapes its answers."""
        digest = hashlib.sha256(f"head {FORMAT} {self.labels} {self.is_exclusive} {self.meaning}".encode())
        digest.update(self.lexical.version.encode())
        for part in (self.weights, self.bias, self.shift, np.float64(self.temperature)):
            digest.update(np.asarray(part).tobytes())
        return digest.hexdigest()[:12]

    def probabilities(self, texts: Sequence[str], vectors: NDArray[np.float32] | None = None) -> Floats:
        """float64 (texts, labels), calibrated. `vectors` (texts, dense_dims) are needed by a head that has some.

        A text of which nothing is known gets the head's prior. Raises ValueError when the vectors do not fit.
        """
        logits = self._logits(texts, vectors)
        scaled = np.clip(self.temperature * logits + self.shift, -_WORST, _WORST)
        return np.asarray(
            special.softmax(scaled, axis=1) if self.is_exclusive else special.expit(scaled), dtype=np.float64
        )

    def knows(self, texts: Sequence[str]) -> NDArray[np.bool_]:
        """Whether a text has any term of the head's vocabulary."""
        return np.asarray(np.diff(self.lexical.transform(_linked(texts)).indptr) > 0)

    def evidence(self, text: str, label: str, most: int = 5) -> list[tuple[str, float]]:
        """The terms of the text that speak most for the label, with their part in its score; whole words first."""
        row = self.lexical.transform(_linked([text]))
        at = self.labels.index(label)
        parts = row.data * (self.weights[at] - self._mean_weights)[row.indices]
        order = np.argsort(-parts)
        words = len(self.lexical.words)
        found = [(int(row.indices[i]), float(parts[i])) for i in order if parts[i] > 0]
        whole = [(self.lexical.term(c), p) for c, p in found if c < words]
        return (whole or [(self.lexical.term(c).strip(), p) for c, p in found])[:most]

    @cached_property
    def _mean_weights(self) -> NDArray[np.float32]:
        if not self.is_exclusive:
            return np.zeros(self.weights.shape[1], dtype=np.float32)
        return np.asarray(self.weights.mean(axis=0), dtype=np.float32)

    def _logits(self, texts: Sequence[str], vectors: NDArray[np.float32] | None) -> Floats:
        rows = _features(self.lexical, texts, vectors, self.dense_dims, self.meaning)
        return np.asarray(rows @ self.weights.T.astype(np.float64) + self.bias, dtype=np.float64)

    def to_bytes(self) -> bytes:
        """An npz without pickled objects."""
        note = {
            "format": FORMAT,
            "labels": self.labels,
            "is_exclusive": self.is_exclusive,
            "dense_dims": self.dense_dims,
            "meaning": self.meaning,
            "temperature": self.temperature,
            "examples": self.examples,
        }
        file = io.BytesIO()
        np.savez_compressed(
            file,
            note=np.frombuffer(json.dumps(note).encode(), dtype=np.uint8),
            lexical=np.frombuffer(self.lexical.to_bytes(), dtype=np.uint8),
            weights=self.weights,
            bias=self.bias,
            shift=self.shift,
        )
        return file.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> TextHead:
        """The inverse of `to_bytes`. Raises ValueError when the data is of another format."""
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            note = json.loads(arrays["note"].tobytes())
            if note.pop("format") != FORMAT:
                raise ValueError(f"this head is not of format {FORMAT}")
            note["labels"] = tuple(note["labels"])
            lexical = LexicalModel.from_bytes(arrays["lexical"].tobytes())
            return cls(lexical=lexical, weights=arrays["weights"], bias=arrays["bias"], shift=arrays["shift"], **note)


def train_head(
    texts: Sequence[str],
    targets: NDArray[np.bool_],
    labels: Sequence[str],
    *,
    is_exclusive: bool,
    vectors: NDArray[np.float32] | None = None,
    settings: HeadSettings | None = None,
    seed: int = 7,
) -> TextHead:
    """Fit a head. `targets` is bool (texts, labels), with one True per row when `is_exclusive`; same data, same head.

    Raises ValueError when a label has no example for it or, where several may hold, none against it.
    """
    chosen = settings or HeadSettings()
    _refuse_one_sided(targets, labels, is_exclusive)
    lexical = fit_lexical(_linked(texts), word_cap=chosen.word_cap, character_cap=chosen.character_cap)
    dims = 0 if vectors is None else int(vectors.shape[1])
    rows = _features(lexical, texts, vectors, dims, chosen.meaning)
    weights, bias = _fitted(rows, targets, is_exclusive, chosen)
    temperature, shift = _calibrated(rows, targets, is_exclusive, chosen, seed)
    return TextHead(
        labels=tuple(labels),
        is_exclusive=is_exclusive,
        lexical=lexical,
        dense_dims=dims,
        meaning=chosen.meaning,
        weights=weights.astype(np.float32),
        bias=bias.astype(np.float32),
        temperature=temperature,
        shift=shift.astype(np.float32),
        examples=len(texts),
    )


def _refuse_one_sided(targets: NDArray[np.bool_], labels: Sequence[str], is_exclusive: bool) -> None:
    held = targets.sum(axis=0)
    for label, n in zip(labels, held, strict=True):
        if n == 0 or (not is_exclusive and n == len(targets)):
            raise ValueError(
                Sentence("there is no example for “%(label)s”", label=label)
                if n == 0
                else Sentence("there is no example against “%(label)s”", label=label)
            )


def _features(
    lexical: LexicalModel, texts: Sequence[str], vectors: NDArray[np.float32] | None, dims: int, meaning: float
) -> sparse.csr_matrix:
    rows = lexical.transform(_linked(texts))
    if dims == 0:
        return rows
    if vectors is None or vectors.shape != (len(texts), dims):
        raise ValueError(f"this head needs vectors of shape ({len(texts)}, {dims})")
    return sparse.csr_matrix(sparse.hstack([rows, sparse.csr_matrix(vectors * np.float32(meaning))], format="csr"))


def _linked(texts: Sequence[str]) -> list[str]:
    """The texts with a word in place of each link."""
    return [_LINK.sub(_LINKED, text) for text in texts]


def _fitted(
    rows: sparse.csr_matrix, targets: NDArray[np.bool_], is_exclusive: bool, settings: HeadSettings
) -> tuple[Floats, Floats]:
    """Weights (labels, columns) and bias (labels,). Two exclusive labels share one separating plane, halved."""
    weight = "balanced" if settings.balanced else None
    if is_exclusive:
        model = linear_model.LogisticRegression(C=settings.strength, class_weight=weight, max_iter=1000)
        model.fit(rows, targets.argmax(axis=1))
        if len(model.classes_) == 2:
            return np.vstack([-model.coef_, model.coef_]) / 2, np.hstack([-model.intercept_, model.intercept_]) / 2
        return model.coef_, model.intercept_
    several = []
    for column in targets.T:
        one = linear_model.LogisticRegression(
            C=settings.strength, class_weight=weight, solver="liblinear", max_iter=1000
        )
        several.append(one.fit(rows, column))
    return np.vstack([m.coef_ for m in several]), np.hstack([m.intercept_ for m in several])


def _calibrated(
    rows: sparse.csr_matrix, targets: NDArray[np.bool_], is_exclusive: bool, settings: HeadSettings, seed: int
) -> tuple[float, Floats]:
    """Temperature and shift, from logits of texts held back; (1, 0) where there are too few examples."""
    labels = targets.shape[1]
    fewest = int(targets.sum(axis=0).min())
    if fewest < FEWEST_OF_A_LABEL or (not is_exclusive and int((~targets).sum(axis=0).min()) < FEWEST_OF_A_LABEL):
        return 1.0, np.zeros(labels)
    logits = np.zeros(targets.shape)
    for fit, held in _folds(targets, is_exclusive, min(FOLDS, fewest), seed):
        if (targets[fit].sum(axis=0) == 0).any():
            return 1.0, np.zeros(labels)
        weights, bias = _fitted(rows[fit], targets[fit], is_exclusive, settings)
        logits[held] = rows[held] @ weights.T + bias
    return _temperature(logits, targets, is_exclusive)


def _folds(
    targets: NDArray[np.bool_], is_exclusive: bool, folds: int, seed: int
) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    if is_exclusive:
        splits = model_selection.StratifiedKFold(folds, shuffle=True, random_state=seed)
        return list(splits.split(targets, targets.argmax(axis=1)))
    return list(model_selection.KFold(FOLDS, shuffle=True, random_state=seed).split(targets))


def _temperature(logits: Floats, targets: NDArray[np.bool_], is_exclusive: bool) -> tuple[float, Floats]:
    """Maximum likelihood of (t, b), with a small pull towards (1, 0) so that few examples cannot drive them far."""

    def loss(given: Floats) -> float:
        scaled = np.exp(given[0]) * logits + given[1:]
        if is_exclusive:
            likelihood = special.log_softmax(scaled, axis=1)[targets].sum()
        else:
            likelihood = -np.logaddexp(0, np.where(targets, -scaled, scaled)).sum()
        return float(-likelihood + np.square(given).sum())

    best = optimize.minimize(loss, np.zeros(1 + logits.shape[1]), method="L-BFGS-B")
    return float(np.exp(best.x[0])), np.asarray(best.x[1:])
