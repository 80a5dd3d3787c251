"""Signing contracts: the creator by a link, the brand by an approval of exactly this PDF."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from sillage.campaigns.actions.contracts import ContractEnded
from sillage.campaigns.actions.moving import follow_from_work
from sillage.campaigns.engine.pipeline import Stage
from sillage.campaigns.engine.signatures import Party, Signed
from sillage.campaigns.models import Contract, ContractVersion, Signature
from sillage.campaigns.queries.contracts import find_sent, get_contract
from sillage.campaigns.queries.signing import act_of_signing, is_opened_by
from sillage.governance import actions as governance
from sillage.governance.actions.approving import ask_approval
from sillage.governance.engine.actors import Actor, ActorKind, Right, require
from sillage.governance.models import ApprovalRequest
from sillage.lib.errors import Malformed, NotFound, Refusal
from sillage.lib.sentences import Sentence
from sillage.lib.text import without_controls


class SignatureIncomplete(Malformed):
    """A signature is a full name and a tick."""


class NothingToSign(Refusal):
    """No version of the contract was sent, or both have signed it."""


class AnotherVersion(Refusal):
    """What would be signed is not what was read."""


class SignedAlready(Refusal):
    """This party signed this version."""


class NotSignedByAPerson(Refusal):
    """Only a person signs."""

    status = 403


@transaction.atomic
def ask_to_sign(*, contract_id: int, actor: Actor, now: datetime) -> ApprovalRequest:
    """Ask for the approval with which the brand signs the version that was sent. Approval and entry are governance's."""
    require(actor, Right.CAMPAIGN)
    contract = get_contract(actor.workspace_id, contract_id, lock=True)
    version = _to_sign(contract, None, Party.BRAND)
    return ask_approval(
        act=act_of_signing(contract, version),
        summary=Sentence(
            "Sign contract %(contract)s, version %(number)s, with %(creator)s",
            contract=contract.pk,
            number=version.number,
            creator=contract.collaboration.name,
        ),
        actor=actor,
        now=now,
    )


@transaction.atomic
def sign_as_creator(
    *, contract_id: int, name: str, agrees: bool, seen_pdf: str, link_id: int, actor: Actor, now: datetime
) -> Signature:
    """The creator signs by the link that was sent to them. `seen_pdf` is the hash of what the page showed.

    Raises SignatureIncomplete, AnotherVersion, SignedAlready, NothingToSign; NotFound for a link of something else.
    """
    require(actor, Right.LINK)
    contract = get_contract(actor.workspace_id, contract_id, lock=True)
    if not is_opened_by(contract, link_id, now):
        raise NotFound(Sentence("This link opens no such contract."), Sentence("Ask whoever sent it for a new one."))
    version = _to_sign(contract, seen_pdf, Party.CREATOR)
    signature = _signed(contract, version, Party.CREATOR, _full_name(name, agrees=agrees), actor, now, link_id=link_id)
    _enter(contract, signature, actor, now)
    return signature


@transaction.atomic
def sign_as_brand(
    *, contract_id: int, name: str, agrees: bool, seen_pdf: str, actor: Actor, now: datetime
) -> Signature:
    """A member signs for the brand, using the approval of exactly this PDF.

    Raises ApprovalMissing besides what `sign_as_creator` raises.
    """
    require(actor, Right.CAMPAIGN)
    if actor.kind is not ActorKind.PERSON or actor.member_id is None:
        raise NotSignedByAPerson(
            Sentence("%(actor)s is not a person.", actor=actor.name), Sentence("A member signs for the brand.")
        )
    contract = get_contract(actor.workspace_id, contract_id, lock=True)
    full_name = _full_name(name, agrees=agrees)
    version = _to_sign(contract, seen_pdf, Party.BRAND)
    used = governance.use_approval(act=act_of_signing(contract, version), workspace_id=actor.workspace_id, now=now)
    signature = _signed(contract, version, Party.BRAND, full_name, actor, now, approval_id=used.pk)
    _enter(contract, signature, actor, now)
    return signature


def _full_name(name: str, *, agrees: bool) -> str:
    full = " ".join(without_controls(name).split())[:200]
    if len(full) < 3:
        raise SignatureIncomplete(
            Sentence("A signature is your full name."), Sentence("Type it as on an official paper."), "name"
        )
    if not agrees:
        raise SignatureIncomplete(
            Sentence("The box that says you agree is not ticked."), Sentence("Tick it if you agree."), "agrees"
        )
    return full


def _to_sign(contract: Contract, seen_pdf: str | None, party: Party) -> ContractVersion:
    """The version that this party may sign now."""
    if getattr(contract, "void", None) is not None:
        raise ContractEnded(
            Sentence("Contract %(contract)s was ended.", contract=contract.pk),
            Sentence("Draft a new one for this collaboration."),
        )
    version = find_sent(contract)
    if version is None:
        raise NothingToSign(
            Sentence("Contract %(contract)s was not sent yet.", contract=contract.pk), Sentence("Send it first.")
        )
    if seen_pdf is not None and seen_pdf != version.pdf_sha256:
        raise AnotherVersion(Sentence("The contract changed while you read it."), Sentence("Read it again, then sign."))
    if any(signature.party == party.value for signature in version.signatures.all()):
        raise SignedAlready(
            Sentence("Version %(number)s was signed already.", number=version.number),
            Sentence("There is nothing more to sign."),
        )
    return version


def _signed(
    contract: Contract,
    version: ContractVersion,
    party: Party,
    name: str,
    actor: Actor,
    now: datetime,
    *,
    link_id: int | None = None,
    approval_id: int | None = None,
) -> Signature:
    """The row, as part of signing."""
    said = Signed(
        contract_id=contract.pk,
        version=version.number,
        party=party.value,
        name=name,
        signed_at=now,
        pdf_sha256=version.pdf_sha256,
        text_sha256=version.text_sha256,
        member_id=actor.member_id,
        link_id=link_id,
        approval_id=approval_id,
    )
    return Signature.objects.create(
        version=version,
        party=said.party,
        name=name,
        signed_at=now,
        pdf_sha256=said.pdf_sha256,
        text_sha256=said.text_sha256,
        member_id=said.member_id,
        link_id=link_id,
        approval_id=approval_id,
        digest=said.digest,
    )


def _enter(contract: Contract, signature: Signature, actor: Actor, now: datetime) -> None:
    """The entry in the ledger; with the second signature the collaboration is contracted. As part of signing."""
    if Signature.objects.filter(version=signature.version).count() == len(Party):
        follow_from_work(
            collaboration_id=contract.collaboration_id,
            workspace_id=actor.workspace_id,
            to=Stage.CONTRACTED,
            who=signature.name,
            because="signature",
            now=now,
        )
    governance.record(
        verb="campaigns.contract_signed",
        subject_kind="contract",
        subject_id=contract.pk,
        actor=actor,
        now=now,
        facts={
            "version": signature.version.number,
            "party": signature.party,
            "pdf_sha256": signature.pdf_sha256,
            "signature": signature.digest,
            "approval": signature.approval_id,
        },
    )
