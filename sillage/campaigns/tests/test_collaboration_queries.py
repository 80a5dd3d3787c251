"""The page of a collaboration asks the database a fixed number of times, however much there is to show."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sillage.campaigns.actions.considerations import add_consideration
from sillage.campaigns.actions.moving import move_collaboration
from sillage.campaigns.actions.notes import set_reminder, write_note
from sillage.campaigns.actions.payments import ask_payment
from sillage.campaigns.actions.shipments import promise_product
from sillage.campaigns.engine.considerations import Kind
from sillage.campaigns.engine.pipeline import Stage
from sillage.campaigns.tests.contract_cast import drafted, sent
from sillage.campaigns.tests.delivering import asked, creator_link
from sillage.campaigns.tests.delivering import drafted as draft_of
from sillage.campaigns.tests.parcels import addressed

MOST = 45


@pytest.fixture
def address(collaboration):
    return reverse("campaigns:collaboration", args=["harbour", collaboration.pk])


def _more(row, product, ada, bruno, now, n):
    """One more of everything that the page shows."""
    given = {"actor": ada, "now": now}
    gift = {"kind": Kind.GIFT, "text": f"Gift {n}", "amount": Decimal(30)}
    add_consideration(collaboration_id=row.pk, **gift, **given)
    draft_of(asked(row, ada, now, name=f"Post {n}", code=f"CODE{n}"), ada, now)
    write_note(collaboration_id=row.pk, text="@Bruno and @Ada, look", actor=bruno, now=now)
    due = {"text": f"Call {n}", "due_on": now.date() + timedelta(days=n)}
    set_reminder(campaign_id=row.campaign_id, collaboration_id=row.pk, **due, **given)
    promise_product(collaboration_id=row.pk, product_id=product.pk, quantity=1, **given)
    paid = {"recipient": f"Studio {n}", "what": "Filming", "net": Decimal(5), "is_beyond_meant": True}
    ask_payment(campaign_id=row.campaign_id, collaboration_id=row.pk, **paid, **given)
    creator_link(row, ada, now)
    for to in (Stage.CONTACTED, Stage.SHORTLISTED):
        row.refresh_from_db()
        move_collaboration(collaboration_id=row.pk, to=to, version=row.version, actor=bruno, now=now)


def test_the_page_needs_as_many_queries_for_four_of_everything_as_for_one(
    signed_in, collaboration, address, compost, ada, bruno, noon, django_assert_max_num_queries
):
    sent(collaboration, ada, noon)
    _more(collaboration, compost, ada, bruno, noon, 0)
    addressed(collaboration, ada, noon)
    client = signed_in(ada)
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for n in range(1, 4):
        _more(collaboration, compost, ada, bruno, noon, n)
        drafted(collaboration, ada, noon, rights_territory=f"France, {n}")
    with django_assert_max_num_queries(min(len(one), MOST)):
        page = client.get(address).content.decode()
    assert page.count("Filming") >= 4 and "Post 3" in page


def test_what_the_page_does_not_show_is_not_asked_for(
    signed_in, collaboration, address, ada, django_assert_max_num_queries
):
    client = signed_in(ada)
    client.get(address)
    with django_assert_max_num_queries(36):
        assert client.get(address).status_code == 200
