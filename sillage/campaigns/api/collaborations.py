"""Collaborations over the API: who is in a campaign, where they stand, moves and notes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from sillage.campaigns.actions import moving
from sillage.campaigns.actions.collaborations import add_collaborations, assign_collaboration
from sillage.campaigns.actions.notes import write_note
from sillage.campaigns.engine.pipeline import Stage, moves_from
from sillage.campaigns.models import Collaboration, Note
from sillage.campaigns.queries import pipeline as queries
from sillage.campaigns.queries.campaigns import get_campaign, get_collaboration
from sillage.campaigns.queries.people import list_mentions
from sillage.campaigns.queries.pipeline import Card, Wanted
from sillage.catalogue.queries import get_account
from sillage.governance.api_access import Call, allowed
from sillage.governance.engine.actors import Right
from sillage.governance.shapes import BigId, Given, Limit, Rows, rows

router = Router()


class ConflictShape(Schema):
    """A reason to look twice, found by a rule: it forbids nothing. `about` says what it rests on."""

    kind: str
    about: dict[str, str]
    campaign_id: int | None


class CollaborationShape(Schema):
    """One creator in one campaign. Send `version` with a move: who moves an older one is told who was faster.

    `account_id` is null, and the names are empty, when the creator was erased.
    """

    id: int
    campaign_id: int
    account_id: BigId | None
    name: str
    handle: str
    network: str
    stage: Stage
    stage_since: datetime
    version: int
    owner_id: int | None
    closed_because: str
    created_at: datetime
    changed_at: datetime


class CardShape(CollaborationShape):
    """With what stands beside it: lawful moves, conflicts, how many notes, the earliest reminder."""

    moves: list[Stage]
    conflicts: list[ConflictShape]
    notes: int
    due_on: date | None


class MoveShape(Schema):
    """`undoes_id` is the move that this one took back; `member_id` is null for a move that followed something else."""

    id: int
    from_stage: Stage
    to_stage: Stage
    member_id: int | None
    who: str
    reason: str
    moved_at: datetime
    undoes_id: int | None


class NoteShape(Schema):
    """`mentioned` are ids of members."""

    id: int
    collaboration_id: int
    text: str
    member_id: int | None
    mentioned: list[int]
    written_at: datetime

    @staticmethod
    def resolve_mentioned(note: Note) -> list[int]:
        return sorted(member.pk for member in note.mentioned.all())


class AccountsGiven(Given):
    """Accounts by id, network:network_id or network:handle."""

    accounts: Annotated[list[Annotated[str, Field(min_length=1, max_length=400)]], Field(min_length=1, max_length=200)]


class MoveGiven(Given):
    """`reason` is needed to close before the report."""

    to: Stage
    version: int | None = None
    reason: Annotated[str, Field(max_length=300)] = ""


class UndoGiven(Given):
    version: int | None = None


class MovesGiven(Given):
    """Collaborations with the versions that were looked at (null: whatever stands)."""

    to: Stage
    collaborations: Annotated[dict[int, int | None], Field(min_length=1, max_length=500)]
    reason: Annotated[str, Field(max_length=300)] = ""


class OutcomeShape(Schema):
    """`refused` has the name of the refusal, `detail` and `hint` its words; null and empty where it moved."""

    collaboration: CollaborationShape
    refused: str | None
    detail: str = ""
    hint: str = ""


class OwnerGiven(Given):
    member_id: int | None


class NoteGiven(Given):
    text: Annotated[str, Field(min_length=1, max_length=5000)]


def card_shape(card: Card) -> dict[str, Any]:
    row = card.row
    return {
        **{name: getattr(row, name) for name in CollaborationShape.model_fields if name != "id"},
        "id": row.pk,
        "moves": list(moves_from(card.stage)),
        "conflicts": [
            {"kind": c.kind.value, "about": dict(c.about), "campaign_id": c.campaign_id} for c in card.conflicts
        ],
        "notes": card.notes,
        "due_on": card.due_on,
    }


@router.get("/campaigns/{int:campaign_id}/collaborations", **allowed(Right.READ), response=Rows[CardShape])
def list_collaborations(
    request: Call,
    campaign_id: int,
    stage: Stage | None = None,
    owner_id: int | None = None,
    words: str = "",
    cursor: str | None = None,
    limit: Limit = 100,
) -> dict[str, Any]:
    """Who is in a campaign: what changed stage last comes first. `owner_id` 0: nobody's."""
    campaign = get_campaign(request.auth.workspace_id, campaign_id)
    wanted = Wanted(words, owner_id, (stage.value,) if stage else ())
    cards, following = queries.list_cards(campaign, wanted, timezone.now(), cursor=cursor, limit=limit)
    return rows([card_shape(card) for card in cards], following)


