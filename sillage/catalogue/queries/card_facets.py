"""How many of the kept cards have each network, country, language, follower band, theme, format and brand."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from psycopg import sql

from sillage.catalogue.engine.filters import CardFilters
from sillage.catalogue.engine.search_plan import FOLLOWER_BANDS, follower_band
from sillage.catalogue.queries.card_conditions import Part, conditions, fetch, get_corpus

_PLACED = ("network", "country", "followers")
_SEVERAL = ("language", "theme", "format", "brand")
FACETS = (*_PLACED, *_SEVERAL)
Held = dict[str, Counter[str | None]]
COUNTED_UP_TO = 20_000  # kept cards; above, languages, themes, formats and brands are estimated from as many
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

    Without filters, in a large installation, they are read from the rollup when there is one. The total and the facets
    with one value per card are always counted; those with several are counted up to about COUNTED_UP_TO cards, above
    they are estimated from a random sample and named in `estimated`.
    """
    if filters.is_empty and get_corpus().cards >= ROLLUP_FROM:
        known = _from_rollup(workspace_id)
        if known is not None:
            return known
    condition = conditions(workspace_id, filters)
    total, placed = _placed(condition)
    is_drawn = total > COUNTED_UP_TO
    sampled, held = _several(_drawn(condition, total) if is_drawn else condition)
    counts = {facet: _ordered(_exact(found)) for facet, found in placed.items()}
    for facet, found in held.items():
        counts[facet] = _ordered(_scaled(found, sampled, total) if is_drawn else _exact(found))
    counts["brand"] = counts["brand"][:BRANDS_SHOWN]
    return Facets(total, counts, frozenset(_SEVERAL if is_drawn else ()))


def _drawn(condition: Part, total: int) -> Part:
    """About COUNTED_UP_TO of the kept cards. Ids are hashes: those below a bound are a random draw, always the same."""
    bound = min(round(2**63 * COUNTED_UP_TO / total), 2**63 - 1)
    return sql.SQL("k.account_id < {} AND {}").format(sql.Literal(bound), condition)


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


def _placed(condition: Part) -> tuple[int, Held]:
    """How many cards there are, and how many in each network, country and follower band, in one parallel pass."""
    names = _names("network", "country")
    rows = fetch(
        sql.SQL(
            "SELECT k.network, k.country, width_bucket(k.followers, {}::bigint[]), count(*)"
            " FROM catalogue_cardcode k WHERE {} GROUP BY 1, 2, 3"
        ).format(sql.Literal(list(FOLLOWER_BANDS)), condition)
    )
    found: Held = {facet: Counter() for facet in _PLACED}
    for network, country, band, cards in rows:
        found["network"][names["network", network]] += cards
        found["country"][None if country is None else names["country", country]] += cards
        found["followers"][None if band is None else follower_band(band)] += cards
    return sum(row[3] for row in rows), found


def _names(*kinds: str) -> dict[tuple[str, int], str]:
    rows = fetch(
        sql.SQL("SELECT kind, code, value FROM catalogue_code WHERE code IS NOT NULL AND kind = ANY ({})").format(
            sql.Literal(list(kinds))
        )
    )
    return {(kind, code): value for kind, code, value in rows}


def _several(condition: Part) -> tuple[int, Held]:
    """How many cards there are, and how many have each language, theme, format and brand.

    The columns come packed: eight bytes of bits per card, and the ids of the values as one text.
    """
    columns = [column for masks in _MASKS.values() for column, _ in masks]
    packed = [
        sql.SQL("string_agg(int8send(k.{}::bigint), ''::bytea)").format(sql.Identifier(column)) for column in columns
    ]
    statement = sql.SQL(
        "SELECT {}, string_agg(array_to_string(k.value_ids, ' '), ' ') FROM catalogue_cardcode k WHERE {}"
    )
    ((*bits, values),) = fetch(statement.format(sql.SQL(", ").join(packed), condition))
    found: Held = {facet: Counter() for facet in _SEVERAL}
    names = _names(*_MASKS)
    by_column = dict(zip(columns, bits, strict=True))
    for facet, masks in _MASKS.items():
        for column, first in masks:
            for place, cards in enumerate(_held_bits(by_column[column] or b"")):
                if cards:
                    found[facet][names[facet, first + place]] = cards
    for kind, value, cards in _without_bits(Counter(map(int, (values or "").split()))):
        found[kind][value] += cards
    return len(bits[0] or b"") // 8, found


def _held_bits(packed: bytes) -> list[int]:
    """How many of the big-endian 64-bit numbers have each bit, from bit 0 on."""
    bits = np.unpackbits(np.frombuffer(packed, np.uint8).reshape(-1, 8), axis=1)
    held: list[int] = bits.sum(axis=0, dtype=np.int64)[::-1].tolist()
    return held


def _without_bits(counted: Counter[int]) -> list[tuple[str, str, int]]:
    """(kind, value, cards) of the values that have no bit of their own."""
    if not counted:
        return []
    statement = sql.SQL("SELECT id, kind, value FROM catalogue_code WHERE code IS NULL AND id = ANY ({})")
    rows = fetch(statement.format(sql.Literal(list(counted))))
    return [(kind, value, counted[id]) for id, kind, value in rows]


def _exact(found: Counter[str | None]) -> list[FacetCount]:
    return [FacetCount(value, cards) for value, cards in found.items()]


def _scaled(found: Counter[str | None], sampled: int, total: int) -> list[FacetCount]:
    """Counts of `total` cards from those of `sampled`; the error is the binomial one, with finite population."""
    scale = total / max(sampled, 1)
    counts = []
    for value, held in found.items():
        share = held / sampled
        error = scale * math.sqrt(sampled * share * (1 - share) * max(0.0, 1 - 1 / scale))
        counts.append(FacetCount(value, round(held * scale), error))
    return counts
