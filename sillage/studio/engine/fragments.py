"""Human-written fragments, put together by rule: what writes when no model is configured, and is never called AI.

A fragment is a sentence with holes, in a sandboxed template; a hole that the brief does not fill rules the fragment out.
Facts enter as whole sentences: after a colon with a small letter (`fact_inside`), or as they stand (`fact`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import StrictUndefined, Template, meta
from jinja2.sandbox import SandboxedEnvironment

from sillage.studio.engine.brief import Fact, Kind, Register, Tone, WritingBrief
from sillage.studio.engine.typography import typeset_french

FOLDER = "sillage.studio.fragments"
SLOTS = ("hook", "argument", "proof", "call")
_KEYS = {"id", "text", "family", "tones", "registers"}
_FACTUAL = frozenset({"fact", "fact_inside", "source"})


@dataclass(frozen=True, slots=True)
class Fragment:
    """A sentence with holes. `family` groups those that go about it in the same way; `needs` are its holes."""

    id: str
    slot: str
    text: str
    family: str
    tones: frozenset[Tone]
    registers: frozenset[Register]
    needs: frozenset[str]

    @property
    def tells_a_fact(self) -> bool:
        return not self.needs.isdisjoint(_FACTUAL)


@dataclass(frozen=True, slots=True)
class Option:
    """A fragment with its holes filled: what may stand in a slot. `fact` is the place of the fact that it tells."""

    fragment: Fragment
    fact: int | None
    text: str


def _environment() -> SandboxedEnvironment:
    return SandboxedEnvironment(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=False)


@cache
def library(language: str, kind: Kind) -> tuple[Fragment, ...]:
    """The fragments of a language and kind, in the order in which they are written."""
    name = f"{language}_{kind.value}.toml"
    read = tomllib.loads(resources.files(FOLDER).joinpath(name).read_text(encoding="utf8"))
    return tuple(_fragment(slot, given) for slot in SLOTS for given in read.get(slot, ()))


def _fragment(slot: str, given: Mapping[str, Any]) -> Fragment:
    unknown = given.keys() - _KEYS
    if unknown:
        raise ValueError(f"fragment {given.get('id')}: unknown {sorted(unknown)}")
    return Fragment(
        id=given["id"],
        slot=slot,
        text=given["text"],
        family=given.get("family", given["id"]),
        tones=frozenset(Tone(t) for t in given.get("tones", Tone)),
        registers=frozenset(Register(r) for r in given.get("registers", Register)),
        needs=frozenset(meta.find_undeclared_variables(_environment().parse(given["text"]))),
    )


@cache
def _template(text: str) -> Template:
    return _environment().from_string(text)


def options_of(brief: WritingBrief, slot: str, fragments: Sequence[Fragment]) -> list[Option]:
    """What may stand in the slot: fragments of the tone and register whose holes the brief fills, once per fact."""
    common = _common(brief)
    found: list[Option] = []
    for fragment in fragments:
        fits = fragment.slot == slot and brief.register in fragment.registers
        if not fits or (brief.tone is not None and brief.tone not in fragment.tones):
            continue
        facts = enumerate(brief.facts) if fragment.tells_a_fact else ((None, Fact("")),)
        for place, fact in facts:
            holes = common | _holes_of(brief, fact)
            if fragment.needs <= holes.keys():
                text = _template(fragment.text).render(holes)
                found.append(Option(fragment, place, typeset_french(text) if brief.language == "fr" else text))
    return found


def _common(brief: WritingBrief) -> dict[str, str]:
    """The holes that the brief fills, whatever the fact; an empty field fills none."""
    given = {name: getattr(brief, name) for name in ("audience", "brand", "product", "link", "code", "aim")}
    given |= {"idea": sentence(brief.idea), "idea_inside": inside(brief.idea, (brief.brand, brief.product))}
    return {name: value for name, value in given.items() if value}


def _holes_of(brief: WritingBrief, fact: Fact) -> dict[str, str]:
    if not fact.text:
        return {}
    holes = {"fact": sentence(fact.text), "fact_inside": inside(fact.text, (brief.brand, brief.product))}
    return holes | ({"source": fact.source} if fact.source else {})


def sentence(text: str) -> str:
    """With a full stop, unless it ends in a mark of its own."""
    return text if text[-1:] in ".!?…" else f"{text}."


def inside(text: str, names: Sequence[str] = ()) -> str:
    """As it stands after a colon: the first letter small, unless it begins with one of the names, an acronym or a figure."""
    is_named = any(name and text.startswith(name) for name in names)
    if len(text) > 1 and text[0].isupper() and not text[1].isupper() and not is_named:
        text = text[0].lower() + text[1:]
    return sentence(text)
