"""Whether a machine may act within a policy: scope, confidence, what the day has left, and which uses a person looks at."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sillage.governance.engine.act_words import field_named
from sillage.lib.canonical import canonical
from sillage.lib.money import Money
from sillage.lib.sentences import Decimals, Grouped, Sentence


@dataclass(frozen=True, slots=True)
class Limits:
    """A policy as the engine reads it. `scope` is {field: values that it may touch}; `threshold` is from 0 to 1."""

    scope: Mapping[str, Sequence[Any]]
    threshold: Decimal | None
    per_day: int
    amount_per_day: Decimal | None
    currency: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Doing:
    """What a machine would do. `about` says what it touches, in the fields that scopes name; missing is None."""

    about: Mapping[str, Any]
    score: Decimal | None = None
    amount: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Spent:
    """What was done within the policy today."""

    count: int
    amount: Decimal


_NOT_KNOWN = Sentence("not known")


def _plain(score: Decimal) -> Decimals:
    return Decimals(score, max(0, -int(score.as_tuple().exponent)))


def beyond_scope(limits: Limits, doing: Doing, now: datetime) -> str:
    """Why the policy does not speak of this, in a few words; empty when it does. What is not known is not within."""
    if limits.expires_at <= now:
        return Sentence("it expired")
    for field, allowed in limits.scope.items():
        if doing.about.get(field) not in allowed:
            return Sentence(
                "%(field)s is %(about)s", field=field_named(field), about=doing.about.get(field, _NOT_KNOWN)
            )
    if limits.threshold is not None and (doing.score is None or doing.score < limits.threshold):
        return Sentence(
            "the confidence is %(value)s, below %(threshold)s",
            value=_NOT_KNOWN if doing.score is None else _plain(doing.score),
            threshold=_plain(limits.threshold),
        )
    if doing.amount is None:
        return ""
    if limits.amount_per_day is None:
        return Sentence("it allows no spending")
    return "" if doing.currency == limits.currency else Sentence("it is about %(currency)s", currency=limits.currency)


def beyond_day(limits: Limits, doing: Doing, spent: Spent) -> str:
    """Why the day has no room for this any more; empty when it has."""
    if spent.count >= limits.per_day:
        return Sentence("the %(per_day)s uses of the day are made", per_day=Grouped(limits.per_day))
    if doing.amount is None or limits.amount_per_day is None or spent.amount + doing.amount <= limits.amount_per_day:
        return ""
    return Sentence(
        "it would pass %(amount_per_day)s a day",
        amount_per_day=Money(limits.amount_per_day, limits.currency),
    )


def is_in_sample(salt: bytes, percent: int, what: Sequence[Any]) -> bool:
    """Whether a person looks at it: the same for the same use, and not to be foreseen without the salt."""
    drawn = int.from_bytes(hashlib.sha256(salt + canonical(list(what))).digest()[:4], "big")
    return drawn * 100 < percent * 2**32
