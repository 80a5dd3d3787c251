"""Letters that went out, or of which nobody knows: what a person or the mail server says is written down."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from sillage.campaigns.actions.inviting import InvitationChanged
from sillage.campaigns.actions.moving import follow
from sillage.campaigns.engine.invitations import STATE_WORDS, Channel, InvitationState
from sillage.campaigns.engine.pipeline import Stage
from sillage.campaigns.models import Invitation
from sillage.campaigns.queries.campaigns import get_collaboration
from sillage.campaigns.queries.invitations import get_invitation
from sillage.governance import actions as governance
from sillage.governance.actions.notices import note_contact
from sillage.governance.engine.actors import Actor, Right, require
from sillage.governance.engine.privacy import Doing
from sillage.lib.errors import Anticipated
from sillage.lib.sentences import Sentence, to_stored


@transaction.atomic
def confirm_invitation(*, invitation_id: int, actor: Actor, now: datetime) -> Invitation:
    """A person says that they sent the letter by hand: Sillage itself sent nothing."""
    require(actor, Right.CAMPAIGN)
    row = get_invitation(actor.workspace_id, invitation_id, lock=True)
    if row.state != InvitationState.RELEASED.value or row.channel != Channel.BY_HAND.value:
        raise InvitationChanged(
            Sentence("There is nothing to confirm."), Sentence("Release the letter first, then send it yourself.")
        )
    settle_sent(row, actor.name, now)
    governance.record(
        verb="campaigns.invitation_confirmed",
        subject_kind="collaboration",
        subject_id=row.collaboration_id,
        actor=actor,
        now=now,
        facts={"invitation": row.pk, "channel": row.channel},
    )
    return row


@transaction.atomic
def resume_invitation(*, invitation_id: int, went_out: bool, actor: Actor, now: datetime) -> Invitation:
    """A person settles a letter of which nobody knows whether it went out: it did, or it is to be handed over again.

    Handed over again it carries the same Message-ID, so that a mailbox may recognise the repeat.
    """
    require(actor, Right.CAMPAIGN)
    row = get_invitation(actor.workspace_id, invitation_id, lock=True)
    if row.state != InvitationState.SENDING.value:
        raise InvitationChanged(
            Sentence("This invitation is %(row_state)s.", row_state=STATE_WORDS[InvitationState(row.state)]),
            Sentence("Only one that hangs is settled by hand."),
        )
    if went_out:
        settle_sent(row, actor.name, now)
    else:
        row.state, row.changed_at = InvitationState.RELEASED.value, now
        note_failure(row, None)
        row.save(update_fields=["state", "failure", "failure_said", "changed_at"])
    governance.record(
        verb="campaigns.invitation_resumed",
        subject_kind="collaboration",
        subject_id=row.collaboration_id,
        actor=actor,
        now=now,
        facts={"invitation": row.pk, "went_out": went_out},
    )
    return row


def note_failure(row: Invitation, failed: Anticipated | None) -> None:
    """Why the letter did not go out, or that nothing keeps it: in English, and as a sentence for readers. The caller saves."""
    why = "" if failed is None else failed.untold[0]
    row.failure, row.failure_said = str(why)[:300], to_stored(why)


def settle_sent(row: Invitation, who: str, now: datetime) -> None:
    """Write down that a letter went out, as part of the action that knows: the collaboration is contacted, the notice given."""
    row.state, row.sent_at, row.changed_at = InvitationState.SENT.value, now, now
    row.sealed_text = None
    note_failure(row, None)
    row.save(update_fields=["state", "sent_at", "changed_at", "sealed_text", "failure", "failure_said"])
    collaboration = get_collaboration(row.workspace_id, row.collaboration_id, lock=True)
    follow(collaboration=collaboration, to=Stage.CONTACTED, who=who, because="invitation", now=now)
    if collaboration.creator_id is not None:
        note_contact(
            workspace_id=row.workspace_id,
            subject_kind="creator",
            subject_id=collaboration.creator_id,
            doing=Doing.CONTACT,
            now=now,
            carries_notice=True,
            language=row.language,
            member_id=row.released_by_id,
        )
