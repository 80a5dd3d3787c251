"""What rules look at in a publication's words, one function each. A check that has nothing to say says None."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sillage.governance.engine.law import Consideration, Label, LawPack, Publication, Rule, Verdict
from sillage.governance.engine.law_facts import Facts
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
    """What is told, before a rule of a pack. `on` is the day that counts."""

    pack: LawPack
    rule: Rule
    facts: Facts
    publication: Publication
    words: Composed
    labels: tuple[Found, ...]
    duty: Duty
    on: date | None = None

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

    def says(
        self,
        verdict: Verdict,
        change: str,
        found: Sequence[Found] = (),
        about: Mapping[str, str] | None = None,
        unseen: tuple[str, ...] = (),
        *,
        seen: str = "",
        asks: tuple[str, ...] = (),
    ) -> Outcome:
        """An outcome that quotes what was found, and says where it stands."""
        at = tuple(self.words.at(f) for f in found)
        return Outcome(verdict, change, seen or self.quoted(found), about, unseen, at, asks)

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
        asks = ("publication.consideration",)
        return case.says(Verdict.ASK, "consideration_unknown", case.labels, {"labels": case.proposed}, asks=asks)
    good = case.good
    if not good:
        return _without_label(case)
    best = good[0]
    missing = _missing_beside(case)
    if missing:
        return case.says(Verdict.BLOCK, "also_needed", [best], {"labels": missing})
    if case.worth(best) == "review":
        return case.says(Verdict.REVIEW, "label_uncertain", [best], {"labels": case.proposed})
    spoken = case.publication.language
    if spoken and best.label.language not in (spoken, *case.pack.languages):
        return case.says(Verdict.REVIEW, "label_language", [best], {"labels": case.proposed})
    unseen = ("overlay", "spoken") if case.publication.format in MOVING else ()
    return case.says(Verdict.PASS, "labelled", [best], unseen=unseen)


def _without_label(case: Case) -> Outcome:
    weak = case.labels
    about = {"labels": case.proposed}
    if case.publication.platform_flag:
        return case.says(case.pack.alone, "network_label_alone", weak, about)
    if case.publication.labelled_slides and not weak and not case.publication.caption:
        return case.says(Verdict.REVIEW, "wording_unseen", about=about, unseen=("slides",))
    return case.says(Verdict.BLOCK, "label_insufficient" if weak else "label_missing", weak, about)


def _missing_beside(case: Case) -> str:
    """Wordings that this consideration needs beside the label, if none of them is there."""
    needed: Sequence[str] = case.rule.given.get("also", {}).get(case.publication.consideration, ())
    if not needed or found_phrases(case, needed):
        return ""
    return ", ".join(f"“{text}”" for text in needed)


def found_phrases(case: Case, texts: Sequence[str]) -> list[Found]:
    """Where the wordings stand among the words of the publication."""
    return found_labels(case.words.tokens, index_of([Label(text, "pass", "", "S") for text in texts]))


def placement(case: Case) -> Outcome | None:
    """The best place of any label that is worth something."""
    if case.duty is not Duty.CERTAIN or not case.good:
        return None
    place, placing = case.publication.disclosure_place, case.pack.placing
    return min((placed(case.words, f, placing, place) for f in case.good), key=lambda o: o.verdict.rank)


def every_item(case: Case) -> Outcome | None:
    return on_every_item(case.publication) if case.duty is Duty.CERTAIN else None


def advertiser(case: Case) -> Outcome | None:
    """Whether it is said for whom. Where nobody told the brand, a tag or the label's own slot counts."""
    if case.duty is not Duty.CERTAIN:
        return None
    tokens = case.words.tokens
    named = [brand for brand in case.publication.brands if contains(tokens, brand)]
    if named:
        return case.says(Verdict.PASS, "advertiser_named", seen=", ".join(named))
    if case.publication.brands:
        return case.says(Verdict.BLOCK, "advertiser_missing", about={"brand": case.publication.brands[0]})
    tags = [f"@{t.word}" for t in tokens if t.mark == "@"] + [
        case.quoted([f]) for f in case.good if BRAND in f.label.text
    ]
    if tags:
        return case.says(Verdict.PASS, "advertiser_named", seen=tags[0])
    return case.says(Verdict.REVIEW, "advertiser_unseen")


def consideration(case: Case) -> Outcome | None:
    """Nothing received, no duty; but words of a gift are worth a question, and what the contract gives is an answer."""
    if case.duty is not Duty.NONE:
        return None
    contract = case.facts.contract
    if contract is not None and contract.gives:
        return case.says(Verdict.BLOCK, "given_by_contract", about={"total": f"{contract.total:.2f}"})
    signs = _signs(case)
    if signs:
        return case.says(Verdict.REVIEW, "something_given", signs)
    return case.says(Verdict.PASS, "no_duty")


def platform_tool(case: Case) -> Outcome | None:
    if case.duty is not Duty.CERTAIN or case.publication.platform_flag is None:
        return None
    if not case.publication.platform_flag:
        return case.says(Verdict.WARN, "tool_unused")
    return case.says(Verdict.PASS, "tool_used") if case.good else case.says(Verdict.WARN, "tool_only")


def signs(case: Case) -> Outcome | None:
    """Tags, codes and links are no label."""
    found = _signs(case)
    if case.duty is not Duty.CERTAIN or not found:
        return None
    if case.good:
        return case.says(Verdict.PASS, "signs_labelled", found)
    return case.says(Verdict.BLOCK, "signs_alone", found, {"labels": case.proposed})


def _signs(case: Case) -> list[Found]:
    return found_phrases(case, case.rule.given.get("signs", ()))


OF_WORDS: Mapping[str, Callable[[Case], Outcome | None]] = {
    "label": label,
    "placement": placement,
    "every_item": every_item,
    "advertiser": advertiser,
    "consideration": consideration,
    "platform_tool": platform_tool,
    "signs": signs,
}
