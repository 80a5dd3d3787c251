"""What YouTube's API costs, and when the day's quota begins anew.

Source: https://developers.google.com/youtube/v3/determine_quota_cost
`search.list` has a bucket of its own (100 calls a day) and is not used: a channel's uploads are a playlist.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

UNITS_PER_DAY = 10_000
UNITS_PER_LIST = 1  # channels, playlistItems, videos, commentThreads: each portion, whatever it answers

_RESET_ZONE = ZoneInfo("America/Los_Angeles")


def quota_day(now: datetime) -> date:
    """The day on whose account a call at this instant goes, in YouTube's zone."""
    return now.astimezone(_RESET_ZONE).date()


def resets_at(now: datetime) -> datetime:
    """The next midnight in YouTube's zone, in UTC."""
    tomorrow = quota_day(now) + timedelta(days=1)
    return datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=_RESET_ZONE).astimezone(UTC)
