"""Reading comments for their enrichers: which are due, what has been said of them, how often each was written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from sillage.catalogue import queries as catalogue
from sillage.catalogue.engine.keys import creator_key_hash
from sillage.catalogue.models import Comment, Post
from sillage.governance.models import Workspace
from sillage.understanding.engine.repetition import Written, essence, repeats
from sillage.understanding.models import CommentSignal
from sillage.understanding.queries import current_language, derivable
from sillage.understanding.queries.corrections import comment_hash

_NOT_READ = """NOT EXISTS (SELECT FROM understanding_commentsignal s WHERE s.account_id = c.account_id
    AND s.enricher = %({name})s AND s.comment_id = c.id AND s.version = %({name}_version)s AND s.made_at >= c.fetched_at)"""
_DUE = """
    SELECT c.account_id, count(*) FROM catalogue_comment c JOIN catalogue_account a ON a.id = c.account_id
     WHERE a.workspace_id = %(workspace)s AND ({missing}) AND {derivable}
     GROUP BY c.account_id ORDER BY c.account_id
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A comment that some enrichers have not read. `language` is its own or, where that was never told, its post's.

    `repeats` counts how often its text was written under the account's posts.
    """

    comment: Comment
    content_hash: int
    language: str | None
    repeats: int
    by_account: bool
    wanted: tuple[str, ...]


def due_comments(workspace_id: int, versions: Mapping[str, str]) -> dict[int, int]:
    """Accounts with comments that came in or changed since an enricher of these versions read them: {account id: number}."""
    missing = " OR ".join(_NOT_READ.format(name=name) for name in versions)
    given: dict[str, Any] = {"workspace": workspace_id}
    for name, version in versions.items():
        given |= {name: name, f"{name}_version": version}
    with connection.cursor() as cursor:
        cursor.execute(_DUE.format(missing=missing, derivable=derivable()), given)
        return dict(cursor.fetchall())


def waiting_comments(workspace_id: int, account_ids: Sequence[int], versions: Mapping[str, str]) -> list[Waiting]:
    """The comments of some accounts that are due, with what their enrichers need to know of the others.

    A comment whose text came in again is due again for `intent`: repetition is part of what that enricher reads.
    """
    rows = list(Comment.objects.filter(account_id__in=account_ids).order_by("account_id", "id"))
    known = _read_already(account_ids, versions)
    languages, of_posts = _languages(account_ids), _languages_of_posts(account_ids)
    own = _own_hashes(workspace_id, account_ids)
    times = _repeats(rows)
    wanted = [_wanted(row, versions, known) for row in rows]
    again = {(row.account_id, essence(row.text)) for row, names in zip(rows, wanted, strict=True) if names}
    found = []
    for row, names, n in zip(rows, wanted, times, strict=True):
        if not names and n > 1 and (row.account_id, essence(row.text)) in again:
            names = ("intent",)
        if names:
            by_account = row.author_hash is not None and bytes(row.author_hash) == own.get(row.account_id)
            language = languages.get((row.account_id, row.id)) or of_posts.get((row.account_id, row.post_id))
            found.append(Waiting(row, comment_hash(row.text), language, n, by_account, names))
    return found


def _wanted(
    row: Comment, versions: Mapping[str, str], known: Mapping[tuple[int, int, str], datetime]
) -> tuple[str, ...]:
    def is_read(name: str) -> bool:
        at = known.get((row.account_id, row.id, name))
        return at is not None and at >= row.fetched_at

    return tuple(name for name in versions if not is_read(name))


def _read_already(account_ids: Sequence[int], versions: Mapping[str, str]) -> dict[tuple[int, int, str], datetime]:
    """{(account id, comment id, enricher): when a signal of the given version was made}."""
    rows = CommentSignal.objects.filter(account_id__in=account_ids, enricher__in=list(versions))
    return {
        (account, comment, enricher): at
        for account, comment, enricher, version, at in rows.values_list(
            "account_id", "comment_id", "enricher", "version", "made_at"
        )
        if versions[enricher] == version
    }


def _languages(account_ids: Sequence[int]) -> dict[tuple[int, int], str]:
    rows = CommentSignal.objects.filter(account_id__in=account_ids, enricher="language", confidence__gt=0)
    return {(a, c): value["language"] for a, c, value in rows.values_list("account_id", "comment_id", "value")}


def _languages_of_posts(account_ids: Sequence[int]) -> dict[tuple[int, int], str]:
    """{(account id, post id): language} as it was found, else as the network declares it."""
    posts = Post.objects.filter(account_id__in=account_ids, language__isnull=False)
    declared = {(a, p): code for a, p, code in posts.values_list("account_id", "id", "language") if code}
    return declared | current_language(account_ids, {})


def _own_hashes(workspace_id: int, account_ids: Sequence[int]) -> dict[int, bytes]:
    """How each account would be named as the author of a comment."""
    salt = bytes(Workspace.objects.values_list("salt", flat=True).get(pk=workspace_id))
    accounts = catalogue.list_accounts(workspace_id, account_ids)
    return {pk: creator_key_hash(salt, a.network, a.network_id) for pk, a in accounts.items()}


def _repeats(rows: Sequence[Comment]) -> list[int]:
    """Counted account by account; the rows stand in their order."""
    counted: list[int] = []
    start = 0
    for end in range(1, len(rows) + 1):
        if end == len(rows) or rows[end].account_id != rows[start].account_id:
            own = [Written(r.text, bytes(r.author_hash) if r.author_hash else None, r.post_id) for r in rows[start:end]]
            counted += repeats(own)
            start = end
    return counted
