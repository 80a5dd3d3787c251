"""Payments: the tax line, and the act that is approved. Sillage moves no money; it remembers who said that it moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from sillage.governance.engine.acts import Act, Standing
from sillage.lib.errors import Malformed
from sillage.lib.money import Money
from sillage.lib.sentences import Sentence

PAY = "campaigns.pay"  # the act
MOST = Decimal("9999999999.99")
HIGHEST_RATE = Decimal(50)  # percent; no value added tax is higher


class PaymentMalformed(Malformed):
    """A payment is not said in full. `place` is the field."""

    title = "Malformed payment"


class PaymentState(StrEnum):
    """Where a payment stands."""

    WAITING = "waiting"  # for approval
    TO_PAY = "to_pay"  # approved: a person pays elsewhere, then confirms it
    PAID = "paid"
    REFUSED = "refused"
    EXPIRED = "expired"  # the approval: ask again
    WITHDRAWN = "withdrawn"


STATE_OF = {
    Standing.WAITING: PaymentState.WAITING,
    Standing.APPROVED: PaymentState.TO_PAY,
    Standing.REFUSED: PaymentState.REFUSED,
    Standing.EXPIRED: PaymentState.EXPIRED,
    Standing.WITHDRAWN: PaymentState.EXPIRED,
    Standing.USED: PaymentState.PAID,
}


@dataclass(frozen=True, slots=True)
class Taxed:
    """An amount with its tax line. `rate` is in percent, None where no tax is charged: then a note says why."""

    net: Money
    rate: Decimal | None
    vat: Money

    @property
    def gross(self) -> Money:
        return self.net + self.vat


def taxed(net: Money, rate: Decimal | None) -> Taxed:
    """Raises PaymentMalformed for an amount that is not above zero or a rate beyond HIGHEST_RATE."""
    if not 0 < net.amount <= MOST:
        raise PaymentMalformed(
            Sentence("%(amount)s is no amount to pay.", amount=net.amount),
            Sentence("Write more than zero, before tax."),
            "net",
        )
    if rate is not None and not (rate.is_finite() and 0 <= rate <= HIGHEST_RATE):
        raise PaymentMalformed(
            Sentence("%(rate)s is no VAT rate.", rate=rate), Sentence("In percent, such as 20, or nothing."), "vat_rate"
        )
    rounded = net.rounded
    return Taxed(rounded, rate, rounded.share(rate or Decimal(0)))


def pay_act(
    *,
    payment_id: int,
    campaign_id: int,
    recipient: str,
    what: str,
    taxed: Taxed,
    tax_note: str,
    due_on: date | None,
    beyond: str,
    law: Sequence[str],
) -> Act:
    """To pay exactly this to exactly this recipient. `beyond`: by how much it passes the budget; `law`: what rules say."""
    content = {
        "campaign": campaign_id,
        "what": what,
        "net": f"{taxed.net.amount:.2f}",
        "vat_rate": None if taxed.rate is None else f"{taxed.rate:.2f}",
        "vat": f"{taxed.vat.amount:.2f}",
        "tax_note": tax_note,
        "due_on": due_on.isoformat() if due_on else None,
        "beyond_budget": beyond or None,
        "law": list(law),
    }
    return Act(
        verb=PAY,
        subject_kind="payment",
        subject_id=str(payment_id),
        content=content,
        recipients=(recipient,),
        amount=taxed.gross.amount,
        currency=taxed.gross.currency,
    )
