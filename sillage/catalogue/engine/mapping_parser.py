"""Reads a mapping's TOML; every error says where it is and what would have been valid."""

from __future__ import annotations

import codecs
import hashlib
import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sillage.catalogue.engine.mapping import (
    FIELDS,
    REQUIRED,
    Kind,
    Mapping,
    ObservationRule,
    Rule,
    Source,
    columns_of,
)
from sillage.catalogue.engine.mapping_text import MappingText, Path
from sillage.catalogue.engine.records import FORMATS, NETWORKS, Measure, SourceClass
from sillage.catalogue.engine.values import wrong_constant

_OBSERVATION_KEYS = ("of", "measure", "value", "api_field", "source_class", "observed_at")
_SOURCE_KEYS = ("format", "separator", "quote", "encoding", "sheet", "columns", "columns_may_be_absent")
_TOP_KEYS = ("name", "title", "source", "account", "post", "comment", "observation")
_RULE_HINT = 'For example { column = "username" } or { constant = "tiktok" }.'
_FILE_FORMATS = ("auto", "csv", "xlsx", "jsonl", "parquet")
_API_FIELD_LIMIT = 100
# What files are written in: not codecs of Python's own such as punycode or unicode_escape.
_ENCODING = re.compile(r"(utf|iso|cp|mac|koi|gb|big|euc|shift|ascii|hz|johab|ptcp|kz|tis|latin)[a-z0-9_-]*")
_LINE_ENDS = ("\n", "\r", "\0")


def parse_mapping(text: str, file_name: str) -> Mapping:
    """Read a mapping; `MappingMalformed` says where it is wrong and what would have been valid."""
    document = MappingText(text, file_name)
    data = document.parsed()
    document.refuse_unknown((), data, _TOP_KEYS, "a mapping")
    if "account" not in data:
        raise document.error(
            (), "The mapping has no [account] section.", "Every row belongs to an account: say which columns name it."
        )
    sections = {name: _section(document, name, data[name]) for name in FIELDS if name in data}
    observations = _observations(document, data.get("observation", []), "post" in sections)
    rules = [rule for section in sections.values() for rule in section.values()]
    rules += [r for o in observations for r in (o.value, o.observed_at) if r is not None]
    return Mapping(
        name=document.string(data, ("name",), file_name.removesuffix(".toml")),
        title=document.string(data, ("title",), ""),
        digest=hashlib.blake2b(text.encode(), digest_size=32).hexdigest(),
        source=_source(document, data.get("source", {})),
        account=sections["account"],
        post=sections.get("post"),
        comment=sections.get("comment"),
        observations=observations,
        columns=tuple(dict.fromkeys(name for rule in rules for name in columns_of(rule))),
    )


def _section(document: MappingText, name: str, section: Any) -> dict[str, Rule]:
    kinds = FIELDS[name]
    data = document.table(section, (name,))
    document.refuse_unknown((name,), data, tuple(kinds), f"[{name}]")
    if name == "account" and "handle" not in data and "network_id" in data:
        data = {**data, "handle": data["network_id"]}
    for required in REQUIRED[name]:
        if required not in data:
            needed = ", ".join(REQUIRED[name])
            raise document.error((name,), f"[{name}] says nothing of “{required}”.", f"It needs {needed}.")
    return {key: _rule(document, (name, key), value, kinds[key]) for key, value in data.items()}


def _rule(document: MappingText, path: Path, data: Any, kind: Kind) -> Rule:
    if isinstance(data, str):
        data = {"column": data}
    if not isinstance(data, dict):
        raise document.error(
            path, f"“{path[-1]}” is not a rule.", 'Give a column\'s name, or a table like { column = "name" }.'
        )
    document.refuse_unknown(path, data, tuple(Rule.__dataclass_fields__), f"the rule of “{path[-1]}”")
    if ("column" in data) == ("constant" in data):
        raise document.error(path, f"“{path[-1]}” needs a column or a constant, one of the two.", _RULE_HINT)
    rule = Rule(
        column=document.string(data, (*path, "column"), "") if "column" in data else None,
        constant=_constant(document, data, (*path, "constant")),
        missing=frozenset({"", *document.strings(data, (*path, "missing"))}),
        missing_if=_missing_if(document, data, (*path, "missing_if")),
        strip_prefix=document.string(data, (*path, "strip_prefix"), ""),
        replace=document.pairs(data, (*path, "replace")),
        split=document.string(data, (*path, "split"), "") if "split" in data else None,
        strip=document.string(data, (*path, "strip"), ""),
        map=document.pairs(data, (*path, "map")),
        hash=document.flag(data, (*path, "hash")),
        time=document.string(data, (*path, "time"), "iso"),
        timezone=_timezone(document, data, (*path, "timezone")),
    )
    _check_kind(document, path, rule, kind, data)
    return rule


def _check_kind(document: MappingText, path: Path, rule: Rule, kind: Kind, data: dict[str, Any]) -> None:
    """Refuse what can be seen to be wrong before any row is read."""
    if rule.split is not None and kind not in (Kind.TAGS, Kind.LANGUAGES):
        raise document.error((*path, "split"), f"“{path[-1]}” is one value, not a list.", "Leave out split.")
    if rule.split == "":
        raise document.error((*path, "split"), "“split” is empty.", 'For example split = "|".')
    if "time" in data and kind is not Kind.TIME:
        raise document.error((*path, "time"), f"“{path[-1]}” is not a time.", "Leave out time.")
    if kind is Kind.TIME and rule.time not in ("iso", "unix", "unix_ms"):
        _check_time_format(document, (*path, "time"), rule.time)
    for valid, named in ((NETWORKS, Kind.NETWORK), (FORMATS, Kind.FORMAT)):
        given = [rule.constant] if rule.constant is not None else [new for _, new in rule.map]
        wrong = next((v for v in given if v and v not in valid), None) if kind is named else None
        if wrong is not None:
            key = "constant" if rule.constant is not None else "map"
            raise document.error((*path, key), f"“{wrong}” is no {named.value}.", f"Valid: {', '.join(valid)}.")
    reason = wrong_constant(rule, kind) if rule.constant is not None else None
    if reason is not None:
        raise document.error((*path, "constant"), f"The constant of “{path[-1]}”: {reason}.", "Write another.")


