"""Thousands of texts from one brief, of which no two say nearly the same.

A text is a hook, an argument, a proof and a call. Any two texts differ in at least two of the four: three are chosen freely and
the fourth, the one with most options, is a check digit over them (the parity code of Hamming, 1950, with more than two
letters). What is still alike by the words is dropped: every text is compared with every kept one, exactly. That is cheap
because texts share their parts: all runs of words there are fit into a row of some thousand bits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sillage.lib.text import folded
from sillage.studio.engine.brief import WritingBrief, holds
from sillage.studio.engine.fragments import SLOTS, Option, library, options_of

SAME = 0.8  # Jaccard similarity of runs of words, from which on two texts are near-duplicates
RUN = 3  # words
WORD = 64

Places = NDArray[np.int64]  # (variants, len(SLOTS)): the place of each slot's option
Options = Sequence[Sequence[Option]]


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
    """`possible` is how many texts there could be; `left_out` counts, by reason, what was tried and is not among `variants`."""

    variants: tuple[Variant, ...]
    places: Places
    options: tuple[tuple[Option, ...], ...]
    possible: int
    left_out: dict[str, int]


def make_variants(
    brief: WritingBrief, wanted: int, seed: int = 7, stopping: Callable[[str], str] = lambda text: ""
) -> Made:
    """Up to `wanted` variants in a shuffled order that depends on the seed alone. Fewer when the brief gives no more.

    `stopping` names what stops a text (engine/lawful.py); it is asked of each part in its frame, a hundred times instead of
    ten thousand: rules look for words and for where the label stands, and the frame is the same for all.
    """
    fragments = library(brief.language, brief.kind)
    options = tuple(tuple(_allowed(brief, options_of(brief, slot, fragments), stopping)) for slot in SLOTS)
    if not all(options):
        empty = [slot for slot, found in zip(SLOTS, options, strict=True) if not found]
        return Made((), np.zeros((0, len(SLOTS)), np.int64), options, 0, dict.fromkeys((f"no {s}" for s in empty), 1))
    places = _far_apart(options, seed)
    possible, left_out = len(places), {}
    for reason, test in _tests(brief, options).items():
        passes = test(places)
        left_out[reason] = int((~passes).sum())
        places = places[passes]
    rows = _distinct(options, places, wanted)
    if len(rows):
        left_out["nearly the same as another"] = int(rows[-1]) + 1 - len(rows)
    places = places[rows]
    texts = _texts(brief, options, places)
    variants = tuple(
        Variant(text, tuple(options[slot][at] for slot, at in enumerate(place)))
        for text, place in zip(texts, places.tolist(), strict=True)
    )
    return Made(variants, places, options, possible, {reason: n for reason, n in left_out.items() if n})


def _allowed(brief: WritingBrief, options: Sequence[Option], stopping: Callable[[str], str]) -> Iterator[Option]:
    before, behind = _frame(brief)
    for option in options:
        if not any(holds(option.text, word) for word in brief.never) and not stopping(before + option.text + behind):
            yield option


def _frame(brief: WritingBrief) -> tuple[str, str]:
    """What stands before and behind every text: the label first, where the law wants it; hashtags last."""
    tags = " ".join(tag if tag.startswith("#") else f"#{tag}" for tag in brief.hashtags)
    return (f"{brief.label} · " if brief.label else ""), (f" {tags}" if tags else "")


def _texts(brief: WritingBrief, options: Options, places: Places) -> list[str]:
    before, behind = _frame(brief)
    said = [[option.text for option in found] for found in options]
    return [before + " ".join(said[slot][at] for slot, at in enumerate(place)) + behind for place in places.tolist()]


Test = Callable[[Places], NDArray[np.bool_]]


def _tests(brief: WritingBrief, options: Options) -> dict[str, Test]:
    """What a text must pass, by the reason for which it is left out: looked up per part, not read per text."""
    around = sum(map(len, _frame(brief))) + len(SLOTS) - 1
    lengths = [np.array([len(option.text) for option in found]) for found in options]

    def length(places: Places) -> NDArray[np.int64]:
        return np.asarray(around + sum(own[places[:, slot]] for slot, own in enumerate(lengths)), dtype=np.int64)

    return {
        "tells a fact twice": lambda places: _tells_two_facts(options, places),
        "too long": lambda places: length(places) <= brief.longest,
        "too short": lambda places: length(places) >= brief.shortest,
        **{f"lacks “{word}”": _holding(word, brief, options) for word in brief.must},
    }


def _holding(word: str, brief: WritingBrief, options: Options) -> Test:
    is_around = any(holds(text, word) for text in _frame(brief))
    has = [np.array([holds(option.text, word) for option in found]) for found in options]

    def test(places: Places) -> NDArray[np.bool_]:
        return np.asarray(np.any([own[places[:, slot]] for slot, own in enumerate(has)], axis=0) | is_around)

    return test


def _far_apart(options: Options, seed: int) -> Places:
    """Places of which any two differ in at least two slots, shuffled."""
    sizes = [len(found) for found in options]
    check = int(np.argmax(sizes))
    free = [slot for slot in range(len(sizes)) if slot != check]
    grid = np.stack(np.meshgrid(*(np.arange(sizes[slot]) for slot in free), indexing="ij"), axis=-1).reshape(
        -1, len(free)
    )
    places = np.empty((len(grid), len(sizes)), dtype=np.int64)
    places[:, free] = grid
    places[:, check] = grid.sum(axis=1) % sizes[check]
    return places[np.random.default_rng(seed).permutation(len(places))]


def _tells_two_facts(options: Options, places: Places) -> NDArray[np.bool_]:
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
    """The first `wanted` rows that no earlier kept row is nearly the same as, in order."""
    held = Held.of(options, places)
    bits, sizes = np.empty_like(held.bits), np.empty_like(held.sizes)  # kept ones first, then the one that is looked at
    kept: list[int] = []
    packed = Held(bits, sizes)
    for row in range(len(places)):
        n = len(kept)
        bits[:, n], sizes[n] = held.bits[:, row], held.sizes[row]
        if n and packed.similarities(n, among=n).max() >= SAME:
            continue
        kept.append(row)
        if len(kept) == wanted:
            break
    return np.array(kept, dtype=np.int64)
