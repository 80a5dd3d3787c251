"""How much a workspace may ask a language model: per minute, at once, and per month in tokens and money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import ROUND_UP, Decimal

CALLS_PER_MINUTE = 10
MONTHLY_TOKENS = 2_000_000
AT_ONCE = 3  # calls under way: each holds a thread of the site
GRACE = timedelta(seconds=60)  # beyond a call's longest time, after which it was interrupted
MILLION = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Price:
    """What a million tokens costs, as the operator said; None where nobody did."""

    tokens_in: Decimal | None
    tokens_out: Decimal | None
    currency: str

    @property
    def is_known(self) -> bool:
        return self.tokens_in is not None and self.tokens_out is not None

    def of(self, tokens_in: int, tokens_out: int) -> Decimal | None:
        """What so many tokens cost, rounded up to a millionth; None without a price."""
        if self.tokens_in is None or self.tokens_out is None:
            return None
        exact = (self.tokens_in * tokens_in + self.tokens_out * tokens_out) / MILLION
        return exact.quantize(Decimal("0.000001"), rounding=ROUND_UP)


@dataclass(frozen=True, slots=True)
class WriterLimits:
    """What is allowed. None: no bound."""

    is_on: bool = True
    monthly_cost: Decimal | None = None
    monthly_tokens: int | None = MONTHLY_TOKENS
    calls_per_minute: int = CALLS_PER_MINUTE


@dataclass(frozen=True, slots=True)
class Spending:
    """What was used: this month, in the last minute, and now. Estimated calls count with the most that they may have used."""

    tokens: int = 0
    cost: Decimal = Decimal(0)
    last_minute: int = 0
    under_way: int = 0


def month_of(now: datetime) -> datetime:
    """The beginning of the month, in UTC."""
    return now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def beyond(limits: WriterLimits, spending: Spending, tokens: int, cost: Decimal | None) -> str:
    """The limit that a call of so many tokens would pass: switch, calls, at_once, tokens or cost. Empty: none."""
    if not limits.is_on:
        return "switch"
    if spending.last_minute >= limits.calls_per_minute:
        return "calls"
    if spending.under_way >= AT_ONCE:
        return "at_once"
    if limits.monthly_tokens is not None and spending.tokens + tokens > limits.monthly_tokens:
        return "tokens"
    if limits.monthly_cost is not None and cost is not None and spending.cost + cost > limits.monthly_cost:
        return "cost"
    return ""
