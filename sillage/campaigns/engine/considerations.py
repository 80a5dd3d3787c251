"""What a creator gets, added up as the law adds: per creator, advertiser, year and promotional objective.

Source: loi 2023-451, art. 8; décret 2025-1137 (“la somme des rémunérations versées et de la valeur des avantages en nature
accordés à un influenceur par un annonceur au cours de la même année [...] poursuivant un même objectif promotionnel”).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from sillage.campaigns.engine.pipeline import Stage
from sillage.lib.text import folded

COMMITTED = tuple(list(Stage)[list(Stage).index(Stage.AGREED) : list(Stage).index(Stage.CLOSED)])
"""The stages from which on what was proposed is owed."""


class Kind(StrEnum):
    """What is given. Only money and percentages are paid; gifts and trips count by their value."""

    MONEY = "money"
    GIFT = "gift"
    TRIP = "trip"
    PERCENTAGE = "percentage"

    @property
    def is_in_kind(self) -> bool:
        return self in (Kind.GIFT, Kind.TRIP)


@dataclass(frozen=True, slots=True)
class Key:
    """The law's four keys. `creator` names the person behind all their accounts; `objective` is folded."""

    creator: str
    brand: str
    objective: str
    year: int


@dataclass(frozen=True, slots=True)
class Granted:
    """One consideration that stands. `euros` are before tax; None: no value or no rate is known."""

    collaboration_id: int
    key: Key
    kind: Kind
    euros: Decimal | None
    is_estimate: bool = False


@dataclass(frozen=True, slots=True)
class Running:
    """A running total. `unknown` counts what has no value in euros, `estimated` is the part that rests on an estimate."""

    key: Key
    payments: tuple[Decimal, ...] = ()
    in_kind: tuple[Decimal, ...] = ()
    unknown: int = 0
    estimated: Decimal = Decimal(0)
    collaborations: frozenset[int] = frozenset()

    @property
    def total(self) -> Decimal:
        return sum((*self.payments, *self.in_kind), Decimal(0))


def objective_key(objective: str) -> str:
    """An objective written twice with other capitals, accents or spaces is the same objective."""
    return " ".join(folded(objective).split())


def running_totals(granted: Iterable[Granted]) -> dict[Key, Running]:
    """Everything that was granted, put together under the four keys."""
    together: dict[Key, list[Granted]] = {}
    for one in granted:
        together.setdefault(one.key, []).append(one)
    return {key: _running(key, rows) for key, rows in together.items()}


def _running(key: Key, rows: Sequence[Granted]) -> Running:
    known = [(row, row.euros) for row in rows if row.euros is not None]
    return Running(
        key=key,
        payments=tuple(euros for row, euros in known if not row.kind.is_in_kind),
        in_kind=tuple(euros for row, euros in known if row.kind.is_in_kind),
        unknown=len(rows) - len(known),
        estimated=sum((euros for row, euros in known if row.is_estimate), Decimal(0)),
        collaborations=frozenset(row.collaboration_id for row in rows),
    )
