"""Originality and inspiration over the API. Nothing is stored."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from sillage.governance.api_access import Call, allowed
from sillage.governance.engine.actors import Right
from sillage.governance.shapes import BigId, Given
from sillage.studio import found_shapes as shapes
from sillage.studio.queries.audience import angles_of
from sillage.studio.queries.inspiration import creators_of, inspiration_of
from sillage.studio.queries.originality import originality_of, wanted_by

router = Router()


class TextToPlace(Given):
    """`language`: as the text seems, unless it is said. `angles`: look for what the campaign's audience says besides."""

    text: Annotated[str, Field(min_length=1, max_length=20_000)]
    language: Literal["", "fr", "en"] = ""
    campaign_id: int | None = None
    voice_id: int | None = None
    brand: Annotated[str, Field(max_length=100)] = ""
    theme: Annotated[str, Field(max_length=40)] = ""
    angles: bool = False


class MeasureShape(Schema):
    """Cosines 0..1: `closest` of any passage, `mean` over passages; `percentile` among `n` texts of the group, or null."""

    closest: float
    mean: float
    percentile: float | None
    n: int


class PhraseShape(Schema):
    """Words of the text that `n` of `of` texts say, by `owners` accounts."""

    text: str
    n: int
    of: int
    owners: int


class NearShape(Schema):
    """A nearest text. `ref` is post:ACCOUNT:ID, text:ID, draft:ID, voice_text:ID or archived:ID; `shared`: words of both."""

    ref: str
    distance: float
    words: float
    meaning: float | None
    shared: str
    who: str
    text: str
    url: str
    at: datetime | None


class GroupShape(Schema):
    """`usual_distance`: where 80 % of the group's own texts have their nearest neighbour, with the middle; or null."""

    kind: Literal["archive", "campaign", "theme"]
    n: int
    words: MeasureShape | None
    meaning: MeasureShape | None
    nearest: list[NearShape]
    common: list[PhraseShape]
    word_for_word: PhraseShape | None
    usual_distance: list[float] | None


class QuoteShape(Schema):
    """A post or a comment under one, as it stands today; a comment's author is not named."""

    kind: Literal["post", "comment"]
    account_id: BigId
    handle: str
    url: str
    text: str
    at: datetime


class DifferenceShape(Schema):
    """Said by `n` of `of` texts here, by `other_n` of `other_of` there. `found` goes to ideas/found, on the board."""

    kind: Literal["word", "theme"]
    term: str
    n: int
    of: int
    other_n: int
    other_of: int
    accounts: int
    z: float
    fit: float | None
    quotes: list[QuoteShape]
    found: str


class DifferencesShape(Schema):
    comments: int
    posts: int
    others: int
    words: list[DifferenceShape]
    themes: list[DifferenceShape]


class OriginalityShape(Schema):
    """`missing`: what could not be had (brand, archive, campaign, campaign_texts, theme, posts, meaning). Never a verdict."""

    groups: list[GroupShape]
    themes: list[str]
    themes_are_read: bool
    language: str
    posts: int
    missing: list[str]
    versions: dict[str, str]
    angles: DifferencesShape | None


class RisingShape(Schema):
    subject: str
    before: int
    after: int
    creators: int
    first_on: date
    last_on: date
    low: float
    high: float
    found: str


class RiseShape(Schema):
    """Two windows of equal length; `low` and `high` bound the change of the share (95 % for all that were compared)."""

    before: list[date]
    after: list[date]
    n_before: int
    n_after: int
    compared: int
    rising: list[RisingShape]


class QuestionShape(Schema):
    text: str
    n: int
    of: int
    posts: int
    accounts: int
    found: str


class InspirationShape(Schema):
    """`unsaid` is null without a campaign or without competitors of its brand."""

    of: str
    accounts: int
    themes: RiseShape
    hashtags: RiseShape
    comments: int
    questions: list[QuestionShape]
    competitors: list[str]
    unsaid: DifferencesShape | None


@router.post("/studio/originality", **allowed(Right.READ), response=OriginalityShape)
def place_text(request: Call, given: TextToPlace) -> dict[str, Any]:
    """Place a text among the brand's archive, the campaign's texts and the posts of its theme."""
    workspace = request.auth.workspace_id
    wanted = wanted_by(workspace, **given.model_dump(exclude={"text", "angles"}), body=given.text)
    found = originality_of(workspace, wanted)
    angles = None
    if given.angles and wanted.campaign is not None:
        rows = wanted.campaign.collaborations.exclude(account=None)
        accounts = list(rows.values_list("account_id", flat=True))
        angles = angles_of(workspace, accounts, found.themes, found.language, given.text)
    return shapes.originality(found, angles)


@router.get("/studio/inspiration", **allowed(Right.READ), response=InspirationShape)
def get_inspiration(
    request: Call,
    campaign_id: int | None = None,
    shortlist_id: int | None = None,
    theme: str = "",
    days: Annotated[int, Field(ge=7, le=365)] = 30,
    language: Literal["", "fr", "en"] = "",
) -> dict[str, Any]:
    """What rises, what people ask and what competitors leave unsaid, for a campaign's, a shortlist's or a theme's creators."""
    workspace = request.auth.workspace_id
    creators = creators_of(workspace, campaign_id=campaign_id, shortlist_id=shortlist_id, theme=theme)
    found = inspiration_of(workspace, creators, until=timezone.localdate(), days=days, language=language)
    return shapes.inspiration(found)
