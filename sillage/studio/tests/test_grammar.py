"""Every rule of grammar mends its wrong examples and leaves its right ones alone; each says why in French and English."""

from __future__ import annotations

import time

import pytest

from sillage.studio.engine.grammar import LANGUAGES, rules_of, slips_of
from sillage.studio.engine.inflection import agreeing, conjugated
from sillage.studio.engine.remarks import remarks_on

WRONG = [(lang, r.id, text, mended) for lang in LANGUAGES for r in rules_of(lang).values() for text, mended in r.wrong]
RIGHT = [(lang, r.id, text) for lang in LANGUAGES for r in rules_of(lang).values() for text in r.right]


def _mended(text: str, language: str) -> str:
    for slip in sorted(slips_of(text, language), key=lambda slip: -slip.start):
        text = text[: slip.start] + slip.fixes[0] + text[slip.end :]
    return text


@pytest.mark.parametrize(("language", "rule", "text", "mended"), WRONG)
def test_a_rule_mends_its_wrong_examples(language: str, rule: str, text: str, mended: str) -> None:
    assert rule in {slip.rule for slip in slips_of(text, language)}
    assert _mended(text, language) == mended


@pytest.mark.parametrize(("language", "rule", "text"), RIGHT)
def test_a_rule_leaves_its_right_examples_alone(language: str, rule: str, text: str) -> None:
    assert slips_of(text, language) == []


def test_every_rule_says_why_in_both_languages_and_has_examples() -> None:
    for language in LANGUAGES:
        for rule in rules_of(language).values():
            assert set(rule.why) == {"fr", "en"} and rule.wrong and rule.right, rule.id


def test_a_matter_of_register_is_said_to_be_one() -> None:
    (remark,) = [r for r in remarks_on("C’est pas grave du tout.", "fr") if r.kind == "grammar"]
    assert remark.about["soft"] == "yes" and remark.fixes == ("Ce n’est",)


def test_nothing_is_said_of_other_languages_of_addresses_and_of_hashtags() -> None:
    assert slips_of("Das sind zwei Haus.", "de") == []
    assert slips_of("Voir https://a.example/il-a-tester/elle_on_adore et #JeLesAdores", "fr") == []


def test_a_long_text_of_nothing_but_slips_is_read_in_time() -> None:
    text = "il à tester les produit que elle a acheter " * 450
    start = time.perf_counter()
    assert len(slips_of(text[:20_000], "fr")) > 400
    assert time.perf_counter() - start < 20


@pytest.mark.parametrize(
    ("word", "cell", "form"),
    [
        ("sec", "fs", "sèche"),
        ("beau", "fp", "belles"),
        ("national", "mp", "nationaux"),
        ("testée", "mp", "testés"),
        ("créateur", "fs", "créatrice"),
    ],
)
def test_a_word_is_put_into_a_gender_and_a_number(word: str, cell: str, form: str) -> None:
    assert form in agreeing(word, cell)


@pytest.mark.parametrize(
    ("word", "person", "form"),
    [
        ("mange", "2s", "manges"),
        ("propose", "1p", "proposons"),
        ("choisit", "3p", "choisissent"),
        ("est", "3p", "sont"),
        ("aimer", "2p", "aimez"),
    ],
)
def test_a_verb_is_put_into_a_person(word: str, person: str, form: str) -> None:
    assert conjugated(word, person)[0] == form
