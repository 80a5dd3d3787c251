"""Learning from labelled texts: which enrichers learn, training a candidate, and measuring it beside what reads today.

A candidate is measured on texts that it had not seen: corrections by heads trained on other accounts (grouped
cross-validation), a held-back fifth of a given file, and the gold set. What reads today is asked the same texts, but for
corrections that it was itself trained on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sillage.lib.late import model_selection
from sillage.lib.sentences import Sentence
from sillage.understanding.engine.chain import Themes
from sillage.understanding.engine.corrections import TAG_PREFIX, allowed_of, labels_in
from sillage.understanding.engine.heads import HeadSettings, TextHead, train_head
from sillage.understanding.engine.intents import Intents, signs
from sillage.understanding.engine.port import Enricher, PostText
from sillage.understanding.engine.tagging import TagExamples, Tagging, TagHead, train_tags
from sillage.understanding.engine.theme_head import ThemeExamples, ThemeHead, train_theme_head
from sillage.understanding.engine.tone import Tone, features

LEARNERS = ("tone", "intent", "themes")  # and every tag
FOLDS = 5
FEWEST_MEASURED = 8  # texts, below which a figure says nothing
FEWEST_TEXTS, FEWEST_OF_LABEL = 20, 3
RESAMPLES = 300
HELD_BACK = 5  # one in so many lines of a file

Vectors = NDArray[np.float32]
Labels = frozenset[str]
Head = TextHead | ThemeHead | TagHead


@dataclass(frozen=True, eq=False)
class Labelled:
    """Labelled texts. `groups` are accounts; `vectors` float32 (texts, dimensions), where the enricher reads them."""

    texts: Sequence[str]
    languages: Sequence[str | None]
    labels: Sequence[Labels]
    groups: Sequence[int]
    vectors: Vectors | None = None

    def part(self, rows: Sequence[int] | NDArray[np.int64]) -> Labelled:
        return Labelled(
            [self.texts[i] for i in rows],
            [self.languages[i] for i in rows],
            [self.labels[i] for i in rows],
            [self.groups[i] for i in rows],
            None if self.vectors is None else self.vectors[np.asarray(rows, dtype=np.int64)],
        )

    def with_more(self, other: Labelled) -> Labelled:
        both = self.vectors is not None and other.vectors is not None
        return Labelled(
            [*self.texts, *other.texts],
            [*self.languages, *other.languages],
            [*self.labels, *other.labels],
            [*self.groups, *other.groups],
            np.vstack([self.vectors, other.vectors]) if both else None,  # type: ignore[list-item]
        )

    def __len__(self) -> int:
        return len(self.texts)


@dataclass(frozen=True, eq=False)
class Learner:
    """One enricher as it learns. `name_vectors` (1, dimensions) is what a tag's name and description mean."""

    enricher: str
    embedder: str = ""
    name_vectors: Vectors | None = None

    @property
    def reads_meaning(self) -> bool:
        return self.enricher == Themes.name or self.enricher.startswith(TAG_PREFIX)

    @property
    def metric(self) -> str:
        if self.enricher.startswith(TAG_PREFIX):
            return "F1"
        return "micro-F1" if self.enricher == Themes.name else "macro-F1"

    def train(self, labelled: Labelled) -> Head:
        """Raises ValueError when there is too little to learn from."""
        match self.enricher:
            case "themes":
                given = (labelled.texts, labelled.languages, labelled.labels, labelled.groups, labelled.vectors)
                return train_theme_head(ThemeExamples(*given), embedder=self.embedder)
            case "tone":
                return _text_head(labelled, features(labelled.texts, labelled.languages), is_exclusive=True)
            case "intent":
                return _text_head(labelled, signs(as_posts(labelled)), is_exclusive=False)
        truth = np.array([[bool(labels)] for labels in labelled.labels], dtype=bool).reshape(-1, 1)
        names = self.name_vectors if labelled.vectors is not None else None
        examples = TagExamples(labelled.texts, truth, ("holds",), labelled.vectors, names)
        return train_tags(examples, embedder=self.embedder)

    def enricher_with(self, head: Head | None) -> Enricher:
        """The enricher as it reads with a head; with none, as it ships."""
        match self.enricher, head:
            case "themes", ThemeHead() | None:
                return Themes(head)
            case "tone", TextHead() | None:
                return Tone(head)
            case "intent", TextHead() | None:
                return Intents(head)
            case _, TagHead() | None:
                return Tagging(self.enricher, head)
        raise ValueError(f"this is no head of “{self.enricher}”")

    def head_from(self, body: bytes) -> Head:
        """Raises ValueError when the bytes are of another format."""
        if self.enricher == Themes.name:
            return ThemeHead.from_bytes(body)
        return TagHead.from_bytes(body) if self.enricher.startswith(TAG_PREFIX) else TextHead.from_bytes(body)

    def said(self, head: Head | None, labelled: Labelled) -> list[Labels]:
        """The labels that the enricher gives with this head."""
        return [labels for labels, _ in self.said_with_confidence(head, as_posts(labelled))]

    def said_with_confidence(self, head: Head | None, posts: Sequence[PostText]) -> list[tuple[Labels, float]]:
        allowed = allowed_of(self.enricher)
        assert allowed is not None
        found = self.enricher_with(head).findings(posts)
        return [(labels_in(allowed, finding.value), finding.confidence) for finding in found]

    def unseen(self, labelled: Labelled) -> list[Labels | None]:
        """What heads that had not seen a text's account say of it; None where too little was left to learn from.

        Texts of one account alone are parted without regard to accounts.
        """
        found: list[Labels | None] = [None] * len(labelled)
        if len(labelled) < FEWEST_MEASURED:
            return found
        groups = np.asarray(labelled.groups)
        parts = min(FOLDS, len(set(labelled.groups)))
        rows = np.zeros(len(labelled))
        if parts > 1:
            folds = list(model_selection.GroupKFold(parts).split(rows, groups=groups))
        else:
            folds = list(model_selection.KFold(min(FOLDS, len(labelled)), shuffle=True, random_state=7).split(rows))
        for fit, held in folds:
            try:
                head = self.train(labelled.part(fit))
            except ValueError:
                continue
            for place, labels in zip(held, self.said(head, labelled.part(held)), strict=True):
                found[int(place)] = labels
        return found


