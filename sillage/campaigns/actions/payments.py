"""Payments: asked for, approved by somebody else, paid elsewhere and confirmed here. Sillage moves no money."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from sillage.campaigns.engine.budget import Category, beyond, worth_in
from sillage.campaigns.engine.contract_duty import Duty
from sillage.campaigns.engine.payments import PaymentMalformed, Taxed, taxed
from sillage.campaigns.models import Campaign, Collaboration, Payment
from sillage.campaigns.queries.budget import campaign_budget, get_payment, limit_of, list_rates
from sillage.campaigns.queries.campaigns import get_campaign, get_collaboration
from sillage.campaigns.queries.contracts import needs_contract
from sillage.campaigns.queries.payments import act_of_paying
from sillage.governance import actions as governance
from sillage.governance.actions.approving import ask_approval
from sillage.governance.engine.actors import Actor, ActorKind, Right, require
from sillage.lib.errors import Malformed, Refusal
from sillage.lib.money import Money
from sillage.lib.sentences import Day, Sentence
from sillage.lib.text import without_controls


class BudgetExceeded(Refusal):
    """The payment would pass the campaign's budget, and nobody said that this is meant."""


class CreatorOfAnotherCampaign(Refusal):
    """A payment is of one campaign and its creators."""


@transaction.atomic
def ask_payment(
    *,
    campaign_id: int,
    recipient: str,
    what: str,
    net: Decimal,
    currency: str = "",
    vat_rate: Decimal | None = None,
    tax_note: str = "",
    due_on: date | None = None,
    collaboration_id: int | None = None,
    category: Category = Category.CREATOR_FEES,
    is_beyond_meant: bool = False,
    actor: Actor,
    now: datetime,
) -> Payment:
    """Ask for a payment, which somebody else approves; the entry is governance's. BudgetExceeded unless `is_beyond_meant`."""
    require(actor, Right.CAMPAIGN)
    campaign = get_campaign(actor.workspace_id, campaign_id, lock=True)
    payment = Payment(
        workspace_id=actor.workspace_id,
        campaign=campaign,
        collaboration=_of_campaign(campaign, collaboration_id),
        category=category.value,
        recipient=_words(recipient, "recipient", 200),
        what=_words(what, "what", 300),
        tax_note=without_controls(tax_note).strip()[:300],
        due_on=due_on,
        asked_by_id=actor.member_id,
        asked_name=actor.name,
        asked_at=now,
    )
    over = _price(payment, taxed(Money(net, (currency or campaign.currency).upper()), vat_rate))
    if over and not is_beyond_meant:
        raise _too_much(payment, over)
    payment.save()
    _ask(payment, actor, now)
    return payment


def _too_much(payment: Payment, over: Money) -> BudgetExceeded:
    return BudgetExceeded(
        Sentence(
            "This passes the budget of “%(campaign)s” by %(beyond)s.",
            campaign=payment.campaign.name,
            beyond=over,
        ),
        Sentence("Say that it is meant, or change the budget."),
    )


def _price(payment: Payment, line: Taxed) -> Money | None:
    """Write the amounts with their tax and rates and what the law says, as part of asking; by how much they pass the budget."""
    campaign, day = payment.campaign, payment.asked_at.date()
    worth = worth_in((campaign.currency,), line.net, list_rates(payment.workspace_id), day)
    payment.net, payment.vat, payment.gross = line.net.amount, line.vat.amount, line.gross.amount
    payment.vat_rate, payment.currency = line.rate, line.net.currency
    payment.in_budget, payment.rates = worth.amounts[0], list(worth.rates)
    over = _beyond(campaign, payment.collaboration, Category(payment.category), payment.in_budget)
    payment.beyond = str(over) if over else ""
    payment.law = _law(payment.collaboration, day)
    return over


def _ask(payment: Payment, actor: Actor, now: datetime) -> None:
    ask_approval(
        act=act_of_paying(payment),
        summary=Sentence(
            "%(campaign)s: pay %(amount)s to %(recipient)s for %(what)s",
            campaign=payment.campaign.name,
            amount=Money(payment.gross, payment.currency).written,
            recipient=payment.recipient,
            what=payment.what,
        ),
        actor=actor,
        now=now,
    )


def _of_campaign(campaign: Campaign, collaboration_id: int | None) -> Collaboration | None:
    if collaboration_id is None:
        return None
    found = get_collaboration(campaign.workspace_id, collaboration_id)
    if found.campaign_id != campaign.pk:
        raise CreatorOfAnotherCampaign(
            Sentence("%(found)s is not in “%(campaign)s” by this.", found=found.name, campaign=campaign.name),
            Sentence("Choose a creator of it."),
        )
    return found


