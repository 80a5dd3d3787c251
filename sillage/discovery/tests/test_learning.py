"""Weights are learnt from pairs of a pinned and a dismissed account, and measured on pairs that were held back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sillage.discovery.engine import learning
from sillage.discovery.engine.learning import (
    Choice,
    Verdict,
    fitted,
    held_out_order,
    in_order,
    learnt,
    pairs_of,
    turned,
)
from sillage.discovery.engine.score import DEFAULT_WEIGHTS, MEANING, PENALTIES, REASONS, THEMES, WORDS, scored

NOTHING: dict[str, float | None] = dict.fromkeys((*REASONS, *PENALTIES))


def choice(number: int, is_pinned: bool, brief: int = 1, **parts: float | None) -> Choice:
    return Choice(brief, number, is_pinned, {**NOTHING, **parts})


def told_by_words(pinned: int, dismissed: int) -> list[Choice]:
    """Who was pinned says the brief's words; meaning says the opposite, so the present weights are often wrong."""
    random = np.random.default_rng(3)
    return [
        choice(
            i,
            i < pinned,
            themes=float(random.uniform(0.4, 0.6)),
            words=float(random.uniform(0.5, 0.8) if i < pinned else random.uniform(0.2, 0.5)),
            meaning=float(random.uniform(0.1, 0.6) if i < pinned else random.uniform(0.4, 0.9)),
        )
        for i in range(pinned + dismissed)
    ]


def drawn(number: int, is_pinned: bool, seed: int) -> Choice:
    random = np.random.default_rng(seed)
    parts = {name: None if random.random() < 0.2 else float(random.random()) for name in NOTHING}
    return choice(number, is_pinned, **parts)


def test_a_margin_is_the_difference_of_two_scores() -> None:
    parts = [
        {name: float(v) for name, v in zip(NOTHING, np.random.default_rng(s).random(10), strict=True)} for s in (1, 2)
    ]
    pairs = pairs_of([Choice(1, 1, True, parts[0]), Choice(1, 2, False, parts[1])])
    columns = {name: np.array([p[name] for p in parts]) for name in NOTHING}

    above, below = scored(columns, DEFAULT_WEIGHTS).score

    assert learning.margins(pairs, DEFAULT_WEIGHTS) == pytest.approx([above - below])


def test_a_part_that_is_missing_on_either_side_is_left_out_of_the_pair() -> None:
    known = pairs_of([choice(1, True, themes=0.6, words=None), choice(2, False, themes=0.5, words=1.0)])

    assert learning.margins(known, DEFAULT_WEIGHTS) == pytest.approx([10.0])


def test_accounts_of_different_briefs_make_no_pair() -> None:
    assert len(pairs_of([choice(1, True, brief=1, themes=1.0), choice(2, False, brief=2, themes=0.0)])) == 0


def test_the_slopes_that_the_fit_follows_are_those_of_the_margin() -> None:
    pairs = pairs_of([drawn(i, i % 2 == 0, seed=i) for i in range(12)])
    weights = np.array([DEFAULT_WEIGHTS[name] for name in learning.NAMES], dtype=float)
    _, slopes = learning._margins(pairs.gap, weights)
    for at in range(len(weights)):
        step = np.eye(len(weights))[at] * 1e-5
        up, down = (learning._margins(pairs.gap, weights + sign * step)[0] for sign in (1, -1))
        assert slopes[:, at] == pytest.approx((up - down) / 2e-5, abs=1e-5)


def test_weights_move_to_what_tells_pinned_from_dismissed_and_keep_their_scale() -> None:
    proposed = fitted(pairs_of(told_by_words(5, 5)), DEFAULT_WEIGHTS)

    assert proposed[WORDS] > DEFAULT_WEIGHTS[WORDS] and proposed[MEANING] < DEFAULT_WEIGHTS[MEANING]
    told = (THEMES, WORDS, MEANING)
    assert sum(proposed[name] for name in told) == pytest.approx(sum(DEFAULT_WEIGHTS[name] for name in told), abs=1.5)
    assert all(0 <= w <= 100 and w == round(w) for w in proposed.values())


def test_a_weight_that_no_pair_tells_of_stays() -> None:
    proposed = fitted(pairs_of(told_by_words(5, 5)), DEFAULT_WEIGHTS)

    untold = {*REASONS, *PENALTIES} - {THEMES, WORDS, MEANING}
    assert {name: proposed[name] for name in untold} == {name: DEFAULT_WEIGHTS[name] for name in untold}


