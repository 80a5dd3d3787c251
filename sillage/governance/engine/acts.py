"""An act on the outside world, as it would be done: what an approval is bound to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sillage.lib.canonical import digest
from sillage.lib.errors import Malformed
from sillage.lib.sentences import Sentence, Term


class ActMalformed(Malformed):
    """An act that nobody could approve as it is written."""


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

    def __post_init__(self) -> None:
        """An amount is whole cents of a named currency, so that no other one has the same digest."""
        if self.amount is None:
            return
        if not self.amount.is_finite() or self.amount < 0 or self.amount != round(self.amount, 2):
            raise ActMalformed(
                Sentence("%(amount)s is no amount to approve.", amount=self.amount),
                Sentence("Give it with at most two decimals."),
            )
        if not self.currency:
            raise ActMalformed(
                Sentence("%(amount)s has no currency.", amount=self.amount), Sentence("Say which, as EUR.")
            )

    def as_json(self) -> dict[str, Any]:
        """Every field, as it is hashed and exported."""
        return {
            "verb": self.verb,
            "subject": [self.subject_kind, self.subject_id],
            "content": dict(self.content),
            "recipients": sorted(self.recipients),
            "amount": None if self.amount is None else f"{self.amount:.2f}",
            "currency": self.currency,
        }

    @property
    def digest(self) -> bytes:
        """SHA-256 over every field: another word, recipient or cent is another act."""
        return digest(self.as_json())


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

    @property
    def is_open(self) -> bool:
        """Nothing has ended it yet: it waits, or was approved and not used."""
        return self in (Standing.WAITING, Standing.APPROVED)


STANDING_WORDS: Mapping[Standing, Sentence] = {
    Standing.WAITING: Term("request for approval", "waiting"),
    Standing.APPROVED: Term("request for approval", "approved"),
    Standing.REFUSED: Term("request for approval", "refused"),
    Standing.EXPIRED: Term("request for approval", "expired"),
    Standing.WITHDRAWN: Term("request for approval", "withdrawn"),
    Standing.USED: Term("request for approval", "used"),
}
