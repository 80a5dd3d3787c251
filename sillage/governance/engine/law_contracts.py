"""What the packs want in a written contract, for those who write one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sillage.governance.engine.law import LawPack
from sillage.governance.engine.law_fact_checks import wanted
from sillage.governance.engine.law_facts import ContractFacts


def clauses_wanted(
    packs: Sequence[LawPack], contract: ContractFacts, on: date | None = None
) -> Mapping[str, Mapping[str, str]]:
    """{key: {language: what it must say}} of the clauses that rules in force name, in their order.

    They are named whatever the total: below the threshold they are good practice. `on`: the day; without one the last of the
    contract's year.
    """
    day = on or date(contract.year, 12, 31)
    found: dict[str, Mapping[str, str]] = {}
    for pack in packs:
        for rule in pack.rules:
            is_over = rule.until is not None and day > rule.until
            if not is_over and (rule.effective_on <= day or rule.advised_before):
                names = rule.given.get("clauses", {})
                found |= {key: names[key] for key in wanted(names, contract) if key not in found}
    return found


def missing_clauses(packs: Sequence[LawPack], contract: ContractFacts, on: date | None = None) -> list[str]:
    """The keys of the wanted clauses that the contract does not have."""
    return [key for key in clauses_wanted(packs, contract, on) if key not in (contract.clauses or frozenset())]
