"""The comment inbox: comments by what they want, those that await an answer first.

What people said in place of a machine counts in filters and numbers; where several differ, the newest word does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from sillage.catalogue import queries as catalogue
from sillage.catalogue.models import Comment, Post
from sillage.lib.paging import CursorMalformed, Page, cursor_of, key_of
from sillage.lib.sentences import Sentence
from sillage.understanding.engine.corrections import COMMENT
from sillage.understanding.engine.intents import AWAITING, INTENTS
from sillage.understanding.models import CommentSignal
from sillage.understanding.queries.corrections import Standing, as_corrected

AWAITS, EVERYTHING = "awaiting", "all"
VIEWS = (AWAITS, EVERYTHING, *INTENTS)  # what an inbox can be narrowed to


@dataclass(frozen=True, slots=True)
class InboxFilters:
    """Which comments. "" and None leave a filter out; `brand` is the key of one that the post mentions."""

    intent: str = EVERYTHING
    creator_id: int | None = None
    creator: str = ""  # a part of their name or handle
    account_id: int | None = None
    brand: str = ""
    language: str = ""
    tone: str = ""
    flag: str = ""
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class InboxLine:
    """A comment with its post, what machines found, and what people said in their place."""

    comment: Comment
    post: Post | None
    signals: Mapping[str, CommentSignal]
    standing: Mapping[str, Standing]
    awaits: bool

    @property
    def language(self) -> str:
        signal = self.signals.get("language")
        return str(signal.value.get("language", "")) if signal else ""

    @property
    def words(self) -> list[str]:
        """What the machines went by, to be marked in the text."""
        found: list[str] = []
        for signal in self.signals.values():
            for piece in signal.evidence:
                said = piece.get("words", [])
                found += [said] if isinstance(said, str) else said
        return list(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class InboxCounts:
    """How many comments the filters keep, whatever their intent."""

    total: int = 0
    awaiting: int = 0
    by_intent: Mapping[str, int] = field(default_factory=dict)


_NEWEST_SAID = """LEFT JOIN LATERAL (
    SELECT k.value FROM understanding_correction k WHERE k.workspace_id = a.workspace_id AND k.account_id = c.account_id
       AND k.subject_kind = 'comment' AND k.subject_id = c.id AND k.enricher = '{enricher}'
       AND k.content_hash = i.content_hash ORDER BY k.made_at DESC LIMIT 1) said_{enricher} ON true"""
_SIGNAL = """LEFT JOIN understanding_commentsignal {enricher} ON {enricher}.account_id = c.account_id
    AND {enricher}.enricher = '{enricher}' AND {enricher}.comment_id = c.id"""
_FROM = " ".join(
    (
        "FROM catalogue_comment c JOIN catalogue_account a ON a.id = c.account_id",
        "JOIN understanding_commentsignal i ON i.account_id = c.account_id AND i.enricher = 'intent'"
        " AND i.comment_id = c.id AND NOT jsonb_exists(i.value, 'by_account')",
        *(_SIGNAL.format(enricher=name) for name in ("tone", "language", "cultural_check")),
        *(_NEWEST_SAID.format(enricher=name) for name in ("intent", "tone")),
    )
)
_INTENTS = "coalesce(said_intent.value, i.value) -> 'intents'"
_ASKING = ", ".join(f"'{intent}'" for intent in AWAITING)
_AWAITS = f"""(coalesce(jsonb_exists_any({_INTENTS}, ARRAY[{_ASKING}]) AND NOT jsonb_exists({_INTENTS}, 'spam'), false)
    AND NOT EXISTS (SELECT FROM catalogue_comment r JOIN understanding_commentsignal own ON own.account_id = r.account_id
        AND own.enricher = 'intent' AND own.comment_id = r.id AND jsonb_exists(own.value, 'by_account')
        WHERE r.account_id = c.account_id AND r.post_id = c.post_id AND r.reply_to_network_id = c.network_id))"""
_CONDITIONS: Mapping[str, str] = {
    "creator_id": "a.creator_id = %(creator_id)s",
    "creator": """(a.handle ILIKE %(creator)s OR a.name ILIKE %(creator)s OR EXISTS (
        SELECT FROM catalogue_creator w WHERE w.id = a.creator_id AND w.name ILIKE %(creator)s))""",
    "account_id": "a.id = %(account_id)s",
    "brand": """EXISTS (SELECT FROM understanding_signal b WHERE b.account_id = c.account_id AND b.enricher = 'brands'
        AND b.post_id = c.post_id AND jsonb_exists(b.value -> 'brands', %(brand)s))""",
    "language": "language.value ->> 'language' = %(language)s",
    "tone": "coalesce(said_tone.value, tone.value) ->> 'tone' = %(tone)s",
    "flag": "jsonb_exists(cultural_check.value -> 'flags', %(flag)s)",
    "since": "c.published_at >= %(since)s",
}


def list_inbox(
    workspace_id: int, filters: InboxFilters, *, cursor: str | None = None, limit: int = 20
) -> Page[InboxLine]:
    """Comments that were read, the newest first. The account's own are left out; answered ones do not await."""
    where, given = _narrowed(workspace_id, filters)
    if filters.intent == AWAITS:
        where.append(_AWAITS)
    elif filters.intent != EVERYTHING:
        where.append(f"jsonb_exists({_INTENTS}, %(intent)s)")
    if cursor:
        where.append("(c.published_at, c.account_id, c.id) < (%(at)s, %(after_account)s, %(after)s)")
        given |= _after(cursor)
    statement = f"""SELECT c.account_id, c.id, c.published_at, {_AWAITS} {_FROM} WHERE {" AND ".join(where)}
        ORDER BY c.published_at DESC, c.account_id DESC, c.id DESC LIMIT %(limit)s"""
    with connection.cursor() as database:
        database.execute(statement, given | {"limit": limit + 1})
        found = database.fetchall()
    shown = found[:limit]
    end = shown[-1] if len(found) > limit else None
    going_on = cursor_of([end[2].isoformat(), end[0], end[1]]) if end else None
    return Page(_lines(workspace_id, {(a, c): awaits for a, c, _, awaits in shown}), going_on)


