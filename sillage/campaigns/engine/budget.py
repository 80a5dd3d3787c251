"""A campaign's money: planned, committed, asked for, spent; and dated rates between currencies. All before tax."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from sillage.campaigns.engine.considerations import Kind
from sillage.lib.money import Money

EURO = "EUR"
OLDEST_RATE = timedelta(days=31)  # an older rate says too little of the day

K = TypeVar("K", bound=Hashable)


class Category(StrEnum):
    """What money is for."""

    CREATOR_FEES = "creator_fees"
    PRODUCTS = "products"
    PRODUCTION = "production"
    OTHER = "other"


CATEGORY_OF = {
    Kind.MONEY: Category.CREATOR_FEES,
    Kind.PERCENTAGE: Category.CREATOR_FEES,
    Kind.GIFT: Category.PRODUCTS,
    Kind.TRIP: Category.OTHER,
}


class Side(StrEnum):
    """How far an amount is on its way."""

    PLANNED = "planned"
    PROPOSED = "proposed"  # spoken of with a creator, not agreed
    COMMITTED = "committed"  # agreed with a creator
    ASKED = "asked"  # a payment that somebody asked for, approved or not
    SPENT = "spent"  # a person confirmed that it was paid


# -- rates -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rate:
    """One unit of `base` buys `rate` units of `quote`, on a day, as somebody published it."""

    base: str
    quote: str
    rate: Decimal
    on: date
    source: str


@dataclass(frozen=True, slots=True)
class Used:
    """The rate with which an amount was converted, kept with it: what it came from and of which day."""

    base: str
    quote: str
    rate: Decimal
    on: date
    source: str

    def as_json(self) -> dict[str, str]:
        return {
            "base": self.base,
            "quote": self.quote,
            "rate": f"{self.rate.normalize():f}",
            "on": self.on.isoformat(),
            "source": self.source,
        }


def rate_of(rates: Sequence[Rate], base: str, quote: str, on: date) -> Used | None:
    """The newest rate of the month before a day: given so, given the other way round, or through the euro."""
    if base == quote:
        return Used(base, quote, Decimal(1), on, "")
    found = _direct(rates, base, quote, on)
    if found is not None or EURO in (base, quote):
        return found
    one, other = _direct(rates, base, EURO, on), _direct(rates, EURO, quote, on)
    if one is None or other is None:
        return None
    return Used(base, quote, _short(one.rate * other.rate), min(one.on, other.on), f"{one.source}; {other.source}")


def _direct(rates: Sequence[Rate], base: str, quote: str, on: date) -> Used | None:
    usable = [r for r in rates if on - OLDEST_RATE <= r.on <= on and {r.base, r.quote} == {base, quote}]
    if not usable:
        return None
    newest = max(usable, key=lambda r: (r.on, r.base == base))
    rate = newest.rate if newest.base == base else _short(1 / newest.rate)
    return Used(base, quote, rate, newest.on, newest.source)


def _short(rate: Decimal) -> Decimal:
    """Ten significant digits: what a column holds and a person can check."""
    return Decimal(f"{rate:.10g}")


@dataclass(frozen=True, slots=True)
class Worth:
    """An amount in other currencies, in the order asked for (None: no rate), and the rates used, as they are kept."""

    amounts: tuple[Decimal | None, ...]
    rates: tuple[dict[str, str], ...]


def worth_in(quotes: Sequence[str], money: Money | None, rates: Sequence[Rate], on: date) -> Worth:
    """What an amount is worth on a day. No amount is worth nothing known."""
    if money is None:
        return Worth((None,) * len(quotes), ())
    used = [rate_of(rates, money.currency, quote, on) for quote in quotes]
    amounts = tuple(money.converted(u.rate, q).amount if u else None for u, q in zip(used, quotes, strict=True))
    kept = {quote: u.as_json() for quote, u in zip(quotes, used, strict=True) if u and quote != money.currency}
    return Worth(amounts, tuple(kept.values()))


# -- figures ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Item:
    """An amount in the budget's currency, for a category and perhaps one collaboration. None: it has no rate."""

    side: Side
    category: Category
    money: Money | None
    collaboration_id: int | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """Sums of items. `engaged` is what will be gone when all is paid; `unknown` counts amounts without a rate."""

    planned: Money
    proposed: Money
    committed: Money
    asked: Money
    spent: Money
    engaged: Money
    unknown: int = 0

    def __add__(self, other: Figures) -> Figures:
        return Figures(
            self.planned + other.planned,
            self.proposed + other.proposed,
            self.committed + other.committed,
            self.asked + other.asked,
            self.spent + other.spent,
            self.engaged + other.engaged,
            self.unknown + other.unknown,
        )


@dataclass(frozen=True, slots=True)
class Budget:
    """The same items added up three ways; `creators` has None for what is no creator's. The ways agree."""

    whole: Figures
    categories: Mapping[Category, Figures]
    creators: Mapping[int | None, Figures]
    cells: Mapping[tuple[Category, int | None], Figures]

    def room(self, category: Category, collaboration_id: int) -> Money:
        """What was agreed with a creator for something and is not asked for yet."""
        cell = self.cells.get((category, collaboration_id))
        if cell is None:
            return Money(Decimal(0), self.whole.planned.currency)
        return cell.engaged - cell.asked - cell.spent


def budget_of(items: Iterable[Item], currency: str) -> Budget:
    """Items in cells of category and collaboration, then the cells added up.

    In a cell, what was asked for and spent uses up what was agreed; `engaged` is whichever of the two is more.
    """
    cells: dict[tuple[Category, int | None], list[Item]] = {}
    for item in items:
        cells.setdefault((item.category, item.collaboration_id), []).append(item)
    figures = {cell: _figures(rows, currency) for cell, rows in cells.items()}
    nothing = _figures((), currency)
    return Budget(
        whole=sum(figures.values(), nothing),
        categories=_added(((category, f) for (category, _), f in figures.items()), nothing),
        creators=_added(((creator, f) for (_, creator), f in figures.items()), nothing),
        cells=figures,
    )


def _figures(items: Sequence[Item], currency: str) -> Figures:
    sums = dict.fromkeys(Side, Money(Decimal(0), currency))
    for item in items:
        if item.money is not None:
            sums[item.side] += item.money
    used = sums[Side.ASKED] + sums[Side.SPENT]
    return Figures(
        planned=sums[Side.PLANNED],
        proposed=sums[Side.PROPOSED],
        committed=sums[Side.COMMITTED],
        asked=sums[Side.ASKED],
        spent=sums[Side.SPENT],
        engaged=max(sums[Side.COMMITTED], used),
        unknown=sum(item.money is None for item in items),
    )


def _added(pairs: Iterable[tuple[K, Figures]], nothing: Figures) -> dict[K, Figures]:
    sums: dict[K, Figures] = {}
    for name, figures in pairs:
        sums[name] = sums.get(name, nothing) + figures
    return sums


def beyond(limit: Money | None, figures: Figures, more: Money) -> Money | None:
    """By how much one more amount would pass the limit; None when it does not, or when there is none."""
    if limit is None:
        return None
    over = figures.engaged + more - limit
    return over if over.amount > 0 else None
