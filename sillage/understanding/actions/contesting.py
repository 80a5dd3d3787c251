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
from sillage.lib.sentences import Grouped, Sentence
from sillage.lib.text import without_controls
from sillage.understanding.models import Contest
from sillage.understanding.queries.account_signals import AUTHENTICITY, ORIGINALITY, find_account_signal, get_contest

CONTESTABLE = (AUTHENTICITY, ORIGINALITY)
MOST_TEXT = 5_000
MOST_NAME = 200
MOST_A_DAY = 5  # statements about one account


class NothingToContest(NotFound):
    """Nothing is said about this account yet."""

    def __init__(self, enricher: str, account: Account) -> None:
        super().__init__(
            Sentence("Nothing is said about the %(enricher)s of %(account)s.", enricher=enricher, account=account),
            Sentence("Have what came in read first: on the imports page, or by `sillage enrich`."),
        )


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
        raise NothingToContest(enricher, account)
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
        raise TooManyContests(
            Sentence(
                "%(most_a_day)s statements about %(account)s came within a day.", most_a_day=MOST_A_DAY, account=account
            ),
            Sentence("Come back tomorrow."),
        )


def _refuse_malformed(enricher: str, said: str, by: str) -> None:
    if enricher not in CONTESTABLE:
        raise ContestMalformed(
            Sentence("Nobody contests “%(enricher)s”.", enricher=enricher),
            Sentence("There are %(contestable)s.", contestable=", ".join(CONTESTABLE)),
        )
    if not said or not by:
        raise ContestMalformed(
            Sentence("A statement needs words and the name of who makes it."), Sentence("Fill in both.")
        )
    if len(said) > MOST_TEXT or len(by) > MOST_NAME:
        raise ContestMalformed(
            Sentence(
                "The statement has %(said_count)s characters, the name %(by_count)s.",
                said_count=len(said),
                by_count=len(by),
            ),
            Sentence(
                "Keep them within %(most_text)s and %(most_name)s.", most_text=Grouped(MOST_TEXT), most_name=MOST_NAME
            ),
        )


@transaction.atomic
def answer_contest(*, contest_id: int, answer: str, actor: Actor, now: datetime) -> Contest:
    """Answer what was said, once; the creator sees it by their link."""
    require(actor, Right.BRIEF)
    found = get_contest(actor.workspace_id, contest_id)
    said = without_controls(answer).strip()
    if not said or len(said) > MOST_TEXT:
        raise ContestMalformed(
            Sentence("An answer needs words, and not too many."),
            Sentence("Write up to %(most_text)s characters.", most_text=MOST_TEXT),
        )
    if found.answered_at is not None:
        raise AlreadyAnswered(
            Sentence("This statement has been answered."), Sentence("Write to the creator about anything more.")
        )
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
