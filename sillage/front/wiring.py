"""Who listens to whom: the only place where a lower room is told about a higher one."""

from __future__ import annotations

from sillage.catalogue import queries as catalogue
from sillage.catalogue.actions.forgetting import also_forget
from sillage.discovery.actions import forget_accounts
from sillage.governance import queries as governance
from sillage.governance.actions import forget_receipts


def connect() -> None:
    """Called once, when Django is ready."""
    governance.read_sources_with("observation", catalogue.observed_values)
    also_forget(lambda workspace_id, accounts: forget_receipts(workspace_id, "account", accounts))
    also_forget(forget_accounts)
