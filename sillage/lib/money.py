"""Money: an amount and its currency, never one without the other."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from sillage.lib.errors import Malformed, Refusal
from sillage.lib.sentences import Decimals, Language, Sentence

PLACES = {"BHD": 3, "CLP": 0, "ISK": 0, "JOD": 3, "JPY": 0, "KRW": 0, "KWD": 3, "OMR": 3, "TND": 3, "VND": 0, "XOF": 0}
"""How many decimals a currency has where it is not two (ISO 4217)."""
_CODE = re.compile(r"[A-Z]{3}")


class CurrencyMalformed(Malformed):
    """A currency is named by three capital letters."""


class AmountMalformed(Malformed):
    """An amount is a finite number."""


class MixedCurrencies(Refusal):
    """Amounts in two currencies do not add up without a rate."""


@dataclass(frozen=True, slots=True)
class Money:
    """`amount` is exact; `rounded` and whatever multiplies rounds it half up to the currency's decimals.

    Adding, subtracting and comparing two currencies raises MixedCurrencies.
    """

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if _CODE.fullmatch(self.currency) is None:
            raise CurrencyMalformed(
                Sentence("“%(currency)s” is no currency.", currency=self.currency),
                Sentence("Write three capital letters, such as EUR."),
            )
        if not self.amount.is_finite():
            raise AmountMalformed(Sentence("%(amount)s is no amount.", amount=self.amount), Sentence("Write a number."))

    def _same(self, other: Money) -> None:
        if self.currency != other.currency:
            raise MixedCurrencies(
                Sentence("%(value)s and %(other)s do not add up.", value=self, other=other),
                Sentence("Convert one of them by a dated rate before adding."),
            )

    def __add__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.amount + other.amount, self.currency)

    def __sub__(self, other: Money) -> Money:
        self._same(other)
        return Money(self.amount - other.amount, self.currency)

    def __lt__(self, other: Money) -> bool:
        self._same(other)
        return self.amount < other.amount

    def __le__(self, other: Money) -> bool:
        self._same(other)
        return self.amount <= other.amount

    @property
    def rounded(self) -> Money:
        """Half up to the smallest coin, as invoices are."""
        smallest = Decimal(1).scaleb(-PLACES.get(self.currency, 2))
        return Money(self.amount.quantize(smallest, ROUND_HALF_UP), self.currency)

    def share(self, percent: Decimal) -> Money:
        """So many hundredths of it, rounded: a tax, a commission."""
        return Money(self.amount * percent / 100, self.currency).rounded

    def converted(self, rate: Decimal, currency: str) -> Money:
        """In another currency, of which one unit of this one buys `rate`; rounded."""
        return Money(self.amount * rate, currency).rounded

    def __str__(self) -> str:
        return str(self.written)

    def said_in(self, language: Language) -> str:
        return self.written.said_in(language)

    @property
    def written(self) -> Sentence:
        """“1,234.50 EUR”, to be said or stored."""
        decimals = PLACES.get(self.currency, 2)
        return Sentence("%(amount)s %(currency)s", amount=Decimals(self.amount, decimals), currency=self.currency)


def total(amounts: Iterable[Money], currency: str) -> Money:
    """The sum, in a currency that an empty sum has too. Raises MixedCurrencies."""
    return sum(amounts, Money(Decimal(0), currency))
