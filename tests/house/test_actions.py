"""Every public action says who acts and when, is one transaction, and ends with one entry in the ledger."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from tests.house.source import Module, dotted, origins, product
from tests.house.test_writing import ORM, sql_writes

TAKE_NO_ACTION = {
    "catalogue.actions.ingest.refuse_stranger": "refuses",
    "governance.actions.ledger.record": "is the entry",
}
CHAINS = {
    "campaigns.actions.shipments.move_shipment": "a sent parcel's gift is entered by its own action, then the move",
    "catalogue.actions.sample.load_sample_world": "ingest enters what came in, then the loading itself is entered",
    "studio.actions.composing.compose_texts": "each text is begun by its own action, then the composing is entered",
    "studio.actions.model_writing.edit_with_model": "as stream_edit, to its end",
    "studio.actions.model_writing.stream_edit": "as stream_texts, whose last part it shares",
    "studio.actions.model_writing.write_with_model": "as stream_texts, to its end",
    "studio.actions.model_writing.stream_texts": "each text is begun by its own action, then the call to the model is entered",
    "studio.actions.releasing.hand_over": "the draft is entered by its own action, then that the text is handed over",
    "understanding.actions.bring_up_to_date": "a chain of actions, each with its own entry",
}
MAY_CHANGE_NOTHING = {
    "campaigns.actions.live.watch_live": "every post is as it was",
    "campaigns.actions.conversions.import_conversions": "a dry run",
    "campaigns.actions.promo_codes.import_codes": "a dry run",
    "catalogue.actions.imports.import_file": "a dry run, or a file that is in already",
    "catalogue.actions.refreshing.refresh_due": "nothing fell due",
    "studio.actions.picture_batches.make_batch": "rows are left, or all pictures are made",
    "studio.actions.texts.save_words": "the same words, or the same member types on: an entry per second says nothing",
    "understanding.actions.authenticity.measure_authenticity": "nothing new is said of any account",
    "understanding.actions.enriching.enrich_due": "no post was due",
    "understanding.actions.expecting.expect_results": "nothing new is said of any account",
    "understanding.actions.originality.measure_originality": "nothing new is said of any account",
    "understanding.actions.reading_comments.read_comments": "no comment was due",
    "understanding.actions.readings.ask_reading": "one waits already",
    "understanding.actions.marking_minors.mark_minors": "no biography says anything new",
    "understanding.actions.tags.tag_due": "no post was due",
    "understanding.actions.withholding.withhold_due": "no account was due",
    "understanding.actions.peers.rank_engagement": "no place changed",
    "understanding.actions.profiling.profile_due": "no account was due",
}
IN_PORTIONS = {
    "studio.actions.model_writing.edit_with_model": "as stream_edit, to its end",
    "studio.actions.model_writing.stream_edit": "reserved, asked outside of any transaction, then the end kept",
    "studio.actions.model_writing.stream_texts": "reserved, asked outside of any transaction, then the end kept",
    "studio.actions.model_writing.write_with_model": "as stream_texts, to its end",
    "catalogue.actions.connecting.fetch": "a portion with its cursor is one transaction: a killed visit goes on",
    "catalogue.actions.imports.import_file": "a chunk with the import's row is one transaction: a killed import goes on",
    "catalogue.actions.refreshing.refresh_due": "a portion of posts is one transaction: a refresh that fails goes on",
    "governance.actions.retaining.retain": "a portion with its count is one transaction: a killed run goes on",
    "studio.actions.picture_batches.make_batch": "a portion with how far it is is one transaction: a killed run goes on",
    "understanding.actions.authenticity.measure_authenticity": "a chunk of accounts is one transaction: a killed run goes on",
    "understanding.actions.bring_up_to_date": "each of its actions is one transaction, or works in portions",
    "understanding.actions.enriching.enrich_due": "a batch of posts is one transaction: a killed run goes on",
    "understanding.actions.expecting.expect_results": "a chunk of accounts is one transaction: a killed run goes on",
    "understanding.actions.originality.measure_originality": "a chunk of accounts is one transaction: a killed run goes on",
    "understanding.actions.profiling.profile_due": "a chunk of accounts is one transaction: a killed run goes on",
    "understanding.actions.reading_comments.read_comments": "a batch of comments is one transaction: a killed run goes on",
    "understanding.actions.tags.tag_due": "a batch of posts is one transaction: a killed run goes on",
    "understanding.actions.topics.map_topics": "read, a model asked outside of any transaction, then stored in one",
    "understanding.actions.withholding.withhold_due": "a chunk of accounts is one transaction: a killed run goes on",
}
PARTS_WITHOUT_A_WORD = {
    "campaigns.actions.tracked_links.follow_link": "one more in the count of an hour; an entry would be a record of a visit",
    "catalogue.actions.quota.spend": "counted before each call to a network, also one that fails; the visit has its entry",
}
RECORDS = {"sillage.governance.actions.record", "sillage.governance.actions.ledger.record"}


def _public() -> dict[str, tuple[Module, ast.FunctionDef]]:
    return {
        f"{module.name}.{name}": (module, function)
        for module in product()
        if module.is_action
        for name, function in module.functions().items()
        if not name.startswith("_")
    }


def _takes_an_actor(function: ast.FunctionDef) -> bool:
    asked = function.args
    return "actor" in {a.arg for a in (*asked.posonlyargs, *asked.args, *asked.kwonlyargs)}


PUBLIC = _public()
ACTIONS = sorted(name for name, (_, f) in PUBLIC.items() if _takes_an_actor(f) and name not in TAKE_NO_ACTION)
PARTS = sorted(name for name, (_, f) in PUBLIC.items() if not _takes_an_actor(f))


class Ledger:
    """How many entries a module's functions make, on each way that ends well."""

    def __init__(self, module: Module) -> None:
        self.names = origins(module)
        self.functions = module.functions()

    def of(self, function: ast.FunctionDef) -> set[int]:
        going, ended = self._block(function.body, {0})
        return going | ended

    def _block(self, body: list[ast.stmt], going: set[int]) -> tuple[set[int], set[int]]:
        """The counts with which a block is left at its end, and those with which the function is."""
        ended: set[int] = set()
        for statement in body:
            going, returned = self._statement(statement, going)
            ended |= returned
        return going, ended

    def _statement(self, statement: ast.stmt, going: set[int]) -> tuple[set[int], set[int]]:
        own = ast.Module([], [])
        blocks: list[list[ast.stmt]] = []
        for part in ast.iter_child_nodes(statement):
            if isinstance(part, ast.ExceptHandler | ast.match_case):
                blocks.append(part.body)
            elif not isinstance(part, ast.stmt):
                own.body.append(part)  # type: ignore[arg-type]
        going = _sums(going, self._calls(own))
        match statement:
            case ast.Return():
                return set(), going
            case ast.Raise():
                return set(), set()
            case ast.If():
                return self._either([statement.body, statement.orelse], going)
            case ast.For() | ast.While():
                return self._either([statement.body, []], going)
            case ast.With():
                return self._block(statement.body, going)
            case ast.Try():
                tried, ended = self._block([*statement.body, *statement.orelse], going)
                caught, ended_there = self._either(blocks, going)
                last, ended_last = self._block(statement.finalbody, tried | caught)
                return last, self._block(statement.finalbody, ended | ended_there)[0] | ended_last
            case ast.Match():
                return self._either([*blocks, []], going)
        return going, set()

    def _either(self, blocks: list[list[ast.stmt]], going: set[int]) -> tuple[set[int], set[int]]:
        ways = [self._block(block, going) for block in blocks]
        return set().union(*(w[0] for w in ways)), set().union(*(w[1] for w in ways))

    def _calls(self, node: ast.AST) -> set[int]:
        counts = {0}
        for call in ast.walk(node):
            if isinstance(call, ast.Call):
                counts = _sums(counts, self._call(call))
        return counts

    def _call(self, call: ast.Call) -> set[int]:
        name = dotted(call.func, self.names)
        if name in RECORDS:
            return {1}
        if name.removeprefix("sillage.") in ACTIONS:
            return {1}
        return self.of(self.functions[name]) if name in self.functions else {0}


