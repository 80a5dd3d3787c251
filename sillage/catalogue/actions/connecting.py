"""Fetching from networks: portion by portion, each stored together with the cursor from which the next run goes on."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from itertools import chain

from django.conf import settings
from django.db import transaction
from django.db.models import Min, Q
from django.utils import timezone

from sillage.catalogue.actions.ingest import keep_batch
from sillage.catalogue.actions.quota import spend
from sillage.catalogue.actions.removing import GoneComments, GonePosts, remove_comments, remove_posts
from sillage.catalogue.actions.storing import find_owner
from sillage.catalogue.connectors import check_target, connector_class, open_connector
from sillage.catalogue.connectors.port import HANDLES_PASS_ON, Confirming, Connector, Fetched
from sillage.catalogue.connectors.settings import ConnectorSettings, Means
from sillage.catalogue.connectors.walk import Visit, walk
from sillage.catalogue.engine.keys import account_id, comment_id, plain_handle, post_id
from sillage.catalogue.engine.staged import Owner
from sillage.catalogue.models import Account, Comment, Connection, Post
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.lib.errors import NotFound, OutsideError, Refusal
from sillage.lib.sentences import Sentence

FIRST_VISIT = timedelta(days=365)
COMMENTS_WITHIN = timedelta(days=90)
RETRY_AFTER_S = 900.0  # where the network does not say
_NAME_ENDS = re.compile(r"[\s/@?#]")  # in a target: “@handle”, “https://…/handle?…”


class AccountForgotten(Refusal):
    """The person behind the account asked to be forgotten."""


@transaction.atomic
def connect(*, network: str, targets: Sequence[str], actor: Actor, now: datetime) -> list[Connection]:
    """Remember what to fetch. A target that is known already stays as it is, and is resumed if it was paused.

    Raises ConnectorUnknown, TargetUnreadable, and AccountForgotten for somebody who is not to come back.
    """
    require(actor, Right.CATALOGUE)
    connector_class(network)  # refuses an unknown network
    owner = find_owner(actor.workspace_id)
    made = []
    for target in dict.fromkeys(t.strip() for t in targets if t.strip()):
        check_target(network, target)
        _refuse_forgotten(owner, network, target)
        connection, _ = Connection.objects.update_or_create(
            workspace_id=actor.workspace_id,
            network=network,
            target=target,
            defaults={"is_paused": False, "last_error": "", "next_at": now},
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


def _refuse_forgotten(owner: Owner, network: str, name: str, handle: str = "") -> None:
    if owner.has_forgotten(network, name, handle):
        raise AccountForgotten(
            Sentence("The person behind this account of %(network)s asked to be forgotten.", network=network),
            Sentence("Nothing of theirs is fetched."),
        )


@dataclass(slots=True)
class Visited:
    """What a visit brought so far. `set_aside` are the reasons why records were not kept."""

    portions: int = 0
    posts: int = 0
    comments: int = 0
    gone: int = 0  # posts that the network no longer has: none of them is here any more
    set_aside: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, fetched: Fetched) -> None:
        self.portions += 1
        self.posts += len(fetched.batch.posts)
        self.comments += len(fetched.batch.comments)
        self.gone += len(fetched.gone)
        self.set_aside += [f"{s.network_id}: {s.reason}" for s in fetched.set_aside]
        self.notes += [note for note in fetched.notes if note not in self.notes]

    def facts(self) -> dict[str, int]:
        """As the ledger keeps it: counts, no names."""
        return {**{k: v for k, v in asdict(self).items() if isinstance(v, int)}, "set_aside": len(self.set_aside)}


def fetch(
    *,
    connection_id: int,
    actor: Actor,
    now: datetime,
    means: Means | None = None,
    connector_settings: ConnectorSettings | None = None,
    on_portion: Callable[[Fetched], None] = lambda fetched: None,
) -> Visited:
    """Visit one connection. Each portion is one transaction; the ledger entry closes the visit, also a failed one.

    Raises OutsideError or a connector's refusal. A permanent one pauses the connection until a person connects it again;
    after a temporary one `next_at` says when to go on.
    """
    require(actor, Right.CATALOGUE)
    connection = Connection.objects.filter(workspace_id=actor.workspace_id, pk=connection_id).first()
    if connection is None:
        raise NotFound(
            Sentence("No connection %(connection_id)s in this workspace.", connection_id=connection_id),
            Sentence("See the list with `sillage connect --list`."),
        )
    visited = Visited()
    try:
        connector = open_fetcher(connection.network, actor.workspace_id, means, connector_settings)
        _visit(connection, connector, visited, now, on_portion)
    except (OutsideError, Refusal) as error:
        _close_failed(connection, error, visited, actor, now)
        raise
    _close(connection, visited, actor, now)
    return visited


def open_fetcher(
    network: str, workspace_id: int, means: Means | None, connector_settings: ConnectorSettings | None
) -> Connector:
    """A connector with the installation's settings, whose calls are counted against the quota."""
    chosen = connector_settings or ConnectorSettings(
        bluesky_url=settings.SILLAGE.bluesky_url, youtube_key=settings.SILLAGE.youtube_key
    )
    given = means or Means(
        clock=timezone.now,
        wait=time.sleep,
        chance=random.Random(),
        spend=lambda units: spend(workspace_id=workspace_id, network=network, units=units, now=timezone.now()),
    )
    return open_connector(network, chosen, given)


