"""The pages of texts: the list, the writing page with and without a script, its panels, its buttons."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse
from django.utils import timezone

from sillage.campaigns.tests.conftest import accounts, campaign, collaboration, collaborations
from sillage.campaigns.tests.delivering import asked
from sillage.lib.sentences import Language, speak
from sillage.studio.actions import choices, comments, releasing, texts
from sillage.studio.models import Text, TextVersion
from sillage.studio.queries.texts import newest_version, versions_of
from sillage.studio.templatetags.writing import version_note
from sillage.studio.tests.being_written import ASSEMBLED, LAWFUL, MODEL, UNLAWFUL, asked_of, begun, briefed
from sillage.studio.views.panels import PANELS

__all__ = ["accounts", "campaign", "collaboration", "collaborations"]
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture(autouse=True)
def _in_english(client):
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"


def at(name, *args):
    return reverse(f"studio:{name}", args=["harbour", *args])


def said(answer):
    return json.loads(answer.content)


# -- the list --------------------------------------------------------------------------------------------------------


def test_an_empty_studio_says_the_three_steps(signed_in, ada):
    page = signed_in(ada).get(at("studio")).content.decode()
    assert "Nothing is being written" in page and page.count("<li><strong>") == 3


def test_the_list_shows_where_texts_stand_and_what_awaits_me(signed_in, ada, bruno, noon):
    brief = briefed(ada, noon)
    text = begun(ada, noon, LAWFUL, ASSEMBLED, title="For approval", brief_id=None)
    choices.choose_text(text_id=text.pk, seen=1, actor=bruno, now=timezone.now())
    releasing.ask_text_approval(text_id=text.pk, seen=1, actor=bruno, now=timezone.now())
    other = begun(ada, noon, "Autre", title="With a question", brief_id=brief.pk)
    asked_of(other, ada.member_id, noon, words="Autre")
    page = signed_in(ada).get(at("studio")).content.decode()
    assert "Awaits your word" in page and "It may be read the other way round." in page
    assert "assembled from templates" in page and "approval: " in page
    assert "Let “For approval” go out, version 1" in page


def test_texts_are_narrowed_by_state_and_words(signed_in, ada, noon):
    begun(ada, noon, "Les tomates", title="Tomatoes")
    begun(ada, noon, "Les courges", title="Squash")
    client = signed_in(ada)
    assert "Squash" not in client.get(at("studio"), {"words": "tomates"}).content.decode()
    assert "No text like this" in client.get(at("studio"), {"state": "chosen"}).content.decode()


@pytest.mark.parametrize("path", ["text", "text_compare"])
def test_another_workspace_sees_no_text(signed_in, ada, dario, noon, path):
    text = begun(ada, noon)
    client = signed_in(dario)
    assert client.get(at(path, text.pk)).status_code == 404
    assert client.get(reverse(f"studio:{path}", args=["elsewhere", text.pk])).status_code == 404


# -- begun -----------------------------------------------------------------------------------------------------------


def test_a_text_is_begun_from_its_brief_or_without_one(signed_in, ada, noon):
    brief, client = briefed(ada, noon), signed_in(ada)
    answer = client.post(at("new_text"), {"brief": brief.pk, "title": "", "kind": "", "language": ""}, follow=True)
    made = Text.objects.get()
    assert (made.title, made.kind, made.language, made.brief) == ("Compost, spring", "ad", "fr", brief)
    assert "Un bon sol se nourrit" in answer.content.decode()
    refused = client.post(at("new_text"), {"brief": "", "title": "", "kind": "ad", "language": "fr"})
    assert refused.status_code == 422 and Text.objects.count() == 1


# -- the writing page ------------------------------------------------------------------------------------------------


def test_the_page_shows_words_idea_remarks_and_law(signed_in, ada, noon):
    text = begun(ada, noon, UNLAWFUL + " l'été est un miracle", brief_id=briefed(ada, noon).pk)
    page = signed_in(ada).get(at("text", text.pk)).content.decode()
    for wanted in ("Un bon sol se nourrit", "A curved apostrophe", "never to write this", "FR-DISC-01"):
        assert wanted in page
    assert "<script>" not in page and " style=" not in page and "onclick" not in page


def test_every_panel_stands_in_the_page_without_a_script_and_alone_with_one(signed_in, ada, noon):
    text, client = begun(ada, noon, LAWFUL, brief_id=briefed(ada, noon).pk), signed_in(ada)
    for panel in PANELS:
        page = client.get(at("text", text.pk), {"panel": panel.subject})
        part = client.post(at("text_panel", text.pk, panel.subject), {"body": "Autre"})
        assert (page.status_code, part.status_code) == (200, 200), panel.subject
        assert "<html" not in part.content.decode()
    assert client.post(at("text_panel", text.pk, "nothing"), {"body": ""}).status_code == 404


def test_who_only_reads_sees_no_button_and_saves_nothing(signed_in, ada, rita, noon):
    text, client = begun(ada, noon, LAWFUL), signed_in(rita)
    page = client.get(at("text", text.pk)).content.decode()
    assert " readonly" in page and 'value="choose"' not in page
    assert client.post(at("text_save", text.pk), {"body": "x", "seen": 1}).status_code == 403


def test_words_are_saved_by_a_script_and_by_the_button(signed_in, ada, noon):
    text, client = begun(ada, noon, "One"), signed_in(ada)
    answer = client.post(at("text_save", text.pk), {"body": "Two\r\nlines", "seen": 1}, **JSON)
    assert (said(answer)["version"], Text.objects.get().body) == (2, "Two\nlines")
    by_button = client.post(at("text_save", text.pk), {"body": "Three", "seen": 2})
    assert by_button.status_code == 302 and Text.objects.get().body == "Three"


def test_a_conflict_shows_both_texts_and_loses_neither(signed_in, ada, bruno, noon):
    text = begun(ada, noon, "One")
    texts.save_words(text_id=text.pk, body="Theirs", seen=1, actor=bruno, now=noon)
    client = signed_in(ada)
    told = client.post(at("text_save", text.pk), {"body": "Mine", "seen": 1}, **JSON)
    assert told.status_code == 409 and "<del>Theirs</del><ins>Mine</ins>" in said(told)["html"]
    page = client.post(at("text_save", text.pk), {"body": "Mine", "seen": 1})
    assert page.status_code == 409
    assert "\nMine</textarea>" in page.content.decode() and "<del>Theirs</del>" in page.content.decode()

    client.post(at("text_keep", text.pk), {"body": "Mine", "seen": 1, "how": "aside", "over": 2})
    assert (Text.objects.get().body, newest_version(text).body) == ("Theirs", "Mine")
    client.post(at("text_keep", text.pk), {"body": "Mine at last", "seen": 1, "how": "over", "over": 2})
    assert Text.objects.get().body == "Mine at last"
    assert {version.body for version in versions_of(text)} == {"One", "Mine", "Theirs", "Mine at last"}


def test_going_over_words_that_changed_again_is_a_conflict_again(signed_in, ada, bruno, noon):
    text = begun(ada, noon, "One")
    for seen, body in ((1, "Theirs"), (2, "Theirs again")):
        texts.save_words(text_id=text.pk, body=body, seen=seen, actor=bruno, now=noon)
    answer = signed_in(ada).post(at("text_keep", text.pk), {"body": "Mine", "seen": 1, "how": "over", "over": 2})
    assert answer.status_code == 409 and Text.objects.get().body == "Theirs again"


def test_a_version_is_kept_and_the_same_one_is_refused_with_the_words_at_hand(signed_in, ada, noon):
    text, client = begun(ada, noon, "One"), signed_in(ada)
    kept = client.post(at("text_keep", text.pk), {"body": "Two", "seen": 1}, **JSON)
    assert (said(kept)["kept"], said(kept)["version"]) == (2, 2)
    again = client.post(at("text_keep", text.pk), {"body": "Two", "seen": 2})
    assert again.status_code == 409 and "Version 2 has these words" in again.content.decode()
    assert client.post(at("text_keep", text.pk), {"body": "Two", "seen": 2}, **JSON).status_code == 409


def test_the_check_answers_for_the_words_as_typed_and_stores_nothing(signed_in, ada, noon):
    text = begun(ada, noon, "", brief_id=briefed(ada, noon).pk)
    part = signed_in(ada).post(at("text_check", text.pk), {"body": "Un miracle l'été !"}).content.decode()
    assert "data-remark" in part and "data-fix" in part and "<html" not in part
    assert Text.objects.get().body == ""


def test_one_fix_is_made_by_its_button_without_a_script(signed_in, ada, noon):
    text, client = begun(ada, noon, "L'été, l'hiver"), signed_in(ada)
    answer = client.post(at("text_fix", text.pk), {"body": "L'été, l'hiver", "seen": 1, "fix": "1-0"})
    assert answer.status_code == 302 and Text.objects.get().body == "L'été, l’hiver"
    gone = client.post(at("text_fix", text.pk), {"body": "Rien", "seen": 2, "fix": "7-0"})
    assert gone.status_code == 404 and Text.objects.get().body == "L'été, l’hiver"


def test_comments_are_made_answered_and_settled_from_the_panel(signed_in, ada, noon):
    text, client = begun(ada, noon, "Le compost"), signed_in(ada)
    given = {"said": "Which one?", "quote": "compost", "body": "Le compost"}
    part = client.post(at("text_comment", text.pk), given, HTTP_HX_REQUEST="true").content.decode()
    assert "Which one?" in part and "<html" not in part
    first = text.comments.get()
    client.post(at("text_comment", text.pk), {"said": "Ours.", "answers": first.pk})
    answer = client.post(at("text_settle", text.pk, first.pk), {"settle": "yes"}, follow=True)
    assert "Settled by Ada" in answer.content.decode() and "Ours." in answer.content.decode()


def test_versions_are_compared_and_restored(signed_in, ada, noon):
    text, client = begun(ada, noon, "Le sol", MODEL), signed_in(ada)
    client.post(at("text_keep", text.pk), {"body": "Le jardin", "seen": 1})
    page = client.get(at("text_compare", text.pk)).content.decode()
    assert "<del>sol</del><ins>jardin</ins>" in page and "written by a model (AI): mistral-small 2506" in page
    client.post(at("text_restore", text.pk, 1), {"seen": 2})
    assert Text.objects.get().body == "Le sol"
    assert client.get(at("text_compare", text.pk), {"a": "9"}).status_code == 404


def test_a_text_is_renamed_put_away_and_taken_back(signed_in, ada, noon):
    text, client = begun(ada, noon), signed_in(ada)
    client.post(at("text_rename", text.pk), {"title": "Another"})
    client.post(at("text_archive", text.pk), {"archived": "yes"})
    assert Text.objects.get().title == "Another" and Text.objects.get().archived_at is not None
    assert "put away" in client.get(at("text", text.pk)).content.decode()
    client.post(at("text_archive", text.pk), {"archived": "no"})
    assert Text.objects.get().archived_at is None


# -- a person's word -------------------------------------------------------------------------------------------------


def test_the_whole_way_from_words_to_a_draft_by_buttons(signed_in, ada, noon, collaboration):
    deliverable = asked(collaboration, ada, noon)
    text, client = begun(ada, noon, LAWFUL, ASSEMBLED), signed_in(ada)

    def press(word, **more):
        given = {"word": word, "seen": Text.objects.get().version, "body": Text.objects.get().body} | more
        return client.post(at("text_decide", text.pk), given, follow=True).content.decode()

    assert "Ask for approval" in press("choose", body=LAWFUL + " Et voilà.")
    assert "Hand over to" in press("approve", reason="Read.")
    assert "No deliverable" not in press("hand_over", deliverable="")
    page = press("hand_over", deliverable=deliverable.pk)
    assert "Handed over" in page and deliverable.drafts.get().text == LAWFUL + " Et voilà."


def test_a_refused_word_shows_its_reason_with_the_words_that_were_sent(signed_in, ada, noon):
    text = begun(ada, noon, "", brief_id=briefed(ada, noon).pk)
    answer = signed_in(ada).post(at("text_decide", text.pk), {"word": "choose", "seen": 1, "body": UNLAWFUL})
    page = answer.content.decode()
    assert answer.status_code == 409 and "is stopped by" in page and "(FR-DISC-01)" in page and UNLAWFUL[:30] in page
    assert signed_in(ada).post(at("text_decide", text.pk), {"word": "sing", "seen": 1}).status_code == 404


def test_a_reason_given_for_a_no_is_shown(signed_in, ada, noon):
    text, client = begun(ada, noon, LAWFUL, ASSEMBLED), signed_in(ada)
    page = client.post(
        at("text_decide", text.pk), {"word": "refuse", "seen": 1, "reason": "Too loud"}, follow=True
    ).content.decode()
    assert "<q>Too loud</q>" in page and "refused version 1" in page
    comments.comment_text(text_id=text.pk, said="Still?", actor=ada, now=noon)
    assert "1 open comment" in client.get(at("studio")).content.decode()


def test_a_version_that_is_an_earlier_one_again_says_so_in_the_reader_s_language():
    speak(Language("[{}]".format, lambda _, term: term, lambda number, _: str(number), str))
    try:
        assert version_note(TextVersion(note="Version 3 again", edited_from=3)) == "[Version 3 again]"
        assert version_note(TextVersion(note="Version 3 again, softer", edited_from=3)) == "Version 3 again, softer"
        assert version_note(TextVersion(note="", edited_from=None)) == ""
    finally:
        speak(None)
