"""Something to send: a product with a stock of ten, and a parcel of it for Mona."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest

from sillage.campaigns.actions.addresses import ask_address, give_address
from sillage.campaigns.actions.products import add_product
from sillage.campaigns.actions.promo_codes import make_codes
from sillage.campaigns.actions.shipments import promise_product
from sillage.campaigns.actions.tracked_links import make_links
from sillage.campaigns.engine.codes import Discount, Validity
from sillage.campaigns.models import Collaboration, Product, Shipment
from sillage.governance.engine.actors import Actor
from sillage.governance.engine.links import Purpose
from sillage.governance.queries import get_link, guest_of

HOME = {"name": "Mona Martin", "line1": "3 rue des Lilas", "postcode": "75020", "city": "Paris", "country": "fr"}


@pytest.fixture
def compost(ada: Actor, noon: datetime) -> Product:
    return add_product(
        name="Compost", reference="TV-1", value=Decimal("80"), currency="EUR", stock=10, actor=ada, now=noon
    )


def addressed(collaboration: Collaboration, actor: Actor, now: datetime) -> None:
    """The creator gives an address by the link that a member opened."""
    link, secret = ask_address(collaboration_id=collaboration.pk, actor=actor, now=now)
    opened = get_link(secret, Purpose.COLLABORATION, now)
    give_address(link_id=link.pk, given=HOME, actor=guest_of(opened), now=now)


@pytest.fixture
def parcel(collaboration: Collaboration, compost: Product, ada: Actor, noon: datetime) -> Shipment:
    """Two of the compost for Mona, ready to be sent."""
    made = promise_product(collaboration_id=collaboration.pk, product_id=compost.pk, quantity=2, actor=ada, now=noon)
    addressed(collaboration, ada, noon)
    made.refresh_from_db()
    return made


def seeding_places(actor: Actor, now: datetime, collaboration_id: int) -> dict[str, int]:
    """For tests that call every endpoint: a product, a parcel that waits, a code and a tracked link of a collaboration."""
    collaboration = Collaboration.objects.get(pk=collaboration_id)
    product = add_product(name="Soil", reference="TV-2", value=None, currency="EUR", stock=7, actor=actor, now=now)
    parcel = promise_product(collaboration_id=collaboration_id, product_id=product.pk, quantity=2, actor=actor, now=now)
    (code,) = make_codes(
        campaign_id=collaboration.campaign_id, discount=Discount(), validity=Validity(), actor=actor, now=now
    )
    (link,) = make_links(
        campaign_id=collaboration.campaign_id, target="https://shop.example.com/", actor=actor, now=now
    )
    return {"product_id": product.pk, "shipment_id": parcel.pk, "code_id": code.pk, "tracked_link_id": link.pk}
