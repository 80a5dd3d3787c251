"""A run: what was made from a brief, compact enough to keep. Parts and places; a text is put together when it is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sillage.lib.text import folded
from sillage.studio.engine.brief import Tone, WritingBrief
from sillage.studio.engine.variants import Made, Places, frame_of, lengths_of, texts_of

FITS = ("length", "tone", "voice")
WEIGHTS = np.array([0.25, 0.25, 0.5])  # of the fits; without a voice the other two share the whole
KEPT_PLACES, KEPT_FITS = np.dtype("<i2"), np.dtype("<f4")


@dataclass(frozen=True, slots=True)
class Part:
    """A fragment with its holes filled, as it is kept. `fact` is the place of the brief's fact that it tells."""

    id: str
    family: str
    tones: tuple[str, ...]
    fact: int | None
    text: str


@dataclass(frozen=True, eq=False)
class Run:
    """`places` has a part per slot for each text; `fits` (texts, 3) how well its length, tone and voice fit, 0..1.

    The column of the voice is NaN where the brief has none.
    """

    parts: tuple[tuple[Part, ...], ...]
    places: Places
    frame: tuple[str, str]
    fits: NDArray[np.float64]
    lengths: NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lengths", lengths_of(self.frame, self.parts, self.places))

    def __len__(self) -> int:
        return len(self.places)

    @property
    def overall(self) -> NDArray[np.float64]:
        """One fit per text, 0..1: the mean of those that are known, weighted."""
        known = ~np.isnan(self.fits)
        weights = WEIGHTS * known
        return np.asarray(np.nansum(self.fits * weights, axis=1) / weights.sum(axis=1), dtype=np.float64)

    def texts(self, rows: Sequence[int]) -> list[str]:
        return texts_of(self.frame, self.parts, self.places[list(rows)]) if len(rows) else []

    def parts_of(self, row: int) -> tuple[Part, ...]:
        return tuple(found[at] for found, at in zip(self.parts, self.places[row].tolist(), strict=True))

    def families(self) -> NDArray[np.str_]:
        """How each text begins: the family of its hook."""
        return np.array([part.family for part in self.parts[0]], dtype=np.str_)[self.places[:, 0]]

    def telling(self, fact: int) -> NDArray[np.bool_]:
        """Which texts tell this fact."""
        return self._any_part(lambda part: part.fact == fact)

    def sounding(self, tone: Tone) -> NDArray[np.bool_]:
        """Which texts sound like this throughout: every part may."""
        own = [np.array([tone.value in part.tones for part in found]) for found in self.parts]
        return np.asarray(np.logical_and.reduce([own[slot][self.places[:, slot]] for slot in range(len(own))]))

    def saying(self, word: str) -> NDArray[np.bool_]:
        """Which texts hold these letters, whatever their case and accents."""
        wanted = folded(word)
        if any(wanted in folded(around) for around in self.frame):
            return np.ones(len(self), dtype=np.bool_)
        return self._any_part(lambda part: wanted in folded(part.text))

    def _any_part(self, test: Any) -> NDArray[np.bool_]:
        own = [np.array([test(part) for part in found], dtype=np.bool_) for found in self.parts]
        return np.asarray(np.logical_or.reduce([own[slot][self.places[:, slot]] for slot in range(len(own))]))

    # -- as it is kept -----------------------------------------------------------------------------------------------

    def kept_parts(self) -> list[list[dict[str, Any]]]:
        return [
            [{"id": p.id, "family": p.family, "tones": list(p.tones), "fact": p.fact, "text": p.text} for p in found]
            for found in self.parts
        ]

    def kept_places(self) -> bytes:
        return self.places.astype(KEPT_PLACES).tobytes()

    def kept_fits(self) -> bytes:
        return self.fits.astype(KEPT_FITS).tobytes()


def run_kept(parts: Sequence[Sequence[Mapping[str, Any]]], places: bytes, fits: bytes, frame: Sequence[str]) -> Run:
    """From `kept_parts`, `kept_places` and `kept_fits`."""
    said = tuple(tuple(Part(**{**one, "tones": tuple(one["tones"])}) for one in found) for found in parts)
    return Run(
        said,
        np.frombuffer(places, KEPT_PLACES).reshape(-1, len(said)).astype(np.int64),
        (frame[0], frame[1]),
        np.frombuffer(fits, KEPT_FITS).reshape(-1, len(FITS)).astype(np.float64),
    )


def run_of(brief: WritingBrief, made: Made, voice_fits: NDArray[np.float64] | None = None) -> Run:
    """What was made, with how well it fits: a comfortable length, the tone that was asked for, and the voice."""
    parts = tuple(
        tuple(Part(o.fragment.name, o.fragment.family, tuple(sorted(o.fragment.tones)), o.fact, o.text) for o in found)
        for found in made.options
    )
    frame, n = frame_of(brief), len(made.places)
    fits = np.full((n, len(FITS)), np.nan)
    middle = (brief.shortest + brief.longest) / 2
    away = np.abs(lengths_of(frame, parts, made.places) - middle)
    fits[:, 0] = np.maximum(0.0, 1 - away / (brief.longest - brief.shortest))
    shared = _shared_tones(parts, made.places)
    fits[:, 1] = np.divide(1.0, shared, out=np.zeros(n), where=shared > 0)
    if voice_fits is not None:
        fits[:, 2] = voice_fits
    return Run(parts, made.places, frame, fits)


def _shared_tones(parts: Sequence[Sequence[Part]], places: Places) -> NDArray[np.int64]:
    """How many tones all parts of a text may have: one is clear, several are vague, none is a jumble."""
    bit = {tone.value: 1 << at for at, tone in enumerate(Tone)}
    masks = [np.array([sum(bit[tone] for tone in part.tones) for part in found], dtype=np.int64) for found in parts]
    both = reduce(np.bitwise_and, (masks[slot][places[:, slot]] for slot in range(len(masks))))
    return np.asarray(np.bitwise_count(both), dtype=np.int64)


# -- narrowing -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Narrow:
    """What a person wants to see of a run. Empty: everything. Lengths are in characters, None is open."""

    family: str = ""
    fact: int | None = None
    tone: Tone | None = None
    shortest: int | None = None
    longest: int | None = None
    words: str = ""
    only: frozenset[int] | None = None  # rows, such as favourites
    without: frozenset[int] = frozenset()  # rows, such as dismissed ones


def narrowed(run: Run, narrow: Narrow) -> NDArray[np.bool_]:
    """Which texts of the run pass, shape (texts,)."""
    passes = np.ones(len(run), dtype=np.bool_)
    if narrow.only is not None:
        passes[:] = False
        passes[[row for row in narrow.only if row < len(run)]] = True
    passes[[row for row in narrow.without if row < len(run)]] = False
    if narrow.family:
        passes &= run.families() == narrow.family
    if narrow.fact is not None:
        passes &= run.telling(narrow.fact)
    if narrow.tone is not None:
        passes &= run.sounding(narrow.tone)
    if narrow.shortest is not None:
        passes &= run.lengths >= narrow.shortest
    if narrow.longest is not None:
        passes &= run.lengths <= narrow.longest
    for word in narrow.words.split()[:8]:
        passes &= run.saying(word)
    return passes


def family_counts(run: Run) -> list[tuple[str, int]]:
    """How many texts begin in which way, the most frequent first."""
    return Counter(run.families().tolist()).most_common()
