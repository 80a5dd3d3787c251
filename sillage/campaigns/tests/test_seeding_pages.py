"""Pages of parcels, products, codes, links and orders, as members and creators see them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from sillage.campaigns.actions.addresses import ask_address
from sillage.campaigns.actions.shipments import promise_product
from sillage.campaigns.models import Conversion, Product, PromoCode, Shipment, ShippingAddress, ShopFeed, TrackedLink
from sillage.campaigns.tests.parcels import HOME
from sillage.front import errors
from sillage.governance.actions import open_link
from sillage.governance.engine.links import Purpose
from sillage.lib.sentences import Language

pytestmark = pytest.mark.usefixtures("english")
PAGE = "/w/harbour"


def words(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_a_first_product_is_added_on_its_page(signed_in, ada):
    client = signed_in(ada)
    assert "No product yet" in words(client.get(f"{PAGE}/products/"))
    given = {"name": "Compost", "reference": "TV-1", "value": "79,90", "currency": "EUR", "stock": "3"}
    assert client.post(f"{PAGE}/products/add/", given).status_code == 302
    assert "79.90 EUR" in words(client.get(f"{PAGE}/products/"))
    assert client.post(f"{PAGE}/products/add/", given | {"stock": "x"}).status_code == 422


def test_stock_is_corrected_and_a_product_put_away(signed_in, ada, compost):
    client = signed_in(ada)
    path = f"{PAGE}/products/{compost.pk}"
    client.post(f"{path}/stock/", {"free": "4", "seen": "10", "reason": "counted"})
    assert Product.objects.get().free == 4
    assert client.post(f"{path}/stock/", {"free": "4", "seen": "10"}).status_code == 409
    client.post(f"{path}/archive/")
    assert "No product yet" in words(client.get(f"{PAGE}/products/"))


def test_a_parcel_goes_from_promise_to_delivery_through_its_pages(signed_in, client, ada, collaboration, compost):
    member = signed_in(ada)
    own = f"{PAGE}/collaborations/{collaboration.pk}"
    member.post(f"{own}/promise/", {"product": compost.pk, "quantity": "2", "choice": "20 l"})
    assert "2 × Compost" in words(member.get(f"{own}/"))
    asked = member.post(f"{own}/address/")
    address = re.search(r"/l/[\w-]+/address/", asked.content.decode())[0]
    assert "Where shall we send it?" in words(client.get(address))
    assert client.post(address, HOME).status_code == 200
    parcel = Shipment.objects.get()
    assert parcel.state == "ready"
    shown = member.post(f"{PAGE}/shipments/{parcel.pk}/address/")
    assert "3 rue des Lilas" in words(shown) and "no-store" in shown["Cache-Control"]
    member.post(
        f"{PAGE}/shipments/{parcel.pk}/move/", {"to": "shipped", "carrier": "La Poste", "tracking_number": "6A"}
    )
    assert "La Poste 6A" in words(member.get(f"{own}/")) and "counted as a gift" in words(member.get(f"{own}/"))
    member.post(f"{PAGE}/shipments/{parcel.pk}/move/", {"to": "delivered"})
    assert "It is deleted on" in words(member.get(f"{own}/"))
    assert member.post(f"{PAGE}/shipments/{parcel.pk}/move/", {"to": "ready"}).status_code == 409
    assert member.post(f"{PAGE}/shipments/{parcel.pk}/move/", {"to": "eaten"}).status_code == 422


def test_an_address_stands_on_no_other_page(signed_in, ada, parcel, campaign, compost):
    client = signed_in(ada)
    for path in (
        f"collaborations/{parcel.collaboration_id}/",
        f"campaigns/{campaign.pk}/seeding/",
        "products/",
        "ledger/",
        f"campaigns/{campaign.pk}/activity/",
    ):
        page = words(client.get(f"{PAGE}/{path}"))
        assert "Lilas" not in page and "75020" not in page, path
    assert client.get(f"{PAGE}/shipments/{parcel.pk}/address/").status_code == 405


@pytest.fixture
def guest_path(collaboration, compost, ada) -> str:
    now = timezone.now()
    promise_product(collaboration_id=collaboration.pk, product_id=compost.pk, quantity=1, actor=ada, now=now)
    return f"/l/{ask_address(collaboration_id=collaboration.pk, actor=ada, now=now)[1]}/address/"


def test_a_creator_is_told_what_becomes_of_the_address_and_takes_it_back(client, guest_path):
    page = client.get(guest_path)
    assert "It is deleted 1 month after the last parcel arrived." in words(page)
    assert page["Referrer-Policy"] == "same-origin" and page["Cache-Control"] == "no-store"
    given = client.post(guest_path, HOME)
    assert "Thank you" in words(given) and "Lilas" not in given.content.decode()
    assert "Lilas" not in client.get(guest_path).content.decode(), "whoever finds the link does not learn it"
    assert "Your address is deleted." in words(client.post(guest_path, {"withdraw": "1"}))
    assert not ShippingAddress.objects.exists()


def test_a_wrong_address_comes_back_to_be_mended(client, guest_path):
    answer = client.post(guest_path, HOME | {"city": ""})
    assert answer.status_code == 422 and "The address has no town." in words(answer)
    assert 'value="3 rue des Lilas"' in answer.content.decode()


def test_a_link_of_another_purpose_opens_no_form(client, collaboration, ada):
    now = timezone.now()
    _, secret = open_link(
        purpose=Purpose.CALENDAR,
        subject_kind="collaboration",
        subject_id=collaboration.pk,
        label="x",
        expires_at=now + timedelta(days=1),
        actor=ada,
        now=now,
    )
    assert client.get(f"/l/{secret}/address/").status_code == 404
    assert client.get("/l/made-up/address/").status_code == 404


def test_codes_and_links_are_made_counted_and_ended(signed_in, ada, campaign, collaborations):
    client = signed_in(ada)
    own = f"{PAGE}/campaigns/{campaign.pk}/seeding"
    client.post(f"{own}/codes/", {"discount": "10%", "starts_on": "2026-06-01", "ends_on": ""})
    client.post(f"{own}/links/", {"target": "https://shop.example.com/"})
    client.post(f"{own}/count/")
    page = words(client.get(f"{own}/"))
    assert "MONA10" in page and "No shop has reported an order yet" in page
    assert client.post(f"{own}/links/", {"target": "https://127.0.0.1/"}).status_code == 422
    assert client.post(f"{own}/codes/", {"discount": "lots"}).status_code == 422
    assert client.post(f"{own}/codes/", {"starts_on": "tomorrow"}).status_code == 422
    client.post(f"{PAGE}/codes/{PromoCode.objects.first().pk}/end/")
    client.post(f"{PAGE}/tracked-links/{TrackedLink.objects.first().pk}/end/")
    assert PromoCode.objects.filter(ended_at=None).count() == TrackedLink.objects.filter(ended_at=None).count() == 1


def _csv(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("orders.csv", text.encode(), "text/csv")


ORDERS = "order_id;ordered_at;amount;currency;code\n1;2026-06-02;49,90;EUR;MONA10\n2;2026-06-02;x;EUR;MONA10\n"


def test_a_file_of_orders_is_tried_then_brought_in(signed_in, ada, campaign, collaborations):
    client = signed_in(ada)
    client.post(f"{PAGE}/campaigns/{campaign.pk}/seeding/codes/", {"discount": "10%"})
    tried = client.post(f"{PAGE}/shop/import/", {"file": _csv(ORDERS), "separator": "semicolon", "dry_run": "1"})
    assert (
        "This would come in" in words(tried) and "orders.csv:3:14" in words(tried) and not Conversion.objects.exists()
    )
    client.post(f"{PAGE}/shop/import/", {"file": _csv(ORDERS), "separator": "semicolon"})
    assert Conversion.objects.count() == 1
    assert "49.90" in words(client.get(f"{PAGE}/campaigns/{campaign.pk}/seeding/"))
    assert client.post(f"{PAGE}/shop/import/", {}).status_code == 422
    refused = client.post(f"{PAGE}/shop/import/", {"file": _csv("order_id,ordered_at,amount,email\n")})
    assert refused.status_code == 422


def test_a_list_of_codes_is_brought_in(signed_in, ada, campaign, collaborations, monkeypatch):
    client = signed_in(ada)
    file = SimpleUploadedFile("codes.csv", b"code,handle\nMONA10,mona\nX,noe\nPOPPY10,poppy\n")
    monkeypatch.setattr(errors, "READERS", Language("[{}]".format, lambda _, said: f"[{said}]", "{:.{}f}".format, str))
    answer = client.post(f"{PAGE}/campaigns/{campaign.pk}/seeding/codes/import/", {"file": file})
    assert "[handle]" in words(answer) and "[“poppy” is nobody of this campaign]" in words(answer)
    assert "codes.csv:3:1" in words(answer) and PromoCode.objects.get().code == "MONA10"


def test_the_shop_s_secret_is_shown_once(signed_in, ada):
    client = signed_in(ada)
    made = client.post(f"{PAGE}/shop/secret/")
    secret = re.search(r"[\w-]{43}", words(made))[0]
    assert "no-store" in made["Cache-Control"]
    assert secret not in client.get(f"{PAGE}/shop/").content.decode()
    assert secret.encode() not in bytes(ShopFeed.objects.get().sealed)
    client.post(f"{PAGE}/shop/secret/end/", {"which": "all"})
    assert ShopFeed.objects.get().sealed is None
    assert client.post(f"{PAGE}/shop/secret/end/", {"which": "old"}).status_code == 409


def test_a_reader_sees_and_changes_nothing(signed_in, rita, campaign, parcel):
    client = signed_in(rita)
    page = words(client.get(f"{PAGE}/campaigns/{campaign.pk}/seeding/"))
    assert "2 × Compost" in page and "Make codes" not in page
    assert "Show the address" not in words(client.get(f"{PAGE}/collaborations/{parcel.collaboration_id}/"))
    for path in (f"shipments/{parcel.pk}/address/", "products/add/", "shop/import/", "shop/secret/"):
        assert client.post(f"{PAGE}/{path}").status_code == 403, path


def test_the_page_costs_the_same_for_any_number(signed_in, ada, campaign, parcel, django_assert_max_num_queries):
    client = signed_in(ada)
    with django_assert_max_num_queries(20):
        assert client.get(f"{PAGE}/campaigns/{campaign.pk}/seeding/").status_code == 200
