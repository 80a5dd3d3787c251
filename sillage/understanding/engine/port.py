"""The enricher port: a pure function over a batch of posts, with a name, a version and a cost.

An enricher knows no database, clock or network, so the same posts always give the same findings, in any process.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from sillage.lib.text import folded


@dataclass(frozen=True)
class PostText:
    """A post as enrichers read it. `language` is the one found by the language enricher, else the one declared.

    `words` and `plain` are made once, however many enrichers read them. `vector` is its dense vector (float32, unit
    length), given only where a learnt head asks for it.
    """

    account_id: int
    post_id: int
    content_hash: int
    title: str
    text: str
    hashtags: tuple[str, ...] = ()
    language: str | None = None
    paid_label: bool | None = None
    vector: NDArray[np.float32] | None = field(default=None, compare=False, repr=False)
    published_on: date | None = None
    repeats: int = 1  # of a comment: what `repetition.repeats` counts
    country: str | None = None  # of the account, as declared
    network: str | None = None
    format: str | None = None

    @cached_property
    def words(self) -> str:
        """Everything that was written, in reading order."""
        tags = " ".join(f"#{tag}" for tag in self._tags_beside) if self.hashtags else ""
        return "\n".join(part for part in (self.title, self.text, tags) if part)

    @cached_property
    def plain(self) -> str:
        """`words` in lower case, without accents."""
        return folded(self.words)

    @property
    def _tags_beside(self) -> Iterator[str]:
        """The hashtags that do not stand in the text, nor begin one that does: looked up among what follows each #."""
        text = self.text.casefold()
        written = sorted(text.split("#")[1:])
        for tag in self.hashtags:
            wanted = tag.casefold()
            place = bisect_left(written, wanted)
            stands = (
                f"#{wanted}" in text
                if "#" in wanted
                else written[place : place + 1] and written[place].startswith(wanted)
            )
            if not stands:
                yield tag


@dataclass(frozen=True, slots=True)
class Finding:
    """What an enricher found in one post. `confidence` is 0..1; `evidence` is what it saw (words, spans, scores)."""

    value: dict[str, Any]
    confidence: float
    evidence: list[Any] = field(default_factory=list)


NOTHING = Finding({}, 0.0)
VECTORS = "vectors"  # the dense vectors of an embedder: stored beside the signals
ENRICHERS = ("language", "themes", "brands", "commercial", "disclosure", "tone", "cultural_check", VECTORS)


class Enricher(Protocol):
    """`cost` is the typical CPU time of one post in milliseconds (`bench/enrich.py` measures it)."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    @property
    def languages(self) -> tuple[str, ...] | None:
        """ISO 639-1 codes that it reads; None is any."""
        ...

    @property
    def cost(self) -> float: ...

    def findings(self, posts: Sequence[PostText]) -> list[Finding]:
        """One finding per post, in order; NOTHING where there is nothing to say."""
        ...
