"""Thousands of variants: each lawful and within its brief, no two nearly the same, the shown ones unlike each other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from sillage.studio.engine.brief import Fact, Kind, Register, Tone, WritingBrief, holds, writing_brief
from sillage.studio.engine.fragments import SLOTS, inside, library, options_of
from sillage.studio.engine.gallery import Gallery, Marks
from sillage.studio.engine.lawful import judged, packs_of, stopping
from sillage.studio.engine.making import misspelt, put_together, unknown_in, words_said
from sillage.studio.engine.runs import Narrow, family_counts, narrowed, run_kept, run_of
from sillage.studio.engine.variants import SAME, FragmentsMissing, make_variants, runs_of, variant_kinds
from sillage.studio.gallery_words import FAMILIES

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
    assert not made.variants and made.left_out["fact_twice"] == made.possible


def test_slots_that_the_law_leaves_without_fragments_are_named(brief: WritingBrief) -> None:
    made = make_variants(brief, 10, stopping=lambda text: "FR-BAN-01")
    assert not made.variants and not made.left_out
    assert set(made.parts_left_out) == {"law:FR-BAN-01", *(f"slot:{slot}" for slot in SLOTS)}


def test_parts_that_the_law_stops_are_left_out_and_whole_texts_agree(brief: WritingBrief) -> None:
    packs = packs_of(brief)
    made = make_variants(brief, 60, stopping=partial(stopping, brief, packs=packs, on=ON))
    assert len(made.variants) == 60
    assert not any(f.verdict.stops for v in made.variants for f in judged(brief, v.text, packs, ON))
    unlabelled = replace(brief, label="")
    none = make_variants(unlabelled, 60, stopping=partial(stopping, unlabelled, packs=packs, on=ON))
    assert not none.variants  # every part lacks the label, and so does every text


def test_those_shown_are_unlike_each_other_and_go_about_it_differently(brief: WritingBrief) -> None:
    run = run_of(brief, make_variants(brief, 2_000))
    gallery = Gallery(run)
    chosen = gallery.shown()
    assert len(chosen.rows) == len(set(chosen.rows)) == 12
    pairs = [gallery.held.similarities(a)[b] for a, b in combinations(chosen.rows, 2)]
    assert max(pairs) == pytest.approx(chosen.most_alike, abs=1e-3) and chosen.most_alike <= 0.3
    assert len(set(run.families()[list(chosen.rows)])) >= 6


def test_a_run_is_the_same_when_it_is_put_together_from_what_was_kept(brief: WritingBrief) -> None:
    made = make_variants(brief, 300)
    run = run_of(brief, made, np.linspace(0, 1, 300))
    again = run_kept(run.kept_parts(), run.kept_places(), run.kept_fits(), run.frame)
    assert again.texts(range(300)) == [variant.text for variant in made.variants]
    assert again.overall == pytest.approx(run.overall, abs=1e-6) and again.parts == run.parts
    assert list(again.lengths) == [len(variant.text) for variant in made.variants]


def test_the_fit_says_how_length_tone_and_voice_are(brief: WritingBrief) -> None:
    made = make_variants(brief, 200)
    without = run_of(brief, made)
    middle = (brief.shortest + brief.longest) / 2
    for row, variant in enumerate(made.variants[:20]):
        expected = 1 - abs(len(variant.text) - middle) / (brief.longest - brief.shortest)
        assert without.fits[row, 0] == pytest.approx(max(0.0, expected))
    assert np.isnan(without.fits[:, 2]).all()
    assert without.overall == pytest.approx(without.fits[:, :2].mean(axis=1))
    voiced = run_of(brief, made, np.ones(200))
    assert voiced.overall == pytest.approx(0.5 + 0.25 * without.fits[:, :2].sum(axis=1))


def test_a_run_is_narrowed_by_what_its_texts_are_and_say(brief: WritingBrief) -> None:
    run = run_of(brief, make_variants(brief, 500))
    texts, families = run.texts(range(500)), run.families()

    def passing(narrow: Narrow) -> list[int]:
        return [int(row) for row in np.flatnonzero(narrowed(run, narrow))]

    assert len(passing(Narrow())) == 500 == sum(n for _, n in family_counts(run))
    assert passing(Narrow(family="story")) == [row for row in range(500) if families[row] == "story"] != []
    assert passing(Narrow(words="RECHARGE flacon")) == [
        row for row, text in enumerate(texts) if "recharge" in text.lower() and "flacon" in text.lower()
    ]
    assert passing(Narrow(fact=1)) == [row for row, text in enumerate(texts) if "arfum n’est ajouté" in text]
    assert passing(Narrow(shortest=200, longest=250)) == [
        row for row, text in enumerate(texts) if 200 <= len(text) <= 250
    ]
    assert passing(Narrow(only=frozenset({3, 7, 900}), without=frozenset({7}))) == [3]
    playful = passing(Narrow(tone=Tone.PLAYFUL))
    assert 0 < len(playful) < 500
    assert all("playful" in part.tones for row in playful for part in run.parts_of(row))


def test_what_a_person_wants_more_of_rises_and_less_of_sinks(brief: WritingBrief) -> None:
    gallery = Gallery(run_of(brief, make_variants(brief, 2_000)))
    run, families = gallery.run, gallery.run.families()
    liked, disliked = (int(np.flatnonzero(families == name)[0]) for name in ("story", "question"))
    before, after = gallery.order(), gallery.order(Marks(more=frozenset({liked}), less=frozenset({disliked})))
    place = {int(row): at for at, row in enumerate(after)}
    kin = {name: [row for row in range(len(run)) if families[row] == name] for name in ("story", "question")}
    was = {int(row): at for at, row in enumerate(before)}
    for name, better in (("story", True), ("question", False)):
        then, now = (np.mean([places[row] for row in kin[name]]) for places in (was, place))
        assert bool(now < then) is better
    shown = gallery.shown(Marks(more=frozenset({liked}), less=frozenset({disliked})))
    assert disliked not in shown.rows and liked in shown.rows and len(shown.rows) == 12
    counted = [list(families[list(rows)]).count("story") for rows in (gallery.shown().rows, shown.rows)]
    assert counted[1] > counted[0]


def test_a_dismissed_variant_is_not_shown_first_again(brief: WritingBrief) -> None:
    gallery = Gallery(run_of(brief, make_variants(brief, 500)))
    first = gallery.shown().rows
    again = gallery.shown(Marks(dismissed=frozenset(first[:3]))).rows
    assert len(again) == 12 and not set(first[:3]) & set(again)


def test_a_kind_that_nobody_wrote_fragments_for_is_refused(brief: WritingBrief) -> None:
    assert Kind.AD in variant_kinds("fr") and Kind.AD in variant_kinds("en")
    for kind in set(Kind) - set(variant_kinds("fr")):
        with pytest.raises(FragmentsMissing) as refused:
            make_variants(replace(brief, kind=kind), 10)
        assert kind.value.replace("_", " ") in refused.value.message and "ad" in refused.value.hint


def test_parts_with_a_slip_are_left_out_and_counted(brief: WritingBrief) -> None:
    made = make_variants(brief, 50, misspelt=lambda text: "simplement" if "simplement" in text else "")
    assert len(made.variants) == 50 and made.parts_left_out["spelling:simplement"] >= 1
    assert not any("simplement" in variant.text for variant in made.variants)


def test_the_fragments_themselves_have_no_slips_and_the_words_of_the_brief_are_a_persons(brief: WritingBrief) -> None:
    odd = replace(
        brief, brand="Zyxwart", idea="Une peau calmme vaut mieux", facts=(Fact("Vrai.", "liste INCY"), Fact("Sûr."))
    )
    batch = put_together(odd, 100, 7, ON)
    assert len(batch.made.variants) == 100
    assert not any(reason.startswith("spelling") for reason in batch.made.parts_left_out)
    (slip,) = unknown_in(odd)
    assert slip.word == "calmme" and "calme" in slip.fixes
    assert misspelt(odd, "Zyxwart le vaut bienn.", words_said(odd)) == "bienn"


def test_only_so_many_places_are_looked_at_however_many_there_are(
    brief: WritingBrief, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sillage.studio.engine.variants.LOOKED_AT", 400)
    facts = tuple(Fact(f"Le fait numéro {n} est vrai.") for n in range(20))
    made = make_variants(replace(brief, facts=facts), 300)
    assert made.possible > 10_000 and len(made.variants) + sum(made.left_out.values()) <= 400


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


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_way_to_begin_has_a_name_in_peoples_words(language: str) -> None:
    for kind in variant_kinds(language):
        families = {fragment.family for fragment in library(language, kind) if fragment.slot == "hook"}
        assert families <= FAMILIES.keys(), kind


@pytest.mark.parametrize(("language", "kind"), [(one, kind) for one in ("fr", "en") for kind in variant_kinds(one)])
def test_thousands_are_made_of_every_kind_that_gives_variants(brief: WritingBrief, language: str, kind: Kind) -> None:
    batch = put_together(replace(brief, language=language, kind=kind, law_packs=()), 2_000, 7, ON)
    assert len(batch.made.variants) == 2_000 and len(batch.shown.rows) == 12 and batch.shown.most_alike <= 0.5
