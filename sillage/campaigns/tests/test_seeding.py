"""Products, stock and parcels: what is promised, what is sent, what it counts for."""

from __future__ import annotations

import threading
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction

from sillage.campaigns.actions.addresses import ask_address
from sillage.campaigns.actions.collaborations import CampaignAtRest
from sillage.campaigns.actions.considerations import add_consideration
from sillage.campaigns.actions.products import (
    ProductMalformed,
    ProductPromised,
    ReferenceTaken,
    StockMovedMeanwhile,
    add_product,
    archive_product,
    correct_stock,
)
from sillage.campaigns.actions.shipments import (
    AddressMissing,
    CarrierMissing,
    ContractNeededFirst,
    ProductPutAway,
    QuantityMalformed,
    label_shipment,
    move_shipment,
    promise_product,
)
from sillage.campaigns.engine.considerations import Kind
from sillage.campaigns.engine.seeding import (
    NEXT,
    PLACE_OF,
    Place,
    ShipmentMoveUnlawful,
    ShipmentState,
    Stock,
    StockShort,
)
from sillage.campaigns.models import Campaign, Consideration, Product
from sillage.campaigns.queries.seeding import seeding_lines
from sillage.campaigns.tests.parcels import addressed
from sillage.governance.engine.actors import NotAllowed
from sillage.governance.models import Entry
from sillage.lib.errors import NotFound, Refusal

S = ShipmentState


def stock(product: Product) -> tuple[int, int]:
    product.refresh_from_db()
    return product.free, product.reserved


# -- the engine --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("before", "after"), [(before, after) for before in S for after in NEXT[before]])
def test_a_lawful_move_never_makes_or_loses_a_unit(before, after):
    stood = Stock("x", 10, 5)
    moved = stood.moved(3, before, after)
    away = 3 * ((PLACE_OF[after] is Place.AWAY) - (PLACE_OF[before] is Place.AWAY))
    assert moved.free + moved.reserved + away == 15


def test_no_more_units_are_promised_than_are_free():
    assert Stock("x", 3, 0).taken(3) == Stock("x", 0, 3)
    with pytest.raises(StockShort, match="2 of “x” are free, and 3"):
        Stock("x", 2, 0).taken(3)


# -- products ----------------------------------------------------------------------------------------------------------


def test_a_reference_is_one_product_s(compost, ada, noon):
    with pytest.raises(ReferenceTaken):
        add_product(name="Other", reference="TV-1", value=None, currency="EUR", stock=0, actor=ada, now=noon)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("reference", ""),
        ("value", Decimal("-1")),
        ("value", Decimal("NaN")),
        ("currency", "E1R"),
        ("stock", -1),
    ],
)
def test_a_malformed_product_is_refused_by_field(field, value, ada, noon):
    given = {"name": "A", "reference": "B", "value": None, "currency": "EUR", "stock": 1} | {field: value}
    with pytest.raises(ProductMalformed) as refused:
        add_product(**given, actor=ada, now=noon)
    assert refused.value.place == field and not Product.objects.exists()


def test_stock_is_corrected_by_who_saw_what_it_was(compost, ada, noon):
    correct_stock(product_id=compost.pk, free=7, seen=10, reason="counted", actor=ada, now=noon)
    assert stock(compost) == (7, 0)
    with pytest.raises(StockMovedMeanwhile, match="7 of “Compost” are free by now, not 10"):
        correct_stock(product_id=compost.pk, free=9, seen=10, reason="counted", actor=ada, now=noon)


def test_a_promised_product_is_not_put_away(parcel, compost, ada, noon):
    with pytest.raises(ProductPromised):
        archive_product(product_id=compost.pk, actor=ada, now=noon)
    move_shipment(shipment_id=parcel.pk, to=S.SHIPPED, carrier="La Poste", actor=ada, now=noon)
    assert archive_product(product_id=compost.pk, actor=ada, now=noon).archived_at == noon
    with pytest.raises(ProductPutAway):
        promise_product(
            collaboration_id=parcel.collaboration_id, product_id=compost.pk, quantity=1, actor=ada, now=noon
        )


# -- parcels -----------------------------------------------------------------------------------------------------------


