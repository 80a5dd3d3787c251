"""Quotes of an interview on the board and in briefs: within the consent, with where they come from, gone with the interview."""

from __future__ import annotations

import threading

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from sillage.campaigns.tests.conftest import accounts  # noqa: F401
from sillage.catalogue.actions.forgetting import forget
from sillage.front.tests.program import program_of
from sillage.front.tests.terminal import terminal
from sillage.governance import queries as governance
from sillage.governance.engine.actors import NotAllowed, automation
from sillage.lib.errors import NotFound
from sillage.studio.actions.briefs import (
    BriefArchived,
    BriefNewer,
    FactThere,
    IdeaOfMachine,
    archive_brief,
    change_brief,
    duplicate_brief,
    write_brief,
)
from sillage.studio.actions.idea_comments import comment_idea
from sillage.studio.actions.ideas import (
    FoundAlready,
    IdeaNotAPersons,
    StillTheirWords,
    move_idea,
    put_away_idea,
    rewrite_idea,
)
from sillage.studio.actions.interview_quotes import (
    QuoteInOtherLanguage,
    QuoteSensitive,
    send_quote_to_brief,
    send_quote_to_ideas,
)
from sillage.studio.actions.interview_sound import ConsentMissing
from sillage.studio.actions.interview_stages import (
    StageNewer,
    add_transcript,
    edit_interview,
    edit_summary,
    summarise_interview,
)
from sillage.studio.actions.interviews import add_interview, erase_interview, keep_consent, name_speakers
from sillage.studio.actions.runs import make_run
from sillage.studio.engine.interview_stages import StageKind
from sillage.studio.models import Idea, IdeaComment, QuotedFact, StoredBrief, Text, VariantRun
from sillage.studio.queries.ideas import board_of
from sillage.studio.queries.interview_quotes import leaving_with
from sillage.studio.queries.interviews import StageMissing, get_interview, newest_stage, quotes_in
from sillage.studio.tests.being_written import begun
from sillage.studio.tests.briefing import GIVEN
from sillage.studio.tests.interview_cast import TALK

__all__ = ["terminal"]
SAID = "Le compost nourrit le sol du balcon toute l’année."


@pytest.fixture
def talk(ada, noon):
    """Mona’s interview, with a summary of which one quote was taken in spite of its flag, and her consent."""
    row = add_interview(given={"title": "Un balcon vivant", "person": "Mona"}, actor=ada, now=noon)
    said = {"interview_id": row.pk, "actor": ada, "now": noon}
    add_transcript(**said, name="talk.txt", data=TALK.replace("Euh, le le", "Le").encode())
    name_speakers(**said, names={"ADA": ("Ada", True), "MONA": ("Mona Vert", False)})
    keep_consent(**said, who="Mona Vert", on=noon.date(), purpose="Transcript and quotes")
    summarise_interview(**said)
    edit_summary(**said, keep=[0, 1, 2], take=[0])
    return get_interview(ada.workspace_id, row.pk)


def place_of(talk, words):
    quotes, _aside = quotes_in(newest_stage(talk, StageKind.SUMMARY))
    return next(place for place, quote in enumerate(quotes) if words in quote.text)


def to_ideas(talk, actor, now, **more):
    given = {"place": place_of(talk, "nourrit")} | more
    return send_quote_to_ideas(interview_id=talk.pk, actor=actor, now=now, **given)


def to_brief(talk, brief, actor, now, **more):
    given = {"place": place_of(talk, "nourrit")} | more
    return send_quote_to_brief(interview_id=talk.pk, brief_id=brief.pk, actor=actor, now=now, **given)


@pytest.fixture
def brief(ada, noon):
    return write_brief(given=GIVEN, actor=ada, now=noon)


# -- to the board ----------------------------------------------------------------------------------------------------


