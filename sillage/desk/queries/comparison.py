"""Accounts side by side: the same lines for each, and what they share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sillage.catalogue import queries as catalogue
from sillage.catalogue.models import Account
from sillage.desk.queries.portrait import NUMBERS, brand_lines, theme_lines
from sillage.governance import queries as governance
from sillage.governance.models import Receipt
from sillage.understanding import queries as understanding
from sillage.understanding.models import Profile

MOST = 5
THEMES = 8
BRANDS = 6


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every line has one entry per account, in order; missing is None. `overlaps` are 0..1, None on the diagonal."""

    accounts: Sequence[Account]
    profiles: Sequence[Profile | None]
    numbers: list[tuple[str, list[Receipt | None]]]
    themes: list[tuple[str, list[float | None]]]
    most_share: float
    brands: list[list[str]]
    brand_names: Mapping[str, str]
    overlaps: list[list[float | None]]

    @property
    def columns(self) -> int:
        """Of the table: the names of the lines, and one per account."""
        return len(self.accounts) + 1

    @property
    def overlap_rows(self) -> list[tuple[Account, list[tuple[bool, float | None]]]]:
        """Per account, for each: whether it is the same one, and what they have in common."""
        return [
            (account, [(i == j, share) for j, share in enumerate(self.overlaps[i])])
            for i, account in enumerate(self.accounts)
        ]


def compared(workspace_id: int, accounts: Sequence[Account]) -> Comparison:
    ids = [a.pk for a in accounts]
    by_id = understanding.profiles_of(ids)
    profiles = [by_id.get(a) for a in ids]
    receipts = governance.latest_receipts(workspace_id, "account", [str(a) for a in ids])
    numbers = [(metric, [receipts.get(str(a), {}).get(metric) for a in ids]) for metric in NUMBERS]
    themes = _themes(profiles)
    return Comparison(
        accounts,
        profiles,
        [(metric, found) for metric, found in numbers if any(found)],
        themes,
        max((share for _theme, shares in themes for share in shares if share), default=1.0),
        [[b.brand for b in brand_lines(p)[:BRANDS]] if p else [] for p in profiles],
        {b.key: b.name for b in catalogue.list_brands(workspace_id)},
        [[None if i == j else overlap(a, b) for j, b in enumerate(profiles)] for i, a in enumerate(profiles)],
    )


def _themes(profiles: Sequence[Profile | None]) -> list[tuple[str, list[float | None]]]:
    """The themes that are strong anywhere, by their share in all together; below the floor is None."""
    shares = [{line.theme: line.share for line in theme_lines(p)} if p else {} for p in profiles]
    total: dict[str, float] = {}
    for one in shares:
        for theme, share in one.items():
            total[theme] = total.get(theme, 0.0) + share
    strongest = sorted(total, key=lambda theme: (-total[theme], theme))[:THEMES]
    return [(theme, [one.get(theme) for one in shares]) for theme in strongest]


def overlap(one: Profile | None, other: Profile | None) -> float | None:
    """How much of what two accounts talk about is common, 0..1: the shared part of their themes, each mix summing to 1.

    Missing where one of them has no theme.
    """
    if one is None or other is None or not one.themes or not other.themes:
        return None
    first, second = sum(one.themes.values()), sum(other.themes.values())
    both = one.themes.keys() & other.themes.keys()
    return float(sum(min(one.themes[t] / first, other.themes[t] / second) for t in both))