def test_a_promise_reserves_and_a_cancellation_frees(collaboration, compost, ada, noon):
    made = promise_product(collaboration_id=collaboration.pk, product_id=compost.pk, quantity=4, actor=ada, now=noon)
    assert stock(compost) == (6, 4)
    move_shipment(shipment_id=made.pk, to=S.CANCELLED, actor=ada, now=noon)
    assert stock(compost) == (10, 0)


@pytest.mark.parametrize("quantity", [0, -1, 1001])
def test_a_quantity_is_sensible(quantity, collaboration, compost, ada, noon):
    with pytest.raises(QuantityMalformed):
        promise_product(
            collaboration_id=collaboration.pk, product_id=compost.pk, quantity=quantity, actor=ada, now=noon
        )


def test_a_parcel_is_sent_to_an_address_by_somebody(collaboration, compost, ada, noon):
    made = promise_product(collaboration_id=collaboration.pk, product_id=compost.pk, quantity=1, actor=ada, now=noon)
    with pytest.raises(AddressMissing):
        move_shipment(shipment_id=made.pk, to=S.READY, actor=ada, now=noon)
    with pytest.raises(ShipmentMoveUnlawful, match="to confirm cannot become shipped"):
        move_shipment(shipment_id=made.pk, to=S.SHIPPED, carrier="La Poste", actor=ada, now=noon)
    addressed(collaboration, ada, noon)
    with pytest.raises(CarrierMissing):
        move_shipment(shipment_id=made.pk, to=S.SHIPPED, actor=ada, now=noon)
    sent = move_shipment(
        shipment_id=made.pk, to=S.SHIPPED, carrier="La Poste", tracking_number="6A1", actor=ada, now=noon
    )
    assert (sent.state, sent.carrier, sent.tracking_number, sent.shipped_at) == ("shipped", "La Poste", "6A1", noon)
    assert stock(compost) == (9, 0)
    corrected = label_shipment(shipment_id=made.pk, carrier="DHL", tracking_number="7B", actor=ada, now=noon)
    assert corrected.carrier == "DHL"
    assert "6A1" not in str(list(Entry.objects.values_list("facts", flat=True)))


def test_a_sent_parcel_counts_as_a_gift_of_its_value(parcel, ada, noon):
    move_shipment(shipment_id=parcel.pk, to=S.SHIPPED, carrier="La Poste", actor=ada, now=noon)
    gift = Consideration.objects.get()
    assert (gift.kind, gift.text, gift.amount, gift.euros) == ("gift", "2 × Compost", Decimal(160), Decimal(160))
    move_shipment(shipment_id=parcel.pk, to=S.RETURNED, actor=ada, now=noon + timedelta(days=9))
    gift.refresh_from_db()
    assert gift.withdrawn_at == noon + timedelta(days=9)


def test_a_product_of_unknown_value_is_a_gift_whose_value_is_asked_for(parcel, ada, noon):
    Product.objects.update(value=None)
    move_shipment(shipment_id=parcel.pk, to=S.SHIPPED, carrier="La Poste", actor=ada, now=noon)
    assert Consideration.objects.get().amount is None


def test_a_gift_that_was_entered_by_hand_is_not_counted_twice(parcel, collaborations, ada, noon):
    def entered(handle):
        return add_consideration(
            collaboration_id=collaborations[handle].pk, kind=Kind.GIFT, text="x", amount=Decimal(5), actor=ada, now=noon
        )

    mine, another = entered("mona"), entered("noe")
    with pytest.raises(NotFound):
        move_shipment(shipment_id=parcel.pk, to=S.SHIPPED, carrier="DHL", counted_in=another.pk, actor=ada, now=noon)
    move_shipment(shipment_id=parcel.pk, to=S.SHIPPED, carrier="DHL", counted_in=mine.pk, actor=ada, now=noon)
    assert Consideration.objects.count() == 2
    move_shipment(shipment_id=parcel.pk, to=S.RETURNED, actor=ada, now=noon)
    assert not Consideration.objects.exclude(withdrawn_at=None).exists()