def test_a_quote_on_the_board_keeps_its_words_its_speaker_and_its_time(talk, ada, noon):
    idea = to_ideas(talk, ada, noon)
    assert (idea.text, idea.interview_id, idea.rule, idea.is_own) == (SAID, talk.pk, "", False)
    assert idea.figures == {"stage": 1, "turn": 1, "speaker": "MONA", "starts": 5.0}
    (shown,) = board_of(ada.workspace_id)[0].ideas
    assert shown.speaker == "Mona Vert"
    entry = governance.list_entries(ada.workspace_id).items[0]
    assert (entry.verb, entry.facts["idea"]) == ("studio.quote_sent_to_ideas", idea.pk)


def test_the_same_quote_stands_on_the_board_once(talk, ada, noon):
    first = to_ideas(talk, ada, noon)
    with pytest.raises(FoundAlready):
        to_ideas(talk, ada, noon)
    put_away_idea(idea_id=first.pk, actor=ada, now=noon)
    assert to_ideas(talk, ada, noon).pk != first.pk


def test_a_quote_is_chosen_for_a_brief_only_in_a_member_s_own_words(talk, ada, noon):
    quote = to_ideas(talk, ada, noon)
    with pytest.raises(IdeaNotAPersons, match="interview"):
        move_idea(idea_id=quote.pk, to="chosen", actor=ada, now=noon)
    for repeated in (SAID, "Elle dit : le compost nourrit le sol du balcon toute l'annee !"):
        with pytest.raises(StillTheirWords):
            rewrite_idea(idea_id=quote.pk, text=repeated, actor=ada, now=noon)
    own = rewrite_idea(idea_id=quote.pk, text="Un balcon qui se nourrit seul", actor=ada, now=noon)
    assert (own.is_own, own.rewritten_from_id) == (True, quote.pk)
    assert move_idea(idea_id=own.pk, to="chosen", actor=ada, now=noon).place == "chosen"


def test_the_tables_hold_that_a_quote_is_no_rule_s(talk, ada, noon):
    idea = to_ideas(talk, ada, noon)
    with pytest.raises(IntegrityError), transaction.atomic():
        Idea.objects.filter(pk=idea.pk).update(rule="angle", text="")


# -- to a brief ------------------------------------------------------------------------------------------------------


def test_a_quote_becomes_a_fact_whose_source_says_interview_role_and_time_but_no_name(talk, brief, ada, noon):
    changed = to_brief(talk, brief, ada, noon)
    fact = changed.content["facts"][-1]
    told = f"Entretien {talk.pk}, « Un balcon vivant », personne interrogée, 0:05"
    assert (fact["text"], fact["source"]) == (SAID, told)
    assert (changed.version, len(changed.content["facts"])) == (2, 4)
    (link,) = QuotedFact.objects.all()
    assert (link.number, link.turn, link.text, link.source) == (1, 1, SAID, told)
    entry = governance.list_entries(ada.workspace_id).items[0]
    assert (entry.verb, entry.facts["brief"]) == ("studio.quote_sent_to_brief", brief.pk)


def test_a_brief_has_a_quote_once_and_none_when_it_is_put_away_or_in_another_language(talk, brief, ada, noon):
    to_brief(talk, brief, ada, noon)
    with pytest.raises(FactThere):
        to_brief(talk, brief, ada, noon)
    english = write_brief(given={"idea": "Slow", "facts": ["It is."], "language": "en"}, actor=ada, now=noon)
    with pytest.raises(QuoteInOtherLanguage):
        to_brief(talk, english, ada, noon)
    archive_brief(brief_id=brief.pk, actor=ada, now=noon)
    with pytest.raises(BriefArchived):
        to_brief(talk, brief, ada, noon, place=place_of(talk, "dix minutes"))


def test_a_machine_sends_no_fact(talk, brief, ada, noon):
    machine = automation("sync", ada.workspace_id)
    with pytest.raises((IdeaOfMachine, NotAllowed)):
        to_brief(talk, brief, type(ada)(machine.kind, "sync", ada.workspace_id, ada.rights), noon)


# -- guarded ---------------------------------------------------------------------------------------------------------


