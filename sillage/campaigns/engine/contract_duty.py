"""Whether a running total needs a written contract: the law packs say it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from sillage.campaigns.engine.considerations import Running
from sillage.governance.engine.law import LawFinding, LawPack, Verdict
from sillage.governance.engine.law_facts import ContractFacts, Facts
from sillage.governance.engine.law_judge import judge, verdict_of


class Duty(StrEnum):
    """Whether a written contract is needed."""

    NONE = "none"
    ASK = "ask"  # something that decides is not known
    NEAR = "near"  # close to the threshold: prepare one
    ADVISED = "advised"  # before the threshold's date of application
    REQUIRED = "required"
    HELD = "held"  # needed or not, there is a signed one


@dataclass(frozen=True, slots=True)
class ContractVerdict:
    """What the law packs say of a running total. `findings` are of their rules on contracts, the worst first."""

    duty: Duty
    running: Running
    findings: tuple[LawFinding, ...] = ()


DUTY_OF = {
    Verdict.BLOCK: Duty.REQUIRED,
    Verdict.WARN: Duty.ADVISED,
    Verdict.REVIEW: Duty.ADVISED,
    Verdict.ASK: Duty.ASK,
    Verdict.INFO: Duty.NEAR,
}


def facts_of(running: Running, contract: str | None, clauses: frozenset[str] | None) -> ContractFacts:
    """A running total as law packs ask for it. What has no value is given as a thing in kind without one."""
    return ContractFacts(
        year=running.key.year,
        payments=running.payments,
        in_kind=(*running.in_kind, *(None,) * running.unknown),
        contract=contract,
        clauses=clauses,
        brand=running.key.brand,
        objective=running.key.objective,
    )


def contract_verdict(
    packs: Sequence[LawPack],
    running: Running,
    on: date,
    contract: str | None = None,
    clauses: frozenset[str] | None = None,
) -> ContractVerdict:
    """Whether this running total needs a written contract on a day; `contract` is the id of a signed one.

    Without a pack that knows contracts nothing is asked. What has no value counts as not known, money too.
    """
    facts = facts_of(running, contract, clauses)
    found = judge(packs, Facts(contract=facts), on=min(on, date(running.key.year, 12, 31)))
    verdict = verdict_of(found)
    duty = Duty.HELD if contract else DUTY_OF.get(verdict, Duty.NONE) if verdict else Duty.NONE
    return ContractVerdict(duty, running, tuple(found))


def about_contracts(packs: Sequence[LawPack]) -> list[LawPack]:
    """The packs with those rules alone that look at contracts: what is asked of hundreds of creators at once."""
    return [
        replace(pack, rules=tuple(r for r in pack.rules if {"contract", "clauses"} & set(r.checks))) for pack in packs
    ]


def threshold_of(packs: Sequence[LawPack]) -> Decimal | None:
    """From which total on, in euros before tax, a pack asks for a written contract; None: none does."""
    found = [
        Decimal(str(rule.given["least"]))
        for pack in packs
        for rule in pack.rules
        if "contract" in rule.checks and "least" in rule.given and "below" not in rule.given
    ]
    return min(found, default=None)
