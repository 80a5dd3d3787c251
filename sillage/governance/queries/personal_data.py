"""What is stored about somebody, over all rooms: counted, explained and copied from the list of all tables."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Model, Q, QuerySet

from sillage.governance.engine.personal_data import Data, Table, Whose, about_creators
from sillage.governance.queries.privacy import Subject

MOST_ROWS = 20_000  # of one table in one copy; the copy says where there are more


_finders: list[Callable[[str], type[Model]]] = []


def find_tables_with(finder: Callable[[str], type[Model]]) -> None:
    """Let the front say which table stands behind a name: governance knows no room above it."""
    _finders[:] = [finder]


def model_of(name: str) -> type[Model]:
    """The table behind “catalogue.Account”."""
    return _finders[0](name)


@dataclass(frozen=True, slots=True)
class Held:
    """Rows of a table that are somebody's, and what they say of them."""

    table: Table
    rows: int
    data: tuple[Data, ...]


def rows_of(table: Table, workspace_id: int, subject: Subject) -> QuerySet[Model]:
    """Somebody's rows in a table, within the workspace."""
    rows = model_of(table.name)._default_manager.filter(**{table.workspace: workspace_id})
    if table.reach != "subject":
        return rows.filter(**{table.reach: subject.id})
    accounts = [str(a) for a in subject.account_ids]
    themselves = Q(subject_kind=subject.kind, subject_id=str(subject.id))
    return rows.filter(themselves | Q(subject_kind="account", subject_id__in=accounts))


def list_held(workspace_id: int, subject: Subject) -> list[Held]:
    """What is stored about somebody, table by table; tables without a row of theirs are left out."""
    held = []
    for table in about_creators():
        own = _own(table)
        if own and (count := rows_of(table, workspace_id, subject).count()):
            held.append(Held(table, count, own))
    return held


def _own(table: Table) -> tuple[Data, ...]:
    """Columns that are theirs: not a commenter's, not a member's."""
    return tuple(data for data in table.personal if data.whose is Whose.CREATOR)


def copy_of(workspace_id: int, subject: Subject, at: datetime) -> dict[str, Any]:
    """Everything that is stored about somebody, as plain data for JSON (GDPR, articles 15(3) and 20).

    Bytes are base64. A table with more than MOST_ROWS rows says how many were left out.
    """
    tables: dict[str, Any] = {}
    for held in list_held(workspace_id, subject):
        fields = [name for data in held.data for name in data.fields]
        rows = rows_of(held.table, workspace_id, subject).order_by("pk").values(*fields)[:MOST_ROWS]
        tables[held.table.name] = {
            "about": [
                {
                    "fields": list(data.fields),
                    "what": data.what.en,
                    "origin": data.origin.value.en,
                    "why": data.why.value.purpose.en,
                    "basis": data.why.value.basis.value.en,
                    "kept": data.until.value.en,
                }
                for data in held.data
            ],
            "rows": [{name: _plain(value) for name, value in row.items()} for row in rows],
            "left_out": max(0, held.rows - MOST_ROWS),
        }
    return {"copied_at": at.isoformat(), "creator": subject.id, "name": subject.name, "tables": tables}


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case datetime() | date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case bytes() | bytearray() | memoryview():
            return base64.b64encode(bytes(value)).decode()
        case dict():
            return {str(name): _plain(inner) for name, inner in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_plain(inner) for inner in value]
    if hasattr(value, "to_list"):  # a half vector
        return [round(float(x), 6) for x in value.to_list()]
    return str(value)
