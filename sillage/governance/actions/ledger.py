"""The ledger: one entry for each change, chained to the one before it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection, transaction

from sillage.governance.engine.actors import Actor
from sillage.governance.engine.ledger import GENESIS, Line, line_hash
from sillage.governance.engine.webhooks import patterns_for
from sillage.governance.models import Delivery, Endpoint, Entry


@transaction.atomic(savepoint=False)
def record(
    *,
    verb: str,
    subject_kind: str,
    subject_id: str | int,
    actor: Actor,
    now: datetime,
    facts: dict[str, Any] | None = None,
) -> Entry:
    """Append one entry to the actor's workspace's ledger, in the transaction of the change that it records.

    A run that commits in portions calls it outside of one: then the entry is a transaction of its own.
    """
    last, listeners = _last(actor.workspace_id, verb)
    line = Line(
        workspace_id=actor.workspace_id,
        number=last.number + 1 if last else 1,
        at=now,
        actor_kind=actor.kind.value,
        actor_name=actor.name,
        actor_version=actor.version,
        member_id=actor.member_id,
        verb=verb,
        subject_kind=subject_kind,
        subject_id=str(subject_id),
        facts=facts or {},
    )
    previous = bytes(last.hash) if last else GENESIS
    entry = Entry.objects.create(
        **{name: getattr(line, name) for name in Line.__slots__},
        previous_hash=previous,
        hash=line_hash(line, previous),
    )
    if listeners:
        Delivery.objects.bulk_create(
            [Delivery(endpoint_id=listener, entry=entry, next_at=now, made_at=now) for listener in listeners]
        )
    return entry


def _last(workspace_id: int, verb: str) -> tuple[Entry | None, list[int]]:
    """The last entry, held until the transaction ends, and the endpoints that listen to the verb.

    Who listens comes with the last entry: where nobody does, webhooks cost no query.
    """
    with connection.cursor() as cursor:  # entries of one workspace are numbered one after the other
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('ledger', %s))", [workspace_id])
    listening = Endpoint.objects.filter(
        workspace_id=workspace_id, disabled_at=None, events__overlap=list(patterns_for(verb))
    )
    entries = Entry.objects.filter(workspace_id=workspace_id).order_by("-number")
    last = entries.annotate(listeners=ArraySubquery(listening.values("pk"))).first()
    return last, list(last.listeners) if last else []
