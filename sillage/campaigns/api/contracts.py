"""Contracts over the API: what creators get, whether the law asks for a contract, versions, signatures, proof."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from sillage.campaigns.actions import considerations as granting
from sillage.campaigns.actions import contracts as actions
from sillage.campaigns.actions import signing
from sillage.campaigns.engine.considerations import Kind
from sillage.campaigns.engine.contract_duty import ContractVerdict, Duty
from sillage.campaigns.models import Consideration, Contract, ContractVersion, Signature
from sillage.campaigns.queries import contracts as queries
from sillage.campaigns.queries.campaigns import get_campaign, get_collaboration
from sillage.campaigns.queries.considerations import list_considerations
from sillage.campaigns.queries.contract_pages import contract_pdf, text_of
from sillage.campaigns.queries.signing import verify_contract
from sillage.governance.api_access import Call, allowed
from sillage.governance.engine.actors import Right
from sillage.governance.shapes import Given, Rows, rows
from sillage.lib.errors import NotFound

router = Router()

Name = Annotated[str, Field(min_length=1, max_length=200)]
Currency = Annotated[str, Field(pattern="^[A-Za-z]{3}$")]


class ContractMissing(NotFound):
    """The collaboration has no contract yet."""


# -- what creators get -----------------------------------------------------------------------------------------------


class ConsiderationGiven(Given):
    """Before tax. A percentage takes its cap, or an estimate marked as one, as the amount. Not known: leave it out."""

    kind: Kind
    text: Annotated[str, Field(min_length=1, max_length=300)]
    amount: Decimal | None = None
    currency: Currency = "EUR"
    percent: Decimal | None = None
    is_estimate: bool = False
    granted_on: date | None = None


class ConsiderationShape(Schema):
    """`euros` and `in_budget` are null where there is no rate; `rates` are those that were used."""

    id: int
    collaboration_id: int
    kind: Kind
    text: str
    amount: Decimal | None
    currency: str
    percent: Decimal | None
    is_estimate: bool
    granted_on: date
    euros: Decimal | None
    in_budget: Decimal | None
    rates: list[dict[str, str]]
    entered_name: str
    entered_at: datetime
    withdrawn_at: datetime | None


class DutyShape(Schema):
    """What law packs say of the running total per creator, brand, year and objective, in euros before tax."""

    duty: Duty
    year: int
    total: Decimal
    estimated: Decimal
    unknown: int
    rules: list[str]


def _duty(verdict: ContractVerdict) -> dict[str, Any]:
    running = verdict.running
    return {
        "duty": verdict.duty,
        "year": running.key.year,
        "total": running.total,
        "estimated": running.estimated,
        "unknown": running.unknown,
        "rules": [finding.rule for finding in verdict.findings],
    }


@router.get(
    "/collaborations/{int:collaboration_id}/considerations", **allowed(Right.READ), response=Rows[ConsiderationShape]
)
def list_what_a_creator_gets(request: Call, collaboration_id: int) -> dict[str, Any]:
    """What stands, in the order in which it was entered."""
    return rows(list_considerations(get_collaboration(request.auth.workspace_id, collaboration_id)))


@router.post(
    "/collaborations/{int:collaboration_id}/considerations",
    **allowed(Right.CAMPAIGN),
    response={201: ConsiderationShape},
)
def add_consideration(request: Call, collaboration_id: int, given: ConsiderationGiven) -> Consideration:
    """Put down what a creator gets."""
    return granting.add_consideration(
        collaboration_id=collaboration_id, **given.model_dump(), actor=request.auth, now=timezone.now()
    )


@router.delete("/considerations/{int:consideration_id}", **allowed(Right.CAMPAIGN), response=ConsiderationShape)
def withdraw_consideration(request: Call, consideration_id: int) -> Consideration:
    """Take back what was put down. The row stays, and counts no more."""
    return granting.withdraw_consideration(consideration_id=consideration_id, actor=request.auth, now=timezone.now())


@router.get("/collaborations/{int:collaboration_id}/contract-duty", **allowed(Right.READ), response=DutyShape)
def get_contract_duty(request: Call, collaboration_id: int) -> dict[str, Any]:
    """Whether the law asks for a written contract."""
    found = get_collaboration(request.auth.workspace_id, collaboration_id)
    return _duty(queries.needs_contract(found, timezone.localdate()))


# -- contracts -------------------------------------------------------------------------------------------------------


class SignatureShape(Schema):
    """A simple electronic signature, not a qualified one. `digest` covers every field and the hashes."""

    party: str
    name: str
    signed_at: datetime
    pdf_sha256: str
    text_sha256: str
    digest: str


class VersionShape(Schema):
    """`pdf_sha256` is empty before it is sent; `missing` names what the law asks for and a draft does not say."""

    number: int
    standing: str
    language: str
    terms: dict[str, Any]
    left_out: list[str]
    parts: list[dict[str, Any]]
    missing: list[str]
    text_sha256: str
    pdf_sha256: str
    value: Decimal | None
    currency: str
    rights_until: date | None
    revision: int
    drafted_name: str
    drafted_at: datetime
    read_by: str
    sent_at: datetime | None
    signatures: list[SignatureShape]


class ContractShape(Schema):
    """`in_force` is the number of the version that both signed."""

    id: int
    collaboration_id: int
    standing: str
    newest: int
    in_force: int | None
    voided_at: datetime | None
    void_reason: str | None


class ContractDetail(ContractShape):
    version: VersionShape


class DraftGiven(Given):
    """Terms as docs/how-to/make-a-contract.md lists them. `seen_revision`: a draft that changed since is not overwritten."""

    terms: dict[str, Any]
    left_out: list[str] = []
    seen_revision: int | None = None


class SendGiven(Given):
    """`read_by` answers for the text: clause blocks are no legal advice."""

    read_by: Name
    seen_revision: int | None = None


class SignGiven(Given):
    """For the brand, by a member, with the approval of exactly the PDF whose hash is `seen_pdf`."""

    name: Name
    agrees: Literal[True]
    seen_pdf: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class VoidGiven(Given):
    reason: Annotated[str, Field(min_length=1, max_length=500)]


class CheckShape(Schema):
    what: str
    holds: bool
    said: str


class ProofShape(Schema):
    """All that was recomputed; `holds` when everything does."""

    holds: bool
    checks: list[CheckShape]


class AskedShape(Schema):
    approval_id: int


def _contract(found: Contract) -> dict[str, Any]:
    stand = queries.stand_of(found)
    void = getattr(found, "void", None)
    return {
        "id": found.pk,
        "collaboration_id": found.collaboration_id,
        "standing": stand.standing.value,
        "newest": stand.newest.number,
        "in_force": stand.in_force,
        "voided_at": void.voided_at if void else None,
        "void_reason": void.reason if void else None,
    }


def _detail(found: Contract, number: int | None = None) -> dict[str, Any]:
    version = queries.get_version(found, number)
    sent = queries.find_sent(found)
    is_void = getattr(found, "void", None) is not None
    standing = queries.standing_of(version, is_void=is_void, newest_sent=sent.number if sent else None)
    return {**_contract(found), "version": _version(found, version, standing.value)}


def _version(found: Contract, version: ContractVersion, standing: str) -> dict[str, Any]:
    missing: list[str] = []
    if version.sent_at is None:
        text = text_of(found.collaboration, version.terms, version.left_out, version.drafted_at.date())
        missing = [one.key for one in text.missing]
    fields = set(VersionShape.model_fields) - {"standing", "missing", "signatures"}
    return {
        **{name: getattr(version, name) for name in fields},
        "standing": standing,
        "missing": missing,
        "signatures": list(version.signatures.all()),
    }


@router.get("/campaigns/{int:campaign_id}/contracts", **allowed(Right.READ), response=Rows[ContractShape])
def list_contracts(request: Call, campaign_id: int) -> dict[str, Any]:
    """A campaign's contracts, ended ones too, the newest first."""
    campaign = get_campaign(request.auth.workspace_id, campaign_id)
    return rows([_contract(one) for one in queries.list_contracts(campaign)])


