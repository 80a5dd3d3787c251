"""One page of the creators list: accounts with their cards, receipts and facets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sillage.catalogue import queries as catalogue
from sillage.catalogue.engine.filters import CardFilters
from sillage.catalogue.models import Account
from sillage.catalogue.queries import Count, FacetCount
from sillage.desk.engine.listing import Listing
from sillage.discovery import queries as discovery
from sillage.governance import queries as governance
from sillage.governance.models import Receipt
from sillage.lib.paging import CursorMalformed, cursor_of, key_of

PAGE = 25
RANKED = 500  # accounts with the words that can be paged through
FIELD_OF_FACET = {
    "network": "networks",
    "country": "countries",
    "language": "languages",
    "theme": "themes_any",
    "format": "formats",
    "brand": "brands_any",
}


@dataclass(frozen=True, slots=True)
class Row:
    """An account of the list. `receipts` prove its numbers, by metric."""

    account: Account
    receipts: Mapping[str, Receipt]
    is_excluded: bool

    @property
    def engagement(self) -> Receipt | None:
        """The rate that its network is usually judged by."""
        by_views = self.account.network in ("youtube", "tiktok")
        return self.receipts.get(f"account.engagement_by_{'views' if by_views else 'followers'}")

    @property
    def followers(self) -> Receipt | None:
        return self.receipts.get("account.followers")

    @property
    def posts_per_week(self) -> Receipt | None:
        return self.receipts.get("account.posts_per_week")


@dataclass(frozen=True, slots=True)
class Found:
    """`total` is None where the words were searched: only so many are ranked, and all of them were not counted."""

    rows: list[Row]
    next_cursor: str | None
    total: Count | None


def find_creators(workspace_id: int, listing: Listing) -> Found:
    """One page of the list, in its order. Raises CursorMalformed."""
    if listing.words:
        ids, following = _ranked(workspace_id, listing)
        total = None
    else:
        page = catalogue.list_cards(
            workspace_id=workspace_id,
            filters=listing.filters,
            sort=listing.sort,
            descending=listing.descending,
            limit=PAGE,
            cursor=listing.cursor,
        )
        ids, following = page.items, page.next_cursor
        total = catalogue.count_cards(workspace_id=workspace_id, filters=listing.filters)
    return Found(_rows(workspace_id, ids), following, total)


def _ranked(workspace_id: int, listing: Listing) -> tuple[list[int], str | None]:
    """Account ids by the rank of the words; the cursor counts how many came before."""
    start = _start(listing.cursor)
    found = catalogue.search_cards(
        workspace_id=workspace_id, filters=listing.filters, words=listing.words, limit=start + PAGE + 1
    )
    ids = [one.account_id for one in found[start : start + PAGE]]
    more = len(found) > start + PAGE and start + PAGE < RANKED
    return ids, cursor_of(["words", start + PAGE]) if more else None


def _start(cursor: str | None) -> int:
    if cursor is None:
        return 0
    kind, start = key_of(cursor, 2)
    if kind != "words" or not isinstance(start, int) or not 0 <= start < RANKED:
        raise CursorMalformed("This cursor belongs to another list.", "Start again without a cursor.")
    return start


def _rows(workspace_id: int, ids: list[int]) -> list[Row]:
    accounts = catalogue.list_accounts(workspace_id, ids)
    receipts = governance.latest_receipts(workspace_id, "account", [str(a) for a in ids])
    excluded = discovery.excluded_accounts(workspace_id)
    return [Row(accounts[a], receipts.get(str(a), {}), a in excluded) for a in ids if a in accounts]


def facet_choices(workspace_id: int, filters: CardFilters) -> dict[str, list[FacetCount]]:
    """The values of every facet with their counts. Within a facet in use the values are counted as if it were not,
    because a second one widens the list."""
    counts = dict(catalogue.facets(workspace_id=workspace_id, filters=filters).counts)
    for facet, field in FIELD_OF_FACET.items():
        if getattr(filters, field):
            unused: dict[str, Any] = {field: ()}
            counts[facet] = _counted(workspace_id, facet, replace(filters, **unused))
    if filters.min_followers is not None or filters.max_followers is not None:
        wider = replace(filters, min_followers=None, max_followers=None)
        counts["followers"] = _counted(workspace_id, "followers", wider)
    return counts


def _counted(workspace_id: int, facet: str, filters: CardFilters) -> list[FacetCount]:
    return catalogue.facets(workspace_id=workspace_id, filters=filters).counts[facet]
