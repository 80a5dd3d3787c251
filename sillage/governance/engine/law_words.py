"""What to change, in a sentence per outcome, and the words of the law check. English; pages translate them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sillage.governance.engine.law import LawFinding, Question
from sillage.governance.engine.law_facts import STATED
from sillage.governance.engine.law_reading import law_book, law_texts


def gettext_noop(text: str) -> str:
    """Marks a text for the translators' file and leaves it as it is."""
    return text


CHANGES: Mapping[str, str] = {
    "labelled": gettext_noop("Nothing: the label is there, in a wording that the law names or accepts."),
    "label_missing": gettext_noop("Put a label first: %(labels)s."),
    "label_insufficient": gettext_noop("Replace this wording, which is not enough by itself, by %(labels)s."),
    "label_uncertain": gettext_noop("Have a person decide whether this wording is equivalent, or write %(labels)s."),
    "label_language": gettext_noop("Write the label in the language of the post or of its audience: %(labels)s."),
    "also_needed": gettext_noop("Add beside the label, for what was given: %(labels)s."),
    "network_label_alone": gettext_noop("Add a label in words to the network’s own: %(labels)s."),
    "wording_unseen": gettext_noop("Check that the label on the items reads %(labels)s."),
    "consideration_unknown": gettext_noop(
        "Find out whether anything was given in return; if so, put first %(labels)s."
    ),
    "given_by_contract": gettext_noop("Say what was given: the contract gives %(total)s EUR or things of value."),
    "in_bio": gettext_noop("Put the label on the publication itself; on the profile it is not seen."),
    "stated_behind_more": gettext_noop("Move the label before “more”."),
    "on_a_part": gettext_noop("Show the label for the whole promotion, not on a part of it."),
    "overlay_time_unknown": gettext_noop("Check that the label on the picture is shown for the whole promotion."),
    "placed": gettext_noop("Nothing: the label stands where it is seen first."),
    "behind_more": gettext_noop("Move the label to the start: only about %(shown)s characters show before “more”."),
    "hashtag_late": gettext_noop("Move the label into the first %(first)s hashtags."),
    "in_cluster": gettext_noop("Take the label out of the row of hashtags and put it first."),
    "at_end": gettext_noop("Move the label from the end to the start."),
    "not_first": gettext_noop("Put the label first; here it comes after other words."),
    "every_item": gettext_noop("Nothing: every item carries the label."),
    "items_unlabelled": gettext_noop("Put the label on every item; of %(of)s, it is missing on %(items)s."),
    "items_unseen": gettext_noop("Check by eye that every item carries the label."),
    "advertiser_named": gettext_noop("Nothing: it is said for whom."),
    "advertiser_missing": gettext_noop("Name the advertiser beside the label: %(brand)s."),
    "advertiser_unseen": gettext_noop("Name the advertiser beside the label; none was recognised."),
    "no_duty": gettext_noop("Nothing: without anything given or promised there is no duty to label."),
    "something_given": gettext_noop("Ask again: these words speak of something that was given."),
    "tool_used": gettext_noop("Nothing: the network’s own label is on too."),
    "tool_unused": gettext_noop("Switch the network’s own label on as well."),
    "tool_only": gettext_noop("Add a label in words: the network’s own label does not replace it."),
    "signs_labelled": gettext_noop("Nothing: the tag, code or link stands beside a label."),
    "signs_alone": gettext_noop("A tag, a code or a link is no label; put first %(labels)s."),
    "mentioned": gettext_noop("Nothing: the mention is there."),
    "mention_uncertain": gettext_noop("Have a person decide whether this mention is equivalent, or write %(labels)s."),
    "mention_missing": gettext_noop("Add the mention %(labels)s to the picture or beside it."),
    "banned": gettext_noop("Do not publish: this may not be promoted, and no label cures it."),
    "registration_missing": gettext_noop("Do not publish without the number under which the advertiser is registered."),
    "exception_to_check": gettext_noop("Have a person check the exception that is claimed."),
    "stated_yes": gettext_noop("Nothing: what the rule asks was stated."),
    "stated_no": gettext_noop("Do not publish before this can be answered with yes: %(what)s"),
    "number_known": gettext_noop("Nothing: what the rule asks for is there."),
    "number_missing": gettext_noop("Obtain what the rule asks for and write it down."),
    "facts_needed": gettext_noop("Answer what is asked; until then nobody knows whether this rule is kept."),
    "sanction": gettext_noop("This is what a missing label may cost."),
    "register_to_check": gettext_noop("Look the number up in the public register."),
    "message_shown": gettext_noop("Nothing: the message that this sector needs is there."),
    "message_uncertain": gettext_noop("Check the message against the official text, which was not verified here."),
    "message_missing": gettext_noop("Show this message unchanged: %(message)s"),
    "remember": gettext_noop("See to this by hand; no text shows it."),
    "below_threshold": gettext_noop("Nothing: %(total)s EUR is not in the range that this rule speaks of."),
    "contract_known": gettext_noop("Nothing: a contract is named."),
    "contract_missing": gettext_noop("Sign a written contract: %(total)s EUR in all reaches %(least)s EUR."),
    "contract_soon": gettext_noop("Prepare a written contract: %(total)s EUR in all is near the threshold."),
    "value_unknown": gettext_noop(
        "Put a value to what is given in kind: what is known, %(total)s EUR, is below %(least)s EUR."
    ),
    "contract_first": gettext_noop("Once there is a contract, it must contain: %(clauses)s."),
    "clauses_unknown": gettext_noop("Say which clauses the contract contains."),
    "clauses_missing": gettext_noop("Add to the contract: %(clauses)s."),
    "clauses_there": gettext_noop("Nothing: every mandatory clause is there."),
    "marked": gettext_noop("Nothing: the file carries its marks."),
    "marks_missing": gettext_noop("Mark the file for machines before it leaves (C2PA with digitalSourceType)."),
    "marks_soon": gettext_noop("Mark the file for machines: older systems have until %(day)s only."),
    "system_unknown": gettext_noop("Find out since when the system is on the market: some have until %(day)s."),
    "provenance_kept": gettext_noop("Nothing: the record of origin is still there."),
    "provenance_lost": gettext_noop("Do not export: the record of origin that came with the file was lost. Keep it."),
    "ai_labelled": gettext_noop("Nothing: a label says how it was made."),
    "ai_label_missing": gettext_noop("Add a visible label: it was generated or changed artificially."),
    "ai_label_of_art": gettext_noop("Add the label in a way that does not disturb; a person decides how."),
    "reviewed_by": gettext_noop("Nothing: somebody reviewed the text and answers for it."),
    "reviewer_missing": gettext_noop("Have a person review the text and answer for it, or say that it was generated."),
    "register_not_needed": gettext_noop("Nothing: the figures for the register are not reached."),
    "register_unknown": gettext_noop("Find out whether the creator is in the public register."),
    "registered": gettext_noop("Nothing: the creator is in the public register."),
    "unregistered": gettext_noop("Have the creator register before anything is published."),
}

