"""What the authenticity enricher looks at: cohorts of a workspace, and what was measured of its accounts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from django.db import connection

from sillage.catalogue import queries as catalogue
from sillage.catalogue.engine.metrics import Seen
from sillage.catalogue.models import Account
from sillage.understanding.engine.authenticity import AccountSeen
from sillage.understanding.engine.authenticity_series import PostCount
from sillage.understanding.engine.cohort import Cohort, fit_cohort
from sillage.understanding.engine.comment_quality import CommentSeen
from sillage.understanding.queries import derivable, profiles_of

COHORT_ACCOUNTS = 10_000  # a network; account ids are hashes, so the lowest ones are a sample
COMMENTS_READ = 500  # of an account, the newest
POSTS_COMPARED = 60  # of an account, the newest
FEWEST_POSTS = 3  # with known interactions, to have a level
WRITTEN_SHARE = 0.1  # of its posts, that makes a language one that the account writes

_LEVELS = """
    WITH chosen AS (
        SELECT id, network FROM (
            SELECT a.id, a.network, row_number() OVER (PARTITION BY a.network ORDER BY a.id) AS place
              FROM catalogue_account a WHERE a.workspace_id = %(workspace)s AND {derivable}) numbered
         WHERE place <= %(most)s
    ), newest AS (
        SELECT DISTINCT ON (o.account_id, o.post_id, o.measure) o.account_id, o.post_id, o.measure, o.value
          FROM catalogue_observation o JOIN chosen c ON c.id = o.account_id
         WHERE o.source_class <> 'estimated' AND ((o.post_id <> 0 AND o.measure IN ('likes', 'comments'))
            OR (o.post_id = 0 AND o.measure = 'followers'))
         ORDER BY o.account_id, o.post_id, o.measure, o.observed_at DESC
    ), counted AS (
        SELECT account_id, post_id, sum(value) AS interactions FROM newest WHERE post_id <> 0
         GROUP BY account_id, post_id HAVING count(*) = 2
    )
    SELECT c.network, f.value, percentile_cont(0.5) WITHIN GROUP (ORDER BY p.interactions)
      FROM chosen c JOIN newest f ON f.account_id = c.id AND f.post_id = 0 JOIN counted p ON p.account_id = c.id
     GROUP BY c.id, c.network, f.value HAVING count(*) >= %(fewest)s ORDER BY c.id
"""
_COMMENTS = """
    SELECT c.account_id, c.post_id, c.text, encode(c.author_hash, 'hex'), s.value ->> 'language'
      FROM unnest(%(accounts)s::bigint[]) AS wanted(id) CROSS JOIN LATERAL (
        SELECT * FROM catalogue_comment WHERE account_id = wanted.id ORDER BY published_at DESC, id LIMIT %(most)s
      ) c LEFT JOIN understanding_commentsignal s
        ON s.account_id = c.account_id AND s.comment_id = c.id AND s.enricher = 'language' AND s.confidence > 0
     ORDER BY c.account_id, c.published_at, c.id
"""


def cohorts_of(workspace_id: int) -> dict[str, Cohort]:
    """{network: cohort}; networks with too few accounts have none."""
    with connection.cursor() as cursor:
        cursor.execute(
            _LEVELS.format(derivable=derivable()),
            {"workspace": workspace_id, "most": COHORT_ACCOUNTS, "fewest": FEWEST_POSTS},
        )
        rows = cursor.fetchall()
    by_network: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    for network, followers, level in rows:
        by_network[network].append((followers, float(level)))
    fitted = {
        network: fit_cohort(
            network, np.array([f for f, _ in own], dtype=np.int64), np.array([v for _, v in own], dtype=np.float64)
        )
        for network, own in by_network.items()
    }
    return {network: cohort for network, cohort in fitted.items() if cohort is not None}


def seen_of(accounts: Mapping[int, Account], cohorts: Mapping[str, Cohort]) -> dict[int, AccountSeen]:
    """What was measured of each account, as the engine looks at it."""
    ids = list(accounts)
    observed, comments, profiles = catalogue.observations_of(ids), _comments_of(ids), profiles_of(ids)
    published = _published(ids)
    return {
        pk: _seen(
            observed[pk],
            published.get(pk, {}),
            comments.get(pk, []),
            _languages(profiles[pk].languages if pk in profiles else {}, account.languages),
            cohorts.get(account.network),
        )
        for pk, account in accounts.items()
    }


def _languages(shares: Mapping[str, float], declared: Sequence[str]) -> frozenset[str]:
    return frozenset(code for code, share in shares.items() if share >= WRITTEN_SHARE) or frozenset(declared)


def _seen(
    observed: Sequence[Seen],
    published: Mapping[int, object],
    comments: Sequence[CommentSeen],
    languages: frozenset[str],
    cohort: Cohort | None,
) -> AccountSeen:
    measured = sorted((s for s in observed if s.source_class != "estimated"), key=lambda s: s.observed_at)
    of_account = {s.measure: s.value for s in measured if s.post_id == 0}
    posts = _post_counts(measured, published)
    followers = of_account.get("followers")
    level = float(np.median([p.interactions for p in posts])) if len(posts) >= FEWEST_POSTS else None
    has_place = cohort is not None and followers is not None and level is not None
    return AccountSeen(
        followers=followers,
        following=of_account.get("following"),
        posts_published=of_account.get("posts"),
        follower_counts=tuple((s.observed_at, s.value) for s in measured if (s.post_id, s.measure) == (0, "followers")),
        posts=posts,
        place=cohort.place(followers, level) if has_place else None,  # type: ignore[union-attr,arg-type]
        comments=tuple(comments),
        languages=languages,
    )


def _post_counts(measured: Sequence[Seen], published: Mapping[int, object]) -> tuple[PostCount, ...]:
    """The newest posts of which likes and comments are both known, oldest first."""
    newest: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for s in measured:
        if s.post_id and s.measure in ("likes", "comments"):
            newest[s.post_id][s.measure] = s.value
    known = [(published[p], sum(v.values())) for p, v in newest.items() if len(v) == 2 and p in published]
    ordered = sorted(known, key=lambda pair: (pair[0], pair[1]))
    return tuple(PostCount(at, n) for at, n in ordered[-POSTS_COMPARED:])  # type: ignore[arg-type]


def _published(account_ids: Sequence[int]) -> dict[int, dict[int, object]]:
    found: defaultdict[int, dict[int, object]] = defaultdict(dict)
    for account, post, at in catalogue.posts_of(account_ids).values_list("account_id", "id", "published_at"):
        found[account][post] = at
    return found


def _comments_of(account_ids: Sequence[int]) -> dict[int, list[CommentSeen]]:
    found: defaultdict[int, list[CommentSeen]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_COMMENTS, {"accounts": list(account_ids), "most": COMMENTS_READ})
        for account, *rest in cursor.fetchall():
            found[account].append(CommentSeen(*rest))
    return found
