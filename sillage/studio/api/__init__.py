"""The API of the studio, a module per subject; every router is put together here."""

from __future__ import annotations

from ninja import Router

router = Router(tags=["studio"])
