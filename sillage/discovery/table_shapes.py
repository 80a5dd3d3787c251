"""A shortlist as a table: its columns, the order in which its lines stand, and where its headings lead.

An order is a way of looking. The places stay those of the score.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from sillage.discovery.engine import score as s
from sillage.discovery.view_shapes import LABELS, Line, Text
from sillage.lib.text import folded

PLACE = "place"
FACTS: Mapping[str, Callable[[Line], Any]] = {
    PLACE: lambda line: line.rank,
    "name": lambda line: folded(line.name),
    "followers": lambda line: line.card.followers,
    "score": lambda line: line.score,
    "engagement": lambda line: line.card.engagement_percentile,
    "last_post": lambda line: line.card.last_post_on,
}
RISING = frozenset({PLACE, "name"})  # these begin with the lowest, every other with the highest
POINTS = "points_"  # before a reason's name: engagement is a fact and a reason


@dataclass(frozen=True, slots=True)
class Heading:
    """A column that sorts: the address that does so, and how the table stands by it now ("" where it does not)."""

    name: str
    label: Text
    href: str
    sorted: str
    tone: str = ""  # of a reason: the colour class that it has in a bar


@dataclass(frozen=True, slots=True)
class Row:
    """One line with its points by reason, in the order of the table's columns; None where nothing was measured."""

    line: Line
    points: list[float | None]


@dataclass(frozen=True, slots=True)
class Table:
    """`facts` by name, `reasons` in order: only those that say something about somebody of the list."""

    order: str
    facts: Mapping[str, Heading]
    reasons: list[Heading]
    rows: list[Row]

    @property
    def columns(self) -> int:
        """Those that do not sort are country, language and decision."""
        return len(self.facts) + len(self.reasons) + 3


def tabled(lines: Sequence[Line], order: str, address: str, trial: Mapping[str, Any]) -> Table:
    """The table of a list's lines. `trial` holds the weights of the address, which every order keeps."""
    points = {line.account.pk: _points(line) for line in lines}
    names = [n for n in (*s.REASONS, *s.PENALTIES) if any(_says(n, own) for own in points.values())]
    values = {**FACTS, **{POINTS + name: _reading(points, name) for name in names}}
    order = order if order.removeprefix("-") in values else PLACE

    def heading(name: str, label: Text = "", tone: str = "") -> Heading:
        href = f"{address}?{urlencode(query(trial, turned(order, name)))}"
        return Heading(name, label, href, _stands(order, name), tone)

    return Table(
        order,
        {name: heading(name) for name in FACTS},
        [heading(POINTS + name, LABELS[name], _tone(name)) for name in names],
        [Row(line, [points[line.account.pk].get(n) for n in names]) for line in ordered(lines, order, values)],
    )


def query(trial: Mapping[str, Any], order: str) -> dict[str, Any]:
    """What an address says to show the table so."""
    return {**trial, "view": "table", **({} if order == PLACE else {"sort": order})}


def ordered(lines: Sequence[Line], order: str, values: Mapping[str, Callable[[Line], Any]]) -> list[Line]:
    """By one column; equal ones stay in the order of their places, and whoever has no value there comes last."""
    name = order.removeprefix("-")
    value = values[name]
    known = [line for line in lines if value(line) is not None]
    missing = [line for line in lines if value(line) is None]
    is_rising = (name in RISING) != order.startswith("-")
    return [*sorted(known, key=value, reverse=not is_rising), *missing]


def turned(order: str, name: str) -> str:
    """The order that a press on a heading leads to: by that column, or the other way round if it is so already."""
    return f"-{name}" if order == name else name


def _stands(order: str, name: str) -> str:
    if order.removeprefix("-") != name:
        return ""
    return "ascending" if (name in RISING) != order.startswith("-") else "descending"


def _points(line: Line) -> dict[str, float | None]:
    """By reason; a penalty that takes nothing away is not among a line's reasons, and is 0 where it was measured."""
    found = {reason.name: None if reason.part is None else reason.value for reason in line.reasons}
    return dict.fromkeys(s.PENALTIES, 0.0) | found


def _says(name: str, points: Mapping[str, float | None]) -> bool:
    return bool(points.get(name)) if name in s.PENALTIES else points.get(name) is not None


def _reading(points: Mapping[int, Mapping[str, float | None]], name: str) -> Callable[[Line], float | None]:
    return lambda line: points[line.account.pk].get(name)


def _tone(name: str) -> str:
    return f"tone-{s.REASONS.index(name) + 1}" if name in s.REASONS else "tone-less"
