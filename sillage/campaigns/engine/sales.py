"""What came of a collaboration: clicks, orders and revenue, with receipts.

Clicks are requests that our own redirector answered and took for a person's; nobody is recognised, so somebody who clicks
twice is two. Orders and revenue are what the shop reported for the collaboration's code or link. None of it is incremental:
nobody knows what would have been sold anyway.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sillage.lib.receipts import Input, Metric, Receipt, receipt_of, register

_MEASURED = frozenset({"authenticated"})  # by our redirector, or by the shop itself

CLICKS = register(
    Metric(
        "collaboration.clicks",
        1,
        "sum(clicks)",
        "clicks",
        "up",
        _MEASURED,
        "requests of tracked links taken for a person's, in whole hours; without recognition, so not people (docs: tracking)",
    )
)
MACHINE_CLICKS = register(
    Metric(
        "collaboration.machine_clicks",
        1,
        "sum(clicks)",
        "clicks",
        "none",
        _MEASURED,
        "requests of tracked links that look like a machine's: crawlers, link previews, prefetching; never added to clicks",
    )
)
ORDERS = register(
    Metric(
        "collaboration.orders",
        1,
        "orders",
        "orders",
        "up",
        _MEASURED,
        "orders that the shop reported with the collaboration's promo code, else its tracked link; refunded ones included",
    )
)
REVENUE = register(
    Metric(
        "collaboration.revenue",
        1,
        "ordered - refunded",
        "campaign's currency",
        "up",
        _MEASURED,
        "amounts of those orders less refunds, in the campaign's currency alone; attributed, not incremental",
    )
)
REVENUE_PER_ORDER = register(
    Metric(
        "collaboration.revenue_per_order",
        1,
        "ordered / orders",
        "campaign's currency",
        "none",
        _MEASURED,
        "average amount of an order in the campaign's currency, before refunds",
    )
)
METRICS = (CLICKS, MACHINE_CLICKS, ORDERS, REVENUE, REVENUE_PER_ORDER)


@dataclass(frozen=True, slots=True)
class Clicked:
    """Clicks of one link in the whole hours before an instant: what a receipt keeps is clicks:KIND:LINK:UNIX."""

    link_id: int
    people: int
    machines: int


@dataclass(frozen=True, slots=True)
class Sold:
    """What a shop reported of a collaboration, up to the conversion with the id `last`; amounts in one currency."""

    last: int
    orders: int  # in any currency
    currency: str
    counted: int  # orders in that currency
    ordered: Decimal
    refunds: int
    refunded: Decimal


def whole_hours(now: datetime) -> datetime:
    """The end of the last hour that is over: what was counted before does not change any more."""
    return (now - timedelta(minutes=1)).replace(minute=0, second=0, microsecond=0)


def sales_numbers(
    collaboration_id: int, clicked: Sequence[Clicked], sold: Sold | None, *, now: datetime, code_version: str
) -> list[Receipt]:
    """The numbers of one collaboration that can be known, `now` being when they were counted.

    Without a link there are no clicks; without a word from a shop (`sold` is None) no orders.
    """
    made = [*_clicks(clicked, whole_hours(now)), *_orders(collaboration_id, sold)]
    proven = [
        receipt_of(
            metric, inputs, subject=f"collaboration:{collaboration_id}", n=n, computed_at=now, code_version=code_version
        )
        for metric, inputs, n in made
    ]
    return [receipt for receipt in proven if receipt.value is not None]


Made = tuple[Metric, dict[str, Input], int]


def _clicks(clicked: Sequence[Clicked], until: datetime) -> Iterator[Made]:
    for metric, kind, counts in (
        (CLICKS, "person", [c.people for c in clicked]),
        (MACHINE_CLICKS, "machine", [c.machines for c in clicked]),
    ):
        refs = tuple(f"clicks:{kind}:{c.link_id}:{int(until.timestamp())}" for c in clicked)
        if refs:
            yield metric, {"clicks": Input(list(counts), refs, "authenticated")}, len(refs)


def _orders(collaboration_id: int, sold: Sold | None) -> Iterator[Made]:
    if sold is None:
        return

    def told(what: str, value: Decimal | int) -> Input:
        currency = "" if what == "orders" else sold.currency
        ref = f"sold:{what}:{collaboration_id}:{currency}:{sold.last}"
        return Input(float(value), (ref,), "authenticated")

    ordered, refunded = told("ordered", sold.ordered), told("refunded", sold.refunded)
    yield ORDERS, {"orders": told("orders", sold.orders)}, sold.orders
    yield REVENUE, {"ordered": ordered, "refunded": refunded}, sold.counted + sold.refunds
    yield REVENUE_PER_ORDER, {"ordered": ordered, "orders": told("counted", sold.counted)}, sold.counted
