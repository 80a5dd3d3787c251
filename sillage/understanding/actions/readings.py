"""Readings that workers carry out: asked for, begun, told of while they go on, ended.

A worker holds a lock of its session while it reads. A reading that says it runs, and whose lock is free, broke off: whoever
comes next takes it up again, and the steps of `bring_up_to_date` go on where they stopped.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from sillage.adapters.turns import nudge
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.governance.models import Workspace
from sillage.lib.sentences import to_stored
from sillage.understanding.engine.readings import OPEN, Progress, ReadingState
from sillage.understanding.models import CatalogueReading
from sillage.understanding.queries.readings import WORKERS


@transaction.atomic
def ask_reading(*, actor: Actor, now: datetime) -> CatalogueReading:
    """Have a worker read what came in. One waits or runs at a time: who asks for a second gets that one.

    One that runs already is gone through once more, for what came in behind it.
    """
    require(actor, Right.CATALOGUE)
    Workspace.objects.select_for_update(no_key=True).get(pk=actor.workspace_id)
    open_now = CatalogueReading.objects.filter(workspace_id=actor.workspace_id, state__in=OPEN)
    reading = open_now.select_for_update().first()
    if reading is None:
        reading = CatalogueReading.objects.create(
            workspace_id=actor.workspace_id, state=ReadingState.ASKED, asked_by_id=actor.member_id, asked_at=now
        )
    elif reading.state == ReadingState.ASKED or reading.again_at is not None:
        return reading
    else:
        reading.again_at = now
        reading.save(update_fields=["again_at"])
    nudge(WORKERS)
    governance.record(
        verb="understanding.reading_asked",
        subject_kind="workspace",
        subject_id=actor.workspace_id,
        actor=actor,
        now=now,
    )
    return reading


@transaction.atomic
def begin_reading(reading_id: int, now: datetime) -> CatalogueReading | None:
    """A part of a reading, which `end_reading` or `fail_reading` enters: it runs from now on. None when it is over.

    Called by whoever holds its lock, so that one which runs already has broken off.
    """
    reading = _open(reading_id)
    if reading is None:
        return None
    reading.breaks += reading.state == ReadingState.RUNNING
    reading.state, reading.again_at = ReadingState.RUNNING, None
    reading.started_at = reading.started_at or now
    reading.step, reading.step_done, reading.step_total = "", None, None
    reading.save()
    return reading


def keep_progress(reading_id: int, progress: Progress) -> None:
    """A part of a reading: how far it is."""
    CatalogueReading.objects.filter(pk=reading_id).update(
        step=progress.step, step_done=progress.done, step_total=progress.total
    )


@transaction.atomic
def end_reading(*, reading_id: int, posts: int, actor: Actor, now: datetime) -> None:
    """Everything was read. When it was asked for again meanwhile, it waits for another round."""
    require(actor, Right.CATALOGUE)
    reading = CatalogueReading.objects.select_for_update().get(pk=reading_id, workspace_id=actor.workspace_id)
    reading.posts = (reading.posts or 0) + posts
    if reading.again_at is None:
        reading.state, reading.ended_at = ReadingState.DONE, now
    else:
        reading.state, reading.asked_at, reading.again_at = ReadingState.ASKED, reading.again_at, None
    reading.save()
    governance.record(
        verb="understanding.reading_ended",
        subject_kind="workspace",
        subject_id=actor.workspace_id,
        actor=actor,
        now=now,
        facts={"posts": posts},
    )


@transaction.atomic
def fail_reading(*, reading_id: int, reason: str, actor: Actor, now: datetime) -> None:
    """It ended before everything was read, and says why. Whoever mended that asks again."""
    require(actor, Right.CATALOGUE)
    reading = CatalogueReading.objects.select_for_update().get(pk=reading_id, workspace_id=actor.workspace_id)
    reading.state, reading.ended_at = ReadingState.FAILED, now
    reading.reason, reading.reason_said = str(reason), to_stored(reason)
    reading.save()
    governance.record(
        verb="understanding.reading_failed",
        subject_kind="workspace",
        subject_id=actor.workspace_id,
        actor=actor,
        now=now,
        facts={"reason": str(reason)},
    )


def _open(reading_id: int) -> CatalogueReading | None:
    return CatalogueReading.objects.select_for_update().filter(pk=reading_id, state__in=OPEN).first()
