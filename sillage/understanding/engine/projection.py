"""Short vectors for search: a plain matrix that keeps most of the inner products, and the layout of a card.

A search card holds one vector per account, themes + lexical + dense side by side, each of length 1. A query is
laid out alike with the brief's weights in it, so that one inner product is the weighted sum of the three cosines
and the weights can move without touching a card.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sillage.lib.late import decomposition, sparse

THEME_DIMS = 96
LEXICAL_DIMS = 96
DENSE_DIMS = 192
CARD_DIMS = THEME_DIMS + LEXICAL_DIMS + DENSE_DIMS

Vectors = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Projection:
    """A float32 matrix of shape (columns in, dimensions out), fitted by truncated SVD.

    `centre`, shape (columns in,), is subtracted first where it was asked for. The numbers are rounded to float16, which
    halves what is stored.

    Halko, Martinsson and Tropp (2011). `kept` is the share of the sample's squared length that survives.
    """

    matrix: Vectors
    kept: float
    centre: Vectors | None = None

    @cached_property
    def version(self) -> str:
        """The first 12 hexadecimal digits of a SHA-256 over the matrix and the centre."""
        digest = hashlib.sha256(self.matrix.astype("<f4").tobytes())
        if self.centre is not None:
            digest.update(self.centre.astype("<f4").tobytes())
        return digest.hexdigest()[:12]

    def transform(self, vectors: sparse.csr_matrix | Vectors) -> Vectors:
        """Return rows of length 1, shape (rows, dimensions out); a row of zeros stays zero."""
        if self.centre is not None and isinstance(vectors, np.ndarray):
            vectors = centred(vectors, self.centre)
        return unit(np.asarray(vectors @ self.matrix, dtype=np.float32))

    def to_bytes(self) -> bytes:
        """An npz without pickled objects."""
        file = io.BytesIO()
        centre = np.zeros(0, dtype=np.float32) if self.centre is None else self.centre
        np.savez(file, matrix=self.matrix.astype(np.float16), kept=np.float64(self.kept), centre=centre)
        return file.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Projection:
        """The inverse of `to_bytes`."""
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            centre = arrays["centre"] if arrays["centre"].size else None
            return cls(arrays["matrix"].astype(np.float32), float(arrays["kept"]), centre)


def fit_projection(
    sample: sparse.csr_matrix | Vectors, dims: int, *, centre: bool = False, seed: int = 0
) -> Projection:
    """Fit on a sample of vectors, shape (rows, columns); where its rank is lower, the last dimensions are zero.

    `centre` is for dense vectors: their common direction says nothing, and without it they rank better.
    """
    mean = None
    if centre and isinstance(sample, np.ndarray):
        mean = centre_of(sample)
        sample = centred(sample, mean)
    rank = min(dims, sample.shape[0], sample.shape[1])
    matrix = np.zeros((sample.shape[1], dims), dtype=np.float32)
    svd = decomposition.TruncatedSVD(n_components=rank, random_state=seed).fit(sample)
    matrix[:, :rank] = svd.components_.T.astype(np.float16)
    length = float(sample.multiply(sample).sum() if isinstance(sample, sparse.csr_matrix) else np.square(sample).sum())
    kept = float(np.square(svd.singular_values_).sum()) / length if length else 0.0
    return Projection(matrix=matrix, kept=min(kept, 1.0), centre=mean)


def card_vector(themes: ArrayLike, lexical: ArrayLike, dense: ArrayLike) -> Vectors:
    """Lay out one account, or rows of accounts: float32 of shape (..., 384), three blocks of length 1.

    A block that is all zeros (no dense vectors, no themes) stays zero and adds nothing to any score.
    """
    return query_vector(themes, lexical, dense, weights=(1.0, 1.0, 1.0))


def query_vector(
    themes: ArrayLike, lexical: ArrayLike, dense: ArrayLike, *, weights: tuple[float, float, float]
) -> Vectors:
    """Lay out a query like a card, each block multiplied by its weight (themes, lexical, dense).

    Its inner product with a card is the weighted sum of the three cosines.
    """
    widths = (THEME_DIMS, LEXICAL_DIMS, DENSE_DIMS)
    blocks = [np.asarray(block, dtype=np.float32) for block in (themes, lexical, dense)]
    for block, width in zip(blocks, widths, strict=True):
        if block.shape[-1] != width:
            raise ValueError(f"a block of {block.shape[-1]} numbers where a card has {width}")
    weighted = [np.float32(weight) * unit(block) for block, weight in zip(blocks, weights, strict=True)]
    return np.concatenate(weighted, axis=-1)


def centre_of(vectors: Vectors) -> Vectors:
    """The mean of the rows that are not zero, shape (columns,)."""
    filled = vectors[np.any(vectors != 0, axis=1)]
    mean: Vectors = filled.mean(axis=0) if len(filled) else np.zeros(vectors.shape[1], dtype=np.float32)
    return mean


def centred(vectors: Vectors, centre: Vectors) -> Vectors:
    """Rows of length 1 after the corpus' centre is taken away; rows of zeros (nothing written) stay zero."""
    filled = np.any(vectors != 0, axis=-1, keepdims=True)
    return unit(np.where(filled, vectors - centre, np.float32(0)).astype(np.float32))


def unit(vectors: Vectors) -> Vectors:
    """Scale the last axis to length 1; zeros stay zero."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    scaled: Vectors = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return scaled
