"""Tables of governance."""

from sillage.governance.models.approvals import Approval, ApprovalRequest, ApprovalRule
from sillage.governance.models.ledger import Entry, IdempotencyKey, Receipt
from sillage.governance.models.links import Link
from sillage.governance.models.people import ApiToken, Member, Person, PersonAccounts, Workspace
from sillage.governance.models.policies import Policy, PolicySwitch, PolicyUse
from sillage.governance.models.privacy import (
    Controller,
    DataRequest,
    Notice,
    Rectification,
    Restriction,
    RetentionRun,
)
from sillage.governance.models.signing import SigningKey
from sillage.governance.models.webhooks import Delivery, Endpoint

__all__ = [
    "ApiToken",
    "Approval",
    "ApprovalRequest",
    "ApprovalRule",
    "Controller",
    "DataRequest",
    "Delivery",
    "Endpoint",
    "Entry",
    "IdempotencyKey",
    "Link",
    "Member",
    "Notice",
    "Person",
    "PersonAccounts",
    "Policy",
    "PolicySwitch",
    "PolicyUse",
    "Receipt",
    "Rectification",
    "Restriction",
    "RetentionRun",
    "SigningKey",
    "Workspace",
]
