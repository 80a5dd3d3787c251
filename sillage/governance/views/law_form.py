"""The form of the law check: its fields in groups, and what a person told with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sillage.governance.engine.law_asked import OTHER_SECTOR, clause_names
from sillage.governance.engine.law_facts import STATED
from sillage.governance.engine.law_reading import law_book
from sillage.lib.errors import Malformed
from sillage.lib.sentences import Sentence

Text = str | Promise
YES_NO: Sequence[tuple[str, Text]] = (("yes", _("Yes")), ("no", _("No")))
DEPICTED: Sequence[tuple[str, Text]] = (
    ("none", _("None of these")),
    ("face", _("A face")),
    ("silhouette", _("A silhouette")),
    ("model", _("A professional model")),
)
PLACES: Sequence[tuple[str, Text]] = (
    ("start", _("At the start of the text")),
    ("overlay_throughout", _("On the picture, for the whole promotion")),
    ("overlay_part", _("On the picture, for a part of it")),
    ("end", _("At the end")),
    ("behind_more", _("Behind “more”")),
    ("bio", _("On the profile only")),
)
MOST_STATED = 100


class DayMalformed(Malformed):
    """Not a day."""

    title = "Malformed day"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form. `fact` is what it tells, for the questions that point at it."""

    name: str
    label: Text
    kind: str = "choice"
    choices: Sequence[tuple[str, Text]] = YES_NO
    fact: str = ""

    @property
    def anchor(self) -> str:
        return f"law-{self.name.replace('.', '-')}"


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """Fields that belong together; `is_open` where something is told in it."""

    title: Text
    fields: Sequence[Field]


GROUPS: Sequence[FieldGroup] = (
    FieldGroup(
        _("The picture or video"),
        (
            Field("overlay", _("Words on it"), "text"),
            Field("disclosure_place", _("Where the label stands"), "choice", PLACES),
            Field("image.retouched", _("Face or silhouette retouched"), fact="image.retouched"),
            Field("image.synthetic", _("Made or changed by generative AI"), fact="image.synthetic"),
            Field("image.depicts", _("What it shows"), "choice", DEPICTED, "image.depicts"),
        ),
    ),
    FieldGroup(
        _("The creator"),
        (
            Field("creator.under_16", _("Under 16"), fact="creator.under_16"),
            Field("creator.authorisation", _("Number of the authorisation"), "text", fact="creator.authorisation"),
            Field("creator.outside_eea", _("Outside the EEA and Switzerland"), fact="creator.outside_eea"),
            Field("creator.representative", _("Representative in the EU"), "text", fact="creator.representative"),
            Field("creator.insurance", _("Number of the insurance"), "text", fact="creator.insurance"),
        ),
    ),
    FieldGroup(
        _("The contract: one brand, one year, one objective"),
        (
            Field("contract.year", _("Year"), "whole"),
            Field("contract.payments", _("Payments, EUR before tax"), "amount"),
            Field("contract.in_kind", _("Value in kind, EUR before tax"), "amount", fact="contract.in_kind"),
            Field("contract.contract", _("Signed contract"), "text", fact="contract.contract"),
        ),
    ),
    FieldGroup(
        _("Artificial intelligence"),
        (
            Field("ai.generated", _("Something in it is generated"), fact="ai.generated"),
            Field("ai.deepfake", _("Would falsely appear authentic"), fact="ai.deepfake"),
            Field("ai.labelled", _("A visible label says so"), fact="ai.labelled"),
            Field("ai.marked", _("The file carries marks for machines"), fact="ai.marked"),
            Field("ai.system_on_market", _("System on the market since"), "day", fact="ai.system_on_market"),
            Field("ai.public_interest_text", _("Text of public interest"), fact="ai.public_interest_text"),
            Field("ai.reviewer", _("Who answers for the text"), "text", fact="ai.reviewer"),
            Field("ai.c2pa_in", _("Came with a record of origin"), fact="ai.c2pa_in"),
            Field("ai.c2pa_out", _("Leaves with its record of origin"), fact="ai.c2pa_out"),
        ),
    ),
)
ANCHORS: Mapping[str, str] = {f.fact: f.anchor for g in GROUPS for f in g.fields if f.fact} | {
    "publication.consideration": "law-consideration",
    "sector.category": "law-category",
    "sector.registration": "law-registration",
    "contract.clauses": "law-clauses",
}
PLAIN = ("caption", "network", "format", "language", "consideration", "overlay", "disclosure_place")
ALWAYS = ("image", "sector", "creator")  # a post has a picture, a subject and somebody who makes it


def told_from(given: Mapping[str, str], clauses: Sequence[str]) -> dict[str, Any]:
    """What the form tells, as `law_told` reads it. Empty is not known; picture, sector and creator are always subjects.

    Raises DayMalformed.
    """
    told: dict[str, Any] = {name: given[name] for name in PLAIN if given.get(name)}
    told |= {name: {} for name in ALWAYS}
    brands = [brand.strip() for brand in given.get("brand", "").split(",") if brand.strip()]
    told |= {"brands": brands} if brands else {}
    told |= {"platform_flag": given["platform_flag"] == "yes"} if given.get("platform_flag") else {}
    if given.get("category"):
        told["sector"]["category"] = given["category"]
    if given.get("registration"):
        told["sector"]["registration"] = given["registration"]
    for field in (f for g in GROUPS for f in g.fields if "." in f.name and given.get(f.name)):
        group, _dot, key = field.name.partition(".")
        told.setdefault(group, {})[key] = _value(field, given[field.name])
    if told["image"].get("synthetic") and "ai" not in told:
        told["ai"] = {"generated": True}
    if "contract" in told and clauses:
        told["contract"]["clauses"] = list(clauses)
    stated = {name.removeprefix("stated."): given[name] == "yes" for name in given if name.startswith("stated.")}
    return told | ({STATED: stated} if stated else {})


def _value(field: Field, given: str) -> Any:
    if field.name == "image.depicts":
        return [] if given == "none" else [given]
    if field.kind == "choice":
        return given == "yes"
    if field.kind == "amount":
        return [given.replace(" ", "").replace("\u202f", "").replace(",", ".")]
    if field.kind == "day":
        return day_of(given)
    return int(given) if field.kind == "whole" and given.isdecimal() else given


def day_of(given: str) -> date | None:
    """A day as a form sends it; None where it is empty. Raises DayMalformed."""
    if not given:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError as error:
        raise DayMalformed(
            Sentence("“%(given)s” is not a day.", given=given), Sentence("Write it as 2026-11-22, or leave it out.")
        ) from error


def gates() -> Mapping[str, Mapping[str, str]]:
    """Questions of the packs on which it depends whether a rule speaks at all: {key: {language: question}}."""
    rules = (rule for pack in law_book().packs.values() for rule in pack.rules)
    names = dict.fromkeys(name for rule in rules for name in rule.when if name.startswith(f"{STATED}."))
    return {name.removeprefix(f"{STATED}."): law_book().questions[name.removeprefix(f"{STATED}.")] for name in names}


def choices() -> dict[str, Any]:
    """What the form offers beside its groups."""
    return {
        "categories": law_book().categories,
        "other_sector": OTHER_SECTOR,
        "clauses": clause_names(),
        "gates": gates(),
    }