def test_nothing_is_sent_before_consent_is_written_down(talk, brief, ada, noon):
    type(talk).objects.filter(pk=talk.pk).update(consent_on=None)
    for sending in (lambda: to_ideas(talk, ada, noon), lambda: to_brief(talk, brief, ada, noon)):
        with pytest.raises(ConsentMissing):
            sending()
    assert not Idea.objects.exists() and not QuotedFact.objects.exists()


def test_what_may_be_about_health_stays_in_the_interview_even_when_a_person_took_it(talk, brief, ada, noon):
    place = place_of(talk, "cancer")
    for sending in (to_ideas, lambda *given, **more: to_brief(given[0], brief, *given[1:], **more)):
        with pytest.raises(QuoteSensitive):
            sending(talk, ada, noon, place=place)


def test_only_quotes_of_the_newest_summary_are_sent(talk, ada, noon):
    number = newest_stage(talk).number
    edit_summary(interview_id=talk.pk, keep=[0], actor=ada, now=noon)
    with pytest.raises(StageNewer):
        to_ideas(talk, ada, noon, place=0, seen=number)
    with pytest.raises(NotFound):
        to_ideas(talk, ada, noon, place=9)
    bare = add_interview(given={"title": "Rien encore"}, actor=ada, now=noon)
    with pytest.raises(StageMissing):
        send_quote_to_ideas(interview_id=bare.pk, place=0, actor=ada, now=noon)


def test_a_later_edit_of_the_words_leaves_the_summary_s_quotes_where_they_were_said(talk, ada, noon):
    edit_interview(interview_id=talk.pk, texts={0: ""}, actor=ada, now=noon)  # turns move up by one
    assert to_ideas(talk, ada, noon, place=0).figures["stage"] == 1


def test_a_reader_sends_nothing_and_a_stranger_finds_nothing(talk, brief, ada, rita, dario, noon):
    place = place_of(talk, "nourrit")
    for who, no in ((rita, NotAllowed), (dario, NotFound)):
        with pytest.raises(no):
            to_ideas(talk, who, noon, place=place)
        with pytest.raises(no):
            to_brief(talk, brief, who, noon, place=place)
    theirs = write_brief(given=GIVEN, actor=dario, now=noon)
    with pytest.raises(NotFound):
        to_brief(talk, theirs, ada, noon)


# -- erased ----------------------------------------------------------------------------------------------------------


def test_quotes_go_with_their_interview_and_what_members_said_stays(talk, brief, ada, bruno, noon):
    quote, own = to_ideas(talk, ada, noon), to_ideas(talk, ada, noon, place=place_of(talk, "dix minutes"))
    comment_idea(idea_id=quote.pk, said="Strong", actor=bruno, now=noon)
    own = rewrite_idea(idea_id=own.pk, text="Dix minutes, pas plus : un rituel", actor=ada, now=noon)
    comment = comment_idea(idea_id=own.pk, said="Yes", actor=bruno, now=noon)
    to_brief(talk, brief, ada, noon)
    copy = duplicate_brief(brief_id=brief.pk, title="Copy", actor=ada, now=noon)
    erase_interview(interview_id=talk.pk, actor=ada, now=noon)
    own.refresh_from_db()
    assert list(Idea.objects.all()) == [own] and own.rewritten_from_id is None
    assert list(IdeaComment.objects.all()) == [comment]
    for kept in (StoredBrief.objects.get(pk=brief.pk), StoredBrief.objects.get(pk=copy.pk)):
        assert len(kept.content["facts"]) == 3 and "compost" not in str(kept.content)
    assert governance.list_entries(ada.workspace_id).items[0].facts == {
        "stages": 3,
        "audio": False,
        "idea": 2,
        "quotedfact": 2,
    }


