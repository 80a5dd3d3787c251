"""The API of the law check: packs with their rules, and what they say of a caption. Nothing is kept."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from ninja import Router, Schema
from pydantic import Field

from sillage.governance.api_access import Call, Kept, allowed
from sillage.governance.engine.actors import Right
from sillage.governance.engine.law import Consideration, LawPack, Rule
from sillage.governance.engine.law_asked import MOST_CAPTION, Asked, case_of
from sillage.governance.engine.law_judge import judge, worst
from sillage.governance.engine.law_reading import law_book
from sillage.governance.engine.law_words import NOT_ADVICE, as_told
from sillage.governance.shapes import Given, Rows, rows

router = Router(tags=["governance"])

Severity = Literal["pass", "review", "block"]
Verified = Literal["P", "S", "U"]
Word = Annotated[str, Field(max_length=200)]


class RuleShape(Schema):
    """A rule. `confidence`: P the official text was read, S a secondary source, U not verified."""

    id: str
    title: dict[str, str]
    binds: list[str]
    checks: list[str]
    requirement: str
    severity: Severity
    confidence: Verified
    source: str
    effective_on: date


class PackShape(Schema):
    id: str
    version: str
    name: dict[str, str]
    countries: list[str]
    rules: list[RuleShape]


class CaptionGiven(Given):
    """A caption and what is known of its publication; null or empty is not known. `<more>` marks where it is cut."""

    caption: Annotated[str, Field(max_length=MOST_CAPTION)]
    country: Word = ""
    consideration: Consideration = Consideration.UNKNOWN
    title: Word = ""
    language: Word = ""
    network: Word = ""
    format: Word = ""
    category: Word = ""
    brands: Annotated[list[Word], Field(max_length=20)] = []
    hashtags: Annotated[list[Word], Field(max_length=100)] = []
    platform_flag: bool | None = None
    slides: Annotated[int | None, Field(ge=1, le=200)] = None
    labelled_slides: Annotated[list[int] | None, Field(max_length=200)] = None
    registration: Word = ""
    altered: Word = ""
    depicts: Word = ""
    published_on: date | None = None


class FindingShape(Schema):
    """What a rule says: `seen` quotes the caption, `requirement` the law, `change` says what to do about it.

    `unseen` names what could not be looked at, so that a pass is not taken for more than it is.
    """

    rule: str
    pack: str
    version: str
    check: str
    severity: Severity
    seen: str
    change: str
    requirement: str
    source: str
    confidence: Verified
    effective_on: date
    unseen: list[str]


class LawChecked(Schema):
    """`severity` is the worst of the findings, null when no rule had anything to say. `note`: this is not legal advice."""

    severity: Severity | None
    packs: dict[str, str]
    findings: list[FindingShape]
    note: str


def _rule(rule: Rule) -> dict[str, Any]:
    return {name: getattr(rule, name) for name in RuleShape.model_fields}


def _pack(pack: LawPack) -> dict[str, Any]:
    copied = {name: getattr(pack, name) for name in ("id", "version", "name", "countries")}
    return {**copied, "rules": [_rule(rule) for rule in pack.rules]}


@router.get("/law", **allowed(Right.READ), response=Rows[PackShape])
def list_law_packs(request: Call) -> dict[str, Any]:
    """The law packs with their rules, quotes, dates and sources."""
    return rows([_pack(pack) for pack in law_book().packs.values()])


@router.post("/law/check", **allowed(Right.READ, kept=Kept.NEEDLESS), response=LawChecked)
def check_caption(request: Call, given: CaptionGiven) -> dict[str, Any]:
    """Hold a caption against the packs of its audience's country; without a country, the EU's common rules."""
    packs, publication = case_of(Asked(**given.dict() | {"consideration": given.consideration.value}))
    found = judge(packs, publication)
    return {
        "severity": worst(found),
        "packs": {pack.id: pack.version for pack in packs},
        "findings": [as_told(f) for f in found],
        "note": NOT_ADVICE,
    }
