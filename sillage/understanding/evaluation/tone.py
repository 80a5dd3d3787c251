"""Tone of tweets in five languages: the shipped word lists, and heads that learn from each language's training split."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sillage.understanding.engine.heads import HeadSettings, train_head
from sillage.understanding.engine.tone import SENTIMENTS, Tone, features
from sillage.understanding.evaluation.report import Evaluation, Figure, Report, costing, interval
from sillage.understanding.lens import embedder_settings, open_embedder

BINS = 10
FOLDERS = {"english": "en", "spanish": "es", "german": "de", "italian": "it", "french": "fr"}
PUBLISHED = {
    "en": "FastText 0.509, XLM-T 0.706",
    "es": "FastText 0.501, XLM-T 0.685",
    "de": "FastText 0.596, XLM-T 0.773",
    "it": "FastText 0.547, XLM-R 0.715",
    "fr": "on the test split, which is not here: FastText 0.548, XLM-R 0.720",
}
BASELINE = {"en": "TF-IDF with MiniLM 0.591", "fr": "TF-IDF 0.600"}
WORDS, WITH_LISTS = "head: words", "head: words, lists"
WITH_MEANING, WITH_ALL = "head: words, MiniLM", "head: words, MiniLM, lists"
WORD_CAP, CHARACTER_CAP = 20_000, 40_000  # of a vocabulary: twice as much costs twice the time
STRENGTHS = {WORDS: (1.0, 4.0), WITH_LISTS: (0.3, 1.0), WITH_MEANING: (0.3, 1.0), WITH_ALL: (0.3, 1.0)}
_MEANING_SCALE, _LISTS_SCALE = 2.0, 0.5

Floats = NDArray[np.float64]
Labels = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Split:
    """Texts of one language, their labels (places in SENTIMENTS), and dense vectors where an embedder is on."""

    texts: list[str]
    labels: Labels
    lists: NDArray[np.float32]
    meaning: NDArray[np.float32] | None

    def vectors(self, system: str) -> NDArray[np.float32] | None:
        """What a system reads beside words."""
        parts = []
        if system in (WITH_MEANING, WITH_ALL) and self.meaning is not None:
            parts.append(self.meaning * np.float32(_MEANING_SCALE))
        if system in (WITH_LISTS, WITH_ALL):
            parts.append(self.lists * np.float32(_LISTS_SCALE))
        return np.hstack(parts).astype(np.float32) if parts else None


@dataclass(frozen=True, slots=True)
class _Post:
    words: str
    language: str


def run(folder: Path, seed: int) -> Report:
    """Macro-F1 and calibration per language. Raises FileNotFoundError when the folder is another."""
    settings = embedder_settings()
    embedder = open_embedder(settings)
    figures: list[Figure] = []
    with costing() as cost:
        for name, language in FOLDERS.items():
            asked = "test" if (folder / name / "test_text.txt").is_file() else "val"
            splits = {
                split: _split(folder / name, split, language, embedder.embed if embedder else None)
                for split in dict.fromkeys(("train", "val", asked))
            }
            figures += _of_language(language, splits, asked, seed)
    return Report(
        name="tone",
        title="Tone",
        data="XLM-T sentiment tweets (UMSAB): 1,839 / 324 / 870 per language; labels negative, neutral, positive.",
        licence="Apache-2.0 for the collection, its sources have terms of their own",
        figures=tuple(figures),
        remarks=(
            "The word lists were written before any of these tweets was read, and were never fitted on them; only how"
            " strongly their calibration is held back was chosen on the validation splits.",
            "French has no test split here: its figures are on the split on which the strength was chosen, so they flatter"
            " the heads. The French tweets are about politics and the environment; the lists find little praise there.",
            "Heads are trained on the language's own training split and not shipped. Their strength was chosen on the"
            " validation split; weights of the three kinds of features were chosen on the English one.",
            "ECE is the expected calibration error over ten bins: 0 is perfect.",
        ),
        cost=cost,
    )


def _of_language(language: str, splits: dict[str, Split], asked: str, seed: int) -> Iterator[Figure]:
    test = splits[asked]
    found = {"word lists (shipped)": _by_lists(test.texts, language)}
    for system, strengths in STRENGTHS.items():
        if system in (WITH_MEANING, WITH_ALL) and test.meaning is None:
            continue
        found[system] = _by_head(system, strengths, splits, test)
    for system, chances in found.items():
        for metric, score in (("macro-F1", macro_f1), ("ECE", calibration_error)):
            yield _figure(language, asked, metric, system, score, chances, test.labels, seed)


def _by_lists(texts: Sequence[str], language: str) -> Floats:
    """Probabilities as the enricher gives them: its confidence for what it says, the rest shared by the others."""
    chances = np.full((len(texts), len(SENTIMENTS)), 1 / len(SENTIMENTS))
    for place, finding in enumerate(Tone().findings([_Post(text, language) for text in texts])):
        if finding.value:
            chances[place] = (1 - finding.confidence) / (len(SENTIMENTS) - 1)
            chances[place, SENTIMENTS.index(finding.value["tone"])] = finding.confidence
    return chances


def _by_head(system: str, strengths: Sequence[float], splits: dict[str, Split], test: Split) -> Floats:
    """The probabilities of the head whose strength does best on the validation split."""
    train, val = splits["train"], splits["val"]
    targets = np.eye(len(SENTIMENTS), dtype=bool)[train.labels]
    best, chosen = -1.0, None
    for strength in strengths:
        head = train_head(
            train.texts,
            targets,
            SENTIMENTS,
            is_exclusive=True,
            vectors=train.vectors(system),
            settings=HeadSettings(strength=strength, word_cap=WORD_CAP, character_cap=CHARACTER_CAP),
        )
        score = macro_f1(head.probabilities(val.texts, val.vectors(system)), val.labels)
        if score > best:
            best, chosen = score, head
    assert chosen is not None
    return chosen.probabilities(test.texts, test.vectors(system))


def _figure(
    language: str,
    split: str,
    metric: str,
    system: str,
    score: Callable[[Floats, Labels], float],
    chances: Floats,
    labels: Labels,
    seed: int,
) -> Figure:
    low, high = interval(lambda rows: score(chances[rows], labels[rows]), len(labels), seed=seed)
    is_f1 = metric == "macro-F1"
    return Figure(
        task=f"tone, {language}",
        split=split,
        n=len(labels),
        metric=metric,
        system=system,
        value=score(chances, labels),
        low=low,
        high=high,
        baseline=BASELINE.get(language, "") if is_f1 else "",
        published=PUBLISHED[language] if is_f1 else "",
    )


def macro_f1(chances: Floats, labels: Labels) -> float:
    """The mean of the classes' F1, the likeliest class being the answer."""
    answers = chances.argmax(axis=1)
    scores = []
    for label in range(chances.shape[1]):
        right = int(((answers == label) & (labels == label)).sum())
        wrong = int(((answers == label) != (labels == label)).sum())
        scores.append(2 * right / (2 * right + wrong) if right + wrong else 0.0)
    return float(np.mean(scores))


def calibration_error(chances: Floats, labels: Labels) -> float:
    """Expected calibration error of the likeliest class, over BINS bins of equal width (Naeini et al., 2015)."""
    sure, right = chances.max(axis=1), chances.argmax(axis=1) == labels
    bins = np.clip((sure * BINS).astype(int), 0, BINS - 1)
    n = np.bincount(bins, minlength=BINS)
    gaps = np.abs(np.bincount(bins, sure, BINS) - np.bincount(bins, right, BINS))
    return float(gaps[n > 0].sum() / len(labels))


def _split(
    folder: Path, name: str, language: str, embed: Callable[[Sequence[str]], NDArray[np.float32]] | None
) -> Split:
    labels = np.array([int(line) for line in (folder / f"{name}_labels.txt").read_text().split()])
    texts = (folder / f"{name}_text.txt").read_text(encoding="utf8").split("\n")[: len(labels)]
    lists = features(texts, [language] * len(texts))
    return Split(texts, labels, lists, embed(texts) if embed else None)


EVALUATION = Evaluation("tone", "Tone of tweets in five languages (folder xlmt-sentiment).", run)
