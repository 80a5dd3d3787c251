"""Reading first contacts: letters, plans, and where their approvals stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any

from django.conf import settings

from sillage.adapters.mail import SmtpSender
from sillage.campaigns.engine.conflicts import Conflict, ConflictKind
from sillage.campaigns.engine.invitations import (
    VERB,
    Channel,
    InvitationState,
    Letter,
    act_of_letter,
    act_of_plan,
)
from sillage.campaigns.engine.pipeline import Stage
from sillage.campaigns.models import Campaign, Collaboration, Invitation, InvitationPlan
from sillage.campaigns.queries.conflicts import list_conflicts
from sillage.governance import queries as governance
from sillage.governance.engine.actors import Actor, Right
from sillage.governance.engine.acts import Act, Standing
from sillage.governance.engine.sealing import unseal
from sillage.governance.models import ApprovalRequest
from sillage.lib.errors import NotFound
from sillage.lib.sentences import Sentence

STUCK_AFTER = timedelta(minutes=5)  # a mail server that has not answered by then will not
SHOWN = 500


def get_invitation(workspace_id: int, invitation_id: int, *, lock: bool = False) -> Invitation:
    rows = Invitation.objects.select_related("collaboration__campaign", "workspace")
    rows = rows.filter(workspace_id=workspace_id, pk=invitation_id)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound(
            Sentence("No invitation %(invitation_id)s in this workspace.", invitation_id=invitation_id),
            Sentence("See a campaign’s invitations."),
        )
    return found


def get_invitation_plan(workspace_id: int, plan_id: int, *, lock: bool = False) -> InvitationPlan:
    rows = InvitationPlan.objects.select_related("campaign").filter(workspace_id=workspace_id, pk=plan_id)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound(
            Sentence("No plan %(plan_id)s of invitations in this workspace.", plan_id=plan_id),
            Sentence("See a campaign’s invitations."),
        )
    return found


def letter_of(row: Invitation) -> Letter:
    """The letter as it stands. Without an e-mail address the recipient is the account's key."""
    account = row.collaboration.account
    key = account.key if account else f"{row.collaboration.network}:{row.collaboration.handle}"
    return Letter(
        collaboration_id=row.collaboration_id,
        recipient=row.address if row.channel == Channel.EMAIL.value else key,
        channel=Channel(row.channel),
        language=row.language,
        subject=row.subject,
        body=row.body,
        notice=row.notice,
        address_from=row.address_from,
    )


def drafts_of(plan: InvitationPlan, *, lock: bool = False) -> list[Invitation]:
    """The letters of a plan that are still to be released, in the order in which they are hashed."""
    rows = Invitation.objects.filter(plan=plan, state=InvitationState.DRAFT.value)
    rows = rows.select_related("collaboration__campaign", "collaboration__account", "workspace")
    return list((rows.select_for_update(of=("self",)) if lock else rows).order_by("collaboration_id"))


def plan_act(plan: InvitationPlan, drafts: Sequence[Invitation]) -> Act:
    return act_of_plan(plan.pk, [letter_of(row) for row in drafts])


@dataclass(frozen=True, slots=True)
class Asked:
    """Where the approval of exactly these words stands; `standing` None: not asked, or asked for other words."""

    request: ApprovalRequest | None
    standing: Standing | None
    is_stale: bool = False  # an approval was asked for other words


def asked_for(workspace_id: int, act: Act, now: datetime) -> Asked:
    requests = governance.list_requests_of(workspace_id, act.subject_kind, act.subject_id)
    ours = [request for request in requests if request.verb == VERB]
    same = next((request for request in ours if bytes(request.digest) == act.digest), None)
    if same is not None:
        return Asked(same, governance.standing(same, now))
    return Asked(None, None, is_stale=any(governance.standing(r, now).is_open for r in ours))


def list_invitations(campaign: Campaign) -> list[Invitation]:
    """A campaign's letters, the newest first."""
    rows = Invitation.objects.filter(collaboration__campaign=campaign)
    return list(rows.select_related("collaboration__account", "plan", "written_by__person").order_by("-pk")[:SHOWN])


