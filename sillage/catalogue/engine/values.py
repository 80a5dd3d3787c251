"""From the values of one column to the values of one field.

A column is converted whole: where every value is well-formed this takes a few C-level passes; only a column in which
one is not, or whose rule does more than name it, is read value by value.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any
from zoneinfo import ZoneInfo

from sillage.catalogue.engine.mapping import Kind, Rule
from sillage.catalogue.engine.records import FORMATS, NETWORKS

TEXT_LIMIT = 200_000  # characters: more than any network lets a person write
COUNT_LIMIT = 10**15
COUNT_DIGITS = 15
LIMITS: dict[Kind, int] = {
    Kind.ID: 300,
    Kind.LINE: 300,
    Kind.KEY: 200,
    Kind.LONG_KEY: 300,
    Kind.TEXT: TEXT_LIMIT,
    Kind.URL: 2000,
}
TAG_LIMIT = 300
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)

_UNSTORABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")
_NOT_ON_ONE_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_YES = frozenset({"true", "1", "yes", "y", "t", "oui", "vrai"})
_NO = frozenset({"false", "0", "no", "n", "f", "non", "faux"})
_LINE_KINDS = frozenset({Kind.ID, Kind.LINE, Kind.KEY, Kind.LONG_KEY, Kind.URL})
_EMPTY: dict[Kind, Any] = {Kind.LINE: "", Kind.TEXT: "", Kind.URL: "", Kind.TAGS: (), Kind.LANGUAGES: ()}


@dataclass(frozen=True, slots=True)
class Settings:
    """What conversion needs to know from outside: the workspace's salt, and the latest instant a time may name."""

    salt: bytes
    latest: datetime

    @classmethod
    def of(cls, salt: bytes, now: datetime) -> Settings:
        """Clocks and time zones are wrong by up to a day; beyond that a time lies in the future."""
        return cls(salt, now + timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Converted:
    """One field of every row. `failures` says of a row's index why its value is refused."""

    values: Sequence[Any]
    failures: dict[int, str]


def convert_column(
    rule: Rule, kind: Kind, required: bool, columns: dict[str, Sequence[Any]], rows: int, settings: Settings
) -> Converted:
    """The field's value for each of the `rows` rows; `columns` holds the file's values by column."""
    if rule.column is None:
        return _converted_constant(rule, kind, rows, settings)
    raw = columns.get(rule.column)
    if raw is None:
        return Converted([_EMPTY.get(kind)] * rows, {})
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
    value, reason = _read(rule.constant, rule, kind, False, settings)
    return Converted([value] * rows, {} if reason is None else dict.fromkeys(range(rows), reason))


def wrong_constant(rule: Rule, kind: Kind) -> str | None:
    """Why the rule's constant is no value of that kind, whenever it is read."""
    return _read(rule.constant, rule, kind, False, Settings(b"", datetime.max.replace(tzinfo=UTC)))[1]


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
    if _NOT_ON_ONE_LINE.search(joined) or max(map(len, raw), default=0) > LIMITS[kind]:
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
    if _UNSTORABLE.search(joined) or max(map(len, raw), default=0) > TEXT_LIMIT or (required and not all(raw)):
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
    if rule.split is None or len(rule.missing) > 1 or _NOT_ON_ONE_LINE.search(joined):
        return None
    if max(map(len, raw), default=0) > TAG_LIMIT:
        return None
    off = rule.strip
    parts = [[part.strip().strip(off).strip().lstrip("#") for part in value.split(rule.split)] for value in raw]
    return [tuple(dict.fromkeys(filter(None, tags))) for tags in parts]


_FAST: dict[Kind, Callable[[Sequence[Any], Rule, Kind, bool], Sequence[Any] | None]] = {
    **dict.fromkeys(_LINE_KINDS, _fast_line),
    Kind.TEXT: _fast_text,
    Kind.COUNT: _fast_count,
    Kind.TAGS: _fast_tags,
}


def _one_by_one(raw: Sequence[Any], rule: Rule, kind: Kind, required: bool, settings: Settings) -> Converted:
    """Every different value by itself."""
    if not all(type(value) is str for value in raw):
        return _typed_one_by_one(raw, rule, kind, required, settings)
    values: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for value in dict.fromkeys(raw):
        values[value], reason = _read(value, rule, kind, required, settings)
        if reason is not None:
            wrong[value] = reason
    failures = {index: wrong[value] for index, value in enumerate(raw) if value in wrong} if wrong else {}
    return Converted([values[value] for value in raw], failures)


def _typed_one_by_one(raw: Sequence[Any], rule: Rule, kind: Kind, required: bool, settings: Settings) -> Converted:
    """As `_one_by_one`, of values among which 1, 1.0 and true are not the same and lists occur."""
    read = [_read(value, rule, kind, required, settings) for value in raw]
    failures = {index: reason for index, (_, reason) in enumerate(read) if reason is not None}
    return Converted([value for value, _ in read], failures)


def _read(value: Any, rule: Rule, kind: Kind, required: bool, settings: Settings) -> tuple[Any, str | None]:
    """The field's value, or why it is refused."""
    try:
        given = prepared(value, rule, kind, settings)
        if given is None:
            return (None, "is empty, and a record cannot do without it") if required else (_EMPTY.get(kind), None)
        return _TYPED[kind](given, rule, settings), None
    except ValueError as error:
        return None, str(error)


def prepared(value: Any, rule: Rule, kind: Kind, settings: Settings) -> Any:
    """The value after the rule's own steps, before its type: a text, a list of texts, or what a typed file holds."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if not isinstance(value, str):
        if isinstance(value, list | tuple | dict | datetime):
            return value
        written = str(value).lower() if isinstance(value, bool) else str(value)
        if written in rule.missing:
            return None
        if rule.is_plain:
            return value
        value = written
    if kind is not Kind.TEXT:
        value = value.strip()
    if value in rule.missing:
        return None
    value = value.removeprefix(rule.strip_prefix)
    for old, new in rule.replace:
        value = value.replace(old, new)
    if kind in (Kind.TAGS, Kind.LANGUAGES):
        return value.split(rule.split) if rule.split else [value]
    if rule.map:
        value = _mapped(value, rule)
    if rule.hash and value:
        value = blake2b(value.encode("utf-8", "surrogatepass"), key=settings.salt, digest_size=16).hexdigest()
    return value or None


def _mapped(value: str, rule: Rule) -> str:
    table = dict(rule.map)
    if value not in table:
        raise ValueError(f"“{_short(value)}” is not in the mapping's table: {', '.join(table)}")
    return table[value]


def _short(value: object) -> str:
    text = str(value).encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= 60 else f"{text[:59]}…"


def _line(limit: int) -> Callable[[Any, Rule, Settings], str]:
    def read(value: Any, rule: Rule, settings: Settings) -> str:
        if isinstance(value, bool | float | bytes | list | dict):
            raise ValueError(f"{_short(value)} is not a text")
        text = str(value).strip()
        bad = _NOT_ON_ONE_LINE.search(text)
        if bad:
            raise ValueError(_unstorable(text, bad.start()))
        if len(text) > limit:
            raise ValueError(f"is {len(text):,} characters long; at most {limit:,} fit")
        return text

    return read


def _text(value: Any, rule: Rule, settings: Settings) -> str:
    if isinstance(value, list | dict | bytes):
        raise ValueError(f"{_short(value)} is not a text")
    text = str(value)
    bad = _UNSTORABLE.search(text)
    if bad:
        raise ValueError(_unstorable(text, bad.start()))
    if len(text) > TEXT_LIMIT:
        raise ValueError(f"is {len(text):,} characters long; at most {TEXT_LIMIT:,} fit")
    return text


def _unstorable(text: str, index: int) -> str:
    code = ord(text[index])
    kind = "half of a character (a lone surrogate)" if 0xD800 <= code <= 0xDFFF else "a control character"
    return f"holds {kind}, U+{code:04X}, as its character {index + 1}"


def _count(value: Any, rule: Rule, settings: Settings) -> int:
    if isinstance(value, bool | list | dict):
        raise ValueError(f"{_short(value)} is not a count")
    text = str(value)
    if not re.fullmatch(r"[+-]?[0-9]+(\.0*)?", text):
        raise ValueError(f"“{_short(text)}” is not a whole number")
    number = int(text.split(".")[0])
    if number < 0:
        raise ValueError(f"{number} is negative, and a count cannot be")
    if number >= COUNT_LIMIT:
        raise ValueError(f"{_short(number)} is too large for a count")
    return number


def _number(value: Any, rule: Rule, settings: Settings) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"“{_short(value)}” is not a number") from error
    if not math.isfinite(number) or number < 0:
        raise ValueError(f"{_short(value)} is not a number from 0 up")
    return number


def _flag(value: Any, rule: Rule, settings: Settings) -> bool:
    text = str(value).lower()
    if text not in _YES and text not in _NO:
        raise ValueError(f"“{_short(value)}” is neither yes nor no (true, false, 1, 0)")
    return text in _YES


def _one_of(valid: tuple[str, ...], noun: str) -> Callable[[Any, Rule, Settings], str]:
    def read(value: Any, rule: Rule, settings: Settings) -> str:
        text = str(value).lower()
        if text not in valid:
            raise ValueError(f"“{_short(value)}” is no {noun} that Sillage knows: {', '.join(valid)}")
        return text

    return read


def _country(value: Any, rule: Rule, settings: Settings) -> str:
    text = str(value).upper()
    if not re.fullmatch("[A-Z]{2}", text):
        raise ValueError(f"“{_short(value)}” is not a country's two letters (ISO 3166-1), such as FR")
    return text


def _language(value: Any, rule: Rule, settings: Settings) -> str:
    text = re.split("[-_]", str(value))[0].lower()
    if not re.fullmatch("[a-z]{2,3}", text):
        raise ValueError(f"“{_short(value)}” is not a language's code (ISO 639), such as fr")
    return text


def _languages(value: Any, rule: Rule, settings: Settings) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_language(part, rule, settings) for part in _parts(value, rule)))


def _tags(value: Any, rule: Rule, settings: Settings) -> tuple[str, ...]:
    read = _line(TAG_LIMIT)
    return tuple(dict.fromkeys(read(part.lstrip("#"), rule, settings) for part in _parts(value, rule)))


def _parts(value: Any, rule: Rule) -> list[str]:
    if not isinstance(value, list | tuple):
        raise ValueError(f"{_short(value)} is not a list")
    parts = [str(part).strip().strip(rule.strip).strip() for part in value if part is not None]
    return [part for part in parts if part.lstrip("#") and part not in rule.missing]


def _time(value: Any, rule: Rule, settings: Settings) -> datetime:
    moment = value if isinstance(value, datetime) else _read_time(value, rule)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(rule.timezone))
    if moment.tzinfo is not UTC:
        moment = _in_utc(moment, value)
    if moment > settings.latest:
        raise ValueError(f"{moment:%Y-%m-%d %H:%M} UTC lies in the future")
    if moment < EARLIEST:
        raise ValueError(f"{moment:%Y-%m-%d} lies before {EARLIEST:%Y}, when there was no network")
    return moment


def _in_utc(moment: datetime, value: Any) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"“{_short(value)}” is out of the calendar") from error


def _read_time(value: Any, rule: Rule) -> datetime:
    text = str(value)
    try:
        if rule.time == "iso":
            return datetime.fromisoformat(text)
        if rule.time in ("unix", "unix_ms"):
            return datetime.fromtimestamp(float(text) / (1000 if rule.time == "unix_ms" else 1), UTC)
        return datetime.strptime(text, rule.time)  # noqa: DTZ007  the rule's time zone is put in by the caller
    except (ValueError, OverflowError, OSError) as error:
        wanted = {"iso": "ISO 8601", "unix": "seconds since 1970", "unix_ms": "milliseconds since 1970"}
        raise ValueError(f"“{_short(text)}” is not a time as {wanted.get(rule.time, rule.time)}") from error


_TYPED: dict[Kind, Callable[[Any, Rule, Settings], Any]] = {
    Kind.NETWORK: _one_of(NETWORKS, "network"),
    Kind.FORMAT: _one_of(FORMATS, "format"),
    **{kind: _line(LIMITS[kind]) for kind in _LINE_KINDS},
    Kind.TEXT: _text,
    Kind.COUNTRY: _country,
    Kind.LANGUAGE: _language,
    Kind.LANGUAGES: _languages,
    Kind.TAGS: _tags,
    Kind.TIME: _time,
    Kind.FLAG: _flag,
    Kind.NUMBER: _number,
    Kind.COUNT: _count,
}
