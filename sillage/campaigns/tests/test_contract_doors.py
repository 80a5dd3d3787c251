"""Contracts and money through the API and on the command line."""

from __future__ import annotations

import csv
import io
import json

import pytest
from click.testing import CliRunner
from django.conf import settings
from django.utils import timezone

from sillage.campaigns.models import Contract, Payment
from sillage.campaigns.queries.contracts import find_sent
from sillage.campaigns.tests.contract_cast import TERMS, creator_signs, opened
from sillage.front.cli import sillage
from sillage.front.tests.program import program_of
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Right
from sillage.governance.engine.acts import Verdict
from sillage.governance.models import ApprovalRequest


@pytest.fixture(autouse=True)
def _own_data(tmp_path, monkeypatch):
    monkeypatch.setattr(settings.SILLAGE, "data", tmp_path / "data")


def approve(actor):
    request = ApprovalRequest.objects.latest("pk")
    governance.decide_approval(
        request_id=request.pk, verdict=Verdict.APPROVED, reason="", actor=actor, now=timezone.now()
    )


def run(*words):
    done = CliRunner().invoke(sillage, [*words, "--as", "bruno@example.org"], standalone_mode=False)
    if done.exception:
        raise done.exception
    return done.stdout


# -- the API ---------------------------------------------------------------------------------------------------------


def test_a_program_goes_from_pay_to_a_proven_contract(collaboration, ada, bruno):
    program = program_of(bruno)
    place = f"collaborations/{collaboration.pk}"
    made = program.post(f"{place}/considerations", {"kind": "money", "text": "Two films", "amount": "1200.00"})
    assert made.status_code == 201 and made.json()["euros"] == "1200.00"
    duty = program.get(f"{place}/contract-duty").json()
    assert (duty["duty"], duty["total"]) == ("required", "1200.00") and "FR-CTR-01" in duty["rules"]
    drafted = program.call("PUT", f"{place}/contract", {"terms": {**TERMS, "creator_address": ""}}).json()
    assert drafted["version"]["missing"] == ["creator_address"]
    contract = drafted["id"]
    refused = program.post(f"contracts/{contract}/send", {"read_by": "Me L."})
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:sillage:ClausesMissing")
    program.call("PUT", f"{place}/contract", {"terms": TERMS})
    sent = program.post(f"contracts/{contract}/send", {"read_by": "Me L."}).json()
    pdf = sent["version"]["pdf_sha256"]
    link, _ = opened(collaboration, bruno, timezone.now())
    creator_signs(Contract.objects.get(), link, timezone.now(), pdf)
    signature = {"name": "Bruno Petit", "agrees": True, "seen_pdf": pdf}
    assert program.post(f"contracts/{contract}/sign", signature).json()["type"].startswith("urn:sillage:Approval")
    assert program.post(f"contracts/{contract}/ask-to-sign").status_code == 201
    approve(ada)
    assert program.post(f"contracts/{contract}/sign", signature).status_code == 201
    shown = program.get(f"contracts/{contract}").json()
    assert (shown["standing"], shown["in_force"]) == ("signed", 1)
    assert program.get(f"contracts/{contract}/verify").json()["holds"] is True
    assert program.get(f"contracts/{contract}/versions/1/pdf").content.startswith(b"%PDF-")
    listed = program.get(f"campaigns/{collaboration.campaign_id}/contracts").json()["items"]
    assert [one["id"] for one in listed] == [contract]


def test_a_program_asks_for_a_payment_and_confirms_it_once_it_was_approved(campaign, ada, bruno):
    program = program_of(bruno)
    line = {"category": "production", "label": "Studio", "amount": "900"}
    assert program.post(f"campaigns/{campaign.pk}/budget-lines", line).status_code == 201
    asked = {"recipient": "Studio Lux", "what": "Filming", "net": "800", "vat_rate": "20", "category": "production"}
    payment = program.post(f"campaigns/{campaign.pk}/payments", asked).json()
    assert (payment["gross"], payment["state"]) == ("960.00", "waiting")
    confirmation = {"paid_on": f"{timezone.localdate()}", "reference": "SEPA 1"}
    assert program.post(f"payments/{payment['id']}/confirm", confirmation).status_code == 403
    approve(ada)
    assert program.post(f"payments/{payment['id']}/confirm", confirmation).json()["state"] == "paid"
    budget = program.get(f"campaigns/{campaign.pk}/budget").json()
    assert (budget["whole"]["spent"], budget["whole"]["planned"], budget["left"]) == ("800.00", "900.00", "11200.00")
    beyond = program.post(f"campaigns/{campaign.pk}/payments", {**asked, "net": "99999"})
    assert beyond.json()["type"] == "urn:sillage:BudgetExceeded"
    rates = {"rates": [{"base": "CHF", "quote": "EUR", "rate": "1.05", "on": "2026-06-01", "source": "ECB"}]}
    assert program.post("exchange-rates", rates).status_code == 201
    assert program.get("exchange-rates").json()["items"][0]["base"] == "CHF"