def list_plans(campaign: Campaign) -> list[InvitationPlan]:
    """Plans with letters that are still to be released, the newest first."""
    waiting = InvitationPlan.objects.filter(campaign=campaign, invitations__state=InvitationState.DRAFT.value)
    return list(waiting.distinct().order_by("-pk"))


def list_invitable(campaign: Campaign) -> list[Collaboration]:
    """Those shortlisted whom nobody is writing to, in the order of their names."""
    busy = Invitation.objects.filter(
        collaboration__campaign=campaign, state__in=[s.value for s in InvitationState if s.is_open]
    )
    rows = campaign.collaborations.filter(stage=Stage.SHORTLISTED.value, creator_id__isnull=False)
    return list(rows.exclude(pk__in=busy.values("collaboration_id")).order_by("name", "pk")[:SHOWN])


def list_stuck(workspace_id: int, now: datetime) -> list[Invitation]:
    """Letters that were handed over and of which nobody knows what became: a person has to settle them."""
    rows = Invitation.objects.filter(
        workspace_id=workspace_id, state=InvitationState.SENDING.value, sending_at__lte=now - STUCK_AFTER
    )
    return list(rows.select_related("collaboration__campaign").order_by("sending_at"))


def is_stuck(row: Invitation, now: datetime) -> bool:
    """Whether a letter that is being sent will never be settled by its sender: it failed without an answer, or died."""
    if row.state != InvitationState.SENDING.value or row.sending_at is None:
        return False
    return bool(row.failure) or now - row.sending_at >= STUCK_AFTER


def contacts_of(rows: Iterable[Collaboration], now: datetime) -> dict[int, list[Conflict]]:
    """Colleagues who wrote to these creators lately, by collaboration's id; the rows are of one campaign."""
    given = list(rows)
    if not given:
        return {}
    found = list_conflicts(given[0].campaign, given, now)
    return {pk: [c for c in all_of_it if c.kind is ConflictKind.CONTACTED] for pk, all_of_it in found.items()}


# -- the words that leave the house ----------------------------------------------------------------------------------


def seal_purpose(invitation_id: int) -> str:
    return f"invitation {invitation_id}"


def released_text(row: Invitation) -> str:
    """The words with the creator's own links, between release and sending; empty before and after."""
    if row.sealed_text is None:
        return ""
    key = governance.sealing_key(row.workspace_id, seal_purpose(row.pk))
    return unseal(key, bytes(row.sealed_text)).decode()


def has_mail() -> bool:
    return settings.SILLAGE.mail_url is not None


def mail_domain() -> str:
    """What Message-IDs end with."""
    return parseaddr(settings.SILLAGE.mail_from)[1].rpartition("@")[2] or "sillage.invalid"


def mail_sender() -> SmtpSender | None:
    """The mail server of the settings, or none. Raises OutsideError for an address that cannot be read."""
    url = settings.SILLAGE.mail_url
    return SmtpSender(url.get_secret_value(), settings.SILLAGE.mail_from) if url is not None else None


# -- the part of a collaboration's page ------------------------------------------------------------------------------


def section_invitations(collaboration: Collaboration, actor: Actor, now: datetime) -> dict[str, Any]:
    """What the page of a collaboration shows of its first contact."""
    rows = list(collaboration.invitations.order_by("-pk").select_related("written_by__person", "workspace"))
    last = rows[0] if rows else None
    is_draft = last is not None and last.state == InvitationState.DRAFT.value and last.plan_id is None
    return {
        "invitation": last,
        "asked": asked_for(last.workspace_id, act_of_letter(letter_of(last)), now) if last and is_draft else None,
        "is_stuck": is_stuck(last, now) if last else False,
        "may_invite": Right.CAMPAIGN in actor.rights
        and not collaboration.is_erased
        and collaboration.stage in (Stage.SHORTLISTED.value, Stage.CONTACTED.value),
    }
