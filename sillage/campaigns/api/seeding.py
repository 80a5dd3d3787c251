"""Products, parcels, promo codes, tracked links and orders over the API. An address is in no list."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from django.utils import timezone
from ninja import File, Form, Router, Schema, UploadedFile
from pydantic import Field

from sillage.campaigns.actions import addresses as address_actions
from sillage.campaigns.actions import conversions as conversion_actions
from sillage.campaigns.actions import products as product_actions
from sillage.campaigns.actions import promo_codes as code_actions
from sillage.campaigns.actions import sales as sales_actions
from sillage.campaigns.actions import shipments as shipment_actions
from sillage.campaigns.actions import tracked_links as link_actions
from sillage.campaigns.engine.codes import Validity, discount_of
from sillage.campaigns.engine.seeding import ShipmentState
from sillage.campaigns.models import Product, PromoCode, Shipment, TrackedLink
from sillage.campaigns.queries import seeding as queries
from sillage.campaigns.queries.campaigns import get_campaign
from sillage.campaigns.reading_sales import OrdersFile
from sillage.campaigns.uploaded import on_disk
from sillage.governance.api_access import Call, Kept, allowed
from sillage.governance.engine.actors import Right
from sillage.governance.models import Receipt
from sillage.governance.shapes import Given, Limit, Rows, rows

router = Router()

SHOWN_REJECTS = 100
Line = Annotated[str, Field(max_length=200)]


class ProductShape(Schema):
    """`value` is of one unit, before tax; null is not known. `free` units can be promised."""

    id: int
    name: str
    reference: str
    value: Decimal | None
    currency: str
    free: int
    reserved: int


class ProductGiven(Given):
    name: Line
    reference: Annotated[str, Field(max_length=80)]
    value: Decimal | None = None
    currency: str = "EUR"
    stock: int = 0


class StockGiven(Given):
    """`seen` is how many were free when the caller looked: if it moved since, nothing is changed."""

    free: int
    seen: int
    reason: Line = ""


class ShipmentShape(Schema):
    id: int
    collaboration_id: int
    product_id: int
    quantity: int
    choice: str
    state: ShipmentState
    state_since: datetime
    carrier: str
    tracking_number: str
    consideration_id: int | None
    promised_at: datetime
    shipped_at: datetime | None


class PromiseGiven(Given):
    product_id: int
    quantity: int = 1
    choice: Line = ""


class MoveGiven(Given):
    """`counted_in`: the gift that counts it already; without one a sent parcel is a new gift of its value."""

    to: ShipmentState
    carrier: Annotated[str, Field(max_length=80)] = ""
    tracking_number: Annotated[str, Field(max_length=80)] = ""
    counted_in: int | None = None


class AddressLink(Schema):
    """The creator opens `path` on this site. It is in this answer and nowhere else."""

    path: str
    expires_at: datetime


class AddressShape(Schema):
    name: str
    line1: str
    line2: str
    postcode: str
    city: str
    region: str
    country: str
    phone: str


class CodeShape(Schema):
    id: int
    collaboration_id: int
    code: str
    discount_kind: str
    discount_value: Decimal | None
    discount_currency: str
    starts_on: date | None
    ends_on: date | None
    ended_at: datetime | None


class CodesGiven(Given):
    """`discount`: 10%, 5 EUR, shipping, or empty. Without `collaboration_ids` all of the campaign's."""

    discount: Annotated[str, Field(max_length=30)] = ""
    starts_on: date | None = None
    ends_on: date | None = None
    collaboration_ids: list[int] | None = None


class LinkShape(Schema):
    """`path` is what visitors follow; `target` is where it leads."""

    id: int
    collaboration_id: int
    path: str
    target: str
    ended_at: datetime | None

    @staticmethod
    def resolve_path(link: TrackedLink) -> str:
        return f"/r/{link.code}"


class LinksGiven(Given):
    """`target`: an https page; by default the campaign's. Without `collaboration_ids` all of the campaign's."""

    target: Annotated[str, Field(max_length=2000)] = ""
    collaboration_ids: list[int] | None = None


