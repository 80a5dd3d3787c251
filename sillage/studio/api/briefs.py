"""Writing briefs over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from sillage.governance.api_access import Call, allowed
from sillage.governance.engine.actors import Right
from sillage.governance.shapes import Given, Limit, Rows, rows
from sillage.studio.actions import briefs as actions
from sillage.studio.models import StoredBrief
from sillage.studio.queries import briefs as queries

router = Router()

Line = Annotated[str, Field(max_length=500)]
Lines = list[Line]


class WritingFact(Given):
    """A whole sentence that may be said, and where it comes from."""

    text: Line
    source: Line = ""


class WritingBriefContent(Schema):
    """The fields of a brief as they were said; what was not said is null or empty."""

    kind: str
    language: str
    idea: str
    facts: list[WritingFact]
    aim: str = ""
    audience: str = ""
    brand: str = ""
    product: str = ""
    link: str = ""
    code: str = ""
    label: str = ""
    hashtags: list[str] = []
    must: list[str] = []
    never: list[str] = []
    tone: str | None = None
    register_: str = Field("vous", alias="register")
    shortest: int
    longest: int
    network: str = ""
    format: str = ""
    law_packs: list[str] = []
    consideration: str = "unknown"
    automatic: bool = False


class WritingBriefShape(Schema):
    """A writing brief. `version` is raised by every change."""

    id: int
    title: str
    version: int
    campaign_id: int | None
    voice_id: int | None
    content: WritingBriefContent
    created_at: datetime
    changed_at: datetime
    archived_at: datetime | None


class WritingBriefChange(Given):
    """The fields to change; what is not sent stays, null takes away. `seen` is the version that was looked at."""

    title: Line | None = None
    kind: Line | None = None
    language: Line | None = None
    idea: Line | None = None
    facts: list[WritingFact] | None = None
    aim: Line | None = None
    audience: Line | None = None
    brand: Line | None = None
    product: Line | None = None
    link: Line | None = None
    code: Line | None = None
    label: Line | None = None
    hashtags: Lines | None = None
    must: Lines | None = None
    never: Lines | None = None
    tone: Line | None = None
    register_: Line | None = Field(None, alias="register")
    shortest: int | None = None
    longest: int | None = None
    network: Line | None = None
    format: Line | None = None
    law_packs: Lines | None = None
    consideration: Line | None = None
    automatic: bool | None = None
    campaign_id: int | None = None
    voice_id: int | None = None

    def said(self, *without: str) -> dict[str, Any]:
        return self.model_dump(exclude_unset=True, exclude=set(without), by_alias=True)


class WritingBriefChangeSeen(WritingBriefChange):
    seen: int | None = None


class WritingBriefTitle(Given):
    title: Annotated[str, Field(min_length=1, max_length=200)]


@router.get("/studio/briefs", **allowed(Right.READ), response=Rows[WritingBriefShape], by_alias=True)
def list_writing_briefs(
    request: Call,
    state: Literal["open", "archived"] = "open",
    words: str = "",
    kind: str = "",
    campaign_id: int | None = None,
    cursor: str | None = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """Writing briefs, the newest first. `words` are looked for in title, idea and brand."""
    found = queries.list_briefs(
        request.auth.workspace_id,
        state=state,
        words=words,
        kind=kind,
        campaign_id=campaign_id,
        cursor=cursor,
        limit=limit,
    )
    return rows(found.items, found.next_cursor)


@router.post("/studio/briefs", **allowed(Right.CAMPAIGN), response={201: WritingBriefShape}, by_alias=True)
def write_writing_brief(request: Call, given: WritingBriefChange) -> StoredBrief:
    """Keep a writing brief. `idea` and `facts` are needed, and are a person's."""
    return actions.write_brief(given=given.said(), actor=request.auth, now=timezone.now())


@router.get("/studio/briefs/proposed", **allowed(Right.READ), response=dict[str, Any])
def proposed_writing_brief(request: Call, campaign_id: int, language: str = "fr") -> dict[str, Any]:
    """What a campaign says of a brief: brand, link, code, hashtags, law packs, label, names to leave out. No idea, no fact."""
    return queries.proposed_for(request.auth.workspace_id, campaign_id, language)


@router.get("/studio/briefs/{int:brief_id}", **allowed(Right.READ), response=WritingBriefShape, by_alias=True)
def get_writing_brief(request: Call, brief_id: int) -> StoredBrief:
    """A writing brief."""
    return queries.get_brief(request.auth.workspace_id, brief_id)


@router.patch("/studio/briefs/{int:brief_id}", **allowed(Right.CAMPAIGN), response=WritingBriefShape, by_alias=True)
def change_writing_brief(request: Call, brief_id: int, given: WritingBriefChangeSeen) -> StoredBrief:
    """Change the fields that are sent."""
    return actions.change_brief(
        brief_id=brief_id, given=given.said("seen"), seen=given.seen, actor=request.auth, now=timezone.now()
    )


@router.post(
    "/studio/briefs/{int:brief_id}/duplicate",
    **allowed(Right.CAMPAIGN),
    response={201: WritingBriefShape},
    by_alias=True,
)
def duplicate_writing_brief(request: Call, brief_id: int, given: WritingBriefTitle) -> StoredBrief:
    """Another brief with the same words."""
    return actions.duplicate_brief(brief_id=brief_id, title=given.title, actor=request.auth, now=timezone.now())


@router.post(
    "/studio/briefs/{int:brief_id}/archive", **allowed(Right.CAMPAIGN), response=WritingBriefShape, by_alias=True
)
def archive_writing_brief(request: Call, brief_id: int) -> StoredBrief:
    """Put a brief away: nothing new is made from it."""
    return actions.archive_brief(brief_id=brief_id, actor=request.auth, now=timezone.now())


@router.post(
    "/studio/briefs/{int:brief_id}/restore", **allowed(Right.CAMPAIGN), response=WritingBriefShape, by_alias=True
)
def restore_writing_brief(request: Call, brief_id: int) -> StoredBrief:
    """Bring back a brief that was put away."""
    return actions.restore_brief(brief_id=brief_id, actor=request.auth, now=timezone.now())