def test_something_editorial_always_keeps_a_weight() -> None:
    """Even where engagement alone tells, and against everything editorial."""
    present = {**DEFAULT_WEIGHTS, THEMES: 2.0, WORDS: 1.0, MEANING: 1.0}
    told = [
        choice(i, i < 20, themes=float(i >= 20), words=float(i >= 20), meaning=float(i >= 20), engagement=float(i < 20))
        for i in range(40)
    ]

    proposed = fitted(pairs_of(told), present)

    assert proposed[THEMES] >= 1 and proposed[WORDS] == proposed[MEANING] == 0


def test_too_few_decisions_propose_nothing() -> None:
    for choices in (told_by_words(2, 20), told_by_words(20, 2), told_by_words(5, 5), [], told_by_words(0, 9)):
        lesson = learnt(choices, DEFAULT_WEIGHTS)
        assert lesson.verdict is Verdict.TOO_FEW and lesson.weights == DEFAULT_WEIGHTS
        assert lesson.present is lesson.held_out is lesson.gain is None
        assert lesson.choices == len(choices)


def test_decisions_that_teach_are_better_on_pairs_that_were_held_back() -> None:
    lesson = learnt(told_by_words(6, 6), DEFAULT_WEIGHTS)

    assert lesson.verdict is Verdict.BETTER and lesson.pairs == 36
    assert lesson.present and lesson.held_out and lesson.gain
    assert lesson.held_out.value > lesson.present.value
    assert lesson.gain.value == pytest.approx(lesson.held_out.value - lesson.present.value)
    for share in (lesson.present, lesson.held_out):
        assert 0 <= share.low <= share.value <= share.high <= 1


def test_decisions_at_random_are_learnt_by_heart_and_not_proposed() -> None:
    """In the pairs that were learnt from the order is better always; in those held back it is not."""
    refused = 0
    for seed in range(20):
        choices = [drawn(i, i % 2 == 0, seed=1_000 * seed + i) for i in range(12)]
        pairs = pairs_of(choices)
        by_heart = in_order(pairs, fitted(pairs, DEFAULT_WEIGHTS)).mean()
        held_out = held_out_order(choices, pairs, DEFAULT_WEIGHTS).mean()
        assert by_heart > held_out
        lesson = learnt(choices, DEFAULT_WEIGHTS)
        refused += lesson.verdict is Verdict.NO_BETTER and lesson.weights == DEFAULT_WEIGHTS
    assert refused >= 19


def test_weights_that_are_right_already_stay() -> None:
    choices = [choice(i, i < 6, themes=0.9 if i < 6 else 0.1) for i in range(12)]

    lesson = learnt(choices, DEFAULT_WEIGHTS)

    assert lesson.verdict is Verdict.IN_ORDER and lesson.weights == DEFAULT_WEIGHTS


def test_a_pair_that_is_held_back_is_asked_of_weights_that_saw_neither_account(monkeypatch) -> None:
    choices = told_by_words(4, 7)
    seen: list[tuple[set[int], set[int]]] = []

    def noted(pairs, present):
        seen.append((set(pairs.pinned), set(pairs.dismissed)))
        return fitted(pairs, present)

    asked: list[learning.Pairs] = []
    monkeypatch.setattr(learning, "fitted", noted)
    monkeypatch.setattr(learning, "in_order", lambda pairs, weights: asked.append(pairs) or np.ones(len(pairs)))
    order = held_out_order(choices, pairs_of(choices), DEFAULT_WEIGHTS)

    assert order.tolist() == [1.0] * 28 and sum(len(pairs) for pairs in asked) == 28
    for (pinned, dismissed), pairs in zip(seen, asked, strict=True):
        assert pinned.isdisjoint(pairs.pinned) and dismissed.isdisjoint(pairs.dismissed)


def test_the_pairs_that_change_places_are_told_the_largest_change_first() -> None:
    mended = (choice(1, True, words=0.9, meaning=0.1), choice(2, False, words=0.2, meaning=0.9))
    spoiled = (choice(3, True, words=0.3, meaning=0.6), choice(4, False, words=0.5, meaning=0.3))
    kept = replace(mended[0], account_id=5, brief_id=2), choice(6, False, 2, words=0.1, meaning=0.1)
    proposed = {**DEFAULT_WEIGHTS, MEANING: 5.0}

    found = turned([mended[0], mended[1], *kept], DEFAULT_WEIGHTS, proposed)
    assert [(t.pinned.account_id, t.dismissed.account_id, t.is_mended) for t in found] == [(1, 2, True)]
    both = turned([*mended, *(replace(c, brief_id=3) for c in spoiled)], DEFAULT_WEIGHTS, proposed)
    assert [(t.pinned.account_id, t.is_mended) for t in both] == [(1, True), (3, False)]


def test_the_same_decisions_teach_the_same_each_time() -> None:
    assert learnt(told_by_words(6, 6), DEFAULT_WEIGHTS) == learnt(told_by_words(6, 6), DEFAULT_WEIGHTS)
