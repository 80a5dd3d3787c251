"""The words of topic maps: what of a text is read, which terms count, and how a topic is named.

A text is read without links, addresses, handles and markup, folded and without accents, so that no person's handle ever
names a topic. Scripts that are written without spaces are not cut into words: known weakness.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from sillage.lib.late import feature_extraction, sparse
from sillage.understanding.engine.stop_words import STOP_WORDS

Floats = NDArray[np.float32]
LONGEST = 5_000  # characters of a text that are read
MOST_TERMS = 20_000
TOO_COMMON = 0.4  # a term in more of the texts than this tells none of them apart
NAMED_BY = 6  # words
LOOKED_THROUGH = 40  # of a topic's strongest terms, to find its words
REPLACED_FROM = 0.4  # a pair of words takes its word's place when it has this much of its weight

_LEFT_OUT = re.compile(
    r"https?://\S+|www\.\S+|[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64}|@[\w.]+|<[^<>]{1,200}>|&#?\w{1,8};|\\u[0-9a-f]{4}"
)
_UNSEEN = re.compile("[\u0300-\u036f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")
_TOKEN = re.compile(r"(?<![^\W_])[^\W\d_][^\W_]{2,}")
_ENDINGS = frozenset(
    re.findall(
        r"\w+",
        "a e i o s x n l t d as es os is us en er em ed et ez ers ens end ing ings ant ante ants ent ement ment al ale ales"
        " aux ux le les ne nes te tes ee ees re res ie ies y ia io ci chi che gli in innen ung ungen age ages ly",
    )
)
SHORTEST_STEM = 4


def normal(text: str) -> str:
    """The tokens of a text that can be terms, folded, with a space between: “L’été 2024 @ana” becomes “ete”."""
    decomposed = unicodedata.normalize("NFKD", _LEFT_OUT.sub(" ", text[:LONGEST])).casefold()
    return " ".join(_TOKEN.findall(unicodedata.normalize("NFC", _UNSEEN.sub("", decomposed))))


def content_words(text: str) -> list[str]:
    """Folded tokens of a text that are no stop words, in their order."""
    return [word for word in normal(text).split() if word not in STOP_WORDS]


def term_rows(normals: Sequence[str]) -> tuple[sparse.csr_matrix, tuple[str, ...]]:
    """TF-IDF of normal texts over words and pairs of words: float32 unit rows (texts, terms), and the terms.

    Raises ValueError when the texts have no term in common.
    """
    vectorizer = feature_extraction.text.TfidfVectorizer(
        lowercase=False,
        tokenizer=str.split,
        token_pattern=None,
        stop_words=sorted(STOP_WORDS),
        ngram_range=(1, 2),
        min_df=fewest_documents(len(normals)),
        max_df=TOO_COMMON,
        max_features=MOST_TERMS,
        sublinear_tf=True,
        dtype=np.float32,
    )
    rows = vectorizer.fit_transform(normals)
    return sparse.csr_matrix(rows), tuple(vectorizer.get_feature_names_out().tolist())


def fewest_documents(texts: int) -> int:
    """In how many texts a term must stand to count: 2 of a small set, 5 of a large one."""
    return max(2, min(5, round(math.sqrt(texts) / 20)))


def are_inflections(one: str, other: str) -> bool:
    """Two forms of one word, as far as endings of the five languages tell: “jardin” and “jardins”, “train” and “training”."""
    if one == other:
        return True
    stem = _common_start(one, other)
    if stem < min(SHORTEST_STEM, len(one), len(other)) or stem < 3:
        return False
    endings = one[stem:], other[stem:]
    doubled = [e[1:] if e[:1] == one[stem - 1] else e for e in endings]  # run, running
    return all(e == "" or e in _ENDINGS for e in endings) or all(e == "" or e in _ENDINGS for e in doubled)


def _common_start(one: str, other: str) -> int:
    return next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def naming_terms(weights: Floats, exclusive: Floats, terms: Sequence[str], most: int = NAMED_BY) -> list[str]:
    """The terms that name a topic: strong in it and rare in the others, no two forms of one word.

    `weights` (terms,) is how much each term belongs to the topic, `exclusive` (terms,) its share of the term, 0..1.
    A term's score is weight x sqrt(exclusive). A pair of words takes the place of its word where it is nearly as strong.
    """
    scores = weights * np.sqrt(exclusive)
    chosen: list[tuple[str, float]] = []
    for place in np.argsort(-scores, kind="stable")[:LOOKED_THROUGH]:
        term, score = terms[place], float(scores[place])
        if score <= 0:
            break
        alike = [i for i, (known, _) in enumerate(chosen) if _share_a_word(term, known)]
        if not alike:
            chosen.append((term, score))
        elif len(alike) == 1 and _completes(term, chosen[alike[0]][0]) and score >= REPLACED_FROM * chosen[alike[0]][1]:
            chosen[alike[0]] = (term, chosen[alike[0]][1])
    return [term for term, _ in chosen[:most]]


def _share_a_word(one: str, other: str) -> bool:
    return any(are_inflections(a, b) for a in one.split() for b in other.split())


def _completes(pair: str, word: str) -> bool:
    return " " in pair and " " not in word


def spelt(terms: Sequence[str], texts: Iterable[str]) -> list[str]:
    """The terms as the texts write them most often, with their accents, in lower case; as they are where none does."""
    seen: dict[str, Counter[str]] = {word: Counter() for term in terms for word in term.split()}
    for text in texts:
        written = unicodedata.normalize("NFC", _LEFT_OUT.sub(" ", text[:LONGEST])).lower()
        for token in _TOKEN.findall(written):
            folded = token if token.isascii() else normal(token)
            if folded in seen:
                seen[folded][token] += 1
    best = {word: min(forms, key=lambda f: (-forms[f], f)) if forms else word for word, forms in seen.items()}
    return [" ".join(best[word] for word in term.split()) for term in terms]
