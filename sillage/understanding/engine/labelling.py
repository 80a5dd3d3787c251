"""Which text to show next to a person who labels.

With a head, the one it is least sure of: its answer teaches most (uncertainty sampling: Lewis and Gale, 1994). Without
one, texts near those that were liked, because rare labels are not found by chance; every third one from afar, so that
there is something to say no to.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

EVERY = 3


def most_uncertain(margins: NDArray[np.float64]) -> int:
    """The place whose score is nearest to the threshold. `margins` (texts,) are scores less the threshold."""
    return int(np.argmin(np.abs(margins)))


def nearest_to_examples(near: NDArray[np.float64], *, labelled: int) -> int:
    """The place of the text nearest to any liked one; of every third, the one in the middle of the pool.

    `near` is (texts, liked texts); `labelled` counts the examples so far.
    """
    best = near.max(axis=1)
    order = np.argsort(-best, kind="stable")
    return int(order[len(order) // 2]) if labelled % EVERY == EVERY - 1 else int(order[0])
