"""Commands of products and parcels."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

import click
from django.urls import reverse
from django.utils import timezone

from sillage.adapters.terminal import json_option, say, show_json, show_table
from sillage.campaigns.actions import addresses as address_actions
from sillage.campaigns.actions import products as product_actions
from sillage.campaigns.actions import shipments as shipment_actions
from sillage.campaigns.actions.products import ProductMalformed
from sillage.campaigns.engine.seeding import ShipmentState
from sillage.campaigns.queries import seeding as queries
from sillage.campaigns.queries.campaigns import get_campaign
from sillage.governance.access import operator
from sillage.governance.engine.actors import Actor

STATE = click.Choice([s.value for s in ShipmentState])


@click.group()
def seeding() -> None:
    """Products that are sent to creators, and their parcels."""


@seeding.command("products")
@operator
@json_option
def seeding_products(actor: Actor, as_json: bool) -> None:
    """Products and their stock."""
    columns = ("id", "name", "reference", "value", "currency", "free", "reserved")
    lines = [tuple(getattr(p, name) for name in columns) for p in queries.list_products(actor.workspace_id)]
    if as_json:
        return show_json([dict(zip(columns, line, strict=True)) for line in lines])
    return show_table("", columns, lines, right=["id", "value", "free", "reserved"])


@seeding.command("add")
@click.argument("name")
@click.option("--reference", required=True, help="The brand's own, such as a SKU.")
@click.option("--value", help="Of one unit, before tax: it counts as a gift when it is sent.")
@click.option("--currency", default="EUR", show_default=True)
@click.option("--stock", default=0, show_default=True, help="Units that are free to send.")
@operator
def seeding_add(actor: Actor, name: str, reference: str, value: str | None, currency: str, stock: int) -> None:
    """Let a product be sent."""
    try:
        worth = None if value is None else Decimal(value)
    except InvalidOperation as error:
        raise ProductMalformed(f"“{value}” is no amount.", "Write it like 49.90.", "value") from error
    made = product_actions.add_product(
        name=name,
        reference=reference,
        value=worth,
        currency=currency,
        stock=stock,
        actor=actor,
        now=timezone.now(),
    )
    click.echo(f"{made.name} is product {made.pk}; {made.free} are free.")


@seeding.command("list")
@click.option("--campaign", "campaign_id", type=int, help="Only this campaign.")
@click.option("--state", "states", type=STATE, multiple=True, help="Only these; may be repeated.")
@operator
@json_option
def seeding_list(actor: Actor, campaign_id: int | None, states: tuple[str, ...], as_json: bool) -> None:
    """Parcels, the newest first; never an address."""
    if campaign_id is not None:
        get_campaign(actor.workspace_id, campaign_id)
    found = queries.list_shipments(
        actor.workspace_id, campaign_id=campaign_id, states=[ShipmentState(s) for s in states], limit=200
    ).items
    columns = ("id", "creator", "product", "quantity", "state", "since", "carrier", "number")
    lines = [
        (
            s.pk,
            s.collaboration.name,
            s.product.name,
            s.quantity,
            s.state,
            s.state_since.date(),
            s.carrier or None,
            s.tracking_number or None,
        )
        for s in found
    ]
    if as_json:
        return show_json([dict(zip(columns, line, strict=True)) for line in lines])
    return show_table("", columns, lines, right=["id", "quantity"])


@seeding.command("promise")
@click.argument("collaboration_id", type=int)
@click.argument("product_id", type=int)
@click.option("--quantity", default=1, show_default=True)
@click.option("--choice", default="", help="Size, colour.")
@operator
def seeding_promise(actor: Actor, collaboration_id: int, product_id: int, quantity: int, choice: str) -> None:
    """Promise units of a product to a creator: they are reserved at once."""
    made = shipment_actions.promise_product(
        collaboration_id=collaboration_id,
        product_id=product_id,
        quantity=quantity,
        choice=choice,
        actor=actor,
        now=timezone.now(),
    )
    click.echo(f"Shipment {made.pk}: {made.quantity} × {made.product}, to confirm.")


@seeding.command("ask")
@click.argument("collaboration_id", type=int)
@operator
def seeding_ask(actor: Actor, collaboration_id: int) -> None:
    """Make a link by which the creator gives an address. Send it yourself: Sillage writes to nobody."""
    link, secret = address_actions.ask_address(collaboration_id=collaboration_id, actor=actor, now=timezone.now())
    click.echo(reverse("creator_address", args=[secret]))
    say(f"Put your site's address before it. It is shown this once and works until {link.expires_at:%Y-%m-%d}.")


@seeding.command("ship")
@click.argument("shipment_id", type=int)
@click.option("--carrier", required=True, help="Who carries it; “by hand” will do.")
@click.option("--number", default="", help="The carrier's number.")
@click.option("--counted-in", type=int, help="Id of a gift that counts it already.")
@operator
def seeding_ship(actor: Actor, shipment_id: int, carrier: str, number: str, counted_in: int | None) -> None:
    """Say that a parcel was sent. It counts as a gift of its value."""
    sent = shipment_actions.move_shipment(
        shipment_id=shipment_id,
        to=ShipmentState.SHIPPED,
        carrier=carrier,
        tracking_number=number,
        counted_in=counted_in,
        actor=actor,
        now=timezone.now(),
    )
    click.echo(f"Shipment {sent.pk} is sent with {sent.carrier}.")


@seeding.command("move")
@click.argument("shipment_id", type=int)
@click.argument("to", type=STATE)
@operator
def seeding_move(actor: Actor, shipment_id: int, to: str) -> None:
    """Say where a parcel stands now; to send one, use `ship`."""
    moved = shipment_actions.move_shipment(
        shipment_id=shipment_id, to=ShipmentState(to), actor=actor, now=timezone.now()
    )
    click.echo(f"Shipment {moved.pk} is {moved.state.replace('_', ' ')}.")


@seeding.command("address")
@click.argument("shipment_id", type=int)
@operator
def seeding_address(actor: Actor, shipment_id: int) -> None:
    """The address of a parcel that is ready or under way. That you read it is entered in the ledger."""
    address = address_actions.read_address(shipment_id=shipment_id, actor=actor, now=timezone.now())
    for line in (*address.lines, *([address.phone] if address.phone else [])):
        click.echo(line)


@seeding.command("forget-addresses")
@operator
def seeding_forget(actor: Actor) -> None:
    """Delete the addresses that nobody needed for a month. `sillage privacy retain` does it too."""
    gone = address_actions.forget_addresses(actor=actor, now=timezone.now())
    click.echo(f"{gone} addresses were deleted.")
