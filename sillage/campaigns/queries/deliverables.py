"""Reading deliverables: of a campaign, of a collaboration, and what gates ask. Those of another workspace are not found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, F, Q

from sillage.campaigns.engine.deliverables import DeliverableState, is_late
from sillage.campaigns.engine.matching import Standing
from sillage.campaigns.engine.watching import Seen
from sillage.campaigns.models import Campaign, Collaboration, Deliverable, Draft, LiveEvidence, LiveMatch
from sillage.governance import queries as governance
from sillage.governance.engine.actors import Actor, Right
from sillage.governance.engine.links import Purpose
from sillage.lib.errors import NotFound
from sillage.lib.sentences import Sentence

MOST_SHOWN = 1000


@dataclass(frozen=True, slots=True)
class DeliverableLine:
    """A deliverable in a list: `drafts` came, `open_threads` of its newest draft wait; `live` is what was seen last."""

    deliverable: Deliverable
    drafts: int
    open_threads: int
    is_late: bool
    live: LiveMatch | None
    seen: LiveEvidence | None


def get_deliverable(workspace_id: int, deliverable_id: int, *, lock: bool = False) -> Deliverable:
    rows = Deliverable.objects.select_related("campaign", "collaboration")
    rows = rows.filter(workspace_id=workspace_id, pk=deliverable_id)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound(
            Sentence("No deliverable %(deliverable_id)s in this workspace.", deliverable_id=deliverable_id),
            Sentence("See a campaign’s deliverables on its page, or with `sillage deliverable list`."),
        )
    return found


def list_templates(campaign: Campaign) -> list[Deliverable]:
    """What every collaboration of a campaign is to deliver, to be copied."""
    return list(campaign.deliverables.filter(collaboration=None).order_by("draft_due_on", "pk"))


def list_deliverables(
    campaign: Campaign, today: date, *, collaboration: Collaboration | None = None, state: str = "", late: bool = False
) -> list[DeliverableLine]:
    """Deliverables with what there is to know in a list: what waits for the team first, then by the day they are due."""
    rows = campaign.deliverables.exclude(collaboration=None).select_related("collaboration", "campaign")
    if collaboration is not None:
        rows = rows.filter(collaboration=collaboration)
    if state:
        rows = rows.filter(state=state)
    counted = rows.annotate(
        draft_count=Count("drafts", distinct=True),
        open_count=Count("drafts__threads", filter=Q(drafts__threads__resolved_at=None), distinct=True),
    )
    found = list(counted.order_by("draft_due_on", "publish_from", "collaboration__name", "pk")[:MOST_SHOWN])
    live = _live_of(found)
    lines = [_line(row, live.get(row.pk), today) for row in found]
    return [line for line in lines if line.is_late or not late]


def _line(row: Deliverable, live: tuple[LiveMatch, LiveEvidence | None] | None, today: date) -> DeliverableLine:
    return DeliverableLine(
        deliverable=row,
        drafts=row.draft_count,  # type: ignore[attr-defined]  # annotated
        open_threads=row.open_count,  # type: ignore[attr-defined]  # annotated
        is_late=is_late(row.state, row.draft_due_on, row.publish_until, today),
        live=live[0] if live else None,
        seen=live[1] if live else None,
    )


def _live_of(rows: Iterable[Deliverable]) -> dict[int, tuple[LiveMatch, LiveEvidence | None]]:
    """Per deliverable its confirmed post, and what was kept of it last."""
    confirmed = LiveMatch.objects.filter(deliverable__in=[r.pk for r in rows], standing=Standing.CONFIRMED.value)
    matches = {match.pk: match for match in confirmed}
    last = LiveEvidence.objects.filter(match__in=matches).order_by("match", "-taken_at", "-pk").distinct("match")
    seen = {evidence.match_id: evidence for evidence in last.defer("raw")}
    return {match.deliverable_id: (match, seen.get(match.pk)) for match in matches.values()}


def count_states(campaign: Campaign) -> dict[str, int]:
    """How many deliverables are in each state."""
    rows = campaign.deliverables.exclude(collaboration=None).values_list("state").annotate(n=Count("pk"))
    return dict(rows.order_by())


def section_deliverables(collaboration: Collaboration, actor: Actor, now: datetime) -> dict[str, Any]:
    """What the page of a collaboration shows of its deliverables."""
    links = governance.list_links_of(collaboration.workspace_id, "collaboration", collaboration.pk)
    return {
        "lines": list_deliverables(collaboration.campaign, now.date(), collaboration=collaboration),
        "templates": list_templates(collaboration.campaign),
        "creator_links": [
            k for k in links if k.purpose == Purpose.COLLABORATION and k.revoked_at is None and k.expires_at > now
        ],
        "may_change": Right.CAMPAIGN in actor.rights,
        "now": now,
    }


# -- what gates ask --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Delivered:
    """How far a collaboration's deliverables are, counted. `last_seen`: "removed" when a live post is gone."""

    wanted: int
    approved: int  # live ones included
    live: int
    late: int
    gone: int  # live posts that were removed
    approved_drafts: tuple[int, ...] = ()


def approved_drafts(collaboration: Collaboration) -> list[int]:
    """Ids of the drafts that may be published, one per deliverable: the versions that were approved."""
    approved = Draft.objects.filter(deliverable__collaboration=collaboration, number=F("deliverable__approved_version"))
    return list(approved.order_by("deliverable_id").values_list("pk", flat=True))


def delivered(collaboration: Collaboration, today: date) -> Delivered:
    """How far a collaboration is: what a move to “live” or “reported” may ask."""
    rows = list(collaboration.deliverables.exclude(state=DeliverableState.REFUSED.value))
    live = _live_of(rows)
    ready = (DeliverableState.APPROVED.value, DeliverableState.LIVE.value)
    return Delivered(
        wanted=len(rows),
        approved=sum(row.state in ready for row in rows),
        live=sum(row.state == DeliverableState.LIVE.value for row in rows),
        late=sum(is_late(row.state, row.draft_due_on, row.publish_until, today) for row in rows),
        gone=sum(seen is not None and seen.seen == Seen.REMOVED.value for _, seen in live.values()),
        approved_drafts=tuple(approved_drafts(collaboration)),
    )
