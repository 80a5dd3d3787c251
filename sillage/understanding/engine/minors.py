"""Whether a biography says that its account is a minor's: a rule, with the words that it went by.

It reads ages that people write about themselves (“15 ans”, “16 yo”, “14 Jahre alt”, “born in 2011”) and school years that
only minors are in. It knows nothing of those who do not say it, or who say another age; nothing is guessed from pictures,
voices or friends, because that would be profiling the very people whom it is to protect (DSA, article 28(3)).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from sillage.lib.text import folded

MINOR = "minor"
VERSION = "1"
ADULT = 18
YOUNGEST = 8  # below, a number is rather a child's of whom a parent writes
_AGE = re.compile(
    r"\b(?:age[ds]? ?:? ?)?(?P<age>\d{1,2}) ?(?:ans|anos|anni|jahre(?: alt)?|years? old|y/?o|yrs? old|yr old)\b"
    r"|\b(?:i'?m|i am|j'ai|tengo|ho|ich bin|aged|age:?) (?P<bare>\d{1,2})\b(?! ?(?:k|m|%|/|\.|,\d|kids|children|enfants|hijos))"
)
_BORN = re.compile(
    r"\b(?:born|nee?|nacid[oa]|nat[oa]|geboren|jg\.?)(?: in| en| el| nel)? (?:\d{1,2}[/. ]\d{1,2}[/. ])?(?P<year>20\d\d)\b"
)
_SCHOOL = re.compile(
    r"\b(?:collegien(?:ne)?|en (?:6|5|4|3)e(?:me)?|lyceen(?:ne)?|en (?:seconde|premiere)|middle schooler|high schooler|"
    r"(?:7th|8th|9th|10th) grader|freshman in high school|estudiante de la eso|liceale|terza media|gymnasiast(?:in)?)\b"
)
_NOT_THEIRS = re.compile(
    r"(?:depuis|since|seit|da|desde|for|il y a|experience|experiencia|esperienza|erfahrung|mariage|married|marque|brand|"
    r"fille|fils|son|daughter|enfant|kids?|children|hij[oa]s?|figli[oa]?|kinder|mum|mom|maman|papa|dad|mere|pere|"
    r"mama|mutter|vater|parent|teacher|prof|coach|chien|dog|cat|chat)\b"
)
_AROUND = 28  # characters before and behind in which somebody else's age is recognised


@dataclass(frozen=True, slots=True)
class SaidMinor:
    """The words by which a biography says it, and the age, where it names one."""

    words: str
    age: int | None


def said_minor(bio: str, today: date) -> SaidMinor | None:
    """None where a biography does not say it, or speaks of somebody or something else."""
    text = folded(bio)
    for found in _AGE.finditer(text):
        age = int(found["age"] or found["bare"])
        if YOUNGEST <= age < ADULT and not _is_of_another(text, found):
            return SaidMinor(found[0].strip(), age)
    for found in _BORN.finditer(text):
        age = today.year - int(found["year"])
        if YOUNGEST <= age < ADULT and not _is_of_another(text, found):
            return SaidMinor(found[0], age)
    school = _SCHOOL.search(text)
    return SaidMinor(school[0], None) if school and not _is_of_another(text, school) else None


def _is_of_another(text: str, found: re.Match[str]) -> bool:
    near = text[max(0, found.start() - _AROUND) : found.start()] + " | " + text[found.end() : found.end() + _AROUND]
    return _NOT_THEIRS.search(near) is not None
