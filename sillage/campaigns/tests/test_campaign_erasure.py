"""An erased creator leaves campaigns: no name, no note stays, but what a signed contract must keep."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.db import DatabaseError, transaction

from sillage.adapters import blobs
from sillage.campaigns.actions import reviewing
from sillage.campaigns.actions.moving import MoveRefused, move_collaboration
from sillage.campaigns.actions.notes import set_reminder, write_note
from sillage.campaigns.actions.uploads import keep_file
from sillage.campaigns.engine.pipeline import Stage
from sillage.campaigns.models import ERASED, Collaboration, Draft, Move, Note, Reminder
from sillage.campaigns.tests import files
from sillage.campaigns.tests.contract_cast import signed
from sillage.campaigns.tests.delivering import LAWFUL, asked, drafted
from sillage.catalogue.actions.forgetting import forget
from sillage.governance import actions as governance
from sillage.governance import queries as governance_queries
from sillage.governance.engine.acts import Verdict
from sillage.governance.models import ApprovalRequest, Entry
from sillage.governance.queries.approval_files import WordsErased
from sillage.lib.errors import NotFound


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


def test_drafts_and_what_was_asked_about_them_lose_their_words(collaborations, ada, noon, workspace):
    kept = keep_file(workspace.pk, "a.jpg", BytesIO(files.picture()))
    draft = drafted(asked(collaborations["mona"], ada, noon), ada, noon, files=[kept])
    other = drafted(asked(collaborations["noe"], ada, noon), ada, noon, files=[kept])
    reviewing.ask_draft_approval(draft_id=draft.pk, actor=ada, now=noon)
    forget(key="instagram:mona", actor=ada, now=noon)
    draft.refresh_from_db()
    other.refresh_from_db()
    assert (draft.text, draft.title, draft.who, draft.files.count()) == ("", "", ERASED, 0)
    assert other.text and other.files.count() == 1, "the other’s stay"
    assert blobs.read(workspace.pk, kept.sha256), "the other draft has the same picture"
    request = ApprovalRequest.objects.get()
    assert (request.content, request.recipients, request.summary) == ({}, [], "")
    assert request.summary_said is None, "the creator’s name stands there too"
    assert request.withdrawn_at and request.erased_at and bytes(request.digest)


def test_a_picture_that_nobody_else_has_goes_with_them(
    collaborations, ada, noon, workspace, django_capture_on_commit_callbacks
):
    kept = keep_file(workspace.pk, "a.jpg", BytesIO(files.picture()))
    drafted(asked(collaborations["mona"], ada, noon), ada, noon, files=[kept])
    with django_capture_on_commit_callbacks(execute=True):
        forget(key="instagram:mona", actor=ada, now=noon)
    with pytest.raises(NotFound):
        blobs.read(workspace.pk, kept.sha256)


def test_under_a_signed_contract_drafts_stay_as_its_proof(collaborations, ada, bruno, noon):
    signed(collaborations["mona"], bruno, ada, noon)
    draft = drafted(asked(collaborations["mona"], ada, noon), ada, noon)
    forget(key="instagram:mona", actor=ada, now=noon)
    draft.refresh_from_db()
    assert draft.text == LAWFUL


def test_an_emptied_approval_cannot_be_exported_and_says_why(collaborations, ada, bruno, noon):
    draft = drafted(asked(collaborations["mona"], ada, noon), ada, noon)
    request = reviewing.ask_draft_approval(draft_id=draft.pk, actor=bruno, now=noon)
    governance.decide_approval(request_id=request.pk, verdict=Verdict.APPROVED, reason="", actor=ada, now=noon)
    assert governance_queries.approval_file(ada.workspace_id, request.pk, noon)
    forget(key="instagram:mona", actor=ada, now=noon)
    with pytest.raises(WordsErased, match="was erased"):
        governance_queries.approval_file(ada.workspace_id, request.pk, noon)


def test_a_draft_may_lose_its_words_and_never_get_others(collaborations, ada, noon):
    draft = drafted(asked(collaborations["mona"], ada, noon), ada, noon)
    with pytest.raises(DatabaseError, match="kept as it was written"), transaction.atomic():
        Draft.objects.filter(pk=draft.pk).update(text="Other words.")
    with pytest.raises(DatabaseError, match="kept as it was written"), transaction.atomic():
        Draft.objects.filter(pk=draft.pk).update(text="", number=7)
    assert Draft.objects.filter(pk=draft.pk).update(text="") == 1
