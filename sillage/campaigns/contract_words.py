"""Contracts and money in people's words: kinds, standings, what is missing, and refusals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from sillage.campaigns.actions import budget, considerations, contracts, payments, signing
from sillage.campaigns.engine.budget import Category
from sillage.campaigns.engine.considerations import Kind
from sillage.campaigns.engine.contract_duty import Duty
from sillage.campaigns.engine.contract_terms import TermsMalformed
from sillage.campaigns.engine.payments import PaymentMalformed, PaymentState
from sillage.campaigns.queries.contracts import Standing
from sillage.governance.actions import ApprovalMissing
from sillage.lib.errors import Refusal

Text = str | Promise

KINDS: Mapping[str, Text] = {
    Kind.MONEY: pgettext_lazy("consideration", "Money"),
    Kind.GIFT: pgettext_lazy("consideration", "Gift"),
    Kind.TRIP: pgettext_lazy("consideration", "Trip or invitation"),
    Kind.PERCENTAGE: pgettext_lazy("consideration", "Percentage of sales"),
}
CATEGORIES: Mapping[str, Text] = {
    Category.CREATOR_FEES: _("Creators’ fees"),
    Category.PRODUCTS: _("Products given"),
    Category.PRODUCTION: _("Production"),
    Category.OTHER: pgettext_lazy("budget", "Other"),
}
DUTIES: Mapping[str, Text] = {
    Duty.NONE: _("No written contract asked for"),
    Duty.ASK: _("A value is missing: put it down"),
    Duty.NEAR: _("Near the threshold: prepare a contract"),
    Duty.ADVISED: _("A written contract is advised"),
    Duty.REQUIRED: _("A written contract is needed"),
    Duty.HELD: _("A signed contract is there"),
}
DUTY_BADGES: Mapping[str, str] = {
    Duty.ASK: "badge--wake",
    Duty.NEAR: "badge--warning",
    Duty.ADVISED: "badge--warning",
    Duty.REQUIRED: "badge--bad",
    Duty.HELD: "badge--good",
}
STANDINGS: Mapping[str, Text] = {
    Standing.DRAFT: pgettext_lazy("contract", "draft"),
    Standing.SENT: pgettext_lazy("contract", "sent"),
    Standing.HALF_SIGNED: pgettext_lazy("contract", "signed by one"),
    Standing.SIGNED: pgettext_lazy("contract", "signed by both"),
    Standing.SUPERSEDED: pgettext_lazy("contract", "replaced"),
    Standing.VOID: pgettext_lazy("contract", "ended"),
}
STANDING_BADGES: Mapping[str, str] = {
    Standing.SENT: "badge--wake",
    Standing.HALF_SIGNED: "badge--wake",
    Standing.SIGNED: "badge--good",
    Standing.VOID: "badge--bad",
}
STATES: Mapping[str, Text] = {
    PaymentState.WAITING: pgettext_lazy("payment", "awaits approval"),
    PaymentState.TO_PAY: pgettext_lazy("payment", "to pay"),
    PaymentState.PAID: pgettext_lazy("payment", "paid"),
    PaymentState.REFUSED: pgettext_lazy("payment", "refused"),
    PaymentState.EXPIRED: pgettext_lazy("payment", "approval ran out"),
    PaymentState.WITHDRAWN: pgettext_lazy("payment", "withdrawn"),
}
STATE_BADGES: Mapping[str, str] = {
    PaymentState.WAITING: "badge--wake",
    PaymentState.TO_PAY: "badge--warning",
    PaymentState.PAID: "badge--good",
    PaymentState.REFUSED: "badge--bad",
    PaymentState.EXPIRED: "badge--bad",
}
PARTIES: Mapping[str, Text] = {"creator": _("The creator"), "brand": _("The brand")}
FIELDS: Mapping[str, Text] = {
    "brand_name": _("Name of the brand’s company"),
    "brand_registration": _("Registration number"),
    "brand_address": _("Postal address of the brand"),
    "brand_email": _("E-mail address of the brand"),
    "brand_country": _("Country of tax residence of the brand"),
    "brand_signatory": _("Represented by"),
    "creator_name": _("Name of the creator"),
    "creator_registration": _("Registration number of the creator"),
    "creator_address": _("Postal address of the creator"),
    "creator_email": _("E-mail address of the creator"),
    "creator_country": _("Country of tax residence of the creator"),
    "agent_name": _("Name of the agent"),
    "agent_address": _("Postal address of the agent"),
    "agent_email": _("E-mail address of the agent"),
    "missions": _("What the creator makes and publishes"),
    "publish_from": _("Published from"),
    "publish_until": _("Published until"),
    "online_days": _("Days that it stays online"),
    "payment_terms": _("Terms of payment"),
    "rights_uses": _("Uses that are granted"),
    "rights_territory": _("Territory of the rights"),
    "rights_until": _("End of the rights"),
    "exclusive_brands": _("Brands the creator does not work for"),
    "exclusive_categories": _("Categories the creator does not work for"),
    "exclusive_from": _("Exclusive from"),
    "exclusive_until": _("Exclusive until"),
    "special_terms": _("Special terms"),
    "law": _("Another law than French law"),
    "court": _("Court"),
    "language": _("Language of the contract"),
    "considerations": _("What the creator gets"),
    "in_kind_known": _("Value of every gift and trip"),
    "french_law": _("French law, which the audience in France asks for"),
}


CHECKED: Mapping[str, Text] = {
    "text": pgettext_lazy("checked", "text"),
    "PDF": "PDF",
    "ledger": pgettext_lazy("checked", "ledger"),
    "document": pgettext_lazy("checked", "document"),
    "signature of the creator": pgettext_lazy("checked", "signature of the creator"),
    "signature of the brand": pgettext_lazy("checked", "signature of the brand"),
    "the end of the contract": pgettext_lazy("checked", "the end of the contract"),
}


@dataclass(frozen=True, slots=True)
class Refused:
    """A refusal in the reader's language. `field` is the form's field beside which it stands, if any."""

    text: Text
    hint: Text
    field: str = ""


_KNOWN: Mapping[type[Refusal], tuple[Text, Text]] = {
    considerations.ConsiderationMalformed: (
        _("What the creator gets is not said in full."),
        _("Say in a few words what it is, and what it is worth before tax."),
    ),
    considerations.ConsiderationGone: (_("This was withdrawn already."), _("The page shows what stands.")),
    contracts.ContractChanged: (
        _("The contract, or what the creator gets, was changed in the meantime."),
        _("Read it again, keep the draft again, then go on."),
    ),
    contracts.SentAlready: (
        _("This version was sent: it does not change any more."),
        _("A change is a new version."),
    ),
    contracts.ReaderMissing: (
        _("Somebody has to answer for this text."),
        _("Name the lawyer or the person who read it."),
    ),
    contracts.ContractEnded: (_("This contract was ended."), _("Draft a new one for this collaboration.")),
    contracts.VoidReasonMissing: (_("Say why the contract ends."), _("Both parties will read it.")),
    contracts.ClausesMissing: (
        _("The contract lacks something that the law asks for."),
        _("Fill in what is named as missing."),
    ),
    signing.SignatureIncomplete: (
        _("A signature is your full name and the ticked box."),
        _("Type your name as on an official paper, and tick the box if you agree."),
    ),
    signing.NothingToSign: (_("There is nothing to sign yet."), _("The contract has to be sent first.")),
    signing.AnotherVersion: (_("The contract changed while you read it."), _("Read it again, then sign.")),
    signing.SignedAlready: (_("This was signed already."), _("There is nothing more to do.")),
    payments.BudgetExceeded: (
        _("This payment passes the budget of the campaign."),
        _("Tick the box below if that is meant: whoever approves it will read by how much."),
    ),
    payments.PaymentSettled: (_("This payment was confirmed or withdrawn already."), _("There is nothing more to do.")),
    payments.ConfirmationMalformed: (
        _("A confirmation has the day on which it was paid and the transfer’s reference."),
        _("The day cannot be one that is still to come."),
    ),
    PaymentMalformed: (
        _("The payment is not said in full."),
        _("To whom, for what, and an amount before tax above zero."),
    ),
    budget.BudgetLineMalformed: (_("A line has a label and an amount above zero."), _("Amounts are before tax.")),
    budget.LineGone: (_("This line was withdrawn already."), _("The page shows what stands.")),
    budget.RateMalformed: (
        _("A rate has two currencies, a number above zero, a day that was and a source."),
        _("In a file: columns base, quote, rate, on and source."),
    ),
    ApprovalMissing: (
        _("This has no approval that holds: it was not given yet, or was refused, ran out, or was for something else."),
        _("Ask for it; the approvals page shows where it stands."),
    ),
    TermsMalformed: (_("Something that was filled in cannot be read."), _("It is marked below.")),
}


def refused(refusal: Refusal) -> Refused:
    """What a page says of a refusal; one that has no words of its own here is said as it was raised."""
    own = (refusal.message, refusal.hint)
    text, hint = next((words for kind, words in _KNOWN.items() if isinstance(refusal, kind)), own)
    return Refused(text, hint, getattr(refusal, "place", ""))
