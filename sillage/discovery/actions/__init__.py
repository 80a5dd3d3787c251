"""Writing discovery: briefs, shortlists, decisions on candidates, lists."""

from sillage.discovery.actions.briefs import archive_brief, change_brief, open_brief, weigh
from sillage.discovery.actions.deciding import NotAPerson, ReasonMissing, dismiss, pin, withdraw
from sillage.discovery.actions.lists import (
    drop_search,
    exclude,
    forget_accounts,
    forget_evidence,
    include_again,
    save_search,
)
from sillage.discovery.actions.shortlisting import BriefHasNoThemes, NobodyPasses, shortlist

__all__ = [
    "BriefHasNoThemes",
    "NobodyPasses",
    "NotAPerson",
    "ReasonMissing",
    "archive_brief",
    "change_brief",
    "dismiss",
    "drop_search",
    "exclude",
    "forget_accounts",
    "forget_evidence",
    "include_again",
    "open_brief",
    "pin",
    "save_search",
    "shortlist",
    "weigh",
    "withdraw",
]
