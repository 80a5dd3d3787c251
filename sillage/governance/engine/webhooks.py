"""Webhooks: which entries an endpoint hears of, what it is sent, how that is signed, and when it is tried again."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sillage.governance.engine.actors import ActorKind
from sillage.governance.engine.ledger import Line

EVERYTHING = "*"
PING = "ping"
PATTERN = re.compile(r"\*|[a-z_]+\.(\*|[a-z_]+)")
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=6)
MOST_ATTEMPTS = 20  # about three days
FAILS_FOR = timedelta(days=5)  # then an endpoint is disabled
GONE, FAILING = "gone", "failing"  # why Sillage disabled an endpoint
OVERLAP = timedelta(hours=24)  # how long the old secret signs beside the new one
# Facts whose values are Sillage's own words. Any other text in an entry may name a person, and stays here.
WORDS_OF_OURS = frozenset(
    {"from", "to", "role", "stage", "state", "verdict", "purpose", "network", "format", "channel", "kind", "act"}
    | {"currency", "digest", "version", "versions", "scopes", "fields", "events", "enricher", "is_on"}
)
_WORD = re.compile(r"[\w.:*-]{1,80}", re.ASCII)


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    WAITING = "waiting"  # for its turn, or for the next try
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"  # after the last try; a member may have it sent again


def patterns_for(verb: str) -> tuple[str, ...]:
    """What an endpoint may listen to in order to hear of a verb: everything, its room, the verb itself."""
    return EVERYTHING, f"{verb.partition('.')[0]}.*", verb


# -- what is sent ----------------------------------------------------------------------------------------------------


def entry_body(workspace: str, line: Line, own_hash: bytes) -> bytes:
    """The JSON body that tells of a ledger entry: ids, words of Sillage's own and numbers; no name, no free text."""
    is_person = line.actor_kind == ActorKind.PERSON.value
    return _json(
        {
            "type": line.verb,
            "workspace": workspace,
            "number": line.number,
            "hash": own_hash.hex(),
            "at": line.at.isoformat(),
            "actor": {
                "kind": line.actor_kind,
                "name": None if is_person else line.actor_name,
                "version": line.actor_version,
                "member_id": line.member_id,
            },
            "subject": {"kind": line.subject_kind, "id": line.subject_id},
            "facts": impersonal(line.facts),
        }
    )


def ping_body(workspace: str, at: datetime) -> bytes:
    """The JSON body of a test."""
    return _json({"type": PING, "workspace": workspace, "at": at.isoformat()})


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def impersonal(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts that can name nobody: numbers, yes and no, and words of Sillage's own under names that hold such words."""
    found = {name: _plain(value, name in WORDS_OF_OURS) for name, value in facts.items()}
    return {name: value for name, value in found.items() if value is not _PERSONAL}


_PERSONAL = object()


def _plain(value: Any, may_be_text: bool) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str):
        return value if may_be_text and _WORD.fullmatch(value) else _PERSONAL
    if isinstance(value, list):
        parts = [_plain(part, may_be_text) for part in value]
        return parts if _PERSONAL not in parts else _PERSONAL
    return _PERSONAL


# -- the signature ---------------------------------------------------------------------------------------------------


def signature(secret: bytes, at: datetime, body: bytes) -> str:
    """Hexadecimal HMAC-SHA256 over "<seconds since 1970>.<body>"."""
    return hmac.new(secret, f"{int(at.timestamp())}.".encode() + body, hashlib.sha256).hexdigest()


def signature_header(secrets: Sequence[bytes], at: datetime, body: bytes) -> str:
    """`t=1781524800,v1=5f3a…`: one v1 per secret that is valid now, two while a rotation overlaps."""
    return ",".join([f"t={int(at.timestamp())}", *(f"v1={signature(secret, at, body)}" for secret in secrets)])


# -- trying again ----------------------------------------------------------------------------------------------------


def pause_after(attempts: int, delivery_id: int) -> timedelta:
    """How long to wait after so many failed tries: 30 s doubled each time, 6 h at most, up to a fifth less or more.

    The jitter comes from a hash of delivery and try, so that many that failed together do not come back together.
    """
    exact: timedelta = min(FIRST_PAUSE * 2 ** (min(attempts, 20) - 1), LONGEST_PAUSE)
    drawn = hashlib.sha256(f"{delivery_id}:{attempts}".encode()).digest()
    jittered: timedelta = exact * (0.8 + 0.4 * int.from_bytes(drawn[:4], "big") / 2**32)
    return jittered


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one try. `status` is None when there was no answer; then `failure` says why."""

    status: int | None
    answer: str
    took_ms: int | None
    failure: str = ""

    @property
    def is_delivered(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        """410: the other side says that it listens no more (RFC 9110, 15.5.11)."""
        return self.status == 410
