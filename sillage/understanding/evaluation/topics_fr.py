"""Seven topics of French sentences (SIB-200), learnt from French alone and with the same sentences in other languages."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sillage.adapters.embedders import Embedder
from sillage.understanding.engine.heads import HeadSettings, train_head
from sillage.understanding.evaluation.report import Evaluation, Figure, Report, costing, interval
from sillage.understanding.lens import embedder_settings, open_embedder

FRENCH = "fra_Latn"
OTHERS = ("eng_Latn", "spa_Latn", "ita_Latn", "deu_Latn")
SETTINGS = HeadSettings(strength=16.0)  # chosen by cross-validation on train and dev, with the language sets below
GPT4 = "GPT-4 zero-shot 0.824"


@dataclass(frozen=True, slots=True)
class Sentences:
    texts: tuple[str, ...]
    topics: tuple[str, ...]


def read_sentences(folder: Path, languages: Sequence[str], splits: Sequence[str]) -> Sentences:
    """Raises ValueError when a file is missing."""
    rows: list[dict[str, str]] = []
    for language in languages:
        for split in splits:
            file = folder / language / f"{split}.tsv"
            if not file.is_file():
                raise ValueError(f"{file} is missing")
            with file.open(encoding="utf8", newline="") as lines:
                rows += list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    return Sentences(tuple(row["text"] for row in rows), tuple(row["category"] for row in rows))


def said_of(train: Sentences, test: Sentences, embedder: Embedder | None) -> NDArray[np.bool_]:
    """Whether the head is right about each sentence of the test split."""
    labels = sorted(set(train.topics))
    targets = np.array([[topic == label for label in labels] for topic in train.topics])
    vectors = embedder.embed(train.texts) if embedder else None
    head = train_head(train.texts, targets, labels, is_exclusive=True, vectors=vectors, settings=SETTINGS)
    sure = head.probabilities(test.texts, embedder.embed(test.texts) if embedder else None)
    return np.array([labels[at] == topic for at, topic in zip(sure.argmax(axis=1), test.topics, strict=True)])


def run(folder: Path, seed: int) -> Report:
    test = read_sentences(folder, [FRENCH], ["test"])
    french = read_sentences(folder, [FRENCH], ["train", "dev"])
    both = read_sentences(folder, [FRENCH, OTHERS[0]], ["train", "dev"])
    several = read_sentences(folder, [FRENCH, *OTHERS], ["train", "dev"])
    embedder = open_embedder(embedder_settings())
    with costing() as cost:
        systems = {"words, French": said_of(french, test, None)}
        if embedder is not None:
            systems["words + meaning, French"] = said_of(french, test, embedder)
            systems["words + meaning, French + English"] = said_of(both, test, embedder)
            systems["words + meaning, five languages"] = said_of(several, test, embedder)
    return Report(
        name="topics-fr",
        title="Topics of French sentences",
        data="SIB-200 (Adelani et al., 2024), sentences of FLORES: 701 train and 99 dev per language, 204 test in French.",
        licence="Apache-2.0 (labels), CC BY-SA 4.0 (sentences)",
        figures=tuple(_figure(name, right, seed) for name, right in systems.items()),
        remarks=(
            "The default embedder reads English; its vectors of French help all the same, and less than English ones would.",
            "With 204 sentences the interval is about five points wide on either side.",
        ),
        cost=cost,
    )


def _figure(system: str, right: NDArray[np.bool_], seed: int) -> Figure:
    low, high = interval(lambda rows: float(right[rows].mean()), len(right), seed=seed)
    value = float(right.mean())
    return Figure("7 topics, French", "test", len(right), "accuracy", system, value, low, high, "TF-IDF 0.68", GPT4)


EVALUATION = Evaluation("topics-fr", "Seven topics of French sentences, learnt from a few hundred.", run)