def _sums(one: set[int], other: set[int]) -> set[int]:
    return {min(2, a + b) for a in one for b in other}


@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_names_all_it_takes(name: str) -> None:
    _, function = PUBLIC[name]
    asked = function.args
    assert not (asked.args or asked.posonlyargs or asked.vararg), "everything is given by keyword"
    assert function.returns is not None
    assert all(a.annotation is not None for a in asked.kwonlyargs)


@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_is_told_who_acts_and_when(name: str) -> None:
    _, function = PUBLIC[name]
    asked = dict(zip((a.arg for a in function.args.kwonlyargs), function.args.kw_defaults, strict=True))
    types = {a.arg: ast.unparse(a.annotation) for a in function.args.kwonlyargs if a.annotation}
    assert (types.get("actor"), types.get("now")) == ("Actor", "datetime")
    assert (asked["actor"], asked["now"]) == (None, None), "neither has a default"


@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_enters_the_ledger_once(name: str) -> None:
    module, function = PUBLIC[name]
    entries = Ledger(module).of(function)
    if name in CHAINS:
        assert max(entries) == 2
    elif name in MAY_CHANGE_NOTHING:
        assert entries == {0, 1}
    else:
        assert entries == {1}


@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_is_one_transaction(name: str) -> None:
    module, function = PUBLIC[name]
    assert _is_atomic(module, function) != (name in IN_PORTIONS)


