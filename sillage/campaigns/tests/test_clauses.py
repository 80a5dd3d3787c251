"""Contracts are put together from blocks: what the law asks for is there or named, and what people type stays text."""

from __future__ import annotations

import re
import zlib
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib import resources

import pytest

from sillage.adapters.typesetting import pdf, pictures
from sillage.campaigns.engine.clauses import LANGUAGES, NEEDS, clause_book, missing, wanted_elements
from sillage.campaigns.engine.considerations import Kind
from sillage.campaigns.engine.contract_terms import Granting, TermsMalformed, exclusivities_said, terms_said, values_of
from sillage.campaigns.engine.contract_text import (
    changes_between,
    composed,
    day_written,
    parts_as_json,
    parts_of_json,
    text_sha256,
)
from sillage.lib.money import Money

ON = date(2026, 6, 1)
GIVEN = {
    "language": "fr",
    "brand_name": "Terre Vive SAS",
    "brand_address": "3 rue du Potager, 69001 Lyon",
    "brand_email": "bonjour@terre.example",
    "brand_country": "France",
    "creator_name": "Mona Vidal",
    "creator_address": "4 quai des Iris, 44000 Nantes",
    "creator_email": "mona@iris.example",
    "creator_country": "France",
    "missions": ["Deux vidéos courtes", "Une story"],
    "payment_terms": "Virement à trente jours de la facture.",
    "rights_uses": "réseaux sociaux de la marque",
    "rights_territory": "monde",
    "rights_until": "2027-06-30",
}
FACTS = {"campaign": "Printemps", "brand": "Terre Vive", "objective": "Le compost", "account": "mona (instagram)"}
GRANTED = (
    Granting(Kind.MONEY, "Deux vidéos", Money(Decimal(1200), "EUR")),
    Granting(Kind.GIFT, "Composteur", Money(Decimal("149.90"), "EUR")),
)


def values(given=GIVEN, granted=GRANTED):
    return values_of(terms_said(given), granted, FACTS, ON)


def written(given=GIVEN, granted=GRANTED, left_out=()):
    return composed(clause_book(given["language"]), values(given, granted), frozenset(left_out))


def lacking(given=GIVEN, granted=GRANTED, *, has_in_kind=True, is_french=True):
    wanted = wanted_elements(has_in_kind=has_in_kind, is_french=is_french)
    return [m.key for m in missing(wanted, clause_book(given["language"]), values(given, granted), frozenset())]


