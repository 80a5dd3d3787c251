"""The composer over the API: texts assembled from human-written fragments."""

from __future__ import annotations

from typing import Annotated, Any

from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from sillage.governance.api_access import Call, allowed
from sillage.governance.engine.actors import Right
from sillage.governance.shapes import Given, Rows, rows
from sillage.studio.actions.composing import compose_texts
from sillage.studio.engine.composer import MOST
from sillage.studio.engine.occasion import LONGEST
from sillage.studio.models import Text
from sillage.studio.queries.texts import newest_version

router = Router()
Line = Annotated[str, Field(max_length=LONGEST)]


class OccasionGiven(Given):
    """To whom, from whom, on what occasion. `post` and `asked` are the reader's own words, cited as they are."""

    recipient: Line = ""
    sender: Line = ""
    post: Line = ""
    post_on: Line = ""
    offer: Line = ""
    work: Line = ""
    day: Line = ""
    asked: Line = ""
    is_known: bool = False


class ComposeGiven(Given):
    """How many texts; what `occasion` leaves empty comes from the collaboration, and from who asks."""

    n: Annotated[int, Field(ge=1, le=MOST)] = 1
    occasion: OccasionGiven = OccasionGiven()
    collaboration_id: int | None = None
    post_id: int | None = None


class ComposedShape(Schema):
    """A text that was begun. `made_by` says that it is assembled from templates, and from which parts."""

    id: int
    title: str
    kind: str
    language: str
    body: str
    made_by: dict[str, Any]

    @staticmethod
    def resolve_made_by(text: Text) -> dict[str, Any]:
        return dict(newest_version(text).made_by)


@router.post("/studio/briefs/{int:brief_id}/compose", **allowed(Right.CAMPAIGN), response={201: Rows[ComposedShape]})
def compose_brief(request: Call, brief_id: int, given: ComposeGiven) -> Any:
    """Compose texts of a writing brief from human-written fragments; no model is asked."""
    texts = compose_texts(
        brief_id=brief_id,
        wanted=given.n,
        occasion=given.occasion.model_dump(),
        collaboration_id=given.collaboration_id,
        post_id=given.post_id,
        actor=request.auth,
        now=timezone.now(),
    )
    return rows(texts)
