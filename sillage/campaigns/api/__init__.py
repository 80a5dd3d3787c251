"""The API of campaigns, a module per subject; every router is put together here."""

from __future__ import annotations

from ninja import Router

from sillage.campaigns.api import (
    budget,
    calendar,
    campaigns,
    collaborations,
    contracts,
    deliverables,
    drafts,
    evidence,
    invitations,
    seeding,
)

router = Router(tags=["campaigns"])
for part in (
    campaigns,
    collaborations,
    calendar,
    invitations,
    evidence,
    seeding,
    deliverables,
    drafts,
    contracts,
    budget,
):
    router.add_router("", part.router)
