"""Words that no dictionary has are remarked on, with what may have been meant; names and one's own words are left alone."""

from __future__ import annotations

import pytest

from sillage.studio.engine.brief import writing_brief
from sillage.studio.engine.remarks import applied, remarks_on
from sillage.studio.engine.spelling import is_known, likelier, proposals, unknown_words
from sillage.studio.engine.tokens import tokens_of
from sillage.studio.engine.words import TAGS, tags_of


@pytest.mark.parametrize(
    ("word", "language", "meant"),
    [
        ("creme", "fr", "crème"),
        ("desolés", "fr", "désolés"),
        ("livraisson", "fr", "livraison"),
        ("atend", "fr", "attend"),
        ("aujourdhui", "fr", "aujourd’hui"),
        ("recieve", "en", "receive"),
        ("becuase", "en", "because"),
        ("enviroment", "en", "environment"),
    ],
)
def test_what_was_meant_is_proposed_first(word: str, language: str, meant: str) -> None:
    assert proposals(word, language)[0] == meant


def test_a_proposal_has_the_case_of_the_word() -> None:
    assert proposals("Creme", "fr")[0] == "Crème"
    assert proposals("CREME", "fr")[0] == "CRÈME"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Merci à Wjdan et à Terrevive pour l’accueil.", "fr"),
        ("Voir https://xqzt.example/qsdf, @qsdfgh et #QsdfGh, ou qsdf@qsdf.example.", "fr"),
        ("Le code AUBE15 vaut 12 000 €, à 18 h 30 🙂🙂.", "fr"),
        ("Aujourd’hui, quelqu’un l’a dit : y a-t-il un avant-goût ?", "fr"),
        ("L’influenceuse a publié deux reels et une story.", "fr"),
        ("It’s the brand’s first follower; we don’t know colour or color.", "en"),
        ("iPhone, YouTube, ONU.", "fr"),
        ("مرحبا بالعالم", "fr"),
        ("", "en"),
    ],
)
def test_names_codes_and_the_trades_words_are_left_alone(text: str, language: str) -> None:
    assert list(unknown_words(text, language)) == []


def test_a_workspaces_own_words_and_those_of_its_brief_are_accepted() -> None:
    text = "Le terrevivum nourrit la terre."
    assert [u.word for u in unknown_words(text, "fr")] == ["terrevivum"]
    assert list(unknown_words(text, "fr", frozenset({"terrevivum"}))) == []
    brief = writing_brief({"idea": "x", "facts": ["Le terrevivum nourrit."], "shortest": 1, "longest": 99})
    assert not [r for r in remarks_on(text, "fr", brief) if r.kind == "spelling"]


def test_a_name_that_opens_a_sentence_is_left_alone_and_a_slip_there_is_not() -> None:
    assert [u.word for u in unknown_words("Profittez de nos prix. Wjdan aussi.", "fr")] == ["Profittez"]


def test_a_rare_word_that_an_accent_makes_common_is_asked_about() -> None:
    assert likelier("theme") == () or likelier("theme") == ("thème",)
    assert not is_known("theme", "fr") or likelier("theme") == ("thème",)
    assert likelier("marche") == ()  # both “marche” and “marché” are common


def test_a_remark_on_spelling_stands_on_its_word_and_can_be_made() -> None:
    text = "L’équipe 🙂 vous atend."
    (remark,) = [r for r in remarks_on(text, "fr") if r.kind == "spelling"]
    assert applied(text, remark, remark.fixes[0]) == "L’équipe 🙂 vous attend."


def test_an_endless_word_costs_nothing_and_is_not_judged() -> None:
    assert list(unknown_words("a" * 50_000, "fr")) == []
    assert proposals("q" * 40, "fr") == ()


def test_elisions_are_cut_from_their_words_and_sentences_are_known_to_open() -> None:
    tokens = tokens_of("Qu'on l'aime. Puis d’où ?", "fr")
    assert [t.low for t in tokens] == ["qu’", "on", "l’", "aime", "puis", "d’", "où"]
    assert [t.low for t in tokens if t.opens] == ["qu’", "puis"]


def test_the_dictionarys_morphology_is_kept() -> None:
    assert tags_of("produits") & TAGS["noun_mp"] and not tags_of("produits") & TAGS["noun_ms"]
    assert tags_of("mangez") & TAGS["verb_2p"] and tags_of("Manger") & TAGS["infinitive"]
    assert tags_of("qsdf") == 0
