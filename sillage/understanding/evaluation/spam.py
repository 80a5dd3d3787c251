"""Spam among comments: one video is left out, the others teach."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sillage.lib.late import feature_extraction, linear_model, pipeline
from sillage.understanding.engine.heads import HeadSettings, TextHead, train_head
from sillage.understanding.engine.intents import SPAM, Intents, signs
from sillage.understanding.engine.repetition import Written, essence, repeats
from sillage.understanding.evaluation.report import Evaluation, Figure, Report, costing, interval

LANGUAGE = "en"
THRESHOLD = 0.5
STRENGTHS, SCALES = (1.0, 4.0, 16.0), (1.0, 2.0)  # tried by inner cross-validation
PLAIN, WORDS, WITH_SIGNS = "TF-IDF words + LR (baseline)", "head: words", "head: words, signs"
RULE = "rules (shipped)"
BINS = 10
LONG = 25  # letters of a text that two authors do not write alike by chance

Floats = NDArray[np.float64]
Answers = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment as the enricher reads it; `repeats` counts within its video."""

    words: str
    language: str
    repeats: int


@dataclass(frozen=True, slots=True)
class Video:
    name: str
    remarks: tuple[Remark, ...]
    is_spam: Answers


def run(folder: Path, seed: int) -> Report:
    """Accuracy over the videos, each asked of a head that did not see it."""
    videos = [_video(path) for path in sorted(folder.glob("Youtube*.csv"))]
    figures: list[Figure] = []
    with costing() as cost:
        chances = {name: np.concatenate([_asked(name, videos, i) for i in range(len(videos))]) for name in _SYSTEMS}
        truth = np.concatenate([video.is_spam for video in videos])
        for system, given in chances.items():
            figures += _figures(system, given, truth, seed)
        figures += _each(chances[WITH_SIGNS], videos, seed)
    names = ", ".join(f"{video.name} ({len(video.remarks)})" for video in videos)
    return Report(
        name="spam",
        title="Spam among comments",
        data=f"YouTube Spam Collection, {len(truth)} English comments of 2013 to 2015 under {len(videos)} videos: {names}.",
        licence="CC BY 4.0 according to UCI; the copy has none",
        figures=tuple(figures),
        remarks=(
            f"The collection has five videos; {len(videos)} are in this copy, so a head learns from"
            f" {len(videos) - 1}, not from four: the published figures and 0.948 are of all five.",
            "The shipped rules were written without these comments and miss much of their self-promotion.",
            "Strength and scale of the signs were chosen by leaving out one video among those that teach. Repetition is"
            " counted inside a video, which needs no labels; signs are links, mentions, repetition, length, capitals, digits"
            " and the weights of the shipped lists.",
            "A head reads a link as one word. Words alone are level with the baseline; the signs are the gain.",
            "Heads are not shipped. Spam of ten years ago is repetitive; newer spam is not measured.",
        ),
        cost=cost,
    )


_SYSTEMS = (RULE, PLAIN, WORDS, WITH_SIGNS)


def _asked(system: str, videos: Sequence[Video], place: int) -> Floats:
    """Probabilities of spam for one video, by a system that was taught by the others."""
    video = videos[place]
    teachers = [v for i, v in enumerate(videos) if i != place]
    if system == RULE:
        found = Intents().findings(video.remarks)
        return np.array([finding.value.get("intents", {}).get(SPAM, 0.0) for finding in found])
    if system == PLAIN:
        return _by_baseline(teachers, video)
    with_signs = system == WITH_SIGNS
    best, chosen = -1.0, HeadSettings()
    for strength, scale in product(STRENGTHS, SCALES if with_signs else SCALES[:1]):
        tried = HeadSettings(strength=strength, meaning=scale)
        score = _inner(teachers, tried, with_signs=with_signs)
        if score > best:
            best, chosen = score, tried
    return _chances(_taught(teachers, chosen, with_signs=with_signs), video)


