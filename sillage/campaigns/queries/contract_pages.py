"""The words and the pages of a contract: from terms and considerations to articles, and from articles to a PDF."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from importlib import resources
from typing import Any

from django.utils.translation import gettext, override

from sillage.adapters import blobs
from sillage.adapters.typesetting import pdf
from sillage.campaigns.engine.clauses import (
    Missing,
    Values,
    clause_book,
    held_elements,
    missing,
    wanted_elements,
)
from sillage.campaigns.engine.considerations import Kind
from sillage.campaigns.engine.contract_terms import Granting, values_of
from sillage.campaigns.engine.contract_text import Part, composed, day_written, parts_as_json, text_sha256
from sillage.campaigns.models import Campaign, Collaboration, Consideration, Contract, ContractVersion
from sillage.campaigns.queries.considerations import list_considerations
from sillage.lib.money import Money

FRANCE = "FR"
BRAND_FIELDS = (
    *("brand_name", "brand_registration", "brand_address", "brand_email", "brand_country", "brand_signatory"),
    *("payment_terms", "rights_uses", "rights_territory", "court", "law"),
)
CREATOR_FIELDS = (
    *("creator_name", "creator_registration", "creator_address", "creator_email", "creator_country"),
    *("agent_name", "agent_address", "agent_email"),
)


@dataclass(frozen=True, slots=True)
class Text:
    """A contract as it would be written now."""

    parts: tuple[Part, ...]
    elements: frozenset[str]
    missing: tuple[Missing, ...]
    value: Money | None


def is_french(campaign: Campaign) -> bool:
    """Whether the campaign speaks to people in France: then the contract is under French law (loi 2023-451, art. 8)."""
    return FRANCE in campaign.countries or "fr" in campaign.law_packs


def text_of(collaboration: Collaboration, terms: Mapping[str, Any], left_out: Sequence[str], on: date) -> Text:
    """The articles, what of the law's content they say, and what they do not."""
    considerations = list_considerations(collaboration)
    values = _values(collaboration, considerations, terms, on)
    book = clause_book(terms["language"])
    out = frozenset(left_out)
    wanted = wanted_elements(
        has_in_kind=any(Kind(one.kind).is_in_kind for one in considerations),
        is_french=is_french(collaboration.campaign),
    )
    return Text(
        parts=composed(book, values, out),
        elements=held_elements(book, values, out),
        missing=missing(wanted, book, values, out),
        value=_value(collaboration.campaign, considerations),
    )


def _values(
    collaboration: Collaboration, considerations: Sequence[Consideration], terms: Mapping[str, Any], on: date
) -> Values:
    campaign = collaboration.campaign
    facts = {
        "campaign": campaign.name,
        "brand": campaign.brand,
        "objective": campaign.objective,
        "account": f"{collaboration.handle} ({collaboration.network})",
    }
    granted = [
        Granting(
            kind=Kind(one.kind),
            text=one.text,
            money=None if one.amount is None else Money(one.amount, one.currency),
            percent=one.percent,
            is_estimate=one.is_estimate,
        )
        for one in considerations
    ]
    return values_of(terms, granted, facts, on)


def _value(campaign: Campaign, considerations: Sequence[Consideration]) -> Money | None:
    """All that it grants, in the campaign's currency; None where something has no value or no rate."""
    known = [one.in_budget for one in considerations if one.in_budget is not None]
    return Money(sum(known, Decimal(0)), campaign.currency) if len(known) == len(considerations) else None


def starting_terms(collaboration: Collaboration, language: str) -> dict[str, Any]:
    """What a first draft starts with: the campaign's days, what the brand's and the creator's last contracts said."""
    campaign = collaboration.campaign
    versions = ContractVersion.objects.filter(contract__workspace_id=collaboration.workspace_id).order_by("-pk")
    brand = versions.filter(contract__collaboration__campaign__brand_key=campaign.brand_key, language=language).first()
    creator = None
    if collaboration.creator_id is not None:
        creator = versions.filter(contract__collaboration__creator_id=collaboration.creator_id).first()
    terms: dict[str, Any] = {"language": language, "brand_name": campaign.brand, "creator_name": collaboration.name}
    terms |= {name: brand.terms[name] for name in BRAND_FIELDS if brand and name in brand.terms}
    terms |= {name: creator.terms[name] for name in CREATOR_FIELDS if creator and name in creator.terms}
    for name, day in (("publish_from", campaign.starts_on), ("publish_until", campaign.ends_on)):
        if day is not None and campaign.ends_on is not None:
            terms[name] = day.isoformat()
    return terms


