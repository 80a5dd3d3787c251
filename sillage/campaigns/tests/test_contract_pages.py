"""Contracts on their pages: put down, drafted, closed, signed by link and by the brand, ended."""

from __future__ import annotations

import html
from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from sillage.campaigns.models import Consideration, Contract, ContractVersion, Signature
from sillage.campaigns.queries.contracts import find_signed
from sillage.campaigns.tests.contract_cast import TERMS, approved, creator_signs, drafted, give, opened, sent, signed
from sillage.governance import actions as governance
from sillage.governance.engine.acts import Verdict
from sillage.governance.models import ApprovalRequest, Link


@pytest.fixture(autouse=True)
def _own_data(tmp_path, monkeypatch):
    monkeypatch.setattr(settings.SILLAGE, "data", tmp_path)


@pytest.fixture
def now():
    """Pages read the clock themselves."""
    return timezone.now().replace(microsecond=0)


def url(name, *args):
    return reverse(f"campaigns:{name}", args=["harbour", *args])


def text(response):
    return html.unescape(response.content.decode())


def form_of(terms=TERMS, **more):
    flat = {name: "\n".join(value) if isinstance(value, list) else value for name, value in terms.items()}
    return {**flat, "keep": ["validation", "confidentiality"], **more}


# -- what a creator gets ---------------------------------------------------------------------------------------------


def test_what_a_creator_gets_is_put_down_and_the_law_adds_it_up(collaboration, signed_in, ada, english):
    client = signed_in(ada)
    assert "Nothing is put down yet" in text(client.get(url("contract", collaboration.pk)))
    given = {"kind": "money", "text": "Two films", "amount": "1,200", "currency": "EUR"}
    client.post(url("add_consideration", collaboration.pk), given)
    page = text(client.get(url("contract", collaboration.pk)))
    assert "Two films" in page and "1,200.00 EUR" in page
    assert "A written contract is needed" in page and "FR-CTR-01" in page
    overview = text(client.get(url("contracts", collaboration.campaign_id)))
    assert "Mona" in overview and "A written contract is needed" in overview
    whole = text(client.get(url("collaboration", collaboration.pk)))
    assert "Pay and contract" in whole and "Two films" in whole


def test_what_is_not_said_in_full_is_said_beside_its_field(collaboration, signed_in, ada, english):
    given = {"kind": "percentage", "text": "Sales", "currency": "EUR"}
    answer = signed_in(ada).post(url("add_consideration", collaboration.pk), given)
    assert answer.status_code == 422 and "not said in full" in text(answer)
    assert Consideration.objects.count() == 0


def test_something_put_down_is_withdrawn(collaboration, signed_in, ada, noon):
    made = give(collaboration, ada, noon)
    signed_in(ada).post(url("withdraw_consideration", made.pk))
    made.refresh_from_db()
    assert made.withdrawn_at is not None


# -- drafting, closing -----------------------------------------------------------------------------------------------


def test_a_draft_is_filled_in_and_says_what_is_missing(collaboration, signed_in, ada, noon, english):
    give(collaboration, ada, noon)
    client = signed_in(ada)
    page = text(client.get(url("edit_contract", collaboration.pk)))
    assert "Terre Vive" in page and "2026-06-01" in page
    answer = client.post(url("edit_contract", collaboration.pk), form_of(creator_address="", keep=["confidentiality"]))
    assert answer.status_code == 302
    page = text(client.get(url("contract", collaboration.pk)))
    assert "Still missing" in page and "Postal address of the creator" in page
    version = ContractVersion.objects.get()
    assert version.left_out == ["validation"] and "a lawyer must read this text" in page
    client.post(url("send_contract", version.contract_id), {"read_by": "Me L.", "revision": version.revision})
    assert "lacks something that the law asks for" in text(client.get(url("contract", collaboration.pk)))


def test_a_field_that_cannot_be_read_keeps_what_was_typed(collaboration, signed_in, ada, noon, english):
    give(collaboration, ada, noon)
    given = form_of(publish_from="2026-07-01", publish_until="2026-06-01")
    answer = signed_in(ada).post(url("edit_contract", collaboration.pk), given)
    assert answer.status_code == 422
    assert "The last day is before the first." in text(answer) and "Virement à trente jours" in text(answer)


def test_the_second_of_two_who_draft_is_told(collaboration, signed_in, ada, bruno, noon, english):
    seen = drafted(collaboration, ada, noon).revision
    drafted(collaboration, bruno, noon)
    answer = signed_in(ada).post(url("edit_contract", collaboration.pk), form_of(revision=seen))
    assert answer.status_code == 422 and "changed in the meantime" in text(answer)


def test_versions_show_what_changed_and_every_file_opens(collaboration, signed_in, ada, bruno, noon, english):
    contract = signed(collaboration, bruno, ada, noon)
    sent(collaboration, bruno, noon, rights_territory="France et Belgique")
    client = signed_in(ada)
    page = text(client.get(url("contract", collaboration.pk) + f"?contract={contract.pk}&version=2&since=1"))
    assert "<del>monde</del>" in page and "<ins>France et Belgique</ins>" in page
    for name in ("contract_pdf", "signature_sheet"):
        answer = client.get(url(name, contract.pk, 1))
        assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF-")
    page = text(client.get(url("contract", collaboration.pk) + f"?contract={contract.pk}&version=1&verify=1"))
    assert "Recomputed just now" in page and "version 1, signature of the creator, ledger" in page


def test_what_people_type_is_text_on_the_page(collaboration, signed_in, ada, noon):
    drafted(collaboration, ada, noon, creator_name="<script>alert(1)</script>")
    raw = signed_in(ada).get(url("contract", collaboration.pk)).content.decode()
    assert "<script>alert(1)" not in raw and "&lt;script&gt;alert(1)" in raw


