"""A contract of Mona's as far as a test needs it: drafted, sent, approved, signed."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sillage.campaigns.actions.budget import plan
from sillage.campaigns.actions.considerations import add_consideration
from sillage.campaigns.actions.contracts import draft_contract, send_contract
from sillage.campaigns.actions.payments import ask_payment
from sillage.campaigns.actions.signing import ask_to_sign, sign_as_brand, sign_as_creator
from sillage.campaigns.engine.budget import Category
from sillage.campaigns.engine.considerations import Kind
from sillage.campaigns.models import Collaboration, Contract, ContractVersion, Signature
from sillage.governance import actions as governance
from sillage.governance import queries as governance_queries
from sillage.governance.engine.actors import Actor
from sillage.governance.engine.acts import Verdict
from sillage.governance.engine.links import Purpose
from sillage.governance.models import Link

TERMS = {
    "language": "fr",
    "brand_name": "Terre Vive SAS",
    "brand_address": "3 rue du Potager, 69001 Lyon",
    "brand_email": "bonjour@terre.example",
    "brand_country": "France",
    "creator_name": "Mona Vidal",
    "creator_address": "4 quai des Iris, 44000 Nantes",
    "creator_email": "mona@iris.example",
    "creator_country": "France",
    "missions": ["Deux vidéos courtes", "Une story"],
    "payment_terms": "Virement à trente jours de la facture.",
    "rights_uses": "réseaux sociaux de la marque",
    "rights_territory": "monde",
    "rights_until": "2027-06-30",
    "exclusive_brands": ["Bio-Sol"],
    "exclusive_from": "2026-06-01",
    "exclusive_until": "2026-09-30",
}


def give(collaboration: Collaboration, actor: Actor, now: datetime, amount: str = "1200", kind: Kind = Kind.MONEY):
    return add_consideration(
        collaboration_id=collaboration.pk, kind=kind, text="Deux vidéos", amount=Decimal(amount), actor=actor, now=now
    )


def drafted(collaboration: Collaboration, actor: Actor, now: datetime, **change: object) -> ContractVersion:
    if not collaboration.considerations.filter(withdrawn_at=None).exists():
        give(collaboration, actor, now)
    return draft_contract(collaboration_id=collaboration.pk, terms={**TERMS, **change}, actor=actor, now=now)


def sent(collaboration: Collaboration, actor: Actor, now: datetime, **change: object) -> ContractVersion:
    draft = drafted(collaboration, actor, now, **change)
    return send_contract(contract_id=draft.contract_id, read_by="Maître Lambert", actor=actor, now=now)


def opened(collaboration: Collaboration, actor: Actor, now: datetime) -> tuple[Link, str]:
    return governance.open_link(
        purpose=Purpose.COLLABORATION,
        subject_kind="collaboration",
        subject_id=collaboration.pk,
        label="Mona",
        expires_at=now + timedelta(days=30),
        actor=actor,
        now=now,
    )


def creator_signs(contract: Contract, link: Link, now: datetime, seen: str, name: str = "Mona Vidal") -> Signature:
    return sign_as_creator(
        contract_id=contract.pk,
        name=name,
        agrees=True,
        seen_pdf=seen,
        link_id=link.pk,
        actor=governance_queries.guest_of(link),
        now=now,
    )


def approved(contract: Contract, asker: Actor, approver: Actor, now: datetime) -> None:
    request = ask_to_sign(contract_id=contract.pk, actor=asker, now=now)
    governance.decide_approval(request_id=request.pk, verdict=Verdict.APPROVED, reason="", actor=approver, now=now)


def brand_signs(contract: Contract, actor: Actor, now: datetime, seen: str) -> Signature:
    return sign_as_brand(contract_id=contract.pk, name="Bruno Petit", agrees=True, seen_pdf=seen, actor=actor, now=now)


def signed(collaboration: Collaboration, asker: Actor, approver: Actor, now: datetime, **change: object) -> Contract:
    version = sent(collaboration, asker, now, **change)
    link, _ = opened(collaboration, asker, now)
    creator_signs(version.contract, link, now, version.pdf_sha256)
    approved(version.contract, asker, approver, now)
    brand_signs(version.contract, asker, now, version.pdf_sha256)
    return version.contract


def contract_places(collaboration: Collaboration, actor: Actor, now: datetime) -> dict[str, Any]:
    """For tests that call every endpoint and open every page: pay, a contract that was sent and drafted again, a payment."""
    version = sent(collaboration, actor, now)
    drafted(collaboration, actor, now, rights_territory="France")
    campaign_id = collaboration.campaign_id
    line = plan(campaign_id=campaign_id, category=Category.OTHER, label="Room", amount=Decimal(9), actor=actor, now=now)
    payment = ask_payment(
        campaign_id=campaign_id, recipient="Studio Lux", what="Filming", net=Decimal(5), actor=actor, now=now
    )
    return {
        "consideration_id": collaboration.considerations.filter(withdrawn_at=None).latest("pk").pk,
        "contract_id": version.contract_id,
        "number": version.number,
        "pdf_sha256": version.pdf_sha256,
        "line_id": line.pk,
        "payment_id": payment.pk,
    }
