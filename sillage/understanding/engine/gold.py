"""The gold sets that ship with Sillage: invented texts with the labels that readers would agree on. Nothing learns them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

FOLDER = "sillage.understanding.gold"


@dataclass(frozen=True, slots=True)
class GoldText:
    text: str
    language: str
    labels: frozenset[str]


@cache
def gold_of(enricher: str) -> tuple[GoldText, ...]:
    """The texts that may be asked; none for an enricher without a gold set."""
    match enricher:
        case "themes":
            posts = _read("themes.toml")["post"]
            return tuple(GoldText(p["text"], p["language"], frozenset(p["themes"])) for p in posts)
        case "tone":
            return tuple(
                GoldText(line, language, frozenset({label}))
                for language, halves in _read("tone.toml").items()
                for label, lines in halves["test"].items()
                for line in lines.strip().splitlines()
            )
    return ()


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files(FOLDER).joinpath(name).read_text(encoding="utf8"))


@dataclass(frozen=True, slots=True)
class GoldPhrase:
    """A phrase that somebody may look for people with, and whether it sorts them by what they are."""

    text: str
    language: str
    half: str  # "tune", "test", "fresh" or "last": the file says what each was used for
    is_refused: bool


@cache
def sensitive_phrases() -> tuple[GoldPhrase, ...]:
    return tuple(
        GoldPhrase(line, language, half, said == "refused")
        for language, halves in _read("sensitive.toml").items()
        for half, kinds in halves.items()
        for said, lines in kinds.items()
        for line in lines.strip().splitlines()
    )