def _check_time_format(document: MappingText, path: Path, pattern: str) -> None:
    sample = datetime(2020, 12, 31, tzinfo=ZoneInfo("UTC"))
    hint = 'Write "iso", "unix", "unix_ms" or a format such as "%d/%m/%Y %H:%M".'
    try:
        read = datetime.strptime(sample.strftime(pattern), pattern)  # noqa: DTZ007  only its day is looked at
    except ValueError as error:
        raise document.error(path, f"“{pattern}” is not a format of times.", hint) from error
    if read.date() != sample.date():
        raise document.error(path, f"“{pattern}” does not say which day.", hint)


def _observations(document: MappingText, data: Any, has_posts: bool) -> tuple[ObservationRule, ...]:
    if not isinstance(data, list) or not all(isinstance(item, dict) for item in data):
        raise document.error(
            ("observation",), "Observations are blocks.", "Write [[observation]], with two brackets, for each number."
        )
    return tuple(_observation(document, number, item, has_posts) for number, item in enumerate(data))


def _observation(document: MappingText, number: int, data: dict[str, Any], has_posts: bool) -> ObservationRule:
    path = ("observation", number)
    document.refuse_unknown(path, data, _OBSERVATION_KEYS, "[[observation]]")
    for required in ("measure", "value", "api_field", "source_class"):
        if required not in data:
            raise document.error(
                path,
                f"[[observation]] says nothing of “{required}”.",
                "It needs measure, value, api_field, source_class.",
            )
    of = document.one_of(data, (*path, "of"), ("post", "account"), "post" if has_posts else "account")
    if of == "post" and not has_posts:
        raise document.error((*path, "of"), "There are no posts to observe.", 'Map [post], or write of = "account".')
    observed_at = data.get("observed_at")
    return ObservationRule(
        of=of,
        measure=Measure(document.one_of(data, (*path, "measure"), tuple(Measure), "")),
        value=_rule(document, (*path, "value"), data["value"], Kind.COUNT),
        api_field=_api_field(document, data, (*path, "api_field")),
        source_class=SourceClass(document.one_of(data, (*path, "source_class"), tuple(SourceClass), "")),
        observed_at=None if observed_at is None else _rule(document, (*path, "observed_at"), observed_at, Kind.TIME),
    )


def _api_field(document: MappingText, data: dict[str, Any], path: Path) -> str:
    name = document.string(data, path, "")
    if not 0 < len(name) <= _API_FIELD_LIMIT:
        raise document.error(
            path,
            f"“api_field” has {len(name):,} characters; 1 to {_API_FIELD_LIMIT} fit.",
            "Write the name of the network's field that the number comes from.",
        )
    return name


def _source(document: MappingText, section: Any) -> Source:
    data = document.table(section, ("source",))
    document.refuse_unknown(("source",), data, _SOURCE_KEYS, "[source]")
    separator, quote = _one_character(document, data, "separator", ","), _one_character(document, data, "quote", '"')
    if separator == quote:
        raise document.error(("source", "quote"), "“quote” and “separator” are the same.", "Change one of them.")
    return Source(
        format=document.one_of(data, ("source", "format"), _FILE_FORMATS, "auto"),
        separator=separator,
        quote=quote,
        encoding=_encoding(document, data, ("source", "encoding")),
        sheet=document.string(data, ("source", "sheet"), ""),
        columns=document.strings(data, ("source", "columns")),
        columns_may_be_absent=document.flag(data, ("source", "columns_may_be_absent")),
    )


def _one_character(document: MappingText, data: dict[str, Any], key: str, default: str) -> str:
    value = document.string(data, ("source", key), default)
    if len(value) != 1 or value in _LINE_ENDS:
        raise document.error(("source", key), f"“{key}” is not one character.", 'For example ";" or "\\t".')
    return value


def _encoding(document: MappingText, data: dict[str, Any], path: Path) -> str:
    name = document.string(data, path, "utf-8")
    try:
        known = codecs.lookup(name).name
    except (LookupError, ValueError):
        known = ""
    if not _ENCODING.fullmatch(known):
        raise document.error(path, f"“{name}” is no encoding.", "Usual ones: utf-8, utf-16, cp1252.")
    return name


def _constant(document: MappingText, data: dict[str, Any], path: Path) -> str | None:
    value = data.get("constant")
    if isinstance(value, list | dict):
        raise document.error(path, "A constant is one value.", _RULE_HINT)
    return value if value is None or isinstance(value, str) else str(value)


def _missing_if(document: MappingText, data: dict[str, Any], path: Path) -> tuple[tuple[str, frozenset[str]], ...]:
    given = data.get("missing_if", {})
    if not isinstance(given, dict):
        raise document.error(
            path, "“missing_if” is not a table.", 'Name a column: missing_if = { comments_disabled = ["True"] }.'
        )
    return tuple((column, frozenset(document.strings(given, (*path, column)))) for column in given)


def _timezone(document: MappingText, data: dict[str, Any], path: Path) -> str:
    name = document.string(data, path, "UTC")
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise document.error(path, f"“{name}” is no time zone.", "For example Europe/Paris or UTC.") from error
    return name
