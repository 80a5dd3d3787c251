"""What the ledger's entries tell has words: every fact that the rooms record, found where they record it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

import sillage
from sillage.campaigns.engine.matching import Standing
from sillage.campaigns.engine.watching import Seen
from sillage.catalogue.actions.connecting import Visited
from sillage.catalogue.actions.storing import Ingested
from sillage.desk import words
from sillage.desk.templatetags.words import fact_name
from sillage.desk.verbs.facts import FACTS
from sillage.governance import actions

PACKAGE = Path(sillage.__file__).parent
# Where a name is computed, and which there are.
COMPUTED = {
    "match_live": {standing.value for standing in Standing},
    "watch_live": {seen.value for seen in Seen} | {"erased"},
    "import_conversions": {"rows", "new", "known", "uncredited", "refused"},
    "refresh_due": {"accounts", "posts", "gone"},
    "drop_overdue": set(words.REMOVED),
    "_remove": set(words.REMOVED),
    "facts": {f.name for kind in (Visited, Ingested) for f in fields(kind)} - {"notes"},
    "shadow": {"read", "differ"},
    "drop_list": {"accounts", "is_on"},
}


class Module:
    """The keys of what a module gives to `record`, followed through its variables and functions."""

    def __init__(self, source: str, others: dict[str, ast.FunctionDef]) -> None:
        self.own = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.FunctionDef)]
        self.functions = others | {f.name: f for f in self.own}
        self.computed: set[str] = set()

    def names(self) -> set[str]:
        told = [(f, k.value) for f, call in self.calls("record") for k in call.keywords if k.arg == "facts"]
        return {name for function, given in told for name in self.keys(given, function)}

    def calls(self, name: str) -> Iterator[tuple[ast.FunctionDef, ast.Call]]:
        for function in self.own:
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == name:
                    yield function, node

    def keys(self, node: ast.expr, within: ast.FunctionDef) -> Iterator[str]:
        match node:
            case ast.Dict():
                for key, value in zip(node.keys, node.values, strict=True):
                    yield from [str(key.value)] if isinstance(key, ast.Constant) else self.keys(value, within)
            case ast.BinOp(left=one, right=other) | ast.IfExp(body=one, orelse=other):
                yield from (*self.keys(one, within), *self.keys(other, within))
            case ast.Name(id=name):
                yield from self.given(name, within)
            case ast.Call(func=ast.Name(id="dict"), args=[copied]):
                yield from self.keys(copied, within)
            case ast.Call() if (called := ast.unparse(node.func).rpartition(".")[2]) in self.functions:
                returned = [n.value for n in ast.walk(self.functions[called]) if isinstance(n, ast.Return)]
                for value in filter(None, returned):
                    yield from self.keys(value, self.functions[called])
            case _:
                self.computed.add(within.name)

    def given(self, name: str, within: ast.FunctionDef) -> Iterator[str]:
        """What a variable holds; what a parameter is given where the module calls its function."""
        yield from (n.slice.value for n in ast.walk(within) if _is_item_of(n, name))
        held = [n.value for n in ast.walk(within) if _is_assigned(n, name) and n.value is not None]
        for value in held:
            yield from self.keys(value, within)
        names = [a.arg for a in (*within.args.args, *within.args.kwonlyargs)]
        for caller, call in self.calls(within.name) if not held else ():
            if within.args.kwarg is not None and within.args.kwarg.arg == name:
                yield from (k.arg for k in call.keywords if k.arg is not None and k.arg not in names)
            elif name in names and names.index(name) < len(call.args):
                yield from self.keys(call.args[names.index(name)], caller)


def _is_item_of(node: ast.AST, name: str) -> bool:
    """`name["key"] = ...`"""
    match node:
        case ast.Subscript(value=ast.Name(id=held), slice=ast.Constant(), ctx=ast.Store()):
            return held == name
    return False


def _is_assigned(node: ast.AST, name: str) -> bool:
    if isinstance(node, ast.Assign):
        return any(name in {n.id for n in ast.walk(t) if isinstance(n, ast.Name)} for t in node.targets)
    return (
        isinstance(node, ast.AnnAssign | ast.AugAssign) and isinstance(node.target, ast.Name) and node.target.id == name
    )


@pytest.fixture(scope="module")
def modules() -> list[Module]:
    sources = [p.read_text(encoding="utf8") for p in PACKAGE.rglob("*.py") if "tests" not in p.parts]
    found = [n for source in sources for n in ast.walk(ast.parse(source)) if isinstance(n, ast.FunctionDef)]
    others = {f.name: f for f in found if f.name.endswith(("_fact", "_facts", "_signed")) or f.name == "facts"}
    return [Module(source, others) for source in sources if "record(" in source]


def test_every_fact_that_rooms_record_has_words(modules: list[Module]) -> None:
    recorded = {name for module in modules for name in module.names()}
    computed = {name for module in modules for name in module.computed}

    assert {"accounts", "tokens_in", "pdf_sha256", "categories", "due_at", "policy_use", "signature"} <= recorded
    assert recorded - FACTS.keys() == set()
    assert computed == COMPUTED.keys()
    assert set().union(*COMPUTED.values()) - FACTS.keys() - words.REMOVED.keys() == set()


def test_no_words_are_kept_for_a_fact_that_nobody_records(modules: list[Module]) -> None:
    recorded = {name for module in modules for name in module.names()}
    assert FACTS.keys() - recorded - set().union(*COMPUTED.values()) == set()


def test_the_ledger_calls_its_facts_by_their_words(signed_in, ada, noon, english) -> None:
    actions.record(
        verb="governance.member_added",
        subject_kind="member",
        subject_id=1,
        actor=ada,
        now=noon,
        facts={"people_needed": 2, "newer": 1, "postvector": 3},
    )
    page = signed_in(ada).get("/w/harbour/ledger/").content.decode()

    assert '<dt title="people_needed">people needed</dt>' in page
    assert '<dt title="newer">newer</dt>' in page, "as it was recorded, where there are no words"
    assert fact_name("postvector") == "vectors"
