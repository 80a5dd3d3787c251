"""Tone: whether a text sounds negative, neutral or positive.

The rule adds up the weights of listed words and emoji, after Hutto and Gilbert ("VADER", 2014) with lists of our own in
five languages: a negator turns the words of its clause that follow within three words (-0.7 of a positive weight, -0.4
of a negative one), intensifiers and capitals strengthen, softeners weaken, what follows “but” counts more than what
came before. With P and N the sums of positive and negative weights, x = (P - N) / sqrt(P + N + 1) says the direction.
The probabilities are softmax(A [x, |x|, question, 1]); A was fitted on the tuning half of the invented gold set
(`calibration.toml`), and no rule is surer than 0.9. A text in another language than the five is read by its emoji and
the words that are written alike everywhere, and then never surer than 0.4.

Where a workspace has promoted a head, the head speaks for the texts of which it knows a word.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sillage.understanding.engine.heads import TextHead
from sillage.understanding.engine.phrasebook import ANY, Hit, Phrasebook, Words, split, version_of, word_lists, words_of
from sillage.understanding.engine.port import NOTHING, Finding
from sillage.understanding.engine.theme_words import LANGUAGES

SCORER = "1"  # part of the version: raise it when the same words would give other tones
SENTIMENTS = ("negative", "neutral", "positive")
LISTS = "sillage.understanding.tone_words"
FEATURES = 4
SUREST, SUREST_ELSEWHERE, SUREST_MIXED = 0.9, 0.4, 0.55
HEAD = "head."  # begins the part of a version that names a head
_WEIGHTS = {
    "strong_positive": 2.0,
    "positive": 1.2,
    "weak_positive": 0.5,
    "strong_negative": -2.0,
    "negative": -1.2,
    "weak_negative": -0.5,
}
_VALUE, _BREAK, _SETTLED = "value", "break", "settled"  # settled: a phrase that holds its own negator
_BREAKS = (".", ",", ";", ":", "(", ")", "…", "–", "—", "|", "\n", "!", "!!", "!!!", "?", "??", "¿", "¡", "...")
SCOPE, SCOPE_AFTER = 3, 2  # words that a negator reaches, forwards and after a verb
_TURNED, _TURNED_BACK, _BARE_NEGATOR = -0.7, -0.4, -0.3
_STRONGER, _WEAKER, _SHOUTED = 1.35, 0.6, 1.2
_BEFORE_BUT, _AFTER_BUT = 0.6, 1.25
_PER_EXCLAMATION, _EXCLAMATIONS = 0.12, 3
_READ = 512  # texts whose weights are kept for the cultural check
_TOLD = 0.4  # weight below which a word is no evidence worth showing


class Readable(Protocol):
    """What an enricher of comments and posts alike needs to know of one."""

    @property
    def words(self) -> str: ...

    @property
    def language(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Weighed:
    """The sums of positive and of negative weights (both 0 or more), and the phrases that made them, strongest first."""

    positive: float
    negative: float
    phrases: tuple[tuple[str, float], ...]


@dataclass(slots=True)
class _Phrase:
    """A phrase that has a tone, while its neighbours are looked at. `is_verb`: a negator may follow it."""

    start: int
    end: int
    value: float
    is_verb: bool = False
    is_turned: bool = False


@lru_cache(maxsize=_READ)
def weighed(text: str, language: str | None) -> Weighed:
    """What the word lists say of a text. `language` is an ISO 639-1 code, or None."""
    words = words_of(text, language)
    phrases = _phrases(_book(language if language in LANGUAGES else ANY).hits(words), words)
    shout = 1 + _PER_EXCLAMATION * min(_EXCLAMATIONS, words.text.count("!"))
    parts = [(words.written(p.start, p.end), p.value * shout) for p in phrases if p.value]
    parts.sort(key=lambda part: -abs(part[1]))
    return Weighed(sum(v for _, v in parts if v > 0), sum(-v for _, v in parts if v < 0), tuple(parts))


def _phrases(hits: Sequence[Hit], words: Words) -> list[_Phrase]:
    """The phrases that have a tone, each with the value that its neighbours give it."""
    found: list[_Phrase] = []
    negator: _Phrase | None = None
    booster, factor, later = -1, 1.0, 1.0
    for roles in _by_place(hits):
        here = next(iter(roles.values()))
        if _BREAK in roles:
            negator, booster = None, -1
        if "contrasts" in roles:
            later = _AFTER_BUT
            for phrase in found:
                phrase.value *= _BEFORE_BUT
        if "negators" in roles and not _turn_verb(found, here.start):
            negator = _Phrase(here.start, here.end, _BARE_NEGATOR)
            found.append(negator)
        if _VALUE in roles:
            phrase = _phrase(roles, words, later * (factor if booster == here.start else 1.0))
            is_reached = negator is not None and 0 <= phrase.start - negator.end <= SCOPE
            if negator is not None and is_reached and _SETTLED not in roles:
                phrase.value, phrase.is_turned, negator.value = _negated(phrase.value), True, 0.0
            found.append(phrase)
        if "intensifiers" in roles or "softeners" in roles:
            booster, factor = here.end, _STRONGER if "intensifiers" in roles else _WEAKER
    return found


def _phrase(roles: dict[str, Hit], words: Words, factor: float) -> _Phrase:
    hit = roles[_VALUE]
    is_shouted = hit.end - hit.start < 4 and words.written(hit.start, hit.end).isupper()
    value = hit.weight * factor * (_SHOUTED if is_shouted else 1.0)
    return _Phrase(hit.start, hit.end, value, is_verb="negated_after" in roles)


def _by_place(hits: Sequence[Hit]) -> list[dict[str, Hit]]:
    """What each phrase is, by its role."""
    places: dict[int, dict[str, Hit]] = {}
    for hit in hits:
        places.setdefault(hit.start, {})[hit.label] = hit
    return list(places.values())


def _turn_verb(found: list[_Phrase], at: int) -> bool:
    """Whether the negator at a place belongs to a verb before it, which it then turns."""
    last = found[-1] if found else None
    if last is None or not last.is_verb or at - last.end >= SCOPE_AFTER:
        return False
    if not last.is_turned:
        last.value, last.is_turned = _negated(last.value), True
    return True


def _negated(value: float) -> float:
    return value * (_TURNED if value > 0 else _TURNED_BACK)


@cache
def _book(name: str) -> Phrasebook:
    lists = word_lists(LISTS)
    language = None if name == ANY else name
    negators = {words_of(n, language).forms for n in split(lists[name].get("negators", ""))}
    phrases = {(words_of(mark, language).forms, _BREAK): (mark, _BREAK, 0.0) for mark in _BREAKS}
    for source in dict.fromkeys((ANY, name)):  # a language's own list wins over the common one
        for key, block in lists[source].items():
            label, weight = (_VALUE, _WEIGHTS[key]) if key in _WEIGHTS else (key, 0.0)
            for phrase in split(block):
                forms = words_of(phrase, language).forms
                phrases[forms, label] = (phrase, label, weight)
                if label == _VALUE and any((word,) in negators for word in forms):
                    phrases[forms, _SETTLED] = (phrase, _SETTLED, 0.0)
    return Phrasebook(phrases.values(), language)


def features(texts: Sequence[str], languages: Sequence[str | None]) -> NDArray[np.float32]:
    """float32 (texts, FEATURES): x, |x|, whether it asks, 1. What the calibration is fitted on.

    A head learns better beside them than from words alone: give them to `train_head` as its vectors.
    """
    found = [_features(weighed(text, language), text) for text, language in zip(texts, languages, strict=True)]
    return np.array(found, dtype=np.float32).reshape(-1, FEATURES)


def _features(sums: Weighed, text: str) -> tuple[float, float, float, float]:
    x = (sums.positive - sums.negative) / math.sqrt(sums.positive + sums.negative + 1)
    return x, abs(x), float("?" in text), 1.0


def _likeliest(seen: tuple[float, ...]) -> tuple[int, float]:
    """The place in SENTIMENTS of the likeliest tone, and its probability."""
    logits = [sum(a * x for a, x in zip(row, seen, strict=True)) for row in calibration()]
    highest = max(logits)
    return logits.index(highest), 1 / sum(math.exp(logit - highest) for logit in logits)


@cache
def calibration() -> tuple[tuple[float, ...], ...]:
    """The matrix A, 3 by 4, as it was fitted on the tuning half of the gold set."""
    file = resources.files(LISTS).joinpath("calibration.toml")
    matrix = tomllib.loads(file.read_text(encoding="utf-8"))
    return tuple(tuple(matrix[name]) for name in SENTIMENTS)


class Tone:
    """The enricher `tone`: value {"tone": "positive"}, evidence of the words with their weights."""

    name = "tone"
    languages = None
    cost = 0.06

    def __init__(self, head: TextHead | None = None) -> None:
        """A head may read words alone, or words and `features`. Raises ValueError for any other."""
        if head is not None and (not set(head.labels) <= set(SENTIMENTS) or head.dense_dims not in (0, FEATURES)):
            raise ValueError("a tone head has labels among negative, neutral and positive, and no dense vectors")
        self.head = head

    @property
    def version(self) -> str:
        words = version_of(LISTS, SCORER)
        return f"{words}+{HEAD}{self.head.version}" if self.head else words

    def findings(self, posts: Sequence[Readable]) -> list[Finding]:
        found = [tone_of(post.words, post.language) for post in posts]
        if self.head is None or not posts:
            return found
        texts = [post.words for post in posts]
        sums = features(texts, [post.language for post in posts]) if self.head.dense_dims else None
        chances, known = self.head.probabilities(texts, sums), self.head.knows(texts)
        return [
            _by_head(self.head, text, row) if knows else rule
            for text, row, knows, rule in zip(texts, chances, known, found, strict=True)
        ]


def tone_of(text: str, language: str | None) -> Finding:
    """What the rule says of a text: NOTHING where it knows neither the language nor a word."""
    sums = weighed(text, language)
    is_ours = language in LANGUAGES and any(form[:1].isalpha() for form in words_of(text, language).forms)
    if not sums.phrases and not is_ours:
        return NOTHING
    best, chance = _likeliest(_features(sums, text))
    surest = SUREST if is_ours else SUREST_ELSEWHERE
    if min(sums.positive, sums.negative) >= 1:
        surest = min(surest, SUREST_MIXED)
    told = [(words, weight) for words, weight in sums.phrases[:6] if abs(weight) >= _TOLD]
    evidence = [{"words": words, "weight": round(weight, 2)} for words, weight in told]
    return Finding({"tone": SENTIMENTS[best]}, round(min(surest, chance), 3), evidence)


def _by_head(head: TextHead, text: str, chances: NDArray[np.float64]) -> Finding:
    label = head.labels[int(chances.argmax())]
    evidence = [{"words": term, "weight": round(part, 2)} for term, part in head.evidence(text, label)]
    return Finding({"tone": label}, round(float(chances.max()), 3), evidence)
