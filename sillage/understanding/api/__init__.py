"""The API of understanding, a module per subject; every router is put together here."""

from __future__ import annotations

from ninja import Router

from sillage.understanding.api import accounts, collaborations, comments, learning, reading, readings, topics

router = Router(tags=["understanding"])
for part in (reading, readings, comments, accounts, topics, collaborations, learning):
    router.add_router("", part.router)
