"""Which few of thousands a person sees first: those that fit, and of which no two go about it in the same way.

A person's marks move the order: texts that share runs of words, or the way of beginning, with what they want more of rise;
those alike to what they want less of sink.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from sillage.lib.text import folded
from sillage.studio.engine.runs import Run
from sillage.studio.engine.variants import Held

SHOWN = 12
# Jaccard similarity of runs of words that two shown ones may have; the first that suffices
LIMITS = (0.3, 0.4, 0.5, 0.6, 1.0)
PULL = 1.0  # of the similarity to a marked text, beside a fit of 0..1
KIN = 0.5  # of beginning in the same way as a marked text
TURN = 1.0  # what a family loses each time that it is shown; with marks it loses a tenth


@dataclass(frozen=True, slots=True)
class Marks:
    """What a person said of rows of a run. Dismissed ones are shown no more among the first."""

    favourites: frozenset[int] = frozenset()
    more: frozenset[int] = frozenset()
    less: frozenset[int] = frozenset()
    dismissed: frozenset[int] = frozenset()

    @property
    def move_the_order(self) -> bool:
        return bool(self.more or self.less)

    @property
    def hidden(self) -> frozenset[int]:
        return self.less | self.dismissed


NO_MARKS = Marks()


@dataclass(frozen=True, slots=True)
class Shown:
    """`rows` of the shown ones, the best first; `most_alike` is the largest similarity of two of them, 0..1."""

    rows: tuple[int, ...]
    most_alike: float


class Gallery:
    """A run as it is looked at: its texts in an order, the twelve to begin with, how alike two texts are."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.overall = run.overall

    @cached_property
    def held(self) -> Held:
        return Held.of(self.run.parts, self.run.places)

    def scores(self, marks: Marks) -> NDArray[np.float64]:
        """What texts are ordered by: their fit, moved by the marks."""
        scores = self.overall.copy()
        families = self.run.families()
        for rows, sign in ((marks.more, 1.0), (marks.less, -1.0)):
            for row in sorted(rows):
                like = PULL * self.held.similarities(row) + KIN * (families == families[row])
                scores += sign * like / len(rows)
        return scores

    def order(self, marks: Marks = NO_MARKS) -> NDArray[np.int64]:
        """All rows, the best first; what is equal keeps its place."""
        return np.asarray(np.argsort(-self.scores(marks), kind="stable"), dtype=np.int64)

    def shown(self, marks: Marks = NO_MARKS, n: int = SHOWN) -> Shown:
        """Greedy: the best first, then always the best of those that are unlike all chosen ones, families in turn."""
        wanted = min(n, len(self.run) - len(marks.hidden))
        chosen = Shown((), 0.0)
        for limit in LIMITS:
            chosen = self._chosen(marks, n, limit)
            if len(chosen.rows) >= wanted:
                break
        return chosen

    def _chosen(self, marks: Marks, n: int, limit: float) -> Shown:
        scores, families = self.scores(marks), self.run.families()
        turn = TURN / 10 if marks.move_the_order else TURN
        nearest, told = np.zeros(len(scores)), np.zeros(len(scores))
        closed = np.zeros(len(scores), dtype=np.bool_)
        closed[list(marks.hidden)] = True
        rows: list[int] = []
        most = 0.0
        while len(rows) < n:
            open_ = (nearest <= limit) & ~closed
            if not open_.any():
                break
            row = int(np.argmax(np.where(open_, scores - nearest - turn * told, -np.inf)))
            most = max(most, float(nearest[row]))
            rows.append(row)
            closed[row] = True
            nearest = np.maximum(nearest, self.held.similarities(row))
            told += families == families[row]
        return Shown(tuple(rows), round(most, 4))


def own_words(texts: Sequence[str]) -> list[list[tuple[str, bool]]]:
    """Each text in pieces, with whether a piece is words that none of the others has: what is seen side by side."""
    sets = [frozenset(_word(piece) for piece in text.split()) for text in texts]
    found = []
    for at, text in enumerate(texts):
        others = frozenset().union(*(own for other, own in enumerate(sets) if other != at))
        pieces = [(piece, _word(piece) not in others and _word(piece) != "") for piece in text.split()]
        runs = groupby(pieces, key=lambda piece: piece[1])
        found.append([(" ".join(word for word, _ in run), is_own) for is_own, run in runs])
    return found


def _word(piece: str) -> str:
    return "".join(c for c in folded(piece) if c.isalnum())
