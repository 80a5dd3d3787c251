"""The language model over the API: asked for texts and edits, its proposals taken or left, its limits and its calls."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from sillage.governance.api_access import Call, Kept, allowed
from sillage.governance.engine.actors import Right
from sillage.governance.shapes import Given, Rows
from sillage.lib.errors import Malformed
from sillage.studio.actions import model_calls, model_writing
from sillage.studio.engine.model_limits import WriterLimits
from sillage.studio.engine.prompting import LONGEST_INSTRUCTION, LONGEST_TEXT, MOST_MATERIAL, MOST_TEXTS
from sillage.studio.models import ModelCall, TextVersion
from sillage.studio.progress import streamed
from sillage.studio.queries.model_calls import WriterStanding, list_calls, outcome_of, writer_standing

router = Router()
Material = Annotated[list[Annotated[str, Field(max_length=20_000)]], Field(max_length=2 * MOST_MATERIAL)]


class LimitsShape(Schema):
    """What the workspace allows; null: no limit."""

    is_on: bool
    monthly_cost: Decimal | None
    monthly_tokens: int | None
    calls_per_minute: int


class WriterShape(Schema):
    """The model of the installation, where words go, and what was used this month. `model` is empty where there is none."""

    model: str
    server: str
    leaves_machine: bool
    may_write: bool
    limits: LimitsShape
    tokens_this_month: int
    cost_this_month: Decimal | None
    currency: str


class ModelCallShape(Schema):
    """A call. `estimated`: tokens and cost are at most so many, as the server gave no count."""

    id: int
    purpose: str
    brief_id: int | None
    text_id: int | None
    model: str
    server: str
    prompt_version: str
    tokens_in: int
    tokens_out: int
    is_estimated: bool
    cost: Decimal | None
    currency: str
    seconds: float | None
    outcome: str
    trouble: str
    kept: int
    dropped: dict[str, int]
    left_out: int
    proposal: list[dict[str, Any]]
    asked_at: datetime
    answered_at: datetime | None

    @staticmethod
    def resolve_outcome(call: ModelCall) -> str:
        return outcome_of(call, timezone.now())


class DroppedShape(Schema):
    """A text that did not pass, why, and the words to blame."""

    text: str
    why: str
    blame: list[str]


class WrittenShape(Schema):
    """How a call ended: `text_ids` were begun, in the studio, each marked as the model's."""

    call: ModelCallShape
    text_ids: list[int]
    kept: list[str]
    dropped: list[DroppedShape]


class VersionTaken(Schema):
    """The version that a proposal became."""

    text_id: int
    number: int
    made_by: dict[str, Any]


class TextsAsked(Given):
    """How many texts. `material` is strangers' words that may be answered to; `stream`: lines of JSON as they come."""

    n: Annotated[int, Field(ge=1, le=MOST_TEXTS)] = 1
    material: Material = []
    stream: bool = False


class EditAsked(Given):
    """What is to change. `body`: the words as they stand; those that are saved if not given."""

    instruction: Annotated[str, Field(max_length=LONGEST_INSTRUCTION)]
    body: Annotated[str, Field(max_length=LONGEST_TEXT)]
    material: Material = []
    stream: bool = False


class LimitsGiven(Given):
    """Null: no limit."""

    is_on: bool = True
    monthly_cost: Annotated[Decimal, Field(max_digits=10, decimal_places=2)] | None = None
    monthly_tokens: int | None = None
    calls_per_minute: int


class Seen(Given):
    """The version of the text that was looked at."""

    seen: int


@router.get("/studio/writer", **allowed(Right.READ), response=WriterShape)
def read_writer(request: Call) -> dict[str, Any]:
    """Which model there is, where words would go, and what was used of what is allowed."""
    return _writer(writer_standing(request.auth.workspace_id, timezone.now()))


def _writer(standing: WriterStanding) -> dict[str, Any]:
    return {
        "model": standing.chosen.model if standing.chosen.is_complete else "",
        "server": standing.chosen.host,
        "leaves_machine": standing.chosen.is_complete and standing.chosen.leaves_machine,
        "may_write": standing.may_write,
        "limits": standing.limits,
        "tokens_this_month": standing.spending.tokens,
        "cost_this_month": standing.spending.cost if standing.price.is_known else None,
        "currency": standing.price.currency,
    }


