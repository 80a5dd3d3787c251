"""One page of the creators list: accounts with their cards, receipts and facets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sillage.catalogue import queries as catalogue
from sillage.catalogue.engine.filters import CardFilters
from sillage.catalogue.models import Account
from sillage.catalogue.queries import Count, FacetCount
from sillage.catalogue.queries.account_pages import page_of_accounts
from sillage.desk.engine.listing import Listing
from sillage.discovery import queries as discovery
from sillage.governance import queries as governance
from sillage.governance.models import Receipt

PAGE = 25
STRETCH = 1_000  # accounts that an export asks for at once
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
    page = page_of_accounts(
        workspace_id=workspace_id,
        filters=listing.filters,
        words=listing.words,
        sort=listing.sort,
        descending=listing.descending,
        cursor=listing.cursor,
        limit=PAGE,
    )
    total = None if listing.words else catalogue.count_cards(workspace_id=workspace_id, filters=listing.filters)
    return Found(_rows(workspace_id, page.items), page.next_cursor, total)


def first_creators(workspace_id: int, listing: Listing, most: int) -> list[Row]:
    """The list from its start in its order, at most so many."""
    ids: list[int] = []
    cursor: str | None = None
    while len(ids) < most:
        page = page_of_accounts(
            workspace_id=workspace_id,
            filters=listing.filters,
            words=listing.words,
            sort=listing.sort,
            descending=listing.descending,
            cursor=cursor,
            limit=min(STRETCH, most - len(ids)),
        )
        ids, cursor = ids + page.items, page.next_cursor
        if cursor is None:
            break
    return _rows(workspace_id, ids)


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
