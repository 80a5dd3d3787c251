"""Topics of a set of texts: non-negative matrix factorisation of TF-IDF.

V ~ W H with nothing negative (D. D. Lee and H. S. Seung, Nature 401, 1999), by coordinate descent (A. Cichocki and
A.-H. Phan, 2009, as scikit-learn has it) from a start that the data alone gives (NNDSVD, C. Boutsidis and
E. Gallopoulos, 2008), for which singular vectors are computed, not sampled. Nothing is drawn at random, so there is no seed.
Texts are read in the order of their words, each wording once: the order in which they come does not matter, texts that
say the same are in the same topics, and the same set gives the same topics.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from warnings import catch_warnings, simplefilter

import numpy as np
from numpy.typing import NDArray

from sillage.lib.late import decomposition, exceptions, sparse
from sillage.understanding.engine.topic_trends import Difference, Periods, direction, periods_of, share_difference
from sillage.understanding.engine.topic_words import NAMED_BY, Floats, naming_terms, normal, spelt, term_rows

VERSION = "topics/1"
FEWEST_TEXTS = 30
FEWEST_TOPICS, MOST_TOPICS = 2, 60
ROUNDS = 20  # from that start more change neither error nor coherence (bench/topics.py)
BELONGS_FROM = 1 / 3  # of a text's weight over topics; its strongest topic always has it
LOOSE_BELOW = 0.08  # cosine-like strength under which a text only lies near its topic
QUOTES = 4  # per topic and set
LOOKED_AT = 200  # of a topic's texts, to find its quotes
QUOTE_TOKENS = 4  # shorter texts are quoted only where there is nothing longer
ALIKE = 0.5  # Jaccard overlap of words from which two quotes say the same
NAMED_FROM = 60  # texts in which the spelling of a topic's words is looked up
HEAVIEST = 9.0  # a small set compared with a large one counts for up to so many times its texts


@dataclass(frozen=True, slots=True)
class SetText:
    """A text of a set. `ref` is "post:ACCOUNT:ID" or "comment:ACCOUNT:ID"; `is_second` where two sets are compared."""

    ref: str
    text: str
    day: date | None
    account_id: int
    is_second: bool = False


@dataclass(frozen=True, slots=True)
class Quoted:
    """A text that stands for a topic. `strength` is about its cosine to the topic, 0..1."""

    ref: str
    text: str
    day: date | None
    account_id: int
    is_second: bool
    strength: float


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic. Pairs are (first set, second set); of a single set the second of each is 0 or empty.

    `texts` belong to it and may belong to others too; `counts` are texts per period.
    """

    words: tuple[str, ...]
    texts: tuple[int, int]
    shares: tuple[float, float]
    counts: tuple[tuple[int, ...], tuple[int, ...]]
    change: Difference | None  # later half of the periods against the earlier, first set
    comparison: Difference | None  # second set against the first
    quotes: tuple[Quoted, ...]


@dataclass(frozen=True, slots=True)
class TopicsFound:
    """What a set talks about. `without` a topic are texts that share no term with others; `loose` lie far from theirs."""

    topics: tuple[Topic, ...]
    texts: tuple[int, int]
    without: int
    loose: int
    terms: int
    periods: Periods
    totals: tuple[tuple[int, ...], tuple[int, ...]]


@dataclass(frozen=True, eq=False)
class TopicFit:
    """`terms` are columns of `weights` (topics, terms), unit rows; `strengths` is float32 (texts, topics)."""

    terms: tuple[str, ...]
    weights: Floats
    strengths: Floats

    @cached_property
    def belongs(self) -> NDArray[np.bool_]:
        """bool (texts, topics): a text is in its strongest topic, and in each that has a third of its weight."""
        total = self.strengths.sum(axis=1, keepdims=True)
        found = (self.strengths >= BELONGS_FROM * total) & (total > 0)
        strongest = self.strengths.argmax(axis=1)
        found[np.arange(len(found)), strongest] = total[:, 0] > 0
        return np.asarray(found)

    @cached_property
    def exclusive(self) -> Floats:
        """float32 (topics, terms): each topic's part of a term, columns that sum to 1."""
        return np.asarray(self.weights / np.maximum(self.weights.sum(axis=0, keepdims=True), 1e-12))

    def naming(self, topic: int, most: int = NAMED_BY) -> list[str]:
        """The terms that name a topic, folded."""
        return naming_terms(self.weights[topic], self.exclusive[topic], self.terms, most)


def fitting_topics(texts: int) -> int:
    """How many topics a set of that size gets: 4 of 30 texts, 11 of 1,000, 59 of 50,000."""
    return min(MOST_TOPICS, 3 + round(math.sqrt(texts) / 4))


