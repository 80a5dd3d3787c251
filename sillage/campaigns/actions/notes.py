"""What members write about a collaboration, and what they set themselves to do."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from sillage.campaigns.engine.mentions import mentioned
from sillage.campaigns.models import Campaign, Collaboration, Note, Reminder
from sillage.campaigns.queries.campaigns import get_campaign, get_collaboration
from sillage.campaigns.queries.people import get_member, names_of_members
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.governance.queries import list_members
from sillage.lib.errors import Malformed, NotFound, Refusal
from sillage.lib.sentences import Sentence
from sillage.lib.text import without_controls

LONGEST_NOTE = 5_000


class NoteEmpty(Malformed):
    """A note has words, and not too many."""


@transaction.atomic
def write_note(*, collaboration_id: int, text: str, actor: Actor, now: datetime) -> Note:
    """Write about a collaboration. “@ada” mentions a member: they find the note on their own page."""
    require(actor, Right.CAMPAIGN)
    row = get_collaboration(actor.workspace_id, collaboration_id)
    said = without_controls(text).strip()
    if not 0 < len(said) <= LONGEST_NOTE:
        raise NoteEmpty(
            Sentence("A note has from 1 to %(longest_note)s characters.", longest_note=LONGEST_NOTE),
            Sentence("Write it in a few words."),
            place="text",
        )
    note = Note.objects.create(collaboration=row, text=said, member_id=actor.member_id, written_at=now)
    called = mentioned(said, names_of_members(list_members(actor.workspace_id)))
    note.mentioned.set(sorted(called))
    governance.record(
        verb="campaigns.note_written",
        subject_kind="collaboration",
        subject_id=row.pk,
        actor=actor,
        now=now,
        facts={"note": note.pk, "mentioned": sorted(called), "campaign": row.campaign_id},
    )
    return note


class ReminderMalformed(Malformed):
    """A reminder says what is to be done."""


def _collaboration_of(campaign: Campaign, collaboration_id: int | None) -> Collaboration | None:
    if collaboration_id is None:
        return None
    row = get_collaboration(campaign.workspace_id, collaboration_id)
    if row.campaign_id != campaign.pk:
        raise NotFound(
            Sentence("No collaboration %(row)s in this campaign.", row=row.pk), Sentence("Look at the campaign again.")
        )
    return row


@transaction.atomic
def set_reminder(
    *,
    campaign_id: int,
    text: str,
    due_on: date,
    actor: Actor,
    now: datetime,
    collaboration_id: int | None = None,
    member_id: int | None = None,
) -> Reminder:
    """Have a member do something by a day; the acting member, unless another is named."""
    require(actor, Right.CAMPAIGN)
    campaign = get_campaign(actor.workspace_id, campaign_id)
    said = " ".join(without_controls(text).split())
    if not 0 < len(said) <= 300:
        raise ReminderMalformed(
            Sentence("A reminder has from 1 to 300 characters."), Sentence("Say what is to be done."), place="text"
        )
    row = _collaboration_of(campaign, collaboration_id)
    wanted = member_id if member_id is not None else actor.member_id
    reminder = Reminder.objects.create(
        campaign=campaign,
        collaboration=row,
        text=said,
        due_on=due_on,
        for_member=get_member(actor.workspace_id, wanted) if wanted is not None else None,
        made_at=now,
    )
    governance.record(
        verb="campaigns.reminder_set",
        subject_kind="collaboration" if row else "campaign",
        subject_id=row.pk if row else campaign.pk,
        actor=actor,
        now=now,
        facts={"reminder": reminder.pk, "due_on": due_on.isoformat(), "for": wanted, "campaign": campaign.pk},
    )
    return reminder


class DoneAlready(Refusal):
    """Somebody has done it."""


@transaction.atomic
def finish_reminder(*, reminder_id: int, actor: Actor, now: datetime) -> Reminder:
    """Say that what a reminder asked for is done."""
    require(actor, Right.CAMPAIGN)
    reminders = Reminder.objects.select_for_update().filter(campaign__workspace_id=actor.workspace_id)
    reminder = reminders.filter(pk=reminder_id).first()
    if reminder is None:
        raise NotFound(
            Sentence("No reminder %(reminder_id)s in this workspace.", reminder_id=reminder_id),
            Sentence("See those that are due on the campaign’s page."),
        )
    if reminder.done_at is not None:
        raise DoneAlready(
            Sentence("“%(reminder)s” is done already.", reminder=reminder.text), Sentence("Nothing more is to be done.")
        )
    reminder.done_at = now
    reminder.save(update_fields=["done_at"])
    governance.record(
        verb="campaigns.reminder_done",
        subject_kind="collaboration" if reminder.collaboration_id else "campaign",
        subject_id=reminder.collaboration_id or reminder.campaign_id,
        actor=actor,
        now=now,
        facts={"reminder": reminder.pk, "campaign": reminder.campaign_id},
    )
    return reminder
