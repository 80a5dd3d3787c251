"""Reading creators, accounts, their posts and what was observed of them. A thing of another workspace is not found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Q, QuerySet

from sillage.catalogue.engine.metrics import Seen
from sillage.catalogue.models import Account, Brand, Comment, Connection, Creator, Import, Observation, Post
from sillage.lib.errors import NotFound
from sillage.lib.paging import CursorMalformed, Page, cursor_of, key_of
from sillage.lib.sentences import Sentence


def get_account(workspace_id: int, key: str) -> Account:
    """An account by its id, by network:network_id, or by network:handle."""
    accounts = Account.objects.select_related("creator", "card").filter(workspace_id=workspace_id)
    if key.isdigit():
        found = accounts.filter(pk=int(key)).first() if len(key) <= 19 else None
    else:
        network, _, name = key.partition(":")
        found = accounts.filter(network=network).filter(Q(network_id=name) | Q(handle__iexact=name.lstrip("@"))).first()
    if found is None:
        raise NotFound(
            Sentence("No account “%(key)s” in this workspace.", key=key),
            Sentence("Search by name on the page “Creators”, or with `sillage creators list --words`."),
        )
    return found


def get_creator(workspace_id: int, key: str) -> Creator:
    """A creator by key, by its number, or by the key of one of its accounts."""
    creators = Creator.objects.filter(workspace_id=workspace_id)
    found = creators.filter(key=key).first()
    if found is None and key.isdigit() and len(key) <= 18:
        found = creators.filter(pk=int(key)).first()
    return found or get_account(workspace_id, key).creator


def get_creator_by_id(workspace_id: int, creator_id: int) -> Creator:
    """A creator by its number alone: a key that the source gave may look like another one's number."""
    found = Creator.objects.filter(workspace_id=workspace_id, pk=creator_id).first()
    if found is None:
        raise NotFound(
            Sentence("No creator %(creator_id)s in this workspace.", creator_id=creator_id),
            Sentence("Search for them by name."),
        )
    return found


def list_accounts_of(creator: Creator) -> list[Account]:
    return list(Account.objects.select_related("card").filter(creator=creator).order_by("network", "handle"))


def list_accounts(workspace_id: int, account_ids: Iterable[int]) -> dict[int, Account]:
    """Accounts of the workspace by id, with their cards and creators; ids of other workspaces are left out."""
    accounts = Account.objects.select_related("card", "creator")
    return {a.pk: a for a in accounts.filter(workspace_id=workspace_id, pk__in=list(account_ids))}


def list_posts(account: Account, *, cursor: str | None = None, limit: int = 20, words: str = "") -> Page[Post]:
    """An account's posts, newest first."""
    posts = Post.objects.filter(account=account).order_by("-published_at", "-id")
    if words:
        posts = posts.filter(Q(text__icontains=words) | Q(title__icontains=words))
    if cursor:
        before, last = _after(cursor)
        posts = posts.filter(Q(published_at__lt=before) | Q(published_at=before, id__lt=last))
    rows = list(posts[: limit + 1])
    more = len(rows) > limit
    end = rows[limit - 1] if more else None
    return Page(rows[:limit], cursor_of([end.published_at.isoformat(), end.id]) if end else None)


def _after(cursor: str) -> tuple[datetime, int]:
    at, last = key_of(cursor, 2)
    try:
        before = datetime.fromisoformat(str(at))
    except ValueError as error:
        raise CursorMalformed(
            Sentence("This cursor cannot be read."), Sentence("Start again without a cursor.")
        ) from error
    if before.tzinfo is None or type(last) is not int:
        raise CursorMalformed(
            Sentence("This cursor belongs to another list."), Sentence("Start again without a cursor.")
        )
    return before, last


def list_posts_by_id(keys: Iterable[tuple[int, int]]) -> dict[tuple[int, int], Post]:
    """Posts by (account id, post id)."""
    wanted = list(keys)
    posts = Post.objects.filter(account_id__in={a for a, _ in wanted}, id__in={p for _, p in wanted})
    return {(p.account_id, p.id): p for p in posts}


def list_comments(account: Account, post_ids: Sequence[int], limit: int = 100) -> list[Comment]:
    return list(Comment.objects.filter(account=account, post_id__in=post_ids).order_by("published_at")[:limit])


def posts_of(account_ids: Sequence[int]) -> QuerySet[Post]:
    """Posts of several accounts, account by account and newest first, for enrichers to read."""
    return Post.objects.filter(account_id__in=account_ids).order_by("account_id", "-published_at", "-id")


