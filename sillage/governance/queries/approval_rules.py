"""Reading the rules of a workspace: who may approve what."""

from __future__ import annotations

from sillage.governance.engine.actors import RIGHTS_OF_ROLE, Actor, Right, Role
from sillage.governance.engine.approval_rules import Asked, Judge, Rule, who_may
from sillage.governance.models import ApprovalRule, Member
from sillage.lib.errors import NotFound
from sillage.lib.sentences import Sentence


def list_approval_rules(workspace_id: int) -> list[ApprovalRule]:
    """Those for every verb first."""
    return list(ApprovalRule.objects.filter(workspace_id=workspace_id).order_by("verb", "pk"))


def get_approval_rule(workspace_id: int, rule_id: int) -> ApprovalRule:
    rule = ApprovalRule.objects.filter(workspace_id=workspace_id, pk=rule_id).first()
    if rule is None:
        raise NotFound(
            Sentence("No approval rule %(rule_id)s in this workspace.", rule_id=rule_id),
            Sentence("See them on the page of rules."),
        )
    return rule


def rule_of(row: ApprovalRule) -> Rule:
    return Rule(
        verb=row.verb,
        roles=frozenset(Role(role) for role in row.roles),
        members=frozenset(row.members),
        up_to=row.up_to,
        two_from=row.two_from,
        always_two=row.always_two,
        currency=row.currency,
    )


def rules_of(workspace_id: int) -> list[Rule]:
    """The rules as the engine reads them."""
    return [rule_of(row) for row in list_approval_rules(workspace_id)]


def list_approvers(workspace_id: int) -> list[Member]:
    """The members whose role gives the right to approve."""
    roles = [role.value for role, rights in RIGHTS_OF_ROLE.items() if Right.APPROVE in rights]
    members = Member.objects.select_related("person").filter(workspace_id=workspace_id, role__in=roles)
    return list(members.filter(person__is_active=True).order_by("pk"))


def find_judge(actor: Actor) -> Judge | None:
    """The acting member, if they are one."""
    role = Member.objects.filter(pk=actor.member_id or 0).values_list("role", flat=True).first()
    return Judge(actor.member_id, Role(role)) if actor.member_id is not None and role is not None else None


def who_may_approve(workspace_id: int, asked: Asked) -> list[Member]:
    """The members who may say yes or no to it under the rules of today."""
    members = {m.pk: m for m in list_approvers(workspace_id)}
    judges = [Judge(m.pk, Role(m.role)) for m in members.values()]
    return [members[judge.member_id] for judge in who_may(rules_of(workspace_id), asked, judges)]
