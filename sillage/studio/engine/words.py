"""A language's words with what is known of each: hunspell's forms, looked up in a sorted array.

French forms carry the morphology of the dictionary (kind, gender, number, person); English ones carry none. A word that
is in no list is unknown, not wrong: names, brands and new words are unknown too.
"""

from __future__ import annotations

import io
import lzma
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

FOLDER = "sillage.studio.dictionaries"
LANGUAGES = ("fr", "en")
LONGEST = 28  # characters of a form in the list
_LIGATURES = str.maketrans({"œ": "\x9c", "Œ": "\x8c", "’": "'"})
_BACK = str.maketrans({"\x9c": "œ", "\x8c": "Œ"})
_CELLS = ("ms", "mp", "fs", "fp")
_PERSONS = ("1s", "2s", "3s", "1p", "2p", "3p")
TAGS: dict[str, int] = {
    name: 1 << place
    for place, name in enumerate(
        (
            *(f"noun_{cell}" for cell in _CELLS),
            *(f"adj_{cell}" for cell in _CELLS),
            *(f"part_{cell}" for cell in _CELLS),
            *(f"verb_{person}" for person in _PERSONS),
            *("conditional", "imperative", "infinitive", "gerund", "adverb", "small"),
        )
    )
}
NOUN = sum(TAGS[f"noun_{cell}"] for cell in _CELLS)
ADJECTIVE = sum(TAGS[f"adj_{cell}"] for cell in _CELLS)
PARTICIPLE = sum(TAGS[f"part_{cell}"] for cell in _CELLS)
NAMED = NOUN | ADJECTIVE | PARTICIPLE
FINITE = sum(TAGS[f"verb_{person}"] for person in _PERSONS)
INFINITIVE, ADVERB, SMALL = TAGS["infinitive"], TAGS["adverb"], TAGS["small"]
CONDITIONAL, IMPERATIVE, GERUND = TAGS["conditional"], TAGS["imperative"], TAGS["gerund"]
CELLS = {cell: sum(TAGS[f"{kind}_{cell}"] for kind in ("noun", "adj", "part")) for cell in _CELLS}
SINGULAR, PLURAL = CELLS["ms"] | CELLS["fs"], CELLS["mp"] | CELLS["fp"]
MASCULINE, FEMININE = CELLS["ms"] | CELLS["mp"], CELLS["fs"] | CELLS["fp"]


def coded(word: str) -> bytes | None:
    """A byte per character; None for what no word of the lists has."""
    try:
        return word.translate(_LIGATURES).encode("latin-1")
    except UnicodeEncodeError:
        return None


@dataclass(frozen=True, slots=True, eq=False)
class Words:
    """Sorted `forms` (bytes), and per form its `tags` and how common it is (0 unknown)."""

    language: str
    forms: NDArray[np.bytes_]
    tags: NDArray[np.uint32]
    common: NDArray[np.uint8]

    def places(self, words: Sequence[str]) -> NDArray[np.int64]:
        """Where each word stands in `forms`; -1 where it does not."""
        sought = np.array([coded(word) or b"\xff" for word in words], dtype=self.forms.dtype)
        at = np.minimum(np.searchsorted(self.forms, sought), len(self.forms) - 1)
        return np.where(self.forms[at] == sought, at, -1)

    def word(self, place: int) -> str:
        return bytes(self.forms[place]).decode("latin-1").translate(_BACK)


@cache
def words_of(language: str) -> Words | None:
    """The words of a language, read once per process; None where Sillage has none."""
    if language not in LANGUAGES:
        return None
    packed = resources.files(FOLDER)
    data = io.BytesIO(lzma.decompress(packed.joinpath(f"{language}.xz").read_bytes()))
    forms, tags = np.load(data), np.load(data)
    common = np.load(io.BytesIO(lzma.decompress(packed.joinpath(f"{language}_frequencies.xz").read_bytes())))
    return Words(language, forms, tags, common)


@lru_cache(maxsize=50_000)
def tags_of(word: str, language: str = "fr") -> int:
    """What a word may be, all readings together; 0 for unknown words. Capitals of a sentence’s start are seen through."""
    words = words_of(language)
    if words is None:
        return 0
    place = int(words.places([word])[0])
    if place < 0 and word != word.lower():
        place = int(words.places([word.lower()])[0])
    return int(words.tags[place]) if place >= 0 else 0
