"""A person pins or dismisses accounts for a brief. Decisions are appended; pins and dismissals teach the weights."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from sillage.catalogue.models import Account
from sillage.catalogue.queries import get_account
from sillage.discovery.models import Brief, Candidate, Decision
from sillage.discovery.queries.briefs import decisions_of, find_shortlist, get_brief
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, ActorKind, Right, require
from sillage.lib.errors import Malformed, Refusal
from sillage.lib.sentences import Sentence

KINDS = ("pinned", "dismissed", "withdrawn")
MOST_AT_ONCE = 200


class NotAPerson(Refusal):
    """Only a person decides."""

    status = 403


class ReasonMissing(Refusal):
    """A dismissal needs a reason: whoever reads the brief next asks for it."""


class DecisionUnknown(Malformed):
    """One decides pinned, dismissed or withdrawn."""

    def __init__(self) -> None:
        super().__init__(
            Sentence("There is no such decision."), Sentence("Decisions are pinned, dismissed and withdrawn.")
        )


def pin(*, brief_id: int, account: str, reason: str, actor: Actor, now: datetime) -> Decision:
    """Keep an account in the brief's shortlists, whatever its score."""
    return _decide(brief_id, account, "pinned", reason, actor, now)


def dismiss(*, brief_id: int, account: str, reason: str, actor: Actor, now: datetime) -> Decision:
    """Leave an account out of the brief's shortlists from now on."""
    return _decide(brief_id, account, "dismissed", reason, actor, now)


def withdraw(*, brief_id: int, account: str, actor: Actor, now: datetime) -> Decision:
    """Take back a pin or a dismissal, by a decision of its own."""
    return _decide(brief_id, account, "withdrawn", "", actor, now)


@transaction.atomic
def _decide(brief_id: int, key: str, kind: str, reason: str, actor: Actor, now: datetime) -> Decision:
    _refuse(kind, reason, actor)
    brief = get_brief(actor.workspace_id, brief_id)
    account = get_account(actor.workspace_id, key)
    [decision] = _appended(brief, [account], kind, reason, actor, now)
    governance.record(
        verb=f"discovery.account_{kind}",
        subject_kind="account",
        subject_id=account.pk,
        actor=actor,
        now=now,
        facts={"brief": brief.pk},
    )
    return decision


class NobodyNamed(Refusal):
    """A decision is about somebody."""


class TooManyDecided(Refusal):
    """More accounts than a person looks at before deciding."""


class DecidedAlready(Refusal):
    """Everybody named stands as the decision would have it."""


@transaction.atomic
def decide_many(
    *, brief_id: int, accounts: Sequence[str], kind: str, reason: str, actor: Actor, now: datetime
) -> list[Decision]:
    """One decision about several accounts, with one reason: about all of them, or about none.

    Whoever stands so already, with the same reason, is left as they are.
    """
    _refuse(kind, reason, actor)
    reason = "" if kind == "withdrawn" else _kept(reason)
    if not accounts:
        raise NobodyNamed(Sentence("Nobody is ticked."), Sentence("Tick the creators whom the decision is about."))
    if len(accounts) > MOST_AT_ONCE:
        raise TooManyDecided(
            Sentence("%(named)s accounts are more than are decided about at once.", named=len(accounts)),
            Sentence("Name at most %(most)s.", most=MOST_AT_ONCE),
        )
    brief = get_brief(actor.workspace_id, brief_id)
    named = {account.pk: account for account in (get_account(actor.workspace_id, key) for key in accounts)}
    standing = decisions_of(brief, named)
    changed = [account for pk, account in named.items() if not _stands(standing.get(pk), kind, reason)]
    if not changed:
        raise DecidedAlready(
            Sentence("That is decided already about everybody named."),
            Sentence("Name others, or take the decision back."),
        )
    decisions = _appended(brief, changed, kind, reason, actor, now)
    governance.record(
        verb="discovery.accounts_decided",
        subject_kind="brief",
        subject_id=brief.pk,
        actor=actor,
        now=now,
        facts={"kind": kind, "accounts": sorted(account.pk for account in changed)},
    )
    return decisions


def _stands(decision: Decision | None, kind: str, reason: str) -> bool:
    if decision is None:
        return kind == "withdrawn"
    return (decision.kind, decision.reason) == (kind, reason)


def _refuse(kind: str, reason: str, actor: Actor) -> None:
    require(actor, Right.BRIEF)
    if kind not in KINDS:
        raise DecisionUnknown
    if actor.kind is not ActorKind.PERSON or actor.member_id is None:
        raise NotAPerson(
            Sentence("%(actor)s is not a person.", actor=actor.name),
            Sentence("A machine may suggest; pins and dismissals are a person's."),
        )
    if kind == "dismissed" and not reason.strip():
        raise ReasonMissing(
            Sentence("A dismissal needs a reason."), Sentence("Say in a few words why this creator does not fit.")
        )


def _kept(reason: str) -> str:
    return reason.strip()[:500]


def _appended(
    brief: Brief, accounts: Sequence[Account], kind: str, reason: str, actor: Actor, now: datetime
) -> list[Decision]:
    """The decisions, each with the parts that the account has in the newest shortlist."""
    newest = find_shortlist(brief)
    measured = Candidate.objects.filter(shortlist=newest, account__in=accounts) if newest else Candidate.objects.none()
    parts = dict(measured.values_list("account_id", "parts"))
    return Decision.objects.bulk_create(
        Decision(
            brief=brief,
            account=account,
            kind=kind,
            reason=_kept(reason),
            member_id=actor.member_id,
            shortlist=newest,
            parts=parts.get(account.pk, {}),
            decided_at=now,
        )
        for account in accounts
    )
