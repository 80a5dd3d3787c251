"""Deliverables over the API: asked for, changed, applied to many, their facts answered."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from sillage.campaigns.actions import deliverables as actions
from sillage.campaigns.actions import drafts
from sillage.campaigns.engine.deliverables import DeliverableState
from sillage.campaigns.models import Deliverable
from sillage.campaigns.queries.campaigns import get_campaign, get_collaboration
from sillage.campaigns.queries.deliverables import get_deliverable, list_deliverables
from sillage.governance.api_access import Call, allowed
from sillage.governance.engine.actors import Right
from sillage.governance.shapes import Given, Rows, rows

router = Router()

Word = Annotated[str, Field(max_length=300)]


class DeliverableShape(Schema):
    """What a creator makes; a template of its campaign where `collaboration_id` is null. `facts` by the names of law packs."""

    id: int
    campaign_id: int
    collaboration_id: int | None
    template_id: int | None
    name: str
    network: str
    format: str
    brief: str
    draft_due_on: date | None
    publish_from: date | None
    publish_until: date | None
    say: list[str]
    never_say: list[str]
    code: str
    rights_where: str
    rights_until: date | None
    brand_mention: str
    consideration: str
    language: str
    facts: dict[str, Any]
    needs_client: bool
    state: DeliverableState
    approved_version: int | None
    version: int
    changed_at: datetime


class DeliverableLineShape(Schema):
    """A deliverable in a list: how many drafts came, threads that are open, whether it is late."""

    deliverable: DeliverableShape
    drafts: int
    open_threads: int
    is_late: bool


class DeliverableGiven(Given):
    """What is asked for. Only network and format are needed; `version` is needed to change one."""

    network: Word
    format: Word
    name: Word = ""
    brief: Annotated[str, Field(max_length=10_000)] = ""
    draft_due_on: date | None = None
    publish_from: date | None = None
    publish_until: date | None = None
    say: Annotated[list[Word], Field(max_length=30)] = []
    never_say: Annotated[list[Word], Field(max_length=30)] = []
    code: Word = ""
    rights_where: Word = ""
    rights_until: date | None = None
    brand_mention: Word = ""
    consideration: Word = ""
    language: Word = ""
    facts: dict[str, bool | str | list[str] | None] = {}
    needs_client: bool = False


class DeliverableChange(DeliverableGiven):
    """All fields anew, and the version that was read."""

    version: int


class FactsGiven(Given):
    """Answers to what law packs ask; null takes one back."""

    facts: dict[str, bool | str | list[str] | None]


class TemplatesGiven(Given):
    """Which templates go to which collaborations of their campaign."""

    template_ids: Annotated[list[int], Field(max_length=100)]
    collaboration_ids: Annotated[list[int], Field(max_length=1000)]


class Applied(Schema):
    """How many deliverables are new; those that were there already stay as they are."""

    new: int


@router.get("/campaigns/{int:campaign_id}/deliverables", **allowed(Right.READ), response=Rows[DeliverableLineShape])
def list_deliverables_of(request: Call, campaign_id: int, state: DeliverableState | None = None) -> dict[str, Any]:
    """All deliverables of a campaign, by the day on which their draft is due."""
    campaign = get_campaign(request.auth.workspace_id, campaign_id)
    return rows(list_deliverables(campaign, timezone.now().date(), state=state.value if state else ""))


@router.post("/campaigns/{int:campaign_id}/deliverables", **allowed(Right.CAMPAIGN), response={201: DeliverableShape})
def add_template(request: Call, campaign_id: int, given: DeliverableGiven) -> Deliverable:
    """Write a template, which is copied to collaborations."""
    return actions.add_deliverable(campaign_id=campaign_id, given=given.dict(), actor=request.auth, now=timezone.now())


@router.post("/campaigns/{int:campaign_id}/deliverables/apply", **allowed(Right.CAMPAIGN), response=Applied)
def apply_templates(request: Call, campaign_id: int, given: TemplatesGiven) -> dict[str, int]:
    """Copy templates to many collaborations at once."""
    return {
        "new": actions.apply_templates(campaign_id=campaign_id, **given.dict(), actor=request.auth, now=timezone.now())
    }


@router.post(
    "/collaborations/{int:collaboration_id}/deliverables", **allowed(Right.CAMPAIGN), response={201: DeliverableShape}
)
def add_deliverable(request: Call, collaboration_id: int, given: DeliverableGiven) -> Deliverable:
    """Ask a collaboration for something."""
    return actions.add_deliverable(
        collaboration_id=collaboration_id, given=given.dict(), actor=request.auth, now=timezone.now()
    )


@router.get(
    "/collaborations/{int:collaboration_id}/deliverables", **allowed(Right.READ), response=Rows[DeliverableLineShape]
)
def list_deliverables_of_collaboration(request: Call, collaboration_id: int) -> dict[str, Any]:
    """What one collaboration is asked for."""
    found = get_collaboration(request.auth.workspace_id, collaboration_id)
    return rows(list_deliverables(found.campaign, timezone.now().date(), collaboration=found))


@router.get("/deliverables/{int:deliverable_id}", **allowed(Right.READ), response=DeliverableShape)
def read_deliverable(request: Call, deliverable_id: int) -> Deliverable:
    """One deliverable."""
    return get_deliverable(request.auth.workspace_id, deliverable_id)


@router.put("/deliverables/{int:deliverable_id}", **allowed(Right.CAMPAIGN), response=DeliverableShape)
def change_deliverable(request: Call, deliverable_id: int, given: DeliverableChange) -> Deliverable:
    """Say anew what is asked for. Approved ones stay as they were approved."""
    said = given.dict()
    return actions.change_deliverable(
        deliverable_id=deliverable_id, version=said.pop("version"), given=said, actor=request.auth, now=timezone.now()
    )


@router.delete("/deliverables/{int:deliverable_id}", **allowed(Right.CAMPAIGN), response={204: None})
def drop_deliverable(request: Call, deliverable_id: int) -> None:
    """Take back what was asked for, as long as no draft of it came."""
    actions.drop_deliverable(deliverable_id=deliverable_id, actor=request.auth, now=timezone.now())


@router.post("/deliverables/{int:deliverable_id}/facts", **allowed(Right.CAMPAIGN), response=DeliverableShape)
def answer_facts(request: Call, deliverable_id: int, given: FactsGiven) -> Deliverable:
    """Answer what law packs ask; the newest draft is held against them again."""
    return drafts.answer_facts(deliverable_id=deliverable_id, facts=given.facts, actor=request.auth, now=timezone.now())
