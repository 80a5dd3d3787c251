"""Sentences for people: written in English where a thing is known, said in the reader's language at a door.

A `Sentence` is its English text, so that programs, logs and tests read one language; a door that has a reader calls
`speak` first, and from then on `told` says the sentences of this context in that language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass


class Sentence(str):
    """Text made of a template with `%(name)s` places and their values. Without values the template is the text.

    The template is what is translated; it must stand in the source as a plain string, where translators' tools find it.
    """

    template: str
    values: Mapping[str, object]

    def __new__(cls, template: str, /, **values: object) -> Sentence:
        made = super().__new__(cls, template % values if values else template)
        made.template, made.values = template, values
        return made

    def __reduce__(self) -> tuple[Callable[..., Sentence], tuple[str, Mapping[str, object]]]:
        return _again, (self.template, self.values)


def _again(template: str, values: Mapping[str, object]) -> Sentence:
    return Sentence(template, **values)


class Grouped(int):
    """A number as people read it: its thousands are set apart."""

    def __str__(self) -> str:
        return f"{int(self):,}"


@dataclass(frozen=True, slots=True)
class Language:
    """How to say things: the translation of a template, and what stands between thousands."""

    translate: Callable[[str], str]
    thousands: str = ","


_spoken: ContextVar[Language | None] = ContextVar("spoken", default=None)


def speak(language: Language | None) -> None:
    """What `told` speaks in this context (a request's thread, a task) from now on; None is English."""
    _spoken.set(language)


def told(text: str) -> str:
    """A sentence in the language that is spoken here; any other text as it is."""
    language = _spoken.get()
    if language is None or not isinstance(text, Sentence):
        return text
    said = language.translate(text.template) if text.template else ""
    return said % {name: _value(v, language) for name, v in text.values.items()} if text.values else said


def _value(value: object, language: Language) -> object:
    if isinstance(value, Sentence):
        return told(value)
    return str(value).replace(",", language.thousands) if isinstance(value, Grouped) else value
