"""How ledger entries chain: the hash of an entry covers its fields and the hash before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

GENESIS = b"\0" * 32


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as it is hashed. `at` is an instant with a zone; `facts` is JSON."""

    workspace_id: int
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


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where a chain does not hold."""

    number: int
    reason: str


def line_hash(line: Line, previous_hash: bytes) -> bytes:
    """SHA-256 over the previous hash and the canonical JSON of the line."""
    fields = {
        "workspace": line.workspace_id,
        "number": line.number,
        "at": line.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": [line.actor_kind, line.actor_name, line.actor_version, line.member_id],
        "verb": line.verb,
        "subject": [line.subject_kind, line.subject_id],
        "facts": line.facts,
    }
    canonical = json.dumps(fields, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(previous_hash + canonical.encode()).digest()


def first_break(chain: Iterable[tuple[Line, bytes, bytes]]) -> Break | None:
    """Walk (line, previous hash, hash) in order and say where the chain breaks first, if it does."""
    expected_previous, expected_number = GENESIS, 1
    for line, previous, own in chain:
        if line.number != expected_number:
            return Break(expected_number, "the entry is missing")
        if previous != expected_previous:
            return Break(line.number, "the entry does not continue the one before it")
        if line_hash(line, previous) != own:
            return Break(line.number, "the entry was changed after it was written")
        expected_previous, expected_number = own, expected_number + 1
    return None
