"""What one set of texts says and another does not, by weighted log-odds.

Weighted log-odds with an informative Dirichlet prior (B. L. Monroe, M. P. Colaresi and K. M. Quinn, “Fightin’ Words”, Political
Analysis 16, 2008, equations 15 to 22), over texts that say a word instead of occurrences, so that one text that repeats itself
counts once. The prior is what both sets say together, as strong as PRIOR words, or a tenth of the smaller set: it draws rare
words towards no difference. A word counts from FEWEST_TEXTS texts of FEWEST_OWNERS accounts or more; z above CLEAR says that
the difference is more than chance would give, once; of a thousand words a few are above it by chance.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log, sqrt

from sillage.studio.engine.corpus import says_something, words_of
from sillage.understanding.engine.topic_words import are_inflections

VERSION = "angles/1"
PRIOR, PRIOR_SHARE = 500.0, 0.1
CLEAR = 2.58  # two-sided 1 %
FEWEST_TEXTS, FEWEST_OWNERS = 3, 2
AT_LEAST_TIMES = 3.0  # how much more of the first set's texts than of the second's say it
MOST = 40
QUOTED = 3  # texts per word


@dataclass(frozen=True, slots=True)
class Spoken:
    """A text of a set: its ref, who published it, what it says (words, or themes)."""

    ref: str
    owner: int
    terms: frozenset[str]


@dataclass(frozen=True, slots=True)
class Contrast:
    """A term of the first set: `n` of its `of` texts, by `owners` accounts; `other_n` of `other_of` in the second."""

    term: str
    n: int
    of: int
    other_n: int
    other_of: int
    owners: int
    log_odds: float
    z: float
    refs: tuple[str, ...]


def terms_in(text: str) -> frozenset[str]:
    """The words of a text that say something, and pairs of neighbouring ones; folded."""
    words = [word.folded for word in words_of(text)]
    single = {word for word in words if says_something(word)}
    pairs = {f"{a} {b}" for a, b in pairwise(words) if says_something(a) and says_something(b)}
    return frozenset(single | pairs)


def log_odds(counts: tuple[int, int], totals: tuple[int, int], prior: float, prior_total: float) -> tuple[float, float]:
    """How much likelier a term is in the first set than in the second, in natural logarithms, and its z."""

    def odds(n: int, of: int) -> float:
        return log((n + prior) / max(1e-9, of + prior_total - n - prior))

    delta = odds(counts[0], totals[0]) - odds(counts[1], totals[1])
    return delta, delta / sqrt(1 / (counts[0] + prior) + 1 / (counts[1] + prior))


def contrasts(
    ours: Sequence[Spoken],
    theirs: Sequence[Spoken],
    *,
    may_say: Callable[[str], bool] | None = None,
    most: int = MOST,
    are_words: bool = True,
) -> list[Contrast]:
    """Terms that the first set says clearly more often, the clearest first; of words no two forms of one.

    `may_say` leaves out terms that must not be proposed. Empty where one of the sets is.
    """
    if not ours or not theirs:
        return []
    first, second = _counts(ours), _counts(theirs)
    totals = sum(first.values()), sum(second.values())
    both, strength = sum(totals), min(PRIOR, PRIOR_SHARE * min(totals))
    owners, refs = _by_term(ours)
    found = []
    for term, n in first.items():
        other = second[term]
        if n < FEWEST_TEXTS or len(owners[term]) < FEWEST_OWNERS:
            continue
        if n / len(ours) < AT_LEAST_TIMES * other / len(theirs):
            continue
        delta, z = log_odds((n, other), totals, strength * (n + other) / both, strength)
        if z >= CLEAR and (may_say is None or may_say(term)):
            quoted = tuple(refs[term][:QUOTED])
            found.append(Contrast(term, n, len(ours), other, len(theirs), len(owners[term]), delta, z, quoted))
    found.sort(key=lambda c: (-c.z, c.term))
    return _different(found, most) if are_words else found[:most]


def _counts(texts: Sequence[Spoken]) -> Counter[str]:
    counted: Counter[str] = Counter()
    for text in texts:
        counted.update(text.terms)
    return counted


def _by_term(texts: Sequence[Spoken]) -> tuple[Mapping[str, set[int]], Mapping[str, list[str]]]:
    """Per term whose texts say it, and some refs: each of another owner as far as there are."""
    owners: defaultdict[str, set[int]] = defaultdict(set)
    first: defaultdict[str, list[str]] = defaultdict(list)
    more: defaultdict[str, list[str]] = defaultdict(list)
    for text in texts:
        for term in text.terms:
            is_new = text.owner not in owners[term]
            owners[term].add(text.owner)
            kept = first[term] if is_new else more[term]
            if len(kept) < QUOTED:
                kept.append(text.ref)
    return owners, {term: first[term] + more[term] for term in owners}


def _different(found: Sequence[Contrast], most: int) -> list[Contrast]:
    """One form of each word; a pair takes the place of its words where it comes first."""
    kept: list[Contrast] = []
    for one in found:
        if len(kept) == most:
            break
        words = one.term.split()
        if not any(any(are_inflections(a, b) for a in words for b in other.term.split()) for other in kept):
            kept.append(one)
    return kept
