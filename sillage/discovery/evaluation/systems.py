"""What is compared: fused affinity, its two halves alone, and plain full-text search.

A system scores groups of posts against groups of posts: a single post is a group of one, a profile is the mean of
its posts' vectors (or, for full text, their words together).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from sillage.adapters.embedders.port import Embedder
from sillage.discovery.engine.affinity import background, count_words, fused, lexical_share
from sillage.discovery.evaluation.full_text import FullText
from sillage.lib.late import sparse
from sillage.understanding.engine.lexical import fit_lexical
from sillage.understanding.engine.projection import centre_of, centred, unit

FUSED = "Sillage (fused)"
LEXICAL = "lexical alone"
DENSE = "dense alone"
FULL_TEXT = "full-text search"

Group = NDArray[np.int64]
Scorer = Callable[[Sequence[Group], Sequence[Group]], NDArray[np.float64]]
"""(queries, candidates) -> scores of shape (queries, candidates)."""


def systems(texts: Sequence[str], embedder: Embedder, full_text: FullText) -> dict[str, Scorer]:
    """Return the four systems over one corpus of posts; what they fit, they fit on all of it, without channels."""
    lexical = _cosines(unit(fit_lexical(texts).transform(texts).toarray()))
    embedded = embedder.embed(texts)
    dense = _cosines(centred(embedded, centre_of(embedded)))

    def words(queries: Sequence[Group], candidates: Sequence[Group]) -> NDArray[np.float64]:
        return full_text(_joined(texts, queries), _joined(texts, candidates))

    return {
        FUSED: _fused(lexical, dense, np.array([count_words(text) for text in texts])),
        LEXICAL: lexical,
        DENSE: dense,
        FULL_TEXT: words,
    }


def _fused(lexical: Scorer, dense: Scorer, words: NDArray[np.int64]) -> Scorer:
    single = [np.array([place]) for place in range(len(words))]
    pairs = np.triu_indices(len(words), 1)
    lexical_background = background(lexical(single, single)[pairs])
    dense_background = background(dense(single, single)[pairs])

    def scores(queries: Sequence[Group], candidates: Sequence[Group]) -> NDArray[np.float64]:
        asked = [words[query].sum() for query in queries]
        parts = fused(
            lexical(queries, candidates),
            dense(queries, candidates),
            lexical_background=lexical_background,
            dense_background=dense_background,
            share=lexical_share(asked)[:, None],
        )
        return parts.total

    return scores


def _cosines(vectors: NDArray[np.float32]) -> Scorer:
    def scores(queries: Sequence[Group], candidates: Sequence[Group]) -> NDArray[np.float64]:
        products = _means(vectors, queries) @ _means(vectors, candidates).T
        return products.astype(np.float64)

    return scores


def _means(vectors: NDArray[np.float32], groups: Sequence[Group]) -> NDArray[np.float32]:
    sizes = [len(group) for group in groups]
    rows = np.repeat(np.arange(len(groups)), sizes)
    shares = np.repeat(1.0 / np.array(sizes), sizes)
    membership = sparse.csr_matrix((shares, (rows, np.concatenate(groups))), shape=(len(groups), len(vectors)))
    return unit((membership @ vectors).astype(np.float32))


def _joined(texts: Sequence[str], groups: Sequence[Group]) -> list[str]:
    return [" ".join(texts[place] for place in group) for group in groups]
