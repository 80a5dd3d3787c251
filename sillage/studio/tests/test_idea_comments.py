"""Comments under ideas: said, answered, settled and opened again, and they go along when an idea is said anew."""

from __future__ import annotations

import pytest
from django.urls import reverse

from sillage.front.tests.program import program_of
from sillage.governance import queries as governance
from sillage.governance.engine.actors import NotAllowed
from sillage.lib.errors import NotFound
from sillage.studio.actions.comments import CommentMalformed, CommentSettled, TooManyComments
from sillage.studio.actions.idea_comments import comment_idea, settle_idea_comment
from sillage.studio.actions.ideas import keep_found, put_away_idea, rewrite_idea, write_idea
from sillage.studio.engine.ideas import FoundIdea, Rule
from sillage.studio.models import IdeaComment
from sillage.studio.queries.ideas import board_of


@pytest.fixture
def idea(ada, noon):
    return write_idea(text="Montrer la routine", actor=ada, now=noon)


def _say(idea, actor, now, said="Which routine?", **more):
    return comment_idea(idea_id=idea.pk, said=said, actor=actor, now=now, **more)


def _settle(comment, actor, now, **more):
    return settle_idea_comment(idea_id=comment.idea_id, comment_id=comment.pk, actor=actor, now=now, **more)


def _exchanges(actor):
    (shown,) = board_of(actor.workspace_id)[0].ideas
    return shown.exchanges


def test_answers_stand_with_the_comment_and_are_settled_with_it(idea, ada, bruno, noon):
    first = _say(idea, bruno, noon)
    answer = _say(idea, ada, noon, "The evening one.", answers=first.pk)
    _say(idea, bruno, noon, "Fine.", answers=answer.pk)
    (exchange,) = _exchanges(ada)
    assert [c.said for c in exchange.comments] == ["Which routine?", "The evening one.", "Fine."]
    assert _settle(answer, ada, noon).settled_who == "Ada"
    (exchange,) = _exchanges(ada)
    assert exchange.is_settled
    with pytest.raises(CommentSettled, match="settled already"):
        _settle(first, bruno, noon)
    _settle(first, bruno, noon, is_settled=False)
    assert IdeaComment.objects.filter(settled_at=None, settled_who="").count() == 3
    with pytest.raises(CommentSettled, match="open already"):
        _settle(first, bruno, noon, is_settled=False)
    verbs = [entry.verb for entry in governance.list_entries(ada.workspace_id).items[:3]]
    assert verbs == ["studio.idea_comment_settled"] * 2 + ["studio.idea_commented"]


def test_an_answer_opens_what_was_settled_and_what_is_open_stands_first(idea, ada, noon):
    old, new = _say(idea, ada, noon, "Old"), _say(idea, ada, noon, "New")
    _settle(old, ada, noon)
    assert [e.first.said for e in _exchanges(ada)] == ["New", "Old"]
    _say(idea, ada, noon, "Still?", answers=old.pk)
    assert [(e.first.said, e.is_settled) for e in _exchanges(ada)] == [("Old", False), ("New", False)]
    _settle(old, ada, noon)
    assert [(e.first.said, e.is_settled) for e in _exchanges(ada)] == [("New", False), ("Old", True)]
    assert new.settled_at is None


@pytest.mark.parametrize("said", ["", " \n", "x" * 2_001])
def test_a_comment_has_words_and_not_too_many(idea, ada, noon, said):
    with pytest.raises(CommentMalformed):
        _say(idea, ada, noon, said)


def test_an_idea_bears_a_bounded_number_of_comments(idea, ada, noon):
    IdeaComment.objects.bulk_create(IdeaComment(idea=idea, said="x", who="Ada", written_at=noon) for _ in range(300))
    with pytest.raises(TooManyComments):
        _say(idea, ada, noon)


def test_a_reader_says_nothing_and_a_stranger_finds_nothing(idea, ada, rita, dario, noon):
    comment = _say(idea, ada, noon)
    for who, no in ((rita, NotAllowed), (dario, NotFound)):
        with pytest.raises(no):
            _say(idea, who, noon)
        with pytest.raises(no):
            _settle(comment, who, noon)


