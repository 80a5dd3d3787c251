"""Opening, changing, copying and putting away campaigns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from sillage.campaigns.actions.collaborations import bring_in
from sillage.campaigns.engine.campaign import FIELDS, CampaignSaid, campaign_said
from sillage.campaigns.models import Campaign
from sillage.campaigns.queries.campaigns import as_given, get_campaign, proposed_packs
from sillage.catalogue.queries import list_brands
from sillage.discovery.queries import get_brief
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.governance.engine.law_reading import law_book
from sillage.lib.errors import Refusal
from sillage.lib.sentences import Sentence
from sillage.lib.text import folded


@transaction.atomic
def open_campaign(
    *,
    given: Mapping[str, Any],
    actor: Actor,
    now: datetime,
    brief_id: int | None = None,
    is_template: bool = False,
    accounts: Sequence[int] = (),
    shortlist_id: int | None = None,
) -> Campaign:
    """Begin a campaign, with accounts if any are given. `given` has the fields of engine/campaign.py: name, objective and
    brand are needed. Raises CampaignMalformed naming the field, NotFound for a brief or accounts that are not ours.
    """
    require(actor, Right.CAMPAIGN)
    said = _said(actor.workspace_id, given)
    campaign = Campaign(
        workspace_id=actor.workspace_id,
        brief=get_brief(actor.workspace_id, brief_id) if brief_id is not None else None,
        is_template=is_template,
        created_by_id=actor.member_id,
        created_at=now,
    )
    _fill(campaign, said, now)
    added = bring_in(campaign=campaign, accounts=accounts, owner_id=actor.member_id, now=now, shortlist_id=shortlist_id)
    governance.record(
        verb="campaigns.campaign_opened",
        subject_kind="campaign",
        subject_id=campaign.pk,
        actor=actor,
        now=now,
        facts={
            "name": campaign.name,
            "brand": campaign.brand_key,
            "is_template": is_template,
            "collaborations": [row.pk for row in added],
            "shortlist": shortlist_id,
        },
    )
    return campaign


class ChangedMeanwhile(Refusal):
    """Somebody changed the campaign since it was looked at."""


@transaction.atomic
def change_campaign(
    *, campaign_id: int, given: Mapping[str, Any], actor: Actor, now: datetime, seen_at: datetime | None = None
) -> Campaign:
    """Change the named fields. `seen_at` is the `changed_at` that was looked at; without it whatever stands is changed."""
    require(actor, Right.CAMPAIGN)
    campaign = get_campaign(actor.workspace_id, campaign_id, lock=True)
    if seen_at is not None and campaign.changed_at != seen_at:
        raise ChangedMeanwhile(
            Sentence("“%(campaign)s” was changed meanwhile.", campaign=campaign.name),
            Sentence("Look at it as it is now, then change it again."),
        )
    before = as_given(campaign)
    said = _said(actor.workspace_id, {**before, **given})
    _fill(campaign, said, now)
    after = as_given(campaign)
    governance.record(
        verb="campaigns.campaign_changed",
        subject_kind="campaign",
        subject_id=campaign.pk,
        actor=actor,
        now=now,
        facts={"fields": [field for field in FIELDS if after[field] != before[field]]},
    )
    return campaign


@transaction.atomic
def duplicate_campaign(
    *, campaign_id: int, name: str, actor: Actor, now: datetime, is_template: bool = False
) -> Campaign:
    """Open another campaign with the same words, or keep them as a template. Collaborations are not copied.

    A template and what is opened from one have no dates of their own yet.
    """
    require(actor, Right.CAMPAIGN)
    source = get_campaign(actor.workspace_id, campaign_id)
    given = {**as_given(source), "name": name}
    if is_template or source.is_template:
        given |= {"starts_on": None, "ends_on": None}
    campaign = Campaign(
        workspace_id=actor.workspace_id,
        brief_id=source.brief_id,
        is_template=is_template,
        created_by_id=actor.member_id,
        created_at=now,
    )
    _fill(campaign, _said(actor.workspace_id, given), now)
    governance.record(
        verb="campaigns.campaign_duplicated",
        subject_kind="campaign",
        subject_id=campaign.pk,
        actor=actor,
        now=now,
        facts={"from": source.pk, "is_template": is_template},
    )
    return campaign


class AlreadySo(Refusal):
    """The campaign is put away already, or was not."""


@transaction.atomic
def archive_campaign(*, campaign_id: int, actor: Actor, now: datetime) -> Campaign:
    """Put a campaign away: it stays as it is, and nothing in it moves."""
    require(actor, Right.CAMPAIGN)
    campaign = get_campaign(actor.workspace_id, campaign_id, lock=True)
    if campaign.archived_at is not None:
        raise AlreadySo(
            Sentence("“%(campaign)s” is put away already.", campaign=campaign.name),
            Sentence("Bring it back to work on it."),
        )
    campaign.archived_at = campaign.changed_at = now
    campaign.save(update_fields=["archived_at", "changed_at"])
    governance.record(
        verb="campaigns.campaign_archived", subject_kind="campaign", subject_id=campaign.pk, actor=actor, now=now
    )
    return campaign


@transaction.atomic
def restore_campaign(*, campaign_id: int, actor: Actor, now: datetime) -> Campaign:
    """Bring back a campaign that was put away."""
    require(actor, Right.CAMPAIGN)
    campaign = get_campaign(actor.workspace_id, campaign_id, lock=True)
    if campaign.archived_at is None:
        raise AlreadySo(
            Sentence("“%(campaign)s” is not put away.", campaign=campaign.name),
            Sentence("There is nothing to bring back."),
        )
    campaign.archived_at, campaign.changed_at = None, now
    campaign.save(update_fields=["archived_at", "changed_at"])
    governance.record(
        verb="campaigns.campaign_restored", subject_kind="campaign", subject_id=campaign.pk, actor=actor, now=now
    )
    return campaign


def _said(workspace_id: int, given: Mapping[str, Any]) -> CampaignSaid:
    """Read what was given; law packs that were not chosen are those of its countries."""
    keys = {folded(name): b.key for b in list_brands(workspace_id) for name in (b.key, b.name, *b.aliases)}
    said = campaign_said(given, tuple(law_book().packs), keys)
    return said if given.get("law_packs") is not None else replace(said, law_packs=proposed_packs(said.countries))


def _fill(campaign: Campaign, said: CampaignSaid, now: datetime) -> None:
    for field in CampaignSaid.__slots__:
        value = getattr(said, field)
        setattr(campaign, field, list(value) if isinstance(value, tuple) else value)
    campaign.changed_at = now
    campaign.save()
