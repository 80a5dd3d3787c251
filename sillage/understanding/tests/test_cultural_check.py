"""Flags for a person: what a machine should not judge alone, with the reason and the words."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sillage.understanding.engine.cultural_check import FLAGS, CulturalCheck, flags_of
from sillage.understanding.engine.port import NOTHING, PostText


def _flags(text, language="fr", day=None):
    return {(flag.name, flag.reason) for flag in flags_of(text, language, day)}


@pytest.mark.parametrize(
    ("text", "language", "flag"),
    [
        ("Bravo champion, personne n'y avait pensé", "fr", "irony"),
        ("Yeah right, thanks for nothing", "en", "irony"),
        ("Tolle Idee, Ironie off", "de", "irony"),
        ("C'est trop relou cette meuf", "fr", "verlan"),
        ("Wesh askip c'est carré", "fr", "slang"),
        ("Ça casse pas trois pattes à un canard", "fr", "idiom"),
        ("Break a leg tonight", "en", "idiom"),
        ("Peuchère, le minot a pris le cagnard", "fr", "dialect"),
        ("Och aye, the wee bairn cannae sleep", "en", "dialect"),
        ("Che boludo, qué quilombo", "es", "dialect"),
        ("Proud to be queer", "en", "reclaimed"),
        ("Un an après l'attentat, une pensée pour les victimes", "fr", "sensitive_subject"),
        ("Il terremoto ci ha cambiati", "it", "sensitive_subject"),
        ("Une minute de silence pour le 13 novembre", "fr", "sensitive_date"),
        ("Morte de rire 😂", "fr", "humour"),
        ("J'ai pleuré, boule au ventre", "fr", "emotion"),
    ],
)
def test_each_flag_is_raised_by_its_words(text, language, flag):
    assert flag in {name for name, _ in _flags(text, language)}


def test_praise_beside_a_mocking_emoji_is_a_sign_of_irony():
    assert ("irony", "praise_with_emoji") in _flags("Génial, encore une pub 🙄")


def test_praise_and_trouble_in_one_sentence_is_a_weak_sign_of_irony():
    (flag,) = [f for f in flags_of("Great, broken again", "en") if f.name == "irony"]
    assert flag.reason == "praise_and_trouble" and flag.confidence < 0.5
    assert not _flags("Great colours. The zip is broken.", "en")


def test_a_party_on_a_day_of_remembrance_is_flagged_and_a_tuesday_is_not():
    text = "Ce soir, champagne et promo 🎉"
    flagged = {flag.reason for flag in flags_of(text, "fr", date(2025, 11, 13)) if flag.name == "sensitive_date"}
    assert flagged == {"Paris attacks, 2015"}
    assert "sensitive_date" not in {name for name, _ in _flags(text, "fr", date(2025, 11, 18))}
    assert "sensitive_date" not in {name for name, _ in _flags(text, "it", date(2025, 11, 13))}


def test_a_plain_post_on_a_day_of_remembrance_is_not_flagged():
    assert not _flags("Mes rosiers taillés ce matin", "fr", date(2025, 11, 13))


def test_one_word_of_a_variety_alone_is_nobodys():
    assert "dialect" not in {name for name, _ in _flags("On dîne au resto, té pas loin")}


def test_a_colour_is_no_insult():
    assert not _flags("Yo tengo el mismo en negro", "es")
    assert not _flags("Me encanta la chaqueta negra", "es") - {("irony", "x")}


def test_every_flag_names_its_words_and_reason():
    (finding,) = CulturalCheck().findings([PostText(1, 1, 1, "", "C'est chelou 😂", language="fr")])
    assert finding.value["flags"] == ["verlan", "humour"]
    for line in finding.evidence:
        assert set(line) == {"flag", "reason", "words", "confidence"}
    assert {line["words"] for line in finding.evidence} == {"chelou", "😂"}


def test_where_there_is_nothing_to_look_at_nothing_is_said():
    assert CulturalCheck().findings([PostText(1, 1, 1, "", "Le train part à huit heures", language="fr")]) == [NOTHING]


@given(st.text(max_size=300), st.sampled_from(["fr", "en", "es", "de", "it", "ja", None]))
def test_whatever_is_written_the_answer_holds_to_its_bounds(text, language):
    for flag in flags_of(text, language, date(2025, 11, 13)):
        assert flag.name in FLAGS and 0 < flag.confidence < 1 and flag.words
