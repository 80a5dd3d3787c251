"""Texts over the API: begun, saved, kept as versions, checked, commented, chosen or refused, approved, handed over."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from sillage.governance.api_access import Call, Kept, allowed
from sillage.governance.engine.actors import Right
from sillage.governance.engine.law_words import as_told
from sillage.governance.queries import standing
from sillage.governance.shapes import Given, Limit, Rows, rows
from sillage.studio.actions import choices, comments, releasing
from sillage.studio.actions import texts as actions
from sillage.studio.engine.brief import Kind
from sillage.studio.engine.origins import MadeBy, Origin
from sillage.studio.engine.text_states import TextState
from sillage.studio.models import Choice, Text, TextComment, TextVersion
from sillage.studio.queries import texts as queries
from sillage.studio.queries.choices import choices_of
from sillage.studio.queries.text_checks import check_words

router = Router()

Body = Annotated[str, Field(max_length=actions.MOST_BODY)]
Seen = Annotated[int, Field(ge=1, le=10**9)]
Number = Annotated[int, Field(ge=1, le=10**6)]
Reason = Annotated[str, Field(max_length=500)]


class MadeByShape(Schema):
    """Who made a version: a person, a template (fragments that people wrote), or a language model, which is AI."""

    origin: Origin
    name: str = ""
    version: str = ""
    prompt_version: str = ""
    parts: list[str] = []


class MadeByGiven(Given):
    """What a program says of the words that it sends; words of a model have to say so."""

    origin: Origin = Origin.PERSON
    name: Annotated[str, Field(max_length=100)] = ""
    version: Annotated[str, Field(max_length=100)] = ""
    prompt_version: Annotated[str, Field(max_length=100)] = ""

    def said(self) -> MadeBy:
        return MadeBy(self.origin, self.name, self.version, self.prompt_version)


class TextShape(Schema):
    """A text. `body` is the working copy; `version` is what a change names as `seen`."""

    id: int
    title: str
    kind: Kind
    language: str
    state: TextState
    body: str
    version: int
    brief_id: int | None
    voice_id: int | None
    campaign_id: int | None
    deliverable_id: int | None
    run_id: int | None
    row: int | None
    created_at: datetime
    changed_at: datetime
    archived_at: datetime | None


class VersionShape(Schema):
    """A kept version, which never changes. `digest` is the SHA-256 of its words; `edited_from` the version it was made from."""

    number: int
    body: str
    digest: str
    made_by: MadeByShape
    edited_from: int | None
    note: str
    made_at: datetime

    @staticmethod
    def resolve_digest(version: TextVersion) -> str:
        return bytes(version.digest).hex()


class CommentShape(Schema):
    """What somebody says of the words `quote` of a version, from `starts` to `ends` in characters; of all of it where null."""

    id: int
    number: int
    starts: int | None
    ends: int | None
    quote: str
    said: str
    who: str
    written_at: datetime
    settled_at: datetime | None
    settled_who: str


class ChoiceShape(Schema):
    """A person's word on a text, with what a machine had proposed and how far they went from it (shares from 0 to 1)."""

    id: int
    word: str
    number: int
    made_by: MadeByShape
    proposed: str
    final: str
    reason: str
    distance: dict[str, Any]
    decided_at: datetime


class RemarkShape(Schema):
    """A remark on the characters from `start` to `end` (0, 0: on all of the text), and what might stand instead."""

    kind: str
    rule: str
    start: int
    end: int
    words: str
    fixes: list[str]
    about: dict[str, str]


class CheckShape(Schema):
    """What machines say. `packs` are the law packs that were asked; `fit` is null without a voice in use."""

    remarks: list[RemarkShape]
    packs: list[str]
    findings: list[dict[str, Any]]
    stopped_by: list[str]
    fit: float | None


class TextStart(Given):
    """A new text; `body` may be empty. Voice and campaign are the brief's unless said."""

    title: Annotated[str, Field(max_length=actions.MOST_TITLE)]
    kind: Kind
    language: Annotated[str, Field(max_length=3)]
    body: Body = ""
    made_by: MadeByGiven = MadeByGiven()
    brief_id: int | None = None
    voice_id: int | None = None
    campaign_id: int | None = None


class WordsGiven(Given):
    """Words, and the `version` of the text that they were typed over."""

    body: Body
    seen: Seen


class VersionGiven(WordsGiven):
    """Words to keep for good."""

    made_by: MadeByGiven = MadeByGiven()
    note: Annotated[str, Field(max_length=300)] = ""


class SeenGiven(Given):
    """The `version` of the text that was read."""

    seen: Seen