def _words(given: str, field: str, most: int) -> str:
    text = without_controls(given).strip()
    if not text or len(text) > most:
        raise PaymentMalformed(
            Sentence("A payment needs its %(field)s.", field=field),
            Sentence("Up to %(most)s characters.", most=most),
            field,
        )
    return text


def _beyond(
    campaign: Campaign, collaboration: Collaboration | None, category: Category, worth: Decimal | None
) -> Money | None:
    """By how much the payment passes the budget. What was agreed with the creator is in the budget already."""
    if worth is None:
        return None
    budget = campaign_budget(campaign)
    more = Money(worth, campaign.currency)
    if collaboration is not None:
        more = max(more - budget.room(category, collaboration.pk), Money(Decimal(0), campaign.currency))
    return beyond(limit_of(campaign), budget.whole, more)


def _law(collaboration: Collaboration | None, on: date) -> list[str]:
    """The rules that ask for a written contract that is not there."""
    if collaboration is None:
        return []
    verdict = needs_contract(collaboration, on)
    if verdict.duty not in (Duty.REQUIRED, Duty.ADVISED):
        return []
    return sorted(
        {finding.rule for finding in verdict.findings if finding.verdict.needs_person or finding.verdict.stops}
    )


class PaymentSettled(Refusal):
    """The payment was confirmed or withdrawn: there is nothing more to do."""


@transaction.atomic
def ask_payment_again(*, payment_id: int, actor: Actor, now: datetime) -> Payment:
    """Ask anew for a payment whose approval expired or was refused; the entry is governance's."""
    require(actor, Right.CAMPAIGN)
    payment = _open(actor.workspace_id, payment_id)
    _ask(payment, actor, now)
    return payment


def _open(workspace_id: int, payment_id: int) -> Payment:
    payment = get_payment(workspace_id, payment_id, lock=True)
    if payment.confirmed_at is not None:
        raise PaymentSettled(
            Sentence("Payment %(payment)s was confirmed as paid already.", payment=payment.pk),
            Sentence("See the campaign’s budget."),
        )
    if payment.withdrawn_at is not None:
        raise PaymentSettled(
            Sentence("Payment %(payment)s was withdrawn.", payment=payment.pk), Sentence("Ask for a new one.")
        )
    return payment


class ConfirmationMalformed(Malformed):
    """A confirmation has the transfer's reference and a day that was."""


class NotConfirmedByAPerson(Refusal):
    """Only a person says that money was paid."""

    status = 403


@transaction.atomic
def confirm_payment(*, payment_id: int, paid_on: date, reference: str, actor: Actor, now: datetime) -> Payment:
    """A person says that an approved payment was made, with the transfer's day and reference. The approval is used up.

    Raises ApprovalMissing, PaymentSettled, ConfirmationMalformed.
    """
    require(actor, Right.CAMPAIGN)
    if actor.kind is not ActorKind.PERSON:
        raise NotConfirmedByAPerson(
            Sentence("%(actor)s is not a person.", actor=actor.name), Sentence("A member confirms a payment.")
        )
    said = without_controls(reference).strip()
    if not said or len(said) > 100:
        raise ConfirmationMalformed(
            Sentence("A confirmation needs the transfer’s reference."), Sentence("As the bank shows it."), "reference"
        )
    if paid_on > now.date():
        raise ConfirmationMalformed(
            Sentence("%(paid_on)s is still to come.", paid_on=Day(paid_on)),
            Sentence("Confirm it when it was paid."),
            "paid_on",
        )
    payment = _open(actor.workspace_id, payment_id)
    used = governance.use_approval(act=act_of_paying(payment), workspace_id=actor.workspace_id, now=now)
    payment.paid_on, payment.reference, payment.approval_id = paid_on, said, used.pk
    payment.confirmed_by_id, payment.confirmed_name, payment.confirmed_at = actor.member_id, actor.name, now
    payment.save()
    governance.record(
        verb="campaigns.payment_confirmed",
        subject_kind="payment",
        subject_id=payment.pk,
        actor=actor,
        now=now,
        facts={
            "amount": str(Money(payment.gross, payment.currency)),
            "paid_on": paid_on.isoformat(),
            "reference": said,
            "approval": used.pk,
        },
    )
    return payment


@transaction.atomic
def withdraw_payment(*, payment_id: int, actor: Actor, now: datetime) -> Payment:
    """Take a request for payment back before it is confirmed. An approval that it has cannot be used any more."""
    require(actor, Right.CAMPAIGN)
    payment = _open(actor.workspace_id, payment_id)
    payment.withdrawn_at = now
    payment.save(update_fields=["withdrawn_at"])
    governance.record(
        verb="campaigns.payment_withdrawn",
        subject_kind="payment",
        subject_id=payment.pk,
        actor=actor,
        now=now,
        facts={"amount": str(Money(payment.gross, payment.currency))},
    )
    return payment
