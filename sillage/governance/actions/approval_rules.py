"""Rules of a workspace: who may approve what. Requests that wait keep how many people they need when rules change."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from sillage.governance.actions.ledger import record
from sillage.governance.engine.actors import RIGHTS_OF_ROLE, ROLE_WORDS, Actor, Right, Role, require
from sillage.governance.engine.approval_rules import Rule
from sillage.governance.models import ApprovalRule
from sillage.governance.queries.approval_rules import get_approval_rule, list_approvers, rule_of
from sillage.lib.errors import Malformed
from sillage.lib.sentences import Sentence

_VERB = re.compile(r"[a-z]+\.[a-z_]+")
_CURRENCY = re.compile(r"[A-Z]{3}")


class RuleMalformed(Malformed):
    """A rule that could not be kept as it is written."""


@transaction.atomic
def add_approval_rule(
    *,
    verb: str,
    roles: Collection[Role],
    members: Collection[int],
    up_to: Decimal | None,
    two_from: Decimal | None,
    always_two: bool,
    currency: str,
    actor: Actor,
    now: datetime,
) -> ApprovalRule:
    """Say who may approve a verb (empty: every verb), up to which amount, and from which amount on it takes two people."""
    require(actor, Right.ADMIN)
    rule = Rule(verb, frozenset(roles), frozenset(members), up_to, two_from, always_two, currency)
    _refuse_malformed(rule)
    _refuse_strangers(rule, actor.workspace_id)
    row = ApprovalRule.objects.create(
        workspace_id=actor.workspace_id,
        verb=rule.verb,
        roles=sorted(role.value for role in rule.roles),
        members=sorted(rule.members),
        up_to=rule.up_to,
        two_from=rule.two_from,
        always_two=rule.always_two,
        currency=rule.currency,
        made_at=now,
    )
    record(
        verb="governance.approval_rule_added",
        subject_kind="approval_rule",
        subject_id=row.pk,
        actor=actor,
        now=now,
        facts=_as_facts(row),
    )
    return row


@transaction.atomic
def remove_approval_rule(*, rule_id: int, actor: Actor, now: datetime) -> None:
    """Take a rule away. Without any, everybody with the right to approve may approve everything."""
    require(actor, Right.ADMIN)
    row = get_approval_rule(actor.workspace_id, rule_id)
    facts = _as_facts(row)
    row.delete()
    record(
        verb="governance.approval_rule_removed",
        subject_kind="approval_rule",
        subject_id=rule_id,
        actor=actor,
        now=now,
        facts=facts,
    )


def _refuse_malformed(rule: Rule) -> None:
    if rule.verb and not _VERB.fullmatch(rule.verb):
        raise RuleMalformed(
            Sentence("“%(verb)s” is not the name of an act.", verb=rule.verb),
            Sentence("Write room.verb, or nothing for every act."),
        )
    for amount in (rule.up_to, rule.two_from):
        if amount is not None and not (amount.is_finite() and 0 <= amount < 10**10 and amount == round(amount, 2)):
            raise RuleMalformed(
                Sentence("%(amount)s is no limit.", amount=amount),
                Sentence("Give an amount of at least 0 with at most two decimals."),
            )
    if (rule.up_to, rule.two_from) != (None, None) and not _CURRENCY.fullmatch(rule.currency):
        raise RuleMalformed(
            Sentence("A limit has a currency."), Sentence("Say which by three capital letters, as EUR.")
        )


def _refuse_strangers(rule: Rule, workspace_id: int) -> None:
    cannot = [ROLE_WORDS[role] for role in rule.roles if Right.APPROVE not in RIGHTS_OF_ROLE[role]]
    if cannot:
        raise RuleMalformed(
            Sentence("The role %(cannot)s does not approve.", cannot=cannot[0]), Sentence("Name managers or owners.")
        )
    strangers = rule.members - {member.pk for member in list_approvers(workspace_id)}
    if strangers:
        raise RuleMalformed(
            Sentence("Member %(strangers)s does not approve in this workspace.", strangers=min(strangers)),
            Sentence("Make them a manager or an owner first."),
        )


def _as_facts(row: ApprovalRule) -> dict[str, Any]:
    rule = rule_of(row)
    return {
        "act": rule.verb or None,
        "roles": row.roles,
        "members": row.members,
        "up_to": None if rule.up_to is None else f"{rule.up_to:.2f}",
        "two_from": None if rule.two_from is None else f"{rule.two_from:.2f}",
        "always_two": rule.always_two,
        "currency": rule.currency,
    }
