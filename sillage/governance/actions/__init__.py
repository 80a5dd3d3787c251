"""Writing governance."""

from sillage.governance.actions.answers import KeyReused, forget_answers, keep_answer
from sillage.governance.actions.approving import (
    ApprovalMissing,
    NotAwaited,
    OwnSpending,
    ask_approval,
    decide_approval,
    use_approval,
)
from sillage.governance.actions.ledger import record
from sillage.governance.actions.links import LinkTooLong, open_link, revoke_link
from sillage.governance.actions.members import (
    AlreadyMember,
    EmailMalformed,
    LastOwner,
    PasswordTooWeak,
    SlugMalformed,
    SlugTaken,
    add_member,
    change_role,
    open_workspace,
    remove_member,
    set_password,
)
from sillage.governance.actions.receipts import (
    forget_receipts,
    forget_receipts_before,
    forget_receipts_citing,
    keep_receipts,
)
from sillage.governance.actions.tokens import ExpiryPast, ScopeBeyondRole, issue_token, revoke_token

__all__ = [
    "AlreadyMember",
    "ApprovalMissing",
    "EmailMalformed",
    "ExpiryPast",
    "KeyReused",
    "LastOwner",
    "LinkTooLong",
    "NotAwaited",
    "OwnSpending",
    "PasswordTooWeak",
    "ScopeBeyondRole",
    "SlugMalformed",
    "SlugTaken",
    "add_member",
    "ask_approval",
    "change_role",
    "decide_approval",
    "forget_answers",
    "forget_receipts",
    "forget_receipts_before",
    "forget_receipts_citing",
    "issue_token",
    "keep_answer",
    "keep_receipts",
    "open_link",
    "open_workspace",
    "record",
    "remove_member",
    "revoke_link",
    "revoke_token",
    "set_password",
    "use_approval",
]
