"""Texts as they are written: begun, saved as somebody types, kept for good, compared, commented."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection

from sillage.governance.engine.actors import NotAllowed
from sillage.governance.models import Entry
from sillage.lib.errors import NotFound
from sillage.studio.actions import comments, texts
from sillage.studio.engine.edits import edits
from sillage.studio.engine.origins import BY_A_PERSON, MadeBy, Origin
from sillage.studio.engine.text_states import MOVES, TextState, may_become
from sillage.studio.models import Text, TextVersion
from sillage.studio.queries.comments import threads_of
from sillage.studio.queries.texts import (
    count_texts,
    get_text,
    lineage_of,
    list_texts,
    newest_version,
    proposal_of,
    versions_of,
)
from sillage.studio.tests.being_written import ASSEMBLED, MODEL, begun, briefed


def typed(text, body, seen, actor, now):
    return texts.save_words(text_id=text.pk, body=body, seen=seen, actor=actor, now=now)


def kept(text, body, seen, actor, now, made_by=BY_A_PERSON, **more):
    return texts.keep_version(text_id=text.pk, body=body, made_by=made_by, seen=seen, actor=actor, now=now, **more)


# -- engine ----------------------------------------------------------------------------------------------------------


def test_unchanged_words_have_no_distance_and_others_have_one():
    assert edits("Bonjour Mona", "Bonjour Mona").words == 0 == edits("Bonjour Mona", "Bonjour Mona").characters
    other = edits("Bonjour Mona", "Salut Noé")
    assert other.words == 1 and 0.6 < other.characters < 1


def test_the_distance_counts_words_and_names_the_traits_that_moved():
    found = edits("One two three four.", "One two three five!")
    assert found.words == pytest.approx(2 / 5)
    assert found.traits["exclamations"] == 1
    assert "emoji" not in found.traits


def test_a_text_goes_to_hand_over_only_after_a_choice_and_comes_back_from_everywhere():
    assert not may_become("writing", TextState.APPROVED) and not may_become("writing", TextState.HANDED_OVER)
    assert may_become("chosen", TextState.APPROVED) and may_become("approved", TextState.HANDED_OVER)
    assert not may_become("refused", TextState.CHOSEN)
    assert all(may_become(state.value, TextState.WRITING) for state in MOVES if state is not TextState.WRITING)


# -- begun -----------------------------------------------------------------------------------------------------------


def test_a_text_begins_with_a_version_that_says_who_made_it(ada, noon):
    text = begun(ada, noon, "Bonjour", ASSEMBLED, title="  A  title ")
    first = newest_version(text)
    assert (text.title, text.state, text.body, text.version) == ("A title", "writing", "Bonjour", 1)
    assert (first.number, first.edited_from, MadeBy.of(first.made_by)) == (1, None, ASSEMBLED)
    entry = Entry.objects.get(verb="studio.text_started")
    assert entry.facts["made_by"] == "template" and entry.subject_id == str(text.pk)


def test_a_text_takes_voice_and_campaign_of_its_brief_from_the_same_workspace_only(ada, dario, noon):
    brief = briefed(ada, noon)
    assert begun(ada, noon, brief_id=brief.pk).brief == brief
    with pytest.raises(NotFound):
        begun(dario, noon, brief_id=brief.pk)


@pytest.mark.parametrize(
    ("wrong", "place"), [({"title": " "}, "title"), ({"kind": "sonnet"}, "kind"), ({"language": "tlh"}, "language")]
)
def test_a_text_that_cannot_be_read_names_its_field(ada, noon, wrong, place):
    with pytest.raises(texts.TextMalformed) as refused:
        begun(ada, noon, **wrong)
    assert refused.value.place == place


def test_a_text_is_not_longer_than_can_be_checked(ada, noon):
    with pytest.raises(texts.TextMalformed):
        begun(ada, noon, "a" * (texts.MOST_BODY + 1))


def test_who_only_reads_begins_no_text(rita, noon):
    with pytest.raises(NotAllowed):
        begun(rita, noon)


# -- saved -----------------------------------------------------------------------------------------------------------


def test_words_are_saved_as_typed_and_the_ledger_has_one_entry_for_a_sitting(ada, bruno, noon):
    text = begun(ada, noon, "")
    for n, body in enumerate(("J", "Je", "Je  sème,\r\n "), 1):
        saved = typed(text, body, n, ada, noon + timedelta(seconds=n))
    assert (saved.body, saved.version) == ("Je  sème,\n ", 4)
    assert Entry.objects.filter(verb="studio.text_written").count() == 1
    typed(text, "Je sème", 4, bruno, noon)
    assert Entry.objects.filter(verb="studio.text_written").count() == 2
    assert [version.number for version in versions_of(text)] == [1]


def test_saving_over_a_newer_text_is_refused_and_changes_nothing(ada, bruno, noon):
    text = begun(ada, noon, "One")
    typed(text, "Bruno’s", 1, bruno, noon)
    with pytest.raises(texts.TextNewer) as refused:
        typed(text, "Ada’s", 1, ada, noon)
    assert "Bruno" in refused.value.message
    assert get_text(ada.workspace_id, text.pk).body == "Bruno’s"
    assert typed(text, "Bruno’s", 1, ada, noon).version == 2  # the same words are no conflict


def test_whoever_was_overtaken_keeps_their_words_beside(ada, bruno, noon):
    text = begun(ada, noon, "One")
    typed(text, "Bruno’s", 1, bruno, noon)
    aside = texts.keep_aside(text_id=text.pk, body="Ada’s", actor=ada, now=noon)
    assert (aside.number, aside.body, aside.member_id) == (2, "Ada’s", ada.member_id)
    assert get_text(ada.workspace_id, text.pk).body == "Bruno’s"
    with pytest.raises(texts.VersionUnchanged):
        texts.keep_aside(text_id=text.pk, body="Ada’s", actor=ada, now=noon)


def test_going_over_the_words_of_another_keeps_theirs_as_a_version_first(ada, bruno, noon):
    text = begun(ada, noon, "One")
    typed(text, "Bruno’s", 1, bruno, noon)
    kept(text, "Ada’s", 2, ada, noon)
    assert [(v.body, v.member_id) for v in versions_of(text)] == [
        ("Ada’s", ada.member_id),
        ("Bruno’s", bruno.member_id),
        ("One", ada.member_id),
    ]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_once_one_is_told(ada, bruno, noon):
    text = begun(ada, noon, "One")
    start, outcomes = threading.Barrier(2), []

    def save(actor, body):
        start.wait()
        try:
            outcomes.append(typed(text, body, 1, actor, noon).body)
        except texts.TextNewer:
            outcomes.append("refused")
        finally:
            connection.close()

    both = [threading.Thread(target=save, args=given) for given in ((ada, "Ada’s"), (bruno, "Bruno’s"))]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert outcomes.count("refused") == 1
    assert Text.objects.get(pk=text.pk).body in outcomes


def test_a_text_that_was_put_away_is_not_written_on_until_it_is_taken_back(ada, noon):
    text = begun(ada, noon, "One")
    texts.archive_text(text_id=text.pk, actor=ada, now=noon)
    with pytest.raises(texts.TextArchived):
        typed(text, "Two", 1, ada, noon)
    assert [line.text.pk for line in list_texts(ada.workspace_id, archived=True).items] == [text.pk]
    texts.archive_text(text_id=text.pk, actor=ada, now=noon, is_archived=False)
    assert typed(text, "Two", 1, ada, noon).body == "Two"


# -- kept ------------------------------------------------------------------------------------------------------------


def test_a_kept_version_has_its_number_digest_and_maker(ada, noon):
    text = begun(ada, noon, "One", ASSEMBLED)
    version = kept(text, "Two", 1, ada, noon, note=" better ")
    assert (version.number, version.edited_from, version.note) == (2, 1, "better")
    assert MadeBy.of(version.made_by).origin is Origin.PERSON
    assert Entry.objects.get(verb="studio.text_version_kept").facts["digest"] == bytes(version.digest).hex()
    with pytest.raises(texts.VersionUnchanged):
        kept(text, "Two", 2, ada, noon)


def test_words_of_a_model_say_so_and_stay_in_the_lineage(ada, noon):
    text = begun(ada, noon, "One", ASSEMBLED)
    kept(text, "Two", 1, ada, noon)
    kept(text, "Three", 2, ada, noon, MODEL)
    last = kept(text, "Four", 3, ada, noon)
    assert [v.number for v in lineage_of(last)] == [4, 3, 2, 1]
    proposal = proposal_of(last)
    assert proposal is not None and proposal.number == 1
    assert proposal_of(newest_version(begun(ada, noon, "Mine"))) is None


def test_an_old_version_comes_back_as_a_new_one_with_its_maker(ada, noon):
    text = begun(ada, noon, "One", ASSEMBLED)
    kept(text, "Two", 1, ada, noon)
    back = texts.restore_version(text_id=text.pk, number=1, seen=2, actor=ada, now=noon)
    assert (back.number, back.body, back.edited_from, MadeBy.of(back.made_by)) == (3, "One", 1, ASSEMBLED)
    assert TextVersion.objects.filter(text=text).count() == 3
    with pytest.raises(texts.VersionUnchanged):
        texts.restore_version(text_id=text.pk, number=1, seen=3, actor=ada, now=noon)
    with pytest.raises(NotFound):
        texts.restore_version(text_id=text.pk, number=9, seen=3, actor=ada, now=noon)


def test_another_workspace_finds_no_text(ada, dario, noon):
    text = begun(ada, noon, "One")
    for act in (
        lambda: typed(text, "Two", 1, dario, noon),
        lambda: kept(text, "Two", 1, dario, noon),
        lambda: texts.keep_aside(text_id=text.pk, body="Two", actor=dario, now=noon),
        lambda: texts.restore_version(text_id=text.pk, number=1, seen=1, actor=dario, now=noon),
        lambda: texts.rename_text(text_id=text.pk, title="Mine", actor=dario, now=noon),
        lambda: texts.archive_text(text_id=text.pk, actor=dario, now=noon),
        lambda: comments.comment_text(text_id=text.pk, said="Hm", actor=dario, now=noon),
    ):
        with pytest.raises(NotFound):
            act()
    assert list_texts(dario.workspace_id).items == []


def test_texts_are_found_by_state_and_words_and_counted(ada, noon):
    brief = briefed(ada, noon, title="Jardin d’été")
    first, second = begun(ada, noon, "Le compost", brief_id=brief.pk), begun(ada, noon, "Les tomates", title="Other")
    texts.archive_text(text_id=begun(ada, noon).pk, actor=ada, now=noon)
    assert [x.text.pk for x in list_texts(ada.workspace_id).items] == [second.pk, first.pk]
    assert [x.text.pk for x in list_texts(ada.workspace_id, words="jardin compost").items] == [first.pk]
    assert list_texts(ada.workspace_id, state="chosen").items == []
    counts = count_texts(ada.workspace_id)
    assert (counts["writing"], counts["archived"], counts["chosen"]) == (2, 1, 0)
    page = list_texts(ada.workspace_id, limit=1)
    assert page.next_cursor and [
        x.text.pk for x in list_texts(ada.workspace_id, cursor=page.next_cursor, limit=1).items
    ] == [first.pk]


# -- commented -------------------------------------------------------------------------------------------------------


def test_a_comment_stands_on_its_words_and_goes_with_them(ada, bruno, noon):
    text = begun(ada, noon, "Le compost nourrit le sol.")
    comment = comments.comment_text(text_id=text.pk, said="Which?", quote="compost", actor=bruno, now=noon)
    assert (comment.number, comment.starts, comment.ends, comment.who) == (1, 3, 10, "Bruno")
    (thread,) = threads_of(text, "Oui ! Le compost nourrit tout le sol.")
    assert thread.at == (9, 16) and not thread.is_gone
    (gone,) = threads_of(text, "Rien.")
    assert gone.is_gone


def test_a_comment_on_words_that_no_version_holds_keeps_one_first(ada, bruno, noon):
    text = begun(ada, noon, "One")
    typed(text, "One two", 1, ada, noon)
    comment = comments.comment_text(text_id=text.pk, said="Two?", quote="two", starts=4, actor=bruno, now=noon)
    held = newest_version(text)
    assert (held.number, held.body, held.member_id, comment.number) == (2, "One two", ada.member_id, 2)


@pytest.mark.parametrize("wrong", [{"said": " "}, {"said": "Hm", "quote": "absent"}, {"said": "x" * 2_001}])
def test_a_comment_without_words_or_on_words_that_are_not_there_is_refused(ada, noon, wrong):
    text = begun(ada, noon, "One")
    with pytest.raises(comments.CommentMalformed):
        comments.comment_text(text_id=text.pk, actor=ada, now=noon, **wrong)


def test_answers_stand_with_the_comment_and_are_settled_with_it(ada, bruno, noon):
    text = begun(ada, noon, "Le compost")
    first = comments.comment_text(text_id=text.pk, said="Which?", quote="compost", actor=bruno, now=noon)
    comments.comment_text(text_id=text.pk, said="Ours.", answers=first.pk, actor=ada, now=noon)
    (thread,) = threads_of(text, text.body)
    assert [c.said for c in thread.comments] == ["Which?", "Ours."]
    comments.settle_comment(text_id=text.pk, comment_id=first.pk, actor=ada, now=noon)
    (thread,) = threads_of(text, text.body)
    assert thread.is_settled and thread.first.settled_who == "Ada"
    with pytest.raises(comments.CommentSettled):
        comments.settle_comment(text_id=text.pk, comment_id=first.pk, actor=ada, now=noon)
    comments.settle_comment(text_id=text.pk, comment_id=first.pk, is_settled=False, actor=ada, now=noon)
    assert not threads_of(text, text.body)[0].is_settled


def test_an_answer_to_a_settled_comment_opens_it_and_it_can_be_settled_again(ada, bruno, noon):
    text = begun(ada, noon, "Le compost")
    first = comments.comment_text(text_id=text.pk, said="Which?", quote="compost", actor=bruno, now=noon)
    comments.settle_comment(text_id=text.pk, comment_id=first.pk, actor=ada, now=noon)
    comments.comment_text(text_id=text.pk, said="Still which?", answers=first.pk, actor=bruno, now=noon)
    assert not threads_of(text, text.body)[0].is_settled
    comments.settle_comment(text_id=text.pk, comment_id=first.pk, actor=bruno, now=noon)
    (thread,) = threads_of(text, text.body)
    assert [comment.settled_who for comment in thread.comments] == ["Ada", "Bruno"]


def test_settling_what_was_said_of_the_whole_text_leaves_the_rest_open(ada, noon):
    text = begun(ada, noon, "Le compost")
    first, other = (comments.comment_text(text_id=text.pk, said=f"{n}", actor=ada, now=noon) for n in range(2))
    comments.settle_comment(text_id=text.pk, comment_id=first.pk, actor=ada, now=noon)
    assert {t.first.pk: t.is_settled for t in threads_of(text, text.body)} == {first.pk: True, other.pk: False}
