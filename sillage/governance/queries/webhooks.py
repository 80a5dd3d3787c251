"""Reading webhooks. Secrets are never read for a page; only for signing, and only while something is sent."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Q, QuerySet

from sillage.governance.engine.sealing import unseal
from sillage.governance.engine.webhooks import EVERYTHING, DeliveryState
from sillage.governance.models import Delivery, Endpoint, Entry
from sillage.governance.queries.keys import sealing_key
from sillage.lib.errors import NotFound
from sillage.lib.paging import CursorMalformed, Page, cursor_of, key_of
from sillage.lib.sentences import Sentence

SECRET_PURPOSE = "webhook secret"  # noqa: S105  # what the key is for, not a secret


def list_endpoints(workspace_id: int) -> list[Endpoint]:
    """All of the workspace's, the oldest first, with `waiting` deliveries counted."""
    waiting = Count("deliveries", filter=Q(deliveries__state=DeliveryState.WAITING.value))
    return list(Endpoint.objects.filter(workspace_id=workspace_id).annotate(waiting=waiting).order_by("pk"))


def get_endpoint(workspace_id: int, endpoint_id: int, *, lock: bool = False) -> Endpoint:
    endpoints = Endpoint.objects.filter(workspace_id=workspace_id, pk=endpoint_id)
    endpoint = (endpoints.select_for_update() if lock else endpoints).first()
    if endpoint is None:
        raise NotFound(
            Sentence("No webhook %(endpoint_id)s in this workspace.", endpoint_id=endpoint_id),
            Sentence("See the page “Webhooks”, or `sillage webhooks list`."),
        )
    return endpoint


def list_deliveries(
    workspace_id: int, endpoint_id: int, *, state: str = "", cursor: str | None = None, limit: int = 50
) -> Page[Delivery]:
    """What an endpoint was sent and is to be sent, the newest first."""
    deliveries = get_endpoint(workspace_id, endpoint_id).deliveries.select_related("entry").order_by("-pk")
    if state:
        deliveries = deliveries.filter(state=state)
    if cursor:
        (before,) = key_of(cursor, 1)
        if type(before) is not int:
            raise CursorMalformed(
                Sentence("This cursor belongs to another list."), Sentence("Start again without a cursor.")
            )
        deliveries = deliveries.filter(pk__lt=before)
    found = list(deliveries[: limit + 1])
    return Page(found[:limit], cursor_of([found[limit - 1].pk]) if len(found) > limit else None)


def entries_for(endpoint: Endpoint, first: int, last: int) -> QuerySet[Entry]:
    """The entries with these numbers, first and last included, that the endpoint listens to."""
    entries = Entry.objects.filter(workspace_id=endpoint.workspace_id, number__gte=first, number__lte=last)
    if EVERYTHING in endpoint.events:
        return entries
    wanted = Q(verb__in=[event for event in endpoint.events if not event.endswith("*")])
    for event in endpoint.events:
        if event.endswith(".*"):
            wanted |= Q(verb__startswith=event[:-1])
    return entries.filter(wanted)


def signing_secrets(endpoint: Endpoint, now: datetime) -> list[bytes]:
    """The secrets that sign now: the current one, and the one before it while a rotation overlaps."""
    key = sealing_key(endpoint.workspace_id, SECRET_PURPOSE)
    found = [unseal(key, bytes(endpoint.secret))]
    if endpoint.old_secret is not None and endpoint.old_secret_until is not None and now < endpoint.old_secret_until:
        found.append(unseal(key, bytes(endpoint.old_secret)))
    return found