@router.get("/collaborations/{int:collaboration_id}/contract", **allowed(Right.READ), response=ContractDetail)
def get_contract_of_collaboration(request: Call, collaboration_id: int) -> dict[str, Any]:
    """The contract in use with its newest version."""
    collaboration = get_collaboration(request.auth.workspace_id, collaboration_id)
    found = queries.find_contract(collaboration)
    if found is None:
        raise ContractMissing(
            f"Collaboration {collaboration_id} has no contract yet.", f"PUT collaborations/{collaboration_id}/contract."
        )
    return _detail(found)


@router.put("/collaborations/{int:collaboration_id}/contract", **allowed(Right.CAMPAIGN), response=ContractDetail)
def draft_contract(request: Call, collaboration_id: int, given: DraftGiven) -> dict[str, Any]:
    """Write the next version, or the draft of it that there is. What is missing may still be missing."""
    made = actions.draft_contract(
        collaboration_id=collaboration_id, **given.model_dump(), actor=request.auth, now=timezone.now()
    )
    return _detail(queries.get_contract(request.auth.workspace_id, made.contract_id))


@router.get("/contracts/{int:contract_id}", **allowed(Right.READ), response=ContractDetail)
def get_contract(request: Call, contract_id: int, version: int | None = None) -> dict[str, Any]:
    """A contract with its newest version, or the one asked for."""
    return _detail(queries.get_contract(request.auth.workspace_id, contract_id), version)


