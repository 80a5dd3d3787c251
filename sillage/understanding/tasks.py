"""What workers do: the next reading that waits or broke off, by the same steps as `sillage enrich`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import psycopg
from django.db import InterfaceError, OperationalError

from sillage.adapters.turns import turn
from sillage.governance.engine.actors import automation
from sillage.lib.errors import Anticipated
from sillage.lib.sentences import Sentence
from sillage.understanding import actions
from sillage.understanding.actions.readings import begin_reading, end_reading, fail_reading, keep_progress
from sillage.understanding.engine.readings import MOST_BREAKS, Progress
from sillage.understanding.models import CatalogueReading
from sillage.understanding.queries.readings import WORKERS, open_readings

Clock = Callable[[], datetime]
DATABASE_GONE = (OperationalError, InterfaceError, psycopg.OperationalError, psycopg.InterfaceError)


def read_next(*, clock: Clock, processes: int) -> bool:
    """Carry out the next reading that nobody is at. False when there is none.

    What the work refuses is kept with the reading. A defect is kept and raised: the reading is not begun with it again. A
    database that is gone is only raised: the reading broke off.
    """
    for asked in open_readings():
        with turn(WORKERS, asked.pk) as is_mine:
            reading = begin_reading(asked.pk, clock()) if is_mine else None
            if reading is not None:
                _read(reading, clock, processes)
                return True
    return False


def _read(reading: CatalogueReading, clock: Clock, processes: int) -> None:
    actor = automation("enrich", reading.workspace_id)

    def fail(reason: str) -> None:
        fail_reading(reading_id=reading.pk, reason=reason, actor=actor, now=clock())

    if reading.breaks > MOST_BREAKS:
        return fail(Sentence("Its worker ended in the middle of it %(breaks)s times.", breaks=reading.breaks))
    try:
        done = actions.bring_up_to_date(
            actor=actor, now=clock(), workers=processes, on_progress=_telling(reading.pk, clock)
        )
    except Anticipated as no:
        message, hint = no.untold
        return fail(Sentence("%(what)s %(next)s", what=message, next=hint))
    except DATABASE_GONE:
        raise
    except Exception:
        fail(Sentence("The program has a defect here; what the worker wrote says where."))
        raise
    return end_reading(reading_id=reading.pk, posts=done.posts, actor=actor, now=clock())


def _telling(reading_id: int, clock: Clock) -> Callable[[str, int, int], None]:
    """Writes how far a reading is, and not more often than it is looked at."""
    before: Progress | None = None
    at = clock()

    def tell(step: str, done: int, total: int) -> None:
        nonlocal before, at
        progress, now = Progress(step, done, total), clock()
        if progress.is_to_be_written(before, now - at):
            keep_progress(reading_id, progress)
            before, at = progress, now

    return tell
