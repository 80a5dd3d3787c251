"""Human-written fragments, put together by rule: what writes when no model is configured, and is never called AI.

A fragment is a sentence with holes, in a sandboxed template; a hole that the brief does not fill rules the fragment out.
Facts enter as whole sentences: after a colon with a small letter (`fact_inside`), or as they stand (`fact`). What somebody
else wrote (`post`, `asked`) and addresses stand letter by letter: typography does not touch them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

from jinja2 import StrictUndefined, Template, meta
from jinja2.sandbox import SandboxedEnvironment

from sillage.studio.engine.brief import Fact, Kind, Register, Tone, WritingBrief
from sillage.studio.engine.typography import contracted, typeset_french

FOLDER = "sillage.studio.fragments"
VERSION = "fragments/2"  # raised when fragments change: a text says which library it comes from
SLOTS = ("hook", "argument", "proof", "call")  # of what is published: ad, caption
SHARED = "shared"  # the file of slots that all letters have
_KEYS = {"id", "text", "tu", "vous", "family", "tones", "registers", "forbids", "requires", "considerations"}
_VERBATIM = ("post", "asked", "link", "code")
_FACTUAL = frozenset({"fact", "fact_inside", "source"})
NOTHING_MORE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Fragment:
    """A sentence with holes. `family` groups those that go about it in the same way.

    `needs` are its holes and others that must be filled for it to be right (`requires` in the file).
    `forbids` are holes that must be empty; `considerations` are those of the brief for which it is true, all when empty.
    """

    id: str
    slot: str
    text: str
    family: str
    tones: frozenset[Tone]
    registers: frozenset[Register]
    needs: frozenset[str]
    forbids: frozenset[str] = frozenset()
    considerations: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """What a text's mark keeps: unique in the library of a language and kind."""
        return f"{self.slot}/{self.id}"

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
    """The fragments of a language and kind, slot by slot, in the order in which they are written."""
    return _file_of(f"{language}_{kind.value}")


@cache
def shared_library(language: str) -> tuple[Fragment, ...]:
    """The fragments that every letter may use: greetings, closings, signatures, what a machine says of itself."""
    return _file_of(f"{language}_{SHARED}")


def _file_of(name: str) -> tuple[Fragment, ...]:
    try:
        read = tomllib.loads(resources.files(FOLDER).joinpath(f"{name}.toml").read_text(encoding="utf8"))
    except FileNotFoundError:
        return ()
    return tuple(one for slot, listed in read.items() for given in listed for one in _fragments(slot, given))


def _fragments(slot: str, given: Mapping[str, Any]) -> Iterator[Fragment]:
    """One for `text`; for `tu` and `vous` one each."""
    unknown = given.keys() - _KEYS
    if unknown:
        raise ValueError(f"fragment {given.get('id')}: unknown {sorted(unknown)}")
    if "text" in given:
        yield _fragment(
            slot, given, given["id"], given["text"], frozenset(map(Register, given.get("registers", Register)))
        )
        return
    for register in Register:
        yield _fragment(slot, given, f"{given['id']}-{register.value}", given[register.value], frozenset({register}))


def _fragment(slot: str, given: Mapping[str, Any], name: str, text: str, registers: frozenset[Register]) -> Fragment:
    return Fragment(
        id=name,
        slot=slot,
        text=text,
        family=given.get("family", given["id"]),
        tones=frozenset(Tone(t) for t in given.get("tones", Tone)),
        registers=registers,
        needs=frozenset(meta.find_undeclared_variables(_environment().parse(text)))
        | frozenset(given.get("requires", ())),
        forbids=frozenset(given.get("forbids", ())),
        considerations=frozenset(given.get("considerations", ())),
    )


@cache
def _template(text: str) -> Template:
    return _environment().from_string(text)


def options_of(
    brief: WritingBrief, slot: str, fragments: Sequence[Fragment], more: Mapping[str, str] = NOTHING_MORE
) -> list[Option]:
    """What may stand in the slot: fragments of the tone and register whose holes are filled, once per fact.

    `more` are holes that something else than the brief fills.
    """
    common = {**holes_of(brief), **more}
    found: list[Option] = []
    for fragment in fragments:
        if fragment.slot != slot or not sounds_right(fragment, brief) or not fragment.forbids.isdisjoint(common):
            continue
        facts = enumerate(brief.facts) if fragment.tells_a_fact else ((None, Fact("")),)
        for place, fact in facts:
            holes = common | _holes_of(brief, fact)
            if fragment.needs <= holes.keys():
                found.append(Option(fragment, place, filled(fragment.text, holes, brief.language)))
    return found


def sounds_right(fragment: Fragment, brief: WritingBrief) -> bool:
    """Whether it is of the brief's register and tone, and true of what the reader gets."""
    return (
        brief.register in fragment.registers
        and (brief.tone is None or brief.tone in fragment.tones)
        and (not fragment.considerations or brief.consideration in fragment.considerations)
    )


_NAMES = ("brand", "product", "work", "sender", "name", "audience")  # holes that may follow “de” or “à”


def filled(text: str, holes: Mapping[str, str], language: str) -> str:
    """A fragment with its holes filled, in the typography of its language but for what stands letter by letter."""
    marks = {name: _mark(place) for place, name in enumerate(_VERBATIM) if name in holes}
    said = _template(text).render({**holes, **marks})
    if language == "fr":
        said = typeset_french(contracted(said, [holes[name] for name in _NAMES if holes.get(name)]))
    for name, mark in marks.items():
        said = said.replace(mark, holes[name])
    return said


def _mark(place: int) -> str:
    """A letter that nobody writes any more, which typography takes for one of a word (Linear B)."""
    return chr(0x10000 + place)


def holes_of(brief: WritingBrief) -> dict[str, str]:
    """The holes that the brief fills, whatever the fact; an empty field fills none."""
    given = {name: getattr(brief, name) for name in ("audience", "brand", "product", "link", "code", "aim", "label")}
    given |= {"idea": sentence(brief.idea), "idea_inside": inside(brief.idea, (brief.brand, brief.product))}
    given |= {name: quoted(getattr(brief, name), brief.language) for name in ("must", "never")}
    given["hashtags"] = " ".join(tag if tag.startswith("#") else f"#{tag}" for tag in brief.hashtags)
    given["automatic"] = "automatic" if brief.automatic else ""
    return {name: value for name, value in given.items() if value}


def quoted(words: Sequence[str], language: str) -> str:
    """Words in quotes, one after the other, in the manner of the language."""
    return ", ".join(f"« {word} »" if language == "fr" else f"“{word}”" for word in words)


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