def _by_baseline(teachers: Sequence[Video], video: Video) -> Floats:
    """TF-IDF over words and pairs of words, with logistic regression: as anybody would begin."""
    model = pipeline.make_pipeline(
        feature_extraction.text.TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True),
        linear_model.LogisticRegression(max_iter=1000),
    )
    model.fit([r.words for v in teachers for r in v.remarks], np.concatenate([v.is_spam for v in teachers]))
    return np.asarray(model.predict_proba([r.words for r in video.remarks])[:, 1], dtype=np.float64)


def _inner(teachers: Sequence[Video], settings: HeadSettings, *, with_signs: bool) -> float:
    """Accuracy over the teaching videos, each asked of a head that the others taught."""
    right = n = 0
    for place, video in enumerate(teachers):
        others = [v for i, v in enumerate(teachers) if i != place]
        answers = _chances(_taught(others, settings, with_signs=with_signs), video) >= THRESHOLD
        right, n = right + int((answers == video.is_spam).sum()), n + len(answers)
    return right / n


def _taught(teachers: Sequence[Video], settings: HeadSettings, *, with_signs: bool) -> TextHead:
    remarks = [remark for video in teachers for remark in video.remarks]
    return train_head(
        [remark.words for remark in remarks],
        np.concatenate([video.is_spam for video in teachers])[:, None],
        (SPAM,),
        is_exclusive=False,
        vectors=signs(remarks) if with_signs else None,
        settings=settings,
    )


def _chances(head: TextHead, video: Video) -> Floats:
    vectors = signs(video.remarks) if head.dense_dims else None
    return head.probabilities([remark.words for remark in video.remarks], vectors)[:, 0]


def _figures(system: str, chances: Floats, truth: Answers, seed: int) -> Iterator[Figure]:
    right = (chances >= THRESHOLD) == truth
    yield _figure("comment spam", system, right, seed)
    if system != RULE:
        error = calibration_error(chances, truth)
        low, high = interval(lambda rows: calibration_error(chances[rows], truth[rows]), len(truth), seed=seed)
        figure = Figure("comment spam", "leave one video out", len(truth), "ECE", system, error)
        yield replace(figure, low=low, high=high)


def _each(chances: Floats, videos: Sequence[Video], seed: int) -> Iterator[Figure]:
    start = 0
    for video in videos:
        end = start + len(video.is_spam)
        right = (chances[start:end] >= THRESHOLD) == video.is_spam
        yield replace(_figure(f"… {video.name}", WITH_SIGNS, right, seed), baseline="", published="")
        start = end


def _figure(task: str, system: str, right: Answers, seed: int) -> Figure:
    low, high = interval(lambda rows: float(right[rows].mean()), len(right), seed=seed)
    return Figure(
        task=task,
        split="leave one video out",
        n=len(right),
        metric="accuracy",
        system=system,
        value=float(right.mean()),
        low=low,
        high=high,
        baseline="TF-IDF + LR, five videos: 0.948",
        published="LinearSVC, 10-fold over five videos: 0.953",
    )


def calibration_error(chances: Floats, truth: Answers) -> float:
    """Expected calibration error of the probability of spam, over BINS bins of equal width."""
    bins = np.clip((chances * BINS).astype(int), 0, BINS - 1)
    gaps = np.abs(np.bincount(bins, chances, BINS) - np.bincount(bins, truth, BINS))
    return float(gaps.sum() / len(truth))


def _video(path: Path) -> Video:
    with path.open(encoding="utf8", newline="") as file:
        rows = list(csv.DictReader(file))
    texts = [row["CONTENT"] for row in rows]
    by_author = repeats([Written(row["CONTENT"], row["author_hash"].encode(), 0) for row in rows])
    essences = [essence(text) for text in texts]
    alike = Counter(e for e in essences if len(e) >= LONG)
    remarks = [Remark(text, LANGUAGE, max(n, alike[e])) for text, n, e in zip(texts, by_author, essences, strict=True)]
    return Video(path.stem.partition("-")[2], tuple(remarks), np.array([row["label"] == "1" for row in rows]))


EVALUATION = Evaluation("spam", "Spam among comments, one video left out at a time (folder youtube-spam-en).", run)
