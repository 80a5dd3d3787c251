"""Where the words of a text come from, for the panel beside them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sillage.governance.engine.actors import Actor
from sillage.studio.engine.origins import Origin
from sillage.studio.models import Text
from sillage.studio.queries.briefs import content_of
from sillage.studio.queries.provenance import history_of_text, law_on


def panel_history(text: Text, body: str, actor: Actor, now: datetime) -> dict[str, Any]:
    history = history_of_text(text, body)
    packs = content_of(text.brief).law_packs if text.brief else ()
    return {
        "history": history,
        "shares": [(origin, history.shares[origin]) for origin in Origin if origin in history.shares],
        "findings": law_on(history, packs, now.date()),
    }
