"""What actions write into the ledger, read off their source: every `record(verb=…)` and the action that it closes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import sillage

PACKAGE = Path(sillage.__file__).parent


@dataclass(frozen=True, slots=True)
class Verb:
    """A ledger verb, the kind of thing that it is about, the action that writes it, and what that action does."""

    name: str
    subject: str
    action: str  # room.action
    sentence: str


def ledger_verbs() -> list[Verb]:
    """Every verb that the actions of any room can write, in alphabetical order."""
    sources = [*PACKAGE.glob("*/actions.py"), *PACKAGE.glob("*/actions/*.py")]
    found = {verb for path in sorted(sources) for verb in _Source(path).verbs()}
    return sorted(found, key=lambda verb: (verb.name, verb.action))


class _Source:
    """One file of actions."""

    def __init__(self, path: Path) -> None:
        self.room = path.relative_to(PACKAGE).parts[0]
        self.tree = ast.parse(path.read_text(encoding="utf-8"))

    @cached_property
    def functions(self) -> dict[str, ast.FunctionDef]:
        return {node.name: node for node in self.tree.body if isinstance(node, ast.FunctionDef)}

    def verbs(self) -> Iterator[Verb]:
        for function in self.functions.values():
            for call in _calls(function):
                given = {keyword.arg: keyword.value for keyword in call.keywords}
                if _name(call) == "record" and "verb" in given:
                    yield from self._written(function, given["verb"], _text(given["subject_kind"]))

    def _written(self, function: ast.FunctionDef, verb: ast.expr, subject: str) -> Iterator[Verb]:
        """The verb as it stands; either one of two; one that is put together from a parameter, once per caller."""
        match verb:
            case ast.Constant(value=str() as name):
                for action in self._actions_of(function):
                    yield self._verb(name, subject, action)
            case ast.IfExp(body=one, orelse=other):
                yield from self._written(function, one, subject)
                yield from self._written(function, other, subject)
            case ast.JoinedStr(values=parts):
                for caller, call in self._callers(function.name):
                    yield self._verb("".join(_part(part, function, call) for part in parts), subject, caller)
            case ast.Name():
                for caller, call in self._callers(function.name):
                    for action in self._actions_of(caller):
                        yield self._verb(_part(ast.FormattedValue(verb, -1), function, call), subject, action)
            case _:
                raise ValueError(
                    f"{self.room}.{function.name}: the verb {ast.unparse(verb)} cannot be read off the source"
                )

    def _verb(self, name: str, subject: str, action: ast.FunctionDef) -> Verb:
        said = (ast.get_docstring(action) or "").split("\n\n")[0]
        return Verb(name, subject, f"{self.room}.{action.name}", " ".join(said.split()))

    def _actions_of(self, function: ast.FunctionDef) -> Iterator[ast.FunctionDef]:
        """The public function itself, or those that end in a private one."""
        if not function.name.startswith("_"):
            yield function
            return
        for caller, _ in self._callers(function.name):
            yield from self._actions_of(caller)

    def _callers(self, name: str) -> Iterator[tuple[ast.FunctionDef, ast.Call]]:
        for function in self.functions.values():
            for call in _calls(function):
                if _name(call) == name and function.name != name:
                    yield function, call


def _calls(function: ast.FunctionDef) -> list[ast.Call]:
    return [node for node in ast.walk(function) if isinstance(node, ast.Call)]


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def _text(node: ast.expr) -> str:
    return str(node.value) if isinstance(node, ast.Constant) else "as given"


def _part(part: ast.expr, function: ast.FunctionDef, call: ast.Call) -> str:
    """A piece of an f-string: its text, or what the call gives for the parameter that it names."""
    if isinstance(part, ast.FormattedValue) and isinstance(part.value, ast.Name):
        names = [argument.arg for argument in function.args.args]
        given = {keyword.arg: keyword.value for keyword in call.keywords} | dict(zip(names, call.args, strict=False))
        return _text(given[part.value.id])
    return _text(part)
