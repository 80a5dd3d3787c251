"""One page of accounts: in an order, or by the rank of words. The cursor goes on with either."""

from __future__ import annotations

from sillage.catalogue.engine.filters import CardFilters
from sillage.catalogue.queries.cards import Sort, list_cards, search_cards
from sillage.lib.paging import CursorMalformed, Page, cursor_of, key_of
from sillage.lib.sentences import Sentence

RANKED = 500  # accounts with the words that can be paged through


def page_of_accounts(
    *,
    workspace_id: int,
    filters: CardFilters,
    words: str = "",
    sort: Sort = "followers",
    descending: bool = True,
    cursor: str | None = None,
    limit: int,
) -> Page[int]:
    """Account ids. With `words` the best RANKED matches stand in the order of their rank; the last word may
    be the beginning of one, where nobody has it whole. Raises CursorMalformed."""
    if not words.strip():
        return list_cards(
            workspace_id=workspace_id, filters=filters, sort=sort, descending=descending, limit=limit, cursor=cursor
        )
    start = _start(cursor)
    wanted = min(start + limit, RANKED)
    found = search_cards(workspace_id=workspace_id, filters=filters, words=words, limit=wanted + 1, beginnings=True)
    more = len(found) > wanted and wanted < RANKED
    return Page([one.account_id for one in found[start:wanted]], cursor_of(["words", wanted]) if more else None)


def _start(cursor: str | None) -> int:
    """How many accounts came before."""
    if cursor is None:
        return 0
    kind, start = key_of(cursor, 2)
    if kind != "words" or type(start) is not int or not 0 < start < RANKED:
        raise CursorMalformed(
            Sentence("This cursor belongs to another list."), Sentence("Start again without a cursor.")
        )
    return start
