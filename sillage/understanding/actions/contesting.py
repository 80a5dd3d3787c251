"""What a creator, or somebody for them, says against a signal; the link by which they can; and members' answers."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction

from sillage.catalogue import queries as catalogue
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.lib.errors import Malformed, NotFound, Refusal
from sillage.lib.text import without_controls
from sillage.understanding.models import Contest
from sillage.understanding.queries.account_signals import find_account_signal, get_contest
from sillage.understanding.queries.contesting import CONTESTABLE, SALT

LINK_DAYS = 30
MOST_LINK_DAYS = 365
MOST_TEXT = 5_000
MOST_NAME = 200
MOST_A_DAY = 5  # statements about one account


class NothingToContest(NotFound):
    """Nothing is said about this account yet."""


class ContestMalformed(Malformed):
    """A statement without words or without a name, or too long, or against something that cannot be contested."""

    title = "Malformed statement"


class TooManyContests(Refusal):
    """So many statements came about this account today that more are not taken."""

    status = 429
    title = "Too many statements"


class AlreadyAnswered(Refusal):
    """An answer stands; it is not written over."""


@transaction.atomic
def contest(*, account_id: int, enricher: str, text: str, stated_by: str, actor: Actor, now: datetime) -> Contest:
    """Keep what is said against a signal, beside the signal as it is now. It is shown with it, never in its place."""
    require(actor, Right.BRIEF)
    said, by = without_controls(text).strip(), without_controls(stated_by).strip()
    _refuse_malformed(enricher, said, by)
    account = catalogue.get_account(actor.workspace_id, str(account_id))
    signal = find_account_signal(account.pk, enricher)
    if signal is None:
        raise NothingToContest(f"Nothing is said about the {enricher} of {account}.", "Run `sillage enrich` first.")
    today = Contest.objects.filter(account=account, made_at__gt=now - timedelta(days=1))
    if today.count() >= MOST_A_DAY:
        raise TooManyContests(f"{MOST_A_DAY} statements about {account} came within a day.", "Come back tomorrow.")
    made = Contest.objects.create(
        account=account,
        enricher=enricher,
        version=signal.version,
        signal_value=signal.value,
        text=said,
        stated_by=by,
        made_at=now,
    )
    governance.record(
        verb="understanding.signal_contested",
        subject_kind="account",
        subject_id=account.pk,
        actor=actor,
        now=now,
        facts={"enricher": enricher, "version": signal.version, "contest": made.pk},
    )
    return made


def _refuse_malformed(enricher: str, said: str, by: str) -> None:
    if enricher not in CONTESTABLE:
        raise ContestMalformed(f"Nobody contests “{enricher}”.", f"There are {', '.join(CONTESTABLE)}.")
    if not said or not by:
        raise ContestMalformed("A statement needs words and the name of who makes it.", "Fill in both.")
    if len(said) > MOST_TEXT or len(by) > MOST_NAME:
        raise ContestMalformed(
            f"The statement has {len(said)} characters, the name {len(by)}.",
            f"Keep them within {MOST_TEXT} and {MOST_NAME}.",
        )


@transaction.atomic
def answer_contest(*, contest_id: int, answer: str, actor: Actor, now: datetime) -> Contest:
    """Answer what was said, once; the creator sees it by their link."""
    require(actor, Right.BRIEF)
    found = get_contest(actor.workspace_id, contest_id)
    said = without_controls(answer).strip()
    if not said or len(said) > MOST_TEXT:
        raise ContestMalformed("An answer needs words, and not too many.", f"Write up to {MOST_TEXT} characters.")
    if found.answered_at is not None:
        raise AlreadyAnswered("This statement has been answered.", "Write to the creator about anything more.")
    found.answer, found.answered_by_id, found.answered_at = said, actor.member_id, now
    found.save(update_fields=["answer", "answered_by", "answered_at"])
    governance.record(
        verb="understanding.contest_answered",
        subject_kind="account",
        subject_id=found.account_id,
        actor=actor,
        now=now,
        facts={"contest": found.pk, "enricher": found.enricher},
    )
    return found


@transaction.atomic
def make_contest_link(*, account_id: int, actor: Actor, now: datetime, days: int = LINK_DAYS) -> str:
    """A signed token with which whoever holds it sees what is said of the account, and contests it, for so many days."""
    require(actor, Right.CATALOGUE)
    account = catalogue.get_account(actor.workspace_id, str(account_id))
    if not 1 <= days <= MOST_LINK_DAYS:
        raise ContestMalformed(f"A link cannot last {days} days.", f"Choose 1 to {MOST_LINK_DAYS} days.")
    until = now + timedelta(days=days)
    token = signing.Signer(salt=SALT).sign_object(
        {"workspace": actor.workspace_id, "account": account.pk, "until": int(until.timestamp())}, compress=False
    )
    governance.record(
        verb="understanding.contest_link_made",
        subject_kind="account",
        subject_id=account.pk,
        actor=actor,
        now=now,
        facts={"until": until.isoformat()},
    )
    return token
