"""The API of data protection: notices, requests with their clocks, creators' own links, copies, retention, the record."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any

from django.urls import reverse
from django.utils import timezone
from ninja import Router, Schema
from pydantic import AwareDatetime, Field

from sillage.catalogue import queries as catalogue
from sillage.catalogue.actions.forgetting import forget
from sillage.catalogue.actions.rectifying import rectify, wanted_of
from sillage.governance import actions, queries
from sillage.governance.api_access import Call, Kept, allowed
from sillage.governance.engine.actors import Right
from sillage.governance.engine.links import Purpose
from sillage.governance.engine.personal_data import registered
from sillage.governance.engine.privacy import CameBy, RequestKind, RequestState
from sillage.governance.engine.processing_record import processings
from sillage.governance.engine.retention import retention_rules
from sillage.governance.models import Controller, DataRequest, Link, Notice
from sillage.governance.shapes import Given, Limit, Rows, exact, rows

router = Router(tags=["privacy"])

Words = Annotated[str, Field(max_length=5_000)]


class ControllerGiven(Given):
    """Who is responsible; fields that are left out stay as they are."""

    name: Annotated[str | None, Field(max_length=200)] = None
    email: Annotated[str | None, Field(max_length=254)] = None
    address: Annotated[str | None, Field(max_length=500)] = None
    representative: Annotated[str | None, Field(max_length=300)] = None
    officer: Annotated[str | None, Field(max_length=300)] = None
    interest: Words | None = None
    recipients: Words | None = None
    transfers: Words | None = None
    security: Words | None = None


class ControllerShape(Schema):
    name: str
    email: str
    address: str
    representative: str
    officer: str
    interest: str
    recipients: str
    transfers: str
    security: str
    changed_at: datetime


class DueNoticeShape(Schema):
    """A creator who was not told yet. `urgency`: overdue, soon (within a week) or later."""

    creator_id: int
    name: str
    obtained_at: datetime
    contacted_at: datetime | None
    shown_at: datetime | None
    due_at: datetime
    urgency: str


class NoticeGiven(Given):
    how: CameBy
    language: Annotated[str, Field(max_length=5)] = "fr"


class NoticeShape(Schema):
    contacted_at: datetime | None
    shown_at: datetime | None
    sent_at: datetime | None
    how: str
    language: str
    text_version: str


class NoticeText(Schema):
    language: str
    text: str


class DataRequestGiven(Given):
    """`wanted` of a rectification: {"account": id, "field": name, handle, country or bio, "value": …}."""

    kind: RequestKind
    creator: Annotated[str, Field(max_length=200)]
    requester: Annotated[str, Field(max_length=200)] = ""
    contact: Annotated[str, Field(max_length=300)] = ""
    came_by: CameBy = CameBy.EMAIL
    text: Words = ""
    wanted: dict[str, str | None] | None = None
    received_at: AwareDatetime | None = None


class DataRequestShape(Schema):
    id: int
    kind: RequestKind
    state: RequestState
    subject_kind: str
    subject_id: str
    requester: str
    contact: str
    came_by: CameBy
    text: str
    wanted: dict[str, Any]
    received_at: datetime
    due_at: datetime
    identity_how: str
    identity_at: datetime | None
    extension_reason: str
    extended_at: datetime | None
    answer: str
    closed_at: datetime | None


class SaidGiven(Given):
    text: Annotated[str, Field(min_length=1, max_length=5_000)]


class LinkGiven(Given):
    label: Annotated[str, Field(max_length=200)] = ""
    days: Annotated[int, Field(ge=1, le=365)] = 90


class LinkShape(Schema):
    id: int
    label: str
    opened_at: datetime
    expires_at: datetime
    revoked_at: datetime | None


class OpenedLink(LinkShape):
    """`url` is in this answer and nowhere else."""

    url: str


class RuleShape(Schema):
    """`due` is how many rows a run would remove now."""

    id: str
    table: str
    since: str
    months: int
    what: str
    source: str
    due: int


class Retained(Schema):
    removed: dict[str, int]


class HeldShape(Schema):
    """What a table holds about people, and for how long; `fields` are its columns."""

    table: str
    fields: list[str]
    what: str
    whose: str
    origin: str
    purpose: str
    basis: str
    kept: str


class RecordShape(Schema):
    controller: ControllerShape | None
    data: list[HeldShape]


# -- who is responsible, and the record --------------------------------------------------------------------------------


@router.get("/privacy/controller", **allowed(Right.READ), response=ControllerShape)
def get_controller(request: Call) -> Controller:
    """Who is responsible for the workspace's processing."""
    return queries.get_controller(request.auth.workspace_id)


@router.patch("/privacy/controller", **allowed(Right.ADMIN), response=ControllerShape)
def name_controller(request: Call, given: ControllerGiven) -> Controller:
    """Write down who is responsible."""
    said = {name: value for name, value in given.dict().items() if value is not None}
    return actions.name_controller(given=said, actor=request.auth, now=timezone.now())


