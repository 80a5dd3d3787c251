"""What the writing page's panel of the model shows: whether it may be asked, and its proposal that waits for a word."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sillage.governance.engine.actors import Actor
from sillage.studio.engine.prompting import LONGEST_INSTRUCTION, LONGEST_MATERIAL
from sillage.studio.models import Text
from sillage.studio.queries.model_calls import find_proposal, writer_standing


def panel_model(text: Text, body: str, actor: Actor, now: datetime) -> dict[str, Any]:
    """`proposal` is the newest ModelCall that nobody has decided on, or None."""
    return {
        "standing": writer_standing(text.workspace_id, now),
        "proposal": find_proposal(text),
        "longest_instruction": LONGEST_INSTRUCTION,
        "longest_material": LONGEST_MATERIAL,
    }
