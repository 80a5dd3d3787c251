"""A set of texts, ready to be asked how close another text comes to them: by words, by meaning, by runs of words.

Words: TF-IDF with sublinear term frequency, 1 + ln(tf), and ln((1 + n) / (1 + df)) + 1 (Salton and Buckley, 1988), stop words
left out, rows of length 1, so that the product of two rows is their cosine. Meaning: the embedder's vectors, as they are given.
Runs of words are found by their positions: every place of every word is known, so that a run is followed word by word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sillage.lib.late import sparse
from sillage.understanding.engine.stop_words import STOP_WORDS

LONGEST = 5_000  # characters of a text that are read
SAMPLE = 300  # texts whose nearest text is looked for: how close this corpus' own texts come to each other
FEWEST = 20  # texts, below which there is no percentile
BETWEEN = -1  # stands between two texts in `tokens`
_BATCH = 25

Floats = NDArray[np.float32]
Places = NDArray[np.int32]
Ids = NDArray[np.int32] | NDArray[np.int64]
_LEFT_OUT = re.compile(r"https?://\S+|www\.\S+|\S+@\S+\.\S+|@[\w.]+|&#?\w{1,8};")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_ELIDED = re.compile(r"(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)['’]")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text, folded, and where it stands in the text."""

    folded: str
    start: int
    end: int


def words_of(text: str) -> list[Word]:
    """The words of a text without links, addresses and handles: “L’été” is the word ete."""
    return [Word(plain, found.start(), found.end()) for found in _found(text) if (plain := _plain(found[0]))]


def plain_words(text: str) -> list[str]:
    """The same, folded, without their places."""
    return [plain for found in _found(text) if (plain := _plain(found[0]))]


def _found(text: str) -> Iterator[re.Match[str]]:
    kept = text[:LONGEST].replace("’", "'")
    if "@" in kept or "/" in kept or "&" in kept or "www." in kept:
        kept = _LEFT_OUT.sub(lambda found: " " * len(found[0]), kept)
    return _WORD.finditer(kept)


@lru_cache(maxsize=100_000)
def _plain(word: str) -> str:
    lower = word.lower()
    elided = _ELIDED.match(lower)
    bare = lower[elided.end() :] if elided else lower
    if bare.isascii():
        return bare
    return "".join(c for c in unicodedata.normalize("NFKD", bare).casefold() if not unicodedata.combining(c))


def says_something(word: str) -> bool:
    """No stop word, no number, more than two letters."""
    return len(word) > 2 and word not in STOP_WORDS and not word.isdigit()


