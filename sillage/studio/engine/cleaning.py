"""Spoken words made readable, by rule: fillers, words said twice and false starts go; nothing is added or changed.

What is left are words of the speaker in their order. Only spaces, commas that stand alone and the capital of a sentence's
first word are set right. The words as they were said stay beside it: any turn can be put back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from sillage.lib.text import folded
from sillage.studio.engine.transcripts import Turn

VERSION = "cleaning/1"
RUN = 4  # words of a phrase that is said twice in a row

# Sounds and words that say nothing wherever they stand.
_FILLERS: Mapping[str, tuple[str, ...]] = {
    "fr": ("euh", "heu", "euhm", "hum", "hmm", "mmh", "beh"),
    "en": ("uh", "um", "uhm", "erm", "hmm", "mmh", "mhm"),
}
# Phrases that fill a pause when commas set them apart, and mean something when they do not.
_SET_APART: Mapping[str, tuple[str, ...]] = {
    "fr": ("tu vois", "vous voyez", "tu sais", "vous savez", "en fait", "du coup", "voilà", "quoi", "genre", "disons"),
    "en": ("you know", "i mean", "like", "you see", "sort of", "kind of", "basically", "actually", "right", "so yeah"),
}
# Said twice on purpose, or twice by grammar: “nous nous voyons”, “that that”.
_TWICE_MEANT: Mapping[str, frozenset[str]] = {
    "fr": frozenset(
        ("nous", "vous", "très", "trop", "oui", "non", "si", "bien", "plus", "faut", "là", "encore", "jamais")
    ),
    "en": frozenset(("that", "had", "very", "really", "no", "yes", "so", "is", "many", "much")),
}
_WORD = r"[^\W\d_]+(?:[’'-][^\W\d_]+)*"
_TOKEN = re.compile(rf"\s+|{_WORD}|\d+|[^\w\s]|_")
_CUT_OFF = re.compile(rf"\b([^\W\d_]{{1,12}})(?:-|–|—|…|\.\.\.)\s+(?=({_WORD}))")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A turn after cleaning, and how many words went, by reason: filler, repeated, false_start."""

    turn: Turn
    gone: Mapping[str, int]


def cleaned_turns(turns: Sequence[Turn], language: str) -> tuple[Cleaned, ...]:
    """Every turn, cleaned; one that held nothing but fillers stays as it was, for somebody did speak."""
    return tuple(_cleaned(turn, language) for turn in turns)


def _cleaned(turn: Turn, language: str) -> Cleaned:
    text, gone = cleaned(turn.text, language)
    return Cleaned(replace(turn, text=text), gone) if text else Cleaned(turn, {})


def cleaned(text: str, language: str) -> tuple[str, dict[str, int]]:
    """The text without what only speaking needs, and how many words went by reason. Other languages lose repetitions only."""
    before = _words(text)
    text, starts = _without_false_starts(text)
    text, fillers = _without_fillers(text, language)
    text, repeated = _without_repetition(text, language)
    if not (starts or fillers or repeated):
        return text, {}
    gone = {"false_start": starts, "filler": fillers, "repeated": repeated}
    return _set_right(text, begins_large=bool(before) and before[0][:1].isupper()), {k: n for k, n in gone.items() if n}


def _words(text: str) -> list[str]:
    return re.findall(_WORD, text)


def _without_false_starts(text: str) -> tuple[str, int]:
    """“je vou- je voulais” and “le com… le compost” lose what was cut off: a word that the next words begin again."""
    n = 0
    while True:
        for found in _CUT_OFF.finditer(text):
            starts, ends = _false_start(text, found)
            if ends:
                text, n = text[:starts] + text[ends:], n + len(_words(text[starts:ends]))
                break
        else:
            return text, n


