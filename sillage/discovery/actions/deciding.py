"""A person pins or dismisses an account for a brief. Decisions are appended; pins and dismissals teach the weights."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from sillage.catalogue.queries import get_account
from sillage.discovery.models import Candidate, Decision
from sillage.discovery.queries.briefs import find_shortlist, get_brief
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, ActorKind, Right, require
from sillage.lib.errors import Refusal
from sillage.lib.sentences import Sentence


class NotAPerson(Refusal):
    """Only a person decides."""

    status = 403


class ReasonMissing(Refusal):
    """A dismissal needs a reason: whoever reads the brief next asks for it."""


def pin(*, brief_id: int, account: str, reason: str, actor: Actor, now: datetime) -> Decision:
    """Keep an account in the brief's shortlists, whatever its score."""
    return _decide(brief_id, account, "pinned", reason, actor, now)


def dismiss(*, brief_id: int, account: str, reason: str, actor: Actor, now: datetime) -> Decision:
    """Leave an account out of the brief's shortlists from now on."""
    if not reason.strip():
        raise ReasonMissing(
            Sentence("A dismissal needs a reason."), Sentence("Say in a few words why this creator does not fit.")
        )
    return _decide(brief_id, account, "dismissed", reason, actor, now)


def withdraw(*, brief_id: int, account: str, actor: Actor, now: datetime) -> Decision:
    """Take back a pin or a dismissal, by a decision of its own."""
    return _decide(brief_id, account, "withdrawn", "", actor, now)


@transaction.atomic
def _decide(brief_id: int, key: str, kind: str, reason: str, actor: Actor, now: datetime) -> Decision:
    require(actor, Right.BRIEF)
    if actor.kind is not ActorKind.PERSON or actor.member_id is None:
        raise NotAPerson(
            Sentence("%(actor)s is not a person.", actor=actor.name),
            Sentence("A machine may suggest; pins and dismissals are a person's."),
        )
    brief = get_brief(actor.workspace_id, brief_id)
    account = get_account(actor.workspace_id, key)
    newest = find_shortlist(brief)
    parts: dict[str, Any] = {}
    if newest is not None:
        candidate = Candidate.objects.filter(shortlist=newest, account=account).first()
        parts = candidate.parts if candidate else {}
    decision = Decision.objects.create(
        brief=brief,
        account=account,
        kind=kind,
        reason=reason.strip()[:500],
        member_id=actor.member_id,
        shortlist=newest,
        parts=parts,
        decided_at=now,
    )
    governance.record(
        verb=f"discovery.account_{kind}",
        subject_kind="account",
        subject_id=account.pk,
        actor=actor,
        now=now,
        facts={"brief": brief.pk},
    )
    return decision
