"""Editorial affinity: how much two bodies of writing have in common, in words and in meaning.

A lexical cosine of 0.3 is rare and a dense cosine of 0.3 is ordinary, so the two are not added as they are. Each is
first measured against its background, the cosines between texts of the corpus taken at random:

    z = (cosine - mean of the background) / standard deviation of the background

Shared words prove more than shared meaning when there are many words to share, and less when there are few, so the
share of the lexical part grows with the number of words n of the question (a brief, a post, a profile):

    affinity = share * z_lexical + (1 - share) * z_dense        share = n**s / (n**s + h**s)

The affinity is in standard deviations of the background: 0 is what two texts at random have, and it is a sum of two
parts that can be shown. For one question the formula is linear in both cosines, so an index of inner products ranks
by it. The constants h, HALF_AT_WORDS, and s, STEEPNESS, gave the highest mean of all figures in a small grid on the
tuning half of the affinity evaluation (`discovery/evaluation/affinity.py`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

VERSION = "affinity/1"
HALF_AT_WORDS = 18.0
STEEPNESS = 1.5

_WORD = re.compile(r"\w\w+")


@dataclass(frozen=True, slots=True)
class Background:
    """Mean and standard deviation of the cosines between texts at random."""

    mean: float
    deviation: float


@dataclass(frozen=True, slots=True)
class AffinityParts:
    """What each kind of cosine adds, float64 arrays of one shape; `total` is their sum."""

    lexical: NDArray[np.float64]
    dense: NDArray[np.float64]

    @property
    def total(self) -> NDArray[np.float64]:
        return self.lexical + self.dense


def background(cosines: ArrayLike) -> Background:
    """Return the background of a sample of cosines. Raises ValueError when they do not vary."""
    values = np.asarray(cosines, dtype=np.float64)
    deviation = float(values.std()) if values.size else 0.0
    if not deviation > 0:
        raise ValueError("the sample of cosines does not vary")
    return Background(mean=float(values.mean()), deviation=deviation)


def count_words(text: str) -> int:
    """Number of words of two characters or more."""
    return len(_WORD.findall(text))


def lexical_share(words: ArrayLike) -> NDArray[np.float64]:
    """The lexical part's share of the affinity, 0 to 1, for questions of so many words."""
    evidence = (np.asarray(words, dtype=np.float64) / HALF_AT_WORDS) ** STEEPNESS
    return np.asarray(evidence / (evidence + 1))


def fused(
    lexical: ArrayLike,
    dense: ArrayLike | None,
    *,
    lexical_background: Background,
    dense_background: Background | None,
    share: ArrayLike,
) -> AffinityParts:
    """Return the affinity of cosines of one shape, (questions, candidates) or (candidates,).

    `share` is the lexical part's (`lexical_share`), one number or an array that broadcasts over the cosines. Without
    dense cosines (None) the affinity is the lexical z alone.
    """
    lexical_z = _standardised(lexical, lexical_background)
    if dense is None or dense_background is None:
        return AffinityParts(lexical=lexical_z, dense=np.zeros_like(lexical_z))
    of_lexical = np.asarray(share, dtype=np.float64)
    if np.any((of_lexical < 0) | (of_lexical > 1)):
        raise ValueError("a share outside 0 to 1")
    dense_z = _standardised(dense, dense_background)
    return AffinityParts(lexical=of_lexical * lexical_z, dense=(1 - of_lexical) * dense_z)


def _standardised(cosines: ArrayLike, against: Background) -> NDArray[np.float64]:
    return (np.asarray(cosines, dtype=np.float64) - against.mean) / against.deviation
