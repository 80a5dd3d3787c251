"""The cases beside a pack: what a rule is to say of what is told. They are how a pack is tested."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sillage.governance.engine.law import LawPack, Verdict
from sillage.governance.engine.law_facts import Facts
from sillage.governance.engine.law_text import LawText
from sillage.governance.engine.law_told import FactMalformed, facts_from
from sillage.lib.toml_places import line_and_column, places_of

ABSENT = "absent"  # the rule has nothing to say
EXPECTED = (*(v.value for v in Verdict), ABSENT)


@dataclass(frozen=True, slots=True)
class LawCase:
    """`expect` is a verdict or ABSENT; `id` may name it; `place` is file:line:column."""

    id: str
    rule: str
    expect: str
    facts: Facts
    on: date | None
    place: str


def cases_from(text: str, file_name: str, pack: LawPack) -> list[LawCase]:
    """The cases of a pack. Raises LawPackMalformed, with the place."""
    of = LawText(text, file_name)
    of.only((), of.data, ("case",), (), "a file of cases")
    places = places_of(text)
    cases = []
    rules = [rule.id for rule in pack.rules]
    for number, raw in enumerate(of.tables(("case",), of.data)):
        path = ("case", number)
        for key in ("rule", "expect"):
            if key not in raw:
                raise of.error(path, f"The case has no “{key}”.", f'Write {key} = "…".')
        told = {key: value for key, value in raw.items() if key not in ("id", "rule", "expect", "on")}
        line, column = line_and_column(text, places[path].key[0])
        try:
            facts = facts_from(told)
        except FactMalformed as slip:
            raise of.error((*path, *slip.path), *slip.untold, of_value=True) from slip
        cases.append(
            LawCase(
                id=of.words((*path, "id"), raw, ""),
                rule=of.one_of((*path, "rule"), raw["rule"], rules, f"rule of “{pack.id}”"),
                expect=of.one_of((*path, "expect"), raw["expect"], EXPECTED, "verdict"),
                facts=facts,
                on=of.day((*path, "on"), raw),
                place=f"{file_name}:{line}:{column}",
            )
        )
    return cases


def untried(pack: LawPack, cases: Sequence[LawCase]) -> list[str]:
    """Rules that no case lets pass, or no case holds back."""
    tried: dict[str, set[bool]] = {rule.id: set() for rule in pack.rules}
    for case in cases:
        tried[case.rule].add(case.expect in (Verdict.PASS.value, ABSENT))
    return [rule for rule, sides in tried.items() if len(sides) < 2]