def test_a_narrow_token_and_a_stranger_change_nothing(collaboration, campaign, ada, bruno, dario):
    narrow, stranger = program_of(bruno, Right.READ), program_of(dario, slug="elsewhere")
    body = {"kind": "money", "text": "Film", "amount": "10"}
    assert narrow.post(f"collaborations/{collaboration.pk}/considerations", body).status_code == 403
    assert stranger.get(f"collaborations/{collaboration.pk}/considerations").status_code == 404
    assert stranger.get(f"campaigns/{campaign.pk}/budget").status_code == 404
    assert stranger.get("budgets").json()["items"] == []


# -- the command line ------------------------------------------------------------------------------------------------


def test_the_command_line_drafts_sends_signs_and_verifies(collaboration, ada, bruno, tmp_path):
    pk = str(collaboration.pk)
    assert (
        "required"
        in json.loads(run("contract", "give", pk, "money", "Deux films", "--amount", "1200", "--json"))["duty"]
    )
    terms = tmp_path / "terms.toml"
    terms.write_text(run("contract", "terms", pk), encoding="utf-8")
    assert 'brand_name = "Terre Vive"' in terms.read_text(encoding="utf-8")
    missing = json.loads(run("contract", "draft", pk, str(terms), "--dry-run", "--json"))["missing"]
    assert "creator_address" in missing and Contract.objects.count() == 0
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in TERMS.items()]
    terms.write_text("\n".join(lines), encoding="utf-8")
    run("contract", "draft", pk, str(terms))
    contract = Contract.objects.get()
    run("contract", "send", str(contract.pk), "--read-by", "Me Lambert")
    version = find_sent(contract)
    link, _ = opened(collaboration, bruno, timezone.now())
    creator_signs(contract, link, timezone.now(), version.pdf_sha256)
    run("contract", "ask", str(contract.pk))
    approve(ada)
    run("contract", "sign", str(contract.pk), "--name", "Bruno Petit", "--agree")
    pdf = tmp_path / "contract.pdf"
    assert "Rémunération" in run("contract", "show", str(contract.pk), "--pdf", str(pdf))
    assert json.loads(run("contract", "verify", str(pdf), "--json"))["holds"]
    assert json.loads(run("contract", "verify", str(contract.pk), "--json"))["holds"]
    listed = json.loads(run("contract", "list", str(collaboration.campaign_id), "--json"))
    assert (listed[0]["standing"], listed[0]["duty"]) == ("signed", "held")


def test_a_file_with_one_changed_byte_or_of_something_else_is_named(collaboration, ada, bruno, tmp_path):
    pk = str(collaboration.pk)
    run("contract", "give", pk, "money", "Deux films", "--amount", "1200")
    terms = tmp_path / "terms.toml"
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in TERMS.items()]
    terms.write_text("\n".join(lines), encoding="utf-8")
    run("contract", "draft", pk, str(terms))
    contract = str(Contract.objects.get().pk)
    run("contract", "send", contract, "--read-by", "Me Lambert")
    pdf = tmp_path / "contract.pdf"
    run("contract", "show", contract, "--pdf", str(pdf))
    content = bytearray(pdf.read_bytes())
    content[-20] ^= 1
    pdf.write_bytes(bytes(content))
    with pytest.raises(Exception, match=f"says it is contract {contract}, version 1, but its bytes"):
        run("contract", "verify", str(pdf))
    pdf.write_bytes(b"%PDF-1.7 something else")
    with pytest.raises(Exception, match="no contract of this workspace"):
        run("contract", "verify", str(pdf))


def test_terms_that_are_no_toml_are_said_by_their_place(collaboration, bruno, tmp_path):
    terms = tmp_path / "terms.toml"
    terms.write_text('language = "fr"\nmissions = [', encoding="utf-8")
    with pytest.raises(Exception, match="not TOML") as refused:
        run("contract", "draft", str(collaboration.pk), str(terms))
    assert refused.value.place.startswith(f"{terms}:2:")


def test_the_command_line_plans_asks_confirms_and_exports(campaign, ada, bruno, tmp_path):
    pk = str(campaign.pk)
    run("budget", "plan", pk, "creator_fees", "Fees", "8000")
    run("payment", "ask", pk, "Mona Vidal", "Two films", "500", "--vat", "20")
    payment = str(Payment.objects.get().pk)
    approve(ada)
    done = json.loads(run("payment", "confirm", payment, "--reference", "SEPA 4711", "--json"))
    assert (done[0]["state"], done[0]["gross"]) == ("paid", "600.00")
    rates = tmp_path / "rates.csv"
    rates.write_text("base,quote,rate,on,source\nCHF,EUR,1.05,2026-06-01,ECB\n", encoding="utf-8")
    run("budget", "rates", str(rates))
    shown = json.loads(run("budget", "show", pk, "--json"))
    assert next(row for row in shown if row["of"] == "sum")["spent"] == "500.00"
    assert json.loads(run("budget", "show", "--json"))[0]["spent"] == "500.00"
    file = tmp_path / "payments.csv"
    run("budget", "export", pk, "--output", str(file))
    (row,) = csv.DictReader(io.StringIO(file.read_bytes().decode("utf-8-sig")))
    assert (row["reference"], row["state"]) == ("SEPA 4711", "paid")
