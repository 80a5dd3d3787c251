"""Two at once: a check is answered once, and asked once; the loser is told in a sentence."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from sillage.governance.tests.test_approval_races import at_once
from sillage.lib.errors import Refusal
from sillage.studio.actions.human_checks import CheckAnswered, CheckAsked, answer_check, ask_person
from sillage.studio.models import HumanCheck
from sillage.studio.tests.being_written import begun

pytestmark = pytest.mark.django_db(transaction=True)
T = datetime(2026, 6, 15, 12, tzinfo=UTC)


def test_two_answers_at_once_leave_one(ada):
    text = begun(ada, T, "Un parfum exotique.")
    check = ask_person(
        text_id=text.pk,
        member_id=ada.member_id,
        flag="irony",
        words="",
        reason="Is it?",
        made_by="Ada",
        actor=ada,
        now=T,
    )
    came = at_once(
        lambda: answer_check(check_id=check.pk, answer="fine", reason="", actor=ada, now=T),
        lambda: answer_check(check_id=check.pk, answer="change", reason="No.", actor=ada, now=T),
    )
    lost = [one for one in came if isinstance(one, Refusal)]
    assert len(lost) == 1 and isinstance(lost[0], CheckAnswered)
    assert HumanCheck.objects.get().answer == next(c.answer for c in came if not isinstance(c, Refusal))


def test_the_same_asked_twice_at_once_is_asked_once(ada):
    text = begun(ada, T, "Un parfum exotique.")
    given = {"text_id": text.pk, "member_id": ada.member_id, "flag": "irony", "words": "", "reason": "Is it?"}
    came = at_once(*[lambda: ask_person(**given, made_by="Ada", actor=ada, now=T)] * 2)
    assert HumanCheck.objects.count() == 1
    assert [type(one) for one in came if isinstance(one, Refusal)] == [CheckAsked]
