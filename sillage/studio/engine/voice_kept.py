"""A trained voice as it is kept, and taken out again with what people wish of it."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sillage.lib.late import sparse
from sillage.studio.engine.brief import holds
from sillage.studio.engine.traits import TRAITS
from sillage.studio.engine.voice import Fit, Floats, Ground, Voice, fit, fits
from sillage.studio.engine.voice_tokens import BUCKETS

_PLAIN = ("n", "counts", "addressing", "weights", "meaning_version")
_PER_TRAIT = ("means", "spreads", "lows", "highs")
_LISTS = ("openings", "closings", "vocabulary")


@dataclass(frozen=True, eq=False)
class VoiceInUse:
    """A trained voice with a person's wishes and banned words on top: ready to compare texts."""

    voice: Voice
    banned: tuple[str, ...] = ()

    def fit(self, text: str) -> Fit:
        """One text, with the reasons: the traits that are off, the furthest first, and banned words."""
        found = fit(text, self.voice)
        said = tuple(word for word in self.banned if holds(text, word))
        return replace(found, value=0.0, banned=said, near=False) if said else found

    def fits(self, texts: Sequence[str]) -> Floats:
        """Shape (texts,), 0..1."""
        values = fits(texts, self.voice)
        for word in self.banned:
            folded = word.casefold()
            values[[folded in text.casefold() and holds(text, word) for text in texts]] = 0.0
        return values


def kept(voice: Voice) -> tuple[dict[str, Any], bytes]:
    """(what people may read as JSON, the profiles as compressed arrays). The same voice gives the same bytes."""
    learnt = {name: getattr(voice, name) for name in _PLAIN}
    learnt |= {name: dict(zip(TRAITS, np.round(getattr(voice, name), 6).tolist(), strict=True)) for name in _PER_TRAIT}
    learnt |= {name: [list(pair) for pair in getattr(voice, name)] for name in _LISTS}
    learnt |= {"own": list(voice.own), "scale": {part: list(pair) for part, pair in voice.scale.items()}}
    learnt |= {"ground_n": voice.ground.n}
    arrays = {
        "run_rarity": voice.ground.run_rarity.astype(np.float32),
        "word_rarity": voice.ground.word_rarity.astype(np.float32),
        "trait_spreads": voice.ground.trait_spreads,
        **{f"{name}_{part}": array for name in ("characters", "words") for part, array in _packed(voice, name).items()},
        "meaning": np.zeros(0, np.float32) if voice.meaning is None else voice.meaning.astype(np.float32),
    }
    into = io.BytesIO()
    np.savez_compressed(into, allow_pickle=False, **arrays)
    return learnt, into.getvalue()


def _packed(voice: Voice, name: str) -> dict[str, Any]:
    profile: sparse.csr_matrix = getattr(voice, name).sorted_indices()
    return {"at": profile.indices.astype(np.int32), "values": profile.data.astype(np.float32)}


def opened(
    learnt: Mapping[str, Any], profile: bytes, *, wishes: Mapping[str, Any], banned: Sequence[str]
) -> VoiceInUse:
    """A version as it is kept. `wishes` ({trait: {"usual", "spread"}}) win over what was measured."""
    with np.load(io.BytesIO(profile), allow_pickle=False) as read:
        arrays = dict(read)
    voice = Voice(
        ground=Ground(
            arrays["run_rarity"].astype(np.float64),
            arrays["word_rarity"].astype(np.float64),
            arrays["trait_spreads"],
            int(learnt["ground_n"]),
        ),
        **_plain(learnt),
        **_per_trait(learnt, wishes),
        characters=_unpacked(arrays, "characters"),
        words=_unpacked(arrays, "words"),
        meaning=arrays["meaning"] if len(arrays["meaning"]) else None,
    )
    return VoiceInUse(voice, tuple(banned))


def _plain(learnt: Mapping[str, Any]) -> dict[str, Any]:
    """Fields as JSON has them; its lists are pairs again."""
    return {
        **{name: learnt[name] for name in _PLAIN},
        **{name: tuple((str(word), int(n)) for word, n in learnt[name]) for name in _LISTS},
        "scale": {part: (float(mean), float(spread)) for part, (mean, spread) in learnt["scale"].items()},
        "own": (float(learnt["own"][0]), float(learnt["own"][1])),
    }


def _per_trait(learnt: Mapping[str, Any], wishes: Mapping[str, Any]) -> dict[str, Any]:
    found = {name: np.array([learnt[name][trait] for trait in TRAITS]) for name in _PER_TRAIT}
    for at, trait in enumerate(TRAITS):
        if trait in wishes:
            usual, spread = float(wishes[trait]["usual"]), float(wishes[trait]["spread"])
            for name, value in zip(_PER_TRAIT, (usual, spread, usual - spread, usual + spread), strict=True):
                found[name][at] = value
    return found


def _unpacked(arrays: Mapping[str, Any], name: str) -> sparse.csr_matrix:
    at, values = arrays[f"{name}_at"], arrays[f"{name}_values"].astype(np.float64)
    return sparse.csr_matrix((values, at, [0, len(at)]), shape=(1, BUCKETS))
