"""What the checks of a rule are given in a pack: which keys, of which kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sillage.governance.engine.law import Consideration
from sillage.governance.engine.law_facts import FACTS
from sillage.governance.engine.law_text import LawText
from sillage.governance.engine.law_told import FIGURES
from sillage.lib.toml_places import Path

_GIVEN: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {  # per check, what it must be given and what it may be
    "label": ((), ("also",)),
    "consideration": (("signs",), ()),
    "signs": (("signs",), ()),
    "mention": (("pass",), ("review",)),
    "ban": ((), ("unless_registered", "unless_stated")),
    "message": ((), ("all_of", "any_of", "superseded")),
    "stated": (("stated",), ()),
    "identified": (("identified",), ()),
    "contract": (("least",), ("below",)),
    "clauses": (("least", "clauses"), ()),
    "registration": (("thresholds", "mode"), ("either",)),
    "marking": ((), ("legacy_before", "grace_until", "warns")),
    "sanction": (("of",), ()),
}
_EXAMPLES = {
    "signs": 'signs = ["gifted by"]',
    "pass": 'pass = ["Images retouchées"]',
    "stated": 'stated = ["a key of [questions]"]',
    "identified": 'identified = ["creator.authorisation"]',
    "least": "least = 1000",
    "clauses": 'clauses = { pay = { en = "…", fr = "…" } }',
    "thresholds": "thresholds = { followers = 500000 }",
    "mode": 'mode = "all"',
    "of": 'of = ["FR-DISC-01"]',
}
_LISTS = ("signs", "pass", "review", "all_of", "any_of", "superseded", "stated", "identified", "of")
_NUMBERS = ("least", "below")
_FIGURES = ("thresholds", "either")
_DAYS = ("legacy_before", "grace_until")
_FLAGS = ("unless_registered", "warns")


def fit_checks(
    of: LawText, rule: Path, checks: tuple[str, ...], given: Mapping[str, Any], questions: Mapping[str, Any]
) -> None:
    """Refuse what a rule's checks do not know, what they lack, and what is of another kind."""
    path: Path = (*rule, "given")
    for check in checks:
        for key in _GIVEN.get(check, ((), ()))[0]:
            if key not in given:
                hint = f"Write given = {{ {_EXAMPLES[key]} }}."
                raise of.error(path, f"The check “{check}” is given no “{key}”.", hint)
    known = [key for check in checks for side in _GIVEN.get(check, ((), ())) for key in side]
    of.only(path, given, known, (), f"what {' and '.join(f'“{c}”' for c in checks)} is given")
    _kinds(of, path, given)
    for number, key in enumerate(given.get("stated", ())):
        of.one_of((*path, "stated", number), key, tuple(questions), "question of [questions]")
    for category, key in of.table((*path, "unless_stated"), given).items():
        of.one_of((*path, "unless_stated", category), key, tuple(questions), "question of [questions]")
    for number, name in enumerate(given.get("identified", ())):
        of.one_of((*path, "identified", number), name, FACTS, "fact")


def _kinds(of: LawText, path: Path, given: Mapping[str, Any]) -> None:
    for key in given:
        place = (*path, key)
        if key in _LISTS:
            of.many(place, given)
        elif key in _NUMBERS:
            of.number(place, given)
        elif key in _DAYS:
            of.day(place, given)
        elif key in _FLAGS:
            of.flag(place, given)
        elif key in _FIGURES:
            for name in of.table(place, given):
                of.one_of((*place, name), name, FIGURES, "figure of a creator")
                of.number((*place, name), given[key])
        elif key == "mode":
            of.one_of(place, given[key], ("all", "any"), "mode")
        elif key == "also":
            for name in of.table(place, given):
                of.one_of((*place, name), name, [c.value for c in Consideration], "consideration")
                of.many((*place, name), given[key])
        elif key == "clauses":
            for name in of.table(place, given):
                of.both((*place, name), given[key])
