"""Where a text stands among texts that were there before it: how close, to which, and what in it is common.

A text is cut into passages of about the length of a post, because a post is as much as the embedder reads. Closeness of the
text is the mean, over its passages, of how close each comes to the nearest text; the percentile says of how many of the
corpus' own texts the nearest neighbour (of another account) is farther away. Never a verdict: a text may be close because the
subject is narrow, far because it is in another language or off the subject. Two measures stand side by side, words and
meaning; their mean orders the nearest texts. Both fall for texts of a few words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

import numpy as np
from numpy.typing import NDArray

from sillage.lib.late import sparse
from sillage.studio.engine.corpus import (
    FEWEST,
    Corpus,
    Floats,
    Places,
    Word,
    closeness,
    different,
    plain_words,
    says_something,
    words_of,
)

VERSION = "placing/1"
PASSAGE = 260  # characters: about the 64 tokens that the embedder reads
MOST_PASSAGES = 16
SHOWN = 3  # nearest texts of a group
PHRASES = 8
LONGEST_PHRASE = 8  # words of a phrase that is counted
FEWEST_SAY = 3  # texts that say a phrase, before it is called common
COMMON_SHARE, COMMON_WORD = 0.005, 0.08  # of the texts: a phrase, a single word
SAME_PHRASE = 0.6  # a shorter phrase is left out when the longer one has this share of its texts
_ENDS = re.compile(r"(?<=[.!?…])\s+|\n+")


@dataclass(frozen=True, slots=True)
class Measure:
    """`closest` is the cosine to the nearest text, `mean` over passages; `percentile` among `n` texts of the corpus, 0..1.

    `percentile` is None where the corpus is too small.
    """

    closest: float
    mean: float
    percentile: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Near:
    """A text that was there before: closeness by words and by meaning, and the longest run of words that both have."""

    ref: str
    place: int  # in the corpus
    words: float
    meaning: float | None
    passage: str  # of the text that was placed, the nearest to it

    @property
    def closeness(self) -> float:
        """The mean of both; words alone where there is no meaning."""
        return self.words if self.meaning is None else (max(0.0, self.words) + max(0.0, self.meaning)) / 2

    @property
    def distance(self) -> float:
        return max(0.0, 1.0 - self.closeness)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words of the text that others say too: as it writes them, how many texts of how many, whose and where."""

    text: str
    n: int
    of: int
    owners: int
    refs: tuple[str, ...]
    length: int  # words


@dataclass(frozen=True, slots=True)
class Placement:
    """A text among the `n` of a group. Measures are None where there was nothing to measure.

    `usual`: the distances to the nearest neighbour of another account that the 10 %, 50 % and 90 % closest of the corpus' own
    texts have; None where it is too small.
    """

    n: int
    words: Measure | None
    meaning: Measure | None
    nearest: tuple[Near, ...]
    common: tuple[Phrase, ...]
    word_for_word: Phrase | None  # the longest run that stands in another text as it is
    usual: tuple[float, float, float] | None = None


def passages(text: str) -> list[str]:
    """The text cut at ends of sentences into passages of about PASSAGE characters, at most MOST_PASSAGES."""
    found: list[str] = []
    for sentence in (part for part in _ENDS.split(text.strip()) if part.strip()):
        for piece in _cut(sentence.strip()):
            if found and len(found[-1]) + len(piece) < PASSAGE:
                found[-1] = f"{found[-1]} {piece}"
            else:
                found.append(piece)
    return found[:MOST_PASSAGES]


def _cut(sentence: str) -> list[str]:
    pieces = [""]
    for word in sentence.split():
        if pieces[-1] and len(pieces[-1]) + len(word) >= PASSAGE:
            pieces.append("")
        pieces[-1] = f"{pieces[-1]} {word}".strip()
    return pieces


