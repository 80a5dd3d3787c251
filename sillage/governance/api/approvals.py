"""The API of approvals: what awaits a word, the word, rules, keys, files. Asking is part of each act's own endpoint."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router

from sillage.governance import actions, queries
from sillage.governance.api_access import Call, allowed
from sillage.governance.approval_shapes import (
    KeyShape,
    ReadingShape,
    RequestShape,
    RuleGiven,
    RuleShape,
    WordGiven,
    key_shape,
    reading_shape,
    request_shape,
    rule_shape,
)
from sillage.governance.engine.actors import Right
from sillage.governance.engine.acts import Standing
from sillage.governance.shapes import Limit, Rows, rows

router = Router(tags=["governance"])


@router.get("/approvals", **allowed(Right.READ), response=Rows[RequestShape])
def list_approvals(request: Call, cursor: str | None = None, limit: Limit = 50) -> dict[str, Any]:
    """All that was asked, the newest first, with where it stands."""
    found = queries.list_requests(request.auth.workspace_id, timezone.now(), cursor=cursor, limit=limit)
    return rows((request_shape(one.request, one.standing) for one in found.items), found.next_cursor)


@router.get("/approvals/awaiting", **allowed(Right.READ), response=Rows[RequestShape])
def list_awaiting(request: Call) -> dict[str, Any]:
    """What awaits the caller's own word, the oldest first."""
    found = queries.list_awaiting(request.auth, timezone.now())
    return rows(request_shape(one, Standing.WAITING) for one in found)


@router.get("/approvals/rules", **allowed(Right.READ), response=Rows[RuleShape])
def list_approval_rules(request: Call) -> dict[str, Any]:
    """Who may approve what. Without any rule, everybody with the right to approve may approve everything."""
    return rows(map(rule_shape, queries.list_approval_rules(request.auth.workspace_id)))


@router.post("/approvals/rules", **allowed(Right.ADMIN), response={201: RuleShape})
def add_approval_rule(request: Call, given: RuleGiven) -> dict[str, Any]:
    """Add a rule. It holds for what is asked from now on."""
    return rule_shape(
        actions.add_approval_rule(
            verb=given.act,
            roles=given.roles,
            members=given.members,
            up_to=given.up_to,
            two_from=given.two_from,
            always_two=given.always_two,
            currency=given.currency,
            actor=request.auth,
            now=timezone.now(),
        )
    )


@router.delete("/approvals/rules/{int:rule_id}", **allowed(Right.ADMIN), response={204: None})
def remove_approval_rule(request: Call, rule_id: int) -> None:
    """Take a rule away."""
    actions.remove_approval_rule(rule_id=rule_id, actor=request.auth, now=timezone.now())


@router.get("/approvals/keys", **allowed(Right.READ), response=Rows[KeyShape])
def list_signing_keys(request: Call) -> dict[str, Any]:
    """The public keys with which this workspace signs, the newest first."""
    return rows(map(key_shape, queries.list_signing_keys(request.auth.workspace_id)))


@router.post("/approvals/keys", **allowed(Right.ADMIN), response={201: KeyShape})
def rotate_signing_key(request: Call) -> dict[str, Any]:
    """Sign with a new key from now on. The old one still verifies what it signed."""
    return key_shape(actions.rotate_signing_key(actor=request.auth, now=timezone.now()))


@router.get("/approvals/{int:approval_id}", **allowed(Right.READ), response=ReadingShape)
def get_approval(request: Call, approval_id: int) -> dict[str, Any]:
    """One request: exactly what would be done, what changed since it was last approved, and everybody's word."""
    return reading_shape(queries.read_request(approval_id, request.auth, timezone.now()))


@router.get("/approvals/{int:approval_id}/file", **allowed(Right.READ))
def get_approval_file(request: Call, approval_id: int) -> HttpResponse:
    """The request with every signed word, as a file that `sillage approval verify` checks without a database."""
    content = queries.approval_file(request.auth.workspace_id, approval_id, timezone.now())
    return HttpResponse(content, content_type="application/json")


@router.post("/approvals/{int:approval_id}/decide", **allowed(Right.APPROVE), response=ReadingShape)
def decide_approval(request: Call, approval_id: int, given: WordGiven) -> dict[str, Any]:
    """Say yes or no to exactly what the request holds. The word is signed by the workspace's key."""
    now = timezone.now()
    actions.decide_approval(
        request_id=approval_id, verdict=given.verdict, reason=given.reason, actor=request.auth, now=now
    )
    return reading_shape(queries.read_request(approval_id, request.auth, now))


@router.post("/approvals/{int:approval_id}/withdraw", **allowed(Right.CAMPAIGN), response=ReadingShape)
def withdraw_approval(request: Call, approval_id: int) -> dict[str, Any]:
    """Take back what one asked for; an owner may take back anybody's."""
    now = timezone.now()
    actions.withdraw_approval(request_id=approval_id, actor=request.auth, now=now)
    return reading_shape(queries.read_request(approval_id, request.auth, now))
