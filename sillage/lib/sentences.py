"""Sentences for people: written in English where a thing is known, said in the reader's language at a door.

A `Sentence` is its English text, so that programs, logs and tests read one language; a door that has a reader calls
`speak` first, and from then on `told` says the sentences of this context in that language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol, runtime_checkable


class Sentence(str):
    """Text made of a template with `%(name)s` places and their values. Without values the template is the text.

    The template is what is translated; it must stand in the source as a plain string, where translators' tools find it.
    A value may be a sentence itself, or anything that is `Said`.
    """

    template: str
    values: Mapping[str, object]

    def __new__(cls, template: str, /, **values: object) -> Sentence:
        made = super().__new__(cls, template % values if values else template)
        made.template, made.values = template, values
        return made

    def filled(self, **values: object) -> Sentence:
        """The same template with these values: for a table of sentences whose places are filled later."""
        return Sentence(self.template, **values)

    def __reduce__(self) -> tuple[Callable[..., Sentence], tuple[object, ...]]:
        return _again, (self.template, self.values)

    def said_in(self, language: Language) -> str:
        said = language.translate(self.template) if self.template else ""
        return said % {name: _value(v, language) for name, v in self.values.items()} if self.values else said


class Term(Sentence):
    """A word or two to put into a sentence. `context` says of what they are, since elsewhere they may be called otherwise:
    `Term("stage", "closed")`, `Term("invitation", "sent")`."""

    context: str

    def __new__(cls, context: str, template: str, /) -> Term:
        made = super().__new__(cls, template)
        assert isinstance(made, Term)
        made.context = context
        return made

    def __reduce__(self) -> tuple[Callable[..., Sentence], tuple[object, ...]]:
        return Term, (self.context, self.template)

    def said_in(self, language: Language) -> str:
        return language.translate_of(self.context, self.template)


def _again(template: str, values: Mapping[str, object]) -> Sentence:
    return Sentence(template, **values)


@runtime_checkable
class Said(Protocol):
    """A value that is written in another way in another language; `str()` of it is English."""

    def said_in(self, language: Language) -> str: ...


class Grouped(int):
    """A number as people read it: its thousands are set apart."""

    def __str__(self) -> str:
        return f"{int(self):,}"

    def said_in(self, language: Language) -> str:
        return language.number(int(self), 0)


@dataclass(frozen=True, slots=True)
class Decimals:
    """A number with so many decimals: 12.5 MB, 1,234.50 EUR."""

    value: Decimal | float
    digits: int = 1

    def __str__(self) -> str:
        return f"{self.value:,.{self.digits}f}"

    def said_in(self, language: Language) -> str:
        return language.number(self.value, self.digits)


@dataclass(frozen=True, slots=True)
class Day:
    """A date as people read it; in English, which programs read too, 2026-11-22."""

    value: date

    def __str__(self) -> str:
        return f"{self.value:%Y-%m-%d}"

    def said_in(self, language: Language) -> str:
        return language.day(self.value)


@dataclass(frozen=True, slots=True)
class InLanguages:
    """Text that its source gives in several languages, by their code: a clause of a law pack. English is among them."""

    texts: Mapping[str, str]

    def __str__(self) -> str:
        return self.texts["en"]

    def said_in(self, language: Language) -> str:
        return self.texts.get(language.code(), str(self))


class Listed(tuple[object, ...]):
    """Several values, one after the other: draft, sent, 12."""

    __slots__ = ()
    between = ", "

    def __str__(self) -> str:
        return self.between.join(str(one) for one in self)

    def said_in(self, language: Language) -> str:
        return self.between.join(str(_value(one, language)) for one in self)


class Joined(Listed):
    """Whole sentences, one after the other."""

    __slots__ = ()
    between = " "


def either(values: Iterable[object]) -> object:
    """“a, b or c”, to put into a sentence."""
    *before, last = values
    return Sentence("%(others)s or %(last)s", others=Listed(before), last=last) if before else last


def together(values: Iterable[object]) -> object:
    """“a, b and c”, to put into a sentence."""
    *before, last = values
    return Sentence("%(others)s and %(last)s", others=Listed(before), last=last) if before else last


def _english() -> str:
    return "en"


@dataclass(frozen=True, slots=True)
class Language:
    """How to say things: the translation of a template, of a term in its context, numbers, days; and the language's code."""

    translate: Callable[[str], str]
    translate_of: Callable[[str, str], str]
    number: Callable[[Decimal | float, int], str]
    day: Callable[[date], str]
    code: Callable[[], str] = _english


_spoken: ContextVar[Language | None] = ContextVar("spoken", default=None)


def speak(language: Language | None) -> None:
    """What `told` speaks in this context (a request's thread, a task) from now on; None is English."""
    _spoken.set(language)


def spoken() -> Language | None:
    """What is spoken here, for work that goes on when the door has closed: a streamed answer."""
    return _spoken.get()


def told(text: str) -> str:
    """A sentence in the language that is spoken here; any other text as it is."""
    language = _spoken.get()
    return text if language is None or not isinstance(text, Sentence) else text.said_in(language)


def kept(value: object) -> object:
    """A sentence as plain data, to be stored with what it tells of; `again` gives it back. Other values stay English."""
    match value:
        case Term():
            return {"term": value.template, "context": value.context}
        case Sentence():
            return {"sentence": value.template, "values": {name: kept(v) for name, v in value.values.items()}}
        case Grouped():
            return {"grouped": int(value)}
        case Decimals():
            return {"decimals": str(value.value), "digits": value.digits}
        case Day():
            return {"day": f"{value.value:%Y-%m-%d}"}
        case Listed():
            return {"joined" if isinstance(value, Joined) else "listed": [kept(one) for one in value]}
    return str(value)


def again(stored: object) -> object:
    """What `kept` made plain data of: a sentence that any language can say."""
    match stored:
        case {"term": str() as template, "context": str() as context}:
            return Term(context, template)
        case {"sentence": str() as template, "values": dict() as values}:
            return Sentence(template, **{str(name): again(v) for name, v in values.items()})
        case {"grouped": int() as number}:
            return Grouped(number)
        case {"decimals": str() as number, "digits": int() as digits}:
            return Decimals(Decimal(number), digits)
        case {"day": str() as day}:
            return Day(date.fromisoformat(day))
        case {"listed": list() as several}:
            return Listed(map(again, several))
        case {"joined": list() as several}:
            return Joined(map(again, several))
    return stored


def to_stored(text: str) -> object:
    """How to say a sentence, to be stored beside its English text; None for any other text."""
    return kept(text) if isinstance(text, Sentence) else None


def from_stored(stored: object, english: str) -> str:
    """The sentence whose English text was stored; that text where nothing else was, or something that does not say it."""
    found = again(stored)
    return found if isinstance(found, Sentence) and found == english else english


def _value(value: object, language: Language) -> object:
    return value.said_in(language) if isinstance(value, Said) else value
