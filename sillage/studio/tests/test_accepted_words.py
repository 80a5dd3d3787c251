"""Words that a workspace accepts: added and taken away by members, kept per language, respected by every spelling check."""

from __future__ import annotations

import threading

import pytest
from django.db import connection
from django.urls import reverse

from sillage.front.tests.program import program_of
from sillage.front.tests.terminal import terminal
from sillage.governance import queries as governance
from sillage.governance.engine.actors import NotAllowed
from sillage.lib.errors import NotFound
from sillage.studio.actions import words as actions
from sillage.studio.actions.words import TooManyWords, WordMalformed, WordsAccepted, accept_words, take_word_away
from sillage.studio.models import AcceptedWord
from sillage.studio.queries.text_checks import check_words
from sillage.studio.queries.texts import get_text
from sillage.studio.queries.words import accepted_words, list_accepted
from sillage.studio.tests.being_written import begun
from sillage.studio.tests.briefing import written

__all__ = ["terminal"]
WORDS = "Le glowlent nourrit la terre."


@pytest.fixture
def text(ada, noon):
    return begun(ada, noon, WORDS)


def _accept(actor, now, *words, language="fr"):
    return accept_words(words=words, language=language, actor=actor, now=now)


def _unknown(text, noon, body=WORDS):
    found = check_words(get_text(text.workspace_id, text.pk), body, noon.date()).remarks
    return [remark.words for remark in found if remark.kind == "spelling"]


def test_the_check_lets_an_accepted_word_pass_until_it_is_taken_away(text, ada, noon):
    assert _unknown(text, noon) == ["glowlent"]
    (row,) = _accept(ada, noon, "Glowlent")
    assert _unknown(text, noon) == [] and _unknown(text, noon, "Les glowlents") == ["glowlents"]
    take_word_away(word_id=row.pk, actor=ada, now=noon)
    assert _unknown(text, noon) == ["glowlent"]
    first, second = governance.list_entries(ada.workspace_id).items[:2]
    assert (second.verb, second.facts) == ("studio.words_accepted", {"language": "fr", "words": ["Glowlent"]})
    assert (first.verb, first.facts) == ("studio.word_taken_away", {"language": "fr", "word": "Glowlent"})


def test_who_added_a_word_and_when_is_known_and_each_language_has_its_own(ada, bruno, noon):
    _accept(bruno, noon, "l’aubeline".removeprefix("l’"), "Zestopia")
    _accept(ada, noon, "glowlent", language="en")
    rows = [(r.language, r.word, r.who, r.added_at) for r in list_accepted(ada.workspace_id)]
    assert rows == [
        ("en", "glowlent", "Ada", noon),
        ("fr", "aubeline", "Bruno", noon),
        ("fr", "Zestopia", "Bruno", noon),
    ]
    assert accepted_words(ada.workspace_id, "fr") == {"aubeline", "zestopia"}


def test_of_several_words_those_that_pass_already_are_left_out(ada, noon):
    _accept(ada, noon, "Glowlent")
    made = _accept(ada, noon, "GLOWLENT", "jardin", "Compostou", "compostou")
    assert [row.word for row in made] == ["Compostou"]
    with pytest.raises(WordsAccepted):
        _accept(ada, noon, "glowlent", "jardin")


