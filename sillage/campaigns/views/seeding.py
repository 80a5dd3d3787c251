"""Pages of what is sent to creators: a campaign's parcels, codes and links, and the products."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from sillage.campaigns.actions import addresses as address_actions
from sillage.campaigns.actions import products as product_actions
from sillage.campaigns.actions import shipments as shipment_actions
from sillage.campaigns.engine.seeding import ShipmentState
from sillage.campaigns.queries.campaigns import get_campaign, get_collaboration
from sillage.campaigns.queries.sales import find_feed
from sillage.campaigns.queries.seeding import get_shipment, list_products, seeding_lines
from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right
from sillage.lib.errors import Malformed
from sillage.lib.sentences import Sentence


class UnitsMalformed(Malformed):
    """A form came with something else than a number."""


class StateUnknown(Malformed):
    """A form came with a state that shipments do not have."""


@require_GET
@page(Right.READ)
def seeding(request: Visit, campaign_id: int) -> HttpResponse:
    """A campaign's parcels, codes, links and what came of them."""
    campaign = get_campaign(request.workspace.pk, campaign_id)
    cursor = request.GET.get("cursor") or None
    found = seeding_lines(campaign.pk, cursor=cursor)
    counted = [r.computed_at for line in found.items for r in line.sales.receipts.values()]
    context = {
        "campaign": campaign,
        "tab": "seeding",
        "lines": found.items,
        "feed": find_feed(request.workspace.pk),
        "counted_at": max(counted, default=None),
        "may_change": Right.CAMPAIGN in request.actor.rights and campaign.archived_at is None,
        "next_url": f"?{urlencode({'cursor': found.next_cursor})}" if found.next_cursor else "",
        "first_url": request.path if cursor else "",
        "origin": request.build_absolute_uri("/"),
    }
    return render(request, "campaigns/seeding.html", context)


# -- parcels -----------------------------------------------------------------------------------------------------------


@require_POST
@page(Right.CAMPAIGN)
def promise(request: Visit, collaboration_id: int) -> HttpResponse:
    """Promise units of a product to a creator."""
    made = shipment_actions.promise_product(
        collaboration_id=collaboration_id,
        product_id=number(request, "product"),
        quantity=number(request, "quantity"),
        choice=request.POST.get("choice", ""),
        actor=request.actor,
        now=timezone.now(),
    )
    messages.success(
        request, _("%(quantity)s × %(product)s: reserved.") % {"quantity": made.quantity, "product": made.product}
    )
    return _to_collaboration(request, collaboration_id)


@require_POST
@never_cache
@page(Right.CAMPAIGN)
def ask_address(request: Visit, collaboration_id: int) -> HttpResponse:
    """Open a link for the creator's address and show it, this once."""
    link, secret = address_actions.ask_address(
        collaboration_id=collaboration_id, actor=request.actor, now=timezone.now()
    )
    collaboration = get_collaboration(request.workspace.pk, collaboration_id)
    context = {
        "collaboration": collaboration,
        "campaign": collaboration.campaign,
        "link": link,
        "address_url": request.build_absolute_uri(reverse("creator_address", args=[secret])),
    }
    return render(request, "campaigns/address_asked.html", context)


@require_POST
@page(Right.CAMPAIGN)
def move_shipment(request: Visit, shipment_id: int) -> HttpResponse:
    """Say where a parcel stands now."""
    to, counted_in = request.POST.get("to", ""), request.POST.get("counted_in", "")
    if to not in [s.value for s in ShipmentState]:
        raise StateUnknown(
            Sentence("“%(to)s” is no state of a shipment.", to=to[:40]), Sentence("Choose one that the form offers.")
        )
    moved = shipment_actions.move_shipment(
        shipment_id=shipment_id,
        to=ShipmentState(to),
        carrier=request.POST.get("carrier", ""),
        tracking_number=request.POST.get("tracking_number", ""),
        counted_in=number(request, "counted_in") if counted_in else None,
        actor=request.actor,
        now=timezone.now(),
    )
    return _to_collaboration(request, moved.collaboration_id)


@require_POST
@never_cache
@page(Right.CAMPAIGN)
def read_address(request: Visit, shipment_id: int) -> HttpResponse:
    """Show an address to who ships. Each reading stands in the ledger."""
    address = address_actions.read_address(shipment_id=shipment_id, actor=request.actor, now=timezone.now())
    context = {"address": address, "shipment": get_shipment(request.workspace.pk, shipment_id)}
    return render(request, "campaigns/address_read.html", context)


def _to_collaboration(request: Visit, collaboration_id: int) -> HttpResponse:
    return redirect(reverse("campaigns:collaboration", args=[request.workspace.slug, collaboration_id]) + "#seeding")


# -- products ----------------------------------------------------------------------------------------------------------


@require_GET
@page(Right.READ)
def products(request: Visit) -> HttpResponse:
    """The workspace's products and their stock."""
    context = {
        "products": list_products(request.workspace.pk),
        "may_change": Right.CAMPAIGN in request.actor.rights,
    }
    return render(request, "campaigns/products.html", context)


@require_POST
@page(Right.CAMPAIGN)
def add_product(request: Visit) -> HttpResponse:
    given = request.POST
    value = given.get("value", "").strip().replace(",", ".")
    try:
        worth = Decimal(value) if value else None
    except InvalidOperation as error:
        raise UnitsMalformed(
            Sentence("“%(value)s” is no amount.", value=value[:40]), Sentence("Write it like 49.90."), "value"
        ) from error
    made = product_actions.add_product(
        name=given.get("name", ""),
        reference=given.get("reference", ""),
        value=worth,
        currency=given.get("currency", "").strip() or "EUR",
        stock=number(request, "stock"),
        actor=request.actor,
        now=timezone.now(),
    )
    messages.success(request, _("“%(product)s” can be sent now.") % {"product": made})
    return redirect("campaigns:products", request.workspace.slug)


@require_POST
@page(Right.CAMPAIGN)
def correct_stock(request: Visit, product_id: int) -> HttpResponse:
    product = product_actions.correct_stock(
        product_id=product_id,
        free=number(request, "free"),
        seen=number(request, "seen"),
        reason=request.POST.get("reason", ""),
        actor=request.actor,
        now=timezone.now(),
    )
    said = ngettext("%(n)s unit of “%(product)s” is free.", "%(n)s units of “%(product)s” are free.", product.free)
    messages.success(request, said % {"n": product.free, "product": product})
    return redirect("campaigns:products", request.workspace.slug)


@require_POST
@page(Right.CAMPAIGN)
def archive_product(request: Visit, product_id: int) -> HttpResponse:
    product = product_actions.archive_product(product_id=product_id, actor=request.actor, now=timezone.now())
    messages.success(request, _("“%(product)s” is put away.") % {"product": product})
    return redirect("campaigns:products", request.workspace.slug)


def number(request: Visit, name: str) -> int:
    """A whole number of a form."""
    given = request.POST.get(name, "").strip()
    if not given.isdecimal() or len(given) > 18:
        raise UnitsMalformed(
            Sentence("“%(given)s” is no whole number.", given=given[:40]), Sentence("Write digits alone."), name
        )
    return int(given)
