"""What somebody asks of the law check: parsed strictly, judged, with the questions that remain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sillage.governance.engine.law import Consideration, LawFinding, LawPack, Question, Severity, Verdict
from sillage.governance.engine.law_facts import Facts
from sillage.governance.engine.law_judge import judge, questions_of, verdict_of
from sillage.governance.engine.law_reading import law_book, packs_for
from sillage.governance.engine.law_told import facts_from
from sillage.lib.errors import Malformed
from sillage.lib.sentences import Sentence

MOST_CAPTION = 20_000
CONSIDERATIONS = tuple(c.value for c in Consideration)
OTHER_SECTOR = "other"  # none of those that rules speak of


class LawChoiceUnknown(Malformed):
    """The law check knows no such sector, question or clause."""

    title = "Unknown choice"


class CaptionTooLong(Malformed):
    """No network takes a caption as long as this."""

    title = "Caption too long"


@dataclass(frozen=True, slots=True)
class LawAnswer:
    """What the packs say of what was told. `verdict` is None when no rule had anything to say."""

    packs: tuple[LawPack, ...]
    findings: list[LawFinding]
    verdict: Verdict | None
    questions: list[Question]

    @property
    def severity(self) -> Severity | None:
        return None if self.verdict is None else self.verdict.severity


def answer_of(told: Mapping[str, Any], country: str = "", on: date | None = None) -> LawAnswer:
    """Hold what is told (see `law_told`) against the packs of the audience's country.

    Raises NoLawPack, FactMalformed, LawChoiceUnknown and CaptionTooLong.
    """
    facts = facts_from(told)
    _refuse_unknown(facts)
    packs = packs_for(country.strip() or None)
    findings = judge(packs, facts, on)
    return LawAnswer(packs, findings, verdict_of(findings), questions_of(findings))


def clause_names() -> Mapping[str, Mapping[str, str]]:
    """The clauses that the packs in use name: {key: {language: name}}."""
    rules = (rule for pack in law_book().packs.values() for rule in pack.rules)
    return {key: name for rule in rules for key, name in rule.given.get("clauses", {}).items()}


def _refuse_unknown(facts: Facts) -> None:
    caption = facts.publication.caption if facts.publication else ""
    if len(caption) > MOST_CAPTION:
        raise CaptionTooLong(
            Sentence(
                "The caption has %(caption_count)s characters; up to %(most_caption)s are read.",
                caption_count=len(caption),
                most_caption=MOST_CAPTION,
            ),
            Sentence("Give the caption alone."),
        )
    if facts.sector and facts.sector.category:
        _known(Sentence("“%(word)s” is no sector."), [facts.sector.category], (*law_book().categories, OTHER_SECTOR))
    _known(Sentence("“%(word)s” is no question of the packs."), facts.stated or (), law_book().questions)
    _known(
        Sentence("“%(word)s” is no clause."), (facts.contract.clauses or ()) if facts.contract else (), clause_names()
    )


def _known(refusal: Sentence, given: Iterable[str], known: Iterable[str]) -> None:
    valid = list(known)
    for word in sorted(given):
        if word not in valid:
            raise LawChoiceUnknown(
                refusal.filled(word=word),
                Sentence("There are %(valid)s.", valid=", ".join(valid)),
            )