def placed(text: str, corpus: Corpus, vectors: Floats | None = None, shown: int = SHOWN) -> Placement:
    """Place a text. `vectors` are of its passages, (passages, dimensions), rows of length 1; None without an embedder."""
    parts = passages(text)
    if not corpus.n or not parts:
        return Placement(corpus.n, None, None, (), (), None)
    rows = corpus.word_rows(parts)
    by_words = closeness(corpus.rows, rows)
    by_meaning = None if vectors is None or corpus.vectors is None else closeness(corpus.vectors, vectors)
    runs = _Runs(text, corpus)
    return Placement(
        corpus.n,
        _measure(by_words, corpus.own_words, np.diff(sparse.csr_matrix(rows).indptr) > 0),
        None if by_meaning is None else _measure(by_meaning, corpus.own_meaning, np.ones(len(parts), bool)),
        _nearest(parts, corpus, by_words, by_meaning, shown),
        runs.common(),
        runs.longest(),
        _usual(corpus.own_both),
    )


def _usual(own: Floats) -> tuple[float, float, float] | None:
    if len(own) < FEWEST:
        return None
    near, middle, far = (max(0.0, float(1 - q)) for q in np.quantile(own, [0.9, 0.5, 0.1]))
    return near, middle, far


def _measure(near: Floats, own: Floats, counts: NDArray[np.bool_]) -> Measure | None:
    """`counts` says which passages have a word that the corpus has; where none has, its closeness is 0."""
    best = np.where(counts, near.max(axis=0), 0.0)
    mean = float(best.mean())
    return Measure(round(float(best.max()), 4), round(mean, 4), _percentile(own, mean), len(own))


def _percentile(own: Floats, mean: float) -> float | None:
    """The share of the corpus' own texts that are less close; of those as close, half."""
    if len(own) < FEWEST:
        return None
    farther, as_far = np.searchsorted(own, [mean - 1e-4, mean + 1e-4])
    return float((farther + as_far) / 2 / len(own))


def _nearest(
    parts: Sequence[str], corpus: Corpus, by_words: Floats, by_meaning: Floats | None, shown: int
) -> tuple[Near, ...]:
    """The nearest texts, each once, no two of which say the same."""
    both = by_words if by_meaning is None else (np.maximum(by_words, 0) + np.maximum(by_meaning, 0)) / 2
    best, passage = both.max(axis=1), both.argmax(axis=1)
    few = np.argpartition(-best, min(len(best) - 1, shown * 8))[: shown * 8 + 1]
    found: list[Near] = []
    for place in sorted(few.tolist(), key=lambda p: (-best[p], p)):
        if len(found) == shown or best[place] <= 0:
            break
        if any(_same(corpus, place, near.place) for near in found):
            continue
        at = int(passage[place])
        meaning = None if by_meaning is None else round(float(by_meaning[place, at]), 4)
        found.append(Near(corpus.refs[place], place, round(float(by_words[place, at]), 4), meaning, parts[at]))
    return tuple(found)


def _same(corpus: Corpus, one: int, other: int) -> bool:
    return float(corpus.rows[one].multiply(corpus.rows[other]).sum()) > 0.95


def shared_run(one: str, other: str) -> str:
    """The longest run of words that both texts have, as the first writes it; nothing below three words."""
    ours, theirs = words_of(one), plain_words(other)
    match = SequenceMatcher(None, [w.folded for w in ours], theirs, autojunk=False).find_longest_match()
    if match.size < 3:
        return ""
    return one[ours[match.a].start : ours[match.a + match.size - 1].end]


@dataclass(frozen=True, slots=True)
class _Run:
    """A run of a text's words that stands in the corpus: from which word, how many, in which texts."""

    at: int
    length: int
    texts: Places


