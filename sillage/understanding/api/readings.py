"""The API of background reading: asking for what came in to be read, and how that goes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone
from ninja import Router, Schema

from sillage.governance.api_access import Call, allowed
from sillage.governance.engine.actors import Right
from sillage.understanding.actions.readings import ask_reading
from sillage.understanding.engine.readings import Standing
from sillage.understanding.models import CatalogueReading
from sillage.understanding.queries.readings import get_reading, standing_of

router = Router(tags=["understanding"])


class ReadingShape(Schema):
    """A reading of what came in. `step_done` of `step_total` things of `step` are done; `posts` were read when it is done.

    `state` is `unattended` while no worker is there, `broken off` until another takes it up; `reason` says why it failed.
    """

    id: int
    state: Standing
    asked_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    step: str
    step_done: int | None
    step_total: int | None
    posts: int | None
    reason: str


@router.post("/readings", **allowed(Right.CATALOGUE), response=ReadingShape)
def ask_for_reading(request: Call) -> dict[str, Any]:
    """Have a worker read what came in, in the background. While one waits or runs, it is answered."""
    return _shown(ask_reading(actor=request.auth, now=timezone.now()))


@router.get("/readings/{reading_id}", **allowed(Right.READ), response=ReadingShape)
def get_one_reading(request: Call, reading_id: int) -> dict[str, Any]:
    """How a reading goes."""
    return _shown(get_reading(request.auth.workspace_id, reading_id))


def _shown(reading: CatalogueReading) -> dict[str, Any]:
    given = {name: getattr(reading, name) for name in ReadingShape.model_fields if name != "state"}
    return given | {"state": standing_of(reading)}
