"""The evaluation briefs have known answers in the sample world, few enough to be worth finding."""

from __future__ import annotations

from collections import Counter

import pytest

from sillage.catalogue.sample import World, sample_world
from sillage.catalogue.sample.content import load_interests
from sillage.discovery.evaluation.relevance import (
    EVALUATION_NOW,
    EVALUATION_SEED,
    EvaluationBrief,
    graded_relevance,
    load_briefs,
)


@pytest.fixture(scope="module")
def world() -> World:
    return sample_world(seed=EVALUATION_SEED, now=EVALUATION_NOW)


@pytest.mark.parametrize("brief", load_briefs(), ids=lambda brief: brief.id)
def test_a_brief_has_between_4_and_25_relevant_creators(brief: EvaluationBrief, world: World) -> None:
    grades = graded_relevance(brief, world)

    assert 4 <= len(grades) <= 25
    assert max(grades.values()) == 3
    assert set(grades.values()) <= {1, 2, 3}


def test_there_are_enough_briefs_in_both_languages_both_splits_and_across_languages() -> None:
    briefs = load_briefs()
    languages = Counter(brief.language for brief in briefs)
    splits = Counter(brief.split for brief in briefs)
    crossing = [brief for brief in briefs if brief.crosses_languages]

    assert len(briefs) >= 36
    assert len({brief.id for brief in briefs}) == len(briefs)
    assert min(languages["fr"], languages["en"]) >= 0.4 * len(briefs)
    assert splits == {"tune": len(briefs) // 2, "test": len(briefs) // 2}
    assert len(crossing) >= 10
    assert {brief.language for brief in crossing} == {"fr", "en"}
    assert {brief.split for brief in crossing} == {"tune", "test"}


def test_briefs_are_plain_words_and_name_only_interests_that_exist() -> None:
    known = set(load_interests())
    for brief in load_briefs():
        assert set(brief.rule.any_of) | set(brief.rule.all_of) | set(brief.rule.none_of) <= known
        assert not any("-" in interest and interest in brief.text for interest in known), brief.id


def test_an_excluded_interest_and_a_filter_rule_a_creator_out(world: World) -> None:
    brief = next(brief for brief in load_briefs() if brief.id == "fr-slow-cosmetique")
    grades = graded_relevance(brief, world)

    for key, grade in grades.items():
        assert world.interests[key].get("fast-fashion", 0.0) <= 0.05
        assert world.traits[key].country in ("FR", "BE")
        assert (world.interests[key]["clean-beauty"] >= 0.5) == (grade == 3)


def test_reach_does_not_answer_the_briefs(world: World) -> None:
    """The largest creators are rarely relevant: otherwise ranking by followers would pass for matching."""
    largest = sorted(world.traits, key=lambda key: world.traits[key].followers or 0, reverse=True)[:10]
    shares = [len(set(largest) & set(graded_relevance(brief, world))) / 10 for brief in load_briefs()]

    assert sum(shares) / len(shares) < 0.05