def test_a_comment_of_another_idea_is_neither_answered_nor_settled_here(idea, ada, noon):
    other = write_idea(text="Autre", actor=ada, now=noon)
    comment = _say(other, ada, noon)
    with pytest.raises(NotFound):
        _say(idea, ada, noon, answers=comment.pk)
    with pytest.raises(NotFound):
        settle_idea_comment(idea_id=idea.pk, comment_id=comment.pk, actor=ada, now=noon)


def test_comments_go_along_when_what_a_rule_found_is_said_in_a_person_s_words(ada, noon):
    found = keep_found(found=FoundIdea(Rule.RISING_HASHTAG, "rising/1", "compost", {}, ()), actor=ada, now=noon)
    comment = _say(found, ada, noon)
    own = rewrite_idea(idea_id=found.pk, text="Mon compost", actor=ada, now=noon)
    comment.refresh_from_db()
    assert comment.idea_id == own.pk
    put_away_idea(idea_id=own.pk, actor=ada, now=noon)
    with pytest.raises(NotFound):
        _say(own, ada, noon)


# -- doors -----------------------------------------------------------------------------------------------------------


def url(name, *args):
    return reverse(f"studio:{name}", args=["harbour", *args])


def test_comments_are_said_answered_and_settled_on_the_board(idea, english, signed_in, ada):
    browser = signed_in(ada)
    back = url("ideas")
    assert browser.post(url("comment_idea", idea.pk), {"said": "Which <one>?", "back": back}).url == back
    first = IdeaComment.objects.get()
    page = browser.get(back).content.decode()
    assert "1 open comment" in page and "Which &lt;one&gt;?" in page
    answered = browser.post(
        url("comment_idea", idea.pk), {"said": "This.", "answers": first.pk}, headers={"HX-Request": "true"}
    ).content.decode()
    assert 'id="idea-board"' in answered and "<html" not in answered and "This." in answered
    assert f'id="comments-{idea.pk}" open' in answered
    wrong = browser.post(url("comment_idea", idea.pk), {"said": " "}, headers={"HX-Request": "true"}).content.decode()
    assert "The comment has 0 characters." in wrong
    browser.post(url("settle_idea_comment", idea.pk, first.pk), {"settle": "yes"})
    assert "Comments, all settled" in browser.get(back).content.decode()


def test_a_reader_reads_comments_and_has_no_form(idea, english, signed_in, ada, rita, noon):
    assert "idea__comments" not in signed_in(rita).get(url("ideas")).content.decode()
    _say(idea, ada, noon)
    page = signed_in(rita).get(url("ideas")).content.decode()
    assert "Which routine?" in page and "<textarea" not in page


def test_a_stranger_reaches_no_comment(idea, signed_in, ada, dario, noon):
    comment = _say(idea, ada, noon)
    browser = signed_in(dario)
    assert browser.post(url("comment_idea", idea.pk), {"said": "x"}).status_code == 404
    assert browser.post(url("settle_idea_comment", idea.pk, comment.pk)).status_code == 404
    assert program_of(dario).get(f"studio/ideas/{idea.pk}/comments").status_code == 404


def test_comments_through_the_api(idea, ada, rita):
    program, path = program_of(ada), f"studio/ideas/{idea.pk}/comments"
    first = program.post(path, {"said": "Which?"})
    assert first.status_code == 201 and first.json()["who"] == "Ada"
    answer = program.post(path, {"said": "This.", "answers": first.json()["id"]}).json()
    assert answer["answers_id"] == first.json()["id"]
    settled = program.post(f"{path}/{answer['id']}/settle", {})
    assert settled.json()["settled_who"] == "Ada"
    assert program.post(f"{path}/{answer['id']}/settle", {}).status_code == 409
    items = program_of(rita).get(path).json()["items"]
    assert [(c["said"], c["settled_at"] is not None) for c in items] == [("Which?", True), ("This.", True)]
    assert program_of(rita).post(path, {"said": "x"}).status_code == 403
