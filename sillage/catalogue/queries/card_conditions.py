"""Filters as SQL over `catalogue_cardcode` (alias k), and how many cards they keep, estimated from random pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from django.db import connection
from psycopg import sql

from sillage.catalogue.engine.filters import CardFilters
from sillage.catalogue.engine.sketch import sketches

Part = sql.Composed | sql.SQL

FALSE = sql.SQL("false")
SMALL_TABLE = 20_000  # code rows; up to here counting is as cheap as sampling
NARROW_SHARE = 0.02  # of all cards
_SAMPLED_ROWS = 10_000
_WORD_BITS = 63


@dataclass(frozen=True, slots=True)
class Code:
    """A value's number: `code` is its place in its kind's bits, or None when only `value_ids` tells it."""

    id: int
    code: int | None


Codes = dict[tuple[str, str], Code]


@cache
def statements(name: str) -> tuple[str, ...]:
    """The statements of a file in sillage/catalogue/sql."""
    text = files("sillage.catalogue").joinpath("sql", name).read_text(encoding="utf8")
    kept = "\n".join(line for line in text.splitlines() if not line.startswith("--"))
    return tuple(part.strip() for part in kept.split(";\n") if part.strip())


def fetch(query: sql.Composable) -> list[tuple[Any, ...]]:
    """All rows."""
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def coding_of(account_ids: Sequence[int]) -> dict[str, list[Any]]:
    """The parameters of card_coding.sql for these cards: their ids and the sketches of their vectors."""
    rows = fetch(
        sql.SQL(
            "SELECT account_id, halfvec_send(vector) FROM catalogue_card WHERE account_id = ANY ({}::bigint[])"
        ).format(sql.Literal(list(account_ids)))
    )
    known = [(account_id, bytes(sent)) for account_id, sent in rows if sent is not None]
    bits: dict[int, str] = {}
    if known:
        # pgvector's binary form: two int16 (dimensions, unused), then big-endian half floats.
        vectors = np.stack([np.frombuffer(sent, dtype=">f2", offset=4) for _, sent in known]).astype(np.float32)
        bits = dict(zip((account_id for account_id, _ in known), sketches(vectors), strict=True))
    ids = [account_id for account_id, _ in rows]
    return {"account_ids": ids, "bits": [bits.get(account_id) for account_id in ids]}


def set_locally(**settings: object) -> None:
    """PostgreSQL settings until the end of this transaction. Names with a dot are written with two underscores."""
    parts = [
        sql.SQL("set_config({}, {}, true)").format(sql.Literal(name.replace("__", ".")), sql.Literal(str(value)))
        for name, value in settings.items()
    ]
    fetch(sql.SQL("SELECT {}").format(sql.SQL(", ").join(parts)))


def codes_of(filters: CardFilters) -> Codes:
    """The numbers of the values in the filters; a value that no card ever had is missing."""
    wanted = {
        "network": filters.networks,
        "country": filters.countries,
        "language": filters.languages,
        "theme": (*filters.themes_any, *filters.themes_all, *filters.themes_none),
        "brand": (*filters.brands_any, *filters.brands_none),
        "format": filters.formats,
    }
    pairs = [(kind, value) for kind, values in wanted.items() for value in values]
    if not pairs:
        return {}
    rows = fetch(
        sql.SQL(
            "SELECT kind, value, id, code FROM catalogue_code"
            " JOIN unnest({}::text[], {}::text[]) v (kind, value) USING (kind, value)"
        ).format(sql.Literal([kind for kind, _ in pairs]), sql.Literal([value for _, value in pairs]))
    )
    return {(str(kind), str(value)): Code(id, code) for kind, value, id, code in rows}


def _bits(codes: Iterable[int], first: int = 0) -> int:
    return sum(1 << (code - first) for code in set(codes) if first <= code < first + _WORD_BITS)


def _has_bit(column: str, mask: int) -> Part:
    return sql.SQL("k.{} & {} <> 0").format(sql.Identifier(column), sql.Literal(mask))


def _has_any(kind: str, codes: Sequence[Code]) -> Part:
    """True for cards with at least one of the values."""
    placed = [code.code for code in codes if code.code is not None]
    others = [code.id for code in codes if code.code is None]
    columns = {"theme": (("themes_low", 0), ("themes_high", _WORD_BITS)), "language": (("languages", 0),)}
    tests = [
        _has_bit(column, _bits(placed, first))
        for column, first in columns.get(kind, (("formats", 0),) if kind == "format" else ())
        if _bits(placed, first)
    ]
    if others:
        hint = _has_bit("others_hint", _bits(id % _WORD_BITS for id in others))
        tests.append(sql.SQL("({} AND k.value_ids && {}::int[])").format(hint, sql.Literal(others)))
    return sql.SQL("({})").format(sql.SQL(" OR ").join(tests)) if tests else FALSE


def _needs_any(kind: str, codes: Sequence[Code]) -> Part:
    """`_has_any` with the same asked of the index over `value_ids`, which serves rare values."""
    tested = _has_any(kind, codes)
    if kind == "format" or not codes:
        return tested
    return sql.SQL("{} AND {}").format(tested, _has_id(codes))


def _has_id(codes: Sequence[Code]) -> Part:
    return sql.SQL("k.value_ids && {}::int[]").format(sql.Literal([code.id for code in codes]))


def _found(codes: Codes, kind: str, values: Iterable[str]) -> list[Code]:
    return [codes[kind, value] for value in values if (kind, value) in codes]


def _placed_in(column: str, codes: Sequence[Code]) -> Part:
    if len(codes) == 1:  # several times faster to test than a list of one
        return sql.SQL("k.{} = {}").format(sql.Identifier(column), sql.Literal(codes[0].code))
    return sql.SQL("k.{} = ANY({}::smallint[])").format(sql.Identifier(column), sql.Literal([c.code for c in codes]))


def _number_conditions(filters: CardFilters) -> list[Part]:
    bounds: list[tuple[str, object]] = [
        ("k.followers >= {}", filters.min_followers),
        ("k.followers <= {}", filters.max_followers),
        ("k.engagement_percentile >= {}::real", filters.min_engagement_percentile),
        ("k.last_post_on >= {}::date", filters.active_since),
        ("k.sponsored_share <= {}::real", filters.max_sponsored_share),
    ]
    found: list[Part] = [sql.SQL(text).format(sql.Literal(value)) for text, value in bounds if value is not None]
    if filters.only_authenticated:
        found.append(sql.SQL("k.has_authenticated"))
    if filters.no_warnings:
        found.append(sql.SQL("NOT k.has_warnings"))
    return found


def _set_conditions(filters: CardFilters, codes: Codes) -> list[Part]:
    found: list[Part] = []
    for kind, values in (
        ("theme", filters.themes_any),
        ("language", filters.languages),
        ("format", filters.formats),
        ("brand", filters.brands_any),
    ):
        if values:
            found.append(_needs_any(kind, _found(codes, kind, values)))
    found.extend(_needs_any("theme", _found(codes, "theme", [theme])) for theme in filters.themes_all)
    for kind, values in (("theme", filters.themes_none), ("brand", filters.brands_none)):
        unwanted = _found(codes, kind, values)
        if unwanted:
            found.append(sql.SQL("NOT {}").format(_has_any(kind, unwanted)))
    return found


def _accounts_of(workspace_id: int, creator_ids: Sequence[int]) -> list[object]:
    if not creator_ids:
        return []
    query = sql.SQL("SELECT account_id FROM catalogue_card WHERE workspace_id = {} AND creator_id = ANY ({}::bigint[])")
    return [row[0] for row in fetch(query.format(sql.Literal(workspace_id), sql.Literal(list(creator_ids))))]


def conditions(workspace_id: int, filters: CardFilters, *, by_values: bool = False) -> Part:
    """What a row of catalogue_cardcode (alias k) must pass; always bound to the workspace, cheap tests first.

    `by_values` asks for networks and countries in the index over value_ids too, where they meet languages, themes and
    brands. It is for filters that keep little: the planner counts both tests and expects too few cards.
    """
    codes = codes_of(filters)
    found: list[Part] = [sql.SQL("k.workspace_id = {}").format(sql.Literal(workspace_id))]
    for kind, values in (("network", filters.networks), ("country", filters.countries)):
        if values:
            placed = _found(codes, kind, values)
            found.append(_placed_in(kind, placed))
            if by_values and placed:
                found.append(_has_id(placed))
    found += _number_conditions(filters) + _set_conditions(filters, codes)
    unwanted = [*filters.without_accounts, *_accounts_of(workspace_id, filters.without_creators)]
    if unwanted:
        found.append(sql.SQL("k.account_id <> ALL ({}::bigint[])").format(sql.Literal(unwanted)))
    return sql.SQL(" AND ").join(found)


@dataclass(frozen=True, slots=True)
class Corpus:
    """All cards of all workspaces, as the planner knows them, and the lists of the ivfflat index (None without one)."""

    cards: int
    lists: int | None


def is_narrow(kept: float, corpus: Corpus) -> bool:
    """True when filters keep so little that indexes over values beat a pass over all cards."""
    return kept < NARROW_SHARE * corpus.cards


def get_corpus() -> Corpus:
    """From PostgreSQL's own catalogue; the cards are counted when the table was never analysed."""
    ((rows, options),) = fetch(
        sql.SQL(
            "SELECT reltuples::bigint, (SELECT c.reloptions FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
            " WHERE i.indexrelid = to_regclass('card_by_vector') AND i.indisvalid)"
            " FROM pg_class WHERE oid = 'catalogue_cardcode'::regclass"
        )
    )
    lists = next((int(o.removeprefix("lists=")) for o in options or () if o.startswith("lists=")), None)
    cards = int(rows) if int(rows) >= 0 else count(sql.SQL("true"))
    return Corpus(cards, lists)


def count(condition: Part, source: Part = sql.SQL("catalogue_cardcode k")) -> int:  # noqa: B008 - immutable
    """Cards that pass, exactly."""
    ((cards,),) = fetch(sql.SQL("SELECT count(*) FROM {} WHERE {}").format(source, condition))
    return int(cards)


def estimate_kept(condition: Part, corpus: Corpus) -> int:
    """Cards that pass: counted in a small table, else estimated from about 10,000 rows of random pages.

    The standard error is at most half a percentage point of all cards where like cards do not share pages.
    """
    if corpus.cards <= SMALL_TABLE:
        return count(condition)
    percent = 100 * _SAMPLED_ROWS / corpus.cards
    source = sql.SQL("catalogue_cardcode k TABLESAMPLE SYSTEM ({}) REPEATABLE (1)").format(sql.Literal(percent))
    return round(count(condition, source) * 100 / percent)
