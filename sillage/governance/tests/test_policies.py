"""A machine acts alone only within what a person signed: counted, sampled, stoppable at once, undoable."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction

from sillage.governance import actions as governance
from sillage.governance import queries
from sillage.governance.actions import policies as registry
from sillage.governance.engine.actors import Actor, ActorKind, NotAllowed, Right, Role
from sillage.governance.engine.policy_limits import Doing, Limits, is_in_sample
from sillage.governance.engine.signing import Statement
from sillage.governance.models import Entry, Policy, PolicyUse, SigningKey
from sillage.governance.queries.policies import policy_signed
from sillage.lib.errors import NotFound, Refusal

T = datetime(2026, 6, 15, 12, tzinfo=UTC)
VERB = "made.label"  # registered by the tests: it labels things in a dictionary, and takes labels back
LABELS: dict[str, str] = {}


@pytest.fixture(autouse=True)
def _made_verb() -> Iterator[None]:
    LABELS.clear()
    governance.undo_with(VERB, lambda use, now: LABELS.update({use.subject_id: use.undo["was"]}))
    yield
    registry._undos.pop(VERB)


def machine(actor: Actor) -> Actor:
    return Actor(ActorKind.MODEL, "labeller", actor.workspace_id, frozenset({Right.READ}), version="3")


def allow(actor, **given):
    usual = {
        "verb": VERB,
        "scope": {"kind": ["spam"]},
        "threshold": Decimal("0.99"),
        "per_day": 3,
        "amount_per_day": None,
        "currency": "",
        "sample_percent": 0,
        "reason": "Spam is plain.",
        "expires_at": T + timedelta(days=30),
    }
    asked = {**usual, **given}
    limits = Limits(**{f.name: asked.pop(f.name) for f in fields(Limits)})
    return governance.allow_policy(**asked, limits=limits, actor=actor, now=T)


def label(actor: Actor, key: str = "1", now: datetime = T, **given: Any) -> PolicyUse:
    """What an action of a machine does: a use of the policy, its change, one entry."""
    usual = {"about": {"kind": "spam"}, "score": Decimal("0.995")}
    with transaction.atomic():
        use = governance.use_policy(
            verb=VERB,
            subject_kind="comment",
            subject_id=key,
            doing=Doing(**{**usual, **given}),
            machine=machine(actor),
            undo={"was": LABELS.get(key, "none")},
            now=now,
        )
        LABELS[key] = "spam"
        governance.record(
            verb="governance.tested",
            subject_kind="comment",
            subject_id=key,
            actor=machine(actor),
            now=now,
            facts=queries.policy_fact(use),
        )
    return use


# -- allowing --------------------------------------------------------------------------------------------------------


def test_a_policy_is_signed_and_entered_like_an_approval(ada):
    policy = allow(ada)
    statement = Statement(**policy.statement)
    public = bytes(SigningKey.objects.get().public)
    assert statement.holds(public) and not statement.differing({"policy": policy_signed(Policy.objects.get())})
    assert statement.differing({"policy": policy_signed(policy) | {"per_day": 3000}}) == ["policy"]
    entry = Entry.objects.get(verb="governance.policy_allowed")
    assert entry.facts["per_day"] == 3 and entry.facts["signature"] == statement.signature


@pytest.mark.parametrize(
    "wrong",
    [
        {"verb": "made.nothing"},
        {"per_day": 0},
        {"sample_percent": 101},
        {"threshold": Decimal("1.1")},
        {"threshold": Decimal("NaN")},
        {"amount_per_day": Decimal("5")},
        {"amount_per_day": Decimal("0"), "currency": "EUR"},
        {"reason": " "},
        {"expires_at": T},
        {"expires_at": T + timedelta(days=400)},
        {"scope": {"kind": []}},
        {"scope": {"kind": "spam"}},
    ],
)
def test_a_policy_has_bounds_that_mean_something(wrong, ada):
    with pytest.raises(governance.PolicyMalformed):
        allow(ada, **wrong)


def test_nobody_allows_a_machine_more_than_they_may_approve_alone(ada, bruno):
    with pytest.raises(NotAllowed):
        allow(bruno)
    money = {"amount_per_day": Decimal("600"), "currency": "EUR"}
    nothing = {"verb": "", "members": [], "currency": "EUR", "actor": ada, "now": T, "always_two": False}
    governance.add_approval_rule(roles=[Role.OWNER], up_to=Decimal("500"), two_from=Decimal("400"), **nothing)
    with pytest.raises(governance.PolicyBeyondYou, match="up to 500"):
        allow(ada, **money)
    with pytest.raises(governance.PolicyBeyondYou, match="two people"):
        allow(ada, **money | {"amount_per_day": Decimal("450")})
    allow(ada, **money | {"amount_per_day": Decimal("399")})


def test_a_machine_allows_itself_nothing(ada):
    with pytest.raises(governance.PolicyBeyondYou):
        allow(Actor(ActorKind.MODEL, "labeller", ada.workspace_id, frozenset(Right)))


# -- using -----------------------------------------------------------------------------------------------------------


def test_a_use_is_in_the_ledger_with_who_did_it_under_which_policy(ada):
    policy = allow(ada)
    use = label(ada)
    entry = Entry.objects.latest("number")
    assert entry.facts == {"policy": policy.pk, "policy_use": use.pk, "sampled": False}
    assert (entry.actor_kind, entry.actor_name, entry.actor_version) == ("model", "labeller", "3")
    assert (use.machine_name, use.machine_version, use.about) == ("labeller", "3", {"kind": "spam"})


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"about": {"kind": "question"}}, "kind is question"),
        ({"about": {}}, "kind is not known"),
        ({"score": Decimal("0.98")}, "below 0.99"),
        ({"score": None}, "not known"),
        ({"amount": Decimal("1"), "currency": "EUR"}, "no spending"),
        ({"now": T + timedelta(days=30)}, "it expired"),
    ],
)
def test_what_a_policy_does_not_speak_of_is_for_people(given, why, ada):
    allow(ada)
    with pytest.raises(governance.PolicyMissing, match=why):
        label(ada, **given)
    assert not PolicyUse.objects.exists() and not LABELS


def test_without_a_policy_a_machine_does_nothing(ada, dario):
    allow(dario)
    with pytest.raises(governance.PolicyMissing, match="No policy lets a machine"):
        label(ada)


def test_the_day_s_uses_are_counted_and_the_next_day_begins_anew(ada):
    allow(ada)
    for key in "123":
        label(ada, key)
    with pytest.raises(governance.PolicySpent, match="3 uses of the day"):
        label(ada, "4")
    label(ada, "4", now=T + timedelta(days=1))


def test_the_day_s_amount_is_counted(ada):
    allow(ada, amount_per_day=Decimal("100"), currency="EUR")
    label(ada, "1", amount=Decimal("60"), currency="EUR")
    with pytest.raises(governance.PolicySpent, match=r"pass 100\.00 EUR a day"):
        label(ada, "2", amount=Decimal("41"), currency="EUR")
    with pytest.raises(governance.PolicyMissing, match="about EUR"):
        label(ada, "2", amount=Decimal("1"), currency="USD")
    label(ada, "2", amount=Decimal("40"), currency="EUR")


def test_an_ended_policy_is_not_used(ada, bruno, dario):
    policy = allow(ada)
    with pytest.raises(NotAllowed):
        governance.end_policy(policy_id=policy.pk, actor=bruno, now=T)
    with pytest.raises(NotFound):
        governance.end_policy(policy_id=policy.pk, actor=dario, now=T)
    governance.end_policy(policy_id=policy.pk, actor=ada, now=T)
    with pytest.raises(governance.PolicyMissing):
        label(ada)
    with pytest.raises(governance.PolicyEnded):
        governance.end_policy(policy_id=policy.pk, actor=ada, now=T)


# -- the switch ------------------------------------------------------------------------------------------------------


def test_one_switch_stops_everything_and_lets_it_go_on(ada, bruno, dario):
    allow(ada)
    governance.stop_policies(reason="It hides questions.", actor=bruno, now=T)
    with pytest.raises(governance.PoliciesStopped, match="Bruno stopped every policy: It hides questions"):
        label(ada)
    with pytest.raises(governance.SwitchUnchanged):
        governance.stop_policies(reason="", actor=ada, now=T)
    with pytest.raises(NotAllowed):
        governance.resume_policies(reason="", actor=bruno, now=T)
    assert queries.policies_stopped(dario.workspace_id) is None
    governance.resume_policies(reason="mended", actor=ada, now=T)
    label(ada)
    switched = Entry.objects.filter(verb__startswith="governance.policies").order_by("number")
    verbs = list(switched.values_list("verb", flat=True))
    assert verbs == ["governance.policies_stopped", "governance.policies_resumed"]


def test_a_reader_stops_nothing(rita):
    with pytest.raises(NotAllowed):
        governance.stop_policies(reason="", actor=rita, now=T)


# -- looking at it and undoing it --------------------------------------------------------------------------------------


def test_the_sample_is_as_large_as_was_said_and_always_the_same():
    drawn = [is_in_sample(b"salt", 20, [n]) for n in range(5000)]
    assert 900 < sum(drawn) < 1100
    assert drawn == [is_in_sample(b"salt", 20, [n]) for n in range(5000)]
    assert drawn != [is_in_sample(b"pepper", 20, [n]) for n in range(5000)]
    assert all(is_in_sample(b"", 100, [n]) for n in range(100))
    assert not any(is_in_sample(b"", 0, [n]) for n in range(100))


def test_a_person_says_whether_a_sampled_use_was_right(ada, bruno, dario):
    allow(ada, sample_percent=100)
    use = label(ada)
    assert queries.list_to_review(ada.workspace_id) == [use] and queries.list_to_review(dario.workspace_id) == []
    with pytest.raises(NotFound):
        governance.judge_use(use_id=use.pk, is_right=True, note="", actor=dario, now=T)
    with pytest.raises(NotAllowed):
        governance.judge_use(use_id=use.pk, is_right=True, note="", actor=machine(ada), now=T)
    governance.judge_use(use_id=use.pk, is_right=False, note="a question", actor=bruno, now=T)
    assert queries.list_to_review(ada.workspace_id) == []
    with pytest.raises(governance.NotToReview):
        governance.judge_use(use_id=use.pk, is_right=True, note="", actor=bruno, now=T)
    (found,) = queries.list_policies(ada.workspace_id, T)
    assert (found.uses, found.today, found.right, found.wrong, found.undone) == (1, 1, 0, 1, 0)


def test_what_is_not_in_the_sample_is_not_judged(ada):
    allow(ada)
    with pytest.raises(governance.NotToReview):
        governance.judge_use(use_id=label(ada).pk, is_right=True, note="", actor=ada, now=T)


def test_a_use_is_undone_by_the_way_its_verb_has(ada, bruno, dario):
    allow(ada)
    use = label(ada)
    assert LABELS == {"1": "spam"}
    with pytest.raises(NotFound):
        governance.undo_use(use_id=use.pk, reason="", actor=dario, now=T)
    governance.undo_use(use_id=use.pk, reason="It was a question.", actor=bruno, now=T)
    assert LABELS == {"1": "none"}
    with pytest.raises(governance.UndoImpossible, match="undone already"):
        governance.undo_use(use_id=use.pk, reason="", actor=bruno, now=T)
    assert Entry.objects.get(verb="governance.policy_use_undone").facts["reason"] == "It was a question."


def test_an_undo_that_fails_leaves_the_use_as_it_was(ada):
    allow(ada)
    use = label(ada)

    def fails(use: PolicyUse, now: datetime) -> None:
        raise NotFound("The comment is gone.", "Nothing is left to undo.")

    governance.undo_with(VERB, fails)
    with pytest.raises(NotFound):
        governance.undo_use(use_id=use.pk, reason="", actor=ada, now=T)
    assert PolicyUse.objects.get().undone_at is None


# -- at once ---------------------------------------------------------------------------------------------------------


def at_once(*doings: Callable[[], Any]) -> list[Any]:
    barrier = Barrier(len(doings))

    def run(doing: Callable[[], Any]) -> Any:
        barrier.wait()
        try:
            return doing()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(doings)) as pool:
        return list(pool.map(run, doings))


@pytest.mark.django_db(transaction=True)
def test_machines_at_once_stay_within_the_day_s_limit(ada):
    allow(ada)
    answers = at_once(*[lambda key=str(n): label(ada, key) for n in range(6)])
    assert [type(a) for a in answers].count(governance.PolicySpent) == 3 and PolicyUse.objects.count() == 3
    assert queries.verify_ledger(ada.workspace_id)[1] is None


@pytest.mark.django_db(transaction=True)
def test_the_switch_lets_no_use_come_after_it(ada):
    """Entries are numbered as they commit: none of a machine stands after the switch's."""
    allow(ada, per_day=1000)
    at_once(
        *[lambda key=str(n): label(ada, key) for n in range(5)],
        lambda: governance.stop_policies(reason="now", actor=ada, now=T),
    )
    verbs = list(Entry.objects.order_by("number").values_list("verb", flat=True))
    assert "governance.tested" not in verbs[verbs.index("governance.policies_stopped") :]
    with pytest.raises(governance.PoliciesStopped):
        label(ada)
