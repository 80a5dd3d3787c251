"""Posts that say the same: tweets that share a link, judged by six people. Baselines, and a fusion learnt on earlier pairs."""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sillage.adapters.embedders import embedder_from
from sillage.lib.late import ensemble, feature_extraction, metrics
from sillage.understanding.engine.originality import jaccard, minhash_of, plain_text, runs_of
from sillage.understanding.evaluation.report import Evaluation, Figure, Report, costing, interval
from sillage.understanding.lens import embedder_settings

FOLDER = "train"
LATEST = 0.2  # of the headlines, in the order in which they first appear
BASELINE = "character TF-IDF of the data's notes: 0.745 (another split)"
PUBLISHED = "multilingual-e5-large: 0.858 (larger, official cut)"

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Headlines and tweets, whether they say the same, and the number of each pair's headline."""

    one: list[str]
    other: list[str]
    same: NDArray[np.bool_]
    headline: NDArray[np.int64]

    def part(self, chosen: NDArray[np.int64]) -> _Pairs:
        one, other = [self.one[i] for i in chosen], [self.other[i] for i in chosen]
        return _Pairs(one, other, self.same[chosen], self.headline[chosen])


def run(folder: Path, seed: int) -> Report:
    pairs = _read(folder / FOLDER)
    first_late = round((pairs.headline.max() + 1) * (1 - LATEST))
    early, late = np.flatnonzero(pairs.headline < first_late), np.flatnonzero(pairs.headline >= first_late)
    learnt, asked = pairs.part(early), pairs.part(late)
    with costing() as cost:
        words = _fitted([*learnt.one, *learnt.other])
        before, now = _features(learnt, words), _features(asked, words)
        fusion = ensemble.HistGradientBoostingClassifier(
            max_iter=300, learning_rate=0.04, max_leaf_nodes=15, min_samples_leaf=60, random_state=seed
        ).fit(np.column_stack(list(before.values())), learnt.same)
        now["fusion (learnt on earlier pairs)"] = fusion.predict_proba(np.column_stack(list(now.values())))[:, 1]
        figures = [_figure(name, now[name], asked, seed) for name in _told(now)]
    return Report(
        name="duplicates",
        title="Posts that say the same",
        data=f"Twitter URL paraphrases: {len(pairs.same)} pairs of the stored training part; asked are the {len(asked.same)}"
        f" of the last {LATEST:.0%} of headlines ({int(asked.same.sum())} the same), no headline on both sides.",
        licence="not stated by its authors; used for measuring only",
        figures=tuple(figures),
        remarks=(
            "The official test part is not stored here, so these pairs are another test than the published figures':"
            " compare systems within this table.",
            "These are paraphrases, a harder question than copies: the product tells copies by character runs and MinHash,"
            " which cannot see a paraphrase, and says “nearly the same” from a similarity of 0.7 on.",
            "The fusion is measured only; the product does not ship what was learnt here.",
            "English tweets of 2016 and 2017, tokenised.",
        ),
        cost=cost,
    )


def _read(folder: Path) -> _Pairs:
    one, other = (
        gzip.decompress((folder / name).read_bytes()).decode("utf8").splitlines() for name in ("a.toks.gz", "b.toks.gz")
    )
    same = np.array([line == "1" for line in (folder / "sim.txt").read_text(encoding="utf8").split()])
    numbers: dict[str, int] = {}
    headline = np.array([numbers.setdefault(text, len(numbers)) for text in one], dtype=np.int64)
    return _Pairs(one, other, same, headline)


def _fitted(texts: Sequence[str]) -> dict[str, feature_extraction.text.TfidfVectorizer]:
    made = {
        "character TF-IDF cosine": feature_extraction.text.TfidfVectorizer(
            analyzer="char_wb", ngram_range=(2, 5), min_df=2, sublinear_tf=True
        ),
        "word TF-IDF cosine": feature_extraction.text.TfidfVectorizer(
            analyzer="word", ngram_range=(1, 2), min_df=2, sublinear_tf=True
        ),
    }
    unique = sorted(set(texts))
    return {name: vectorizer.fit(unique) for name, vectorizer in made.items()}


def _features(pairs: _Pairs, words: dict[str, feature_extraction.text.TfidfVectorizer]) -> dict[str, Floats]:
    """Each system's similarity of every pair, and a few plain facts about it."""
    found: dict[str, Floats] = {}
    for name, vectorizer in words.items():
        a, b = vectorizer.transform(pairs.one), vectorizer.transform(pairs.other)
        found[name] = np.asarray(a.multiply(b).sum(axis=1), dtype=np.float64).ravel()
    found |= _runs(pairs)
    chosen = embedder_settings()
    embedder = embedder_from(chosen) if chosen else None
    if embedder is not None:
        texts = sorted({*pairs.one, *pairs.other})
        place = {text: i for i, text in enumerate(texts)}
        vectors = embedder.embed(texts)
        a, b = (vectors[[place[t] for t in side]] for side in (pairs.one, pairs.other))
        found["MiniLM cosine"] = np.einsum("ij,ij->i", a, b).astype(np.float64)
    return found


def _runs(pairs: _Pairs) -> dict[str, Floats]:
    rows = []
    for one, other in zip(pairs.one, pairs.other, strict=True):
        plain = plain_text(one), plain_text(other)
        a, b = (runs_of(p) for p in plain)
        x, y = (frozenset(p.split()) for p in plain)
        figures = {w for w in x if w.isdigit()}, {w for w in y if w.isdigit()}
        rows.append(
            [
                minhash_of(a).jaccard(minhash_of(b)),
                jaccard(a, b),
                jaccard(x, y),
                len(x & y) / max(1, min(len(x), len(y))),
                min(len(x), len(y)) / max(1, len(x), len(y)),
                len(figures[0] & figures[1]) - len(figures[0] ^ figures[1]),
            ]
        )
    names = ("MinHash Jaccard", "exact Jaccard", "shared words", "contained words", "length ratio", "figures")
    return dict(zip(names, np.array(rows, dtype=np.float64).T, strict=True))


def _told(found: dict[str, Floats]) -> list[str]:
    wanted = ("character TF-IDF cosine", "MinHash Jaccard", "MiniLM cosine", "fusion (learnt on earlier pairs)")
    return [name for name in wanted if name in found]


def _figure(system: str, scores: Floats, asked: _Pairs, seed: int) -> Figure:
    def precision(rows: NDArray[np.int64]) -> float:
        return float(metrics.average_precision_score(asked.same[rows], scores[rows]))

    n = len(asked.same)
    low, high = interval(precision, n, seed=seed, groups=asked.headline)
    value = precision(np.arange(n))
    return Figure("same or not", "latest headlines", n, "AP", system, value, low, high, BASELINE, PUBLISHED)


EVALUATION = Evaluation("duplicates", "Tweets that share a link, judged the same or not (folder train).", run)
