"""What is not known is asked, what nobody verified never blocks, and a rule applies in its days only."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from sillage.governance.engine.law import Consideration, LawPack, Publication, Question, Verdict
from sillage.governance.engine.law_contracts import clauses_wanted, missing_clauses
from sillage.governance.engine.law_facts import (
    ContractFacts,
    CreatorFacts,
    Facts,
    ImageFacts,
    SectorFacts,
)
from sillage.governance.engine.law_judge import judge, questions_of, verdict_of
from sillage.governance.engine.law_kept import as_kept, kept_finding
from sillage.governance.engine.law_reading import packs_for, packs_named
from sillage.governance.engine.law_told import FactMalformed, facts_from
from sillage.governance.engine.law_words import change_of, question_of, rule_named
from sillage.lib.sentences import Language, Sentence, speak, told

AD = Publication(caption="Publicité avec @halden", consideration=Consideration.PAID, brands=("halden",))
FRANCE = packs_named(["fr"])
EVERY = {
    "parties_identity",
    "parties_contact",
    "tax_residence",
    "missions",
    "pay",
    "payment_terms",
    "rights_duties_ip",
    "french_law",
}


def _verdicts(facts: Facts, on: date | None = None) -> dict[str, str]:
    return {f.rule: f.verdict.value for f in judge(FRANCE, facts, on)}


def _with(rule_id: str, **changed) -> list[LawPack]:
    (pack,) = FRANCE
    return [replace(pack, rules=tuple(replace(r, **changed) if r.id == rule_id else r for r in pack.rules))]


def test_a_group_that_is_not_told_of_is_not_asked_about():
    assert "ask" not in _verdicts(Facts(publication=AD)).values()


def test_a_group_that_is_told_of_and_not_known_is_asked_about_once_per_fact():
    found = judge(FRANCE, Facts(publication=AD, image=ImageFacts(), sector=SectorFacts()))
    questions = {q.fact: q.rules for q in questions_of(found)}
    assert set(questions) == {"image.retouched", "image.synthetic", "image.depicts", "sector.category"}
    assert questions["image.retouched"] == ("FR-IMG-01", "FR-IMG-03")
    assert verdict_of(found) is Verdict.ASK


def test_what_is_known_to_be_none_of_it_is_not_asked_further():
    said = _verdicts(
        Facts(
            publication=AD,
            image=ImageFacts(retouched=False, synthetic=False),
            sector=SectorFacts("other"),
            creator=CreatorFacts(under_16=False, outside_eea=False),
        )
    )
    assert set(said.values()) == {"pass"}


def test_a_question_has_words_in_both_languages():
    assert question_of("image.retouched").endswith("?")
    assert question_of("stated.licensed_operator", "fr") == "L’opérateur est-il agréé\u202f?"


def test_a_rule_that_blocks_still_says_what_else_it_would_ask():
    found = judge(FRANCE, Facts(publication=AD, sector=SectorFacts("gambling")))
    gambling = next(f for f in found if f.rule == "FR-LIM-01")
    assert gambling.verdict is Verdict.BLOCK
    assert gambling.asks == ("stated.adults_only_service", "stated.licensed_operator")


@pytest.mark.parametrize("confidence", ["U", "U/S"])
def test_a_rule_that_nobody_verified_asks_where_it_would_block(confidence):
    found = judge(_with("FR-DISC-01", confidence=confidence), Publication("Bonjour", consideration=Consideration.PAID))
    assert next(f for f in found if f.rule == "FR-DISC-01").verdict is Verdict.ASK


def test_a_rule_with_an_unverified_second_part_blocks_on_its_first_and_asks_on_its_second():
    bare = _verdicts(Facts(publication=AD, sector=SectorFacts("crypto")))
    registered = _verdicts(Facts(publication=AD, sector=SectorFacts("crypto", registration="E2026-001")))
    assert (bare["FR-BAN-06"], registered["FR-BAN-06"]) == ("block", "ask")


def test_a_rule_applies_from_its_first_to_its_last_day():
    packs = _with("FR-DISC-01", until=date(2026, 6, 30))
    bare = Publication("Bonjour", consideration=Consideration.PAID)
    days = [date(2024, 11, 6), date(2024, 11, 7), date(2026, 6, 30), date(2026, 7, 1), None]
    applied = ["FR-DISC-01" in {f.rule for f in judge(packs, bare, day)} for day in days]
    assert applied == [False, True, True, False, False]


@pytest.mark.parametrize(
    ("payments", "in_kind", "expected"),
    [
        (("799.99",), (), ("pass", "pass")),
        (("800",), (), ("pass", "info")),
        (("500", "499.99"), (), ("pass", "info")),
        (("500", "500"), (), ("block", "pass")),
        (("500",), (None,), ("ask", "info")),
        (("1000",), (None,), ("block", "pass")),
    ],
)
def test_the_contract_threshold_counts_money_and_things_and_is_inclusive(payments, in_kind, expected):
    deal = ContractFacts(2026, tuple(Decimal(p) for p in payments), in_kind)
    said = _verdicts(Facts(contract=deal))
    assert (said["FR-CTR-01"], said["FR-CTR-03"]) == expected


FRENCH = Language("[{}]".format, lambda _, term: f"[{term}]", lambda number, _: str(number), str, lambda: "fr")


def test_a_rule_is_named_by_its_title_in_the_reader_s_language_with_its_code():
    named = Sentence("%(rule)s", rule=rule_named("FR-CTR-02"))
    titles = next(rule.title for pack in FRANCE for rule in pack.rules if rule.id == "FR-CTR-02")
    assert str(named) == f"{titles['en']} (FR-CTR-02)"
    assert titles["fr"] in named.said_in(FRENCH) and titles["en"] not in named.said_in(FRENCH)
    assert rule_named("none.such") == "none.such"


def test_sums_days_and_wordings_of_a_remedy_are_written_as_the_reader_s_language_writes_them():
    deal = ContractFacts(2026, (Decimal("1200.50"),))
    needed = next(f for f in judge(FRANCE, Facts(contract=deal)) if f.rule == "FR-CTR-01")
    assert change_of(needed) == "Sign a written contract: 1200.50 EUR in all reaches 1000.00 EUR."
    unlabelled = next(f for f in judge(FRANCE, Facts(publication=replace(AD, caption="Bonjour"))) if f.about)
    speak(Language(lambda t: t.replace("“%(text)s”", "« %(text)s »"), lambda _, t: t, lambda n, _: f"<{n}>", str))
    said, labels = told(change_of(needed)), told(change_of(unlabelled))
    speak(None)
    assert said == "Sign a written contract: <1200.50> EUR in all reaches <1000.00> EUR."
    assert "« Publicité »" in labels and "“" not in labels and "“Publicité”" in change_of(unlabelled)


def test_what_a_fact_cannot_be_is_said_in_the_reader_s_language():
    speak(FRENCH)
    try:
        with pytest.raises(FactMalformed) as refused:
            facts_from({"contract": {"year": "soon"}})
        assert (refused.value.message, refused.value.hint) == (
            "[“[year]” cannot be “soon”.]",
            "[Write [a whole number].]",
        )
    finally:
        speak(None)
    assert str(refused.value) == "“year” cannot be “soon”."


def test_a_contract_is_judged_by_its_year_not_by_today():
    deal = ContractFacts(2025, (Decimal(5000),))
    assert _verdicts(Facts(contract=deal), date(2026, 11, 22))["FR-CTR-01"] == "warn"


def test_missing_clauses_are_named_in_the_readers_language_and_gifts_need_one_more():
    deal = ContractFacts(2026, (Decimal(1200),), (Decimal(50),), "C-1", frozenset(EVERY - {"pay"}))
    finding = next(f for f in judge(FRANCE, Facts(contract=deal)) if f.rule == "FR-CTR-02")
    assert finding.verdict is Verdict.BLOCK
    assert change_of(finding) == "Add to the contract: Pay, or how it is worked out; Value of what is given in kind."
    french = "Rémunération, ou ses modalités de calcul; Valeur des avantages en nature"
    assert change_of(finding).said_in(FRENCH) == f"[Add to the contract: [{french}].]"
    assert missing_clauses(FRANCE, deal) == ["pay", "in_kind_value"]
    assert set(clauses_wanted(FRANCE, replace(deal, in_kind=()))) == EVERY


def test_a_gift_in_the_contract_contradicts_a_post_that_says_nothing_was_given():
    told = Facts(
        publication=replace(AD, consideration=Consideration.NONE),
        contract=ContractFacts(2026, in_kind=(Decimal(60),)),
    )
    assert _verdicts(told)["FR-DISC-04"] == "block"


def test_a_finding_is_kept_as_json_and_read_again_as_it_was():
    found = judge(packs_for("FR"), Facts(publication=replace(AD, caption="Merci #ad"), image=ImageFacts()))
    assert [kept_finding(json.loads(json.dumps(as_kept(f)))) for f in found] == found


def test_questions_are_asked_once_with_all_the_rules_that_wait():
    found = judge(FRANCE, Facts(sector=SectorFacts()))
    (question,) = questions_of(found)
    assert question.fact == "sector.category" and len(question.rules) == 13
    assert questions_of([]) == [] and isinstance(question, Question)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"captoin": "x"}, "“captoin” is no fact of a publication."),
        ({"image": {"retouchd": True}}, "“retouchd” is no fact of “image”."),
        ({"image": {"retouched": "yes"}}, "“retouched” cannot be “yes”."),
        ({"contract": {"payments": ["600"]}}, "The contract has no year."),
        ({"contract": {"year": 2026, "payments": ["NaN"]}}, "“payments” cannot be “['NaN']”."),
        ({"contract": {"year": 2026, "payments": [-1]}}, "“payments” cannot be “[-1]”."),
        ({"image": {"depicts": ["horse"]}}, "“depicts” cannot be “['horse']”."),
        ({"stated": {"licensed_operator": "perhaps"}}, "“licensed_operator” cannot be “perhaps”."),
        ({"published_on": "soon"}, "“published_on” cannot be “soon”."),
        ({"sector": "gambling"}, "“sector” is not a table."),
    ],
)
def test_a_fact_of_the_wrong_kind_is_refused_with_its_place(told, said):
    with pytest.raises(FactMalformed) as refusal:
        facts_from(told)
    assert refusal.value.message == said and refusal.value.hint and refusal.value.place
