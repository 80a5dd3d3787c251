"""Counting what a network's daily quota is spent on, before it is spent."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Sum

from sillage.catalogue.connectors.youtube.quota import quota_day, resets_at
from sillage.catalogue.models import QuotaDay
from sillage.lib.errors import OutsideError
from sillage.lib.sentences import Grouped, Sentence


class QuotaSpent(OutsideError):
    """The network's daily units that the settings allow are spent."""


@transaction.atomic
def spend(*, workspace_id: int, network: str, units: int, now: datetime) -> None:
    """Count units before the call. Raises QuotaSpent.

    The key is the installation's, so what all its workspaces spent today counts; the day is the network's own.
    """
    if network != "youtube":
        return
    limit, day = settings.SILLAGE.youtube_daily_units, quota_day(now)
    with connection.cursor() as cursor:  # two fetches at once must not both take the last unit
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('quota of ' || %s, 0))", [network])
    spent = QuotaDay.objects.filter(network=network, day=day).aggregate(units=Sum("units"))["units"] or 0
    if spent + units > limit:
        raise QuotaSpent(
            Sentence("Today's %(limit)s units of %(network)s are spent.", limit=Grouped(limit), network=network),
            permanent=False,
            hint=Sentence("The fetch goes on after midnight Pacific time, from where it stopped."),
            retry_after=(resets_at(now) - now).total_seconds(),
        )
    row, _ = QuotaDay.objects.get_or_create(workspace_id=workspace_id, network=network, day=day)
    QuotaDay.objects.filter(pk=row.pk).update(units=F("units") + units)
