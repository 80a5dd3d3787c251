"""The API of governance, a module per subject; every router is put together here."""

from __future__ import annotations

from ninja import Router

from sillage.governance.api import approvals, law, policies, webhooks, workspace

router = Router(tags=["governance"])
for part in (workspace, law, approvals, policies, webhooks):
    router.add_router("", part.router)