@router.get("/contracts/{int:contract_id}/versions/{int:number}/pdf", **allowed(Right.READ))
def get_contract_pdf(request: Call, contract_id: int, number: int) -> HttpResponse:
    """A version as PDF; a draft says on every page that it is one."""
    version = queries.get_version(queries.get_contract(request.auth.workspace_id, contract_id), number)
    response = HttpResponse(contract_pdf(version), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="contract-{contract_id}-version-{number}.pdf"'
    return response


@router.post("/contracts/{int:contract_id}/send", **allowed(Right.CAMPAIGN), response=ContractDetail)
def send_contract(request: Call, contract_id: int, given: SendGiven) -> dict[str, Any]:
    """Close the draft: its PDF is kept, nothing of it changes any more."""
    actions.send_contract(contract_id=contract_id, **given.model_dump(), actor=request.auth, now=timezone.now())
    return _detail(queries.get_contract(request.auth.workspace_id, contract_id))


@router.post("/contracts/{int:contract_id}/ask-to-sign", **allowed(Right.CAMPAIGN), response={201: AskedShape})
def ask_to_sign(request: Call, contract_id: int) -> dict[str, int]:
    """Ask for the approval with which the brand signs."""
    return {"approval_id": signing.ask_to_sign(contract_id=contract_id, actor=request.auth, now=timezone.now()).pk}


@router.post("/contracts/{int:contract_id}/sign", **allowed(Right.CAMPAIGN), response={201: SignatureShape})
def sign_contract(request: Call, contract_id: int, given: SignGiven) -> Signature:
    """Sign for the brand, using the approval. The creator signs by their link only."""
    return signing.sign_as_brand(contract_id=contract_id, **given.model_dump(), actor=request.auth, now=timezone.now())


@router.post("/contracts/{int:contract_id}/void", **allowed(Right.CAMPAIGN), response=ContractShape)
def void_contract(request: Call, contract_id: int, given: VoidGiven) -> dict[str, Any]:
    """End a contract with its reason. Once both have signed, only who approves may."""
    actions.void_contract(contract_id=contract_id, reason=given.reason, actor=request.auth, now=timezone.now())
    return _contract(queries.get_contract(request.auth.workspace_id, contract_id))


@router.get("/contracts/{int:contract_id}/verify", **allowed(Right.READ), response=ProofShape)
def verify(request: Call, contract_id: int) -> dict[str, Any]:
    """Recompute every hash against rows, files and the ledger."""
    checks = verify_contract(queries.get_contract(request.auth.workspace_id, contract_id))
    return {"holds": all(check.holds for check in checks), "checks": checks}
