"""The API of policies: what machines may do by themselves, what they did, and the switch that stops all of it."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from ninja import Router

from sillage.governance import actions, queries
from sillage.governance.api_access import Call, allowed
from sillage.governance.approval_shapes import (
    Policies,
    PolicyGiven,
    PolicyShape,
    ReasonGiven,
    SwitchShape,
    UseShape,
    VerdictGiven,
    policy_shape,
    switch_shape,
    use_shape,
)
from sillage.governance.engine.actors import Right
from sillage.governance.engine.policy_limits import Limits
from sillage.governance.shapes import Limit, Rows, rows

router = Router(tags=["governance"])


@router.get("/policies", **allowed(Right.READ), response=Policies)
def list_policies(request: Call) -> dict[str, Any]:
    """Policies with what was done in them, whether all are stopped, and the acts that a policy can allow."""
    found = queries.list_policies(request.auth.workspace_id, timezone.now())
    return {
        "switch": switch_shape(queries.policies_stopped(request.auth.workspace_id)),
        "items": [policy_shape(one) for one in found],
        "acts": actions.policy_verbs(),
    }


@router.post("/policies", **allowed(Right.APPROVE), response={201: PolicyShape})
def allow_policy(request: Call, given: PolicyGiven) -> dict[str, Any]:
    """Let machines do one kind of thing within scope and limits, until a day. Signed like an approval."""
    now = timezone.now()
    limits = Limits(**given.dict(exclude={"act", "sample_percent", "reason"}))
    made = actions.allow_policy(
        verb=given.act,
        limits=limits,
        sample_percent=given.sample_percent,
        reason=given.reason,
        actor=request.auth,
        now=now,
    )
    found = queries.list_policies(request.auth.workspace_id, now)
    return policy_shape(next(one for one in found if one.policy.pk == made.pk))


@router.post("/policies/stop", **allowed(Right.CAMPAIGN), response=SwitchShape)
def stop_policies(request: Call, given: ReasonGiven) -> dict[str, Any]:
    """Stop every policy of the workspace at once."""
    return switch_shape(actions.stop_policies(reason=given.reason, actor=request.auth, now=timezone.now()))


@router.post("/policies/resume", **allowed(Right.APPROVE), response=SwitchShape)
def resume_policies(request: Call, given: ReasonGiven) -> dict[str, Any]:
    """Let the policies go on, within their limits and until their ends."""
    actions.resume_policies(reason=given.reason, actor=request.auth, now=timezone.now())
    return switch_shape(None)


@router.post("/policies/{int:policy_id}/end", **allowed(Right.APPROVE), response={204: None})
def end_policy(request: Call, policy_id: int) -> None:
    """End one policy before its time."""
    actions.end_policy(policy_id=policy_id, actor=request.auth, now=timezone.now())


@router.get("/policy-uses", **allowed(Right.READ), response=Rows[UseShape])
def list_uses(request: Call, cursor: str | None = None, limit: Limit = 50) -> dict[str, Any]:
    """What machines did within policies, the newest first."""
    found = queries.list_uses(request.auth.workspace_id, cursor=cursor, limit=limit)
    return rows(map(use_shape, found.items), found.next_cursor)


@router.get("/policy-uses/to-review", **allowed(Right.READ), response=Rows[UseShape])
def list_to_review(request: Call) -> dict[str, Any]:
    """Sampled uses that nobody has looked at yet, the oldest first."""
    return rows(map(use_shape, queries.list_to_review(request.auth.workspace_id)))


@router.post("/policy-uses/{int:use_id}/judge", **allowed(Right.CAMPAIGN), response=UseShape)
def judge_use(request: Call, use_id: int, given: VerdictGiven) -> dict[str, Any]:
    """Say whether a sampled use was right."""
    return use_shape(
        actions.judge_use(
            use_id=use_id, is_right=given.is_right, note=given.note, actor=request.auth, now=timezone.now()
        )
    )


@router.post("/policy-uses/{int:use_id}/undo", **allowed(Right.CAMPAIGN), response=UseShape)
def undo_use(request: Call, use_id: int, given: ReasonGiven) -> dict[str, Any]:
    """Undo what a machine did."""
    return use_shape(actions.undo_use(use_id=use_id, reason=given.reason, actor=request.auth, now=timezone.now()))
