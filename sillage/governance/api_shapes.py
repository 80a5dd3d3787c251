"""How governance's things look in JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import AwareDatetime, Field, SecretStr

from sillage.governance.engine.actors import ActorKind, Right, Role
from sillage.governance.models import Entry, Receipt
from sillage.governance.shapes import Given, exact
from sillage.lib.receipts import metric_of


class ActorShape(Schema):
    """Who did it: a person (with their member id), a rule, an automation or a model."""

    kind: ActorKind
    name: str
    version: str
    member_id: int | None


class WorkspaceShape(Schema):
    slug: str
    name: str
    is_sample: bool


class Me(Schema):
    actor: ActorShape
    rights: list[Right]
    workspaces: list[WorkspaceShape]


class MemberShape(Schema):
    id: int
    email: str = Field(validation_alias="person.email")
    name: str = Field(validation_alias="person.name")
    role: Role
    joined_at: datetime


class MemberGiven(Given):
    email: Annotated[str, Field(min_length=3, max_length=254)]
    name: Annotated[str, Field(max_length=200)] = ""
    role: Role = Role.READER
    password: SecretStr | None = None


class RoleGiven(Given):
    role: Role


class TokenShape(Schema):
    """`starts` are the secret's first characters, to tell tokens apart."""

    id: int
    name: str
    starts: str = Field(validation_alias="prefix")
    scopes: list[Right]
    member_id: int
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


class IssuedToken(TokenShape):
    starts: str
    secret: str


class TokenGiven(Given):
    name: Annotated[str, Field(min_length=1, max_length=100)]
    scopes: Annotated[list[Right], Field(min_length=1)]
    expires_at: AwareDatetime | None = None


class SubjectShape(Schema):
    kind: str
    id: str


class EntryShape(Schema):
    """One line of the ledger. Hashes are hexadecimal."""

    number: int
    at: datetime
    actor: ActorShape
    verb: str
    subject: SubjectShape
    facts: dict[str, Any]
    previous_hash: str
    hash: str


def entry_shape(entry: Entry) -> dict[str, Any]:
    return {
        "number": entry.number,
        "at": entry.at,
        "actor": {
            "kind": entry.actor_kind,
            "name": entry.actor_name,
            "version": entry.actor_version,
            "member_id": entry.member_id,
        },
        "verb": entry.verb,
        "subject": {"kind": entry.subject_kind, "id": entry.subject_id},
        "facts": exact(entry.facts),
        "previous_hash": bytes(entry.previous_hash).hex(),
        "hash": bytes(entry.hash).hex(),
    }


class BreakShape(Schema):
    number: int
    reason: str


class LedgerCheck(Schema):
    """`broken` is the first entry at which the chain does not hold; `seal`, noted elsewhere, shows a cut end later."""

    entries: int
    holds: bool
    broken: BreakShape | None
    seal: str


class InputShape(Schema):
    """A named input: its value or values, what they were read from, and how they were obtained."""

    value: float | list[float] | None
    refs: list[str]
    source: str


class ReceiptShape(Schema):
    """The proof of one number. `formula`, `unit` and `reference` are null for a version that is not known any more."""

    key: str
    metric: str
    version: int
    formula: str | None
    unit: str | None
    reference: str | None
    subject: SubjectShape
    value: float | None
    inputs: dict[str, InputShape]
    source_class: str
    n: int
    computed_at: datetime
    code_version: str
    hash: str


def receipt_shape(receipt: Receipt) -> dict[str, Any]:
    metric = metric_of(receipt.metric, receipt.version)
    copied = ("key", "metric", "version", "value", "inputs", "source_class", "n", "computed_at", "code_version")
    return {
        **{name: getattr(receipt, name) for name in copied},
        "formula": metric.formula if metric else None,
        "unit": metric.unit if metric else None,
        "reference": metric.reference if metric else None,
        "subject": {"kind": receipt.subject_kind, "id": receipt.subject_id},
        "hash": bytes(receipt.hash).hex(),
    }


class ReceiptCheck(Schema):
    """`changed` are inputs whose source now says something else or is gone; `unread` inputs point to no row."""

    receipt: ReceiptShape
    holds: bool
    is_intact: bool
    recomputed: float | None
    changed: list[str]
    unread: int
