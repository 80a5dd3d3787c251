"""The law packs in use: those that Sillage ships and those of the installation, read once."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

from sillage.governance.engine.law import Fold, LawPack
from sillage.governance.engine.law_cases import LawCase, cases_from
from sillage.governance.engine.law_parsing import pack_from
from sillage.governance.engine.law_text import LawPackMalformed
from sillage.lib.errors import Malformed
from sillage.lib.sentences import Sentence

EU = "eu"
SAME = {"UK": "GB", "EL": "GR"}  # codes that people write, and the ISO 3166-1 ones
PACK_FILE, CASES_FILE = "pack.toml", "cases.toml"


class NoLawPack(Malformed):
    """There is no pack for this country, or none of this name."""

    title = "No law pack"


@dataclass(frozen=True, slots=True)
class PackText:
    """The files of a pack's folder. `folder` is what errors call it."""

    folder: str
    pack: str
    cases: str = ""

    def read(self) -> LawPack:
        """Raises LawPackMalformed."""
        return pack_from(self.pack, f"{self.folder}/{PACK_FILE}")

    def read_cases(self) -> list[LawCase]:
        """Raises LawPackMalformed."""
        return cases_from(self.cases, f"{self.folder}/{CASES_FILE}", self.read())


@dataclass(frozen=True, slots=True)
class LawBook:
    """All packs by id, and what networks show before “more”. `own` are the ids of those that the installation brings."""

    packs: Mapping[str, LawPack]
    folds: Mapping[str, Fold]
    own: frozenset[str] = field(default=frozenset(), repr=False)  # no part of what the packs say

    @property
    def countries(self) -> tuple[str, ...]:
        return tuple(sorted({c for pack in self.packs.values() for c in pack.countries}))

    @property
    def categories(self) -> tuple[str, ...]:
        """The sectors that rules speak of."""
        rules = (rule for pack in self.packs.values() for rule in pack.rules)
        return tuple(sorted({c for rule in rules for c in rule.when.get("sector.category", ())}))

    @property
    def questions(self) -> Mapping[str, Mapping[str, str]]:
        """The questions of all packs: {id: {language: question}}."""
        return {key: said for pack in self.packs.values() for key, said in pack.questions.items()}


_own: list[PackText] = []


def read_also(texts: Sequence[PackText]) -> None:
    """Use these packs of the installation beside the shipped ones. One with the id of a shipped pack replaces it.

    Raises LawPackMalformed, and then leaves what was in use.
    """
    _book_of(tuple(texts))
    _own[:] = texts
    law_book.cache_clear()
    book_version.cache_clear()


def own_packs() -> tuple[PackText, ...]:
    """The installation's own packs in use, ready to be sent to another process."""
    return tuple(_own)


@cache
def shipped_texts() -> Mapping[str, PackText]:
    """The files of the packs that Sillage ships, by id."""
    root = resources.files("sillage.governance.law_packs")
    folders = [f for f in root.iterdir() if f.is_dir() and f.joinpath(PACK_FILE).is_file()]
    return {
        f.name: PackText(f.name, *(f.joinpath(name).read_text(encoding="utf8") for name in (PACK_FILE, CASES_FILE)))
        for f in sorted(folders, key=lambda f: f.name)
    }


@cache
def shipped_packs() -> Mapping[str, LawPack]:
    return {name: text.read() for name, text in shipped_texts().items()}


@cache
def law_book() -> LawBook:
    """The packs in use. Raises LawPackMalformed."""
    return _book_of(own_packs())


def _book_of(own: Sequence[PackText]) -> LawBook:
    packs = dict(shipped_packs())
    brought: set[str] = set()
    for text in own:
        pack = text.read()
        place = f"{text.folder}/{PACK_FILE}"
        if pack.id in brought:
            raise LawPackMalformed(
                Sentence("A second pack is called “%(pack)s”.", pack=pack.id), Sentence("Give it another id."), place
            )
        if pack.id in packs and pack.order <= packs[pack.id].order:
            raise LawPackMalformed(
                Sentence(
                    "“%(pack)s” %(pack_version)s is not newer than the shipped one, %(packs_version)s.",
                    pack=pack.id,
                    pack_version=pack.version,
                    packs_version=packs[pack.id].version,
                ),
                Sentence("Raise its version, or give it another id."),
                place,
            )
        packs[pack.id] = pack
        brought.add(pack.id)
    return LawBook(dict(sorted(packs.items())), _folds(), frozenset(brought))


@cache
def _folds() -> Mapping[str, Fold]:
    raw = tomllib.loads(_data("folds.toml"))
    return {network: Fold(**shown) for network, shown in raw.items()}


def _data(name: str) -> str:
    return resources.files("sillage.governance.law_packs").joinpath(name).read_text(encoding="utf8")


@cache
def law_texts() -> Mapping[str, Mapping[str, Any]]:
    """Words about packs in English and French: {"facts" | "checks" | "marks" | "severities" | "page": {key: {language}}}."""
    return tomllib.loads(_data("words.toml"))


def packs_for(country: str | None) -> tuple[LawPack, ...]:
    """The packs of an audience's country: its own, then the EU's where it is a member. None, not known: the EU's alone.

    Raises NoLawPack, which names the countries that there are.
    """
    packs = law_book().packs
    if country is None:
        return (packs[EU],)
    code = SAME.get(country.upper(), country.upper())
    found = sorted((p for p in packs.values() if code in p.countries), key=lambda p: p.id == EU)
    if not found:
        raise NoLawPack(
            Sentence("There is no law pack for “%(country)s”.", country=country),
            Sentence(
                "There are packs for %(countries)s; leave the country out for the EU’s common rules.",
                countries=", ".join(law_book().countries),
            ),
        )
    return tuple(found)


def packs_for_countries(countries: Iterable[str]) -> tuple[LawPack, ...]:
    """The packs of several countries, each once, the EU's last; countries without a pack give none. No country: the EU's."""
    codes = [SAME.get(c.upper(), c.upper()) for c in countries]
    if not codes:
        return packs_for(None)
    found = {p.id: p for code in codes for p in law_book().packs.values() if code in p.countries}
    return tuple(sorted(found.values(), key=lambda p: p.id == EU))


def uncovered(countries: Iterable[str]) -> list[str]:
    """Those of the countries that no pack covers."""
    known = law_book().countries
    return [c for c in countries if SAME.get(c.upper(), c.upper()) not in known]


def packs_named(ids: Iterable[str]) -> tuple[LawPack, ...]:
    """Packs by their ids. Raises NoLawPack for one that there is not."""
    packs = law_book().packs
    named = list(dict.fromkeys(ids))
    for name in named:
        if name not in packs:
            raise NoLawPack(
                Sentence("There is no law pack “%(name)s”.", name=name),
                Sentence("There are %(packs)s.", packs=", ".join(packs)),
            )
    return tuple(packs[name] for name in named)


def version_of(packs: Iterable[LawPack]) -> str:
    """Packs and their versions in one line: “eu 2026.1, fr 2026.1”."""
    return ", ".join(f"{p.id} {p.version}" for p in sorted(packs, key=lambda p: p.id))


@cache
def book_version() -> str:
    """Twelve hexadecimal digits over everything that the packs in use say."""
    return hashlib.sha256(repr(law_book()).encode()).hexdigest()[:12]
