"""The posts from which next posts are expected: how they were made, and what came of them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import connection

from sillage.understanding.engine.history import PostDone, PostMade
from sillage.understanding.queries import derivable

RIPE = timedelta(days=3)  # a count that was read earlier is still growing
POSTS_EACH = 200  # of an account, the newest
MOST_POSTS = 300_000  # of a workspace, the newest
VIEWS, INTERACTIONS = "views", "interactions"
_MEASURES = {VIEWS: ["views"], INTERACTIONS: ["likes", "comments"]}

_POSTS = """
    WITH newest AS (
        SELECT DISTINCT ON (o.account_id, o.post_id, o.measure) o.account_id, o.post_id, o.measure, o.value, o.observed_at
          FROM catalogue_observation o JOIN catalogue_account a ON a.id = o.account_id
         WHERE a.workspace_id = %(workspace)s AND {derivable} AND {wanted} AND o.post_id <> 0
           AND o.measure = ANY(%(measures)s) AND o.source_class <> 'estimated'
         ORDER BY o.account_id, o.post_id, o.measure, o.observed_at DESC
    ), counted AS (
        SELECT account_id, post_id, sum(value) AS count, min(observed_at) AS observed_at FROM newest
         GROUP BY account_id, post_id HAVING count(*) = cardinality(%(measures)s::text[])
    ), placed AS (
        SELECT p.account_id, p.published_at, p.format, a.network, length(p.text) AS text_length,
               length(p.title) AS title_length, cardinality(p.hashtags) AS hashtags, s.value -> 'themes' AS themes, c.count,
               row_number() OVER (PARTITION BY p.account_id ORDER BY p.published_at DESC) AS place
          FROM counted c JOIN catalogue_post p ON p.account_id = c.account_id AND p.id = c.post_id
          JOIN catalogue_account a ON a.id = p.account_id
          LEFT JOIN understanding_signal s ON s.account_id = p.account_id AND s.post_id = p.id AND s.enricher = 'themes'
           AND s.content_hash = p.content_hash
         WHERE c.observed_at - p.published_at >= %(ripe)s
    )
    SELECT account_id, published_at, format, network, text_length, title_length, hashtags, themes, count FROM placed
     WHERE place <= %(each)s ORDER BY published_at DESC, account_id LIMIT %(most)s
"""


def posts_done(workspace_id: int, measure: str, account_ids: Sequence[int] | None = None) -> list[PostDone]:
    """Posts with a ripe count of VIEWS or INTERACTIONS (likes + comments), newest first; of all accounts or of some."""
    wanted = "true" if account_ids is None else "o.account_id = ANY(%(accounts)s)"
    given: dict[str, Any] = {
        "workspace": workspace_id,
        "measures": _MEASURES[measure],
        "ripe": RIPE,
        "each": POSTS_EACH,
        "most": MOST_POSTS,
        "accounts": list(account_ids or ()),
    }
    with connection.cursor() as cursor:
        cursor.execute(_POSTS.format(derivable=derivable(), wanted=wanted), given)
        return [_done(row) for row in cursor.fetchall()]


def by_account(posts: Sequence[PostDone]) -> dict[int, list[PostDone]]:
    """Each account's posts, oldest first."""
    found: defaultdict[int, list[PostDone]] = defaultdict(list)
    for post in sorted(posts, key=lambda p: p.made.at):
        found[post.made.account].append(post)
    return dict(found)


def _done(row: tuple[object, ...]) -> PostDone:
    account, at, form, network, text, title, hashtags, themes, count = row
    shares = tuple(sorted(json.loads(str(themes)).items())) if themes else ()
    made = PostMade(account, at, form, network, text or 0, title or 0, hashtags or 0, shares)  # type: ignore[arg-type]
    return PostDone(made, int(count))  # type: ignore[call-overload]
