"""A vector in 512 bits whose Hamming distance follows the angle between vectors.

Each bit is the side of a fixed random hyperplane on which the vector lies (Charikar 2002, "Similarity estimation
techniques from rounding algorithms"): the share of differing bits estimates angle / π, standard error at most 0.022.
Plain signs of the numbers would not do: theme blocks are mostly zeros and principal components are unequal (measured:
recall 0.19 instead of 1.00 for a query by themes alone).
"""

from __future__ import annotations

from functools import cache
from hashlib import shake_256

import numpy as np
from numpy.typing import NDArray

BITS = 512


@cache
def _hyperplanes(dimensions: int) -> NDArray[np.float32]:
    """float32[dimensions, BITS] of ±1, the same on every machine and with every version of NumPy."""
    digest = shake_256(b"sillage card sketch 1").digest(dimensions * BITS // 8)
    signs = np.unpackbits(np.frombuffer(digest, dtype=np.uint8)).reshape(dimensions, BITS)
    return (2.0 * signs - 1.0).astype(np.float32)


def sketches(vectors: NDArray[np.float32]) -> list[str]:
    """One per row of float32[n, d], in PostgreSQL's notation of a bit string: "x" and 128 hexadecimal digits."""
    packed = np.packbits(vectors @ _hyperplanes(vectors.shape[1]) > 0, axis=1)
    return [f"x{row.tobytes().hex()}" for row in packed]
