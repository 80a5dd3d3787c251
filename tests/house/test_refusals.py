"""A refusal says what is true and what to do next."""

from __future__ import annotations

import ast
from functools import cache

from tests.house.source import Module, product

RAISED_OR_HANDED = ast.Raise | ast.Return | ast.Assign | ast.Yield


@cache
def refusal_classes() -> dict[str, ast.ClassDef]:
    """Every kind of refusal by name: `Refusal` and what derives from it, directly or not."""
    classes = {c.name: c for m in product() for c in m.nodes if isinstance(c, ast.ClassDef)}
    known = {"Refusal"}
    while (
        found := {n for n, c in classes.items() if known & {ast.unparse(b).rpartition(".")[2] for b in c.bases}} - known
    ):
        known |= found
    return {name: classes[name] for name in known}


def _made(module: Module, kinds: dict[str, ast.ClassDef]) -> list[ast.Call]:
    """Where a refusal is made, `super().__init__` of those that say their sentence themselves included."""
    own = {
        name
        for name, c in kinds.items()
        if any(isinstance(f, ast.FunctionDef) and f.name == "__init__" for f in c.body)
    }
    whole = [n.exc if isinstance(n, ast.Raise) else n.value for n in module.nodes if isinstance(n, RAISED_OR_HANDED)]
    calls = [c for c in whole if isinstance(c, ast.Call)]
    made = [c for c in calls if ast.unparse(c.func).rpartition(".")[2] in kinds.keys() - own]
    within = [c for c in module.nodes if isinstance(c, ast.ClassDef) and c.name in own - {"Refusal", "Malformed"}]
    return made + [
        call
        for c in within
        for call in ast.walk(c)
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "super().__init__"
    ]


def _has_hint(call: ast.Call) -> bool:
    hint = call.args[1] if len(call.args) > 1 else next((k.value for k in call.keywords if k.arg == "hint"), None)
    return hint is not None and not (isinstance(hint, ast.Constant) and not hint.value)


def test_every_refusal_says_what_to_do_next() -> None:
    kinds = refusal_classes()
    made = [(module, call) for module in product() for call in _made(module, kinds)]
    assert len(made) > 80
    assert not [f"{m.at(c)} {ast.unparse(c)[:80]}" for m, c in made if not _has_hint(c)]


def test_every_kind_of_refusal_says_what_is_true() -> None:
    silent = [name for name, c in refusal_classes().items() if not ast.get_docstring(c)]
    assert not silent


def test_no_two_kinds_of_refusal_share_a_name() -> None:
    """The name is the code by which programs know it."""
    kinds = refusal_classes().keys()
    classes = [c.name for m in product() for c in m.nodes if isinstance(c, ast.ClassDef)]
    assert not {name for name in kinds if classes.count(name) > 1}


def test_nothing_is_caught_blindly() -> None:
    blind = [
        module.at(handler)
        for module in product()
        for handler in module.nodes
        if isinstance(handler, ast.ExceptHandler)
        and (handler.type is None or ast.unparse(handler.type) in ("Exception", "BaseException"))
        and not any(isinstance(n, ast.Raise) and n.exc is None for n in ast.walk(handler))
    ]
    assert not blind
