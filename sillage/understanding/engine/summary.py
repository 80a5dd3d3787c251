"""Extractive summary: sentences of the texts themselves, so that nothing can be invented.

A sentence scores by its cosine to the centroid of all sentences over TF-IDF (centroid summaries: D. Radev, H. Jing,
M. Stys and D. Tam, 2004); sentences are then picked one after the other by how much they add to what is already said
(maximal marginal relevance: J. Carbonell and J. Goldstein, 1998). Each carries the id of its text and how many texts it
stands for: those nearer to it than to any other picked sentence. A sentence that speaks to a machine is never picked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sillage.lib.late import sparse
from sillage.understanding.engine.addressed import speaks_to_a_machine
from sillage.understanding.engine.topic_words import normal, term_rows

VERSION = "summary/1"
MOST_SENTENCES = 6
MOST_READ = 20_000  # sentences; of more, evenly spaced ones are read
SHORTEST, LONGEST = 4, 60  # words of a sentence that can be picked
RELEVANCE = 0.7  # of relevance against novelty
SAME = 0.55  # cosine from which two sentences say the same
STANDS_FROM = 0.15  # cosine from which a sentence stands for a text
_BREAK = re.compile(r"(?<=[.!?…])[\"»”’)]*\s+|[\r\n]+")
_LINKS = re.compile(r"https?://\S+|www\.\S+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the text `ref`, word for word but for links. `stands_for` counts texts, its own among them."""

    ref: str
    text: str
    stands_for: int


@dataclass(frozen=True, slots=True)
class Summary:
    """The sentences, those first that stand for most texts; `of` texts were read."""

    sentences: tuple[Sentence, ...]
    of: int


def sentences_of(text: str) -> list[str]:
    """A text in sentences, at full stops and line ends, without links."""
    parts = (" ".join(part.split()) for part in _BREAK.split(_LINKS.sub(" ", text)))
    return [part for part in parts if part]


def summarise(texts: Sequence[tuple[str, str]], most: int = MOST_SENTENCES) -> Summary:
    """Pick up to `most` sentences from (ref, text) pairs. Empty where no sentence shares a term with another."""
    ordered = sorted(texts)
    read = _spread([(ref, s) for ref, text in ordered for s in sentences_of(text)], MOST_READ)
    normals = [normal(sentence) for _, sentence in read]
    if not any(normals):
        return Summary((), len(ordered))
    try:
        rows, _ = term_rows(normals)
    except ValueError:  # no term in common
        return Summary((), len(ordered))
    fits = np.array([_can_stand_alone(sentence, n) for (_, sentence), n in zip(read, normals, strict=True)])
    chosen = _picked(rows, fits, most)
    counts = _stands_for(rows, chosen, [ref for ref, _ in read])
    picked = [Sentence(read[i][0], read[i][1], n) for i, n in zip(chosen, counts, strict=True) if n]
    return Summary(tuple(sorted(picked, key=lambda s: (-s.stands_for, s.ref))), len(ordered))


def _spread(sentences: list[tuple[str, str]], most: int) -> list[tuple[str, str]]:
    if len(sentences) <= most:
        return sentences
    return [sentences[int(i)] for i in np.linspace(0, len(sentences) - 1, most)]


def _can_stand_alone(sentence: str, read: str) -> bool:
    """Long enough to say something, short enough to be read, not a row of hashtags, not written for a machine."""
    words = sentence.split()
    tags = sum(word.startswith(("#", "@")) for word in words)
    return (
        SHORTEST <= len(words) <= LONGEST
        and tags * 2 <= len(words)
        and len(read.split()) >= 2
        and not speaks_to_a_machine(sentence)
    )


def _picked(rows: sparse.csr_matrix, fits: NDArray[np.bool_], most: int) -> list[int]:
    centre = np.asarray(rows.mean(axis=0)).ravel()
    relevance = np.where(fits, rows @ (centre / max(float(np.linalg.norm(centre)), 1e-12)), 0.0)
    nearest = np.zeros(len(relevance))
    chosen: list[int] = []
    for _ in range(most):
        score = np.where((relevance > 0) & (nearest < SAME), RELEVANCE * relevance - (1 - RELEVANCE) * nearest, -np.inf)
        best = int(score.argmax())
        if not np.isfinite(score[best]):
            break
        chosen.append(best)
        nearest = np.maximum(nearest, _cosines(rows, best))
    return chosen


def _cosines(rows: sparse.csr_matrix, place: int) -> NDArray[np.float64]:
    return np.asarray((rows @ rows[place].T).todense()).ravel()


def _stands_for(rows: sparse.csr_matrix, chosen: list[int], refs: Sequence[str]) -> list[int]:
    """For each chosen sentence the number of texts whose nearest chosen sentence it is."""
    if not chosen:
        return []
    near = np.asarray((rows @ rows[chosen].T).todense())
    best: dict[str, tuple[float, int]] = {}
    for ref, row in zip(refs, near, strict=True):
        which = int(row.argmax())
        if row[which] >= STANDS_FROM and (ref not in best or row[which] > best[ref][0]):
            best[ref] = (float(row[which]), which)
    taken = [which for _, which in best.values()]
    return [taken.count(i) for i in range(len(chosen))]
