"""What was measured of a voice, in the units in which people think: what pages say in words and let a person change."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from sillage.lib.sentences import Grouped, Sentence, Term
from sillage.studio.engine.traits import PER_SENTENCE, PER_WORD, TRAITS
from sillage.studio.engine.voice import Off, Voice

UNITS: Mapping[str, str] = {
    "words": "words",
    "words_per_sentence": "words per sentence",
    "letters_per_word": "letters per word",
    "figures": "per 100 signs",
    **dict.fromkeys(PER_SENTENCE, "per 10 sentences"),
    **dict.fromkeys(PER_WORD, "per 100 words"),
}
TRAIT_WORDS: Mapping[str, Sentence] = {
    "words": Term("trait of a voice", "words"),
    "words_per_sentence": Term("trait of a voice", "words per sentence"),
    "letters_per_word": Term("trait of a voice", "letters per word"),
    "figures": Term("trait of a voice", "figures"),
    "exclamations": Term("trait of a voice", "exclamations"),
    "questions": Term("trait of a voice", "questions"),
    "commas": Term("trait of a voice", "commas"),
    "colons": Term("trait of a voice", "colons"),
    "ellipses": Term("trait of a voice", "ellipses"),
    "quotes": Term("trait of a voice", "quotes"),
    "dashes": Term("trait of a voice", "dashes"),
    "links": Term("trait of a voice", "links"),
    "lines": Term("trait of a voice", "lines"),
    "emoji": Term("trait of a voice", "emoji"),
    "hashtags": Term("trait of a voice", "hashtags"),
    "mentions": Term("trait of a voice", "mentions"),
    "shouted_words": Term("trait of a voice", "shouted words"),
    "capital_words": Term("trait of a voice", "capital words"),
    "tu": Term("trait of a voice", "tu"),
    "vous": Term("trait of a voice", "vous"),
    "i": Term("trait of a voice", "i"),
    "we": Term("trait of a voice", "we"),
    "you": Term("trait of a voice", "you"),
}
_TIMES = {"per 10 sentences": 10.0, "per 100 words": 100.0, "per 100 signs": 100.0}
NARROWEST = 1e-3  # a wish's half width, in the trait's own units
MOST_WORDS = 5_000  # a wish may speak of

_MARKS = ("exclamations", "questions", "ellipses", "links")  # said per sentence
_TAGS = ("hashtags", "mentions")  # said per text


@dataclass(frozen=True, slots=True)
class Said:
    """One measured statement: `key` says which sentence, `numbers` fill it, `trait` is what it was measured on."""

    key: str
    trait: str
    numbers: Mapping[str, float] = field(default_factory=dict)
    words: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Measured:
    """A trait in people's units: usual, its 10th and 90th percentile, and what a person wishes instead (from, to)."""

    trait: str
    unit: str
    usual: float
    low: float
    high: float
    wish: tuple[float, float] | None


def in_units(trait: str, value: float) -> float:
    """A trait's own measure in people's units."""
    shown = 10**value - 1 if trait == "words" else value * _TIMES.get(UNITS[trait], 1.0)
    return round(shown, 0 if trait == "words" else 2)


def step_in_units(trait: str, step: float) -> float:
    """A change of a trait in people's units; of the length of texts, as a share: 0.1 is a tenth longer."""
    return round(10**step - 1, 3) if trait == "words" else in_units(trait, step)


def in_measure(trait: str, shown: float) -> float:
    """People's units back into the trait's own measure. Raises ValueError for what cannot be measured."""
    if not math.isfinite(shown) or not 0 <= shown <= MOST_WORDS:
        raise ValueError(Sentence("a number lies outside 0 to %(most)s", most=Grouped(MOST_WORDS)))
    return math.log10(shown + 1) if trait == "words" else shown / _TIMES.get(UNITS[trait], 1.0)


