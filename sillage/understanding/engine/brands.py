"""Brand mentions: by handle, by hashtag and by name or alias, each with the words that show it.

A handle or hashtag is unmistakable; a name is a guess, weaker the shorter and the more ordinary it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sillage.catalogue.engine.brands import TOKEN
from sillage.lib.text import folded
from sillage.understanding.engine.port import NOTHING, Finding, PostText

HANDLE, HASHTAG, NAME, SHORT_NAME = 0.99, 0.95, 0.8, 0.5
SHORT = 5  # a name of fewer characters is often an ordinary word


@dataclass(frozen=True, slots=True)
class KnownBrand:
    key: str
    name: str
    handles: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


class BrandMentions:
    """The enricher `brands`: value {"brands": {key: how}}, confidence of the surest mention, evidence of the words."""

    name = "brands"
    languages = None
    cost = 0.1

    def __init__(self, brands: Iterable[KnownBrand]) -> None:
        self._single: dict[str, tuple[str, str, float]] = {}
        self._phrases: dict[tuple[str, ...], tuple[str, str, float]] = {}
        digest = hashlib.sha256(b"brands/1")
        for brand in sorted(brands, key=lambda b: b.key):
            digest.update(repr(brand).encode())
            self._learn(brand)
        # No mention begins with another word.
        self._telling = {*self._single, *(phrase[0] for phrase in self._phrases)}
        self._longest = max((len(p) for p in self._phrases), default=0)
        self.version = f"1.{digest.hexdigest()[:12]}"

    def _learn(self, brand: KnownBrand) -> None:
        for handle in brand.handles:
            self._single[f"@{folded(handle)}"] = (brand.key, "handle", HANDLE)
        for hashtag in brand.hashtags:
            self._single[f"#{folded(hashtag)}"] = (brand.key, "hashtag", HASHTAG)
        for name in (brand.name, *brand.aliases):
            words = tuple(TOKEN.findall(folded(name)))
            sure = NAME if len(name) >= SHORT else SHORT_NAME
            if words:
                self._phrases.setdefault(words, (brand.key, "name", sure))

    def findings(self, posts: Sequence[PostText]) -> list[Finding]:
        return [self._finding(post) for post in posts]

    def _finding(self, post: PostText) -> Finding:
        tokens = TOKEN.findall(post.plain)
        if self._telling.isdisjoint(tokens):
            return NOTHING
        found: dict[str, tuple[str, float, str]] = {}
        for key, how, sure, words in self._mentions(tokens):
            if key not in found or sure > found[key][1]:
                found[key] = (how, sure, words)
        if not found:
            return NOTHING
        return Finding(
            {"brands": {key: how for key, (how, _, _) in found.items()}},
            max(sure for _, sure, _ in found.values()),
            [{"brand": key, "words": words, "confidence": sure} for key, (_, sure, words) in found.items()],
        )

    def _mentions(self, tokens: Sequence[str]) -> Iterable[tuple[str, str, float, str]]:
        bare = [token.lstrip("@#") for token in tokens]
        for at, token in enumerate(tokens):
            if token not in self._telling:
                continue
            if token in self._single:
                yield (*self._single[token], token)
            for length in range(1, self._longest + 1):
                words = tuple(bare[at : at + length])
                if words in self._phrases and token[0] not in "@#":
                    yield (*self._phrases[words], " ".join(words))
