"""Totals always add up, whichever way they are added, and rates are of the day or not used."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from sillage.campaigns.engine.budget import Category, Item, Rate, Side, beyond, budget_of, rate_of, worth_in
from sillage.lib.money import Money, total

ON = date(2026, 6, 15)


def euros(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def rate(base: str, quote: str, value: str, on: date = date(2026, 6, 12)) -> Rate:
    return Rate(base, quote, Decimal(value), on, "ECB")


ITEMS = st.lists(
    st.builds(
        Item,
        side=st.sampled_from(Side),
        category=st.sampled_from(Category),
        money=st.none() | st.integers(0, 10**9).map(lambda n: Money(Decimal(n).scaleb(-2), "EUR")),
        collaboration_id=st.none() | st.integers(1, 4),
    ),
    max_size=40,
)


@given(ITEMS)
def test_lines_creators_and_the_whole_add_up_to_the_same(items):
    budget = budget_of(items, "EUR")
    for part in (budget.categories, budget.creators, budget.cells):
        for name in ("planned", "proposed", "committed", "asked", "spent", "engaged"):
            assert total((getattr(f, name) for f in part.values()), "EUR") == getattr(budget.whole, name)
        assert sum(f.unknown for f in part.values()) == budget.whole.unknown


@given(ITEMS)
def test_every_cent_stands_on_its_side_and_what_is_unknown_is_counted(items):
    budget = budget_of(items, "EUR")
    for side in Side:
        known = [i.money for i in items if i.side is side and i.money is not None]
        assert getattr(budget.whole, side.value) == total(known, "EUR")
    assert budget.whole.unknown == sum(i.money is None for i in items)


@given(ITEMS, st.randoms())
def test_the_order_of_entries_changes_nothing(items, random):
    shuffled = list(items)
    random.shuffle(shuffled)
    assert budget_of(items, "EUR").whole == budget_of(shuffled, "EUR").whole


@given(ITEMS)
def test_what_is_engaged_is_never_less_than_what_is_committed_or_used(items):
    whole = budget_of(items, "EUR").whole
    assert whole.committed <= whole.engaged
    assert whole.asked + whole.spent <= whole.engaged


def test_a_payment_uses_up_what_was_agreed():
    agreed = Item(Side.COMMITTED, Category.CREATOR_FEES, euros("1000"), 1)
    paid = Item(Side.SPENT, Category.CREATOR_FEES, euros("400"), 1)
    supplier = Item(Side.ASKED, Category.PRODUCTION, euros("250"))

    budget = budget_of([agreed, paid, supplier], "EUR")

    assert budget.whole.engaged == euros("1250")
    assert budget.room(Category.CREATOR_FEES, 1) == euros("600")
    assert budget.room(Category.PRODUCTS, 1) == euros("0")


def test_a_limit_is_passed_by_the_cent_above_it():
    figures = budget_of([Item(Side.COMMITTED, Category.OTHER, euros("900"), 1)], "EUR").whole
    assert beyond(euros("1000"), figures, euros("100")) is None
    assert beyond(euros("1000"), figures, euros("100.01")) == euros("0.01")
    assert beyond(None, figures, euros("100000")) is None


def test_a_rate_is_taken_so_inverted_or_through_the_euro():
    rates = [rate("EUR", "CHF", "0.95"), rate("EUR", "USD", "1.10")]
    assert rate_of(rates, "EUR", "CHF", ON).rate == Decimal("0.95")
    assert rate_of(rates, "CHF", "EUR", ON).rate == Decimal("1.052631579")
    assert rate_of(rates, "CHF", "USD", ON).rate == Decimal("1.157894737")
    assert rate_of(rates, "GBP", "EUR", ON) is None


def test_the_newest_rate_of_the_month_before_counts_and_an_older_or_later_one_does_not():
    rates = [rate("CHF", "EUR", "1.01", date(2026, 6, 1)), rate("CHF", "EUR", "1.03", date(2026, 6, 14))]
    assert rate_of(rates, "CHF", "EUR", ON).rate == Decimal("1.03")
    assert rate_of(rates, "CHF", "EUR", date(2026, 6, 13)).rate == Decimal("1.01")
    assert rate_of(rates, "CHF", "EUR", date(2026, 5, 31)) is None
    assert rate_of(rates, "CHF", "EUR", date(2026, 7, 16)) is None


def test_the_rate_used_is_kept_with_the_amount():
    worth = worth_in(("EUR", "CHF"), Money(Decimal(100), "CHF"), [rate("CHF", "EUR", "1.05")], ON)
    assert worth.amounts == (Decimal("105.00"), Decimal("100.00"))
    assert worth.rates == ({"base": "CHF", "quote": "EUR", "rate": "1.05", "on": "2026-06-12", "source": "ECB"},)
    assert worth_in(("EUR",), None, [], ON).amounts == (None,)
