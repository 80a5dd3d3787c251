"""The port: what Sillage asks of anything that turns texts into dense vectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sillage.lib.errors import Refusal

Vectors = NDArray[np.float32]
MAX_TOKENS = 128  # of a text that a model on this machine reads


class EmbedderUnusable(Refusal):
    """The folder or the file is not an embedder that Sillage can run."""


class Embedder(Protocol):
    """Turns texts into vectors of a fixed length.

    `version` changes whenever the vectors would, so that vectors of two versions are never compared.
    """

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    @property
    def dims(self) -> int: ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return float32 of shape (texts, dims), rows of length 1; a blank text gets a row of zeros.

        Raises OutsideError when a server or a model outside Sillage fails.
        """
        ...


def unit_rows(vectors: Vectors) -> Vectors:
    """Scale each row to length 1; rows of zeros stay zero."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Vectors = np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)
    return scaled


def is_blank(text: str) -> bool:
    """True when there is nothing to embed."""
    return not text.strip()
