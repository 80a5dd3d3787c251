"""Where a text may be handed to: deliverables that await a draft, of its campaign where it has one."""

from __future__ import annotations

from sillage.campaigns.engine.deliverables import DeliverableState
from sillage.campaigns.models import Deliverable
from sillage.studio.models import Text

MOST = 100


def deliverables_for(text: Text) -> list[Deliverable]:
    """Those that are due first stand first."""
    rows = Deliverable.objects.filter(
        workspace_id=text.workspace_id,
        collaboration__isnull=False,
        campaign__archived_at=None,
        state__in=[state.value for state in DeliverableState if state.takes_drafts],
    )
    if text.campaign_id is not None:
        rows = rows.filter(campaign_id=text.campaign_id)
    return list(rows.select_related("campaign", "collaboration").order_by("draft_due_on", "pk")[:MOST])
