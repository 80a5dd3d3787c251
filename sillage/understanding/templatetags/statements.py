"""Statements, intervals and contests of accounts as pages show them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template

from sillage.understanding import told
from sillage.understanding.engine.statements import Statement

register = template.Library()


@register.filter
def sentence(statement: Mapping[str, Any] | Statement) -> str:
    """`{{ line|sentence }}`: evidence of an account signal in words."""
    given = statement if isinstance(statement, Statement) else Statement.from_json(statement)
    return told.told(given)


@register.filter
def part_name(name: str) -> str:
    """`{{ part.name|part_name }}`: a check of authenticity."""
    return told.part_name(name)


@register.inclusion_tag("understanding/parts/interval.html")
def interval(low: float | None, high: float | None, full: float = 1.0, point: float | None = None) -> dict[str, Any]:
    """`{% interval signal.value.low signal.value.high %}`: from low to high on a scale of 0 to `full`; nothing for None."""
    if low is None or high is None or full <= 0:
        return {"start": None}
    start, end = (min(100.0, max(0.0, 100 * v / full)) for v in (low, high))
    mark = None if point is None else min(100.0, max(0.0, 100 * point / full))
    return {"start": start, "width": max(1.0, end - start), "point": mark}
