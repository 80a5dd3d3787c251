"""Opening and changing briefs. What the machine read out of the text is kept beside it, for a person to correct."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction

from sillage.catalogue.engine.filters import CardFilters
from sillage.discovery.engine.brief import BriefGiven, brief_given, weights_given
from sillage.discovery.models import Brief
from sillage.discovery.queries.briefs import get_brief
from sillage.governance import actions as governance
from sillage.governance.engine.actors import Actor, Right, require
from sillage.understanding.engine.brief_themes import BriefReading, read_brief
from sillage.understanding.engine.themes import theme_set


@transaction.atomic
def open_brief(*, given: Mapping[str, Any], actor: Actor, now: datetime) -> Brief:
    """Read a brief and keep it. Raises BriefMalformed naming the field, or the filters' own refusals."""
    require(actor, Right.BRIEF)
    said = brief_given(given, frozenset(theme_set().ids))
    brief = Brief(workspace_id=actor.workspace_id, created_by_id=actor.member_id, created_at=now)
    _fill(brief, said, now)
    brief.is_edited = any(v is not None for v in (said.themes, said.unwanted_themes, said.terms, said.unwanted_terms))
    brief.save()
    governance.record(
        verb="discovery.brief_opened",
        subject_kind="brief",
        subject_id=brief.pk,
        actor=actor,
        now=now,
        facts={"themes": brief.themes, "themes_version": theme_set().version},
    )
    return brief


@transaction.atomic
def change_brief(*, brief_id: int, given: Mapping[str, Any], actor: Actor, now: datetime) -> Brief:
    """Change the named fields. A new text is read again, but for what is given exactly."""
    require(actor, Right.BRIEF)
    brief = get_brief(actor.workspace_id, brief_id)
    kept = as_given(brief)
    if given.get("text", brief.text) != brief.text:
        for name in ("themes", "unwanted_themes", "terms", "unwanted_terms", "language", "filters"):
            kept.pop(name)
    said = brief_given({**kept, **given}, frozenset(theme_set().ids))
    _fill(brief, said, now)
    brief.is_edited = True
    brief.save()
    governance.record(
        verb="discovery.brief_changed",
        subject_kind="brief",
        subject_id=brief.pk,
        actor=actor,
        now=now,
        facts={"fields": sorted(given)},
    )
    return brief


@transaction.atomic
def weigh(
    *, brief_id: int, weights: Mapping[str, Any], diversity: float, actor: Actor, now: datetime
) -> Brief:
    """Keep the weights that the sliders were moved to."""
    require(actor, Right.BRIEF)
    brief = get_brief(actor.workspace_id, brief_id)
    brief.weights = weights_given(weights)
    brief.diversity = min(1.0, max(0.0, diversity))
    brief.changed_at = now
    brief.save(update_fields=["weights", "diversity", "changed_at"])
    governance.record(
        verb="discovery.brief_weighed",
        subject_kind="brief",
        subject_id=brief.pk,
        actor=actor,
        now=now,
        facts={"weights": brief.weights, "diversity": brief.diversity},
    )
    return brief


@transaction.atomic
def archive_brief(*, brief_id: int, actor: Actor, now: datetime) -> Brief:
    """Put a brief away; its shortlists stay."""
    require(actor, Right.BRIEF)
    brief = get_brief(actor.workspace_id, brief_id)
    brief.archived_at = brief.archived_at or now
    brief.save(update_fields=["archived_at"])
    governance.record(verb="discovery.brief_archived", subject_kind="brief", subject_id=brief.pk, actor=actor, now=now)
    return brief


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
        "filters": brief.filters,
        "weights": brief.weights,
        "diversity": brief.diversity,
        "budget": None if brief.budget is None else str(brief.budget),
        "currency": brief.currency,
        "starts_on": brief.starts_on,
        "ends_on": brief.ends_on,
    }


def _fill(brief: Brief, said: BriefGiven, now: datetime) -> None:
    reading = read_brief(said.text, said.language)
    brief.text, brief.title, brief.language = said.text, said.title, said.language or reading.language
    brief.themes = dict(said.themes) if said.themes is not None else _read_themes(reading)
    brief.unwanted_themes = _chosen(said.unwanted_themes, [s.value for s in reading.unwanted])
    brief.terms = _chosen(said.terms, [s.value for s in reading.terms])
    brief.unwanted_terms = _chosen(said.unwanted_terms, [s.value for s in reading.unwanted_terms])
    brief.brands = list(said.brands)
    brief.filters = {**_read_filters(reading), **said.filters}
    brief.weights, brief.diversity = dict(said.weights), said.diversity
    brief.budget, brief.currency = said.budget, said.currency
    brief.starts_on, brief.ends_on = said.starts_on, said.ends_on
    brief.reading = asdict(reading)
    brief.changed_at = now


def _chosen(said: tuple[str, ...] | None, read: list[str]) -> list[str]:
    return list(said) if said is not None else list(dict.fromkeys(read))


def _read_themes(reading: BriefReading) -> dict[str, float]:
    themes: dict[str, float] = {}
    for span in reading.wanted:
        themes[span.value] = max(themes.get(span.value, 0.0), round(span.confidence, 3))
    return themes


def _read_filters(reading: BriefReading) -> dict[str, object]:
    read = {
        "networks": [s.value for s in reading.networks],
        "countries": [s.value for s in reading.countries],
        "languages": [s.value for s in reading.languages],
        "min_followers": reading.min_followers.value if reading.min_followers else None,
        "max_followers": reading.max_followers.value if reading.max_followers else None,
    }
    return CardFilters.parse({name: value for name, value in read.items() if value}).as_mapping()
