"""Retention of creators: who was not read for as long as the rule says goes, unless a room above still needs them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db.models import Max, QuerySet

from sillage.catalogue.actions.forgetting import remove_creator
from sillage.catalogue.models import Creator

Keeper = Callable[[int, list[int]], Iterable[int]]
_keepers: list[Keeper] = []


def also_keep(keeper: Keeper) -> None:
    """Let a room above say which creators it needs, of (workspace, creator ids): named once, in `front/wiring.py`."""
    if keeper not in _keepers:
        _keepers.append(keeper)


def _unseen(workspace_id: int, before: datetime) -> QuerySet[Creator]:
    seen = Creator.objects.filter(workspace_id=workspace_id, created_at__lt=before)
    return seen.annotate(seen_at=Max("accounts__fetched_at")).exclude(seen_at__gte=before).order_by("pk")


def _leaving(workspace_id: int, before: datetime, most: int | None) -> list[int]:
    ids = list(_unseen(workspace_id, before).values_list("pk", flat=True))
    kept = {i for keeper in _keepers for i in keeper(workspace_id, ids)}
    return [i for i in ids if i not in kept][:most]


def count_unseen(workspace_id: int, before: datetime) -> int:
    return len(_leaving(workspace_id, before, None))


def remove_unseen(workspace_id: int, before: datetime, now: datetime, most: int) -> int:
    """Remove them with all that was made from them, as part of a run of the retention rules. No tombstone: nobody asked."""
    leaving = Creator.objects.filter(pk__in=_leaving(workspace_id, before, most))
    gone = 0
    for creator in leaving.select_for_update():
        remove_creator(creator, list(creator.accounts.select_for_update()))
        gone += 1
    return gone
