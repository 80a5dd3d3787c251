"""Campaigns over the API: the list, one, copies, and what is to be done in it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from sillage.campaigns.actions import campaigns as actions
from sillage.campaigns.actions.notes import finish_reminder, set_reminder
from sillage.campaigns.engine.addresses import tracked_address
from sillage.campaigns.models import Campaign, Reminder
from sillage.campaigns.queries import campaigns as queries
from sillage.campaigns.queries.people import list_reminders as reminders_of
from sillage.governance.api_access import Call, allowed
from sillage.governance.engine.actors import Right
from sillage.governance.shapes import BigId, Given, Limit, Rows, rows

router = Router()

Words = list[Annotated[str, Field(max_length=101)]]


class CampaignShape(Schema):
    """A campaign or a template. `link` is the page that links lead to, with its utm words; brands are keys."""

    id: int
    name: str
    objective: str
    brand: str
    brand_key: str
    text: str
    countries: list[str]
    starts_on: date | None
    ends_on: date | None
    budget: Decimal | None
    currency: str
    brief_id: int | None
    hashtags: list[str]
    mentions: list[str]
    codes: list[str]
    landing_url: str
    utm: dict[str, str]
    link: str
    competitors: list[str]
    law_packs: list[str]
    is_template: bool
    created_at: datetime
    changed_at: datetime
    archived_at: datetime | None

    @staticmethod
    def resolve_link(campaign: Campaign) -> str:
        return tracked_address(campaign.landing_url, campaign.utm)


class CampaignWithStages(CampaignShape):
    """`stages`: how many collaborations stand in each stage; those without any are absent."""

    stages: dict[str, int]

    @staticmethod
    def resolve_stages(campaign: Campaign) -> dict[str, int]:
        return queries.stage_counts([campaign.pk]).get(campaign.pk, {})


class CampaignChange(Given):
    """The fields to change; what is not sent stays. `seen_at` is the `changed_at` that was looked at."""

    name: str | None = None
    objective: str | None = None
    brand: str | None = None
    text: str | None = None
    countries: Words | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    budget: Decimal | None = None
    currency: str | None = None
    hashtags: Words | None = None
    mentions: Words | None = None
    codes: Words | None = None
    landing_url: str | None = None
    utm: dict[str, str] | None = None
    competitors: Words | None = None
    law_packs: Words | None = None

    def said(self, *without: str) -> dict[str, Any]:
        return self.model_dump(exclude_unset=True, exclude=set(without))


class CampaignChangeSeen(CampaignChange):
    seen_at: datetime | None = None


class CampaignGiven(CampaignChange):
    """What a campaign begins with; law packs that are not sent are those of its countries.

    `shortlist_id` with `take` brings in those who are pinned for its brief, or the first n places.
    """

    name: str
    objective: str
    brand: str
    is_template: bool = False
    brief_id: int | None = None
    accounts: list[BigId] = []
    shortlist_id: int | None = None
    take: Literal["pinned"] | Annotated[int, Field(ge=1, le=200)] = "pinned"


class CopyGiven(Given):
    name: Annotated[str, Field(min_length=1, max_length=200)]
    is_template: bool = False


class ReminderShape(Schema):
    id: int
    campaign_id: int
    collaboration_id: int | None
    text: str
    due_on: date
    member_id: int | None = Field(validation_alias="for_member_id")
    made_at: datetime
    done_at: datetime | None


class ReminderGiven(Given):
    """`member_id`: who does it; the caller, unless another is named."""

    text: Annotated[str, Field(min_length=1, max_length=300)]
    due_on: date
    collaboration_id: int | None = None
    member_id: int | None = None


@router.get("/campaigns", **allowed(Right.READ), response=Rows[CampaignShape])
def list_campaigns(
    request: Call,
    state: Literal["running", "archived", "templates"] = "running",
    words: str = "",
    brand: str = "",
    cursor: str | None = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """Campaigns, the newest first. `words` are looked for in name, brand and objective; `brand` is a key."""
    found = queries.list_campaigns(
        request.auth.workspace_id, state=state, words=words, brand=brand, cursor=cursor, limit=limit
    )
    return rows(found.items, found.next_cursor)


@router.post("/campaigns", **allowed(Right.CAMPAIGN), response={201: CampaignShape})
def open_campaign(request: Call, given: CampaignGiven) -> Campaign:
    """Begin a campaign, or write a template."""
    workspace = request.auth.workspace_id
    accounts = [int(account) for account in given.accounts if account.isdecimal() and len(account) < 20]
    if given.shortlist_id is not None:
        accounts += queries.accounts_of_shortlist_id(workspace, given.shortlist_id, given.take)
    return actions.open_campaign(
        given=given.said("is_template", "brief_id", "accounts", "shortlist_id", "take"),
        is_template=given.is_template,
        brief_id=given.brief_id,
        accounts=accounts,
        shortlist_id=given.shortlist_id,
        actor=request.auth,
        now=timezone.now(),
    )


@router.get("/campaigns/{int:campaign_id}", **allowed(Right.READ), response=CampaignWithStages)
def get_campaign(request: Call, campaign_id: int) -> Campaign:
    """A campaign, with how many collaborations stand in each stage."""
    return queries.get_campaign(request.auth.workspace_id, campaign_id)


@router.patch("/campaigns/{int:campaign_id}", **allowed(Right.CAMPAIGN), response=CampaignShape)
def change_campaign(request: Call, campaign_id: int, given: CampaignChangeSeen) -> Campaign:
    """Change the fields that are sent."""
    return actions.change_campaign(
        campaign_id=campaign_id,
        given=given.said("seen_at"),
        seen_at=given.seen_at,
        actor=request.auth,
        now=timezone.now(),
    )


@router.post("/campaigns/{int:campaign_id}/duplicate", **allowed(Right.CAMPAIGN), response={201: CampaignShape})
def duplicate_campaign(request: Call, campaign_id: int, given: CopyGiven) -> Campaign:
    """Open another campaign with the same words, or keep them as a template. Collaborations are not copied."""
    return actions.duplicate_campaign(
        campaign_id=campaign_id,
        name=given.name,
        is_template=given.is_template,
        actor=request.auth,
        now=timezone.now(),
    )


@router.post("/campaigns/{int:campaign_id}/archive", **allowed(Right.CAMPAIGN), response=CampaignShape)
def archive_campaign(request: Call, campaign_id: int) -> Campaign:
    """Put a campaign away: nothing in it moves until it is brought back."""
    return actions.archive_campaign(campaign_id=campaign_id, actor=request.auth, now=timezone.now())


@router.post("/campaigns/{int:campaign_id}/restore", **allowed(Right.CAMPAIGN), response=CampaignShape)
def restore_campaign(request: Call, campaign_id: int) -> Campaign:
    """Bring back a campaign that was put away."""
    return actions.restore_campaign(campaign_id=campaign_id, actor=request.auth, now=timezone.now())


# -- reminders -------------------------------------------------------------------------------------------------------


@router.get("/reminders", **allowed(Right.READ), response=Rows[ReminderShape])
def list_reminders(
    request: Call, campaign_id: int | None = None, mine: bool = False, until: date | None = None
) -> dict[str, Any]:
    """What is still to be done, the earliest first: at most 100. `mine`: only the caller's."""
    found = reminders_of(
        request.auth.workspace_id,
        campaign_id=campaign_id,
        member_id=(request.auth.member_id or 0) if mine else None,
        until=until,
    )
    return rows(found)


@router.post("/campaigns/{int:campaign_id}/reminders", **allowed(Right.CAMPAIGN), response={201: ReminderShape})
def remind(request: Call, campaign_id: int, given: ReminderGiven) -> Reminder:
    """Have a member do something by a day."""
    return set_reminder(campaign_id=campaign_id, **given.model_dump(), actor=request.auth, now=timezone.now())


@router.post("/reminders/{int:reminder_id}/done", **allowed(Right.CAMPAIGN), response=ReminderShape)
def reminder_done(request: Call, reminder_id: int) -> Reminder:
    """Say that it is done."""
    return finish_reminder(reminder_id=reminder_id, actor=request.auth, now=timezone.now())
