"""A brief in plain French or English, read into what discovery can search for; each item with its place in the text.

The text is read clause by clause (commas, semicolons, full stops, brackets, line ends). Follower numbers, networks,
languages and countries are taken out first, then the words of the theme set, to which the themes' own names are
added; what is left over, without the words that every brief has, becomes terms. What follows a word of refusal is
unwanted. A refused word refuses its whole theme only where the theme is named, or where nothing of that theme's
family is wanted: “skincare, no retinol” refuses a term. Nothing is guessed by a model; a person corrects what is shown.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Generic, TypeVar

from sillage.lib.text import folded
from sillage.understanding.engine.brief_facts import take_facts
from sillage.understanding.engine.brief_followers import FollowerRange, follower_ranges
from sillage.understanding.engine.brief_refusals import mark_refused
from sillage.understanding.engine.brief_sheet import Clause, Sheet, sheet_of
from sillage.understanding.engine.brief_terms import leftovers
from sillage.understanding.engine.brief_vocabulary import vocabulary
from sillage.understanding.engine.theme_words import composed
from sillage.understanding.engine.themes import (
    MIN_CONFIDENCE,
    SURE,
    Theme,
    ThemeMatch,
    ThemeScorer,
    ThemeSet,
    confidence,
    parent_of,
    theme_set,
)

READ_LANGUAGES = ("en", "fr")
MIN_UNWANTED = 0.5  # a word that weighs no more refuses only itself
_NAME_PARTS = re.compile(r", | et | and ")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")

V = TypeVar("V", str, int)


@dataclass(frozen=True, slots=True)
class Span(Generic[V]):
    """What was read, and which characters of the text say so. Only themes have a confidence (0..1)."""

    value: V
    start: int
    end: int
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class BriefReading:
    """`text` is the brief with composed accents, to which all places refer; `language` is the one it was read in.

    `wanted` and `unwanted` are theme ids; countries ISO 3166-1 alpha-2; languages ISO 639-1; followers None where open.
    """

    text: str
    language: str
    wanted: tuple[Span[str], ...]
    unwanted: tuple[Span[str], ...]
    terms: tuple[Span[str], ...]
    unwanted_terms: tuple[Span[str], ...]
    countries: tuple[Span[str], ...]
    networks: tuple[Span[str], ...]
    languages: tuple[Span[str], ...]
    min_followers: Span[int] | None
    max_followers: Span[int] | None


@dataclass(frozen=True, slots=True)
class _Match:
    """A match of the theme set, and the places of the words it covers."""

    found: ThemeMatch
    places: range


def read_brief(text: str, language: str | None = None) -> BriefReading:
    """Read a brief with the shipped theme set; its language (fr or en) is told from its words where it is not given."""
    return _shipped_reader().read(text, language)


@cache
def _shipped_reader() -> BriefReader:
    return BriefReader(theme_set())


class BriefReader:
    """Reads briefs with one theme set."""

    def __init__(self, themes: ThemeSet) -> None:
        self._themes = themes
        self._scorer = ThemeScorer(replace(themes, themes=tuple(_named(theme) for theme in themes.themes)))
        self._known = vocabulary()

    def read(self, text: str, language: str | None = None) -> BriefReading:
        text = composed(text)
        ranges = follower_ranges(text)
        addresses = (match.span() for match in _ADDRESS.finditer(text))
        sheet = sheet_of(text, [*((found.start, found.end) for found in ranges), *addresses])
        sheet.language = language if language in READ_LANGUAGES else self._language(sheet)
        matches = [match for clause in sheet.clauses for match in self._matches(sheet, clause, sheet.language)]
        protected = {place for match in matches if len(match.places) > 1 for place in match.places}
        take_facts(sheet, self._known, protected)
        mark_refused(sheet, self._known, protected)
        free = [match for match in matches if not any(sheet.taken[place] for place in match.places)]
        return self._reading(sheet, ranges, free)

    def _reading(self, sheet: Sheet, ranges: list[FollowerRange], matches: list[_Match]) -> BriefReading:
        accepted = [match for match in matches if not sheet.refused[match.places[0]]]
        wanted = self._spans(accepted)
        refused = list(self._refusing(sheet, matches, {span.value for span in wanted}))
        unwanted = self._spans(refused)
        told = {span.value for span in (*wanted, *unwanted)}
        covered = {place for match in (*accepted, *refused) if told & set(self._ids(match)) for place in match.places}
        terms = list(leftovers(sheet, self._known, covered))
        return BriefReading(
            text=sheet.text,
            language=sheet.language,
            wanted=wanted,
            unwanted=unwanted,
            terms=_written(sheet, (term for term in terms if not sheet.refused[term[0]])),
            unwanted_terms=_written(
                sheet, [*(term for term in terms if sheet.refused[term[0]]), *_refused_facts(sheet)]
            ),
            countries=_facts(sheet, "country"),
            networks=_facts(sheet, "network"),
            languages=_facts(sheet, "language"),
            min_followers=next((Span(r.low, r.start, r.end) for r in ranges if r.low is not None), None),
            max_followers=next((Span(r.high, r.start, r.end) for r in ranges if r.high is not None), None),
        )

    def _language(self, sheet: Sheet) -> str:
        """The language with the more common words; in a list without any, the one whose theme words weigh more."""
        common = {code: sum(word in self._known.common[code] for word in sheet.plain) for code in READ_LANGUAGES}
        if common["fr"] != common["en"]:
            return max(common, key=lambda code: common[code])
        weight = {code: self._weight(sheet, code) for code in READ_LANGUAGES}
        return max(READ_LANGUAGES, key=lambda code: weight[code])

    def _weight(self, sheet: Sheet, language: str) -> float:
        return sum(
            max(match.found.weights.values())
            for clause in sheet.clauses
            for match in self._matches(sheet, clause, language)
        )

    def _matches(self, sheet: Sheet, clause: Clause, language: str) -> Iterator[_Match]:
        starts = [word.start for word in sheet.words[clause.first : clause.stop]]
        for match in self._scorer.matches(sheet.masked[clause.start : clause.end], language):
            start, end = match.start + clause.start, match.end + clause.start
            places = range(
                clause.first + max(0, bisect_left(starts, start + 1) - 1), clause.first + bisect_left(starts, end)
            )
            yield _Match(replace(match, start=start, end=end), places)

    def _spans(self, matches: list[_Match]) -> tuple[Span[str], ...]:
        """The themes that the matches add up to, each at the place of its heaviest word, strongest first."""
        weights: defaultdict[int, float] = defaultdict(float)
        best: dict[int, ThemeMatch] = {}
        for found in {match.found.form: match.found for match in reversed(matches)}.values():
            for theme, weight in found.weights.items():
                weights[theme] += weight
                if theme not in best or weight >= best[theme].weights[theme]:
                    best[theme] = found
        spans = (
            Span(self._themes.ids[theme], best[theme].start, best[theme].end, confidence(weight))
            for theme, weight in weights.items()
            if confidence(weight) >= MIN_CONFIDENCE
        )
        return tuple(sorted(spans, key=lambda span: (-(span.confidence or 0.0), span.start, span.value)))

    def _refusing(self, sheet: Sheet, matches: Iterable[_Match], wanted: set[str]) -> Iterator[_Match]:
        """The refused matches with the themes that they refuse, without those that refuse only a word."""
        families = {_family(theme) for theme in wanted}
        for match in matches:
            if not sheet.refused[match.places[0]]:
                continue
            words = folded(sheet.text[match.found.start : match.found.end])
            weights = {
                place: weight
                for place, weight in match.found.weights.items()
                if (theme := self._themes.themes[place]).id not in wanted
                and weight > MIN_UNWANTED
                and (_family(theme.id) not in families or words in _own_names(theme))
            }
            if weights:
                yield _Match(replace(match.found, weights=weights), match.places)

    def _ids(self, match: _Match) -> Iterator[str]:
        return (self._themes.ids[theme] for theme in match.found.weights)


def _named(theme: Theme) -> Theme:
    """The theme with its names in French and English as unmistakable words, and those of its words that are in them."""
    own = _own_names(theme)
    raised = {
        language: tuple((word, SURE if folded(word) in own else base) for word, base in words)
        for language, words in theme.words.items()
    }
    for language in READ_LANGUAGES:
        raised[language] = (*raised[language], (theme.names[language], SURE))
    return replace(theme, words=raised)


def _own_names(theme: Theme) -> frozenset[str]:
    names = [folded(theme.names[language]) for language in READ_LANGUAGES]
    return frozenset([*names, *(part for name in names for part in _NAME_PARTS.split(name))])


def _family(theme: str) -> str:
    return parent_of(theme) or theme


def _facts(sheet: Sheet, kind: str) -> tuple[Span[str], ...]:
    found: dict[str, Span[str]] = {}
    for fact in sheet.facts:
        if fact.kind == kind and not sheet.refused[fact.first]:
            found.setdefault(fact.value, Span(fact.value, fact.start, fact.end))
    return tuple(found.values())


def _refused_facts(sheet: Sheet) -> Iterator[tuple[int, int]]:
    return ((fact.first, fact.stop) for fact in sheet.facts if sheet.refused[fact.first])


def _written(sheet: Sheet, places: Iterable[tuple[int, int]]) -> tuple[Span[str], ...]:
    """The words at those places as written, each once."""
    found: dict[str, Span[str]] = {}
    for first, stop in places:
        value = " ".join(sheet.written(first, stop).split())
        found.setdefault(folded(value), Span(value, sheet.words[first].start, sheet.words[stop - 1].end))
    return tuple(found.values())
