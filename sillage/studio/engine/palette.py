"""Colours taken from pictures, and which of them can be read on which.

Colours are grouped in OKLab (B. Ottosson, 2020), where equal steps look equal; contrast is that of WCAG 2.2 (1.4.3): 4.5
for text, 3 for large text and for parts of a page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from sillage.lib.late import cluster

VERSION = "palette/1"
MOST_PIXELS = 20_000
TEXT, LARGE_TEXT, VERY_READABLE = 4.5, 3.0, 7.0  # WCAG 2.2: AA of text and of large text, AAA of text
ALIKE = 0.06  # distance in OKLab below which two colours are one
SEED = 7

Floats = NDArray[np.float64]
_TO_CONES = np.array([[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566]])
_TO_CONES = np.vstack([_TO_CONES, [0.0883024619, 0.2817188376, 0.6299787005]])
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


@dataclass(frozen=True, slots=True)
class Colour:
    """sRGB 0..255 and the share of the pixels that are nearest to it."""

    red: int
    green: int
    blue: int
    share: float = 0.0

    @property
    def code(self) -> str:
        """As pages write it: #rrggbb."""
        return f"#{self.red:02x}{self.green:02x}{self.blue:02x}"

    @classmethod
    def of(cls, code: str) -> Colour:
        """From #rrggbb. Raises ValueError."""
        digits = code.removeprefix("#")
        if len(digits) != 6:
            raise ValueError(f"{code} is not #rrggbb")
        return cls(*(int(digits[i : i + 2], 16) for i in (0, 2, 4)))


@dataclass(frozen=True, slots=True)
class Pair:
    """Text of one colour on another, and their contrast ratio, 1..21."""

    text: Colour
    ground: Colour
    contrast: float

    @property
    def is_readable(self) -> bool:
        return self.contrast >= TEXT

    @property
    def is_readable_large(self) -> bool:
        return self.contrast >= LARGE_TEXT

    @property
    def is_very_readable(self) -> bool:
        return self.contrast >= VERY_READABLE


def palette_of(pixels: NDArray[np.uint8], colours: int = 6) -> list[Colour]:
    """Up to that many colours of a picture, (pixels, 3) sRGB, the most frequent first. Few or like ones are put together."""
    if not len(pixels):
        return []
    drawn = np.random.default_rng(SEED).choice(len(pixels), min(len(pixels), MOST_PIXELS), replace=False)
    rgb = pixels[drawn].astype(np.float64)
    lab = _oklab(rgb)
    different = len(np.unique(pixels[drawn], axis=0))
    means = cluster.KMeans(min(colours, different), n_init=4, random_state=SEED).fit(lab)
    return _merged(lab, rgb, means.labels_)


def _merged(lab: Floats, rgb: Floats, labels: NDArray[np.int32]) -> list[Colour]:
    found: list[tuple[Floats, Colour]] = []
    for label in np.argsort(-np.bincount(labels)):
        own = labels == label
        if not own.any():
            continue
        centre, share = lab[own].mean(axis=0), float(own.mean())
        near = next((i for i, (other, _) in enumerate(found) if np.linalg.norm(other - centre) < ALIKE), None)
        if near is not None:
            other, kept = found[near]
            found[near] = other, Colour(kept.red, kept.green, kept.blue, kept.share + share)
            continue
        nearest = rgb[own][np.argmin(np.linalg.norm(lab[own] - centre, axis=1))]  # a colour that is there, not a mean
        red, green, blue = (int(v) for v in nearest)
        found.append((centre, Colour(red, green, blue, share)))
    return sorted((colour for _, colour in found), key=lambda c: -c.share)


def contrast(one: Colour, other: Colour) -> float:
    """WCAG's ratio of relative luminances, 1..21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def pairs_of(colours: Sequence[Colour]) -> list[Pair]:
    """Every colour as text on every other, the most readable first."""
    found = [Pair(text, ground, round(contrast(text, ground), 2)) for text, ground in permutations(colours, 2)]
    return sorted(found, key=lambda pair: -pair.contrast)


def readable_on(text: Colour, ground: Colour, wanted: float = TEXT) -> Colour:
    """The colour nearest to `text`, lighter or darker along its own hue, that reaches the contrast; itself if it does."""
    if contrast(text, ground) >= wanted:
        return text
    own = np.array([text.red, text.green, text.blue], dtype=np.float64)
    steps = np.linspace(0, 1, 101)[1:]
    towards = [own + step * (end - own) for step in steps for end in (np.zeros(3), np.full(3, 255.0))]
    for rgb in towards:
        tried = Colour(*(round(v) for v in rgb))
        if contrast(tried, ground) >= wanted:
            return tried
    return Colour(0, 0, 0) if _luminance(ground) > 0.18 else Colour(255, 255, 255)


def _luminance(colour: Colour) -> float:
    linear = _linear(np.array([colour.red, colour.green, colour.blue], dtype=np.float64))
    return float(linear @ np.array([0.2126, 0.7152, 0.0722]))


def _linear(rgb: Floats) -> Floats:
    unit = rgb / 255
    return np.where(unit <= 0.04045, unit / 12.92, ((unit + 0.055) / 1.055) ** 2.4)


def _oklab(rgb: Floats) -> Floats:
    return np.asarray(np.cbrt(_linear(rgb) @ _TO_CONES.T) @ _TO_LAB.T, dtype=np.float64)
