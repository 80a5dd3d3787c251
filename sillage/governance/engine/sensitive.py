"""The gate before everything that sorts people: segments, tags, briefs, searches, prompts.

What content is about is a theme (“Ramadan recipes”, “Jewish cuisine”, “LGBT history” pass). What a person is, in religion,
origin, health, sexuality, politics or union, is nobody's to sort by (GDPR, article 9: “probably Muslim creators”, “pregnant
women”, “gay creators” are refused), and nobody looks for minors (“under 16s”, “15-17 ans”). A gate of words: plain, readable,
measured on phrases (`sillage evaluate sensitive`), and no proof against somebody who wants around it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from sillage.governance.engine.sensitive_ages import Clause, age_sought
from sillage.lib.errors import Malformed
from sillage.lib.sentences import Sentence
from sillage.lib.text import folded

FOLDER = "sillage.governance.sensitive_words"
LANGUAGES = ("de", "en", "es", "fr", "it")
AGE = "age"
CATEGORIES = ("religion", "origin", "health", "sexuality", "politics", "union", AGE)
NAMED_ALONE = frozenset({"religion", "health", "sexuality", "union"})  # “Gay” as a tag; “Noir” may be a colour
WITHIN = 2  # words that may stand between a person and what is said of them
_CLAUSES = re.compile(r"[.,;:!?()\[\]\"“”«»\n•|]+")
_WORDS = re.compile(r"[a-z0-9ß]+(?:-[a-z0-9ß]+)*")


class SortsPeople(Malformed):
    """The words sort people by what nobody may be sorted by, or look for minors."""

    title = "Special category"


@dataclass(frozen=True, slots=True)
class Sorting:
    """The words that sort people, folded, and the category (one of CATEGORIES)."""

    words: str
    category: str


def sorting_in(text: str) -> Sorting | None:
    """The first words that sort people by what may not be sorted by; None where there are none."""
    clauses = _clauses(text)
    for clause in clauses:
        aged = age_sought(clause, _around())
        if aged is not None:
            return Sorting(aged, AGE)
        for language in LANGUAGES:
            found = _lexicon(language).sorting_in(clause, is_all=len(clauses) == 1)
            if found is not None:
                return found
    return None


def refuse_sorting(*texts: str) -> None:
    """Refuse words that sort people. Every entry point calls this, or `sorting_in` for a refusal of its own."""
    for text in texts:
        found = sorting_in(text)
        if found is not None:
            raise SortsPeople(refusal_of(found), Sentence("Describe subjects that content is about instead."))


def refusal_of(found: Sorting) -> str:
    if found.category == AGE:
        return Sentence("“%(words)s” looks for minors: they are neither looked for nor profiled.", words=found.words)
    return Sentence("“%(words)s” says what people are: Sillage goes only by what content is about.", words=found.words)


def _clauses(text: str) -> list[list[str]]:
    plain = folded(text).replace("'", " ").replace("/", " ").replace("_", " ").replace("#", " ").replace("–", "-")
    return [words for part in _CLAUSES.split(plain) if (words := _WORDS.findall(part))]


class _Words:
    """A set of words and phrases; “stem*” matches any ending, “a_b” two words."""

    def __init__(self, listed: str) -> None:
        self.longest = 1
        self._exact: set[str] = set()
        stems = []
        for entry in listed.split():
            phrase = entry.replace("_", " ")
            self.longest = max(self.longest, phrase.count(" ") + 1)
            if "*" in phrase:
                stems.append(re.escape(phrase).replace(r"\*", r"[a-z0-9ß-]*").replace(r"\ ", " "))
            else:
                self._exact.add(phrase)
        self._stems = re.compile("|".join(stems)) if stems else None

    def __contains__(self, words: object) -> bool:
        return words in self._exact or (self._stems is not None and self._stems.fullmatch(str(words)) is not None)

    def at(self, words: Sequence[str], place: int) -> int:
        """How many words of the clause match from `place` on; 0 for none, the longest match first."""
        for length in range(min(self.longest, len(words) - place), 0, -1):
            if " ".join(words[place : place + length]) in self:
                return length
        return 0


class _Lexicon:
    """One language's lists, and how they are read in it."""

    def __init__(self, lists: dict[str, Any]) -> None:
        self.is_before = lists["order"] == "before"
        self.persons, self.topics, self.stops = (_Words(lists[name]) for name in ("persons", "topics", "stops"))
        self.links = _Words(lists["links"])
        kinds = ("always", "people", "traits", "conditions")
        self.lists = {c: {kind: _Words(lists[c].get(kind, "")) for kind in kinds} for c in CATEGORIES}

    def sorting_in(self, words: list[str], *, is_all: bool) -> Sorting | None:
        """`is_all`: the clause is the whole text, as a tag's or a segment's name is."""
        for category, kinds in self.lists.items():
            if is_all and category in NAMED_ALONE and kinds["traits"].at(words, 0) == len(words):
                return Sorting(" ".join(words), category)
            for place in range(len(words)):
                length = self._sorts(words, place, kinds)
                if length and not (category == AGE and _names_minors_only(words, place)):
                    return Sorting(" ".join(words[place : place + length]), category)
        return None

    def _sorts(self, words: list[str], place: int, kinds: dict[str, _Words]) -> int:
        """The length of what sorts people at `place`, or 0."""
        if length := kinds["always"].at(words, place):
            return length
        if (length := kinds["people"].at(words, place)) and not self._is_about(words, place, length):
            return length
        if (length := kinds["traits"].at(words, place)) and self._is_said_of_people(words, place, length):
            return length
        length = kinds["conditions"].at(words, place)
        return length if length and self._is_had_by_people(words, place, length) else 0

    def _is_about(self, words: list[str], place: int, length: int) -> bool:
        """A topic stands beside: “history of the Jews”, “Muslims rights”."""
        after = place + length
        if after < len(words) and words[after] in self.topics:
            return True
        before = place - 1
        while before >= 0 and words[before] in self.stops:
            before -= 1
        return before >= 0 and words[before] in self.topics and words[before] not in self.persons

    def _is_said_of_people(self, words: list[str], place: int, length: int) -> bool:
        after = range(place + length, min(len(words), place + length + WITHIN + 1))
        before = range(place - 1, max(-1, place - WITHIN - 2), -1)
        if self._reaches(words, after if self.is_before else before):
            return True
        return self._is_linked(words, place, 2)

    def _reaches(self, words: list[str], places: Iterable[int]) -> bool:
        """A person is met before a topic or a word that ends the group."""
        for place in places:
            if words[place] in self.persons:
                return True
            if words[place] in self.topics or words[place] in self.stops:
                return False
        return False

    def _is_had_by_people(self, words: list[str], place: int, length: int) -> bool:
        """“people living with HIV”, “cancer patients”; not “cancer prevention”."""
        after = place + length
        if self.is_before and after < len(words) and words[after] in self.persons:
            return True
        return self._is_linked(words, place, 1)

    def _is_linked(self, words: list[str], place: int, least: int) -> bool:
        """People, a link of so many words, and at most one word before `place`: “women who are very religious”."""
        for link in range(place - 1, max(0, place - 5), -1):
            length = self.links.at(words, link)
            is_near = length >= least and 0 <= place - (link + length) <= 1
            if is_near and self._reaches(words, range(link - 1, max(-1, link - 3), -1)):
                return True
        return False


def _names_minors_only(words: list[str], place: int) -> bool:
    """Minors are named, not looked for: “parents of teenagers”, “novels for teens”, “no minors”."""
    known = _around()
    beside = [*words[max(0, place - 5) : place], *words[place + 1 : place + 2]]
    if any(w in known.guardians or w in known.childhood for w in beside):
        return True
    return any(w in known.negations for w in words[max(0, place - 3) : place])


@cache
def _lists(language: str) -> dict[str, Any]:
    return tomllib.loads(resources.files(FOLDER).joinpath(f"{language}.toml").read_text(encoding="utf8"))


@cache
def _lexicon(language: str) -> _Lexicon:
    return _Lexicon(_lists(language))


@cache
def _around() -> Clause:
    """Of all languages together: ages are written alike in several, and a clause does not say which it is in."""
    names = ("persons", "guardians", "childhood", "negations")
    return Clause(*(_Words(" ".join(_lists(language)[name] for language in LANGUAGES)) for name in names))
