"""The measures of the evaluation, on cases computed by hand, and floors below which a rule has been spoilt."""

from __future__ import annotations

import numpy as np
import pytest

from sillage.studio.evaluation.spelling import (
    _marked,
    _meets,
    _mends,
    _said,
    corpus_gleu,
    gleu,
    gleu_counts,
    parted,
    plain,
)


def test_a_text_that_is_its_reference_scores_a_hundred_and_another_text_nothing() -> None:
    words = ["we", "met", "in", "the", "old", "town"]
    assert gleu(gleu_counts(words, words, words)[0], 6, 6) == pytest.approx(100)
    assert gleu(gleu_counts(words, ["a", "b", "c", "d", "e", "f"], words)[0], 6, 6) == 0


def test_runs_that_should_have_gone_are_taken_off() -> None:
    counts, said, reference = gleu_counts(
        ["he", "go", "home", "now"], ["he", "go", "home", "now"], ["he", "goes", "home", "now"]
    )
    # one word: 3 shared, 1 kept though it should go; two: 1 shared, 2 kept; three: 0 - 2; four: 0 - 1
    assert counts.tolist() == [2, 4, 0, 3, 0, 2, 0, 1] and (said, reference) == (4, 4)


def test_a_short_answer_pays_for_its_brevity() -> None:
    words, short = ["one", "two", "three", "four", "five", "six"], ["one", "two", "three", "four", "five"]
    assert gleu(gleu_counts(words, short, words)[0], 5, 6) == pytest.approx(100 * np.exp(1 - 6 / 5))


def test_every_reference_counts_the_same() -> None:
    words, other = ["we", "met", "in", "the", "old", "town"], ["they", "never", "saw", "each", "other", "again"]
    row = [gleu_counts(words, words, words), gleu_counts(words, words, other)]
    assert corpus_gleu([row], np.array([0])) == pytest.approx(50)


def test_the_corpus_blanks_are_put_back_as_they_were() -> None:
    source = "They do n't know , and it 's ( almost ) late ."
    assert plain(source) == "They don't know, and it's (almost) late."
    assert parted(source, plain(source)) == source.split()


def test_french_errors_are_found_and_right_sentences_are_left_alone() -> None:
    wrong, right = _marked("held_back")
    assert len(wrong) == len(right) == 100
    assert sum(any(_meets(r, row) for r in _said(row.text)) for row in wrong) >= 85
    assert sum(_mends(row) for row in wrong) >= 83
    assert sum(bool(_said(text)) for text in right) <= 3
