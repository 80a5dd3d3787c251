"""Counting what was clicked and sold, with receipts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from sillage import __version__
from sillage.campaigns.engine.sales import sales_numbers, whole_hours
from sillage.campaigns.models import Collaboration, ShopFeed
from sillage.campaigns.queries.campaigns import get_campaign
from sillage.campaigns.queries.sales import clicked_by, sold_by
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require


@transaction.atomic
def count_sales(*, campaign_id: int, actor: Actor, now: datetime) -> int:
    """Count clicks, orders and revenue of a campaign's collaborations, and keep a receipt for each number. Returns how many."""
    require(actor, Right.CAMPAIGN)
    campaign = get_campaign(actor.workspace_id, campaign_id)
    ShopFeed.objects.select_for_update(no_key=True).filter(workspace_id=actor.workspace_id).first()
    ids = list(campaign.collaborations.values_list("pk", flat=True))
    made = prove_sales(workspace_id=actor.workspace_id, collaboration_ids=ids, now=now)
    governance.record(
        verb="campaigns.sales_counted",
        subject_kind="campaign",
        subject_id=campaign.pk,
        actor=actor,
        now=now,
        facts={"numbers": made},
    )
    return made


def prove_sales(*, workspace_id: int, collaboration_ids: Collection[int], now: datetime) -> int:
    """Keep the receipts of some collaborations' numbers, as part of what brought them in. Returns how many."""
    rows = Collaboration.objects.filter(workspace_id=workspace_id, pk__in=collaboration_ids)
    collaborations = list(rows.select_related("campaign"))
    clicked = clicked_by([c.pk for c in collaborations], whole_hours(now))
    sold = sold_by(collaborations)
    proven = [
        receipt
        for c in collaborations
        for receipt in sales_numbers(c.pk, clicked.get(c.pk, []), sold.get(c.pk), now=now, code_version=__version__)
    ]
    governance.keep_receipts(workspace_id=workspace_id, proven=proven)
    return len(proven)