def count_inbox(workspace_id: int, filters: InboxFilters) -> InboxCounts:
    """Per intent, and how many await an answer. A comment may want several things."""
    where, given = _narrowed(workspace_id, filters)
    counted = ", ".join(f"count(*) FILTER (WHERE jsonb_exists({_INTENTS}, '{intent}'))" for intent in INTENTS)
    statement = f"""SELECT count(*), count(*) FILTER (WHERE {_AWAITS}), {counted} {_FROM}
        WHERE {" AND ".join(where)}"""
    with connection.cursor() as database:
        database.execute(statement, given)
        total, awaiting, *each = database.fetchone()
    return InboxCounts(total, awaiting, dict(zip(INTENTS, each, strict=True)))


def has_comments(workspace_id: int) -> bool:
    return Comment.objects.filter(account__workspace_id=workspace_id).exists()


def languages_of_inbox(workspace_id: int) -> list[str]:
    """The languages in which comments are written, the most frequent first."""
    statement = """SELECT s.value ->> 'language' FROM understanding_commentsignal s
        JOIN catalogue_account a ON a.id = s.account_id
        WHERE a.workspace_id = %s AND s.enricher = 'language' AND s.confidence > 0
        GROUP BY 1 ORDER BY count(*) DESC, 1"""
    with connection.cursor() as database:
        database.execute(statement, [workspace_id])
        return [row[0] for row in database.fetchall()]


def _narrowed(workspace_id: int, filters: InboxFilters) -> tuple[list[str], dict[str, Any]]:
    given = {name: getattr(filters, name) for name in ("intent", *_CONDITIONS)}
    where = [condition for name, condition in _CONDITIONS.items() if given[name] not in ("", None)]
    literal = re.sub(r"([%_\\])", r"\\\1", filters.creator)
    return ["a.workspace_id = %(workspace)s", *where], given | {"workspace": workspace_id, "creator": f"%{literal}%"}


def _after(cursor: str) -> dict[str, Any]:
    at, account, comment = key_of(cursor, 3)
    try:
        before = datetime.fromisoformat(str(at))
    except ValueError as error:
        raise CursorMalformed(
            Sentence("This cursor cannot be read."), Sentence("Start again without a cursor.")
        ) from error
    if before.tzinfo is None or type(account) is not int or type(comment) is not int:
        raise CursorMalformed(
            Sentence("This cursor belongs to another list."), Sentence("Start again without a cursor.")
        )
    return {"at": before, "after_account": account, "after": comment}


def _lines(workspace_id: int, shown: Mapping[tuple[int, int], bool]) -> list[InboxLine]:
    keys = list(shown)
    accounts, ids = {account for account, _ in keys}, [comment for _, comment in keys]
    rows = Comment.objects.select_related("account__creator").filter(account_id__in=accounts, id__in=ids)
    comments = {(c.account_id, c.id): c for c in rows}
    posts = catalogue.list_posts_by_id((c.account_id, c.post_id) for c in comments.values())
    signals: dict[tuple[int, int], dict[str, CommentSignal]] = {key: {} for key in keys}
    for signal in CommentSignal.objects.filter(account_id__in=accounts, comment_id__in=ids, confidence__gt=0):
        if (signal.account_id, signal.comment_id) in signals:
            signals[signal.account_id, signal.comment_id][signal.enricher] = signal
    said = as_corrected(workspace_id, COMMENT, keys, ("intent", "tone"))
    return [
        InboxLine(c, posts.get((c.account_id, c.post_id)), signals[key], said.get(key, {}), shown[key])
        for key in keys
        if (c := comments.get(key)) is not None
    ]
