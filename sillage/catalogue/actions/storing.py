"""Keeping what came in, as part of an action: each thing once, by its derived id; a number appended, never replaced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper
from psycopg import sql

from sillage.adapters.copying import REPLACE, UNLESS_EMPTY, UNLESS_NULL, Column, Staging, merged
from sillage.catalogue.engine.records import Batch
from sillage.catalogue.engine.staged import NO_CONTENT, Clash, Owner, SameId, Staged, staged
from sillage.catalogue.models import Tombstone
from sillage.governance.models import Workspace
from sillage.lib.errors import NotFound, Refusal
from sillage.lib.sentences import Sentence

# A post's words change together; a record without any (a number alone) leaves them as they are.
_WORDS = f"CASE WHEN excluded.content_hash = {NO_CONTENT} THEN {{old}} ELSE {{new}} END"
# Files of posts and comments know an account by its id only, and give that for a handle.
_HANDLE = "CASE WHEN {new} = excluded.network_id THEN {old} ELSE {new} END"

_REPORT_IT = Sentence(
    "Nothing of the batch was stored. Please report it: it should happen once in a million installations."
)
_ACCOUNTS = Staging(
    "account",
    (
        Column("id", "bigint"),
        Column("network", "text"),
        Column("network_id", "text"),
        Column("handle", "text", _HANDLE),
        Column("name", "text", UNLESS_EMPTY),
        Column("bio", "text", UNLESS_EMPTY),
        Column("url", "text", UNLESS_EMPTY),
        Column("country", "text", UNLESS_NULL),
        Column("languages", "text[]", UNLESS_EMPTY),
        Column("created_at", "timestamptz", UNLESS_NULL),
        Column("creator_key", "text"),
        Column("is_grouped", "boolean"),
    ),
)
_POSTS = Staging(
    "post",
    (
        Column("account_id", "bigint"),
        Column("id", "bigint"),
        Column("network_id", "text"),
        Column("published_at", "timestamptz", REPLACE),
        Column("title", "text", _WORDS),
        Column("text", "text", _WORDS),
        Column("hashtags", "text[]", _WORDS),
        Column("format", "text", UNLESS_NULL),
        Column("url", "text", UNLESS_EMPTY),
        Column("language", "text", UNLESS_NULL),
        Column("paid_label", "boolean", UNLESS_NULL),
        Column("duration_s", "float8", UNLESS_NULL),
        Column("content_hash", "bigint", _WORDS),
    ),
)
_COMMENTS = Staging(
    "comment",
    (
        Column("account_id", "bigint"),
        Column("id", "bigint"),
        Column("post_id", "bigint"),
        Column("network_id", "text"),
        Column("author_hash", "bytea", UNLESS_NULL),
        Column("text", "text", REPLACE),
        Column("reply_to_network_id", "text", UNLESS_NULL),
        Column("likes", "bigint", UNLESS_NULL),
        Column("published_at", "timestamptz", REPLACE),
    ),
)
_OBSERVATIONS = Staging(
    "observation",
    (
        Column("account_id", "bigint"),
        Column("id", "bigint"),
        Column("post_id", "bigint"),
        Column("measure", "text"),
        Column("value", "bigint"),
        Column("api_field", "text"),
        Column("source_class", "text"),
        Column("observed_at", "timestamptz"),
        Column("number", "integer"),
    ),
)


class KeyCollision(Refusal):
    """Two different things derive the same id. See `engine/keys.py` for how rare that is."""


KINDS = ("accounts", "posts", "comments", "observations")


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of the records of one kind. `repeated` ones name a thing that the same batch named before."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    repeated: int = 0

    def __add__(self, other: Kept) -> Kept:
        return Kept(
            self.new + other.new,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
            self.repeated + other.repeated,
        )


@dataclass(frozen=True, slots=True)
class Ingested:
    """What an ingest did, per kind of record.

    `forgotten` accounts were left out: their owners asked to be. `clashing` numbers differ from those kept for the same
    instant, and were refused.
    """

    accounts: Kept = Kept()
    posts: Kept = Kept()
    comments: Kept = Kept()
    observations: Kept = Kept()
    forgotten: int = 0
    clashing: int = 0

    def facts(self) -> dict[str, Any]:
        """As the ledger and an import's row keep it."""
        return asdict(self)

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> Ingested:
        kinds = {kind: Kept(**facts[kind]) for kind in KINDS if kind in facts}
        return cls(**kinds, forgotten=facts.get("forgotten", 0), clashing=facts.get("clashing", 0))

    def __add__(self, other: Ingested) -> Ingested:
        kinds = {kind: getattr(self, kind) + getattr(other, kind) for kind in KINDS}
        return Ingested(**kinds, forgotten=self.forgotten + other.forgotten, clashing=self.clashing + other.clashing)