def _false_start(text: str, cut: re.Match[str]) -> tuple[int, int]:
    """Where what was begun stands, up to what says it again; (0, 0) where nothing says it again."""
    part, following = folded(cut[1]), _TOKEN.findall(text[cut.end() :])
    after = [folded(token) for token in following if token.strip()][: RUN + 1]
    if after and after[0].startswith(part):
        return cut.start(), cut.end()
    before = [token for token in _TOKEN.finditer(text[: cut.start()]) if token[0].strip()][-RUN:]
    for length in range(1, len(before) + 1):
        again = [folded(token[0]) for token in before[-length:]]
        if after[:length] == again and len(after) > length and after[length].startswith(part):
            return before[-length].start(), cut.end()
    return 0, 0


@cache
def _filler_patterns(language: str) -> tuple[re.Pattern[str], ...]:
    anywhere = "|".join(_FILLERS.get(language, ()))
    apart = "|".join(re.escape(phrase).replace(r"\ ", r"\s+") for phrase in _SET_APART.get(language, ()))
    if not anywhere:
        return ()
    either = f"(?:{anywhere}|{apart})"
    return (
        re.compile(rf"\s*,\s*{either}(?:\s*,\s*{either})*\s*,", re.IGNORECASE),  # both commas go with it
        re.compile(rf"(?:^|(?<=[\s,;:.!?…«“(]))(?:{anywhere})(?:\s*(?:…|\.\.\.))?(?=[\s,;:.!?…»”)]|$)", re.IGNORECASE),
        re.compile(rf"(?:^|(?<=[.!?…]\s))(?:{apart}),\s*(?=\w)", re.IGNORECASE),
        re.compile(rf",\s*(?:{apart})(?=\s*[.!?…]|\s*$)", re.IGNORECASE),
    )


def _without_fillers(text: str, language: str) -> tuple[str, int]:
    n = 0
    for pattern in _filler_patterns(language):
        n += sum(len(_words(found[0])) for found in pattern.finditer(text))
        text = pattern.sub("", text)
    return text, n


def _without_repetition(text: str, language: str) -> tuple[str, int]:
    """“je je”, “et puis et puis”, “the, the”: said once. What is meant twice stays; so do numbers."""
    tokens = _TOKEN.findall(text)
    at = [i for i, token in enumerate(tokens) if re.fullmatch(_WORD, token)]
    words = [folded(tokens[i]) for i in at]
    meant = {folded(word) for word in _TWICE_MEANT.get(language, frozenset())}
    gone: set[int] = set()
    place = n = 0
    while place < len(words):
        length = next((k for k in range(RUN, 0, -1) if _is_twice(words, tokens, at, place, k)), 0)
        if not length or (length == 1 and words[place] in meant):
            place += 1
            continue
        gone.update(range(at[place], at[place + length]))  # the first time goes, with what stood between
        n += length
        place += length
    return "".join(token for i, token in enumerate(tokens) if i not in gone), n


def _is_twice(words: Sequence[str], tokens: Sequence[str], at: Sequence[int], place: int, length: int) -> bool:
    """Whether the `length` words from `place` on are said again at once, with nothing but spaces and commas between."""
    if words[place : place + length] != words[place + length : place + 2 * length]:
        return False
    if place + 2 * length > len(words):
        return False
    between = "".join(tokens[at[place] : at[place + 2 * length - 1]])
    is_joined = not re.search(r"[^\w\s,’'…-]|\d", between)
    return is_joined and (length > 1 or len(words[place]) > 0)


def _set_right(text: str, *, begins_large: bool) -> str:
    """Spaces and commas that stand alone, and the capitals that the words taken out had."""
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r"\s*,(?:\s*,)+", ",", text)
    text = re.sub(r"^[,;:]\s*", "", text)
    text = re.sub(r"([.!?…])\s*,", r"\1", text)
    text = re.sub(r",\s*([.!?…])", r"\1", text)
    text = re.sub(r"\s+([,.])", r"\1", text)
    text = re.sub(r"([.!?…])(?:\s*\.)+(?=\s|$)", r"\1", text)
    text = re.sub(r"(?<=[.!?…] )(\w)", lambda found: found[1].upper(), text)
    return text[:1].upper() + text[1:] if begins_large else text
