"""Reading topic maps, and the texts that they are made of. Accounts from which nothing may be derived are left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from sillage.catalogue import queries as catalogue
from sillage.catalogue.models import Comment, Post
from sillage.lib.errors import NotFound
from sillage.lib.sentences import Sentence
from sillage.understanding.engine.topic_result import parts_of, ref_of, refs_in, without
from sillage.understanding.engine.topic_scope import Scope
from sillage.understanding.engine.topics import SetText
from sillage.understanding.models import TopicMap
from sillage.understanding.queries import current_versions, derivable

MOST_TEXTS = 50_000  # of a set; of a larger one these are taken at random, the same ones each time
MOST_MAPS = 200

_SIGNAL = """EXISTS (SELECT FROM understanding_signal s WHERE s.account_id = p.account_id AND s.post_id = p.id
    AND s.enricher = '{enricher}' AND s.content_hash = p.content_hash AND s.confidence > 0
    AND (%({enricher}_version)s = '' OR s.version = %({enricher}_version)s) AND {holds})"""
_COMMENT_LANGUAGE = """EXISTS (SELECT FROM understanding_commentsignal s WHERE s.account_id = c.account_id
    AND s.comment_id = c.id AND s.enricher = 'language' AND s.value ->> 'language' = %(language)s)"""
_HOLDS = {
    "brands": "s.value -> 'brands' ? %(brand)s",
    "themes": "EXISTS (SELECT FROM jsonb_object_keys(s.value -> 'themes') AS k WHERE k = %(theme)s"
    " OR starts_with(k, %(theme)s || '.'))",
    "language": "s.value ->> 'language' = %(language)s",
}


class TopicMapMissing(NotFound):
    """There is no such topic map in the workspace."""


@dataclass(frozen=True, slots=True)
class TextSet:
    """Texts of a scope. `of` is how many it has in all; where that is more, `texts` are a sample."""

    texts: list[SetText]
    of: int


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a quoted text stands: the post, and the comment under it where it is one."""

    post: Post
    comment: Comment | None = None


def texts_of(workspace_id: int, scope: Scope, *, is_second: bool = False) -> TextSet:
    """The texts of a scope, at most MOST_TEXTS. Ids are hashes, so that the lowest are a sample."""
    conditions, given = _conditions(workspace_id, scope)
    table, text = _TABLES[scope.kind]
    rows = f"FROM {table} WHERE {' AND '.join(conditions)}"
    row = "c" if scope.kind == "comments" else "p"
    statement = f"""
        SELECT {row}.account_id, {row}.id, {text}, ({row}.published_at AT TIME ZONE 'UTC')::date, count(*) OVER ()
        {rows} ORDER BY {row}.id, {row}.account_id LIMIT {MOST_TEXTS}
    """
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        found = cursor.fetchall()
    kind = "comment" if scope.kind == "comments" else "post"
    texts = [SetText(ref_of(kind, a, i), said, day, a, is_second) for a, i, said, day, _ in found]
    return TextSet(texts, found[0][4] if found else 0)


_TABLES = {
    "posts": (
        "catalogue_post p JOIN catalogue_account a ON a.id = p.account_id",
        # Networks give the hashtags of a text again as a list: only those of a text without any are added.
        "concat_ws(E'\\n', nullif(p.title, ''), nullif(p.text, ''), CASE WHEN strpos(p.text, '#') = 0"
        " THEN nullif('#' || array_to_string(p.hashtags, ' #'), '#') END)",
    ),
    "comments": (
        "catalogue_comment c JOIN catalogue_account a ON a.id = c.account_id"
        " JOIN catalogue_post p ON p.account_id = c.account_id AND p.id = c.post_id",
        "c.text",
    ),
}


