"""How approvals, rules, keys and policies look in JSON. Amounts are strings, so that no reader rounds them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from ninja import Schema
from pydantic import AwareDatetime, Field

from sillage.governance.api_shapes import SubjectShape
from sillage.governance.engine.actors import Role
from sillage.governance.engine.acts import Standing, Verdict
from sillage.governance.models import ApprovalRequest, ApprovalRule, Policy, PolicySwitch, PolicyUse, SigningKey
from sillage.governance.queries import PolicyStanding
from sillage.governance.queries.approval_inbox import Reading
from sillage.governance.shapes import Given

Money = Annotated[Decimal, Field(max_digits=12, decimal_places=2, ge=0)]
Reason = Annotated[str, Field(max_length=500)]


class WordShape(Schema):
    verdict: Verdict
    person: str = Field(validation_alias="person_name")
    by: str
    reason: str
    decided_at: datetime
    signature: str


class RequestShape(Schema):
    """A request for approval. `digest` is the SHA-256 of the act; `amount` is in `currency`."""

    id: int
    standing: Standing
    act: str
    subject: SubjectShape
    summary: str
    content: dict[str, Any]
    recipients: list[str]
    amount: str | None
    currency: str
    digest: str
    people_needed: int
    asked_by: str
    asked_at: datetime
    expires_at: datetime
    used_at: datetime | None
    withdrawn_at: datetime | None


def request_shape(request: ApprovalRequest, standing: Standing) -> dict[str, Any]:
    copied = ("summary", "content", "recipients", "currency", "asked_at", "expires_at", "used_at", "withdrawn_at")
    return {
        **{name: getattr(request, name) for name in copied},
        "id": request.pk,
        "standing": standing,
        "act": request.verb,
        "subject": {"kind": request.subject_kind, "id": request.subject_id},
        "amount": None if request.amount is None else f"{request.amount:.2f}",
        "digest": bytes(request.digest).hex(),
        "people_needed": request.needed,
        "asked_by": request.asked_by_name,
    }


class ChangeShape(Schema):
    field: str
    before: str | None
    after: str | None


class ApproverShape(Schema):
    id: int
    email: str
    role: Role


class ReadingShape(RequestShape):
    """A request with everything that a person looks at. `changes` are against `changed_since`, which was approved last."""

    words: list[WordShape]
    changed_since: int | None
    changes: list[ChangeShape]
    may_approve: list[ApproverShape]
    why_not_you: str


def reading_shape(reading: Reading) -> dict[str, Any]:
    return {
        **request_shape(reading.request, reading.standing),
        "words": [
            {
                "verdict": word.verdict,
                "person_name": word.person_name,
                "by": word.by,
                "reason": word.reason,
                "decided_at": word.decided_at,
                "signature": word.statement["signature"],
            }
            for word in reading.request.approvals.order_by("decided_at", "pk")
        ],
        "changed_since": reading.before.pk if reading.before else None,
        "changes": [{"field": c.field, "before": c.before, "after": c.after} for c in reading.changes],
        "may_approve": [{"id": m.pk, "email": m.person.email, "role": m.role} for m in reading.approvers],
        "why_not_you": reading.why_not,
    }


class WordGiven(Given):
    """A yes or a no. A no needs its reason."""

    verdict: Verdict
    reason: Reason = ""


class RuleShape(Schema):
    """`act` empty is every act; no role and no member is everybody with the right to approve."""

    id: int
    act: str
    roles: list[Role]
    members: list[int]
    up_to: str | None
    two_from: str | None
    always_two: bool
    currency: str


def rule_shape(row: ApprovalRule) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in ("roles", "members", "always_two", "currency")},
        "id": row.pk,
        "act": row.verb,
        "up_to": None if row.up_to is None else f"{row.up_to:.2f}",
        "two_from": None if row.two_from is None else f"{row.two_from:.2f}",
    }


class RuleGiven(Given):
    act: Annotated[str, Field(max_length=80)] = ""
    roles: list[Role] = []
    members: list[int] = []
    up_to: Money | None = None
    two_from: Money | None = None
    always_two: bool = False
    currency: Annotated[str, Field(max_length=3)] = "EUR"


class KeyShape(Schema):
    """A public key in hexadecimal. The one that is not retired signs."""

    name: str
    public: str
    made_at: datetime
    retired_at: datetime | None


def key_shape(row: SigningKey) -> dict[str, Any]:
    return {"name": row.name, "public": bytes(row.public).hex(), "made_at": row.made_at, "retired_at": row.retired_at}


class PolicyShape(Schema):
    """A policy and what was done in it. `threshold` is the least confidence, 0 to 1; uses count per day in UTC."""

    id: int
    act: str
    scope: dict[str, list[Any]]
    threshold: str | None
    per_day: int
    amount_per_day: str | None
    currency: str
    sample_percent: int
    allowed_by: str
    reason: str
    allowed_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    is_live: bool
    uses: int
    uses_today: int
    right: int
    wrong: int
    undone: int


def policy_shape(found: PolicyStanding) -> dict[str, Any]:
    policy: Policy = found.policy
    copied = ("scope", "per_day", "currency", "sample_percent", "reason", "allowed_at", "expires_at", "ended_at")
    return {
        **{name: getattr(policy, name) for name in copied},
        **{name: getattr(found, name) for name in ("is_live", "uses", "right", "wrong", "undone")},
        "id": policy.pk,
        "act": policy.verb,
        "threshold": None if policy.threshold is None else f"{policy.threshold:.4f}",
        "amount_per_day": None if policy.amount_per_day is None else f"{policy.amount_per_day:.2f}",
        "allowed_by": policy.person_name,
        "uses_today": found.today,
    }


class SwitchShape(Schema):
    """Whether every policy is stopped, and who did that."""

    is_stopped: bool
    person: str | None
    reason: str | None
    at: datetime | None


def switch_shape(stopped: PolicySwitch | None) -> dict[str, Any]:
    if stopped is None:
        return {"is_stopped": False, "person": None, "reason": None, "at": None}
    return {"is_stopped": True, "person": stopped.person_name, "reason": stopped.reason, "at": stopped.at}


class Policies(Schema):
    switch: SwitchShape
    items: list[PolicyShape]
    acts: list[str]


class PolicyGiven(Given):
    act: Annotated[str, Field(max_length=80)]
    scope: dict[str, list[str | int | float | bool]] = {}
    threshold: Annotated[Decimal, Field(ge=0, le=1)] | None = None
    per_day: Annotated[int, Field(ge=1)]
    amount_per_day: Money | None = None
    currency: Annotated[str, Field(max_length=3)] = ""
    sample_percent: Annotated[int, Field(ge=0, le=100)] = 10
    reason: Annotated[str, Field(min_length=1, max_length=500)]
    expires_at: AwareDatetime


class ReasonGiven(Given):
    reason: Reason = ""


class UseShape(Schema):
    """One thing that a machine did within a policy."""

    id: int
    policy_id: int
    act: str
    subject: SubjectShape
    about: dict[str, Any]
    score: str | None
    amount: str | None
    currency: str
    machine: str
    used_at: datetime
    is_sampled: bool
    verdict: str
    undone_at: datetime | None


def use_shape(use: PolicyUse) -> dict[str, Any]:
    copied = ("policy_id", "about", "currency", "used_at", "is_sampled", "verdict", "undone_at")
    return {
        **{name: getattr(use, name) for name in copied},
        "id": use.pk,
        "act": use.policy.verb,
        "subject": {"kind": use.subject_kind, "id": use.subject_id},
        "score": None if use.score is None else f"{use.score:.4f}",
        "amount": None if use.amount is None else f"{use.amount:.2f}",
        "machine": f"{use.machine_kind} {use.machine_name} {use.machine_version}".strip(),
    }


class VerdictGiven(Given):
    is_right: bool
    note: Reason = ""