def _visit(
    connection: Connection,
    connector: Connector,
    visited: Visited,
    now: datetime,
    on_portion: Callable[[Fetched], None],
) -> None:
    visit = Visit(since=now - FIRST_VISIT, comments_since=now - COMMENTS_WITHIN)
    for fetched in chain(
        walk(connector, connection.target, connection.cursor, visit), _confirmed(connection, connector, now)
    ):
        noted = _renamed(connection, fetched)
        _store_portion(connection, noted, now, now + connector.revisit_after)
        visited.add(noted)
        on_portion(noted)


def _confirmed(connection: Connection, connector: Connector, now: datetime) -> Iterator[Fetched]:
    """At the end of a visit: posts that it did not meet, asked for once more, for a deleted one is in no list."""
    if connector.confirming is None:
        return
    ids = _unmet(connection, connector.confirming, now)
    if ids:
        yield replace(connector.refresh(connection.cursor["account"], ids), cursor=connection.cursor)


def _unmet(connection: Connection, confirming: Confirming, now: datetime) -> list[str]:
    """First the posts that should have been met, being as new as those that were; then those not confirmed the longest."""
    network_id = connection.cursor["account"]
    account = account_id(connection.workspace_id, connection.network, network_id)
    posts = Post.objects.filter(account_id=account)
    oldest_met = posts.filter(fetched_at=now).aggregate(at=Min("published_at"))["at"] or now
    unmet = posts.filter(
        fetched_at__lt=now, network_id__startswith=confirming.ids_begin.format(account=network_id)
    ).annotate(is_missed=Q(published_at__gte=oldest_met))
    ordered = unmet.order_by("-is_missed", "fetched_at", "id")
    return list(ordered.values_list("network_id", flat=True)[: confirming.per_visit])


def _renamed(connection: Connection, fetched: Fetched) -> Fetched:
    """A connection named by a handle goes by the account's id once the account has another: that name is free again."""
    if connection.network not in HANDLES_PASS_ON or connection.account_id is None or not fetched.batch.accounts:
        return fetched
    kept = Account.objects.filter(pk=connection.account_id).first()
    if kept is None:
        return fetched
    called = next((a.handle for a in fetched.batch.accounts if a.network_id == kept.network_id), "")
    is_named_so = plain_handle(kept.handle) in _NAME_ENDS.split(connection.target.casefold())
    if not is_named_so or called in ("", kept.handle, kept.network_id):
        return fetched
    others = Connection.objects.filter(workspace_id=connection.workspace_id, network=connection.network)
    if others.filter(target=kept.network_id).exists():
        return fetched
    connection.target = kept.network_id
    note = f"{kept.handle} is called {called} now; the connection goes by {kept.network_id}."
    return replace(fetched, notes=(*fetched.notes, note))