def _is_atomic(module: Module, function: ast.FunctionDef) -> bool:
    """Decorated, or left by `return _part(...)` of a function of the module that is."""
    if any("transaction.atomic" in ast.unparse(d) for d in function.decorator_list):
        return True
    last = function.body[-1]
    call = last.value if isinstance(last, ast.Return) else None
    if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name)):
        return False
    part = module.functions().get(call.func.id)
    return part is not None and not _writes_before(function) and _is_atomic(module, part)


def _writes_before(function: ast.FunctionDef) -> bool:
    """True when something but a refusal stands before the last line."""
    return any(not isinstance(s, ast.Expr | ast.If) for s in function.body[:-1])


def test_the_entry_itself_is_written_under_its_lock() -> None:
    """The lock that numbers entries lasts as long as a transaction: runs in portions call `record` outside of one."""
    module, record = PUBLIC["governance.actions.ledger.record"]
    assert _is_atomic(module, record)


@pytest.mark.parametrize("name", PARTS)
def test_what_writes_without_an_actor_says_whose_part_it_is(name: str) -> None:
    """The entry of the action that calls it covers it; its docstring, or its module's, says so."""
    module, function = PUBLIC[name]
    said = f"{ast.get_docstring(module.tree)} {ast.get_docstring(function)}"
    is_part = re.search(r"\bparts? of\b", said) is not None
    assert is_part or name in PARTS_WITHOUT_A_WORD or not _writes(module, function)


def _writes(module: Module, function: ast.FunctionDef) -> bool:
    """The function, or what it calls in its module, saves rows or runs a statement that does."""
    named = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
    statements = [function, *(s for s in module.tree.body if isinstance(s, ast.Assign) and named & _targets(s))]
    own = any(isinstance(n, ast.Attribute) and n.attr in ORM for n in ast.walk(function))
    parts = [f for name, f in module.functions().items() if name in named and f is not function]
    return own or any(sql_writes(module, s) for s in statements) or any(_writes(module, part) for part in parts)


def _targets(statement: ast.Assign) -> set[str]:
    return {target.id for target in statement.targets if isinstance(target, ast.Name)}


@pytest.mark.parametrize("known", [TAKE_NO_ACTION, CHAINS, MAY_CHANGE_NOTHING, IN_PORTIONS, PARTS_WITHOUT_A_WORD])
def test_an_exception_is_of_something_that_exists(known: dict[str, str]) -> None:
    assert not known.keys() - PUBLIC.keys()


@cache
def _made() -> Module:
    text = """
from sillage.governance.actions import record
def straight(): record()
def twice(): record(); record()
def forgets(x):
    if x:
        return 1
    record()
def refuses(x):
    if x:
        raise ValueError
    record()
def by_part(): return _part()
def _part(): return record()
"""
    return Module("discovery.actions.made", product()[0].path, text)


@pytest.mark.parametrize(
    ("name", "entries"), [("straight", {1}), ("twice", {2}), ("forgets", {0, 1}), ("refuses", {1}), ("by_part", {1})]
)
def test_entries_are_counted_on_every_way(name: str, entries: set[int]) -> None:
    assert Ledger(_made()).of(_made().functions()[name]) == entries
