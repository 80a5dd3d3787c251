"""What the catalogue covers, per network, country and language, and what it does not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from sillage.catalogue.engine.records import NETWORKS


@dataclass(frozen=True, slots=True)
class Cover:
    """One cell of the coverage map. Unknown country or language is None. `authenticated_share` is 0..1 of accounts."""

    network: str
    country: str | None
    language: str | None
    accounts: int
    posts: int
    newest_fetch_at: datetime | None
    oldest_fetch_at: datetime | None
    authenticated_share: float
    followers_known_share: float


@dataclass(frozen=True, slots=True)
class Coverage:
    cells: list[Cover]
    networks_without_accounts: list[str]
    accounts_without_posts: int
    accounts_without_country: int
    accounts_without_language: int


_CELLS = """
    SELECT a.network, a.country, c.languages[1], count(*), coalesce(sum(c.posts_read), 0),
           max(a.fetched_at), min(a.fetched_at),
           avg((c.has_authenticated IS TRUE)::int)::float8, avg((c.followers IS NOT NULL)::int)::float8
      FROM catalogue_account a LEFT JOIN catalogue_card c ON c.account_id = a.id
     WHERE a.workspace_id = %s
     GROUP BY 1, 2, 3 ORDER BY 1, 4 DESC, 2, 3
"""


def get_coverage(workspace_id: int) -> Coverage:
    """Cells that have accounts, and what is missing: networks without any, accounts without posts, country or language."""
    with connection.cursor() as cursor:
        cursor.execute(_CELLS, [workspace_id])
        cells = [Cover(*row) for row in cursor.fetchall()]
        cursor.execute(
            "SELECT count(*) FROM catalogue_account a WHERE a.workspace_id = %s"
            " AND NOT EXISTS (SELECT 1 FROM catalogue_post p WHERE p.account_id = a.id)",
            [workspace_id],
        )
        (without_posts,) = cursor.fetchone() or (0,)
    covered = {c.network for c in cells}
    return Coverage(
        cells,
        [n for n in NETWORKS if n not in covered],
        without_posts,
        sum(c.accounts for c in cells if c.country is None),
        sum(c.accounts for c in cells if c.language is None),
    )
