"""What the address of the creators page says, and the addresses of its neighbours: one filter more, one less, the rest.

The names of filters in the address are those of `CardFilters`, so that a search typed, saved or sent to the API is one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Literal
from urllib.parse import urlencode

from sillage.catalogue.engine.filters import CardFilters
from sillage.lib.errors import Malformed
from sillage.lib.sentences import Sentence

Sort = Literal["followers", "last_post", "name"]
SORTS: tuple[Sort, ...] = ("followers", "last_post", "name")
WORDS_LIMIT = 300  # characters
_SEVERAL = frozenset(f.name for f in fields(CardFilters) if isinstance(f.default, tuple))


class SortUnknown(Malformed):
    """Creators cannot be put in this order."""

    title = "Unknown order"


@dataclass(frozen=True, slots=True)
class Listing:
    """One view of the list. `cursor` is where it goes on; a list with words stands in the order of their rank."""

    filters: CardFilters = field(default_factory=CardFilters)
    words: str = ""
    sort: Sort = "followers"
    descending: bool = True
    cursor: str | None = None

    @classmethod
    def parse(cls, given: Mapping[str, Sequence[str]]) -> Listing:
        """Read the lists of values of a query string. Raises SortUnknown and what CardFilters.parse raises."""
        own = {name: values[-1] for name, values in given.items() if name in ("words", "sort", "cursor") and values}
        sort, descending = _order(own.get("sort", ""))
        filters: dict[str, object] = {}
        for name, values in given.items():
            set_values = [value for value in values if value.strip()]
            if name not in ("words", "sort", "cursor") and set_values:
                filters[name] = set_values if name in _SEVERAL else set_values[-1]
        return cls(
            CardFilters.parse(filters),
            " ".join(own.get("words", "").split())[:WORDS_LIMIT],
            sort,
            descending,
            own.get("cursor") or None,
        )

    @property
    def order(self) -> str:
        """The order as the address says it: "followers" or "-name" where it runs against its usual direction."""
        return self.sort if self.descending == _usually_descends(self.sort) else f"-{self.sort}"

    @property
    def is_plain(self) -> bool:
        """Everything, from the start."""
        return self.filters.is_empty and not self.words and self.cursor is None

    def pairs(self) -> list[tuple[str, str]]:
        """Names and values of the address, without the cursor."""
        pairs = [("words", self.words)] if self.words else []
        pairs += list(self.filter_pairs())
        return pairs + ([("sort", self.order)] if self.order != "followers" else [])

    def filter_pairs(self) -> Iterator[tuple[str, str]]:
        for name, value in self.filters.as_mapping().items():
            for single in value if isinstance(value, list) else [value]:
                yield name, "true" if single is True else str(single)

    def address(self) -> str:
        """The query string of this list from its start, with its question mark; nothing for the plain list."""
        return f"?{urlencode(self.pairs())}" if self.pairs() else "?"

    def going_on(self, cursor: str) -> str:
        return f"?{urlencode([*self.pairs(), ('cursor', cursor)])}"

    def without(self, name: str, value: str = "") -> Listing:
        """The list without one filter, or without one value of it."""
        before = getattr(self.filters, name)
        after: object = tuple(v for v in before if str(v) != value) if isinstance(before, tuple) else _EMPTY[name]
        return self.having(**{name: after})

    def having(self, **changed: object) -> Listing:
        """The list from its start with these filters set."""
        return replace(self, filters=replace(self.filters, **changed), cursor=None)  # type: ignore[arg-type]

    def ordered(self, sort: Sort) -> Listing:
        """The list from its start in this order; the other way round where it stands in it already."""
        descending = not self.descending if sort == self.sort else _usually_descends(sort)
        return replace(self, sort=sort, descending=descending, cursor=None)

    def cleared(self) -> Listing:
        """The same words and order without any filter."""
        return replace(self, filters=CardFilters(), cursor=None)


_EMPTY: Mapping[str, object] = {f.name: f.default for f in fields(CardFilters)}


def _usually_descends(sort: Sort) -> bool:
    return sort != "name"


def _order(given: str) -> tuple[Sort, bool]:
    name = given.removeprefix("-") or "followers"
    if name not in SORTS:
        raise SortUnknown(
            Sentence("There is no order “%(name)s”.", name=name),
            Sentence("Orders are %(sorts)s.", sorts=", ".join(SORTS)),
        )
    return name, _usually_descends(name) != given.startswith("-")


@dataclass(frozen=True, slots=True)
class Band:
    """A size band of followers: from `low` on, up to `high`; None is open."""

    low: int | None
    high: int | None

    @classmethod
    def named(cls, name: str) -> Band:
        """“1000-4999”, “-999” or “1000000-”, as facets name them."""
        low, _, high = name.partition("-")
        return cls(int(low) if low else None, int(high) if high else None)
