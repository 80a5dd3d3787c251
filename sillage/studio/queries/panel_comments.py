"""What members say of a text, where its words stand now."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sillage.governance.engine.actors import Actor
from sillage.studio.models import Text
from sillage.studio.queries.comments import threads_of


def panel_comments(text: Text, body: str, actor: Actor, now: datetime) -> dict[str, Any]:
    threads = threads_of(text, body)
    return {"threads": threads, "open_threads": sum(not thread.is_settled for thread in threads)}
