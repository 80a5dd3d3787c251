"""The budget on its pages: planned, asked for, approved, confirmed, exported, over all campaigns."""

from __future__ import annotations

import html

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from sillage.campaigns.actions.campaigns import open_campaign
from sillage.campaigns.models import BudgetLine, Collaboration, ExchangeRate, Payment
from sillage.campaigns.tests.contract_cast import give
from sillage.governance import actions as governance
from sillage.governance.engine.acts import Verdict
from sillage.governance.models import ApprovalRequest


@pytest.fixture
def now():
    return timezone.now().replace(microsecond=0)


def url(name, *args):
    return reverse(f"campaigns:{name}", args=["harbour", *args])


def text(response):
    return html.unescape(response.content.decode())


def asked(**more):
    return {
        "recipient": "Mona Vidal",
        "what": "Two films",
        "category": "creator_fees",
        "net": "500",
        "currency": "EUR",
        "vat_rate": "20",
        **more,
    }


def test_a_budget_is_planned_asked_for_approved_confirmed_and_exported(
    campaign, collaborations, signed_in, ada, bruno, now, english
):
    mona = collaborations["mona"]
    give(mona, bruno, now, "500")
    Collaboration.objects.filter(pk=mona.pk).update(stage="agreed")
    client = signed_in(bruno)
    line = {"category": "creator_fees", "label": "Fees", "amount": "8,000", "currency": "EUR"}
    client.post(url("plan_line", campaign.pk), line)
    client.post(url("ask_payment", campaign.pk), asked(collaboration=mona.pk))
    page = text(client.get(url("budget", campaign.pk)))
    assert "8,000.00" in page and "600.00 EUR" in page and "awaits approval" in page
    assert "Sillage moves no money" in page
    request = ApprovalRequest.objects.get()
    governance.decide_approval(request_id=request.pk, verdict=Verdict.APPROVED, reason="", actor=ada, now=now)
    assert "to pay" in text(client.get(url("budget", campaign.pk)))
    given = {"paid_on": f"{now:%Y-%m-%d}", "reference": "SEPA 4711"}
    client.post(url("confirm_payment", Payment.objects.get().pk), given)
    page = text(client.get(url("budget", campaign.pk)))
    assert "SEPA 4711" in page and "11,500.00" in page
    assert "SEPA 4711" in text(client.get(url("collaboration", mona.pk)))
    answer = client.get(url("export_payments", campaign.pk))
    assert answer["Content-Type"].startswith("text/csv") and "SEPA 4711" in answer.content.decode("utf-8-sig")
    overview = text(client.get(url("budgets")))
    assert "Spring in the garden" in overview and "500.00" in overview


def test_passing_the_budget_is_said_before_anything_is_asked_for(campaign, signed_in, bruno, english):
    client = signed_in(bruno)
    answer = client.post(url("ask_payment", campaign.pk), asked(net="13000"))
    assert answer.status_code == 422 and "passes the budget" in text(answer)
    assert Payment.objects.count() == 0 and ApprovalRequest.objects.count() == 0
    client.post(url("ask_payment", campaign.pk), asked(net="13000", is_beyond_meant="on"))
    assert Payment.objects.get().beyond == "1,000.00 EUR"
    assert "The budget is passed" in text(client.get(url("budget", campaign.pk)))


def test_confirming_without_approval_or_day_is_refused_in_words(campaign, signed_in, bruno, now, english):
    client = signed_in(bruno)
    client.post(url("ask_payment", campaign.pk), asked())
    payment = Payment.objects.get()
    for given, said in (
        ({"paid_on": f"{now:%Y-%m-%d}", "reference": "SEPA"}, "no approval that holds"),
        ({"paid_on": "soon", "reference": "SEPA"}, "the day on which it was paid"),
    ):
        client.post(url("confirm_payment", payment.pk), given)
        assert said in text(client.get(url("budget", campaign.pk)))
    client.post(url("withdraw_payment", payment.pk))
    assert "withdrawn" in text(client.get(url("budget", campaign.pk)))


def test_lines_are_withdrawn_and_wrong_ones_said(campaign, signed_in, bruno, english):
    client = signed_in(bruno)
    line = {"category": "other", "label": "Room", "amount": "0", "currency": "EUR"}
    answer = client.post(url("plan_line", campaign.pk), line)
    assert answer.status_code == 422 and "an amount above zero" in text(answer)
    client.post(url("plan_line", campaign.pk), {**line, "amount": "300"})
    client.post(url("drop_line", BudgetLine.objects.get().pk))
    assert "Room" not in text(client.get(url("budget", campaign.pk)))


