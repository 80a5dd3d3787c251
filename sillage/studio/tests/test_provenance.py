"""Where words come from: whose share, which term of the IPTC, what platforms and law packs are told."""

from __future__ import annotations

from datetime import date

import pytest

from sillage.governance.engine.law_facts import GENERATED, NOT_GENERATED
from sillage.studio.actions.texts import keep_version, save_words, start_text
from sillage.studio.engine.digital_source import Elements, Source, source_of_picture, source_of_words
from sillage.studio.engine.origins import BY_A_PERSON, MadeBy, Origin
from sillage.studio.engine.provenance import (
    History,
    Step,
    history_of_words,
    law_facts_of,
    platform_fields,
    shares_of,
)
from sillage.studio.queries.panel_history import panel_history
from sillage.studio.queries.provenance import as_told, history_of_text, law_on

MODEL = MadeBy(Origin.MODEL, "mistral-small", "2603", "caption-3")
RULE = MadeBy(Origin.TEMPLATE, "fragments", "1")
ON = date(2026, 11, 22)


def steps(*made):
    return [Step(by, body=body) for by, body in made]


def test_a_word_belongs_to_who_wrote_it_first():
    shares = shares_of(steps((MODEL, "one two three four"), (BY_A_PERSON, "one two three five six")))

    assert shares == {Origin.PERSON: 2 / 5, Origin.MODEL: 3 / 5}


def test_words_that_a_person_typed_over_are_the_persons():
    history = history_of_words(steps((MODEL, "one two"), (BY_A_PERSON, "quite other words")))

    assert history.shares == {Origin.PERSON: 1.0}
    assert history.source is Source.DIGITAL_CREATION and history.is_generated is False
    assert history.models == (MODEL,), "that a model was asked stays known"


def test_a_word_that_went_and_came_back_is_of_who_wrote_it_again():
    shares = shares_of(steps((MODEL, "sun"), (BY_A_PERSON, "moon"), (BY_A_PERSON, "sun")))

    assert shares == {Origin.PERSON: 1.0}


def test_an_empty_text_has_no_shares_and_a_huge_one_is_not_compared():
    assert shares_of([]) == {} and shares_of(steps((MODEL, ""))) == {}
    huge = "word " * 12_000
    assert shares_of(steps((MODEL, huge), (BY_A_PERSON, huge))) == {Origin.PERSON: 1.0}


@pytest.mark.parametrize(
    ("model", "template", "person", "source"),
    [
        (True, False, False, "trainedAlgorithmicMedia"),
        (True, False, True, "compositeWithTrainedAlgorithmicMedia"),
        (True, True, False, "compositeWithTrainedAlgorithmicMedia"),
        (False, True, False, "dataDrivenMedia"),
        (False, True, True, "humanEdits"),
        (False, False, True, "digitalCreation"),
        (False, False, False, "digitalCreation"),
    ],
)
def test_the_iptc_term_of_words(model, template, person, source):
    found = source_of_words(has_model=model, has_template=template, has_person=person)

    assert found.value == source
    assert found.uri == f"http://cv.iptc.org/newscodes/digitalsourcetype/{source}"
    assert found.is_generated is model, "only what a model had a part in is AI"


@pytest.mark.parametrize(
    ("told", "source"),
    [
        ({}, "digitalCreation"),
        ({"has_variables": True}, "dataDrivenMedia"),
        ({"elements": Elements.CAPTURED}, "humanEdits"),
        ({"elements": Elements.UNKNOWN, "has_variables": True}, "composite"),
        ({"elements": Elements.GENERATED}, "compositeSynthetic"),
        ({"drawn_by_model": True}, "trainedAlgorithmicMedia"),
        ({"drawn_by_model": True, "has_variables": True}, "compositeSynthetic"),
        ({"words_by_model": True, "has_variables": True}, "compositeSynthetic"),
    ],
)
def test_the_iptc_term_of_a_picture(told, source):
    given = {"drawn_by_model": False, "elements": Elements.NONE, "has_variables": False, **told}

    assert source_of_picture(**given).value == source


