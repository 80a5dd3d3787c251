"""What to change, in a sentence per outcome, and the words of the law check. English; pages translate them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import reduce
from typing import Any

from sillage.governance.engine.law import LawFinding, Question, Verdict
from sillage.governance.engine.law_facts import STATED
from sillage.governance.engine.law_reading import law_book, law_texts
from sillage.lib.sentences import Day, InLanguages, Joined, Language, Listed, Sentence, Term


def gettext_noop(text: str) -> str:
    """Marks a text for the translators' file and leaves it as it is."""
    return text


CHANGES: Mapping[str, Sentence] = {
    "labelled": Sentence("Nothing: the label is there, in a wording that the law names or accepts."),
    "label_missing": Sentence("Put a label first: %(labels)s."),
    "label_insufficient": Sentence("Replace this wording, which is not enough by itself, by %(labels)s."),
    "label_uncertain": Sentence("Have a person decide whether this wording is equivalent, or write %(labels)s."),
    "label_language": Sentence("Write the label in the language of the post or of its audience: %(labels)s."),
    "also_needed": Sentence("Add beside the label, for what was given: %(labels)s."),
    "network_label_alone": Sentence("Add a label in words to the network’s own: %(labels)s."),
    "wording_unseen": Sentence("Check that the label on the items reads %(labels)s."),
    "consideration_unknown": Sentence("Find out whether anything was given in return; if so, put first %(labels)s."),
    "given_by_contract": Sentence("Say what was given: the contract gives %(total)s EUR or things of value."),
    "in_bio": Sentence("Put the label on the publication itself; on the profile it is not seen."),
    "stated_behind_more": Sentence("Move the label before “more”."),
    "on_a_part": Sentence("Show the label for the whole promotion, not on a part of it."),
    "overlay_time_unknown": Sentence("Check that the label on the picture is shown for the whole promotion."),
    "placed": Sentence("Nothing: the label stands where it is seen first."),
    "behind_more": Sentence("Move the label to the start: only about %(shown)s characters show before “more”."),
    "hashtag_late": Sentence("Move the label into the first %(first)s hashtags."),
    "in_cluster": Sentence("Take the label out of the row of hashtags and put it first."),
    "at_end": Sentence("Move the label from the end to the start."),
    "not_first": Sentence("Put the label first; here it comes after other words."),
    "every_item": Sentence("Nothing: every item carries the label."),
    "items_unlabelled": Sentence("Put the label on every item; of %(of)s, it is missing on %(items)s."),
    "items_unseen": Sentence("Check by eye that every item carries the label."),
    "advertiser_named": Sentence("Nothing: it is said for whom."),
    "advertiser_missing": Sentence("Name the advertiser beside the label: %(brand)s."),
    "advertiser_unseen": Sentence("Name the advertiser beside the label; none was recognised."),
    "no_duty": Sentence("Nothing: without anything given or promised there is no duty to label."),
    "something_given": Sentence("Ask again: these words speak of something that was given."),
    "tool_used": Sentence("Nothing: the network’s own label is on too."),
    "tool_unused": Sentence("Switch the network’s own label on as well."),
    "tool_only": Sentence("Add a label in words: the network’s own label does not replace it."),
    "signs_labelled": Sentence("Nothing: the tag, code or link stands beside a label."),
    "signs_alone": Sentence("A tag, a code or a link is no label; put first %(labels)s."),
    "mentioned": Sentence("Nothing: the mention is there."),
    "mention_uncertain": Sentence("Have a person decide whether this mention is equivalent, or write %(labels)s."),
    "mention_missing": Sentence("Add the mention %(labels)s to the picture or beside it."),
    "banned": Sentence("Do not publish: this may not be promoted, and no label cures it."),
    "registration_missing": Sentence("Do not publish without the number under which the advertiser is registered."),
    "exception_to_check": Sentence("Have a person check the exception that is claimed."),
    "stated_yes": Sentence("Nothing: what the rule asks was stated."),
    "stated_no": Sentence("Do not publish before this can be answered with yes: %(what)s"),
    "number_known": Sentence("Nothing: what the rule asks for is there."),
    "number_missing": Sentence("Obtain what the rule asks for and write it down."),
    "facts_needed": Sentence("Answer what is asked; until then nobody knows whether this rule is kept."),
    "sanction": Sentence("This is what a missing label may cost."),
    "register_to_check": Sentence("Look the number up in the public register."),
    "message_shown": Sentence("Nothing: the message that this sector needs is there."),
    "message_uncertain": Sentence("Check the message against the official text, which was not verified here."),
    "message_missing": Sentence("Show this message unchanged: %(message)s"),
    "remember": Sentence("See to this by hand; no text shows it."),
    "below_threshold": Sentence("Nothing: %(total)s EUR is not in the range that this rule speaks of."),
    "contract_known": Sentence("Nothing: a contract is named."),
    "contract_missing": Sentence("Sign a written contract: %(total)s EUR in all reaches %(least)s EUR."),
    "contract_soon": Sentence("Prepare a written contract: %(total)s EUR in all is near the threshold."),
    "value_unknown": Sentence(
        "Put a value to what is given in kind: what is known, %(total)s EUR, is below %(least)s EUR."
    ),
    "contract_first": Sentence("Once there is a contract, it must contain: %(clauses)s."),
    "clauses_unknown": Sentence("Say which clauses the contract contains."),
    "clauses_missing": Sentence("Add to the contract: %(clauses)s."),
    "clauses_there": Sentence("Nothing: every mandatory clause is there."),
    "marked": Sentence("Nothing: the file carries its marks."),
    "marks_missing": Sentence("Mark the file for machines before it leaves (C2PA with digitalSourceType)."),
    "marks_soon": Sentence("Mark the file for machines: older systems have until %(day)s only."),
    "system_unknown": Sentence("Find out since when the system is on the market: some have until %(day)s."),
    "provenance_kept": Sentence("Nothing: the record of origin is still there."),
    "provenance_lost": Sentence("Do not export: the record of origin that came with the file was lost. Keep it."),
    "ai_labelled": Sentence("Nothing: a label says how it was made."),
    "ai_label_missing": Sentence("Add a visible label: it was generated or changed artificially."),
    "ai_label_of_art": Sentence("Add the label in a way that does not disturb; a person decides how."),
    "reviewed_by": Sentence("Nothing: somebody reviewed the text and answers for it."),
    "reviewer_missing": Sentence("Have a person review the text and answer for it, or say that it was generated."),
    "register_not_needed": Sentence("Nothing: the figures for the register are not reached."),
    "register_unknown": Sentence("Find out whether the creator is in the public register."),
    "registered": Sentence("Nothing: the creator is in the public register."),
    "unregistered": Sentence("Have the creator register before anything is published."),
}

