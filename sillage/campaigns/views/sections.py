"""What the page of a collaboration is made of: a part per subject, each from a query and a template of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string

from sillage.campaigns.models import Collaboration
from sillage.campaigns.queries.approvals import section_approvals
from sillage.campaigns.queries.budget import section_budget
from sillage.campaigns.queries.contracts import section_contracts
from sillage.campaigns.queries.deliverables import section_deliverables
from sillage.campaigns.queries.invitations import section_invitations
from sillage.campaigns.queries.seeding import section_seeding
from sillage.governance.access import Visit
from sillage.governance.engine.actors import Actor


@dataclass(frozen=True, slots=True)
class Section:
    """`context` is queries/<subject>.py: section_<subject>; the template is campaigns/parts/section_<subject>.html."""

    subject: str
    context: Callable[[Collaboration, Actor, datetime], dict[str, Any]]

    def written(self, request: Visit, collaboration: Collaboration, now: datetime) -> str:
        given = {
            "collaboration": collaboration,
            "campaign": collaboration.campaign,
            **self.context(collaboration, request.actor, now),
        }
        return render_to_string(f"campaigns/parts/section_{self.subject}.html", given, request)


# In the order in which the page shows them: what awaits a word, contract, deliverables, parcels, money.
SECTIONS: tuple[Section, ...] = (
    Section("approvals", section_approvals),
    Section("invitations", section_invitations),
    Section("contracts", section_contracts),
    Section("deliverables", section_deliverables),
    Section("seeding", section_seeding),
    Section("budget", section_budget),
)
