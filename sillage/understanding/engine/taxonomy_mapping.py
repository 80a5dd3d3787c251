"""Proposing what a category of one version is in another: by its name, its place and its meaning.

The score of a pair adds four cosines: of names and of whole paths over words and pieces of words (TF-IDF), and of both
over dense vectors. What is proposed is the best pair of each category; its confidence is

    p = sigmoid(a + b * score + c * (score - next best score))

Weights and constants were chosen on one half of the published cross-walk of the Content Taxonomy from 1.0 to 2.0 and
measured on the other (`sillage evaluate taxonomy`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sillage.lib.late import feature_extraction, special
from sillage.understanding.engine.taxonomy import Category, spelled

Floats = NDArray[np.float64]
Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Weighing:
    """Weights of the cosines, and (a, b, c) of the confidence."""

    name: float = 0.25
    path: float = 0.5
    name_meaning: float = 1.0
    path_meaning: float = 1.0
    confidence: tuple[float, float, float] = (-1.4, 2.5, 7.6)


@dataclass(frozen=True, slots=True)
class Proposal:
    code: str
    to_code: str
    confidence: float


@dataclass(frozen=True, eq=False)
class Meanings:
    """Dense vectors of names and of paths, float32 (categories, dimensions), unit rows."""

    names: Vectors
    paths: Vectors


def path_text(category: Category) -> str:
    """A category in its place, the most particular name first, as it is embedded."""
    return ", ".join(reversed(category.path))


def proposals(
    categories: Sequence[Category],
    others: Sequence[Category],
    meanings: Meanings | None = None,
    other_meanings: Meanings | None = None,
    weighing: Weighing | None = None,
) -> list[Proposal]:
    """For each category the best of the others. Without meanings only words speak."""
    if not categories or not others:
        return []
    chosen = weighing or Weighing()
    scores = pair_scores(categories, others, meanings, other_meanings, chosen)
    best = scores.argmax(axis=1)
    sure = confidences(scores, chosen.confidence)
    return [
        Proposal(category.code, others[at].code, float(p))
        for category, at, p in zip(categories, best, sure, strict=True)
    ]


def pair_scores(
    categories: Sequence[Category],
    others: Sequence[Category],
    meanings: Meanings | None,
    other_meanings: Meanings | None,
    weighing: Weighing,
) -> Floats:
    """float64 (categories, others): the weighted mean of the cosines."""
    parts = [
        (weighing.name, _cosines([spelled(c.name) for c in categories], [spelled(o.name) for o in others])),
        (weighing.path, _cosines([spelled(path_text(c)) for c in categories], [spelled(path_text(o)) for o in others])),
    ]
    if meanings is not None and other_meanings is not None:
        parts.append((weighing.name_meaning, np.asarray(meanings.names @ other_meanings.names.T, dtype=np.float64)))
        parts.append((weighing.path_meaning, np.asarray(meanings.paths @ other_meanings.paths.T, dtype=np.float64)))
    total = sum(weight for weight, _ in parts) or 1.0
    summed: Floats = np.sum([weight * cosines for weight, cosines in parts], axis=0)
    return summed / total


def confidences(scores: Floats, constants: tuple[float, float, float]) -> Floats:
    """float64 (categories,): how sure the best of each row is, 0..1."""
    ordered = np.sort(scores, axis=1)[:, ::-1]
    margin = ordered[:, 0] - ordered[:, 1] if scores.shape[1] > 1 else ordered[:, 0]
    return np.asarray(special.expit(constants[0] + constants[1] * ordered[:, 0] + constants[2] * margin))


def _cosines(texts: Sequence[str], others: Sequence[str]) -> Floats:
    """Of TF-IDF vectors over words and pieces of words, fitted on both sides together."""
    found = []
    for settings in ({"analyzer": "word", "token_pattern": r"\S+"}, {"analyzer": "char_wb", "ngram_range": (3, 5)}):
        model = feature_extraction.text.TfidfVectorizer(sublinear_tf=True, **settings).fit([*texts, *others])
        found.append((model.transform(texts) @ model.transform(others).T).toarray())
    return np.asarray(np.mean(found, axis=0), dtype=np.float64)
