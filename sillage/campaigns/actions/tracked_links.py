"""Tracked links: made, ended, followed."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from sillage.campaigns.actions.shipments import refuse_at_rest
from sillage.campaigns.engine.tracking import CODE_ALPHABET, CODE_LENGTH, Referrer, Visitor, safe_target, with_utm
from sillage.campaigns.models import Campaign, Collaboration, TrackedLink
from sillage.campaigns.queries.campaigns import get_campaign
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.lib.errors import NotFound, Refusal
from sillage.lib.sentences import Sentence
from sillage.lib.text import folded

# One statement: the target, and one more in the count of this hour. Ended links lead nowhere and count nothing.
# Its commit does not wait for the disk: a crash of the server may cost the clicks of its last second, never the table.
_FOLLOW = """
    WITH link AS (SELECT id, target FROM campaigns_trackedlink WHERE code = %s AND ended_at IS NULL),
    counted AS (
        INSERT INTO campaigns_clickcount AS c (link_id, hour, visitor, country, referrer, clicks)
        SELECT id, date_trunc('hour', %s::timestamptz, 'UTC'), %s, %s, %s, 1 FROM link
        ON CONFLICT (link_id, hour, visitor, country, referrer) DO UPDATE SET clicks = c.clicks + 1
    )
    SELECT target, set_config('synchronous_commit', 'off', true) FROM link
"""


class LandingMissing(Refusal):
    """A tracked link needs somewhere to lead."""


@transaction.atomic
def make_links(
    *,
    campaign_id: int,
    actor: Actor,
    now: datetime,
    target: str = "",
    collaboration_ids: Collection[int] | None = None,
) -> list[TrackedLink]:
    """A link for each collaboration of a campaign (or for those named) that has none; by default to the campaign's page.

    The target is fixed here, with its UTM parameters. utm_content is the link's own code, not the creator's name.
    """
    require(actor, Right.CAMPAIGN)
    campaign = get_campaign(actor.workspace_id, campaign_id, lock=True)
    refuse_at_rest(campaign)
    if not (target or campaign.landing_url):
        raise LandingMissing(
            Sentence("“%(campaign)s” names no page to lead to.", campaign=campaign.name),
            Sentence("Give the address of the shop's page."),
        )
    url = safe_target(target or campaign.landing_url)
    without = _without_link(campaign.pk, collaboration_ids)
    rows = TrackedLink.objects.bulk_create([_row(campaign, c, url, now) for c in without])
    governance.record(
        verb="campaigns.links_made",
        subject_kind="campaign",
        subject_id=campaign.pk,
        actor=actor,
        now=now,
        facts={"links": len(rows), "target": url[:300]},
    )
    return rows


def _without_link(campaign_id: int, wanted: Collection[int] | None) -> list[Collaboration]:
    rows = Collaboration.objects.filter(campaign_id=campaign_id).exclude(stage="closed")
    if wanted is not None:
        rows = rows.filter(pk__in=wanted)
        missing = set(wanted) - set(rows.values_list("pk", flat=True))
        if missing:
            raise NotFound(
                Sentence("No open collaboration %(missing)s in this campaign.", missing=min(missing)),
                Sentence("Look at the campaign's pipeline."),
            )
    live = TrackedLink.objects.filter(collaboration=OuterRef("pk"), ended_at=None)
    return list(rows.exclude(Exists(live)).order_by("name", "pk"))


def _row(campaign: Campaign, collaboration: Collaboration, url: str, now: datetime) -> TrackedLink:
    code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
    utm = campaign.utm
    return TrackedLink(
        workspace_id=collaboration.workspace_id,
        collaboration=collaboration,
        code=code,
        target=with_utm(
            url,
            source=utm.get("source") or collaboration.network,
            medium=utm.get("medium") or "influencer",
            campaign=utm.get("campaign") or "-".join(folded(campaign.name).split())[:80],
            content=code,
        ),
        made_at=now,
    )


@transaction.atomic
def end_link(*, link_id: int, actor: Actor, now: datetime) -> TrackedLink:
    """End a link: who follows it is told so, and nothing is counted."""
    require(actor, Right.CAMPAIGN)
    rows = TrackedLink.objects.select_for_update().filter(workspace_id=actor.workspace_id, pk=link_id, ended_at=None)
    row = rows.first()
    if row is None:
        raise NotFound(
            Sentence("No live link %(link_id)s in this workspace.", link_id=link_id),
            Sentence("It may have been ended already."),
        )
    row.ended_at = now
    row.save(update_fields=["ended_at"])
    governance.record(verb="campaigns.link_ended", subject_kind="tracked_link", subject_id=row.pk, actor=actor, now=now)
    return row


def follow_link(*, code: str, visitor: Visitor, country: str, referrer: Referrer, now: datetime) -> str | None:
    """The target of a live link, or None; one more is counted for this hour. No entry: it would be a record of a visit."""
    with connection.cursor() as cursor:
        cursor.execute(_FOLLOW, [code, now, visitor.value, country, referrer.value])
        row = cursor.fetchone()
    return None if row is None else str(row[0])
