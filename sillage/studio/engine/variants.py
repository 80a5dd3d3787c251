"""Thousands of texts from one brief, of which no two say nearly the same.

A text is a hook, an argument, a proof and a call. First come texts of which any two differ in at least two of the four: three
are chosen freely and the fourth, the one with most options, is a check digit over them (the parity code of Hamming, 1950, with
more than two letters); where they are not enough, others follow. What is alike by the words is dropped: every text is compared
with every kept one, exactly. That is cheap because texts share their parts: all runs of words fit into some thousand bits.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sillage.lib.errors import Refusal
from sillage.lib.sentences import Listed, Sentence
from sillage.lib.text import folded
from sillage.studio.engine.brief import KIND_WORDS, Kind, WritingBrief, holds
from sillage.studio.engine.fragments import SLOTS, Option, library, options_of

SAME = 0.8  # Jaccard similarity of runs of words, from which on two texts are near-duplicates
RUN = 3  # words
WORD = 64
LOOKED_AT = 200_000  # places at most, drawn by the seed
LEAST_TRIED = 1_000

Places = NDArray[np.int64]  # (variants, len(SLOTS)): the place of each slot's option
Asked = Callable[[str], str]  # what is wrong with a text; nothing where all is well


class Said(Protocol):
    """Whatever has words: an option, or a part as it is stored."""

    @property
    def text(self) -> str: ...


Options = Sequence[Sequence[Said]]


class FragmentsMissing(Refusal):
    """Nobody has written fragments of this kind and language that could be put together by the thousand."""

    status = 422


@dataclass(frozen=True, slots=True)
class Variant:
    """A text and its parts, one option per slot."""

    text: str
    parts: tuple[Option, ...]

    @property
    def families(self) -> tuple[str, ...]:
        """How it goes about it: the family of its hook, and which facts it tells."""
        return (self.parts[0].fragment.family, *(str(part.fact) for part in self.parts if part.fact is not None))


@dataclass(frozen=True, slots=True)
class Made:
    """`possible` is how many texts there could be; `left_out` counts, by reason, what was tried and is not among `variants`.

    Reasons are `fact_twice`, `too_long`, `too_short`, `lacks:<word>`, `alike`. `parts_left_out` counts parts in the same way:
    `never:<word>`, `law:<rule>`, `spelling:<word>`; `slot:<slot>` where none is left.
    """

    variants: tuple[Variant, ...]
    places: Places
    options: tuple[tuple[Option, ...], ...]
    possible: int
    left_out: dict[str, int]
    parts_left_out: dict[str, int] = field(default_factory=dict)


def _nothing(text: str) -> str:
    return ""


def variant_kinds(language: str) -> tuple[Kind, ...]:
    """The kinds of which there are fragments for every slot in this language."""
    return tuple(kind for kind in Kind if {one.slot for one in library(language, kind)} >= set(SLOTS))


def _missing(brief: WritingBrief) -> FragmentsMissing:
    kinds = Listed(KIND_WORDS[kind] for kind in variant_kinds(brief.language))
    return FragmentsMissing(
        Sentence("No fragments put together thousands of texts of the kind “%(kind)s”.", kind=KIND_WORDS[brief.kind]),
        Sentence("Choose one of: %(kinds)s; or write this text yourself.", kinds=kinds),
    )


def make_variants(
    brief: WritingBrief, wanted: int, seed: int = 7, stopping: Asked = _nothing, misspelt: Asked = _nothing
) -> Made:
    """Up to `wanted` variants in a shuffled order that depends on the seed alone. Fewer when the brief gives no more.

    `stopping` names what stops a text (engine/lawful.py); it is asked of each part in its frame, a hundred times instead of
    ten thousand: rules look for words and for where the label stands, and the frame is the same for all. `misspelt` names
    the first word of a part that is not spelt right. Raises FragmentsMissing.
    """
    if brief.kind not in variant_kinds(brief.language):
        raise _missing(brief)
    fragments = library(brief.language, brief.kind)
    out: Counter[str] = Counter()
    options = tuple(
        tuple(_allowed(brief, options_of(brief, slot, fragments), stopping, misspelt, out)) for slot in SLOTS
    )
    if not all(options):
        out.update(f"slot:{slot}" for slot, found in zip(SLOTS, options, strict=True) if not found)
        return Made((), np.zeros((0, len(SLOTS)), np.int64), options, 0, {}, dict(out))
    places, possible = _far_apart(options, seed)
    left_out: dict[str, int] = {}
    for reason, test in _tests(brief, options).items():
        passes = test(places)
        left_out[reason] = int((~passes).sum())
        places = places[passes]
    rows = _distinct(options, places, wanted)
    if len(rows):
        left_out["alike"] = int(rows[-1]) + 1 - len(rows)
    places = places[rows]
    texts = texts_of(frame_of(brief), options, places)
    variants = tuple(
        Variant(text, tuple(options[slot][at] for slot, at in enumerate(place)))
        for text, place in zip(texts, places.tolist(), strict=True)
    )
    return Made(variants, places, options, possible, {reason: n for reason, n in left_out.items() if n}, dict(out))


def _allowed(
    brief: WritingBrief, options: Sequence[Option], stopping: Asked, misspelt: Asked, out: Counter[str]
) -> Iterator[Option]:
    before, behind = frame_of(brief)
    for option in options:
        word = next((word for word in brief.never if holds(option.text, word)), "")
        rule = "" if word else stopping(before + option.text + behind)
        slip = "" if word or rule else misspelt(option.text)
        if word or rule or slip:
            out[f"never:{word}" if word else f"law:{rule}" if rule else f"spelling:{slip}"] += 1
        else:
            yield option


def frame_of(brief: WritingBrief) -> tuple[str, str]:
    """What stands before and behind every text: the label first, where the law wants it; hashtags last."""
    tags = " ".join(tag if tag.startswith("#") else f"#{tag}" for tag in brief.hashtags)
    return (f"{brief.label} · " if brief.label else ""), (f" {tags}" if tags else "")


def texts_of(frame: tuple[str, str], options: Options, places: Places) -> list[str]:
    """The texts as they read, in the order of their places."""
    before, behind = frame
    said = [[option.text for option in found] for found in options]
    return [before + " ".join(said[slot][at] for slot, at in enumerate(place)) + behind for place in places.tolist()]


def lengths_of(frame: tuple[str, str], options: Options, places: Places) -> NDArray[np.int64]:
    """Characters of each text, shape (variants,)."""
    around = sum(map(len, frame)) + len(options) - 1
    own = [np.array([len(option.text) for option in found], dtype=np.int64) for found in options]
    return np.asarray(around + sum(own[slot][places[:, slot]] for slot in range(len(own))), dtype=np.int64)


Test = Callable[[Places], NDArray[np.bool_]]


def _tests(brief: WritingBrief, options: Sequence[Sequence[Option]]) -> dict[str, Test]:
    """What a text must pass, by the reason for which it is left out: looked up per part, not read per text."""
    frame = frame_of(brief)
    return {
        "fact_twice": lambda places: _tells_two_facts(options, places),
        "too_long": lambda places: lengths_of(frame, options, places) <= brief.longest,
        "too_short": lambda places: lengths_of(frame, options, places) >= brief.shortest,
        **{f"lacks:{word}": _holding(word, brief, options) for word in brief.must},
    }


def _holding(word: str, brief: WritingBrief, options: Options) -> Test:
    is_around = any(holds(text, word) for text in frame_of(brief))
    has = [np.array([holds(option.text, word) for option in found]) for found in options]

    def test(places: Places) -> NDArray[np.bool_]:
        return np.asarray(np.any([own[places[:, slot]] for slot, own in enumerate(has)], axis=0) | is_around)

    return test


def _far_apart(options: Options, seed: int) -> tuple[Places, int]:
    """Places, up to LOOKED_AT, and how many there are: first those of which any two differ in at least two slots, shuffled;
    then, for briefs that give little, the same moved on by one in the check's slot, and so on.
    """
    sizes = [len(found) for found in options]
    check = int(np.argmax(sizes))
    free = [slot for slot in range(len(sizes)) if slot != check]
    there_are = math.prod(sizes[slot] for slot in free)
    drawn = np.random.default_rng(seed).permutation(there_are)[:LOOKED_AT]
    moves = min(sizes[check], max(1, LOOKED_AT // len(drawn)))
    far = np.stack(np.unravel_index(drawn, [sizes[slot] for slot in free]), axis=-1)
    places = np.empty((moves, len(drawn), len(sizes)), dtype=np.int64)
    places[:, :, free] = far
    places[:, :, check] = (far.sum(axis=1) + np.arange(moves)[:, None]) % sizes[check]
    return places.reshape(-1, len(sizes)), there_are * sizes[check]


def _tells_two_facts(options: Sequence[Sequence[Option]], places: Places) -> NDArray[np.bool_]:
    """False for texts that tell the same fact in two slots."""
    facts = np.stack(
        [
            np.array([-1 - slot if o.fact is None else o.fact for o in found])[places[:, slot]]
            for slot, found in enumerate(options)
        ],
        axis=1,
    )
    ordered = np.sort(facts, axis=1)
    return np.asarray((ordered[:, 1:] != ordered[:, :-1]).all(axis=1))


# -- near-duplicates -------------------------------------------------------------------------------------------------


def runs_of(text: str) -> frozenset[str]:
    """The runs of RUN words of a sentence, folded; a shorter sentence is one run."""
    words = "".join(c if c.isalnum() else " " for c in folded(text)).split()
    return frozenset(" ".join(words[i : i + RUN]) for i in range(max(1, len(words) - RUN + 1)))


@dataclass(frozen=True, eq=False)
class Held:
    """Which text holds which run of words, as bits: uint64 (words of bits, texts); `sizes` counts the runs of each."""

    bits: NDArray[np.uint64]
    sizes: NDArray[np.int64]

    @classmethod
    def of(cls, options: Options, places: Places) -> Held:
        """Runs do not reach over the ends of parts."""
        runs = [[runs_of(option.text) for option in found] for found in options]
        column = {run: at for at, run in enumerate(sorted(frozenset().union(*(r for found in runs for r in found))))}
        bits = np.zeros((len(column) // WORD + 1, len(places)), dtype=np.uint64)
        for slot, found in enumerate(runs):
            own = np.zeros((len(bits), len(found)), dtype=np.uint64)
            for at, held in enumerate(found):
                for run in held:
                    own[column[run] // WORD, at] |= np.uint64(1) << np.uint64(column[run] % WORD)
            bits |= own[:, places[:, slot]]
        return cls(bits, np.bitwise_count(bits).sum(axis=0, dtype=np.int64))

    def similarities(self, row: int, among: int | None = None) -> NDArray[np.float64]:
        """Jaccard similarity of one text with all, or with the first `among`, shape (texts,)."""
        both = np.zeros(self.bits.shape[1] if among is None else among, dtype=np.uint16)
        for word in self.bits:
            if word[row]:
                both += np.bitwise_count(word[:among] & word[row])
        return np.asarray(both / (self.sizes[:among] + self.sizes[row] - both), dtype=np.float64)


def _distinct(options: Options, places: Places, wanted: int) -> NDArray[np.int64]:
    """The first `wanted` rows that no earlier kept row is nearly the same as, in order; three times as many are tried."""
    held = Held.of(options, places[: max(3 * wanted, LEAST_TRIED)])
    bits = np.empty((len(held.bits), wanted + 1), dtype=np.uint64)  # kept ones first, then the one that is looked at
    sizes = np.empty(wanted + 1, dtype=np.int64)
    kept: list[int] = []
    packed = Held(bits, sizes)
    for row in range(len(held.sizes)):
        n = len(kept)
        bits[:, n], sizes[n] = held.bits[:, row], held.sizes[row]
        if n and packed.similarities(n, among=n).max() >= SAME:
            continue
        kept.append(row)
        if len(kept) == wanted:
            break
    return np.array(kept, dtype=np.int64)
