"""A contract is drafted, sent, signed by two and ended; what was sent never changes, and every byte can be proven."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from sillage.adapters import blobs
from sillage.campaigns.actions.contracts import (
    BlockUnknown,
    ClausesMissing,
    ContractChanged,
    ContractEnded,
    ReaderMissing,
    SentAlready,
    VoidReasonMissing,
    draft_contract,
    send_contract,
    void_contract,
)
from sillage.campaigns.actions.signing import (
    AnotherVersion,
    NothingToSign,
    SignatureIncomplete,
    SignedAlready,
    ask_to_sign,
    sign_as_creator,
)
from sillage.campaigns.models import Contract, ContractVersion, ContractVoid, Exclusivity, Signature
from sillage.campaigns.queries.contract_pages import contract_pdf, is_current, signature_sheet, starting_terms
from sillage.campaigns.queries.contracts import (
    Standing,
    exclusivities_of,
    find_contract,
    find_signed,
    get_contract,
    is_signed,
    standing_of,
)
from sillage.campaigns.queries.signing import claimed_version, find_version_of_file, verify_contract
from sillage.campaigns.tests.contract_cast import (
    TERMS,
    approved,
    brand_signs,
    creator_signs,
    drafted,
    give,
    opened,
    sent,
    signed,
)
from sillage.governance import actions as governance
from sillage.governance import queries as governance_queries
from sillage.governance.actions import ApprovalMissing
from sillage.governance.engine.actors import NotAllowed
from sillage.governance.engine.links import Purpose
from sillage.governance.models import Entry
from sillage.lib.errors import NotFound


@pytest.fixture(autouse=True)
def _own_data(tmp_path, monkeypatch):
    monkeypatch.setattr(settings.SILLAGE, "data", tmp_path)


def kept_file(version) -> Path:
    return next(Path(settings.SILLAGE.data).rglob(version.pdf_sha256))


# -- drafts ----------------------------------------------------------------------------------------------------------


def test_a_draft_may_lack_anything_and_is_written_over_until_it_is_sent(collaboration, ada, noon):
    one = draft_contract(collaboration_id=collaboration.pk, terms={"language": "fr"}, actor=ada, now=noon)
    two = drafted(collaboration, ada, noon)
    assert (one.pk, two.number, two.revision) == (two.pk, 1, 2)
    assert contract_pdf(two).startswith(b"%PDF-")
    assert two.pdf_sha256 == "" and not list(Path(settings.SILLAGE.data).rglob("*"))


def test_of_two_who_change_a_draft_the_second_is_told(collaboration, ada, bruno, noon):
    seen = drafted(collaboration, ada, noon).revision
    draft_contract(collaboration_id=collaboration.pk, terms=TERMS, seen_revision=seen, actor=bruno, now=noon)
    with pytest.raises(ContractChanged, match=r"bruno@example\.org"):
        draft_contract(collaboration_id=collaboration.pk, terms=TERMS, seen_revision=seen, actor=ada, now=noon)
    with pytest.raises(ContractChanged):
        send_contract(contract_id=Contract.objects.get().pk, read_by="Me L.", seen_revision=seen, actor=ada, now=noon)


def test_only_optional_blocks_are_left_out(collaboration, ada, noon):
    with pytest.raises(BlockUnknown):
        draft_contract(collaboration_id=collaboration.pk, terms=TERMS, left_out=["rights"], actor=ada, now=noon)
    draft = draft_contract(
        collaboration_id=collaboration.pk, terms=TERMS, left_out=["confidentiality"], actor=ada, now=noon
    )
    assert "confidentiality" not in [part["block"] for part in draft.parts]


def test_the_next_contract_of_a_brand_starts_with_what_the_last_one_said(collaborations, ada, noon):
    drafted(collaborations["mona"], ada, noon)
    terms = starting_terms(collaborations["noe"], "fr")
    assert terms["brand_address"] == TERMS["brand_address"]
    assert terms["creator_name"] == "Noe" and "creator_address" not in terms
    assert (terms["publish_from"], terms["publish_until"]) == ("2026-06-01", "2026-07-31")


# -- sending ---------------------------------------------------------------------------------------------------------


def test_missing_clauses_are_refused_by_their_names(collaboration, ada, noon):
    give(collaboration, ada, noon)
    terms = {k: v for k, v in TERMS.items() if k not in ("creator_address", "payment_terms", "rights_until")}
    draft = draft_contract(collaboration_id=collaboration.pk, terms=terms, actor=ada, now=noon)
    with pytest.raises(ClausesMissing) as refused:
        send_contract(contract_id=draft.contract_id, read_by="Me L.", actor=ada, now=noon)
    assert refused.value.missing == ("creator_address", "payment_terms", "rights_until")
    assert "creator address, payment terms, rights until" in refused.value.message
    assert ContractVersion.objects.get().sent_at is None


def test_somebody_answers_for_the_text(collaboration, ada, noon):
    draft = drafted(collaboration, ada, noon)
    with pytest.raises(ReaderMissing):
        send_contract(contract_id=draft.contract_id, read_by="  ", actor=ada, now=noon)


def test_what_was_sent_is_kept_by_its_hash_and_not_sent_again(collaboration, ada, noon):
    version = sent(collaboration, ada, noon)
    pdf = contract_pdf(version)
    assert blobs.read(ada.workspace_id, version.pdf_sha256) == pdf
    assert find_version_of_file(ada.workspace_id, pdf) == version
    with pytest.raises(SentAlready):
        send_contract(contract_id=version.contract_id, read_by="Me L.", actor=ada, now=noon)


def test_a_draft_that_no_longer_says_what_is_granted_is_not_sent(collaboration, ada, noon):
    draft = drafted(collaboration, ada, noon)
    give(collaboration, ada, noon, "300")
    assert not is_current(draft, collaboration)
    with pytest.raises(ContractChanged, match="granted"):
        send_contract(contract_id=draft.contract_id, read_by="Me L.", actor=ada, now=noon)


def test_a_change_after_sending_is_a_new_version(collaboration, ada, noon):
    one = sent(collaboration, ada, noon)
    two = drafted(collaboration, ada, noon, rights_territory="France")
    assert (one.number, two.number, one.contract_id) == (1, 2, two.contract_id)
    one.refresh_from_db()
    assert one.terms["rights_territory"] == "monde"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE campaigns_contractversion SET text_sha256 = 'x'",
        "DELETE FROM campaigns_contractversion",
        "UPDATE campaigns_signature SET name = 'Somebody'",
        "DELETE FROM campaigns_signature",
        "UPDATE campaigns_contractvoid SET reason = 'x'",
        "DELETE FROM campaigns_contractvoid",
        "TRUNCATE campaigns_signature",
    ],
)
def test_the_database_refuses_to_change_what_was_sent_signed_or_ended(collaboration, ada, bruno, noon, statement):
    contract = signed(collaboration, bruno, ada, noon)
    void_contract(contract_id=contract.pk, reason="Product recalled", actor=ada, now=noon)
    Exclusivity.objects.all().delete()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert (ContractVersion.objects.count(), Signature.objects.count(), ContractVoid.objects.count()) == (1, 2, 1)


# -- signing ---------------------------------------------------------------------------------------------------------


def test_creator_and_brand_sign_the_same_pdf_and_the_contract_is_signed(collaboration, ada, bruno, noon):
    contract = signed(collaboration, bruno, ada, noon)
    version = find_signed(contract)
    creator, brand = version.signatures.order_by("party").reverse()
    assert (creator.name, creator.signed_at, creator.pdf_sha256) == ("Mona Vidal", noon, version.pdf_sha256)
    assert (brand.name, brand.member_id) == ("Bruno Petit", bruno.member_id) and brand.approval_id
    assert is_signed(collaboration)
    assert standing_of(version, is_void=False, newest_sent=1) is Standing.SIGNED
    verbs = list(Entry.objects.filter(subject_kind="contract").values_list("verb", flat=True))
    assert verbs == [
        "campaigns.contract_drafted",
        "campaigns.contract_sent",
        "campaigns.contract_signed",
        "campaigns.contract_signed",
    ]


def test_the_brand_signs_only_with_an_approval_of_exactly_this_pdf(collaboration, ada, bruno, noon):
    version = sent(collaboration, bruno, noon)
    with pytest.raises(ApprovalMissing):
        brand_signs(version.contract, bruno, noon, version.pdf_sha256)
    approved(version.contract, bruno, ada, noon)
    later = sent(collaboration, bruno, noon, rights_territory="France")
    with pytest.raises(ApprovalMissing, match="hash of the PDF"):
        brand_signs(version.contract, bruno, noon, later.pdf_sha256)
    assert Signature.objects.count() == 0


def test_an_approval_to_sign_names_the_hash_the_pay_and_the_value(collaboration, ada, bruno, noon):
    version = sent(collaboration, bruno, noon)
    request = ask_to_sign(contract_id=version.contract_id, actor=bruno, now=noon)
    assert request.content["pdf_sha256"] == version.pdf_sha256
    assert (request.amount, request.currency, request.recipients) == (Decimal(1200), "EUR", ["Mona Vidal"])
    assert any("1\u202f200,00\u00a0EUR" in line for line in request.content["grants"])


def test_a_creator_who_read_another_version_does_not_sign_it(collaboration, ada, noon):
    one = sent(collaboration, ada, noon)
    link, _ = opened(collaboration, ada, noon)
    sent(collaboration, ada, noon, rights_territory="France")
    with pytest.raises(AnotherVersion):
        creator_signs(one.contract, link, noon, one.pdf_sha256)


def test_nobody_signs_twice_unsent_or_ended(collaboration, ada, noon):
    draft = drafted(collaboration, ada, noon)
    link, _ = opened(collaboration, ada, noon)
    with pytest.raises(NothingToSign):
        creator_signs(draft.contract, link, noon, "")
    version = send_contract(contract_id=draft.contract_id, read_by="Me L.", actor=ada, now=noon)
    creator_signs(version.contract, link, noon, version.pdf_sha256)
    with pytest.raises(SignedAlready):
        creator_signs(version.contract, link, noon, version.pdf_sha256)
    void_contract(contract_id=version.contract_id, reason="Cancelled", actor=ada, now=noon)
    with pytest.raises(ContractEnded):
        creator_signs(version.contract, link, noon, version.pdf_sha256)


@pytest.mark.parametrize(("name", "agrees", "place"), [("  M ", True, "name"), ("Mona Vidal", False, "agrees")])
def test_a_signature_is_a_full_name_and_a_tick(collaboration, ada, noon, name, agrees, place):
    version = sent(collaboration, ada, noon)
    link, _ = opened(collaboration, ada, noon)
    with pytest.raises(SignatureIncomplete) as refused:
        sign_as_creator(
            contract_id=version.contract_id,
            name=name,
            agrees=agrees,
            seen_pdf=version.pdf_sha256,
            link_id=link.pk,
            actor=governance_queries.guest_of(link),
            now=noon,
        )
    assert refused.value.place == place


def test_only_a_live_link_of_this_collaboration_signs(collaborations, ada, noon):
    version = sent(collaborations["mona"], ada, noon)
    other, _ = opened(collaborations["noe"], ada, noon)
    review, _ = governance.open_link(
        purpose=Purpose.REVIEW,
        subject_kind="collaboration",
        subject_id=collaborations["mona"].pk,
        label="Client",
        expires_at=noon + timedelta(days=3),
        actor=ada,
        now=noon,
    )
    ended, _ = opened(collaborations["mona"], ada, noon)
    governance.revoke_link(link_id=ended.pk, actor=ada, now=noon)
    expired, _ = opened(collaborations["mona"], ada, noon)
    for link, when in ((other, noon), (review, noon), (ended, noon), (expired, noon + timedelta(days=31))):
        with pytest.raises(NotFound):
            creator_signs(version.contract, link, when, version.pdf_sha256)
    with pytest.raises(NotAllowed):
        sign_as_creator(
            contract_id=version.contract_id,
            name="Ada Lovelace",
            agrees=True,
            seen_pdf=version.pdf_sha256,
            link_id=other.pk,
            actor=ada,
            now=noon,
        )


def test_a_reader_and_a_stranger_neither_send_sign_nor_see(collaboration, ada, rita, dario, noon):
    version = sent(collaboration, ada, noon)
    with pytest.raises(NotAllowed):
        brand_signs(version.contract, rita, noon, version.pdf_sha256)
    with pytest.raises(NotFound):
        get_contract(dario.workspace_id, version.contract_id)
    with pytest.raises(NotFound):
        brand_signs(version.contract, dario, noon, version.pdf_sha256)
    with pytest.raises(NotFound):
        void_contract(contract_id=version.contract_id, reason="x", actor=dario, now=noon)
    assert find_version_of_file(dario.workspace_id, contract_pdf(version)) is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_of_two_signatures_at_once_one_wins_and_the_other_gets_a_sentence(collaboration, ada, noon):
    version = sent(collaboration, ada, noon)
    link, _ = opened(collaboration, ada, noon)
    start, said = threading.Barrier(2), []

    def sign(name: str) -> None:
        try:
            start.wait()
            said.append(creator_signs(version.contract, link, noon, version.pdf_sha256, name).name)
        except SignedAlready as refusal:
            said.append(refusal.message)
        finally:
            connection.close()

    threads = [threading.Thread(target=sign, args=(name,)) for name in ("Mona Vidal", "Mona V. Vidal")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Signature.objects.count() == 1
    assert sorted(s == "Version 1 was signed already." for s in said) == [False, True]


# -- ending ----------------------------------------------------------------------------------------------------------


def test_ending_is_a_row_of_its_own_with_a_reason(collaboration, ada, bruno, noon):
    contract = signed(collaboration, bruno, ada, noon)
    with pytest.raises(VoidReasonMissing):
        void_contract(contract_id=contract.pk, reason=" ", actor=ada, now=noon)
    with pytest.raises(NotAllowed):  # in force: only who approves may end it
        void_contract(contract_id=contract.pk, reason="Changed our mind", actor=bruno, now=noon)
    void_contract(contract_id=contract.pk, reason="Product recalled", actor=ada, now=noon)
    with pytest.raises(ContractEnded):
        void_contract(contract_id=contract.pk, reason="Again", actor=ada, now=noon)
    assert not is_signed(collaboration)
    assert drafted(collaboration, ada, noon).contract_id != contract.pk
    assert find_contract(collaboration).pk != contract.pk


def test_an_exclusivity_holds_once_both_have_signed_between_its_days(collaboration, ada, bruno, noon):
    sent(collaboration, bruno, noon)
    day = date(2026, 7, 1)
    assert exclusivities_of(ada.workspace_id, collaboration.creator_id, day) == []
    signed(collaboration, bruno, ada, noon)
    assert [e.name for e in exclusivities_of(ada.workspace_id, collaboration.creator_id, day)] == ["Bio-Sol"]
    assert exclusivities_of(ada.workspace_id, collaboration.creator_id, date(2026, 10, 1)) == []
    assert ContractVersion.objects.last().rights_until == date(2027, 6, 30)


# -- proof -----------------------------------------------------------------------------------------------------------


def failing(contract):
    return {
        check.what for check in verify_contract(get_contract(contract.workspace_id, contract.pk)) if not check.holds
    }


def tamper(statement: str) -> None:
    """As somebody with the keys of the database would, its triggers silenced."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def test_a_contract_that_nobody_touched_holds(collaboration, ada, bruno, noon):
    contract = signed(collaboration, bruno, ada, noon)
    assert len(verify_contract(contract)) == 9 and failing(contract) == set()
    assert signature_sheet(contract, find_signed(contract), noon).startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        (
            "UPDATE campaigns_contractversion SET parts = jsonb_set(parts, '{4,title}', '\"Pay\"')",
            {"version 1: text"},
        ),
        (
            "UPDATE campaigns_signature SET name = 'Mona Vidale' WHERE party = 'creator'",
            {"version 1: signature of the creator"},
        ),
        (
            "UPDATE campaigns_signature SET signed_at = signed_at - interval '1 day' WHERE party = 'brand'",
            {"version 1: signature of the brand"},
        ),
        (
            "UPDATE campaigns_signature SET digest = repeat('0', 64) WHERE party = 'brand'",
            {"version 1: signature of the brand", "version 1: signature of the brand: ledger"},
        ),
        (
            "UPDATE campaigns_contractversion SET text_sha256 = repeat('0', 64)",
            {
                *("version 1: text", "version 1: ledger", "version 1: signature of the creator: document"),
                "version 1: signature of the brand: document",
            },
        ),
    ],
)
def test_a_changed_row_is_named(collaboration, ada, bruno, noon, statement, named):
    contract = signed(collaboration, bruno, ada, noon)
    tamper(statement)
    assert failing(contract) == named


def test_one_changed_byte_of_the_pdf_is_named_and_a_copy_of_it_is_recognised(collaboration, ada, bruno, noon):
    contract = signed(collaboration, bruno, ada, noon)
    file = kept_file(find_signed(contract))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(bytes(content))
    assert failing(contract) == {"version 1: PDF"}
    assert find_version_of_file(ada.workspace_id, bytes(content)) is None
    assert claimed_version(ada.workspace_id, bytes(content)).contract_id == contract.pk
    file.unlink()
    assert failing(contract) == {"version 1: PDF"}