def is_current(version: ContractVersion, collaboration: Collaboration) -> bool:
    """Whether the contract still says what is granted now."""
    now = text_of(collaboration, version.terms, version.left_out, version.drafted_at.date())
    return text_sha256(version.language, parts_as_json(now.parts)) == version.text_sha256


# -- pages -----------------------------------------------------------------------------------------------------------


def _template() -> bytes:
    return resources.files("sillage.campaigns.clause_blocks").joinpath("contract.typ").read_bytes()


def pages_of(version: ContractVersion, *, is_final: bool) -> bytes:
    """The version's articles as a PDF: a draft is marked as one on every page."""
    book = clause_book(version.language)
    with override(version.language):
        reference = gettext("Contract %(contract)s, version %(version)s") % {
            "contract": version.contract_id,
            "version": version.number,
        }
        data = {
            "title": book.title,
            "language": version.language,
            "keyword": keyword_of(version.contract_id, version.number),
            "reference": reference,
            "banner": "" if is_final else gettext("Draft. A lawyer must read this text before it is used."),
            "watermark": "" if is_final else gettext("DRAFT"),
            "foot": _foot(version, reference, is_final=is_final),
            "parts": version.parts,
            "signatures": [],
        }
    return pdf(_template(), data, version.drafted_at)


def _foot(version: ContractVersion, reference: str, *, is_final: bool) -> str:
    if not is_final:
        return f"{reference} · " + gettext("put together from Sillage’s clause blocks, which are no legal advice")
    return f"{reference} · " + gettext(
        "text answered for by %(name)s · simple electronic signature, not a qualified one"
    ) % {"name": version.read_by}


def keyword_of(contract_id: int, number: int) -> str:
    """What a PDF carries inside, so that a changed file can be told which contract it was."""
    return f"sillage-contract:{contract_id}/{number}"


def contract_pdf(version: ContractVersion) -> bytes:
    """The PDF: of a draft as it stands, else the kept file, checked against its hash. Raises NotFound, BlobDamaged."""
    if version.sent_at is None:
        return pages_of(version, is_final=False)
    return blobs.read(version.contract.workspace_id, version.pdf_sha256)


def signature_sheet(contract: Contract, version: ContractVersion, at: datetime) -> bytes:
    """A page that says who signed what and when, made anew each time from the rows."""
    with override(version.language):
        signatures = [
            {
                "party": gettext("For the brand") if one.party == "brand" else gettext("The creator"),
                "lines": [
                    one.name,
                    f"{day_written(one.signed_at.date(), version.language)}, {one.signed_at:%H:%M:%S} UTC",
                    gettext("Signature") + f" {one.digest[:32]}",
                    one.digest[32:],
                ],
            }
            for one in version.signatures.all()
        ]
        data = {
            "title": gettext("Signatures"),
            "language": version.language,
            "keyword": f"sillage-signatures:{contract.pk}/{version.number}",
            "reference": gettext("Contract %(contract)s, version %(version)s")
            % {"contract": contract.pk, "version": version.number},
            "banner": gettext(
                "Simple electronic signatures: name, time and the hash of the document. They are not qualified "
                "signatures within the meaning of Regulation (EU) No 910/2014."
            ),
            "watermark": gettext("VOID") if getattr(contract, "void", None) else "",
            "foot": f"SHA-256 {version.pdf_sha256}",
            "parts": [
                {
                    "number": 1,
                    "title": gettext("The document"),
                    "lines": [
                        {"text": f"SHA-256 (PDF): {version.pdf_sha256}", "is_item": False},
                        {"text": f"SHA-256 ({gettext('text')}): {version.text_sha256}", "is_item": False},
                    ],
                }
            ],
            "signatures": signatures,
        }
    return pdf(_template(), data, at)
