"""An invented interview in three stages, and a brief to compose from: what tests of every door need."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from sillage.governance.engine.actors import Actor
from sillage.studio.actions import interview_sound, interview_stages, interviews
from sillage.studio.actions.briefs import write_brief
from sillage.studio.tests.composing import GIVEN

TALK = """[00:00:01] ADA: Comment nourrir un sol de balcon avec du compost ?
[00:00:05] MONA: Euh, le le compost nourrit le sol du balcon toute l’année.
[00:00:12] ADA: Est-ce que cela demande du travail ?
[00:00:15] MONA: Le compost demande dix minutes par semaine, tu vois, pas plus.
[00:00:22] MONA: J’ai eu un cancer et le balcon m’a tenue debout.
"""
SOUND = b"ID3\x04" + bytes(4_000)


def sound() -> SimpleUploadedFile:
    return SimpleUploadedFile("talk.mp3", SOUND, "audio/mpeg")


def interview_places(actor: Actor, now: datetime) -> dict[str, Any]:
    """An interview with words, a summary and consent, and a writing brief of an invitation."""
    given = {"title": "Un balcon vivant", "person": "Mona Vert", "language": "fr"}
    row = interviews.add_interview(given=given, actor=actor, now=now)
    said: dict[str, Any] = {"interview_id": row.pk, "actor": actor, "now": now}
    interviews.keep_consent(**said, who="Mona Vert", on=now.date(), purpose="Transcript and quotes")
    interview_stages.add_transcript(**said, name="talk.txt", data=TALK.encode())
    interview_stages.clean_interview(**said)
    interview_stages.summarise_interview(**said)
    brief = write_brief(given=GIVEN, actor=actor, now=now)
    return {"interview_id": row.pk, "composing_id": brief.pk, "form": "md"}


def with_sound(interview_id: int, actor: Actor, now: datetime) -> None:
    interview_sound.add_sound(interview_id=interview_id, name="talk.mp3", sound=BytesIO(SOUND), actor=actor, now=now)