def words(parts):
    return "\n".join(part.text for part in parts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_languages_have_the_same_blocks_with_the_same_values(language):
    other = clause_book("fr" if language == "en" else "en")
    book = clause_book(language)
    for mine, theirs in zip(book.blocks, other.blocks, strict=True):
        assert (mine.id, mine.holds, mine.is_optional, mine.present, mine.absent) == (
            *(theirs.id, theirs.holds, theirs.is_optional, theirs.present, theirs.absent),
        )
        assert _names(mine) == _names(theirs)
    assert {name for block in book.blocks for name in block.holds} == set(NEEDS)


def _names(block):
    return {name for p in block.paragraphs for name in (p.present, p.each, *re.findall(r"\{(\w+)\}", p.text)) if name}


def test_nothing_is_missing_from_a_full_contract_and_no_value_is_left_open():
    assert lacking() == []
    assert "[…]" not in words(written())
    assert "1\u202f349,90\u00a0EUR" in words(written())


@pytest.mark.parametrize(
    "name",
    [
        *("brand_name", "brand_address", "brand_email", "brand_country", "creator_name", "creator_address"),
        *("creator_email", "creator_country", "missions", "payment_terms", "rights_uses", "rights_territory"),
        "rights_until",
    ],
)
def test_what_the_law_asks_for_is_named_when_it_is_not_filled_in(name):
    assert lacking({k: v for k, v in GIVEN.items() if k != name}) == [name]


def test_no_pay_at_all_and_a_gift_without_a_value_are_named():
    assert "considerations" in lacking(granted=())
    assert lacking(granted=(*GRANTED, Granting(Kind.TRIP, "Voyage à Lyon", None))) == ["in_kind_known"]


def test_another_law_is_named_where_the_audience_is_french_and_accepted_elsewhere():
    belgian = {**GIVEN, "law": "droit belge"}
    assert lacking(belgian) == ["french_law"]
    assert lacking(belgian, is_french=False) == []
    assert "droit belge" in words(written(belgian))


def test_an_optional_block_can_be_left_out_and_a_mandatory_one_cannot():
    blocks = [part.block for part in written(left_out=("confidentiality", "rights"))]
    assert "confidentiality" not in blocks and "rights" in blocks
    assert [part.number for part in written(left_out=("confidentiality",))] == list(range(1, len(blocks) + 1))


def test_a_value_that_looks_like_a_place_for_a_value_stays_text():
    text = words(written({**GIVEN, "creator_name": "{brand_email} {item}"}))
    assert "{brand_email} {item}" in text


def test_a_percentage_says_its_cap_or_that_it_is_an_estimate():
    share = (Decimal("12.5"),)
    capped = Granting(Kind.PERCENTAGE, "Ventes", Money(Decimal(900), "EUR"), *share)
    estimated = Granting(Kind.PERCENTAGE, "Ventes", Money(Decimal(900), "EUR"), *share, True)
    open_ended = Granting(Kind.PERCENTAGE, "Ventes", None, *share)
    for granted, said in (
        (capped, "12,5\u202f% des ventes hors taxes, dans la limite de 900,00\u00a0EUR hors taxes"),
        (estimated, "12,5\u202f% des ventes hors taxes (estimation\u00a0: 900,00\u00a0EUR hors taxes)"),
        (open_ended, "12,5\u202f% des ventes hors taxes"),
    ):
        assert said in words(written(granted=(granted,)))


def test_exclusivity_is_text_for_people_and_data_for_conflicts():
    given = {**GIVEN, "exclusive_brands": "Bio-Sol", "exclusive_categories": "Compost", "exclusive_until": "2026-09-30"}
    terms = terms_said(given)
    assert exclusivities_said(terms, ON) == [
        ("brand", "bio-sol", "Bio-Sol", ON, date(2026, 9, 30)),
        ("category", "compost", "Compost", ON, date(2026, 9, 30)),
    ]
    assert "Du 1er\u00a0juin 2026 au 30\u00a0septembre 2026" in words(written(given))
    assert "exclusivity" not in [part.block for part in written()]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"language": "xx"}, "language"),
        ({"brand_email": "not an address"}, "brand_email"),
        ({"rights_until": "next summer"}, "rights_until"),
        ({"online_days": "-3"}, "online_days"),
        ({"publish_from": "2026-07-01", "publish_until": "2026-06-01"}, "publish_until"),
        ({"exclusive_from": "2026-07-01"}, "exclusive_until"),
        ({"creator_name": "x" * 2001}, "creator_name"),
        ({"missions": ["x"] * 31}, "missions"),
        ({"colour": "blue"}, "colour"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_field(change, place):
    with pytest.raises(TermsMalformed) as refused:
        terms_said({**GIVEN, **change})
    assert refused.value.place == place


def test_a_difference_shows_words_and_articles_that_came_or_went():
    later = {**GIVEN, "rights_territory": "France et Belgique", "exclusive_brands": "Bio-Sol"}
    later["exclusive_until"] = "2026-09-30"
    changes = changes_between(written(), written(later, left_out=("confidentiality",)))
    assert [(c.title, c.kind) for c in changes] == [
        ("Propriété intellectuelle", "changed"),
        ("Exclusivité", "new"),
        ("Confidentialité", "gone"),
    ]
    pieces = changes[0].pieces
    assert [p.text for p in pieces if p.kind == "gone"] == ["monde"]
    assert "".join(p.text for p in pieces if p.kind != "gone") == next(
        p.text for p in written(later) if p.block == "rights"
    )


def test_the_hash_of_a_text_changes_with_one_character_and_survives_keeping():
    parts = parts_as_json(written())
    assert text_sha256("fr", parts_as_json(parts_of_json(parts))) == text_sha256("fr", parts)
    assert text_sha256("fr", parts_as_json(written({**GIVEN, "creator_name": "Mona Vidal."}))) != text_sha256(
        "fr", parts
    )


def test_days_are_written_as_people_write_them():
    assert day_written(date(2026, 6, 1), "fr") == "1er\u00a0juin 2026"
    assert day_written(date(2026, 6, 2), "en") == "2\u00a0June 2026"


# -- pages -----------------------------------------------------------------------------------------------------------

NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)
MARKUP = (
    '#panic("no")',
    '#read("/etc/passwd")',
    '#import "@preview/cetz:0.3.0"',
    "$x^2$ [a] *b* _c_ `d` <e> @f \\ // g /* h */",
    "#set page(width: 1pt)",
    "\u202e reversed \u0007 ﷽ 🌱",
)


def page_data(text):
    return {
        "title": "T",
        "language": "fr",
        "keyword": "sillage-contract:1/1",
        "reference": text,
        "banner": text,
        "watermark": "",
        "foot": text,
        "parts": [{"number": 1, "title": text, "lines": [{"text": text, "is_item": i} for i in (False, True, False)]}],
        "signatures": [{"party": text, "lines": [text]}],
    }


def template():
    return resources.files("sillage.campaigns.clause_blocks").joinpath("contract.typ").read_bytes()


@pytest.mark.parametrize("text", MARKUP)
def test_what_people_type_is_never_read_as_markup(text):
    assert pdf(template(), page_data(text), NOON).startswith(b"%PDF-")
    plain = len(pictures(template(), page_data("word " * 6), NOON))
    assert len(pictures(template(), page_data(text), NOON)) == plain == 1


def test_markup_characters_reach_the_page_as_they_were_typed():
    """A PDF says which characters its glyphs stand for."""
    typed, plain = (_streams(pdf(template(), page_data(t), NOON)) for t in ("#strong[mm]", "strong mm"))
    for code in (b"<0023>", b"<005B>", b"<005D>"):  # # [ ]
        assert code in typed.upper() and code not in plain.upper()


def _streams(content: bytes) -> bytes:
    found = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.S)
    out = b""
    for stream in found:
        try:
            out += zlib.decompress(stream)
        except zlib.error:
            continue
    return out


def test_the_same_words_make_the_same_bytes():
    assert pdf(template(), page_data("a"), NOON) == pdf(template(), page_data("a"), NOON)
