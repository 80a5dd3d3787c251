"""Writing discovery: briefs, shortlists, decisions on candidates, lists."""

from sillage.discovery.actions.briefs import (
    BriefInUse,
    NothingSuggested,
    SuggestionOutdated,
    archive_brief,
    change_brief,
    open_brief,
    restore_brief,
    weigh,
)
from sillage.discovery.actions.deciding import NotAPerson, ReasonMissing, dismiss, pin, withdraw
from sillage.discovery.actions.lists import (
    NameTaken,
    drop_list,
    drop_search,
    exclude,
    forget_accounts,
    forget_evidence,
    include_again,
    rename_search,
    save_search,
)
from sillage.discovery.actions.shortlisting import BriefHasNoThemes, NobodyPasses, shortlist

__all__ = [
    "BriefHasNoThemes",
    "BriefInUse",
    "NameTaken",
    "NobodyPasses",
    "NotAPerson",
    "NothingSuggested",
    "ReasonMissing",
    "SuggestionOutdated",
    "archive_brief",
    "change_brief",
    "dismiss",
    "drop_list",
    "drop_search",
    "exclude",
    "forget_accounts",
    "forget_evidence",
    "include_again",
    "open_brief",
    "pin",
    "rename_search",
    "restore_brief",
    "save_search",
    "shortlist",
    "weigh",
    "withdraw",
]
