"""What people ask about their data: opened by a member or by a creator's own link, checked, answered within a month."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from sillage.governance.actions.ledger import record
from sillage.governance.engine.actors import Actor, ActorKind, Right, require
from sillage.governance.engine.privacy import (
    ARTICLES,
    SUPPRESSING,
    CameBy,
    RequestKind,
    RequestState,
    answer_due,
    months_after,
)
from sillage.governance.models import DataRequest, Link, Notice, Rectification, Restriction
from sillage.governance.queries.links import require_or_link
from sillage.governance.queries.privacy import get_data_request, get_subject
from sillage.lib.errors import Malformed, NotFound, Refusal
from sillage.lib.sentences import Day, Grouped, Sentence
from sillage.lib.text import without_controls

MOST_TEXT = 5_000
MOST_OPEN = 10  # of one person by their link


class RequestMalformed(Malformed):
    """A request is dated in the future, or has no words where it needs some."""

    title = "Malformed request"


class TooManyRequests(Refusal):
    """So many requests of this person are open that no more are taken by the link."""

    status = 429
    title = "Too many requests"


class RequestClosed(Refusal):
    """The request was answered or refused; that stands."""


class IdentityUnchecked(Refusal):
    """Nobody has said yet how they made sure who asks: data of one person may not go to another."""


class ExtensionRefused(Refusal):
    """The time to answer was extended already, or the first month is over."""


class StillStored(Refusal):
    """An erasure is answered by erasing."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came in. `wanted` is exact: {"account": id, "field": "name", "value": "…"}."""

    kind: RequestKind
    subject_kind: str
    subject_id: int | str
    requester: str = ""
    contact: str = ""
    came_by: CameBy = CameBy.EMAIL
    text: str = ""
    wanted: dict[str, Any] = field(default_factory=dict)
    received_at: datetime | None = None


@transaction.atomic
def open_data_request(*, asked: Asked, actor: Actor, now: datetime, link: Link | None = None) -> DataRequest:
    """Start the clock of a request. An objection or a restriction suppresses at once; the answer comes afterwards.

    By a creator's own link only about themselves, and received now.
    """
    require_or_link(actor, Right.ERASE, link, (asked.subject_kind, asked.subject_id))
    subject = get_subject(actor.workspace_id, asked.subject_kind, asked.subject_id)
    received = now if link or asked.received_at is None else asked.received_at
    _refuse_malformed(asked, received, now)
    mine = DataRequest.objects.filter(
        workspace_id=actor.workspace_id, subject_kind=subject.kind, subject_id=str(subject.id), state=RequestState.OPEN
    )
    if link is not None and mine.count() >= MOST_OPEN:
        raise TooManyRequests(
            Sentence("%(most_open)s requests are open.", most_open=MOST_OPEN),
            Sentence("Wait for the answers, or write to the controller."),
        )
    made = DataRequest.objects.create(
        workspace_id=actor.workspace_id,
        kind=asked.kind.value,
        subject_kind=subject.kind,
        subject_id=str(subject.id),
        requester=without_controls(asked.requester).strip()[:200],
        contact=without_controls(asked.contact).strip()[:300],
        came_by=CameBy.LINK.value if link else asked.came_by.value,
        text=without_controls(asked.text).strip(),
        wanted=asked.wanted,
        link=link,
        opened_by_id=actor.member_id,
        received_at=received,
        due_at=answer_due(received, is_extended=False),
    )
    if asked.kind in SUPPRESSING:
        _suppress(made, now)
    _enter(made, actor, now, verb="governance.data_request_opened", kind=made.kind, article=ARTICLES[asked.kind])
    return made


def _refuse_malformed(asked: Asked, received: datetime, now: datetime) -> None:
    if received > now:
        raise RequestMalformed(
            Sentence("%(received)s lies ahead.", received=Day(received)),
            Sentence("Give the day on which the request came in."),
        )
    if len(asked.text) > MOST_TEXT:
        raise RequestMalformed(
            Sentence("The request has %(asked_count)s characters.", asked_count=Grouped(len(asked.text))),
            Sentence("Keep it within %(most_text)s.", most_text=Grouped(MOST_TEXT)),
        )
    if asked.kind is RequestKind.RECTIFICATION and not (asked.text.strip() or asked.wanted):
        raise RequestMalformed(
            Sentence("A rectification says what is wrong."), Sentence("Write what should stand there instead.")
        )


