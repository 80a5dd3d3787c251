"""The kept versions of a text, and how far the words as typed are from the newest one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sillage.governance.engine.actors import Actor
from sillage.studio.engine.origins import MadeBy
from sillage.studio.models import Text
from sillage.studio.queries.texts import versions_of


def panel_versions(text: Text, body: str, actor: Actor, now: datetime) -> dict[str, Any]:
    versions = versions_of(text)
    return {
        "versions": [(version, MadeBy.of(version.made_by)) for version in versions],
        "is_kept": versions[0].body == body,
    }