def readable(texts: Sequence[str]) -> int:
    """How many of the texts have a word to read."""
    return sum(bool(normal(text)) for text in texts)


def fit_topics(
    texts: Sequence[str],
    *,
    topics: int | None = None,
    importance: NDArray[np.float64] | None = None,
) -> TopicFit:
    """Fit topics. `importance` (texts,) weighs the texts' errors. Raises ValueError when texts have no terms in common."""
    normals = [normal(text) for text in texts]
    unique = sorted({n for n in normals if n})
    place_of = {n: i for i, n in enumerate(unique)}
    places = np.array([place_of.get(n, -1) for n in normals])
    rows, terms = term_rows(unique)
    wanted = min(topics or fitting_topics(len(unique)), *(side - 1 for side in rows.shape))
    if wanted < FEWEST_TOPICS:
        raise ValueError("the texts have too few terms in common")
    scale = _scale(places, len(unique), importance)
    left, right = _factors(sparse.csr_matrix(sparse.diags(scale) @ rows), wanted)
    length = np.linalg.norm(right, axis=1)
    alive = length > 0
    strengths = np.zeros((len(texts), int(alive.sum())), dtype=np.float32)
    known = places >= 0
    strengths[known] = (left / scale[:, None] * length)[:, alive][places[known]]
    return TopicFit(terms, right[alive] / length[alive, None], strengths)


def _scale(places: NDArray[np.int64], n: int, importance: NDArray[np.float64] | None) -> Floats:
    """Square roots, because errors are squared; a wording that several texts share has the most important one's."""
    if importance is None:
        return np.ones(n, dtype=np.float32)
    scale = np.zeros(n)
    np.maximum.at(scale, places[places >= 0], importance[places >= 0])
    return np.sqrt(scale).astype(np.float32)


def _factors(rows: sparse.csr_matrix, topics: int) -> tuple[Floats, Floats]:
    left, right = _start(rows, topics)
    model = decomposition.NMF(topics, init="custom", solver="cd", max_iter=ROUNDS, tol=0)
    with catch_warnings():
        simplefilter("ignore", exceptions.ConvergenceWarning)  # the rounds are counted, not the change
        left = model.fit_transform(rows, W=left, H=right)
    return left, model.components_


def _start(rows: sparse.csr_matrix, topics: int) -> tuple[Floats, Floats]:
    """NNDSVD: of each pair of singular vectors the stronger of its positive and its negative part."""
    shorter = min(rows.shape)
    vectors, values, others = sparse.linalg.svds(rows, k=topics, v0=np.full(shorter, shorter**-0.5, dtype=rows.dtype))
    left = np.zeros((rows.shape[0], topics), dtype=np.float32)
    right = np.zeros((topics, rows.shape[1]), dtype=np.float32)
    for place, which in enumerate(np.argsort(-values, kind="stable")):
        one, other = vectors[:, which], others[which]
        parts = [(np.maximum(sign * one, 0), np.maximum(sign * other, 0)) for sign in (1, -1)]
        column, row = max(parts, key=lambda p: float(np.linalg.norm(p[0]) * np.linalg.norm(p[1])))
        lengths = np.linalg.norm(column), np.linalg.norm(row)
        if min(lengths) > 0:
            left[:, place] = column * np.sqrt(values[which] * lengths[1] / lengths[0])
            right[place] = row * np.sqrt(values[which] * lengths[0] / lengths[1])
    return left, right


