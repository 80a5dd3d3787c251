"""Parcels, codes, links and orders over the API and on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile

from sillage.campaigns.models import Conversion, Shipment
from sillage.campaigns.tests.parcels import HOME
from sillage.front.cli import sillage
from sillage.front.tests.program import program_of
from sillage.governance.models import Entry


@pytest.fixture
def program(ada):
    return program_of(ada)


def run(*words: str):
    """A command of Ada's workspace."""
    return CliRunner().invoke(
        sillage, [*words, "--workspace", "harbour", "--as", "ada@example.org"], catch_exceptions=False
    )


def test_a_program_sends_a_parcel_and_no_list_tells_its_address(program, collaboration, client):
    made = program.post("products", {"name": "Compost", "reference": "TV-1", "value": "80", "stock": 5})
    promised = program.post(
        f"collaborations/{collaboration.pk}/shipments", {"product_id": made.json()["id"], "quantity": 2}
    ).json()
    path = program.post(f"collaborations/{collaboration.pk}/address-link").json()["path"]
    assert client.post(path, HOME).status_code == 200
    parcel = f"shipments/{promised['id']}"
    assert program.post(f"{parcel}/address").json()["line1"] == "3 rue des Lilas"
    sent = program.post(f"{parcel}/move", {"to": "shipped", "carrier": "DHL", "tracking_number": "6A"}).json()
    assert sent["state"] == "shipped" and sent["consideration_id"]
    for listed in ("shipments", "products", f"campaigns/{collaboration.campaign_id}/seeding", "ledger"):
        assert "Lilas" not in program.get(listed).content.decode(), listed
    assert [p["free"] for p in program.get("products").json()["items"]] == [3]
    assert program.get("shipments", state="lost").json()["items"] == []


def test_an_address_is_never_kept_to_be_given_again(program, parcel):
    refused = program.post(f"shipments/{parcel.pk}/address", headers={"Idempotency-Key": "k1"})
    assert refused.status_code == 422 and refused.json()["type"] == "urn:sillage:KeyNotTaken"


def test_a_program_makes_codes_and_links_brings_orders_in_and_counts(program, collaboration, collaborations):
    own = f"campaigns/{collaboration.campaign_id}"
    codes = program.post(f"{own}/codes", {"discount": "10%", "collaboration_ids": [collaboration.pk]}).json()["items"]
    assert [c["code"] for c in codes] == ["MONA10"]
    assert program.post(f"{own}/codes", {"collaboration_ids": [987654]}).status_code == 404
    links = program.post(f"{own}/links", {"target": "https://shop.example.com/"}).json()["items"]
    assert len(links) == 2 and links[0]["path"].startswith("/r/")
    file = SimpleUploadedFile(
        "o.csv", b"order_id;ordered_at;amount;code\n1;2026-06-16;50;MONA10\n2;2026-06-16;x;MONA10\n"
    )
    done = program.post("conversions/imports", form={"file": file, "separator": ";", "currency": "EUR"}).json()
    assert (done["new"], done["refused"], done["rejects"][0]["place"]) == (1, 1, "o.csv:3:14")
    assert program.post(f"{own}/sales/count").json()["numbers"] > 0
    line = program.get(f"{own}/seeding").json()["items"][0]
    assert line["numbers"]["revenue"]["value"] == 50 and line["numbers"]["clicks"]["value"] == 0
    assert program.get(f"receipts/{line['numbers']['revenue']['receipt']}/verify").json()["holds"]
    assert program.call("DELETE", f"codes/{codes[0]['id']}").json()["ended_at"]
    assert program.call("DELETE", f"tracked-links/{links[0]['id']}").json()["ended_at"]


@pytest.mark.parametrize("separator", ["", ";;", "\n"])
def test_a_separator_is_one_character(separator, program, campaign):
    file = SimpleUploadedFile("o.csv", b"a\n1\n")
    answer = program.post("conversions/imports", form={"file": file, "separator": separator})
    assert answer.status_code == 422


@pytest.mark.django_db(transaction=True)
def test_a_parcel_goes_by_commands(collaboration, client, ada):
    assert (
        "is product" in run("seeding", "add", "Compost", "--reference", "TV-1", "--value", "80", "--stock", "5").output
    )
    product = json.loads(run("seeding", "products", "--json").output)[0]
    assert product["free"] == 5
    run("seeding", "promise", str(collaboration.pk), str(product["id"]), "--quantity", "2")
    path = run("seeding", "ask", str(collaboration.pk)).output.split()[0]
    assert client.post(path, HOME).status_code == 200
    parcel = str(Shipment.objects.get().pk)
    assert "3 rue des Lilas" in run("seeding", "address", parcel).output
    assert "is sent with DHL" in run("seeding", "ship", parcel, "--carrier", "DHL", "--number", "6A").output
    assert "delivered" in run("seeding", "move", parcel, "delivered").output
    listed = run("seeding", "list", "--campaign", str(collaboration.campaign_id))
    assert "Compost" in listed.output and "Lilas" not in listed.output
    assert "0 addresses" in run("seeding", "forget-addresses").output
    assert Entry.objects.filter(verb="campaigns.address_read").count() == 1


@pytest.mark.django_db(transaction=True)
def test_codes_links_and_orders_by_commands(collaborations, campaign, tmp_path: Path):
    own = str(campaign.pk)
    assert "MONA10" in run("codes", "make", own, "--discount", "10%").output
    assert "/r/" in run("links", "make", own, "--target", "https://shop.example.com/").output
    orders = tmp_path / "orders.csv"
    orders.write_text("Name;Le;amount;Coupon\n1;16/06/2026;50;MONA10\n2;16/06/2026;x;MONA10\n")
    said = ["--column", "order_id=Name", "--column", "ordered_at=Le", "--separator", ";", "--currency", "EUR"]
    said += ["--time", "%d/%m/%Y"]
    tried = run("conversions", "import", str(orders), *said, "--dry-run")
    assert "1 of 2 rows would come in" in tried.output and not Conversion.objects.exists()
    done = run("conversions", "import", str(orders), *said)
    assert "1 of 2 rows came in" in done.output and "orders.csv:3:14" in done.output + done.stderr
    assert json.loads(run("links", "count", own, "--json").output)[0]["revenue"]["value"] == 50
    assert len(run("conversions", "secret").output.strip()) == 43
    codes = tmp_path / "codes.csv"
    codes.write_text("code,handle\nMONA10,mona\n")
    assert "1 were known" in run("codes", "import", own, str(codes)).output
