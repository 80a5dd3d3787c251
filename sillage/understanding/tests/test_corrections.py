"""What a person says in place of a machine: kept with who and when, standing on pages, refused where it does not fit."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from sillage.catalogue import queries as catalogue
from sillage.catalogue.actions.ingest import ingest
from sillage.catalogue.engine.records import AccountRecord, Batch, CommentRecord, PostRecord
from sillage.catalogue.models import Post
from sillage.governance import queries as governance
from sillage.governance.engine.actors import ActorKind, NotAllowed, automation
from sillage.lib.errors import NotFound
from sillage.understanding.actions.corrections import (
    CorrectionMalformed,
    NotCorrectable,
    NotYours,
    OnlyPeopleCorrect,
    correct,
    withdraw_correction,
)
from sillage.understanding.engine.corrections import allowed_of, as_value, labels_in
from sillage.understanding.models import Correction, Signal
from sillage.understanding.queries.corrections import (
    agreement,
    as_corrected,
    corrections_of,
    count_corrections,
    list_examples,
)


@pytest.fixture
def post(ada, noon):
    account = AccountRecord("instagram", "mona", "mona", name="Mona")
    posts = (PostRecord("instagram", "mona", "p1", noon, text="Encore un dimanche pluvieux au potager"),)
    comments = (CommentRecord("instagram", "mona", "p1", "c1", noon, "Trop bien !", "reader-1"),)
    ingest(workspace_id=ada.workspace_id, batch=Batch((account,), posts, comments), actor=ada, now=noon)
    found = Post.objects.get()
    Signal.objects.create(
        account_id=found.account_id,
        id=1,
        post_id=found.id,
        enricher="tone",
        version="1.words",
        content_hash=found.content_hash,
        value={"tone": "negative"},
        confidence=0.7,
        made_at=noon,
    )
    return found


@pytest.fixture
def said(post, noon):
    def _said(actor, value=None, enricher="tone", at=0, **more):
        given = {"account_id": post.account_id, "subject_kind": "post", "subject_id": post.id, **more}
        return correct(
            enricher=enricher,
            value={"tone": "positive"} if value is None else value,
            actor=actor,
            now=noon + timedelta(minutes=at),
            **given,
        )

    return _said


# -- engine ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("enricher", "given", "kept"),
    [
        ("tone", {"tone": "neutral"}, {"tone": "neutral"}),
        ("themes", {"themes": ["travel", "food.baking", "travel"]}, {"themes": ["food.baking", "travel"]}),
        ("themes", {"themes": []}, {"themes": []}),
        ("intent", {"intents": ["spam", "question"]}, {"intents": ["question", "spam"]}),
        ("brands", {"brands": {"acme": "declared"}}, {"brands": {"acme": "declared"}}),
        ("tag:slow", {"holds": False}, {"holds": False}),
        ("tone", {"tone": "angry"}, None),
        ("tone", {"tone": ["neutral"]}, None),
        ("tone", {"mood": "neutral"}, None),
        ("themes", {"themes": ["religion.of.the.author"]}, None),
        ("brands", {"brands": {"acme": "secret"}}, None),
        ("tag:slow", {"holds": "yes"}, None),
        ("tone", "neutral", None),
    ],
)
def test_a_value_is_kept_in_the_enrichers_shape_or_not_at_all(enricher, given, kept):
    allowed = allowed_of(enricher)
    assert allowed is not None
    assert as_value(allowed, given) == kept


def test_labels_of_a_person_and_of_a_machine_are_comparable():
    themes, tag = allowed_of("themes"), allowed_of("tag:slow")
    assert themes is not None and tag is not None
    assert labels_in(themes, {"themes": ["travel"]}) == labels_in(themes, {"themes": {"travel": 0.61}})
    assert labels_in(tag, {"holds": True}) and not labels_in(tag, {"holds": False}) and not labels_in(tag, None)


# -- action ----------------------------------------------------------------------------------------------------------


def test_a_correction_keeps_what_the_machine_had_said_and_enters_the_ledger(said, post, ada):
    kept = said(ada, note="  ironie  ")
    assert (kept.machine_value, kept.machine_version) == ({"tone": "negative"}, "1.words")
    assert (kept.content_hash, kept.note, kept.member_id) == (post.content_hash, "ironie", ada.member_id)
    entry = governance.list_entries(ada.workspace_id, verb="understanding.corrected").items[0]
    assert entry.facts["value"] == {"tone": "positive"} and entry.subject_id == f"{post.account_id}:{post.id}"


def test_only_people_who_may_correct_do(said, ada, rita, dario):
    with pytest.raises(NotAllowed):
        said(rita)
    with pytest.raises(OnlyPeopleCorrect):
        said(automation("enricher", ada.workspace_id))
    with pytest.raises(OnlyPeopleCorrect):
        said(replace(ada, kind=ActorKind.MODEL))
    with pytest.raises(NotFound):
        said(dario)
    assert not Correction.objects.exists()


@pytest.mark.parametrize(
    ("refusal", "given"),
    [
        (NotCorrectable, {"enricher": "astrology", "value": {"sign": "leo"}}),
        (NotCorrectable, {"enricher": "intent", "value": {"intents": []}}),
        (CorrectionMalformed, {"value": {"tone": "angry"}}),
        (CorrectionMalformed, {"enricher": "brands", "value": {"brands": {"nobody": "organic"}}}),
        (NotFound, {"enricher": "tag:unheard", "value": {"holds": True}}),
        (NotFound, {"subject_id": 5}),
    ],
)
def test_what_does_not_fit_is_refused(said, ada, refusal, given):
    with pytest.raises(refusal) as refused:
        said(ada, **given)
    assert refused.value.hint
    assert not Correction.objects.exists()


def test_what_several_people_say_stands_by_majority_then_by_time(said, post, ada, bruno):
    key = (post.account_id, post.id)
    said(ada)
    said(bruno, {"tone": "neutral"}, at=1)
    standing = as_corrected(ada.workspace_id, "post", [key])[key]["tone"]
    assert standing.value == {"tone": "neutral"} and standing.is_disputed and standing.people == 2
    said(bruno, at=2)
    standing = as_corrected(ada.workspace_id, "post", [key], ["tone"])[key]["tone"]
    assert standing.value == {"tone": "positive"} and not standing.is_disputed
    assert agreement(ada.workspace_id, "tone").n == 1


def test_what_was_said_of_an_older_text_does_not_stand(said, post, ada, noon):
    said(ada)
    assert [e.labels for e in list_examples(ada.workspace_id, "tone")] == [frozenset({"positive"})]
    Post.objects.update(content_hash=77)
    assert as_corrected(ada.workspace_id, "post", [(post.account_id, post.id)]) == {}
    assert list_examples(ada.workspace_id, "tone") == []


def test_one_takes_back_what_one_said_and_not_what_others_did(said, post, ada, bruno, noon):
    first = said(bruno)
    said(bruno, {"tone": "neutral"}, at=1)
    mine = said(ada, at=2)
    with pytest.raises(NotYours):
        withdraw_correction(correction_id=mine.pk, actor=bruno, now=noon)
    withdraw_correction(correction_id=first.pk, actor=bruno, now=noon)
    left = corrections_of(ada.workspace_id, post.account_id, "post", post.id)
    assert [c.pk for c in left] == [mine.pk]


def test_another_workspace_sees_nothing_of_it(said, post, ada, dario, noon):
    kept = said(ada)
    key = (post.account_id, post.id)
    assert as_corrected(dario.workspace_id, "post", [key]) == {}
    assert corrections_of(dario.workspace_id, *key[:1], "post", key[1]) == []
    assert list_examples(dario.workspace_id, "tone") == [] and count_corrections(dario.workspace_id) == {}
    with pytest.raises(NotFound):
        withdraw_correction(correction_id=kept.pk, actor=dario, now=noon)


# -- page ------------------------------------------------------------------------------------------------------------


def _form(post, enricher="tone"):
    return {"enricher": enricher, "account": post.account_id, "kind": "post", "subject": post.id}


def test_the_form_shows_what_the_machine_said_and_keeps_what_a_person_says(signed_in, bruno, post):
    client, address = signed_in(bruno), reverse("understanding:corrections", args=["harbour"])
    html = client.get(address, _form(post), headers={"HX-Request": "true"}).content.decode()
    assert "1.words" in html and "dimanche pluvieux" in html and "<html" not in html
    assert "<html" in client.get(address, _form(post)).content.decode()

    back = "/w/harbour/models/"
    answer = client.post(address, {**_form(post), "value": "neutral", "next": back})
    assert answer.status_code == 302 and answer["Location"] == back
    assert Correction.objects.get().value == {"tone": "neutral"}
    outside = client.post(address, {**_form(post), "value": "neutral", "next": "https://evil.example/"})
    assert "evil" not in outside["Location"]


def test_themes_are_ticked_and_none_is_an_answer(signed_in, bruno, post):
    client, address = signed_in(bruno), reverse("understanding:corrections", args=["harbour"])
    client.post(address, {**_form(post, "themes"), "value": ["food.baking", "travel"]})
    client.post(address, _form(post, "themes"))
    assert [c.value for c in Correction.objects.order_by("pk")] == [
        {"themes": ["food.baking", "travel"]},
        {"themes": []},
    ]


def test_the_page_refuses_readers_strangers_and_nonsense(client, signed_in, rita, ada, dario, post):
    address = reverse("understanding:corrections", args=["harbour"])
    assert client.get(address).status_code == 302
    assert signed_in(rita).get(address, _form(post)).status_code == 403
    assert signed_in(dario).get(address, _form(post)).status_code == 404
    ada_s = signed_in(ada)
    assert ada_s.get(address, {**_form(post), "account": "abc"}).status_code == 422
    assert ada_s.get(address, {**_form(post), "enricher": "astrology"}).status_code == 422
    assert ada_s.post(address, {**_form(post), "value": "angry"}).status_code == 422
    assert catalogue.list_posts(post.account).items


def test_what_was_said_is_taken_back_on_the_page(signed_in, bruno, said):
    kept = said(bruno)
    address = reverse("understanding:withdraw_correction", args=["harbour", kept.pk])
    assert signed_in(bruno).post(address).status_code == 302
    assert not Correction.objects.exists()
