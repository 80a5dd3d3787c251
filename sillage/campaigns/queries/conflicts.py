"""What the workspace knows that speaks against working with a creator, for many collaborations at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from django.db.models import F

from sillage.campaigns.engine.campaign import brand_key
from sillage.campaigns.engine.conflicts import (
    COMPETITOR_DAYS,
    CONTACT_DAYS,
    Booking,
    Conflict,
    Engagement,
    PaidWork,
    Past,
    Promise,
    conflicts_of,
)
from sillage.campaigns.engine.pipeline import Stage
from sillage.campaigns.models import Campaign, Collaboration, Exclusivity, Move
from sillage.catalogue.models import Brand
from sillage.catalogue.queries import list_brands
from sillage.governance.queries import list_members
from sillage.lib.text import folded
from sillage.understanding.queries.collaborations import paid_posts_for


def list_conflicts(campaign: Campaign, rows: Sequence[Collaboration], now: datetime) -> dict[int, list[Conflict]]:
    """Conflicts by collaboration's id; those of one campaign. The same number of queries for one row or five hundred."""
    alive = [row for row in rows if row.creator_id is not None]
    if not alive:
        return {}
    brands = {brand.key: brand for brand in list_brands(campaign.workspace_id)}
    creators = {row.creator_id for row in alive if row.creator_id is not None}
    engagements = _engagements(campaign, creators, now)
    promises = _promises(campaign, creators)
    paid = _paid(campaign, [row.account_id for row in alive if row.account_id is not None], brands, now)
    found = {}
    for row in alive:
        past = Past(
            tuple(engagements.get(row.creator_id or 0, ())),
            tuple(promises.get(row.creator_id or 0, ())),
            tuple(paid.get(row.account_id or 0, ())),
        )
        found[row.pk] = conflicts_of(_booking(campaign, row, brands), past, now.date())
    return found


def _booking(campaign: Campaign, row: Collaboration, brands: dict[str, Brand]) -> Booking:
    ours = brands.get(campaign.brand_key)
    return Booking(
        campaign_id=campaign.pk,
        brand_key=campaign.brand_key,
        category=folded(ours.sector) if ours else "",
        starts_on=campaign.starts_on,
        ends_on=campaign.ends_on,
        competitors=tuple(campaign.competitors),
        owner_id=row.owner_id,
        stage=Stage(row.stage),
    )


def _engagements(campaign: Campaign, creators: set[int], now: datetime) -> dict[int, list[Engagement]]:
    """The other collaborations of these creators, with when they were written to and when they went live of late."""
    others = list(
        Collaboration.objects.filter(workspace_id=campaign.workspace_id, creator_id__in=creators)
        .exclude(campaign=campaign)
        .order_by("-pk")
        .values_list("pk", "creator_id", "campaign_id", "stage", "owner_id")
    )
    contacted, live = _moved_of_late([row[0] for row in others], now)
    campaigns = {
        row[0]: row[1:]
        for row in Campaign.objects.filter(pk__in={row[2] for row in others}).values_list(
            "pk", "name", "brand_key", "starts_on", "ends_on"
        )
    }
    people = {m.pk: str(m.person) for m in list_members(campaign.workspace_id)} if others else {}
    found: dict[int, list[Engagement]] = {}
    for pk, creator, other, stage, owner in others:
        name, key, starts_on, ends_on = campaigns[other]
        engagement = Engagement(
            campaign_id=other,
            campaign=name,
            brand_key=key,
            stage=Stage(stage),
            starts_on=starts_on,
            ends_on=ends_on,
            owner_id=owner,
            owner=people.get(owner or 0, ""),
            contacted_on=contacted.get(pk),
            live_on=live.get(pk),
        )
        found.setdefault(creator or 0, []).append(engagement)
    return found


def _moved_of_late(ids: Sequence[int], now: datetime) -> tuple[dict[int, date], dict[int, date]]:
    """When these collaborations were last moved to “contacted” and to “live”, within CONTACT_DAYS."""
    days: dict[str, dict[int, date]] = {Stage.CONTACTED.value: {}, Stage.LIVE.value: {}}
    since = now - timedelta(days=CONTACT_DAYS + 1)
    moves = Move.objects.filter(collaboration_id__in=ids, to_stage__in=list(days), moved_at__gte=since)
    for pk, stage, at in moves.order_by("pk").values_list("collaboration_id", "to_stage", "moved_at"):
        days[stage][pk] = at.astimezone(UTC).date()
    return days[Stage.CONTACTED.value], days[Stage.LIVE.value]


def _promises(campaign: Campaign, creators: set[int]) -> dict[int, list[Promise]]:
    """Exclusivities under contracts that both parties signed and nobody ended."""
    standing = (
        Exclusivity.objects.filter(
            version__contract__workspace_id=campaign.workspace_id,
            version__contract__collaboration__creator_id__in=creators,
            version__contract__void=None,
            version__signatures__party="creator",
        )
        .exclude(version__contract__collaboration__campaign=campaign)
        .annotate(
            creator_id=F("version__contract__collaboration__creator_id"),
            campaign_id=F("version__contract__collaboration__campaign_id"),
            to=F("version__contract__collaboration__campaign__brand"),
            to_key=F("version__contract__collaboration__campaign__brand_key"),
        )
    )
    found: dict[int, list[Promise]] = {}
    for row in standing:
        is_category = row.kind == "category"
        promise = Promise(
            campaign_id=row.campaign_id,
            to=row.to,
            to_key=row.to_key,
            against=row.name,
            is_category=is_category,
            key=folded(row.key) if is_category else brand_key(row.key),
            starts_on=row.starts_on,
            ends_on=row.ends_on,
        )
        found.setdefault(row.creator_id, []).append(promise)
    return found


def _paid(
    campaign: Campaign, accounts: Sequence[int], brands: dict[str, Brand], now: datetime
) -> dict[int, list[PaidWork]]:
    since = now - timedelta(days=COMPETITOR_DAYS)
    found: dict[int, list[PaidWork]] = {}
    for post in paid_posts_for(campaign.workspace_id, accounts, campaign.competitors, since):
        mention = post.mention
        name = brands[mention.brand].name if mention.brand in brands else mention.brand
        work = PaidWork(mention.brand, name, mention.published_at.astimezone(UTC).date(), mention.standing)
        found.setdefault(post.account_id, []).append(work)
    return found
