"""The duty of some networks' terms: what is stored is read again within so many days, or deleted (YouTube: 30).

What came in through an import is not under it: only accounts with raw answers of the network are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from sillage.catalogue.actions.connecting import keep_fetched, open_fetcher
from sillage.catalogue.actions.removing import GonePosts, remove_accounts, remove_posts
from sillage.catalogue.connectors.port import NUMBERS_UNDER_DUTY, REFRESH_WITHIN, AccountUnknown, Connector
from sillage.catalogue.connectors.settings import ConnectorSettings, Means
from sillage.catalogue.models import Account, Comment, Connection, Observation, Post, RawAnswer
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require

POSTS_PER_PORTION = 50
AHEAD = timedelta(days=7)  # what falls due within this time is refreshed now


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a refresh did. `gone` accounts are no longer on the network, and were deleted."""

    accounts: int
    posts: int
    gone: int


def refresh_due(
    *,
    network: str,
    actor: Actor,
    now: datetime,
    means: Means | None = None,
    connector_settings: ConnectorSettings | None = None,
    on_account: Callable[[int, int], None] = lambda done, total: None,
) -> Refreshed:
    """Read again the accounts and posts of a network that fall due within AHEAD, in portions of 50 posts.

    Each portion is one transaction, so that a refresh that fails or is killed goes on with what is still due. Raises
    OutsideError. The ledger entry closes the run, also a failed one.
    """
    require(actor, Right.CATALOGUE)
    due = _due(actor.workspace_id, network, now)
    connector = open_fetcher(network, actor.workspace_id, means, connector_settings) if due else None
    done: Counter[str] = Counter()
    try:
        for account in due:
            assert connector is not None
            _refresh(account, connector, done, now)
            on_account(done["accounts"] + done["gone"], len(due))
    finally:
        if done:
            governance.record(
                verb="catalogue.refreshed",
                subject_kind="network",
                subject_id=network,
                actor=actor,
                now=now,
                facts=dict(done),
            )
    return Refreshed(done["accounts"], done["posts"], done["gone"])


def _due(workspace_id: int, network: str, now: datetime) -> list[Account]:
    """Accounts with something that falls due, the most overdue first."""
    if network not in REFRESH_WITHIN:
        return []
    soon = now + AHEAD
    read_before = soon - REFRESH_WITHIN[network]
    under_duty = Account.objects.filter(workspace_id=workspace_id, network=network, raw_answers__network=network)
    fresh = RawAnswer.objects.filter(network=network, refresh_by__gt=soon).values("account_id")
    stale = Post.objects.filter(fetched_at__lte=read_before).values("account_id")
    due = under_duty.exclude(pk__in=fresh) | under_duty.filter(pk__in=stale)
    return list(due.distinct().order_by("fetched_at", "pk"))


def _refresh(account: Account, connector: Connector, done: Counter[str], now: datetime) -> None:
    read_before = now + AHEAD - REFRESH_WITHIN[account.network]
    stale = Post.objects.filter(account=account, fetched_at__lte=read_before).order_by("fetched_at", "id")
    ids = list(stale.values_list("network_id", flat=True))
    try:
        for start in range(0, len(ids) or 1, POSTS_PER_PORTION):
            fetched = connector.refresh(account.network_id, ids[start : start + POSTS_PER_PORTION])
            with transaction.atomic():
                keep_fetched(account.workspace_id, account.network, account.network_id, fetched, now)
            done["posts"] += len(fetched.batch.posts)
    except AccountUnknown:
        with transaction.atomic():
            _remove(account.workspace_id, [account.pk])
        done["gone"] += 1
        return
    done["accounts"] += 1


@transaction.atomic
def drop_overdue(*, actor: Actor, now: datetime) -> dict[str, int]:
    """Delete what was not refreshed in time: whole accounts, posts of the others, old numbers and raw answers.

    Connections stay and begin anew, so that a later fetch brings back what the network then says.
    """
    require(actor, Right.CATALOGUE)
    removed: Counter[str] = Counter()
    for network, within in REFRESH_WITHIN.items():
        removed.update(_overdue_removed(actor.workspace_id, network, now, now - within))
    facts = {kind: n for kind, n in sorted(removed.items()) if n}
    governance.record(
        verb="catalogue.overdue_dropped",
        subject_kind="workspace",
        subject_id=actor.workspace_id,
        actor=actor,
        now=now,
        facts=facts,
    )
    return facts


def _overdue_removed(workspace_id: int, network: str, now: datetime, limit: datetime) -> Counter[str]:
    answers = RawAnswer.objects.filter(account__workspace_id=workspace_id, network=network)
    fresh = set(answers.filter(refresh_by__gte=now).values_list("account_id", flat=True))
    overdue = set(answers.filter(refresh_by__lt=now).values_list("account_id", flat=True)) - fresh
    removed: Counter[str] = Counter(_remove(workspace_id, sorted(overdue)))
    for gone in _stale_posts(workspace_id, fresh, limit):
        removed.update(remove_posts(gone, now))
    kept = sorted(fresh)
    removed["comment"] += Comment.objects.filter(account_id__in=kept, fetched_at__lt=limit).delete()[0]
    numbers = Observation.objects.filter(account_id__in=kept, api_field__startswith=NUMBERS_UNDER_DUTY[network])
    removed["observation"] += numbers.filter(observed_at__lt=limit).delete()[0]
    removed["receipt"] += governance.forget_receipts_before(workspace_id, "account", kept, limit)
    removed["rawanswer"] += answers.filter(refresh_by__lt=now).delete()[0]
    return removed


def _stale_posts(workspace_id: int, account_ids: set[int], limit: datetime) -> Iterator[GonePosts]:
    stale: dict[int, list[int]] = {}
    rows = Post.objects.filter(account_id__in=account_ids, fetched_at__lt=limit)
    for account, post in rows.values_list("account_id", "id"):
        stale.setdefault(account, []).append(post)
    for account, posts in stale.items():
        yield GonePosts(workspace_id, account, tuple(posts))


def _remove(workspace_id: int, account_ids: list[int]) -> dict[str, int]:
    Connection.objects.filter(account_id__in=account_ids).update(cursor={}, fetched_at=None)
    return remove_accounts(workspace_id, account_ids)
