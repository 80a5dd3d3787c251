"""An erased creator leaves campaigns: no name, no note stays, but what a signed contract must keep."""

from __future__ import annotations

import pytest

from sillage.campaigns.actions.moving import MoveRefused, move_collaboration
from sillage.campaigns.actions.notes import set_reminder, write_note
from sillage.campaigns.engine.pipeline import Stage
from sillage.campaigns.models import ERASED, Collaboration, Move, Note, Reminder
from sillage.campaigns.tests.contract_cast import signed
from sillage.catalogue.actions.forgetting import forget
from sillage.governance.models import Entry


@pytest.fixture
def lived(campaign, collaborations, ada, noon):
    """Both were contacted with a reason, written about and have a reminder."""
    for row in collaborations.values():
        move_collaboration(
            collaboration_id=row.pk, to=Stage.CONTACTED, reason=f"{row.name} wrote first", actor=ada, now=noon
        )
        write_note(collaboration_id=row.pk, text=f"{row.name} is kind", actor=ada, now=noon)
        set_reminder(
            campaign_id=campaign.pk,
            collaboration_id=row.pk,
            text=f"Call {row.name}",
            due_on=noon.date(),
            actor=ada,
            now=noon,
        )
    return collaborations


def test_names_notes_reminders_and_reasons_go_and_the_move_stays(lived, ada, noon):
    forgotten = forget(key="instagram:mona", actor=ada, now=noon)
    assert {k: forgotten.removed[k] for k in ("collaboration", "note", "reminder")} == {
        "collaboration": 1,
        "note": 1,
        "reminder": 1,
    }
    row = Collaboration.objects.get(pk=lived["mona"].pk)
    assert (row.name, row.handle, row.creator_id, row.account_id, row.is_erased) == (ERASED, "", None, None, True)
    assert list(Move.objects.filter(collaboration=row).values_list("to_stage", "reason")) == [("contacted", "")]
    assert (
        not Note.objects.filter(collaboration=row).exists() and not Reminder.objects.filter(collaboration=row).exists()
    )
    assert Note.objects.get().text == "Noe is kind", "the other’s stay"


def test_nothing_of_campaigns_names_them_any_more(lived, ada, noon):
    forget(key="instagram:mona", actor=ada, now=noon)
    kept = [*Collaboration.objects.values(), *Move.objects.values(), *Note.objects.values(), *Reminder.objects.values()]
    kept += Entry.objects.filter(verb__startswith="campaigns.").values("facts")
    assert not [row for row in kept if "mona" in str(row).casefold()]


def test_an_erased_creator_is_moved_nowhere_but_to_closed(lived, ada, noon):
    forget(key="instagram:mona", actor=ada, now=noon)
    with pytest.raises(MoveRefused, match="erased"):
        move_collaboration(collaboration_id=lived["mona"].pk, to=Stage.NEGOTIATING, actor=ada, now=noon)
    assert move_collaboration(collaboration_id=lived["mona"].pk, to=Stage.CLOSED, actor=ada, now=noon)


def test_a_signed_contract_keeps_the_name_that_it_needs_and_nothing_else(lived, ada, bruno, noon):
    contract = signed(lived["mona"], bruno, ada, noon)
    forget(key="instagram:mona", actor=ada, now=noon)
    row = Collaboration.objects.get(pk=lived["mona"].pk)
    assert (row.name, row.handle, row.creator_id) == ("Mona", "", None)
    assert contract.versions.get().signatures.count() == 2
    assert not Note.objects.filter(collaboration=row).exists()
