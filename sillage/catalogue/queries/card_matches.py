"""Which accounts pass a filter, without any ranking."""

from __future__ import annotations

from collections.abc import Sequence

from psycopg import sql

from sillage.catalogue.engine.filters import CardFilters
from sillage.catalogue.queries.card_conditions import conditions, fetch


def matching_accounts(
    *, workspace_id: int, filters: CardFilters, limit: int, among: Sequence[int] | None = None
) -> list[int]:
    """Up to `limit` account ids that pass, in the order of their ids; only those in `among`, if given."""
    condition = conditions(workspace_id, filters)
    if among is not None:
        chosen = sql.SQL("k.account_id = ANY ({}::bigint[])").format(sql.Literal(list(among)))
        condition = sql.SQL("{} AND {}").format(condition, chosen)
    statement = sql.SQL("SELECT k.account_id FROM catalogue_cardcode k WHERE {} ORDER BY 1 LIMIT {}")
    return [int(str(row[0])) for row in fetch(statement.format(condition, sql.Literal(limit)))]
