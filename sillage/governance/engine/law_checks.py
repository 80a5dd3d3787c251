"""What the rules of law packs look at, one function each. A check that has nothing to say of a publication says None."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from sillage.governance.engine.law import Consideration, Label, LawPack, Publication, Rule, Severity
from sillage.governance.engine.law_labels import BRAND, Found, contains, found_labels, index_of
from sillage.governance.engine.law_placement import MOVING, Composed, Outcome, on_every_item, placed

PROPOSED = 3  # labels that a finding proposes
_WORTH = {"pass": 0, "review": 1, "fail": 2}


class Duty(StrEnum):
    """Whether the publication must be labelled, as far as it is known."""

    NONE = "none"
    CERTAIN = "certain"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Case:
    """A publication before a rule of a pack."""

    pack: LawPack
    rule: Rule
    publication: Publication
    words: Composed
    labels: tuple[Found, ...]
    duty: Duty

    @property
    def good(self) -> list[Found]:
        """Labels that are worth something here, the best first."""
        worth = [(self.worth(f), f) for f in self.labels]
        return [f for w, f in sorted(worth, key=lambda pair: (_WORTH[pair[0]], pair[1].start)) if w != "fail"]

    def worth(self, found: Found) -> str:
        """A wording made for gifts is nothing for a payment, and a doubt where it is not known what was given."""
        only, given = found.label.only_for, self.publication.consideration
        if not only or given in only:
            return found.label.worth
        return "review" if given is Consideration.UNKNOWN and found.label.worth != "fail" else "fail"

    def quoted(self, found: Sequence[Found]) -> str:
        return ", ".join(dict.fromkeys(self.words.text[f.start : f.end] for f in found))

    @property
    def proposed(self) -> str:
        """Labels of the pack that would pass for what was given: in the post's language where there are such."""
        given = self.publication.consideration
        fit = [x for x in self.pack.labels if x.worth == "pass" and (not x.only_for or given in x.only_for)]
        fit = [x for x in fit if x.language == self.publication.language] or fit
        return ", ".join(f"“{x.text}”" for x in sorted(fit, key=lambda x: BRAND in x.text)[:PROPOSED])


def duty_of(pack: LawPack, publication: Publication, labels: Sequence[Found]) -> Duty:
    """A label of any kind, the network's own or a marked slide says by itself that something is behind the post."""
    if publication.consideration is Consideration.NONE:
        return Duty.NONE
    if publication.consideration is not Consideration.UNKNOWN:
        return Duty.CERTAIN
    if publication.platform_flag or publication.labelled_slides or any(f.declares for f in labels):
        return Duty.CERTAIN
    if pack.presumes and publication.brands and "http" in publication.caption.casefold():
        return Duty.CERTAIN
    return Duty.UNKNOWN


def label(case: Case) -> Outcome | None:
    """Presence, wording and language."""
    if case.duty is Duty.NONE:
        return None
    if case.duty is Duty.UNKNOWN:
        return Outcome(Severity.REVIEW, "consideration_unknown", case.quoted(case.labels), {"labels": case.proposed})
    good = case.good
    if not good:
        return _without_label(case)
    best = good[0]
    seen = case.quoted([best])
    missing = _missing_beside(case)
    if missing:
        return Outcome(Severity.BLOCK, "also_needed", seen, {"labels": missing})
    if case.worth(best) == "review":
        return Outcome(Severity.REVIEW, "label_uncertain", seen, {"labels": case.proposed})
    spoken = case.publication.language
    if spoken and best.label.language not in (spoken, *case.pack.languages):
        return Outcome(Severity.REVIEW, "label_language", seen, {"labels": case.proposed})
    unseen = ("overlay", "spoken") if case.publication.format in MOVING else ()
    return Outcome(Severity.PASS, "labelled", seen, unseen=unseen)