def _conditions(workspace_id: int, scope: Scope) -> tuple[list[str], dict[str, Any]]:
    row = "c" if scope.kind == "comments" else "p"
    conditions = ["a.workspace_id = %(workspace)s", derivable()]
    given: dict[str, Any] = {"workspace": workspace_id}
    plain: tuple[tuple[str, str, Any], ...] = (
        ("accounts", "a.id = ANY(%(accounts)s)", list(scope.accounts)),
        ("since", f"({row}.published_at AT TIME ZONE 'UTC')::date >= %(since)s", scope.since),
        ("until", f"({row}.published_at AT TIME ZONE 'UTC')::date <= %(until)s", scope.until),
    )
    for name, condition, value in plain:
        if value:
            conditions.append(condition)
            given[name] = value
    versions = current_versions(workspace_id)
    for enricher, name in (("brands", "brand"), ("themes", "theme"), ("language", "language")):
        if value := getattr(scope, name):
            of_comment = enricher == "language" and scope.kind == "comments"
            signal = _SIGNAL.format(enricher=enricher, holds=_HOLDS[enricher])
            conditions.append(_COMMENT_LANGUAGE if of_comment else signal)
            given |= {name: value, f"{enricher}_version": versions.get(enricher, "")}
    return conditions, given


def list_topic_maps(workspace_id: int) -> list[TopicMap]:
    """The newest maps, without their results."""
    maps = TopicMap.objects.filter(workspace_id=workspace_id).select_related("made_by__person").defer("result")
    return list(maps.order_by("-made_at", "-pk")[:MOST_MAPS])


def get_topic_map(workspace_id: int, map_id: int) -> TopicMap:
    """A map of the workspace. Raises TopicMapMissing."""
    maps = TopicMap.objects.filter(workspace_id=workspace_id).select_related("made_by__person")
    found = maps.filter(pk=map_id).first() if map_id < 2**31 else None
    if found is None:
        raise TopicMapMissing(
            Sentence("No topic map %(map_id)s in this workspace.", map_id=map_id),
            Sentence("See the page “Topic maps”, or `sillage topics list`."),
        )
    return found


def shown_result(found: TopicMap) -> dict[str, Any]:
    """A map's result as it may be shown today: nothing of it quotes or counts a text that is gone or withheld since."""
    there = still_there(found.workspace_id, refs_in(found.result))
    return without(found.result, lambda ref: ref not in there)


def still_there(workspace_id: int, refs: Iterable[str]) -> set[str]:
    """Those of the refs that are still in the workspace and from which something may be derived."""
    there: set[str] = set()
    wanted = [(ref, *parts_of(ref)) for ref in set(refs)]
    for kind, table in (("post", "catalogue_post"), ("comment", "catalogue_comment")):
        rows = [(account, subject) for _, of, account, subject in wanted if of == kind]
        statement = f"""
            SELECT t.account_id, t.id FROM {table} t JOIN catalogue_account a ON a.id = t.account_id
             WHERE a.workspace_id = %s AND {derivable()} AND t.account_id = ANY(%s) AND t.id = ANY(%s)
        """  # noqa: S608  # of constants
        with connection.cursor() as cursor:
            cursor.execute(statement, [workspace_id, list({a for a, _ in rows}), [i for _, i in rows]])
            there |= {ref_of(kind, account, subject) for account, subject in cursor.fetchall()}
    return there


def origins_of(workspace_id: int, refs: Iterable[str]) -> Mapping[str, Origin]:
    """Where quoted texts stand; those that are gone, or another workspace's, are absent."""
    wanted = {ref: parts_of(ref) for ref in refs}
    known = catalogue.list_accounts(workspace_id, {account for _, account, _ in wanted.values()})
    in_comments = [(a, i) for kind, a, i in wanted.values() if kind == "comment" and a in known]
    rows = Comment.objects.filter(account_id__in={a for a, _ in in_comments}, id__in={i for _, i in in_comments})
    comments = {(c.account_id, c.id): c for c in rows}
    of_post = [(a, i) for kind, a, i in wanted.values() if kind == "post" and a in known]
    posts = catalogue.list_posts_by_id([*of_post, *((c.account_id, c.post_id) for c in comments.values())])
    found: dict[str, Origin] = {}
    for ref, (kind, account, subject) in wanted.items():
        comment = comments.get((account, subject)) if kind == "comment" else None
        post = posts.get((account, comment.post_id if comment else subject))
        if post is not None and account in known and (kind == "post" or comment is not None):
            post.account = known[account]
            found[ref] = Origin(post, comment)
    return found
