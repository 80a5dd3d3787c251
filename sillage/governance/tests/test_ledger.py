"""The ledger is append-only, chained by hash, and says where it was broken."""

from __future__ import annotations

import pytest
from django.db import Error, connection, transaction

from sillage.governance import actions as governance
from sillage.governance import queries
from sillage.governance.engine.ledger import (
    GENESIS,
    Break,
    Line,
    Seal,
    SealMalformed,
    first_break,
    line_hash,
    seal_from,
)
from sillage.governance.models import Entry


def _chain(noon, facts):
    previous, chain = GENESIS, []
    for number, fact in enumerate(facts, 1):
        line = Line(1, number, noon, "person", "ada", "", 1, "room.done", "thing", "1", fact)
        own = line_hash(line, previous)
        chain.append((line, previous, own))
        previous = own
    return chain


def test_an_untouched_chain_has_no_break(noon):
    assert first_break(_chain(noon, [{"a": 1}, {"b": "é"}, {}])) is None


def test_a_missing_entry_is_named(noon):
    chain = _chain(noon, [{}, {}, {}])
    assert first_break(chain[:1] + chain[2:]) == Break(2, "the entry is missing")


def test_a_changed_entry_is_named(noon):
    chain = _chain(noon, [{"sum": 1}, {"sum": 2}])
    other = _chain(noon, [{"sum": 9}])[0][0]
    assert first_break([(other, *chain[0][1:]), chain[1]]) == Break(1, "the entry was changed after it was written")


def test_a_seal_shows_a_cut_end_and_a_chain_written_anew(noon):
    chain = _chain(noon, [{"a": 1}, {"a": 2}, {"a": 3}])
    seal = Seal(3, chain[2][2])
    assert first_break(chain, seal) is None and first_break(chain[:2]) is None
    assert first_break(chain[:2], seal) == Break(3, "the entry was there when the seal was taken, and is missing")
    assert first_break([], seal) == Break(1, "the entry was there when the seal was taken, and is missing")
    anew = _chain(noon, [{"a": 1}, {"a": 9}, {"a": 3}])
    assert first_break(anew, seal) == Break(3, "the entry is another than the one that was sealed")
    assert seal_from(f" {seal}\n") == seal


@pytest.mark.parametrize("text", ["3", "3-abc", f"{'9' * 19}-{'a' * 64}", f"3-{'A' * 64}", "x-" + "a" * 64])
def test_what_is_no_seal_is_refused(text):
    with pytest.raises(SealMalformed, match="is not the seal of a ledger"):
        seal_from(text)


def test_a_seal_goes_on_holding_while_the_ledger_grows(ada, noon):
    seal = queries.verify_ledger(ada.workspace_id).seal
    assert seal.startswith("2-")
    governance.record(verb="room.done", subject_kind="thing", subject_id=7, actor=ada, now=noon)
    assert queries.verify_ledger(ada.workspace_id, seal=seal).broken is None
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("DELETE FROM governance_entry WHERE number >= 2")
        cursor.execute("SET session_replication_role = DEFAULT")
    count, broken, _ = queries.verify_ledger(ada.workspace_id)
    assert (count, broken) == (1, None)
    assert queries.verify_ledger(ada.workspace_id, seal=seal).broken.number == 2


def test_every_action_of_the_cast_is_in_the_chain(ada, noon):
    governance.record(verb="room.done", subject_kind="thing", subject_id=7, actor=ada, now=noon, facts={"é": [1, 2.5]})
    count, broken, _ = queries.verify_ledger(ada.workspace_id)
    assert (count, broken) == (3, None)
    newest = queries.list_entries(ada.workspace_id).items[0]
    assert (newest.number, newest.verb, newest.actor_name) == (3, "room.done", "ada@example.org")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE governance_entry SET verb = 'x'",
        "DELETE FROM governance_entry",
        "TRUNCATE governance_entry CASCADE",
    ],
)
def test_the_database_refuses_to_change_it(ada, statement):
    with pytest.raises(Error, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement)
    assert Entry.objects.filter(workspace_id=ada.workspace_id).count() == 2


def test_tampering_below_the_database_rules_is_found(ada):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("UPDATE governance_entry SET actor_name = 'nobody' WHERE number = 2")
        cursor.execute("SET session_replication_role = DEFAULT")
    _, broken, _ = queries.verify_ledger(ada.workspace_id)
    assert broken == Break(2, "the entry was changed after it was written")


def test_pages_of_the_ledger_are_complete_and_do_not_repeat(ada, noon):
    for n in range(5):
        governance.record(verb="room.done", subject_kind="thing", subject_id=n, actor=ada, now=noon)
    numbers, cursor = [], None
    while True:
        page = queries.list_entries(ada.workspace_id, cursor=cursor, limit=3)
        numbers += [e.number for e in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert numbers == [7, 6, 5, 4, 3, 2, 1]


def test_another_workspace_has_its_own_ledger(ada, dario):
    assert {e.actor_name for e in queries.list_entries(dario.workspace_id).items} == {"install"}
    assert all(e.workspace_id == dario.workspace_id for e in queries.list_entries(dario.workspace_id).items)