def _without_label(case: Case) -> Outcome:
    weak = case.quoted(case.labels)
    if case.publication.platform_flag:
        return Outcome(case.pack.alone, "network_label_alone", weak, {"labels": case.proposed})
    if case.publication.labelled_slides and not weak and not case.publication.caption:
        return Outcome(Severity.REVIEW, "wording_unseen", about={"labels": case.proposed}, unseen=("slides",))
    change = "label_insufficient" if weak else "label_missing"
    return Outcome(Severity.BLOCK, change, weak, {"labels": case.proposed})


def _missing_beside(case: Case) -> str:
    """Wordings that this consideration needs beside the label, if none of them is there."""
    needed: Sequence[str] = case.rule.given.get("also", {}).get(case.publication.consideration, ())
    made = [Label(text, "pass", "", "S") for text in needed]
    return (
        "" if not made or found_labels(case.words.tokens, index_of(made)) else ", ".join(f"“{text}”" for text in needed)
    )


def placement(case: Case) -> Outcome | None:
    """The best place of any label that is worth something."""
    if case.duty is not Duty.CERTAIN or not case.good:
        return None
    return min((placed(case.words, f, case.pack.placing) for f in case.good), key=lambda o: o.severity.rank)


def every_item(case: Case) -> Outcome | None:
    return on_every_item(case.publication) if case.duty is Duty.CERTAIN else None


def advertiser(case: Case) -> Outcome | None:
    """Whether it is said for whom. Where nobody told the brand, a tag or the label's own slot counts."""
    if case.duty is not Duty.CERTAIN:
        return None
    tokens = case.words.tokens
    named = [brand for brand in case.publication.brands if contains(tokens, brand)]
    if named:
        return Outcome(Severity.PASS, "advertiser_named", ", ".join(named))
    if case.publication.brands:
        return Outcome(Severity.BLOCK, "advertiser_missing", about={"brand": case.publication.brands[0]})
    tags = [f"@{t.word}" for t in tokens if t.mark == "@"] + [
        case.quoted([f]) for f in case.good if BRAND in f.label.text
    ]
    if tags:
        return Outcome(Severity.PASS, "advertiser_named", tags[0])
    return Outcome(Severity.REVIEW, "advertiser_unseen")


def consideration(case: Case) -> Outcome | None:
    """Nothing received, no duty; but words of a gift are worth a question."""
    if case.duty is not Duty.NONE:
        return None
    signs = _signs(case)
    if signs:
        return Outcome(Severity.REVIEW, "something_given", case.quoted(signs))
    return Outcome(Severity.PASS, "no_duty")


def platform_tool(case: Case) -> Outcome | None:
    if case.duty is not Duty.CERTAIN or case.publication.platform_flag is None:
        return None
    if not case.publication.platform_flag:
        return Outcome(Severity.REVIEW, "tool_unused")
    return Outcome(Severity.PASS, "tool_used") if case.good else Outcome(Severity.REVIEW, "tool_only")


def signs(case: Case) -> Outcome | None:
    """Tags, codes and links are no label."""
    found = _signs(case)
    if case.duty is not Duty.CERTAIN or not found:
        return None
    if case.good:
        return Outcome(Severity.PASS, "signs_labelled", case.quoted(found))
    return Outcome(Severity.BLOCK, "signs_alone", case.quoted(found), {"labels": case.proposed})


def _signs(case: Case) -> list[Found]:
    made = [Label(text, "fail", "", "S") for text in case.rule.given.get("signs", ())]
    return found_labels(case.words.tokens, index_of(made))


def mention(case: Case) -> Outcome | None:
    """The mention that an altered picture needs."""
    given, of = case.rule.given, case.publication
    if of.altered != given["altered"] or of.depicts not in given["depicts"]:
        return None
    for worth, severity in (("pass", Severity.PASS), ("review", Severity.REVIEW)):
        made = [Label(text, worth, "", "S") for text in given.get(worth, ())]
        found = found_labels(case.words.tokens, index_of(made))
        if found:
            change = "mentioned" if severity is Severity.PASS else "mention_uncertain"
            return Outcome(severity, change, case.quoted(found), _mentions(given["pass"]))
    return Outcome(Severity.BLOCK, "mention_missing", about=_mentions(given["pass"]))


