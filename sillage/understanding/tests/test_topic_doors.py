"""Topic maps through their doors: pages, the API and the command line."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from sillage.catalogue import queries as catalogue
from sillage.catalogue.actions.ingest import ingest
from sillage.catalogue.engine.records import AccountRecord, Batch, CommentRecord, PostRecord
from sillage.front.tests.program import program_of
from sillage.front.tests.terminal import terminal
from sillage.understanding.actions.topics import map_topics
from sillage.understanding.engine.topic_scope import Scope
from sillage.understanding.models import TopicMap
from sillage.understanding.tests.topic_texts import RUN, SKIN, said

__all__ = ["terminal"]


def _batch(handle, texts, noon, comments=()):
    posts = tuple(
        PostRecord(
            "instagram",
            handle,
            f"{handle}{i}",
            noon - timedelta(days=9 * i),
            text=text,
            url=f"https://e.org/{handle}/{i}",
        )
        for i, text in enumerate(texts)
    )
    replies = tuple(
        CommentRecord("instagram", handle, posts[0].network_id, f"{handle}c{i}", noon, text, f"fan{i}")
        for i, text in enumerate(comments)
    )
    return Batch((AccountRecord("instagram", handle, handle, name=handle.title()),), posts, replies)


@pytest.fixture
def filled(ada, noon):
    asked = [f"C'est quel prix {i} ?" for i in range(6)]
    for batch in (_batch("lea", said(SKIN, 36), noon, [*said(SKIN, 34), *asked]), _batch("tom", said(RUN, 36), noon)):
        ingest(workspace_id=ada.workspace_id, batch=batch, actor=ada, now=noon)


@pytest.fixture
def visitor(signed_in, ada, settings):
    client = signed_in(ada)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def url(name, *args):
    return reverse(f"understanding:{name}", args=["harbour", *args])


# -- pages -----------------------------------------------------------------------------------------------------------


def test_an_empty_list_says_what_to_do(visitor):
    html = visitor.get(url("topics")).content.decode()
    assert "No topic map yet" in html and url("new_topics") in html


def test_the_form_makes_a_map_and_shows_it(filled, visitor):
    answer = visitor.post(
        url("new_topics"), {"kind": "posts", "accounts": "instagram:lea\ninstagram:tom", "name": "Two"}
    )
    made = TopicMap.objects.get()
    assert answer.status_code == 302 and answer.url == url("topic_map", made.pk)
    html = visitor.get(answer.url).content.decode()
    assert "Two" in html and "sérum" in html and "trail" in html and "https://e.org/lea/" in html
    assert "topics/1" in html and "topic-trend" in html and "Open the post" in html
    assert "Two" in visitor.get(url("topics")).content.decode()


def test_a_comparison_shows_the_difference_with_its_interval(filled, visitor):
    fields = {
        "kind": "posts",
        "accounts": "instagram:lea",
        "compares": "1",
        "second_accounts": "instagram:tom",
        "topics": "2",
    }
    html = visitor.get(visitor.post(url("new_topics"), fields).url).content.decode()
    assert "Second set" in html and "points" in html and "clear" in html and "@lea" in html and "@tom" in html


def test_comments_show_what_is_asked_with_the_count(filled, visitor):
    html = visitor.get(visitor.post(url("new_topics"), {"kind": "comments"}).url).content.decode()
    assert "<strong>6 of 40</strong>: a question about the price" in html


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"kind": "posts", "until": "2020-01-01"}, "This set is too small"),
        ({"kind": "posts", "accounts": "instagram:nobody"}, "One of these accounts is not in the workspace."),
        ({"kind": "posts", "since": "2026-05-01", "until": "2026-04-01"}, "The period ends before it begins."),
        ({"kind": "posts", "since": "soon"}, "“soon” is no day."),
        ({"kind": "posts", "topics": "many"}, "“many” is no number of topics."),
        ({"kind": "posts", "topics": "61"}, "So many topics cannot be found."),
        ({"kind": "posts", "theme": "astrology"}, "“astrology” is not known here."),
        ({"kind": "songs"}, "“songs” is not known here."),
        ({"kind": "posts", "compares": "1"}, "Both sets are the same."),
        ({"kind": "posts", "with_model": "1"}, "No language model is set up"),
    ],
)
def test_what_cannot_be_mapped_is_said_on_the_form_and_what_was_typed_stays(filled, visitor, fields, said):
    answer = visitor.post(url("new_topics"), {"name": "Mine", **fields})
    html = answer.content.decode()
    assert answer.status_code in (404, 409, 422) and said in html and 'value="Mine"' in html
    assert not TopicMap.objects.exists()


def test_the_form_can_be_filled_by_a_link(filled, visitor, ada):
    lea = catalogue.get_account(ada.workspace_id, "instagram:lea")
    html = visitor.get(url("new_topics"), {"accounts": f"{lea.pk}", "kind": "comments"}).content.decode()
    assert f">{lea.pk}</textarea>" in html and 'value="comments" checked' in html


def test_what_people_wrote_is_never_markup(ada, noon, visitor):
    texts = [f"{text} <script>alert(1)</script> <b>sérum</b>" for text in said(SKIN, 36)]
    ingest(workspace_id=ada.workspace_id, batch=_batch("eve", texts, noon), actor=ada, now=noon)
    html = visitor.get(visitor.post(url("new_topics"), {"kind": "posts"}).url).content.decode()
    assert "alert(1)" in html and "<script>alert" not in html and "<b>sérum" not in html


def test_a_reader_looks_and_changes_nothing(filled, signed_in, rita, ada, noon):
    made = map_topics(scope=Scope(), actor=ada, now=noon)
    client = signed_in(rita)
    assert client.get(url("topic_map", made.pk)).status_code == 200
    assert client.get(url("new_topics")).status_code == 403
    assert client.post(url("drop_topics", made.pk)).status_code == 403
    assert TopicMap.objects.exists()


def test_another_workspace_finds_no_map(filled, signed_in, dario, ada, noon):
    made = map_topics(scope=Scope(), actor=ada, now=noon)
    client = signed_in(dario)
    assert client.get(url("topic_map", made.pk)).status_code == 404
    assert client.get(reverse("understanding:topic_map", args=["elsewhere", made.pk])).status_code == 404
    assert client.get(reverse("understanding:topic_map", args=["elsewhere", 10**15])).status_code == 404


def test_a_map_is_removed(filled, visitor, ada, noon):
    made = map_topics(scope=Scope(), actor=ada, now=noon)
    assert visitor.post(url("drop_topics", made.pk)).status_code == 302
    assert not TopicMap.objects.exists()


# -- programs --------------------------------------------------------------------------------------------------------


def test_a_program_makes_lists_reads_and_removes_a_map(filled, ada):
    program = program_of(ada)
    asked = {"scope": {"accounts": ["instagram:lea"]}, "compare_with": {"accounts": ["instagram:tom"]}, "topics": 2}
    made = program.post("topic-maps", asked)
    assert made.status_code == 201 and len(made.json()["result"]["topics"]) == 2
    number = made.json()["id"]
    assert [row["id"] for row in program.get("topic-maps").json()["items"]] == [number]
    read = program.get(f"topic-maps/{number}").json()
    assert read["result"]["topics"][0]["comparison"]["is_clear"] and read["result"]["topics"][0]["quotes"]
    assert program.call("DELETE", f"topic-maps/{number}").status_code == 204
    assert program.get(f"topic-maps/{number}").status_code == 404


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"scope": {"until": "2020-01-01"}}, 422, "TooFewTexts"),
        ({"scope": {"theme": "astrology"}}, 422, "ScopeUnknown"),
        ({"scope": {"brand": "nobody"}}, 422, "ScopeUnknown"),
        ({"scope": {"accounts": ["instagram:nobody"]}}, 404, "NotFound"),
        ({"scope": {}, "with_model": True}, 409, "LanguageModelMissing"),
    ],
)
def test_a_program_is_refused_with_a_hint(filled, ada, body, status, code):
    answer = program_of(ada).post("topic-maps", body)
    assert answer.status_code == status and answer.json()["hint"] and code in json.dumps(answer.json())


def test_the_command_line_makes_shows_and_removes_a_map(filled, terminal):
    said = terminal(
        "topics", "map", "--account", "instagram:lea", "--against-account", "instagram:tom", "--topics", "2"
    )
    assert said.code == 0, said.err
    number = TopicMap.objects.get().pk
    assert f"Topic map {number}" in said.out and "sérum" in said.out and "difference" in said.out
    listed = terminal("topics", "list", "--json").json
    assert listed[0]["texts"] == 72
    shown = terminal("topics", "show", number, "--json").json
    assert shown["result"]["topics"] and shown["scope"]["compare_with"]
    terminal("topics", "drop", number)
    assert not TopicMap.objects.exists()