UNSEEN: Mapping[str, str] = {
    "overlay": gettext_noop("what is written on the picture"),
    "spoken": gettext_noop("what is said"),
    "slides": gettext_noop("the items one by one"),
}

NOT_ADVICE = gettext_noop(
    "A check by rules, not legal advice: it reads words and what you state, and counsel signs off what it blocks."
)


VERDICT_WORDS: Mapping[Verdict, Sentence] = {
    Verdict.PASS: Term("verdict of a rule", "passes"),
    Verdict.INFO: Term("verdict of a rule", "to know"),
    Verdict.ASK: Term("verdict of a rule", "to answer"),
    Verdict.REVIEW: Term("verdict of a rule", "to review"),
    Verdict.WARN: Term("verdict of a rule", "warns"),
    Verdict.BLOCK: Term("verdict of a rule", "blocks"),
}


def title_of(rule_id: str, language: str = "en") -> str:
    """What a rule is called; nothing where no pack has it any more."""
    said = _titles(rule_id)
    return said.get(language, said["en"]) if said else ""


def rule_named(rule_id: str) -> object:
    """“Label of advertising (FR-LAB-01)”, to put into a sentence."""
    said = _titles(rule_id)
    return Sentence("%(title)s (%(rule)s)", title=InLanguages(said), rule=rule_id) if said else rule_id


