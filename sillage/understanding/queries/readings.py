"""Readings: what waits for a worker, and how a workspace's newest one stands."""

from __future__ import annotations

from django.db import connection

from sillage.adapters.turns import is_held
from sillage.lib.errors import NotFound
from sillage.lib.sentences import Sentence
from sillage.understanding.engine.readings import OPEN, ReadingState, Standing, standing
from sillage.understanding.models import CatalogueReading
from sillage.understanding.queries import derivable

WORKERS = "readings"  # the name under which workers take part and are nudged; with a reading's id, its lock


def open_readings() -> list[CatalogueReading]:
    """Of every workspace: what waits, and what runs or broke off; who asked first comes first."""
    return list(CatalogueReading.objects.filter(state__in=OPEN).order_by("asked_at", "pk"))


def find_reading(workspace_id: int) -> CatalogueReading | None:
    """The newest of a workspace."""
    readings = CatalogueReading.objects.filter(workspace_id=workspace_id)
    return readings.select_related("asked_by__person").order_by("-pk").first()


def get_reading(workspace_id: int, reading_id: int) -> CatalogueReading:
    """A reading of the workspace, or NotFound."""
    readings = CatalogueReading.objects.filter(workspace_id=workspace_id, pk=reading_id)
    found = readings.select_related("asked_by__person").first()
    if found is None:
        raise NotFound(
            Sentence("No reading %(reading_id)s in this workspace.", reading_id=reading_id),
            Sentence("Ask for one; the answer has its number."),
        )
    return found


def standing_of(reading: CatalogueReading) -> Standing:
    """Whether it waits, goes on, broke off or is over, and whether there is anybody to do it."""
    state = ReadingState(reading.state)
    if state not in OPEN:
        return standing(state, is_held=False, has_worker=False)
    return standing(state, is_held=is_held(WORKERS, reading.pk), has_worker=is_held(WORKERS))


def has_unread(workspace_id: int) -> bool:
    """Whether anything came in of an account since its profile was made, or of one that has none."""
    statement = f"""
        SELECT EXISTS (SELECT FROM catalogue_account a LEFT JOIN understanding_profile p ON p.account_id = a.id
         WHERE a.workspace_id = %s AND (p.account_id IS NULL OR a.fetched_at > p.made_at) AND {derivable()})
    """  # noqa: S608  # of two constants
    with connection.cursor() as cursor:
        cursor.execute(statement, [workspace_id])
        return bool(cursor.fetchone()[0])