def test_rates_are_entered_one_by_one_or_from_a_file(campaign, collaboration, signed_in, bruno, now, english):
    client = signed_in(bruno)
    client.post(
        url("add_consideration", collaboration.pk),
        {"kind": "money", "text": "Film", "amount": "100", "currency": "CHF"},
    )
    assert "no rate into the campaign" in text(client.get(url("budget", campaign.pk)))
    day = f"{now:%Y-%m-%d}"
    client.post(url("rates"), {"base": "chf", "quote": "EUR", "rate": "1.05", "on": day, "source": "ECB"})
    assert "no rate into the campaign" not in text(client.get(url("budget", campaign.pk)))
    file = SimpleUploadedFile("rates.csv", f"base,quote,rate,on,source\nEUR,USD,1.1,{day},ECB\n".encode())
    client.post(url("rates"), {"file": file})
    page = text(client.get(url("rates")))
    assert ExchangeRate.objects.count() == 2 and "1.1 USD" in page and "1.05 EUR" in page


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"base,quote,rate\nEUR,USD,1\n", "line 1"),
        (b"base,quote,rate,on,source\nEUR,USD,much,2026-06-01,ECB\n", "line 2"),
        (b"base,quote,rate,on,source\nEUR,USD,1.1,2999-06-01,ECB\n", "a day that was"),
        (b"\xff\xfe\x00", "line 1"),
    ],
)
def test_a_file_that_is_no_list_of_rates_is_said_by_its_line(signed_in, ada, workspace, content, said, english):
    answer = signed_in(ada).post(url("rates"), {"file": SimpleUploadedFile("rates.csv", content)})
    assert answer.status_code == 422 and said in text(answer)
    assert ExchangeRate.objects.count() == 0


def test_an_empty_budget_says_what_to_do(campaign, signed_in, ada, english):
    page = text(signed_in(ada).get(url("budget", campaign.pk)))
    assert "No payment was asked for yet" in page and "No line is planned yet" in page


def test_a_reader_sees_and_changes_nothing_and_a_stranger_sees_nothing(
    campaign, signed_in, ada, bruno, rita, dario, english
):
    client = signed_in(bruno)
    client.post(url("ask_payment", campaign.pk), asked())
    client.post(
        url("plan_line", campaign.pk), {"category": "other", "label": "Room", "amount": "300", "currency": "EUR"}
    )
    payment, line = Payment.objects.get(), BudgetLine.objects.get()
    seen = [url("budget", campaign.pk), url("export_payments", campaign.pk)]
    done = [
        url("plan_line", campaign.pk),
        url("ask_payment", campaign.pk),
        url("drop_line", line.pk),
        *(url(name, payment.pk) for name in ("confirm_payment", "ask_again", "withdraw_payment")),
    ]
    client = signed_in(rita)
    assert {client.get(address).status_code for address in [*seen, url("budgets"), url("rates")]} == {200}
    assert {client.post(address).status_code for address in done} == {403}
    given = {"base": "CHF", "quote": "EUR", "rate": "1.05", "on": "2026-06-01", "source": "ECB"}
    assert client.post(url("rates"), given).status_code in (403, 422)
    assert ExchangeRate.objects.count() == 0
    client = signed_in(dario)
    assert {client.get(address).status_code for address in seen} == {404}
    assert {client.post(address).status_code for address in done} == {404}


def test_a_long_table_comes_in_portions_and_sums_all(campaign, ada, signed_in, noon, monkeypatch):
    open_campaign(given={"name": "Autumn", "objective": "Make mulch known", "brand": "Terre Vive"}, actor=ada, now=noon)
    monkeypatch.setattr("sillage.campaigns.views.budget.SHOWN", 1)
    client = signed_in(ada)
    first = client.get("/w/harbour/budgets/").content.decode()
    assert "Autumn" in first and "Spring in the garden" not in first and "?from=1" in first
    rest = client.get("/w/harbour/budgets/?from=1").content.decode()
    assert "Spring in the garden" in rest and "?from=0" in rest and "?from=2" not in rest
    assert client.get("/w/harbour/budgets/?from=x9").status_code == 200