# -- signing ---------------------------------------------------------------------------------------------------------


def test_a_creator_reads_and_signs_by_link_and_the_brand_by_approval(
    collaboration, client, signed_in, ada, bruno, now, english
):
    version = sent(collaboration, bruno, now - timedelta(hours=1))
    page = text(signed_in(bruno).post(url("contract_link", version.contract_id)))
    link = Link.objects.get()
    secret = page.split("/l/")[1].split("/")[0]
    client.logout()
    address = f"/l/{secret}/contract/"
    page = text(client.get(address))
    assert "Terre Vive" in page and "not a qualified signature" in page and "4 quai des Iris" in page
    assert client.get(address + "pdf/").content.startswith(b"%PDF-")
    refused = client.post(address, {"name": "M", "agrees": "yes", "seen": version.pdf_sha256})
    assert refused.status_code == 422 and "full name and the ticked box" in text(refused)
    page = text(client.post(address, {"name": "Mona Vidal", "agrees": "yes", "seen": version.pdf_sha256}))
    assert "You have signed" in page
    assert Signature.objects.get().link_id == link.pk

    client = signed_in(bruno)
    client.post(url("ask_to_sign", version.contract_id))
    request = ApprovalRequest.objects.get()
    assert "Approval to sign" in text(client.get(url("contract", collaboration.pk)))
    governance.decide_approval(request_id=request.pk, verdict=Verdict.APPROVED, reason="", actor=ada, now=now)
    assert "I have read this PDF" in text(client.get(url("contract", collaboration.pk)))
    given = {"name": "Bruno Petit", "agrees": "yes", "seen": version.pdf_sha256}
    client.post(url("sign_contract", version.contract_id), given)
    assert find_signed(version.contract) == version
    client.logout()
    assert "Both parties have signed" in text(client.get(address))


def test_signing_without_an_approval_is_refused_in_words(collaboration, signed_in, bruno, now, english):
    version = sent(collaboration, bruno, now)
    given = {"name": "Bruno Petit", "agrees": "yes", "seen": version.pdf_sha256}
    client = signed_in(bruno)
    client.post(url("sign_contract", version.contract_id), given)
    assert "no approval that holds" in text(client.get(url("contract", collaboration.pk)))
    assert Signature.objects.count() == 0


def test_a_link_shows_nothing_before_sending_and_says_when_a_contract_was_ended(
    collaboration, client, signed_in, ada, now, english
):
    draft = drafted(collaboration, ada, now)
    _, secret = opened(collaboration, ada, now)
    page = text(client.get(f"/l/{secret}/contract/"))
    assert "no contract for you to read yet" in page and "Mona Vidal" not in page
    assert client.get(f"/l/{secret}/contract/pdf/").status_code == 404
    visitor = signed_in(ada)
    visitor.post(url("send_contract", draft.contract_id), {"read_by": "Me L.", "revision": draft.revision})
    visitor.post(url("void_contract", draft.contract_id), {"reason": "Product recalled"})
    visitor.logout()
    page = text(client.get(f"/l/{secret}/contract/"))
    assert "Product recalled" in page and "Sign the contract" not in page


def test_a_link_opens_its_own_contract_only(collaborations, client, ada, now):
    sent(collaborations["mona"], ada, now)
    _, secret = opened(collaborations["noe"], ada, now)
    assert "Mona Vidal" not in client.get(f"/l/{secret}/contract/").content.decode()
    assert client.get("/l/unknown-secret/contract/").status_code == 404


# -- who may ---------------------------------------------------------------------------------------------------------


def test_a_reader_sees_and_changes_nothing_and_a_stranger_sees_nothing(
    collaboration, signed_in, ada, bruno, rita, dario, now, english
):
    contract = signed(collaboration, bruno, ada, now)
    made = Consideration.objects.get()
    seen = [
        url("contracts", collaboration.campaign_id),
        url("contract", collaboration.pk),
        url("contract_pdf", contract.pk, 1),
        url("signature_sheet", contract.pk, 1),
    ]
    done = [
        url("edit_contract", collaboration.pk),
        url("add_consideration", collaboration.pk),
        url("withdraw_consideration", made.pk),
        *(url(name, contract.pk) for name in ("send_contract", "contract_link", "ask_to_sign", "sign_contract")),
        url("void_contract", contract.pk),
    ]
    client = signed_in(rita)
    assert {client.get(address).status_code for address in seen} == {200}
    assert {client.post(address).status_code for address in done} == {403}
    assert "Draft a new version" not in text(client.get(url("contract", collaboration.pk)))
    client = signed_in(dario)
    assert {client.get(address).status_code for address in seen} == {404}
    assert {client.post(address).status_code for address in done} == {404}


def test_the_list_of_a_campaign_takes_the_same_number_of_queries(
    collaborations, signed_in, ada, bruno, now, django_assert_max_num_queries
):
    signed(collaborations["mona"], bruno, ada, now)
    give(collaborations["noe"], ada, now)
    client = signed_in(ada)
    with django_assert_max_num_queries(22):
        assert client.get(url("contracts", collaborations["mona"].campaign_id)).status_code == 200
    assert Contract.objects.count() == 1


def test_creator_signatures_and_approvals_are_those_of_the_cast(collaboration, ada, bruno, now):
    version = sent(collaboration, bruno, now)
    link, _ = opened(collaboration, bruno, now)
    creator_signs(version.contract, link, now, version.pdf_sha256)
    approved(version.contract, bruno, ada, now)
    assert {s.party for s in Signature.objects.all()} == {"creator"}