@pytest.mark.parametrize(
    ("words", "language"),
    [
        *(([], "fr"), ([" "], "fr"), (["deux mots"], "fr"), (["l'aube"], "fr"), (["x1y"], "fr"), (["@mona"], "fr")),
        *((["a" * 41], "fr"), (["Blume"], "de"), ([f"mot{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(201)], "fr")),
    ],
)  # fmt: skip
def test_what_is_not_one_word_of_a_language_that_is_checked_is_refused(ada, noon, words, language):
    with pytest.raises(WordMalformed):
        _accept(ada, noon, *words, language=language)
    assert not AcceptedWord.objects.exists()


def test_a_workspace_accepts_a_bounded_number_of_words(ada, noon, monkeypatch):
    monkeypatch.setattr(actions, "MOST_ACCEPTED", 2)
    _accept(ada, noon, "glowlent", "compostou")
    with pytest.raises(TooManyWords):
        _accept(ada, noon, "aubeline")


def test_a_reader_adds_nothing_and_words_of_another_workspace_are_not_found(text, ada, rita, dario, noon):
    with pytest.raises(NotAllowed):
        _accept(rita, noon, "glowlent")
    (theirs,) = _accept(dario, noon, "glowlent")
    assert _unknown(text, noon) == ["glowlent"] and not list_accepted(ada.workspace_id)
    for who, no in ((ada, NotFound), (rita, NotAllowed)):
        with pytest.raises(no):
            take_word_away(word_id=theirs.pk, actor=who, now=noon)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_add_the_same_word_at_once_one_does(ada, bruno, noon):
    gate, outcomes = threading.Barrier(2), []

    def add(actor):
        try:
            gate.wait()
            outcomes.append(_accept(actor, noon, "glowlent")[0].word)
        except WordsAccepted:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=add, args=(actor,)) for actor in (ada, bruno)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["glowlent", "told"] and AcceptedWord.objects.count() == 1


# -- doors -----------------------------------------------------------------------------------------------------------


def url(name, *args):
    return reverse(f"studio:{name}", args=["harbour", *args])


def test_words_are_added_and_taken_away_on_their_page(english, signed_in, ada, rita):
    browser = signed_in(ada)
    assert "No word is accepted yet" in browser.get(url("words")).content.decode()
    browser.post(url("accept_words"), {"words": "glowlent, Compostou\nAubeline", "language": "fr"})
    page = browser.get(url("words")).content.decode()
    assert page.count("data-line") == 3 and "Compostou" in page and "Ada" in page
    wrong = browser.post(url("accept_words"), {"words": "l'aube x1", "language": "fr"})
    assert wrong.status_code == 422 and "is not one word" in wrong.content.decode()
    assert "l&#x27;aube x1</textarea>" in wrong.content.decode()
    row = AcceptedWord.objects.get(word="Compostou")
    assert browser.post(url("take_word_away", row.pk)).status_code == 302
    browser = signed_in(rita)
    page = browser.get(url("words")).content.decode()
    assert page.count("data-line") == 2 and url("accept_words") not in page and "take-away" not in page
    assert browser.post(url("accept_words"), {"words": "zest", "language": "fr"}).status_code == 403


def test_a_word_is_accepted_beside_its_remark_while_one_writes(text, english, signed_in, ada):
    browser = signed_in(ada)
    assert "Accept this word for everybody" in browser.get(url("text", text.pk)).content.decode()
    form = {"words": "glowlent", "language": "fr", "text": text.pk}
    typed = {"body": WORDS + " Le compostou aussi."}
    part = browser.post(url("accept_words"), form | typed, headers={"HX-Request": "true"}).content.decode()
    assert "data-findings" in part and "<html" not in part
    assert 'value="compostou"' in part and 'value="glowlent"' not in part
    answer = browser.post(url("accept_words"), form | {"words": "compostou"})
    assert answer.status_code == 302 and answer.url.startswith(url("text", text.pk))


def test_words_of_a_brief_are_not_marked_when_they_are_accepted(english, signed_in, ada, noon):
    brief = written(ada, noon, idea="Le glowlent nourrit la terre")
    browser = signed_in(ada)
    assert "<strong>glowlent</strong>" in browser.get(url("brief", brief.pk)).content.decode()
    _accept(ada, noon, "glowlent")
    assert "<strong>glowlent</strong>" not in browser.get(url("brief", brief.pk)).content.decode()


def test_a_stranger_reaches_no_word(text, signed_in, ada, dario, noon):
    (row,) = _accept(ada, noon, "glowlent")
    browser = signed_in(dario)
    assert browser.get(url("words")).status_code == 404
    assert browser.post(url("take_word_away", row.pk)).status_code == 404
    assert program_of(dario).call("DELETE", f"studio/accepted-words/{row.pk}").status_code == 404
    assert AcceptedWord.objects.exists()


def test_a_program_adds_lists_and_takes_away(ada, dario):
    program = program_of(ada)
    made = program.post("studio/accepted-words", {"words": ["glowlent", "jardin"], "language": "fr"})
    assert made.status_code == 201 and [w["word"] for w in made.json()["items"]] == ["glowlent"]
    told = program.post("studio/checks", {"text": WORDS, "language": "fr"}).json()["items"]
    assert not [remark for remark in told if remark["kind"] == "spelling"]
    theirs = program_of(dario, slug="elsewhere").post("studio/checks", {"text": WORDS, "language": "fr"})
    assert theirs.json()["items"][0]["words"] == "glowlent"
    assert program.post("studio/accepted-words", {"words": ["glowlent"], "language": "fr"}).status_code == 409
    (word,) = program.get("studio/accepted-words", language="fr").json()["items"]
    assert program.call("DELETE", f"studio/accepted-words/{word['id']}").status_code == 204
    assert program.get("studio/accepted-words").json()["items"] == []


def test_the_command_line_adds_lists_takes_away_and_checks_with_them(terminal, ada, tmp_path):
    file = tmp_path / "post.txt"
    file.write_text(WORDS, encoding="utf8")
    assert "glowlent" in terminal("studio", "check", file).out
    assert "Accepted: glowlent" in terminal("studio", "words", "add", "glowlent", "--language", "fr").err
    assert "glowlent" not in terminal("studio", "check", file, "--workspace", "harbour").out
    (line,) = terminal("studio", "words", "list", "--json").json
    assert (line["word"], line["language"]) == ("glowlent", "fr")
    assert "Taken away" in terminal("studio", "words", "remove", line["id"]).err
