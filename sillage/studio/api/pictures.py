"""Pictures with a name on them over the API: templates, one picture, batches, and where pictures and texts come from."""

from __future__ import annotations

import base64
from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from django.utils import timezone
from ninja import File, Form, Router, Schema, UploadedFile
from pydantic import Field

from sillage.governance.api_access import Call, Kept, allowed
from sillage.governance.engine.actors import Right
from sillage.governance.shapes import Given, Rows, rows
from sillage.studio.actions import picture_batches, pictures
from sillage.studio.engine.digital_source import Elements, Source
from sillage.studio.engine.origins import BY_A_PERSON, MadeBy, Origin
from sillage.studio.engine.picture_batch import MOST_TABLE, PORTION
from sillage.studio.engine.provenance import History, platform_fields
from sillage.studio.engine.svg_reading import MOST_BYTES
from sillage.studio.models import PictureBatch, PictureTemplate
from sillage.studio.queries import pictures as queries
from sillage.studio.queries.provenance import find_picture, history_of_picture, history_of_text, law_on
from sillage.studio.queries.texts import get_text

router = Router()


class VariableShape(Schema):
    """What is filled in. A colour has a default; words have none."""

    name: str
    kind: Literal["text", "colour"]
    default: str | None


class TemplateShape(Schema):
    """A template. `alt` is a rule's proposal until `alt_confirmed_at`; `source` is the IPTC term of its pictures."""

    id: int
    name: str
    version: int
    sha256: str
    width: int
    height: int
    variables: list[VariableShape]
    left_out: list[str]
    has_credentials: bool
    made_by: dict[str, Any]
    elements: Elements
    source: Source
    alt: str
    alt_confirmed_at: datetime | None
    changed_at: datetime
    archived_at: datetime | None

    @staticmethod
    def resolve_source(template: PictureTemplate) -> str:
        return queries.statement_of(template).source


class PictureGiven(Given):
    """Values by variable. `words_by_model`: a model wrote some of them, so the file says so."""

    values: dict[str, Annotated[str, Field(max_length=500)]]
    as_: Annotated[Literal["png", "svg"], Field(alias="as")] = "png"
    words_by_model: bool = False


class PictureMade(Schema):
    """A finished file in base64; it is not kept. `warnings` say what a person should look at before it goes out."""

    media_type: str
    sha256: str
    alt: str
    alt_confirmed: bool
    source: Source
    remarks: list[dict[str, str]]
    warnings: list[str]
    platform_fields: dict[str, dict[str, Any]]
    data: str


class AltGiven(Given):
    """The alt text, with variables as {{ first_name }}; `seen` is the template's version as it was read."""

    alt: Annotated[str, Field(min_length=1, max_length=500)]
    seen: int


class BatchShape(Schema):
    """How far a batch is. `faults` name rows and variables, never values."""

    id: int
    template_id: int
    state: str
    total: int
    done: int
    failed: int
    faults: list[dict[str, Any]]
    remarks: list[dict[str, Any]]
    made_at: datetime
    finished_at: datetime | None


class StepShape(Schema):
    """A version or a step: who (origin, model, prompt), when, from which version."""

    origin: Origin
    name: str
    version: str
    prompt_version: str
    who: str
    at: datetime | None
    number: int | None
    note: str


class HistoryShape(Schema):
    """Where it comes from. `is_generated` and fields are null where a person must say first; texts have no fields."""

    kind: Literal["text", "picture"]
    source: Source
    source_uri: str
    is_generated: bool | None
    shares: dict[str, float]
    steps: list[StepShape]
    reviewer: str
    platform_fields: dict[str, dict[str, Any]]
    law: list[dict[str, str]]


@router.get("/studio/picture-templates", **allowed(Right.READ), response=Rows[TemplateShape])
def list_picture_templates(request: Call, archived: bool = False) -> dict[str, Any]:
    """Templates of the workspace, the last changed first."""
    return rows(queries.list_templates(request.auth.workspace_id, archived=archived))


@router.post("/studio/picture-templates", **allowed(Right.CAMPAIGN), response={201: TemplateShape})
def add_picture_template(
    request: Call,
    file: File[UploadedFile],
    name: Form[str] = "",
    model: Form[str] = "",
    elements: Form[Elements] = Elements.UNKNOWN,
) -> Any:
    """Take in an SVG. `model` names the model that drew it, if one did; `elements` says what its pictures are."""
    return pictures.add_template(
        data=file.read(MOST_BYTES + 1),
        file_name=file.name or "",
        name=name,
        made_by=MadeBy(Origin.MODEL, model[:100]) if model else BY_A_PERSON,
        elements=elements,
        actor=request.auth,
        now=timezone.now(),
    )


@router.get("/studio/picture-templates/{int:picture_template_id}", **allowed(Right.READ), response=TemplateShape)
def read_picture_template(request: Call, picture_template_id: int) -> PictureTemplate:
    """One template."""
    return queries.get_template(request.auth.workspace_id, picture_template_id)


