"""Remarks say where, why and what might stand instead; nothing is applied by itself."""

from __future__ import annotations

import pytest

from sillage.studio.engine.brief import writing_brief
from sillage.studio.engine.readability import readability
from sillage.studio.engine.remarks import Remark, applied, remarks_on

BRIEF = writing_brief(
    {"idea": "x", "facts": ["x."], "must": ["Aube"], "never": ["miracle"], "shortest": 20, "longest": 60}
)


def _found(text: str, language: str = "fr") -> list[tuple[str, str, str]]:
    return [(r.kind, r.rule, r.words) for r in remarks_on(text, language)]


@pytest.mark.parametrize(
    ("text", "language", "kind", "rule", "words"),
    [
        ("Il a été été vu.", "fr", "slip", "twice", "été été"),
        ("Deux  espaces.", "fr", "slip", "spaces", "  "),
        ("Promo !!!", "fr", "slip", "marks", "!!!"),
        ("C’est GRATUIT ici.", "fr", "slip", "shouted", "GRATUIT"),
        ("Afin de mieux voir.", "fr", "plain", "word", "Afin de"),
        ("Un homme de la rue.", "fr", "inclusive", "word", "homme de la rue"),
        ("We utilize this.", "en", "plain", "word", "utilize"),
        ("L'eau est là.", "fr", "typography", "apostrophe", "'"),
    ],
)
def test_a_remark_names_what_it_is_about(text: str, language: str, kind: str, rule: str, words: str) -> None:
    assert (kind, rule, words) in _found(text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Nous nous levons tôt.", "fr"),
        ("L’ONU et la SNCF.", "fr"),
        ("On le voit au dernier niveau.", "fr"),
        ("She had had enough.", "en"),
        ("", "fr"),
        ("🙂🙂🙂", "fr"),
        ("مرحبا بالعالم", "ar"),
    ],
)
def test_nothing_is_remarked_where_nothing_is_wrong(text: str, language: str) -> None:
    assert _found(text, language) == []


def test_what_the_brief_asks_is_looked_at() -> None:
    rules = {(r.rule, r.about.get("word", "")) for r in remarks_on("Un miracle.", "fr", BRIEF)}
    assert rules == {("too_short", ""), ("missing", "Aube"), ("banned", "miracle")}
    assert remarks_on("Avec Aube, la peau reste calme.", "fr", BRIEF) == []


def test_a_fix_is_made_on_a_persons_word_and_only_on_the_text_it_was_proposed_for() -> None:
    text = "Afin de voir."
    (remark,) = remarks_on(text, "fr")
    assert applied(text, remark, "pour") == "pour voir."
    with pytest.raises(ValueError, match="not what"):
        applied("Autre texte.", remark, "pour")
    with pytest.raises(ValueError, match="not what"):
        applied(text, remark, "sans")


def test_every_remark_stands_where_it_says() -> None:
    text = 'L\'équipe   a procédé à à la mise en place de la GRANDE révolution!!! Afin de voir , il convient de lire "tout".'
    found = remarks_on(text, "fr")
    assert len(found) >= 8
    assert all(isinstance(r, Remark) and text[r.start : r.end] == r.words for r in found)
    assert [r.start for r in found] == sorted(r.start for r in found)


def test_easy_texts_read_more_easily_than_hard_ones() -> None:
    easy = "Le chat dort. Il fait beau. On rit bien. La mer est là. Tu viens ce soir. On va au lit. " * 3
    hard = (
        "L’opérationnalisation de la communication institutionnelle nécessite systématiquement une contractualisation"
        " préalable des responsabilités organisationnelles, nonobstant les considérations conjoncturelles, et la"
        " détermination des interlocuteurs administratifs particulièrement compétents dans chaque branche locale concernée."
    )
    one, other = readability(easy, "fr"), readability(hard, "fr")
    assert one.ease is not None and other.ease is not None and one.ease > 80 > 20 > other.ease
    assert not one.long and len(other.long) == 1


def test_short_texts_and_other_languages_have_no_ease() -> None:
    assert readability("Bonjour.", "fr").ease is None
    assert readability("Das ist ein langer Satz. " * 20, "de").ease is None
