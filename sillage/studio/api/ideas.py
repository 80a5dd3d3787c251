"""The board of ideas and palettes over the API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from sillage.governance.api_access import Call, allowed
from sillage.governance.engine.actors import Right
from sillage.governance.shapes import Given, Rows, rows
from sillage.studio.actions import idea_comments
from sillage.studio.actions import ideas as actions
from sillage.studio.actions.comments import MOST_COMMENT
from sillage.studio.engine.ideas import Column, Rule
from sillage.studio.engine.palette import Colour, pairs_of
from sillage.studio.found_shapes import opened
from sillage.studio.models import Idea, IdeaComment, Palette
from sillage.studio.queries import ideas as queries

router = Router()


class IdeaShape(Schema):
    """A person's idea has `text`; a rule's has `rule`, what it is about, figures, and refs to the posts that it rests on.

    A quote has `text`, the `interview_id` that it goes with, and `figures` saying stage, turn, speaker and seconds.

    Send `version` with a change: who changes an older one is told.
    """

    id: int
    campaign_id: int | None
    interview_id: int | None
    column: Column = Field(validation_alias="place")
    text: str
    rule: Rule | None
    rule_version: str
    subject: str
    figures: dict[str, Any]
    refs: list[str]
    rewritten_from_id: int | None
    who: str
    pinned_at: datetime | None
    version: int
    created_at: datetime
    changed_at: datetime

    @staticmethod
    def resolve_rule(idea: Idea) -> str | None:
        return idea.rule or None


class IdeaGiven(Given):
    """A person's: the caller has to be a member."""

    text: Annotated[str, Field(min_length=1, max_length=500)]
    campaign_id: int | None = None


class FoundGiven(Given):
    """`found` as an answer of inspiration or originality had it."""

    found: Annotated[str, Field(min_length=1, max_length=8_000)]
    campaign_id: int | None = None


class IdeaMoveGiven(Given):
    to: Column
    version: int | None = None


class PinGiven(Given):
    pinned: bool


class RewriteGiven(Given):
    text: Annotated[str, Field(min_length=1, max_length=500)]
    version: int | None = None


class PutAwayGiven(Given):
    version: int | None = None


class IdeaCommentShape(Schema):
    """What a member says of an idea. `answers_id` is the comment that began the exchange."""

    id: int
    answers_id: int | None
    said: str
    who: str
    written_at: datetime
    settled_at: datetime | None
    settled_who: str


class IdeaCommentGiven(Given):
    """`answers` is the id of a comment on the same idea."""

    said: Annotated[str, Field(max_length=MOST_COMMENT)]
    answers: int | None = None


class IdeaCommentSettled(Given):
    settled: bool = True


class ColourShape(Schema):
    """`share` of the pixels, 0..1."""

    code: str
    share: float


class PaletteLine(Schema):
    """`source`: brand, performing (as a person says) or drafts."""

    id: int
    name: str
    source: str
    campaign_id: int | None
    colours: list[ColourShape]
    made_at: datetime


class ContrastShape(Schema):
    """Text of one colour on another: WCAG's ratio and what it is enough for."""

    text: str
    ground: str
    contrast: float
    aa: bool
    aaa: bool
    aa_large: bool


class PaletteShape(PaletteLine):
    pairs: list[ContrastShape]

    @staticmethod
    def resolve_pairs(palette: Palette) -> list[dict[str, Any]]:
        return [
            {
                "text": pair.text.code,
                "ground": pair.ground.code,
                "contrast": pair.contrast,
                "aa": pair.is_readable,
                "aaa": pair.is_very_readable,
                "aa_large": pair.is_readable_large,
            }
            for pair in pairs_of([Colour.of(colour["code"]) for colour in palette.colours])
        ]


@router.get("/studio/ideas", **allowed(Right.READ), response=Rows[IdeaShape])
def list_ideas(request: Call, campaign_id: int | None = None, column: Column | None = None) -> dict[str, Any]:
    """Ideas on the board, pinned ones first, then those that were moved last: at most 200."""
    place = column.value if column else ""
    return rows(queries.list_ideas(request.auth.workspace_id, campaign_id=campaign_id, place=place))


