"""A refusal says what is true and what to do next."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from itertools import takewhile

from sillage.lib.sentences import Sentence
from tests.house.source import Module, dotted, origins, product

RAISED_OR_HANDED = ast.Raise | ast.Return | ast.Assign | ast.Yield


# Doors of programs, and what only whoever installs, writes a pack or evaluates meets: they speak English.
ENGLISH = re.compile(
    r"(\w+\.)*(cli|api|api_\w+|evaluation)(\.|$)|adapters\.(database|clusters|copying)|catalogue\.engine\.mapping_text"
    r"|front\.(commands|configuration|management|start)|lib\.errors$"
)


@cache
def refusal_classes(root: str = "Refusal") -> dict[str, ast.ClassDef]:
    """Every kind of refusal by name: `Refusal` and what derives from it, directly or not."""
    classes = {c.name: c for m in product() for c in m.nodes if isinstance(c, ast.ClassDef)}
    known = {root}
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


def _own(kinds: dict[str, ast.ClassDef]) -> set[str]:
    """Those that put their sentence together themselves, instead of taking a message."""
    inits = {n: f for n, c in kinds.items() for f in c.body if isinstance(f, ast.FunctionDef) and f.name == "__init__"}
    return {name for name, f in inits.items() if "message" not in {a.arg for a in f.args.args}}


def _worded(module: Module, kinds: dict[str, ast.ClassDef]) -> Iterator[ast.Call]:
    """Where words are given to one of these kinds, wherever it is made."""
    own = _own(kinds)
    yield from (c for c in module.calls() if ast.unparse(c.func).rpartition(".")[2] in kinds.keys() - own)
    for kind in module.nodes:
        if isinstance(kind, ast.ClassDef) and kind.name in own:
            calls = (node for node in ast.walk(kind) if isinstance(node, ast.Call))
            yield from (call for call in calls if ast.unparse(call.func) == "super().__init__")


def _before_stars(given: list[ast.expr]) -> list[ast.expr]:
    return list(takewhile(lambda one: not isinstance(one, ast.Starred), given))


def _plain(node: ast.AST | None) -> bool:
    """Text that no translation is looked for: written there, or put together there."""
    match node:
        case ast.Constant(value=str() as text):
            return bool(text)
        case ast.IfExp(body=one, orelse=other):
            return _plain(one) or _plain(other)
        case ast.BinOp(left=one, right=other) | ast.BoolOp(values=[one, other]):
            return _plain(one) or _plain(other)
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str()), attr="format")):
            return True
    return isinstance(node, ast.JoinedStr)


def test_a_refusal_that_a_page_may_show_can_be_said_in_the_readers_language() -> None:
    """Its message and hint are a `Sentence`, whose template stands in the source."""
    kinds, outside = refusal_classes(), refusal_classes("OutsideError")
    found = {
        f"{module.at(call)} {ast.unparse(call)[:100]}"
        for module in product()
        if not ENGLISH.match(module.name)
        for of, arguments in ((kinds, 2), (outside, 1))
        for call in _worded(module, of)
        for given in [
            *_before_stars(call.args)[:arguments],
            *(k.value for k in call.keywords if k.arg in ("message", "hint")),
        ]
        if _plain(given)
    }
    assert not sorted(found)


def test_the_reason_of_a_refused_row_can_be_said_in_the_readers_language() -> None:
    made = [(m, c, ast.unparse(c.func).rpartition(".")[2]) for m in product() for c in m.calls()]
    places = {"Reject": 4, "RefusedRow": 3, "reject": 3}
    given = [(m, c.args[places[name]]) for m, c, name in made if name in places and len(c.args) > places[name]]
    assert len(given) > 5
    assert not [m.at(reason) for m, reason in given if _plain(reason)]


def test_the_template_of_a_sentence_stands_in_the_source_as_one_plain_string() -> None:
    """Translators' tools read no other. A template that is filled elsewhere is a `Sentence` there."""
    made = [(m, c, dotted(c.func, origins(m))) for m in product() for c in m.calls()]
    sentences = [(m, c.args[:1]) for m, c, name in made if name == f"{Sentence.__module__}.Sentence"]
    terms = [(m, c.args[:2]) for m, c, name in made if name == f"{Sentence.__module__}.Term"]
    assert len(sentences) > 1_500 and len(terms) > 100

    def stands(given: ast.expr) -> bool:
        return isinstance(given, ast.Constant) or ast.unparse(given).endswith(".template")

    assert not [m.at(a) for m, given in [*sentences, *terms] for a in given if not stands(a)]


# What no page lists.
_LISTED_BY_COMMANDS = ("sillage themes list", "sillage workspace list", "sillage connect --list")


def test_a_hint_that_a_page_may_show_does_not_send_its_reader_to_a_command_for_what_a_page_lists() -> None:
    made = [(m, c) for m in product() if not ENGLISH.match(m.name) for c in m.calls()]
    hints = [(m, c, c.args[0].value) for m, c in made if c.args and isinstance(c.args[0], ast.Constant)]
    sending = re.compile(r"(See|List)( them| the \w+| a \S+)? with `(sillage [\w -]+)`\.")
    sent = [(m.at(c), found[3]) for m, c, text in hints if (found := sending.fullmatch(str(text)))]
    assert sent and not [where for where, command in sent if command not in _LISTED_BY_COMMANDS]


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
