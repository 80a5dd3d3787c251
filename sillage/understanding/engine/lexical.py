"""Lexical vectors: which words, and which pieces of words, a text uses more than the corpus does.

TF-IDF with sublinear term frequency, 1 + ln(tf), and smoothed inverse document frequency,
ln((1 + n) / (1 + df)) + 1 (Salton and Buckley, 1988, as scikit-learn computes them), over words and pairs of
words, and over character n-grams inside words, which forgive spelling and inflection. Accents are stripped,
links left out.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sillage.lib.late import feature_extraction, sparse

WORD_CAP = 60_000
CHARACTER_CAP = 120_000
FORMAT = 1
_LINK = re.compile(r"https?://\S+|www\.\S+")
_BLOCK_WEIGHT = float(np.sqrt(0.5))


@dataclass(frozen=True, eq=False)
class LexicalModel:
    """A vocabulary and its weights, fitted on `documents` texts of one corpus.

    `words` and `characters` are the terms in the order of their columns; `word_idf` and `character_idf` their
    float32 weights. `version` is a hash of all of it: vectors of two versions are never compared.
    """

    documents: int
    words: tuple[str, ...]
    word_idf: NDArray[np.float32]
    characters: tuple[str, ...]
    character_idf: NDArray[np.float32]

    @property
    def width(self) -> int:
        """Number of columns of a transformed text."""
        return len(self.words) + len(self.characters)

    @cached_property
    def version(self) -> str:
        """The first 12 hexadecimal digits of a SHA-256 over everything that shapes the vectors."""
        digest = hashlib.sha256(f"lexical {FORMAT} {self.documents}".encode())
        for terms, idf in ((self.words, self.word_idf), (self.characters, self.character_idf)):
            digest.update("\n".join(terms).encode())
            digest.update(idf.astype("<f4").tobytes())
        return digest.hexdigest()[:12]

    def transform(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Return float32 rows of shape (texts, width).

        The two blocks have length sqrt(1/2) each, so that the product of two rows is the mean of their cosine
        over words and their cosine over characters, 0 to 1. A text without a known term is a row of zeros.
        """
        if not texts:
            return sparse.csr_matrix((0, self.width), dtype=np.float32)
        blocks = [vectorizer.transform(texts) * _BLOCK_WEIGHT for vectorizer in self._vectorizers]
        return sparse.csr_matrix(sparse.hstack(blocks, format="csr", dtype=np.float32))

    def term(self, column: int) -> str:
        """The word, pair of words or piece of a word that a column counts."""
        if column < len(self.words):
            return self.words[column]
        return self.characters[column - len(self.words)]

    def to_bytes(self) -> bytes:
        """An npz without pickled objects: two arrays, and the terms as JSON."""
        note = {
            "format": FORMAT,
            "documents": self.documents,
            "words": self.words,
            "characters": self.characters,
        }
        file = io.BytesIO()
        np.savez_compressed(
            file,
            note=np.frombuffer(json.dumps(note, ensure_ascii=False).encode(), dtype=np.uint8),
            word_idf=self.word_idf,
            character_idf=self.character_idf,
        )
        return file.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> LexicalModel:
        """The inverse of `to_bytes`. Raises ValueError when the data is of another format."""
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            note = json.loads(arrays["note"].tobytes())
            if note["format"] != FORMAT:
                raise ValueError(f"lexical model of format {note['format']}, expected {FORMAT}")
            return cls(
                documents=note["documents"],
                words=tuple(note["words"]),
                word_idf=arrays["word_idf"],
                characters=tuple(note["characters"]),
                character_idf=arrays["character_idf"],
            )

    @cached_property
    def _vectorizers(self) -> tuple[feature_extraction.text.TfidfVectorizer, feature_extraction.text.TfidfVectorizer]:
        return (
            _with_idf(_word_vectorizer(vocabulary=self.words), self.word_idf),
            _with_idf(_character_vectorizer(vocabulary=self.characters), self.character_idf),
        )


def fit_lexical(texts: Sequence[str], *, word_cap: int = WORD_CAP, character_cap: int = CHARACTER_CAP) -> LexicalModel:
    """Fit a model on a corpus. Raises ValueError when no text has a word of two letters."""
    fewest = min_documents(len(texts))
    words = _word_vectorizer(min_df=fewest, max_features=word_cap).fit(texts)
    characters = _character_vectorizer(min_df=fewest, max_features=character_cap).fit(texts)
    return LexicalModel(
        documents=len(texts),
        words=tuple(words.get_feature_names_out().tolist()),
        word_idf=words.idf_.astype(np.float32),
        characters=tuple(characters.get_feature_names_out().tolist()),
        character_idf=characters.idf_.astype(np.float32),
    )


def min_documents(corpus: int) -> int:
    """In how many texts a term must stand to be kept: all terms of a small corpus, repeated ones of a large."""
    if corpus < 2_000:
        return 1
    return 2 if corpus < 50_000 else 3


def plain(text: str) -> str:
    """Lower case, no accents, no links."""
    decomposed = unicodedata.normalize("NFKD", _LINK.sub(" ", text).lower())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def _word_vectorizer(**settings: Any) -> feature_extraction.text.TfidfVectorizer:
    return feature_extraction.text.TfidfVectorizer(
        preprocessor=plain,
        analyzer="word",
        ngram_range=(1, 2),
        sublinear_tf=True,
        dtype=np.float32,
        **settings,
    )


def _character_vectorizer(**settings: Any) -> feature_extraction.text.TfidfVectorizer:
    return feature_extraction.text.TfidfVectorizer(
        preprocessor=plain,
        analyzer="char_wb",
        ngram_range=(2, 5),
        sublinear_tf=True,
        dtype=np.float32,
        **settings,
    )


def _with_idf(
    vectorizer: feature_extraction.text.TfidfVectorizer, idf: NDArray[np.float32]
) -> feature_extraction.text.TfidfVectorizer:
    vectorizer.idf_ = idf
    return vectorizer
