"""An act on the outside world, as it would be done: what an approval is bound to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sillage.lib.canonical import digest


@dataclass(frozen=True, slots=True)
class Act:
    """`content` is JSON: all that is said, sent or signed, in the words that a person reads before approving.

    `recipients` are whom it reaches (an e-mail address, an account's key); `amount` has at most two decimals.
    """

    verb: str  # room.verb, such as "campaigns.invite"
    subject_kind: str
    subject_id: str
    content: Mapping[str, Any] = field(default_factory=dict)
    recipients: tuple[str, ...] = ()
    amount: Decimal | None = None
    currency: str = ""

    @property
    def digest(self) -> bytes:
        """SHA-256 over every field: another word, recipient or cent is another act."""
        return digest(
            {
                "verb": self.verb,
                "subject": [self.subject_kind, self.subject_id],
                "content": dict(self.content),
                "recipients": sorted(self.recipients),
                "amount": None if self.amount is None else f"{self.amount:.2f}",
                "currency": self.currency,
            }
        )


class Verdict(StrEnum):
    """What a person says of an act that awaits approval."""

    APPROVED = "approved"
    REFUSED = "refused"


class Standing(StrEnum):
    """Where a request for approval stands."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    USED = "used"
