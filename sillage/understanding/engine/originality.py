"""Texts that say nearly the same, and how far an account's language lies from that of its theme.

Near-duplicates: MinHash over overlapping runs of characters (Broder, 1997) proposes pairs, of which those are kept whose
exact Jaccard similarity is at least `SAME`. Links, handles, emoji, zero-width characters, accents and case are left out
first, so that a copy with another emoji is still a copy.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rensa import RMinHash, RMinHashLSH

from sillage.lib.late import sparse

VERSION = "originality/1"
SAME = 0.7  # Jaccard similarity of runs of characters
RUN = 5  # characters
FEWEST_CHARACTERS = 40  # of the plain text; shorter ones are alike by chance
MOST_CHARACTERS = 4_000  # that are compared
PERMUTATIONS, BANDS, SEED = 64, 16, 42
MOST_LIKE_ONE = 50  # texts that one text is compared with
FEWEST_IN_THEME = 5  # others, below which there is no percentile

_LEFT_OUT = re.compile(r"https?://\S+|www\.\S+|\S+@\S+\.\S+|@[\w.]+|&\w+;")
_UNSEEN = re.compile(r"[\u200b-\u200f\u2060-\u2064\ufeff\u00ad\ufe00-\ufe0f]")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Alike:
    """Two texts by their places, the first before the second, and their Jaccard similarity, SAME to 1."""

    first: int
    second: int
    similarity: float


def plain_text(text: str) -> str:
    """Small letters and digits with single spaces: no links, handles, emoji, accents, zero-width characters."""
    kept = _LEFT_OUT.sub(" ", unicodedata.normalize("NFKC", _UNSEEN.sub("", text)))
    bare = "".join(c for c in unicodedata.normalize("NFKD", kept.casefold()) if not unicodedata.combining(c))
    return " ".join(_WORD.findall(bare.replace("_", " ")))


def runs_of(plain: str) -> frozenset[str]:
    """The runs of RUN characters of a plain text; a shorter text is one run."""
    return frozenset(plain[i : i + RUN] for i in range(max(1, len(plain) - RUN + 1)))


def jaccard(one: frozenset[str], other: frozenset[str]) -> float:
    """Shared by all, 0 to 1; 0 for two empty sets."""
    both = len(one & other)
    return both / (len(one) + len(other) - both) if both else 0.0


def alike(texts: Sequence[str], *, same: float = SAME) -> list[Alike]:
    """Pairs of texts that are nearly the same, in order. Texts of fewer than FEWEST_CHARACTERS are in none.

    Texts that are equal when plain are compared once, so that ten thousand copies of one are no hundred million pairs: of
    those, each is paired with the first only.
    """
    groups: defaultdict[str, list[int]] = defaultdict(list)
    for place, text in enumerate(texts):
        plain = plain_text(text)[:MOST_CHARACTERS]
        if len(plain) >= FEWEST_CHARACTERS:
            groups[plain].append(place)
    found = [Alike(places[0], other, 1.0) for places in groups.values() for other in places[1:]]
    firsts = list(groups)
    runs = [runs_of(plain) for plain in firsts]
    for a, b in _proposed(runs):
        similarity = jaccard(runs[a], runs[b])
        if similarity >= same:
            one, other = sorted((groups[firsts[a]][0], groups[firsts[b]][0]))
            found.append(Alike(one, other, round(similarity, 3)))
    return sorted(found, key=lambda p: (p.first, p.second))


def minhash_of(runs: frozenset[str]) -> RMinHash:
    """PERMUTATIONS minima, always the same for the same runs."""
    minhash = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
    minhash.update(list(runs))
    return minhash


def _proposed(runs: Sequence[frozenset[str]]) -> Iterator[tuple[int, int]]:
    """Pairs of places that share a band."""
    index = RMinHashLSH(threshold=SAME, num_perm=PERMUTATIONS, num_bands=BANDS)
    for place, own in enumerate(runs):
        minhash = minhash_of(own)
        for other in sorted(index.query(minhash))[:MOST_LIKE_ONE]:
            yield other, place
        index.insert(place, minhash)


def families(pairs: Sequence[Alike]) -> list[list[int]]:
    """Places that are alike, directly or through others, largest family first."""
    above: dict[int, int] = {}

    def top(place: int) -> int:
        above.setdefault(place, place)
        while above[place] != place:
            above[place] = above[above[place]]
            place = above[place]
        return place

    for pair in pairs:
        a, b = sorted((top(pair.first), top(pair.second)))
        above[b] = a
    members: defaultdict[int, list[int]] = defaultdict(list)
    for place in sorted(above):
        members[top(place)].append(place)
    return sorted(members.values(), key=lambda m: (-len(m), m[0]))


@dataclass(frozen=True, slots=True)
class Uniqueness:
    """`distance` is 1 - cosine to the mean of the `n` other accounts of the theme; `percentile` the share of them nearer."""

    distance: float
    percentile: float
    n: int


def uniqueness(vectors: sparse.csr_matrix) -> list[Uniqueness | None]:
    """Of the accounts of one theme and language: rows of unit norm, shape (accounts, words).

    Each is compared with the mean of the others. None for all where there are too few, and for a row without words.
    """
    n = vectors.shape[0] - 1
    if n < FEWEST_IN_THEME:
        return [None] * vectors.shape[0]
    distances = _distances_to_others(vectors)
    order = np.sort(distances)
    found: list[Uniqueness | None] = []
    for place, distance in enumerate(distances):
        nearer = int(np.searchsorted(order, distance - 1e-9))
        is_silent = vectors.indptr[place] == vectors.indptr[place + 1]
        found.append(None if is_silent else Uniqueness(round(float(distance), 4), round(nearer / n, 4), n))
    return found


def _distances_to_others(vectors: sparse.csr_matrix) -> NDArray[np.float64]:
    total = np.asarray(vectors.sum(axis=0), dtype=np.float64).ravel()
    with_all = np.asarray(vectors @ total, dtype=np.float64).ravel()
    own = np.asarray(vectors.multiply(vectors).sum(axis=1), dtype=np.float64).ravel()
    norm_of_others = np.sqrt(np.maximum(total @ total - 2 * with_all + own, 1e-12))
    distances: NDArray[np.float64] = 1.0 - (with_all - own) / np.maximum(
        norm_of_others * np.sqrt(np.maximum(own, 1e-12)), 1e-12
    )
    return distances