@router.get("/privacy/record", **allowed(Right.READ), response=RecordShape)
def get_record(request: Call, language: Annotated[str, Field(max_length=5)] = "en") -> dict[str, Any]:
    """The record of processing (GDPR, article 30), made from what the tables hold."""
    lines = [line for processing in processings(registered(), retention_rules()) for line in processing.lines]
    return {
        "controller": queries.find_controller(request.auth.workspace_id),
        "data": [
            {
                "table": line.table,
                "fields": list(line.data.fields),
                "what": line.data.what.told(language),
                "whose": line.data.whose.value.told(language),
                "origin": line.data.origin.value.told(language),
                "purpose": line.data.why.value.purpose.told(language),
                "basis": line.data.why.value.basis.value.told(language),
                "kept": line.kept(language),
            }
            for line in lines
        ],
    }


# -- notices ---------------------------------------------------------------------------------------------------------


@router.get("/privacy/notices", **allowed(Right.READ), response=Rows[DueNoticeShape])
def list_due_notices(request: Call, limit: Limit = 50) -> dict[str, Any]:
    """Creators who were not told yet that their data is held, the most pressing first."""
    due = catalogue.list_due_notices(request.auth.workspace_id, timezone.now(), limit)
    names = DueNoticeShape.model_fields
    return rows({n: getattr(d, n) for n in names} | {"urgency": d.urgency.value} for d in due)


@router.get("/creators/{key}/notice", **allowed(Right.READ), response=NoticeText)
def get_notice_text(request: Call, key: str, language: Annotated[str, Field(max_length=5)] = "fr") -> dict[str, str]:
    """The text of the notice to send to a creator, without a link to their own page."""
    creator = catalogue.get_creator(request.auth.workspace_id, key)
    subject = queries.get_subject(request.auth.workspace_id, "creator", creator.pk)
    return {"language": language, "text": queries.written_notice(subject, request.auth.workspace_id, language)}


@router.post("/creators/{key}/notice", **allowed(Right.CAMPAIGN), response=NoticeShape)
def give_notice(request: Call, key: str, given: NoticeGiven) -> Notice:
    """Write down that a creator was told, and how."""
    creator = catalogue.get_creator(request.auth.workspace_id, key)
    return actions.give_notice(
        subject_kind="creator",
        subject_id=creator.pk,
        how=given.how,
        language=given.language,
        actor=request.auth,
        now=timezone.now(),
    )


# -- their own page, and copies ----------------------------------------------------------------------------------------


@router.get("/creators/{key}/links", **allowed(Right.READ), response=Rows[LinkShape])
def list_creator_links(request: Call, key: str) -> dict[str, Any]:
    """Links to a creator's own page, ended ones too. Secrets are never shown again."""
    creator = catalogue.get_creator(request.auth.workspace_id, key)
    return rows(queries.list_links_of(request.auth.workspace_id, "creator", creator.pk))


@router.post("/creators/{key}/links", **allowed(Right.CAMPAIGN, kept=Kept.NEVER), response={201: OpenedLink})
def open_creator_link(request: Call, key: str, given: LinkGiven) -> dict[str, Any]:
    """Open a creator's own page to them: they see what is stored, correct, contest, object, take it along."""
    creator, now = catalogue.get_creator(request.auth.workspace_id, key), timezone.now()
    link, secret = actions.open_link(
        purpose=Purpose.CREATOR,
        subject_kind="creator",
        subject_id=creator.pk,
        label=given.label or creator.name or creator.key,
        expires_at=now + timedelta(days=given.days),
        actor=request.auth,
        now=now,
    )
    url = request.build_absolute_uri(reverse("desk:creator_self", args=[secret]))
    return {**_link(link), "url": url}


def _link(link: Link) -> dict[str, Any]:
    return LinkShape.from_orm(link).model_dump()


@router.delete("/creators/{key}/links/{int:link_id}", **allowed(Right.CAMPAIGN), response={204: None})
def revoke_creator_link(request: Call, key: str, link_id: int) -> None:
    """End a link before its time."""
    creator = catalogue.get_creator(request.auth.workspace_id, key)
    link = queries.get_link_of(request.auth.workspace_id, "creator", creator.pk, link_id)
    actions.revoke_link(link_id=link.pk, actor=request.auth, now=timezone.now())


@router.get("/creators/{key}/data", **allowed(Right.ERASE), response=dict[str, Any])
def copy_creator_data(request: Call, key: str) -> Any:
    """Everything that is stored about a creator, over all rooms, with origin, purpose and basis."""
    creator = catalogue.get_creator(request.auth.workspace_id, key)
    subject = queries.get_subject(request.auth.workspace_id, "creator", creator.pk)
    return exact(queries.copy_of(request.auth.workspace_id, subject, timezone.now()))


# -- requests --------------------------------------------------------------------------------------------------------