@dataclass(frozen=True, eq=False)
class _Read:
    """One or two sets with their topics: what each topic is told from. `at` is the period of each text."""

    texts: Sequence[SetText]
    second: NDArray[np.bool_]
    fit: TopicFit
    periods: Periods
    at: NDArray[np.int64]

    @property
    def sizes(self) -> tuple[int, int]:
        return self.in_sets(np.ones(len(self.texts), dtype=bool))

    @cached_property
    def totals(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        return self.per_period(np.ones(len(self.texts), dtype=bool))

    def in_sets(self, chosen: NDArray[np.bool_]) -> tuple[int, int]:
        return int((chosen & ~self.second).sum()), int((chosen & self.second).sum())

    def per_period(self, chosen: NDArray[np.bool_]) -> tuple[tuple[int, ...], tuple[int, ...]]:
        return self._counted(chosen & ~self.second), self._counted(chosen & self.second)

    def _counted(self, chosen: NDArray[np.bool_]) -> tuple[int, ...]:
        if not self.periods.starts:
            return ()
        return tuple(np.bincount(self.at[chosen & (self.at >= 0)], minlength=len(self.periods.starts)).tolist())


def find_topics(texts: Sequence[SetText], *, topics: int | None = None) -> TopicsFound:
    """Topics of one set, or of two sets together with their difference, the largest first.

    Raises ValueError when texts have no terms in common. The caller refuses sets of fewer than FEWEST_TEXTS.
    """
    ordered = sorted(texts, key=lambda t: t.ref)
    second = np.array([t.is_second for t in ordered])
    fit = fit_topics([t.text for t in ordered], topics=topics, importance=_importance(second))
    days = [t.day for t in ordered]
    periods = periods_of(days)
    read = _Read(ordered, second, fit, periods, periods.places(days))
    sizes = fit.belongs.sum(axis=0)
    order = [int(t) for t in np.argsort(-sizes, kind="stable") if sizes[t]]
    strongest = fit.strengths.max(axis=1)
    return TopicsFound(
        topics=tuple(_topic(read, t, len(order)) for t in order),
        texts=read.sizes,
        without=int((strongest <= 0).sum()),
        loose=int(((strongest > 0) & (strongest < LOOSE_BELOW)).sum()),
        terms=len(fit.terms),
        periods=periods,
        totals=read.totals,
    )


def _importance(second: NDArray[np.bool_]) -> NDArray[np.float64] | None:
    """Each set counts for the same in all, so that a large one does not swallow what a small one talks about."""
    sizes = int((~second).sum()), int(second.sum())
    if 0 in sizes:
        return None
    factor = min(HEAVIEST, max(sizes) / min(sizes))
    small = second if sizes[1] < sizes[0] else ~second
    return np.where(small, factor, 1.0)


def _topic(read: _Read, topic: int, topics: int) -> Topic:
    mine = read.fit.belongs[:, topic]
    hits, n, counts = read.in_sets(mine), read.sizes, read.per_period(mine)
    ranked = _representative(read.fit, topic)
    terms = read.fit.naming(topic)
    sides = [[i for i in ranked if read.second[i] == side] for side in (False, True)]
    quoted = [i for side in sides for i in _quotes(read.texts, side, frozenset(" ".join(terms).split()))]
    return Topic(
        words=tuple(spelt(terms, [read.texts[i].text for i in ranked[:NAMED_FROM]])),
        texts=hits,
        shares=(hits[0] / n[0] if n[0] else 0.0, hits[1] / n[1] if n[1] else 0.0),
        counts=counts,
        change=direction(counts[0], read.totals[0], topics),
        comparison=share_difference(hits, n, topics),
        quotes=tuple(_quoted(read.texts[i], float(read.fit.strengths[i, topic])) for i in quoted),
    )


def _quoted(text: SetText, strength: float) -> Quoted:
    return Quoted(text.ref, text.text, text.day, text.account_id, text.is_second, round(strength, 3))


def _representative(fit: TopicFit, topic: int) -> list[int]:
    """Places of the topic's texts, those first that are strong in it and in little else."""
    total = np.maximum(fit.strengths.sum(axis=1), 1e-12)
    score = fit.strengths[:, topic] ** 2 / total
    own = np.flatnonzero(fit.belongs[:, topic])
    return [int(i) for i in own[np.argsort(-score[own], kind="stable")]]


def _quotes(texts: Sequence[SetText], ranked: Sequence[int], named: frozenset[str]) -> list[int]:
    """The first QUOTES that do not say the same, of different accounts before several of one."""
    chosen: list[tuple[int, frozenset[str]]] = []
    for i, words in _by_preference(texts, ranked[:LOOKED_AT], named):
        if len(chosen) == QUOTES:
            break
        if all(len(words & known) < ALIKE * len(words | known) for _, known in chosen):
            chosen.append((i, words))
    return [i for i, _ in chosen]


def _by_preference(
    texts: Sequence[SetText], ranked: Sequence[int], named: frozenset[str]
) -> Iterator[tuple[int, frozenset[str]]]:
    """The best long text of each account, then all long ones, then short ones; some come twice.

    Among long texts those first that hold two of the words that name the topic.
    """
    read = [(i, frozenset(normal(texts[i].text).split())) for i in ranked]
    long = sorted((r for r in read if len(r[1]) >= QUOTE_TOKENS), key=lambda r: -min(2, len(r[1] & named)))
    firsts: dict[int, tuple[int, frozenset[str]]] = {}
    for i, words in long:
        firsts.setdefault(texts[i].account_id, (i, words))
    yield from firsts.values()
    yield from long
    yield from (r for r in read if r[1] and len(r[1]) < QUOTE_TOKENS)
