"""What a person may say in place of each enricher, and what of several people's words stands.

A value has the enricher's own shape, without its confidences: {"tone": "negative"}, {"themes": ["food.baking"]}.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any

from sillage.lib.sentences import Sentence
from sillage.understanding.engine.themes import theme_set

TAG_PREFIX = "tag:"
POST, COMMENT, ACCOUNT = "post", "comment", "account"
SUBJECT_WORDS: Mapping[str, Sentence] = {
    POST: Sentence("post"),
    COMMENT: Sentence("comment"),
    ACCOUNT: Sentence("account"),
}
TONES = ("negative", "neutral", "positive")
INTENTS = ("question", "purchase", "complaint", "praise", "spam", "request")
MENTIONS = ("organic", "likely_paid", "declared")
SEVERITIES = ("pass", "review", "block")
_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")


class Form(StrEnum):
    """One of the choices; any number of them; yes or no; a choice for each key of the workspace's own."""

    ONE = "one"
    MANY = "many"
    YES_NO = "yes_no"
    EACH = "each"


@dataclass(frozen=True, slots=True)
class Allowed:
    """A value is {`key`: what was chosen}. `subjects` are the kinds of thing that it may be said of."""

    key: str
    form: Form
    subjects: frozenset[str]
    choices: tuple[str, ...] = ()


_TEXTS = frozenset({POST, COMMENT})
_POSTS = frozenset({POST})
_TAG = Allowed("holds", Form.YES_NO, _POSTS)


@cache
def _shapes() -> Mapping[str, Allowed]:
    return {
        "themes": Allowed("themes", Form.MANY, _POSTS, theme_set().ids),
        "tone": Allowed("tone", Form.ONE, _TEXTS, TONES),
        "intent": Allowed("intents", Form.MANY, frozenset({COMMENT}), INTENTS),
        "brands": Allowed("brands", Form.EACH, _POSTS, MENTIONS),
        "commercial": Allowed("commercial", Form.YES_NO, _POSTS),
        "disclosure": Allowed("severity", Form.ONE, _POSTS, SEVERITIES),
        "authenticity": Allowed("credible", Form.YES_NO, frozenset({ACCOUNT})),
    }


def allowed_of(enricher: str) -> Allowed | None:
    """What may be said in place of an enricher; None when it is none that people correct."""
    return _TAG if enricher.startswith(TAG_PREFIX) else _shapes().get(enricher)


def correctable() -> tuple[str, ...]:
    """The enrichers that people correct, tags left out."""
    return tuple(_shapes())


def as_value(allowed: Allowed, given: Any) -> dict[str, Any] | None:
    """The value as it is kept: choices in their order, each once. None when it has not the allowed shape."""
    if not isinstance(given, Mapping) or set(given) != {allowed.key}:
        return None
    said = given[allowed.key]
    match allowed.form:
        case Form.YES_NO:
            fits = isinstance(said, bool)
        case Form.ONE:
            fits = isinstance(said, str) and said in allowed.choices
        case Form.MANY:
            fits = isinstance(said, list) and all(isinstance(s, str) and s in allowed.choices for s in said)
            said = [choice for choice in allowed.choices if choice in said] if fits else said
        case Form.EACH:
            fits = isinstance(said, Mapping) and all(
                isinstance(k, str) and _KEY.fullmatch(k) and v in allowed.choices for k, v in said.items()
            )
            said = dict(sorted(said.items())) if fits else said
    return {allowed.key: said} if fits else None


def labels_in(allowed: Allowed, value: Mapping[str, Any] | None) -> frozenset[str]:
    """The labels that a value gives, a person's or an enricher's: yes is the key itself, a pair is “key=choice”."""
    said = (value or {}).get(allowed.key)
    if isinstance(said, bool):
        return frozenset({allowed.key}) if said else frozenset()
    if isinstance(said, str):
        return frozenset({said})
    if isinstance(said, Mapping):
        return frozenset(f"{k}={v}" if isinstance(v, str) else str(k) for k, v in said.items())
    return frozenset(str(s) for s in said or ())


@dataclass(frozen=True, slots=True)
class Said:
    """What one member said last of one thing."""

    member: int | None
    value: Mapping[str, Any]
    made_at: datetime


def standing(said: Sequence[Said]) -> Said:
    """What stands: the value that most people give; between equals, the one that was given last.

    Raises ValueError when nothing was said.
    """
    if not said:
        raise ValueError("nothing was said")
    counts = Counter(_as_key(s.value) for s in said)
    return max(said, key=lambda s: (counts[_as_key(s.value)], s.made_at))


def is_disputed(said: Sequence[Said]) -> bool:
    """Whether people say different things of it."""
    return len({_as_key(s.value) for s in said}) > 1


def _as_key(value: Mapping[str, Any]) -> str:
    return repr(sorted((k, sorted(v.items()) if isinstance(v, Mapping) else v) for k, v in value.items()))
