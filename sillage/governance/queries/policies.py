"""Reading policies, what machines did within them, and what a person should look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from sillage.governance.engine.policy_limits import Limits, Spent
from sillage.governance.models import Policy, PolicySwitch, PolicyUse
from sillage.lib.errors import NotFound
from sillage.lib.paging import Page, cursor_of, key_of
from sillage.lib.sentences import Sentence


@dataclass(frozen=True, slots=True)
class PolicyStanding:
    """A policy with what was done in it: ever, today, and what people said of the sampled uses."""

    policy: Policy
    is_live: bool
    uses: int
    today: int
    right: int
    wrong: int
    undone: int


def limits_of(policy: Policy) -> Limits:
    return Limits(
        scope=policy.scope,
        threshold=policy.threshold,
        per_day=policy.per_day,
        amount_per_day=policy.amount_per_day,
        currency=policy.currency,
        expires_at=policy.expires_at,
    )


def spent_on(policy: Policy, now: datetime) -> Spent:
    """What was done in a policy on the day of `now`, in UTC. What was undone counts too: it was done."""
    found = PolicyUse.objects.filter(policy=policy, used_on=now.astimezone(UTC).date())
    totals = found.aggregate(count=Count("pk"), amount=Sum("amount"))
    return Spent(totals["count"], totals["amount"] or Decimal(0))


def policies_stopped(workspace_id: int) -> PolicySwitch | None:
    """Who stopped every policy of the workspace, when and why; None while they may be used."""
    newest = PolicySwitch.objects.filter(workspace_id=workspace_id).order_by("-pk").first()
    return newest if newest is not None and newest.is_stopped else None


def list_policies(workspace_id: int, now: datetime) -> list[PolicyStanding]:
    """The live ones first, then the newest."""
    today = now.astimezone(UTC).date()
    counted = Policy.objects.filter(workspace_id=workspace_id).annotate(
        n_uses=Count("uses"),
        n_today=Count("uses", filter=Q(uses__used_on=today)),
        n_right=Count("uses", filter=Q(uses__verdict="right")),
        n_wrong=Count("uses", filter=Q(uses__verdict="wrong")),
        n_undone=Count("uses", filter=Q(uses__undone_at__isnull=False)),
    )
    found = [_standing(policy, now) for policy in counted.order_by("-pk")]
    return sorted(found, key=lambda one: not one.is_live)


def _standing(policy: Any, now: datetime) -> PolicyStanding:
    return PolicyStanding(
        policy=policy,
        is_live=policy.ended_at is None and policy.expires_at > now,
        uses=policy.n_uses,
        today=policy.n_today,
        right=policy.n_right,
        wrong=policy.n_wrong,
        undone=policy.n_undone,
    )


def get_policy(workspace_id: int, policy_id: int, *, lock: bool = False) -> Policy:
    policies = Policy.objects.filter(workspace_id=workspace_id, pk=policy_id)
    policy = (policies.select_for_update(no_key=True) if lock else policies).first()
    if policy is None:
        raise NotFound(
            Sentence("No policy %(policy_id)s in this workspace.", policy_id=policy_id),
            Sentence("See them on the page of policies."),
        )
    return policy


def get_use(workspace_id: int, use_id: int, *, lock: bool = False) -> PolicyUse:
    uses = PolicyUse.objects.filter(workspace_id=workspace_id, pk=use_id)
    use = (uses.select_for_update(no_key=True) if lock else uses).first()
    if use is None:
        raise NotFound(
            Sentence("No use %(use_id)s of a policy in this workspace.", use_id=use_id),
            Sentence("See them on the page of policies."),
        )
    return use


def _uses(workspace_id: int) -> QuerySet[PolicyUse]:
    return PolicyUse.objects.filter(workspace_id=workspace_id).select_related("policy", "judged_by__person")


def list_uses(
    workspace_id: int, *, policy_id: int | None = None, cursor: str | None = None, limit: int = 50
) -> Page[PolicyUse]:
    """What machines did within policies, the newest first."""
    found = _uses(workspace_id).order_by("-pk")
    if policy_id is not None:
        found = found.filter(policy_id=policy_id)
    if cursor:
        found = found.filter(pk__lt=key_of(cursor, 1)[0])
    rows = list(found[: limit + 1])
    return Page(rows[:limit], cursor_of([rows[limit - 1].pk]) if len(rows) > limit else None)


def list_to_review(workspace_id: int, limit: int = 100) -> list[PolicyUse]:
    """Sampled uses that nobody has looked at yet, the oldest first."""
    return list(_uses(workspace_id).filter(is_sampled=True, judged_at=None).order_by("used_at", "pk")[:limit])


def count_to_review(workspace_id: int) -> int:
    return PolicyUse.objects.filter(workspace_id=workspace_id, is_sampled=True, judged_at=None).count()


def policy_fact(use: PolicyUse) -> dict[str, Any]:
    """What the entry of the action that used a policy says of it: `facts={**policy_fact(use), ...}`."""
    return {"policy": use.policy_id, "policy_use": use.pk, "sampled": use.is_sampled}


def policy_signed(policy: Policy) -> dict[str, Any]:
    """The policy as it is signed: nothing in it changes afterwards."""
    return {
        "verb": policy.verb,
        "scope": policy.scope,
        "threshold": None if policy.threshold is None else f"{policy.threshold:.4f}",
        "per_day": policy.per_day,
        "amount_per_day": None if policy.amount_per_day is None else f"{policy.amount_per_day:.2f}",
        "currency": policy.currency,
        "sample_percent": policy.sample_percent,
        "person": policy.person_name,
        "reason": policy.reason,
        "allowed_at": policy.allowed_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "expires_at": policy.expires_at.astimezone(UTC).isoformat(timespec="microseconds"),
    }
