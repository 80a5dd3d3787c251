"""What a process makes of one account's posts: its profile, its centroids and its vectors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from sillage.lib.late import sparse
from sillage.understanding.engine.lexical import LexicalModel
from sillage.understanding.engine.profile import (
    EditorialProfile,
    Matrix,
    PostRead,
    centroids,
    editorial_profile,
    lexical_mean,
    recency,
)
from sillage.understanding.engine.projection import (
    DENSE_DIMS,
    LEXICAL_DIMS,
    THEME_DIMS,
    Projection,
    card_vector,
)
from sillage.understanding.engine.themes import theme_set


@dataclass(frozen=True, slots=True)
class Sitting:
    """One account's posts, newest first, with their texts and dense vectors (rows of `vectors` are of `vector_places`)."""

    account_id: int
    posts: tuple[PostRead, ...]
    texts: tuple[str, ...]
    vector_places: tuple[int, ...]
    vectors: Matrix | None


@dataclass(frozen=True, slots=True)
class Portrait:
    account_id: int
    profile: EditorialProfile
    centroids: Matrix
    centroid_weights: list[float]
    lexical_indices: NDArray[np.int32]
    lexical_values: NDArray[np.float32]
    card_vector: Matrix


class Painter:
    """Makes portraits with a workspace's fitted models."""

    def __init__(self, lexical: bytes | None, words: bytes | None, meaning: bytes | None, now: datetime) -> None:
        self.lexical = LexicalModel.from_bytes(lexical) if lexical else None
        self.words = Projection.from_bytes(words) if words else None
        self.meaning = Projection.from_bytes(meaning) if meaning else None
        self.now = now

    def __call__(self, sittings: Sequence[Sitting]) -> list[Portrait]:
        return [self._portrait(sitting) for sitting in sittings]

    def _portrait(self, sitting: Sitting) -> Portrait:
        weights = recency([p.published_at for p in sitting.posts], self.now)
        profile = editorial_profile(sitting.posts, self.now)
        indices, values = self._lexical(sitting.texts, weights)
        seen = sitting.vectors if sitting.vectors is not None else np.zeros((0, 1), dtype=np.float32)
        rows, shares = centroids(seen, weights[list(sitting.vector_places)])
        return Portrait(
            sitting.account_id,
            profile,
            rows,
            shares,
            indices,
            values,
            card_vector(
                _theme_row(profile.themes),
                self._projected_words(indices, values),
                self._projected_meaning(rows, shares),
            ),
        )

    def _lexical(
        self, texts: Sequence[str], weights: NDArray[np.float64]
    ) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        if self.lexical is None or not texts:
            return np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.float32)
        return lexical_mean(self.lexical.transform(texts), weights)

    def _projected_words(self, indices: NDArray[np.int32], values: NDArray[np.float32]) -> NDArray[np.float32]:
        if self.words is None or not len(indices):
            return np.zeros(LEXICAL_DIMS, dtype=np.float32)
        row = sparse.csr_matrix((values, indices, [0, len(indices)]), shape=(1, self.words.matrix.shape[0]))
        projected: NDArray[np.float32] = self.words.transform(row)[0]
        return projected

    def _projected_meaning(self, rows: Matrix, shares: list[float]) -> NDArray[np.float32]:
        if self.meaning is None or not len(rows):
            return np.zeros(DENSE_DIMS, dtype=np.float32)
        mean = np.asarray(shares, dtype=np.float32) @ rows
        projected: NDArray[np.float32] = self.meaning.transform(mean[None, :])[0]
        return projected


def _theme_row(themes: dict[str, float]) -> NDArray[np.float32]:
    row = np.zeros(THEME_DIMS, dtype=np.float32)
    for theme, share in themes.items():
        row[theme_set().index[theme]] = share
    return row
