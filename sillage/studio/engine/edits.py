"""How far a person went from a machine's proposal: by words, by characters, and in each trait."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz.distance import Levenshtein

from sillage.studio.engine.traits import TRAITS, traits_of_all

_TOKENS = re.compile(r"\w+|[^\w\s]")
DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Edits:
    """Distances are shares: 0 nothing was changed, 1 nothing stayed. `traits`: final less proposed, where it moved."""

    words: float
    characters: float
    traits: Mapping[str, float] = field(default_factory=dict)

    def kept(self) -> dict[str, Any]:
        return {"words": self.words, "characters": self.characters, "traits": dict(self.traits)}


def edits(proposed: str, final: str) -> Edits:
    """Levenshtein distance over the longer of both (Levenshtein 1966), in words with punctuation and in characters."""
    before, after = traits_of_all([proposed, final])
    moved = {name: round(float(b - a), DECIMALS) for name, a, b in zip(TRAITS, before, after, strict=True)}
    return Edits(
        round(Levenshtein.normalized_distance(_TOKENS.findall(proposed), _TOKENS.findall(final)), DECIMALS),
        round(Levenshtein.normalized_distance(proposed, final), DECIMALS),
        {name: by for name, by in moved.items() if by},
    )
