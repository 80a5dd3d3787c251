"""Policies: allowed by a person, ended, stopped all at once, and let go on."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection, transaction

from sillage.governance.actions.ledger import record
from sillage.governance.actions.signing import signing_key
from sillage.governance.engine.actors import Actor, ActorKind, Right, require
from sillage.governance.engine.approval_rules import Asked, people_needed, why_not
from sillage.governance.engine.policy_limits import Limits
from sillage.governance.engine.signing import stated
from sillage.governance.models import Member, Policy, PolicySwitch, PolicyUse
from sillage.governance.queries.approval_rules import find_judge, rules_of
from sillage.governance.queries.approvals import instant
from sillage.governance.queries.policies import get_policy, policies_stopped, policy_signed
from sillage.lib.errors import Malformed, Refusal
from sillage.lib.sentences import Sentence

FORM = "sillage policy 1"
LONGEST = timedelta(days=366)
_CURRENCY = re.compile(r"[A-Z]{3}")

Undo = Callable[[PolicyUse, datetime], None]
_undos: dict[str, Undo] = {}


def undo_with(verb: str, undo: Undo) -> None:
    """Say how what a machine did under a verb is undone: called once per verb, in `front/wiring.py`.

    `undo` writes as a part of `undo_use`, in its transaction, from what the use kept for it. Only verbs that can be undone
    can be allowed.
    """
    _undos[verb] = undo


def undo_of(verb: str) -> Undo | None:
    return _undos.get(verb)


def policy_verbs() -> list[str]:
    """The verbs that a policy can allow."""
    return sorted(_undos)


class PolicyMalformed(Malformed):
    """A policy without bounds, or with bounds that mean nothing."""


class PolicyBeyondYou(Refusal):
    """A policy lets a machine do no more than the person who allows it may approve alone."""

    status = 403


@transaction.atomic
def allow_policy(*, verb: str, limits: Limits, sample_percent: int, reason: str, actor: Actor, now: datetime) -> Policy:
    """Let machines do one kind of thing by themselves, within scope and limits, until a day. Signed like an approval."""
    require(actor, Right.APPROVE)
    if actor.kind is not ActorKind.PERSON or actor.member_id is None:
        raise PolicyBeyondYou(
            Sentence("%(actor)s is not a member.", actor=actor.name),
            Sentence("A member with the right to approve allows policies."),
        )
    _refuse_unbound(verb, limits, sample_percent, reason)
    _refuse_limits(limits)
    if not now < limits.expires_at <= now + LONGEST:
        raise PolicyMalformed(
            Sentence("%(expires_at)s is no end.", expires_at=f"{limits.expires_at:%Y-%m-%d}"),
            Sentence("Give a day within the coming year."),
        )
    _refuse_beyond(Asked(verb, limits.amount_per_day, limits.currency), actor)
    policy = _signed(verb, limits, sample_percent, reason, actor, now)
    record(
        verb="governance.policy_allowed",
        subject_kind="policy",
        subject_id=policy.pk,
        actor=actor,
        now=now,
        facts={**policy_signed(policy), "key": policy.key.name, "signature": policy.statement["signature"]},
    )
    return policy


def _signed(verb: str, limits: Limits, sample_percent: int, reason: str, actor: Actor, now: datetime) -> Policy:
    member = Member.objects.select_related("person").get(pk=actor.member_id or 0)
    key, pair = signing_key(actor.workspace_id, now)
    policy = Policy(
        workspace_id=actor.workspace_id,
        verb=verb,
        scope={field: list(values) for field, values in limits.scope.items()},
        threshold=limits.threshold,
        per_day=limits.per_day,
        amount_per_day=limits.amount_per_day,
        currency=limits.currency,
        sample_percent=sample_percent,
        allowed_by=member,
        person_name=str(member.person),
        reason=reason.strip()[:500],
        allowed_at=now,
        expires_at=limits.expires_at,
        key=key,
    )
    policy.statement = stated(pair, form=FORM, at=instant(now), parts={"policy": policy_signed(policy)}).model_dump()
    policy.save()
    return policy


def _refuse_unbound(verb: str, limits: Limits, sample_percent: int, reason: str) -> None:
    if verb not in _undos:
        raise PolicyMalformed(
            Sentence("“%(verb)s” is nothing that a machine may do and a person undo.", verb=verb),
            Sentence("There are: %(known)s.", known=", ".join(policy_verbs()) or Sentence("none yet")),
        )
    if not 1 <= limits.per_day <= 1_000_000 or not 0 <= sample_percent <= 100:
        raise PolicyMalformed(
            Sentence(
                "%(per_day)s a day with a sample of %(sample_percent)s %% are no limits.",
                per_day=limits.per_day,
                sample_percent=sample_percent,
            ),
            Sentence("Allow at least 1 a day; a sample is from 0 to 100 %."),
        )
    if not reason.strip():
        raise PolicyMalformed(
            Sentence("A policy has a reason."), Sentence("Say in a sentence why a machine may do this alone.")
        )
    empty = [field for field, values in limits.scope.items() if not field or isinstance(values, str) or not values]
    if empty:
        raise PolicyMalformed(
            Sentence("The scope's “%(empty)s” names nothing.", empty=empty[0]),
            Sentence('Write a list for each field, as {"enricher": ["tone"]}.'),
        )


def _refuse_limits(limits: Limits) -> None:
    least, amount = limits.threshold, limits.amount_per_day
    if least is not None and not (least.is_finite() and 0 <= least <= 1 and least == round(least, 4)):
        raise PolicyMalformed(
            Sentence("%(least)s is no confidence.", least=least),
            Sentence("Give a number from 0 to 1 with at most four decimals."),
        )
    if amount is None:
        return
    if not (amount.is_finite() and 0 < amount < 10**10 and amount == round(amount, 2)):
        raise PolicyMalformed(
            Sentence("%(amount)s is no amount.", amount=amount), Sentence("Give one above 0 with at most two decimals.")
        )
    if not _CURRENCY.fullmatch(limits.currency):
        raise PolicyMalformed(
            Sentence("An amount has a currency."), Sentence("Say which by three capital letters, as EUR.")
        )


def _refuse_beyond(asked: Asked, actor: Actor) -> None:
    rules, judge = rules_of(actor.workspace_id), find_judge(actor)
    because = why_not(rules, asked, judge) if judge else Sentence("You are no member.")
    if not because and people_needed(rules, asked) > 1:
        because = Sentence("The workspace's rules ask two people for this, and a policy is allowed by one.")
    if because:
        raise PolicyBeyondYou(because, Sentence("Lower the amount per day, or ask somebody who may approve it alone."))


class PolicyEnded(Refusal):
    """The policy is over already."""


@transaction.atomic
def end_policy(*, policy_id: int, actor: Actor, now: datetime) -> Policy:
    """End one policy before its time. What was done in it stays, and can be undone."""
    require(actor, Right.APPROVE)
    policy = get_policy(actor.workspace_id, policy_id, lock=True)
    if policy.ended_at is not None:
        raise PolicyEnded(
            Sentence(
                "Policy %(policy_id)s was ended on %(ended_at)s.",
                policy_id=policy_id,
                ended_at=f"{policy.ended_at:%Y-%m-%d}",
            ),
            Sentence("Nothing is left to do."),
        )
    policy.ended_at = now
    policy.save(update_fields=["ended_at"])
    record(verb="governance.policy_ended", subject_kind="policy", subject_id=policy_id, actor=actor, now=now)
    return policy


def hold_switch(workspace_id: int, *, alone: bool) -> None:
    """Keep the switch as it is until the transaction ends, as part of an action: uses share it, who turns it is alone."""
    shared = "" if alone else "_shared"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock{shared}(hashtextextended('policies', %s))", [workspace_id])


class SwitchUnchanged(Refusal):
    """The policies are stopped already, or are not."""


@transaction.atomic
def stop_policies(*, reason: str, actor: Actor, now: datetime) -> PolicySwitch:
    """Stop every policy of the workspace at once. Any member who runs campaigns may: stopping is always safe.

    It waits for the uses that are being committed, and no other comes after it.
    """
    require(actor, Right.CAMPAIGN)
    switch = _switch(True, reason, actor, now)
    record(
        verb="governance.policies_stopped",
        subject_kind="workspace",
        subject_id=actor.workspace_id,
        actor=actor,
        now=now,
        facts={"reason": switch.reason},
    )
    return switch


@transaction.atomic
def resume_policies(*, reason: str, actor: Actor, now: datetime) -> PolicySwitch:
    """Let the policies go on as they were, within their limits and until their ends."""
    require(actor, Right.APPROVE)
    switch = _switch(False, reason, actor, now)
    record(
        verb="governance.policies_resumed",
        subject_kind="workspace",
        subject_id=actor.workspace_id,
        actor=actor,
        now=now,
        facts={"reason": switch.reason},
    )
    return switch


def _switch(is_stopped: bool, reason: str, actor: Actor, now: datetime) -> PolicySwitch:
    hold_switch(actor.workspace_id, alone=True)
    if (policies_stopped(actor.workspace_id) is not None) == is_stopped:
        raise SwitchUnchanged(
            Sentence("The policies are stopped already.") if is_stopped else Sentence("The policies are not stopped."),
            Sentence("See who did it on the page of policies."),
        )
    member = Member.objects.select_related("person").filter(pk=actor.member_id or 0).first()
    return PolicySwitch.objects.create(
        workspace_id=actor.workspace_id,
        is_stopped=is_stopped,
        member=member,
        person_name=(str(member.person) if member else actor.name)[:200],
        reason=reason.strip()[:500],
        at=now,
    )
