"""Checking what a language model wrote against what it was given: a sentence that does not rest on its sources is dropped.

The checks are strict on purpose and read no meaning. A sentence stays only if it cites known ids, if each of its numbers
stands in what it cites, if a word of quantity (“most”, “nobody”) has a count behind it, if it denies nothing that its
sources do not deny, and if its content words are those of its sources. True sentences in other words, or in another
language than their sources, are dropped too: known weakness, and the safer one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sillage.lib.text import folded
from sillage.understanding.engine.addressed import speaks_to_a_machine
from sillage.understanding.engine.claim_words import ALL, ALSO_WORDS, DENIES, MOST, NONE, NUMBER_WORDS, TELLING
from sillage.understanding.engine.topic_words import are_inflections, content_words

VERSION = "claims/1"
SUPPORTED_FROM = 0.7  # of a sentence's content words
LONGEST_SENTENCE = 400  # characters


class Fault(StrEnum):
    """Why a sentence was dropped."""

    NO_IDS = "it cites nothing"
    UNKNOWN_IDS = "it cites what does not exist"
    NUMBERS = "its numbers are not in what it cites"
    QUANTITY = "it says how many without a count that says so"
    DENIAL = "it denies, or leaves out a denial"
    WORDS = "its words are not those of what it cites"
    ADDRESS = "it holds a link or a handle, or speaks to a machine"
    LENGTH = "it is empty or too long"


@dataclass(frozen=True, slots=True)
class Count:
    """A counted fact that a sentence may cite by its id: `n` of `of` texts."""

    label: str
    n: int
    of: int


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence with the ids that it is said to rest on."""

    text: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dropped:
    """A claim that did not hold, and the words, numbers or ids that are to blame."""

    claim: Claim
    fault: Fault
    blame: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    kept: tuple[Claim, ...]
    dropped: tuple[Dropped, ...]


_NUMBER = re.compile(r"\d+(?:[\s\u00a0\u202f.,'’]\d{3})*(?:[.,]\d+)?")
_ADDRESS = re.compile(r"https?:|www\.|\w\.(?:com|net|org|io|fr|de|es|it|co|ly|me|shop)\b|(?<!\w)@\w")


def check_claims(claims: Iterable[Claim], sources: Mapping[str, str], counts: Mapping[str, Count]) -> Checked:
    """Keep the claims that rest on what they cite: texts in `sources` and facts in `counts`, both by id."""
    kept: list[Claim] = []
    dropped: list[Dropped] = []
    for claim in claims:
        fault = _fault(claim, sources, counts)
        if fault is None:
            kept.append(claim)
        else:
            dropped.append(Dropped(claim, *fault))
    return Checked(tuple(kept), tuple(dropped))


def _fault(
    claim: Claim, sources: Mapping[str, str], counts: Mapping[str, Count]
) -> tuple[Fault, tuple[str, ...]] | None:
    if not claim.text.strip() or len(claim.text) > LONGEST_SENTENCE:
        return Fault.LENGTH, ()
    if not claim.ids:
        return Fault.NO_IDS, ()
    unknown = tuple(i for i in claim.ids if i not in sources and i not in counts)
    if unknown:
        return Fault.UNKNOWN_IDS, unknown
    if _ADDRESS.search(claim.text.casefold()) or speaks_to_a_machine(claim.text):
        return Fault.ADDRESS, ()
    texts = [sources[i] for i in claim.ids if i in sources]
    cited = [counts[i] for i in claim.ids if i in counts]
    if wrong := _numbers_unfounded(claim.text, texts, cited):
        return Fault.NUMBERS, wrong
    if wrong := _quantities_unfounded(claim.text, cited):
        return Fault.QUANTITY, wrong
    if _denial_differs(claim.text, texts):
        return Fault.DENIAL, ()
    return _words_unfounded(claim.text, texts, cited)


def _numbers_unfounded(sentence: str, texts: Sequence[str], counts: Sequence[Count]) -> tuple[str, ...]:
    allowed = {number for text in texts for number in _numbers(text)}
    shares = {100 * c.n / c.of for c in counts if c.of}
    allowed |= {float(value) for c in counts for value in (c.n, c.of)} | {float(round(share)) for share in shares}
    allowed |= {round(share, 1) for share in shares}
    return tuple(f"{number:g}" for number in sorted(_numbers(sentence) - allowed))


def _numbers(text: str) -> set[float]:
    """Numbers in digits, and those written as words; “1,200”, “1 200” and “1.200” are 1200, “4,5” is 4.5."""
    found = {_value(m[0]) for m in _NUMBER.finditer(text)}
    words = re.findall(r"\w+", folded(text))
    return found | {float(NUMBER_WORDS[w]) for w in words if w in NUMBER_WORDS and w not in ALSO_WORDS}


def _value(written: str) -> float:
    grouped = re.sub(r"[\s\u00a0\u202f.,'’](?=\d{3}(?!\d))", "", written)
    return float(grouped.replace(",", "."))


def _quantities_unfounded(sentence: str, counts: Sequence[Count]) -> tuple[str, ...]:
    """Words of quantity without a cited count that makes them true."""
    words = re.findall(r"\w+", folded(sentence))
    shares = [c.n / c.of for c in counts if c.of]
    wrong = [w for w in words if w in MOST and not any(s > 0.5 for s in shares)]
    wrong += [w for w in words if w in ALL and not any(s == 1 for s in shares)]
    wrong += [w for w in words if w in NONE and not any(s == 0 for s in shares)]
    return tuple(dict.fromkeys(wrong))


def _denial_differs(sentence: str, texts: Sequence[str]) -> bool:
    """A denial that no source has; or one source, which denies, and a sentence that does not."""
    denying = [_denies(text) for text in texts]
    if _denies(sentence):
        return not any(denying)
    return len(texts) == 1 and denying[0]


def _denies(text: str) -> bool:
    return DENIES.search(folded(text)) is not None


def _words_unfounded(
    sentence: str, texts: Sequence[str], counts: Sequence[Count]
) -> tuple[Fault, tuple[str, ...]] | None:
    known = {w for t in (*texts, *(c.label for c in counts)) for w in content_words(t)}
    said = [w for w in dict.fromkeys(content_words(sentence)) if w not in TELLING and w not in NUMBER_WORDS]
    foreign = tuple(w for w in said if not any(are_inflections(w, k) for k in known))
    names = set(foreign) & _names(sentence)
    if names or (said and len(said) - len(foreign) < SUPPORTED_FROM * len(said)):
        return Fault.WORDS, tuple(sorted(names)) or foreign
    return None


def _names(sentence: str) -> set[str]:
    """Folded words that are written like names: a capital or a hash sign, not at the beginning."""
    return {
        w
        for m in re.finditer(r"(?<=[\s(“«\"'’])#?([^\W\d_]\w+)", sentence)
        if _is_named(m[0])
        for w in content_words(m[1])
    }


def _is_named(word: str) -> bool:
    return word.startswith("#") or word[:1].isupper()
