"""Holding what is told against law packs: one finding per rule that has something to say, the worst first.

One failing check fails the rule: the right wording in the wrong place is no disclosure. What a rule needs and nobody told
is asked. A rule that nobody verified (confidence U) never blocks: it asks.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sillage.governance.engine.law import (
    Consideration,
    LawFinding,
    LawPack,
    Publication,
    Question,
    Rule,
    RuleSeverity,
    Severity,
    Verdict,
)
from sillage.governance.engine.law_checks import OF_WORDS, Case, Duty, duty_of
from sillage.governance.engine.law_fact_checks import OF_NAME, SANCTION
from sillage.governance.engine.law_facts import Facts, is_told_of, value_of
from sillage.governance.engine.law_labels import found_labels, index_of_pack
from sillage.governance.engine.law_placement import Outcome, composed
from sillage.governance.engine.law_reading import law_book

NOTHING_SAID = Publication()


def judge(packs: Sequence[LawPack], facts: Facts | Publication, on: date | None = None) -> list[LawFinding]:
    """What the rules in force say. `on` is the day that counts: of publication, of export, today for a draft; without one
    the publication's own, and where none is known all rules that have no end.

    Findings are ordered by verdict, the worst first, then as their packs have them. A Publication alone is judged by its
    words: no rule then asks about pictures, sectors, contracts, machines or the creator.
    """
    told = Facts(publication=facts) if isinstance(facts, Publication) else facts
    publication = told.publication or NOTHING_SAID
    day = on or publication.published_on
    words = composed(publication, law_book().folds)
    findings: list[LawFinding] = []
    for pack in packs:
        labels = tuple(found_labels(words.tokens, index_of_pack(pack)))
        duty = duty_of(pack, publication, labels) if told.publication is not None else Duty.UNKNOWN
        for rule in pack.rules:
            finding = _finding(Case(pack, rule, told, publication, words, labels, duty, day), findings)
            findings += [finding] if finding else []
    return sorted(findings, key=lambda f: -f.verdict.rank)


def worst(findings: Sequence[LawFinding]) -> Severity | None:
    """How the whole stands, in three; None when no rule had anything to say."""
    verdict = verdict_of(findings)
    return None if verdict is None else verdict.severity


def verdict_of(findings: Sequence[LawFinding]) -> Verdict | None:
    """The worst verdict; None when no rule had anything to say."""
    return max((f.verdict for f in findings), key=lambda v: v.rank, default=None)


def questions_of(findings: Sequence[LawFinding]) -> list[Question]:
    """Every fact that is asked for, once, with the rules that wait for it."""
    waiting: dict[str, list[str]] = {}
    for finding in findings:
        for fact in finding.asks:
            waiting.setdefault(fact, []).append(finding.rule)
    return [Question(fact, tuple(dict.fromkeys(rules))) for fact, rules in waiting.items()]


def _finding(case: Case, before: Sequence[LawFinding]) -> LawFinding | None:
    at_most = _at_most(case)
    if at_most is None:
        return None
    unknown = _unknown(case)
    if unknown is None or (unknown and case.rule.severity is RuleSeverity.INFO):
        return None  # what only informs asks nobody
    outcomes = [("needs", _ask(unknown))] if unknown else _outcomes(case, before)
    if not outcomes:
        return None
    name, outcome = max(outcomes, key=lambda pair: pair[1].verdict.rank)
    return _made(case, name, outcome, outcomes, at_most)


def _outcomes(case: Case, before: Sequence[LawFinding]) -> list[tuple[str, Outcome]]:
    """What the checks say, and the question for what the rule needs and nobody told, unless that is settled."""
    said = [(name, _said(name, case, before)) for name in case.rule.checks]
    outcomes = [(name, outcome) for name, outcome in said if outcome is not None]
    needs = () if case.rule.severity is RuleSeverity.INFO else case.rule.needs
    missing = tuple(n for n in needs if n not in case.rule.when and _is_missing(case, n))
    if missing and not any(o.settles for _, o in outcomes) and case.duty is not Duty.NONE:
        outcomes.append(("needs", _ask(missing)))
    return outcomes


def _said(name: str, case: Case, before: Sequence[LawFinding]) -> Outcome | None:
    if name == SANCTION:
        is_broken = any(f.rule in case.rule.given["of"] and f.verdict.stops for f in before)
        return Outcome(Verdict.INFO, "sanction") if is_broken else None
    if name in OF_WORDS and case.facts.publication is None:
        return None
    return OF_NAME[name](case)


def _ask(facts: tuple[str, ...]) -> Outcome:
    return Outcome(Verdict.ASK, "facts_needed", asks=facts)


def _is_missing(case: Case, name: str) -> bool:
    if name == "publication.consideration":  # a label says by itself that something was given
        return case.facts.publication is not None and case.duty is Duty.UNKNOWN
    if not is_told_of(case.facts, name) and not case.rule.when:
        return False
    return value_of(case.facts, name) is None


def _unknown(case: Case) -> tuple[str, ...] | None:
    """The facts on which it depends whether the rule speaks at all; None where it does not."""
    unknown = []
    for name, wanted in case.rule.when.items():
        if not is_told_of(case.facts, name):
            return None
        value = value_of(case.facts, name)
        if value is None:
            unknown.append(name)
        elif not _fits(value, wanted):
            return None
    return tuple(unknown)


def _fits(value: Any, wanted: tuple[Any, ...]) -> bool:
    return bool(set(value) & set(wanted)) if isinstance(value, frozenset) else value in wanted


def _at_most(case: Case) -> Verdict | None:
    """The worst that the rule may say here; None where it does not apply."""
    rule, given = case.rule, case.publication.consideration
    if rule.only_for and given not in (*rule.only_for, Consideration.UNKNOWN):
        return None
    on = _day(case)
    if on is None and rule.until is not None:
        return None
    if on is not None and rule.until is not None and on > rule.until:
        return None
    if on is not None and on < rule.effective_on:
        return _less(Verdict.WARN, rule) if rule.advised_before else None
    return _less(Verdict.REVIEW if given in rule.doubtful else rule.severity.at_most, rule)


def _less(verdict: Verdict, rule: Rule) -> Verdict:
    return min(verdict, rule.severity.at_most, key=lambda v: v.rank)


def _day(case: Case) -> date | None:
    """A contract is judged by its year, a publication by its day."""
    contract = case.facts.contract
    if contract is not None and {"contract", "clauses"} & set(case.rule.checks):
        return date(contract.year, 12, 31)
    return case.on


def _made(
    case: Case, name: str, outcome: Outcome, outcomes: Sequence[tuple[str, Outcome]], at_most: Verdict
) -> LawFinding:
    rule = case.rule
    most = at_most if rule.is_verified(outcome.part) else min(at_most, Verdict.ASK, key=lambda v: v.rank)
    return LawFinding(
        rule=rule.id,
        pack=case.pack.id,
        pack_version=case.pack.version,
        check=name,
        verdict=min(outcome.verdict, most, key=lambda v: v.rank),
        requirement=rule.requirement,
        seen=outcome.seen,
        change=outcome.change,
        about=dict(outcome.about or {}),
        source=rule.source,
        confidence=rule.confidence,
        effective_on=rule.effective_on,
        rule_severity=rule.severity.value,
        text_from=rule.text_from,
        until=rule.until,
        at=outcome.at,
        unseen=tuple(dict.fromkeys(part for _, o in outcomes for part in o.unseen)),
        asks=tuple(dict.fromkeys(fact for _, o in outcomes for fact in o.asks)),
    )
