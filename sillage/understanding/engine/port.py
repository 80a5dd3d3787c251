"""The enricher port: a pure function over a batch of posts, with a name, a version and a cost.

An enricher knows no database, clock or network, so the same posts always give the same findings, in any process.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class PostText:
    """A post as enrichers read it. `language` is the one found by the language enricher, else the one declared."""

    account_id: int
    post_id: int
    content_hash: int
    title: str
    text: str
    hashtags: tuple[str, ...] = ()
    language: str | None = None
    paid_label: bool | None = None

    @property
    def words(self) -> str:
        """Everything that was written, in reading order."""
        tags = " ".join(f"#{tag}" for tag in self.hashtags if f"#{tag}".casefold() not in self.text.casefold())
        return "\n".join(part for part in (self.title, self.text, tags) if part)


@dataclass(frozen=True, slots=True)
class Finding:
    """What an enricher found in one post. `confidence` is 0..1; `evidence` is what it saw (words, spans, scores)."""

    value: dict[str, Any]
    confidence: float
    evidence: list[Any] = field(default_factory=list)


NOTHING = Finding({}, 0.0)
VECTORS = "vectors"  # the dense vectors of an embedder: stored beside the signals
ENRICHERS = ("language", "themes", "brands", "commercial", VECTORS)


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
