"""Addresses: given by a link, sealed, read by whoever ships and no one else, gone in time."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from sillage.campaigns.actions.addresses import (
    AddressNotNeeded,
    NothingToSend,
    ask_address,
    forget_addresses,
    forget_in_seeding,
    give_address,
    read_address,
    withdraw_address,
)
from sillage.campaigns.actions.shipments import move_shipment, promise_product
from sillage.campaigns.engine.postal import (
    PostalAddress,
    PostalAddressMalformed,
    address_from,
    address_of,
    forgotten_at,
)
from sillage.campaigns.engine.seeding import ShipmentState
from sillage.campaigns.models import Shipment, ShippingAddress
from sillage.campaigns.queries.seeding import address_facts
from sillage.campaigns.tests.parcels import HOME, addressed
from sillage.governance.actions import open_link, retain, revoke_link
from sillage.governance.engine.actors import NotAllowed
from sillage.governance.engine.links import Purpose
from sillage.governance.engine.privacy import months_after
from sillage.governance.engine.sealing import SealBroken
from sillage.governance.models import Entry
from sillage.governance.queries import guest_of
from sillage.lib.errors import NotFound

S = ShipmentState
MONA = PostalAddress("Mona Martin", "3 rue des Lilas", "", "75020", "Paris", "", "FR")


def test_an_address_is_read_as_a_label_shows_it():
    assert address_of(HOME) == MONA and address_from(MONA.to_bytes()) == MONA
    assert MONA.lines == ("Mona Martin", "3 rue des Lilas", "75020 Paris", "FR")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("line1", "  "),
        ("city", ""),
        ("country", "France"),
        ("country", "F1"),
        ("phone", "call me"),
        ("line1", "x" * 121),
        ("postcode", "9" * 21),
    ],
)
def test_an_address_that_no_carrier_could_use_is_refused_by_field(field, value):
    with pytest.raises(PostalAddressMalformed) as refused:
        address_of(HOME | {field: value})
    assert refused.value.place == field


def test_an_address_goes_a_month_after_the_last_parcel_ended(noon):
    later = noon + timedelta(days=5)
    assert forgotten_at(noon, []) == months_after(noon, 1)
    assert forgotten_at(noon, [noon, later]) == months_after(later, 1)
    assert forgotten_at(noon, [later, None]) is None, "one is under way"


def test_an_address_is_asked_for_only_when_something_is_to_be_sent(collaboration, ada, noon):
    with pytest.raises(NothingToSend):
        ask_address(collaboration_id=collaboration.pk, actor=ada, now=noon)


def test_a_given_address_makes_its_parcels_ready(parcel, noon):
    assert parcel.state == "ready" and address_facts(parcel.collaboration).given_at == noon


def test_the_database_alone_does_not_tell_an_address(parcel):
    sealed = bytes(ShippingAddress.objects.get().sealed)
    assert not any(word.encode() in sealed for word in ("Mona", "Lilas", "Paris", "75020"))


def test_a_seal_opens_for_its_own_collaboration_only(parcel, collaborations, compost, ada, noon):
    addressed_to = promise_product(
        collaboration_id=collaborations["noe"].pk, product_id=compost.pk, quantity=1, actor=ada, now=noon
    )
    addressed(collaborations["noe"], ada, noon)
    mona, noe = ShippingAddress.objects.order_by("collaboration__name")
    noe.sealed = mona.sealed
    noe.save()
    with pytest.raises(SealBroken):
        read_address(shipment_id=addressed_to.pk, actor=ada, now=noon)


def test_who_ships_reads_it_and_each_reading_is_entered(parcel, bruno, noon):
    assert read_address(shipment_id=parcel.pk, actor=bruno, now=noon) == MONA
    read_address(shipment_id=parcel.pk, actor=bruno, now=noon)
    entries = Entry.objects.filter(verb="campaigns.address_read")
    assert [(e.actor_name, e.subject_id) for e in entries] == [("bruno@example.org", str(parcel.pk))] * 2


def test_no_entry_says_where_anybody_lives(parcel, ada, noon):
    read_address(shipment_id=parcel.pk, actor=ada, now=noon)
    said = json.dumps(list(Entry.objects.values_list("facts", flat=True)))
    assert not any(word in said for word in ("Lilas", "75020", "Paris", "Martin"))


def test_it_is_read_to_ship_and_not_before_or_after(parcel, collaboration, compost, ada, noon):
    early = promise_product(collaboration_id=collaboration.pk, product_id=compost.pk, quantity=1, actor=ada, now=noon)
    with pytest.raises(AddressNotNeeded):
        read_address(shipment_id=early.pk, actor=ada, now=noon)
    move_shipment(shipment_id=parcel.pk, to=S.SHIPPED, carrier="DHL", actor=ada, now=noon)
    assert read_address(shipment_id=parcel.pk, actor=ada, now=noon) == MONA
    move_shipment(shipment_id=parcel.pk, to=S.DELIVERED, actor=ada, now=noon)
    with pytest.raises(AddressNotNeeded):
        read_address(shipment_id=parcel.pk, actor=ada, now=noon)


def test_neither_a_reader_nor_a_stranger_nor_a_guest_reads_it(parcel, rita, dario, ada, noon):
    with pytest.raises(NotAllowed):
        read_address(shipment_id=parcel.pk, actor=rita, now=noon)
    with pytest.raises(NotFound):
        read_address(shipment_id=parcel.pk, actor=dario, now=noon)
    link, _ = ask_again(parcel, ada, noon)
    with pytest.raises(NotAllowed):
        read_address(shipment_id=parcel.pk, actor=guest_of(link), now=noon)


def ask_again(parcel, ada, noon):
    return open_link(
        purpose=Purpose.COLLABORATION,
        subject_kind="collaboration",
        subject_id=parcel.collaboration_id,
        label="Mona",
        expires_at=noon + timedelta(days=2),
        actor=ada,
        now=noon,
    )


def test_a_later_address_takes_the_place_of_the_earlier(parcel, ada, noon):
    link, _ = ask_again(parcel, ada, noon)
    give_address(link_id=link.pk, given=HOME | {"city": "Lyon"}, actor=guest_of(link), now=noon)
    assert read_address(shipment_id=parcel.pk, actor=ada, now=noon).city == "Lyon"
    assert ShippingAddress.objects.count() == 1


def test_its_owner_takes_it_back_and_the_parcel_waits_again(parcel, ada, noon):
    link, _ = ask_again(parcel, ada, noon)
    withdraw_address(link_id=link.pk, actor=guest_of(link), now=noon)
    parcel.refresh_from_db()
    assert not ShippingAddress.objects.exists() and parcel.state == "address_asked"
    with pytest.raises(NotFound):
        withdraw_address(link_id=link.pk, actor=guest_of(link), now=noon)


def test_a_link_that_ended_or_is_of_something_else_gives_nothing(parcel, ada, dario, noon):
    link, _ = ask_again(parcel, ada, noon)
    with pytest.raises(NotFound):
        give_address(link_id=link.pk, given=HOME, actor=guest_of(link), now=noon + timedelta(days=3))
    with pytest.raises(NotFound):
        give_address(link_id=link.pk, given=HOME, actor=dario_as_guest(link, dario), now=noon)
    revoke_link(link_id=link.pk, actor=ada, now=noon)
    with pytest.raises(NotFound):
        give_address(link_id=link.pk, given=HOME, actor=guest_of(link), now=noon)
    with pytest.raises(NotAllowed):
        give_address(link_id=link.pk, given=HOME, actor=ada, now=noon)


def dario_as_guest(link, dario):
    link.workspace_id = dario.workspace_id
    guest = guest_of(link)
    link.refresh_from_db()
    return guest


def test_an_address_is_deleted_when_its_time_is_over_with_the_parcel_s_number(parcel, ada, noon):
    move_shipment(shipment_id=parcel.pk, to=S.SHIPPED, carrier="DHL", tracking_number="6A", actor=ada, now=noon)
    arrived = noon + timedelta(days=3)
    assert forget_addresses(actor=ada, now=noon + timedelta(days=400)) == 0, "it is under way"
    move_shipment(shipment_id=parcel.pk, to=S.DELIVERED, actor=ada, now=arrived)
    assert forget_addresses(actor=ada, now=months_after(arrived, 1) - timedelta(seconds=1)) == 0
    assert forget_addresses(actor=ada, now=months_after(arrived, 1)) == 1
    assert not ShippingAddress.objects.exists() and Shipment.objects.get().tracking_number == ""


def test_the_retention_run_deletes_them_too(parcel, ada, noon):
    move_shipment(shipment_id=parcel.pk, to=S.CANCELLED, actor=ada, now=noon)
    assert retain(actor=ada, now=months_after(noon, 1) - timedelta(seconds=1)).get("shipping-addresses") is None
    assert retain(actor=ada, now=months_after(noon, 1))["shipping-addresses"] == 1


def test_an_erased_creator_s_address_goes_at_once(parcel, ada):
    account = parcel.collaboration.account_id
    assert forget_in_seeding(ada.workspace_id, [account])["shippingaddress"] == 1
    assert not ShippingAddress.objects.exists()
