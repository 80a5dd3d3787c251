"""The comment inbox: what awaits an answer first, filters, corrections, and nothing of another workspace."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from click.testing import CliRunner

from sillage.catalogue import queries as catalogue
from sillage.catalogue.actions.ingest import ingest
from sillage.catalogue.engine.records import AccountRecord, Batch, CommentRecord, PostRecord
from sillage.catalogue.models import Comment
from sillage.front.cli import sillage
from sillage.lib.errors import Malformed
from sillage.understanding import actions as understanding
from sillage.understanding.actions.corrections import correct
from sillage.understanding.queries.inbox import AWAITS, InboxFilters, count_inbox, list_inbox

ADDRESS = "/w/harbour/comments/"
TEXTS = {
    "ask": "Bonjour, où est-ce qu'on peut l'acheter et à quel prix ?",
    "answered": "Est-ce que ça marche aussi sur les cheveux bouclés ?",
    "praise": "J'adore cette vidéo, merci beaucoup pour le partage !",
    "trouble": "Colis jamais reçu, le service client ne répond pas, très déçu",
    "spam": "Gagnez 500 € par jour depuis chez vous, lien dans mon profil",
    "irony": "Génial, encore une publicité qui ne sert à rien 🙄",
    "english": "Where did you find this lovely jacket, please?",
}


@pytest.fixture(autouse=True)
def english(client):
    client.cookies["django_language"] = "en"


@pytest.fixture
def mona(ada, noon):
    account = AccountRecord("instagram", "mona", "mona", name="Mona Verde")
    post = PostRecord("instagram", "mona", "p1", noon, text="Mon nouveau manteau, enfin arrivé")
    comments = [
        CommentRecord("instagram", "mona", "p1", key, noon - timedelta(hours=n), text, f"reader-{n}")
        for n, (key, text) in enumerate(TEXTS.items())
    ]
    reply = CommentRecord("instagram", "mona", "p1", "r1", noon, "Oui, très bien !", "mona", "answered")
    ingest(workspace_id=ada.workspace_id, batch=Batch((account,), (post,), (*comments, reply)), actor=ada, now=noon)
    understanding.read_comments(actor=ada, now=noon)
    return catalogue.get_account(ada.workspace_id, "instagram:mona")


def _keys(ada, **filters):
    page = list_inbox(ada.workspace_id, InboxFilters(**filters), limit=50)
    return [line.comment.network_id for line in page.items]


def _say(ada, mona, noon, key, enricher, value):
    comment = Comment.objects.get(network_id=key)
    correct(
        enricher=enricher,
        account_id=mona.pk,
        subject_kind="comment",
        subject_id=comment.id,
        value=value,
        actor=ada,
        now=noon,
    )


def test_what_asks_and_was_not_answered_awaits(mona, ada):
    waiting = _keys(ada, intent=AWAITS)
    assert {"ask", "trouble", "english"} <= set(waiting)
    assert not {"answered", "praise", "spam", "r1"} & set(waiting)


def test_what_the_account_wrote_itself_is_not_in_the_inbox(mona, ada):
    assert set(_keys(ada)) == set(TEXTS)


def test_counts_are_those_of_the_lists(mona, ada):
    counts = count_inbox(ada.workspace_id, InboxFilters())
    assert counts.total == len(TEXTS)
    assert counts.awaiting == len(_keys(ada, intent=AWAITS))
    assert dict(counts.by_intent) == {i: len(_keys(ada, intent=i)) for i in counts.by_intent}


def test_filters_keep_what_they_say(mona, ada, noon):
    assert _keys(ada, language="en") == ["english"]
    assert "trouble" in _keys(ada, tone="negative") and "praise" not in _keys(ada, tone="negative")
    assert _keys(ada, flag="irony") == ["irony"]
    assert set(_keys(ada, creator="verde")) == set(TEXTS)
    assert _keys(ada, creator="%") == []
    assert _keys(ada, since=noon - timedelta(minutes=90)) == ["ask", "answered"]
    assert _keys(ada, brand="nobody") == []


def test_pages_follow_one_another_without_gap_or_repeat(mona, ada):
    seen, cursor = [], None
    while True:
        page = list_inbox(ada.workspace_id, InboxFilters(), cursor=cursor, limit=3)
        seen += [line.comment.network_id for line in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == list(TEXTS)


@pytest.mark.parametrize("cursor", ["nonsense", "WzEsMiwzXQ", "WyJ4IiwxLDJd"])
def test_a_cursor_of_another_list_is_refused(mona, ada, cursor):
    with pytest.raises(Malformed):
        list_inbox(ada.workspace_id, InboxFilters(), cursor=cursor)


def test_a_persons_word_counts_in_place_of_the_machines(mona, ada, noon):
    _say(ada, mona, noon, "trouble", "intent", {"intents": []})
    _say(ada, mona, noon, "praise", "tone", {"tone": "negative"})
    assert "trouble" not in _keys(ada, intent=AWAITS) and "trouble" not in _keys(ada, intent="complaint")
    assert "praise" in _keys(ada, tone="negative")


def test_another_workspace_sees_nothing(mona, dario):
    assert list_inbox(dario.workspace_id, InboxFilters()).items == []
    assert count_inbox(dario.workspace_id, InboxFilters()).total == 0


def test_the_page_shows_words_marks_and_confidence(mona, rita, signed_in, django_assert_max_num_queries):
    client = signed_in(rita)
    with django_assert_max_num_queries(22):
        text = client.get(ADDRESS).content.decode()
    assert "Colis <mark>jamais reçu</mark>" in text and "cette vidéo" not in text
    assert "actor--rule" in text and "Confidence:" in text
    assert "enricher=intent" not in text


def test_who_may_correct_gets_the_way_to_do_so(mona, bruno, signed_in):
    text = signed_in(bruno).get(ADDRESS).content.decode()
    assert "enricher=intent" in text and "enricher=tone" in text


def test_irony_is_shown_as_something_for_a_person(mona, rita, signed_in):
    text = signed_in(rita).get(f"{ADDRESS}?show=all&flag=irony").content.decode()
    assert "For a person to judge" in text and "mocking emoji" in text


def test_an_address_that_cannot_be_read_is_told_at_422(mona, rita, signed_in):
    client = signed_in(rita)
    for query in ("show=everything", "tone=angry", "days=3", "creator_id=x", "cursor=zzz", "flag=x"):
        answer = client.get(f"{ADDRESS}?{query}")
        assert answer.status_code == 422, query
        assert "notice--refusal" in answer.content.decode()


def test_empty_states_say_what_to_do(ada, rita, noon, signed_in):
    client = signed_in(rita)
    assert "No comment is here" in client.get(ADDRESS).content.decode()
    account = AccountRecord("instagram", "mona", "mona")
    post = PostRecord("instagram", "mona", "p1", noon, text="Bonjour")
    comment = CommentRecord("instagram", "mona", "p1", "c1", noon, "Merci beaucoup, j'adore cette recette", "reader")
    ingest(workspace_id=ada.workspace_id, batch=Batch((account,), (post,), (comment,)), actor=ada, now=noon)
    assert 'href="/w/harbour/imports/"' in client.get(ADDRESS).content.decode().partition('class="empty"')[2]
    understanding.read_comments(actor=ada, now=noon)
    assert "Nothing awaits an answer" in client.get(ADDRESS).content.decode()
    assert "No comment is like that" in client.get(f"{ADDRESS}?creator=zoe").content.decode()


def test_a_member_of_another_workspace_finds_no_page(mona, dario, signed_in):
    assert signed_in(dario).get(ADDRESS).status_code == 404


def test_a_comment_cannot_bring_markup_into_the_page(mona, ada, rita, noon, signed_in):
    nasty = CommentRecord("instagram", "mona", "p1", "x1", noon, "<script>alert(1)</script> où l'acheter ?", "reader")
    ingest(workspace_id=ada.workspace_id, batch=Batch(comments=(nasty,)), actor=ada, now=noon)
    understanding.read_comments(actor=ada, now=noon)
    text = signed_in(rita).get(ADDRESS).content.decode()
    assert "<script>alert" not in text and "&lt;script&gt;" in text


def test_the_api_lists_comments_with_their_signals(mona, ada, noon, signed_in):
    _say(ada, mona, noon, "ask", "tone", {"tone": "neutral"})
    client = signed_in(ada)
    answer = client.get("/api/v1/harbour/comments?intent=awaiting&limit=1")
    assert answer.status_code == 200
    body = answer.json()
    (first,) = body["items"]
    assert first["network_id"] == "ask" and first["awaits"] is True
    assert set(first["signals"]["intent"]["value"]["intents"]) == {"question", "purchase"}
    assert first["signals"]["tone"]["corrected"] == {"tone": "neutral"}
    following = client.get(f"/api/v1/harbour/comments?intent=awaiting&cursor={body['next_cursor']}").json()
    assert "ask" not in [item["network_id"] for item in following["items"]]
    counts = client.get("/api/v1/harbour/comments/counts").json()
    assert counts["total"] == len(TEXTS)


def test_the_api_refuses_an_unknown_intent_and_hides_other_workspaces(mona, ada, dario, signed_in):
    assert signed_in(ada).get("/api/v1/harbour/comments?intent=love").status_code == 422
    assert signed_in(dario).get("/api/v1/harbour/comments").status_code == 404
    assert signed_in(dario).get("/api/v1/elsewhere/comments").json()["items"] == []
    assert signed_in(dario).get(f"/api/v1/elsewhere/comments?account={mona.pk}").status_code == 404


def test_the_command_lists_by_intent(mona, ada):
    run = CliRunner().invoke(sillage, ["comments", "list", "--intent", "purchase", "--json"], catch_exceptions=False)
    assert run.exit_code == 0
    assert {item["text"] for item in json.loads(run.output)["items"]} == {TEXTS["ask"], TEXTS["english"]}


def test_the_command_shows_a_table_and_says_when_there_is_nothing(mona, ada):
    table = CliRunner().invoke(sillage, ["comments", "list", "--intent", "spam"], catch_exceptions=False)
    assert "spam" in table.output and "Gagnez" in table.output
    none = CliRunner().invoke(sillage, ["comments", "list", "--language", "de"], catch_exceptions=False)
    assert "No comment is like that" in none.output


def test_the_command_reads_comments_once(mona, ada):
    run = CliRunner().invoke(sillage, ["comments", "read"], catch_exceptions=False)
    assert "Every comment has been read already" in run.output