def test_every_term_is_one_that_the_law_packs_know_but_the_one_that_leaves_it_open():
    assert {one.value for one in Source} - GENERATED - NOT_GENERATED == {"composite"}


def test_platforms_are_told_of_pictures_and_asked_nothing_of_words():
    assert platform_fields(history_of_words(steps((MODEL, "one")))) == {}
    said = platform_fields(History("picture", (), Source.COMPOSITE_SYNTHETIC))
    assert said == {
        "instagram": {"is_ai_generated": True},
        "x": {"made_with_ai": True},
        "youtube": {"status.containsSyntheticMedia": True},
        "tiktok": {"is_aigc": True},
        "google_cm360": {"syntheticContentAttestationStatus": "IS_SYNTHETIC"},
    }
    not_made = platform_fields(History("picture", (), Source.DATA_DRIVEN))
    assert {value for fields in not_made.values() for value in fields.values()} == {False, "NOT_SYNTHETIC"}


def test_the_ai_act_asks_about_words_of_a_model_only_and_is_told_who_answers_for_them():
    assert law_on(history_of_words(steps((RULE, "one two"))), (), ON) == []

    history = history_of_words(steps((MODEL, "one")), "Ada")
    asked = {finding.rule for finding in law_on(history, (), ON)}
    assert "AI-50-4b" in asked and "AI-50-4a" not in asked, "words are no deepfake"
    assert law_facts_of(history).ai.reviewer == "Ada"


# -- with what is kept -----------------------------------------------------------------------------------------------


@pytest.fixture
def text(db, ada, noon):
    return start_text(
        title="T", kind="caption", language="fr", body="un deux trois", made_by=MODEL, actor=ada, now=noon
    )


def test_a_text_knows_every_version_with_its_model_and_prompt(text, ada, noon):
    keep_version(text_id=text.pk, body="un deux quatre", made_by=BY_A_PERSON, seen=1, actor=ada, now=noon)
    text.refresh_from_db()

    history = history_of_text(text)

    assert [(step.number, step.made_by.origin.value, step.who) for step in history.steps] == [
        (1, "model", "Ada"),
        (2, "person", "Ada"),
    ]
    assert history.models[0].prompt_version == "caption-3"
    assert history.shares == {Origin.PERSON: 1 / 3, Origin.MODEL: 2 / 3}
    assert [step.body for step in as_told(history).steps] == ["", ""]


def test_words_as_typed_are_a_persons_last_step(text, ada, noon):
    save_words(text_id=text.pk, body="un deux trois cinq", seen=1, actor=ada, now=noon)
    text.refresh_from_db()

    assert history_of_text(text).steps[-1].made_by.origin is Origin.PERSON
    found = panel_history(text, "tout autre chose", ada, noon)
    assert found["shares"] == [(Origin.PERSON, 1.0)]
    assert found["history"].steps[-1].number is None


def test_the_panel_shows_shares_models_and_what_the_law_asks(text, ada, rita, dario, signed_in):
    page = signed_in(ada).post(f"/w/harbour/studio/texts/{text.pk}/panel/history/").content.decode()

    assert "mistral-small" in page and "caption-3" in page and "AI-50-4b" in page
    assert "trainedAlgorithmicMedia" in page
    assert signed_in(rita).post(f"/w/harbour/studio/texts/{text.pk}/panel/history/").status_code == 200
    assert signed_in(dario).post(f"/w/elsewhere/studio/texts/{text.pk}/panel/history/").status_code == 404


def test_the_api_tells_the_history_of_a_text(text, ada, dario, signed_in):
    answer = signed_in(ada).get(f"/api/v1/harbour/studio/texts/{text.pk}/history")

    said = answer.json()
    assert said["source_uri"].endswith("/trainedAlgorithmicMedia") and said["is_generated"] is True
    assert said["shares"] == {"model": 1.0} and said["platform_fields"] == {}
    assert said["steps"][0]["prompt_version"] == "caption-3" and "body" not in said["steps"][0]
    assert signed_in(dario).get(f"/api/v1/elsewhere/studio/texts/{text.pk}/history").status_code == 404
