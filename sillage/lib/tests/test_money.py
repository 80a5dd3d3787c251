"""Amounts keep their currency, add up exactly and round half up."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sillage.lib.money import AmountMalformed, CurrencyMalformed, MixedCurrencies, Money, total

CENTS = st.integers(-(10**12), 10**12).map(lambda n: Decimal(n).scaleb(-2))


def euros(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def test_two_currencies_neither_add_up_nor_compare():
    for mixing in (
        lambda: euros("1") + Money(Decimal(1), "CHF"),
        lambda: euros("1") - Money(Decimal(1), "CHF"),
        lambda: euros("1") < Money(Decimal(1), "CHF"),
        lambda: total([euros("1"), Money(Decimal(1), "CHF")], "EUR"),
    ):
        with pytest.raises(MixedCurrencies):
            mixing()


@pytest.mark.parametrize("code", ["eur", "EU", "EURO", "€", ""])
def test_a_currency_is_three_capital_letters(code):
    with pytest.raises(CurrencyMalformed):
        Money(Decimal(1), code)


@pytest.mark.parametrize("amount", ["NaN", "Infinity", "-Infinity"])
def test_an_amount_is_a_number(amount):
    with pytest.raises(AmountMalformed):
        euros(amount)


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [("0.005", "EUR", "0.01"), ("2.675", "EUR", "2.68"), ("-0.005", "EUR", "-0.01"), ("12.5", "JPY", "13")],
)
def test_rounding_is_half_up_to_the_smallest_coin(amount, currency, rounded):
    assert Money(Decimal(amount), currency).rounded == Money(Decimal(rounded), currency)


def test_a_share_and_a_conversion_are_rounded():
    assert euros("99.99").share(Decimal(20)) == euros("20.00")
    assert euros("100").converted(Decimal("0.9441"), "CHF") == Money(Decimal("94.41"), "CHF")


@given(st.lists(CENTS))
def test_a_sum_is_exact_in_any_order(amounts):
    rows = [Money(a, "EUR") for a in amounts]
    assert total(rows, "EUR") == total(reversed(rows), "EUR") == Money(sum(amounts, Decimal(0)), "EUR")
