"""Mappings: which columns of a file become which fields of which records.

A mapping is a TOML document with the sections [source], [account] and any of [post], [comment] and [[observation]].
A field's rule is a column's name, or a table: `{ column = "published", time = "%d/%m/%Y" }`.
"""

from __future__ import annotations

from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from enum import StrEnum

from sillage.catalogue.engine.records import Measure, SourceClass


class Kind(StrEnum):
    """What a field holds, and so what a value of it must look like."""

    NETWORK = "network"
    ID = "id"
    LINE = "line of text"
    KEY = "key"  # missing is None
    LONG_KEY = "id elsewhere"  # missing is None
    TEXT = "text"
    URL = "address"
    COUNTRY = "country"
    LANGUAGE = "language"
    LANGUAGES = "list of languages"
    TAGS = "list of tags"
    FORMAT = "format"
    TIME = "time"
    FLAG = "yes or no"
    NUMBER = "number"
    COUNT = "count"


ACCOUNT_FIELDS: dict[str, Kind] = {
    "network": Kind.NETWORK,
    "network_id": Kind.ID,
    "handle": Kind.ID,
    "name": Kind.LINE,
    "bio": Kind.TEXT,
    "url": Kind.URL,
    "country": Kind.COUNTRY,
    "languages": Kind.LANGUAGES,
    "creator_key": Kind.KEY,
    "created_at": Kind.TIME,
}
POST_FIELDS: dict[str, Kind] = {
    "network_id": Kind.ID,
    "published_at": Kind.TIME,
    "title": Kind.TEXT,
    "text": Kind.TEXT,
    "hashtags": Kind.TAGS,
    "format": Kind.FORMAT,
    "url": Kind.URL,
    "language": Kind.LANGUAGE,
    "paid_label": Kind.FLAG,
    "duration_s": Kind.NUMBER,
}
COMMENT_FIELDS: dict[str, Kind] = {
    "post_network_id": Kind.ID,
    "network_id": Kind.ID,
    "published_at": Kind.TIME,
    "text": Kind.TEXT,
    "author_network_id": Kind.LINE,
    "reply_to_network_id": Kind.LONG_KEY,
    "likes": Kind.COUNT,
}
REQUIRED: dict[str, tuple[str, ...]] = {
    "account": ("network", "network_id", "handle"),
    "post": ("network_id", "published_at"),
    "comment": ("post_network_id", "network_id", "published_at", "text"),
}
FIELDS: dict[str, dict[str, Kind]] = {
    "account": ACCOUNT_FIELDS,
    "post": POST_FIELDS,
    "comment": COMMENT_FIELDS,
}


@dataclass(frozen=True, slots=True)
class Rule:
    """How one field is read. In this order: missing, strip_prefix, replace, split, map, hash, then the type."""

    column: str | None = None
    constant: str | None = None
    missing: frozenset[str] = frozenset({""})
    missing_if: tuple[tuple[str, frozenset[str]], ...] = ()  # another column's values that make this one missing
    strip_prefix: str = ""
    replace: tuple[tuple[str, str], ...] = ()
    split: str | None = None
    strip: str = ""  # characters taken off both ends of each part
    map: tuple[tuple[str, str], ...] = ()
    hash: bool = False  # a keyed hash instead of the value
    time: str = "iso"  # "iso", "unix", "unix_ms" or a strptime format
    timezone: str = "UTC"  # of times that name none

    @property
    def is_plain(self) -> bool:
        """Whether the value is taken as it stands."""
        return not (self.missing_if or self.strip_prefix or self.replace or self.map or self.hash)


@dataclass(frozen=True, slots=True)
class Source:
    """What kind of file it is. `columns` names them where the file has no header."""

    format: str = "auto"
    separator: str = ","
    quote: str = '"'
    encoding: str = "utf-8"
    columns: tuple[str, ...] = ()
    sheet: str = ""  # of a workbook; the first one that is not hidden, where none is named
    columns_may_be_absent: bool = False  # an absent column reads as missing, unless a required field needs it


@dataclass(frozen=True, slots=True)
class ObservationRule:
    """One number of each row. Without `observed_at` it was observed when the import began."""

    of: str  # "account" or "post"
    measure: Measure
    value: Rule
    api_field: str
    source_class: SourceClass
    observed_at: Rule | None = None


@dataclass(frozen=True, slots=True)
class Mapping:
    """A whole mapping. `digest` covers its text: a changed mapping reads the file anew."""

    name: str
    title: str
    digest: str
    source: Source
    account: Table[str, Rule]
    post: Table[str, Rule] | None = None
    comment: Table[str, Rule] | None = None
    observations: tuple[ObservationRule, ...] = ()
    columns: tuple[str, ...] = field(default=())  # every column it reads, once


def columns_of(rule: Rule) -> list[str]:
    """Every column a rule reads, its own first."""
    return ([rule.column] if rule.column is not None else []) + [name for name, _ in rule.missing_if]
