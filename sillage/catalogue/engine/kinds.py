"""One value of a file as a value of its field's kind, or why it is none.

A reason goes on after the field's name: “account.country”, “is empty, and a record cannot do without it”.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import blake2b
from typing import Any
from zoneinfo import ZoneInfo

from sillage.catalogue.engine.cells import WrongCell
from sillage.catalogue.engine.mapping import Kind, Rule
from sillage.catalogue.engine.records import FORMATS, NETWORKS
from sillage.lib.sentences import Grouped, Listed, Sentence

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

UNSTORABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff]")
NOT_ON_ONE_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_YES = frozenset({"true", "1", "yes", "y", "t", "oui", "vrai"})
_NO = frozenset({"false", "0", "no", "n", "f", "non", "faux"})
_LISTS = (Kind.TAGS, Kind.LANGUAGES)
LINE_KINDS = frozenset({Kind.ID, Kind.LINE, Kind.KEY, Kind.LONG_KEY, Kind.URL})
EMPTY: dict[Kind, Any] = {Kind.LINE: "", Kind.TEXT: "", Kind.URL: "", Kind.TAGS: (), Kind.LANGUAGES: ()}


class NotOfKind(ValueError):
    """A value that is none of its field's kind."""

    def __init__(self, why: Sentence) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Settings:
    """What conversion needs to know from outside: the workspace's salt, and the latest instant a time may name."""

    salt: bytes
    latest: datetime

    @classmethod
    def of(cls, salt: bytes, now: datetime) -> Settings:
        """Clocks and time zones are wrong by up to a day; beyond that a time lies in the future."""
        return cls(salt, now + timedelta(days=1))


def read_value(value: Any, rule: Rule, kind: Kind, required: bool, settings: Settings) -> tuple[Any, Sentence | None]:
    """The field's value, or why it is refused."""
    if isinstance(value, WrongCell):
        return None, value.why
    try:
        given = prepared(value, rule, kind, settings)
        if given is not None:
            return _TYPED[kind](given, rule, settings), None
    except NotOfKind as other:
        return None, other.why
    if required:
        return None, Sentence("is empty, and a record cannot do without it")
    return EMPTY.get(kind), None


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
        if rule.is_plain and not (type(value) is int and kind in _LISTS):
            return value
        value = written
    if kind is not Kind.TEXT:
        value = value.strip()
    if value in rule.missing:
        return None
    value = value.removeprefix(rule.strip_prefix)
    for old, new in rule.replace:
        value = value.replace(old, new)
    if kind in _LISTS:
        return value.split(rule.split) if rule.split else [value]
    if rule.map:
        value = _mapped(value, rule)
    if rule.hash and value:
        value = blake2b(value.encode("utf-8", "surrogatepass"), key=settings.salt, digest_size=16).hexdigest()
    return value or None


def _mapped(value: str, rule: Rule) -> str:
    table = dict(rule.map)
    if value not in table:
        raise NotOfKind(
            Sentence(
                "“%(value)s” is not in the mapping's table: %(known)s", value=_short(value), known=Listed(table.keys())
            )
        )
    return table[value]


def _short(value: object) -> str:
    text = str(value).encode("utf-8", "backslashreplace").decode()
    return text if len(text) <= 60 else f"{text[:59]}…"


def _line(limit: int) -> Callable[[Any, Rule, Settings], str]:
    def read(value: Any, rule: Rule, settings: Settings) -> str:
        if isinstance(value, bool | float | bytes | list | dict | date | time | timedelta):
            raise _no_text(value)
        text = str(value).strip()
        bad = NOT_ON_ONE_LINE.search(text)
        if bad:
            raise _unstorable(text, bad.start())
        if len(text) > limit:
            raise _too_long(text, limit)
        return text

    return read


def _text(value: Any, rule: Rule, settings: Settings) -> str:
    if isinstance(value, list | dict | bytes | date | time | timedelta):
        raise _no_text(value)
    text = str(value)
    bad = UNSTORABLE.search(text)
    if bad:
        raise _unstorable(text, bad.start())
    if len(text) > TEXT_LIMIT:
        raise _too_long(text, TEXT_LIMIT)
    return text


def _no_text(value: object) -> NotOfKind:
    return NotOfKind(Sentence("%(value)s is not a text", value=_short(value)))


def _too_long(text: str, limit: int) -> NotOfKind:
    why = Sentence(
        "is %(length)s characters long; at most %(most)s fit", length=Grouped(len(text)), most=Grouped(limit)
    )
    return NotOfKind(why)


def _unstorable(text: str, index: int) -> NotOfKind:
    code = ord(text[index])
    half = Sentence("holds half of a character (a lone surrogate), %(code)s, as its character %(number)s")
    control = Sentence("holds a control character, %(code)s, as its character %(number)s")
    why = half if 0xD800 <= code <= 0xDFFF else control
    return NotOfKind(why.filled(code=f"U+{code:04X}", number=index + 1))


