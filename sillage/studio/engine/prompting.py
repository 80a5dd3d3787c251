"""What a language model is asked: Sillage's instructions, the same for everybody, and after them data that is no order.

The system's part is the versioned text of `prompts/<language>.toml` and nothing else: no word of a brief, a creator or a
comment ever stands in it. All the rest travels in the user's part as JSON values between lines with a boundary that is drawn
per call. Signs with which servers mark roles (< > [ ] |) are escaped inside the values, characters that nobody sees are taken
out, lengths are bounded, and material that speaks to a machine is not sent.
"""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

from sillage.lib.errors import Malformed
from sillage.lib.sentences import Grouped, Sentence
from sillage.lib.text import without_controls
from sillage.studio.engine.brief import LANGUAGES, WritingBrief
from sillage.understanding.engine.addressed import speaks_to_a_machine
from sillage.understanding.engine.model_calls import CallWanted, tokens_at_most

PROMPT_VERSION = "studio-1"
MOST_TEXTS = 12  # that are asked for at once
MOST_MATERIAL, LONGEST_MATERIAL = 20, 1_000  # characters each
MOST_EXAMPLES, LONGEST_EXAMPLE = 5, 600
LONGEST_INSTRUCTION = 500
LONGEST_TEXT = 6_000  # that is given to be edited
ROOM = 500  # characters that an edited text without a brief may grow by
TOKENS_AROUND = 200  # of an answer that are not the texts

_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]"
    "|[\U000e0000-\U000e007f\U000e0100-\U000e01ef]"
    "|(?<![\u2190-\u2bff\ufe0f\U0001f000-\U0001faff])[\u200d\ufe00-\ufe0f]"  # what joins the parts of an emoji stays
)
_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*"')
_MARKS = re.compile(r"[<>\[\]|{}`\x85\u2028\u2029]")
_BOUNDARY = re.compile(r"[0-9a-f]{32}")


class Purpose(StrEnum):
    """What a model is asked for."""

    WRITE = "write"
    EDIT = "edit"


class InstructionMalformed(Malformed):
    """What is asked for cannot be passed on."""

    title = "Malformed instruction"


