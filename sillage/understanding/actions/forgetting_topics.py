"""Taking people and posts out of topic maps, as parts of the actions that remove them."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db import connection

from sillage.catalogue.engine.keys import creator_key_hash
from sillage.catalogue.models import Account, Comment
from sillage.governance.models import Workspace
from sillage.lib.text import folded
from sillage.understanding.engine.topic_result import Gone, parts_of, ref_of, without
from sillage.understanding.engine.topic_scope import Scope
from sillage.understanding.models import TopicMap


def hold_maps(workspace_id: int) -> None:
    """Let no map be stored while something leaves, and nothing leave while one is stored, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('topic maps', %s))", [workspace_id])


def forget_in_topics(workspace_id: int, account_ids: Collection[int], names: Iterable[str]) -> dict[str, int]:
    """Take accounts out of every map of the workspace, with what they wrote under other people's posts.

    A map of theirs alone is removed; from others their quotes, their share of counts with ids, and their names leave.
    """
    hold_maps(workspace_id)
    leaving = set(account_ids)
    elsewhere = _comments_by(workspace_id, leaving)
    gone_names = frozenset(folded(name) for name in names)
    maps = TopicMap.objects.filter(workspace_id=workspace_id).select_for_update()
    own = [m.pk for m in maps if _is_of(m, leaving)]
    removed = TopicMap.objects.filter(pk__in=own).delete()[0] if own else 0
    for kept in maps.exclude(pk__in=own):
        _take_out(kept, lambda ref: parts_of(ref)[1] in leaving or ref in elsewhere, gone_names)
        _take_off_scope(kept, leaving)
        if gone_names and any(name in folded(kept.name) for name in gone_names):
            kept.name = ""
        kept.save(update_fields=["name", "scope", "result"])
    return {"topicmap": removed} if removed else {}


def forget_posts_in_topics(workspace_id: int, account_id: int, post_ids: Collection[int]) -> dict[str, int]:
    """Take posts, and the comments that stood under them, out of every map of the workspace.

    Comments that are gone are known by not being there any more.
    """
    hold_maps(workspace_id)
    posts = {ref_of("post", account_id, post) for post in post_ids}
    there = {ref_of("comment", account_id, c) for c in _comments_of(account_id)}

    def gone(ref: str) -> bool:
        kind, account, _ = parts_of(ref)
        return ref in posts or (kind == "comment" and account == account_id and ref not in there)

    for kept in TopicMap.objects.filter(workspace_id=workspace_id).select_for_update():
        _take_out(kept, gone, frozenset())
        kept.save(update_fields=["result"])
    return {}


def _comments_of(account_id: int) -> list[int]:
    return list(Comment.objects.filter(account_id=account_id).values_list("id", flat=True))


def _comments_by(workspace_id: int, account_ids: Collection[int]) -> set[str]:
    salt = bytes(Workspace.objects.get(pk=workspace_id).salt)
    accounts = Account.objects.filter(workspace_id=workspace_id, pk__in=account_ids)
    authors = [creator_key_hash(salt, a.network, a.network_id) for a in accounts]
    rows = Comment.objects.filter(account__workspace_id=workspace_id, author_hash__in=authors)
    return {ref_of("comment", account, c) for account, c in rows.values_list("account_id", "id")}


def _is_of(kept: TopicMap, account_ids: Collection[int]) -> bool:
    """Whether one of the map's sets is of these accounts alone."""
    scopes = [Scope.from_json(s) for s in (kept.scope["set"], kept.scope["compare_with"]) if s]
    return any(s.accounts and set(s.accounts) <= set(account_ids) for s in scopes)


def _take_off_scope(kept: TopicMap, account_ids: Collection[int]) -> None:
    gone = {str(a) for a in account_ids}
    kept.scope = {
        name: scope and {**scope, "accounts": [a for a in scope["accounts"] if a not in gone]}
        for name, scope in kept.scope.items()
    }


def _take_out(kept: TopicMap, gone: Gone, names: frozenset[str]) -> None:
    kept.result = without(kept.result, gone, names)
