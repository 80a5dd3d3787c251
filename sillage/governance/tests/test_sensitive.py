"""What sorts people by what they are is refused; what content is about passes. The gold set has the figures."""

from __future__ import annotations

import pytest

from sillage.governance.engine.sensitive import CATEGORIES, LANGUAGES, SortsPeople, refuse_sorting, sorting_in
from sillage.understanding.engine.gold import sensitive_phrases

FLOORS = {"tune": (1.0, 0.0), "test": (1.0, 0.0), "fresh": (0.95, 0.05), "last": (0.5, 0.05)}  # recall, false refusals


def test_the_segment_of_the_test_vector_is_refused():
    """T30."""
    found = sorting_in("probably Muslim creators")
    assert found is not None and (found.words, found.category) == ("muslim", "religion")
    with pytest.raises(SortsPeople, match="muslim") as refused:
        refuse_sorting("running", "probably Muslim creators")
    assert refused.value.hint


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("pregnant women", "health"),
        ("gay creators", "sexuality"),
        ("under 16s", "age"),
        ("15-17 ans", "age"),
        ("créateurs syndiqués", "union"),
        ("Black influencers", "origin"),
        ("right-wing podcasters", "politics"),
        ("#muslim_creators", "religion"),
        ("GAY   Creators", "sexuality"),
    ],
)
def test_each_category_is_recognised_and_named(text, category):
    assert sorting_in(text).category == category


@pytest.mark.parametrize(
    "text",
    [
        "running creators",
        "Ramadan recipes",
        "pride month campaign",
        "black dresses",
        "10 to 15 creators",
        "creators with 10 years of experience",
        "créatrices de plus de 18 ans",
        "une marque de 15 ans",
        "livraison en moins de 15 minutes",
        "1 à 2 vidéos par semaine",
        "18-25 ans",
        "",
        "🌿🌿",
        "حديقة",
    ],
)
def test_content_and_adults_pass(text):
    assert sorting_in(text) is None


def test_minors_may_be_ruled_out_and_nobody_else():
    assert sorting_in("no creators under 18") is None
    assert sorting_in("no Muslim creators") is not None


@pytest.mark.parametrize("half", FLOORS)
def test_the_gold_set_keeps_its_floor(half):
    phrases = [p for p in sensitive_phrases() if p.half == half]
    assert {p.language for p in phrases} == set(LANGUAGES)
    said = {p: sorting_in(p.text) is not None for p in phrases}
    recall = _share([said[p] for p in phrases if p.is_refused])
    false = _share([said[p] for p in phrases if not p.is_refused])
    assert (recall, false) >= (FLOORS[half][0], 0) and false <= FLOORS[half][1], (recall, false)


def _share(said: list[bool]) -> float:
    return sum(said) / len(said)


def test_the_gold_set_is_large_and_every_category_is_used():
    assert len(sensitive_phrases()) >= 120
    found = {f.category for p in sensitive_phrases() if (f := sorting_in(p.text))}
    assert found == set(CATEGORIES)
