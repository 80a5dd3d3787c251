"""Money is planned, asked for, approved by somebody else, paid elsewhere and confirmed here once."""

from __future__ import annotations

import csv
import io
import threading
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection

from sillage.campaigns.actions.budget import (
    BudgetLineMalformed,
    LineGone,
    RateMalformed,
    keep_rates,
    plan,
    withdraw_line,
)
from sillage.campaigns.actions.campaigns import open_campaign
from sillage.campaigns.actions.collaborations import add_collaborations
from sillage.campaigns.actions.payments import (
    BudgetExceeded,
    ConfirmationMalformed,
    CreatorOfAnotherCampaign,
    NotConfirmedByAPerson,
    PaymentSettled,
    ask_payment,
    ask_payment_again,
    confirm_payment,
    withdraw_payment,
)
from sillage.campaigns.engine.budget import Category, Rate
from sillage.campaigns.engine.payments import PaymentMalformed, PaymentState
from sillage.campaigns.models import Collaboration, Payment
from sillage.campaigns.queries.budget import campaign_budget, campaign_budgets, get_payment
from sillage.campaigns.queries.payments import COLUMNS, accounting_csv, states_of
from sillage.campaigns.tests.conftest import GIVEN
from sillage.campaigns.tests.contract_cast import give
from sillage.governance import actions as governance
from sillage.governance.actions import ApprovalMissing
from sillage.governance.engine.actors import Actor, ActorKind, NotAllowed, Right
from sillage.governance.engine.acts import Verdict
from sillage.governance.models import ApprovalRequest, Entry
from sillage.lib.errors import NotFound
from sillage.lib.money import Money

ON = date(2026, 6, 15)


