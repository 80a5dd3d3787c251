"""Contracts: the list of a campaign, one with its versions, its draft, its files."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sillage.campaigns.actions import contracts as actions
from sillage.campaigns.actions import signing
from sillage.campaigns.contract_words import refused
from sillage.campaigns.engine.clauses import clause_book
from sillage.campaigns.engine.contract_text import changes_between, parts_of_json
from sillage.campaigns.models import Collaboration, Contract, ContractVersion
from sillage.campaigns.queries import contract_pages, contracts
from sillage.campaigns.queries.campaigns import get_campaign, get_collaboration
from sillage.campaigns.queries.signing import act_of_signing, verify_contract
from sillage.campaigns.views.money_forms import TermsForm, with_refusal
from sillage.campaigns.views.opened_links import creator_link_page
from sillage.campaigns.views.portions import portion
from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.governance.queries import find_request, list_requests_of
from sillage.governance.queries import standing as request_standing
from sillage.lib.errors import Refusal

LINK_LIVES = timedelta(days=60)
LINES_SHOWN = 100


@require_GET
@page(Right.READ)
def contract_list(request: Visit, campaign_id: int) -> HttpResponse:
    """Who of a campaign gets what, who needs a contract, and where each stands."""
    campaign = get_campaign(request.workspace.pk, campaign_id)
    lines = contracts.contract_lines(campaign, timezone.localdate())
    context = {"campaign": campaign, "tab": "contracts", "lines": lines, **portion(request, lines, LINES_SHOWN)}
    return render(request, "campaigns/contracts.html", context)


@require_GET
@page(Right.READ)
def contract(request: Visit, collaboration_id: int) -> HttpResponse:
    """The contract in use, or `?contract=`; the newest version, or `?version=`; `?since=` shows the difference."""
    collaboration = get_collaboration(request.workspace.pk, collaboration_id)
    found = _chosen(request, collaboration)
    context: dict[str, Any] = {
        **contracts.section_contracts(collaboration, request.actor, timezone.now()),
        "collaboration": collaboration,
        "campaign": collaboration.campaign,
        "contract": found,
        "others": [c for c in collaboration.contracts.select_related("void").order_by("-pk") if c != found],
    }
    if found is not None:
        context |= _shown(request, collaboration, found)
    return render(request, "campaigns/contract.html", context)


def _chosen(request: Visit, collaboration: Collaboration) -> Contract | None:
    asked = _number(request, "contract")
    if asked is not None:
        found = contracts.get_contract(request.workspace.pk, asked)
        return found if found.collaboration_id == collaboration.pk else None
    newest = contracts.find_contract(collaboration)
    return newest or collaboration.contracts.select_related("collaboration__campaign", "void").order_by("-pk").first()


def _number(request: Visit, name: str) -> int | None:
    given = request.GET.get(name, "")
    return int(given) if given.isdecimal() and len(given) <= 9 else None


def _shown(request: Visit, collaboration: Collaboration, found: Contract) -> dict[str, Any]:
    versions = contracts.list_versions(found)
    asked, since = _number(request, "version"), _number(request, "since")
    version = next((v for v in versions if v.number == asked), versions[0])
    before = next((v for v in versions if v.number == since), None)
    sent = next((v.number for v in versions if v.sent_at is not None), None)
    is_void = getattr(found, "void", None) is not None
    standings = [(v, contracts.standing_of(v, is_void=is_void, newest_sent=sent)) for v in versions]
    parts = parts_of_json(version.parts)
    return {
        "version": version,
        "parts": parts,
        "title": clause_book(version.language).title,
        "standing": {v.pk: s for v, s in standings}[version.pk],
        "versions": standings,
        "before": before,
        "changes": changes_between(parts_of_json(before.parts), parts) if before else None,
        "missing": _missing(collaboration, version),
        "is_current": version.sent_at is not None or contract_pages.is_current(version, collaboration),
        "checks": verify_contract(found) if request.GET.get("verify") else None,
        **_signing(request, found, version, is_last=version.number == sent and not is_void),
    }


def _missing(collaboration: Collaboration, version: ContractVersion) -> list[str]:
    if version.sent_at is not None:
        return []
    text = contract_pages.text_of(collaboration, version.terms, version.left_out, version.drafted_at.date())
    return [one.key for one in text.missing]


def _signing(request: Visit, found: Contract, version: ContractVersion, *, is_last: bool) -> dict[str, Any]:
    """What the brand can do about its signature, and the approvals that were asked for."""
    signed = {signature.party for signature in version.signatures.all()}
    asked = find_request(request.workspace.pk, act_of_signing(found, version)) if is_last else None
    return {
        "brand_may_sign": is_last and "brand" not in signed,
        "creator_may_sign": is_last and "creator" not in signed,
        "asked": asked,
        "asked_standing": request_standing(asked, timezone.now()) if asked else None,
        "requests": list_requests_of(request.workspace.pk, "contract", found.pk),
    }


@require_http_methods(["GET", "POST"])
@page(Right.CAMPAIGN)
def edit_contract(request: Visit, collaboration_id: int) -> HttpResponse:
    """The form of the next version, or of the draft that there is."""
    collaboration = get_collaboration(request.workspace.pk, collaboration_id)
    form = TermsForm(request.POST) if request.method == "POST" else _filled(request, collaboration)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.draft_contract(
                collaboration_id=collaboration.pk,
                terms=form.given(),
                left_out=form.left_out(),
                seen_revision=form.cleaned_data["revision"],
                actor=request.actor,
                now=timezone.now(),
            )
        except Refusal as refusal:
            said = refused(refusal)
            with_refusal(form, said.field, f"{said.text} {said.hint}" if not said.field else refusal.message)
        else:
            messages.success(request, _("The draft of version %(n)s is kept.") % {"n": made.number})
            return redirect("campaigns:contract", request.workspace.slug, collaboration.pk)
    context = {"collaboration": collaboration, "campaign": collaboration.campaign, "form": form}
    return render(request, "campaigns/contract_form.html", context, status=422 if form.errors else 200)


def _filled(request: Visit, collaboration: Collaboration) -> TermsForm:
    found = contracts.find_contract(collaboration)
    if found is None:
        language = "fr" if (get_language() or "").startswith("fr") else "en"
        return TermsForm(initial=contract_pages.starting_terms(collaboration, language))
    newest = contracts.get_version(found)
    lists = {name: "\n".join(value) for name, value in newest.terms.items() if isinstance(value, list)}
    revision = newest.revision if newest.sent_at is None else None
    return TermsForm(initial={**newest.terms, **lists}, revision=revision, left_out=newest.left_out)


# -- what is done with it --------------------------------------------------------------------------------------------


def _back(request: Visit, found: Contract) -> HttpResponse:
    address = reverse("campaigns:contract", args=[request.workspace.slug, found.collaboration_id])
    return redirect(f"{address}?contract={found.pk}")


def _said(request: Visit, refusal: Refusal) -> None:
    words = refused(refusal)
    messages.error(request, f"{words.text} {words.hint}", extra_tags="refusal")


@require_POST
@page(Right.CAMPAIGN)
def send(request: Visit, contract_id: int) -> HttpResponse:
    """Close the draft: from now on it is the text to sign."""
    found = contracts.get_contract(request.workspace.pk, contract_id)
    seen = request.POST.get("revision", "")
    try:
        actions.send_contract(
            contract_id=found.pk,
            read_by=request.POST.get("read_by", ""),
            seen_revision=int(seen) if seen.isdecimal() and len(seen) <= 9 else None,
            actor=request.actor,
            now=timezone.now(),
        )
    except Refusal as refusal:
        _said(request, refusal)
    else:
        messages.success(
            request, _("The contract is closed: nothing of it changes any more. Open a link for the creator.")
        )
    return _back(request, found)


@never_cache
@require_POST
@page(Right.CAMPAIGN)
def contract_link(request: Visit, contract_id: int) -> HttpResponse:
    """A new link for the creator to read and sign. It is shown once."""
    collaboration = contracts.get_contract(request.workspace.pk, contract_id).collaboration
    back = reverse("campaigns:contract", args=[request.workspace.slug, collaboration.pk])
    return creator_link_page(request, collaboration, leads_to="creator_contract", back=back, lives=LINK_LIVES)


@require_POST
@page(Right.CAMPAIGN)
def ask(request: Visit, contract_id: int) -> HttpResponse:
    """Ask for the approval with which the brand signs."""
    found = contracts.get_contract(request.workspace.pk, contract_id)
    try:
        signing.ask_to_sign(contract_id=found.pk, actor=request.actor, now=timezone.now())
    except Refusal as refusal:
        _said(request, refusal)
    else:
        messages.success(request, _("The approval is asked for."))
    return _back(request, found)


@require_POST
@page(Right.CAMPAIGN)
def sign(request: Visit, contract_id: int) -> HttpResponse:
    """Sign for the brand, with the approval of exactly this PDF."""
    found = contracts.get_contract(request.workspace.pk, contract_id)
    try:
        signing.sign_as_brand(
            contract_id=found.pk,
            name=request.POST.get("name", ""),
            agrees=request.POST.get("agrees") == "yes",
            seen_pdf=request.POST.get("seen", ""),
            actor=request.actor,
            now=timezone.now(),
        )
    except Refusal as refusal:
        _said(request, refusal)
    else:
        messages.success(request, _("Signed for the brand."))
    return _back(request, found)


@require_POST
@page(Right.CAMPAIGN)
def void(request: Visit, contract_id: int) -> HttpResponse:
    """End a contract, with its reason."""
    found = contracts.get_contract(request.workspace.pk, contract_id)
    try:
        actions.void_contract(
            contract_id=found.pk, reason=request.POST.get("reason", ""), actor=request.actor, now=timezone.now()
        )
    except Refusal as refusal:
        _said(request, refusal)
    else:
        messages.success(request, _("The contract is ended. Its text and signatures stay."))
    return _back(request, found)


# -- files -----------------------------------------------------------------------------------------------------------


def pdf_response(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_GET
@page(Right.READ)
def pdf(request: Visit, contract_id: int, number: int) -> HttpResponse:
    """A version as PDF: a draft says on every page that it is one."""
    found = contracts.get_contract(request.workspace.pk, contract_id)
    version = contracts.get_version(found, number)
    return pdf_response(contract_pages.contract_pdf(version), f"contract-{found.pk}-version-{number}")


@require_GET
@page(Right.READ)
def signature_sheet(request: Visit, contract_id: int, number: int) -> HttpResponse:
    """Who signed a version, when, and the hashes, as a page to print beside it."""
    found = contracts.get_contract(request.workspace.pk, contract_id)
    version = contracts.get_version(found, number)
    sheet = contract_pages.signature_sheet(found, version, timezone.now())
    return pdf_response(sheet, f"contract-{found.pk}-version-{number}-signatures")
