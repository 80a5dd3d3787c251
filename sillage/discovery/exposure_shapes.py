"""Who is shown: shares of sizes, countries and languages in three lists, in rows that a page can draw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sillage.discovery.engine.exposure import BANDS, UNKNOWN, band_of, shares
from sillage.discovery.view_shapes import Line

Shares = Mapping[str, Mapping[str, Mapping[str, float]]]
SHOWN, BY_REACH, CONSIDERED = LISTS = ("shown", "by_reach", "considered")
ROWS = 5
SMALL = ("under_10k", "10k_100k")


@dataclass(frozen=True, slots=True)
class Row:
    """A value of a dimension and its share in each list; `rest` is what the rows above left out."""

    value: str
    shown: float
    by_reach: float
    considered: float
    is_rest: bool = False


@dataclass(frozen=True, slots=True)
class Exposure:
    """`small` are the accounts under 100,000 followers: how many of the list, by reach, and their share of all."""

    size: Sequence[Row]
    country: Sequence[Row]
    language: Sequence[Row]
    places: int
    small: int
    small_by_reach: int
    small_considered: float


def exposure_of(lines: Sequence[Line], kept: Shares) -> Shares:
    """The kept exposure with the lines of a trial in place of the list."""
    shown = {
        "size": shares(band_of(line.card.followers) for line in lines),
        "country": shares(line.card.country or UNKNOWN for line in lines),
        "language": shares(next(iter(line.card.languages), UNKNOWN) for line in lines),
    }
    return {name: {**kept.get(name, {}), SHOWN: shown[name]} for name in shown}


def exposure_shown(exposure: Shares, places: int) -> Exposure | None:
    """Rows for a page; None where a shortlist kept nothing of it."""
    sizes = exposure.get("size")
    if not sizes or not places:
        return None
    small = {name: sum(sizes.get(name, {}).get(band, 0.0) for band in SMALL) for name in LISTS}
    return Exposure(
        size=[_row(sizes, band) for band in _bands(sizes)],
        country=_rows(exposure.get("country", {})),
        language=_rows(exposure.get("language", {})),
        places=places,
        small=round(small[SHOWN] * places),
        small_by_reach=round(small[BY_REACH] * places),
        small_considered=small[CONSIDERED],
    )


def _bands(sizes: Mapping[str, Mapping[str, float]]) -> list[str]:
    """All sizes, small first; unknown only where there are some."""
    bands = [name for name, _below in BANDS]
    return [*bands, UNKNOWN] if any(UNKNOWN in found for found in sizes.values()) else bands


def _rows(lists: Mapping[str, Mapping[str, float]]) -> list[Row]:
    """The values with the largest shares in any list, and the rest together."""
    values = {value for found in lists.values() for value in found}
    largest = sorted(values, key=lambda v: (-lists.get(SHOWN, {}).get(v, 0.0), -_most(lists, v), v))
    rows = [_row(lists, value) for value in largest[:ROWS]]
    left = largest[ROWS:]
    if left:
        shown, by_reach, considered = (sum(lists.get(name, {}).get(v, 0.0) for v in left) for name in LISTS)
        rows.append(Row("", shown, by_reach, considered, is_rest=True))
    return rows


def _most(lists: Mapping[str, Mapping[str, float]], value: str) -> float:
    return max(found.get(value, 0.0) for found in lists.values())


def _row(lists: Mapping[str, Mapping[str, float]], value: str) -> Row:
    shown, by_reach, considered = (lists.get(name, {}).get(value, 0.0) for name in LISTS)
    return Row(value, shown, by_reach, considered)
