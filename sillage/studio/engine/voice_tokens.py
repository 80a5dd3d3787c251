"""Counting over many texts at once: each distinct token is looked at once, however many texts hold it.

Ten thousand variants of a brief share some hundred words; so looked at, they cost what a hundred texts cost.
"""

from __future__ import annotations

import re
from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import count

import numpy as np
from numpy.typing import NDArray

from sillage.lib.late import feature_extraction, sparse

Numbers = NDArray[np.int64]
BUCKETS = 2**16  # n-grams are kept as numbers: no word of anybody's text can be read from a profile
_TOKEN = re.compile(r"\w+|[^\w\s]")  # words, and marks as words of their own

_HASHED = {"n_features": BUCKETS, "alternate_sign": False, "norm": None, "dtype": np.float64}


@cache
def _runs() -> feature_extraction.text.HashingVectorizer:
    return feature_extraction.text.HashingVectorizer(analyzer="char_wb", ngram_range=(2, 4), **_HASHED)


@cache
def _whole() -> feature_extraction.text.HashingVectorizer:
    return feature_extraction.text.HashingVectorizer(analyzer=lambda token: (token,), **_HASHED)


def incidence(rows: Iterable[Sequence[str]]) -> tuple[list[str], sparse.csr_matrix]:
    """The distinct tokens in the order in which they come, and how often each row holds each: shape (rows, tokens)."""
    tokens, numbers, ends = _numbered(rows)
    return tokens, _counted(numbers, ends, len(tokens))


def _numbered(rows: Iterable[Sequence[str]]) -> tuple[list[str], Numbers, Numbers]:
    """The distinct tokens, all tokens by their number, and where each row ends."""
    known: defaultdict[str, int] = defaultdict(count().__next__)
    numbers, ends = array("q"), array("q", [0])
    for row in rows:
        numbers.extend(map(known.__getitem__, row))
        ends.append(len(numbers))
    return list(known), np.frombuffer(numbers, np.int64) if numbers else np.zeros(0, np.int64), np.array(ends)


def _counted(numbers: Numbers, ends: Numbers, n: int) -> sparse.csr_matrix:
    counts = sparse.csr_matrix((np.ones(len(numbers)), numbers, ends), shape=(len(ends) - 1, n))
    counts.sum_duplicates()
    return counts


def run_counts(texts: Sequence[str]) -> sparse.csr_matrix:
    """Runs of two to four characters within words, as scikit-learn's `char_wb` has them: shape (texts, BUCKETS)."""
    words, counts = incidence(text.lower().split() for text in texts)
    return counts @ _runs().transform(words) if words else sparse.csr_matrix((len(texts), BUCKETS))


def word_counts(texts: Sequence[str]) -> sparse.csr_matrix:
    """Words, marks and pairs of neighbours: shape (texts, BUCKETS)."""
    words, numbers, ends = _numbered(words_of(text) for text in texts)
    if not words:
        return sparse.csr_matrix((len(texts), BUCKETS))
    pairs, of_pairs = np.unique(numbers[:-1] * len(words) + numbers[1:], return_inverse=True)
    is_within = np.ones(len(of_pairs), dtype=bool)  # not from the end of a text to the next one's beginning
    is_within[ends[(ends > 0) & (ends < len(numbers))] - 1] = False
    kept = np.concatenate([[0], np.cumsum(is_within)])
    ends_of_pairs = kept[np.minimum(ends, len(of_pairs))]
    named = [f"{words[pair // len(words)]} {words[pair % len(words)]}" for pair in pairs.tolist()]
    single = _counted(numbers, ends, len(words)) @ _whole().transform(words)
    if not named:
        return single
    return single + _counted(of_pairs[is_within], ends_of_pairs, len(named)) @ _whole().transform(named)


def words_of(text: str) -> list[str]:
    """Words in small letters, and marks as words of their own."""
    return _TOKEN.findall(text.lower())
