"""What heads learn from and are asked: corrections as labelled texts, gold sets, and the newest posts and comments."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from sillage.adapters.embedders import Embedder
from sillage.catalogue import queries as catalogue
from sillage.catalogue.models import Comment, Post
from sillage.understanding.engine.corrections import ACCOUNT, COMMENT, POST, TAG_PREFIX, allowed_of
from sillage.understanding.engine.gold import gold_of
from sillage.understanding.engine.labelled_file import LabelledText
from sillage.understanding.engine.learning import Labelled, Learner, is_learner
from sillage.understanding.engine.port import PostText
from sillage.understanding.lens import embedder_settings, open_embedder
from sillage.understanding.models import CommentSignal, Signal, Tag
from sillage.understanding.queries import derivable
from sillage.understanding.queries.corrections import Example, Read, comment_read, find_tag, list_examples, post_read
from sillage.understanding.queries.learning import recent_posts, stored_vectors

RECENT = 1_000  # texts that a candidate is run over in shadow


@dataclass(frozen=True, slots=True)
class Corrected:
    """Corrections as labelled texts, in order, with when each was last said."""

    labelled: Labelled
    last_at: tuple[datetime, ...]
    reads: tuple[Read, ...]


def learner_of(workspace_id: int, enricher: str) -> Learner | None:
    """The enricher as it learns in a workspace; None when it does not learn, or is no tag of it."""
    tag = find_tag(workspace_id, enricher.removeprefix(TAG_PREFIX)) if enricher.startswith(TAG_PREFIX) else None
    if not is_learner(enricher) or (tag is None and enricher.startswith(TAG_PREFIX)):
        return None
    learner = Learner(enricher)
    embedder = open_embedder(embedder_settings()) if learner.reads_meaning else None
    if embedder is None:
        return learner
    name = embedder.embed([said_of_tag(tag)]) if tag is not None else None
    return replace(learner, embedder=embedder.version, name_vectors=name)


def said_of_tag(tag: Tag) -> str:
    """A tag's name and description: what its meaning is taken from."""
    return f"{tag.name}. {tag.description}".strip()


def corrected(workspace_id: int, learner: Learner) -> Corrected:
    """What people said in place of an enricher."""
    examples = [e for e in list_examples(workspace_id, learner.enricher) if e.read.kind != ACCOUNT]
    return Corrected(
        labelled_of(learner, [e.read for e in examples], [e.labels for e in examples]),
        tuple(_last_at(e) for e in examples),
        tuple(e.read for e in examples),
    )


def _last_at(example: Example) -> datetime:
    return max(said.made_at for said in example.said)


def labelled_of(learner: Learner, reads: Sequence[Read], labels: Sequence[frozenset[str]]) -> Labelled:
    languages = _languages(reads)
    texts = [read.text for read in reads]
    return Labelled(
        texts,
        [languages.get((r.kind, r.account_id, r.subject_id), r.language) for r in reads],
        labels,
        [read.account_id for read in reads],
        vectors_for(learner, texts),
    )


def from_file(learner: Learner, rows: Sequence[LabelledText]) -> Labelled:
    """Lines of a file. Each is a group of its own: nobody knows who wrote it."""
    texts = [row.text for row in rows]
    return Labelled(
        texts,
        [row.language for row in rows],
        [row.labels for row in rows],
        [-1 - place for place in range(len(rows))],
        vectors_for(learner, texts),
    )


def gold(learner: Learner) -> Labelled:
    rows = gold_of(learner.enricher)
    return from_file(learner, [LabelledText(row.text, row.labels, row.language) for row in rows])


def vectors_for(learner: Learner, texts: Sequence[str]) -> NDArray[np.float32] | None:
    """Dense vectors of the texts, if the enricher reads meaning and the embedder is on."""
    embedder: Embedder | None = open_embedder(embedder_settings()) if learner.embedder else None
    if embedder is None:
        return None
    return np.asarray(embedder.embed(texts), dtype=np.float32).reshape(len(texts), embedder.dims)


