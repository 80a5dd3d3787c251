"""A writing brief: what is to be written, for whom, on which idea of a person, with which facts. From TOML, a form, JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from sillage.governance.engine.law import Consideration
from sillage.governance.engine.sensitive import refuse_sorting
from sillage.lib.errors import Malformed, Refusal
from sillage.lib.sentences import Sentence, Term
from sillage.lib.text import folded, without_controls

LONGEST_LINE = 500
MOST_FACTS = 20


class Tone(StrEnum):
    """How it sounds. A fragment may serve several."""

    PLAIN = "plain"
    WARM = "warm"
    PLAYFUL = "playful"
    EXPERT = "expert"


class Register(StrEnum):
    """How the reader is addressed; English has one."""

    TU = "tu"
    VOUS = "vous"


class Kind(StrEnum):
    """What is written: each has fragments of its own."""

    AD = "ad"
    CAPTION = "caption"
    MESSAGE = "message"
    INVITATION = "invitation"
    CREATOR_BRIEF = "creator_brief"
    REPLY = "reply"
    REMINDER = "reminder"
    THANKS = "thanks"


KIND_WORDS: Mapping[Kind, Sentence] = {
    Kind.AD: Term("kind of text", "ad"),
    Kind.CAPTION: Term("kind of text", "caption"),
    Kind.MESSAGE: Term("kind of text", "message"),
    Kind.INVITATION: Term("kind of text", "invitation"),
    Kind.CREATOR_BRIEF: Term("kind of text", "creator brief"),
    Kind.REPLY: Term("kind of text", "reply"),
    Kind.REMINDER: Term("kind of text", "reminder"),
    Kind.THANKS: Term("kind of text", "thanks"),
}
TONE_WORDS: Mapping[Tone, Sentence] = {
    Tone.PLAIN: Term("tone", "plain"),
    Tone.WARM: Term("tone", "warm"),
    Tone.PLAYFUL: Term("tone", "playful"),
    Tone.EXPERT: Term("tone", "expert"),
}
_CHOICE_WORDS: Mapping[str, Sentence] = {
    "kind": Term("field of a writing brief", "kind"),
    "tone": Term("field of a writing brief", "tone"),
    "register": Term("field of a writing brief", "register"),
    "consideration": Term("field of a writing brief", "consideration"),
}


class WritingBriefMalformed(Malformed):
    """A field of the writing brief cannot be read."""

    title = "Malformed writing brief"


class IdeaMissing(Refusal):
    """Nothing is written without an idea of a person's."""

    status = 422


class FactMissing(Refusal):
    """Nothing is claimed without a fact that somebody gave."""

    status = 422


@dataclass(frozen=True, slots=True)
class Fact:
    """A whole sentence that may be said, and where it comes from."""

    text: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class WritingBrief:
    """What was said. Lengths are in characters, label and hashtags included."""

    title: str
    kind: Kind
    language: str
    aim: str
    idea: str  # a person's, one sentence
    facts: tuple[Fact, ...]
    audience: str = ""
    brand: str = ""
    product: str = ""
    link: str = ""
    code: str = ""
    label: str = ""  # of a commercial publication, such as “Publicité”
    hashtags: tuple[str, ...] = ()
    must: tuple[str, ...] = ()  # words that have to stand in it
    never: tuple[str, ...] = ()
    tone: Tone | None = None  # None: any
    register: Register = Register.VOUS
    shortest: int = 80
    longest: int = 600
    network: str = ""
    format: str = ""
    law_packs: tuple[str, ...] = ()
    consideration: str = Consideration.UNKNOWN.value  # as law packs name it
    automatic: bool = False  # nobody reads it before it goes: at first contact it says that it is a machine

    def kept(self) -> dict[str, Any]:
        """As plain data, from which `writing_brief` makes the same brief; what was not said is left out."""
        said = {name: value for name, value in asdict(self).items() if value not in ("", (), None, False)}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in said.items()}


FIELDS = frozenset(WritingBrief.__dataclass_fields__)
LANGUAGES = ("fr", "en")
_LISTS = ("hashtags", "must", "never", "law_packs")
_CHOICES: Mapping[str, type[StrEnum]] = {"kind": Kind, "tone": Tone, "register": Register}