def _titles(rule_id: str) -> Mapping[str, str]:
    titles = (rule.title for pack in law_book().packs.values() for rule in pack.rules if rule.id == rule_id)
    return next(titles, {})


def question_of(fact: str, language: str = "en") -> str:
    """The question for a fact: of the pack for “stated.…”, else of the product."""
    said = _question(fact)
    return said.get(language, said["en"])


def _question(fact: str) -> Mapping[str, str]:
    group, _, key = fact.partition(".")
    said = law_book().questions.get(key) if group == STATED else law_texts()["facts"].get(fact)
    return said or {"en": fact}


@dataclass(frozen=True, slots=True)
class _Plain:
    """A sum in euros: programs read 1200.50, people as their language writes it."""

    text: str

    def __str__(self) -> str:
        return self.text

    def said_in(self, language: Language) -> str:
        return language.number(Decimal(self.text), 2)


_QUOTED = re.compile("“([^”]*)”")
_VALUES: Mapping[str, Callable[[str], object]] = {
    "total": _Plain,
    "least": _Plain,
    "day": lambda text: Day(date.fromisoformat(text)),
    "labels": lambda text: Listed(Sentence("“%(text)s”", text=one) for one in _QUOTED.findall(text)) or text,
}


def _then(before: object, after: object) -> object:
    return Sentence("%(before)s; %(after)s", before=before, after=after)


def _about(finding: LawFinding) -> dict[str, object]:
    """The parameters of the remedy's sentence, with clauses and questions in words."""
    about = {name: _VALUES.get(name, str)(text) for name, text in finding.about.items()}
    if "clause_keys" in finding.about:
        names = _clauses(finding)
        keys = finding.about["clause_keys"].split()
        said: list[object] = [InLanguages(names.get(key, {"en": key})) for key in keys]
        about["clauses"] = reduce(_then, said) if said else ""
    if "question_keys" in finding.about:
        keys = finding.about["question_keys"].split()
        about["what"] = Joined(InLanguages(_question(f"{STATED}.{key}")) for key in keys)
    return about


def _clauses(finding: LawFinding) -> Mapping[str, Mapping[str, str]]:
    pack = law_book().packs.get(finding.pack)
    return next((r.given.get("clauses", {}) for r in pack.rules if r.id == finding.rule), {}) if pack else {}


def change_of(finding: LawFinding) -> Sentence:
    """What to change, clauses and questions included, to be said in a reader's language."""
    return CHANGES[finding.change].filled(**_about(finding))


def as_told(finding: LawFinding) -> dict[str, Any]:
    """A finding as plain data, for programs: the law's words, the caption's words, and what to change in English."""
    return {
        "rule": finding.rule,
        "pack": finding.pack,
        "version": finding.pack_version,
        "check": finding.check,
        "severity": finding.severity.value,
        "verdict": finding.verdict.value,
        "rule_severity": finding.rule_severity,
        "seen": finding.seen,
        "at": [{"part": seen.part, "start": seen.start, "end": seen.end} for seen in finding.at],
        "change": change_of(finding),
        "requirement": finding.requirement,
        "source": finding.source,
        "confidence": finding.confidence,
        "text_from": finding.text_from,
        "effective_on": finding.effective_on.isoformat(),
        "until": finding.until.isoformat() if finding.until else None,
        "unseen": list(finding.unseen),
        "asks": list(finding.asks),
    }


def as_asked(question: Question) -> dict[str, Any]:
    """A question as plain data, in English."""
    return {"fact": question.fact, "question": question_of(question.fact), "rules": list(question.rules)}
