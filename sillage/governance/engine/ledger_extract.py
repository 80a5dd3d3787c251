"""Some lines of a ledger as a file: each proves its own words, none proves that no other line was left out.

A line's hash covers its fields and the hash before it (engine/ledger.py), so a changed line shows by itself, and two lines that
follow one another show that nothing stood between them. Whether the extract is of the real ledger, and how that went on, only
the ledger itself can say: `head` is its last entry when the extract was made, to compare with.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from sillage.governance.engine.ledger import Line, line_hash


class ExtractLine(BaseModel):
    """One entry. Hashes are hexadecimal."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    workspace: int
    number: int
    at: datetime
    actor_kind: str
    actor_name: str
    actor_version: str
    member_id: int | None
    verb: str
    subject_kind: str
    subject_id: str
    facts: dict[str, Any]
    previous_hash: str
    hash: str

    @property
    def line(self) -> Line:
        named = self.model_dump(exclude={"workspace", "previous_hash", "hash"})
        return Line(workspace_id=self.workspace, **named)


class Head(BaseModel):
    """The last entry of the whole ledger when the extract was made."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int
    hash: str


class Extract(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    head: Head
    entries: list[ExtractLine]


def extract_line(line: Line, previous: bytes, own: bytes) -> ExtractLine:
    named = {name: getattr(line, name) for name in Line.__slots__ if name != "workspace_id"}
    named["at"] = line.at.astimezone(UTC)
    return ExtractLine(workspace=line.workspace_id, previous_hash=previous.hex(), hash=own.hex(), **named)


def broken_lines(entries: Iterable[ExtractLine]) -> list[tuple[int, str]]:
    """The lines that do not hold, by number, each with what is wrong."""
    found: list[tuple[int, str]] = []
    before: ExtractLine | None = None
    for entry in entries:
        if line_hash(entry.line, _bytes(entry.previous_hash)).hex() != entry.hash:
            found.append((entry.number, "the entry was changed after it was written"))
        if before is not None and entry.number <= before.number:
            found.append((entry.number, "the entries are not in their order"))
        if before is not None and entry.number == before.number + 1 and entry.previous_hash != before.hash:
            found.append((entry.number, "the entry does not continue the one before it"))
        before = entry
    return found


def _bytes(written: str) -> bytes:
    try:
        return bytes.fromhex(written)
    except ValueError:
        return b""
