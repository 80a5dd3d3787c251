"""Questions that people ask, those that ask nearly the same put together.

Two questions are one when the cosine of their pieces of words (TF-IDF over runs of three to five characters within words that
say something) is at least SAME; groups are joined through what they share, the largest first.
Short questions with the same word and another meaning may fall together; the number says how often it was asked so, not by
how many people, since who comments is not known here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sillage.lib.late import feature_extraction, sparse
from sillage.studio.engine.corpus import says_something, words_of

VERSION = "asked/1"
SAME = 0.62
MOST_COMPARED = 4_000  # the newest
MOST_GROUPS = 20
FEW = 6  # groups, to which questions that were asked once are added
QUOTED = 3
_HANDLE = re.compile(r"@[\w.]+")


@dataclass(frozen=True, slots=True)
class Question:
    """A comment that asks: its ref, its words, the post and the account that it stands under."""

    ref: str
    text: str
    post: int
    account: int


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that ask nearly the same: the most typical one, some refs, how many posts and accounts they stand under."""

    ref: str
    text: str
    n: int
    of: int
    posts: int
    accounts: int
    refs: tuple[str, ...]


def without_names(text: str) -> str:
    """The words without handles: who is spoken to is nobody's business here."""
    return " ".join(_HANDLE.sub("@…", text).split())


def grouped(questions: Sequence[Question]) -> list[Group]:
    """The most asked first, at most MOST_GROUPS; those asked once only where there are few others.

    A question without a word is left out.
    """
    worded = [q for q in questions[:MOST_COMPARED] if words_of(q.text)]
    if not worded:
        return []
    near = _nearness(worded)
    _, labels = sparse.csgraph.connected_components(near >= SAME, directed=False)
    found = [_group(worded, np.flatnonzero(labels == label), near) for label in np.unique(labels)]
    found.sort(key=lambda g: (-g.n, -g.accounts, g.ref))
    repeated = sum(group.n > 1 for group in found)
    return found[: min(MOST_GROUPS, max(FEW, repeated))]


def _nearness(questions: Sequence[Question]) -> sparse.csr_matrix:
    vectorizer = feature_extraction.text.TfidfVectorizer(
        analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, dtype=np.float32
    )
    rows = sparse.csr_matrix(vectorizer.fit_transform([_asked(q.text) for q in questions]))
    near = sparse.csr_matrix(rows @ rows.T)
    near.data[near.data < SAME] = 0
    near.eliminate_zeros()
    return near


def _asked(text: str) -> str:
    """What of a question says something; all of it where nothing does."""
    words = [w.folded for w in words_of(text)]
    kept = [w for w in words if says_something(w)]
    return " ".join(kept or words)


def _group(questions: Sequence[Question], members: np.ndarray, near: sparse.csr_matrix) -> Group:
    inner = near[members][:, members]
    typical = members[int(np.argmax(np.asarray(inner.sum(axis=1)).ravel()))]
    own = [questions[i] for i in members]
    first = questions[int(typical)]
    refs = [first.ref, *(q.ref for q in own if q.ref != first.ref)]
    return Group(
        first.ref,
        without_names(first.text),
        len(own),
        len(questions),
        len({q.post for q in own}),
        len({q.account for q in own}),
        tuple(refs[:QUOTED]),
    )
