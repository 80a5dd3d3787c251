"""Agreement between people, chance taken away, as in the published examples."""

from __future__ import annotations

import pytest

from sillage.understanding.engine.agreement import agreement_of, cohen_kappa, krippendorff_alpha


def test_kappa_of_a_textbook_table():
    """Fifty grant proposals, two readers: 20 yes-yes, 5 yes-no, 10 no-yes, 15 no-no gives 0.4."""
    one = ["y"] * 25 + ["n"] * 25
    other = ["y"] * 20 + ["n"] * 5 + ["y"] * 10 + ["n"] * 15
    assert cohen_kappa(one, other) == pytest.approx(0.4)


def test_kappa_says_nothing_where_habit_leaves_nothing_to_chance():
    assert cohen_kappa(["y", "y"], ["y", "y"]) is None
    assert cohen_kappa([], []) is None


def test_alpha_of_krippendorffs_nominal_example():
    """Example B of Krippendorff (2011): two coders, ten units, binary; alpha = 0.095."""
    one = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    other = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    assert krippendorff_alpha(list(zip(one, other, strict=True))) == pytest.approx(0.095, abs=0.001)


def test_what_only_one_person_labelled_tells_nothing():
    yes, no = frozenset({"holds"}), frozenset()
    found = agreement_of([{1: yes}, {1: yes, 2: yes}, {1: no, 2: no}, {1: yes, 2: no}, {1: no, 2: no, 3: no}])
    assert (found.n, found.people, found.same) == (4, 3, 3)
    assert found.alpha is not None and 0 < found.alpha < 1
    assert [(p.people, p.n) for p in found.pairs] == [((1, 2), 4), ((1, 3), 1), ((2, 3), 1)]
    assert agreement_of([{1: yes}]).alpha is None
