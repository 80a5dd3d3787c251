"""Rectification: what a creator says is wrong about them is put right, and stays right when a source says otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from sillage.catalogue.models import Account, Creator
from sillage.catalogue.queries import get_account, get_creator_by_id
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.governance.engine.privacy import RequestKind
from sillage.governance.models import DataRequest
from sillage.lib.errors import Malformed
from sillage.lib.sentences import Grouped, Listed, Sentence, Term
from sillage.lib.text import without_controls

OF_CREATOR = {"name": 300}  # field: most characters
FIELD_WORDS: Mapping[str, Sentence] = {
    "name": Term("field of a creator", "name"),
    "handle": Term("field of a creator", "handle"),
    "country": Term("field of a creator", "country"),
    "bio": Term("field of a creator", "bio"),
}
OF_ACCOUNT = {"name": 300, "handle": 300, "country": 2, "bio": 5_000}


class RectificationMalformed(Malformed):
    """What should stand there cannot be kept, or is no field that a machine can put right."""


def wanted_of(given: dict[str, Any]) -> dict[str, Any]:
    """An exact rectification as a request keeps it: {"account": id or None, "field", "value"}. Raises when it is not one."""
    field, value, account = (
        str(given.get("field", "")),
        without_controls(str(given.get("value", ""))).strip(),
        given.get("account"),
    )
    known = OF_ACCOUNT if account else OF_CREATOR
    if field not in known:
        raise RectificationMalformed(
            Sentence("“%(field)s” is not put right by itself.", field=FIELD_WORDS.get(field, field)),
            Sentence("Choose one of %(known)s.", known=Listed(FIELD_WORDS[name] for name in known)),
        )
    if field == "country":
        value = value.upper()
    if (not value and field in ("name", "handle")) or len(value) > known[field]:
        raise RectificationMalformed(
            Sentence("“%(value)s” cannot be a %(field)s.", value=value[:40], field=FIELD_WORDS[field]),
            Sentence("Give 1 to %(known)s characters.", known=Grouped(known[field])),
        )
    if field == "country" and value and not (len(value) == 2 and value.isascii() and value.isalpha()):
        raise RectificationMalformed(
            Sentence("“%(value)s” is not a country.", value=value), Sentence("Give its two letters, for instance FR.")
        )
    return {"account": str(account) if account else None, "field": field, "value": value}


@transaction.atomic
def rectify(*, request_id: int, actor: Actor, now: datetime) -> DataRequest:
    """Accept an exact rectification: the value is put right here, in whatever a source says later too."""
    require(actor, Right.ERASE)
    request = governance.get_open_request(actor.workspace_id, request_id)
    if request.kind != RequestKind.RECTIFICATION or not request.wanted:
        raise RectificationMalformed(
            Sentence("Request %(request_id)s names no field and value.", request_id=request_id),
            Sentence("Put it right by hand, then answer in words."),
        )
    wanted = wanted_of(request.wanted)
    subject, row = _row(request, wanted)
    setattr(row, wanted["field"], wanted["value"] or (None if wanted["field"] == "country" else ""))
    if isinstance(row, Account):
        row.fetched_at = max(now, row.fetched_at)  # cards and profiles are made anew
    row.save()
    governance.close_data_request(request, answer="", member_id=actor.member_id, now=now)
    governance.keep_rectification(request, subject, row.pk, wanted["field"], wanted["value"], now)
    governance.record(
        verb="catalogue.rectified",
        subject_kind=subject,
        subject_id=row.pk,
        actor=actor,
        now=now,
        facts={"field": wanted["field"], "request": request.pk},
    )
    return request


def _row(request: DataRequest, wanted: dict[str, Any]) -> tuple[str, Account | Creator]:
    creator = get_creator_by_id(request.workspace_id, int(request.subject_id))
    if wanted["account"] is None:
        return "creator", creator
    account = get_account(request.workspace_id, wanted["account"])
    if account.creator_id != creator.pk:
        raise RectificationMalformed(
            Sentence("This account is not theirs."), Sentence("Open the request from the account's creator.")
        )
    return "account", account