def euros(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def ask(campaign, actor, now, net="500", **more):
    given = {"recipient": "Mona Vidal", "what": "Two films", "vat_rate": Decimal(20), **more}
    return ask_payment(campaign_id=campaign.pk, net=Decimal(net), actor=actor, now=now, **given)


def decide(payment, actor, now, verdict=Verdict.APPROVED, reason=""):
    request = ApprovalRequest.objects.filter(subject_kind="payment", subject_id=str(payment.pk)).latest("pk")
    governance.decide_approval(request_id=request.pk, verdict=verdict, reason=reason, actor=actor, now=now)


def confirm(payment, actor, now, reference="SEPA 4711"):
    return confirm_payment(payment_id=payment.pk, paid_on=ON, reference=reference, actor=actor, now=now)


def state(payment, now):
    return states_of([get_payment(payment.workspace_id, payment.pk)], now)[payment.pk]


# -- plans -----------------------------------------------------------------------------------------------------------


def test_lines_add_up_in_the_campaign_s_currency(campaign, ada, noon):
    plan(
        campaign_id=campaign.pk, category=Category.CREATOR_FEES, label="Fees", amount=Decimal(8000), actor=ada, now=noon
    )
    line = plan(
        campaign_id=campaign.pk,
        category=Category.OTHER,
        label="Trip",
        amount=Decimal(500),
        currency="chf",
        actor=ada,
        now=noon,
    )
    budget = campaign_budget(campaign)
    assert (budget.whole.planned, budget.whole.unknown) == (euros("8000"), 1)
    keep_rates(rates=[Rate("EUR", "CHF", Decimal("0.95"), date(2026, 6, 10), "ECB")], actor=ada, now=noon)
    budget = campaign_budget(campaign)
    assert (budget.whole.planned, budget.whole.unknown) == (euros("8526.32"), 0)
    withdraw_line(line_id=line.pk, actor=ada, now=noon)
    assert campaign_budget(campaign).categories.keys() == {Category.CREATOR_FEES}
    with pytest.raises(LineGone):
        withdraw_line(line_id=line.pk, actor=ada, now=noon)


@pytest.mark.parametrize(("label", "amount"), [("", "5"), ("Fees", "0"), ("Fees", "-5"), ("Fees", "NaN")])
def test_a_line_has_a_label_and_an_amount(campaign, ada, noon, label, amount):
    with pytest.raises(BudgetLineMalformed):
        plan(campaign_id=campaign.pk, category=Category.OTHER, label=label, amount=Decimal(amount), actor=ada, now=noon)


@pytest.mark.parametrize(
    "rate",
    [
        Rate("EUR", "EUR", Decimal(1), ON, "ECB"),
        Rate("EUR", "CHF", Decimal(0), ON, "ECB"),
        Rate("EUR", "CHF", Decimal("NaN"), ON, "ECB"),
        Rate("EUR", "CHF", Decimal(1), ON + timedelta(days=1), "ECB"),
        Rate("EUR", "CHF", Decimal(1), ON, " "),
    ],
)
def test_a_rate_has_two_currencies_a_number_a_day_that_was_and_a_source(ada, noon, rate):
    with pytest.raises(RateMalformed):
        keep_rates(rates=[rate], actor=ada, now=noon)


def test_what_is_agreed_is_committed_and_what_is_spoken_of_is_proposed(campaign, collaborations, ada, noon):
    give(collaborations["mona"], ada, noon, "1200")
    give(collaborations["noe"], ada, noon, "800")
    Collaboration.objects.filter(pk=collaborations["mona"].pk).update(stage="producing")
    whole = campaign_budget(campaign).whole
    assert (whole.committed, whole.proposed, whole.engaged) == (euros("1200"), euros("800"), euros("1200"))


# -- asking, approving, confirming -----------------------------------------------------------------------------------


def test_a_payment_is_asked_for_approved_paid_elsewhere_and_confirmed(campaign, ada, bruno, noon):
    payment = ask(campaign, bruno, noon, "499.99")
    assert (payment.vat, payment.gross) == (Decimal("100.00"), Decimal("599.99"))
    assert state(payment, noon) is PaymentState.WAITING
    decide(payment, ada, noon)
    assert state(payment, noon) is PaymentState.TO_PAY
    paid = confirm(payment, bruno, noon)
    assert (paid.paid_on, paid.reference, paid.confirmed_name) == (ON, "SEPA 4711", "bruno@example.org")
    assert state(payment, noon) is PaymentState.PAID
    assert campaign_budget(campaign).whole.spent == euros("499.99")
    verbs = list(Entry.objects.filter(workspace=campaign.workspace).values_list("verb", flat=True))
    assert verbs[-3:] == ["governance.approval_asked", "governance.approval_decided", "campaigns.payment_confirmed"]


def test_an_approval_to_pay_names_amount_currency_recipient_and_tax(campaign, bruno, noon):
    payment = ask(campaign, bruno, noon, vat_rate=None, tax_note="Autoliquidation, article 283-2 du CGI")
    request = ApprovalRequest.objects.get(subject_kind="payment", subject_id=str(payment.pk))
    assert (request.amount, request.currency, request.recipients) == (Decimal(500), "EUR", ["Mona Vidal"])
    assert (request.content["vat"], request.content["vat_rate"]) == ("0.00", None)
    assert request.content["tax_note"].startswith("Autoliquidation")


def test_nobody_confirms_what_nobody_approved_or_what_was_refused(campaign, ada, bruno, noon):
    payment = ask(campaign, bruno, noon)
    with pytest.raises(ApprovalMissing):
        confirm(payment, bruno, noon)
    decide(payment, ada, noon, Verdict.REFUSED, "Too much")
    assert state(payment, noon) is PaymentState.REFUSED
    with pytest.raises(ApprovalMissing):
        confirm(payment, bruno, noon)


def test_an_approval_that_expired_is_asked_for_again(campaign, ada, bruno, noon):
    payment = ask(campaign, bruno, noon)
    decide(payment, ada, noon)
    later = noon + timedelta(days=20)
    assert state(payment, later) is PaymentState.EXPIRED
    with pytest.raises(ApprovalMissing):
        confirm(payment, bruno, later)
    ask_payment_again(payment_id=payment.pk, actor=bruno, now=later)
    decide(payment, ada, later)
    confirm(payment, bruno, later)


def test_the_row_that_was_approved_is_the_row_that_is_paid(campaign, ada, bruno, noon):
    payment = ask(campaign, bruno, noon)
    decide(payment, ada, noon)
    Payment.objects.update(recipient="Somebody Else")
    with pytest.raises(ApprovalMissing):
        confirm(payment, bruno, noon)
    Payment.objects.update(recipient="Mona Vidal")
    type(campaign).objects.update(name="Renamed since")
    confirm(payment, bruno, noon)


def test_a_payment_is_confirmed_once_and_not_after_it_was_withdrawn(campaign, ada, bruno, noon):
    one, two = ask(campaign, bruno, noon), ask(campaign, bruno, noon, what="Story")
    for payment in (one, two):
        decide(payment, ada, noon)
    confirm(one, bruno, noon)
    withdraw_payment(payment_id=two.pk, actor=bruno, now=noon)
    for payment in (one, two):
        with pytest.raises(PaymentSettled):
            confirm(payment, bruno, noon)
        with pytest.raises(PaymentSettled):
            withdraw_payment(payment_id=payment.pk, actor=bruno, now=noon)
    whole = campaign_budget(campaign).whole
    assert (whole.spent, whole.asked) == (euros("500"), euros("0"))


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_of_two_who_confirm_at_once_one_does_and_the_other_gets_a_sentence(campaign, ada, bruno, noon):
    payment = ask(campaign, bruno, noon)
    decide(payment, ada, noon)
    start, said = threading.Barrier(2), []

    def pay(actor: Actor) -> None:
        try:
            start.wait()
            said.append(confirm(payment, actor, noon).reference)
        except PaymentSettled as refusal:
            said.append(refusal.message)
        finally:
            connection.close()

    threads = [threading.Thread(target=pay, args=(actor,)) for actor in (ada, bruno)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == [f"Payment {payment.pk} was confirmed as paid already.", "SEPA 4711"]
    assert Entry.objects.filter(verb="campaigns.payment_confirmed").count() == 1


def test_beyond_the_budget_is_said_before_asking_and_to_whoever_approves(campaign, collaborations, bruno, noon):
    ask(campaign, bruno, noon, "11800")
    with pytest.raises(BudgetExceeded, match=r"by 50\.00 EUR"):
        ask(campaign, bruno, noon, "250")
    payment = ask(campaign, bruno, noon, "250", is_beyond_meant=True)
    request = ApprovalRequest.objects.get(subject_kind="payment", subject_id=str(payment.pk))
    assert request.content["beyond_budget"] == "50.00 EUR"


def test_paying_what_was_agreed_with_a_creator_does_not_count_twice(campaign, collaborations, bruno, noon):
    mona = collaborations["mona"]
    give(mona, bruno, noon, "11900")
    Collaboration.objects.filter(pk=mona.pk).update(stage="agreed")
    payment = ask(campaign, bruno, noon, "11900", collaboration_id=mona.pk)
    assert campaign_budget(campaign).whole.engaged == euros("11900")
    request = ApprovalRequest.objects.get(subject_kind="payment", subject_id=str(payment.pk))
    assert request.content["law"] == ["FR-CTR-01"] or "FR-CTR-01" in request.content["law"]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"net": "0"}, "net"),
        ({"net": "-1"}, "net"),
        ({"vat_rate": Decimal(120)}, "vat_rate"),
        ({"recipient": " "}, "recipient"),
        ({"what": ""}, "what"),
    ],
)
def test_a_payment_that_is_not_said_in_full_is_refused_by_its_field(campaign, bruno, noon, change, place):
    with pytest.raises(PaymentMalformed) as refused:
        ask(campaign, bruno, noon, **change)
    assert refused.value.place == place


