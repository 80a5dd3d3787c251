"""Reading the catalogue."""

from sillage.catalogue.engine.filters import CardFilters
from sillage.catalogue.queries.accounts import (
    Number,
    count_everything,
    count_of_creator,
    get_account,
    get_creator,
    get_creator_by_id,
    list_accounts,
    list_accounts_of,
    list_brands,
    list_comments,
    list_connections,
    list_imports,
    list_posts,
    list_posts_by_id,
    numbers_of_posts,
    observations_of,
    observed_values,
    posts_of,
)
from sillage.catalogue.queries.card_facets import FacetCount, Facets, facets, has_cards_uncounted
from sillage.catalogue.queries.card_matches import matching_accounts
from sillage.catalogue.queries.cards import Count, Found, count_cards, list_cards, search_cards
from sillage.catalogue.queries.coverage import Cover, Coverage, get_coverage
from sillage.catalogue.queries.people import (
    DueNotice,
    count_due_notices,
    creator_as_subject,
    list_due_notices,
    restricted_accounts,
)

__all__ = [
    "CardFilters",
    "Count",
    "Cover",
    "Coverage",
    "DueNotice",
    "FacetCount",
    "Facets",
    "Found",
    "Number",
    "count_cards",
    "count_due_notices",
    "count_everything",
    "count_of_creator",
    "creator_as_subject",
    "facets",
    "get_account",
    "get_coverage",
    "get_creator",
    "get_creator_by_id",
    "has_cards_uncounted",
    "list_accounts",
    "list_accounts_of",
    "list_brands",
    "list_cards",
    "list_comments",
    "list_connections",
    "list_due_notices",
    "list_imports",
    "list_posts",
    "list_posts_by_id",
    "matching_accounts",
    "numbers_of_posts",
    "observations_of",
    "observed_values",
    "posts_of",
    "restricted_accounts",
    "search_cards",
]
