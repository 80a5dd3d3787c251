"""Reasons to look twice before working with a creator: they stand beside a move and forbid nothing.

Pure over what the workspace knows: the creator's other collaborations, promises of exclusivity, paid posts for competitors.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from sillage.campaigns.engine.pipeline import AT_WORK, IN_TALKS, PUBLISHED, Stage

EXPOSURE_DAYS = 30
MOST_EXPOSED = 3  # collaborations that went live within EXPOSURE_DAYS, the coming one included
COMPETITOR_DAYS = 90
CONTACT_DAYS = 90


class ConflictKind(StrEnum):
    """The gravest first."""

    EXCLUSIVITY = "exclusivity"
    COMPETITOR = "competitor"
    DOUBLE_BOOKING = "double_booking"
    OVER_EXPOSURE = "over_exposure"
    CONTACTED = "contacted"


@dataclass(frozen=True, slots=True)
class Conflict:
    """One reason, with what it rests on. `about` are the words of its sentence; `campaign_id` where it comes from."""

    kind: ConflictKind
    about: Mapping[str, str] = field(default_factory=dict)
    campaign_id: int | None = None


@dataclass(frozen=True, slots=True)
class Engagement:
    """Another collaboration of the same creator in this workspace."""

    campaign_id: int
    campaign: str
    brand_key: str
    stage: Stage
    starts_on: date | None
    ends_on: date | None
    owner_id: int | None
    owner: str
    contacted_on: date | None = None
    live_on: date | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """An exclusivity that the creator owes to a brand: against a brand (its key) or a whole category, between two days."""

    campaign_id: int
    to: str
    to_key: str
    against: str
    is_category: bool
    key: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class PaidWork:
    """A paid post for a competitor. `standing` is declared or likely_paid: a machine's finding, or a person's word."""

    brand_key: str
    brand: str
    on: date
    standing: str


@dataclass(frozen=True, slots=True)
class Booking:
    """The collaboration that is looked at: its campaign, its owner, its stage."""

    campaign_id: int
    brand_key: str
    category: str  # folded; "" where it is not known
    starts_on: date | None
    ends_on: date | None
    competitors: tuple[str, ...]
    owner_id: int | None
    stage: Stage


@dataclass(frozen=True, slots=True)
class Past:
    """What the workspace knows of one creator beside that collaboration."""

    engagements: tuple[Engagement, ...] = ()
    promises: tuple[Promise, ...] = ()
    paid: tuple[PaidWork, ...] = ()


def conflicts_of(booking: Booking, past: Past, today: date) -> list[Conflict]:
    """All reasons, the gravest kind first. What is over or closed has none."""
    if booking.stage in (Stage.REPORTED, Stage.CLOSED):
        return []
    found = [
        *_exclusivities(booking, past.promises, today),
        *_competitors(past.paid, booking.competitors, today),
        *_double_bookings(booking, past.engagements, today),
        *_over_exposure(past.engagements, booking, today),
        *_contacted(booking, past.engagements, today),
    ]
    return sorted(found, key=lambda conflict: list(ConflictKind).index(conflict.kind))


def overlap(one: tuple[date | None, date | None], other: tuple[date | None, date | None]) -> bool:
    """Whether two periods share a day; an open end is open, a period without any day is not known and overlaps nothing."""
    if one == (None, None) or other == (None, None):
        return False
    starts = [period[0] or date.min for period in (one, other)]
    ends = [period[1] or date.max for period in (one, other)]
    return max(starts) <= min(ends)


def _exclusivities(booking: Booking, promises: Sequence[Promise], today: date) -> Iterable[Conflict]:
    """Owed to another brand, over the days of this campaign (from today on, where it has none)."""
    days = (booking.starts_on or today, booking.ends_on)
    for promise in promises:
        ours = booking.category if promise.is_category else booking.brand_key
        if promise.to_key == booking.brand_key or not ours or promise.key != ours:
            continue
        if overlap(days, (promise.starts_on, promise.ends_on)):
            about = {"brand": promise.to, "against": promise.against, "until": promise.ends_on.isoformat()}
            yield Conflict(ConflictKind.EXCLUSIVITY, about, promise.campaign_id)


def _competitors(paid: Sequence[PaidWork], competitors: Sequence[str], today: date) -> Iterable[Conflict]:
    """The newest paid post for each competitor within COMPETITOR_DAYS."""
    since = today - timedelta(days=COMPETITOR_DAYS)
    newest: dict[str, PaidWork] = {}
    for work in paid:
        if work.brand_key in competitors and work.on >= since:
            newest[work.brand_key] = max(work, newest.get(work.brand_key, work), key=lambda w: w.on)
    for work in newest.values():
        about = {"brand": work.brand, "on": work.on.isoformat(), "standing": work.standing}
        yield Conflict(ConflictKind.COMPETITOR, about)


def _double_bookings(booking: Booking, engagements: Sequence[Engagement], today: date) -> Iterable[Conflict]:
    for other in engagements:
        if other.stage in AT_WORK and overlap((booking.starts_on, booking.ends_on), (other.starts_on, other.ends_on)):
            yield Conflict(ConflictKind.DOUBLE_BOOKING, {"campaign": other.campaign}, other.campaign_id)


def _over_exposure(engagements: Sequence[Engagement], booking: Booking, today: date) -> Iterable[Conflict]:
    since = today - timedelta(days=EXPOSURE_DAYS)
    live = [e for e in engagements if e.stage in PUBLISHED and e.live_on is not None and e.live_on >= since]
    if len(live) + 1 > MOST_EXPOSED:
        about = {"n": str(len(live)), "days": str(EXPOSURE_DAYS)}
        yield Conflict(ConflictKind.OVER_EXPOSURE, about)


def _contacted(booking: Booking, engagements: Sequence[Engagement], today: date) -> Iterable[Conflict]:
    """A colleague is in talks with them, or wrote to them within CONTACT_DAYS, for another campaign."""
    since = today - timedelta(days=CONTACT_DAYS)
    for other in engagements:
        wrote = other.contacted_on is not None and other.contacted_on >= since
        is_colleague = other.owner_id is None or other.owner_id != booking.owner_id
        if is_colleague and (wrote or other.stage in IN_TALKS):
            about = {
                "campaign": other.campaign,
                "who": other.owner,
                "on": other.contacted_on.isoformat() if other.contacted_on else "",
            }
            yield Conflict(ConflictKind.CONTACTED, about, other.campaign_id)
