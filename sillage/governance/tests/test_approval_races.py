"""Two people at once, in transactions of their own: exactly one wins, the other is told in a sentence."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction

from sillage.governance import actions as governance
from sillage.governance import queries
from sillage.governance.engine.actors import Role
from sillage.governance.engine.acts import Act, Verdict
from sillage.governance.models import Approval, ApprovalRequest, Entry, SigningKey
from sillage.governance.queries import actor_of
from sillage.lib.errors import Refusal

pytestmark = pytest.mark.django_db(transaction=True)
T = datetime(2026, 6, 15, 12, tzinfo=UTC)
PAY = Act("campaigns.pay", "payment", "7", {"for": "Reel"}, (), Decimal("900.00"), "EUR")


@pytest.fixture
def managers(ada):
    members = [
        governance.add_member(
            email=f"{n}@example.org", name=n, role=Role.MANAGER, password="pelican-harbour-42", actor=ada, now=T
        )
        for n in ("mia", "noah")
    ]
    return [actor_of(m, m.person) for m in members]


def at_once(*doings: Callable[[], Any]) -> list[Any]:
    """What each came to, a Refusal included; all start together, each on a connection of its own."""
    barrier = Barrier(len(doings))

    def run(doing: Callable[[], Any]) -> Any:
        barrier.wait()
        try:
            with transaction.atomic():
                return doing()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(doings)) as pool:
        return list(pool.map(run, doings))


def decide(request, actor, verdict=Verdict.APPROVED):
    return lambda: governance.decide_approval(request_id=request.pk, verdict=verdict, reason="seen", actor=actor, now=T)


def ask(actor):
    return lambda: governance.ask_approval(act=PAY, summary="Pay Mona", actor=actor, now=T)


def use(actor):
    return lambda: governance.use_approval(act=PAY, workspace_id=actor.workspace_id, now=T)


def refusals(answers):
    return [answer for answer in answers if isinstance(answer, Refusal)]


def test_of_two_who_say_yes_at_once_one_does_and_one_is_told(bruno, managers):
    request = ask(bruno)()
    answers = at_once(*(decide(request, m) for m in managers))
    (told,) = refusals(answers)
    assert isinstance(told, governance.NotAwaited) and told.message == "This request is approved."
    assert Approval.objects.count() == 1


def test_yes_and_no_at_once_is_what_came_first(bruno, managers):
    request = ask(bruno)()
    at_once(decide(request, managers[0]), decide(request, managers[1], Verdict.REFUSED))
    assert Approval.objects.count() == 1


def test_one_person_in_two_windows_says_it_once(ada, bruno, managers):
    governance.add_approval_rule(
        verb="", roles=[], members=[], up_to=None, two_from=None, always_two=True, currency="", actor=ada, now=T
    )
    request = ask(bruno)()
    (told,) = refusals(at_once(decide(request, managers[0]), decide(request, managers[0])))
    assert "already" in told.message and Approval.objects.count() == 1


def test_of_many_who_use_it_at_once_one_does(bruno, managers):
    decide(ask(bruno)(), managers[0])()
    answers = at_once(*[use(bruno)] * 6)
    assert [type(r) for r in refusals(answers)] == [governance.ApprovalUsed] * 5


def test_withdrawing_and_using_at_once_end_in_one_of_the_two(bruno, managers):
    request = ask(bruno)()
    decide(request, managers[0])()
    answers = at_once(use(bruno), lambda: governance.withdraw_approval(request_id=request.pk, actor=bruno, now=T))
    assert len(refusals(answers)) == 1
    row = ApprovalRequest.objects.get()
    assert (row.used_at is None) != (row.withdrawn_at is None)


def test_two_who_ask_for_the_same_ask_once(ada, bruno):
    first, second = at_once(ask(ada), ask(bruno))
    assert first.pk == second.pk


def test_the_first_key_of_a_workspace_is_made_once(bruno, managers):
    requests = [
        governance.ask_approval(act=Act("campaigns.publish", "post", str(n)), summary="x", actor=bruno, now=T)
        for n in range(2)
    ]
    answers = at_once(*(decide(r, m) for r, m in zip(requests, managers, strict=True)))
    assert not refusals(answers) and SigningKey.objects.count() == 1
    assert queries.verify_ledger(bruno.workspace_id)[1] is None
    assert Entry.objects.filter(verb="governance.approval_decided").count() == 2
