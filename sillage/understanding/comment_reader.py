"""The enrichers that read comments, ready for a process of their own."""

from __future__ import annotations

from sillage.understanding.engine.chain import Due, Language, read
from sillage.understanding.engine.cultural_check import CulturalCheck
from sillage.understanding.engine.heads import TextHead
from sillage.understanding.engine.intents import Intents
from sillage.understanding.engine.port import Enricher, Finding
from sillage.understanding.engine.tone import Tone

COMMENT_ENRICHERS = (Language.name, Tone.name, Intents.name, CulturalCheck.name)


class CommentReader:
    """Made from the bytes of a workspace's current heads, by the name of their enricher. A comment stands in for a post."""

    def __init__(self, heads: tuple[tuple[str, bytes], ...] = ()) -> None:
        bodies = dict(heads)

        def head(enricher: str) -> TextHead | None:
            return TextHead.from_bytes(bodies[enricher]) if enricher in bodies else None

        self.enrichers: list[Enricher] = [
            Language(),
            Tone(head(Tone.name)),
            Intents(head(Intents.name)),
            CulturalCheck(),
        ]

    @property
    def versions(self) -> dict[str, str]:
        return {enricher.name: enricher.version for enricher in self.enrichers}

    def __call__(self, due: Due) -> dict[str, list[tuple[int, Finding]]]:
        return read(due, self.enrichers)
