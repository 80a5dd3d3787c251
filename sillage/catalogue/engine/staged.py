"""From a batch to the rows of the big tables: ids derived, repeats folded, forgotten people left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

from sillage.catalogue.engine import keys
from sillage.catalogue.engine.records import AccountRecord, Batch, CommentRecord, PostRecord

CREATOR_KEY_LIMIT = 200
Row = tuple[Any, ...]
Kept = Callable[[tuple[str, str]], bool]


class SameId(ValueError):
    """Two different things of one batch got the same derived id: `args` are what they are known by."""


@dataclass(frozen=True, slots=True, order=True)
class Clash:
    """A number that differs from the one kept for the same instant: refused, for no observation is overwritten."""

    index: int  # of the record in the batch
    kept: int


@dataclass(frozen=True, slots=True)
class Staged:
    """Rows ready to be copied, in the order of the columns in `actions/storing.py`.

    `observations[i]` ends with the index of its record in the batch; `clashes` are those that give
    another value than one before them in the batch for the same instant. `repeated` counts, per kind, the records that
    name a thing named before.
    """

    accounts: list[Row]
    posts: list[Row]
    comments: list[Row]
    observations: list[Row]
    account_ids: dict[tuple[str, str], int]
    repeated: dict[str, int]
    clashes: list[Clash]
    forgotten: int = 0


@dataclass(frozen=True, slots=True)
class Owner:
    """The workspace whose catalogue it is. `tombstones` are the key hashes of those it has forgotten."""

    workspace_id: int
    salt: bytes
    tombstones: frozenset[bytes] = field(default=frozenset())

    def has_forgotten(self, network: str, network_id: str, handle: str = "") -> bool:
        """True for an account that is known to be forgotten by its id or by its handle: some exports have only one."""
        if not self.tombstones:
            return False
        names = {network_id, keys.plain_handle(network_id), keys.plain_handle(handle)} - {""}
        return any(keys.creator_key_hash(self.salt, network, name) in self.tombstones for name in names)


def staged(batch: Batch, owner: Owner) -> Staged:
    """The rows of a batch. Of two records of one thing the later holds; of two numbers at one instant the first."""
    batch = replace(batch, comments=_by_others(batch.comments, owner))
    ids, forgotten = _account_ids(batch, owner)
    accounts = _last_of_each(batch.accounts, ids, _account_row, lambda row: (row[1], row[2]))
    posts = _last_of_each(batch.posts, ids, _post_row, lambda row: row[2])
    comments = _last_of_each(batch.comments, ids, _comment_row(owner.salt), lambda row: row[3])
    observations, repeated, clashes = _observations(batch, ids)
    kinds = {
        "accounts": (batch.accounts, accounts),
        "posts": (batch.posts, posts),
        "comments": (batch.comments, comments),
    }
    return Staged(
        accounts=accounts,
        posts=posts,
        comments=comments,
        observations=observations,
        account_ids=ids,
        repeated={
            **{kind: sum(_owner_key(r) in ids for r in given) - len(rows) for kind, (given, rows) in kinds.items()},
            "observations": repeated,
        },
        clashes=clashes,
        forgotten=forgotten,
    )


def _by_others(comments: tuple[CommentRecord, ...], owner: Owner) -> tuple[CommentRecord, ...]:
    """Comments but for those that a forgotten person wrote."""
    if not owner.tombstones:
        return comments
    return tuple(c for c in comments if not owner.has_forgotten(c.network, c.author_network_id))


def content_hash(title: str, text: str, hashtags: tuple[str, ...]) -> int:
    """63 bits that change whenever what a post says changes."""
    digest = blake2b("\x1f".join((title, text, *hashtags)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


NO_CONTENT = content_hash("", "", ())


def default_creator_key(network: str, network_id: str) -> str:
    """The key of a creator of whom one account is known: network:network_id, a too long one ending in a digest."""
    key = f"{network}:{network_id}"
    if len(key) <= CREATOR_KEY_LIMIT:
        return key
    return f"{key[: CREATOR_KEY_LIMIT - 33]}#{blake2b(key.encode(), digest_size=16).hexdigest()}"


def _owner_key(record: Any) -> tuple[str, str]:
    if isinstance(record, AccountRecord):
        return record.network, record.network_id
    return record.network, record.account_network_id


def _account_ids(batch: Batch, owner: Owner) -> tuple[dict[tuple[str, str], int], int]:
    """The id of every account that the batch names and that is not forgotten, and how many are."""
    named = dict.fromkeys([(a.network, a.network_id) for a in batch.accounts])
    for records in (batch.posts, batch.comments, batch.observations, batch.raw):
        named.update(dict.fromkeys([(r.network, r.account_network_id) for r in records]))
    forgotten = {
        (a.network, a.network_id) for a in batch.accounts if owner.has_forgotten(a.network, a.network_id, a.handle)
    }
    forgotten |= {key for key in named if owner.has_forgotten(*key)}
    return {key: keys.account_id(owner.workspace_id, *key) for key in named if key not in forgotten}, len(forgotten)


def _last_of_each(
    records: Iterable[Any],
    ids: dict[tuple[str, str], int],
    row_of: Callable[[int, Any], Row],
    natural_key: Callable[[Row], Any],
) -> list[Row]:
    """One row per thing: that of its last record. A row begins with what identifies it."""
    rows: dict[Any, Row] = {}
    for record in records:
        account = ids.get(_owner_key(record))
        if account is None:
            continue
        row = row_of(account, record)
        before = rows.setdefault(row[0] if isinstance(record, AccountRecord) else row[1], row)
        if before is not row:
            if natural_key(before) != natural_key(row):
                raise SameId(natural_key(before), natural_key(row))
            rows[row[0] if isinstance(record, AccountRecord) else row[1]] = row
    return list(rows.values())


def _account_row(account: int, a: AccountRecord) -> Row:
    return (
        account,
        a.network,
        a.network_id,
        a.handle,
        a.name,
        a.bio,
        a.url,
        a.country,
        list(a.languages),
        _utc(a.created_at),
        a.creator_key or default_creator_key(a.network, a.network_id),
        a.creator_key is not None,
    )


def _post_row(account: int, p: PostRecord) -> Row:
    return (
        account,
        keys.post_id(account, p.network_id),
        p.network_id,
        _utc(p.published_at),
        p.title,
        p.text,
        list(p.hashtags),
        p.format,
        p.url,
        p.language,
        p.paid_label,
        p.duration_s,
        content_hash(p.title, p.text, p.hashtags),
    )


def _comment_row(salt: bytes) -> Callable[[int, CommentRecord], Row]:
    def row(account: int, c: CommentRecord) -> Row:
        author = c.author_network_id
        return (
            account,
            keys.comment_id(account, c.network_id),
            keys.post_id(account, c.post_network_id),
            c.network_id,
            keys.creator_key_hash(salt, c.network, author) if author else None,
            c.text,
            c.reply_to_network_id,
            c.likes,
            _utc(c.published_at),
        )

    return row


def _observations(batch: Batch, ids: dict[tuple[str, str], int]) -> tuple[list[Row], int, list[Clash]]:
    rows: dict[int, Row] = {}
    posts: dict[tuple[int, str], int] = {}  # a post is observed several times
    repeated = 0
    clashes: list[Clash] = []
    for index, o in enumerate(batch.observations):
        account = ids.get((o.network, o.account_network_id))
        if account is None:
            continue
        post = 0
        if o.post_network_id is not None:
            post = posts.get((account, o.post_network_id)) or keys.post_id(account, o.post_network_id)
            posts[account, o.post_network_id] = post
        at = _utc(o.observed_at)
        assert at is not None
        key = keys.observation_id(account, post, o.measure, o.source_class, at)
        row = (account, key, post, o.measure, o.value, o.api_field, o.source_class, at, index)
        before = rows.setdefault(key, row)
        if before is row:
            continue
        if before[4] == o.value:
            repeated += 1
        else:
            clashes.append(Clash(index, before[4]))
    return list(rows.values()), repeated, clashes


def _utc(moment: datetime | None) -> datetime | None:
    """The same instant in UTC: ids are derived from how it is written."""
    if moment is None or moment.tzinfo is UTC:
        return moment
    if moment.tzinfo is None:
        raise ValueError(f"{moment} names no time zone")
    return moment.astimezone(UTC)
