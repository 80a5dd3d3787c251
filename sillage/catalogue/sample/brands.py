"""The invented brands that the sample world's creators mention."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from sillage.catalogue.sample.content import read_data


@dataclass(frozen=True, slots=True)
class SampleBrand:
    """An invented brand: how it is written, tagged and named, and the sector it sells in."""

    name: str
    handle: str  # without '@'
    hashtag: str  # without '#'
    aliases: tuple[str, ...]
    sector: str


@cache
def sample_brands() -> tuple[SampleBrand, ...]:
    """All invented brands, in the order of the file."""
    return tuple(
        SampleBrand(
            name=row["name"],
            handle=row["handle"],
            hashtag=row["hashtag"],
            aliases=tuple(row["aliases"]),
            sector=row["sector"],
        )
        for row in read_data("brands.toml")["brand"]
    )
