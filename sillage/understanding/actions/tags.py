"""A workspace's own tags: made, renamed, put away; and given to posts by their current heads."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b

from django.db import connection, transaction
from django.utils.text import slugify

from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.governance.engine.sensitive import refusal_of, sorting_in
from sillage.lib.errors import Malformed, NotFound, Refusal
from sillage.lib.sentences import Sentence
from sillage.understanding.actions.enriching import SIGNALS
from sillage.understanding.engine.port import Finding, PostText
from sillage.understanding.engine.tagging import Tagging, TagHead
from sillage.understanding.models import Tag
from sillage.understanding.queries.corrections import find_tag, post_read, tag_enricher
from sillage.understanding.queries.examples import learner_of, posts_of_reads, posts_without
from sillage.understanding.queries.learning import find_current_head
from sillage.understanding.queries.tags import list_tags

BATCH = 500
_KEY = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,22}[a-z0-9])?")


class TagKeyMalformed(Malformed):
    """The key cannot be part of an address."""


class TagNameMissing(Malformed):
    """A tag needs a name."""


class TagSortsPeople(Malformed):
    """The tag would sort people by what the law protects."""


class TagKeyTaken(Refusal):
    """Another tag has this key."""


def get_tag(workspace_id: int, key: str) -> Tag:
    """A tag of the workspace, put away or not."""
    found = find_tag(workspace_id, key)
    if found is None:
        raise NotFound(
            Sentence("No tag “%(key)s” in this workspace.", key=key), Sentence("See them on the page of tags.")
        )
    return found


def _named(name: str, description: str) -> tuple[str, str]:
    name, description = " ".join(name.split())[:80], description.strip()[:2000]
    if not name:
        raise TagNameMissing(Sentence("A tag needs a name."), Sentence("Say in a few words what such posts are about."))
    found = sorting_in(name) or sorting_in(description)
    if found is not None:
        raise TagSortsPeople(refusal_of(found), Sentence("A tag says what posts are about: name a subject instead."))
    return name, description


@transaction.atomic
def create_tag(*, name: str, actor: Actor, now: datetime, description: str = "", key: str = "") -> Tag:
    """Make a tag. Its key is taken from the name unless given."""
    require(actor, Right.BRIEF)
    name, description = _named(name, description)
    key = key or slugify(name)[:24].strip("-")
    if not _KEY.fullmatch(key):
        raise TagKeyMalformed(
            Sentence("“%(key)s” cannot be a key.", key=key),
            Sentence("Take up to 24 small letters, digits and hyphens."),
        )
    if find_tag(actor.workspace_id, key) is not None:
        raise TagKeyTaken(
            Sentence("A tag “%(key)s” exists already.", key=key),
            Sentence("Label with that one, or choose another key."),
        )
    tag = Tag.objects.create(
        workspace_id=actor.workspace_id, key=key, name=name, description=description, created_at=now
    )
    _record(tag, actor, now, verb="understanding.tag_created")
    return tag


@transaction.atomic
def rename_tag(*, key: str, name: str, actor: Actor, now: datetime, description: str = "") -> Tag:
    """Change a tag's name and description; its key, its examples and its heads stay."""
    require(actor, Right.BRIEF)
    tag = get_tag(actor.workspace_id, key)
    tag.name, tag.description = _named(name, description)
    tag.save(update_fields=["name", "description"])
    _record(tag, actor, now, verb="understanding.tag_renamed")
    return tag


@transaction.atomic
def archive_tag(*, key: str, actor: Actor, now: datetime, is_archived: bool = True) -> Tag:
    """Put a tag away, or take it out again. Its examples stay."""
    require(actor, Right.BRIEF)
    tag = get_tag(actor.workspace_id, key)
    tag.archived_at = now if is_archived else None
    tag.save(update_fields=["archived_at"])
    _record(tag, actor, now, verb="understanding.tag_archived", is_archived=is_archived)
    return tag


def _record(tag: Tag, actor: Actor, now: datetime, *, verb: str, **facts: bool) -> None:
    governance.record(
        verb=verb,
        subject_kind="tag",
        subject_id=tag.key,
        actor=actor,
        now=now,
        facts={"name": tag.name, **facts},
    )


def tag_due(*, actor: Actor, now: datetime, key: str = "", most: int | None = None) -> dict[str, int]:
    """Let the current heads of tags read the posts that they have not read: {key: posts read}. Up to `most` per tag.

    Committed batch by batch. A tag whose vectors are not to be had reads nothing.
    """
    require(actor, Right.CATALOGUE)
    tags = [get_tag(actor.workspace_id, key)] if key else list_tags(actor.workspace_id)
    done = {tag.key: n for tag in tags if (n := _read(actor.workspace_id, tag, now, most))}
    if done:
        governance.record(
            verb="understanding.tagged",
            subject_kind="workspace",
            subject_id=actor.workspace_id,
            actor=actor,
            now=now,
            facts={"posts": done},
        )
    return done


def _read(workspace_id: int, tag: Tag, now: datetime, most: int | None) -> int:
    enricher = tag_enricher(tag.key)
    stored, learner = find_current_head(workspace_id, enricher), learner_of(workspace_id, enricher)
    if stored is None or learner is None or tag.archived_at is not None:
        return 0
    head = TagHead.from_bytes(bytes(stored.body))
    if head.needs_vectors and head.embedder != learner.embedder:
        return 0
    reader, done = Tagging(enricher, head), 0
    while most is None or done < most:
        batch = posts_without(workspace_id, enricher, head.version, min(BATCH, (most or done + BATCH) - done))
        if not batch:
            break
        posts = posts_of_reads(learner, [post_read(post) for post in batch])
        _store(enricher, head.version, posts, reader.findings(posts), now)
        done += len(batch)
    return done


@transaction.atomic
def _store(enricher: str, version: str, posts: Sequence[PostText], findings: Sequence[Finding], now: datetime) -> None:
    rows = []
    for post, finding in zip(posts, findings, strict=True):
        identity = f"{post.post_id}|{enricher}|{version}|{post.content_hash}".encode()
        signal_id = int.from_bytes(blake2b(identity, digest_size=8).digest(), "big") >> 1
        said = (finding.value, finding.confidence, finding.evidence)
        rows.append((post.account_id, signal_id, post.post_id, enricher, version, post.content_hash, *said, now))
    with connection.cursor() as cursor:
        SIGNALS.fill(cursor, rows)
        names = ", ".join(c.name for c in SIGNALS.columns)
        cursor.execute(
            f"INSERT INTO understanding_signal ({names}) SELECT {names} FROM staged_signal"  # noqa: S608
            " ON CONFLICT DO NOTHING"
        )
