"""What a letter needs beside its brief: to whom, from whom, on what occasion. Nothing of it is guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from sillage.lib.errors import Malformed
from sillage.lib.sentences import Sentence
from sillage.lib.text import without_controls
from sillage.studio.engine.fragments import inside, sentence

LONGEST = 300


class OccasionMalformed(Malformed):
    """What was said of the occasion cannot be read."""

    title = "Malformed occasion"


@dataclass(frozen=True, slots=True)
class Occasion:
    """Each field is a line as it is to be read, or empty. `post` and `asked` are the reader's own words, cited as they are."""

    recipient: str = ""
    sender: str = ""
    post: str = ""  # words of a post of theirs
    post_on: str = ""  # its day, as it is written in the language
    offer: str = ""  # what they get, as a sentence
    work: str = ""  # what a reminder or thanks is about: “votre reel”, “your reel”
    day: str = ""  # by when, as it is written in the language
    asked: str = ""  # what they asked, for a reply
    is_known: bool = False  # they were written to before: a machine has said then that it is one

    def holes(self) -> dict[str, str]:
        """The holes that it fills; an empty field fills none."""
        said = {name: value for name, value in asdict(self).items() if isinstance(value, str) and value}
        if self.offer:
            said |= {"offer": sentence(self.offer), "offer_inside": inside(self.offer)}
        return said


FIELDS = frozenset(field.name for field in fields(Occasion))
SAID = tuple(field.name for field in fields(Occasion) if field.name != "is_known")


def occasion_of(given: Mapping[str, Any]) -> Occasion:
    """Check what was said, field by field. Raises OccasionMalformed."""
    for name in given:
        if name not in FIELDS:
            raise OccasionMalformed(
                Sentence("“%(name)s” is nothing of an occasion.", name=name),
                Sentence("There are %(fields)s.", fields=", ".join(sorted(FIELDS))),
                name,
            )
    return Occasion(**{name: _read(name, value) for name, value in given.items()})


def _read(name: str, value: Any) -> Any:
    if name == "is_known":
        if type(value) is not bool:
            raise OccasionMalformed(
                Sentence("“is_known” is neither true nor false."), Sentence("Write is_known = true."), name
            )
        return value
    if not isinstance(value, str):
        raise OccasionMalformed(Sentence("“%(name)s” is not text.", name=name), Sentence("Write it in quotes."), name)
    line = " ".join(without_controls(value).split())
    if len(line) > LONGEST:
        raise OccasionMalformed(
            Sentence("“%(name)s” has %(line_count)s characters.", name=name, line_count=len(line)),
            Sentence("Say it in %(longest)s.", longest=LONGEST),
            name,
        )
    return line


def cited(words: str, most: int = 160) -> str:
    """What is cited of a post: its first sentence, or its first words up to `most` characters, cut at a word with “…”."""
    line = " ".join(words.split())
    for end, mark in enumerate(line[:most]):
        if mark in ".!?…" and end >= 20 and line[end + 1 : end + 2] in ("", " "):
            return line[: end + 1].removesuffix(".")
    if len(line) <= most:
        return line
    return line[:most].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