def test_a_fact_goes_though_its_words_or_its_source_were_touched(talk, brief, ada, noon):
    changed = to_brief(talk, brief, ada, noon)
    *others, fact = changed.content["facts"]
    for facts in ([*others, {**fact, "text": "Le compost nourrit !"}], [*others, {**fact, "source": "Mona"}]):
        change_brief(brief_id=brief.pk, given={"facts": facts}, actor=ada, now=noon)
        copy = duplicate_brief(brief_id=brief.pk, title="Copy", actor=ada, now=noon)
        assert len(copy.content["facts"]) == 4
    erase_interview(interview_id=talk.pk, actor=ada, now=noon)
    assert [len(row.content["facts"]) for row in StoredBrief.objects.all()] == [3, 3, 3]


def test_who_had_the_form_open_while_it_was_erased_does_not_bring_the_quote_back(talk, brief, ada, noon):
    changed = to_brief(talk, brief, ada, noon)
    seen, facts = changed.version, changed.content["facts"]
    erase_interview(interview_id=talk.pk, actor=ada, now=noon)
    with pytest.raises(BriefNewer):
        change_brief(brief_id=brief.pk, given={"facts": facts}, seen=seen, actor=ada, now=noon)


def test_variants_made_from_a_quote_go_with_it(talk, brief, ada, noon):
    before = make_run(brief_id=brief.pk, wanted=30, seed=7, actor=ada, now=noon)
    to_brief(talk, brief, ada, noon)
    make_run(brief_id=brief.pk, wanted=30, seed=7, actor=ada, now=noon)
    erase_interview(interview_id=talk.pk, actor=ada, now=noon)
    assert list(VariantRun.objects.all()) == [before]


def test_a_brief_of_quotes_alone_goes_and_its_idea_stays_on_the_board(talk, brief, ada, noon):
    changed = to_brief(talk, brief, ada, noon)
    change_brief(brief_id=brief.pk, given={"facts": changed.content["facts"][-1:]}, actor=ada, now=noon)
    text = begun(ada, noon, SAID, brief_id=brief.pk)
    erase_interview(interview_id=talk.pk, actor=ada, now=noon)
    assert not StoredBrief.objects.exists() and Text.objects.get(pk=text.pk).brief_id is None
    (idea,) = Idea.objects.all()
    assert (idea.text, idea.member_id, idea.interview_id) == (GIVEN["idea"], ada.member_id, None)


def test_a_creator_s_erasure_takes_the_quotes_of_their_interview(talk, brief, accounts, ada, noon):  # noqa: F811
    creator = next(iter(accounts.values())).creator
    type(talk).objects.filter(pk=talk.pk).update(creator_id=creator.pk)
    to_ideas(talk, ada, noon)
    to_brief(talk, brief, ada, noon)
    removed = forget(key=creator.key, actor=ada, now=noon).removed
    assert (removed["interview"], removed["idea"], removed["quotedfact"]) == (1, 1, 1)
    assert not Idea.objects.exists() and len(StoredBrief.objects.get().content["facts"]) == 3


def test_before_an_interview_is_deleted_one_sees_what_goes_and_what_stays(talk, brief, ada, noon):
    to_ideas(talk, ada, noon)
    to_brief(talk, brief, ada, noon)
    text = begun(ada, noon, f"Mona le dit : {SAID}")
    leaving = leaving_with(talk)
    assert (leaving.ideas, list(leaving.briefs), list(leaving.texts)) == (1, [brief], [text])