def _count(value: Any, rule: Rule, settings: Settings) -> int:
    if isinstance(value, bool | list | dict):
        raise NotOfKind(Sentence("%(value)s is not a count", value=_short(value)))
    text = str(value)
    if not re.fullmatch(r"[+-]?[0-9]+(\.0*)?", text):
        raise NotOfKind(Sentence("“%(value)s” is not a whole number", value=_short(text)))
    if text[0] == "-" and text.strip("-0."):
        raise NotOfKind(Sentence("%(value)s is negative, and a count cannot be", value=_short(text)))
    digits = text.split(".")[0].lstrip("+-0") or "0"
    if len(digits) > COUNT_DIGITS:  # asked before they are read: Python refuses thousands of them
        raise NotOfKind(Sentence("%(value)s is too large for a count", value=_short(text)))
    return int(digits)


def _number(value: Any, rule: Rule, settings: Settings) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError) as error:
        raise NotOfKind(Sentence("“%(value)s” is not a number", value=_short(value))) from error
    if not math.isfinite(number) or number < 0:
        raise NotOfKind(Sentence("%(value)s is not a number from 0 up", value=_short(value)))
    return number


def _flag(value: Any, rule: Rule, settings: Settings) -> bool:
    text = str(value).lower()
    if text not in _YES and text not in _NO:
        raise NotOfKind(Sentence("“%(value)s” is neither yes nor no (true, false, 1, 0)", value=_short(value)))
    return text in _YES


def _one_of(valid: tuple[str, ...], otherwise: Sentence) -> Callable[[Any, Rule, Settings], str]:
    def read(value: Any, rule: Rule, settings: Settings) -> str:
        text = str(value).lower()
        if text not in valid:
            raise NotOfKind(otherwise.filled(value=_short(value), known=Listed(valid)))
        return text

    return read


def _country(value: Any, rule: Rule, settings: Settings) -> str:
    text = str(value).upper()
    if not re.fullmatch("[A-Z]{2}", text):
        raise NotOfKind(
            Sentence("“%(value)s” is not a country's two letters (ISO 3166-1), such as FR", value=_short(value))
        )
    return text


def _language(value: Any, rule: Rule, settings: Settings) -> str:
    text = re.split("[-_]", str(value))[0].lower()
    if not re.fullmatch("[a-z]{2,3}", text):
        raise NotOfKind(Sentence("“%(value)s” is not a language's code (ISO 639), such as fr", value=_short(value)))
    return text


def _languages(value: Any, rule: Rule, settings: Settings) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_language(part, rule, settings) for part in _parts(value, rule)))


def _tags(value: Any, rule: Rule, settings: Settings) -> tuple[str, ...]:
    read = _line(TAG_LIMIT)
    return tuple(dict.fromkeys(read(part.lstrip("#"), rule, settings) for part in _parts(value, rule)))


def _parts(value: Any, rule: Rule) -> list[str]:
    if not isinstance(value, list | tuple):
        raise NotOfKind(Sentence("%(value)s is not a list", value=_short(value)))
    parts = [str(part).strip().strip(rule.strip).strip() for part in value if part is not None]
    return [part for part in parts if part.lstrip("#") and part not in rule.missing]


def _time(value: Any, rule: Rule, settings: Settings) -> datetime:
    moment = value if isinstance(value, datetime) else _read_time(value, rule)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(rule.timezone))
    if moment.tzinfo is not UTC:
        moment = _in_utc(moment, value)
    if moment > settings.latest:
        raise NotOfKind(Sentence("%(moment)s UTC lies in the future", moment=f"{moment:%Y-%m-%d %H:%M}"))
    if moment < EARLIEST:
        raise NotOfKind(
            Sentence(
                "%(day)s lies before %(earliest)s, when there was no network",
                day=f"{moment:%Y-%m-%d}",
                earliest=EARLIEST.year,
            )
        )
    return moment


def _in_utc(moment: datetime, value: Any) -> datetime:
    try:
        return moment.astimezone(UTC)
    except (OverflowError, ValueError) as error:
        raise NotOfKind(Sentence("“%(value)s” is out of the calendar", value=_short(value))) from error


_TIMES = {
    "iso": "ISO 8601",
    "unix": Sentence("seconds since 1970"),
    "unix_ms": Sentence("milliseconds since 1970"),
}


def _read_time(value: Any, rule: Rule) -> datetime:
    text = str(value)
    try:
        if rule.time == "iso":
            return datetime.fromisoformat(text)
        if rule.time in ("unix", "unix_ms"):
            return datetime.fromtimestamp(float(text) / (1000 if rule.time == "unix_ms" else 1), UTC)
        return datetime.strptime(text, rule.time)  # noqa: DTZ007  the rule's time zone is put in by the caller
    except (ValueError, OverflowError, OSError) as error:
        wanted = _TIMES.get(rule.time, rule.time)
        raise NotOfKind(
            Sentence("“%(value)s” is not a time as %(wanted)s", value=_short(text), wanted=wanted)
        ) from error


_TYPED: dict[Kind, Callable[[Any, Rule, Settings], Any]] = {
    Kind.NETWORK: _one_of(NETWORKS, Sentence("“%(value)s” is no network that Sillage knows: %(known)s")),
    Kind.FORMAT: _one_of(FORMATS, Sentence("“%(value)s” is no format that Sillage knows: %(known)s")),
    **{kind: _line(LIMITS[kind]) for kind in LINE_KINDS},
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
