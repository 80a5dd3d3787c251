"""What acts say is read in the reader's language: their codes have words, and what people wrote stays as it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest
from django.template import Context
from django.utils import translation

from sillage.campaigns.engine.deliverables import publish_act
from sillage.campaigns.engine.invitations import Channel, Letter, act_of_letter, act_of_plan
from sillage.campaigns.engine.payments import pay_act, taxed
from sillage.campaigns.engine.signatures import sign_act
from sillage.desk.templatetags.acts import CHANNELS, MAKERS, act_pieces, act_value, scope_values
from sillage.desk.templatetags.design import actor
from sillage.front.errors import READERS
from sillage.governance.engine.act_changes import Change, lines_of
from sillage.governance.engine.act_words import FIELD_WORDS, field_named
from sillage.governance.engine.acts import Act
from sillage.governance.engine.law import Verdict
from sillage.governance.engine.law_words import VERDICT_WORDS
from sillage.governance.templatetags.approvals import FIELDS, act_field
from sillage.lib.money import Money
from sillage.lib.sentences import speak
from sillage.studio.engine.origins import Origin

LETTER = Letter(4, "mona@example.org", Channel.EMAIL, "fr", "Bonjour", "Un mot.", "Vos données.", "her site")
MONEY = taxed(Money(Decimal(100), "EUR"), Decimal(20))


@pytest.fixture(autouse=True)
def _in_french() -> Iterator[None]:
    with translation.override("fr"):
        speak(READERS)
        yield
        speak(None)


def paid() -> Act:
    return pay_act(
        payment_id=1,
        campaign_id=2,
        recipient="Studio Lux",
        what="Filming",
        taxed=MONEY,
        tax_note="",
        due_on=date(2026, 12, 1),
        beyond="5.00 EUR",
        law=["FR-CTR-01"],
    )


def signed() -> Act:
    hashes = {"pdf_sha256": "a", "text_sha256": "b"}
    return sign_act(contract_id=1, version=1, grants=["x"], creator="Mona", amount=Decimal(5), currency="EUR", **hashes)


FILE = {"name": "a.jpg", "media_type": "image/jpeg", "sha256": "c"}
PUBLISHED = publish_act(1, {"campaign": "c", "deliverable": "d", "version": 1, "files": [FILE]}, "instagram:mona")
ACTS = [paid(), signed(), PUBLISHED, act_of_letter(LETTER), act_of_plan(3, [LETTER])]


@pytest.mark.parametrize("act", ACTS, ids=lambda act: f"{act.verb} {act.subject_kind}")
def test_every_field_of_an_act_has_words_on_pages_and_in_refusals(act: Act) -> None:
    steps = {step for path in lines_of(act) for step in path.split(".") if not step.isdigit()}

    assert steps <= FIELDS.keys()
    assert steps - {"amount"} <= FIELD_WORDS.keys()


def test_a_field_is_named_by_the_words_of_each_step() -> None:
    assert str(field_named("letters.12.address_from")) == "letters › 12 › where the address comes from"
    assert act_field("files.1.name") == "Fichiers › 1 › Nom"


@pytest.mark.parametrize(
    ("field", "value", "french"),
    [
        ("kind", "ad", "publicité"),
        ("network", "tiktok", "TikTok"),
        ("format", "short_video", "Vidéo courte"),
        ("language", "fr", "Français"),
        ("letters.12.channel", "by_hand", "à la main"),
        ("net", "1200.50", "1\N{NARROW NO-BREAK SPACE}200,50"),
        ("vat_rate", "20.00", "20,00\N{NO-BREAK SPACE}%"),
        ("vat_rate", "-", "-"),
        ("beyond_budget", "1,234.50 EUR", "1\N{NARROW NO-BREAK SPACE}234,50 EUR"),
        ("due_on", "2026-12-01", "01/12/2026"),
        ("tax_note", " ", "-"),
        (
            "made_by",
            "template fr_ad 1\nperson",
            "assemblé à partir de modèles de texte (fr_ad 1)\nécrit par une personne",
        ),
        ("law", "none.such", "none.such"),
        ("title", "image", "image"),
        ("text", "no", "no"),
        ("recipients", "instagram:mona", "instagram:mona"),
    ],
)
def test_codes_are_read_as_words_and_what_people_wrote_as_it_is(field: str, value: str, french: str) -> None:
    assert act_value(value, field) == french


def test_a_rule_is_named_by_its_title_and_verdict_with_its_code() -> None:
    alone, judged = act_value("FR-CTR-02", "law"), act_value("warn: FR-CTR-02", "law")

    assert alone.endswith(" (FR-CTR-02)") and len(alone) > len(" (FR-CTR-02)")
    assert judged.endswith(alone) and "FR-CTR-02:" not in judged


def test_what_changed_is_shown_in_the_words_that_the_line_has() -> None:
    pieces = act_pieces(Change("kind", "ad", "reply"))

    assert [(p.kind, p.text) for p in pieces if p.text.strip()] == [("gone", "publicité"), ("new", "réponse")]
    assert scope_values(Context(), "format", ["image", "text"]) == "Image, Texte"


def test_every_code_that_an_act_may_hold_has_words() -> None:
    assert CHANNELS.keys() == {one.value for one in Channel}
    assert MAKERS.keys() == {one.value for one in Origin}
    assert VERDICT_WORDS.keys() == set(Verdict)


def test_a_machine_is_named_in_words_and_a_person_as_they_are_called() -> None:
    with translation.override("en"):
        assert str(actor("rule", "law")["name"]) == "law packs"
        assert actor("person", "law")["name"] == "law"
        assert actor("model", "all-MiniLM-L6-v2", "int8")["name"] == "all-MiniLM-L6-v2"
