"""One decision about several accounts: all of them or none, one reason, one entry in the ledger."""

from __future__ import annotations

import pytest

from sillage.discovery import actions as discovery
from sillage.discovery import queries
from sillage.discovery.models import Decision
from sillage.discovery.tests.standing import catalogue, harbour, standing
from sillage.governance import queries as governance
from sillage.governance.engine.actors import NotAllowed, automation
from sillage.lib.errors import NotFound

__all__ = ["catalogue", "harbour", "standing"]

TWO = ("instagram:mona", "instagram:noe")


@pytest.fixture
def brief(catalogue, ada, noon):
    return discovery.open_brief(given={"text": "Jardinage au naturel, potager"}, actor=ada, now=noon)


@pytest.fixture
def decide(brief, ada, noon):
    """`decide(kind, *accounts, reason=..)` as Ada."""

    def deciding(kind, *accounts, reason="", actor=ada):
        return discovery.decide_many(
            brief_id=brief.pk, accounts=accounts, kind=kind, reason=reason, actor=actor, now=noon
        )

    return deciding


def decided(brief):
    return {(d.account.handle, d.kind, d.reason) for d in queries.decisions_of(brief).values()}


def test_all_of_them_get_the_decision_with_its_reason_and_one_entry(brief, decide, ada):
    before = len(governance.list_entries(ada.workspace_id).items)

    made = decide("dismissed", *TWO, reason="  Hors sujet ")

    assert {d.account.handle for d in made} == {"mona", "noe"}
    assert decided(brief) == {("mona", "dismissed", "Hors sujet"), ("noe", "dismissed", "Hors sujet")}
    entries = governance.list_entries(ada.workspace_id).items
    assert len(entries) == before + 1
    assert (entries[0].verb, entries[0].subject_kind, entries[0].subject_id) == (
        "discovery.accounts_decided",
        "brief",
        str(brief.pk),
    )
    assert entries[0].facts == {"kind": "dismissed", "accounts": sorted(d.account_id for d in made)}


def test_each_decision_keeps_what_was_measured_of_its_account_so_that_it_teaches(brief, decide, ada, noon):
    made = discovery.shortlist(brief_id=brief.pk, limit=3, actor=ada, now=noon)
    parts = dict(made.candidates.values_list("account_id", "parts"))

    for decision in decide("pinned", *TWO):
        assert decision.shortlist == made and decision.parts == parts[decision.account_id] != {}


def test_who_stands_so_already_is_left_as_they_are(decide):
    decide("dismissed", "instagram:mona", reason="Hors sujet")

    assert [d.account.handle for d in decide("dismissed", *TWO, reason="Hors sujet")] == ["noe"]
    assert len(decide("dismissed", *TWO, reason="Pas notre ton")) == 2
    with pytest.raises(discovery.DecidedAlready):
        decide("dismissed", *TWO, reason="Pas notre ton")
    assert Decision.objects.count() == 4


def test_decisions_are_taken_back_together_and_what_was_typed_is_no_reason_for_that(brief, decide):
    decide("pinned", *TWO)

    taken = decide("withdrawn", *TWO, "instagram:star", reason="typed by the way")

    assert {(d.account.handle, d.reason) for d in taken} == {("mona", ""), ("noe", "")}
    assert decided(brief) == set()


def test_an_account_named_twice_is_decided_about_once(decide):
    assert len(decide("pinned", "instagram:mona", "instagram:mona")) == 1


@pytest.mark.parametrize(
    ("kind", "accounts", "reason", "refusal"),
    [
        ("dismissed", TWO, "  ", discovery.ReasonMissing),
        ("adored", TWO, "", discovery.DecisionUnknown),
        ("pinned", (), "", discovery.NobodyNamed),
        ("withdrawn", TWO, "", discovery.DecidedAlready),
        ("pinned", ["1"] * 201, "", discovery.TooManyDecided),
        ("pinned", (*TWO, "instagram:nobody"), "", NotFound),
    ],
)
def test_what_cannot_be_decided_is_refused_and_nobody_is_decided_about(decide, kind, accounts, reason, refusal):
    with pytest.raises(refusal):
        decide(kind, *accounts, reason=reason)

    assert Decision.objects.count() == 0


def test_neither_a_machine_nor_a_reader_nor_a_stranger_decides(decide, ada, rita, dario):
    for actor, refusal in (
        (automation("bot", ada.workspace_id), discovery.NotAPerson),
        (rita, NotAllowed),
        (dario, NotFound),
    ):
        with pytest.raises(refusal):
            decide("pinned", *TWO, actor=actor)

    assert Decision.objects.count() == 0