class NumberShape(Schema):
    value: float | None
    receipt: str
    counted_at: datetime


class SeedingShape(Schema):
    """A collaboration with what was sent and what came of it. A number that nobody can know is absent."""

    collaboration_id: int
    has_address: bool
    shipments: list[ShipmentShape]
    codes: list[CodeShape]
    links: list[LinkShape]
    numbers: dict[str, NumberShape]


class RejectShape(Schema):
    place: str
    field: str
    reason: str


class OutcomeShape(Schema):
    """`uncredited` orders name no code and no link of the workspace; they are not kept."""

    rows: int
    new: int
    known: int
    uncredited: int
    refused: int
    rejects: list[RejectShape]
    is_dry_run: bool


# -- products ----------------------------------------------------------------------------------------------------------


@router.get("/products", **allowed(Right.READ), response=Rows[ProductShape])
def list_products(request: Call) -> dict[str, Any]:
    """Products and their stock, by name."""
    return rows(queries.list_products(request.auth.workspace_id))


@router.post("/products", **allowed(Right.CAMPAIGN), response={201: ProductShape})
def add_product(request: Call, given: ProductGiven) -> Product:
    """Let a product be sent."""
    return product_actions.add_product(**given.model_dump(), actor=request.auth, now=timezone.now())


@router.put("/products/{int:product_id}/stock", **allowed(Right.CAMPAIGN), response=ProductShape)
def correct_stock(request: Call, product_id: int, given: StockGiven) -> Product:
    """Say how many units are free."""
    return product_actions.correct_stock(
        product_id=product_id, **given.model_dump(), actor=request.auth, now=timezone.now()
    )


# -- parcels -----------------------------------------------------------------------------------------------------------


