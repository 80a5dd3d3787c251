"""The API of the calendar: what is dated, and links for calendar programs."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Annotated, Any

from django.urls import reverse
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from sillage.campaigns.engine.calendar import DateKind, Range
from sillage.campaigns.queries.calendar import Scope, list_dates
from sillage.campaigns.queries.campaigns import get_campaign
from sillage.governance import actions as governance
from sillage.governance.api_access import Call, Kept, allowed
from sillage.governance.engine.actors import Right
from sillage.governance.engine.links import Purpose
from sillage.governance.shapes import Given, Rows, rows
from sillage.lib.errors import Malformed

router = Router(tags=["campaigns"])

MOST_DAYS = 800
Id = Annotated[int, Field(ge=1, le=2**53 - 1)]


class DaysMalformed(Malformed):
    """The first day is after the last one, or there are too many between them."""


class DatedShape(Schema):
    """One thing on the calendar; `ends_on` is the last day, included. `place` and `place_id` say whose date it is."""

    key: str
    kind: DateKind
    starts_on: date
    ends_on: date
    name: str
    text: str = Field(validation_alias="private")
    campaign: str
    place: str
    place_id: int
    is_done: bool
    changed_at: datetime


class CalendarLinkGiven(Given):
    label: Annotated[str, Field(min_length=1, max_length=200)]
    campaign_id: Id | None = None
    days: Annotated[int, Field(ge=1, le=365)] = 365


class CalendarLinkMade(Schema):
    """`path` is the address below the site's; its secret part is in this answer and nowhere else."""

    id: int
    path: str
    expires_at: datetime


@router.get("/calendar", **allowed(Right.READ), response=Rows[DatedShape])
def list_calendar(request: Call, first: date, last: date, campaign_id: Id | None = None) -> dict[str, Any]:
    """What is dated on these days, of a campaign or of all that are not put away."""
    if campaign_id is not None:
        get_campaign(request.auth.workspace_id, campaign_id)
    if not timedelta(0) <= last - first <= timedelta(days=MOST_DAYS):
        raise DaysMalformed(
            f"{first} to {last} cannot be shown.", f"Ask for up to {MOST_DAYS} days, the first one first."
        )
    return rows(list_dates(Scope(request.auth.workspace_id, Range(first, last), campaign_id)))


@router.post("/calendar/links", **allowed(Right.CAMPAIGN, kept=Kept.NEVER), response={201: CalendarLinkMade})
def open_calendar_link(request: Call, given: CalendarLinkGiven) -> dict[str, Any]:
    """Make an address that calendar programs read (iCalendar), of a campaign or of the workspace."""
    workspace, now = request.auth.workspace_id, timezone.now()
    subject = ("workspace", workspace)
    if given.campaign_id is not None:
        subject = ("campaign", get_campaign(workspace, given.campaign_id).pk)
    link, secret = governance.open_link(
        purpose=Purpose.CALENDAR,
        subject_kind=subject[0],
        subject_id=subject[1],
        label=given.label,
        expires_at=now + timedelta(days=given.days),
        actor=request.auth,
        now=now,
    )
    return {"id": link.pk, "path": reverse("calendar_feed", args=[secret]), "expires_at": link.expires_at}


@router.delete("/calendar/links/{int:link_id}", **allowed(Right.CAMPAIGN), response={204: None})
def revoke_calendar_link(request: Call, link_id: int) -> None:
    """End a link for calendar programs."""
    governance.revoke_link(link_id=link_id, actor=request.auth, now=timezone.now())
