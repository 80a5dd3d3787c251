"""The API of the law check: packs with their rules, and what they say of a caption. Nothing is kept."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from ninja import Router, Schema
from pydantic import Field

from sillage.governance.api_access import Call, Kept, allowed
from sillage.governance.engine.actors import Right
from sillage.governance.engine.law import Consideration, LawPack, Rule
from sillage.governance.engine.law_asked import MOST_CAPTION, answer_of
from sillage.governance.engine.law_reading import law_book
from sillage.governance.engine.law_words import NOT_ADVICE, as_asked, as_told
from sillage.governance.shapes import Given, Rows, rows

router = Router(tags=["governance"])

Severity = Literal["pass", "review", "block"]
Verdict = Literal["pass", "info", "ask", "review", "warn", "block"]
Word = Annotated[str, Field(max_length=200)]
Flag = bool | None
Amount = Annotated[Decimal, Field(ge=0, max_digits=14, decimal_places=2)]


class RuleShape(Schema):
    """A rule. `confidence`: P the official text was read, S a secondary source, U not verified (such a rule never blocks),
    two letters where its two parts differ. `needs` are facts that it asks for where they are not told."""

    id: str
    title: dict[str, str]
    binds: list[str]
    checks: list[str]
    needs: list[str]
    requirement: str
    severity: Literal["block", "warn", "info"]
    confidence: str
    text_from: str
    source: str
    effective_on: date
    until: date | None
    note: dict[str, str]


class PackShape(Schema):
    """A law pack. `own`: the installation brings it. `questions` are answered in `stated`."""

    id: str
    version: str
    own: bool
    name: dict[str, str]
    countries: list[str]
    questions: dict[str, dict[str, str]]
    not_covered: dict[str, list[str]]
    rules: list[RuleShape]


class ContractGiven(Given):
    """What one advertiser gives one creator in a calendar year for one objective, EUR before tax. A null in `in_kind` has
    no value yet. `clauses` null: nobody looked."""

    year: Annotated[int, Field(ge=2000, le=2200)]
    payments: Annotated[list[Amount], Field(max_length=500)] = []
    in_kind: Annotated[list[Amount | None], Field(max_length=500)] = []
    contract: Word | None = None
    clauses: Annotated[list[Word] | None, Field(max_length=50)] = None


class ImageGiven(Given):
    """A picture or video. `depicts` empty: neither face, silhouette nor model; null: not known."""

    retouched: Flag = None
    synthetic: Flag = None
    depicts: list[Literal["face", "silhouette", "model"]] | None = None
    digital_source_type: Word | None = None


class AiGiven(Given):
    """Content made with generative AI."""

    generated: Flag = None
    system_on_market: date | None = None
    marked: Flag = None
    c2pa_in: Flag = None
    c2pa_out: Flag = None
    deepfake: Flag = None
    is_evidently_art: Flag = None
    labelled: Flag = None
    public_interest_text: Flag = None
    reviewer: Word | None = None


class SectorGiven(Given):
    """What is promoted: a category of the packs, or “other”."""

    category: Word | None = None
    registration: Word | None = None


class CreatorGiven(Given):
    """What the law asks of a creator, as a person states it."""

    under_16: Flag = None
    authorisation: Word | None = None
    outside_eea: Flag = None
    representative: Word | None = None
    insurance: Word | None = None
    figures: dict[
        Literal["followers", "followers_total", "monthly_views", "gross_income", "videos_last_year"], float
    ] = {}
    is_registered: Flag = None
    claims_certificate: Flag = None
    certificate: Word | None = None


class CaptionGiven(Given):
    """A caption and what is known of its publication; null is not known. `<more>` marks where it is cut.

    A group that is left out is no subject; one that is there, though empty, is: what rules need of it is asked. `stated` are
    yes and no to the packs' questions. `on` is the day that counts.
    """

    caption: Annotated[str | None, Field(max_length=MOST_CAPTION)] = None
    country: Word = ""
    consideration: Consideration = Consideration.UNKNOWN
    title: Word | None = None
    language: Word | None = None
    network: Word | None = None
    format: Word | None = None
    overlay: Annotated[str | None, Field(max_length=2000)] = None
    disclosure_place: Word | None = None
    brands: Annotated[list[Word], Field(max_length=20)] = []
    hashtags: Annotated[list[Word], Field(max_length=100)] = []
    platform_flag: Flag = None
    slides: Annotated[int | None, Field(ge=1, le=200)] = None
    labelled_slides: Annotated[list[int] | None, Field(max_length=200)] = None
    contract: ContractGiven | None = None
    image: ImageGiven | None = None
    ai: AiGiven | None = None
    sector: SectorGiven | None = None
    creator: CreatorGiven | None = None
    stated: Annotated[dict[Word, bool] | None, Field(max_length=100)] = None
    on: date | None = None


class SeenShape(Schema):
    """Where words stand: the part (caption, title, overlay, hashtags) and offsets in it."""

    part: str
    start: int
    end: int


class FindingShape(Schema):
    """What a rule says: `seen` quotes the caption, `requirement` the law, `change` says what to do about it.

    `severity` is the verdict in three. `unseen` names what could not be looked at, so that a pass is not taken for more than
    it is; `asks` the facts that the rule needs and nobody told.
    """

    rule: str
    pack: str
    version: str
    check: str
    verdict: Verdict
    severity: Severity
    rule_severity: str
    seen: str
    at: list[SeenShape]
    change: str
    requirement: str
    source: str
    confidence: str
    text_from: str
    effective_on: date
    until: date | None
    unseen: list[str]
    asks: list[str]


class QuestionShape(Schema):
    """A fact that nobody told and the rules that wait for it."""

    fact: str
    question: str
    rules: list[str]


class LawChecked(Schema):
    """`verdict` is the worst of the findings, null when no rule had anything to say. `note`: this is not legal advice."""

    verdict: Verdict | None
    severity: Severity | None
    packs: dict[str, str]
    findings: list[FindingShape]
    questions: list[QuestionShape]
    note: str


def _rule(rule: Rule) -> dict[str, Any]:
    return {name: getattr(rule, name) for name in RuleShape.model_fields}


def _pack(pack: LawPack, own: frozenset[str]) -> dict[str, Any]:
    copied = {name: getattr(pack, name) for name in PackShape.model_fields if name not in ("own", "rules")}
    return {**copied, "own": pack.id in own, "rules": [_rule(rule) for rule in pack.rules]}


@router.get("/law", **allowed(Right.READ), response=Rows[PackShape])
def list_law_packs(request: Call) -> dict[str, Any]:
    """The law packs with their rules, quotes, dates and sources."""
    book = law_book()
    return rows([_pack(pack, book.own) for pack in book.packs.values()])


@router.post("/law/check", **allowed(Right.READ, kept=Kept.NEEDLESS), response=LawChecked)
def check_caption(request: Call, given: CaptionGiven) -> dict[str, Any]:
    """Hold a caption, a contract, a picture against the packs of an audience's country; without one, the EU's rules."""
    told = given.model_dump(exclude_unset=True, exclude={"country", "on"})
    answer = answer_of(told, given.country, given.on)
    return {
        "verdict": answer.verdict,
        "severity": answer.severity,
        "packs": {pack.id: pack.version for pack in answer.packs},
        "findings": [as_told(f) for f in answer.findings],
        "questions": [as_asked(q) for q in answer.questions],
        "note": NOT_ADVICE,
    }
