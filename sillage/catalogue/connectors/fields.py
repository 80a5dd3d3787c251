"""Reading answers whose shape one may not trust: what is absent, null or of the wrong type is missing, no crash."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sillage.catalogue.connectors.port import SetAside
from sillage.lib.errors import OutsideError
from sillage.lib.sentences import Day, Sentence
from sillage.lib.text import without_controls

T = TypeVar("T")

CLOCK_SKEW = timedelta(minutes=10)  # how far into the future another machine's clock may be
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # before the Web: a date that nobody meant
LARGEST_COUNT = 2**63 - 1
ID_LENGTH = 300  # as the catalogue stores ids and names
URL_LENGTH = 2000


class Unfit(Exception):
    """This record cannot be kept; the message says why in one sentence."""


def payload_of(body: bytes) -> dict[str, Any]:
    """The JSON object in an answer. A truncated one raises OutsideError: asking again may help."""
    try:
        payload = json.loads(body)
    except ValueError as error:
        raise OutsideError(Sentence("The network's answer is not JSON, or was cut short."), permanent=False) from error
    if not isinstance(payload, dict):
        raise OutsideError(Sentence("The network's answer is JSON of an unexpected shape."), permanent=False)
    return payload


def inner(value: Any, *path: str) -> dict[str, Any]:
    """The object at a path; empty when there is none."""
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def objects(value: Any) -> list[dict[str, Any]]:
    """The objects of a list; what is no object is left out."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def words(value: Any, at_most: int | None = None) -> str:
    """A text that can be stored; empty when it is missing."""
    return without_controls(value).strip()[:at_most] if isinstance(value, str) else ""


def texts(value: Any) -> list[str]:
    """The texts of a list."""
    return [words(item) for item in value if words(item)] if isinstance(value, list) else []


def count(value: Any) -> int | None:
    """A count of things: a whole number of zero or more, also written as digits. Anything else is missing."""
    if isinstance(value, str) and value.isascii() and value.isdecimal():
        value = int(value[:20])
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LARGEST_COUNT:
        return value
    return None


def instant(value: Any) -> datetime | None:
    """An ISO 8601 instant in UTC. Without a zone it is no instant, and missing."""
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
        return at.astimezone(UTC) if at is not None and at.tzinfo else None
    except (ValueError, OverflowError):
        return None


def past(at: datetime | None, now: datetime) -> datetime:
    """The instant at which something was published. Raises Unfit without one, before the Web or in the future."""
    if at is None:
        raise Unfit(Sentence("It has no readable date."))
    if at < EARLIEST:
        raise Unfit(Sentence("Its date, %(day)s, lies before the Web.", day=Day(at)))
    if at > now + CLOCK_SKEW:
        raise Unfit(Sentence("Its date, %(day)s, lies in the future.", day=Day(at)))
    return at


def identifier(value: Any) -> str:
    """An id that can be stored. Raises Unfit without one."""
    name = words(value)
    if not name:
        raise Unfit(Sentence("It has no id."))
    if len(name) > ID_LENGTH:
        raise Unfit(Sentence("Its id is longer than %(most)s characters.", most=ID_LENGTH))
    return name


def language(value: Any) -> str | None:
    """ISO 639-1 of a BCP 47 tag (“fr-CA” is “fr”). None for three-letter and private tags (“zxx”: no language)."""
    tag = words(value).replace("_", "-").split("-")[0].casefold()
    return tag if len(tag) == 2 and tag.isascii() and tag.isalpha() else None


def country(value: Any) -> str | None:
    """ISO 3166-1 alpha-2."""
    code = words(value).upper()
    return code if len(code) == 2 and code.isascii() and code.isalpha() else None


def hashtags(values: Iterable[str]) -> tuple[str, ...]:
    """Without '#', each once, in order."""
    named = (words(value).lstrip("#＃").strip()[:ID_LENGTH] for value in values)
    return tuple(dict.fromkeys(name for name in named if name))


def address(value: Any) -> str:
    """A web address that can be stored and linked; empty when it is missing, too long or not http(s)."""
    url = words(value)
    return url if url.startswith(("http://", "https://")) and len(url) <= URL_LENGTH else ""


def sorted_out(
    items: Iterable[dict[str, Any]], name: Callable[[dict[str, Any]], Any], read: Callable[[dict[str, Any]], T]
) -> tuple[list[T], list[SetAside]]:
    """What could be read of the items, and what was set aside under the name it goes by."""
    kept: list[T] = []
    aside: list[SetAside] = []
    for item in items:
        try:
            kept.append(read(item))
        except Unfit as unfit:
            aside.append(SetAside(words(name(item), ID_LENGTH), str(unfit)))
    return kept, aside
