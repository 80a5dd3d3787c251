"""Reading data protection: the controller, notices, requests, restrictions. Another workspace's is not found.

Governance knows things by kind and number only; who they are it is told by the rooms that hold them (`know_subjects_with`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from sillage.governance.engine.act_words import SUBJECT_WORDS
from sillage.governance.engine.notice import Responsible, Told, notice_text
from sillage.governance.engine.privacy import (
    Doing,
    NoticeFinding,
    RequestState,
    notice_findings,
)
from sillage.governance.models import Controller, DataRequest, Notice, Rectification, Restriction
from sillage.lib.errors import NotFound, Refusal
from sillage.lib.sentences import Sentence

CREATOR = "creator"


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody whose data is held: what they are called, on which networks, since when, and their accounts' ids."""

    kind: str
    id: int
    name: str
    sources: tuple[str, ...]
    obtained_at: datetime
    account_ids: tuple[int, ...] = ()
    language: str = ""


Finder = Callable[[int, int], Subject]
_finders: dict[str, Finder] = {}


def know_subjects_with(kind: str, finder: Finder) -> None:
    """Let the room that holds a kind of person say who they are: named once, in `front/wiring.py`."""
    _finders[kind] = finder


def get_subject(workspace_id: int, kind: str, subject_id: int | str) -> Subject:
    """Raises NotFound for a kind that nobody knows, and for somebody of another workspace."""
    if kind not in _finders or not str(subject_id).isdigit():
        raise NotFound(
            Sentence(
                "No %(kind)s %(subject_id)s in this workspace.",
                kind=SUBJECT_WORDS.get(kind, kind),
                subject_id=subject_id,
            ),
            Sentence("Search for them by name."),
        )
    return _finders[kind](workspace_id, int(subject_id))


class ControllerUnknown(Refusal):
    """Nobody has written down who is responsible for this workspace's processing."""


def find_controller(workspace_id: int) -> Controller | None:
    return Controller.objects.filter(workspace_id=workspace_id).first()


def get_controller(workspace_id: int) -> Controller:
    found = find_controller(workspace_id)
    if found is None:
        raise ControllerUnknown(
            Sentence("Nobody has written down who is responsible for this workspace’s data."),
            Sentence("Fill in the controller on the privacy page, or with `sillage privacy controller`."),
        )
    return found


# -- notices ---------------------------------------------------------------------------------------------------------


def find_notice(workspace_id: int, kind: str, subject_id: int | str) -> Notice | None:
    return Notice.objects.filter(workspace_id=workspace_id, subject_kind=kind, subject_id=str(subject_id)).first()


def written_notice(subject: Subject, workspace_id: int, language: str, address: str = "") -> str:
    """The notice to send to somebody, `address` being that of their own page. Raises ControllerUnknown."""
    by = get_controller(workspace_id)
    names = ("name", "email", "address", "representative", "officer", "interest", "recipients", "transfers")
    told = Told(subject.name, subject.sources, subject.obtained_at, address)
    return notice_text(Responsible(**{name: getattr(by, name) for name in names}), told, language)


def findings_on_notice(
    workspace_id: int, kind: str, subject_id: int | str, doing: Doing, now: datetime
) -> tuple[NoticeFinding, ...]:
    """What stands against contacting somebody, or showing them to somebody outside, as to the notice (GDPR-14-3)."""
    subject, notice = get_subject(workspace_id, kind, subject_id), find_notice(workspace_id, kind, subject_id)
    return notice_findings(
        doing,
        obtained=subject.obtained_at,
        contacted=notice.contacted_at if notice else None,
        shown=notice.shown_at if notice else None,
        sent=notice.sent_at if notice else None,
        now=now,
    )


class NoticeMissing(Refusal):
    """Somebody would be shown outside of the workspace before they were told that their data is held."""


