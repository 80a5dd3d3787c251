"""From the values of one column to the values of one field.

A column is converted whole: where every value is well-formed this takes a few C-level passes; only a column in which
one is not, or whose rule does more than name it, is read value by value.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sillage.catalogue.engine.kinds import (
    COUNT_DIGITS,
    EMPTY,
    LIMITS,
    LINE_KINDS,
    NOT_ON_ONE_LINE,
    TAG_LIMIT,
    TEXT_LIMIT,
    UNSTORABLE,
    Settings,
    read_value,
)
from sillage.catalogue.engine.mapping import Kind, Rule
from sillage.lib.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Converted:
    """One field of every row. `failures` says of a row's index why its value is refused."""

    values: Sequence[Any]
    failures: dict[int, Sentence]


def convert_column(
    rule: Rule, kind: Kind, required: bool, columns: dict[str, Sequence[Any]], rows: int, settings: Settings
) -> Converted:
    """The field's value for each of the `rows` rows; `columns` holds the file's values by column."""
    if rule.column is None:
        return _converted_constant(rule, kind, rows, settings)
    raw = columns.get(rule.column)
    if raw is None:
        return Converted([EMPTY.get(kind)] * rows, {})
    if rule.missing_if:
        raw = _without_disabled(rule, raw, columns)
    fast = _FAST.get(kind)
    if fast is not None and rule.is_plain:
        values = fast(raw, rule, kind, required)
        if values is not None:
            return Converted(values, {})
    return _one_by_one(raw, rule, kind, required, settings)


def _converted_constant(rule: Rule, kind: Kind, rows: int, settings: Settings) -> Converted:
    """The constant of every row; one that is no valid value fails in each."""
    value, reason = read_value(rule.constant, rule, kind, False, settings)
    return Converted([value] * rows, {} if reason is None else dict.fromkeys(range(rows), reason))


def wrong_constant(rule: Rule, kind: Kind) -> Sentence | None:
    """Why the rule's constant is no value of that kind, whenever it is read."""
    return read_value(rule.constant, rule, kind, False, Settings(b"", datetime.max.replace(tzinfo=UTC)))[1]


def _without_disabled(rule: Rule, raw: Sequence[Any], columns: dict[str, Sequence[Any]]) -> Sequence[Any]:
    for name, disabling in rule.missing_if:
        if name in columns:
            raw = [None if str(flag) in disabling else value for value, flag in zip(raw, columns[name], strict=True)]
    return raw


def _fast_line(raw: Sequence[Any], rule: Rule, kind: Kind, required: bool) -> Sequence[str | None] | None:
    """Short texts, if all are fit to be stored as they are, but for white space around them."""
    try:
        joined = "".join(raw)
    except TypeError:  # something else than a text is among them
        return None
    if NOT_ON_ONE_LINE.search(joined) or max(map(len, raw), default=0) > LIMITS[kind]:
        return None
    values = [value.strip() for value in raw]
    if len(rule.missing) > 1:
        values = ["" if value in rule.missing else value for value in values]
    if required and not all(values):
        return None
    return [value or None for value in values] if kind in (Kind.KEY, Kind.LONG_KEY) else values


def _fast_text(raw: Sequence[Any], rule: Rule, kind: Kind, required: bool) -> Sequence[str] | None:
    try:
        joined = "".join(raw)
    except TypeError:
        return None
    if UNSTORABLE.search(joined) or max(map(len, raw), default=0) > TEXT_LIMIT or (required and not all(raw)):
        return None
    return ["" if value in rule.missing else value for value in raw] if len(rule.missing) > 1 else raw


def _fast_count(raw: Sequence[Any], rule: Rule, kind: Kind, required: bool) -> Sequence[int | None] | None:
    """Counts written in plain digits, or empty."""
    try:
        digits = "".join([value or "" for value in raw])
    except TypeError:
        return None
    if digits and not (digits.isascii() and digits.isdigit()):
        return None
    if max([len(value) for value in raw if value], default=0) > COUNT_DIGITS or (required and not all(raw)):
        return None
    return [int(value) if value else None for value in raw]


def _fast_tags(raw: Sequence[Any], rule: Rule, kind: Kind, required: bool) -> Sequence[tuple[str, ...]] | None:
    """Short words between separators."""
    try:
        joined = "".join(raw)
    except TypeError:
        return None
    if rule.split is None or len(rule.missing) > 1 or NOT_ON_ONE_LINE.search(joined):
        return None
    if max(map(len, raw), default=0) > TAG_LIMIT:
        return None
    off = rule.strip
    parts = [[part.strip().strip(off).strip().lstrip("#") for part in value.split(rule.split)] for value in raw]
    return [tuple(dict.fromkeys(filter(None, tags))) for tags in parts]


_FAST: dict[Kind, Callable[[Sequence[Any], Rule, Kind, bool], Sequence[Any] | None]] = {
    **dict.fromkeys(LINE_KINDS, _fast_line),
    Kind.TEXT: _fast_text,
    Kind.COUNT: _fast_count,
    Kind.TAGS: _fast_tags,
}


def _one_by_one(raw: Sequence[Any], rule: Rule, kind: Kind, required: bool, settings: Settings) -> Converted:
    """Every different value by itself."""
    if not all(type(value) is str for value in raw):
        return _typed_one_by_one(raw, rule, kind, required, settings)
    values: dict[str, Any] = {}
    wrong: dict[str, Sentence] = {}
    for value in dict.fromkeys(raw):
        values[value], reason = read_value(value, rule, kind, required, settings)
        if reason is not None:
            wrong[value] = reason
    failures = {index: wrong[value] for index, value in enumerate(raw) if value in wrong} if wrong else {}
    return Converted([values[value] for value in raw], failures)


def _typed_one_by_one(raw: Sequence[Any], rule: Rule, kind: Kind, required: bool, settings: Settings) -> Converted:
    """As `_one_by_one`, of values among which 1, 1.0 and true are not the same and lists occur."""
    read = [read_value(value, rule, kind, required, settings) for value in raw]
    failures = {index: reason for index, (_, reason) in enumerate(read) if reason is not None}
    return Converted([value for value, _ in read], failures)
