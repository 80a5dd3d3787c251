"""What a brief's text is read as, and what a brief is as a person would give it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sillage.catalogue import queries as catalogue
from sillage.catalogue.engine.filters import CardFilters
from sillage.discovery.engine.brief import BriefGiven, brief_given, refuse_contradiction
from sillage.discovery.engine.known import LANGUAGES, Known
from sillage.discovery.models import Brief
from sillage.understanding.engine.brief_themes import BriefReading, read_brief
from sillage.understanding.engine.themes import theme_set

READ_FILTERS = ("networks", "countries", "languages", "min_followers", "max_followers")


def unsaved_brief(workspace_id: int, given: Mapping[str, Any], now: datetime) -> Brief:
    """A brief as it would be kept: what an editor shows before anything is kept. Raises BriefMalformed."""
    brief = Brief(workspace_id=workspace_id, created_at=now)
    fill(brief, brief_given(given, known_in(workspace_id, given)), now)
    return brief


def known_in(workspace_id: int, given: Mapping[str, Any]) -> Known:
    """What a brief of the workspace may name. A language without a code of two letters is one that an account has."""
    filters = given.get("filters")
    said = filters.get("languages") if isinstance(filters, Mapping) else None
    codes = {one.strip().lower() for one in ([said] if isinstance(said, str) else said or ()) if isinstance(one, str)}
    spoken = {one for one in codes - LANGUAGES if len(one) == 3 and _is_spoken(workspace_id, one)}
    brands = {brand.key: brand.name for brand in catalogue.list_brands(workspace_id)}
    return Known(frozenset(theme_set().ids), brands, LANGUAGES | spoken)


def _is_spoken(workspace_id: int, language: str) -> bool:
    filters = CardFilters.parse({"languages": language})
    found = catalogue.list_cards(workspace_id=workspace_id, filters=filters, sort="followers", descending=True, limit=1)
    return bool(found.items)


def as_given(brief: Brief) -> dict[str, Any]:
    """A brief's fields as `open_brief` takes them: what an editor starts from and an export writes."""
    return {
        "text": brief.text,
        "title": brief.title,
        "language": brief.language,
        "themes": brief.themes,
        "unwanted_themes": brief.unwanted_themes,
        "terms": brief.terms,
        "unwanted_terms": brief.unwanted_terms,
        "brands": brief.brands,
        "filters": {**_taken_away(brief), **brief.filters},
        "weights": brief.weights,
        "diversity": brief.diversity,
        "budget": None if brief.budget is None else str(brief.budget),
        "currency": brief.currency,
        "starts_on": brief.starts_on,
        "ends_on": brief.ends_on,
    }


def _taken_away(brief: Brief) -> dict[str, None]:
    """Filters that the text asks for and a person took away: said as None, or reading the text again would add them."""
    return {name: None for name in READ_FILTERS if brief.reading.get(name) and name not in brief.filters}


def fill(brief: Brief, said: BriefGiven, now: datetime) -> None:
    """Put what was said into a brief, and what the text is read as where nothing was said."""
    reading = read_brief(said.text, said.language)
    brief.text, brief.title, brief.language = said.text, said.title, said.language or reading.language
    brief.themes = dict(said.themes) if said.themes is not None else _read_themes(reading)
    brief.unwanted_themes = _chosen(said.unwanted_themes, [s.value for s in reading.unwanted])
    brief.terms = _chosen(said.terms, [s.value for s in reading.terms])
    brief.unwanted_terms = _chosen(said.unwanted_terms, [s.value for s in reading.unwanted_terms])
    refuse_contradiction([theme for theme, weight in brief.themes.items() if weight], brief.unwanted_themes)
    refuse_contradiction(brief.terms, brief.unwanted_terms)
    brief.brands = list(said.brands)
    filters = {**_read_filters(reading), **said.filters}
    brief.filters = {name: value for name, value in filters.items() if value is not None}
    brief.weights, brief.diversity = dict(said.weights), said.diversity
    brief.budget, brief.currency = said.budget, said.currency
    brief.starts_on, brief.ends_on = said.starts_on, said.ends_on
    brief.reading = asdict(reading)
    brief.changed_at = now


def _chosen(said: tuple[str, ...] | None, read: list[str]) -> list[str]:
    return list(said) if said is not None else list(dict.fromkeys(read))


def _read_themes(reading: BriefReading) -> dict[str, float]:
    """Themes with their confidence; a parent is left out where one of its children was named: that is what was meant."""
    themes: dict[str, float] = {}
    for span in reading.wanted:
        themes[span.value] = max(themes.get(span.value, 0.0), round(span.confidence or 0.0, 3))
    return {
        theme: weight for theme, weight in themes.items() if not any(c in themes for c in theme_set().children(theme))
    }


def _read_filters(reading: BriefReading) -> dict[str, object]:
    read = {
        "networks": [s.value for s in reading.networks],
        "countries": [s.value for s in reading.countries],
        "languages": [s.value for s in reading.languages],
        "min_followers": reading.min_followers.value if reading.min_followers else None,
        "max_followers": reading.max_followers.value if reading.max_followers else None,
    }
    return CardFilters.parse({name: value for name, value in read.items() if value}).as_mapping()
