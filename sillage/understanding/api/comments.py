"""The API of comments: what readers want, with what machines found and people said in their place."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from ninja import Query, Router, Schema
from pydantic import AwareDatetime, Field

from sillage.catalogue import queries as catalogue
from sillage.governance.api_access import Call, allowed
from sillage.governance.engine.actors import Right
from sillage.governance.shapes import BigId, Limit, Rows, rows
from sillage.understanding.queries.inbox import InboxFilters, InboxLine, count_inbox, list_inbox

router = Router(tags=["understanding"])

View = Literal["awaiting", "all", "question", "purchase", "complaint", "praise", "spam", "request"]
Tone = Literal["", "negative", "neutral", "positive"]


class FoundShape(Schema):
    """What an enricher found: a value, how sure it is (0..1), what it saw. `corrected` is what people say instead."""

    value: Any
    confidence: float
    evidence: list[Any]
    version: str
    corrected: Any = None


class CommentShape(Schema):
    """A comment. `awaits`: it asks for something, and the account has not replied to it."""

    id: BigId
    account_id: BigId
    account: str
    post_id: BigId
    network_id: str
    text: str
    published_at: datetime
    likes: int | None
    reply_to_network_id: str | None
    awaits: bool
    signals: dict[str, FoundShape]


class CommentCounts(Schema):
    """How many of the comments that the filters keep, whatever their intent, want what."""

    total: int
    awaiting: int
    by_intent: dict[str, int]


class InboxQuery(Schema):
    """Which comments. `account` is an id or network:handle; `brand` one that the post mentions; `flag` of cultural checks."""

    account: str = Field("", max_length=400)
    brand: str = Field("", max_length=200)
    language: str = Field("", max_length=3)
    tone: Tone = ""
    flag: str = Field("", max_length=40)
    since: AwareDatetime | None = None


def _filters(request: Call, given: InboxQuery, intent: str) -> InboxFilters:
    account = catalogue.get_account(request.auth.workspace_id, given.account) if given.account else None
    return InboxFilters(
        intent=intent,
        account_id=account.pk if account else None,
        brand=given.brand,
        language=given.language,
        tone=given.tone,
        flag=given.flag,
        since=given.since,
    )


@router.get("/comments", **allowed(Right.READ), response=Rows[CommentShape])
def list_comments(
    request: Call,
    given: Query[InboxQuery],
    intent: View = "all",
    cursor: str | None = None,
    limit: Limit = 20,
) -> dict[str, Any]:
    """Comments that were read, the newest first; without those that the accounts themselves wrote."""
    filters = _filters(request, given, intent)
    page = list_inbox(request.auth.workspace_id, filters, cursor=cursor, limit=limit)
    return rows([shape_of(line) for line in page.items], page.next_cursor)


@router.get("/comments/counts", **allowed(Right.READ), response=CommentCounts)
def count_comments(request: Call, given: Query[InboxQuery]) -> Any:
    """How many comments want what, and how many await an answer."""
    return count_inbox(request.auth.workspace_id, _filters(request, given, "all"))


def shape_of(line: InboxLine) -> dict[str, Any]:
    """A line of the inbox as programs get it."""
    comment = line.comment
    own = ("id", "account_id", "post_id", "network_id", "text", "published_at", "likes", "reply_to_network_id")
    found = {
        name: {
            "value": signal.value,
            "confidence": signal.confidence,
            "evidence": signal.evidence,
            "version": signal.version,
            "corrected": line.standing[name].value if name in line.standing else None,
        }
        for name, signal in line.signals.items()
    }
    return {
        **{name: getattr(comment, name) for name in own},
        "account": str(comment.account),
        "awaits": line.awaits,
        "signals": found,
    }
