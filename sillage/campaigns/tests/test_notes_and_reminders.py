"""Notes call colleagues, reminders fall due, and everything that was done is told in its order."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sillage.campaigns.actions.moving import move_collaboration
from sillage.campaigns.actions.notes import (
    DoneAlready,
    NoteEmpty,
    ReminderMalformed,
    finish_reminder,
    set_reminder,
    write_note,
)
from sillage.campaigns.engine.mentions import called, marker, mentioned
from sillage.campaigns.engine.pipeline import Stage
from sillage.campaigns.models import Reminder
from sillage.campaigns.queries.people import list_callable, list_mentions, list_owned, list_reminders
from sillage.campaigns.queries.pipeline import activity_of, activity_with, list_moves, list_notes
from sillage.governance.engine.actors import NotAllowed
from sillage.governance.queries import list_members
from sillage.lib.errors import NotFound

ADA = called("Ada Lemoine", "ada@example.org")
CAST = {1: ADA, 2: called("Bruno", "b.keller@example.org"), 3: called("Ada Pons", "pons@example.org")}


def test_a_member_is_called_by_address_first_name_or_whole_name():
    assert ADA == ("ada", "ada.lemoine", "adalemoine", "ada@example.org")
    assert called("", "rita@example.org") == ("rita", "rita@example.org")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@bruno look", {2}),
        ("@Bruno, look", {2}),
        ("see @b.keller.", {2}),
        ("see @ada.lemoine and @pons", {1, 3}),
        ("to ada@example.org", set()),
        ("to @ada@example.org!", {1}),
        ("@ada", set()),  # two members are called Ada
        ("@nobody, a@b", set()),
        ("", set()),
    ],
)
def test_who_is_meant_is_read_and_who_is_not_clear_is_not(text, found):
    assert mentioned(text, CAST) == found


def test_the_shortest_clear_way_to_call_somebody_is_shown():
    assert [marker(names, CAST) for names in CAST.values()] == ["@adalemoine", "@bruno", "@pons"]


def test_a_note_that_calls_a_colleague_is_found_by_them_alone(collaboration, ada, bruno, dario, noon):
    note = write_note(collaboration_id=collaboration.pk, text=" @bruno what do you think? ", actor=ada, now=noon)
    assert note.text == "@bruno what do you think?"
    assert [n.pk for n in list_mentions(ada.workspace_id, bruno.member_id)] == [note.pk]
    assert list_mentions(ada.workspace_id, ada.member_id) == []
    assert list_mentions(dario.workspace_id, bruno.member_id) == []
    assert {m.pk: s for m, s in list_callable(ada.workspace_id)}[bruno.member_id] == "@bruno"


def test_notes_need_words_a_right_and_their_own_workspace(collaboration, ada, rita, dario, noon):
    for text in ("  \n", "x" * 5001):
        with pytest.raises(NoteEmpty):
            write_note(collaboration_id=collaboration.pk, text=text, actor=ada, now=noon)
    with pytest.raises(NotAllowed):
        write_note(collaboration_id=collaboration.pk, text="x", actor=rita, now=noon)
    with pytest.raises(NotFound):
        write_note(collaboration_id=collaboration.pk, text="x", actor=dario, now=noon)


def remind(campaign, actor, noon, days=0, **more):
    due = noon.date() + timedelta(days=days)
    return set_reminder(campaign_id=campaign.pk, text="Call back", due_on=due, actor=actor, now=noon, **more)


def test_what_is_due_is_listed_by_day_until_it_is_done(campaign, collaboration, ada, bruno, noon):
    late = remind(campaign, ada, noon, days=-2, collaboration_id=collaboration.pk)
    remind(campaign, ada, noon, days=3)
    for_bruno = remind(campaign, ada, noon, member_id=bruno.member_id)

    due = lambda **asked: [r.pk for r in list_reminders(ada.workspace_id, **asked)]  # noqa: E731
    assert due(campaign_id=campaign.pk)[:2] == [late.pk, for_bruno.pk]
    assert due(member_id=bruno.member_id) == [for_bruno.pk]
    assert due(member_id=ada.member_id, until=noon.date()) == [late.pk]
    assert due(collaboration_id=collaboration.pk) == [late.pk]

    finish_reminder(reminder_id=late.pk, actor=bruno, now=noon)
    assert due(collaboration_id=collaboration.pk) == []
    with pytest.raises(DoneAlready):
        finish_reminder(reminder_id=late.pk, actor=ada, now=noon)


def test_reminders_refuse_what_is_not_theirs(campaign, collaboration, ada, dario, noon):
    with pytest.raises(ReminderMalformed):
        set_reminder(campaign_id=campaign.pk, text=" ", due_on=noon.date(), actor=ada, now=noon)
    with pytest.raises(NotFound):
        remind(campaign, ada, noon, member_id=dario.member_id)
    with pytest.raises(NotFound):
        remind(campaign, ada, noon, collaboration_id=10**9)
    with pytest.raises(NotFound):
        remind(campaign, dario, noon)
    made = remind(campaign, ada, noon)
    with pytest.raises(NotFound):
        finish_reminder(reminder_id=made.pk, actor=dario, now=noon)
    assert Reminder.objects.count() == 1


def test_who_did_what_is_told_newest_first_each_thing_once(campaign, collaboration, ada, bruno, noon):
    at = lambda hours: noon + timedelta(hours=hours)  # noqa: E731
    move_collaboration(collaboration_id=collaboration.pk, to=Stage.CONTACTED, actor=bruno, now=at(1))
    write_note(collaboration_id=collaboration.pk, text="She answered.", actor=ada, now=at(2))
    set_reminder(
        campaign_id=campaign.pk,
        collaboration_id=collaboration.pk,
        text="Call",
        due_on=noon.date(),
        actor=bruno,
        now=at(3),
    )
    members = list_members(ada.workspace_id)
    told = activity_with(collaboration, list_moves(collaboration), list_notes(collaboration), members)
    assert [(h.entry and h.entry.verb, h.note and h.note.text, h.move and h.move.to_stage) for h in told] == [
        ("campaigns.reminder_set", None, None),
        (None, "She answered.", None),
        (None, None, "contacted"),
    ]
    assert [h.who for h in told[:2]] == ["Bruno", "Ada"]
    verbs = [h.entry.verb for h in activity_of(campaign) if h.entry]
    assert "campaigns.campaign_opened" in verbs and "campaigns.collaboration_moved" not in verbs


def test_whom_one_looks_after_is_listed_longest_waiting_first(collaborations, ada, bruno, noon):
    move_collaboration(
        collaboration_id=collaborations["mona"].pk, to=Stage.CONTACTED, actor=ada, now=noon + timedelta(days=1)
    )
    stages = ("shortlisted", "contacted")
    assert [r.handle for r in list_owned(ada.workspace_id, ada.member_id, stages)] == ["noe", "mona"]
    assert list_owned(ada.workspace_id, bruno.member_id, stages) == []