@dataclass(frozen=True, slots=True)
class Prompts:
    """A file of prompts: the instructions of each purpose, words that claim, and capitals that are no names."""

    version: str
    of: Mapping[Purpose, str]
    claims: tuple[str, ...]
    capitals: frozenset[str]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it is sent, and what its answer is checked against."""

    purpose: Purpose
    language: str
    system: str
    user: str
    boundary: str
    n: int
    facts: Mapping[str, str]  # by the short ids of the prompt
    given: str  # every word that an answer may rest on: people's, never the material's
    link: str
    banned: tuple[str, ...]
    longest: int
    left_out: int = 0  # pieces of material that speak to a machine, or were too many
    prompt_version: str = field(default=PROMPT_VERSION)

    @property
    def most_tokens(self) -> int:
        """Tokens that an answer may have."""
        return tokens_at_most(self.n * self.longest) + TOKENS_AROUND

    @property
    def wanted(self) -> CallWanted:
        characters = len(self.system) + len(self.user)
        return CallWanted(self.purpose.value, self.prompt_version, characters, self.most_tokens, self.left_out)


@cache
def prompts(language: str) -> Prompts:
    """The prompts of a language."""
    read = tomllib.loads(
        resources.files("sillage.studio").joinpath(f"prompts/{language}.toml").read_text(encoding="utf8")
    )
    of = {purpose: read[purpose.value].strip() for purpose in Purpose}
    return Prompts(read["version"], of, tuple(read["claims"]), frozenset(read["capitals"]))


def asked_to_write(
    brief: WritingBrief,
    n: int,
    boundary: str,
    *,
    material: Sequence[str] = (),
    examples: Sequence[str] = (),
    banned: Sequence[str] = (),
) -> Asked:
    """Ask for `n` texts of a brief. `material` is strangers' words, `examples` are the brand's own texts."""
    if not 1 <= n <= MOST_TEXTS:
        raise InstructionMalformed(
            Sentence("%(n)s texts cannot be asked for at once.", n=n),
            Sentence("Ask for 1 to %(most_texts)s.", most_texts=MOST_TEXTS),
            "n",
        )
    sections = {"brief": {"n": n, **_said(brief, banned)}, "examples": _examples(examples)}
    sent, left_out = _material(material)
    sections["material"] = sent
    return _asked(Purpose.WRITE, brief.language, sections, boundary, brief, n, banned, brief.longest, left_out)


def asked_to_edit(
    text: str,
    language: str,
    instruction: str,
    boundary: str,
    *,
    brief: WritingBrief | None = None,
    material: Sequence[str] = (),
    examples: Sequence[str] = (),
    banned: Sequence[str] = (),
) -> Asked:
    """Ask for a text, changed as a person instructs."""
    wanted = cleaned(instruction, LONGEST_INSTRUCTION + 1)
    if not wanted or len(wanted) > LONGEST_INSTRUCTION:
        raise InstructionMalformed(
            Sentence(
                "An instruction has 1 to %(longest_instruction)s characters.", longest_instruction=LONGEST_INSTRUCTION
            ),
            Sentence("Say in a sentence what to change."),
            "instruction",
        )
    if len(text) > LONGEST_TEXT:
        raise InstructionMalformed(
            Sentence("The text has %(text_count)s characters.", text_count=Grouped(len(text))),
            Sentence("A model is given up to %(longest_text)s.", longest_text=Grouped(LONGEST_TEXT)),
            "body",
        )
    was = cleaned(text, LONGEST_TEXT)
    sent, left_out = _material(material)
    sections: dict[str, Any] = {"instruction": wanted, "text": was}
    sections |= {"brief": _said(brief, banned) if brief else {}, "examples": _examples(examples), "material": sent}
    longest = max(brief.longest if brief else 0, len(was) + ROOM)
    asked = _asked(Purpose.EDIT, language, sections, boundary, brief, 1, banned, longest, left_out)
    return _with_given(asked, was, wanted)


def _with_given(asked: Asked, *more: str) -> Asked:
    values = {name: getattr(asked, name) for name in Asked.__dataclass_fields__}
    return Asked(**{**values, "given": "\n".join((asked.given, *more))})


def _asked(
    purpose: Purpose,
    language: str,
    sections: Mapping[str, Any],
    boundary: str,
    brief: WritingBrief | None,
    n: int,
    banned: Sequence[str],
    longest: int,
    left_out: int,
) -> Asked:
    file = prompts(language if language in LANGUAGES else "en")
    return Asked(
        purpose=purpose,
        language=language,
        system=file.of[purpose],
        user=fenced(sections, boundary),
        boundary=boundary,
        n=n,
        facts={f"f{i}": fact.text for i, fact in enumerate(brief.facts, 1)} if brief else {},
        given=_given(brief) if brief else "",
        link=brief.link if brief else "",
        banned=tuple(dict.fromkeys((*(brief.never if brief else ()), *banned))),
        longest=longest,
        left_out=left_out,
        prompt_version=f"{file.version}/{language}/{purpose}",
    )


def fenced(sections: Mapping[str, Any], boundary: str) -> str:
    """Sections between lines that carry the boundary; empty ones are left out. Raises ValueError for another boundary."""
    if not _BOUNDARY.fullmatch(boundary):
        raise ValueError("a boundary is 32 figures of base 16, drawn for the call")
    parts = [boundary]
    for name, value in sections.items():
        if value:
            parts.append(f"[{boundary} {name}]\n{_as_data(value)}\n[/{boundary} {name}]")
    return "\n".join(parts)


def _as_data(value: Any) -> str:
    """JSON in which no string holds a sign that a server may read as the end of a turn, nor the end of a line."""
    written = json.dumps(value, ensure_ascii=False)
    return _STRINGS.sub(lambda s: _MARKS.sub(lambda m: f"\\u{ord(m[0]):04x}", s[0]), written)


def cleaned(text: str, longest: int) -> str:
    """Words as data: composed, without control characters and characters that nobody sees, cut at `longest`."""
    seen = _UNSEEN.sub("", unicodedata.normalize("NFC", without_controls(text)))
    return seen.replace("\u2028", "\n").replace("\u2029", "\n").replace("\u0085", "\n").strip()[:longest]


def has_unseen(text: str) -> bool:
    """True when characters stand in the text that nobody sees; those that join an emoji's parts apart."""
    return _UNSEEN.search(text) is not None


def _said(brief: WritingBrief, banned: Sequence[str]) -> dict[str, Any]:
    """The brief's fields that are filled in, facts under short ids."""
    said: dict[str, Any] = {
        name: cleaned(getattr(brief, name), 500)
        for name in ("aim", "idea", "audience", "brand", "product", "link", "code", "label", "network", "format")
    }
    said |= {"kind": brief.kind.value, "language": brief.language, "register": brief.register.value}
    said |= {"tone": brief.tone.value if brief.tone else "", "shortest": brief.shortest, "longest": brief.longest}
    said |= {"hashtags": list(brief.hashtags), "must": list(brief.must), "never": [*brief.never, *banned]}
    said["facts"] = [{"id": f"f{i}", "fact": cleaned(fact.text, 500)} for i, fact in enumerate(brief.facts, 1)]
    return {name: value for name, value in said.items() if value}


def _given(brief: WritingBrief) -> str:
    fields = (brief.title, brief.aim, brief.idea, brief.audience, brief.brand, brief.product, brief.link, brief.code)
    return "\n".join((*fields, brief.label, *brief.hashtags, *brief.must, *(fact.text for fact in brief.facts)))


def _examples(examples: Sequence[str]) -> list[str]:
    return [cleaned(text, LONGEST_EXAMPLE) for text in examples[:MOST_EXAMPLES] if not speaks_to_a_machine(text)]


def _material(material: Sequence[str]) -> tuple[list[str], int]:
    """What is sent of strangers' words, and how many pieces are not."""
    said = [text for text in material if text.strip()]
    fit = [cleaned(text, LONGEST_MATERIAL) for text in said if not speaks_to_a_machine(text)][:MOST_MATERIAL]
    return fit, len(said) - len(fit)
