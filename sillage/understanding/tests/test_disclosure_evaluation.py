"""The evaluation of disclosure keeps what was tuned on apart from what is measured, and holds no sentence."""

from __future__ import annotations

import csv
import gzip
import re

import numpy as np
import pytest

from sillage.understanding.evaluation.disclosure import Sentence, annotated, quality, sentences_of, tune_videos


def _sentences(n: int) -> list[Sentence]:
    return [Sentence(f"video{i // 3}", f"sentence {i}", is_disclosure=i % 5 == 0) for i in range(n)]


def test_the_videos_of_every_second_positive_are_tuned_on():
    made = _sentences(300)
    tuned = tune_videos(made)
    positive = [s.video for s in made if s.is_disclosure]
    assert set(positive[1::2]) <= tuned
    assert not (set(positive[0::2]) - set(positive[1::2])) & tuned


def test_both_halves_have_videos():
    made = _sentences(300)
    tuned = tune_videos(made)
    assert 0.3 < len(tuned) / len({s.video for s in made}) < 0.8


def test_three_hundred_lines_were_read_again_and_only_their_ids_are_kept():
    labels = annotated()
    assert {half: len(keys) for half, keys in labels.items()} == {"tune": 150, "test": 150}
    assert not set(labels["tune"]) & set(labels["test"])
    assert all(re.fullmatch(r"[\w-]{11}/[0-9a-f]{8}", key) for keys in labels.values() for key in keys)


def test_no_video_was_read_again_in_both_halves():
    videos = {half: {key.split("/")[0] for key in keys} for half, keys in annotated().items()}
    assert not videos["tune"] & videos["test"]


def test_sentences_are_read_with_their_silver_labels(tmp_path):
    with gzip.open(tmp_path / "youtube_sentences.csv.gz", "wt", encoding="utf8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "sentence", "ward_euclidean_cluster", "label"])
        rows.writerow(["abcdefghijk", "These are affiliate links, dear", 385, "affiliate_link"])
        rows.writerow(["abcdefghijk", "Hello", 1, "none"])
    assert [(s.text, s.is_disclosure) for s in sentences_of(tmp_path)] == [
        ("These are affiliate links, dear", True),
        ("Hello", False),
    ]


def test_quality_is_precision_recall_and_f1():
    truth, said = np.array([1, 1, 0, 0], bool), np.array([1, 0, 1, 0], bool)
    assert quality(truth, said) == pytest.approx((0.5, 0.5, 0.5))
    assert np.isnan(quality(truth, np.zeros(4, bool))[0])
