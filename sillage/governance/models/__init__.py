"""Tables of governance."""

from sillage.governance.models.approvals import Approval, ApprovalRequest
from sillage.governance.models.ledger import Entry, IdempotencyKey, Receipt
from sillage.governance.models.links import Link
from sillage.governance.models.people import ApiToken, Member, Person, PersonAccounts, Workspace

__all__ = [
    "ApiToken",
    "Approval",
    "ApprovalRequest",
    "Entry",
    "IdempotencyKey",
    "Link",
    "Member",
    "Person",
    "PersonAccounts",
    "Receipt",
    "Workspace",
]
