"""A brief as somebody hands it to a command: a file, standard input, or words; and where in it something is wrong."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sillage.lib.errors import Malformed, NotFound
from sillage.lib.toml import read_toml, syntax_error_of
from sillage.lib.toml_places import line_and_column, places_of


class BriefFileMalformed(Malformed):
    """The brief's file is not TOML."""

    title = "Malformed brief file"


class BriefFileMissing(NotFound):
    """There is no such file."""


@dataclass(frozen=True, slots=True)
class BriefSource:
    """A brief's fields, and the text of the file `name` that they come from; no text where words were given."""

    given: Mapping[str, Any]
    name: str = ""
    text: str = ""

    @contextmanager
    def placing(self) -> Iterator[None]:
        """A refusal of a field in here gets the field's line and column in the file."""
        try:
            yield
        except Malformed as refusal:
            if self.text and refusal.path:
                refusal.place = self._place(refusal.path)
            raise

    def _place(self, path: tuple[str | int, ...]) -> str:
        """Of the value, of the key where it stands for more than one value, or of the nearest section around."""
        places = places_of(self.text)
        deepest = next((path[:depth] for depth in range(len(path), 0, -1) if path[:depth] in places), None)
        if deepest is None:
            return self.name
        span = places[deepest]
        start = span.value[0] if isinstance(deepest[-1], int) else span.key[0]
        line, column = line_and_column(self.text, start)
        return f"{self.name}:{line}:{column}"


def read_source(source: str) -> BriefSource:
    """A brief from a TOML file, from - for standard input, or the words themselves."""
    if source != "-" and not source.endswith(".toml"):
        return BriefSource({"text": source})
    name = "standard input" if source == "-" else source
    text = _decoded(sys.stdin.buffer.read() if source == "-" else _read(Path(source)), name)
    try:
        return BriefSource(read_toml(text), name, text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        line, column, reason = syntax_error_of(error, text)
        place = f"{name}:{line}:{column}"
        hint = "See docs/reference/brief.md for the fields."
        raise BriefFileMalformed(f"This is not TOML: {reason}.", hint, place) from error


def _decoded(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        hint = "Save it as UTF-8."
        raise BriefFileMalformed(f"{name} is not UTF-8: byte {error.start}.", hint, name) from error


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BriefFileMissing(
            f"{path} cannot be read: {error.strerror}.", "Name a TOML file, or give the brief's words in quotes."
        ) from error
