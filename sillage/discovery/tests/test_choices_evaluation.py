"""Simulated persons decide by the world's truth, and only accounts that they did not decide on are ranked afterwards."""

from __future__ import annotations

import numpy as np
import pytest

from sillage.discovery.engine.learning import NAMES
from sillage.discovery.engine.score import DEFAULT_WEIGHTS
from sillage.discovery.evaluation.choices import PERSONS, Asked, _row, _taught, as_markdown
from sillage.discovery.evaluation.relevance import load_briefs
from sillage.discovery.queries.pool import Pool

N = 40


@pytest.fixture
def asked() -> Asked:
    """Words tell who is relevant, meaning says the opposite: under the present weights good and bad are mixed."""
    random = np.random.default_rng(5)
    relevant = np.arange(N) % 2 == 0
    parts = {name: np.full(N, np.nan) for name in NAMES}
    parts["words"] = np.where(relevant, random.uniform(0.5, 0.8, N), random.uniform(0.2, 0.5, N))
    parts["meaning"] = np.where(relevant, random.uniform(0.1, 0.6, N), random.uniform(0.4, 0.9, N))
    pool = Pool(list(range(N)), parts, [], np.zeros((N, 1), dtype=np.float32), N, {})
    creators = [f"creator{i}" for i in range(N)]
    return Asked(0, load_briefs()[0], pool, creators, {creators[i]: 3 for i in np.flatnonzero(relevant)})


@pytest.mark.parametrize("how", PERSONS)
def test_a_person_decides_about_so_many_of_the_first_twenty(asked: Asked, how: str) -> None:
    for places in PERSONS[how](asked, 10):
        assert len(set(places)) == 10 and set(places) <= set(asked.ranked(DEFAULT_WEIGHTS)[:20])


def test_a_person_pins_who_is_relevant_and_passes_on_no_missing_part_as_zero(asked: Asked) -> None:
    for choice in asked.chosen(range(N)):
        assert choice.is_pinned == (choice.account_id % 2 == 0)
        assert choice.parts["themes"] is None and choice.parts["words"] is not None


def test_those_who_were_decided_on_count_no_more(asked: Asked) -> None:
    relevant = frozenset(asked.grades)
    assert asked.quality(DEFAULT_WEIGHTS, frozenset()) < 1
    assert asked.quality(DEFAULT_WEIGHTS, frozenset(asked.creators) - relevant) == pytest.approx(1)
    assert _taught(asked, [[i for i in range(N) if asked.creators[i] in relevant]]) == []


def test_what_decisions_teach_is_measured_on_the_others(asked: Asked) -> None:
    (twenty,) = _taught(asked, PERSONS["from the top down"](asked, 20))
    (five,) = _taught(asked, PERSONS["from the top down"](asked, 5))

    assert twenty.is_offered and twenty.after > twenty.before
    assert not five.is_offered and five.after == five.before


def test_the_table_tells_gain_and_share_and_a_dash_where_nothing_was_proposed(asked: Asked) -> None:
    rows = [_row("tune", "from the top down", decisions, [asked]) for decisions in (5, 20)]

    lines = as_markdown(rows).splitlines()

    assert lines[2].startswith("| tune | from the top down | 5 | 1 | 0% |") and lines[2].endswith("| - |")
    assert "| 20 | 1 | 100% |" in lines[3] and "| +0." in lines[3]
