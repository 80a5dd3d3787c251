"""Reading discovery: briefs and shortlists as they are kept, and answers that keep nothing."""

from sillage.catalogue.engine.filters import CardFilters
from sillage.discovery.queries.briefs import (
    decisions_of,
    excluded_accounts,
    find_shortlist,
    get_brief,
    get_search,
    get_shortlist,
    list_briefs,
    list_candidates,
    list_exclusion_lists,
    list_searches,
)
from sillage.discovery.queries.learning import Taught, TurnedPair, WeightSuggestion, weight_suggestion
from sillage.discovery.queries.ranking import (
    NothingToResemble,
    Ranked,
    WhyNot,
    accounts_of,
    lookalikes,
    reranked,
    why_not,
)
from sillage.discovery.queries.reading import as_given, unsaved_brief

__all__ = [
    "CardFilters",
    "NothingToResemble",
    "Ranked",
    "Taught",
    "TurnedPair",
    "WeightSuggestion",
    "WhyNot",
    "accounts_of",
    "as_given",
    "decisions_of",
    "excluded_accounts",
    "find_shortlist",
    "get_brief",
    "get_search",
    "get_shortlist",
    "list_briefs",
    "list_candidates",
    "list_exclusion_lists",
    "list_searches",
    "lookalikes",
    "reranked",
    "unsaved_brief",
    "weight_suggestion",
    "why_not",
]
