"""Plain full-text search, the baseline that affinity has to beat: Okapi BM25 over words.

Robertson and Zaragoza (2009), in the variant of Lucene: idf = ln(1 + (n - df + 0.5) / (df + 0.5)), k1 = 1.2,
b = 0.75; lower case, English stop words left out, no stemming. Every word of the query counts once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from sillage.lib.late import feature_extraction, sparse

K1 = 1.2
B = 0.75

FullText = Callable[[Sequence[str], Sequence[str]], NDArray[np.float64]]
"""Scores of (queries, documents), shape (queries, documents): another engine, PostgreSQL say, fits here."""


def bm25(queries: Sequence[str], documents: Sequence[str]) -> NDArray[np.float64]:
    """Return the score of each document for each query, shape (queries, documents)."""
    vectorizer = feature_extraction.text.CountVectorizer(stop_words="english", dtype=np.float64)
    counts = sparse.csr_matrix(vectorizer.fit_transform(documents))
    found = np.asarray((counts > 0).sum(axis=0)).ravel()
    idf = np.log1p((len(documents) - found + 0.5) / (found + 0.5))
    lengths = np.asarray(counts.sum(axis=1)).ravel()
    norms = K1 * (1 - B + B * lengths / max(lengths.mean(), 1.0))
    saturated = counts.copy()
    saturated.data = counts.data * (K1 + 1) / (counts.data + np.repeat(norms, np.diff(counts.indptr)))
    asked = sparse.csr_matrix(vectorizer.transform(queries) > 0, dtype=np.float64)
    scores: NDArray[np.float64] = (asked.multiply(idf).tocsr() @ saturated.T).toarray()
    return scores