def words_of(enricher: str, body: bytes) -> frozenset[str]:
    """The words and pairs of words that a head's bytes hold."""
    head = Learner(enricher).head_from(body)
    known = head.head if isinstance(head, ThemeHead) else head
    return frozenset(known.lexical.words) if known is not None else frozenset()


def is_learner(enricher: str) -> bool:
    return enricher in LEARNERS or enricher.startswith(TAG_PREFIX)


def as_posts(labelled: Labelled) -> list[PostText]:
    return [
        PostText(
            account_id=0,
            post_id=place,
            content_hash=0,
            title="",
            text=text,
            language=labelled.languages[place],
            vector=None if labelled.vectors is None else labelled.vectors[place],
        )
        for place, text in enumerate(labelled.texts)
    ]


def _text_head(labelled: Labelled, beside: Vectors, *, is_exclusive: bool) -> TextHead:
    """Over the labels with enough examples; those of other labels only are left out where one must hold.

    `beside` are the rule's own weighings, from which few examples profit most.
    """
    n = len(labelled)
    held = {label: sum(label in given for given in labelled.labels) for given in labelled.labels for label in given}
    labels = sorted(k for k, v in held.items() if v >= FEWEST_OF_LABEL and (is_exclusive or n - v >= FEWEST_OF_LABEL))
    if n < FEWEST_TEXTS or len(labels) < (2 if is_exclusive else 1):
        raise ValueError(
            Sentence(
                "%(texts)s texts are needed, and %(each)s for and against a label",
                texts=FEWEST_TEXTS,
                each=FEWEST_OF_LABEL,
            )
        )
    kept = [i for i in range(n) if not is_exclusive or len(labelled.labels[i] & set(labels)) == 1]
    targets = np.array([[label in labelled.labels[i] for label in labels] for i in kept], dtype=bool)
    settings = HeadSettings(word_cap=20_000, character_cap=40_000)
    texts, seen = [labelled.texts[i] for i in kept], beside[kept]
    return train_head(texts, targets, labels, is_exclusive=is_exclusive, vectors=seen, settings=settings)


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure of the candidate, with its 95 % interval (bootstrap over texts), beside what reads today.

    `on` is corrections, file or gold; `language` is "" for all. `current_n` texts were new to both, and `candidate_there`
    is the candidate's figure on those; None where they are too few.
    """

    on: str
    language: str
    n: int
    metric: str
    candidate: float
    low: float
    high: float
    current: float | None
    current_n: int
    candidate_there: float | None

    @property
    def difference(self) -> float | None:
        if self.current is None or self.candidate_there is None:
            return None
        return self.candidate_there - self.current

    def as_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


def measured(
    on: str,
    learner: Learner,
    labelled: Labelled,
    candidate: Sequence[Labels | None],
    current: Sequence[Labels | None],
) -> list[Measured]:
    """Figures over all texts and per language, where there are enough. None says: not to be asked of this text."""
    languages = sorted({language for language in labelled.languages if language})
    found = []
    for language in ("", *(languages if len(languages) > 1 else ())):
        rows = [
            i
            for i, said in enumerate(candidate)
            if said is not None and (not language or labelled.languages[i] == language)
        ]
        if len(rows) >= FEWEST_MEASURED:
            found.append(_measured(on, language, learner.metric, labelled, rows, candidate, current))
    return found


def _measured(
    on: str,
    language: str,
    metric: str,
    labelled: Labelled,
    rows: list[int],
    candidate: Sequence[Labels | None],
    current: Sequence[Labels | None],
) -> Measured:
    truth = [labelled.labels[i] for i in rows]
    said = [candidate[i] or frozenset() for i in rows]
    both = [place for place, i in enumerate(rows) if current[i] is not None]
    enough = len(both) >= FEWEST_MEASURED
    low, high = _interval(metric, truth, said)
    there = [truth[p] for p in both]
    return Measured(
        on,
        language,
        len(rows),
        metric,
        figure(metric, truth, said),
        low,
        high,
        figure(metric, there, [current[rows[p]] or frozenset() for p in both]) if enough else None,
        len(both),
        figure(metric, there, [said[p] for p in both]) if enough else None,
    )


def figure(metric: str, truth: Sequence[Labels], said: Sequence[Labels]) -> float:
    """F1 over the labels that anybody gave: micro, macro, or of the one label there is; 0 where there is none."""
    labels = sorted({label for given in truth for label in given})
    if not labels:
        return 0.0
    wanted = np.array([[label in given for label in labels] for given in truth])
    found = np.array([[label in given for label in labels] for given in said])
    if metric == "micro-F1":
        extra = sum(len(given - set(labels)) for given in said)
        hits = (wanted & found).sum()
        return float(2 * hits / max(1, wanted.sum() + found.sum() + extra))
    hits = (wanted & found).sum(axis=0)
    return float(np.mean(2 * hits / (wanted.sum(axis=0) + found.sum(axis=0))))


def _interval(metric: str, truth: Sequence[Labels], said: Sequence[Labels]) -> tuple[float, float]:
    draw, n = np.random.default_rng(7), len(truth)
    values = []
    for _ in range(RESAMPLES):
        rows = draw.integers(0, n, n)
        values.append(figure(metric, [truth[i] for i in rows], [said[i] for i in rows]))
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def verdict(figures: Sequence[Measured]) -> str:
    """“worse” when it is below what reads today on any of the sets, “better”, “same”, or “unknown”. Over all languages."""
    differences = [f.difference for f in figures if not f.language and f.difference is not None]
    if not differences:
        return "unknown"
    if min(differences) < 0:
        return "worse"
    return "better" if max(differences) > 0 else "same"


def is_held_back(text: str) -> bool:
    """Whether a line of a file is never learnt from: one in five, always the same ones."""
    return blake2b(text.encode(), digest_size=4).digest()[0] % HELD_BACK == 0
