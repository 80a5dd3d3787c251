"""Shipments: promised, sent by somebody, arrived, come back or lost. Sillage sends no parcel; it remembers."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from sillage.campaigns.actions.collaborations import CampaignAtRest
from sillage.campaigns.actions.considerations import add_consideration, withdraw_consideration
from sillage.campaigns.engine.considerations import Kind
from sillage.campaigns.engine.contract_duty import Duty
from sillage.campaigns.engine.seeding import RECEIVED, ShipmentState, Stock, refuse_unlawful
from sillage.campaigns.models import Campaign, Consideration, Product, Shipment, ShippingAddress
from sillage.campaigns.queries.campaigns import get_collaboration
from sillage.campaigns.queries.contracts import needs_contract
from sillage.campaigns.queries.seeding import get_product, get_shipment
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.lib.errors import Malformed, NotFound, Refusal
from sillage.lib.sentences import Decimals, Sentence


class QuantityMalformed(Malformed):
    """A shipment is of one unit at least, and of a thousand at most."""


class ProductPutAway(Refusal):
    """The product is archived."""


class AddressMissing(Refusal):
    """A parcel cannot be made ready without an address."""


class CarrierMissing(Refusal):
    """A parcel that was sent was sent by somebody."""


class ContractNeededFirst(Refusal):
    """With this gift the law asks for a written contract, and there is none."""


def _product_to_take(actor: Actor, product_id: int) -> Product:
    product = get_product(actor.workspace_id, product_id, lock=True)
    if product.archived_at is not None:
        raise ProductPutAway(
            Sentence("“%(product)s” was put away.", product=product.name), Sentence("Choose another product.")
        )
    return product


@transaction.atomic
def promise_product(
    *,
    collaboration_id: int,
    product_id: int,
    quantity: int,
    actor: Actor,
    now: datetime,
    choice: str = "",
) -> Shipment:
    """Promise some units to a creator: they are reserved at once, so that nobody promises them again."""
    require(actor, Right.CAMPAIGN)
    if not 1 <= quantity <= 1000:
        raise QuantityMalformed(
            Sentence("%(quantity)s is no quantity.", quantity=quantity), Sentence("Between 1 and 1,000."), "quantity"
        )
    collaboration = get_collaboration(actor.workspace_id, collaboration_id)
    refuse_at_rest(collaboration.campaign)
    product = _product_to_take(actor, product_id)
    _keep_stock(product, _stock(product).taken(quantity))
    shipment = Shipment.objects.create(
        workspace_id=actor.workspace_id,
        collaboration=collaboration,
        product=product,
        quantity=quantity,
        choice=choice.strip()[:200],
        state_since=now,
        promised_by_id=actor.member_id,
        promised_at=now,
    )
    governance.record(
        verb="campaigns.product_promised",
        subject_kind="shipment",
        subject_id=shipment.pk,
        actor=actor,
        now=now,
        facts={"collaboration": collaboration.pk, "product": product.pk, "quantity": quantity},
    )
    return shipment


@transaction.atomic
def move_shipment(
    *,
    shipment_id: int,
    to: ShipmentState,
    actor: Actor,
    now: datetime,
    carrier: str = "",
    tracking_number: str = "",
    counted_in: int | None = None,
) -> Shipment:
    """Say where a shipment stands now. Of two who move it at once, the second is refused by where it stands then.

    Sent units leave the stock and count as a gift of their value, or in the gift `counted_in` that was entered before;
    units that come back are free again, and count no more.
    """
    require(actor, Right.CAMPAIGN)
    shipment = _locked(actor.workspace_id, shipment_id)
    before = ShipmentState(shipment.state)
    refuse_unlawful(before, to)
    _refuse_unready(shipment, to, carrier)
    product = get_product(actor.workspace_id, shipment.product_id, lock=True)
    _keep_stock(product, _stock(product).moved(shipment.quantity, before, to))
    if to is ShipmentState.SHIPPED:
        shipment.carrier, shipment.tracking_number = carrier.strip()[:80], tracking_number.strip()[:80]
        shipment.shipped_at, shipment.counts_elsewhere = now, counted_in is not None
        shipment.consideration = _gift(shipment, product, counted_in, actor, now)
    elif before in RECEIVED and to not in RECEIVED:
        _take_gift_back(shipment, actor, now)
    shipment.state, shipment.state_since = to.value, now
    shipment.save()
    governance.record(
        verb="campaigns.shipment_moved",
        subject_kind="shipment",
        subject_id=shipment.pk,
        actor=actor,
        now=now,
        facts={"from": before.value, "to": to.value, "product": product.pk, "quantity": shipment.quantity},
    )
    return shipment


def _locked(workspace_id: int, shipment_id: int) -> Shipment:
    """The collaboration is locked first, then its shipment, then the product: everywhere in this order."""
    get_collaboration(workspace_id, get_shipment(workspace_id, shipment_id).collaboration_id, lock=True)
    return get_shipment(workspace_id, shipment_id, lock=True)


def refuse_at_rest(campaign: Campaign) -> None:
    """Nothing is promised in a template, or in a campaign that was put away."""
    if campaign.is_template or campaign.archived_at is not None:
        raise CampaignAtRest(
            Sentence("“%(campaign)s” is at rest: nothing is made or sent in it.", campaign=campaign.name),
            Sentence("Bring it back, or open a campaign from it."),
        )


def _refuse_unready(shipment: Shipment, to: ShipmentState, carrier: str) -> None:
    sending = to in (ShipmentState.READY, ShipmentState.SHIPPED)
    if sending and not ShippingAddress.objects.filter(collaboration_id=shipment.collaboration_id).exists():
        raise AddressMissing(
            Sentence("There is no address for %(collaboration)s.", collaboration=shipment.collaboration.name),
            Sentence("Ask for it: the creator gets a link to a form."),
        )
    if to is ShipmentState.SHIPPED and not carrier.strip():
        raise CarrierMissing(
            Sentence("The shipment names no carrier."), Sentence("Say who carries it; “by hand” will do.")
        )


def _gift(shipment: Shipment, product: Product, counted_in: int | None, actor: Actor, now: datetime) -> Consideration:
    """The gift as which a sent shipment counts: the one named, or a new one, whose value is asked for if it is not known."""
    if counted_in is not None:
        return _standing_gift(shipment, counted_in)
    gift = add_consideration(
        collaboration_id=shipment.collaboration_id,
        kind=Kind.GIFT,
        text=f"{shipment.quantity} × {product.name}",
        amount=None if product.value is None else product.value * shipment.quantity,
        currency=product.currency,
        actor=actor,
        now=now,
    )
    verdict = needs_contract(shipment.collaboration, now.date())
    if verdict.duty is Duty.REQUIRED:
        raise ContractNeededFirst(
            Sentence(
                "With this parcel %(collaboration)s gets EUR %(total)s in %(year)s for this"
                " objective: the law asks for a written contract before.",
                collaboration=shipment.collaboration.name,
                total=Decimals(verdict.running.total, 2),
                year=now.year,
            ),
            Sentence("Have both sign it, then send; or send less."),
        )
    return gift


def _standing_gift(shipment: Shipment, consideration_id: int) -> Consideration:
    gifts = shipment.collaboration.considerations.filter(kind=Kind.GIFT.value, withdrawn_at=None)
    found = gifts.filter(pk=consideration_id).first()
    if found is None:
        raise NotFound(
            Sentence(
                "No gift %(consideration_id)s stands for %(collaboration)s.",
                consideration_id=consideration_id,
                collaboration=shipment.collaboration.name,
            ),
            Sentence("Choose one that stands, or none."),
        )
    return found


def _take_gift_back(shipment: Shipment, actor: Actor, now: datetime) -> None:
    """What came back counts no more. A gift that was entered by hand stays: it may be of more."""
    gift = shipment.consideration
    if gift is not None and gift.withdrawn_at is None and not shipment.counts_elsewhere:
        withdraw_consideration(consideration_id=gift.pk, actor=actor, now=now)


@transaction.atomic
def label_shipment(*, shipment_id: int, carrier: str, tracking_number: str, actor: Actor, now: datetime) -> Shipment:
    """Correct who carries a parcel and under which number."""
    require(actor, Right.CAMPAIGN)
    shipment = _locked(actor.workspace_id, shipment_id)
    shipment.carrier, shipment.tracking_number = carrier.strip()[:80], tracking_number.strip()[:80]
    shipment.save(update_fields=["carrier", "tracking_number"])
    governance.record(
        verb="campaigns.shipment_labelled", subject_kind="shipment", subject_id=shipment.pk, actor=actor, now=now
    )
    return shipment


def _stock(product: Product) -> Stock:
    return Stock(product.name, product.free, product.reserved)


def _keep_stock(product: Product, stock: Stock) -> None:
    product.free, product.reserved = stock.free, stock.reserved
    product.save(update_fields=["free", "reserved"])
