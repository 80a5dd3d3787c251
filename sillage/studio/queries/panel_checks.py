"""What a person should judge of the words at hand, and what was asked of whom."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sillage.governance.engine.actors import Actor
from sillage.governance.queries import list_members
from sillage.studio.engine.human_flags import FLAGS
from sillage.studio.models import Text
from sillage.studio.queries.human_checks import checks_of, days_of, flag_lines


def panel_checks(text: Text, body: str, actor: Actor, now: datetime) -> dict[str, Any]:
    """`lines`: FlagLine; `others`: checks whose words the rules do not flag (now); `days`: when it may go out."""
    lines = flag_lines(text, body)
    shown = {line.check.pk for line in lines if line.check is not None}
    others = [check for check in checks_of(text) if check.pk not in shown]
    return {
        "lines": lines,
        "others": others,
        "members": list_members(text.workspace_id),
        "days": days_of(text),
        "flag_names": FLAGS,
    }