@router.get("/shipments", **allowed(Right.READ), response=Rows[ShipmentShape])
def list_shipments(
    request: Call,
    campaign_id: int | None = None,
    state: ShipmentState | None = None,
    cursor: str | None = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """Parcels, the newest first."""
    found = queries.list_shipments(
        request.auth.workspace_id,
        campaign_id=campaign_id,
        states=[state] if state else [],
        cursor=cursor,
        limit=limit,
    )
    return rows(found.items, found.next_cursor)


@router.post(
    "/collaborations/{int:collaboration_id}/shipments", **allowed(Right.CAMPAIGN), response={201: ShipmentShape}
)
def promise_product(request: Call, collaboration_id: int, given: PromiseGiven) -> Shipment:
    """Promise units of a product to a creator: they are reserved at once."""
    return shipment_actions.promise_product(
        collaboration_id=collaboration_id, **given.model_dump(), actor=request.auth, now=timezone.now()
    )


@router.post("/shipments/{int:shipment_id}/move", **allowed(Right.CAMPAIGN), response=ShipmentShape)
def move_shipment(request: Call, shipment_id: int, given: MoveGiven) -> Shipment:
    """Say where a parcel stands now. A sent parcel counts as a gift."""
    return shipment_actions.move_shipment(
        shipment_id=shipment_id, **given.model_dump(), actor=request.auth, now=timezone.now()
    )


@router.post(
    "/collaborations/{int:collaboration_id}/address-link",
    **allowed(Right.CAMPAIGN, kept=Kept.NEVER),
    response={201: AddressLink},
)
def ask_address(request: Call, collaboration_id: int) -> dict[str, Any]:
    """Open a link by which the creator gives an address. Sillage sends it to nobody."""
    link, secret = address_actions.ask_address(
        collaboration_id=collaboration_id, actor=request.auth, now=timezone.now()
    )
    return {"path": f"/l/{secret}/address/", "expires_at": link.expires_at}


@router.post("/shipments/{int:shipment_id}/address", **allowed(Right.CAMPAIGN, kept=Kept.NEVER), response=AddressShape)
def read_address(request: Call, shipment_id: int) -> Any:
    """The address of a parcel that is ready or under way. Each reading is entered in the ledger."""
    return address_actions.read_address(shipment_id=shipment_id, actor=request.auth, now=timezone.now())


# -- codes and links ---------------------------------------------------------------------------------------------------


@router.get("/campaigns/{int:campaign_id}/seeding", **allowed(Right.READ), response=Rows[SeedingShape])
def list_seeding(request: Call, campaign_id: int, cursor: str | None = None, limit: Limit = 50) -> dict[str, Any]:
    """Parcels, live codes and links, and numbers with receipts, by creator."""
    campaign = get_campaign(request.auth.workspace_id, campaign_id)
    found = queries.seeding_lines(campaign.pk, cursor=cursor, limit=limit)
    return rows(map(_line, found.items), found.next_cursor)


def _line(line: queries.SeedingLine) -> dict[str, Any]:
    return {
        "collaboration_id": line.collaboration.pk,
        "has_address": line.has_address,
        "shipments": line.shipments,
        "codes": line.codes,
        "links": line.links,
        "numbers": {name.partition(".")[2]: _number(r) for name, r in line.sales.receipts.items()},
    }


def _number(receipt: Receipt) -> dict[str, Any]:
    return {"value": receipt.value, "receipt": receipt.key, "counted_at": receipt.computed_at}


@router.post("/campaigns/{int:campaign_id}/codes", **allowed(Right.CAMPAIGN), response={201: Rows[CodeShape]})
def make_codes(request: Call, campaign_id: int, given: CodesGiven) -> dict[str, Any]:
    """A code for each collaboration that has none; answers the new ones."""
    return rows(
        code_actions.make_codes(
            campaign_id=campaign_id,
            discount=discount_of(given.discount),
            validity=Validity(given.starts_on, given.ends_on),
            collaboration_ids=given.collaboration_ids,
            actor=request.auth,
            now=timezone.now(),
        )
    )


@router.delete("/codes/{int:code_id}", **allowed(Right.CAMPAIGN), response=CodeShape)
def end_code(request: Call, code_id: int) -> PromoCode:
    """End a promo code."""
    return code_actions.end_code(code_id=code_id, actor=request.auth, now=timezone.now())


@router.post("/campaigns/{int:campaign_id}/links", **allowed(Right.CAMPAIGN), response={201: Rows[LinkShape]})
def make_links(request: Call, campaign_id: int, given: LinksGiven) -> dict[str, Any]:
    """A tracked link for each collaboration that has none; answers the new ones."""
    made = link_actions.make_links(
        campaign_id=campaign_id, **given.model_dump(), actor=request.auth, now=timezone.now()
    )
    return rows(made)


@router.delete("/tracked-links/{int:tracked_link_id}", **allowed(Right.CAMPAIGN), response=LinkShape)
def end_link(request: Call, tracked_link_id: int) -> TrackedLink:
    """End a tracked link."""
    return link_actions.end_link(link_id=tracked_link_id, actor=request.auth, now=timezone.now())


@router.post("/campaigns/{int:campaign_id}/sales/count", **allowed(Right.CAMPAIGN))
def count_sales(request: Call, campaign_id: int) -> dict[str, int]:
    """Count clicks, orders and revenue now. Answers how many numbers have a receipt."""
    return {"numbers": sales_actions.count_sales(campaign_id=campaign_id, actor=request.auth, now=timezone.now())}


# -- orders ------------------------------------------------------------------------------------------------------------


@router.post("/conversions/imports", **allowed(Right.CAMPAIGN), response=OutcomeShape)
def import_conversions(
    request: Call,
    file: File[UploadedFile],
    separator: Form[str] = ",",
    currency: Form[str] = "",
    time_format: Form[str] = "",
    dry_run: Form[bool] = False,
) -> Any:
    """Bring in a CSV of orders and refunds of up to 20 MB. Orders by message: `POST conversions/hook`, signed."""
    said = OrdersFile(separator=separator, currency=currency, time_format=time_format)
    with on_disk(file) as path:
        done = conversion_actions.import_conversions(
            path=path, said=said, actor=request.auth, now=timezone.now(), dry_run=dry_run
        )
    return replace(done, rejects=done.rejects[:SHOWN_REJECTS])
