"""Loads the hand-written fragments, names and lists of the sample world."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES: tuple[str, ...] = ("fr", "en", "es")
DIARY = "diary"  # everyday posts: no interest at all

_FAMILIES = ("beauty_fashion", "home_food", "outdoor_sport", "family_culture", "things")
_EMOJI = re.compile(".\ufe0f?")


@dataclass(frozen=True, slots=True)
class Scene:
    """What a post can be about: its title, one or two ways to begin, and what may follow."""

    title: str
    openings: tuple[str, ...]
    follow_ups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fragments:
    """All that was written about one interest in one language."""

    tags: tuple[str, ...]
    handle_words: tuple[str, ...]
    bios: tuple[str, ...]
    scenes: tuple[Scene, ...]
    angles: tuple[str, ...]
    asks: tuple[str, ...]
    slots: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Interest:
    id: str
    emoji: tuple[str, ...]
    sector: str  # which brands it attracts; "" for none
    near: tuple[str, ...]
    away: tuple[str, ...]
    networks: tuple[str, ...]


@cache
def read_data(name: str) -> dict[str, Any]:
    """A TOML file of the package's data folder."""
    source = files("sillage.catalogue.sample.data").joinpath(name)
    return tomllib.loads(source.read_text(encoding="utf-8"))


def lines_of(block: str) -> tuple[str, ...]:
    """The non-empty lines of a block, without surrounding blanks."""
    return tuple(line.strip() for line in block.splitlines() if line.strip())


@cache
def load_interests() -> Mapping[str, Interest]:
    """Every interest by id, without the diary."""
    return {
        key: Interest(
            id=key,
            emoji=tuple(_EMOJI.findall(row["emoji"])),
            sector=row["sector"],
            near=tuple(row["near"]),
            away=tuple(row.get("away", ())),
            networks=tuple(row["networks"]),
        )
        for key, row in read_data("interests.toml").items()
        if key != DIARY
    }


@cache
def load_fragments(language: str) -> Mapping[str, Fragments]:
    """The fragments of one language, by interest id (and `diary`)."""
    names = ["es.toml"] if language == "es" else [f"{language}_{family}.toml" for family in _FAMILIES]
    openings = read_data(f"{language}_openings.toml")
    return {
        key: _fragments(row, lines_of(openings.get(key, ""))) for name in names for key, row in read_data(name).items()
    }


def _fragments(row: Mapping[str, Any], second_openings: tuple[str, ...]) -> Fragments:
    scenes = [_scene(line) for line in lines_of(row["scenes"])]
    if second_openings:
        pairs = zip(scenes, second_openings, strict=True)
        scenes = [replace(scene, openings=(*scene.openings, opening)) for scene, opening in pairs]
    return Fragments(
        tags=tuple(row["tags"].split()),
        handle_words=tuple(row["handle"].split()),
        bios=tuple(row["bio"]),
        scenes=tuple(scenes),
        angles=lines_of(row["angles"]),
        asks=lines_of(row["asks"]),
        slots={name: tuple(values.split("|")) for name, values in row.get("slots", {}).items()},
    )


def _scene(line: str) -> Scene:
    title, opening, *follow_ups = line.split(" ~ ")
    return Scene(title, (opening,), tuple(follow_ups))