def refuse_unnoticed(workspace_id: int, kind: str, subject_id: int | str, doing: Doing, now: datetime) -> None:
    """Refuse to show somebody outside who has not had the notice of article 14; and to contact who asked not to be."""
    if is_restricted(workspace_id, kind, subject_id):
        raise ContactRefused(
            Sentence(
                "%(get_subject)s objected: they are not contacted nor shown.",
                get_subject=get_subject(workspace_id, kind, subject_id).name,
            ),
            Sentence("See their request on the privacy page."),
        )
    if any(f.is_blocking for f in findings_on_notice(workspace_id, kind, subject_id, doing, now)):
        raise NoticeMissing(
            Sentence(
                "%(get_subject)s was not told yet that their data is held (GDPR, article 14).",
                get_subject=get_subject(workspace_id, kind, subject_id).name,
            ),
            Sentence("Send the notice from the privacy page first."),
        )


class ContactRefused(Refusal):
    """The person objected to the processing of their data, or asked that it be restricted."""


# -- requests --------------------------------------------------------------------------------------------------------


def get_data_request(workspace_id: int, request_id: int, *, lock: bool = False) -> DataRequest:
    requests = DataRequest.objects.filter(workspace_id=workspace_id, pk=request_id)
    found = (requests.select_for_update() if lock else requests).first()
    if found is None:
        raise NotFound(
            Sentence("No request %(request_id)s in this workspace.", request_id=request_id),
            Sentence("See them on the privacy page."),
        )
    return found


def list_data_requests(workspace_id: int, *, is_open: bool | None = None) -> list[DataRequest]:
    """The most pressing first; closed ones newest first behind them."""
    requests = DataRequest.objects.filter(workspace_id=workspace_id)
    if is_open is not None:
        open_ones = requests.filter(state=RequestState.OPEN.value)
        requests = open_ones if is_open else requests.exclude(state=RequestState.OPEN.value)
    order = ("due_at", "pk") if is_open else ("-received_at", "-pk")
    return list(requests.select_related("closed_by__person", "identity_by__person").order_by(*order)[:500])


def list_data_requests_of(workspace_id: int, kind: str, subject_id: int | str) -> list[DataRequest]:
    asked = DataRequest.objects.filter(workspace_id=workspace_id, subject_kind=kind, subject_id=str(subject_id))
    return list(asked.select_related("closed_by__person").order_by("-received_at", "-pk"))


# -- restrictions ----------------------------------------------------------------------------------------------------


def restricted(workspace_id: int, kind: str, subject_ids: Iterable[int] | None = None) -> frozenset[int]:
    """Those whose data may be stored and nothing else: of the given ones, or all of the workspace's."""
    standing = Restriction.objects.filter(workspace_id=workspace_id, subject_kind=kind, ended_at=None)
    if subject_ids is not None:
        standing = standing.filter(subject_id__in=[str(i) for i in subject_ids])
    return frozenset(int(i) for i in standing.values_list("subject_id", flat=True))


def is_restricted(workspace_id: int, kind: str, subject_id: int | str) -> bool:
    return bool(restricted(workspace_id, kind, [int(subject_id)]))


def list_restrictions_of(workspace_id: int, kind: str, subject_id: int | str) -> list[Restriction]:
    found = Restriction.objects.filter(workspace_id=workspace_id, subject_kind=kind, subject_id=str(subject_id))
    return list(found.order_by("-set_at"))


def rectified(workspace_id: int, kind: str, subject_ids: Iterable[int]) -> dict[int, dict[str, str]]:
    """{id: {field: the value that a person put right}}"""
    found: dict[int, dict[str, str]] = {}
    rows = Rectification.objects.filter(
        workspace_id=workspace_id, subject_kind=kind, subject_id__in=[str(i) for i in subject_ids]
    )
    for subject_id, field, value in rows.values_list("subject_id", "field", "value"):
        found.setdefault(int(subject_id), {})[field] = value
    return found


def subjects_asking(workspace_id: int, creator_ids: Iterable[int]) -> frozenset[int]:
    """Creators of these who have an open request: they are kept until it is answered."""
    asking = DataRequest.objects.filter(
        workspace_id=workspace_id,
        subject_kind=CREATOR,
        subject_id__in=[str(i) for i in creator_ids],
        state=RequestState.OPEN.value,
    )
    return frozenset(int(i) for i in asking.values_list("subject_id", flat=True))
