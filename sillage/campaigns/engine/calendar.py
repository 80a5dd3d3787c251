"""Everything dated, laid out by day: months, weeks, and what lies on each day. Days are local dates without a time."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum


class DateKind(StrEnum):
    """What a date is of."""

    CAMPAIGN_START = "campaign_start"
    CAMPAIGN_END = "campaign_end"
    DRAFT_DUE = "draft_due"
    PUBLISH = "publish"  # a window: from a first day to a last one
    RIGHTS_END = "rights_end"
    EXCLUSIVITY_END = "exclusivity_end"
    REMINDER = "reminder"
    PARCEL_SENT = "parcel_sent"
    PAYMENT_DUE = "payment_due"
    PAID = "paid"
    CODE_START = "code_start"
    CODE_END = "code_end"
    APPROVAL_EXPIRY = "approval_expiry"
    REQUEST_DUE = "request_due"  # of somebody who asked about their data


@dataclass(frozen=True, slots=True)
class Dated:
    """One thing on the calendar. `key` stays the same when the date moves; `name` is never an amount.

    `private` is free text, for pages only: it does not leave by the calendar link. `place` and `place_id` say whose page it
    has: campaign, collaboration, deliverable, approval, request.
    """

    key: str
    kind: DateKind
    starts_on: date
    ends_on: date  # the last day, included
    name: str
    campaign: str
    place: str
    place_id: int
    changed_at: datetime
    private: str = ""
    is_done: bool = False

    @property
    def is_span(self) -> bool:
        return self.ends_on > self.starts_on


@dataclass(frozen=True, slots=True)
class Mark:
    """A dated thing as it stands on one day: all of it, or the beginning or the end of a span."""

    dated: Dated
    edge: str = ""  # "", "from", "until"


@dataclass(frozen=True, slots=True)
class Day:
    """A day with what lies on it. `hidden` is how many marks a narrow cell leaves out."""

    on: date
    is_outside: bool  # of the month that is shown
    marks: tuple[Mark, ...]
    hidden: int = 0


@dataclass(frozen=True, slots=True)
class Range:
    """The first and the last day that are shown, included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def month_range(year: int, month: int, first_weekday: int) -> Range:
    """The whole weeks that hold a month. `first_weekday` is 0 for Monday, 6 for Sunday."""
    weeks = calendar.Calendar(first_weekday).monthdatescalendar(year, month)
    return Range(weeks[0][0], weeks[-1][-1])


def week_range(day: date, first_weekday: int) -> Range:
    """The week that holds a day."""
    first = day - timedelta(days=(day.weekday() - first_weekday) % 7)
    return Range(first, first + timedelta(days=6))


def month_before(first: date) -> date:
    """The first day of the month before the month of `first`."""
    return (first.replace(day=1) - timedelta(days=1)).replace(day=1)


def month_after(first: date) -> date:
    """The first day of the month after."""
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1)


def weeks_of(shown: Range, dates: Iterable[Dated], *, month: int | None, room: int | None) -> list[list[Day]]:
    """The days in rows of seven. A span stands on its first and its last day. `room` marks fit into a cell; None is all."""
    marks: dict[date, list[Mark]] = {}
    for dated in sorted(dates, key=lambda d: (d.is_done, list(DateKind).index(d.kind), d.name, d.key)):
        for on, mark in _marks(dated):
            if on in shown:
                marks.setdefault(on, []).append(mark)
    days = [shown.first + timedelta(days=n) for n in range((shown.last - shown.first).days + 1)]
    laid = [_day(on, marks.get(on, []), month, room) for on in days]
    return [laid[n : n + 7] for n in range(0, len(laid), 7)]


def _marks(dated: Dated) -> Sequence[tuple[date, Mark]]:
    if not dated.is_span:
        return [(dated.starts_on, Mark(dated))]
    return [(dated.starts_on, Mark(dated, "from")), (dated.ends_on, Mark(dated, "until"))]


def _day(on: date, marks: list[Mark], month: int | None, room: int | None) -> Day:
    # A line that says "+1" takes the room of the one that it hides.
    shown = len(marks) if room is None or len(marks) <= room else room - 1
    return Day(on, month is not None and on.month != month, tuple(marks[:shown]), len(marks) - shown)


def sequence_of(changed_at: datetime) -> int:
    """RFC 5545, SEQUENCE: grows with every change. Seconds since 2020, so that nothing has to be counted."""
    return max(0, int((changed_at - datetime(2020, 1, 1, tzinfo=UTC)).total_seconds()))