@dataclass(frozen=True, eq=False)
class Corpus:
    """Texts by their place. `owners` tells whose they are: an account's own texts are alike and are not compared.

    `tokens` (words of all texts, BETWEEN after each), `texts` (the text of each token), `order` (places in `tokens` by word)
    and `starts` (where a word's places begin in `order`). `vectors` is (texts, dimensions), rows of length 1 or zero, None
    where there is no embedder. `own_words`, `own_meaning` and `own_both` (their mean): of a sample, how close each comes to
    the nearest of another owner, rising.
    """

    refs: tuple[str, ...]
    owners: NDArray[np.int64]
    vocabulary: dict[str, int] = field(repr=False)
    tokens: Places
    texts: Places
    order: Places
    starts: Places
    rows: sparse.csr_matrix
    idf: Floats
    vectors: Floats | None
    own_words: Floats
    own_meaning: Floats
    own_both: Floats

    @property
    def n(self) -> int:
        return len(self.refs)

    def word_rows(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Word rows of texts that are not in the corpus. Words that it does not have lengthen a row, as the rarest do."""
        read = [plain_words(text) for text in texts]
        known = [np.array([self.vocabulary[w] for w in words if w in self.vocabulary], np.int64) for words in read]
        strange = [len({w for w in words if w not in self.vocabulary and says_something(w)}) for words in read]
        of = np.repeat(np.arange(len(texts)), [len(ids) for ids in known])
        besides = np.array(strange, np.float64) * (np.log(1 + self.n) + 1) ** 2
        return _rows(np.concatenate([np.zeros(0, np.int64), *known]), of, len(texts), self.idf, besides)

    def places_of(self, word: int) -> Places:
        """Where a word stands in `tokens`, rising."""
        return self.order[self.starts[word] : self.starts[word + 1]]


def corpus_of(
    refs: Sequence[str], owners: Sequence[int], texts: Sequence[str], vectors: Floats | None = None
) -> Corpus:
    """Index texts. The same texts give the same corpus; texts without words stay in and are near nothing."""
    vocabulary: dict[str, int] = {}
    tokens: list[int] = []
    lengths = []
    for text in texts:
        words = plain_words(text)
        tokens += [vocabulary.setdefault(word, len(vocabulary)) for word in words]
        tokens.append(BETWEEN)
        lengths.append(len(words) + 1)
    ids = np.array(tokens, dtype=np.int32)
    of = np.repeat(np.arange(len(texts), dtype=np.int32), lengths)
    order = np.argsort(ids, kind="stable").astype(np.int32)
    starts = np.searchsorted(ids[order], np.arange(len(vocabulary) + 1)).astype(np.int32)
    real = ids >= 0
    idf = _idf(ids[order], of[order], list(vocabulary), len(texts))
    rows = _rows(ids[real].astype(np.int64), of[real].astype(np.int64), len(texts), idf, np.zeros(len(texts)))
    own = _nearest_of_sample(rows, vectors, np.asarray(owners, dtype=np.int64))
    return Corpus(
        tuple(refs),
        np.asarray(owners, dtype=np.int64),
        vocabulary,
        ids,
        of,
        order,
        starts,
        rows,
        idf,
        vectors,
        *own,
    )


def _idf(ids: Places, of: Places, words: Sequence[str], n: int) -> Floats:
    """Weights of words, from tokens in the order of words and texts; stop words weigh nothing."""
    is_new = (
        np.concatenate([[True], (ids[1:] != ids[:-1]) | (of[1:] != of[:-1])]) & (ids >= 0) if len(ids) else ids >= 0
    )
    counts = np.bincount(ids[is_new], minlength=len(words))
    weights = np.log((1 + n) / (1 + counts)) + 1
    says = np.fromiter((says_something(word) for word in words), bool, len(words))
    return np.asarray(np.where(says, weights, 0.0), dtype=np.float32)


def _rows(ids: Ids, of: Ids, n: int, idf: Floats, besides: NDArray[np.float64]) -> sparse.csr_matrix:
    """TF-IDF rows of length 1, of which `besides` is squared length elsewhere; without a word that says something, zeros.

    `ids` and `of` are the word and the text of each token.
    """
    width = max(1, len(idf))
    says = idf[ids] > 0
    pairs, counts = np.unique(of[says] * width + ids[says], return_counts=True)
    texts, columns = pairs // width, pairs % width
    weights = (1 + np.log(counts)) * idf[columns]
    norms = np.sqrt(np.bincount(texts, weights=weights**2, minlength=n) + besides)
    values = (weights / np.maximum(norms[texts], 1e-12)).astype(np.float32)
    starts = np.searchsorted(texts, np.arange(n + 1))
    return sparse.csr_matrix((values, columns.astype(np.int32), starts), shape=(n, width))


def different(rising: Places) -> Places:
    """Each of the numbers once; they do not fall."""
    if not len(rising):
        return rising
    return np.asarray(rising[np.concatenate([[True], rising[1:] != rising[:-1]])], dtype=np.int32)


def _nearest_of_sample(
    rows: sparse.csr_matrix, vectors: Floats | None, owners: NDArray[np.int64]
) -> tuple[Floats, ...]:
    """How close texts of a sample come to the nearest text of another owner: by words, by meaning, by their mean; rising.

    Texts without words, or without a vector, are left out.
    """
    n = len(owners)
    drawn = np.unique(np.linspace(0, n - 1, min(n, SAMPLE)).astype(np.int64)) if n >= FEWEST else np.zeros(0, np.int64)
    found: tuple[list[float], ...] = ([], [], [])
    for start in range(0, len(drawn), _BATCH):
        at = drawn[start : start + _BATCH]
        by_words = np.maximum(closeness(rows, rows[at]), 0)
        by_meaning = None if vectors is None else np.maximum(closeness(vectors, vectors[at]), 0)
        for column, place in enumerate(at):
            others = owners != owners[place]
            has_words, has_meaning = rows.indptr[place] < rows.indptr[place + 1], _is_filled(vectors, int(place))
            if not others.any() or not has_words:
                continue
            found[0].append(float(by_words[others, column].max()))
            if by_meaning is None:
                found[2].append(found[0][-1])
            elif has_meaning:
                found[1].append(float(by_meaning[others, column].max()))
                found[2].append(float((by_words[others, column] + by_meaning[others, column]).max() / 2))
    return tuple(np.sort(np.array(own, dtype=np.float32)) for own in found)


def _is_filled(vectors: Floats | None, place: int) -> bool:
    return vectors is not None and bool(np.any(vectors[place] != 0))


def closeness(rows: sparse.csr_matrix | Floats, asked: sparse.csr_matrix | Floats) -> Floats:
    """Cosines of every text with each asked one, (texts, asked); rows have length 1."""
    if isinstance(rows, np.ndarray):
        return np.asarray(rows @ np.asarray(asked).T, dtype=np.float32)
    dense = np.ascontiguousarray(sparse.csr_matrix(asked).toarray().T, dtype=np.float32)
    return np.asarray(rows @ dense, dtype=np.float32)