@router.get("/privacy/requests", **allowed(Right.ERASE), response=Rows[DataRequestShape])
def list_data_requests(request: Call, open: bool | None = None) -> dict[str, Any]:  # the parameter's name
    """Requests about data: open ones by their deadline, all or closed ones newest first."""
    return rows(queries.list_data_requests(request.auth.workspace_id, is_open=open))


@router.post("/privacy/requests", **allowed(Right.ERASE), response={201: DataRequestShape})
def open_data_request(request: Call, given: DataRequestGiven) -> DataRequest:
    """Start the clock of a request. An objection or a restriction suppresses at once."""
    creator = catalogue.get_creator(request.auth.workspace_id, given.creator)
    asked = actions.Asked(
        kind=given.kind,
        subject_kind="creator",
        subject_id=creator.pk,
        requester=given.requester,
        contact=given.contact,
        came_by=given.came_by,
        text=given.text,
        wanted=wanted_of(given.wanted) if given.wanted else {},
        received_at=given.received_at,
    )
    return actions.open_data_request(asked=asked, actor=request.auth, now=timezone.now())


@router.get("/privacy/requests/{int:request_id}", **allowed(Right.ERASE), response=DataRequestShape)
def get_data_request(request: Call, request_id: int) -> DataRequest:
    """One request with its clock."""
    return queries.get_data_request(request.auth.workspace_id, request_id)


@router.post("/privacy/requests/{int:request_id}/identity", **allowed(Right.ERASE), response=DataRequestShape)
def check_identity(request: Call, request_id: int, given: SaidGiven) -> DataRequest:
    """Say how a person made sure who asks."""
    return actions.check_identity(request_id=request_id, how=given.text, actor=request.auth, now=timezone.now())


@router.post("/privacy/requests/{int:request_id}/extend", **allowed(Right.ERASE), response=DataRequestShape)
def extend_data_request(request: Call, request_id: int, given: SaidGiven) -> DataRequest:
    """Two more months, once, within the first."""
    return actions.extend_data_request(request_id=request_id, reason=given.text, actor=request.auth, now=timezone.now())


@router.post("/privacy/requests/{int:request_id}/answer", **allowed(Right.ERASE), response=DataRequestShape)
def answer_data_request(request: Call, request_id: int, given: SaidGiven) -> DataRequest:
    """Say what was done. An erasure is answered by erasing."""
    return actions.answer_data_request(request_id=request_id, answer=given.text, actor=request.auth, now=timezone.now())


@router.post("/privacy/requests/{int:request_id}/refuse", **allowed(Right.ERASE), response=DataRequestShape)
def refuse_data_request(request: Call, request_id: int, given: SaidGiven) -> DataRequest:
    """Refuse, with a reason."""
    return actions.refuse_data_request(request_id=request_id, reason=given.text, actor=request.auth, now=timezone.now())


@router.post("/privacy/requests/{int:request_id}/rectify", **allowed(Right.ERASE), response=DataRequestShape)
def rectify_data(request: Call, request_id: int) -> DataRequest:
    """Accept an exact rectification."""
    return rectify(request_id=request_id, actor=request.auth, now=timezone.now())


@router.post("/privacy/requests/{int:request_id}/erase", **allowed(Right.ERASE), response=Retained)
def erase_as_asked(request: Call, request_id: int) -> dict[str, Any]:
    """Erase the creator, and so answer the request."""
    asked = queries.get_data_request(request.auth.workspace_id, request_id)
    creator = catalogue.get_creator_by_id(request.auth.workspace_id, int(asked.subject_id))
    gone = forget(key=creator.key, actor=request.auth, now=timezone.now(), request_id=request_id)
    return {"removed": gone.removed}


@router.delete("/privacy/restrictions/{int:restriction_id}", **allowed(Right.ERASE), response={204: None})
def lift_restriction(request: Call, restriction_id: int) -> None:
    """End a restriction: briefs may find the creator again."""
    actions.lift_restriction(restriction_id=restriction_id, actor=request.auth, now=timezone.now())


# -- retention -------------------------------------------------------------------------------------------------------


@router.get("/privacy/retention", **allowed(Right.READ), response=Rows[RuleShape])
def list_retention(request: Call) -> dict[str, Any]:
    """The retention rules, and how many rows each would remove now."""
    due = actions.count_retained(request.auth.workspace_id, timezone.now())
    copied = ("id", "table", "since", "months")
    return rows(
        {name: getattr(rule, name) for name in copied}
        | {"what": rule.what.en, "source": rule.source.en, "due": due[rule.id]}
        for rule in retention_rules()
    )


@router.post("/privacy/retention", **allowed(Right.ERASE, kept=Kept.AFTERWARDS), response=Retained)
def retain(request: Call) -> dict[str, Any]:
    """Remove what was kept long enough, in portions."""
    return {"removed": actions.retain(actor=request.auth, now=timezone.now())}
