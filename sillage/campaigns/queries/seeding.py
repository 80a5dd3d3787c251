"""Reading products, shipments and whether there is an address: never the address itself, which an action reads."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Prefetch, QuerySet

from sillage.campaigns.engine.considerations import Kind
from sillage.campaigns.engine.postal import forgotten_at, needed_until
from sillage.campaigns.engine.seeding import NEXT, OPEN, WAITING, ShipmentState
from sillage.campaigns.models import Collaboration, Product, PromoCode, Shipment, ShippingAddress, TrackedLink
from sillage.campaigns.queries.sales import Sales, sales_of
from sillage.governance.engine.actors import Actor, Right
from sillage.lib.errors import NotFound
from sillage.lib.paging import CursorMalformed, Page, cursor_of, key_of
from sillage.lib.sentences import Sentence


def list_products(workspace_id: int, *, archived: bool = False) -> list[Product]:
    """Products by name."""
    products = Product.objects.filter(workspace_id=workspace_id, archived_at__isnull=not archived)
    return list(products.order_by("name", "pk"))


def get_product(workspace_id: int, product_id: int, *, lock: bool = False) -> Product:
    """A product. `lock` holds its row, and so its stock, until the transaction ends."""
    rows = Product.objects.filter(workspace_id=workspace_id, pk=product_id)
    found = (rows.select_for_update() if lock else rows).first()
    if found is None:
        raise NotFound(
            Sentence("No product %(product_id)s in this workspace.", product_id=product_id),
            Sentence("See “Seeding” in a campaign, or `sillage seeding products`."),
        )
    return found


def get_shipment(workspace_id: int, shipment_id: int, *, lock: bool = False) -> Shipment:
    """A shipment with its product and collaboration. `lock` holds its row until the transaction ends."""
    rows = Shipment.objects.select_related("product", "collaboration__campaign")
    rows = rows.filter(workspace_id=workspace_id, pk=shipment_id)
    found = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if found is None:
        raise NotFound(
            Sentence("No shipment %(shipment_id)s in this workspace.", shipment_id=shipment_id),
            Sentence("See “Seeding” in a campaign, or `sillage seeding list`."),
        )
    return found


def list_shipments(
    workspace_id: int,
    *,
    campaign_id: int | None = None,
    collaboration_id: int | None = None,
    states: Collection[ShipmentState] = (),
    cursor: str | None = None,
    limit: int = 50,
) -> Page[Shipment]:
    """Shipments, the newest first."""
    rows = Shipment.objects.filter(workspace_id=workspace_id).select_related("product", "collaboration")
    if campaign_id is not None:
        rows = rows.filter(collaboration__campaign_id=campaign_id)
    if collaboration_id is not None:
        rows = rows.filter(collaboration_id=collaboration_id)
    if states:
        rows = rows.filter(state__in=[s.value for s in states])
    if cursor:
        (last,) = key_of(cursor, 1)
        if type(last) is not int:
            raise CursorMalformed(
                Sentence("This cursor belongs to another list."), Sentence("Start again without a cursor.")
            )
        rows = rows.filter(pk__lt=last)
    found = list(rows.order_by("-pk")[: limit + 1])
    more = len(found) > limit
    return Page(found[:limit], cursor_of([found[limit - 1].pk]) if more else None)


@dataclass(frozen=True, slots=True)
class SeedingLine:
    """A collaboration as the seeding page shows it."""

    collaboration: Collaboration
    shipments: tuple[Shipment, ...]
    codes: tuple[PromoCode, ...]
    links: tuple[TrackedLink, ...]
    has_address: bool
    sales: Sales


def seeding_lines(campaign_id: int, *, cursor: str | None = None, limit: int = 50) -> Page[SeedingLine]:
    """A page of a campaign's collaborations by name with what was sent to them and what came of it: six statements."""
    rows = _collaborations().filter(campaign_id=campaign_id).order_by("name", "pk")
    if cursor:
        name, last = key_of(cursor, 2)
        if not isinstance(name, str) or type(last) is not int:
            raise CursorMalformed(
                Sentence("This cursor belongs to another list."), Sentence("Start again without a cursor.")
            )
        rows = rows.filter(name__gte=name).exclude(name=name, pk__lte=last)
    found = list(rows[: limit + 1])
    shown, more = found[:limit], len(found) > limit
    sales = sales_of(shown)
    return Page(
        [_line(row, sales[row.pk]) for row in shown], cursor_of([shown[-1].name, shown[-1].pk]) if more else None
    )


def _collaborations() -> QuerySet[Collaboration]:
    return (
        Collaboration.objects.annotate(address_given_at=F("shipping_address__given_at"))
        .prefetch_related(
            Prefetch("shipments", Shipment.objects.select_related("product").order_by("-promised_at", "-pk")),
            Prefetch("promo_codes", PromoCode.objects.filter(ended_at=None).order_by("-pk")),
            Prefetch("tracked_links", TrackedLink.objects.filter(ended_at=None).order_by("-pk")),
        )
        .defer("closed_because")
    )


def _line(row: Any, sales: Sales) -> SeedingLine:
    return SeedingLine(
        collaboration=row,
        shipments=tuple(row.shipments.all()),
        codes=tuple(row.promo_codes.all()),
        links=tuple(row.tracked_links.all()),
        has_address=row.address_given_at is not None,
        sales=sales,
    )


def section_seeding(collaboration: Collaboration, actor: Actor, now: datetime) -> dict[str, Any]:
    """What the page of a collaboration shows of parcels, code, link and sales."""
    row: Any = _collaborations().get(pk=collaboration.pk)
    line = _line(row, sales_of([row])[row.pk])
    gifts = collaboration.considerations.filter(kind=Kind.GIFT.value, withdrawn_at=None, shipments=None)
    return {
        "line": line,
        "parcels": [(s, [to.value for to in NEXT[ShipmentState(s.state)]]) for s in line.shipments],
        "waits": any(ShipmentState(s.state) in WAITING for s in line.shipments),
        "products": list_products(collaboration.workspace_id),
        "gifts": list(gifts.order_by("pk")),
        "address": _address_facts(row.address_given_at, line.shipments),
        "may_ship": Right.CAMPAIGN in actor.rights and collaboration.campaign.archived_at is None,
        "now": now,
    }


@dataclass(frozen=True, slots=True)
class AddressFacts:
    """That there is an address, and when it goes; not what it says."""

    given_at: datetime
    forgotten_at: datetime | None  # None while a parcel is under way


def address_facts(collaboration: Collaboration) -> AddressFacts | None:
    """Whether a collaboration has an address."""
    given = ShippingAddress.objects.filter(collaboration=collaboration).values_list("given_at", flat=True).first()
    return _address_facts(given, collaboration.shipments.all())


def _address_facts(given: datetime | None, parcels: Iterable[Shipment]) -> AddressFacts | None:
    if given is None:
        return None
    since = [None if ShipmentState(s.state) in OPEN else s.state_since for s in parcels]
    return AddressFacts(given, forgotten_at(given, since))


def addresses_due(workspace_id: int, before: datetime) -> list[int]:
    """Ids of addresses that nobody needed since an instant."""
    rows = ShippingAddress.objects.filter(workspace_id=workspace_id, given_at__lte=before)
    due = []
    for row in rows.prefetch_related("collaboration__shipments").order_by("pk"):
        parcels = row.collaboration.shipments.all()
        until = needed_until(row.given_at, [None if ShipmentState(s.state) in OPEN else s.state_since for s in parcels])
        if until is not None and until <= before:
            due.append(row.pk)
    return due
