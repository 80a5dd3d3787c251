"""Fetching from networks: portion by portion, each stored together with the cursor from which the next run goes on."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from sillage.catalogue.actions.ingest import keep_batch
from sillage.catalogue.connectors import ConnectorSettings, Means, connector_class, open_connector
from sillage.catalogue.connectors.port import Connector, Fetched
from sillage.catalogue.connectors.walk import Visit, walk
from sillage.catalogue.engine.keys import account_id, post_id
from sillage.catalogue.models import Account, Connection, Creator, Post, QuotaDay, RawAnswer
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.lib.errors import NotFound, OutsideError, Refusal

FIRST_VISIT = timedelta(days=365)
COMMENTS_WITHIN = timedelta(days=90)
DAILY_UNITS = {"youtube": ("youtube_daily_units", ZoneInfo("America/Los_Angeles"))}


@transaction.atomic
def connect(*, network: str, targets: Sequence[str], actor: Actor, now: datetime) -> list[Connection]:
    """Remember what to fetch. A target that is known already stays as it is, and is resumed if it was paused."""
    require(actor, Right.CATALOGUE)
    connector_class(network)  # refuses an unknown network
    made = []
    for target in dict.fromkeys(t.strip() for t in targets if t.strip()):
        connection, _ = Connection.objects.update_or_create(
            workspace_id=actor.workspace_id,
            network=network,
            target=target,
            defaults={"is_paused": False, "last_error": ""},
            create_defaults={"created_at": now, "next_at": now},
        )
        made.append(connection)
    governance.record(
        verb="catalogue.connected",
        subject_kind="network",
        subject_id=network,
        actor=actor,
        now=now,
        facts={"connections": [c.pk for c in made]},
    )
    return made


@dataclass(frozen=True, slots=True)
class Visited:
    """What a visit brought. `set_aside` are the reasons why records were not kept."""

    portions: int
    posts: int
    comments: int
    set_aside: tuple[str, ...]
    notes: tuple[str, ...]


def fetch(
    *,
    connection_id: int,
    actor: Actor,
    now: datetime,
    means: Means | None = None,
    connector_settings: ConnectorSettings | None = None,
    on_portion: Callable[[Fetched], None] = lambda fetched: None,
) -> Visited:
    """Visit one connection. Each portion is one transaction; the ledger entry closes the visit.

    Raises OutsideError; a permanent one pauses the connection until a person resumes it by connecting again.
    """
    require(actor, Right.CATALOGUE)
    connection = Connection.objects.filter(workspace_id=actor.workspace_id, pk=connection_id).first()
    if connection is None:
        raise NotFound(
            f"No connection {connection_id} in this workspace.", "See the list with `sillage connect --list`."
        )
    connector = open_connector(
        connection.network, connector_settings or _settings(), means or _means(connection, actor.workspace_id)
    )
    visited = _visit(connection, connector, now, on_portion)
    governance.record(
        verb="catalogue.fetched",
        subject_kind="connection",
        subject_id=connection.pk,
        actor=actor,
        now=now,
        facts={"posts": visited.posts, "comments": visited.comments, "set_aside": len(visited.set_aside)},
    )
    return visited


def _visit(
    connection: Connection, connector: Connector, now: datetime, on_portion: Callable[[Fetched], None]
) -> Visited:
    visit = Visit(since=now - FIRST_VISIT, comments_since=now - COMMENTS_WITHIN)
    portions = posts = comments = 0
    set_aside: list[str] = []
    notes: list[str] = []
    try:
        for fetched in walk(connector, connection.target, connection.cursor, visit):
            _store_portion(connection, fetched, now, now + connector.revisit_after)
            portions, posts = portions + 1, posts + len(fetched.batch.posts)
            comments += len(fetched.batch.comments)
            set_aside += [f"{s.network_id}: {s.reason}" for s in fetched.set_aside]
            notes += fetched.notes
            on_portion(fetched)
    except (OutsideError, Refusal) as error:
        _store_failure(connection, error, now)
        raise
    return Visited(portions, posts, comments, tuple(set_aside), tuple(dict.fromkeys(notes)))


@transaction.atomic
def _store_portion(connection: Connection, fetched: Fetched, now: datetime, next_at: datetime) -> None:
    keep_batch(workspace_id=connection.workspace_id, batch=fetched.batch, now=now)
    connection.cursor = fetched.cursor
    connection.fetched_at, connection.last_error = now, ""
    connection.next_at = next_at if fetched.is_last else now
    if "account" in fetched.cursor:
        account = account_id(connection.workspace_id, connection.network, fetched.cursor["account"])
        connection.account_id = account
        gone = [post_id(account, network_id) for network_id in fetched.gone]
        Post.objects.filter(account_id=account, id__in=gone).delete()
    connection.save()


def _store_failure(connection: Connection, error: OutsideError | Refusal, now: datetime) -> None:
    connection.last_error = error.message
    connection.is_paused = isinstance(error, Refusal) or error.permanent
    wait = timedelta(seconds=getattr(error, "retry_after", None) or 900)
    connection.next_at = None if connection.is_paused else now + wait
    connection.save()


def _settings() -> ConnectorSettings:
    return ConnectorSettings(youtube_key=settings.SILLAGE.youtube_key)


def _means(connection: Connection, workspace_id: int) -> Means:
    network = connection.network
    return Means(
        clock=timezone.now,
        wait=time.sleep,
        chance=random.Random(),
        spend=lambda units: _spend(workspace_id, network, units, timezone.now()),
    )


class QuotaSpent(OutsideError):
    """The network's daily units that the settings allow are spent."""


