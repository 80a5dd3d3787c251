"""The API of the studio, a module per subject; every router is put together here."""

from __future__ import annotations

from ninja import Router

from sillage.studio.api import (
    briefs,
    checks,
    composing,
    ideas,
    interviews,
    originality,
    pictures,
    texts,
    variants,
    voices,
    writers,
)

router = Router(tags=["studio"])
for part in (briefs, variants, texts, composing, voices, originality, ideas, pictures, writers, checks, interviews):
    router.add_router("", part.router)