def observations_of(account_ids: Sequence[int]) -> dict[int, list[Seen]]:
    """Per account: every observation of the account itself, and the newest of each post, measure and source class."""
    found: dict[int, list[Seen]] = {a: [] for a in account_ids}
    statement = """
        SELECT account_id, id, post_id, measure, value, source_class, observed_at FROM catalogue_observation
         WHERE account_id = ANY(%s) AND post_id = 0
        UNION ALL
        (SELECT DISTINCT ON (account_id, post_id, measure, source_class)
                account_id, id, post_id, measure, value, source_class, observed_at FROM catalogue_observation
          WHERE account_id = ANY(%s) AND post_id <> 0
          ORDER BY account_id, post_id, measure, source_class, observed_at DESC)
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(account_ids), list(account_ids)])
        for account, row, *rest in cursor.fetchall():
            found[account].append(Seen(f"observation:{account}:{row}", *rest))
    return found


def observed_values(workspace_id: int, refs: Sequence[str]) -> Mapping[str, float | None]:
    """The values behind receipts' references, read again. Gone or another workspace's is absent."""
    pairs = {ref: tuple(int(part) for part in ref.split(":")[1:3]) for ref in refs}
    statement = """
        SELECT o.account_id, o.id, o.value FROM catalogue_observation o JOIN catalogue_account a ON a.id = o.account_id
         WHERE a.workspace_id = %s AND o.account_id = ANY(%s) AND o.id = ANY(%s)
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, [workspace_id, [p[0] for p in pairs.values()], [p[1] for p in pairs.values()]])
        values = {(account, row): value for account, row, value in cursor.fetchall()}
    return {ref: values[pair] for ref, pair in pairs.items() if pair in values}


@dataclass(frozen=True, slots=True)
class Number:
    """The newest observed value of one measure of a post, with where it comes from."""

    measure: str
    value: int
    source_class: str
    api_field: str
    observed_at: datetime


def numbers_of_posts(account_id: int, post_ids: Sequence[int]) -> dict[int, dict[str, Number]]:
    """{post id: {measure: newest number}}; what was never observed is absent."""
    statement = """
        SELECT DISTINCT ON (post_id, measure) post_id, measure, value, source_class, api_field, observed_at
          FROM catalogue_observation WHERE account_id = %s AND post_id = ANY(%s)
         ORDER BY post_id, measure, observed_at DESC
    """
    found: dict[int, dict[str, Number]] = {}
    with connection.cursor() as cursor:
        cursor.execute(statement, [account_id, list(post_ids)])
        for post, measure, *rest in cursor.fetchall():
            found.setdefault(post, {})[measure] = Number(measure, *rest)
    return found


def list_brands(workspace_id: int) -> list[Brand]:
    return list(Brand.objects.filter(workspace_id=workspace_id).order_by("name"))


def list_imports(workspace_id: int) -> list[Import]:
    return list(Import.objects.filter(workspace_id=workspace_id).order_by("-started_at")[:100])


def get_import(workspace_id: int, import_id: int) -> Import:
    found = Import.objects.filter(workspace_id=workspace_id, pk=import_id).first()
    if found is None:
        raise NotFound(
            Sentence("There is no import %(import_id)s.", import_id=import_id),
            Sentence("The page of imports lists those there are."),
        )
    return found


def list_connections(workspace_id: int) -> list[Connection]:
    connections = Connection.objects.select_related("account").filter(workspace_id=workspace_id)
    return list(connections.order_by("network", "target"))


def count_of_creator(creator: Creator) -> dict[str, int]:
    """What the catalogue holds about a creator: what an erasure would remove of it."""
    return {
        "account": Account.objects.filter(creator=creator).count(),
        "post": Post.objects.filter(account__creator=creator).count(),
        "comment": Comment.objects.filter(account__creator=creator).count(),
        "observation": Observation.objects.filter(account__creator=creator).count(),
    }


def count_everything(workspace_id: int) -> dict[str, int]:
    """How many creators, accounts and posts there are: what the home page and an erasure's report say."""
    posts = Post.objects.filter(account__workspace_id=workspace_id)
    return {
        "creators": Creator.objects.filter(workspace_id=workspace_id).count(),
        "accounts": Account.objects.filter(workspace_id=workspace_id).count(),
        "posts": posts.count(),
    }
