"""How ledger entries chain: the hash of an entry covers its fields and the hash before it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sillage.lib.errors import Malformed
from sillage.lib.sentences import Sentence

GENESIS = b"\0" * 32
_SEAL = re.compile(r"(\d{1,18})-([0-9a-f]{64})")


class SealMalformed(Malformed):
    """What was given is not the seal of a ledger."""


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


@dataclass(frozen=True, slots=True)
class Seal:
    """The newest entry of a chain at some time: noted elsewhere, it shows when the end is cut off or all of it rewritten."""

    number: int
    hash: bytes

    def __str__(self) -> str:
        return f"{self.number}-{self.hash.hex()}"


def seal_from(text: str) -> Seal:
    """The seal that was noted. Raises SealMalformed."""
    found = _SEAL.fullmatch(text.strip())
    if found is None:
        raise SealMalformed(
            Sentence("“%(text)s” is not the seal of a ledger.", text=text.strip()[:100]),
            Sentence("Give it as it was shown: the number of an entry, a hyphen and 64 letters and digits."),
        )
    return Seal(int(found[1]), bytes.fromhex(found[2]))


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


def first_break(chain: Iterable[tuple[Line, bytes, bytes]], seal: Seal | None = None) -> Break | None:
    """Walk (line, previous hash, hash) in order and say where the chain breaks first, or differs from the seal, if it does."""
    expected_previous, expected_number = GENESIS, 1
    for line, previous, own in chain:
        if line.number != expected_number:
            return Break(expected_number, Sentence("the entry is missing"))
        if previous != expected_previous:
            return Break(line.number, Sentence("the entry does not continue the one before it"))
        if line_hash(line, previous) != own:
            return Break(line.number, Sentence("the entry was changed after it was written"))
        if seal is not None and line.number == seal.number and own != seal.hash:
            return Break(line.number, Sentence("the entry is another than the one that was sealed"))
        expected_previous, expected_number = own, expected_number + 1
    if seal is not None and seal.number >= expected_number:
        return Break(expected_number, Sentence("the entry was there when the seal was taken, and is missing"))
    return None
