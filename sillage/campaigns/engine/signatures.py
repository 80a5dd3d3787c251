"""Signatures under a contract: what each covers, and the act that the brand approves before it signs.

A simple electronic signature: name, time and the hash of what was read. It is not a qualified one (Regulation (EU)
No 910/2014, art. 3), and is not sold as one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sillage.governance.engine.acts import Act
from sillage.lib.canonical import digest

SIGN = "campaigns.sign"  # the act


class Party(StrEnum):
    CREATOR = "creator"
    BRAND = "brand"


@dataclass(frozen=True, slots=True)
class Signed:
    """All that a signature says. `link_id` is a creator's door, `member_id` and `approval_id` the brand's."""

    contract_id: int
    version: int
    party: str
    name: str
    signed_at: datetime
    pdf_sha256: str
    text_sha256: str
    member_id: int | None = None
    link_id: int | None = None
    approval_id: int | None = None

    @property
    def digest(self) -> str:
        """SHA-256 over every field, in hex."""
        said: dict[str, Any] = asdict(self) | {"signed_at": self.signed_at.astimezone(UTC).isoformat()}
        return digest(said).hex()


def sign_act(
    *,
    contract_id: int,
    version: int,
    pdf_sha256: str,
    text_sha256: str,
    creator: str,
    grants: Sequence[str],
    amount: Decimal | None,
    currency: str,
) -> Act:
    """To sign exactly this PDF for the brand. Another version, word or cent is another act."""
    content = {
        "contract": contract_id,
        "version": version,
        "pdf_sha256": pdf_sha256,
        "text_sha256": text_sha256,
        "grants": list(grants),
    }
    return Act(
        verb=SIGN,
        subject_kind="contract",
        subject_id=str(contract_id),
        content=content,
        recipients=(creator,),
        amount=amount,
        currency=currency if amount is not None else "",
    )
