"""Where words and pictures come from. What is put together from templates is never called AI; what a model wrote always is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from sillage.lib.sentences import Sentence


class Origin(StrEnum):
    """Who made a version: a person, a rule over human-written fragments, or a language model."""

    PERSON = "person"
    TEMPLATE = "template"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class MadeBy:
    """The mark of a version. For a template: the library and its version; for a model: its name, server and prompt."""

    origin: Origin
    name: str = ""
    version: str = ""
    prompt_version: str = ""
    parts: tuple[str, ...] = ()  # ids of fragments, for a template

    def kept(self) -> dict[str, Any]:
        return {**asdict(self), "origin": self.origin.value, "parts": list(self.parts)}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> MadeBy:
        """From `kept`."""
        return cls(
            Origin(kept["origin"]),
            kept.get("name", ""),
            kept.get("version", ""),
            kept.get("prompt_version", ""),
            tuple(kept.get("parts", ())),
        )


BY_A_PERSON = MadeBy(Origin.PERSON)
AGAIN = Sentence("Version %(number)s again")  # the note of a version that an earlier one was restored as