def staged_or_refused(batch: Batch, owner: Owner) -> Staged:
    """The batch's rows, unless two of its things derive one id."""
    try:
        return staged(batch, owner)
    except SameId as error:
        raise _collision(*error.args) from error


def find_owner(workspace_id: int) -> Owner:
    """The workspace as keeping needs it, with those whom it has forgotten by now."""
    workspace = Workspace.objects.filter(pk=workspace_id).first()
    if workspace is None:
        raise NotFound(
            Sentence("There is no workspace %(workspace_id)s.", workspace_id=workspace_id),
            Sentence("See the list with `sillage workspace list`."),
        )
    tombstones = Tombstone.objects.filter(workspace_id=workspace_id).values_list("key_hash", flat=True)
    return Owner(workspace_id, bytes(workspace.salt), frozenset(bytes(key) for key in tombstones))


def keep_rows(*, rows: Staged, owner: Owner, now: datetime) -> tuple[Ingested, tuple[Clash, ...]]:
    """Write staged rows as part of another action, whose own ledger entry covers them; also the numbers it refused."""
    with connection.cursor() as cursor:
        # The staged rows are few and the tables are large: look each row up by its key.
        cursor.execute("SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off")
        accounts = _keep_accounts(cursor, rows, owner, now)
        posts = _keep(cursor, _POSTS, "catalogue_post", rows.posts, rows.repeated["posts"], now)
        comments = _keep(cursor, _COMMENTS, "catalogue_comment", rows.comments, rows.repeated["comments"], now)
        observations, clashes = _keep_observations(cursor, rows)
        cursor.execute("SET LOCAL enable_hashjoin = on; SET LOCAL enable_mergejoin = on")
    return Ingested(accounts, posts, comments, observations, rows.forgotten, len(clashes)), clashes


def _keep_accounts(cursor: CursorWrapper, rows: Staged, owner: Owner, now: datetime) -> Kept:
    if not rows.accounts:
        return Kept(repeated=rows.repeated["accounts"])
    _ACCOUNTS.fill(cursor, rows.accounts)
    cursor.execute(_AS_RECTIFIED, [owner.workspace_id])
    cursor.execute(_REFUSED_ACCOUNTS, [owner.workspace_id])
    _refuse_collision(cursor.fetchone())
    cursor.execute(_NEW_CREATORS, [owner.workspace_id, now])
    cursor.execute(_UPSERT_ACCOUNTS, [owner.workspace_id, now, now, owner.workspace_id])
    new, changed = cursor.fetchone()
    cursor.execute(_SEEN_AGAIN, [now, now])
    return Kept(new, changed, len(rows.accounts) - new - changed, rows.repeated["accounts"])


# What a creator put right stands against what a source says.
_AS_RECTIFIED = """
UPDATE staged_account s SET name = coalesce(r.said->>'name', s.name), handle = coalesce(r.said->>'handle', s.handle),
    bio = coalesce(r.said->>'bio', s.bio),
    country = CASE WHEN r.said ? 'country' THEN nullif(r.said->>'country', '') ELSE s.country END
FROM (
    SELECT subject_id::bigint AS id, jsonb_object_agg(field, value) AS said FROM governance_rectification
    WHERE workspace_id = %s AND subject_kind = 'account' GROUP BY subject_id
) r WHERE r.id = s.id
"""

_REFUSED_ACCOUNTS = """
SELECT s.network || ':' || s.network_id, a.network || ':' || a.network_id
FROM staged_account s JOIN catalogue_account a USING (id)
WHERE (a.workspace_id, a.network, a.network_id) <> (%s, s.network, s.network_id) LIMIT 1
"""

# An account that names no creator of its own gets one when it is new, and keeps the one it has when it is not.
_NEW_CREATORS = """
INSERT INTO catalogue_creator (workspace_id, key, name, created_at)
SELECT DISTINCT ON (s.creator_key) %s, s.creator_key, coalesce(nullif(s.name, ''), s.handle), %s
FROM staged_account s
WHERE s.is_grouped OR NOT EXISTS (SELECT FROM catalogue_account a WHERE a.id = s.id)
ORDER BY s.creator_key
ON CONFLICT (workspace_id, key) DO NOTHING
"""