UNSEEN: Mapping[str, str] = {
    "overlay": gettext_noop("what is written on the picture"),
    "spoken": gettext_noop("what is said"),
    "slides": gettext_noop("the items one by one"),
}

NOT_ADVICE = gettext_noop(
    "A check by rules, not legal advice: it reads words and what you state, and counsel signs off what it blocks."
)


def question_of(fact: str, language: str = "en") -> str:
    """The question for a fact: of the pack for “stated.…”, else of the product."""
    group, _, key = fact.partition(".")
    said = law_book().questions.get(key) if group == STATED else law_texts()["facts"].get(fact)
    return said.get(language, said["en"]) if said else fact


def about_in(finding: LawFinding, language: str = "en") -> dict[str, str]:
    """The parameters of the remedy's sentence, with clauses and questions in words."""
    about = dict(finding.about)
    if "clause_keys" in about:
        names = _clauses(finding)
        words = [names.get(key, {}).get(language, key) for key in about["clause_keys"].split()]
        about["clauses"] = "; ".join(words)
    if "question_keys" in about:
        about["what"] = " ".join(question_of(f"{STATED}.{key}", language) for key in about["question_keys"].split())
    return about


def _clauses(finding: LawFinding) -> Mapping[str, Mapping[str, str]]:
    pack = law_book().packs.get(finding.pack)
    return next((r.given.get("clauses", {}) for r in pack.rules if r.id == finding.rule), {}) if pack else {}


def change_of(finding: LawFinding) -> str:
    """What to change, as a sentence in English."""
    return CHANGES[finding.change] % about_in(finding)


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
