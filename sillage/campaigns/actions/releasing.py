"""Releasing letters that were approved, and handing them to the mail server.

Release uses the approval and fixes the words, in one transaction; sending comes after its commit, driven by the rows: released
-> sending -> sent or failed. A process that dies in between leaves "sending", and a person settles that (`resume_invitation`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from sillage.adapters.mail import Envelope, MailSender, MaybeSent
from sillage.campaigns.actions.inviting import (
    LINK_LIVES,
    InvitationChanged,
    Written,
    refuse_uninvitable,
)
from sillage.campaigns.actions.settling import note_failure, settle_sent
from sillage.campaigns.engine.invitations import (
    STATE_WORDS,
    Channel,
    InvitationState,
    act_of_letter,
    composed,
    message_id,
    refuse_incomplete,
)
from sillage.campaigns.models import Invitation
from sillage.campaigns.queries.invitations import (
    drafts_of,
    get_invitation,
    get_invitation_plan,
    has_mail,
    letter_of,
    mail_domain,
    plan_act,
    released_text,
    seal_purpose,
)
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, automation, require
from sillage.governance.engine.links import Purpose
from sillage.governance.engine.sealing import seal
from sillage.governance.models import ApprovalRequest
from sillage.governance.queries import approval_fact, sealing_key
from sillage.lib.errors import OutsideError, Refusal
from sillage.lib.sentences import Sentence

MOST_ATTEMPTS = 8
PAUSE = timedelta(minutes=10)  # between two tries of one letter

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Addresses:
    """The creator's pages, with {secret} where a link's secret stands: https://…/l/{secret}/…"""

    collaboration: str
    own_page: str


class MailNotConfigured(Refusal):
    """Letters cannot leave by e-mail: no mail server is configured."""


@transaction.atomic
def release_invitation(*, invitation_id: int, addresses: Addresses, actor: Actor, now: datetime) -> Invitation:
    """Use the approval of one letter. By hand: its words may be copied now. By e-mail: `send_released` hands it over.

    Raises ApprovalMissing in the kind that says why, and whatever forbids to write to the creator.
    """
    require(actor, Right.CAMPAIGN)
    row = get_invitation(actor.workspace_id, invitation_id, lock=True)
    if row.state != InvitationState.DRAFT.value:
        raise InvitationChanged(
            Sentence("This invitation is %(row_state)s.", row_state=STATE_WORDS[InvitationState(row.state)]),
            Sentence("Look at it as it is now."),
        )
    refuse_incomplete(letter_of(row))
    refuse_uninvitable(row.collaboration, now)
    used = governance.use_approval(act=act_of_letter(letter_of(row)), workspace_id=actor.workspace_id, now=now)
    _release(row, used, addresses, actor, now)
    governance.record(
        verb="campaigns.invitation_released",
        subject_kind="collaboration",
        subject_id=row.collaboration_id,
        actor=actor,
        now=now,
        facts={**approval_fact(used), "invitation": row.pk, "channel": row.channel},
    )
    return row


@transaction.atomic
def release_plan(*, plan_id: int, addresses: Addresses, actor: Actor, now: datetime) -> list[Written]:
    """Use the approval of a whole plan, once. Whoever may not be written to any more is left out and says why."""
    require(actor, Right.CAMPAIGN)
    plan = get_invitation_plan(actor.workspace_id, plan_id, lock=True)
    drafts = drafts_of(plan, lock=True)
    if not drafts:
        raise InvitationChanged(
            Sentence("No letter of this plan is a draft any more."), Sentence("Look at the campaign’s invitations.")
        )
    used = governance.use_approval(act=plan_act(plan, drafts), workspace_id=actor.workspace_id, now=now)
    outcomes = [_released(row, used, addresses, actor, now) for row in drafts]
    governance.record(
        verb="campaigns.invitations_released",
        subject_kind="campaign",
        subject_id=plan.campaign_id,
        actor=actor,
        now=now,
        facts={
            **approval_fact(used),
            "plan": plan.pk,
            "released": [o.collaboration.pk for o in outcomes if o.refusal is None],
            "refused": [o.collaboration.pk for o in outcomes if o.refusal is not None],
        },
    )
    return outcomes


def _released(row: Invitation, used: ApprovalRequest, addresses: Addresses, actor: Actor, now: datetime) -> Written:
    try:
        refuse_uninvitable(row.collaboration, now)
        _release(row, used, addresses, actor, now)
    except MailNotConfigured:
        raise
    except Refusal as refusal:
        row.state, row.changed_at = InvitationState.DROPPED.value, now
        note_failure(row, refusal)
        row.save(update_fields=["state", "failure", "failure_said", "changed_at"])
        return Written(row.collaboration, row, refusal)
    return Written(row.collaboration, row)


def _release(row: Invitation, used: ApprovalRequest, addresses: Addresses, actor: Actor, now: datetime) -> None:
    if row.channel == Channel.EMAIL.value and not has_mail():
        raise MailNotConfigured(
            Sentence("No mail server is configured."), Sentence("Set SILLAGE_MAIL_URL, or send the letter by hand.")
        )
    letter = letter_of(row)
    text = composed(letter, *(_link(row, purpose, addresses, actor, now) for purpose in _PURPOSES))
    row.state, row.version, row.changed_at = InvitationState.RELEASED.value, row.version + 1, now
    row.approval_id, row.released_at = used.pk, now
    row.released_by_id, row.released_name = actor.member_id, actor.name[:200]
    row.reply_to = actor.name if actor.member_id is not None else ""
    row.sealed_text = seal(sealing_key(row.workspace_id, seal_purpose(row.pk)), text.encode())
    row.message_id = message_id(row.pk, row.workspace.slug, letter, mail_domain())
    row.save()


