"""A calendar as a file that calendar programs read (iCalendar, RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event

from sillage.campaigns.engine.calendar import sequence_of


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One all-day event. `uid` never changes; `ends_on` is the last day, included; `url` may be empty."""

    uid: str
    summary: str
    starts_on: date
    ends_on: date
    changed_at: datetime
    url: str = ""


def calendar_feed(name: str, entries: Iterable[FeedEntry]) -> bytes:
    """The file. The same entries give the same bytes, so that a program sees what changed."""
    found = Calendar()
    found.add("prodid", "-//Sillage//Calendar//EN")
    found.add("version", "2.0")
    found.add("calscale", "GREGORIAN")
    found.add("method", "PUBLISH")
    found.add("x-wr-calname", name)
    found.add("refresh-interval", timedelta(hours=6), parameters={"value": "DURATION"})
    for entry in entries:
        found.add_component(_event(entry))
    written: bytes = found.to_ical()
    return written


def _event(entry: FeedEntry) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("summary", entry.summary)
    event.add("dtstart", entry.starts_on)
    event.add("dtend", entry.ends_on + timedelta(days=1))  # the day after the last one
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("sequence", sequence_of(entry.changed_at))
    event.add("transp", "TRANSPARENT")  # nobody is busy because of it
    if entry.url:
        event.add("url", entry.url)
    return event
