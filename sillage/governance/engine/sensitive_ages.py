"""Ages below 18 in a clause that looks for people: “under 16s”, “15-17 ans”, “Mädchen zwischen 13 und 17 Jahren”.

An age needs people beside it, or to stand where only people can be meant; “whisky aged 12 years”, “a brand of 15 years” and
“toys for children aged 3 to 8” pass. A range is refused when it begins below 18.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

ADULT = 18
NEAR = 4  # words before an age in which people are looked for
_UNDER = (
    r"(?:under|below|younger than|moins de|en dessous de|age de moins de|unter|junger als|menores de|menos de|sotto i|"
    r"meno di|di eta inferiore a|u)"
)
_YEARS = r"(?:years? old|years?|yrs?|yo|ans?|anos?|jahre?n?|jahrige?[nrs]?|anni)"
_TO = r"(?:-|to|a|et|y|and|und|bis|e|until)"
_AGES = re.compile(
    rf"\b(?:(?P<under>{_UNDER}) (?P<below>\d{{1,2}})(?P<plural>s)?(?P<under_years> {_YEARS})?"
    rf"|(?P<low>\d{{1,2}}) ?{_TO} ?(?P<high>\d{{1,2}})(?P<range_years>[ -]{_YEARS})?"
    rf"|(?P<one>\d{{1,2}})[ -]{_YEARS}(?:[ -](?:old|alt))?)\b"
)
_AGED = frozenset(
    {
        "aged",
        "ages",
        "age",
        "agee",
        "agees",
        "age_of",
        "entre",
        "between",
        "zwischen",
        "tra",
        "fra",
        "edad",
        "eta",
        "alter",
        "alten",
    }
)
_LEADS = frozenset(
    {
        "de",
        "d",
        "of",
        "von",
        "di",
        "da",
        "im",
        "aged",
        "age",
        "agee",
        "ages",
        "agees",
        "zwischen",
        "entre",
        "between",
        "tra",
        "fra",
        "the",
        "des",
        "les",
        "i",
        "gli",
    }
)
_MEASURES = frozenset(
    {
        "euro",
        "euros",
        "eur",
        "dollar",
        "dollars",
        "minutes",
        "minute",
        "min",
        "mn",
        "secondes",
        "seconds",
        "heures",
        "hours",
        "h",
        "jours",
        "days",
        "tage",
        "dias",
        "giorni",
        "semaines",
        "weeks",
        "mois",
        "months",
        "monate",
        "mesi",
        "km",
        "kg",
        "g",
        "ml",
        "cl",
        "posts",
        "videos",
        "percent",
        "pour",
        "of",
        "experience",
        "d",
        "experiencia",
        "esperienza",
        "erfahrung",
        "garantie",
        "guarantee",
    }
)


class Listed(Protocol):
    def __contains__(self, words: object) -> bool: ...


@dataclass(frozen=True, slots=True)
class Clause:
    """What surrounds an age: words for people, for those who have children, for things made for children, and for “no”."""

    persons: Listed
    guardians: Listed
    childhood: Listed
    negations: Listed


def age_sought(words: Sequence[str], known: Clause) -> str | None:
    """The words that look for people below 18; None where there are none."""
    text = " ".join(words)
    for found in _AGES.finditer(text):
        before = text[: found.start()].split()
        after = text[found.end() :].split()
        if _is_below(found) and _is_of_people(found, before, after, known) and not _is_spared(before, known):
            return found[0]
    return None


def _is_below(found: re.Match[str]) -> bool:
    if found["under"]:
        return int(found["below"]) <= ADULT
    return int(found["low"] or found["one"]) < ADULT and (
        found["high"] is None or int(found["high"]) > int(found["low"])
    )


def _is_of_people(found: re.Match[str], before: list[str], after: list[str], known: Clause) -> bool:
    if after and after[0] in _MEASURES:
        return False
    if _people_before(before, known):
        return True
    if (found["one"] or found["range_years"]) and any(w in known.persons for w in after[:1]):
        return True  # “15-year-old dancers”; “10 to 15 creators” says how many
    if found["under"]:
        return bool(found["plural"] or found["under_years"]) or not after
    if found["low"]:
        return found["range_years"] is not None or bool(before and before[-1] in _AGED)
    return False


def _people_before(before: list[str], known: Clause) -> bool:
    for word in reversed(before[-NEAR:]):
        if word in known.persons:
            return True
        if word not in _LEADS and len(word) <= 4:
            return False  # “creators with 10 years”: a small word that does not lead to an age
    return False


def _is_spared(before: list[str], known: Clause) -> bool:
    """Children who are named for their parents, or for things made for them; and ages that are ruled out."""
    if any(word in known.negations for word in before[-4:]):
        return True
    return any(word in known.guardians or word in known.childhood for word in before)
