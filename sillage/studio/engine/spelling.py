"""Spelling: words that no dictionary of the language has, and what may have been meant. Proposed, never applied.

A word is unknown, not wrong: what a workspace says of itself (brands, products, handles), capitalised names within a sentence,
acronyms and the trade's own words are accepted. Proposals weigh how far a word is (a missing accent is near, a doubled letter
nearly as near) against how common it is: the noisy channel of Kernighan, Church and Gale (1990), with Damerau's edits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from sillage.lib.text import folded
from sillage.studio.engine.tokens import Token, tokens_of
from sillage.studio.engine.words import FOLDER, LANGUAGES, LONGEST, Words, coded, words_of

MOST_FIXES = 3
SHORTEST, LONGEST_ASKED = 2, 24  # letters of a word that is looked at
ACRONYM = 5  # capitals in a row that may be a name
EDIT, ACCENT, DOUBLED, SWAPPED, SOUND = 10.0, 2.5, 5.0, 7.0, 7.0  # bits that an edit costs
FAR = 24.0  # bits beyond which nothing is proposed
JOINED = 12.0  # bits for a blank that was left out
COMMON = 27  # of words that are written as one
RARE, RARER = 14, 18  # a word this rare that an accent makes so many steps more common is asked about
FIRST = 6.0  # more for another first letter
_ENGLISH_ENDS = ("’s", "’", "’ll", "’d", "’re", "’ve")
_INNER_CAPITAL = re.compile(r"[a-zà-ÿ][A-ZÀ-Þ]")
_SOUNDS = ("ckq", "sz", "gj", "yi", "mn", "fv", "td", "pb", "ae", "ao", "ei", "ou", "sc")
_MARKS = {"e": "éèê", "a": "àâ", "u": "ùû", "i": "î", "o": "ô", "c": "ç"}
_TAILS = re.compile(
    r"-(?:t-)?(?:je|tu|il|elle|on|nous|vous|ils|elles|moi|toi|lui|leur|le|la|les|y|en|ce|ci|là|même|mêmes)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Unknown:
    """A word at [start, end) that no list has. `fixes` in the order of likelihood; none when nothing is near."""

    start: int
    end: int
    word: str
    fixes: tuple[str, ...]


def unknown_words(text: str, language: str, accepted: frozenset[str] = frozenset()) -> Iterator[Unknown]:
    """Of a text in French or English; nothing of others. `accepted` are folded words (lib.text.folded)."""
    words = words_of(language)
    if words is None:
        return
    for token in tokens_of(text, language):
        plain = token.word
        if not SHORTEST <= len(plain) <= LONGEST_ASKED or coded(plain) is None:  # None: of another script
            continue
        if is_known(plain, language):
            accented = likelier(plain) if language == "fr" and not _is_name(token) else ()
            if accented and folded(plain) not in accepted:
                yield Unknown(token.start, token.end, text[token.start : token.end], accented)
            continue
        if folded(plain) in accepted or _is_name(token):
            continue
        fixes = proposals(plain, language)
        if plain[0].isupper() and not (token.opens and fixes and _near(plain, fixes[0])):
            continue
        yield Unknown(token.start, token.end, text[token.start : token.end], fixes)


def _is_name(token: Token) -> bool:
    word = token.word
    capitals = word.isupper() and len(word) <= ACRONYM
    return capitals or bool(_INNER_CAPITAL.search(word)) or (word[0].isupper() and not token.opens)


def _near(word: str, fix: str) -> bool:
    """At the beginning of a sentence only what is one slip from a common word is no name."""
    return abs(len(word) - len(fix)) <= 1 and len(word) > 3 and _bits(word.lower(), fix.lower()) <= EDIT


@lru_cache(maxsize=50_000)
def is_known(word: str, language: str) -> bool:
    """Whether the dictionary, the trade's own words or the language's way of joining words have it."""
    words = words_of(language)
    if words is None or folded(word) in _own_words(language):
        return True
    cased = [word, word.lower(), word.capitalize()] if word.isupper() else [word, word.lower()]
    if (words.places(cased) >= 0).any():
        return True
    if language == "en":
        stem = next((word.removesuffix(end) for end in _ENGLISH_ENDS if word.endswith(end)), "")
        if stem and is_known(stem, language):
            return True
    bare = _TAILS.sub("", word) if language == "fr" else word
    parts = bare.split("-")
    return (bare != word or len(parts) > 1) and all(len(p) < SHORTEST or is_known(p, language) for p in parts)


@cache
def _own_words(language: str) -> frozenset[str]:
    file = resources.files(FOLDER).joinpath(f"trade_{language}.txt")
    lines = file.read_text(encoding="utf8").splitlines()
    return frozenset(folded(word) for line in lines if not line.startswith("#") for word in line.split())


@lru_cache(maxsize=20_000)
def proposals(word: str, language: str) -> tuple[str, ...]:
    """Up to three words that may have been meant, the likeliest first, in the case of the word."""
    words = words_of(language)
    if words is None or len(word) > LONGEST_ASKED:
        return ()
    low = word.lower()
    found = dict(_neighbours(low, words))
    for first, second, common in _split(low, words):
        found[f"{first} {second}"] = common / 2 - JOINED
    ranked = sorted(found, key=lambda form: (-found[form], form))[:MOST_FIXES]
    curly = [form.replace("'", "’") for form in ranked] if language == "fr" else ranked
    return tuple(_in_case(form, word) for form in curly)


@lru_cache(maxsize=20_000)
def likelier(word: str) -> tuple[str, ...]:
    """Of a rare French word without accents, the far more common one with: “voila” is in the dictionary, “voilà” was meant."""
    words, low = words_of("fr"), word.lower()
    if words is None or len(low) < 4 or folded(low) != low:
        return ()
    place = int(words.places([low])[0])
    if place < 0 or words.common[place] > RARE:
        return ()
    variants = [low[:at] + mark + low[at + 1 :] for at, letter in enumerate(low) for mark in _MARKS.get(letter, "")]
    places = words.places(variants) if variants else np.array([], dtype=np.int64)
    known = [(int(words.common[p]), v) for v, p in zip(variants, places, strict=True) if p >= 0]
    common, form = max(known, default=(0, ""))
    return (_in_case(form, word),) if common >= int(words.common[place]) + RARER else ()


def _in_case(form: str, word: str) -> str:
    if word.isupper() and len(word) > 1:
        return form.upper()
    return form[0].upper() + form[1:] if word[0].isupper() else form


def _split(word: str, words: Words) -> Iterator[tuple[str, str, int]]:
    """Two common words that were written as one."""
    cuts = [(word[:at], word[at:]) for at in range(2, len(word) - 1)]
    if not cuts:
        return
    places = words.places([part for cut in cuts for part in cut]).reshape(-1, 2)
    for cut, pair in zip(cuts, places, strict=True):
        common = min(int(words.common[place]) for place in pair) if (pair >= 0).all() else 0
        if common >= COMMON:
            yield cut[0], cut[1], common


def _neighbours(word: str, words: Words) -> Iterator[tuple[str, float]]:
    """(form, likelihood in bits) of what stands near: those with the same first letter, and the common ones with another."""
    rows = _rows_like(word, words)
    if not len(rows):
        return
    costs = _costs(word, words.forms[rows])
    costs += np.where(_first(words, rows) == _first_of(word), 0.0, FIRST)
    likely = words.common[rows] / 2 - costs
    near = np.flatnonzero(costs <= FAR)
    for at in near[np.argsort(-likely[near], kind="stable")[: 3 * MOST_FIXES]]:
        form = words.word(int(rows[at]))
        if form == form.lower() or words.common[rows[at]] > 0:
            yield form, float(likely[at])


def _rows_like(word: str, words: Words) -> NDArray[np.int64]:
    """Rows whose length and letters are near enough to be worth a comparison."""
    lengths, letters, firsts = _shapes(words.language)
    mask = _mask_of(word)
    is_near = (np.abs(lengths.astype(np.int16) - len(word)) <= 2) & (_ones(letters ^ mask) <= 4)
    is_near &= (firsts == _first_of(word)) | (words.common > 12)
    return np.flatnonzero(is_near)


@cache
def _shapes(language: str) -> tuple[NDArray[np.uint8], NDArray[np.uint32], NDArray[np.uint8]]:
    """Per form: its length, the set of its letters as bits, and its first letter, without accents."""
    words = words_of(language)
    assert words is not None
    width = words.forms.dtype.itemsize
    table = _folds()[words.forms.view(np.uint8).reshape(-1, width)]
    letters = np.zeros(len(words.forms), dtype=np.uint32)
    for column in range(width):
        letters |= _BIT[table[:, column]]
    return (words.forms.view(np.uint8).reshape(-1, width) > 0).sum(1).astype(np.uint8), letters, table[:, 0].copy()


_BIT = np.zeros(256, dtype=np.uint32)
for _place, _letter in enumerate("abcdefghijklmnopqrstuvwxyz"):
    _BIT[ord(_letter)] = 1 << _place


@cache
def _folds() -> NDArray[np.uint8]:
    """Latin-1 to its letter without accent, in small: a table of 256."""
    plain = [folded(bytes([code]).decode("latin-1")) or "\0" for code in range(256)]
    table = np.array([ord(p[0]) if p[0] < "\x80" else code for code, p in enumerate(plain)], dtype=np.uint8)
    table[[0x8C, 0x9C]] = ord("o")
    return table


def _letters(word: str) -> NDArray[np.uint8]:
    return np.frombuffer(coded(word) or b"?", dtype=np.uint8)


def _mask_of(word: str) -> np.uint32:
    return np.uint32(np.bitwise_or.reduce(_BIT[_folds()[_letters(word)]]))


def _first_of(word: str) -> int:
    return int(_folds()[_letters(word)[0]])


def _first(words: Words, rows: NDArray[np.int64]) -> NDArray[np.uint8]:
    return _shapes(words.language)[2][rows]


def _ones(bits: NDArray[np.uint32]) -> NDArray[np.uint8]:
    return np.bitwise_count(bits)


@cache
def _changes() -> NDArray[np.float32]:
    """(256, 256): bits that it costs to write one letter for another."""
    table = np.full((256, 256), EDIT, dtype=np.float32)
    folds = _folds()
    table[folds[:, None] == folds[None, :]] = ACCENT
    for group in _SOUNDS:
        for a in group:
            for b in group:
                table[ord(a), ord(b)] = min(table[ord(a), ord(b)], SOUND)
    np.fill_diagonal(table, 0.0)
    return table


def _costs(word: str, forms: NDArray[np.bytes_]) -> NDArray[np.float32]:
    """Bits from the word to each form: Damerau's edits, cell by cell over all forms at once."""
    width = len(word) + 2
    table = forms.view(np.uint8).reshape(len(forms), -1)[:, :width]
    width = table.shape[1]
    lengths = (forms.view(np.uint8).reshape(len(forms), -1) > 0).sum(1)
    letters, changes = _letters(word), _changes()
    rows = [np.zeros((width + 1, len(forms)), dtype=np.float32)]
    columns = np.ascontiguousarray(table.T)
    for j in range(1, width + 1):
        rows[0][j] = rows[0][j - 1] + _extra(columns, j - 1)
    for i in range(1, len(letters) + 1):
        doubled = DOUBLED if i > 1 and letters[i - 1] == letters[i - 2] else EDIT
        row = np.empty_like(rows[0])
        row[0] = rows[i - 1][0] + doubled
        for j in range(1, width + 1):
            best = rows[i - 1][j - 1] + changes[letters[i - 1]][columns[j - 1]]
            np.minimum(best, rows[i - 1][j] + doubled, out=best)
            np.minimum(best, row[j - 1] + _extra(columns, j - 1), out=best)
            if i > 1 and j > 1:
                crossed = (columns[j - 1] == letters[i - 2]) & (columns[j - 2] == letters[i - 1])
                np.minimum(best, np.where(crossed, rows[i - 2][j - 2] + SWAPPED, np.float32(99)), out=best)
            row[j] = best
        rows.append(row)
    costs = rows[-1][np.minimum(lengths, width), np.arange(len(forms))]
    return np.where(lengths <= width, costs, np.float32(99))


def _extra(columns: NDArray[np.uint8], j: int) -> NDArray[np.float32]:
    """What a letter costs that the form has and the word has not: less when it doubles the one before, or is a mute h."""
    if j == 0:
        return np.full(columns.shape[1], EDIT, dtype=np.float32)
    return np.where(columns[j] == columns[j - 1], np.float32(DOUBLED), np.float32(EDIT))


def _bits(word: str, form: str) -> float:
    packed = coded(form)
    if packed is None or len(packed) > LONGEST:
        return 99.0
    return float(_costs(word, np.array([packed], dtype=f"S{LONGEST}"))[0])


def warm(language: str) -> None:
    """Read a language's lists now rather than at the first word."""
    if language in LANGUAGES:
        is_known("a", language)
        _shapes(language)
        _changes()
