"""A brief as a person gives it: free text, plus whatever they want to say exactly. Read from TOML, a form or JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sillage.catalogue.engine.filters import CardFilters
from sillage.discovery.engine.known import Known
from sillage.discovery.engine.score import DEFAULT_WEIGHTS
from sillage.governance.engine.sensitive import refusal_of, sorting_in
from sillage.lib.errors import Malformed, within
from sillage.lib.nearest import did_you_mean
from sillage.lib.sentences import Grouped, Sentence
from sillage.lib.text import shortened, without_controls

LONGEST_TEXT = 10_000
LANGUAGES = ("fr", "en")
MOST_WORDS = 200  # terms, brands and the like of one brief
LARGEST_BUDGET = Decimal("9999999999.99")
LARGEST_WEIGHT = 100.0
_CURRENCY = re.compile("[A-Z]{3}")


class BriefMalformed(Malformed):
    """A field of the brief cannot be read."""

    title = "Malformed brief"


class SpecialCategory(Malformed):
    """The brief asks for what a person is in a way that Sillage does not look for (GDPR article 9)."""

    title = "Special category"


@dataclass(frozen=True, slots=True)
class BriefGiven:
    """What was said. None means: not said, so the machine reads it out of the text."""

    text: str
    title: str
    language: str | None = None
    themes: Mapping[str, float] | None = None
    unwanted_themes: tuple[str, ...] | None = None
    terms: tuple[str, ...] | None = None
    unwanted_terms: tuple[str, ...] | None = None
    brands: tuple[str, ...] = ()
    filters: Mapping[str, Any] = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=dict)
    diversity: float = 0.0
    budget: Decimal | None = None
    currency: str = "EUR"
    starts_on: date | None = None
    ends_on: date | None = None


FIELDS = frozenset(BriefGiven.__dataclass_fields__)


def brief_given(given: Mapping[str, Any], known: Known) -> BriefGiven:
    """Check a brief field by field. Raises BriefMalformed, NotKnown or the filters' own refusals at the field's place."""
    for name in given:
        if name not in FIELDS:
            otherwise = Sentence("Fields are %(fields)s.", fields=", ".join(sorted(FIELDS)))
            with within(name):
                raise BriefMalformed(
                    Sentence("A brief has no field “%(name)s”.", name=name), did_you_mean(name, FIELDS, otherwise)
                )
    text = _text(given)
    terms, unwanted_terms = _strings(given, "terms"), _strings(given, "unwanted_terms")
    title = without_controls(_string(given, "title")).strip()
    _refuse_special_categories(text, title, *(terms or ()), *(unwanted_terms or ()))
    return BriefGiven(
        text=text,
        title=(title or shortened(text, 80))[:200],
        language=_language(given),
        themes=_themes(given.get("themes"), known),
        unwanted_themes=_unwanted_themes(given, known),
        terms=terms,
        unwanted_terms=unwanted_terms,
        brands=_brands(given, known),
        filters=_filters(_table(given, "filters"), known),
        weights=weights_given(_table(given, "weights")),
        diversity=_number(given.get("diversity", 0), ("diversity",), 0, 1),
        budget=_budget(given.get("budget")),
        currency=_currency(given),
        **_dates(given),
    )


def weights_given(given: Mapping[str, Any]) -> dict[str, float]:
    """All weights, with the defaults for those that were not given."""
    for name in given:
        if name not in DEFAULT_WEIGHTS:
            otherwise = Sentence("Reasons: %(default_weights)s.", default_weights=", ".join(DEFAULT_WEIGHTS))
            with within("weights", name):
                raise BriefMalformed(
                    Sentence("There is no reason “%(name)s” to weigh.", name=name),
                    did_you_mean(name, DEFAULT_WEIGHTS, otherwise),
                )
    said = {name: _number(value, ("weights", name), 0, LARGEST_WEIGHT) for name, value in given.items()}
    weights = DEFAULT_WEIGHTS | said
    if not any(weights[name] for name in ("themes", "words", "meaning")):
        raise BriefMalformed(
            Sentence("With themes, words and meaning all at 0 nothing editorial is left to rank by."),
            Sentence("Give at least one of the three a weight."),
        )
    return weights


def _text(given: Mapping[str, Any]) -> str:
    text = without_controls(_string(given, "text")).strip()
    with within("text"):
        if not text:
            raise BriefMalformed(
                Sentence("The brief has no text."), Sentence("Say in plain words what the creators should talk about.")
            )
        if len(text) > LONGEST_TEXT:
            raise BriefMalformed(
                Sentence("The text has %(text_count)s characters.", text_count=Grouped(len(text))),
                Sentence("Keep it under %(longest_text)s.", longest_text=Grouped(LONGEST_TEXT)),
            )
    return text


def _string(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name) or ""
    if not isinstance(value, str):
        with within(name):
            raise BriefMalformed(
                Sentence("%(name)s is not text.", name=name), Sentence('Write %(name)s = "…".', name=name)
            )
    return value


def _table(given: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = given.get(name) or {}
    if not isinstance(value, Mapping):
        with within(name):
            raise BriefMalformed(
                Sentence("%(name)s is not a table of names and values.", name=name),
                Sentence("Write [%(name)s] and a line for each.", name=name),
            )
    return value


def _strings(given: Mapping[str, Any], name: str) -> tuple[str, ...] | None:
    value = given.get(name)
    if value is None:
        return None
    if isinstance(value, str) or not isinstance(value, Sequence) or not all(isinstance(v, str) for v in value):
        with within(name):
            raise BriefMalformed(
                Sentence("%(name)s is not a list of words.", name=name),
                Sentence('Write %(name)s = ["…", "…"].', name=name),
            )
    words = tuple(dict.fromkeys(filter(None, (without_controls(v).strip()[:100] for v in value))))
    if len(words) > MOST_WORDS:
        with within(name):
            raise BriefMalformed(
                Sentence("%(name)s has %(count)s entries.", name=name, count=Grouped(len(words))),
                Sentence("Keep the %(most)s that matter most.", most=MOST_WORDS),
            )
    return words


def _language(given: Mapping[str, Any]) -> str | None:
    value = _string(given, "language") or None
    if value is not None and value not in LANGUAGES:
        with within("language"):
            raise BriefMalformed(
                Sentence("language is “%(value)s”, and briefs are read in French or English.", value=value),
                Sentence('Write language = "fr" or "en", or leave it out.'),
            )
    return value


def _currency(given: Mapping[str, Any]) -> str:
    value = (_string(given, "currency") or "EUR").upper()
    if not _CURRENCY.fullmatch(value):
        with within("currency"):
            raise BriefMalformed(
                Sentence("currency is “%(value)s”, not a code of three letters.", value=value),
                Sentence("Write it as EUR or USD."),
            )
    return value


def refuse_contradiction(wanted: Iterable[str], unwanted: Iterable[str]) -> None:
    """Refuse what is looked for and kept out at once, whether it was said or read out of the text."""
    left_out = {word.casefold() for word in unwanted}
    both = next((word for word in wanted if word.casefold() in left_out), None)
    if both is not None:
        raise BriefMalformed(
            Sentence("“%(word)s” is both wanted and unwanted.", word=both), Sentence("Take it out of one of the two.")
        )


def _themes(value: Any, known: Known) -> dict[str, float] | None:
    """Weights by theme; a list gives each the whole weight."""
    if value is None:
        return None
    with within("themes"):
        if not isinstance(value, Mapping | list | tuple) or not all(isinstance(theme, str) for theme in value):
            raise BriefMalformed(
                Sentence("themes is neither a list nor a table of weights."),
                Sentence('Write themes = ["beauty.clean"].'),
            )
        if isinstance(value, Mapping):
            for theme in value:
                known.require_theme(theme, theme)
        else:
            known.require_themes(value)
    weights = value if isinstance(value, Mapping) else dict.fromkeys(value, 1.0)
    return {theme: _number(weight, ("themes", theme), 0, 1) for theme, weight in weights.items()}


def _unwanted_themes(given: Mapping[str, Any], known: Known) -> tuple[str, ...] | None:
    themes = _strings(given, "unwanted_themes")
    with within("unwanted_themes"):
        known.require_themes(themes or ())
    return themes


def _brands(given: Mapping[str, Any], known: Known) -> tuple[str, ...]:
    brands = _strings(given, "brands") or ()
    with within("brands"):
        known.require_brands(brands)
    return brands


def _filters(given: Mapping[str, Any], known: Known) -> dict[str, object]:
    """The conditions that are set, and None for each that was taken away, so that reading the text does not add it."""
    taken_away: dict[str, object] = {name: None for name, value in given.items() if value in (None, "", [], ())}
    with within("filters"):
        filters = CardFilters.parse(given)
        known.require_filters(filters)
    return taken_away | filters.as_mapping()


def _number(value: Any, path: tuple[str, ...], low: float, high: float) -> float:
    name = ".".join(path)
    with within(*path):
        try:
            number = float(value)
        except (TypeError, ValueError, OverflowError) as error:
            raise BriefMalformed(
                Sentence("%(name)s is “%(value)s”, not a number.", name=name, value=value),
                Sentence("Give a number from %(low)s to %(high)s.", low=low, high=high),
            ) from error
        if not low <= number <= high:
            raise BriefMalformed(
                Sentence("%(name)s is %(number)s.", name=name, number=number),
                Sentence("Give a number from %(low)s to %(high)s.", low=low, high=high),
            )
    return number


def _budget(value: Any) -> Decimal | None:
    if value in (None, ""):
        return None
    with within("budget"):
        try:
            amount = Decimal(str(value))
        except InvalidOperation as error:
            raise BriefMalformed(
                Sentence("budget is “%(value)s”, not an amount.", value=value), Sentence("Write budget = 5000.")
            ) from error
        if not amount.is_finite() or not 0 <= amount <= LARGEST_BUDGET:
            raise BriefMalformed(
                Sentence("budget is %(amount)s.", amount=amount),
                Sentence("Give an amount from 0 to %(most)s.", most=LARGEST_BUDGET),
            )
    return amount


def _dates(given: Mapping[str, Any]) -> dict[str, date | None]:
    found = {name: _day(given.get(name), name) for name in ("starts_on", "ends_on")}
    if found["starts_on"] and found["ends_on"] and found["ends_on"] < found["starts_on"]:
        with within("ends_on"):
            raise BriefMalformed(
                Sentence("The campaign ends before it starts."), Sentence("Swap starts_on and ends_on.")
            )
    return found


def _day(value: Any, name: str) -> date | None:
    if value in (None, ""):
        return None
    if isinstance(value, date):
        return value.date() if isinstance(value, datetime) else value
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        with within(name):
            raise BriefMalformed(
                Sentence("%(name)s is “%(value)s”, not a day.", name=name, value=value),
                Sentence("Write it as 2026-09-01."),
            ) from error


def _refuse_special_categories(*texts: str) -> None:
    """Also in what is unwanted: to leave people out by what they are is to sort them by it."""
    found = next(filter(None, map(sorting_in, texts)), None)
    if found is not None:
        raise SpecialCategory(
            refusal_of(found), Sentence("Describe the subjects that the creators should talk about instead.")
        )
