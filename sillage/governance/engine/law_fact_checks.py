"""What rules look at beside a publication's label: mentions, sectors, contracts, registers, marks. One function each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sillage.governance.engine.law import Verdict
from sillage.governance.engine.law_checks import OF_WORDS, PROPOSED, Case, Duty, found_phrases
from sillage.governance.engine.law_facts import STATED, ContractFacts, value_of
from sillage.governance.engine.law_labels import contains
from sillage.governance.engine.law_placement import Outcome

IN_KIND_CLAUSE = "in_kind_value"  # wanted only where something in kind is given


def mention(case: Case) -> Outcome | None:
    """The mention that an altered picture needs."""
    given = case.rule.given
    labels = {"labels": ", ".join(f"“{text}”" for text in given["pass"][:PROPOSED])}
    found = found_phrases(case, given["pass"])
    if found:
        return case.says(Verdict.PASS, "mentioned", found)
    found = found_phrases(case, given.get("review", ()))
    if found:
        return case.says(Verdict.REVIEW, "mention_uncertain", found, labels)
    return case.says(Verdict.BLOCK, "mention_missing", about=labels)


def ban(case: Case) -> Outcome | None:
    """No label cures what may not be promoted; a person looks at what would make it lawful: a register, an exception."""
    if case.duty is Duty.NONE:
        return None
    given, sector = case.rule.given, case.facts.sector
    category = (sector.category if sector else None) or ""
    number = ((sector.registration if sector else None) or "").strip()
    if given.get("unless_registered"):
        if number:
            return Outcome(Verdict.REVIEW, "register_to_check", number, part=1)
        return Outcome(Verdict.BLOCK, "registration_missing", category, asks=("sector.registration",))
    exception = given.get("unless_stated", {}).get(category)
    if exception is None:
        return Outcome(Verdict.BLOCK, "banned", category)
    stated = value_of(case.facts, f"{STATED}.{exception}")
    if stated:
        return Outcome(Verdict.REVIEW, "exception_to_check", category)
    return Outcome(Verdict.BLOCK, "banned", category, asks=(f"{STATED}.{exception}",) if stated is None else ())


def message(case: Case) -> Outcome | None:
    """The fixed messages of a limited sector: every one of `all_of`, one of `any_of`."""
    if case.duty is Duty.NONE:
        return None
    tokens, given = case.words.tokens, case.rule.given
    missing = [text for text in given.get("all_of", ()) if not contains(tokens, text)]
    anyone: Sequence[str] = given.get("any_of", ())
    if anyone and not any(contains(tokens, text) for text in anyone):
        missing.append(anyone[0])
    if not missing:
        is_sure = case.rule.is_verified(1)
        return Outcome(
            Verdict.PASS if is_sure else Verdict.REVIEW, "message_shown" if is_sure else "message_uncertain", part=1
        )
    old = found_phrases(case, given.get("superseded", ()))
    return case.says(Verdict.BLOCK, "message_missing", old, {"message": " / ".join(missing)})


def reminder(case: Case) -> Outcome | None:
    """What no text shows: a person must see to it."""
    if case.duty is Duty.NONE:
        return None
    sector = case.facts.sector
    return Outcome(Verdict.REVIEW, "remember", (sector.category if sector else None) or "")


def stated(case: Case) -> Outcome | None:
    """What a person must have stated, each with yes; not known is asked by the rule's needs."""
    if case.duty is Duty.NONE:
        return None
    answers = {key: value_of(case.facts, f"{STATED}.{key}") for key in case.rule.given["stated"]}
    denied = [key for key, said in answers.items() if said is False]
    if denied:
        return Outcome(Verdict.BLOCK, "stated_no", about={"question_keys": " ".join(denied)})
    return None if None in answers.values() else Outcome(Verdict.PASS, "stated_yes")


def identified(case: Case) -> Outcome | None:
    """Numbers or names that must be there: an authorisation, a representative, a policy."""
    names: Sequence[str] = case.rule.given["identified"]
    known = {name: str(value_of(case.facts, name) or "").strip() for name in names}
    missing = tuple(name for name, value in known.items() if not value)
    if missing:
        return Outcome(Verdict.BLOCK, "number_missing", asks=missing)
    return Outcome(Verdict.PASS, "number_known", ", ".join(known.values()))


def contract(case: Case) -> Outcome | None:
    """The written contract above a yearly total, which is inclusive. What has no value yet may take it over."""
    deal = case.facts.contract
    if deal is None:
        return None
    least, below = _decimal(case.rule.given["least"]), case.rule.given.get("below")
    about = {"total": f"{deal.total:.2f}", "least": f"{least:.2f}"}
    if deal.total >= least and below is not None and deal.total >= _decimal(below):
        return Outcome(Verdict.PASS, "below_threshold", about=about, settles=True)
    if deal.total < least:
        return _under(deal, about)
    if (deal.contract or "").strip():
        return Outcome(Verdict.PASS, "contract_known", deal.contract or "", about)
    return Outcome(Verdict.BLOCK, "contract_missing" if below is None else "contract_soon", about=about)


def _under(deal: ContractFacts, about: Mapping[str, str]) -> Outcome:
    if not deal.is_valued:
        return Outcome(Verdict.ASK, "value_unknown", about=about, asks=("contract.in_kind",), settles=True)
    return Outcome(Verdict.PASS, "below_threshold", about=about, settles=True)


