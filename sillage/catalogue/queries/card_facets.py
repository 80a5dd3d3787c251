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
from sillage.catalogue.queries.card_conditions import Part, conditions, estimate_kept, fetch, get_corpus, is_narrow

FACETS = ("network", "country", "followers", "language", "theme", "format", "brand")
Held = dict[str, Counter[str | None]]
COUNTED_UP_TO = 100_000  # kept cards (estimated); above, everything is estimated from a random draw
DRAWN = 20_000  # cards in such a draw, about
ROLLUP_FROM = 200_000  # cards of all workspaces; below, counting afresh is fast and never behind
BRANDS_SHOWN = 50
_MASKS = {
    "language": (("languages", 0),),
    "theme": (("themes_low", 0), ("themes_high", 63)),
    "format": (("formats", 0),),
}
_NONE = -1  # in a packed row: the card has no country, or no followers
_ROW = np.dtype(
    [("network", ">i2"), ("country", ">i2"), ("followers", ">i2"), ("formats", ">i2")]
    + [(column, ">i8") for column in ("languages", "themes_low", "themes_high")]
)
_PACKED = (
    "int2send(k.network) || int2send(coalesce(k.country, {none}::smallint))"
    " || int2send(coalesce(width_bucket(k.followers, {bands}::bigint[]), {none})::smallint) || int2send(k.formats)"
    " || int8send(k.languages) || int8send(k.themes_low) || int8send(k.themes_high)"
)


@dataclass(frozen=True, slots=True)
class FacetCount:
    """`value` None is "not known". An estimate carries its standard error in cards."""

    value: str | None
    cards: int
    standard_error: float | None = None


@dataclass(frozen=True, slots=True)
class Facets:
    """`counts` by facet, most frequent first; `counted_at` is set when they come from the rollup.

    `total_error` is the standard error of an estimated total in cards; then every count is an estimate too.
    """

    total: int
    counts: dict[str, list[FacetCount]]
    total_error: float | None = None
    counted_at: datetime | None = None


def facets(*, workspace_id: int, filters: CardFilters) -> Facets:
    """Counts among the cards that pass all filters.

    Without filters, in a large installation, they are read from the rollup when there is one. Up to about COUNTED_UP_TO
    cards everything is counted, above it is estimated from a random draw.
    """
    corpus = get_corpus()
    if filters.is_empty and corpus.cards >= ROLLUP_FROM:
        known = _from_rollup(workspace_id)
        if known is not None:
            return known
    condition = conditions(workspace_id, filters)
    kept = estimate_kept(condition, corpus)
    if kept <= COUNTED_UP_TO:
        if is_narrow(kept, corpus):
            condition = conditions(workspace_id, filters, by_values=True)
        total, held = _counted(condition)
        return Facets(total, _as_counts(held, 1.0))
    share = DRAWN / kept
    drawn, held = _counted(_drawn(condition, share))
    return Facets(round(drawn / share), _as_counts(held, share), _error(drawn, share))


def _drawn(condition: Part, share: float) -> Part:
    """That share of the kept cards. Ids are hashes: those below a bound are a random draw, always the same."""
    return sql.SQL("k.account_id < {} AND {}").format(sql.Literal(round(2**63 * share)), condition)


def _as_counts(held: Held, share: float) -> dict[str, list[FacetCount]]:
    """Counts of all cards from those of a draw: binomial, each card being drawn with probability `share`."""
    counts = {
        facet: _ordered(
            FacetCount(value, round(cards / share), _error(cards, share) if share < 1 else None)
            for value, cards in found.items()
        )
        for facet, found in held.items()
    }
    counts["brand"] = counts["brand"][:BRANDS_SHOWN]
    return counts


def _error(cards: int, share: float) -> float:
    return math.sqrt(cards * (1 - share)) / share


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
    return Facets(total, ordered, counted_at=rows[0][3])


def has_cards_uncounted(workspace_id: int) -> bool:
    """True when a card was written after facets were last counted: what follows the writing of cards is still to do."""
    ((behind,),) = fetch(
        sql.SQL(
            "SELECT EXISTS (SELECT FROM catalogue_card WHERE workspace_id = {id} AND updated_at > coalesce("
            "(SELECT max(counted_at) FROM catalogue_cardfacet WHERE workspace_id = {id}), '-infinity'))"
        ).format(id=sql.Literal(workspace_id))
    )
    return bool(behind)


def _names(*kinds: str) -> dict[tuple[str, int], str]:
    rows = fetch(
        sql.SQL("SELECT kind, code, value FROM catalogue_code WHERE code IS NOT NULL AND kind = ANY ({})").format(
            sql.Literal(list(kinds))
        )
    )
    return {(kind, code): value for kind, code, value in rows}


def _counted(condition: Part) -> tuple[int, Held]:
    """How many cards there are, and how many have each value of each facet, in one parallel pass.

    The columns come packed: 32 bytes per card (_ROW), and the ids of its values as text.
    """
    packed = sql.SQL(_PACKED).format(none=sql.Literal(_NONE), bands=sql.Literal(list(FOLLOWER_BANDS)))
    statement = sql.SQL(
        "SELECT string_agg({}, ''::bytea), string_agg(array_to_string(k.value_ids, ' '), ' ')"
        " FROM catalogue_cardcode k WHERE {}"
    )
    ((bits, values),) = fetch(statement.format(packed, condition))
    rows = np.frombuffer(bits or b"", _ROW)
    names = _names("network", "country", *_MASKS)
    found: Held = {facet: Counter() for facet in FACETS}
    for facet in ("network", "country", "followers"):
        for code, cards in zip(*np.unique(rows[facet], return_counts=True), strict=True):
            found[facet][_placed(facet, int(code), names)] = int(cards)
    for facet, masks in _MASKS.items():
        for column, first in masks:
            for place, cards in enumerate(_held_bits(rows[column])):
                if cards:
                    found[facet][names[facet, first + place]] = cards
    held = np.bincount(np.fromstring(values or "", dtype=np.int64, sep=" "))
    for kind, value, cards in _without_bits({int(i): int(held[i]) for i in np.flatnonzero(held)}):
        found[kind][value] += cards
    return len(rows), found


def _placed(facet: str, code: int, names: dict[tuple[str, int], str]) -> str | None:
    if code == _NONE:
        return None
    return follower_band(code) if facet == "followers" else names[facet, code]


def _held_bits(masks: np.ndarray) -> list[int]:
    """How many of the big-endian numbers have each bit, from bit 0 on."""
    single = np.ascontiguousarray(masks)
    bits = np.unpackbits(single.view(np.uint8).reshape(len(single), single.itemsize), axis=1)
    held: list[int] = bits.sum(axis=0, dtype=np.int64)[::-1].tolist()
    return held


def _without_bits(counted: dict[int, int]) -> list[tuple[str, str, int]]:
    """(kind, value, cards) of the values that have no bit of their own."""
    if not counted:
        return []
    statement = sql.SQL("SELECT id, kind, value FROM catalogue_code WHERE code IS NULL AND id = ANY ({})")
    rows = fetch(statement.format(sql.Literal(list(counted))))
    return [(kind, value, counted[id]) for id, kind, value in rows]
