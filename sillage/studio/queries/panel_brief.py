"""What the brief gives to whoever writes: the idea, the facts, the words to say and never to say."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sillage.governance.engine.actors import Actor
from sillage.studio.engine.brief import holds
from sillage.studio.models import Text
from sillage.studio.queries.text_checks import brief_of


def panel_brief(text: Text, body: str, actor: Actor, now: datetime) -> dict[str, Any]:
    """`facts` and `must` each with whether they stand in the words already."""
    brief = brief_of(text)
    if brief is None:
        return {"brief": None}
    return {
        "brief": brief,
        "facts": [(fact, holds(body, fact.text)) for fact in brief.facts],
        "must": [(word, holds(body, word)) for word in brief.must],
        "hashtags": [(tag, holds(body, tag)) for tag in brief.hashtags],
        "extras": [(word, word in body) for word in (brief.label, brief.link, brief.code) if word],
    }
