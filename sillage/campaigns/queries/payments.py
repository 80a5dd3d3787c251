"""Reading payments: the act that is approved, where each stands, and the file for accounting."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from sillage.campaigns.engine.payments import PAY, STATE_OF, PaymentState, Taxed, pay_act
from sillage.campaigns.models import Payment
from sillage.governance.engine.acts import Act
from sillage.governance.models import ApprovalRequest
from sillage.governance.queries import standing
from sillage.lib.money import Money

COLUMNS = (
    *(
        "payment",
        "campaign",
        "creator",
        "category",
        "recipient",
        "what",
        "state",
        "asked_on",
        "asked_by",
        "approved_by",
    ),
    *("currency", "net", "vat_rate", "vat", "gross", "tax_note", "budget_currency", "net_in_budget", "rate", "rate_on"),
    *("rate_source", "due_on", "paid_on", "reference", "confirmed_by"),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # what a spreadsheet might run


def act_of_paying(payment: Payment) -> Act:
    """To pay exactly what the row says, built from nothing else."""
    currency = payment.currency
    return pay_act(
        payment_id=payment.pk,
        campaign_id=payment.campaign_id,
        recipient=payment.recipient,
        what=payment.what,
        taxed=Taxed(Money(payment.net, currency), payment.vat_rate, Money(payment.vat, currency)),
        tax_note=payment.tax_note,
        due_on=payment.due_on,
        beyond=payment.beyond,
        law=payment.law,
    )


def requests_of(payments: Sequence[Payment]) -> dict[int, ApprovalRequest]:
    """The newest request for approval of each payment, with the words that people gave, in two queries."""
    if not payments:
        return {}
    rows = ApprovalRequest.objects.filter(
        workspace_id=payments[0].workspace_id,
        verb=PAY,
        subject_kind="payment",
        subject_id__in=[str(payment.pk) for payment in payments],
    )
    return {int(row.subject_id): row for row in rows.prefetch_related("approvals").order_by("pk")}


def states_of(payments: Sequence[Payment], now: datetime) -> dict[int, PaymentState]:
    """Where each payment stands."""
    requests = requests_of(payments)
    return {payment.pk: state_of(payment, requests.get(payment.pk), now) for payment in payments}


def state_of(payment: Payment, request: ApprovalRequest | None, now: datetime) -> PaymentState:
    """Where a payment stands, given the newest request for its approval."""
    if payment.confirmed_at is not None:
        return PaymentState.PAID
    if payment.withdrawn_at is not None:
        return PaymentState.WITHDRAWN
    return PaymentState.EXPIRED if request is None else STATE_OF[standing(request, now)]


# -- for accounting --------------------------------------------------------------------------------------------------


def accounting_csv(payments: Sequence[Payment], now: datetime) -> bytes:
    """COLUMNS as CSV (UTF-8 with a mark that spreadsheets know), one row per payment. Missing is empty.

    Text that a spreadsheet would take for a formula gets an apostrophe before it. Numbers have a point.
    """
    requests = requests_of(payments)
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for payment in payments:
        row = _row(payment, requests.get(payment.pk), now)
        writer.writerow([_safe(row[name]) for name in COLUMNS])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _row(payment: Payment, request: ApprovalRequest | None, now: datetime) -> Mapping[str, object]:
    rate = payment.rates[0] if payment.rates else {}
    approvals = request.approvals.all() if request else ()
    return {
        "payment": payment.pk,
        "campaign": payment.campaign.name,
        "creator": payment.collaboration.name if payment.collaboration else None,
        "category": payment.category,
        "recipient": payment.recipient,
        "what": payment.what,
        "state": state_of(payment, request, now).value,
        "asked_on": payment.asked_at.date(),
        "asked_by": payment.asked_name,
        "approved_by": ", ".join(one.person_name for one in approvals if one.verdict == "approved"),
        "currency": payment.currency,
        "net": payment.net,
        "vat_rate": payment.vat_rate,
        "vat": payment.vat,
        "gross": payment.gross,
        "tax_note": payment.tax_note,
        "budget_currency": payment.campaign.currency,
        "net_in_budget": payment.in_budget,
        "rate": Decimal(rate["rate"]) if rate else None,
        "rate_on": rate.get("on"),
        "rate_source": rate.get("source"),
        "due_on": payment.due_on,
        "paid_on": payment.paid_on,
        "reference": payment.reference,
        "confirmed_by": payment.confirmed_name,
    }


def _safe(value: object) -> str:
    if value is None:
        return ""
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text