def wish_of(trait: str, low: float, high: float) -> dict[str, float]:
    """What a version is opened with, from a range in people's units. Raises ValueError."""
    first, last = in_measure(trait, low), in_measure(trait, high)
    if trait not in TRAITS or last < first:
        raise ValueError(Sentence("the first number is larger than the last"))
    return {"usual": (first + last) / 2, "spread": max((last - first) / 2, NARROWEST), "from": low, "to": high}


def measured_of(voice: Voice, wishes: Mapping[str, Mapping[str, float]]) -> list[Measured]:
    """Every trait as it was measured, with a person's wish beside it."""
    wished = {trait: (wish["from"], wish["to"]) for trait, wish in wishes.items()}
    return [
        _in_units(trait, float(voice.means[at]), float(voice.lows[at]), float(voice.highs[at]), wished.get(trait))
        for at, trait in enumerate(TRAITS)
    ]


def off_in_units(off: Off) -> Measured:
    """What is off, with `usual` for what was measured in the text and the range for what is usual in the voice."""
    return _in_units(off.trait, off.measured, off.low, off.high)


def _in_units(trait: str, usual: float, low: float, high: float, wish: tuple[float, float] | None = None) -> Measured:
    return Measured(trait, UNITS[trait], in_units(trait, usual), in_units(trait, low), in_units(trait, high), wish)


def said_of(voice: Voice) -> list[Said]:
    """The voice in statements, the weightiest first. What was not seen is said where its absence tells something."""
    return [*_lengths(voice), _addressing(voice), *_speaking(voice), *_marks(voice), *_tags(voice), *_ends(voice)]


def _lengths(voice: Voice) -> list[Said]:
    found = []
    for trait in ("words", "words_per_sentence"):
        at = TRAITS.index(trait)
        low, usual, high = (round(in_units(trait, float(v[at]))) for v in (voice.lows, voice.means, voice.highs))
        found.append(Said(trait, trait, {"usual": usual, "low": low, "high": high}))
    return found


def _addressing(voice: Voice) -> Said:
    tu, vous, you = (voice.addressing[word] for word in ("tu", "vous", "you"))
    if tu and vous and min(tu, vous) * 4 >= max(tu, vous):
        return Said("says_both", "vous", {"tu": tu, "vous": vous, "of": voice.n})
    if max(tu, vous) >= you and max(tu, vous):
        word = "tu" if tu > vous else "vous"
        return Said(f"says_{word}", word, {"n": max(tu, vous), "of": voice.n})
    return Said("says_you", "you", {"n": you, "of": voice.n}) if you else Said("says_nobody", "you")


def _speaking(voice: Voice) -> list[Said]:
    return [
        Said(f"speaks_{word}", word, {"n": voice.addressing[word], "of": voice.n})
        for word in ("we", "i")
        if voice.addressing[word] * 4 >= voice.n
    ]


def _marks(voice: Voice) -> list[Said]:
    sentences = max(1.0, voice.counts["sentences"])
    found = [_often("emoji", voice.counts["emoji"], sentences)]
    found += [_often(mark, voice.counts[mark], sentences) for mark in _MARKS]
    return [
        one for one in found if one.key.split(".")[0] in ("emoji", "exclamations") or not one.key.endswith(".never")
    ]


def _often(trait: str, count: float, sentences: float) -> Said:
    if not count:
        return Said(f"{trait}.never", trait)
    if count >= sentences:
        return Said(f"{trait}.many", trait, {"n": round(count / sentences, 1)})
    return Said(f"{trait}.every", trait, {"n": round(sentences / count)})


def _tags(voice: Voice) -> list[Said]:
    return [Said(tag, tag, {"n": round(voice.counts[tag] / voice.n, 1)}) for tag in _TAGS if voice.counts[tag]]


def _ends(voice: Voice) -> list[Said]:
    lists = {"openings": voice.openings, "closings": voice.closings, "vocabulary": voice.vocabulary}
    return [Said(name, "", {"of": voice.n}, words) for name, words in lists.items() if words]