@transaction.atomic
def _spend(workspace_id: int, network: str, units: int, now: datetime) -> None:
    """Count units before the call. The day is the network's own."""
    if network not in DAILY_UNITS:
        return
    setting, zone = DAILY_UNITS[network]
    limit = getattr(settings.SILLAGE, setting)
    day = now.astimezone(zone).date()
    row, _ = QuotaDay.objects.get_or_create(workspace_id=workspace_id, network=network, day=day)
    counted = QuotaDay.objects.filter(pk=row.pk, units__lte=limit - units).update(units=F("units") + units)
    if not counted:
        midnight = datetime.combine(day + timedelta(days=1), datetime.min.time(), tzinfo=zone)
        raise QuotaSpent(
            f"Today's {limit} units of {network} are spent.",
            permanent=False,
            hint="The fetch goes on after midnight Pacific time, from where it stopped.",
            retry_after=(midnight - now).total_seconds(),
        )


@transaction.atomic
def drop_overdue(*, actor: Actor, now: datetime) -> dict[str, int]:
    """Delete accounts whose refresh duty has passed (YouTube: 30 days), with all that was made from them.

    Their connections stay, so that a later fetch brings back what the network then says.
    """
    require(actor, Right.CATALOGUE)
    answers = RawAnswer.objects.filter(account__workspace_id=actor.workspace_id)
    fresh = answers.filter(refresh_by__gte=now).values("account_id")
    overdue = Account.objects.filter(pk__in=answers.filter(refresh_by__lt=now).values("account_id"))
    creators = set(overdue.exclude(pk__in=fresh).values_list("creator_id", flat=True))
    _, accounts = overdue.exclude(pk__in=fresh).delete()
    _, empty = Creator.objects.filter(pk__in=creators, accounts=None).delete()
    answers.filter(refresh_by__lt=now).delete()
    removed = {label.rpartition(".")[2].lower(): n for label, n in {**accounts, **empty}.items() if n}
    governance.record(
        verb="catalogue.overdue_dropped",
        subject_kind="workspace",
        subject_id=actor.workspace_id,
        actor=actor,
        now=now,
        facts=removed,
    )
    return removed
