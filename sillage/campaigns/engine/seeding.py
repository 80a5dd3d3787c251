"""Products sent to creators: where their units are, and the states that a shipment may go through.

Sillage sends no parcel. It remembers what people promised and sent, so that no unit is promised twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sillage.lib.errors import Refusal
from sillage.lib.sentences import Listed, Sentence, Term


class ShipmentState(StrEnum):
    """Where a shipment stands, in the order in which the work is done."""

    TO_CONFIRM = "to_confirm"
    ADDRESS_ASKED = "address_asked"
    READY = "ready"  # there is an address
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    RETURNED = "returned"
    LOST = "lost"
    CANCELLED = "cancelled"


STATE_WORDS: Mapping[ShipmentState, Sentence] = {
    ShipmentState.TO_CONFIRM: Term("shipment", "to confirm"),
    ShipmentState.ADDRESS_ASKED: Term("shipment", "address asked"),
    ShipmentState.READY: Term("shipment", "ready"),
    ShipmentState.SHIPPED: Term("shipment", "shipped"),
    ShipmentState.DELIVERED: Term("shipment", "delivered"),
    ShipmentState.RETURNED: Term("shipment", "returned"),
    ShipmentState.LOST: Term("shipment", "lost"),
    ShipmentState.CANCELLED: Term("shipment", "cancelled"),
}


class Place(StrEnum):
    """Where a product's units are."""

    FREE = "free"
    RESERVED = "reserved"
    AWAY = "away"


_S = ShipmentState
PLACE_OF: dict[ShipmentState, Place] = {
    _S.TO_CONFIRM: Place.RESERVED,
    _S.ADDRESS_ASKED: Place.RESERVED,
    _S.READY: Place.RESERVED,
    _S.SHIPPED: Place.AWAY,
    _S.DELIVERED: Place.AWAY,
    _S.LOST: Place.AWAY,
    _S.RETURNED: Place.FREE,
    _S.CANCELLED: Place.FREE,
}
NEXT: dict[ShipmentState, tuple[ShipmentState, ...]] = {
    _S.TO_CONFIRM: (_S.ADDRESS_ASKED, _S.READY, _S.CANCELLED),
    _S.ADDRESS_ASKED: (_S.READY, _S.CANCELLED),
    _S.READY: (_S.SHIPPED, _S.ADDRESS_ASKED, _S.CANCELLED),
    _S.SHIPPED: (_S.DELIVERED, _S.RETURNED, _S.LOST),
    _S.DELIVERED: (_S.RETURNED,),
    _S.LOST: (_S.DELIVERED, _S.RETURNED),  # parcels turn up again
    _S.RETURNED: (),
    _S.CANCELLED: (),
}
WAITING = (_S.TO_CONFIRM, _S.ADDRESS_ASKED)  # for an address
OPEN = (_S.TO_CONFIRM, _S.ADDRESS_ASKED, _S.READY, _S.SHIPPED)  # an address may still be needed
RECEIVED = (_S.SHIPPED, _S.DELIVERED, _S.LOST)  # what counts as given: a lost parcel is a matter between two people


class StockShort(Refusal):
    """Fewer units are free than are asked for."""


class ShipmentMoveUnlawful(Refusal):
    """A shipment cannot go from where it stands to where it is wanted."""


@dataclass(frozen=True, slots=True)
class Stock:
    """Units of one product: free to promise, and promised but not sent yet."""

    name: str
    free: int
    reserved: int

    def taken(self, quantity: int) -> Stock:
        """Promise some units. Raises StockShort when not so many are free."""
        if quantity > self.free:
            raise StockShort(
                Sentence(
                    "%(free)s of “%(name)s” are free, and %(quantity)s are asked for.",
                    free=self.free,
                    name=self.name,
                    quantity=quantity,
                ),
                Sentence("Promise fewer, cancel a shipment that waits, or correct the stock."),
            )
        return Stock(self.name, self.free - quantity, self.reserved + quantity)

    def moved(self, quantity: int, before: ShipmentState, after: ShipmentState) -> Stock:
        """What a shipment's move makes of the stock. Units that come back are free again."""
        to, left = PLACE_OF[after], PLACE_OF[before]
        free = self.free + quantity * ((to is Place.FREE) - (left is Place.FREE))
        reserved = self.reserved + quantity * ((to is Place.RESERVED) - (left is Place.RESERVED))
        return Stock(self.name, free, reserved)


def refuse_unlawful(before: ShipmentState, after: ShipmentState) -> None:
    """Refuse a move that is not in the table above."""
    if after not in NEXT[before]:
        possible = Listed(STATE_WORDS[state] for state in NEXT[before])
        raise ShipmentMoveUnlawful(
            Sentence(
                "A shipment that is %(before)s cannot become %(after)s.",
                before=STATE_WORDS[before],
                after=STATE_WORDS[after],
            ),
            Sentence("From here it can become: %(possible)s.", possible=possible)
            if possible
            else Sentence("It has ended: nothing comes after this. Plan another shipment."),
        )
