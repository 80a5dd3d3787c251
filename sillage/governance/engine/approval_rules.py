"""Who may approve what, up to which amount, and how many people it takes: rules that a workspace sets for itself.

Without a rule, everybody with the right to approve may approve everything, and one word is enough. As soon as there are rules
for a verb they alone speak of it; the rules for every verb speak of the others. Rules narrow the right to approve.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sillage.governance.engine.actors import Role
from sillage.lib.money import Money
from sillage.lib.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. It names members by role, by id, or both; none at all means everybody with the right to approve.

    `up_to` and `two_from` are amounts in `currency`; None is no limit, and never two. An amount in another currency
    is above every limit, since nobody has said what it is worth.
    """

    verb: str = ""  # "" is every verb
    roles: frozenset[Role] = frozenset()
    members: frozenset[int] = frozenset()
    up_to: Decimal | None = None
    two_from: Decimal | None = None
    always_two: bool = False
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What rules look at in a request."""

    verb: str
    amount: Decimal | None = None
    currency: str = ""
    asked_by: int | None = None  # the member who asked

    @property
    def is_spending(self) -> bool:
        return bool(self.amount)


@dataclass(frozen=True, slots=True)
class Judge:
    """A member who would say yes or no."""

    member_id: int
    role: Role


def rules_for(rules: Iterable[Rule], verb: str) -> list[Rule]:
    """The rules that speak of a verb."""
    found = [rule for rule in rules if rule.verb in ("", verb)]
    return [rule for rule in found if rule.verb] or found


def people_needed(rules: Iterable[Rule], asked: Asked) -> int:
    """How many people must say yes: 1 or 2."""
    return 2 if any(_asks_two(rule, asked) for rule in rules_for(rules, asked.verb)) else 1


def _asks_two(rule: Rule, asked: Asked) -> bool:
    if rule.always_two:
        return True
    if rule.two_from is None or asked.amount is None:
        return False
    return asked.currency != rule.currency or asked.amount >= rule.two_from


def why_not(rules: Iterable[Rule], asked: Asked, judge: Judge) -> str:
    """Why this member may not say yes or no, in a sentence; empty when they may."""
    if asked.is_spending and asked.asked_by == judge.member_id:
        return Sentence("You asked for this spending yourself.")
    speaking = rules_for(rules, asked.verb)
    theirs = [rule for rule in speaking if _names(rule, judge)]
    if not speaking or any(_is_within(rule, asked) for rule in theirs):
        return ""
    if not theirs:
        return Sentence("The workspace's rules for %(verb)s name other people.", verb=asked.verb)
    highest = max((rule for rule in theirs if rule.up_to is not None), key=_limit)
    return Sentence(
        "You may approve up to %(up_to)s; this is %(amount)s.",
        up_to=Money(_limit(highest), highest.currency),
        amount=Money(asked.amount or Decimal(0), asked.currency),
    )


def _limit(rule: Rule) -> Decimal:
    return rule.up_to or Decimal(0)


def _names(rule: Rule, judge: Judge) -> bool:
    names_nobody = not rule.roles and not rule.members
    return names_nobody or judge.role in rule.roles or judge.member_id in rule.members


def _is_within(rule: Rule, asked: Asked) -> bool:
    if rule.up_to is None or asked.amount is None:
        return True
    return asked.currency == rule.currency and asked.amount <= rule.up_to


def who_may(rules: Sequence[Rule], asked: Asked, judges: Iterable[Judge]) -> list[Judge]:
    """Those of the members with the right to approve who may say yes or no to this."""
    return [judge for judge in judges if not why_not(rules, asked, judge)]