_PURPOSES = (Purpose.COLLABORATION, Purpose.CREATOR)


def _link(row: Invitation, purpose: Purpose, addresses: Addresses, actor: Actor, now: datetime) -> str:
    """Open a link for the creator. Its secret stands in the letter alone."""
    is_own = purpose is Purpose.CREATOR
    collaboration = row.collaboration
    link, secret = governance.open_link(
        purpose=purpose,
        subject_kind="creator" if is_own else "collaboration",
        subject_id=(collaboration.creator_id or 0) if is_own else collaboration.pk,
        label=collaboration.name,
        expires_at=now + LINK_LIVES,
        actor=actor,
        now=now,
    )
    row.links.add(link)
    return (addresses.own_page if is_own else addresses.collaboration).replace("{secret}", secret)


# -- handing over ----------------------------------------------------------------------------------------------------


def send_released(
    *,
    sender: MailSender,
    clock: Clock,
    workspace_id: int | None = None,
    invitation_ids: Sequence[int] | None = None,
) -> dict[str, int]:
    """Hand the letters that are released over, one after the other, as part of their release.

    Returns {"sent": n, "failed": n, "later": n, "unknown": n, "left_out": n}.
    """
    counts = {"sent": 0, "failed": 0, "later": 0, "unknown": 0, "left_out": 0}
    done = 0
    while True:
        row = begin_sending(now=clock(), after=done, workspace_id=workspace_id, invitation_ids=invitation_ids)
        if row is None:
            return counts
        done = row.pk
        outcome = "left_out" if row.state == InvitationState.DROPPED.value else _handed_over(row, sender, clock)
        counts[outcome] += 1


def _handed_over(row: Invitation, sender: MailSender, clock: Clock) -> str:
    envelope = Envelope(row.address, row.subject, released_text(row), row.message_id, row.reply_to)
    failed: OutsideError | None = None
    try:
        sender.send(envelope)
    except OutsideError as error:
        failed = error
    return settle_sending(invitation_id=row.pk, failed=failed, now=clock())


@transaction.atomic
def begin_sending(
    *, now: datetime, after: int, workspace_id: int | None, invitation_ids: Sequence[int] | None
) -> Invitation | None:
    """Take the next letter that is to be sent, as part of its release. Whoever objected since is left out: it is dropped."""
    rows = Invitation.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        state=InvitationState.RELEASED.value, channel=Channel.EMAIL.value, pk__gt=after
    )
    if workspace_id is not None:
        rows = rows.filter(workspace_id=workspace_id)
    rows = rows.exclude(sending_at__gt=now - PAUSE) if invitation_ids is None else rows.filter(pk__in=invitation_ids)
    row = rows.select_related("collaboration__campaign", "workspace").order_by("pk").first()
    if row is None:
        return None
    try:
        refuse_uninvitable(row.collaboration, now)
    except Refusal as refusal:
        row.state, row.sealed_text = InvitationState.DROPPED.value, None
        note_failure(row, refusal)
    else:
        row.state, row.sending_at = InvitationState.SENDING.value, now
        note_failure(row, None)
        row.attempts += 1
    row.changed_at = now
    row.save(update_fields=["state", "sending_at", "failure", "failure_said", "attempts", "sealed_text", "changed_at"])
    return row


@transaction.atomic
def settle_sending(*, invitation_id: int, failed: OutsideError | None, now: datetime) -> str:
    """Write down what the mail server said of a letter, as part of its release. What is not known stays "sending"."""
    row = Invitation.objects.select_for_update(of=("self",)).select_related("workspace").get(pk=invitation_id)
    if row.state != InvitationState.SENDING.value:
        return "unknown"  # a person settled it meanwhile
    mailer = automation("mail", row.workspace_id)
    facts = {"invitation": row.pk, "attempts": row.attempts}
    if failed is None:
        settle_sent(row, "mail", now)
        governance.record(
            verb="campaigns.invitation_sent",
            subject_kind="collaboration",
            subject_id=row.collaboration_id,
            actor=mailer,
            now=now,
            facts=facts,
        )
        return "sent"
    note_failure(row, failed)
    row.changed_at = now
    outcome = "unknown"
    if not isinstance(failed, MaybeSent):
        is_over = failed.permanent or row.attempts >= MOST_ATTEMPTS
        row.state = (InvitationState.FAILED if is_over else InvitationState.RELEASED).value
        outcome = "failed" if is_over else "later"
        row.sealed_text = None if is_over else row.sealed_text
    row.save(update_fields=["state", "failure", "failure_said", "changed_at", "sealed_text"])
    if outcome == "failed":
        governance.record(
            verb="campaigns.invitation_failed",
            subject_kind="collaboration",
            subject_id=row.collaboration_id,
            actor=mailer,
            now=now,
            facts=facts,
        )
    return outcome
