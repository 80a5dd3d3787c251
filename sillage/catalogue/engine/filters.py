"""What a search keeps: conditions on cards, read from a plain mapping (query string, TOML table, JSON body).

A missing number never passes a condition on that number: missing is not 0.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date

from sillage.catalogue.engine.records import FORMATS, NETWORKS
from sillage.lib.errors import Malformed, within
from sillage.lib.nearest import did_you_mean
from sillage.lib.sentences import Grouped, Sentence

Words = tuple[str, ...]
Ids = tuple[int, ...]

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOST_VALUES = 10_000


class FilterUnknown(Malformed):
    """There is no filter of that name."""

    title = "Unknown filter"


class FilterMalformed(Malformed):
    """The filter exists, its value cannot be read."""

    title = "Malformed filter"


class FilterContradictory(Malformed):
    """Two filters together that no card can pass."""

    title = "Contradictory filters"


@dataclass(frozen=True, slots=True)
class CardFilters:
    """All conditions hold together; within a tuple any value will do, but `*_all` means every and `*_none` not one."""

    networks: Words = ()
    countries: Words = ()  # ISO 3166-1 alpha-2, as declared
    languages: Words = ()  # ISO 639, as written
    min_followers: int | None = None
    max_followers: int | None = None
    themes_any: Words = ()
    themes_all: Words = ()
    themes_none: Words = ()
    brands_any: Words = ()
    brands_none: Words = ()
    formats: Words = ()
    min_engagement_percentile: float | None = None  # 0..1, among accounts of the same network and size
    active_since: date | None = None  # last post on that day or later
    max_sponsored_share: float | None = None  # 0..1
    no_warnings: bool = False
    only_authenticated: bool = False
    without_accounts: Ids = ()
    without_creators: Ids = ()

    @property
    def is_empty(self) -> bool:
        """True when every card passes."""
        return self == CardFilters()

    @classmethod
    def parse(cls, given: Mapping[str, object]) -> CardFilters:
        """Filters from names and values; None and "" are left out, one value stands for a list of one, "1000" for 1000.

        Raises FilterUnknown, FilterMalformed, FilterContradictory.
        """
        read: dict[str, object] = {}
        for name, value in given.items():
            with within(name):
                if name not in _READERS:
                    otherwise = Sentence("Filters are %(readers)s.", readers=", ".join(sorted(_READERS)))
                    raise FilterUnknown(
                        Sentence("There is no filter “%(name)s”.", name=name), did_you_mean(name, _READERS, otherwise)
                    )
                if value is not None and value != "":
                    read[name] = _READERS[name](name, value)
        filters = cls(**read)  # type: ignore[arg-type]  # each reader returns its field's type
        _refuse_contradictions(filters)
        return filters

    def as_mapping(self) -> dict[str, object]:
        """The filters that are set, as plain values that `parse` reads back."""
        found: dict[str, object] = {}
        for name in (f.name for f in fields(self)):
            value = getattr(self, name)
            if value is None or value is False or value == ():
                continue
            plain = value.isoformat() if isinstance(value, date) else value
            found[name] = list(plain) if isinstance(plain, tuple) else plain
        return found


def _refuse_contradictions(filters: CardFilters) -> None:
    low, high = filters.min_followers, filters.max_followers
    if low is not None and high is not None and low > high:
        raise FilterContradictory(
            Sentence(
                "No account has at least %(low)s and at most %(high)s followers.", low=Grouped(low), high=Grouped(high)
            ),
            Sentence("Swap min_followers and max_followers."),
        )
    for wanted, unwanted in (
        (filters.themes_all, filters.themes_none),
        (filters.themes_any, filters.themes_none),
        (filters.brands_any, filters.brands_none),
    ):
        both = set(wanted) & set(unwanted)
        if both and (wanted == filters.themes_all or both >= set(wanted)):
            raise FilterContradictory(
                Sentence("“%(both)s” is both wanted and excluded.", both=min(both)),
                Sentence("Take it out of one of the two."),
            )


def _values(name: str, given: object) -> Sequence[object]:
    values = list(given) if isinstance(given, list | tuple | set | frozenset) else [given]
    if len(values) > _MOST_VALUES:
        raise FilterMalformed(
            Sentence("%(name)s has %(values_count)s values.", name=name, values_count=len(values)),
            Sentence("Give at most %(most_values)s.", most_values=_MOST_VALUES),
        )
    return values


def _text(name: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        raise FilterMalformed(
            Sentence("%(name)s holds %(value)s, which is not a text.", name=name, value=f"{value!r}"),
            Sentence("Give one or several texts."),
        )
    return value.strip()


def _words(name: str, given: object) -> Words:
    return tuple(dict.fromkeys(_text(name, value) for value in _values(name, given)))


def _one_of(known: Sequence[str]) -> Callable[[str, object], Words]:
    def read(name: str, given: object) -> Words:
        values = tuple(dict.fromkeys(value.lower() for value in _words(name, given)))
        for at, value in enumerate(values):
            if value not in known:
                otherwise = Sentence("It knows %(known)s.", known=", ".join(known))
                with within(at):
                    raise FilterMalformed(
                        Sentence("%(name)s does not know “%(value)s”.", name=name, value=value),
                        did_you_mean(value, known, otherwise),
                    )
        return values

    return read


def _countries(name: str, given: object) -> Words:
    values = tuple(dict.fromkeys(value.upper() for value in _words(name, given)))
    for at, value in enumerate(values):
        if not re.fullmatch("[A-Z]{2}", value):
            with within(at):
                raise FilterMalformed(
                    Sentence("“%(value)s” is not a country code.", value=value),
                    Sentence("Give two letters, such as FR or BE."),
                )
    return values


def _languages(name: str, given: object) -> Words:
    values = tuple(dict.fromkeys(value.lower() for value in _words(name, given)))
    for at, value in enumerate(values):
        if not re.fullmatch("[a-z]{2,3}", value):
            with within(at):
                raise FilterMalformed(
                    Sentence("“%(value)s” is not a language code.", value=value),
                    Sentence("Give two or three letters, such as fr or en."),
                )
    return values


def _count(name: str, given: object) -> int:
    text = str(given).strip()
    if isinstance(given, bool) or not re.fullmatch(r"\d{1,19}", text, re.ASCII):
        raise FilterMalformed(
            Sentence("%(name)s is %(given)s, which is not a whole number from 0 on.", name=name, given=f"{given!r}"),
            Sentence("Write it as 5000."),
        )
    if int(text) >= 2**63:
        raise FilterMalformed(
            Sentence("%(name)s is %(given)s, which is too large.", name=name, given=f"{given!r}"),
            Sentence("Give a number below 9 × 10¹⁸."),
        )
    return int(text)


def _share(name: str, given: object) -> float:
    try:
        share = float(given) if isinstance(given, str | int | float) and not isinstance(given, bool) else float("nan")
    except ValueError:
        share = float("nan")
    if not 0 <= share <= 1:
        raise FilterMalformed(
            Sentence("%(name)s is %(given)s, which is not between 0 and 1.", name=name, given=f"{given!r}"),
            Sentence("Write 25 % as 0.25."),
        )
    return share


def _day(name: str, given: object) -> date:
    if type(given) is date:
        return given
    if isinstance(given, str) and _ISO_DATE.fullmatch(given.strip()):
        try:
            return date.fromisoformat(given.strip())
        except ValueError:
            pass
    raise FilterMalformed(
        Sentence("%(name)s is %(given)s, which is not a day.", name=name, given=f"{given!r}"),
        Sentence("Write it as 2026-01-31."),
    )


def _flag(name: str, given: object) -> bool:
    text = str(given).strip().lower()
    if text in ("true", "1", "yes", "on"):
        return True
    if text in ("false", "0", "no", "off"):
        return False
    raise FilterMalformed(
        Sentence("%(name)s is %(given)s, which is neither true nor false.", name=name, given=f"{given!r}"),
        Sentence("Write true or false."),
    )


def _ids(name: str, given: object) -> Ids:
    return tuple(dict.fromkeys(_count(name, value) for value in _values(name, given)))


_READERS: dict[str, Callable[[str, object], object]] = {
    "networks": _one_of(NETWORKS),
    "countries": _countries,
    "languages": _languages,
    "min_followers": _count,
    "max_followers": _count,
    "themes_any": _words,
    "themes_all": _words,
    "themes_none": _words,
    "brands_any": _words,
    "brands_none": _words,
    "formats": _one_of(FORMATS),
    "min_engagement_percentile": _share,
    "active_since": _day,
    "max_sponsored_share": _share,
    "no_warnings": _flag,
    "only_authenticated": _flag,
    "without_accounts": _ids,
    "without_creators": _ids,
}
