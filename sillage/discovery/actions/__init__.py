"""Writing discovery: briefs, shortlists, decisions on candidates, lists."""

from sillage.discovery.actions.lists import drop_search, exclude, forget_accounts, include_again, save_search

__all__ = ["drop_search", "exclude", "forget_accounts", "include_again", "save_search"]
