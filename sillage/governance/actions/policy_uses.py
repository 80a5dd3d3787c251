"""What machines do within policies: used by the action that does it, looked at and undone by people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from sillage.governance.actions.ledger import record
from sillage.governance.actions.policies import hold_switch, undo_of
from sillage.governance.engine.act_words import act_words
from sillage.governance.engine.actors import Actor, ActorKind, Right, require
from sillage.governance.engine.policy_limits import Doing, beyond_day, beyond_scope, is_in_sample
from sillage.governance.models import Policy, PolicyUse, Workspace
from sillage.governance.queries.policies import get_use, limits_of, policies_stopped, policy_fact, spent_on
from sillage.lib.errors import Refusal
from sillage.lib.sentences import Listed, Sentence


class PolicyMissing(Refusal):
    """A machine may not do this by itself: no policy of this workspace speaks of it."""

    status = 403


class PoliciesStopped(PolicyMissing):
    """A person stopped every policy of the workspace."""


class PolicySpent(PolicyMissing):
    """A policy speaks of it, and what it allows for the day is used."""


def use_policy(
    *,
    verb: str,
    subject_kind: str,
    subject_id: str | int,
    doing: Doing,
    machine: Actor,
    undo: Mapping[str, Any],
    now: datetime,
) -> PolicyUse:
    """Take one use of a policy, as part of the action that the machine does and in its transaction.

    `undo` is all that undoing needs; `machine` is who does it. The action puts `policy_fact(...)` of what comes back into the
    facts of its own entry. The oldest policy that speaks of it and has room is used. Raises PolicyMissing, PoliciesStopped or
    PolicySpent.
    """
    hold_switch(machine.workspace_id, alone=False)
    live = Policy.objects.filter(workspace_id=machine.workspace_id, verb=verb, ended_at=None)
    policies = list(live.select_for_update(no_key=True).order_by("pk"))
    _refuse_stopped(machine.workspace_id)
    policy = _with_room(policies, doing, verb, now)
    drawn = [policy.pk, subject_kind, str(subject_id), dict(doing.about), now.isoformat()]
    return PolicyUse.objects.create(
        workspace_id=machine.workspace_id,
        policy=policy,
        subject_kind=subject_kind,
        subject_id=str(subject_id),
        about=dict(doing.about),
        score=doing.score,
        amount=doing.amount,
        currency=doing.currency,
        machine_kind=machine.kind.value,
        machine_name=machine.name,
        machine_version=machine.version,
        used_at=now,
        used_on=now.astimezone(UTC).date(),
        undo=dict(undo),
        is_sampled=is_in_sample(_salt(machine.workspace_id), policy.sample_percent, drawn),
    )


def _refuse_stopped(workspace_id: int) -> None:
    stopped = policies_stopped(workspace_id)
    if stopped is not None:
        raise PoliciesStopped(
            Sentence(
                "%(person_name)s stopped every policy: %(reason)s.",
                person_name=stopped.person_name,
                reason=stopped.reason or Sentence("no reason given"),
            ),
            Sentence("A person does it, or lets the policies go on."),
        )


def _salt(workspace_id: int) -> bytes:
    return bytes(Workspace.objects.values_list("salt", flat=True).get(pk=workspace_id))


def _with_room(policies: list[Policy], doing: Doing, verb: str, now: datetime) -> Policy:
    beyond = {policy.pk: beyond_scope(limits_of(policy), doing, now) for policy in policies}
    speaking = [policy for policy in policies if not beyond[policy.pk]]
    if not speaking:
        reasons = Listed(Sentence("policy %(key)s: %(why)s", key=key, why=why) for key, why in beyond.items())
        said = Sentence("No policy lets a machine do this by itself: “%(act)s”.", act=act_words(verb))
        if reasons:
            said = Sentence(
                "No policy lets a machine do this by itself: “%(act)s” (%(told)s).", act=act_words(verb), told=reasons
            )
        raise PolicyMissing(said, Sentence("A person does it, or allows it."))
    full = {policy.pk: beyond_day(limits_of(policy), doing, spent_on(policy, now)) for policy in speaking}
    room = next((policy for policy in speaking if not full[policy.pk]), None)
    if room is None:
        key, why = next(iter(full.items()))
        raise PolicySpent(
            Sentence("Policy %(key)s has no room for “%(act)s”: %(why)s.", key=key, act=act_words(verb), why=why),
            Sentence("A person does it, or allows more."),
        )
    return room


class UndoImpossible(Refusal):
    """What a machine did cannot be undone: it is undone already, or nobody knows how any more."""


@transaction.atomic
def undo_use(*, use_id: int, reason: str, actor: Actor, now: datetime) -> PolicyUse:
    """Undo what a machine did within a policy, by the way that its verb registered."""
    require(actor, Right.CAMPAIGN)
    use = get_use(actor.workspace_id, use_id, lock=True)
    if use.undone_at is not None:
        raise UndoImpossible(
            Sentence("Use %(use_id)s is undone already.", use_id=use_id), Sentence("See it on the page of policies.")
        )
    undo = undo_of(use.policy.verb)
    if undo is None:
        raise UndoImpossible(
            Sentence("This version does not know how to undo “%(act)s”.", act=act_words(use.policy.verb)),
            Sentence("Use the version that did it."),
        )
    undo(use, now)
    use.undone_at, use.undone_by_id = now, actor.member_id
    use.save(update_fields=["undone_at", "undone_by"])
    record(
        verb="governance.policy_use_undone",
        subject_kind="policy_use",
        subject_id=use.pk,
        actor=actor,
        now=now,
        facts={**policy_fact(use), "of": [use.subject_kind, use.subject_id], "reason": reason.strip()[:500]},
    )
    return use


class NotToReview(Refusal):
    """This use is not in the sample, has its verdict, or a machine would judge itself."""


@transaction.atomic
def judge_use(*, use_id: int, is_right: bool, note: str, actor: Actor, now: datetime) -> PolicyUse:
    """A person says whether a sampled use was right. Wrong does not undo it: that is a choice of its own."""
    require(actor, Right.CAMPAIGN)
    use = get_use(actor.workspace_id, use_id, lock=True)
    if actor.kind is not ActorKind.PERSON or not use.is_sampled or use.judged_at is not None:
        raise NotToReview(
            Sentence("Use %(use_id)s does not wait for a person's verdict.", use_id=use_id),
            Sentence("See what does on the page of policies."),
        )
    use.verdict, use.judged_by_id, use.judged_at = ("right" if is_right else "wrong"), actor.member_id, now
    use.note = note.strip()[:500]
    use.save(update_fields=["verdict", "judged_by", "judged_at", "note"])
    record(
        verb="governance.policy_use_judged",
        subject_kind="policy_use",
        subject_id=use.pk,
        actor=actor,
        now=now,
        facts={**policy_fact(use), "verdict": use.verdict},
    )
    return use