def _suppress(request: DataRequest, now: datetime) -> None:
    Restriction.objects.get_or_create(
        workspace_id=request.workspace_id,
        subject_kind=request.subject_kind,
        subject_id=request.subject_id,
        kind=request.kind,
        ended_at=None,
        defaults={"request": request, "set_at": now},
    )


def _enter(request: DataRequest, actor: Actor, now: datetime, *, verb: str, **facts: Any) -> None:
    record(
        verb=verb,
        subject_kind="data_request",
        subject_id=request.pk,
        actor=actor,
        now=now,
        facts={"about": [request.subject_kind, request.subject_id], **facts},
    )


def get_open_request(workspace_id: int, request_id: int) -> DataRequest:
    """The request, locked. Raises RequestClosed when it was answered or refused by now."""
    request = get_data_request(workspace_id, request_id, lock=True)
    if request.state != RequestState.OPEN:
        raise RequestClosed(
            Sentence(
                "Request %(request_id)s was closed on %(closed_at)s.",
                request_id=request_id,
                closed_at=Day(request.closed_at or request.received_at),
            ),
            Sentence("Open a new one."),
        )
    return request


@transaction.atomic
def check_identity(*, request_id: int, how: str, actor: Actor, now: datetime) -> DataRequest:
    """A person says how they made sure that whoever asks is who they say."""
    require(actor, Right.ERASE)
    request = get_open_request(actor.workspace_id, request_id)
    if actor.kind is not ActorKind.PERSON or not how.strip():
        raise IdentityUnchecked(
            Sentence("A person says how they made sure who asks."),
            Sentence("For instance: answered from the account itself."),
        )
    request.identity_how, request.identity_by_id, request.identity_at = how.strip()[:300], actor.member_id, now
    request.save(update_fields=["identity_how", "identity_by", "identity_at"])
    _enter(request, actor, now, verb="governance.identity_checked")
    return request


@transaction.atomic
def extend_data_request(*, request_id: int, reason: str, actor: Actor, now: datetime) -> DataRequest:
    """Two more months, once, for a reason that the person is told within the first month (article 12(3))."""
    require(actor, Right.ERASE)
    request = get_open_request(actor.workspace_id, request_id)
    if request.extended_at is not None:
        raise ExtensionRefused(Sentence("The time to answer was extended before."), Sentence("It is extended once."))
    if now > months_after(request.received_at, 1):
        raise ExtensionRefused(
            Sentence("The first month is over."), Sentence("Answer now; the person had to be told within that month.")
        )
    if not reason.strip():
        raise RequestMalformed(
            Sentence("An extension needs a reason."), Sentence("Say what makes the request complex: they are told it.")
        )
    request.extension_reason, request.extended_at = reason.strip()[:500], now
    request.due_at = answer_due(request.received_at, is_extended=True)
    request.save(update_fields=["extension_reason", "extended_at", "due_at"])
    _enter(request, actor, now, verb="governance.data_request_extended", due_at=request.due_at.isoformat())
    return request


@transaction.atomic
def answer_data_request(*, request_id: int, answer: str, actor: Actor, now: datetime) -> DataRequest:
    """Say what was done. An erasure is answered by erasing, an exact rectification by accepting it (catalogue)."""
    require(actor, Right.ERASE)
    request = get_open_request(actor.workspace_id, request_id)
    if request.kind == RequestKind.ERASURE:
        raise StillStored(
            Sentence("An erasure is answered by erasing."),
            Sentence("Erase the creator from the request, or refuse it."),
        )
    if not answer.strip() or len(answer) > MOST_TEXT:
        raise RequestMalformed(
            Sentence("An answer needs words, and not too many."),
            Sentence("Write up to %(most_text)s characters.", most_text=Grouped(MOST_TEXT)),
        )
    close_data_request(request, answer=answer, member_id=actor.member_id, now=now)
    _enter(request, actor, now, verb="governance.data_request_answered", kind=request.kind)
    return request


