"""How close the words as typed come to what has been said, beside them on the writing page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sillage.governance.engine.actors import Actor
from sillage.studio.engine.originality_picture import picture_of
from sillage.studio.engine.placing import passages
from sillage.studio.models import Text
from sillage.studio.queries.originality import originality_of, wanted_for


def panel_originality(text: Text, body: str, actor: Actor, now: datetime) -> dict[str, Any]:
    if not passages(body):
        return {"found": None}
    found = originality_of(actor.workspace_id, wanted_for(text, body))
    return {"found": found, "picture": picture_of([(group.kind, group.placement) for group in found.groups])}
