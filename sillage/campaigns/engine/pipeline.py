"""The stages of a collaboration and the lawful moves between them."""

from __future__ import annotations

from enum import StrEnum


class Stage(StrEnum):
    """Where a collaboration stands, in the order in which the work is done."""

    SHORTLISTED = "shortlisted"
    CONTACTED = "contacted"
    NEGOTIATING = "negotiating"
    AGREED = "agreed"
    CONTRACTED = "contracted"
    PRODUCING = "producing"
    IN_REVIEW = "in_review"
    LIVE = "live"
    REPORTED = "reported"
    CLOSED = "closed"
