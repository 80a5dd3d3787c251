"""The product's own source, parsed once and only where it is asked for: what the house rules are checked on."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

import sillage

PACKAGE = Path(sillage.__file__).parent
REPOSITORY = PACKAGE.parent
_TABLES = [
    *(p.parent for p in PACKAGE.glob("*/models.py")),
    *(p.parents[1] for p in PACKAGE.glob("*/models/__init__.py")),
]
WITH_TABLES = tuple(sorted(room.name for room in _TABLES))


@dataclass(frozen=True, eq=False)
class Module:
    """A module and its tree. `name` is dotted and without the package: `catalogue.actions.ingest`."""

    name: str
    path: Path
    text: str = field(repr=False)

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        return tuple(ast.walk(self.tree))

    @property
    def room(self) -> str:
        return self.name.partition(".")[0]

    @property
    def is_test(self) -> bool:
        return "tests" in self.name.split(".")

    @property
    def is_action(self) -> bool:
        return self.name.split(".")[1:2] == ["actions"]

    def at(self, node: ast.AST) -> str:
        """Where a node stands, as file:line."""
        return f"{self.path.relative_to(REPOSITORY)}:{getattr(node, 'lineno', 1)}"

    def functions(self) -> dict[str, ast.FunctionDef]:
        """The functions that stand in the module itself, by name."""
        return {f.name: f for f in self.tree.body if isinstance(f, ast.FunctionDef)}

    def calls(self) -> Iterator[ast.Call]:
        return (node for node in self.nodes if isinstance(node, ast.Call))


@cache
def every_module() -> tuple[Module, ...]:
    """All modules of the package but migrations, tests included."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        if "migrations" in parts:
            continue
        text = path.read_text(encoding="utf8")
        name = ".".join(parts).removesuffix(".__init__")
        found.append(Module(name, path, text))
    return tuple(found)


def product() -> tuple[Module, ...]:
    """All modules but migrations and tests."""
    return tuple(m for m in every_module() if not m.is_test)


@cache
def docstrings(module: Module) -> frozenset[ast.Constant]:
    """The constants that are documentation."""
    return frozenset(
        node.value
        for node in module.nodes
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    )


@cache
def origins(module: Module) -> dict[str, str]:
    """{name in the module: dotted name of what was imported}."""
    found: dict[str, str] = {}
    for node in module.nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                found[alias.asname or alias.name.partition(".")[0]] = (
                    alias.name if alias.asname else alias.name.partition(".")[0]
                )
        elif isinstance(node, ast.ImportFrom):
            found |= {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}
    return found


def dotted(node: ast.AST, names: dict[str, str]) -> str:
    """`timezone.now` as `django.utils.timezone.now`; empty for what is not a dotted name."""
    if isinstance(node, ast.Name):
        return names.get(node.id, node.id)
    if isinstance(node, ast.Attribute):
        before = dotted(node.value, names)
        return f"{before}.{node.attr}" if before else ""
    return ""
