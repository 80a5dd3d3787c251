"""What is signed, who may, and the proof of what was signed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sillage.adapters import blobs
from sillage.campaigns.engine.contract_text import text_sha256
from sillage.campaigns.engine.signatures import Signed, sign_act
from sillage.campaigns.models import Contract, ContractVersion, Signature
from sillage.campaigns.queries.contracts import list_versions
from sillage.governance.engine.acts import Act
from sillage.governance.engine.links import Purpose
from sillage.governance.models import Entry, Link
from sillage.lib.errors import NotFound

_KEYWORD = re.compile(rb"sillage-contract:(\d{1,18})/(\d{1,9})")


def act_of_signing(contract: Contract, version: ContractVersion) -> Act:
    """To sign this version for the brand, with what it grants in the words of the contract."""
    grants = [line["text"] for part in version.parts if part["block"] == "pay" for line in part["lines"]]
    return sign_act(
        contract_id=contract.pk,
        version=version.number,
        pdf_sha256=version.pdf_sha256,
        text_sha256=version.text_sha256,
        creator=version.terms.get("creator_name", contract.collaboration.name),
        grants=grants,
        amount=version.value,
        currency=version.currency,
    )


def is_opened_by(contract: Contract, link_id: int, now: datetime) -> bool:
    """Whether a live link opens the collaboration of this contract."""
    return Link.objects.filter(
        pk=link_id,
        workspace_id=contract.workspace_id,
        purpose=Purpose.COLLABORATION.value,
        subject_kind="collaboration",
        subject_id=str(contract.collaboration_id),
        revoked_at=None,
        expires_at__gt=now,
    ).exists()


# -- proof -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was recomputed. `what` names it: "version 2: text", "version 2: signature of the creator"."""

    what: str
    holds: bool
    said: str = ""

    @property
    def steps(self) -> list[str]:
        """From the whole to the part: ["version 2", "signature of the creator", "ledger"]."""
        return self.what.split(": ")


def verify_contract(contract: Contract) -> list[Check]:
    """Recompute all hashes of what was sent and signed, against the rows, the kept files and the ledger's entries."""
    entries = list(
        Entry.objects.filter(
            workspace_id=contract.workspace_id, subject_kind="contract", subject_id=str(contract.pk)
        ).values_list("verb", "facts")
    )
    checks = []
    for version in reversed(list_versions(contract)):
        if version.sent_at is not None:
            checks += _of_version(contract, version, entries)
    void = getattr(contract, "void", None)
    if void is not None:
        is_entered = any(v == "campaigns.contract_voided" and f.get("reason") == void.reason for v, f in entries)
        checks.append(Check("the end of the contract: ledger", is_entered, _unless(is_entered, "no entry says so")))
    return checks


def _of_version(
    contract: Contract, version: ContractVersion, entries: Sequence[tuple[str, dict[str, Any]]]
) -> list[Check]:
    name = f"version {version.number}"
    text = text_sha256(version.language, version.parts) == version.text_sha256
    sent = {"version": version.number, "pdf_sha256": version.pdf_sha256, "text_sha256": version.text_sha256}
    is_entered = any(v == "campaigns.contract_sent" and sent.items() <= f.items() for v, f in entries)
    checks = [
        Check(f"{name}: text", text, _unless(text, "the words are not those that were sent")),
        _of_file(contract, version, name),
        Check(f"{name}: ledger", is_entered, _unless(is_entered, "no entry says that this was sent")),
    ]
    for signature in version.signatures.all():
        checks += _of_signature(contract, version, signature, entries)
    return checks


def _of_file(contract: Contract, version: ContractVersion, name: str) -> Check:
    try:
        blobs.read(contract.workspace_id, version.pdf_sha256)
    except (NotFound, blobs.BlobDamaged) as refusal:
        return Check(f"{name}: PDF", False, refusal.message)
    return Check(f"{name}: PDF", True)


def _of_signature(
    contract: Contract,
    version: ContractVersion,
    signature: Signature,
    entries: Sequence[tuple[str, dict[str, Any]]],
) -> list[Check]:
    name = f"version {version.number}: signature of the {signature.party}"
    said = Signed(
        contract_id=contract.pk,
        version=version.number,
        party=signature.party,
        name=signature.name,
        signed_at=signature.signed_at,
        pdf_sha256=signature.pdf_sha256,
        text_sha256=signature.text_sha256,
        member_id=signature.member_id,
        link_id=signature.link_id,
        approval_id=signature.approval_id,
    )
    is_intact = said.digest == signature.digest
    is_of_this = (signature.pdf_sha256, signature.text_sha256) == (version.pdf_sha256, version.text_sha256)
    entered = {"version": version.number, "party": signature.party, "signature": signature.digest}
    is_entered = any(v == "campaigns.contract_signed" and entered.items() <= f.items() for v, f in entries)
    return [
        Check(name, is_intact, _unless(is_intact, "the row was changed after it was written")),
        Check(f"{name}: document", is_of_this, _unless(is_of_this, "it is under another text or PDF")),
        Check(f"{name}: ledger", is_entered, _unless(is_entered, "no entry says that this was signed")),
    ]


def _unless(holds: bool, said: str) -> str:
    return "" if holds else said


def find_version_of_file(workspace_id: int, content: bytes) -> ContractVersion | None:
    """The version whose PDF this is, byte for byte."""
    sha256 = hashlib.sha256(content).hexdigest()
    rows = ContractVersion.objects.filter(contract__workspace_id=workspace_id, pdf_sha256=sha256)
    return rows.exclude(sent_at=None).select_related("contract__collaboration__campaign").first()


def claimed_version(workspace_id: int, content: bytes) -> ContractVersion | None:
    """The version that a PDF says it is, whether or not its bytes are that version's."""
    found = _KEYWORD.search(content)
    if found is None:
        return None
    rows = ContractVersion.objects.filter(contract__workspace_id=workspace_id, contract_id=int(found[1]))
    return rows.filter(number=int(found[2])).select_related("contract__collaboration__campaign").first()
