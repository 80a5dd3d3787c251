"""What a comment wants: a question, to buy, to complain, to praise, to advertise itself, or something of the brand.

Several may hold. Each phrase of an intent's list (`intent_words/`) that stands in the text counts once, 0.5 or 1.2 if it
is unmistakable, and signs count too: a question mark, a link beside words of spam, the tone of the text. The confidence is
1 - exp(-sum). What its author also wrote elsewhere, or what stands word for word under several posts, is likelier spam.
Where a workspace has promoted a head, its probability stands for the labels that it has; repetition still counts.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from functools import cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sillage.understanding.engine.heads import TextHead
from sillage.understanding.engine.phrasebook import (
    ANY,
    LINK,
    MENTION,
    Phrasebook,
    Words,
    split,
    version_of,
    word_lists,
    words_of,
)
from sillage.understanding.engine.port import NOTHING, Finding
from sillage.understanding.engine.theme_words import LANGUAGES
from sillage.understanding.engine.tone import HEAD, tone_of

SCORER = "1"  # part of the version: raise it when the same words would give other intents
QUESTION, PURCHASE, COMPLAINT, PRAISE, SPAM, REQUEST = (
    *("question", "purchase", "complaint"),
    *("praise", "spam", "request"),
)
INTENTS = (QUESTION, PURCHASE, COMPLAINT, PRAISE, SPAM, REQUEST)
AWAITING = (QUESTION, PURCHASE, COMPLAINT, REQUEST)  # what somebody should answer
LISTS = "sillage.understanding.intent_words"
SIGNS = 8
LEAST = 0.4  # confidence below which an intent is not listed
SUREST = 0.95
_PLAIN, _SURE = 0.5, 1.2
_ASKS, _TONE, _TROUBLE, _LINKED = 1.6, 0.7, 1.0, 1.0
_SURE_TONE = 0.6
_REPEATED = (0.0, 0.0, 0.5, 0.9, 1.4, 2.0)  # by how often the same text was written, the first time included
_FIRST_WORDS = 2  # within which a word of a question asks without a question mark


class Remark(Protocol):
    """A comment as it is read. `repeats` is what `repetition.repeats` counts."""

    @property
    def words(self) -> str: ...

    @property
    def language(self) -> str | None: ...

    @property
    def repeats(self) -> int: ...


class Intents:
    """The enricher `intent`: value {"intents": {name: confidence}}, evidence of the words."""

    name = "intent"
    languages = None
    cost = 0.1

    def __init__(self, head: TextHead | None = None) -> None:
        """A head may read words alone, or words and `signs`. Raises ValueError for any other."""
        is_ours = head is None or (set(head.labels) <= set(INTENTS) and head.dense_dims in (0, SIGNS))
        if not is_ours or (head is not None and head.is_exclusive):
            raise ValueError(f"an intent head has some of the labels {', '.join(INTENTS)}, and no dense vectors")
        self.head = head

    @property
    def version(self) -> str:
        words = version_of(LISTS, SCORER)
        return f"{words}+{HEAD}{self.head.version}" if self.head else words

    def findings(self, posts: Sequence[Remark]) -> list[Finding]:
        weighed = [_weighed(remark) for remark in posts]
        if self.head is not None and posts:
            _let_speak(self.head, posts, weighed)
        return [_finding(found) for found in weighed]


Found = dict[str, tuple[float, list[str]]]  # {intent: (sum of weights, words)}
Add = Callable[[str, float, str], None]


def _weighed(remark: Remark) -> Found:
    words = words_of(remark.words, remark.language)
    sums: defaultdict[str, float] = defaultdict(float)
    seen: defaultdict[str, list[str]] = defaultdict(list)

    def add(intent: str, weight: float, said: str = "") -> None:
        sums[intent] += weight
        if said and said not in seen[intent]:
            seen[intent].append(said)

    trouble = _from_lists(words, remark.language, add)
    asks = next((i for i in reversed(range(len(words.forms))) if words.forms[i].startswith("?")), None)
    if asks is not None:
        add(QUESTION, _ASKS if len(words.forms) > 2 else _PLAIN, words.written(asks, asks + 1))
    tone = tone_of(remark.words, remark.language)
    if tone.confidence >= _SURE_TONE and remark.language in LANGUAGES:
        said = tone.evidence[0]["words"] if tone.evidence else ""
        if tone.value["tone"] == "positive" and asks is None:
            add(PRAISE, _TONE, said)
        if tone.value["tone"] == "negative" and trouble:
            add(COMPLAINT, _TROUBLE, said)
    if LINK in words.forms and sums[SPAM]:
        at = words.forms.index(LINK)
        add(SPAM, _LINKED, words.written(at, at + 1))
    if remark.repeats >= 2 and len(words.forms) > 2:
        add(SPAM, _REPEATED[min(remark.repeats, len(_REPEATED) - 1)], "")
    return {intent: (weight, seen[intent]) for intent, weight in sums.items()}


def signs(remarks: Sequence[Remark]) -> NDArray[np.float32]:
    """float32 (remarks, SIGNS): what gives self-promotion away beside its words, each about 0 to 1.

    The rule's weight of spam and of praise, links, repetition, mentions, length, share of capitals, share of digits. A head
    learns better beside them than from words alone: give them to `train_head` as its vectors.
    """
    rows = []
    for remark in remarks:
        found, words = _weighed(remark), words_of(remark.words, remark.language)
        letters = max(1, sum(c.isalpha() for c in words.text))
        rows.append(
            (
                min(3.0, found.get(SPAM, (0.0, []))[0]) / 3,
                min(3.0, found.get(PRAISE, (0.0, []))[0]) / 3,
                min(2, words.forms.count(LINK)) / 2,
                math.log2(remark.repeats) / 3,
                min(2, words.forms.count(MENTION)) / 2,
                min(1.0, math.log1p(len(words.forms)) / 5),
                sum(c.isupper() for c in words.text) / letters,
                sum(c.isdigit() for c in words.text) / letters,
            )
        )
    return np.array(rows, dtype=np.float32).reshape(-1, SIGNS)


def _from_lists(words: Words, language: str | None, add: Add) -> bool:
    """Count the listed phrases, each once. Returns whether something is named that complaints are about."""
    seen: set[tuple[str, str]] = set()
    trouble = False
    for hit in _book(language if language in LANGUAGES else ANY).hits(words):
        said = words.written(hit.start, hit.end)
        if (hit.label, said.casefold()) in seen:
            continue
        seen.add((hit.label, said.casefold()))
        if hit.label == "trouble":
            trouble = True
        elif hit.label != QUESTION or hit.weight == _SURE or hit.start < _FIRST_WORDS or "?" in words.text:
            add(hit.label, hit.weight, said)
    return trouble


@cache
def _book(name: str) -> Phrasebook:
    """Of a phrase that is in the plain and in the sure list of an intent, the sure one counts."""
    lists = word_lists(LISTS)
    found: dict[tuple[str, str], tuple[str, str, float]] = {}
    for source in dict.fromkeys((name, ANY)):
        for key, block in sorted(lists[source].items(), key=lambda item: item[0].startswith("sure_")):
            weight = _SURE if key.startswith("sure_") else _PLAIN
            label = key.removeprefix("sure_")
            found.update({(phrase, label): (phrase, label, weight) for phrase in split(block)})
    return Phrasebook(found.values(), None if name == ANY else name)


def _let_speak(head: TextHead, remarks: Sequence[Remark], weighed: list[Found]) -> None:
    """Put the head's probabilities in place of the rule's weights, for the texts of which it knows a word."""
    texts = [remark.words for remark in remarks]
    chances, known = head.probabilities(texts, signs(remarks) if head.dense_dims else None), head.knows(texts)
    for place, remark in enumerate(remarks):
        if not known[place]:
            continue
        for label, chance in zip(head.labels, chances[place], strict=True):
            weight = -math.log1p(-min(SUREST, float(chance)))
            if label == SPAM and remark.repeats >= 2:
                weight += _REPEATED[min(remark.repeats, len(_REPEATED) - 1)]
            sure = 1 - math.exp(-weight)
            words = [term for term, _ in head.evidence(texts[place], label)] if sure >= LEAST else []
            weighed[place][label] = weight, words


def _finding(found: Found) -> Finding:
    sure = {i: min(SUREST, 1 - math.exp(-found[i][0])) for i in INTENTS if i in found}
    listed = {i: round(c, 3) for i, c in sure.items() if c >= LEAST}
    if PRAISE in listed and listed.get(SPAM, 0) >= listed[PRAISE]:
        del listed[PRAISE]
    if not listed:
        return NOTHING
    evidence = [{"intent": i, "words": words} for i in listed if (words := found[i][1][:6])]
    return Finding({"intents": listed}, max(listed.values()), evidence)