@router.post(
    "/campaigns/{int:campaign_id}/collaborations",
    **allowed(Right.CAMPAIGN),
    response={201: Rows[CollaborationShape]},
)
def bring_in(request: Call, campaign_id: int, given: AccountsGiven) -> dict[str, Any]:
    """Bring accounts into a campaign; those that are in it already are left alone. Answers with the new ones."""
    accounts = [get_account(request.auth.workspace_id, key).pk for key in given.accounts]
    added = add_collaborations(campaign_id=campaign_id, accounts=accounts, actor=request.auth, now=timezone.now())
    return rows(added)


@router.post("/campaigns/{int:campaign_id}/moves", **allowed(Right.CAMPAIGN), response=Rows[OutcomeShape])
def move_many(request: Call, campaign_id: int, given: MovesGiven) -> dict[str, Any]:
    """Move many collaborations, each by itself: what is refused stays and says why."""
    outcomes = moving.move_collaborations(
        campaign_id=campaign_id,
        versions=given.collaborations,
        to=given.to,
        reason=given.reason,
        actor=request.auth,
        now=timezone.now(),
    )
    return rows(
        {
            "collaboration": outcome.collaboration,
            "refused": outcome.refusal.code if outcome.refusal else None,
            "detail": outcome.refusal.message if outcome.refusal else "",
            "hint": outcome.refusal.hint if outcome.refusal else "",
        }
        for outcome in outcomes
    )


@router.get("/collaborations/{int:collaboration_id}", **allowed(Right.READ), response=CardShape)
def get_one(request: Call, collaboration_id: int) -> dict[str, Any]:
    """One creator in one campaign."""
    found = get_collaboration(request.auth.workspace_id, collaboration_id)
    return card_shape(queries.get_card(found, timezone.now()))


@router.get("/collaborations/{int:collaboration_id}/moves", **allowed(Right.READ), response=Rows[MoveShape])
def list_moves(request: Call, collaboration_id: int) -> dict[str, Any]:
    """Where it went and who moved it, the newest first."""
    return rows(queries.list_moves(get_collaboration(request.auth.workspace_id, collaboration_id)))


@router.post("/collaborations/{int:collaboration_id}/moves", **allowed(Right.CAMPAIGN), response=CollaborationShape)
def move_one(request: Call, collaboration_id: int, given: MoveGiven) -> Collaboration:
    """Move it to another stage. Refused in words by a gate, or when somebody was faster."""
    return moving.move_collaboration(
        collaboration_id=collaboration_id, **given.model_dump(), actor=request.auth, now=timezone.now()
    )


@router.post("/collaborations/{int:collaboration_id}/undo", **allowed(Right.CAMPAIGN), response=CollaborationShape)
def undo_move(request: Call, collaboration_id: int, given: UndoGiven) -> Collaboration:
    """Take the last move back, by a move of its own."""
    return moving.undo_move(
        collaboration_id=collaboration_id, version=given.version, actor=request.auth, now=timezone.now()
    )


@router.put("/collaborations/{int:collaboration_id}/owner", **allowed(Right.CAMPAIGN), response=CollaborationShape)
def assign(request: Call, collaboration_id: int, given: OwnerGiven) -> Collaboration:
    """Say which member looks after it; null for nobody yet."""
    return assign_collaboration(
        collaboration_id=collaboration_id, member_id=given.member_id, actor=request.auth, now=timezone.now()
    )


@router.get("/collaborations/{int:collaboration_id}/notes", **allowed(Right.READ), response=Rows[NoteShape])
def list_notes(request: Call, collaboration_id: int) -> dict[str, Any]:
    """What members wrote about it, the newest first."""
    return rows(queries.list_notes(get_collaboration(request.auth.workspace_id, collaboration_id)))


@router.post("/collaborations/{int:collaboration_id}/notes", **allowed(Right.CAMPAIGN), response={201: NoteShape})
def add_note(request: Call, collaboration_id: int, given: NoteGiven) -> Note:
    """Write about it; “@ada” mentions a member."""
    return write_note(collaboration_id=collaboration_id, text=given.text, actor=request.auth, now=timezone.now())


@router.get("/mentions", **allowed(Right.READ), response=Rows[NoteShape])
def mentions(request: Call) -> dict[str, Any]:
    """Notes that mention the caller, the newest first: at most 50."""
    return rows(list_mentions(request.auth.workspace_id, request.auth.member_id or 0))
