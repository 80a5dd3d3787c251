"""Reading governance. A thing of another workspace is not found."""

from sillage.governance.queries.approvals import find_request, get_request, list_requests_of, standing
from sillage.governance.queries.ledger import (
    Verification,
    find_answer,
    get_receipt,
    latest_receipts,
    list_entries,
    list_verbs,
    read_sources_with,
    verify_ledger,
    verify_receipt,
)
from sillage.governance.queries.links import get_link, guest_of, list_links_of
from sillage.governance.queries.people import (
    actor_of,
    find_actor_of_token,
    get_actor,
    get_operator,
    list_members,
    list_tokens,
    list_workspaces,
    list_workspaces_of,
)

__all__ = [
    "Verification",
    "actor_of",
    "find_actor_of_token",
    "find_answer",
    "find_request",
    "get_actor",
    "get_link",
    "get_operator",
    "get_receipt",
    "get_request",
    "guest_of",
    "latest_receipts",
    "list_entries",
    "list_links_of",
    "list_members",
    "list_requests_of",
    "list_tokens",
    "list_verbs",
    "list_workspaces",
    "list_workspaces_of",
    "read_sources_with",
    "standing",
    "verify_ledger",
    "verify_receipt",
]
