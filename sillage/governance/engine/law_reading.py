"""Reading law packs: strictly, so that a pack with a slip in it is refused by file and rule, not applied by halves."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any, TypeVar

from sillage.governance.engine.law import (
    CHECKS,
    VERIFIED,
    Consideration,
    Fold,
    Label,
    LawPack,
    Placing,
    Rule,
    Severity,
)
from sillage.lib.errors import Malformed

EU = "eu"
SAME = {"UK": "GB", "EL": "GR"}  # codes that people write, and the ISO 3166-1 ones
_PACK = {"pack", "version", "name", "countries", "languages", "alone", "presumes", "placing", "labels", "rule"}
_PLACING = {"most_before", "first_hashtags", "later", "end", "cluster"}
_LABEL = {"text", "worth", "language", "confidence", "only_for"}
_RULE = {
    *("id", "title", "binds", "checks", "requirement", "severity", "confidence", "source", "effective_on"),
    *("only_for", "doubtful", "advised_before", "given"),
}
_GIVEN: Mapping[str, tuple[set[str], set[str]]] = {  # per check, the keys it needs and those it may have
    "label": (set(), {"also"}),
    "consideration": ({"signs"}, set()),
    "signs": ({"signs"}, set()),
    "mention": ({"altered", "depicts", "pass"}, {"review"}),
    "ban": ({"category"}, {"unless_registered"}),
    "message": ({"category"}, {"all_of", "any_of", "superseded"}),
    "reminder": ({"category"}, set()),
    "contract": ({"least"}, {"below"}),
    "registration": ({"thresholds", "mode"}, set()),
}
_ID = re.compile(r"[A-Z]{2}(-[A-Z0-9]+)+")
_WEB = re.compile(r"https?://\S+")

T = TypeVar("T")


class LawPackMalformed(Malformed):
    """A law pack cannot be used: it names the file, the rule and what is wrong."""

    title = "Malformed law pack"


class NoLawPack(Malformed):
    """There is no pack for this country."""

    title = "No law pack"


@dataclass(frozen=True, slots=True)
class LawBook:
    """All packs by id, and what networks show before “more”."""

    packs: Mapping[str, LawPack]
    folds: Mapping[str, Fold]

    @property
    def countries(self) -> tuple[str, ...]:
        return tuple(sorted({c for pack in self.packs.values() for c in pack.countries}))

    @property
    def categories(self) -> tuple[str, ...]:
        """The sectors that rules speak of."""
        rules = (rule for pack in self.packs.values() for rule in pack.rules)
        return tuple(sorted({rule.given["category"] for rule in rules if "category" in rule.given}))


@cache
def law_book() -> LawBook:
    """The packs that Sillage ships. Raises LawPackMalformed."""
    files = {
        f.name: f.read_text(encoding="utf8")
        for f in resources.files("sillage.governance.law_packs").iterdir()
        if f.name.endswith(".toml")
    }
    folds = _toml(files.pop("folds.toml"), "folds.toml")
    packs = {name.removesuffix(".toml"): pack_from(text, name) for name, text in sorted(files.items())}
    return LawBook(packs, {network: Fold(**shown) for network, shown in folds.items()})


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
            f"There is no law pack for “{country}”.",
            f"There are packs for {', '.join(law_book().countries)}; leave the country out for the EU’s common rules.",
        )
    return tuple(found)


def version_of(packs: Iterable[LawPack]) -> str:
    """Packs and their versions in one line: “eu 2026.1, fr 2026.1”."""
    return ", ".join(f"{p.id} {p.version}" for p in sorted(packs, key=lambda p: p.id))


@cache
def book_version() -> str:
    """Twelve hexadecimal digits over everything that the packs say."""
    return hashlib.sha256(repr(law_book()).encode()).hexdigest()[:12]


def pack_from(text: str, name: str) -> LawPack:
    """A pack from TOML. Raises LawPackMalformed."""
    raw = _toml(text, name)
    _only(raw, _PACK, _PACK - {"countries"}, name)
    placing = raw["placing"]
    _only(placing, _PLACING, set(), f"{name}, placing")
    labels = tuple(_label(label, name) for label in raw["labels"])
    rules = tuple(_rule(rule, name) for rule in raw["rule"])
    _once([rule.id for rule in rules], f"{name}: the rule")
    _once([label.text.casefold() for label in labels], f"{name}: the label")
    return LawPack(
        id=raw["pack"],
        version=raw["version"],
        name=raw["name"],
        countries=tuple(raw.get("countries", ())),
        languages=tuple(raw["languages"]),
        alone=_one_of(Severity, raw["alone"], f"{name}, alone"),
        presumes=raw["presumes"],
        placing=Placing(
            most_before=placing.get("most_before", 0),
            first_hashtags=placing.get("first_hashtags"),
            **{
                k: _one_of(Severity, placing[k], f"{name}, placing")
                for k in ("later", "end", "cluster")
                if k in placing
            },
        ),
        labels=labels,
        rules=rules,
    )


def _label(raw: Mapping[str, Any], name: str) -> Label:
    place = f"{name}, label “{raw.get('text', '?')}”"
    _only(raw, _LABEL, _LABEL - {"only_for"}, place)
    if raw["worth"] not in ("pass", "review", "fail") or raw["confidence"] not in VERIFIED:
        raise LawPackMalformed(f"{place}: worth or confidence is none that there is.", "pass, review, fail; P, S, U.")
    if raw["worth"] == "pass" and raw["confidence"] == "U":
        raise LawPackMalformed(f"{place}: what nobody verified cannot pass.", "Make it “review”, or verify it.")
    return Label(raw["text"], raw["worth"], raw["language"], raw["confidence"], _given_for(raw, "only_for", place))


def _rule(raw: Mapping[str, Any], name: str) -> Rule:
    place = f"{name}, rule “{raw.get('id', '?')}”"
    needed = {"id", "title", "binds", "checks", "requirement", "severity", "confidence", "source", "effective_on"}
    _only(raw, _RULE, needed, place)
    given = raw.get("given", {})
    _fit_checks(raw["checks"], given, place)
    slips = {
        "its id": _ID.fullmatch(raw["id"]) is None,
        "its source": _WEB.match(raw["source"]) is None,
        "its confidence": raw["confidence"] not in VERIFIED,
        "its day": not isinstance(raw["effective_on"], date),
        "its title": set(raw["title"]) != {"en", "fr"},
    }
    for what, is_wrong in slips.items():
        if is_wrong:
            raise LawPackMalformed(f"{place}: {what} cannot be used.", "See the other rules of the pack.")
    return Rule(
        id=raw["id"],
        title=raw["title"],
        binds=tuple(raw["binds"]),
        checks=tuple(raw["checks"]),
        requirement=raw["requirement"],
        severity=_one_of(Severity, raw["severity"], place),
        confidence=raw["confidence"],
        source=raw["source"],
        effective_on=raw["effective_on"],
        only_for=_given_for(raw, "only_for", place),
        doubtful=_given_for(raw, "doubtful", place),
        advised_before=raw.get("advised_before", False),
        given=given,
    )


def _fit_checks(checks: Iterable[str], given: Mapping[str, Any], place: str) -> None:
    needed: set[str] = set()
    known: set[str] = set()
    for check in checks:
        if check not in CHECKS:
            raise LawPackMalformed(f"{place}: no check is called “{check}”.", f"There are {', '.join(CHECKS)}.")
        must, may = _GIVEN.get(check, (set(), set()))
        needed |= must
        known |= must | may
    _only(given, known, needed, f"{place}, given")


def _given_for(raw: Mapping[str, Any], key: str, place: str) -> tuple[Consideration, ...]:
    return tuple(_one_of(Consideration, value, place) for value in raw.get(key, ()))


def _those(kind: Any) -> str:
    return f"There are {', '.join(member.value for member in kind)}."


def _one_of(kind: type[T], value: str, place: str) -> T:
    try:
        return kind(value)  # type: ignore[call-arg]
    except ValueError as error:
        raise LawPackMalformed(f"{place}: “{value}” is not a {kind.__name__.lower()}.", _those(kind)) from error


def _only(raw: Mapping[str, Any], known: set[str], needed: set[str], place: str) -> None:
    for key in sorted(set(raw) - known):
        raise LawPackMalformed(f"{place}: “{key}” is not known here.", f"Known are {', '.join(sorted(known))}.")
    for key in sorted(needed - set(raw)):
        raise LawPackMalformed(f"{place}: “{key}” is missing.", "See the other packs.")


def _once(names: list[str], place: str) -> None:
    for name in names:
        if names.count(name) > 1:
            raise LawPackMalformed(f"{place} “{name}” stands twice.", "Keep one of them.")


def _toml(text: str, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise LawPackMalformed(f"{name} is not TOML: {error}.", "Mend the file.") from error
