"""The reason bar is drawn so that the eye can add it up."""

from dataclasses import dataclass

import pytest

from sillage.desk.engine.bars import reason_bar


@dataclass(frozen=True)
class Reason:
    name: str
    label: str
    value: float


THEMES, WORDS, PENALTY = Reason("themes", "Themes", 30), Reason("words", "Words", 20), Reason("not", "Must not", -10)


def test_gains_stand_end_to_end_and_losses_run_back_to_the_score() -> None:
    bar = reason_bar([THEMES, WORDS, PENALTY], full=100)

    assert [(s.start, s.width) for s in bar.gains] == [(0, 30), (30, 20)]
    assert [(s.start, s.width) for s in bar.losses] == [(40, 10)]
    assert bar.score == 40
    assert bar.score_at == 40


def test_without_a_full_value_the_gains_fill_the_bar() -> None:
    bar = reason_bar([THEMES, WORDS])

    assert sum(s.width for s in bar.gains) == pytest.approx(100)


def test_a_full_value_that_is_too_small_grows() -> None:
    assert reason_bar([THEMES, WORDS], full=25).gains[-1].start == pytest.approx(60)


def test_losses_beyond_the_gains_stop_at_the_left_edge() -> None:
    bar = reason_bar([WORDS, Reason("not", "Must not", -50)], full=100)

    assert [(s.start, s.width) for s in bar.losses] == [(0, 20)]
    assert bar.score == -30
    assert bar.score_at == 0


def test_no_reason_is_an_empty_bar_with_score_zero() -> None:
    assert reason_bar([]) == reason_bar([Reason("themes", "Themes", 0)], full=None)


def test_a_reason_keeps_its_colour_wherever_it_stands() -> None:
    assert reason_bar([WORDS, THEMES]).gains[1].tone == reason_bar([THEMES]).gains[0].tone == "tone-1"


def test_a_loss_is_never_in_the_colour_of_a_gain() -> None:
    bar = reason_bar([THEMES, Reason("themes", "Themes", -4)])

    assert bar.losses[0].tone == "tone-less"
