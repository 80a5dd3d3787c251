"""What the writing page shows of the text's voice: how well the words as typed fit, and what is off."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sillage.governance.engine.actors import Actor
from sillage.studio.models import Text
from sillage.studio.queries.voices import get_voice_version, list_voices, texts_of, voice_in_use

EXAMPLES = 3


def panel_voice(text: Text, body: str, actor: Actor, now: datetime) -> dict[str, Any]:
    """`voice` None: the text has none; `fit` None: nothing is typed, or no version is in use."""
    if text.voice is None:
        return {"voice": None, "voices": len(list_voices(text.workspace_id))}
    used = voice_in_use(text.voice)
    version = get_voice_version(text.voice, text.voice.promoted) if text.voice.promoted is not None else None
    return {
        "voice": text.voice,
        "version": version,
        "fit": used.fit(body) if used and body.strip() else None,
        "examples": list(texts_of(text.voice).filter(is_example=True)[:EXAMPLES]),
        "is_other_language": text.voice.language != text.language,
    }