@pytest.mark.django_db(transaction=True)
def test_a_quote_that_is_sent_while_its_interview_is_erased_stands_nowhere(talk, brief, ada, noon):
    place, gate = place_of(talk, "nourrit"), threading.Barrier(2)

    def doing(act):
        try:
            gate.wait()
            act()
        except NotFound:
            pass
        finally:
            connection.close()

    acts = (
        lambda: erase_interview(interview_id=talk.pk, actor=ada, now=noon),
        lambda: to_brief(talk, brief, ada, noon, place=place),
    )
    threads = [threading.Thread(target=doing, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not QuotedFact.objects.exists() and len(StoredBrief.objects.get().content["facts"]) == 3


# -- doors -----------------------------------------------------------------------------------------------------------


def url(name, *args):
    return reverse(f"studio:{name}", args=["harbour", *args])


def test_a_quote_is_sent_from_the_page_and_says_where_it_went(talk, brief, english, signed_in, ada):
    browser = signed_in(ada)
    page = browser.get(url("interview", talk.pk)).content.decode()
    assert "Transcript and quotes" in page and page.count("Use this quote") == 2 and "It stays in the interview" in page
    form = {"place": place_of(talk, "nourrit"), "seen": newest_stage(talk).number}
    assert browser.post(url("interview_act", talk.pk, "quote-to-ideas"), form).status_code == 302
    assert browser.post(url("interview_act", talk.pk, "quote-to-brief"), form | {"brief": brief.pk}).status_code == 302
    refused = browser.post(url("interview_act", talk.pk, "quote-to-ideas"), form)
    assert refused.status_code == 409 and "on the board already" in refused.content.decode()
    page = browser.get(url("interview", talk.pk)).content.decode()
    assert "on the board of ideas" in page and url("brief", brief.pk) in page and "What was quoted goes too" in page
    where = f"{url('interview', talk.pk)}?stage=1#turn-2"
    assert where in browser.get(url("brief", brief.pk)).content.decode()
    board = browser.get(url("ideas")).content.decode()
    assert where in board and "Mona Vert" in board and "say in your own words what you take from it" in board
    assert "idea_text" not in board


def test_the_page_asks_for_consent_first_and_a_reader_has_no_button(talk, english, signed_in, ada, rita):
    assert "Use this quote" not in signed_in(rita).get(url("interview", talk.pk)).content.decode()
    type(talk).objects.filter(pk=talk.pk).update(consent_on=None)
    page = signed_in(ada).get(url("interview", talk.pk)).content.decode()
    assert "Use this quote" not in page and "quotes stay here until somebody does" in page


def test_a_stranger_sends_nothing_from_pages_or_programs(talk, brief, signed_in, dario, ada):
    form = {"place": 0, "brief": brief.pk}
    for word in ("quote-to-ideas", "quote-to-brief"):
        assert signed_in(dario).post(url("interview_act", talk.pk, word), form).status_code == 404
    at = f"studio/interviews/{talk.pk}/quotes/0"
    assert program_of(dario).post(f"{at}/idea", {}).status_code == 404
    assert program_of(dario).post(f"{at}/fact", {"brief_id": brief.pk}).status_code == 404


def test_quotes_are_sent_by_a_program(talk, brief, ada):
    program, at = program_of(ada), f"studio/interviews/{talk.pk}/quotes/{place_of(talk, 'nourrit')}"
    idea = program.post(f"{at}/idea", {"seen": newest_stage(talk).number})
    assert idea.status_code == 201 and idea.json()["interview_id"] == talk.pk and idea.json()["rule"] is None
    fact = program.post(f"{at}/fact", {"brief_id": brief.pk})
    assert fact.status_code == 201 and fact.json()["content"]["facts"][-1]["text"] == SAID
    assert program.post(f"{at}/fact", {"brief_id": brief.pk}).status_code == 409


def test_quotes_are_sent_from_the_command_line(talk, brief, terminal, ada):
    number = place_of(talk, "nourrit") + 1
    assert f"{number}. “{SAID}”" in terminal("studio", "interview", "show", talk.pk).out
    assert "as a quote" in terminal("studio", "interview", "quote", talk.pk, number).out
    assert "0:05" in terminal("studio", "interview", "quote", talk.pk, number, "--brief", brief.pk).out
    (line,) = terminal("studio", "idea", "list", "--json").json
    assert line["mark"] == f"quote of interview {talk.pk}"


def test_an_idea_s_words_stand_in_the_form_of_the_brief_that_is_written_from_it(english, signed_in, ada):
    page = signed_in(ada).get(url("new_brief"), {"idea": "1", "idea_text": "Un balcon vivant"}).content.decode()
    assert ">Un balcon vivant</textarea>" in page
