"""Addresses: asked from the creator by a link, kept sealed and apart, read by whoever ships, and deleted in time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from sillage.campaigns.engine.postal import KEPT_MONTHS, PostalAddress, address_from, address_of
from sillage.campaigns.engine.seeding import STATE_WORDS, WAITING, ShipmentState
from sillage.campaigns.models import Collaboration, PromoCode, Shipment, ShippingAddress
from sillage.campaigns.queries.campaigns import get_collaboration
from sillage.campaigns.queries.seeding import addresses_due, get_shipment
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.governance.engine.links import Purpose
from sillage.governance.engine.privacy import months_after
from sillage.governance.engine.sealing import seal, unseal
from sillage.governance.models import Link
from sillage.governance.queries import sealing_key
from sillage.lib.errors import NotFound, Refusal
from sillage.lib.sentences import Sentence

LINK_LIVES = timedelta(days=21)
READ_IN = (ShipmentState.READY, ShipmentState.SHIPPED)


class NothingToSend(Refusal):
    """An address is asked for when something is to be sent, and only then."""


class AddressNotNeeded(Refusal):
    """An address is read to ship, and only then."""


@transaction.atomic
def ask_address(*, collaboration_id: int, actor: Actor, now: datetime) -> tuple[Link, str]:
    """Open a link by which the creator gives an address. Returns it with its secret, which is shown once.

    Sillage writes to nobody: a person sends the link.
    """
    require(actor, Right.CAMPAIGN)
    collaboration = get_collaboration(actor.workspace_id, collaboration_id, lock=True)
    waiting = collaboration.shipments.select_for_update().filter(state__in=[s.value for s in WAITING])
    if not waiting:
        raise NothingToSend(
            Sentence(
                "Nothing is promised to %(collaboration)s that waits for an address.", collaboration=collaboration.name
            ),
            Sentence("Promise a product first."),
        )
    waiting.filter(state=ShipmentState.TO_CONFIRM.value).update(
        state=ShipmentState.ADDRESS_ASKED.value, state_since=now
    )
    link, secret = governance.open_link(
        purpose=Purpose.COLLABORATION,
        subject_kind="collaboration",
        subject_id=collaboration.pk,
        label=f"address of {collaboration.name}",
        expires_at=now + LINK_LIVES,
        actor=actor,
        now=now,
    )
    governance.record(
        verb="campaigns.address_asked",
        subject_kind="collaboration",
        subject_id=collaboration.pk,
        actor=actor,
        now=now,
        facts={"link": link.pk},
    )
    return link, secret


@transaction.atomic
def give_address(*, link_id: int, given: Mapping[str, str], actor: Actor, now: datetime) -> None:
    """Keep the address that the holder of a link gives, in the place of an earlier one; waiting parcels become ready."""
    require(actor, Right.LINK)
    collaboration = _of_link(link_id, actor, now)
    address = address_of(given)
    key = sealing_key(actor.workspace_id, _purpose(collaboration))
    ShippingAddress.objects.update_or_create(
        collaboration=collaboration,
        defaults={
            "workspace_id": actor.workspace_id,
            "sealed": seal(key, address.to_bytes()),
            "given_at": now,
        },
    )
    ready = collaboration.shipments.filter(state__in=[s.value for s in WAITING]).update(
        state=ShipmentState.READY.value, state_since=now
    )
    governance.record(
        verb="campaigns.address_given",
        subject_kind="collaboration",
        subject_id=collaboration.pk,
        actor=actor,
        now=now,
        facts={"country": address.country, "ready": ready},
    )


@transaction.atomic
def withdraw_address(*, link_id: int, actor: Actor, now: datetime) -> None:
    """Delete the address at its owner's word. Parcels that were not sent wait again."""
    require(actor, Right.LINK)
    collaboration = _of_link(link_id, actor, now)
    if not ShippingAddress.objects.filter(collaboration=collaboration).delete()[0]:
        raise NotFound(Sentence("There is no address any more."), Sentence("Nothing is left to delete."))
    collaboration.shipments.filter(state=ShipmentState.READY.value).update(
        state=ShipmentState.ADDRESS_ASKED.value, state_since=now
    )
    governance.record(
        verb="campaigns.address_withdrawn",
        subject_kind="collaboration",
        subject_id=collaboration.pk,
        actor=actor,
        now=now,
    )


