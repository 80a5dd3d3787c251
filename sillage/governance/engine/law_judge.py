"""Holding a publication against law packs: one finding per rule that has something to say of it, the worst first.

One failing check fails the rule: the right wording in the wrong place is no disclosure.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sillage.governance.engine.law import Consideration, LawFinding, LawPack, Publication, Rule, Severity
from sillage.governance.engine.law_checks import OF_NAME, Case, duty_of
from sillage.governance.engine.law_labels import found_labels, index_of_pack
from sillage.governance.engine.law_placement import composed
from sillage.governance.engine.law_reading import law_book


def judge(packs: Sequence[LawPack], publication: Publication) -> list[LawFinding]:
    """What the rules in force on the day of publication say. Where no day is given, all rules that have begun count.

    Findings are ordered by severity, the worst first, then as their packs have them.
    """
    words = composed(publication, law_book().folds)
    findings: list[LawFinding] = []
    for pack in packs:
        labels = tuple(found_labels(words.tokens, index_of_pack(pack)))
        duty = duty_of(pack, publication, labels)
        for rule in pack.rules:
            finding = _finding(Case(pack, rule, publication, words, labels, duty))
            findings += [finding] if finding else []
    return sorted(findings, key=lambda f: -f.severity.rank)


def worst(findings: Sequence[LawFinding]) -> Severity | None:
    """The severity of the whole; None when no rule had anything to say."""
    return max((f.severity for f in findings), key=lambda s: s.rank, default=None)


def _finding(case: Case) -> LawFinding | None:
    rule = case.rule
    at_most = _at_most(rule, case.publication)
    if at_most is None:
        return None
    said = [(name, OF_NAME[name](case)) for name in rule.checks]
    outcomes = [(name, outcome) for name, outcome in said if outcome is not None]
    if not outcomes:
        return None
    name, outcome = max(outcomes, key=lambda pair: pair[1].severity.rank)
    severity = min(outcome.severity, at_most, key=lambda s: s.rank)
    return LawFinding(
        rule=rule.id,
        pack=case.pack.id,
        pack_version=case.pack.version,
        check=name,
        severity=severity,
        requirement=rule.requirement,
        seen=outcome.seen,
        change=outcome.change,
        about=dict(outcome.about or {}),
        source=rule.source,
        confidence=rule.confidence,
        effective_on=rule.effective_on,
        unseen=tuple(dict.fromkeys(part for _, o in outcomes for part in o.unseen)),
    )


def _at_most(rule: Rule, publication: Publication) -> Severity | None:
    """The worst that the rule may say here; None where it does not apply."""
    given = publication.consideration
    if rule.only_for and given not in (*rule.only_for, Consideration.UNKNOWN):
        return None
    on = publication.published_on or (date(publication.deal.year, 12, 31) if publication.deal else None)
    if on is not None and on < rule.effective_on:
        return Severity.REVIEW if rule.advised_before else None
    return Severity.REVIEW if given in rule.doubtful else rule.severity
