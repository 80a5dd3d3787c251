"""Voices over the API: opened, given texts, trained, wished otherwise, put to use, and asked how well a text fits."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from sillage.governance.api_access import Call, Kept, allowed
from sillage.governance.engine.actors import Right
from sillage.governance.shapes import Given, Limit, Rows, rows
from sillage.lib.errors import NotFound
from sillage.studio.actions import voice_texts as texts
from sillage.studio.actions import voices as actions
from sillage.studio.actions.learning_voices import learn_voice
from sillage.studio.engine.voice_kept import VoiceInUse
from sillage.studio.engine.voice_score import Score
from sillage.studio.engine.voice_texts import LONGEST
from sillage.studio.engine.voice_words import measured_of, off_in_units
from sillage.studio.models import Voice, VoiceVersion
from sillage.studio.queries import voices as queries
from sillage.studio.told.voices import told_off, told_voice, verdict_of

router = Router()

Line = Annotated[str, Field(max_length=100)]
Words = Annotated[str, Field(max_length=LONGEST)]
Whole = Annotated[int, Field(ge=0, le=2**31 - 1)]
MOST_AT_ONCE = 500  # texts in one call


class VoiceShape(Schema):
    """A voice. `promoted` is the number of the version in use; `version` is raised by every change."""

    id: int
    name: str
    brand: str
    language: str
    banned: list[str]
    note: str
    promoted: int | None
    version: int
    created_at: datetime
    changed_at: datetime
    archived_at: datetime | None


class VoiceLineShape(Schema):
    """A voice in a list, with how many texts, examples and choices it has."""

    voice: VoiceShape
    texts: int
    examples: int
    choices: int


class TraitShape(Schema):
    """A trait in people's units; `wish` is a person's from and to, which win over what was measured."""

    trait: str
    unit: str
    usual: float
    low: float
    high: float
    wish: tuple[float, float] | None


class VoiceVersionShape(Schema):
    """What was learnt. `scores`: `others` compared with, `shipped` of which come with Sillage; before and after learning."""

    number: int
    engine_version: str
    n_texts: int
    n_choices: int
    scores: dict[str, float | int]
    made_at: datetime
    promoted_at: datetime | None


class ScoreShape(Schema):
    """How far people went from proposals, as shares of the words: the older and the newer half of `n` choices."""

    n: int
    before: float
    lately: float


class VoiceInFull(Schema):
    """A voice in plain words (in the caller's language), with its traits and versions."""

    voice: VoiceShape
    plain: list[str]
    traits: list[TraitShape]
    versions: list[VoiceVersionShape]
    score: ScoreShape | None


class VoiceGiven(Given):
    """A new voice."""

    name: Line
    language: Annotated[str, Field(max_length=3)]
    brand: Line = ""
    note: Annotated[str, Field(max_length=actions.NOTE)] = ""
    banned: Annotated[list[Line], Field(max_length=actions.MOST_BANNED)] = []


class VoiceChange(Given):
    """All fields anew; `seen` is the version that was read."""

    name: Line
    brand: Line = ""
    note: Annotated[str, Field(max_length=actions.NOTE)] = ""
    banned: Annotated[list[Line], Field(max_length=actions.MOST_BANNED)] = []
    seen: Whole | None = None


class WishesGiven(Given):
    """{trait: [from, to]} in people's units; null takes a wish back."""

    wishes: Annotated[dict[Line, tuple[float, float] | None], Field(max_length=50)]
    seen: Whole | None = None


class TextsGiven(Given):
    """Texts that the brand approved; or `account`, the brand's own in the catalogue; or what was `chosen` in the studio."""

    texts: Annotated[list[Words], Field(max_length=MOST_AT_ONCE)] = []
    account: Annotated[str, Field(max_length=300)] = ""
    chosen: bool = False


class AddedShape(Schema):
    """How many texts are new, and how many were there already."""

    added: int
    known: int


class VoiceTextShape(Schema):
    """A text of a voice, and where it comes from: pasted, file, post or choice."""

    id: int
    text: str
    source: str
    is_example: bool
    added_at: datetime


class ExamplesGiven(Given):
    """These texts are shown to writers, and no others."""

    text_ids: Annotated[list[Whole], Field(max_length=100)]


class Counted(Schema):
    """How many."""

    n: int


class VersionAsked(Given):
    """The number of a version to put to use, and the voice's version that was read."""

    number: Whole
    seen: Whole | None = None


class Tried(Given):
    """A text to compare; nothing of it is kept. `number` names another version than the one in use."""

    text: Annotated[str, Field(min_length=1, max_length=LONGEST)]
    number: Whole | None = None


class OffShape(Schema):
    """A trait that is off: `spreads` tells how far, the rest in people's units; `said` in words."""

    trait: str
    spreads: float
    unit: str
    measured: float
    low: float
    high: float
    said: str


class FitShape(Schema):
    """`value` is about the share of others' texts that lie further from the voice; 0 where a banned word stands.

    `parts` are in spreads of others' texts. `near`: nine in ten of its own texts would fit no better than this.
    """

    value: float
    verdict: str
    near: bool
    is_short: bool
    parts: dict[str, float]
    off: list[OffShape]
    banned: list[str]
    number: int


@router.get("/studio/voices", **allowed(Right.READ), response=Rows[VoiceLineShape])
def list_voices(request: Call, archived: bool = False) -> dict[str, Any]:
    """Voices by name."""
    return rows(queries.list_voices(request.auth.workspace_id, archived=archived))


@router.post("/studio/voices", **allowed(Right.CAMPAIGN), response={201: VoiceShape})
def open_voice(request: Call, given: VoiceGiven) -> Voice:
    """Open a voice for a brand and a language."""
    return actions.open_voice(**given.dict(), actor=request.auth, now=timezone.now())


@router.get("/studio/voices/{int:voice_id}", **allowed(Right.READ), response=VoiceInFull)
def read_voice(request: Call, voice_id: int) -> dict[str, Any]:
    """A voice in plain words: the version in use, else the newest."""
    found = queries.get_voice(request.auth.workspace_id, voice_id)
    versions = queries.versions_of_voice(found)
    number = found.promoted if found.promoted is not None else (versions[0].number if versions else None)
    version = queries.get_voice_version(found, number) if number is not None else None
    score: Score | None = queries.score_of_voice(found)
    return {
        "voice": found,
        "plain": told_voice(queries.opened_version(found, version).voice) if version else [],
        "traits": measured_of(queries.opened_unwished(version).voice, found.wishes) if version else [],
        "versions": versions,
        "score": score,
    }


@router.put("/studio/voices/{int:voice_id}", **allowed(Right.CAMPAIGN), response=VoiceShape)
def change_voice(request: Call, voice_id: int, given: VoiceChange) -> Voice:
    """Its name, brand, note and banned words."""
    return actions.change_voice(voice_id=voice_id, **given.dict(), actor=request.auth, now=timezone.now())


@router.put("/studio/voices/{int:voice_id}/wishes", **allowed(Right.CAMPAIGN), response=VoiceShape)
def wish_traits(request: Call, voice_id: int, given: WishesGiven) -> Voice:
    """What traits are to be, whatever was measured."""
    return actions.wish_traits(voice_id=voice_id, **given.dict(), actor=request.auth, now=timezone.now())


@router.get("/studio/voices/{int:voice_id}/texts", **allowed(Right.READ), response=Rows[VoiceTextShape])
def list_voice_texts(request: Call, voice_id: int, cursor: str | None = None, limit: Limit = 50) -> dict[str, Any]:
    """Examples first, then the newest; `next_cursor` asks for the rest."""
    found = queries.get_voice(request.auth.workspace_id, voice_id)
    page = queries.page_of_texts(found, cursor, limit)
    return rows(page.items, page.next_cursor)


@router.post("/studio/voices/{int:voice_id}/texts", **allowed(Right.CAMPAIGN), response=AddedShape)
def add_voice_texts(request: Call, voice_id: int, given: TextsGiven) -> texts.Added:
    """Add texts; one that is there already stays once."""
    who: dict[str, Any] = {"voice_id": voice_id, "actor": request.auth, "now": timezone.now()}
    if given.account:
        return texts.add_posts(account=given.account, **who)
    return texts.add_chosen(**who) if given.chosen else texts.add_texts(texts=given.texts, **who)


@router.delete("/studio/voices/{int:voice_id}/texts/{int:voice_text_id}", **allowed(Right.CAMPAIGN), response=Counted)
def remove_voice_text(request: Call, voice_id: int, voice_text_id: int) -> dict[str, int]:
    """Take a text out; the next training is without it."""
    return {
        "n": texts.remove_texts(voice_id=voice_id, text_ids=[voice_text_id], actor=request.auth, now=timezone.now()),
    }


@router.put("/studio/voices/{int:voice_id}/examples", **allowed(Right.CAMPAIGN), response=Counted)
def choose_voice_examples(request: Call, voice_id: int, given: ExamplesGiven) -> dict[str, int]:
    """Say which texts writers are shown."""
    return {
        "n": texts.choose_examples(voice_id=voice_id, text_ids=given.text_ids, actor=request.auth, now=timezone.now())
    }


@router.post("/studio/voices/{int:voice_id}/train", **allowed(Right.CAMPAIGN), response={201: VoiceVersionShape})
def train_voice(request: Call, voice_id: int) -> VoiceVersion:
    """Measure its texts: a new version, which a person may put to use."""
    return actions.train_voice(voice_id=voice_id, actor=request.auth, now=timezone.now())


@router.post("/studio/voices/{int:voice_id}/learn", **allowed(Right.CAMPAIGN), response={201: VoiceVersionShape})
def learn(request: Call, voice_id: int) -> VoiceVersion:
    """Learn from what people chose, edited and refused: a proposed version with figures on choices held back."""
    return learn_voice(voice_id=voice_id, actor=request.auth, now=timezone.now())


@router.post("/studio/voices/{int:voice_id}/promote", **allowed(Right.CAMPAIGN), response=VoiceShape)
def promote_voice(request: Call, voice_id: int, given: VersionAsked) -> Voice:
    """Put a version to use. Only a person does."""
    return actions.promote_voice(voice_id=voice_id, **given.dict(), actor=request.auth, now=timezone.now())


@router.post("/studio/voices/{int:voice_id}/archive", **allowed(Right.CAMPAIGN), response=VoiceShape)
def archive_voice(request: Call, voice_id: int) -> Voice:
    """Put a voice away."""
    return actions.archive_voice(voice_id=voice_id, actor=request.auth, now=timezone.now())


@router.post("/studio/voices/{int:voice_id}/restore", **allowed(Right.CAMPAIGN), response=VoiceShape)
def restore_voice(request: Call, voice_id: int) -> Voice:
    """Bring back a voice that was put away."""
    return actions.restore_voice(voice_id=voice_id, actor=request.auth, now=timezone.now())


@router.post("/studio/voices/{int:voice_id}/fit", **allowed(Right.READ, kept=Kept.NEEDLESS), response=FitShape)
def fit_voice(request: Call, voice_id: int, given: Tried) -> dict[str, Any]:
    """How well a text fits, and what is off."""
    found = queries.get_voice(request.auth.workspace_id, voice_id)
    number = given.number if given.number is not None else found.promoted
    if number is None:
        raise NotFound(f"No version of “{found.name}” is in use.", "Train it and put a version to use, or name one.")
    return {
        **_fit_as_given(queries.opened_version(found, queries.get_voice_version(found, number)), given.text),
        "number": number,
    }


def _fit_as_given(opened: VoiceInUse, text: str) -> dict[str, Any]:
    found = queries.fit_in_full(opened, text)
    off = []
    for one in found.off:
        shown = off_in_units(one)
        numbers = {"measured": shown.usual, "low": shown.low, "high": shown.high, "unit": shown.unit}
        off.append({"trait": one.trait, "spreads": one.spreads, "said": told_off(one), **numbers})
    return {
        **{name: getattr(found, name) for name in ("value", "near", "is_short", "parts", "banned")},
        "verdict": verdict_of(found),
        "off": off,
    }
