"""The chain of enrichers over a batch of posts: language first, because the others read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sillage.understanding.engine import language as languages
from sillage.understanding.engine.port import NOTHING, Enricher, Finding, PostText
from sillage.understanding.engine.theme_head import ThemeHead
from sillage.understanding.engine.themes import ThemeHit, theme_scores, theme_set


class Language:
    """The enricher `language`: value {"language": code}."""

    name = "language"
    version = languages.VERSION
    languages = None
    cost = 0.3

    def findings(self, posts: Sequence[PostText]) -> list[Finding]:
        guesses = languages.detect([post.words for post in posts])
        return [
            Finding({"language": guess.code}, guess.confidence) if guess is not None else NOTHING for guess in guesses
        ]


class Themes:
    """The enricher `themes`: value {"themes": {theme id: confidence}}, evidence of the words that matched.

    With a learnt head it is the head's confidence, and the version names both: rule+head.
    """

    name = "themes"
    languages = None
    cost = 0.4

    def __init__(self, head: ThemeHead | None = None) -> None:
        self.head = head

    @property
    def version(self) -> str:
        return f"{theme_set().version}+{self.head.version}" if self.head else theme_set().version

    def findings(self, posts: Sequence[PostText]) -> list[Finding]:
        """Raises ValueError when the head needs vectors and a post has none."""
        scored = self._hits(posts)
        return [
            Finding(
                {"themes": {hit.theme: round(hit.confidence, 4) for hit in hits}},
                max(hit.confidence for hit in hits),
                [{"theme": hit.theme, "words": list(hit.words)} for hit in hits],
            )
            if hits
            else NOTHING
            for hits in scored
        ]

    def _hits(self, posts: Sequence[PostText]) -> list[list[ThemeHit]]:
        texts, languages = [post.words for post in posts], [post.language for post in posts]
        if self.head is None:
            return theme_scores(texts, languages)
        vectors = [post.vector for post in posts if post.vector is not None] if self.head.needs_vectors else []
        return self.head.hits(texts, languages, np.array(vectors, dtype=np.float32) if vectors else None)


@dataclass(frozen=True, slots=True)
class Due:
    """A batch of posts, and for each enricher the places in it that it has not read yet."""

    posts: tuple[PostText, ...]
    places: Mapping[str, tuple[int, ...]]


def read(due: Due, enrichers: Sequence[Enricher]) -> dict[str, list[tuple[int, Finding]]]:
    """Findings per enricher as (place, finding). The languages found are handed to the enrichers after it."""
    posts = list(due.posts)
    found: dict[str, list[tuple[int, Finding]]] = {}
    for enricher in enrichers:
        places = due.places.get(enricher.name, ())
        if not places:
            continue
        findings = enricher.findings([posts[place] for place in places])
        found[enricher.name] = list(zip(places, findings, strict=True))
        if enricher.name == Language.name:
            for place, finding in found[enricher.name]:
                code = finding.value.get("language", posts[place].language)
                if code != posts[place].language:
                    posts[place] = replace(posts[place], language=code)
    return found