@router.post("/studio/ideas", **allowed(Right.CAMPAIGN), response={201: IdeaShape})
def write_idea(request: Call, given: IdeaGiven) -> Idea:
    """Put a person's idea on the board."""
    return actions.write_idea(text=given.text, campaign_id=given.campaign_id, actor=request.auth, now=timezone.now())


@router.post("/studio/ideas/found", **allowed(Right.CAMPAIGN), response={201: IdeaShape})
def keep_found(request: Call, given: FoundGiven) -> Idea:
    """Put on the board what a rule found."""
    return actions.keep_found(
        found=opened(given.found), campaign_id=given.campaign_id, actor=request.auth, now=timezone.now()
    )


@router.post("/studio/ideas/{int:idea_id}/move", **allowed(Right.CAMPAIGN), response=IdeaShape)
def move_idea(request: Call, idea_id: int, given: IdeaMoveGiven) -> Idea:
    """Move an idea to a column; only a person's can be chosen for a brief."""
    return actions.move_idea(
        idea_id=idea_id, to=given.to.value, version=given.version, actor=request.auth, now=timezone.now()
    )


@router.post("/studio/ideas/{int:idea_id}/pin", **allowed(Right.CAMPAIGN), response=IdeaShape)
def pin_idea(request: Call, idea_id: int, given: PinGiven) -> Idea:
    """Keep an idea at the top of its column, or let it go."""
    return actions.pin_idea(idea_id=idea_id, is_pinned=given.pinned, actor=request.auth, now=timezone.now())


@router.post("/studio/ideas/{int:idea_id}/rewrite", **allowed(Right.CAMPAIGN), response=IdeaShape)
def rewrite_idea(request: Call, idea_id: int, given: RewriteGiven) -> Idea:
    """Say an idea in a person's own words; what a rule found becomes a new idea, a person's."""
    return actions.rewrite_idea(
        idea_id=idea_id, text=given.text, version=given.version, actor=request.auth, now=timezone.now()
    )


@router.post("/studio/ideas/{int:idea_id}/put-away", **allowed(Right.CAMPAIGN), response=IdeaShape)
def put_away_idea(request: Call, idea_id: int, given: PutAwayGiven) -> Idea:
    """Take an idea off the board."""
    return actions.put_away_idea(idea_id=idea_id, version=given.version, actor=request.auth, now=timezone.now())


@router.get("/studio/ideas/{int:idea_id}/comments", **allowed(Right.READ), response=Rows[IdeaCommentShape])
def list_idea_comments(request: Call, idea_id: int) -> dict[str, Any]:
    """What members say of an idea, the oldest first."""
    return rows(queries.get_idea(request.auth.workspace_id, idea_id).comments.order_by("written_at", "pk"))


@router.post("/studio/ideas/{int:idea_id}/comments", **allowed(Right.CAMPAIGN), response={201: IdeaCommentShape})
def comment_idea(request: Call, idea_id: int, given: IdeaCommentGiven) -> IdeaComment:
    """Say something of an idea."""
    return idea_comments.comment_idea(idea_id=idea_id, **given.dict(), actor=request.auth, now=timezone.now())


@router.post(
    "/studio/ideas/{int:idea_id}/comments/{int:comment_id}/settle",
    **allowed(Right.CAMPAIGN),
    response=IdeaCommentShape,
)
def settle_idea_comment(request: Call, idea_id: int, comment_id: int, given: IdeaCommentSettled) -> IdeaComment:
    """Settle a comment with its answers, or open them again."""
    return idea_comments.settle_idea_comment(
        idea_id=idea_id, comment_id=comment_id, is_settled=given.settled, actor=request.auth, now=timezone.now()
    )


@router.get("/studio/palettes", **allowed(Right.READ), response=Rows[PaletteLine])
def list_palettes(request: Call) -> dict[str, Any]:
    """Palettes, the newest first."""
    return rows(queries.list_palettes(request.auth.workspace_id))


@router.get("/studio/palettes/{int:palette_id}", **allowed(Right.READ), response=PaletteShape)
def get_palette(request: Call, palette_id: int) -> Palette:
    """A palette with the contrast of every pair of its colours."""
    return queries.get_palette(request.auth.workspace_id, palette_id)
