"""The notice of article 14: who is responsible, and what people were told."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from sillage.governance.actions.ledger import record
from sillage.governance.engine.actors import Actor, Right, require
from sillage.governance.engine.notice import TEXT_VERSION
from sillage.governance.engine.privacy import CameBy, Doing
from sillage.governance.models import Controller, Notice
from sillage.governance.queries.privacy import get_controller, get_subject
from sillage.lib.errors import Malformed, Refusal
from sillage.lib.sentences import Day, Sentence

FIELDS = ("name", "address", "email", "representative", "officer", "interest", "recipients", "transfers", "security")
LONGEST = {"name": 200, "address": 500, "email": 254, "representative": 300, "officer": 300}


class ControllerMalformed(Malformed):
    """Who is responsible is not said, or cannot be written to."""


class NoticeGivenAlready(Refusal):
    """They were told before."""


@transaction.atomic
def name_controller(*, given: dict[str, str], actor: Actor, now: datetime) -> Controller:
    """Write down who is responsible for the workspace's processing. Fields that are not given stay as they are."""
    require(actor, Right.ADMIN)
    found = Controller.objects.select_for_update().filter(workspace_id=actor.workspace_id).first()
    controller = found or Controller(workspace_id=actor.workspace_id)
    for name, value in given.items():
        if name not in FIELDS:
            raise ControllerMalformed(
                Sentence("A controller has no “%(name)s”.", name=name),
                Sentence("Fields are %(fields)s.", fields=", ".join(FIELDS)),
            )
        setattr(controller, name, value.strip()[: LONGEST.get(name, 5_000)])
    _refuse_nameless(controller)
    controller.changed_at = now
    controller.save()
    record(
        verb="governance.controller_named",
        subject_kind="workspace",
        subject_id=actor.workspace_id,
        actor=actor,
        now=now,
        facts={"fields": sorted(given)},
    )
    return controller


def _refuse_nameless(controller: Controller) -> None:
    if not controller.name:
        raise ControllerMalformed(
            Sentence("The controller has no name."), Sentence("Write the brand's or the agency's legal name.")
        )
    try:
        validate_email(controller.email)
    except ValidationError as error:
        raise ControllerMalformed(
            Sentence("“%(email)s” is not an e-mail address.", email=controller.email),
            Sentence("People need one to ask about their data."),
        ) from error


@transaction.atomic
def give_notice(
    *, subject_kind: str, subject_id: int | str, how: CameBy, language: str, actor: Actor, now: datetime
) -> Notice:
    """Write down that somebody was told, by whom and how. Once: what was told stays told.

    Raises ControllerUnknown where nobody is named who answers for it, NoticeGivenAlready.
    """
    require(actor, Right.CAMPAIGN)
    get_controller(actor.workspace_id)
    get_subject(actor.workspace_id, subject_kind, subject_id)
    notice = _noted(actor.workspace_id, subject_kind, subject_id)
    if notice.sent_at is not None:
        raise NoticeGivenAlready(
            Sentence("The notice was given on %(sent_at)s.", sent_at=Day(notice.sent_at)),
            Sentence("There is nothing left to do."),
        )
    _given(notice, how, language, actor.member_id, now)
    record(
        verb="governance.notice_given",
        subject_kind=subject_kind,
        subject_id=subject_id,
        actor=actor,
        now=now,
        facts={"how": how.value, "language": language, "text": TEXT_VERSION},
    )
    return notice


def note_contact(
    *,
    workspace_id: int,
    subject_kind: str,
    subject_id: int | str,
    doing: Doing,
    now: datetime,
    carries_notice: bool = False,
    language: str = "",
    member_id: int | None = None,
) -> None:
    """Note a first contact or a first showing, as part of the action that makes it; an invitation may carry the notice."""
    notice = _noted(workspace_id, subject_kind, subject_id)
    field = "contacted_at" if doing is Doing.CONTACT else "shown_at"
    if getattr(notice, field) is None:
        setattr(notice, field, now)
    if carries_notice and notice.sent_at is None:
        return _given(notice, CameBy.MESSAGE, language, member_id, now)
    return notice.save()


def _noted(workspace_id: int, kind: str, subject_id: int | str) -> Notice:
    notice, _ = Notice.objects.select_for_update().get_or_create(
        workspace_id=workspace_id, subject_kind=kind, subject_id=str(subject_id)
    )
    return notice


def _given(notice: Notice, how: CameBy, language: str, member_id: int | None, now: datetime) -> None:
    notice.sent_at, notice.sent_by_id, notice.how = now, member_id, how.value
    notice.language, notice.text_version = language[:5], TEXT_VERSION
    notice.save()
