"""What the catalogue covers, and what it does not."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from sillage.catalogue import queries
from sillage.catalogue.queries import Cover
from sillage.governance.access import Visit, page
from sillage.governance.engine.actors import Right

COUNTRIES_SHOWN = 14
CELLS_SHOWN = 8
HEAT_STEPS = 4


@dataclass(frozen=True, slots=True)
class NetworkCover:
    """One network's cells, largest first, and what they come to."""

    network: str
    cells: list[Cover]
    accounts: int
    posts: int
    newest_fetch_at: datetime | None
    oldest_fetch_at: datetime | None
    authenticated_share: float
    followers_known_share: float

    @property
    def first(self) -> list[Cover]:
        return self.cells[:CELLS_SHOWN]

    @property
    def rest(self) -> list[Cover]:
        return self.cells[CELLS_SHOWN:]


@dataclass(frozen=True, slots=True)
class MapCell:
    """Accounts of one network in one country; `heat` is 0 (none) to HEAT_STEPS."""

    network: str
    accounts: int
    heat: int


@dataclass(frozen=True, slots=True)
class MapRow:
    """`country` None is not known, "" all the countries that have no row of their own."""

    country: str | None
    cells: list[MapCell]
    accounts: int


@require_GET
@page(Right.READ)
def coverage(request: Visit) -> HttpResponse:
    """Network by country by language: accounts, posts, freshness, and what is missing."""
    found = queries.get_coverage(request.workspace.pk)
    networks = _by_network(found.cells)
    return render(
        request,
        "catalogue/coverage.html",
        {
            "coverage": found,
            "networks": networks,
            "rows": _map_rows(found.cells, [n.network for n in networks]),
            "accounts": sum(n.accounts for n in networks),
            "posts": sum(n.posts for n in networks),
            "countries": len({c.country for c in found.cells if c.country}),
            "languages": len({c.language for c in found.cells if c.language}),
        },
    )


def _by_network(cells: list[Cover]) -> list[NetworkCover]:
    grouped: defaultdict[str, list[Cover]] = defaultdict(list)
    for cell in cells:
        grouped[cell.network].append(cell)
    found = [_network(network, own) for network, own in grouped.items()]
    return sorted(found, key=lambda n: -n.accounts)


def _network(network: str, cells: list[Cover]) -> NetworkCover:
    accounts = sum(c.accounts for c in cells)
    return NetworkCover(
        network,
        sorted(cells, key=lambda c: -c.accounts),
        accounts,
        sum(c.posts for c in cells),
        max((c.newest_fetch_at for c in cells if c.newest_fetch_at), default=None),
        min((c.oldest_fetch_at for c in cells if c.oldest_fetch_at), default=None),
        sum(c.accounts * c.authenticated_share for c in cells) / accounts,
        sum(c.accounts * c.followers_known_share for c in cells) / accounts,
    )


def _map_rows(cells: list[Cover], networks: list[str]) -> list[MapRow]:
    """Countries with the most accounts first, the others in one row, those not known last."""
    counts: Counter[tuple[str | None, str]] = Counter()
    totals: Counter[str | None] = Counter()
    for cell in cells:
        totals[cell.country] += cell.accounts
    shown = [c for c, _n in totals.most_common() if c is not None][:COUNTRIES_SHOWN]
    for cell in cells:
        row = cell.country if cell.country is None or cell.country in shown else ""
        counts[row, cell.network] += cell.accounts
    wanted: list[str | None] = [*shown, ""] if any(row == "" for row, _n in counts) else [*shown]
    wanted += [None] if None in totals else []
    most = max(counts.values(), default=1)
    return [_map_row(country, counts, networks, most) for country in wanted]


def _map_row(country: str | None, counts: Counter[tuple[str | None, str]], networks: list[str], most: int) -> MapRow:
    cells = []
    for network in networks:
        accounts = counts[country, network]
        cells.append(MapCell(network, accounts, math.ceil(HEAT_STEPS * math.sqrt(accounts / most))))
    return MapRow(country, cells, sum(c.accounts for c in cells))