@router.put("/studio/writer/limits", **allowed(Right.APPROVE), response=WriterShape)
def set_limits(request: Call, given: LimitsGiven) -> dict[str, Any]:
    """Say what the model may cost this workspace per month, and how often it may be asked."""
    now = timezone.now()
    model_calls.set_writer_limits(limits=WriterLimits(**given.model_dump()), actor=request.auth, now=now)
    return _writer(writer_standing(request.auth.workspace_id, now))


@router.get("/studio/writer/calls", **allowed(Right.READ), response=Rows[ModelCallShape])
def list_model_calls(request: Call, cursor: str | None = None) -> dict[str, Any]:
    """Calls to the model with what they cost, the newest first."""
    page = list_calls(request.auth.workspace_id, cursor=cursor)
    return {"items": page.items, "next_cursor": page.next_cursor}


@router.post(
    "/studio/briefs/{int:brief_id}/ask", **allowed(Right.CAMPAIGN, kept=Kept.AFTERWARDS), response={201: WrittenShape}
)
def ask_for_texts(request: Call, brief_id: int, given: TextsAsked) -> Any:
    """Have the model write texts of a brief. With `stream` the answer is lines of JSON: texts, waiting, ended or failed."""
    _refuse_key(request, given.stream)
    return _told(
        model_writing.stream_texts(
            brief_id=brief_id, n=given.n, material=given.material, actor=request.auth, now=timezone.now()
        ),
        given.stream,
    )


@router.post(
    "/studio/texts/{int:text_id}/ask", **allowed(Right.CAMPAIGN, kept=Kept.AFTERWARDS), response={201: WrittenShape}
)
def ask_for_edit(request: Call, text_id: int, given: EditAsked) -> Any:
    """Have the model change a text as you instruct: what passes is a proposal, which you take or leave."""
    _refuse_key(request, given.stream)
    return _told(
        model_writing.stream_edit(
            text_id=text_id,
            body=given.body,
            instruction=given.instruction,
            material=given.material,
            actor=request.auth,
            now=timezone.now(),
        ),
        given.stream,
    )


class StreamNotKept(Malformed):
    """An answer that is streamed is never kept to be given again."""


def _refuse_key(request: Call, is_streamed: bool) -> None:
    if is_streamed and "Idempotency-Key" in request.headers:
        raise StreamNotKept("A streamed answer is not kept.", "Leave out the Idempotency-Key, or “stream”.", "stream")


def _told(events: Iterator[model_writing.Progress], is_streamed: bool) -> HttpResponse | dict[str, Any]:
    if is_streamed:
        return streamed(events, lambda ended: WrittenShape.model_validate(_written(ended)).model_dump(mode="json"))
    ended = None
    for event in events:
        ended = event
    assert isinstance(ended, model_writing.Written)
    return _written(ended)


def _written(ended: model_writing.Written) -> dict[str, Any]:
    return {
        "call": ended.call,
        "text_ids": [text.pk for text in ended.texts],
        "kept": [one.text for one in ended.checked.kept],
        "dropped": [
            {"text": one.text, "why": one.why.value, "blame": list(one.blame)} for one in ended.checked.dropped
        ],
    }


@router.post("/studio/writer/calls/{int:call_id}/insert", **allowed(Right.CAMPAIGN), response={201: VersionTaken})
def insert_proposal(request: Call, call_id: int, given: Seen) -> TextVersion:
    """Take a proposal: it becomes the text's next version, marked as the model's."""
    return model_writing.insert_proposal(call_id=call_id, seen=given.seen, actor=request.auth, now=timezone.now())


@router.post("/studio/writer/calls/{int:call_id}/discard", **allowed(Right.CAMPAIGN), response=ModelCallShape)
def discard_proposal(request: Call, call_id: int) -> ModelCall:
    """Leave a proposal; its words are removed."""
    return model_writing.discard_proposal(call_id=call_id, actor=request.auth, now=timezone.now())
