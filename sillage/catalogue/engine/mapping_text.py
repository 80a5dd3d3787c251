"""Where a key stands in a mapping's text, so that an error can point at it."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sillage.lib.errors import Malformed
from sillage.lib.toml import read_toml, syntax_error_of

Path = tuple[str | int, ...]
_HEADER = re.compile(r"^\s*\[{1,2}\s*([A-Za-z0-9_.-]+)\s*\]{1,2}")


class MappingMalformed(Malformed):
    """The mapping cannot be read as one."""

    title = "Malformed mapping"


@dataclass(frozen=True, slots=True)
class MappingText:
    """A mapping's text and the name of its file, with which places are found."""

    text: str
    file_name: str

    def parsed(self) -> dict[str, Any]:
        """The TOML document, or `MappingMalformed` at the place of the first syntax error."""
        try:
            return read_toml(self.text)
        except tomllib.TOMLDecodeError as error:
            line, column, reason = syntax_error_of(error, self.text)
            raise self._at(line, column, 1, f"This is not TOML: {reason}.", "See https://toml.io.") from error

    def error(self, path: Path, message: str, hint: str) -> MappingMalformed:
        """An error about the key at `path`, e.g. ("observation", 1, "value", "column")."""
        line, column, width = self._find(path)
        return self._at(line, column, width, message, hint)

    def refuse_unknown(self, path: Path, data: dict[str, Any], valid: Sequence[str], where: str) -> None:
        """Refuse a key that means nothing here, naming the nearest that would."""
        for key in data:
            if key not in valid:
                near = difflib.get_close_matches(key, valid, n=1)
                hint = f"Did you mean “{near[0]}”? " if near else ""
                raise self.error(
                    (*path, key), f"“{key}” means nothing in {where}.", f"{hint}Valid: {', '.join(valid)}."
                )

    def table(self, data: Any, path: Path) -> dict[str, Any]:
        """A table, e.g. a whole section."""
        if not isinstance(data, dict):
            raise self.error(path, f"“{path[-1]}” is not a section.", f"Write [{path[-1]}] on a line of its own.")
        return data

    def string(self, data: dict[str, Any], path: Path, default: str) -> str:
        """The string under the path's last key."""
        value = data.get(str(path[-1]), default)
        if not isinstance(value, str):
            raise self.error(path, f"“{path[-1]}” is not a text.", "Put it between quotes.")
        return value

    def flag(self, data: dict[str, Any], path: Path) -> bool:
        """True or false under the path's last key; false where it is not there."""
        value = data.get(str(path[-1]), False)
        if not isinstance(value, bool):
            raise self.error(path, f"“{path[-1]}” is not true or false.", f"Write {path[-1]} = true.")
        return value

    def strings(self, data: dict[str, Any], path: Path) -> tuple[str, ...]:
        """The strings under the path's last key; one alone may stand without brackets."""
        value = data.get(str(path[-1]), [])
        value = [value] if isinstance(value, str) else value
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.error(path, f"“{path[-1]}” is not a list of texts.", 'For example ["", "null", "N/A"].')
        return tuple(value)

    def pairs(self, data: dict[str, Any], path: Path) -> tuple[tuple[str, str], ...]:
        """A table of texts under the path's last key."""
        value = data.get(str(path[-1]), {})
        if not isinstance(value, dict) or not all(isinstance(item, str) for item in value.values()):
            raise self.error(path, f"“{path[-1]}” is not a table of texts.", 'For example { "Reel" = "short_video" }.')
        return tuple(value.items())

    def one_of(self, data: dict[str, Any], path: Path, valid: Sequence[str], default: str) -> str:
        """One of some texts, under the path's last key."""
        value = self.string(data, path, default)
        if value not in valid:
            raise self.error(path, f"“{value}” is no {path[-1]}.", f"Valid: {', '.join(valid)}.")
        return value

    def _at(self, line: int, column: int, width: int, message: str, hint: str) -> MappingMalformed:
        lines = self.text.splitlines()
        excerpt = lines[line - 1] if line <= len(lines) else ""
        margin = f"{line:>4} | "
        caret = " " * (len(margin) + column - 1) + "^" * max(1, width)
        place = f"{self.file_name}:{line}:{column}"
        return MappingMalformed(f"{message}\n{margin}{excerpt}\n{caret}", hint, place)

    def _find(self, path: Path) -> tuple[int, int, int]:
        """Line, column (from 1) and width of the deepest part of `path` that is written down."""
        keys = [str(part) for part in path if isinstance(part, str)]
        number = next((part for part in path if isinstance(part, int)), 0)
        lines = self.text.splitlines()
        place = (1, 1, 1)
        start = self._header(keys[0], number) if keys else None
        if start is None:  # a key above all sections
            start = -1
        else:
            place = (start + 1, lines[start].index("[") + 1, len(lines[start].strip()))
            keys = keys[1:]
        if not keys:
            return place
        for index in range(start + 1, len(lines)):
            if _HEADER.match(lines[index]):
                break
            key = re.match(rf'\s*("?{re.escape(keys[0])}"?)\s*[=.]', lines[index])
            if key:
                return self._inner(index, key.start(1), key.end(1), keys[1:])
        return place

    def _header(self, section: str, number: int) -> int | None:
        """Index of the line that opens the section's block with that number."""
        seen = -1
        for index, line in enumerate(self.text.splitlines()):
            header = _HEADER.match(line)
            if header and header[1] == section:
                seen += 1
                if seen == number:
                    return index
        return None

    def _inner(self, index: int, start: int, end: int, keys: list[str]) -> tuple[int, int, int]:
        """The place of a key inside an inline table, else of the outer key."""
        line = self.text.splitlines()[index]
        for name in keys:
            inner = re.compile(rf'[{{,.]\s*("?{re.escape(name)}"?)\s*=').search(line, end)
            if inner is None:
                break
            start, end = inner.start(1), inner.end(1)
        return index + 1, start + 1, end - start
