"""The API of topic maps: make one of any set of posts or comments, list them, read one, remove one."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from sillage.catalogue import queries as catalogue
from sillage.governance.api_access import Call, allowed
from sillage.governance.engine.actors import Right
from sillage.governance.shapes import Given, Rows, rows
from sillage.lib.errors import Malformed
from sillage.understanding.actions.topics import drop_topic_map, map_topics
from sillage.understanding.engine.themes import theme_set
from sillage.understanding.engine.topic_scope import Scope
from sillage.understanding.models import TopicMap
from sillage.understanding.queries.topics import get_topic_map, list_topic_maps, shown_result

router = Router(tags=["understanding"])

AccountKey = Annotated[str, Field(max_length=400)]


class ScopeUnknown(Malformed):
    """The scope names a brand or theme that does not exist."""


class ScopeGiven(Given):
    """A set. Accounts by id or network:handle; everything given must hold, nothing given is the whole workspace."""

    kind: Literal["posts", "comments"] = "posts"
    accounts: list[AccountKey] = Field([], max_length=500)
    brand: str = ""
    theme: str = ""
    language: Literal["", "fr", "en", "es", "de", "it"] = ""
    since: date | None = None
    until: date | None = None


class TopicMapGiven(Given):
    """A set, another one to compare it with, and how many topics; by default as many as its size allows.

    `with_model` has the language model of the settings write a summary too: quoted texts then leave the server.
    """

    scope: ScopeGiven
    compare_with: ScopeGiven | None = None
    name: str = Field("", max_length=200)
    topics: int | None = None
    with_model: bool = False


class TopicMapRow(Schema):
    id: int
    name: str
    scope: dict[str, Any]
    texts: int
    version: str
    made_at: datetime


class TopicMapShape(TopicMapRow):
    """`result` holds topics with words, sizes, counts per period and quotes; summaries with counts and the ids counted."""

    result: dict[str, Any]


@router.get("/topic-maps", **allowed(Right.READ), response=Rows[TopicMapRow])
def list_maps(request: Call) -> dict[str, Any]:
    """The newest 200 topic maps."""
    return rows(list_topic_maps(request.auth.workspace_id))


@router.post("/topic-maps", **allowed(Right.BRIEF), response={201: TopicMapShape})
def make_map(request: Call, given: TopicMapGiven) -> dict[str, Any]:
    """Find what a set talks about. Answers when it is done: up to half a minute for 50,000 texts."""
    made = map_topics(
        scope=_scope(request.auth.workspace_id, given.scope),
        compare_with=_scope(request.auth.workspace_id, given.compare_with) if given.compare_with else None,
        name=given.name,
        topics=given.topics,
        with_model=given.with_model,
        actor=request.auth,
        now=timezone.now(),
    )
    return _shape(made)


@router.get("/topic-maps/{int:map_id}", **allowed(Right.READ), response=TopicMapShape)
def get_map(request: Call, map_id: int) -> dict[str, Any]:
    """A topic map, without what has left the catalogue since."""
    return _shape(get_topic_map(request.auth.workspace_id, map_id))


@router.delete("/topic-maps/{int:map_id}", **allowed(Right.BRIEF), response={204: None})
def drop_map(request: Call, map_id: int) -> None:
    """Remove a topic map."""
    drop_topic_map(map_id=map_id, actor=request.auth, now=timezone.now())


def _shape(found: TopicMap) -> dict[str, Any]:
    return {
        **{name: getattr(found, name) for name in TopicMapRow.model_fields},
        "result": shown_result(found),
    }


def _scope(workspace_id: int, given: ScopeGiven) -> Scope:
    if given.theme and given.theme not in theme_set().index:
        raise ScopeUnknown(f"No theme is called “{given.theme}”.", "List them with `GET themes`.")
    if given.brand and given.brand not in {b.key for b in catalogue.list_brands(workspace_id)}:
        raise ScopeUnknown(f"No brand of this workspace has the key “{given.brand}”.", "Import the brand first.")
    accounts = sorted({catalogue.get_account(workspace_id, key).pk for key in given.accounts})
    return Scope(given.kind, tuple(accounts), given.brand, given.theme, given.language, given.since, given.until)
