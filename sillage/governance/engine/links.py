"""Signed links: what somebody without an account may open, and until when."""

from __future__ import annotations

from enum import StrEnum


class Purpose(StrEnum):
    """What a link opens. A link opens one thing only."""

    CREATOR = "creator"  # what is stored about a creator: see, correct, contest, object, take along
    COLLABORATION = "collaboration"  # one collaboration: its brief, drafts, contract
    REVIEW = "review"  # a client reads and approves the drafts of a campaign
    CALENDAR = "calendar"  # a calendar program reads dates