@transaction.atomic
def read_address(*, shipment_id: int, actor: Actor, now: datetime) -> PostalAddress:
    """The address for a parcel that is ready or under way. Each reading is entered in the ledger; what is read is not."""
    require(actor, Right.CAMPAIGN)
    shipment = get_shipment(actor.workspace_id, shipment_id)
    if ShipmentState(shipment.state) not in READ_IN:
        raise AddressNotNeeded(
            Sentence(
                "This shipment is %(shipment_state)s: nobody needs its address now.",
                shipment_state=STATE_WORDS[ShipmentState(shipment.state)],
            ),
            Sentence("It is read when the parcel is ready, and while it is under way."),
        )
    row = ShippingAddress.objects.filter(collaboration_id=shipment.collaboration_id).first()
    if row is None:
        raise NotFound(
            Sentence("There is no address for %(collaboration)s.", collaboration=shipment.collaboration.name),
            Sentence("Ask for it."),
        )
    key = sealing_key(actor.workspace_id, _purpose(shipment.collaboration))
    address = address_from(unseal(key, bytes(row.sealed)))
    governance.record(
        verb="campaigns.address_read",
        subject_kind="shipment",
        subject_id=shipment.pk,
        actor=actor,
        now=now,
        facts={"collaboration": shipment.collaboration_id},
    )
    return address


@transaction.atomic
def forget_addresses(*, actor: Actor, now: datetime) -> int:
    """Delete the addresses whose time is over, and the parcels' numbers with them. Returns how many addresses went."""
    require(actor, Right.CAMPAIGN)
    gone = remove_due_addresses(actor.workspace_id, months_after(now, -KEPT_MONTHS), now)
    governance.record(
        verb="campaigns.addresses_forgotten",
        subject_kind="workspace",
        subject_id=actor.workspace_id,
        actor=actor,
        now=now,
        facts={"addresses": gone},
    )
    return gone


def count_due_addresses(workspace_id: int, before: datetime) -> int:
    """How many addresses nobody needed since an instant."""
    return len(addresses_due(workspace_id, before))


def remove_due_addresses(workspace_id: int, before: datetime, now: datetime, most: int | None = None) -> int:
    """Delete them, and their parcels' numbers, as part of a run of the retention rules. Returns how many addresses went."""
    due = addresses_due(workspace_id, before)[:most]
    rows = ShippingAddress.objects.select_for_update().filter(pk__in=due)
    collaborations = list(rows.values_list("collaboration_id", flat=True))
    Shipment.objects.filter(collaboration_id__in=collaborations).update(tracking_number="")
    return ShippingAddress.objects.filter(collaboration_id__in=collaborations).delete()[0]


def forget_in_seeding(workspace_id: int, account_ids: Sequence[int]) -> dict[str, int]:
    """Delete addresses, parcels' numbers and codes' names of collaborations with these accounts, as part of an erasure.

    Codes end and lose their word, for it is made from a name; what was sold through them stays, without it.
    """
    theirs = Collaboration.objects.filter(workspace_id=workspace_id, account_id__in=account_ids)
    ids = list(theirs.values_list("pk", flat=True))
    gone = ShippingAddress.objects.filter(collaboration_id__in=ids).delete()[0]
    Shipment.objects.filter(collaboration_id__in=ids).update(tracking_number="", choice="")
    return {"shippingaddress": gone, **_forgotten_codes(ids)}


def _forgotten_codes(collaboration_ids: Sequence[int]) -> dict[str, int]:
    codes = list(PromoCode.objects.select_for_update().filter(collaboration_id__in=collaboration_ids))
    for code in codes:
        code.code = code.skeleton = f"FORGOTTEN-{code.pk}"
        code.save(update_fields=["code", "skeleton"])
    return {"promocode": len(codes)}


def _purpose(collaboration: Collaboration) -> str:
    return f"address of collaboration {collaboration.pk}"


def _of_link(link_id: int, actor: Actor, now: datetime) -> Collaboration:
    """The collaboration that a live link of the actor's workspace opens, locked."""
    link = Link.objects.filter(
        workspace_id=actor.workspace_id,
        pk=link_id,
        purpose=Purpose.COLLABORATION.value,
        subject_kind="collaboration",
        revoked_at=None,
        expires_at__gt=now,
    ).first()
    if link is None:
        raise NotFound(Sentence("This link opens nothing any more."), Sentence("Ask whoever sent it for a new one."))
    return get_collaboration(actor.workspace_id, int(link.subject_id), lock=True)
