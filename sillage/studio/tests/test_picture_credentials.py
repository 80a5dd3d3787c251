"""What a picture says of itself: Content Credentials, checked by a reader of another making, and the IPTC's word in XMP."""

from __future__ import annotations

import json
from datetime import timedelta
from io import BytesIO
from xml.dom.minidom import parseString

import cbor2
import pytest
from cryptography.exceptions import InvalidSignature
from PIL import Image

from sillage.adapters.credentials import (
    CertificateRefused,
    Credentials,
    Ingredient,
    certificate_of,
    make_certificate,
    read_credentials,
)
from sillage.studio.engine.digital_source import Source, manifest_of, png_with, svg_with, xmp
from sillage.studio.tests.drawing import content_of, photo, verified

URI = "http://cv.iptc.org/newscodes/digitalsourcetype/"


@pytest.fixture(scope="module")
def certificate():
    from conftest import NOON

    return make_certificate("Maison Terre", NOON)


def told(components=(), has_parent=False):
    return manifest_of(
        Source.DATA_DRIVEN,
        title="Card",
        tool=("Sillage", "0.1.0"),
        template="Card",
        digest="00" * 32,
        components=components,
        has_parent=has_parent,
    )


def signed(certificate, picture=None, **more):
    ingredients = more.pop("ingredients", ())
    return Credentials(certificate).signed(picture or photo(), "image/png", told(**more), ingredients)


def test_a_reader_of_another_making_finds_that_signature_and_hashes_hold(certificate):
    found = verified(signed(certificate))

    assert [action["action"] for action in found["actions"]] == ["c2pa.created", "c2pa.edited"]
    assert found["actions"][0]["digitalSourceType"] == URI + "dataDrivenMedia"
    assert found["leaf"].subject.rfc4514_string() == "CN=Sillage pictures,O=Maison Terre"
    assert found["claim"]["claim_generator_info"]["name"] == "Sillage"


def test_the_reader_notices_one_changed_point(certificate):
    made = bytearray(signed(certificate))
    made[made.index(b"IDAT") + 6] ^= 1

    with pytest.raises(AssertionError):
        verified(bytes(made))


def test_the_reader_notices_a_changed_claim(certificate):
    made = signed(certificate)

    with pytest.raises((AssertionError, InvalidSignature)):
        verified(made.replace(b"c2pa.created", b"c2pa.creatid"))


def test_the_signers_own_reader_objects_to_nothing_but_who_signed(certificate):
    found = read_credentials(signed(certificate), "image/png")

    assert found is not None and found["validation_state"] == "Valid"
    assert [fault["code"] for fault in found["validation_status"]] == ["signingCredential.untrusted"]


def test_credentials_that_a_picture_came_with_stay_in_what_is_made_of_it(certificate):
    first = signed(certificate)
    before = verified(first)["manifests"]

    made = signed(
        certificate, photo("red"), components=["photo"], ingredients=[Ingredient("photo", "P", "image/png", first)]
    )

    found = verified(made)
    assert before.items() <= found["manifests"].items()  # byte by byte
    assert len(found["manifests"]) == 2
    assert [action["action"] for action in found["actions"]] == ["c2pa.created", "c2pa.placed", "c2pa.edited"]
    ingredient = cbor2.loads(content_of(found["assertions"]["c2pa.ingredient.v3"]))
    assert ingredient["relationship"] == "componentOf"
    told_by_library = read_credentials(made, "image/png")
    assert told_by_library is not None and len(told_by_library["manifests"]) == 2


def test_a_template_with_credentials_is_the_parent_of_its_pictures(certificate):
    svg = svg_with('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>', xmp(Source.MODEL, "", "x"))
    parent = Credentials(certificate).signed(svg.encode(), "image/svg+xml", told())

    made = signed(
        certificate, has_parent=True, ingredients=[Ingredient("template", "t.svg", "image/svg+xml", parent, True)]
    )

    found = verified(made)
    assert found["actions"][0]["action"] == "c2pa.opened"
    assert cbor2.loads(content_of(found["assertions"]["c2pa.ingredient.v3"]))["relationship"] == "parentOf"


def test_the_iptc_word_and_the_alt_text_stand_in_the_xmp_of_a_png(certificate):
    made = signed(
        certificate, png_with(photo(), xmp(Source.COMPOSITE_SYNTHETIC, "Une carte <pour> « Léa »", "Sillage 0.1.0"))
    )

    packet = Image.open(BytesIO(made)).text["XML:com.adobe.xmp"]
    said = parseString(packet[packet.index("<x:xmpmeta") : packet.index("<?xpacket end")])
    (source,) = said.getElementsByTagName("Iptc4xmpExt:DigitalSourceType")
    (alt,) = said.getElementsByTagName("rdf:li")
    assert source.firstChild.data == URI + "compositeSynthetic"
    assert alt.firstChild.data == "Une carte <pour> « Léa »"
    verified(made)


def test_without_an_alt_text_the_xmp_says_none():
    assert "AltText" not in xmp(Source.DIGITAL_CREATION, "", "Sillage")


def test_no_value_and_no_member_stands_in_the_credentials(certificate):
    found = json.dumps(read_credentials(signed(certificate), "image/png"))

    assert "Card" in found and "Ada" not in found


def test_a_brands_own_certificate_is_tried_before_it_is_taken(certificate, noon):
    taken = certificate_of(certificate.chain, certificate.key, noon)

    assert taken.name == certificate.name
    verified(signed(taken))


@pytest.mark.parametrize("wrong", ["key of another", "ended", "no pem", "root alone"])
def test_a_certificate_that_cannot_sign_is_refused(certificate, noon, wrong):
    chain, key, now = certificate.chain, certificate.key, noon
    if wrong == "key of another":
        key = make_certificate("Other", noon).key
    if wrong == "ended":
        now = noon + timedelta(days=4_000)
    if wrong == "no pem":
        chain = b"x"
    if wrong == "root alone":
        chain = chain[chain.rindex(b"-----BEGIN") :]

    with pytest.raises(CertificateRefused):
        certificate_of(chain, key, now)
