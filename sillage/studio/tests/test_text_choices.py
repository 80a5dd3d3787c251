"""A person's word on a text: chosen, refused, approved on exactly its words, handed over to a deliverable."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection

from sillage.campaigns.actions.campaigns import open_campaign
from sillage.campaigns.models import Draft
from sillage.campaigns.tests.conftest import GIVEN as CAMPAIGN
from sillage.campaigns.tests.conftest import accounts, campaign, collaboration, collaborations
from sillage.campaigns.tests.delivering import asked
from sillage.governance import actions as governance
from sillage.governance.actions.approval_rules import add_approval_rule
from sillage.governance.actions.using_approvals import ApprovalMissing, ApprovalStale, ApprovalUsed, ApprovalWaiting
from sillage.governance.engine.actors import NotAllowed, Role
from sillage.governance.engine.acts import Standing, Verdict
from sillage.governance.models import Entry
from sillage.governance.queries import actor_of
from sillage.lib.errors import NotFound
from sillage.lib.sentences import Sentence
from sillage.studio.actions import choices, releasing, texts
from sillage.studio.actions.releasing import ApprovalUnexplained, DeliverableElsewhere, TextUnjudged
from sillage.studio.models import Choice, Text, Voice
from sillage.studio.queries.choices import pairs_of_voice, requests_of, standings_of
from sillage.studio.queries.texts import newest_version, versions_of
from sillage.studio.tests.being_written import ASSEMBLED, LAWFUL, MODEL, UNLAWFUL, asked_of, begun, briefed

__all__ = ["accounts", "campaign", "collaboration", "collaborations"]
REASON = "Read by a person."


@pytest.fixture
def manager(ada, noon):
    member = governance.add_member(
        email="max@example.org", name="Max", role=Role.MANAGER, password=None, actor=ada, now=noon
    )
    return actor_of(member, member.person)


@pytest.fixture
def voice(ada, noon):
    return Voice.objects.create(
        workspace_id=ada.workspace_id, name="Terre Vive", language="fr", created_at=noon, changed_at=noon
    )


def chosen(text, actor, now, **more):
    seen = more.pop("seen", None) or Text.objects.get(pk=text.pk).version
    return choices.choose_text(text_id=text.pk, seen=seen, actor=actor, now=now, **more)


def state(text):
    return Text.objects.get(pk=text.pk).state


def version_seen(text):
    return Text.objects.get(pk=text.pk).version


def approved(text, actor, now):
    return releasing.approve_text(text_id=text.pk, seen=version_seen(text), reason=REASON, actor=actor, now=now)


def handed(text, deliverable, actor, now):
    return releasing.hand_over(
        text_id=text.pk, deliverable_id=deliverable.pk, seen=version_seen(text), actor=actor, now=now
    )


# -- chosen ----------------------------------------------------------------------------------------------------------


def test_a_choice_keeps_the_proposal_the_final_words_and_how_far_they_are_apart(ada, voice, noon):
    text = begun(ada, noon, LAWFUL, ASSEMBLED, voice_id=voice.pk)
    final = LAWFUL.replace("trois semaines", "un mois")
    choice = chosen(text, ada, noon, body=final, reason="Shorter")
    assert (choice.word, choice.proposed, choice.final, choice.number) == ("chosen", LAWFUL, final, 2)
    assert choice.made_by["origin"] == "template" and 0 < choice.distance["words"] < 0.2
    assert state(text) == "chosen" and newest_version(text).body == final
    (pair,) = pairs_of_voice(voice.pk)
    assert (pair.proposed, pair.final, pair.is_chosen, pair.made_by) == (LAWFUL, final, True, ASSEMBLED)
    assert Entry.objects.get(verb="studio.text_chosen").facts["made_by"] == "template"


def test_words_chosen_as_they_were_proposed_are_kept_once(ada, noon):
    text = begun(ada, noon, LAWFUL, MODEL)
    choice = chosen(text, ada, noon)
    assert (choice.number, choice.distance["words"]) == (1, 0)
    assert len(versions_of(text)) == 1


def test_what_a_person_wrote_from_an_empty_page_is_no_training_pair(ada, voice, noon):
    text = begun(ada, noon, LAWFUL, voice_id=voice.pk)
    choice = chosen(text, ada, noon)
    assert (choice.proposed, choice.distance, choice.made_by["origin"]) == ("", {}, "person")
    assert pairs_of_voice(voice.pk) == []


def test_a_rule_of_the_law_stops_a_choice_with_its_remedy_and_nothing_changes(ada, noon):
    text = begun(ada, noon, "", brief_id=briefed(ada, noon).pk)
    with pytest.raises(choices.TextUnlawful) as refused:
        chosen(text, ada, noon, body=UNLAWFUL)
    assert "FR-DISC-01" in refused.value.message and refused.value.hint
    assert state(text) == "writing" and Choice.objects.count() == 0
    assert len(versions_of(text)) == 1


def test_no_words_are_no_choice(ada, noon):
    with pytest.raises(texts.TextMalformed):
        chosen(begun(ada, noon, "  "), ada, noon)


def test_nobody_chooses_what_they_have_not_seen(ada, bruno, noon):
    text = begun(ada, noon, LAWFUL)
    texts.save_words(text_id=text.pk, body=LAWFUL + " !", seen=1, actor=bruno, now=noon)
    with pytest.raises(texts.TextNewer):
        chosen(text, ada, noon, seen=1)
    with pytest.raises(texts.TextNewer):
        choices.refuse_text(text_id=text.pk, seen=1, reason="No", actor=ada, now=noon)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_choose_at_once_one_does(ada, bruno, noon):
    text = begun(ada, noon, LAWFUL)
    start, outcomes = threading.Barrier(2), []

    def choose(actor):
        start.wait()
        try:
            outcomes.append(chosen(text, actor, noon, seen=1).word)
        except (choices.TextMoveRefused, texts.TextNewer) as refusal:
            outcomes.append(refusal.message)
        finally:
            connection.close()

    both = [threading.Thread(target=choose, args=(actor,)) for actor in (ada, bruno)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert outcomes.count("chosen") == 1 and Choice.objects.count() == 1


def test_a_chosen_text_whose_words_change_is_being_written_again(ada, noon):
    text = begun(ada, noon, LAWFUL)
    chosen(text, ada, noon)
    texts.save_words(text_id=text.pk, body=LAWFUL + " !", seen=1, actor=ada, now=noon)
    assert state(text) == "writing"
    chosen(text, ada, noon)
    choices.reopen_text(text_id=text.pk, seen=version_seen(text), actor=ada, now=noon)
    assert state(text) == "writing"


# -- refused ---------------------------------------------------------------------------------------------------------


def test_a_refusal_needs_its_reason_and_is_a_training_pair(ada, voice, noon):
    text = begun(ada, noon, LAWFUL, ASSEMBLED, voice_id=voice.pk)
    with pytest.raises(choices.TextReasonMissing):
        choices.refuse_text(text_id=text.pk, seen=1, reason=" ", actor=ada, now=noon)
    choices.refuse_text(text_id=text.pk, seen=1, reason="Too loud", actor=ada, now=noon)
    (pair,) = pairs_of_voice(voice.pk)
    assert (pair.is_chosen, pair.proposed, pair.final, pair.reason) == (False, LAWFUL, "", "Too loud")
    with pytest.raises(choices.TextMoveRefused):
        chosen(text, ada, noon)
    choices.reopen_text(text_id=text.pk, seen=1, actor=ada, now=noon)
    assert chosen(text, ada, noon).word == "chosen"


def test_another_workspace_decides_nothing(ada, dario, noon):
    text = begun(ada, noon, LAWFUL)
    given = {"text_id": text.pk, "seen": 1, "actor": dario, "now": noon}
    for act in (
        lambda: choices.choose_text(**given),
        lambda: choices.refuse_text(reason="No", **given),
        lambda: choices.reopen_text(**given),
        lambda: releasing.ask_text_approval(**given),
        lambda: releasing.approve_text(reason="", **given),
        lambda: releasing.hand_over(deliverable_id=1, **given),
    ):
        with pytest.raises(NotFound):
            act()


# -- approved --------------------------------------------------------------------------------------------------------


def test_only_chosen_words_are_approved_by_whoever_may(ada, bruno, noon):
    text = begun(ada, noon, LAWFUL)
    with pytest.raises(choices.TextMoveRefused):
        approved(text, ada, noon)
    chosen(text, ada, noon)
    with pytest.raises(NotAllowed):
        approved(text, bruno, noon)
    assert approved(text, ada, noon).state == "approved"
    assert Entry.objects.get(verb="studio.text_approved").facts["is_approved"] is True


def test_as_many_approve_as_the_rules_of_the_workspace_ask_for(ada, manager, noon):
    add_approval_rule(
        verb="studio.release",
        roles=(),
        members=(),
        up_to=None,
        two_from=None,
        always_two=True,
        currency="",
        actor=ada,
        now=noon,
    )
    text = begun(ada, noon, LAWFUL)
    chosen(text, ada, noon)
    assert approved(text, ada, noon).state == "chosen"
    assert standings_of(ada.workspace_id, [Text.objects.get(pk=text.pk)], noon) == {text.pk: Standing.WAITING}
    assert approved(text, manager, noon).state == "approved"


def test_an_approval_given_in_the_inbox_counts(ada, bruno, noon, collaboration):
    text = begun(ada, noon, LAWFUL)
    chosen(text, bruno, noon)
    request = releasing.ask_text_approval(text_id=text.pk, seen=1, actor=bruno, now=noon)
    deliverable = asked(collaboration, ada, noon)
    with pytest.raises(ApprovalWaiting):
        handed(text, deliverable, bruno, noon)
    governance.decide_approval(request_id=request.pk, verdict=Verdict.APPROVED, reason="", actor=ada, now=noon)
    assert handed(text, deliverable, bruno, noon).text == LAWFUL


def test_a_person_s_open_question_stops_an_approval_until_it_is_answered(ada, bruno, noon):
    text = begun(ada, noon, LAWFUL)
    chosen(text, ada, noon)
    check = asked_of(text, bruno.member_id, noon, words="tomates")
    with pytest.raises(TextUnjudged) as refused:
        releasing.ask_text_approval(text_id=text.pk, seen=1, actor=ada, now=noon)
    assert "Bruno" in refused.value.message
    check.answer, check.answer_reason, check.answered_at = "change", "Say which tomatoes.", noon
    check.save()
    with pytest.raises(TextUnjudged, match="which tomatoes"):
        approved(text, ada, noon)
    check.answer = "fine"
    check.save()
    assert approved(text, ada, noon).state == "approved"


def test_a_question_about_words_that_are_gone_is_over(ada, bruno, noon):
    text = begun(ada, noon, LAWFUL)
    asked_of(text, bruno.member_id, noon, words="tomates")
    chosen(text, ada, noon, body=LAWFUL.replace("tomates", "courges"))
    assert approved(text, ada, noon).state == "approved"


def test_what_rules_doubt_is_approved_with_a_reason_only(ada, campaign, noon):
    text = begun(ada, noon, LAWFUL, campaign_id=campaign.pk)
    chosen(text, ada, noon)
    with pytest.raises(ApprovalUnexplained):
        releasing.approve_text(text_id=text.pk, seen=1, reason="", actor=ada, now=noon)
    assert approved(text, ada, noon).state == "approved"
    (one,) = requests_of(text, noon)
    assert one.request.content["law"] and one.request.content["text"] == LAWFUL


def test_other_words_need_another_approval(ada, noon, collaboration):
    text, deliverable = begun(ada, noon, LAWFUL), asked(collaboration, ada, noon)
    chosen(text, ada, noon)
    approved(text, ada, noon)
    texts.save_words(text_id=text.pk, body=LAWFUL + " !", seen=1, actor=ada, now=noon)
    assert state(text) == "writing"
    with pytest.raises(choices.TextMoveRefused):
        handed(text, deliverable, ada, noon)
    chosen(text, ada, noon)
    with pytest.raises(ApprovalStale):
        handed(text, deliverable, ada, noon)
    assert Draft.objects.count() == 0


# -- handed over -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made_by", "is_ai", "words"), [(ASSEMBLED, False, "assembled from templates"), (MODEL, True, "a model (AI)")]
)
def test_a_text_becomes_the_next_draft_and_says_where_it_comes_from(
    ada,
    noon,
    collaboration,
    made_by,
    is_ai,
    words,
):
    text, deliverable = begun(ada, noon, LAWFUL, made_by), asked(collaboration, ada, noon)
    chosen(text, ada, noon, body=LAWFUL + " !")
    approved(text, ada, noon)
    draft = handed(text, deliverable, ada, noon)
    assert (draft.text, draft.number, draft.facts) == (LAWFUL + " !", 1, {"ai.generated": is_ai})
    assert words in draft.note and "then written by a person" in draft.note
    assert isinstance(Draft.objects.get(pk=draft.pk).said, Sentence), "whoever reviews it reads their language"
    after = Text.objects.get(pk=text.pk)
    assert (after.state, after.deliverable) == ("handed_over", deliverable)
    assert requests_of(text, noon)[0].standing is Standing.USED
    assert Entry.objects.get(verb="studio.text_handed_over").facts["draft"] == draft.pk


def test_an_approval_is_used_once(ada, noon, collaboration):
    text, deliverable = begun(ada, noon, LAWFUL), asked(collaboration, ada, noon)
    chosen(text, ada, noon)
    approved(text, ada, noon)
    handed(text, deliverable, ada, noon)
    choices.reopen_text(text_id=text.pk, seen=1, actor=ada, now=noon)
    chosen(text, ada, noon)
    with pytest.raises(ApprovalUsed):
        handed(text, deliverable, ada, noon)


def test_an_approval_that_expired_hands_nothing_over(ada, noon, collaboration):
    text, deliverable = begun(ada, noon, LAWFUL), asked(collaboration, ada, noon)
    chosen(text, ada, noon)
    approved(text, ada, noon)
    with pytest.raises(ApprovalMissing):
        handed(text, deliverable, ada, noon + timedelta(days=15))
    assert state(text) == "approved" and Draft.objects.count() == 0


def test_a_text_of_a_campaign_goes_to_its_own_deliverables(ada, dario, noon, collaboration):
    deliverable = asked(collaboration, ada, noon)
    text = begun(ada, noon, LAWFUL)
    chosen(text, ada, noon)
    approved(text, ada, noon)
    Text.objects.filter(pk=text.pk).update(campaign=_other(ada, noon))
    with pytest.raises(DeliverableElsewhere):
        handed(text, deliverable, ada, noon)
    with pytest.raises(NotFound):
        releasing.hand_over(text_id=text.pk, deliverable_id=10**6, seen=1, actor=ada, now=noon)


def _other(ada, noon):
    return open_campaign(given=CAMPAIGN | {"name": "Another"}, actor=ada, now=noon)
