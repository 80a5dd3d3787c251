"""First contacts: written, changed, and put before those who approve. Releasing and settling have modules of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from sillage.campaigns.actions.moving import MoveRefused
from sillage.campaigns.engine.invitations import (
    LANGUAGES,
    LETTERS_VERSION,
    LINK,
    LONGEST_SUBJECT,
    OWN_PAGE,
    STATE_WORDS,
    About,
    AddressFrom,
    Channel,
    Formality,
    InvitationState,
    LetterMalformed,
    act_of_letter,
    assembled,
    network_name,
    notice_part,
    one_line,
    refuse_incomplete,
)
from sillage.campaigns.engine.pipeline import STAGE_WORDS, Stage, Wish, refusal_of
from sillage.campaigns.models import Campaign, Collaboration, Invitation, InvitationPlan
from sillage.campaigns.queries.campaigns import get_campaign, get_collaboration
from sillage.campaigns.queries.gates import facts_of
from sillage.campaigns.queries.invitations import drafts_of, get_invitation, get_invitation_plan, letter_of, plan_act
from sillage.governance import actions as governance
from sillage.governance.actions.approving import ask_approval
from sillage.governance.engine.actors import Actor, Right, require
from sillage.governance.models import ApprovalRequest, Member
from sillage.governance.queries.privacy import get_subject, written_notice
from sillage.lib.errors import NotFound, Refusal
from sillage.lib.sentences import Sentence, either
from sillage.lib.text import without_controls

LINK_LIVES = timedelta(days=180)
MOST_AT_ONCE = 200


class InvitationRefused(Refusal):
    """This creator is past a first contact, or is being written to already."""


class InvitationChanged(Refusal):
    """Somebody changed the invitation since it was looked at, or it is past changing."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """How a letter is to be written. `why` is a sentence of the person who writes, or empty."""

    language: str = "fr"
    formality: Formality = Formality.VOUS
    why: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """What became of one of many: a letter, or none and why."""

    collaboration: Collaboration
    invitation: Invitation | None = None
    refusal: Refusal | None = None


# -- writing ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def write_invitation(*, collaboration_id: int, wanted: Wanted, actor: Actor, now: datetime) -> Invitation:
    """Put a letter together for one creator, to be copied by hand until an address is given. A person edits it then.

    Raises InvitationRefused, MoveRefused with a gate's words (who objected, an exclusion list), ControllerUnknown.
    """
    require(actor, Right.CAMPAIGN)
    row = get_collaboration(actor.workspace_id, collaboration_id, lock=True)
    made = _write(row, wanted, None, actor, now)
    governance.record(
        verb="campaigns.invitation_written",
        subject_kind="collaboration",
        subject_id=row.pk,
        actor=actor,
        now=now,
        facts={"invitation": made.pk, "letter": made.assembled_from},
    )
    return made


@transaction.atomic
def plan_invitations(
    *, campaign_id: int, collaborations: Sequence[int], wanted: Wanted, actor: Actor, now: datetime
) -> tuple[InvitationPlan, list[Written]]:
    """Put letters together for many creators of a campaign: each by itself, whoever may not be written to says why."""
    require(actor, Right.CAMPAIGN)
    campaign = get_campaign(actor.workspace_id, campaign_id)
    ids = sorted(set(collaborations))
    if not 0 < len(ids) <= MOST_AT_ONCE:
        raise InvitationRefused(
            Sentence("%(ids_count)s letters at once are not written.", ids_count=len(ids)),
            Sentence("Choose 1 to %(most_at_once)s creators.", most_at_once=MOST_AT_ONCE),
        )
    rows = _locked(campaign, ids)
    plan = InvitationPlan.objects.create(
        workspace_id=actor.workspace_id, campaign=campaign, made_by_id=actor.member_id, made_at=now
    )
    outcomes = [_written(row, wanted, plan, actor, now) for row in rows]
    governance.record(
        verb="campaigns.invitations_planned",
        subject_kind="campaign",
        subject_id=campaign.pk,
        actor=actor,
        now=now,
        facts={
            "plan": plan.pk,
            "written": [o.collaboration.pk for o in outcomes if o.refusal is None],
            "refused": [o.collaboration.pk for o in outcomes if o.refusal is not None],
        },
    )
    return plan, outcomes


def _locked(campaign: Campaign, ids: Sequence[int]) -> list[Collaboration]:
    rows = list(
        Collaboration.objects.select_for_update(of=("self",))
        .select_related("campaign", "account")
        .filter(campaign=campaign, pk__in=ids)
        .order_by("pk")
    )
    if len(rows) < len(ids):
        raise NotFound(
            Sentence("Some of these collaborations are not in this campaign."), Sentence("Look at the campaign again.")
        )
    return rows


def _written(row: Collaboration, wanted: Wanted, plan: InvitationPlan, actor: Actor, now: datetime) -> Written:
    try:
        return Written(row, _write(row, wanted, plan, actor, now))
    except Refusal as refusal:
        return Written(row, None, refusal)


def _write(row: Collaboration, wanted: Wanted, plan: InvitationPlan | None, actor: Actor, now: datetime) -> Invitation:
    if wanted.language not in LANGUAGES:
        raise LetterMalformed(
            Sentence("There is no letter in “%(language)s”.", language=wanted.language),
            Sentence("Choose %(languages)s.", languages=either(LANGUAGES)),
        )
    refuse_uninvitable(row, now)
    open_ones = [state.value for state in InvitationState if state.is_open]
    if row.invitations.filter(state__in=[*open_ones, InvitationState.SENT.value]).exists():
        raise InvitationRefused(
            Sentence("%(row)s has an invitation of this campaign already.", row=row.name),
            Sentence("Look at it on the collaboration’s page."),
        )
    subject, body = assembled(wanted.language, wanted.formality, _about(row, wanted, actor))
    person = get_subject(row.workspace_id, "creator", row.creator_id or 0)
    notice = written_notice(person, row.workspace_id, wanted.language, OWN_PAGE)
    return Invitation.objects.create(
        workspace_id=row.workspace_id,
        collaboration=row,
        plan=plan,
        channel=Channel.BY_HAND.value,
        language=wanted.language,
        formality=wanted.formality.value,
        subject=subject,
        body=body,
        notice=notice_part(wanted.language, wanted.formality, notice),
        assembled_from=f"{wanted.language} {wanted.formality.value} {LETTERS_VERSION}",
        written_by_id=actor.member_id,
        created_at=now,
        changed_at=now,
    )


def _about(row: Collaboration, wanted: Wanted, actor: Actor) -> About:
    campaign = row.campaign
    member = Member.objects.select_related("person").filter(pk=actor.member_id or 0).first()
    return About(
        creator=one_line(row.name),
        handle=row.handle,
        network=network_name(row.network),
        sender=one_line(str(member.person)) if member else campaign.brand,
        brand=campaign.brand,
        campaign=campaign.name,
        text=campaign.text,
        starts_on=campaign.starts_on,
        ends_on=campaign.ends_on,
        why=one_line(wanted.why)[:500],
    )


def refuse_uninvitable(row: Collaboration, now: datetime) -> None:
    """Refuse who may not be written to first: erased, kept off by a list, who objected, who is past a first contact."""
    stage = Stage(row.stage)
    if stage not in (Stage.SHORTLISTED, Stage.CONTACTED):
        raise InvitationRefused(
            Sentence("%(row)s is %(stage)s: a first contact is over.", row=row.name, stage=STAGE_WORDS[stage]),
            Sentence("Write to them yourself."),
        )
    objection = refusal_of(Wish(row.name, Stage.SHORTLISTED, Stage.CONTACTED), facts_of([row], now)[row.pk])
    if objection is not None:
        raise MoveRefused(objection)


@transaction.atomic
def change_invitation(
    *, invitation_id: int, given: Mapping[str, str], actor: Actor, now: datetime, version: int | None = None
) -> Invitation:
    """Change the letter while it is a draft: subject, body, channel, address, address_from. What was approved before the
    change is not approved any more.

    Raises LetterMalformed, InvitationChanged when somebody was faster or it was released.
    """
    require(actor, Right.CAMPAIGN)
    row = _draft(actor.workspace_id, invitation_id, version)
    _fill(row, given)
    if letter_of(row).body.count(LINK) != 1:
        refuse_incomplete(letter_of(row))
    row.version += 1
    row.edited_at = row.changed_at = now
    row.written_by_id = actor.member_id
    row.save()
    governance.record(
        verb="campaigns.invitation_changed",
        subject_kind="collaboration",
        subject_id=row.collaboration_id,
        actor=actor,
        now=now,
        facts={"invitation": row.pk, "fields": sorted(given), "channel": row.channel},
    )
    return row


def _fill(row: Invitation, given: Mapping[str, str]) -> None:
    unknown = set(given) - {"subject", "body", "channel", "address", "address_from"}
    if unknown:
        raise LetterMalformed(
            Sentence("A letter has no “%(unknown)s”.", unknown=sorted(unknown)[0]),
            Sentence("It has subject, body, channel and address."),
        )
    row.subject = one_line(given.get("subject", row.subject))[:LONGEST_SUBJECT]
    row.body = without_controls(given.get("body", row.body)).replace("\r\n", "\n").strip()
    row.channel = given.get("channel", row.channel)
    if row.channel not in set(Channel):
        raise LetterMalformed(
            Sentence("“%(channel)s” is no way to send a letter.", channel=row.channel),
            Sentence("Choose by_hand or email."),
        )
    row.address = given.get("address", row.address).strip()
    row.address_from = given.get("address_from", row.address_from)
    if row.address_from and row.address_from not in set(AddressFrom):
        raise LetterMalformed(
            Sentence("Nobody says where the address comes from."),
            Sentence("Choose %(addressfrom)s.", addressfrom=", ".join(AddressFrom)),
        )
    if row.address:
        try:
            validate_email(row.address)
        except ValidationError as error:
            raise LetterMalformed(
                Sentence("This is not an e-mail address."), Sentence("Write one like name@example.org.")
            ) from error


def _draft(workspace_id: int, invitation_id: int, version: int | None = None) -> Invitation:
    row = get_invitation(workspace_id, invitation_id, lock=True)
    if row.state != InvitationState.DRAFT.value:
        raise InvitationChanged(
            Sentence("This invitation is %(row_state)s.", row_state=STATE_WORDS[InvitationState(row.state)]),
            Sentence("Look at it as it is now."),
        )
    if version is not None and row.version != version:
        raise InvitationChanged(
            Sentence("Somebody changed this invitation meanwhile."), Sentence("Look at it as it is now.")
        )
    return row


@transaction.atomic
def drop_invitation(*, invitation_id: int, actor: Actor, now: datetime) -> Invitation:
    """Give an invitation up that has not gone out. Its links open nothing any more."""
    require(actor, Right.CAMPAIGN)
    row = get_invitation(actor.workspace_id, invitation_id, lock=True)
    if row.state not in (InvitationState.DRAFT, InvitationState.RELEASED, InvitationState.FAILED):
        raise InvitationChanged(
            Sentence("This invitation is %(row_state)s.", row_state=STATE_WORDS[InvitationState(row.state)]),
            Sentence("What has gone out cannot be taken back."),
        )
    for link in row.links.filter(revoked_at=None):
        governance.revoke_link(link_id=link.pk, actor=actor, now=now)
    row.state, row.sealed_text, row.changed_at = InvitationState.DROPPED.value, None, now
    row.save(update_fields=["state", "sealed_text", "changed_at"])
    governance.record(
        verb="campaigns.invitation_dropped",
        subject_kind="collaboration",
        subject_id=row.collaboration_id,
        actor=actor,
        now=now,
        facts={"invitation": row.pk},
    )
    return row


# -- asking ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def ask_for_invitation(*, invitation_id: int, actor: Actor, now: datetime) -> ApprovalRequest:
    """Put one letter before those who approve."""
    require(actor, Right.CAMPAIGN)
    row = _draft(actor.workspace_id, invitation_id)
    refuse_incomplete(letter_of(row))
    refuse_uninvitable(row.collaboration, now)
    summary = Sentence(
        "Invitation: %(creator)s (%(campaign)s)",
        creator=row.collaboration.name,
        campaign=row.collaboration.campaign.name,
    )
    return ask_approval(act=act_of_letter(letter_of(row)), summary=summary, actor=actor, now=now)


@transaction.atomic
def ask_for_plan(*, plan_id: int, actor: Actor, now: datetime) -> ApprovalRequest:
    """Put all letters of a plan that are drafts before those who approve: one word for the whole list."""
    require(actor, Right.CAMPAIGN)
    plan = get_invitation_plan(actor.workspace_id, plan_id, lock=True)
    drafts = drafts_of(plan, lock=True)
    if not drafts:
        raise InvitationChanged(
            Sentence("No letter of this plan is a draft any more."), Sentence("Look at the campaign’s invitations.")
        )
    for row in drafts:
        refuse_incomplete(letter_of(row))
    summary = Sentence("%(count)s invitations (%(campaign)s)", count=len(drafts), campaign=plan.campaign.name)
    if len(drafts) == 1:
        summary = Sentence("1 invitation (%(campaign)s)", campaign=plan.campaign.name)
    return ask_approval(act=plan_act(plan, drafts), summary=summary, actor=actor, now=now)
