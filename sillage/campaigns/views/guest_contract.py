"""A creator reads and signs a contract by their link, without an account."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from sillage.campaigns.actions.signing import sign_as_creator
from sillage.campaigns.contract_words import Refused, refused
from sillage.campaigns.engine.clauses import clause_book
from sillage.campaigns.engine.contract_text import parts_of_json
from sillage.campaigns.models import Collaboration, Contract, ContractVersion
from sillage.campaigns.queries.campaigns import get_collaboration
from sillage.campaigns.queries.contract_pages import contract_pdf
from sillage.campaigns.queries.contracts import find_contract, find_sent, is_complete
from sillage.campaigns.views.contracts import pdf_response
from sillage.governance.access import Guest, guest_page
from sillage.governance.engine.links import Purpose
from sillage.lib.errors import NotFound, Refusal
from sillage.lib.sentences import Sentence


def _collaboration(request: Guest) -> Collaboration:
    if request.link.subject_kind != "collaboration":
        raise NotFound(Sentence("This link opens nothing any more."), Sentence("Ask whoever sent it for a new one."))
    return get_collaboration(request.link.workspace_id, int(request.link.subject_id))


def _contract(collaboration: Collaboration) -> tuple[Contract | None, ContractVersion | None]:
    """The contract in use, else the last one that was ended, and the version to read."""
    ended = collaboration.contracts.select_related("collaboration__campaign", "void").order_by("-pk").first()
    contract = find_contract(collaboration) or ended
    return contract, find_sent(contract) if contract else None


@require_http_methods(["GET", "POST"])
@guest_page(Purpose.COLLABORATION)
def creator_contract(request: Guest) -> HttpResponse:
    """The text, its PDF, and the form to sign it."""
    collaboration = _collaboration(request)
    contract, version = _contract(collaboration)
    wrong: Refused | None = None
    if request.method == "POST" and contract is not None:
        try:
            sign_as_creator(
                contract_id=contract.pk,
                name=request.POST.get("name", ""),
                agrees=request.POST.get("agrees") == "yes",
                seen_pdf=request.POST.get("seen", ""),
                link_id=request.link.pk,
                actor=request.actor,
                now=timezone.now(),
            )
        except Refusal as refusal:
            wrong = refused(refusal)
        contract, version = _contract(collaboration)
    context: dict[str, Any] = {
        "collaboration": collaboration,
        "campaign": collaboration.campaign,
        "contract": contract,
        "version": version,
        "wrong": wrong,
        "name": request.POST.get("name", ""),
        "until": request.link.expires_at,
        "void": getattr(contract, "void", None),
    }
    if version is not None:
        context |= {
            "parts": parts_of_json(version.parts),
            "title": clause_book(version.language).title,
            "signatures": list(version.signatures.all()),
            "is_complete": is_complete(version),
            "may_sign": context["void"] is None and not any(s.party == "creator" for s in version.signatures.all()),
        }
    return render(request, "campaigns/creator_contract.html", context, status=422 if wrong else 200)


@require_GET
@guest_page(Purpose.COLLABORATION)
def creator_contract_pdf(request: Guest) -> HttpResponse:
    """The file whose hash is signed."""
    contract, version = _contract(_collaboration(request))
    if contract is None or version is None:
        raise NotFound(_("There is no contract to read yet."), _("The brand will tell you when there is one."))
    return pdf_response(contract_pdf(version), f"contract-{contract.pk}-version-{version.number}")
