"""The fact sheet's test vectors, by their ids: those of content, contracts, images and AI hold; the others wait."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from sillage.governance.engine.law import Consideration, Publication
from sillage.governance.engine.law_facts import AiFacts, ContractFacts, Facts, ImageFacts, SectorFacts
from sillage.governance.engine.law_judge import judge
from sillage.governance.engine.law_reading import law_book, shipped_texts

VECTORS = {
    "T01": ("fr", "FR-DISC-01", "pass"),
    "T02": ("fr", "FR-DISC-01", "block"),
    "T03": ("fr", "FR-DISC-01", "review"),
    "T04": ("fr", "FR-DISC-02", "block"),
    "T05": ("fr", "FR-CTR-01", "block"),
    "T06": ("fr", "FR-CTR-01", "pass"),
    "T07": ("fr", "FR-CTR-01", "warn"),
    "T08": ("fr", "FR-IMG-02", "block"),
    "T09": ("fr", "FR-LIM-01", "block"),
    "T10": ("fr", "FR-BAN-03", "block"),
    "T11": ("de", "DE-UWG-01", "block"),
    "T12": ("it", "IT-IAP-01", "block"),
    "T13": ("uk", "UK-CAP-01", "pass"),
    "T14": ("us", "US-FTC-02", "block"),
    "T15": ("eu", "AI-50-2-GRACE", "block"),
    "T16": ("eu", "AI-50-2-GRACE", "warn"),
    "T17": ("eu", "AI-COP-01", "block"),
}
WAITING = {
    "T18": ("MAIL-07", "mail"),
    "T19": ("MAIL-04", "mail"),
    "T20": ("MAIL-03", "mail"),
    "T21": ("GDPR-14-3", "data protection"),
    "T22": ("FR-RET-01", "data protection"),
    "T23": ("FR-EMAIL-04", "mail"),
    "T24": ("DSA-24-5", "moderation"),
    "T25": ("DSA-24-5", "moderation"),
    "T26": ("API-YT-TOS", "measurement"),
    "T27": ("API-YT-TOS", "measurement"),
    "T28": ("API-X", "outreach"),
    "T29": ("deny_metrics", "measurement"),
}
ELSEWHERE = {"T30": "GDPR-09"}  # special categories are refused where a segment is written
PAID, GIFT = Consideration.PAID, Consideration.GIFT


def _words(caption: str, consideration: Consideration = Consideration.UNKNOWN, **more) -> Facts:
    return Facts(publication=Publication(caption=caption, consideration=consideration, **more))


def _deal(year: int, payments: str, in_kind: str = "0") -> Facts:
    return Facts(
        contract=ContractFacts(year, (Decimal(payments),), (Decimal(in_kind),), brand="B", objective="O", contract=None)
    )


INPUTS: dict[str, tuple[Facts, date | None]] = {
    "T01": (_words("Publicité - ma routine avec @marque", GIFT), None),
    "T02": (_words("Merci à @marque #ad #love", PAID), None),
    "T03": (_words("Partenariat rémunéré avec @marque", PAID), None),
    "T04": (_words("", format="story", slides=3, labelled_slides=(1,)), None),
    "T05": (_deal(2026, "600", "400"), None),
    "T06": (_deal(2026, "600", "399.99"), None),
    "T07": (_deal(2025, "5000"), None),
    "T08": (
        Facts(image=ImageFacts(depicts=frozenset({"face"}), digital_source_type="trainedAlgorithmicMedia")),
        None,
    ),
    "T09": (
        Facts(
            publication=Publication("Jouer comporte des risques : endettement, dépendance..."),
            sector=SectorFacts("gambling"),
        ),
        None,
    ),
    "T10": (Facts(publication=Publication("Publicité"), sector=SectorFacts("nicotine")), None),
    "T11": (_words("#ad tolle Creme"), None),
    "T12": (_words("", hashtags=("love", "mood", "summer", "pubblicità")), None),
    "T13": (_words("AD | new drop"), None),
    "T14": (_words("Love this <more> #ad"), None),
    "T15": (Facts(ai=AiFacts(system_on_market=date(2026, 8, 2), marked=False)), date(2026, 9, 1)),
    "T16": (Facts(ai=AiFacts(system_on_market=date(2026, 7, 1), marked=False)), date(2026, 11, 30)),
    "T17": (Facts(ai=AiFacts(c2pa_in=True, c2pa_out=False)), None),
}


def _said(vector: str) -> str:
    pack, rule, _ = VECTORS[vector]
    facts, on = INPUTS[vector]
    return {f.rule: f.verdict.value for f in judge([law_book().packs[pack]], facts, on)}[rule]


@pytest.mark.parametrize("vector", VECTORS)
def test_a_vector_of_the_fact_sheet_holds(vector):
    assert _said(vector) == VECTORS[vector][2]


def test_the_vectors_stand_beside_their_packs_too():
    beside = {
        case.id: (pack, case.rule, case.expect)
        for pack, text in shipped_texts().items()
        for case in text.read_cases()
        if case.id
    }
    assert beside == VECTORS


def test_the_vectors_that_wait_are_exactly_those_of_subjects_outside_of_the_law_packs():
    assert sorted([*VECTORS, *WAITING, *ELSEWHERE]) == [f"T{n:02}" for n in range(1, 31)]
    assert list(WAITING) == [f"T{n}" for n in range(18, 30)]
    rules = {rule.id for pack in law_book().packs.values() for rule in pack.rules}
    assert not rules & {rule for rule, _ in WAITING.values()}
    assert {subject for _, subject in WAITING.values()} == {
        "data protection",
        "mail",
        "measurement",
        "moderation",
        "outreach",
    }