class CheckGiven(Given):
    """Words to check; those of the working copy where there are none."""

    body: Body | None = None


class CommentGiven(Given):
    """`quote` are words that stand in the text; `answers` the id of a comment on the same words."""

    said: Annotated[str, Field(max_length=comments.MOST_COMMENT)]
    quote: Annotated[str, Field(max_length=comments.MOST_QUOTE)] = ""
    starts: Annotated[int, Field(ge=0, le=actions.MOST_BODY)] | None = None
    answers: int | None = None


class SettleGiven(Given):
    """Settled, or open again."""

    settled: bool = True


class ChoiceGiven(SeenGiven):
    """The words chosen; those of the working copy where there are none."""

    body: Body | None = None
    reason: Reason = ""


class ReasonGiven(SeenGiven):
    """A word with its reason."""

    reason: Reason = ""


class HandOverGiven(SeenGiven):
    """Which deliverable the text becomes a draft of."""

    deliverable_id: int


class ArchiveGiven(Given):
    """Put away, or taken back."""

    archived: bool = True


class AskedShape(Schema):
    """A request for approval of exactly these words."""

    id: int
    standing: str
    needed: int


class HandedShape(Schema):
    """The draft that the text became."""

    draft_id: int
    deliverable_id: int
    number: int


@router.get("/studio/texts", **allowed(Right.READ), response=Rows[TextShape])
def list_texts(
    request: Call,
    state: TextState | None = None,
    words: str = "",
    brief_id: int | None = None,
    voice_id: int | None = None,
    archived: bool = False,
    cursor: str | None = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """Texts, the last begun first."""
    found = queries.list_texts(
        request.auth.workspace_id,
        state=state.value if state else "",
        words=words,
        brief_id=brief_id,
        voice_id=voice_id,
        archived=archived,
        cursor=cursor,
        limit=limit,
    )
    return rows((line.text for line in found.items), found.next_cursor)


@router.post("/studio/texts", **allowed(Right.CAMPAIGN), response={201: TextShape})
def start_text(request: Call, given: TextStart) -> Text:
    """Begin a text."""
    said = given.dict(exclude={"kind", "made_by"}) | {"kind": given.kind.value, "made_by": given.made_by.said()}
    return actions.start_text(**said, actor=request.auth, now=timezone.now())


@router.get("/studio/texts/{int:text_id}", **allowed(Right.READ), response=TextShape)
def read_text(request: Call, text_id: int) -> Text:
    """One text with its working copy."""
    return queries.get_text(request.auth.workspace_id, text_id)


@router.put("/studio/texts/{int:text_id}/words", **allowed(Right.CAMPAIGN), response=TextShape)
def save_words(request: Call, text_id: int, given: WordsGiven) -> Text:
    """Save the working copy. Refused when other words were saved since `seen`; nothing is written over."""
    return actions.save_words(text_id=text_id, **given.dict(), actor=request.auth, now=timezone.now())


@router.post("/studio/texts/{int:text_id}/archive", **allowed(Right.CAMPAIGN), response=TextShape)
def archive_text(request: Call, text_id: int, given: ArchiveGiven) -> Text:
    """Put a text away, or take it back."""
    return actions.archive_text(text_id=text_id, is_archived=given.archived, actor=request.auth, now=timezone.now())


@router.get("/studio/texts/{int:text_id}/versions", **allowed(Right.READ), response=Rows[VersionShape])
def list_versions(request: Call, text_id: int) -> dict[str, Any]:
    """Every kept version, the newest first."""
    return rows(queries.versions_of(queries.get_text(request.auth.workspace_id, text_id)))


@router.post("/studio/texts/{int:text_id}/versions", **allowed(Right.CAMPAIGN), response={201: VersionShape})
def keep_version(request: Call, text_id: int, given: VersionGiven) -> TextVersion:
    """Keep words as the next version."""
    return actions.keep_version(
        text_id=text_id,
        **given.dict(exclude={"made_by"}),
        made_by=given.made_by.said(),
        actor=request.auth,
        now=timezone.now(),
    )


@router.post(
    "/studio/texts/{int:text_id}/versions/{int:number}/restore", **allowed(Right.CAMPAIGN), response={201: VersionShape}
)
def restore_version(request: Call, text_id: int, number: int, given: SeenGiven) -> TextVersion:
    """Make an old version's words the newest version."""
    return actions.restore_version(
        text_id=text_id, number=number, seen=given.seen, actor=request.auth, now=timezone.now()
    )


@router.post("/studio/texts/{int:text_id}/check", **allowed(Right.READ, kept=Kept.NEEDLESS), response=CheckShape)
def check_text(request: Call, text_id: int, given: CheckGiven) -> dict[str, Any]:
    """What rules, law packs and the voice say of words. Nothing is stored."""
    text = queries.get_text(request.auth.workspace_id, text_id)
    body = text.body if given.body is None else actions.clean_body(given.body)
    found = check_words(text, body, timezone.localdate())
    return {
        "remarks": found.remarks,
        "packs": [f"{pack.id} {pack.version}" for pack in found.packs],
        "findings": [as_told(finding) for finding in found.findings],
        "stopped_by": [finding.rule for finding in found.stopping],
        "fit": found.fit.value if found.fit else None,
    }


@router.get("/studio/texts/{int:text_id}/comments", **allowed(Right.READ), response=Rows[CommentShape])
def list_text_comments(request: Call, text_id: int) -> dict[str, Any]:
    """Everything that was said of a text, the oldest first."""
    return rows(queries.get_text(request.auth.workspace_id, text_id).comments.order_by("written_at", "pk"))


@router.post("/studio/texts/{int:text_id}/comments", **allowed(Right.CAMPAIGN), response={201: CommentShape})
def comment_text(request: Call, text_id: int, given: CommentGiven) -> TextComment:
    """Say something of words that stand in the text, or of all of it."""
    return comments.comment_text(text_id=text_id, **given.dict(), actor=request.auth, now=timezone.now())


@router.post(
    "/studio/texts/{int:text_id}/comments/{int:comment_id}/settle", **allowed(Right.CAMPAIGN), response=CommentShape
)
def settle_comment(request: Call, text_id: int, comment_id: int, given: SettleGiven) -> TextComment:
    """Settle a comment and the answers on the same words, or open them again."""
    return comments.settle_comment(
        text_id=text_id, comment_id=comment_id, is_settled=given.settled, actor=request.auth, now=timezone.now()
    )


@router.get("/studio/texts/{int:text_id}/choices", **allowed(Right.READ), response=Rows[ChoiceShape])
def list_choices(request: Call, text_id: int) -> dict[str, Any]:
    """What people decided about a text, the last first."""
    return rows(choices_of(queries.get_text(request.auth.workspace_id, text_id)))


@router.post("/studio/texts/{int:text_id}/choose", **allowed(Right.CAMPAIGN), response=ChoiceShape)
def choose_text(request: Call, text_id: int, given: ChoiceGiven) -> Choice:
    """Choose words. Refused while a rule of the law stops them."""
    return choices.choose_text(text_id=text_id, **given.dict(), actor=request.auth, now=timezone.now())


@router.post("/studio/texts/{int:text_id}/refuse", **allowed(Right.CAMPAIGN), response=ChoiceShape)
def refuse_text(request: Call, text_id: int, given: ReasonGiven) -> Choice:
    """Say no, with the reason."""
    return choices.refuse_text(text_id=text_id, **given.dict(), actor=request.auth, now=timezone.now())


@router.post("/studio/texts/{int:text_id}/reopen", **allowed(Right.CAMPAIGN), response=TextShape)
def reopen_text(request: Call, text_id: int, given: SeenGiven) -> Text:
    """Write on."""
    return choices.reopen_text(text_id=text_id, seen=given.seen, actor=request.auth, now=timezone.now())


@router.post("/studio/texts/{int:text_id}/approval", **allowed(Right.CAMPAIGN), response={201: AskedShape})
def ask_approval(request: Call, text_id: int, given: SeenGiven) -> dict[str, Any]:
    """Put chosen words before those who may approve them."""
    now = timezone.now()
    asked = releasing.ask_text_approval(text_id=text_id, seen=given.seen, actor=request.auth, now=now)
    return {"id": asked.pk, "standing": standing(asked, now).value, "needed": asked.needed}


@router.post("/studio/texts/{int:text_id}/approve", **allowed(Right.APPROVE), response=TextShape)
def approve_text(request: Call, text_id: int, given: ReasonGiven) -> Text:
    """Say one's own yes to exactly these words."""
    return releasing.approve_text(text_id=text_id, **given.dict(), actor=request.auth, now=timezone.now())


@router.post("/studio/texts/{int:text_id}/hand-over", **allowed(Right.CAMPAIGN), response={201: HandedShape})
def hand_over(request: Call, text_id: int, given: HandOverGiven) -> dict[str, Any]:
    """Make an approved text the next draft of a deliverable; its approval is used."""
    draft = releasing.hand_over(text_id=text_id, **given.dict(), actor=request.auth, now=timezone.now())
    return {"draft_id": draft.pk, "deliverable_id": draft.deliverable_id, "number": draft.number}
