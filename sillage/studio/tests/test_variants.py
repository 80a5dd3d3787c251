"""Thousands of variants: each lawful and within its brief, no two nearly the same, the shown ones unlike each other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from itertools import combinations
from typing import Any

import pytest

from sillage.studio.engine.brief import Fact, Kind, Register, Tone, WritingBrief, holds, writing_brief
from sillage.studio.engine.fragments import SLOTS, inside, library, options_of
from sillage.studio.engine.gallery import gallery
from sillage.studio.engine.lawful import judged, packs_of, stopping
from sillage.studio.engine.variants import SAME, Held, make_variants, runs_of

ON = date(2026, 6, 15)
GIVEN: dict[str, Any] = {
    "idea": "Une peau calme vaut mieux qu’une peau parfaite",
    "brand": "Aube",
    "product": "le sérum Aube",
    "audience": "celles et ceux qui ont la peau sensible",
    "link": "aube.example/serum",
    "code": "AUBE10",
    "label": "Publicité",
    "hashtags": ["soin"],
    "facts": [
        "La formule compte onze ingrédients.",
        {"text": "Aucun parfum n’est ajouté.", "source": "liste INCI"},
        "Le flacon en verre se recharge en boutique.",
    ],
    "law_packs": ["fr", "eu"],
    "consideration": "own_brand",
    "longest": 450,
}


@pytest.fixture(scope="module")
def brief() -> WritingBrief:
    return writing_brief(GIVEN)


def test_no_two_variants_are_nearly_the_same_by_an_independent_count(brief: WritingBrief) -> None:
    made = make_variants(brief, 400)
    assert len({v.text for v in made.variants}) == 400
    sets = [frozenset().union(*(runs_of(part.text) for part in v.parts)) for v in made.variants]
    assert max(len(a & b) / len(a | b) for a, b in combinations(sets, 2)) < SAME


def test_every_variant_keeps_to_its_brief(brief: WritingBrief) -> None:
    strict = replace(brief, must=("Aube",), never=("bonne nouvelle", "évidence"), shortest=200, longest=330)
    made = make_variants(strict, 1_000)
    assert made.variants
    for variant in made.variants:
        assert 200 <= len(variant.text) <= 330
        assert variant.text.startswith("Publicité · ") and variant.text.endswith(" #soin")
        assert holds(variant.text, "Aube") and not holds(variant.text, "bonne nouvelle")
        facts = [part.fact for part in variant.parts if part.fact is not None]
        assert len(facts) == len(set(facts)) == 2


def test_the_same_seed_gives_the_same_variants_and_another_gives_others(brief: WritingBrief) -> None:
    one, same, other = (make_variants(brief, 50, seed) for seed in (7, 7, 8))
    assert one.variants == same.variants != other.variants


def test_a_brief_that_gives_little_gives_less_than_asked_and_says_why(brief: WritingBrief) -> None:
    bare = replace(brief, brand="", product="", link="", code="", audience="", facts=(Fact("Un seul fait."),))
    made = make_variants(bare, 1_000)
    assert not made.variants and made.left_out["tells a fact twice"] == made.possible


def test_slots_that_the_law_leaves_without_fragments_are_named(brief: WritingBrief) -> None:
    made = make_variants(brief, 10, stopping=lambda text: "FR-BAN-01")
    assert not made.variants and set(made.left_out) == {f"no {slot}" for slot in SLOTS}


def test_parts_that_the_law_stops_are_left_out_and_whole_texts_agree(brief: WritingBrief) -> None:
    packs = packs_of(brief)
    made = make_variants(brief, 60, stopping=partial(stopping, brief, packs=packs, on=ON))
    assert len(made.variants) == 60
    assert not any(f.verdict.stops for v in made.variants for f in judged(brief, v.text, packs, ON))
    unlabelled = replace(brief, label="")
    none = make_variants(unlabelled, 60, stopping=partial(stopping, unlabelled, packs=packs, on=ON))
    assert not none.variants  # every part lacks the label, and so does every text


def test_those_shown_are_unlike_each_other_and_go_about_it_differently(brief: WritingBrief) -> None:
    made = make_variants(brief, 2_000)
    chosen = gallery(brief, made)
    assert len(chosen.rows) == len(set(chosen.rows)) == 12
    held = Held.of(made.options, made.places)
    pairs = [held.similarities(a)[b] for a, b in combinations(chosen.rows, 2)]
    assert max(pairs) == pytest.approx(chosen.most_alike, abs=1e-3) and chosen.most_alike <= 0.4
    assert len({made.variants[row].families[0] for row in chosen.rows}) >= 6


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("register", list(Register))
@pytest.mark.parametrize("tone", [None, *Tone])
def test_every_tone_and_register_has_fragments_for_every_slot(
    brief: WritingBrief, language: str, register: Register, tone: Tone | None
) -> None:
    asked = replace(brief, language=language, register=register, tone=tone)
    for slot in SLOTS:
        assert len(options_of(asked, slot, library(language, Kind.AD))) >= 5, slot


@pytest.mark.parametrize("language", ["fr", "en"])
def test_fragments_have_names_of_their_own_and_holes_that_a_brief_fills(language: str) -> None:
    known = {"idea", "idea_inside", "fact", "fact_inside", "source"} | {"audience", "brand", "product", "link", "code"}
    fragments = library(language, Kind.AD)
    names = [(f.slot, f.id) for f in fragments]
    assert len(names) == len(set(names)) and all(f.needs <= known for f in fragments)


def test_what_a_brief_says_is_never_run_as_a_template(brief: WritingBrief) -> None:
    hostile = replace(brief, idea="{{ 7 * 7 }} {% for x in ().__class__.__mro__ %}", brand="{{ cycler }}")
    made = make_variants(hostile, 20)
    assert made.variants and all("{{ 7 * 7 }}" in v.text or "mro" in v.text or "7 * 7" in v.text for v in made.variants)
    assert not any("49" in v.text for v in made.variants)


@pytest.mark.parametrize(
    ("text", "names", "written"),
    [
        ("La formule change", (), "la formule change."),
        ("Aube change tout !", ("Aube",), "Aube change tout !"),
        ("ONU et climat", (), "ONU et climat."),
        ("12 heures de tenue", (), "12 heures de tenue."),
        ("À Grasse", (), "à Grasse."),
    ],
)
def test_a_sentence_begins_small_after_a_colon_unless_it_begins_with_a_name(
    text: str, names: tuple[str, ...], written: str
) -> None:
    assert inside(text, names) == written