_account_set, _account_differs = merged(_ACCOUNTS.columns)
_UPSERT_ACCOUNTS = sql.SQL("""
WITH kept AS (
    INSERT INTO catalogue_account AS old (
        id, workspace_id, creator_id, network, network_id, handle, name, bio, url, country, languages, created_at,
        first_seen_at, fetched_at
    )
    SELECT s.id, %s, coalesce(CASE WHEN s.is_grouped OR a.id IS NULL THEN c.id END, a.creator_id),
        s.network, s.network_id, s.handle, s.name, s.bio, s.url, s.country, s.languages, s.created_at, %s, %s
    FROM staged_account s
    LEFT JOIN catalogue_account a ON a.id = s.id
    LEFT JOIN catalogue_creator c ON c.workspace_id = %s AND c.key = s.creator_key
    ORDER BY s.id
    ON CONFLICT (id) DO UPDATE SET {setting}, creator_id = excluded.creator_id
    WHERE {differs} OR old.creator_id <> excluded.creator_id
    RETURNING xmax = 0 AS is_new
)
SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM kept
""").format(setting=_account_set, differs=_account_differs)

_SEEN_AGAIN = """
UPDATE catalogue_account a SET fetched_at = %s FROM staged_account s WHERE a.id = s.id AND a.fetched_at < %s
"""


def _keep(
    cursor: CursorWrapper, staging: Staging, table: str, rows: Sequence[Any], repeated: int, now: datetime
) -> Kept:
    """Upsert posts or comments, whose key is (account_id, id)."""
    if not rows:
        return Kept(repeated=repeated)
    staging.fill(cursor, rows)
    setting, differs = merged(staging.columns)
    cursor.execute(
        _UPSERT.format(
            table=sql.Identifier(table), names=staging.names(), staged=staging.table, setting=setting, differs=differs
        ),
        [now],
    )
    new, changed = cursor.fetchone()
    if new + changed < len(rows):
        cursor.execute(_REFUSED.format(table=sql.Identifier(table), staged=staging.table))
        _refuse_collision(cursor.fetchone())
    return Kept(new, changed, len(rows) - new - changed, repeated)


_UPSERT = sql.SQL("""
WITH kept AS (
    INSERT INTO {table} AS old ({names}, fetched_at)
    SELECT {names}, %s FROM {staged} ORDER BY account_id, id
    ON CONFLICT (account_id, id) DO UPDATE SET {setting}, fetched_at = excluded.fetched_at
    WHERE old.network_id = excluded.network_id AND ({differs})
    RETURNING xmax = 0 AS is_new
)
SELECT count(*) FILTER (WHERE is_new), count(*) FILTER (WHERE NOT is_new) FROM kept
""")
_REFUSED = sql.SQL("""
SELECT s.network_id, t.network_id FROM {staged} s JOIN {table} t USING (account_id, id)
WHERE s.network_id <> t.network_id LIMIT 1
""")


def _refuse_collision(pair: tuple[str, str] | None) -> None:
    if pair is not None:
        raise _collision(*pair)


def _collision(pair: object, pair_2: object) -> KeyCollision:
    return KeyCollision(
        Sentence("“%(pair)s” and “%(pair_2)s” derive the same id, and only one can be kept.", pair=pair, pair_2=pair_2),
        _REPORT_IT,
    )


def _keep_observations(cursor: CursorWrapper, rows: Staged) -> tuple[Kept, tuple[Clash, ...]]:
    """Append the numbers. One that is stored already is left alone; one that differs from it is a clash."""
    repeated = rows.repeated["observations"]
    if not rows.observations:
        return Kept(repeated=repeated), ()
    _OBSERVATIONS.fill(cursor, rows.observations)
    cursor.execute(_APPEND)
    new = cursor.rowcount
    clashes: list[Clash] = []
    if new < len(rows.observations):
        cursor.execute(_CLASHES)
        clashes = [Clash(number, stored) for number, stored in cursor.fetchall()]
    unchanged = len(rows.observations) - new - len(clashes)
    return Kept(new=new, unchanged=unchanged, repeated=repeated), tuple(sorted([*rows.clashes, *clashes]))


_APPEND = """
INSERT INTO catalogue_observation (account_id, id, post_id, measure, value, api_field, source_class, observed_at)
SELECT account_id, id, post_id, measure, value, api_field, source_class, observed_at FROM staged_observation
ORDER BY account_id, observed_at, id
ON CONFLICT (account_id, observed_at, id) DO NOTHING
"""
_CLASHES = """
SELECT s.number, o.value FROM staged_observation s JOIN catalogue_observation o USING (account_id, observed_at, id)
WHERE o.value <> s.value
"""
