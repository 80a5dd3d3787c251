"""Trying a pack: its cases held against its rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sillage.governance.engine.law import LawPack
from sillage.governance.engine.law_cases import ABSENT, LawCase
from sillage.governance.engine.law_judge import judge


@dataclass(frozen=True, slots=True)
class CaseFailed:
    """A case whose rule says something else than expected."""

    case: LawCase
    said: str


def said_of(pack: LawPack, case: LawCase) -> str:
    """The verdict of the case's rule, or ABSENT."""
    verdicts = {f.rule: f.verdict.value for f in judge([pack], case.facts, case.on)}
    return verdicts.get(case.rule, ABSENT)


def failed_cases(pack: LawPack, cases: Sequence[LawCase]) -> list[CaseFailed]:
    """The cases that do not come out as they expect."""
    tried = [(case, said_of(pack, case)) for case in cases]
    return [CaseFailed(case, said) for case, said in tried if said != case.expect]
