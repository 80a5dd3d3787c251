"""What a brief asks for, in the shape that scoring reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sillage.lib.late import sparse


@dataclass(frozen=True, slots=True)
class Wanted:
    """A brief, a creator to resemble, or a whole shortlist to resemble.

    `texts` is what to compare words and meaning with, per language (ISO 639-1); `text` serves languages not in it. Where
    there is more than a text, `words` (one lexical row) and `meanings` (unit rows) stand for it.
    """

    text: str
    themes: Mapping[str, float]  # {theme id: weight 0..1}
    unwanted_themes: frozenset[str] = frozenset()
    unwanted_terms: tuple[str, ...] = ()
    brands: frozenset[str] = frozenset()
    texts: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, sparse.csr_matrix] = field(default_factory=dict)
    meanings: Mapping[str, NDArray[np.float32]] = field(default_factory=dict)

    def text_in(self, language: str | None) -> str:
        return self.texts.get(language or "", self.text)
