"""Who answers an evaluation brief, computed from the sample world's truth and from nothing that Sillage infers."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from sillage.catalogue.engine.records import AccountRecord, Measure
from sillage.catalogue.sample import World

EVALUATION_SEED = 7
EVALUATION_NOW = datetime(2026, 3, 14, 10, tzinfo=UTC)

GRADES: tuple[tuple[float, int], ...] = ((0.5, 3), (0.3, 2))  # share of posts -> grade; below: 1


@dataclass(frozen=True, slots=True)
class Rule:
    """Which interests make a creator relevant. `any_of`: the strongest counts; `all_of`: each is needed, shares add."""

    any_of: tuple[str, ...]
    all_of: tuple[str, ...]
    min_weight: float
    none_of: tuple[str, ...]
    none_above: float


@dataclass(frozen=True, slots=True)
class EvaluationBrief:
    """A brief with a known answer. Empty filters do not filter."""

    id: str
    language: str
    split: str  # tune or test
    text: str
    countries: tuple[str, ...]
    networks: tuple[str, ...]
    languages: tuple[str, ...]
    min_followers: int | None
    max_followers: int | None
    rule: Rule

    @property
    def crosses_languages(self) -> bool:
        """Whether its answers are all in other languages than its own."""
        return bool(self.languages) and self.language not in self.languages


@cache
def load_briefs() -> tuple[EvaluationBrief, ...]:
    """All evaluation briefs, in the order of the file."""
    source = files("sillage.discovery.evaluation").joinpath("briefs.toml")
    return tuple(_brief(row) for row in tomllib.loads(source.read_text(encoding="utf-8"))["brief"])


def graded_relevance(brief: EvaluationBrief, world: World) -> dict[str, int]:
    """Grades 1 to 3 by creator key; a creator who is not named is not relevant (0)."""
    eligible = _eligible(brief, world)
    grades = {key: _grade(brief.rule, interests) for key, interests in world.interests.items() if key in eligible}
    return {key: grade for key, grade in grades.items() if grade}


def _grade(rule: Rule, interests: Mapping[str, float]) -> int:
    if any(interests.get(key, 0.0) > rule.none_above for key in rule.none_of):
        return 0
    if any(interests.get(key, 0.0) < rule.min_weight for key in rule.all_of):
        return 0
    strength = max((interests.get(key, 0.0) for key in rule.any_of), default=0.0)
    strength = max(strength, sum(interests[key] for key in rule.all_of))
    if strength < rule.min_weight:
        return 0
    return next((grade for floor, grade in GRADES if strength >= floor), 1)


def _eligible(brief: EvaluationBrief, world: World) -> set[str]:
    """Creators with at least one account that passes every filter of the brief."""
    followers = _latest_followers(world)
    return {
        account.creator_key
        for account in world.batch.accounts
        if account.creator_key is not None
        and _passes(brief, account, followers.get((account.network, account.network_id)))
    }


def _passes(brief: EvaluationBrief, account: AccountRecord, followers: int | None) -> bool:
    if brief.countries and account.country not in brief.countries:
        return False
    if brief.networks and account.network not in brief.networks:
        return False
    if brief.languages and not set(brief.languages) & set(account.languages):
        return False
    if brief.min_followers is None and brief.max_followers is None:
        return True
    if followers is None:
        return False
    return (brief.min_followers or 0) <= followers <= (brief.max_followers or followers)


def _latest_followers(world: World) -> dict[tuple[str, str], int]:
    latest: dict[tuple[str, str], tuple[datetime, int]] = {}
    for seen in world.batch.observations:
        if seen.measure is not Measure.FOLLOWERS:
            continue
        key = (seen.network, seen.account_network_id)
        if key not in latest or seen.observed_at > latest[key][0]:
            latest[key] = (seen.observed_at, seen.value)
    return {key: value for key, (_, value) in latest.items()}


def _brief(row: Mapping[str, Any]) -> EvaluationBrief:
    relevant = row["relevant"]
    return EvaluationBrief(
        id=row["id"],
        language=row["language"],
        split=row["split"],
        text=row["text"],
        countries=tuple(row.get("countries", ())),
        networks=tuple(row.get("networks", ())),
        languages=tuple(row.get("languages", ())),
        min_followers=row.get("min_followers"),
        max_followers=row.get("max_followers"),
        rule=Rule(
            any_of=tuple(relevant.get("any", ())),
            all_of=tuple(relevant.get("all", ())),
            min_weight=relevant.get("min_weight", 0.12),
            none_of=tuple(relevant.get("not", ())),
            none_above=relevant.get("not_above", 0.05),
        ),
    )
