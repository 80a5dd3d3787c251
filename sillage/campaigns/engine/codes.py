"""Promo codes: made from a handle, so that a creator can say them aloud, and never two that look alike."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from sillage.lib.errors import Malformed
from sillage.lib.sentences import Day, Sentence
from sillage.lib.text import folded

LONGEST = 30
_NAMED = 12  # characters of a handle that a code keeps
_CODE = re.compile(rf"[A-Z0-9][A-Z0-9_-]{{1,{LONGEST - 2}}}[A-Z0-9]")
_ALIKE = str.maketrans({"0": "O", "Q": "O", "1": "I", "L": "I", "_": "", "-": ""})
_CLEAR = "ABCDEFGHJKMNPRSTUVWXYZ"  # letters that look like nothing else
FALLBACK = "CREA"  # for a handle without a Latin letter or a digit


class CodeMalformed(Malformed):
    """A promo code that no shop takes."""


class DiscountMalformed(Malformed):
    """A discount that says nothing clear."""


class DiscountKind(StrEnum):
    PERCENT = "percent"
    AMOUNT = "amount"
    SHIPPING = "shipping"  # free delivery
    NONE = "none"  # the code only says through whom somebody came


@dataclass(frozen=True, slots=True)
class Discount:
    """What a buyer gets: percent off, an amount off in a currency, free delivery, or nothing."""

    kind: DiscountKind = DiscountKind.NONE
    value: Decimal | None = None
    currency: str = ""

    @property
    def suffix(self) -> str:
        """The digits that a code carries: 10 % is “10”."""
        whole = self.value is not None and self.value == self.value.to_integral_value()
        return str(int(self.value)) if whole and self.value is not None else ""


def discount_of(text: str) -> Discount:
    """“10%”, “5 EUR”, “shipping” or nothing. Raises DiscountMalformed."""
    plain = " ".join(text.replace("\N{NARROW NO-BREAK SPACE}", " ").replace("\N{NO-BREAK SPACE}", " ").split())
    if plain.lower() in ("", "none"):
        return Discount()
    if plain.lower() == "shipping":
        return Discount(DiscountKind.SHIPPING)
    found = re.fullmatch(r"(\d{1,6}(?:[.,]\d{1,2})?) ?(%|[A-Za-z]{3})", plain)
    hint = Sentence("Write 10%, 5 EUR, shipping, or leave it empty.")
    if found is None:
        raise DiscountMalformed(Sentence("“%(text)s” is no discount.", text=text), hint)
    try:
        value = Decimal(found[1].replace(",", "."))
    except InvalidOperation as error:
        raise DiscountMalformed(Sentence("“%(text)s” is no discount.", text=text), hint) from error
    if found[2] == "%":
        if not 0 < value <= 100:
            raise DiscountMalformed(Sentence("“%(text)s” is not between 0 and 100 percent.", text=text), hint)
        return Discount(DiscountKind.PERCENT, value)
    if value <= 0:
        raise DiscountMalformed(Sentence("“%(text)s” takes nothing off.", text=text), hint)
    return Discount(DiscountKind.AMOUNT, value, found[2].upper())


def plain_code(text: str) -> str:
    """A code as shops compare them: capitals. Raises CodeMalformed."""
    code = text.strip().upper()
    if not _CODE.fullmatch(code):
        raise CodeMalformed(
            Sentence("“%(text)s” is no promo code.", text=text.strip()[:40]),
            Sentence("3 to %(longest)s letters without accents and digits; - and _ may stand inside.", longest=LONGEST),
        )
    return code


def skeleton(code: str) -> str:
    """What is left of a code for somebody who cannot tell O from 0 or I from 1 and L: equal ones look alike."""
    return plain_code(code).translate(_ALIKE)


def codes_for(handle: str, discount: Discount) -> Iterator[str]:
    """Codes for a handle, the most natural first; an endless supply, without chance: LEA10, LEA10A, LEA10B..."""
    named = re.sub(r"[^A-Z0-9]", "", folded(handle).upper())
    for digit, letters in (("0", "OQ"), ("1", "IL")):
        if any(letter in named for letter in letters):
            named = named.replace(digit, "")  # nobody hears which of the two it is
    named = named[:_NAMED] or FALLBACK
    first = named + discount.suffix
    if len(first) >= 3:
        yield first
    for length in (1, 2, 3):
        for number in range(len(_CLEAR) ** length):
            yield first + "".join(_CLEAR[number // len(_CLEAR) ** place % len(_CLEAR)] for place in range(length))[::-1]


@dataclass(frozen=True, slots=True)
class Validity:
    """Days on which a code works, both included; None is open."""

    starts_on: date | None = None
    ends_on: date | None = None

    def __post_init__(self) -> None:
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise CodeMalformed(
                Sentence(
                    "The code would end on %(ends_on)s, before it begins on %(starts_on)s.",
                    ends_on=Day(self.ends_on),
                    starts_on=Day(self.starts_on),
                ),
                Sentence("Change one of the days."),
            )
