"""Does affinity find a creator by what they write? The same-creator protocol on public data.

Three questions, each on titles with tags and on titles alone (`videos.py` says how the data is made fair; the second
file, TikTok's, has no categories and so no topics):

- profile: does half of a channel's videos find its other half among the channels with four or more videos?
  Each channel is halved at random 20 times and asked both ways. hit@1, hit@10.
- post: does one video find another of its channel among all videos? hit@1, hit@10.
- topic: of the ten nearest videos of other channels, how many are in the same category? precision@10.

Channels are split by a fixed seed. What there was to choose (centring of dense vectors, one mean per profile, the
fusion's two constants) was chosen on one half; the other half is asked here, all videos being candidates.
Of data on which nothing was ever chosen all channels are asked.
Intervals are 95 % percentile bootstraps over channels; differences are paired.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sillage.adapters.embedders.port import Embedder
from sillage.discovery.engine.affinity import VERSION
from sillage.discovery.evaluation.full_text import FullText, bm25
from sillage.discovery.evaluation.systems import FUSED, Group, Scorer, systems
from sillage.discovery.evaluation.videos import Videos, read_videos

SPLIT_SEED = 20
HALVINGS = 20
RESAMPLES = 2_000
FEWEST_FOR_PROFILE = 4
NEAREST = 10

Outcome = dict[str, tuple[NDArray[np.float64], ...]]
"""Per system, one array per metric with one number per question."""


@dataclass(frozen=True, slots=True)
class AffinityRow:
    """One figure: mean over `n` questions about `channels` channels, and its 95 % interval."""

    task: str
    system: str
    metric: str
    value: float
    low: float
    high: float
    n: int
    channels: int


@dataclass(frozen=True, slots=True)
class AffinityDifference:
    """Fused affinity minus the best other system on one task and metric, paired by channel, 95 % interval."""

    task: str
    metric: str
    other: str
    value: float
    low: float
    high: float

    @property
    def verdict(self) -> str:
        """wins or loses when the interval excludes 0, else ties."""
        if self.low > 0:
            return "wins"
        return "loses" if self.high < 0 else "ties"


@dataclass(frozen=True, slots=True)
class AffinityEvaluation:
    """All figures of one run and what it ran on."""

    rows: tuple[AffinityRow, ...]
    differences: tuple[AffinityDifference, ...]
    videos: int
    channels: int
    embedder: str
    affinity_version: str
    seed: int
    is_fresh: bool


@dataclass(frozen=True, slots=True)
class _Task:
    name: str
    metrics: tuple[str, ...]
    asked: NDArray[np.int64]  # the channel of each question
    outcomes: Outcome


def evaluate_affinity(data: Path, embedder: Embedder, seed: int, *, full_text: FullText = bm25) -> AffinityEvaluation:
    """Run the protocol on what `read_videos` reads. About 20 s. Raises NotFound, Malformed, OutsideError.

    `seed` draws the halves and the bootstrap samples. `full_text` is the baseline that stands beside.
    """
    videos = read_videos(data, seed=seed)
    tasks: list[_Task] = []
    for with_tags in (True, False):
        texts = videos.texts(with_tags=with_tags)
        scorers = systems(texts, embedder, full_text)
        tasks += _tasks(videos, scorers, videos.words[0 if with_tags else 1], seed)
    rng = np.random.default_rng(seed)
    results = [_figures(task, rng) for task in tasks]
    return AffinityEvaluation(
        rows=tuple(row for rows, _ in results for row in rows),
        differences=tuple(difference for _, differences in results for difference in differences),
        videos=len(videos.channels),
        channels=len(set(videos.channels)),
        embedder=f"{embedder.name} {embedder.version}",
        affinity_version=VERSION,
        seed=seed,
        is_fresh=videos.is_fresh,
    )


def held_out(channels: Sequence[str]) -> frozenset[str]:
    """The half of the channels on which nothing was chosen."""
    names = sorted(set(channels))
    order = np.random.default_rng(SPLIT_SEED).permutation(len(names))
    return frozenset(names[place] for place in order[len(names) // 2 :])


def _tasks(videos: Videos, scorers: dict[str, Scorer], kind: str, seed: int) -> list[_Task]:
    names, channel = np.unique(np.array(videos.channels), return_inverse=True)
    asked = np.isin(names, list(names if videos.is_fresh else held_out(videos.channels)))
    single: list[Group] = [np.array([place]) for place in range(len(channel))]
    scores = {name: scorer(single, single) for name, scorer in scorers.items()}
    tasks = [
        _profile_task(f"profile, {kind}", scorers, channel, asked, seed),
        _post_task(f"post, {kind}", scores, channel, asked),
    ]
    if videos.categories is not None:
        tasks.append(_topic_task(f"topic, {kind}", scores, channel, asked, np.array(videos.categories)))
    return tasks


def _profile_task(
    name: str, scorers: dict[str, Scorer], channel: NDArray[np.int64], asked: NDArray[np.bool_], seed: int
) -> _Task:
    count = Counter(channel.tolist())
    large = np.array(sorted(one for one, posts in count.items() if posts >= FEWEST_FOR_PROFILE))
    rng = np.random.default_rng(seed)
    questions = np.flatnonzero(asked[large])
    hits: dict[str, list[NDArray[np.int64]]] = {system: [] for system in scorers}
    for _ in range(HALVINGS):
        shuffled = [rng.permutation(np.flatnonzero(channel == one)) for one in large]
        first = [posts[: len(posts) // 2] for posts in shuffled]
        second = [posts[len(posts) // 2 :] for posts in shuffled]
        for query, found in ((first, second), (second, first)):
            order = rng.permutation(len(large))  # so that ties favour nobody
            for system, scorer in scorers.items():
                scores = scorer([query[place] for place in questions], [found[place] for place in order])
                ranked = order[np.argsort(-scores, axis=1, kind="stable")]
                hits[system].append(np.argmax(ranked == questions[:, None], axis=1))
    outcomes = {
        system: (np.concatenate(ranks) < 1.0, np.concatenate(ranks) < float(NEAREST)) for system, ranks in hits.items()
    }
    return _Task(
        name,
        ("hit@1", "hit@10"),
        np.tile(large[questions], 2 * HALVINGS),
        {system: tuple(part.astype(np.float64) for part in parts) for system, parts in outcomes.items()},
    )


def _post_task(
    name: str, scores: dict[str, NDArray[np.float64]], channel: NDArray[np.int64], asked: NDArray[np.bool_]
) -> _Task:
    several = np.bincount(channel)[channel] >= 2
    questions = np.flatnonzero(asked[channel] & several)
    itself = np.eye(len(channel), dtype=bool)
    outcomes: Outcome = {}
    for system, matrix in scores.items():
        nearest = _nearest(matrix, itself, questions)
        same = channel[nearest] == channel[questions, None]
        outcomes[system] = (same[:, 0].astype(np.float64), same.any(axis=1).astype(np.float64))
    return _Task(name, ("hit@1", "hit@10"), channel[questions], outcomes)


def _topic_task(
    name: str,
    scores: dict[str, NDArray[np.float64]],
    channel: NDArray[np.int64],
    asked: NDArray[np.bool_],
    category: NDArray[np.int64],
) -> _Task:
    questions = np.flatnonzero(asked[channel])
    own = channel[:, None] == channel[None, :]
    outcomes: Outcome = {}
    for system, matrix in scores.items():
        nearest = _nearest(matrix, own, questions)
        outcomes[system] = ((category[nearest] == category[questions, None]).mean(axis=1),)
    return _Task(name, ("precision@10",), channel[questions], outcomes)


def _nearest(
    scores: NDArray[np.float64], excluded: NDArray[np.bool_], questions: NDArray[np.int64]
) -> NDArray[np.int64]:
    allowed = np.where(excluded[questions], -np.inf, scores[questions])
    nearest: NDArray[np.int64] = np.argsort(-allowed, axis=1, kind="stable")[:, :NEAREST]
    return nearest


def _figures(task: _Task, rng: np.random.Generator) -> tuple[list[AffinityRow], list[AffinityDifference]]:
    """The rows and the paired differences of one task; every system sees the same resampled channels."""
    channels, member = np.unique(task.asked, return_inverse=True)
    counts = np.bincount(member).astype(np.float64)
    drawn = rng.multinomial(len(channels), np.full(len(channels), 1 / len(channels)), size=RESAMPLES)
    rows: list[AffinityRow] = []
    differences: list[AffinityDifference] = []
    for place, metric in enumerate(task.metrics):
        values = {system: parts[place] for system, parts in task.outcomes.items()}
        samples = {
            system: (drawn @ np.bincount(member, weights=value)) / (drawn @ counts) for system, value in values.items()
        }
        for system, value in values.items():
            low, high = np.quantile(samples[system], (0.025, 0.975))
            figure = (float(value.mean()), float(low), float(high), len(value), len(channels))
            rows.append(AffinityRow(task.name, system, metric, *figure))
        other = max((system for system in values if system != FUSED), key=lambda one: values[one].mean())
        low, high = np.quantile(samples[FUSED] - samples[other], (0.025, 0.975))
        difference = float(values[FUSED].mean() - values[other].mean())
        differences.append(AffinityDifference(task.name, metric, other, difference, float(low), float(high)))
    return rows, differences
