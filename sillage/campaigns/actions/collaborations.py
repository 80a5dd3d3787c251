"""Who is in a campaign, and who looks after them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from sillage.campaigns.engine.pipeline import Stage
from sillage.campaigns.models import Campaign, Collaboration
from sillage.campaigns.queries.campaigns import get_campaign, get_collaboration
from sillage.campaigns.queries.people import get_member
from sillage.catalogue.queries import list_accounts
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.lib.errors import NotFound, Refusal
from sillage.lib.sentences import Grouped, Sentence

MOST_AT_ONCE = 500


class CampaignAtRest(Refusal):
    """A template, or a campaign that was put away, takes no collaborations."""


@transaction.atomic
def add_collaborations(
    *, campaign_id: int, accounts: Sequence[int], actor: Actor, now: datetime, shortlist_id: int | None = None
) -> list[Collaboration]:
    """Bring accounts into a campaign, owned by the acting member; those that are in it already are left alone.

    Returns the new ones. Raises NotFound for accounts that are not ours.
    """
    require(actor, Right.CAMPAIGN)
    campaign = get_campaign(actor.workspace_id, campaign_id, lock=True)
    added = bring_in(campaign=campaign, accounts=accounts, owner_id=actor.member_id, now=now, shortlist_id=shortlist_id)
    governance.record(
        verb="campaigns.collaborations_added",
        subject_kind="campaign",
        subject_id=campaign.pk,
        actor=actor,
        now=now,
        facts={"collaborations": [row.pk for row in added], "shortlist": shortlist_id},
    )
    return added


class TooManyAtOnce(Refusal):
    """More collaborations in one step than a person can have looked at."""


def _refuse_nobody_more(campaign: Campaign, count: int) -> None:
    if count and (campaign.is_template or campaign.archived_at is not None):
        raise CampaignAtRest(
            Sentence("“%(campaign)s” takes nobody in.", campaign=campaign.name),
            Sentence("Open a campaign from it, or bring it back first."),
        )
    if count > MOST_AT_ONCE:
        raise TooManyAtOnce(
            Sentence("%(count)s accounts are too many at once.", count=Grouped(count)),
            Sentence("Bring in up to %(most)s.", most=Grouped(MOST_AT_ONCE)),
        )


def bring_in(
    *, campaign: Campaign, accounts: Sequence[int], owner_id: int | None, now: datetime, shortlist_id: int | None
) -> list[Collaboration]:
    """Make the collaborations that are not there yet, as part of an action that holds the campaign's row."""
    wanted = list(dict.fromkeys(accounts))
    _refuse_nobody_more(campaign, len(wanted))
    known = list_accounts(campaign.workspace_id, wanted)
    if len(known) < len(wanted):
        raise NotFound(
            Sentence("Some of these accounts are not in this workspace."), Sentence("Search for them first.")
        )
    present = set(campaign.collaborations.filter(account_id__in=wanted).values_list("account_id", flat=True))
    rows = [
        Collaboration(
            workspace_id=campaign.workspace_id,
            campaign=campaign,
            account=known[account],
            creator_id=known[account].creator_id,
            name=known[account].name or known[account].creator.name or known[account].handle,
            handle=known[account].handle,
            network=known[account].network,
            stage=Stage.SHORTLISTED.value,
            stage_since=now,
            owner_id=owner_id,
            shortlisted_from=shortlist_id,
            created_at=now,
            changed_at=now,
        )
        for account in wanted
        if account not in present
    ]
    return Collaboration.objects.bulk_create(rows)


@transaction.atomic
def assign_collaboration(*, collaboration_id: int, member_id: int | None, actor: Actor, now: datetime) -> Collaboration:
    """Say which member looks after a collaboration; None for nobody yet."""
    require(actor, Right.CAMPAIGN)
    row = get_collaboration(actor.workspace_id, collaboration_id, lock=True)
    before = row.owner_id
    row.owner = get_member(actor.workspace_id, member_id) if member_id is not None else None
    row.version += 1
    row.changed_at = now
    row.save(update_fields=["owner", "version", "changed_at"])
    governance.record(
        verb="campaigns.collaboration_assigned",
        subject_kind="collaboration",
        subject_id=row.pk,
        actor=actor,
        now=now,
        facts={"from": before, "to": row.owner_id},
    )
    return row
