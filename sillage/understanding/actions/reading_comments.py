"""Reading comments: every comment that came in or changed gets its signals.

Committed batch by batch, so that a run that is killed goes on where it stopped; the ledger entry closes a run. What is
read anew takes the place of what an older version, or the same one, had said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from django.db import connection, transaction

from sillage.adapters.copying import Column, Staging
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.understanding.comment_reader import CommentReader
from sillage.understanding.engine.chain import Due
from sillage.understanding.engine.intents import Intents
from sillage.understanding.engine.port import Finding, PostText
from sillage.understanding.queries.comments import Waiting, due_comments, waiting_comments
from sillage.understanding.queries.learning import current_heads
from sillage.understanding.workers import Crew

BATCH_COMMENTS = 1_000
_ACCOUNTS = 20
_BY_ACCOUNT = Finding({"by_account": True}, 1.0)

_SIGNALS = Staging(
    "commentsignal",
    (
        Column("account_id", "int8"),
        Column("id", "int8"),
        Column("comment_id", "int8"),
        Column("enricher", "text"),
        Column("version", "text"),
        Column("content_hash", "int8"),
        Column("value", "jsonb"),
        Column("confidence", "float8"),
        Column("evidence", "jsonb"),
        Column("made_at", "timestamptz"),
    ),
)
Found = dict[str, list[tuple[int, Finding]]]


@dataclass(frozen=True, slots=True)
class CommentsRead:
    """What a run did. `signals` counts what was stored, per enricher."""

    comments: int
    signals: dict[str, int]
    versions: dict[str, str]


def read_comments(
    *,
    actor: Actor,
    now: datetime,
    workers: int = 1,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> CommentsRead:
    """Read what has not been read: language, tone, intent and cultural check of comments."""
    require(actor, Right.CATALOGUE)
    heads = current_heads(actor.workspace_id)
    versions = CommentReader(heads).versions
    accounts = due_comments(actor.workspace_id, versions)
    total, done, counts = sum(accounts.values()), 0, dict.fromkeys(versions, 0)
    crew: Crew[Due, Found] = Crew(CommentReader, (heads,), workers if total > BATCH_COMMENTS else 1)
    for waiting, found in crew.results(_batches(actor.workspace_id, list(accounts), versions)):
        _store(waiting, found, versions, counts, now)
        done += len(waiting)
        on_progress(done, max(total, done))
    if done:
        governance.record(
            verb="understanding.comments_read",
            subject_kind="workspace",
            subject_id=actor.workspace_id,
            actor=actor,
            now=now,
            facts={"comments": done, "signals": counts, "versions": versions},
        )
    return CommentsRead(done, counts, versions)


def _batches(
    workspace_id: int, accounts: list[int], versions: dict[str, str]
) -> Iterator[tuple[Sequence[Waiting], Due]]:
    held: list[Waiting] = []
    for start in range(0, len(accounts), _ACCOUNTS):
        held += waiting_comments(workspace_id, accounts[start : start + _ACCOUNTS], versions)
        while len(held) >= BATCH_COMMENTS:
            yield held[:BATCH_COMMENTS], _due(held[:BATCH_COMMENTS], versions)
            held = held[BATCH_COMMENTS:]
    if held:
        yield held, _due(held, versions)


def _due(waiting: Sequence[Waiting], versions: dict[str, str]) -> Due:
    texts = tuple(
        PostText(
            account_id=w.comment.account_id,
            post_id=w.comment.id,
            content_hash=w.content_hash,
            title="",
            text=w.comment.text,
            language=w.language,
            published_on=w.comment.published_at.date(),
            repeats=w.repeats,
        )
        for w in waiting
    )
    return Due(texts, {name: tuple(p for p, w in enumerate(waiting) if name in w.wanted) for name in versions})


@transaction.atomic
def _store(
    waiting: Sequence[Waiting], found: Found, versions: dict[str, str], counts: dict[str, int], now: datetime
) -> None:
    rows = []
    for name, findings in found.items():
        for place, finding in findings:
            rows.append(_row(waiting[place], name, versions[name], finding, now))
        counts[name] += len(findings)
    with connection.cursor() as cursor:
        _SIGNALS.fill(cursor, rows)
        cursor.execute(
            "DELETE FROM understanding_commentsignal s USING staged_commentsignal n WHERE s.account_id = n.account_id"
            " AND s.enricher = n.enricher AND s.comment_id = n.comment_id"
        )
        names = ", ".join(c.name for c in _SIGNALS.columns)
        cursor.execute(
            f"INSERT INTO understanding_commentsignal ({names}) SELECT {names} FROM staged_commentsignal s"  # noqa: S608
            " WHERE EXISTS (SELECT FROM catalogue_comment c WHERE c.account_id = s.account_id AND c.id = s.comment_id)"
        )


def _row(waiting: Waiting, name: str, version: str, finding: Finding, now: datetime) -> tuple[object, ...]:
    comment = waiting.comment
    said = _BY_ACCOUNT if waiting.by_account and name == Intents.name else finding
    identity = f"comment|{comment.id}|{name}|{version}|{waiting.content_hash}".encode()
    return (
        comment.account_id,
        int.from_bytes(blake2b(identity, digest_size=8).digest(), "big") >> 1,
        comment.id,
        name,
        version,
        waiting.content_hash,
        said.value,
        said.confidence,
        said.evidence,
        now,
    )
