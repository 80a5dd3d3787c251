"""Human checks: a named person is asked to judge what a machine should not, and says fine, or change it and why."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.governance.models import Member
from sillage.lib.errors import Malformed, Refusal
from sillage.lib.sentences import Sentence
from sillage.lib.text import without_controls
from sillage.studio.actions.texts import TextArchived, keep_words
from sillage.studio.engine.human_flags import ANSWER_WORDS, FLAGS, words_named
from sillage.studio.engine.origins import BY_A_PERSON
from sillage.studio.models import HumanCheck, Text
from sillage.studio.queries.human_checks import get_check, get_judge
from sillage.studio.queries.texts import get_text, newest_version

FINE, CHANGE = "fine", "change"
MOST_WORDS, MOST_REASON, MOST_ANSWER, MOST_CHECKS = 500, 300, 500, 100


class CheckMalformed(Malformed):
    """A check is about words that stand in the text, has a reason, and an answer is fine or change."""

    title = "Malformed human check"


class CheckAsked(Refusal):
    """The same person was asked the same already."""


class CheckAnswered(Refusal):
    """Somebody answered already; an answer is not changed."""


class CheckNotYours(Refusal):
    """A check is answered by the person who was asked."""

    status = 403


class TooManyChecks(Refusal):
    """A text asks people a bounded number of times."""


def _refuse_asked(known: HumanCheck, member: Member) -> None:
    if known.answered_at is not None:
        raise CheckAnswered(
            Sentence(
                "%(about)s was judged already: %(answer)s.",
                about=words_named(known.words),
                answer=ANSWER_WORDS[known.answer],
            ),
            Sentence("Change the words, and what is new can be judged."),
        )
    if known.asked_of_id == member.pk:
        raise CheckAsked(
            Sentence(
                "%(person)s was asked about %(about)s already.", person=member.person, about=words_named(known.words)
            ),
            Sentence("Wait, or ask somebody else."),
        )


@transaction.atomic
def ask_person(
    *, text_id: int, member_id: int, flag: str, words: str, reason: str, made_by: str, actor: Actor, now: datetime
) -> HumanCheck:
    """Ask a member to judge `words` of a text, or all of it (""). What was asked of somebody else goes to this member.

    Words that only the working copy has are kept as a version first: what is judged never changes.
    """
    require(actor, Right.CAMPAIGN)
    text = get_text(actor.workspace_id, text_id, lock=True)
    if text.archived_at is not None:
        raise TextArchived(Sentence("“%(text)s” was put away.", text=text.title), Sentence("Take it back first."))
    member = get_judge(actor.workspace_id, member_id)
    said, why = _said(words, reason, flag)
    number = _number(text, said, actor, now)
    known = text.human_checks.filter(number=number, flag=flag, words=said).first()
    if known is not None:
        _refuse_asked(known, member)
    if known is None and text.human_checks.count() >= MOST_CHECKS:
        raise TooManyChecks(
            Sentence("“%(text)s” asked people %(most_checks)s times.", text=text.title, most_checks=MOST_CHECKS),
            Sentence("Begin a new text."),
        )
    check = known or HumanCheck(text=text, number=number, flag=flag, words=said)
    check.reason, check.made_by = why, made_by[:100]
    check.asked_of, check.asked_by_id, check.asked_at = member, actor.member_id, now
    check.save()
    governance.record(
        verb="studio.human_check_asked",
        subject_kind="text",
        subject_id=text.pk,
        actor=actor,
        now=now,
        facts={"check": check.pk, "flag": flag, "number": number, "member": member.pk, "by": made_by[:100]},
    )
    return check


def _said(words: str, reason: str, flag: str) -> tuple[str, str]:
    if flag not in FLAGS:
        raise CheckMalformed(
            Sentence("“%(flag)s” is nothing to judge.", flag=flag[:40]),
            Sentence("Choose one of %(flags)s.", flags=", ".join(FLAGS)),
            "flag",
        )
    said, why = without_controls(words.replace("\r\n", "\n")), " ".join(without_controls(reason).split())
    if len(said) > MOST_WORDS:
        raise CheckMalformed(
            Sentence("%(said_count)s characters are asked about.", said_count=len(said)),
            Sentence("Name up to %(most_words)s.", most_words=MOST_WORDS),
            "words",
        )
    if not why or len(why) > MOST_REASON:
        raise CheckMalformed(
            Sentence("The check has no reason, or a long one."),
            Sentence("Say why in %(most_reason)s characters.", most_reason=MOST_REASON),
            "reason",
        )
    return said, why


def _number(text: Text, words: str, actor: Actor, now: datetime) -> int:
    """The version in which the words stand: the newest, or the working copy kept as one."""
    newest = newest_version(text)
    if words in newest.body and (words or text.body == newest.body):
        return newest.number
    if words in text.body:
        return keep_words(text, text.body, BY_A_PERSON, "", text.saved_by_id or actor.member_id, now).number
    raise CheckMalformed(
        Sentence("“%(words)s” does not stand in the text.", words=words[:60]), Sentence("Load the page again."), "words"
    )


def _why(answer: str, reason: str) -> str:
    """The reason, cleaned; one that asks for a change must have one."""
    why = " ".join(without_controls(reason).split())
    if answer not in (FINE, CHANGE):
        raise CheckMalformed(
            Sentence("“%(answer)s” is no answer.", answer=answer[:20]), Sentence("Say fine or change."), "answer"
        )
    if len(why) > MOST_ANSWER or (answer == CHANGE and not why):
        raise CheckMalformed(
            Sentence("What should change is not said, or at length."),
            Sentence("Say it in %(most_answer)s characters.", most_answer=MOST_ANSWER),
            "reason",
        )
    return why


@transaction.atomic
def answer_check(*, check_id: int, answer: str, reason: str, actor: Actor, now: datetime) -> HumanCheck:
    """Say `fine`, or `change` and why. Only who was asked answers, and once; somebody who approves may where nobody is left."""
    check = get_check(actor.workspace_id, check_id, lock=True)
    if check.asked_of_id is None:
        require(actor, Right.APPROVE)
    elif check.asked_of_id != actor.member_id or actor.member_id is None:
        raise CheckNotYours(
            Sentence("%(asked_of)s was asked, not %(actor)s.", asked_of=check.asked_of, actor=actor.name),
            Sentence("Ask to be asked: on the text’s page."),
        )
    if check.answered_at is not None:
        raise CheckAnswered(
            Sentence(
                "%(about)s was judged already: %(answer)s.",
                about=words_named(check.words),
                answer=ANSWER_WORDS[check.answer],
            ),
            Sentence("Load the page again."),
        )
    why = _why(answer, reason)
    check.answer, check.answer_reason = answer, why
    check.answered_by_id, check.answered_at = actor.member_id, now
    check.save(update_fields=["answer", "answer_reason", "answered_by", "answered_at"])
    governance.record(
        verb="studio.human_check_answered",
        subject_kind="text",
        subject_id=check.text_id,
        actor=actor,
        now=now,
        facts={"check": check.pk, "flag": check.flag, "answer": answer, "reasoned": bool(why)},
    )
    return check