def close_data_request(request: DataRequest, *, answer: str, member_id: int | None, now: datetime) -> None:
    """Close a locked request, as part of the action that did what was asked. Raises IdentityUnchecked.

    An objection needs no identity: to stop using data hurts nobody. Everything else may reveal or change it.
    """
    if request.identity_at is None and request.kind not in SUPPRESSING:
        raise IdentityUnchecked(
            Sentence("Nobody has said how they made sure who asks (request %(request)s).", request=request.pk),
            Sentence("Check who asks, and write down how."),
        )
    request.state, request.answer = RequestState.ANSWERED.value, without_controls(answer).strip()
    request.closed_by_id, request.closed_at = member_id, now
    request.save(update_fields=["state", "answer", "closed_by", "closed_at"])


@transaction.atomic
def refuse_data_request(*, request_id: int, reason: str, actor: Actor, now: datetime) -> DataRequest:
    """Refuse with a reason (article 12(4)). What it had suppressed is used again, unless another request says no."""
    require(actor, Right.ERASE)
    request = get_open_request(actor.workspace_id, request_id)
    if not reason.strip() or len(reason) > MOST_TEXT:
        raise RequestMalformed(
            Sentence("A refusal needs a reason."), Sentence("The person is told it, and that they may complain.")
        )
    request.state, request.answer = RequestState.REFUSED.value, without_controls(reason).strip()
    request.closed_by_id, request.closed_at = actor.member_id, now
    request.save(update_fields=["state", "answer", "closed_by", "closed_at"])
    request.restrictions.filter(ended_at=None).update(ended_at=now)
    _enter(request, actor, now, verb="governance.data_request_refused", kind=request.kind)
    return request


@transaction.atomic
def lift_restriction(*, restriction_id: int, actor: Actor, now: datetime) -> Restriction:
    """End a restriction, because the person asked for it or its ground is gone."""
    require(actor, Right.ERASE)
    found = Restriction.objects.select_for_update().filter(workspace_id=actor.workspace_id, pk=restriction_id).first()
    if found is None:
        raise NotFound(
            Sentence("No restriction %(restriction_id)s in this workspace.", restriction_id=restriction_id),
            Sentence("See the creator's requests."),
        )
    if found.ended_at is not None:
        raise RequestClosed(
            Sentence("Restriction %(restriction_id)s was lifted before.", restriction_id=restriction_id),
            Sentence("See the creator's requests."),
        )
    found.ended_at = now
    found.save(update_fields=["ended_at"])
    record(
        verb="governance.restriction_lifted",
        subject_kind=found.subject_kind,
        subject_id=found.subject_id,
        actor=actor,
        now=now,
        facts={"kind": found.kind},
    )
    return found


def keep_rectification(
    request: DataRequest, subject_kind: str, subject_id: int, name: str, value: str, now: datetime
) -> None:
    """Keep a value that was put right, as part of the action that did it: what a source says later does not replace it."""
    Rectification.objects.update_or_create(
        workspace_id=request.workspace_id,
        subject_kind=subject_kind,
        subject_id=str(subject_id),
        field=name,
        defaults={"value": value, "request": request, "made_at": now},
    )


def forget_subject(workspace_id: int, kind: str, subject_id: int, account_ids: tuple[int, ...]) -> dict[str, int]:
    """Remove what governance holds about somebody, as part of their erasure. Requests stay as proof, without their words."""
    about = {"workspace_id": workspace_id, "subject_kind": kind, "subject_id": str(subject_id)}
    of_accounts = {
        "workspace_id": workspace_id,
        "subject_kind": "account",
        "subject_id__in": [str(a) for a in account_ids],
    }
    removed = {"notice": Notice.objects.filter(**about).delete()[0]}
    removed["restriction"] = Restriction.objects.filter(**about).delete()[0]
    removed["rectification"] = sum(Rectification.objects.filter(**which).delete()[0] for which in (about, of_accounts))
    removed["link"] = Link.objects.filter(**about).delete()[0]
    DataRequest.objects.filter(**about).update(
        requester="", contact="", text="", wanted={}, answer="", identity_how="", extension_reason=""
    )
    return removed
