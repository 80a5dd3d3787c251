"""A workspace's own tags: labelled one post at a time, learnt from a dozen, given to posts once a person has promoted."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from django.urls import reverse

from sillage.catalogue.actions.ingest import ingest
from sillage.catalogue.engine.records import AccountRecord, Batch, PostRecord
from sillage.catalogue.models import Post
from sillage.governance import queries as governance
from sillage.governance.engine.actors import NotAllowed
from sillage.governance.engine.sensitive import sorting_in
from sillage.lib.errors import NotFound
from sillage.understanding.actions.corrections import correct
from sillage.understanding.actions.learning import TooFewExamples, learn, promote
from sillage.understanding.actions.tags import (
    TagKeyMalformed,
    TagKeyTaken,
    TagNameMissing,
    TagSortsPeople,
    archive_tag,
    create_tag,
    get_tag,
    rename_tag,
    tag_due,
)
from sillage.understanding.engine.labelling import most_uncertain, nearest_to_examples
from sillage.understanding.engine.tagging import TagExamples, TagHead, train_tags
from sillage.understanding.models import Correction, Head, Signal
from sillage.understanding.queries.tags import list_tags, next_to_label, posts_tagged, precision_of, tag_line

GARDEN = (
    "Semis de tomates au potager ce matin",
    "Le compost du potager est prêt",
    "Mes tomates du potager mûrissent enfin",
    "Pailler le potager avant l'été",
    "Récolte de courgettes et de tomates",
    "Un potager sur le balcon, tomates cerises",
    "Repiquer les salades au potager",
    "Purin d'ortie pour les tomates",
)
SURF = (
    "Session de surf, la houle était parfaite",
    "Nouvelle planche de surf, premier take-off",
    "Spot de surf désert au petit matin",
    "Combinaison et wax, prêt pour le surf",
    "La houle rentre, on file au spot",
    "Cours de surf pour débutants à la plage",
    "Ma planche de surf est cassée",
    "Swell énorme sur la côte, quel surf",
)


@pytest.fixture
def posts(ada, noon):
    """Eight posts of each of two subjects, by two accounts."""
    for handle, texts in (("mona", GARDEN[:4] + SURF[:4]), ("noe", GARDEN[4:] + SURF[4:])):
        account = AccountRecord("instagram", handle, handle, name=handle.title())
        records = tuple(
            PostRecord("instagram", handle, f"{handle}{i}", noon - timedelta(days=i), text=text)
            for i, text in enumerate(texts)
        )
        ingest(workspace_id=ada.workspace_id, batch=Batch((account,), records), actor=ada, now=noon)
    return list(Post.objects.order_by("text"))


@pytest.fixture
def tag(ada, noon):
    return create_tag(name="Potager", description="Tomates, semis, compost", actor=ada, now=noon)


def label(posts, actor, now, key="potager"):
    for post in posts:
        correct(
            enricher=f"tag:{key}",
            account_id=post.account_id,
            subject_kind="post",
            subject_id=post.id,
            value={"holds": post.text in GARDEN},
            actor=actor,
            now=now,
        )


def a_dozen(posts):
    return [p for p in posts if p.text in GARDEN[1:7] + SURF[1:7]]


# -- engine ----------------------------------------------------------------------------------------------------------


def test_a_head_learns_a_tag_from_a_dozen_and_survives_storage():
    texts = [*GARDEN[:6], *SURF[:6]]
    truth = np.array([[True]] * 6 + [[False]] * 6)
    head = train_tags(TagExamples(texts, truth, ("holds",)))
    again = TagHead.from_bytes(head.to_bytes())
    assert again.version == head.version == train_tags(TagExamples(texts, truth, ("holds",))).version
    scores = again.scores([*GARDEN[6:], *SURF[6:]])
    assert scores[:2].min() > scores[2:].max()
    assert "potager" in again.evidence(GARDEN[0], "holds") and again.evidence(SURF[0], "holds") == []
    assert again.confidences(scores).min() > 0 and again.confidences(scores).max() < 1


def test_meaning_and_the_tags_name_speak_where_words_do_not():
    draw = np.random.default_rng(3)
    towards, away = np.eye(8)[0], np.eye(8)[1]
    vectors = np.array([towards] * 6 + [away] * 6) + 0.1 * draw.normal(size=(12, 8))
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    texts = [f"lorem{n} ipsum{n}" for n in range(12)]
    truth = np.array([[True]] * 6 + [[False]] * 6)
    names = towards[None, :].astype(np.float32)
    head = train_tags(TagExamples(texts, truth, ("holds",), vectors, names), embedder="toy 1")
    asked = np.array([towards, away], dtype=np.float32)
    scores = head.scores(["veniam", "veniam"], asked)[:, 0]
    assert head.needs_vectors and head.embedder == "toy 1" and scores[0] > head.threshold > scores[1]
    with pytest.raises(ValueError, match="vectors"):
        head.scores(["veniam"])


def test_too_few_examples_are_refused_by_the_engine():
    with pytest.raises(ValueError, match="3 examples"):
        train_tags(TagExamples(["a b", "c d", "e f"], np.array([[True], [True], [False]]), ("holds",)))


def test_the_next_text_is_the_most_uncertain_or_the_nearest():
    assert most_uncertain(np.array([2.0, -0.1, 0.4])) == 1
    near = np.array([[0.1, 0.2], [0.9, 0.0], [0.3, 0.4]])
    assert nearest_to_examples(near, labelled=0) == 1
    assert nearest_to_examples(near, labelled=2) == 2


@pytest.mark.parametrize("name", ["Mamans musulmanes", "Gay", "Trade unionists", "Séropositifs", "Under 18"])
def test_what_people_are_is_no_tag(name, ada, noon):
    with pytest.raises(TagSortsPeople):
        create_tag(name=name, actor=ada, now=noon)


@pytest.mark.parametrize(
    "name",
    ["Slow cosmétique", "Potager", "Noir et blanc", "Christmas markets", "Santé au travail", "Gay-friendly hotels"],
)
def test_subjects_are_tags(name):
    assert sorting_in(name) is None


# -- action ----------------------------------------------------------------------------------------------------------


def test_a_tag_is_made_renamed_and_put_away(tag, ada, noon):
    assert tag.key == "potager"
    rename_tag(key="potager", name="Jardin", actor=ada, now=noon)
    archive_tag(key="potager", actor=ada, now=noon)
    assert list_tags(ada.workspace_id) == [] and get_tag(ada.workspace_id, "potager").name == "Jardin"
    archive_tag(key="potager", is_archived=False, actor=ada, now=noon)
    assert [t.name for t in list_tags(ada.workspace_id)] == ["Jardin"]
    verbs = [e.verb for e in governance.list_entries(ada.workspace_id, subject_kind="tag").items]
    assert len(verbs) == 4


@pytest.mark.parametrize(
    ("refusal", "given"),
    [
        (TagNameMissing, {"name": "  "}),
        (TagKeyMalformed, {"name": "Thé", "key": "Thé vert!"}),
        (TagKeyMalformed, {"name": "!!!"}),
        (TagKeyTaken, {"name": "Potager"}),
    ],
)
def test_a_tag_that_cannot_be_is_refused(tag, ada, noon, refusal, given):
    with pytest.raises(refusal) as refused:
        create_tag(**given, actor=ada, now=noon)
    assert refused.value.hint


def test_a_tag_reads_only_after_a_person_promoted_its_head(posts, tag, ada, noon):
    label(a_dozen(posts), ada, noon)
    assert tag_due(actor=ada, now=noon) == {}
    head = learn(enricher="tag:potager", actor=ada, now=noon)
    assert head.state == "shadow" and head.examples == 12 and head.figures["shadow"]["read"] == 16
    assert tag_due(actor=ada, now=noon) == {} and not Signal.objects.filter(enricher="tag:potager").exists()
    promote(head_id=head.pk, actor=ada, now=noon)
    assert tag_due(actor=ada, now=noon) == {"potager": 16}
    assert tag_due(actor=ada, now=noon) == {}
    found = [post.text for post, _ in posts_tagged(tag)]
    assert set(found) >= set(GARDEN[1:7]) and not set(found) & set(SURF[1:7])


def test_precision_counts_what_was_judged_after_the_head_said_yes(posts, tag, ada, bruno, noon):
    label(a_dozen(posts), ada, noon)
    assert precision_of(tag).share is None
    promote(head_id=learn(enricher="tag:potager", actor=ada, now=noon).pk, actor=ada, now=noon)
    tag_due(actor=ada, now=noon)
    label([post for post, _ in posts_tagged(tag)], bruno, noon + timedelta(hours=1))
    judged = precision_of(tag)
    assert judged.judged >= 6 and judged.share is not None and judged.share >= 0.75


def test_a_tag_is_not_learnt_from_next_to_nothing(posts, tag, ada, noon):
    label(posts[:2], ada, noon)
    with pytest.raises(TooFewExamples):
        learn(enricher="tag:potager", actor=ada, now=noon)
    assert not Head.objects.exists()


def test_another_workspace_has_no_such_tag_and_a_reader_makes_none(posts, tag, dario, rita, noon):
    with pytest.raises(NotFound):
        rename_tag(key="potager", name="Mine", actor=dario, now=noon)
    with pytest.raises(NotFound):
        tag_due(key="potager", actor=dario, now=noon)
    with pytest.raises(NotAllowed):
        create_tag(name="Mine", actor=rita, now=noon)


def test_the_next_post_is_near_the_name_then_near_the_likes_then_where_the_head_doubts(posts, tag, ada, noon):
    first = next_to_label(tag)
    assert first is not None and first.post.text in GARDEN and first.sure is None
    label(a_dozen(posts), ada, noon)
    promote(head_id=learn(enricher="tag:potager", actor=ada, now=noon).pk, actor=ada, now=noon)
    doubted = next_to_label(tag)
    assert doubted is not None and doubted.sure is not None
    assert doubted.post.text not in {p.text for p in a_dozen(posts)}
    left = {(p.account_id, p.id) for p in posts} - {(p.account_id, p.id) for p in a_dozen(posts)}
    assert next_to_label(tag, sorted(left)) is None


# -- page ------------------------------------------------------------------------------------------------------------


def test_a_dozen_is_labelled_with_plain_forms_and_learnt(signed_in, posts, tag, ada):
    client, address = signed_in(ada), reverse("understanding:label", args=["harbour", "potager"])
    for _ in range(12):
        shown = client.get(address).context["shown"]
        key = f"{shown.read.account_id}:{shown.read.subject_id}"
        answer = "yes" if shown.post.text in GARDEN else "no"
        assert client.post(address, {"post": key, "answer": answer}).status_code == 302
    line = tag_line(tag)
    assert line.labelled == 12 and line.positive >= 3 and line.negative >= 3
    learnt = client.post(reverse("understanding:learn_tag", args=["harbour", "potager"]))
    head = Head.objects.get()
    assert learnt["Location"].endswith(f"#head-{head.pk}")
    html = client.get(reverse("understanding:models", args=["harbour"])).content.decode()
    assert head.version in html and "Potager" in html
    client.post(reverse("understanding:decide_head", args=["harbour", head.pk]), {"then": "promote"})
    html = client.get(reverse("understanding:tag", args=["harbour", "potager"])).content.decode()
    assert head.version in html and GARDEN[3] in html.replace("&#x27;", "'")


def test_what_is_skipped_is_not_shown_again_and_labels_nothing(signed_in, posts, tag, bruno):
    client, address = signed_in(bruno), reverse("understanding:label", args=["harbour", "potager"])
    first = client.get(address).context["shown"].read
    key = f"{first.account_id}:{first.subject_id}"
    part = client.post(address, {"post": key, "answer": "skip"}, headers={"HX-Request": "true"})
    assert part.context["shown"].read.subject_id != first.subject_id
    assert "<html" not in part.content.decode() and key in part.content.decode()
    assert not Correction.objects.exists()


def test_a_tag_is_made_on_the_page_and_refusals_are_said_there(signed_in, bruno, rita):
    client, address = signed_in(bruno), reverse("understanding:tags", args=["harbour"])
    assert "No tag yet" in client.get(address).content.decode() or "Aucun" in client.get(address).content.decode()
    assert client.post(address, {"name": "Potager"})["Location"].endswith("/tags/potager/label/")
    refused = client.post(address, {"name": "Créateurs musulmans"})
    assert refused.status_code == 422 and "musulm" in refused.content.decode()
    assert signed_in(rita).get(address).status_code == 200
    assert signed_in(rita).get(reverse("understanding:label", args=["harbour", "potager"])).status_code == 403


def test_a_tag_page_of_another_workspace_is_not_found(signed_in, tag, dario):
    client = signed_in(dario)
    assert client.get(reverse("understanding:tag", args=["harbour", "potager"])).status_code == 404
    assert client.get(reverse("understanding:tag", args=["elsewhere", "potager"])).status_code == 404
