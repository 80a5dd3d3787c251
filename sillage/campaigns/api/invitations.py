"""The API of first contacts: letters, their approval, their release."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from sillage.campaigns.actions import inviting, releasing, settling
from sillage.campaigns.actions.inviting import Wanted, Written
from sillage.campaigns.engine.invitations import AddressFrom, Channel, Formality, InvitationState
from sillage.campaigns.guest_pages import addresses_of
from sillage.campaigns.models import Invitation
from sillage.campaigns.queries import invitations as queries
from sillage.campaigns.queries.campaigns import get_campaign
from sillage.governance.api_access import Call, Kept, allowed
from sillage.governance.engine.actors import Right
from sillage.governance.shapes import Given, Rows, rows

router = Router(tags=["campaigns"])

Id = Annotated[int, Field(ge=1, le=2**53 - 1)]


class InvitationShape(Schema):
    """A letter. `[[link]]` and `[[own page]]` stand for the creator's own links, which are in what leaves the house only."""

    id: int
    collaboration_id: int
    plan_id: int | None
    state: InvitationState
    channel: Channel
    language: str
    formality: Formality
    address: str
    address_from: str
    subject: str
    body: str
    notice: str
    assembled_from: str
    edited_at: datetime | None
    version: int
    attempts: int
    failure: str
    sent_at: datetime | None
    created_at: datetime


class WantedGiven(Given):
    language: str = "fr"
    formality: Formality = Formality.VOUS
    why: Annotated[str, Field(max_length=500)] = ""


class PlanGiven(WantedGiven):
    collaborations: Annotated[list[Id], Field(min_length=1, max_length=200)]


class InvitationChangedGiven(Given):
    version: Id | None = None
    subject: Annotated[str, Field(max_length=200)] | None = None
    body: Annotated[str, Field(max_length=10_000)] | None = None
    channel: Channel | None = None
    address: Annotated[str, Field(max_length=254)] | None = None
    address_from: AddressFrom | None = None


class ResumeGiven(Given):
    went_out: bool


class AskedShape(Schema):
    """The request for approval that was made, or that waited already."""

    approval_id: int


class WrittenShape(Schema):
    """What became of one creator: a letter, or none and why."""

    collaboration_id: int
    invitation_id: int | None
    refused: str


class PlannedShape(Schema):
    plan_id: int
    letters: list[WrittenShape]


class ReleasedShape(InvitationShape):
    """`text` are the words with the creator's links, to be copied, for letters that are sent by hand."""

    text: str


def _written(one: Written) -> dict[str, Any]:
    return {
        "collaboration_id": one.collaboration.pk,
        "invitation_id": one.invitation.pk if one.invitation else None,
        "refused": one.refusal.message if one.refusal else "",
    }


def _wanted(given: WantedGiven) -> Wanted:
    return Wanted(given.language, given.formality, given.why)


@router.get("/campaigns/{int:campaign_id}/invitations", **allowed(Right.READ), response=Rows[InvitationShape])
def list_invitations(request: Call, campaign_id: int) -> dict[str, Any]:
    """A campaign's letters, the newest first, up to 500."""
    return rows(queries.list_invitations(get_campaign(request.auth.workspace_id, campaign_id)))


@router.post(
    "/collaborations/{int:collaboration_id}/invitations", **allowed(Right.CAMPAIGN), response={201: InvitationShape}
)
def write_invitation(request: Call, collaboration_id: int, given: WantedGiven) -> Invitation:
    """Put a letter together from a text that people wrote; change it before it is approved."""
    return inviting.write_invitation(
        collaboration_id=collaboration_id, wanted=_wanted(given), actor=request.auth, now=timezone.now()
    )


@router.patch("/invitations/{int:invitation_id}", **allowed(Right.CAMPAIGN), response=InvitationShape)
def change_invitation(request: Call, invitation_id: int, given: InvitationChangedGiven) -> Invitation:
    """Change a draft; what is left out stays. An approval of the words before does not hold for the new ones."""
    fields = given.model_dump(exclude={"version"}, exclude_none=True)
    return inviting.change_invitation(
        invitation_id=invitation_id, given=fields, version=given.version, actor=request.auth, now=timezone.now()
    )


