"""Placing accounts among their peers: a number that changes when others do, so it is made for a whole workspace."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from sillage import __version__
from sillage.catalogue.actions.cards import CardStanding, keep_standings
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.lib.receipts import Input, receipt_of
from sillage.understanding.engine.metrics import ENGAGEMENT_PERCENTILE
from sillage.understanding.engine.warnings import LOW_ENGAGEMENT, has_low_engagement

FEWEST_PEERS = 4

_STANDINGS = """
    WITH rated AS (
        SELECT account_id, followers, network, floor(2 * log(greatest(followers, 1))) AS band, engagement_rate
          FROM catalogue_card
         WHERE workspace_id = %s AND engagement_rate IS NOT NULL AND followers IS NOT NULL
    ), placed AS (
        SELECT account_id, rank() OVER (PARTITION BY network, band ORDER BY engagement_rate) - 1 AS below,
               count(*) OVER (PARTITION BY network, band) - 1 AS others
          FROM rated
    )
    SELECT c.account_id, c.followers, c.engagement_percentile, c.warnings, p.below, p.others
      FROM catalogue_card c LEFT JOIN placed p USING (account_id) WHERE c.workspace_id = %s
"""


@transaction.atomic
def rank_engagement(*, actor: Actor, now: datetime) -> int:
    """Place every account's engagement among those of its network and size. Returns how many places changed.

    An account with fewer than FEWEST_PEERS peers has no place: missing, not middling.
    """
    require(actor, Right.CATALOGUE)
    with connection.cursor() as cursor:
        cursor.execute(_STANDINGS, [actor.workspace_id, actor.workspace_id])
        rows = cursor.fetchall()
    standings, proven = [], []
    for account, followers, before, warnings, below, others in rows:
        receipt = None
        if others is not None and others >= FEWEST_PEERS:
            inputs = {"below": Input(below), "others": Input(others)}
            receipt = receipt_of(
                ENGAGEMENT_PERCENTILE,
                inputs,
                subject=f"account:{account}",
                n=others,
                computed_at=now,
                code_version=__version__,
            )
        percentile = receipt.value if receipt else None
        low = [LOW_ENGAGEMENT] if has_low_engagement(percentile, followers) else []
        after = [w for w in warnings if w != LOW_ENGAGEMENT] + low
        if percentile != before or after != warnings:
            standings.append(CardStanding(account, percentile, after))
            proven += [receipt] if receipt else []
    keep_standings(standings, now)
    governance.keep_receipts(workspace_id=actor.workspace_id, proven=proven)
    if standings:
        governance.record(
            verb="understanding.engagement_ranked",
            subject_kind="workspace",
            subject_id=actor.workspace_id,
            actor=actor,
            now=now,
            facts={"changed": len(standings)},
        )
    return len(standings)
