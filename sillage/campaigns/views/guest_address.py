"""The form by which a creator gives an address, without an account."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from sillage.campaigns.actions.addresses import give_address, withdraw_address
from sillage.campaigns.engine.postal import COUNTRIES, KEPT_MONTHS, PostalAddressMalformed
from sillage.campaigns.engine.seeding import ShipmentState
from sillage.campaigns.queries.campaigns import get_collaboration
from sillage.campaigns.queries.seeding import address_facts
from sillage.governance.access import Guest, guest_page
from sillage.governance.engine.links import Purpose
from sillage.lib.errors import NotFound
from sillage.lib.sentences import Sentence


@require_http_methods(["GET", "POST"])
@guest_page(Purpose.COLLABORATION)
def creator_address(request: Guest) -> HttpResponse:
    """What is to be sent, the form, and what becomes of what is written in it. A given address is not shown again."""
    if request.link.subject_kind != "collaboration":
        raise NotFound(Sentence("This link opens nothing any more."), Sentence("Ask whoever sent it for a new one."))
    wrong, done = None, ""
    if request.method == "POST":
        now = timezone.now()
        try:
            if request.POST.get("withdraw"):
                withdraw_address(link_id=request.link.pk, actor=request.actor, now=now)
                done = "withdrawn"
            else:
                give_address(link_id=request.link.pk, given=request.POST.dict(), actor=request.actor, now=now)
                done = "given"
        except PostalAddressMalformed as error:
            wrong = error
    collaboration = get_collaboration(request.link.workspace_id, int(request.link.subject_id))
    shown = [s for s in collaboration.shipments.select_related("product") if s.state != ShipmentState.CANCELLED.value]
    context = {
        "collaboration": collaboration,
        "campaign": collaboration.campaign,
        "parcels": shown,
        "countries": COUNTRIES,
        "kept_months": KEPT_MONTHS,
        "address": address_facts(collaboration),
        "given": {"country": "FR", **request.POST.dict()} if wrong else {"country": "FR"},
        "wrong": wrong,
        "done": done,
        "until": request.link.expires_at,
    }
    return render(request, "campaigns/creator_address.html", context, status=422 if wrong else 200)
