"""Tags of contracts and money: amounts, kinds, standings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from sillage.campaigns.contract_words import (
    CATEGORIES,
    CHECKED,
    DUTIES,
    DUTY_BADGES,
    FIELDS,
    KINDS,
    PARTIES,
    STANDING_BADGES,
    STANDINGS,
    STATE_BADGES,
    STATES,
)
from sillage.campaigns.queries.signing import Check

register = template.Library()

WORDS: Mapping[str, Mapping[str, Any]] = {
    "kind": KINDS,
    "category": CATEGORIES,
    "duty": DUTIES,
    "standing": STANDINGS,
    "state": STATES,
    "party": PARTIES,
    "field": FIELDS,
}
BADGES: Mapping[str, Mapping[str, str]] = {
    "duty": DUTY_BADGES,
    "standing": STANDING_BADGES,
    "state": STATE_BADGES,
}


@register.filter
def word_of(key: str, table: str) -> str:
    """`{{ payment.state|word_of:"state" }}`: a name of ours in people's words."""
    return str(WORDS[table].get(key, key))


@register.filter
def check_name(check: Check) -> str:
    """`{{ check|check_name }}`: what was recomputed, in people's words."""
    return ", ".join(str(CHECKED.get(step, step)) for step in check.steps)


@register.filter
def badge_of(key: str, table: str) -> str:
    """`<span class="badge {{ duty|badge_of:"duty" }}">`: its colour."""
    return BADGES[table].get(key, "")
