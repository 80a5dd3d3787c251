"""Reading posts: every post that an enricher of today's version has not read gets its signals.

The work is committed batch by batch, so that a run that is killed goes on where it stopped; the ledger entry closes a run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from sillage.adapters.clusters import RayCrew
from sillage.adapters.copying import Column, Staging
from sillage.catalogue import queries as catalogue
from sillage.catalogue.models import Account, Post
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.lib.errors import Malformed
from sillage.lib.sentences import Sentence
from sillage.understanding.engine.brands import KnownBrand
from sillage.understanding.engine.chain import Due
from sillage.understanding.engine.port import ENRICHERS, VECTORS, PostText
from sillage.understanding.lens import embedder_settings
from sillage.understanding.queries import current_language, due_accounts, read_already
from sillage.understanding.queries.learning import current_heads, stored_vectors
from sillage.understanding.workers import Crew, Reader, Reading, Spec, reader_of

BATCH_POSTS = 400
_Crew = Crew[Due, Reading] | RayCrew[Due, Reading]

SIGNALS = Staging(
    "signal",
    (
        Column("account_id", "int8"),
        Column("id", "int8"),
        Column("post_id", "int8"),
        Column("enricher", "text"),
        Column("version", "text"),
        Column("content_hash", "int8"),
        Column("value", "jsonb"),
        Column("confidence", "float8"),
        Column("evidence", "jsonb"),
        Column("made_at", "timestamptz"),
    ),
)


@dataclass(frozen=True, slots=True)
class Enriched:
    """What a run did. `signals` counts what is new, per enricher."""

    posts: int
    signals: dict[str, int]
    versions: dict[str, str]


class UnknownEnricher(Malformed):
    """There is no enricher of this name."""

    title = "Unknown enricher"


def spec_of(workspace_id: int, only: Sequence[str] = ()) -> Spec:
    """What reading processes of a workspace are made of, from its brands, its learnt heads and the settings."""
    for name in only:
        if name not in ENRICHERS:
            raise UnknownEnricher(
                Sentence("No enricher is called “%(name)s”.", name=name),
                Sentence("There are %(enrichers)s.", enrichers=", ".join(ENRICHERS)),
            )
    brands = tuple(
        KnownBrand(b.key, b.name, tuple(b.handles), tuple(b.hashtags), tuple(b.aliases))
        for b in catalogue.list_brands(workspace_id)
    )
    return Spec(brands, embedder_settings(), frozenset(only or ENRICHERS), current_heads(workspace_id))


def enrich_due(
    *,
    actor: Actor,
    now: datetime,
    since: datetime | None = None,
    only: Sequence[str] = (),
    workers: int = 1,
    cluster: str | None = None,
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> Enriched:
    """Read what has not been read. `on_progress` gets posts done and accounts' posts in all.

    With `cluster`, the address of a Ray cluster, the posts are read there; what is found is stored from here.
    """
    require(actor, Right.CATALOGUE)
    spec = spec_of(actor.workspace_id, only)
    reader = Reader(spec)
    versions = reader.versions
    accounts = due_accounts(actor.workspace_id, versions, since)
    total, done, counts = sum(accounts.values()), 0, dict.fromkeys(versions, 0)
    crew = _crew(spec, versions, workers if total > BATCH_POSTS else 1, cluster if total else None)
    handed = reader.embedder.version if reader.embedder and reader.vectors_for else ""
    for due, reading in crew.results((d, d) for d in _batches(list(accounts), versions, since, handed)):
        _store(due, reading, versions, counts, now)
        done += len(due.posts)
        on_progress(done, total)
    if done:
        governance.record(
            verb="understanding.enriched",
            subject_kind="workspace",
            subject_id=actor.workspace_id,
            actor=actor,
            now=now,
            facts={"posts": done, "signals": counts, "versions": versions},
        )
    return Enriched(done, counts, versions)


def _crew(spec: Spec, versions: dict[str, str], workers: int, cluster: str | None) -> _Crew:
    if cluster is None:
        return Crew(reader_of, (spec, versions), workers)
    return RayCrew(reader_of, (spec, versions), address=cluster, processors=workers)


def _batches(accounts: list[int], versions: dict[str, str], since: datetime | None, handed: str = "") -> Iterator[Due]:
    """Posts in batches of about BATCH_POSTS, with the places that each enricher still has to read.

    `handed` is the version of the stored vectors that go with them, "" for none.
    """
    posts: list[PostText] = []
    missing: dict[str, list[int]] = {name: [] for name in versions}
    for start in range(0, len(accounts), 20):
        chunk = accounts[start : start + 20]
        known, languages = read_already(chunk, versions), current_language(chunk, versions)
        vectors = stored_vectors(chunk, handed) if handed else {}
        authors = Account.objects.in_bulk(chunk)
        rows = catalogue.posts_of(chunk)
        for post in rows.filter(published_at__gte=since) if since else rows:
            key = (post.account_id, post.id, post.content_hash)
            wanted = [name for name in versions if key not in known[name]]
            if not wanted:
                continue
            for name in wanted:
                missing[name].append(len(posts))
            language = languages.get(key[:2], post.language)
            posts.append(_as_read(post, authors[post.account_id], language, vectors.get(key)))
            if len(posts) == BATCH_POSTS:
                yield Due(tuple(posts), {name: tuple(places) for name, places in missing.items()})
                posts, missing = [], {name: [] for name in versions}
    if posts:
        yield Due(tuple(posts), {name: tuple(places) for name, places in missing.items()})


def _as_read(post: Post, author: Account, language: str | None, vector: NDArray[np.float32] | None) -> PostText:
    return PostText(
        account_id=post.account_id,
        post_id=post.id,
        content_hash=post.content_hash,
        title=post.title,
        text=post.text,
        hashtags=tuple(post.hashtags),
        language=language,
        paid_label=post.paid_label,
        vector=vector,
        published_on=post.published_at.date(),
        country=author.country,
        network=author.network,
        format=post.format,
    )


@transaction.atomic
def _store(due: Due, reading: Reading, versions: dict[str, str], counts: dict[str, int], now: datetime) -> None:
    rows = []
    for name, found in reading.findings.items():
        for place, finding in found:
            post = due.posts[place]
            identity = f"{post.post_id}|{name}|{versions[name]}|{post.content_hash}".encode()
            rows.append(
                (
                    post.account_id,
                    int.from_bytes(blake2b(identity, digest_size=8).digest(), "big") >> 1,
                    post.post_id,
                    name,
                    versions[name],
                    post.content_hash,
                    finding.value,
                    finding.confidence,
                    finding.evidence,
                    now,
                )
            )
        counts[name] += len(found)
    with connection.cursor() as cursor:
        SIGNALS.fill(cursor, rows)
        names = ", ".join(c.name for c in SIGNALS.columns)
        cursor.execute(
            f"INSERT INTO understanding_signal ({names}) SELECT {names} FROM staged_signal"  # noqa: S608
            " ON CONFLICT DO NOTHING"
        )
    _store_vectors(due, reading, versions, counts)


def _store_vectors(due: Due, reading: Reading, versions: dict[str, str], counts: dict[str, int]) -> None:
    if reading.vectors is None:
        return
    posts = [due.posts[place] for place in reading.vector_places]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO understanding_postvector (account_id, post_id, content_hash, vector, version)"
            " SELECT a, p, h, v::halfvec, %s FROM unnest(%s::int8[], %s::int8[], %s::int8[], %s::text[]) AS t(a, p, h, v)"
            " ON CONFLICT (account_id, post_id) DO UPDATE"
            " SET version = excluded.version, content_hash = excluded.content_hash, vector = excluded.vector",
            [
                versions[VECTORS],
                [p.account_id for p in posts],
                [p.post_id for p in posts],
                [p.content_hash for p in posts],
                ["[" + ",".join(f"{x:.5f}" for x in row) + "]" for row in reading.vectors],
            ],
        )
    counts[VECTORS] += len(posts)