def clauses(case: Case) -> Outcome | None:
    """The clauses that a written contract must have, once one is needed."""
    deal = case.facts.contract
    if deal is None:
        return None
    least = _decimal(case.rule.given["least"])
    if deal.total < least:
        return _under(deal, {"total": f"{deal.total:.2f}", "least": f"{least:.2f}"})
    keys = wanted(case.rule.given["clauses"], deal)
    if deal.clauses is None:
        signed = (deal.contract or "").strip()
        if signed:
            return Outcome(Verdict.ASK, "clauses_unknown", signed, asks=("contract.clauses",))
        return Outcome(Verdict.INFO, "contract_first", about={"clause_keys": " ".join(keys)}, settles=True)
    missing = [key for key in keys if key not in deal.clauses]
    if missing:
        return Outcome(Verdict.BLOCK, "clauses_missing", about={"clause_keys": " ".join(missing)})
    return Outcome(Verdict.PASS, "clauses_there")


def wanted(names: Mapping[str, Any], deal: ContractFacts) -> list[str]:
    """The keys of the clauses that this contract must have, in the pack's order."""
    return [key for key in names if key != IN_KIND_CLAUSE or deal.in_kind]


def registration(case: Case) -> Outcome | None:
    """Creators above published figures must be in a public register. A figure that decides is asked."""
    creator = case.facts.creator
    if creator is None:
        return None
    limits: Mapping[str, float] = case.rule.given["thresholds"]
    either: Mapping[str, float] = case.rule.given.get("either", {})
    known = creator.figures
    reached = [known[name] >= least if name in known else None for name, least in limits.items()]
    other = [known[name] >= least if name in known else None for name, least in either.items()]
    over = _all([*reached, _any(other)] if other else reached) if case.rule.given["mode"] == "all" else _any(reached)
    if over is None:
        return Outcome(Verdict.ASK, "facts_needed", asks=("creator.figures",), settles=True)
    if not over:
        return Outcome(Verdict.PASS, "register_not_needed", settles=True)
    if creator.is_registered is None:
        return Outcome(Verdict.ASK, "register_unknown", asks=("creator.is_registered",))
    return Outcome(Verdict.PASS, "registered") if creator.is_registered else Outcome(Verdict.BLOCK, "unregistered")


def marking(case: Case) -> Outcome | None:
    """Marks that a machine reads. A system that was on the market before `legacy_before` has until `grace_until`."""
    marked = value_of(case.facts, "ai.marked")
    if marked is None:
        return None
    if marked:
        return Outcome(Verdict.PASS, "marked", settles=True)
    since, given = value_of(case.facts, "ai.system_on_market"), case.rule.given
    if "grace_until" not in given:
        return Outcome(Verdict.BLOCK, "marks_missing", settles=True)
    if case.on is None or case.on >= given["grace_until"]:
        return Outcome(Verdict.BLOCK, "marks_missing", settles=True)
    about = {"day": given["grace_until"].isoformat()}
    if since is None:
        return Outcome(Verdict.ASK, "system_unknown", about=about, asks=("ai.system_on_market",))
    if since >= given["legacy_before"]:
        return Outcome(Verdict.BLOCK, "marks_missing")
    return Outcome(Verdict.WARN if given.get("warns") else Verdict.INFO, "marks_soon", about=about)


def provenance(case: Case) -> Outcome | None:
    """What came in with provenance must go out with it."""
    out = value_of(case.facts, "ai.c2pa_out")
    if out is None:
        return None
    return Outcome(Verdict.PASS, "provenance_kept") if out else Outcome(Verdict.BLOCK, "provenance_lost")


def ai_label(case: Case) -> Outcome | None:
    """A visible label; what is evidently art may carry it so that it does not disturb."""
    labelled, told = value_of(case.facts, "ai.labelled"), case.facts.ai
    if labelled is None:
        return None
    if labelled:
        return Outcome(Verdict.PASS, "ai_labelled")
    if told is not None and told.is_evidently_art:
        return Outcome(Verdict.REVIEW, "ai_label_of_art")
    return Outcome(Verdict.BLOCK, "ai_label_missing")


def editorial(case: Case) -> Outcome | None:
    """A generated text on matters of public interest: somebody answers for it, or it says what it is."""
    reviewer = str(value_of(case.facts, "ai.reviewer") or "").strip()
    if reviewer:
        return Outcome(Verdict.PASS, "reviewed_by", reviewer, settles=True)
    labelled = value_of(case.facts, "ai.labelled")
    if labelled is None:
        return Outcome(Verdict.ASK, "facts_needed", asks=("ai.labelled", "ai.reviewer"))
    return Outcome(Verdict.PASS, "ai_labelled") if labelled else Outcome(Verdict.WARN, "reviewer_missing")


def _decimal(number: Any) -> Decimal:
    return Decimal(str(number))


def _all(values: Sequence[bool | None]) -> bool | None:
    return False if False in values else None if None in values else True


def _any(values: Sequence[bool | None]) -> bool | None:
    return True if True in values else None if None in values else False


SANCTION = "sanction"  # told by the judge where another rule blocks
OF_NAME: Mapping[str, Callable[[Case], Outcome | None]] = {
    **OF_WORDS,
    "mention": mention,
    "ban": ban,
    "message": message,
    "reminder": reminder,
    "stated": stated,
    "identified": identified,
    "contract": contract,
    "clauses": clauses,
    "registration": registration,
    "marking": marking,
    "provenance": provenance,
    "ai_label": ai_label,
    "editorial": editorial,
}
CHECKS = (*OF_NAME, SANCTION)