@router.post("/invitations/{int:invitation_id}/ask", **allowed(Right.CAMPAIGN), response=AskedShape)
def ask_for_invitation(request: Call, invitation_id: int) -> dict[str, int]:
    """Put the letter before those who approve."""
    asked = inviting.ask_for_invitation(invitation_id=invitation_id, actor=request.auth, now=timezone.now())
    return {"approval_id": asked.pk}


@router.post(
    "/invitations/{int:invitation_id}/release", **allowed(Right.CAMPAIGN, kept=Kept.NEVER), response=ReleasedShape
)
def release_invitation(request: Call, invitation_id: int) -> dict[str, Any]:
    """Use the approval. By hand: `text` is to be copied and sent. By e-mail: `sillage invitation send` hands it over."""
    row = releasing.release_invitation(
        invitation_id=invitation_id, addresses=addresses_of(request), actor=request.auth, now=timezone.now()
    )
    by_hand = row.channel == Channel.BY_HAND.value
    text = queries.released_text(row) if by_hand else ""
    return {**InvitationShape.from_orm(row).model_dump(), "text": text}


@router.post("/invitations/{int:invitation_id}/confirm", **allowed(Right.CAMPAIGN), response=InvitationShape)
def confirm_invitation(request: Call, invitation_id: int) -> Invitation:
    """Say that a person sent the letter by hand: Sillage itself sent nothing."""
    return settling.confirm_invitation(invitation_id=invitation_id, actor=request.auth, now=timezone.now())


@router.post("/invitations/{int:invitation_id}/resume", **allowed(Right.CAMPAIGN), response=InvitationShape)
def resume_invitation(request: Call, invitation_id: int, given: ResumeGiven) -> Invitation:
    """Settle a letter that was handed over and never answered: it went out, or it is to be handed over again."""
    return settling.resume_invitation(
        invitation_id=invitation_id, went_out=given.went_out, actor=request.auth, now=timezone.now()
    )


@router.post("/invitations/{int:invitation_id}/drop", **allowed(Right.CAMPAIGN), response=InvitationShape)
def drop_invitation(request: Call, invitation_id: int) -> Invitation:
    """Give up a letter that has not gone out; its links open nothing any more."""
    return inviting.drop_invitation(invitation_id=invitation_id, actor=request.auth, now=timezone.now())


@router.post("/campaigns/{int:campaign_id}/invitation-plans", **allowed(Right.CAMPAIGN), response={201: PlannedShape})
def plan_invitations(request: Call, campaign_id: int, given: PlanGiven) -> dict[str, Any]:
    """Put letters together for many creators, to be approved as a whole; each says what became of it."""
    plan, outcomes = inviting.plan_invitations(
        campaign_id=campaign_id,
        collaborations=given.collaborations,
        wanted=_wanted(given),
        actor=request.auth,
        now=timezone.now(),
    )
    return {"plan_id": plan.pk, "letters": [_written(one) for one in outcomes]}


@router.post("/invitation-plans/{int:plan_id}/ask", **allowed(Right.CAMPAIGN), response=AskedShape)
def ask_for_plan(request: Call, plan_id: int) -> dict[str, int]:
    """Put all letters of a plan before those who approve: one word for the whole list."""
    return {"approval_id": inviting.ask_for_plan(plan_id=plan_id, actor=request.auth, now=timezone.now()).pk}


@router.post("/invitation-plans/{int:plan_id}/release", **allowed(Right.CAMPAIGN), response=Rows[WrittenShape])
def release_plan(request: Call, plan_id: int) -> dict[str, Any]:
    """Use the approval of a whole plan, once; whoever may not be written to any more is left out."""
    outcomes = releasing.release_plan(
        plan_id=plan_id, addresses=addresses_of(request), actor=request.auth, now=timezone.now()
    )
    return rows(_written(one) for one in outcomes)