def recent_reads(workspace_id: int, enricher: str, most: int = RECENT) -> list[Read]:
    """The newest posts and comments that the enricher reads, half of each where it reads both; none withheld."""
    allowed = allowed_of(enricher)
    kinds = [kind for kind in (POST, COMMENT) if allowed is not None and kind in allowed.subjects]
    found: list[Read] = []
    for kind in kinds:
        share = most // len(kinds)
        if kind == POST:
            found += [post_read(post) for post in recent_posts(workspace_id, share)]
        else:
            rows = Comment.objects.filter(account__workspace_id=workspace_id).order_by("-published_at", "-id")
            found += [comment_read(row) for row in rows[:share]]
    readable = _derivable(workspace_id, {read.account_id for read in found})
    return [read for read in found if read.account_id in readable]


def posts_of_reads(learner: Learner, reads: Sequence[Read]) -> list[PostText]:
    """As enrichers read them: with the language found, and with vectors where the enricher reads meaning.

    Stored vectors are taken where there are any.
    """
    languages = _languages(reads)
    kept = stored_vectors(sorted({r.account_id for r in reads}), learner.embedder) if learner.embedder else {}
    missing = [r for r in reads if (r.account_id, r.subject_id, r.content_hash) not in kept] if learner.embedder else []
    vectors = vectors_for(learner, [read.text for read in missing]) if missing else None
    made = {} if vectors is None else {(r.account_id, r.subject_id): v for r, v in zip(missing, vectors, strict=True)}
    return [
        PostText(
            account_id=r.account_id,
            post_id=r.subject_id,
            content_hash=r.content_hash or 0,
            title="",
            text=r.text,
            language=languages.get((r.kind, r.account_id, r.subject_id), r.language),
            vector=kept.get((r.account_id, r.subject_id, r.content_hash or 0), made.get((r.account_id, r.subject_id))),
        )
        for r in reads
    ]


def _languages(reads: Sequence[Read]) -> dict[tuple[str, int, int], str]:
    """{(kind, account id, subject id): language} as the language enricher found it."""
    accounts, subjects = {read.account_id for read in reads}, {read.subject_id for read in reads}
    of = {"account_id__in": accounts, "enricher": "language", "confidence__gt": 0}
    posts = Signal.objects.filter(post_id__in=subjects, **of).order_by("made_at")
    comments = CommentSignal.objects.filter(comment_id__in=subjects, **of).order_by("made_at")
    found = {(POST, a, p): v["language"] for a, p, v in posts.values_list("account_id", "post_id", "value")}
    for account, comment, value in comments.values_list("account_id", "comment_id", "value"):
        found[COMMENT, account, comment] = value["language"]
    return found


def _derivable(workspace_id: int, account_ids: Collection[int]) -> set[int]:
    """Those of the accounts that enrichers may read."""
    statement = f"SELECT a.id FROM catalogue_account a WHERE a.workspace_id = %s AND a.id = ANY(%s) AND {derivable()}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, [workspace_id, list(account_ids)])
        return {row[0] for row in cursor.fetchall()}


def posts_without(workspace_id: int, enricher: str, version: str, most: int) -> list[Post]:
    """The newest posts that an enricher of this version has not read as they stand."""
    statement = """
        SELECT p.account_id, p.id FROM catalogue_post p JOIN catalogue_account a ON a.id = p.account_id
         WHERE a.workspace_id = %s AND {derivable} AND NOT EXISTS (
               SELECT FROM understanding_signal s WHERE s.account_id = p.account_id AND s.enricher = %s
                  AND s.post_id = p.id AND s.version = %s AND s.content_hash = p.content_hash)
         ORDER BY p.published_at DESC, p.id LIMIT %s
    """
    with connection.cursor() as cursor:
        cursor.execute(statement.format(derivable=derivable()), [workspace_id, enricher, version, most])
        keys = cursor.fetchall()
    found = catalogue.list_posts_by_id(keys)
    return [found[key] for key in keys]
