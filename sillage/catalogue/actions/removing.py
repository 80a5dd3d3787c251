"""Removing posts and accounts with all that was made from them, as part of another action.

Rooms above, which point to posts and accounts without foreign keys, are named once in `front/wiring.py`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sillage.catalogue.actions.cards import rewrite_words
from sillage.catalogue.models import Account, Comment, Creator, Observation, Post
from sillage.governance import actions as governance


@dataclass(frozen=True, slots=True)
class GonePosts:
    """Posts of one account that the network no longer has."""

    workspace_id: int
    account_id: int
    post_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class GoneComments:
    """Comments under one account's posts that the network no longer shows."""

    workspace_id: int
    account_id: int
    comment_ids: tuple[int, ...]


Remover = Callable[[GonePosts], dict[str, int]]
_removers: list[Remover] = []


def also_remove_posts(remover: Remover) -> None:
    """Let a room above remove what it made from posts, and from comments that are not there any more."""
    if remover not in _removers:
        _removers.append(remover)


def remove_posts(gone: GonePosts, now: datetime) -> dict[str, int]:
    """Delete posts, what was said and measured under them, and what was made from them. Returns rows per kind.

    The account counts as changed, so that its profile, numbers and card are made anew at the next `sillage enrich`.
    """
    posts = Post.objects.filter(account_id=gone.account_id, id__in=gone.post_ids)
    if not posts.exists():
        return {}
    under = {"account_id": gone.account_id, "post_id__in": gone.post_ids}
    observations = Observation.objects.filter(**under)
    refs = [f"observation:{gone.account_id}:{o}" for o in observations.values_list("id", flat=True)]
    removed: Counter[str] = Counter(
        {
            "receipt": governance.forget_receipts_citing(gone.workspace_id, "account", gone.account_id, refs),
            "observation": observations.delete()[0],
            "comment": Comment.objects.filter(**under).delete()[0],
            "post": posts.delete()[0],
        }
    )
    for remover in _removers:
        removed.update(remover(gone))
    Account.objects.filter(pk=gone.account_id).update(fetched_at=now)
    rewrite_words([gone.account_id])
    return dict(removed)


def remove_comments(gone: GoneComments, now: datetime) -> dict[str, int]:
    """Delete comments and what was made from them. Returns rows per kind. The account counts as changed."""
    comments = Comment.objects.filter(account_id=gone.account_id, id__in=gone.comment_ids)
    removed: Counter[str] = Counter(comment=comments.delete()[0])
    if not removed["comment"]:
        return {}
    for remover in _removers:
        removed.update(remover(GonePosts(gone.workspace_id, gone.account_id, ())))
    Account.objects.filter(pk=gone.account_id).update(fetched_at=now)
    return dict(removed)


def remove_accounts(workspace_id: int, account_ids: Sequence[int]) -> dict[str, int]:
    """Delete accounts with all that hangs on them, their numbers' receipts, and creators left without any account."""
    accounts = Account.objects.filter(workspace_id=workspace_id, pk__in=account_ids)
    creators = set(accounts.values_list("creator_id", flat=True))
    removed: Counter[str] = Counter(governance.forget_receipts(workspace_id, "account", account_ids))
    for _, rows in (accounts.delete(), Creator.objects.filter(pk__in=creators, accounts=None).delete()):
        removed.update(per_kind(rows))
    return {kind: n for kind, n in sorted(removed.items()) if n}


def per_kind(rows: dict[str, int]) -> dict[str, int]:
    """Django's {"catalogue.Post": 3} as {"post": 3}."""
    return {label.rpartition(".")[2].lower(): n for label, n in rows.items()}
