"""The countries, networks and languages of a brief.

A country's name counts wherever it stands, unless it is a destination (“a trip to Japan”). The word for its people
counts where it is said of people (“créateurs belges”, “Belgian beauty creators”) or stands alone, so that “Italian
food” is not a country. A language counts as “in French”, “French-speaking”, “francophone”, or alone.
"""

from __future__ import annotations

from collections.abc import Container

from sillage.understanding.engine.brief_sheet import Clause, Sheet
from sillage.understanding.engine.brief_vocabulary import Vocabulary

_BEFORE_LANGUAGE = frozenset(
    ("in", "en", "speak", "speaking", "parle", "parlant", "parlent", "langue", "language", "le", "written", "rédigé")
)
_BEHIND_LANGUAGE = frozenset(("speaking", "speaker", "language", "content", "caption", "subtitle"))
_BEFORE_X = frozenset(("on", "sur", "twitter", "and", "et", "or", "ou"))
_ARTICLES = frozenset(("les", "des", "aux"))
_REACH = 3  # words between “Belgian” and “creators”
_FAR = 8  # words looked at in a row of them


def take_facts(sheet: Sheet, known: Vocabulary, protected: Container[int]) -> None:
    """Note the facts on the sheet. Words in `protected` (places) belong to a phrase of a theme."""
    for clause in sheet.clauses:
        lone = _lone(sheet, known, clause)
        place = clause.first
        while place < clause.stop:
            stop = place + 1
            if sheet.taken[place] is None and place not in protected:
                stop = (
                    _network(sheet, known, clause, place)
                    or _language(sheet, known, clause, place, lone)
                    or _country(sheet, known, clause, place, lone)
                    or stop
                )
            place = stop


def _network(sheet: Sheet, known: Vocabulary, clause: Clause, place: int) -> int | None:
    found = known.networks.at(sheet.plain, place, clause.stop)
    if found is not None:
        sheet.note("network", found[0], place, found[1])
        return found[1]
    if sheet.written(place, place + 1) == "X" and place > 0 and sheet.plain[place - 1] in _BEFORE_X:
        sheet.note("network", "x", place, place + 1)
        return place + 1
    return None


def _language(sheet: Sheet, known: Vocabulary, clause: Clause, place: int, lone: str | None) -> int | None:
    speakers = known.speakers.at(sheet.plain, place, clause.stop)
    if speakers is not None:
        sheet.note("language", speakers[0], place, speakers[1])
        return speakers[1]
    name = known.languages.at(sheet.plain, place, clause.stop)
    if name is None:
        return None
    code, stop = name
    first = place
    if place > clause.first and sheet.plain[place - 1] in _BEFORE_LANGUAGE and sheet.taken[place - 1] is None:
        first = place - 1
    behind = stop < clause.stop and sheet.plain[stop] in _BEHIND_LANGUAGE
    if first < place or behind or lone == "language" or _follows_language(sheet, known, clause, place):
        stop += behind
        sheet.note("language", code, first, stop)
        return stop
    return None


def _follows_language(sheet: Sheet, known: Vocabulary, clause: Clause, place: int) -> bool:
    """Whether it goes on a list: “in French and English”, “French- and English-speaking” is not one."""
    before = place - 1
    return before > clause.first and sheet.plain[before] in known.connectors and sheet.taken[before - 1] == "language"


def _country(sheet: Sheet, known: Vocabulary, clause: Clause, place: int, lone: str | None) -> int | None:
    found = known.countries.at(sheet.plain, place, clause.stop)
    if found is not None and (_is_ordinary(sheet, known, place) or _is_destination(sheet, known, clause, place)):
        return None
    if found is None:
        found = known.people_of.at(sheet.plain, place, clause.stop)
        if found is None or not (lone == "country" or _is_said_of_people(sheet, known, clause, place, found[1])):
            return None
    for code in found[0].split():
        sheet.note("country", code, place, found[1])
    return found[1]


def _is_ordinary(sheet: Sheet, known: Vocabulary, place: int) -> bool:
    """Whether a name that is also a word stands there as the word: “chiné”, “chili”, “us”."""
    word = sheet.written(place, place + 1)
    return sheet.plain[place] in known.capitals and not (word.isupper() if len(word) < 3 else word[0].isupper())


def _is_destination(sheet: Sheet, known: Vocabulary, clause: Clause, place: int) -> bool:
    behind = place + 1
    if behind < clause.stop and sheet.plain[behind] in known.travel:
        return True
    for before in range(place - 1, max(clause.first, place - _FAR) - 1, -1):
        if sheet.plain[before] in known.people:
            return False
        if sheet.plain[before] in known.travel:
            return True
    return False


def _is_said_of_people(sheet: Sheet, known: Vocabulary, clause: Clause, place: int, stop: int) -> bool:
    reach = _REACH if sheet.language == "en" else 1
    return (
        _has_people_behind(sheet, known, stop, min(clause.stop, stop + _FAR), reach)
        or _has_people_before(sheet, known, place, max(clause.first, place - _FAR))
        or _is_a_people(sheet, place)
    )


def _has_people_behind(sheet: Sheet, known: Vocabulary, first: int, stop: int, reach: int) -> bool:
    for place in range(first, stop):
        word = sheet.plain[place]
        if word in known.people:
            return True
        if word in known.connectors or word in known.people_of:
            continue
        reach -= 1
        if reach == 0 or known.is_common(word):
            return False
    return False


def _has_people_before(sheet: Sheet, known: Vocabulary, place: int, first: int) -> bool:
    """“créateurs belges”, and in the plural “mamans mode belges”, which “créateurs cuisine italienne” is not."""
    may_pass = sheet.written(place, place + 1).casefold().endswith("s")
    for before in range(place - 1, first - 1, -1):
        word = sheet.plain[before]
        if word in known.people:
            return True
        if word in known.connectors or word in known.people_of:
            continue
        if not may_pass or known.is_common(word):
            return False
        may_pass = False
    return False


def _is_a_people(sheet: Sheet, place: int) -> bool:
    """“les Belges”: a noun, which French writes with a capital."""
    return place > 0 and sheet.plain[place - 1] in _ARTICLES and sheet.written(place, place + 1)[0].isupper()


def _lone(sheet: Sheet, known: Vocabulary, clause: Clause) -> str | None:
    """What a clause of nothing but such words names: countries (“French and Belgian only”), or languages if it can."""
    named = []
    for place in range(clause.first, clause.stop):
        word = sheet.plain[place]
        if word in known.people_of or word in known.languages:
            named.append(word in known.languages)
        elif not (sheet.taken[place] or word in known.generic or word in known.connectors or known.is_common(word)):
            return None
    if not named:
        return None
    return "language" if all(named) else "country"