class _Runs:
    """The runs of a text's words that a corpus has."""

    def __init__(self, text: str, corpus: Corpus) -> None:
        self.text, self.corpus = text, corpus
        self.words: list[Word] = words_of(text)
        self.ids = [corpus.vocabulary.get(word.folded, -1) for word in self.words]
        self.says = [says_something(word.folded) for word in self.words]
        self.found = [run for at in range(len(self.ids)) for run in self._from(at)]

    def _from(self, at: int) -> list[_Run]:
        """Runs of two words and more that begin here, the shortest first."""
        if at + 1 >= len(self.ids) or self.ids[at] < 0 or self.ids[at + 1] < 0:
            return []
        corpus, runs = self.corpus, []
        first, second = corpus.places_of(self.ids[at]), corpus.places_of(self.ids[at + 1])
        if len(first) <= len(second):
            places = first[corpus.tokens[first + 1] == self.ids[at + 1]]
        else:
            places = second[second > 0] - 1
            places = places[corpus.tokens[places] == self.ids[at]]
        length = 2
        while len(places):
            runs.append(_Run(at, length, different(corpus.texts[places])))
            if length == 60 or at + length >= len(self.ids) or self.ids[at + length] < 0:
                break
            places = places[corpus.tokens[np.minimum(places + length, len(corpus.tokens) - 1)] == self.ids[at + length]]
            length += 1
        return runs

    def longest(self) -> Phrase | None:
        """The longest run, of five words or more with two that say something."""
        long = [r for r in self.found if r.length >= 5 and sum(self.says[r.at : r.at + r.length]) >= 2]
        best = max(long, key=lambda r: (r.length, len(r.texts), -r.at), default=None)
        return self._phrase(best) if best else None

    def common(self) -> tuple[Phrase, ...]:
        """Phrases that many texts say, then single words that very many do."""
        least = max(FEWEST_SAY, round(COMMON_SHARE * self.corpus.n))
        kept: dict[tuple[int, ...], _Run] = {}
        for run in self.found:
            if run.length <= LONGEST_PHRASE and len(run.texts) >= least and self._is_whole(run):
                kept.setdefault(tuple(self.ids[run.at : run.at + run.length]), run)
        chosen: list[tuple[tuple[int, ...], _Run]] = []
        for ids, run in sorted(kept.items(), key=lambda item: (-item[1].length, -len(item[1].texts))):
            if not any(_holds(longer, ids) and len(r.texts) >= SAME_PHRASE * len(run.texts) for longer, r in chosen):
                chosen.append((ids, run))
        said = sorted((run for _, run in chosen), key=lambda r: (-len(r.texts) * (r.length - 1), r.at))[:PHRASES]
        return tuple(self._phrase(run) for run in (*said, *self._single(chosen)[: PHRASES - len(said)]))

    def _is_whole(self, run: _Run) -> bool:
        """It begins and ends with words that say something."""
        return self.says[run.at] and self.says[run.at + run.length - 1]

    def _single(self, chosen: Sequence[tuple[tuple[int, ...], _Run]]) -> list[_Run]:
        taken = {word for ids, _ in chosen for word in ids}
        least = max(FEWEST_SAY, round(COMMON_WORD * self.corpus.n))
        found: dict[int, _Run] = {}
        for at, word in enumerate(self.ids):
            if word < 0 or word in taken or word in found or not self.says[at]:
                continue
            texts = different(self.corpus.texts[self.corpus.places_of(word)])
            if len(texts) >= least:
                found[word] = _Run(at, 1, texts)
        return sorted(found.values(), key=lambda run: (-len(run.texts), run.at))

    def _phrase(self, run: _Run) -> Phrase:
        written = self.text[self.words[run.at].start : self.words[run.at + run.length - 1].end]
        refs = tuple(self.corpus.refs[place] for place in run.texts[:SHOWN])
        owners = len(np.unique(self.corpus.owners[run.texts]))
        return Phrase(" ".join(written.split()), len(run.texts), self.corpus.n, owners, refs, run.length)


def _holds(longer: tuple[int, ...], shorter: tuple[int, ...]) -> bool:
    n = len(shorter)
    return any(longer[i : i + n] == shorter for i in range(len(longer) - n + 1))