@pytest.mark.parametrize(
    ("reference", "paid_on", "place"), [(" ", ON, "reference"), ("SEPA", ON + timedelta(days=1), "paid_on")]
)
def test_a_confirmation_has_a_reference_and_a_day_that_was(campaign, ada, bruno, noon, reference, paid_on, place):
    payment = ask(campaign, bruno, noon)
    decide(payment, ada, noon)
    with pytest.raises(ConfirmationMalformed) as refused:
        confirm_payment(payment_id=payment.pk, paid_on=paid_on, reference=reference, actor=bruno, now=noon)
    assert refused.value.place == place


def test_a_creator_of_another_campaign_a_reader_a_machine_and_a_stranger_are_refused(
    campaign, accounts, ada, bruno, rita, dario, noon
):
    other = open_campaign(given={**GIVEN, "name": "Else"}, actor=ada, now=noon)
    (row,) = add_collaborations(campaign_id=other.pk, accounts=[accounts["mona"].pk], actor=ada, now=noon)
    with pytest.raises(CreatorOfAnotherCampaign):
        ask(campaign, bruno, noon, collaboration_id=row.pk)
    with pytest.raises(NotAllowed):
        ask(campaign, rita, noon)
    with pytest.raises(NotFound):
        ask(campaign, dario, noon)
    payment = ask(campaign, bruno, noon)
    decide(payment, ada, noon)
    with pytest.raises(NotFound):
        confirm(payment, dario, noon)
    with pytest.raises(NotConfirmedByAPerson):
        confirm(payment, Actor(ActorKind.AUTOMATION, "bank", ada.workspace_id, frozenset({Right.CAMPAIGN})), noon)


def test_the_budgets_of_many_campaigns_take_the_same_number_of_queries(
    campaign, collaborations, ada, bruno, noon, django_assert_num_queries
):
    other = open_campaign(given={**GIVEN, "name": "Else", "currency": "CHF"}, actor=ada, now=noon)
    for row in collaborations.values():
        give(row, ada, noon)
    ask(campaign, bruno, noon)
    with django_assert_num_queries(3):
        found = campaign_budgets([campaign, other])
    assert found[other.pk].whole.engaged == Money(Decimal(0), "CHF")


# -- accounting ------------------------------------------------------------------------------------------------------


def test_the_file_for_accounting_has_every_payment_with_its_tax_its_rate_and_who_said_so(campaign, ada, bruno, noon):
    keep_rates(rates=[Rate("EUR", "CHF", Decimal("0.95"), date(2026, 6, 10), "ECB")], actor=ada, now=noon)
    payment = ask(campaign, bruno, noon, "950", currency="CHF", recipient='=HYPERLINK("http://x")', what="-1+1")
    decide(payment, ada, noon)
    confirm(payment, bruno, noon, reference="@SUM(A1)")
    content = accounting_csv([get_payment(payment.workspace_id, payment.pk)], noon)
    assert content.startswith(b"\xef\xbb\xbf")
    (row,) = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    assert tuple(row) == COLUMNS
    assert (row["recipient"], row["what"], row["reference"]) == (
        '\'=HYPERLINK("http://x")',
        "'-1+1",
        "'@SUM(A1)",
    )
    assert (row["net"], row["vat"], row["gross"], row["currency"]) == ("950.00", "190.00", "1140.00", "CHF")
    assert (row["net_in_budget"], row["rate_on"], row["rate_source"]) == ("1000.00", "2026-06-10", "ECB")
    assert (row["state"], row["approved_by"], row["creator"]) == ("paid", "Ada", "")