@transaction.atomic
def _store_portion(connection: Connection, fetched: Fetched, now: datetime, next_at: datetime) -> None:
    """The portion and the cursor after it, or neither."""
    network_id = fetched.cursor["account"]
    keep_fetched(connection.workspace_id, connection.network, network_id, fetched, now)
    connection.cursor = fetched.cursor
    connection.account_id = account_id(connection.workspace_id, connection.network, network_id)
    connection.fetched_at, connection.last_error = now, ""
    connection.next_at = next_at if fetched.is_last else now
    _save(connection)


def keep_fetched(workspace_id: int, network: str, network_id: str, fetched: Fetched, now: datetime) -> None:
    """Store what was fetched of one account as part of another action, and remove the posts and comments that are gone.

    Raises AccountForgotten. A post's `fetched_at` is when the network last confirmed it.
    """
    owner = find_owner(workspace_id)
    _refuse_forgotten(owner, network, network_id)
    for a in fetched.batch.accounts:
        _refuse_forgotten(owner, a.network, a.network_id, a.handle)
    keep_batch(workspace_id=workspace_id, batch=fetched.batch, now=now)
    account = account_id(workspace_id, network, network_id)
    confirmed = [post_id(account, p.network_id) for p in fetched.batch.posts]
    Post.objects.filter(account_id=account, id__in=confirmed).update(fetched_at=now)
    if fetched.whole_thread:
        shown = [comment_id(account, c.network_id) for c in fetched.batch.comments]
        under = Comment.objects.filter(account_id=account, post_id=post_id(account, fetched.whole_thread))
        unseen = tuple(under.exclude(id__in=shown).values_list("id", flat=True))
        remove_comments(GoneComments(workspace_id, account, unseen), now)
    if fetched.gone:
        gone = tuple(post_id(account, gone) for gone in fetched.gone)
        remove_posts(GonePosts(workspace_id, account, gone), now)


def _save(connection: Connection) -> None:
    """Write the connection, unless it was taken away meanwhile: an erasure may run beside a visit."""
    fields = ("target", "cursor", "account_id", "fetched_at", "last_error", "next_at", "is_paused")
    changed = Connection.objects.filter(pk=connection.pk).update(**{name: getattr(connection, name) for name in fields})
    if not changed:
        raise NotFound(
            Sentence("The connection was taken away while it was visited."),
            Sentence("Nothing of this portion was stored."),
        )


def _close(connection: Connection, visited: Visited, actor: Actor, now: datetime, failure: str = "") -> None:
    governance.record(
        verb="catalogue.fetch_failed" if failure else "catalogue.fetched",
        subject_kind="connection",
        subject_id=connection.pk,
        actor=actor,
        now=now,
        facts={**visited.facts(), **({"failure": failure} if failure else {})},
    )


@transaction.atomic
def _close_failed(
    connection: Connection, error: OutsideError | Refusal, visited: Visited, actor: Actor, now: datetime
) -> None:
    """Say what failed and when to go on. The portions stored before the failure, and their cursor, stay."""
    if isinstance(error, AccountForgotten):
        Connection.objects.filter(pk=connection.pk).delete()
    else:
        is_permanent = isinstance(error, Refusal) or error.permanent
        wait = timedelta(seconds=getattr(error, "retry_after", None) or RETRY_AFTER_S)
        Connection.objects.filter(pk=connection.pk).update(
            last_error=str(error), is_paused=is_permanent, next_at=None if is_permanent else now + wait
        )
    _close(connection, visited, actor, now, type(error).__name__)