def test_a_parcel_that_reaches_the_threshold_waits_for_a_contract(parcel, collaboration, compost, ada, noon):
    """FR-CTR-01: EUR 1,000 before tax a year, gifts included; 160 are in the parcel."""
    add_consideration(
        collaboration_id=collaboration.pk, kind=Kind.MONEY, text="fee", amount=Decimal(840), actor=ada, now=noon
    )
    with pytest.raises(ContractNeededFirst, match=r"1,000\.00 in 2026"):
        move_shipment(shipment_id=parcel.pk, to=S.SHIPPED, carrier="DHL", actor=ada, now=noon)
    parcel.refresh_from_db()
    assert (parcel.state, stock(compost), Consideration.objects.count()) == ("ready", (8, 2), 1)


def test_a_euro_less_needs_none(parcel, collaboration, ada, noon):
    add_consideration(
        collaboration_id=collaboration.pk, kind=Kind.MONEY, text="fee", amount=Decimal("839.99"), actor=ada, now=noon
    )
    assert move_shipment(shipment_id=parcel.pk, to=S.SHIPPED, carrier="DHL", actor=ada, now=noon).state == "shipped"


def test_nothing_is_promised_in_a_campaign_that_rests(collaboration, compost, ada, noon):
    Campaign.objects.update(archived_at=noon)
    with pytest.raises(CampaignAtRest):
        promise_product(collaboration_id=collaboration.pk, product_id=compost.pk, quantity=1, actor=ada, now=noon)


# -- who ---------------------------------------------------------------------------------------------------------------


def test_a_reader_sends_nothing(parcel, compost, rita, noon):
    for act in (
        lambda: move_shipment(shipment_id=parcel.pk, to=S.CANCELLED, actor=rita, now=noon),
        lambda: promise_product(collaboration_id=1, product_id=1, quantity=1, actor=rita, now=noon),
        lambda: add_product(name="a", reference="b", value=None, currency="EUR", stock=0, actor=rita, now=noon),
        lambda: correct_stock(product_id=compost.pk, free=1, seen=8, reason="", actor=rita, now=noon),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_member_of_another_workspace_finds_neither_product_nor_parcel(parcel, compost, dario, noon):
    for act in (
        lambda: move_shipment(shipment_id=parcel.pk, to=S.CANCELLED, actor=dario, now=noon),
        lambda: archive_product(product_id=compost.pk, actor=dario, now=noon),
        lambda: ask_address(collaboration_id=parcel.collaboration_id, actor=dario, now=noon),
        lambda: promise_product(
            collaboration_id=parcel.collaboration_id, product_id=compost.pk, quantity=1, actor=dario, now=noon
        ),
    ):
        with pytest.raises(NotFound):
            act()


# -- races -------------------------------------------------------------------------------------------------------------


def test_the_database_itself_keeps_stock_above_zero(compost):
    with pytest.raises(IntegrityError), transaction.atomic():
        Product.objects.update(free=-1)


def _at_once(acts: list[Any]) -> list[str]:
    """What each of some acts ends with, when all begin together on connections of their own."""
    together, ended = threading.Barrier(len(acts)), []

    def run(act: Any) -> None:
        try:
            together.wait()
            act()
            ended.append("done")
        except Refusal as error:
            ended.append(type(error).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return sorted(ended)


@pytest.mark.django_db(transaction=True)
def test_two_who_promise_the_last_units_at_once_do_not_both_get_them(collaboration, compost, ada, noon):
    def promise() -> None:
        promise_product(collaboration_id=collaboration.pk, product_id=compost.pk, quantity=6, actor=ada, now=noon)

    assert _at_once([promise, promise]) == ["StockShort", "done"]
    assert stock(compost) == (4, 6)


@pytest.mark.django_db(transaction=True)
def test_two_who_send_the_same_parcel_at_once_send_it_once(parcel, compost, ada, noon):
    def send() -> None:
        move_shipment(shipment_id=parcel.pk, to=S.SHIPPED, carrier="DHL", actor=ada, now=noon)

    assert _at_once([send, send]) == ["ShipmentMoveUnlawful", "done"]
    assert stock(compost) == (8, 0) and Consideration.objects.count() == 1


# -- reading -----------------------------------------------------------------------------------------------------------


def test_the_list_costs_the_same_for_any_number(parcel, campaign, django_assert_num_queries):
    with django_assert_num_queries(7):
        lines = seeding_lines(campaign.pk).items
    assert [line.collaboration.handle for line in lines] == ["mona", "noe"]
    assert lines[0].has_address and not lines[1].has_address
