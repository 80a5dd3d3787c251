"""How many of the kept cards have each network, country, language, follower band, theme, format and brand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from psycopg import sql

from sillage.catalogue.engine.filters import CardFilters
from sillage.catalogue.engine.search_plan import FOLLOWER_BANDS, follower_band
from sillage.catalogue.queries.card_conditions import Part, conditions, fetch, get_corpus

FACETS = ("network", "country", "language", "followers", "theme", "format", "brand")
COUNTED_UP_TO = 50_000  # kept cards; above, languages, themes, formats and brands are estimated from a sample
ROLLUP_FROM = 200_000  # cards of all workspaces; below, counting afresh is fast and never behind
BRANDS_SHOWN = 50
_MASKS = {
    "language": (("languages", 0),),
    "theme": (("themes_low", 0), ("themes_high", 63)),
    "format": (("formats", 0),),
}


@dataclass(frozen=True, slots=True)
class FacetCount:
    """`value` None is "not known". An estimate carries its standard error in cards."""

    value: str | None
    cards: int
    standard_error: float | None = None


@dataclass(frozen=True, slots=True)
class Facets:
    """`counts` by facet, most frequent first; `counted_at` is set when they come from the rollup."""

    total: int
    counts: dict[str, list[FacetCount]]
    estimated: frozenset[str]
    counted_at: datetime | None = None


def facets(*, workspace_id: int, filters: CardFilters) -> Facets:
    """Counts among the cards that pass all filters.

    Without filters, in a large installation, they are read from the rollup when there is one. Else total, network,
    country and followers are exact; the facets with several values per card are exact up to COUNTED_UP_TO cards, above
    estimated from a random sample of that size and named in `estimated`.
    """
    if filters.is_empty and get_corpus().cards >= ROLLUP_FROM:
        known = _from_rollup(workspace_id)
        if known is not None:
            return known
    condition = conditions(workspace_id, filters)
    total, counts = _placed(condition)
    share = 1.0 if total <= COUNTED_UP_TO else COUNTED_UP_TO / total
    counts |= _several(condition, total, share)
    estimated = frozenset() if share == 1.0 else frozenset(("language", "theme", "format", "brand"))
    return Facets(total, counts, estimated)


def _ordered(counts: Iterable[FacetCount]) -> list[FacetCount]:
    return sorted(counts, key=lambda c: (c.value is None, -c.cards, c.value or ""))


def _from_rollup(workspace_id: int) -> Facets | None:
    rows = fetch(
        sql.SQL("SELECT facet, value, cards, counted_at FROM catalogue_cardfacet WHERE workspace_id = {}").format(
            sql.Literal(workspace_id)
        )
    )
    if not rows:
        return None
    counts: dict[str, list[FacetCount]] = {facet: [] for facet in FACETS}
    total = 0
    for facet, value, cards, _ in rows:
        if facet == "total":
            total = cards
        elif facet == "followers":
            counts[facet].append(FacetCount(None if value is None else follower_band(int(value)), cards))
        else:
            counts[facet].append(FacetCount(value, cards))
    ordered = {facet: _ordered(found) for facet, found in counts.items()}
    ordered["brand"] = ordered["brand"][:BRANDS_SHOWN]
    return Facets(total, ordered, frozenset(), rows[0][3])


def _placed(condition: Part) -> tuple[int, dict[str, list[FacetCount]]]:
    """The total and the facets with one value per card, in one parallel pass."""
    names = _names("network", "country")
    rows = fetch(
        sql.SQL(
            "SELECT k.network, k.country, width_bucket(k.followers, {}::bigint[]), count(*)"
            " FROM catalogue_cardcode k WHERE {} GROUP BY 1, 2, 3"
        ).format(sql.Literal(list(FOLLOWER_BANDS)), condition)
    )
    found: dict[str, Counter[str | None]] = {facet: Counter() for facet in ("network", "country", "followers")}
    for network, country, band, cards in rows:
        found["network"][names["network", network]] += cards
        found["country"][None if country is None else names["country", country]] += cards
        found["followers"][None if band is None else follower_band(band)] += cards
    counts = {f: _ordered(FacetCount(v, n) for v, n in c.items()) for f, c in found.items()}
    return sum(row[3] for row in rows), counts


def _names(*kinds: str) -> dict[tuple[str, int], str]:
    rows = fetch(
        sql.SQL("SELECT kind, code, value FROM catalogue_code WHERE code IS NOT NULL AND kind = ANY ({})").format(
            sql.Literal(list(kinds))
        )
    )
    return {(kind, code): value for kind, code, value in rows}


def _several(condition: Part, total: int, share: float) -> dict[str, list[FacetCount]]:
    """The facets with several values per card, from `share` of the kept cards."""
    if share < 1.0:
        # An account's id is a hash: a remainder of it draws cards at random, the same ones each time.
        condition = sql.SQL("{} AND k.account_id % 100003 < {}").format(condition, sql.Literal(round(100003 * share)))
    cards, found = _in_bits(condition)
    for kind, value, held in _outside_bits(condition):
        found[kind][value] += held
    scale = total / cards if share < 1.0 and cards else 1.0
    counts = {f: _ordered(_scaled(v, n, cards, scale) for v, n in c.items()) for f, c in found.items()}
    counts["brand"] = counts["brand"][:BRANDS_SHOWN]
    return counts


def _in_bits(condition: Part) -> tuple[int, dict[str, Counter[str]]]:
    """How many cards there are, and how many have each value that has a bit. The bit columns come as packed bytes."""
    columns = [column for masks in _MASKS.values() for column, _ in masks]
    packed = [
        sql.SQL("string_agg(int8send(k.{}::bigint), ''::bytea)").format(sql.Identifier(column)) for column in columns
    ]
    (row,) = fetch(
        sql.SQL("SELECT {} FROM catalogue_cardcode k WHERE {}").format(sql.SQL(", ").join(packed), condition)
    )
    held = {
        column: np.unpackbits(np.frombuffer(data or b"", np.uint8).reshape(-1, 8), axis=1).sum(axis=0, dtype=np.int64)
        for column, data in zip(columns, row, strict=True)
    }
    names = _names(*_MASKS)
    found: dict[str, Counter[str]] = {facet: Counter() for facet in (*_MASKS, "brand")}
    for facet, masks in _MASKS.items():
        for column, first in masks:
            for place, cards in enumerate(held[column][::-1].tolist()):
                if cards:
                    found[facet][names[facet, first + place]] = cards
    return len(row[0] or b"") // 8, found


def _outside_bits(condition: Part) -> list[tuple[Any, ...]]:
    return fetch(
        sql.SQL(
            "SELECT c.kind, c.value, o.cards FROM (SELECT id, count(*) AS cards FROM catalogue_cardcode k,"
            " unnest(k.others) id WHERE {} GROUP BY id) o JOIN catalogue_code c ON c.id = o.id"
        ).format(condition)
    )


def _scaled(value: str, held: int, sampled: int, scale: float) -> FacetCount:
    if scale == 1.0:
        return FacetCount(value, held)
    share = held / sampled
    error = scale * float(np.sqrt(sampled * share * (1 - share) * (1 - 1 / scale)))
    return FacetCount(value, round(held * scale), error)
