"""Who listens to whom: the only place where a lower room is told about a higher one."""

from __future__ import annotations

from sillage.catalogue import queries as catalogue
from sillage.catalogue.actions.forgetting import also_forget
from sillage.catalogue.actions.removing import also_remove_posts
from sillage.discovery import actions as discovery
from sillage.governance import queries as governance
from sillage.understanding import actions as understanding


def connect() -> None:
    """Called once, when Django is ready."""
    governance.read_sources_with("observation", catalogue.observed_values)
    also_forget(lambda leaving: discovery.forget_accounts(leaving.workspace_id, leaving.account_ids))
    also_forget(lambda leaving: understanding.forget_names(leaving.workspace_id, leaving.names))
    also_forget(lambda leaving: understanding.forget_comments_by(leaving.workspace_id, leaving.account_ids))
    also_remove_posts(lambda gone: understanding.forget_posts(gone.account_id, gone.post_ids))
    also_forget(lambda left: understanding.forget_in_topics(left.workspace_id, left.account_ids, left.names))
    also_remove_posts(
        lambda gone: understanding.forget_posts_in_topics(gone.workspace_id, gone.account_id, gone.post_ids)
    )
    also_remove_posts(lambda gone: discovery.forget_evidence(gone.account_id, gone.post_ids))
