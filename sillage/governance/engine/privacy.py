"""Clocks of data protection: when a notice is due, until when a request is answered. Pure.

GDPR, article 12(3): one month, two more once where a request is complex; the person is told within the first month.
Article 14(3): a notice within a month of obtaining, at the first contact, at the first showing to somebody else, whichever
comes first.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

SOON = timedelta(days=7)


class RequestKind(StrEnum):
    """What a person may ask about their data: GDPR, articles 15 to 18, 20 and 21."""

    ACCESS = "access"
    RECTIFICATION = "rectification"
    ERASURE = "erasure"
    RESTRICTION = "restriction"
    PORTABILITY = "portability"
    OBJECTION = "objection"


ARTICLES = {
    RequestKind.ACCESS: 15,
    RequestKind.RECTIFICATION: 16,
    RequestKind.ERASURE: 17,
    RequestKind.RESTRICTION: 18,
    RequestKind.PORTABILITY: 20,
    RequestKind.OBJECTION: 21,
}
SUPPRESSING = frozenset({RequestKind.OBJECTION, RequestKind.RESTRICTION})


class RequestState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    REFUSED = "refused"


class CameBy(StrEnum):
    LINK = "link"  # the creator's own page
    EMAIL = "email"
    MESSAGE = "message"
    LETTER = "letter"
    SPOKEN = "spoken"


class Urgency(StrEnum):
    """How a deadline stands."""

    DONE = "done"
    LATER = "later"
    SOON = "soon"  # within a week
    OVERDUE = "overdue"


def months_after(start: datetime, months: int) -> datetime:
    """The same day so many months on, or the last of a shorter month: 31 January + 1 is 28 or 29 February."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return start.replace(year=year, month=month + 1, day=min(start.day, monthrange(year, month + 1)[1]))


def answer_due(received: datetime, *, is_extended: bool) -> datetime:
    return months_after(received, 3 if is_extended else 1)


def notice_due(obtained: datetime, contacted: datetime | None, shown: datetime | None) -> datetime:
    """The latest instant for the notice of article 14."""
    return min(at for at in (months_after(obtained, 1), contacted, shown) if at is not None)


def urgency(due: datetime, now: datetime, *, is_done: bool = False) -> Urgency:
    if is_done:
        return Urgency.DONE
    if due <= now:
        return Urgency.OVERDUE
    return Urgency.SOON if due - now <= SOON else Urgency.LATER


class Doing(StrEnum):
    """What is about to happen with a person's data."""

    CONTACT = "contact"  # the notice may travel with it
    SHOW = "show"  # to somebody outside of the workspace


@dataclass(frozen=True, slots=True)
class NoticeFinding:
    """What stands against contacting or showing somebody. Only `is_blocking` ones refuse."""

    rule: str
    is_blocking: bool
    due_at: datetime


def notice_findings(
    doing: Doing,
    *,
    obtained: datetime,
    contacted: datetime | None,
    shown: datetime | None,
    sent: datetime | None,
    now: datetime,
) -> tuple[NoticeFinding, ...]:
    """Nobody is shown outside before they were told; a first contact carries the notice, so it is not refused."""
    if sent is not None and sent <= now:
        return ()
    due = notice_due(
        obtained,
        contacted or (now if doing is Doing.CONTACT else None),
        shown or (now if doing is Doing.SHOW else None),
    )
    return (NoticeFinding("GDPR-14-3", doing is Doing.SHOW, due),)