@router.post(
    "/studio/picture-templates/{int:picture_template_id}/picture",
    **allowed(Right.CAMPAIGN, kept=Kept.NEVER),
    response=PictureMade,
)
def make_picture(request: Call, picture_template_id: int, given: PictureGiven) -> dict[str, Any]:
    """One finished picture, signed. Neither it nor its values are kept; the hash of the file is."""
    made = pictures.export_picture(
        template_id=picture_template_id,
        values=given.values,
        as_svg=given.as_ == "svg",
        words_by_model=given.words_by_model,
        actor=request.auth,
        now=timezone.now(),
    )
    history = history_of_picture(find_picture(request.auth.workspace_id, made.sha256))
    template = queries.get_template(request.auth.workspace_id, picture_template_id)
    confirmed = template.alt_confirmed_at is not None
    return {
        "media_type": made.media_type,
        "sha256": made.sha256,
        "alt": made.alt,
        "alt_confirmed": confirmed,
        "source": history.source,
        "remarks": [{"kind": r.kind, "words": r.words, "shown": r.shown} for r in made.remarks],
        "warnings": [] if confirmed else ["Nobody has confirmed the alt text: it is what a rule proposes."],
        "platform_fields": platform_fields(history),
        "data": base64.b64encode(made.data).decode(),
    }


@router.post(
    "/studio/picture-templates/{int:picture_template_id}/alt", **allowed(Right.CAMPAIGN), response=TemplateShape
)
def confirm_alt_text(request: Call, picture_template_id: int, given: AltGiven) -> PictureTemplate:
    """Confirm the alt text; until then every export warns."""
    return pictures.confirm_alt(
        template_id=picture_template_id, alt=given.alt, seen=given.seen, actor=request.auth, now=timezone.now()
    )


@router.delete("/studio/picture-templates/{int:picture_template_id}", **allowed(Right.CAMPAIGN), response=TemplateShape)
def archive_picture_template(request: Call, picture_template_id: int) -> PictureTemplate:
    """Put a template away; what was made of it keeps its history."""
    return pictures.archive_template(template_id=picture_template_id, actor=request.auth, now=timezone.now())


# -- batches ---------------------------------------------------------------------------------------------------------


@router.post(
    "/studio/picture-templates/{int:picture_template_id}/batches",
    **allowed(Right.CAMPAIGN),
    response={201: BatchShape},
)
def open_picture_batch(
    request: Call, picture_template_id: int, table: File[UploadedFile], words_by_model: Form[bool] = False
) -> Any:
    """Take in a table (CSV, a column per variable). Nothing is drawn yet."""
    return picture_batches.open_batch(
        template_id=picture_template_id,
        table=table.read(MOST_TABLE + 1),
        table_name=table.name or "",
        words_by_model=words_by_model,
        actor=request.auth,
        now=timezone.now(),
    )


@router.get("/studio/picture-batches/{int:picture_batch_id}", **allowed(Right.READ), response=BatchShape)
def read_picture_batch(request: Call, picture_batch_id: int) -> PictureBatch:
    """How far a batch is."""
    return queries.get_batch(request.auth.workspace_id, picture_batch_id)


@router.post(
    "/studio/picture-batches/{int:picture_batch_id}/make",
    **allowed(Right.CAMPAIGN, kept=Kept.AFTERWARDS),
    response=BatchShape,
)
def make_picture_batch(request: Call, picture_batch_id: int) -> PictureBatch:
    """Draw the next portion; call it until `state` is done. A killed call goes on with the next."""
    return picture_batches.make_batch(batch_id=picture_batch_id, most=PORTION, actor=request.auth, now=timezone.now())


@router.get("/studio/picture-batches/{int:picture_batch_id}/pictures.zip", **allowed(Right.READ))
def download_picture_batch(request: Call, picture_batch_id: int) -> HttpResponse:
    """All pictures that are made, and manifest.json, as ZIP."""
    with queries.batch_as_zip(queries.get_batch(request.auth.workspace_id, picture_batch_id)) as file:
        return HttpResponse(file.read(), content_type="application/zip")


@router.delete("/studio/picture-batches/{int:picture_batch_id}", **allowed(Right.CAMPAIGN), response={204: None})
def erase_picture_batch(request: Call, picture_batch_id: int) -> None:
    """Erase the pictures and the table of a batch now."""
    picture_batches.erase_batch(batch_id=picture_batch_id, actor=request.auth, now=timezone.now())


# -- where it comes from ---------------------------------------------------------------------------------------------


@router.get("/studio/pictures/{sha256}/history", **allowed(Right.READ), response=HistoryShape)
def read_picture_history(request: Call, sha256: str) -> dict[str, Any]:
    """The history of a picture that left, by the SHA-256 of its file, with the fields that platforms ask for."""
    return _history(history_of_picture(find_picture(request.auth.workspace_id, sha256)))


@router.get("/studio/texts/{int:text_id}/history", **allowed(Right.READ), response=HistoryShape)
def read_text_history(request: Call, text_id: int) -> dict[str, Any]:
    """Whose words these are, version by version."""
    return _history(history_of_text(get_text(request.auth.workspace_id, text_id)))


def _history(history: History) -> dict[str, Any]:
    return {
        "kind": history.kind,
        "source": history.source,
        "source_uri": history.source.uri,
        "is_generated": history.is_generated,
        "shares": {origin.value: share for origin, share in history.shares.items()},
        "steps": [
            {
                "origin": step.made_by.origin,
                "name": step.made_by.name,
                "version": step.made_by.version,
                "prompt_version": step.made_by.prompt_version,
                "who": step.who,
                "at": step.at,
                "number": step.number,
                "note": step.note,
            }
            for step in history.steps
        ],
        "reviewer": history.reviewer,
        "platform_fields": platform_fields(history),
        "law": [{"rule": f.rule, "verdict": f.verdict.value} for f in law_on(history, (), timezone.localdate())],
    }