def writing_brief(given: Mapping[str, Any]) -> WritingBrief:
    """Check a brief field by field. Raises IdeaMissing, FactMissing, SortsPeople, WritingBriefMalformed."""
    for name in given:
        if name not in FIELDS:
            raise WritingBriefMalformed(
                Sentence("“%(name)s” is no field of a writing brief.", name=name),
                Sentence("Fields: %(listed)s.", listed=_listed(FIELDS)),
                name,
            )
    values: dict[str, Any] = {name: _read(name, value) for name, value in given.items()}
    if not values.get("idea"):
        raise IdeaMissing(
            Sentence("The brief has no idea."),
            Sentence("Write the one idea that it is about: a sentence, in your words."),
        )
    if not values.get("facts"):
        raise FactMissing(
            Sentence("The brief has no fact."), Sentence("Give at least one sentence that is true and may be said.")
        )
    for name, default in (("title", values["idea"][:80]), ("kind", Kind.AD), ("language", "fr"), ("aim", "")):
        values.setdefault(name, default)
    brief = WritingBrief(**values)
    if not 0 < brief.shortest < brief.longest <= 5_000:
        raise WritingBriefMalformed(
            Sentence("The lengths do not fit together."), Sentence("Give shortest < longest, up to 5,000."), "longest"
        )
    refuse_sorting(brief.audience)
    return brief


def _read(name: str, value: Any) -> Any:
    if name == "facts":
        return _facts(value)
    if name in _LISTS:
        return tuple(_line(name, item) for item in _items(name, value))
    if name in ("shortest", "longest"):
        if type(value) is not int:
            raise WritingBriefMalformed(
                Sentence("“%(name)s” is not a number of characters.", name=name), Sentence("Give a whole number."), name
            )
        return value
    if name == "automatic":
        if type(value) is not bool:
            raise WritingBriefMalformed(
                Sentence("“automatic” is neither true nor false."), Sentence("Write automatic = true."), name
            )
        return value
    return _chosen(name, _line(name, value))


def _chosen(name: str, text: str) -> Any:
    """A text as it is, or the member of a choice that it names."""
    if name == "tone" and not text:
        return None
    choices = Consideration if name == "consideration" else _CHOICES.get(name)
    if choices is not None and text not in set(choices):
        raise WritingBriefMalformed(
            Sentence("“%(text)s” is no %(name)s.", text=text, name=_CHOICE_WORDS[name]),
            Sentence("Choose one of %(listed)s.", listed=_listed(choices)),
            name,
        )
    if name == "language" and text not in LANGUAGES:
        raise WritingBriefMalformed(
            Sentence("There are no fragments in “%(text)s”.", text=text),
            Sentence("Choose one of %(listed)s.", listed=_listed(LANGUAGES)),
            name,
        )
    return _CHOICES[name](text) if name in _CHOICES else text


def _facts(value: Any) -> tuple[Fact, ...]:
    facts = []
    for number, item in enumerate(_items("facts", value), 1):
        given = {"text": item} if isinstance(item, str) else item
        if not isinstance(given, Mapping) or not given.keys() <= {"text", "source"}:
            raise WritingBriefMalformed(
                Sentence("Fact %(number)s cannot be read.", number=number),
                Sentence("Give a sentence, or {text = …, source = …}."),
                f"facts[{number}]",
            )
        text = _line(f"facts[{number}]", given.get("text", ""))
        if text:
            facts.append(Fact(text, _line(f"facts[{number}].source", given.get("source", ""))))
    if len(facts) > MOST_FACTS:
        raise WritingBriefMalformed(
            Sentence("%(facts_count)s facts are too many.", facts_count=len(facts)),
            Sentence("Give up to %(most_facts)s.", most_facts=MOST_FACTS),
            "facts",
        )
    return tuple(facts)


def _items(name: str, value: Any) -> Sequence[Any]:
    if not isinstance(value, list | tuple):
        raise WritingBriefMalformed(
            Sentence("“%(name)s” is not a list.", name=name), Sentence("Write it in square brackets."), name
        )
    return value


def _line(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise WritingBriefMalformed(
            Sentence("“%(name)s” is not text.", name=name), Sentence("Write it in quotes."), name
        )
    line = " ".join(without_controls(value).split())
    if len(line) > LONGEST_LINE:
        raise WritingBriefMalformed(
            Sentence("“%(name)s” has %(line_count)s characters.", name=name, line_count=len(line)),
            Sentence("Say it in %(longest_line)s: a brief is brief.", longest_line=LONGEST_LINE),
            name,
        )
    return line


def _listed(values: Any) -> str:
    return ", ".join(sorted(str(value) for value in values))


def holds(text: str, words: str) -> bool:
    """True when the words stand in the text, whole, whatever their case and accents."""
    padded = " ".join(_tokens(text))
    return f" {' '.join(_tokens(words))} " in f" {padded} "


def _tokens(text: str) -> list[str]:
    return "".join(c if c.isalnum() or c in "#%€" else " " for c in folded(text)).split()


def as_toml(brief: WritingBrief) -> str:
    """The brief as a file, which `writing_brief` reads again. Strings of JSON are basic strings of TOML."""
    kept = brief.kept()
    facts = kept.pop("facts")
    lines = [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in kept.items()]
    for fact in facts:
        lines += ["", "[[facts]]", *(f"{name} = {json.dumps(said, ensure_ascii=False)}" for name, said in fact.items())]
    return "\n".join(lines) + "\n"
