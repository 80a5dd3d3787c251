"""Only actions and migrations write. What may write besides stands here with its reason."""

from __future__ import annotations

import ast
import re

from tests.house.source import PACKAGE, WITH_TABLES, Module, docstrings, origins, product

ORM = {"save", "create", "get_or_create", "update_or_create", "bulk_create", "bulk_update", "update", "delete"}
WITH_ROWS_IN_PLACE = {"bulk_create", "bulk_update"}
SQL = re.compile(
    r"\b(INSERT INTO|DELETE FROM|MERGE INTO|TRUNCATE|UPDATE [a-z_{}\"]+( [a-z]+)?\s+SET|COPY .+ (FROM|TO) STD"
    r"|(CREATE|DROP|ALTER) (OR REPLACE )?(TEMPORARY |UNIQUE )?(TABLE|INDEX|DATABASE|EXTENSION|VIEW|FUNCTION|TRIGGER))\b"
)
MAY_WRITE = {
    "adapters.copying": "fills the staging tables that an action hands it",
    "adapters.database.external": "says which statements make a database, and offers the extension",
    "adapters.database.server": "makes the embedded database itself, before there are tables",
}


def _orm_writes(module: Module) -> list[str]:
    """`x.save()`, `rows.update(name=value)`: a dict's or a digest's update takes what it adds by position."""
    return [
        f"{module.at(call)} {ast.unparse(call.func)}"
        for call in module.calls()
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in ORM
        and (not call.args or call.func.attr in WITH_ROWS_IN_PLACE)
    ]


def sql_writes(module: Module, inside: ast.AST) -> list[str]:
    """Statements in a part of a module, its docstrings apart."""
    return [
        f"{module.at(node)} {found.group()}"
        for node in ast.walk(inside)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node not in docstrings(module)
        and (found := SQL.search(node.value))
    ]


def test_only_actions_write() -> None:
    readers = [m for m in product() if not m.is_action and m.name not in MAY_WRITE]
    assert len(readers) > 100
    assert not [write for module in readers for write in (*_orm_writes(module), *sql_writes(module, module.tree))]


def test_whatever_may_write_besides_still_does() -> None:
    assert {m.name for m in product() if m.name in MAY_WRITE and sql_writes(m, m.tree)} == set(MAY_WRITE)


def test_a_file_of_sql_that_writes_is_run_by_actions_and_migrations_only() -> None:
    writing = {p.name for p in PACKAGE.rglob("*.sql") if SQL.search(p.read_text(encoding="utf8"))}
    assert writing
    wrong = [
        f"{module.at(node)} names {node.value}"
        for module in product()
        if not module.is_action
        for node in module.nodes
        if isinstance(node, ast.Constant) and node.value in writing
    ]
    assert not wrong


def test_only_actions_fill_staging_tables() -> None:
    users = [
        m.name for m in product() if "sillage.adapters.copying" in {v.rpartition(".")[0] for v in origins(m).values()}
    ]
    assert users
    assert not [name for name in users if name.split(".")[1] != "actions"]


def test_no_table_changes_what_saving_means() -> None:
    overridden = [
        module.at(function)
        for module in product()
        if module.room in WITH_TABLES and module.name.split(".")[1:2] == ["models"]
        for table in module.tree.body
        if isinstance(table, ast.ClassDef)
        for function in table.body
        if isinstance(function, ast.FunctionDef) and function.name in ("save", "delete")
    ]
    assert not overridden


def test_nobody_listens_to_django_s_signals() -> None:
    wrong = [
        f"{module.name} uses {name}"
        for module in product()
        for name in origins(module).values()
        if name.startswith(("django.db.models.signals", "django.dispatch", "django.core.signals"))
    ]
    assert not wrong
