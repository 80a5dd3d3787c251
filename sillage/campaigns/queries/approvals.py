"""What was asked about one collaboration, and where it stands."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sillage.campaigns.models import Collaboration
from sillage.campaigns.queries.evidence_file import subjects_of
from sillage.governance import queries as governance
from sillage.governance.engine.actors import Actor, Right
from sillage.governance.queries.approval_inbox import Awaited


def section_approvals(collaboration: Collaboration, actor: Actor, now: datetime) -> dict[str, Any]:
    """The newest requests first, each with its standing; whether the evidence file may be taken."""
    asked = governance.requests_about(collaboration.workspace_id, subjects_of(collaboration))
    rows = asked.prefetch_related("approvals")[:50]
    return {
        "requests": [Awaited(row, governance.standing(row, now)) for row in rows],
        "may_export": Right.CAMPAIGN in actor.rights,
    }