def _mentions(texts: Sequence[str]) -> Mapping[str, str]:
    return {"labels": ", ".join(f"“{text}”" for text in texts[:PROPOSED])}


def ban(case: Case) -> Outcome | None:
    """No label cures what may not be promoted; where a registered advertiser may, a person checks the register."""
    if not _is_about(case):
        return None
    if case.rule.given.get("unless_registered") and (case.publication.registration or "").strip():
        return Outcome(Severity.REVIEW, "register_to_check", case.publication.registration or "")
    change = "registration_missing" if case.rule.given.get("unless_registered") else "banned"
    return Outcome(Severity.BLOCK, change, case.publication.category or "")


def message(case: Case) -> Outcome | None:
    """The fixed messages of a limited sector: every one of `all_of`, one of `any_of`."""
    if not _is_about(case):
        return None
    tokens, given = case.words.tokens, case.rule.given
    missing = [text for text in given.get("all_of", ()) if not contains(tokens, text)]
    anyone: Sequence[str] = given.get("any_of", ())
    if anyone and not any(contains(tokens, text) for text in anyone):
        missing.append(anyone[0])
    if not missing:
        is_sure = case.rule.confidence != "U"
        return Outcome(
            Severity.PASS if is_sure else Severity.REVIEW, "message_shown" if is_sure else "message_uncertain"
        )
    old = [text for text in given.get("superseded", ()) if contains(tokens, text)]
    return Outcome(Severity.BLOCK, "message_missing", ", ".join(old), {"message": " / ".join(missing)})


def reminder(case: Case) -> Outcome | None:
    """What no text shows: a person must see to it."""
    return Outcome(Severity.REVIEW, "remember", case.publication.category or "") if _is_about(case) else None


def _is_about(case: Case) -> bool:
    return case.publication.category == case.rule.given["category"] and case.duty is not Duty.NONE


def contract(case: Case) -> Outcome | None:
    """The written contract above a yearly total, which is inclusive."""
    deal = case.publication.deal
    if deal is None:
        return None
    least = Decimal(str(case.rule.given["least"]))
    below = case.rule.given.get("below")
    about = {"total": f"{deal.total:.2f}", "least": f"{least:.2f}"}
    if deal.total < least or (below is not None and deal.total >= Decimal(str(below))):
        return Outcome(Severity.PASS, "below_threshold", about=about)
    if (deal.contract or "").strip():
        return Outcome(Severity.PASS, "contract_known", deal.contract or "", about)
    return Outcome(Severity.BLOCK, "contract_missing" if below is None else "contract_soon", about=about)


def registration(case: Case) -> Outcome | None:
    """Creators above published figures must be in a public register. Not judged where a figure that decides is missing."""
    wanted: Mapping[str, float] = case.rule.given["thresholds"]
    known = case.publication.creator
    reached = [known[name] >= least if name in known else None for name, least in wanted.items()]
    over = _all(reached) if case.rule.given["mode"] == "all" else _any(reached)
    if over is None:
        return None
    if not over:
        return Outcome(Severity.PASS, "register_not_needed")
    if case.publication.is_registered is None:
        return Outcome(Severity.REVIEW, "register_unknown")
    if case.publication.is_registered:
        return Outcome(Severity.PASS, "registered")
    return Outcome(Severity.BLOCK, "unregistered")


def _all(values: Sequence[bool | None]) -> bool | None:
    return False if False in values else None if None in values else True


def _any(values: Sequence[bool | None]) -> bool | None:
    return True if True in values else None if None in values else False


OF_NAME: Mapping[str, Callable[[Case], Outcome | None]] = {
    "label": label,
    "placement": placement,
    "every_item": every_item,
    "advertiser": advertiser,
    "consideration": consideration,
    "platform_tool": platform_tool,
    "signs": signs,
    "mention": mention,
    "ban": ban,
    "message": message,
    "reminder": reminder,
    "contract": contract,
    "registration": registration,
}
