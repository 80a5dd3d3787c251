"""Signs that a post is commercial: the network's own label, words by which creators say so, words that hint at it.

A rule, not a judgement: whether the disclosure is lawful is another question (enricher `disclosure`). “Not sponsored” is
no sign. Weak words alone (“merci à @…”, a code) are a hint, and say so by their confidence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from sillage.understanding.engine.commercial_words import (
    DENIABLE,
    DENIED,
    LABEL,
    OPENING,
    PLAIN,
    SAID,
    TAGS,
    TELLING,
    TELLS,
    WEAK,
)
from sillage.understanding.engine.port import NOTHING, Finding, PostText

__all__ = [
    "LABEL",
    "NETWORK_LABEL",
    "PLAIN",
    "SAID",
    "WEAK",
    "Commercial",
    "Sign",
    "commercial_signs",
    "is_told",
    "told_signs",
]

VERSION = "2"
NETWORK_LABEL = "paid partnership label"
_READ = 512  # texts whose signs are kept while one enricher after another asks for them
_REACH = 120  # characters before a sign in which it may be denied

_TAG = re.compile(r"#(\w+)")
_OPENING = re.compile(OPENING)
_DENIED = re.compile(DENIED)
_STEMS = {kind: tuple(telling.stems.split("|")) for kind, telling in TELLS.items()}
_WORDS = {kind: re.compile(rf"(?<!\w)(?:{'|'.join(telling.patterns)})(?!\w)") for kind, telling in TELLS.items()}


@dataclass(frozen=True, slots=True)
class Sign:
    """Words that speak of a commercial relation, folded as they were compared. `kind` is one of `commercial_words`."""

    kind: str
    words: str
    confidence: float


@lru_cache(maxsize=_READ)
def told_signs(plain: str) -> tuple[Sign, ...]:
    """The signs in folded text."""
    found: dict[str, Sign] = {}
    if opening := _OPENING.match(plain):
        found[opening[1]] = Sign("label", opening[1], PLAIN)
    for kind, telling in TELLS.items():
        if not any(stem in plain for stem in _STEMS[kind]):
            continue
        for match in _WORDS[kind].finditer(plain):
            before = plain[max(0, match.start() - _REACH) : match.start()]
            if kind not in DENIABLE or not _DENIED.search(before):
                found.setdefault(match[0], Sign(kind, match[0], telling.confidence))
    if "#" in plain:
        for tag in _TAG.findall(plain):
            if tag in TAGS:
                kind, confidence = TAGS[tag]
                found.setdefault(f"#{tag}", Sign(kind, f"#{tag}", confidence))
    return tuple(found.values())


def is_told(plain: str) -> bool:
    """Whether folded text tells its reader of a commercial relation. Measured by `sillage evaluate disclosure`."""
    return any(sign.kind in TELLING for sign in told_signs(plain))


def commercial_signs(post: PostText) -> list[Sign]:
    """The signs of a post, the surest first."""
    labelled = [Sign("label", NETWORK_LABEL, LABEL)] if post.paid_label else []
    return sorted([*labelled, *told_signs(post.plain)], key=lambda s: -s.confidence)


class Commercial:
    """The enricher `commercial`: value {"commercial": true, "kinds": [...]}, evidence of the words."""

    name = "commercial"
    version = VERSION
    languages = ("fr", "en", "es", "de", "it")
    cost = 0.02

    def findings(self, posts: Sequence[PostText]) -> list[Finding]:
        return [self._finding(post) for post in posts]

    def _finding(self, post: PostText) -> Finding:
        signs = commercial_signs(post)
        if not signs:
            return NOTHING
        kinds = list(dict.fromkeys(sign.kind for sign in signs))
        evidence = [{"words": s.words, "confidence": s.confidence, "kind": s.kind} for s in signs]
        return Finding({"commercial": True, "kinds": kinds}, signs[0].confidence, evidence)
