"""The table of moves and its gates: which moves there are, and what is said of those that are refused."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest

from sillage.campaigns.engine.pipeline import MOVES, Facts, Stage, Wish, moves_from, refusal_of, undo_refusal_of

S = Stage


def code(source, target, reason="", **facts):
    found = refusal_of(Wish("Mona", source, target, reason), Facts(**facts))
    return found.code if found else None


def test_every_stage_has_its_moves_and_each_leads_to_another_stage():
    assert list(MOVES) == list(Stage)
    for stage, ways in MOVES.items():
        assert ways and len(set(ways)) == len(ways) and stage not in ways


def test_the_usual_way_leads_from_the_first_stage_to_the_last():
    way = [S.SHORTLISTED]
    while way[-1] is not S.CLOSED:
        way.append(moves_from(way[-1])[0])
    assert way == list(Stage)
    assert all(code(a, b, contract_signed=True, reason="done") is None for a, b in pairwise(way))


@pytest.mark.parametrize("source", list(Stage))
@pytest.mark.parametrize("target", list(Stage))
def test_a_move_is_lawful_exactly_where_the_table_has_it(source, target):
    said = code(source, target, reason="because", contract_signed=True)
    if target in MOVES[source]:
        assert said is None
    else:
        assert said == ("same_stage" if source is target else "no_such_move")


def test_a_move_that_there_is_not_names_the_moves_that_there_are():
    found = refusal_of(Wish("Mona", S.SHORTLISTED, S.LIVE), Facts())
    assert found.message == "Mona is shortlisted: from there is no move to live."
    assert found.hint == "From shortlisted the moves are: contacted, closed."


def test_who_asked_not_to_be_contacted_is_not_contacted():
    assert code(S.SHORTLISTED, S.CONTACTED, is_restricted=True) == "restricted"
    assert code(S.SHORTLISTED, S.CONTACTED, kept_off=("Asked us to stop",)) == "kept_off"
    assert code(S.CONTACTED, S.NEGOTIATING, is_restricted=True) == "restricted"
    assert code(S.NEGOTIATING, S.CONTACTED, is_restricted=True) is None, "a move back meets no gate"


def test_contracted_means_that_there_is_a_signed_contract():
    assert code(S.AGREED, S.CONTRACTED) == "not_signed"
    assert code(S.AGREED, S.CONTRACTED, contract_signed=True) is None


def test_work_begins_without_a_contract_only_where_the_law_asks_for_none():
    assert code(S.AGREED, S.PRODUCING) is None
    found = refusal_of(Wish("Mona", S.AGREED, S.PRODUCING), Facts(contract_needed=True, contract_total=Decimal("1000")))
    assert found.code == "contract_needed" and "EUR 1,000.00" in found.message
    for source, target in ((S.PRODUCING, S.IN_REVIEW), (S.IN_REVIEW, S.LIVE), (S.LIVE, S.REPORTED)):
        assert code(source, target, contract_needed=True) == "contract_needed"


def test_nothing_goes_live_before_its_drafts_are_approved():
    assert code(S.IN_REVIEW, S.LIVE, drafts_waiting=2) == "drafts_waiting"
    assert code(S.LIVE, S.REPORTED, drafts_waiting=1) == "drafts_waiting"
    assert code(S.IN_REVIEW, S.LIVE) is None


def test_closing_needs_a_reason_until_it_is_reported():
    assert code(S.NEGOTIATING, S.CLOSED) == "reason_missing"
    assert code(S.NEGOTIATING, S.CLOSED, reason="   ") == "reason_missing"
    assert code(S.NEGOTIATING, S.CLOSED, reason="too dear") is None
    assert code(S.REPORTED, S.CLOSED) is None


def test_nothing_moves_in_a_campaign_at_rest_not_even_back():
    for source, ways in MOVES.items():
        assert {code(source, target, reason="x", is_at_rest=True) for target in ways} == {"at_rest"}
    assert undo_refusal_of(Facts(is_at_rest=True)).code == "at_rest"
    assert undo_refusal_of(Facts()) is None


def test_a_collaboration_with_somebody_who_was_erased_can_only_be_closed():
    assert code(S.AGREED, S.PRODUCING, is_erased=True) == "erased"
    assert code(S.PRODUCING, S.AGREED, is_erased=True) == "erased"
    assert code(S.AGREED, S.CLOSED, is_erased=True) is None


def test_what_is_not_known_about_a_contract_is_asked_and_a_reason_answers_for_it():
    assert code(S.AGREED, S.PRODUCING, contract_unknown=True) == "contract_unknown"
    assert code(S.AGREED, S.PRODUCING, "Two nights, about 200 euros", contract_unknown=True) is None
    assert code(S.AGREED, S.PRODUCING, "Never mind", contract_needed=True) == "contract_needed"
    assert code(S.PRODUCING, S.AGREED, contract_unknown=True) is None, "a way back meets no gate"
