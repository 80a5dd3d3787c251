"""Bulk writing: binary COPY into a temporary table, then one INSERT ... SELECT that writes only what differs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.backends.utils import CursorWrapper
from psycopg import sql

# What an upsert does to a column of a row that is there.
REPLACE = "{new}"
UNLESS_NULL = "coalesce({new}, {old})"
UNLESS_EMPTY = "coalesce(nullif({new}, {empty}), {old})"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a staging table. Without `merge` an upsert leaves the stored value alone."""

    name: str
    type: str
    merge: str = ""


@dataclass(frozen=True, slots=True)
class Staging:
    """A temporary table, made when a connection first needs it and emptied each time it is filled."""

    name: str
    columns: tuple[Column, ...]

    @property
    def table(self) -> sql.Identifier:
        return sql.Identifier(f"staged_{self.name}")

    def names(self) -> sql.Composed:
        return sql.SQL(", ").join(sql.Identifier(c.name) for c in self.columns)

    def fill(self, cursor: CursorWrapper, rows: Iterable[tuple[Any, ...]]) -> None:
        """Replace what the table holds."""
        self._make_empty(cursor)
        statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(self.table, self.names())
        with cursor.copy(statement) as copy:
            copy.set_types([c.type for c in self.columns])
            for row in rows:
                copy.write_row(row)

    def _make_empty(self, cursor: CursorWrapper) -> None:
        cursor.execute("SELECT to_regclass(%s) IS NULL", [f"pg_temp.staged_{self.name}"])
        if cursor.fetchone()[0]:
            columns = sql.SQL(", ").join(
                sql.SQL("{} {}").format(sql.Identifier(c.name), sql.SQL(c.type)) for c in self.columns
            )
            cursor.execute(sql.SQL("CREATE TEMPORARY TABLE {} ({})").format(self.table, columns))
        else:
            cursor.execute(sql.SQL("TRUNCATE {}").format(self.table))


def merged(columns: Iterable[Column]) -> tuple[sql.Composed, sql.Composed]:
    """The SET list of an upsert and its condition "something differs". `old` is the stored row, `excluded` the new."""
    setting: list[sql.Composed] = []
    differing: list[sql.Composed] = []
    for column in columns:
        if not column.merge:
            continue
        name = sql.Identifier(column.name)
        old, new = sql.SQL("old.{}").format(name), sql.SQL("excluded.{}").format(name)
        empty = sql.SQL("'{}'" if column.type.endswith("[]") else "''")
        value = sql.SQL(column.merge).format(new=new, old=old, empty=empty)
        setting.append(sql.SQL("{} = {}").format(name, value))
        differing.append(sql.SQL("{} IS DISTINCT FROM {}").format(old, value))
    return sql.SQL(", ").join(setting), sql.SQL(" OR ").join(differing)
