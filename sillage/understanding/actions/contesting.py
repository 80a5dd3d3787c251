"""What a creator, or somebody for them, says against a signal; and members' answers."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from sillage.catalogue import queries as catalogue
from sillage.catalogue.models import Account
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.governance.models import Link
from sillage.governance.queries import require_or_link
from sillage.lib.errors import Malformed, NotFound, Refusal
from sillage.lib.text import without_controls
from sillage.understanding.models import Contest
from sillage.understanding.queries.account_signals import AUTHENTICITY, ORIGINALITY, find_account_signal, get_contest

CONTESTABLE = (AUTHENTICITY, ORIGINALITY)
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
def contest(
    *,
    account_id: int,
    enricher: str,
    text: str,
    stated_by: str,
    actor: Actor,
    now: datetime,
    link: Link | None = None,
) -> Contest:
    """Keep what is said against a signal, beside the signal as it is now. It is shown with it, never in its place.

    A creator says it by the link to their own page, about their own accounts.
    """
    said, by = without_controls(text).strip(), without_controls(stated_by).strip()
    _refuse_malformed(enricher, said, by)
    account = catalogue.get_account(actor.workspace_id, str(account_id))
    require_or_link(actor, Right.BRIEF, link, ("creator", account.creator_id))
    signal = find_account_signal(account.pk, enricher)
    if signal is None:
        raise NothingToContest(f"Nothing is said about the {enricher} of {account}.", "Run `sillage enrich` first.")
    _refuse_too_many(account, now)
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


def _refuse_too_many(account: Account, now: datetime) -> None:
    today = Contest.objects.filter(account=account, made_at__gt=now - timedelta(days=1))
    if today.count() >= MOST_A_DAY:
        raise TooManyContests(f"{MOST_A_DAY} statements about {account} came within a day.", "Come back tomorrow.")


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
