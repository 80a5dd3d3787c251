"""What is left of a brief when themes and facts are taken out: its own words, in short phrases as they were written."""

from __future__ import annotations

from collections.abc import Container, Iterator

from sillage.understanding.engine.brief_sheet import Clause, Sheet
from sillage.understanding.engine.brief_vocabulary import Vocabulary

LONGEST_TERM = 5  # words that stay together
_LINKS = frozenset(("de", "d", "du", "des", "la", "le", "l", "les", "a", "au", "aux", "en", "of", "the"))


def leftovers(sheet: Sheet, known: Vocabulary, covered: Container[int]) -> Iterator[tuple[int, int]]:
    """Terms as (place of the first word, place behind the last). `covered` are the places that a theme accounts for."""
    for clause in sheet.clauses:
        empty = _empty(sheet, known, clause)
        for first, stop in _chunks(sheet, known, clause, covered):
            for a, b in _phrases(sheet, first, stop, empty):
                said = [place for place in range(a, b) if place not in empty]
                if not all(place in covered for place in said) and not _only_peoples(sheet, known, said):
                    yield a, b


def _chunks(sheet: Sheet, known: Vocabulary, clause: Clause, covered: Container[int]) -> Iterator[tuple[int, int]]:
    """The clause cut at what was taken, at “and”, at little words that are no link, and where a refusal begins."""
    first = clause.first
    for place in range(clause.first, clause.stop):
        word = sheet.plain[place]
        little = word in known.connectors or (known.is_common(word) and word not in _LINKS)
        cut = sheet.taken[place] is not None or (little and place not in covered and place not in sheet.kept)
        if cut or (place > first and _begins(sheet, place)):
            yield first, place
            first = place + 1 if cut else place
    yield first, clause.stop


def _begins(sheet: Sheet, place: int) -> bool:
    """Whether something new begins with this word: a refusal, a hashtag, a handle."""
    gap = sheet.text[sheet.words[place - 1].end : sheet.words[place].start]
    return sheet.refused[place] != sheet.refused[place - 1] or any(mark in gap for mark in "#@/:&+")


def _phrases(sheet: Sheet, first: int, stop: int, empty: Container[int]) -> Iterator[tuple[int, int]]:
    """The chunk without empty words at its ends, whole if it is short, else each run of words that say something."""
    while first < stop and first in empty:
        first += 1
    while first < stop and stop - 1 in empty and not (stop - 2 > first and sheet.plain[stop - 2] in _LINKS):
        stop -= 1
    if first < stop and stop - first <= LONGEST_TERM:
        yield first, stop
        return
    start = first
    for place in range(first, stop + 1):
        full = place < stop and place not in empty
        if not full or place - start == LONGEST_TERM:
            if place > start:
                yield start, place
            start = place if full else place + 1


def _empty(sheet: Sheet, known: Vocabulary, clause: Clause) -> set[int]:
    """The places of words that every brief has, and of numbers and single letters."""
    empty: set[int] = set()
    for place in range(clause.first, clause.stop):
        word = sheet.plain[place]
        if place in sheet.kept:
            continue
        if word.isnumeric() or len(word) == 1 or known.is_common(word):
            empty.add(place)
        for phrases in (known.generic, known.people, known.connectors):
            found = phrases.at(sheet.plain, place, clause.stop)
            if found is not None:
                empty.update(range(place, found[1]))
    return empty


def _only_peoples(sheet: Sheet, known: Vocabulary, places: list[int]) -> bool:
    """“French”, left over from “a French brand”, is no term by itself."""
    return all(sheet.plain[place] in known.people_of for place in places)
