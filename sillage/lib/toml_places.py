"""Where keys and values stand in a TOML text that tomllib has read, and an excerpt with a caret below the place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

Path = tuple[str | int, ...]
_KEY = re.compile(r"""\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([A-Za-z0-9_-]+))\s*""")
_STRING = re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'', re.DOTALL)
_BARE = re.compile(r"[^,\]}#\n]+")
_BLANK = re.compile(r"(?:\s|#[^\n]*)*")


@dataclass(frozen=True, slots=True)
class Span:
    """Offsets in the text: of a key (or a section's head), and of its value."""

    key: tuple[int, int]
    value: tuple[int, int]


def places_of(text: str) -> Mapping[Path, Span]:
    """{path: span} for every key, element and section: ("rule", 2, "severity"). The text must be TOML."""
    return _Scanner(text).run()


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Both from 1."""
    return text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1) + 1


def excerpt(text: str, line: int, column: int, width: int) -> str:
    """The line with its number, and a caret below what is meant."""
    lines = text.splitlines()
    shown = lines[line - 1] if line <= len(lines) else ""
    margin = f"{line:>4} | "
    return f"{margin}{shown}\n{' ' * (len(margin) + column - 1)}{'^' * max(1, width)}"


class _Scanner:
    """One pass from left to right. What tomllib refuses has been refused before."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._found: dict[Path, Span] = {}
        self._counts: dict[Path, int] = {}

    def run(self) -> Mapping[Path, Span]:
        section: Path = ()
        self._skip()
        while self._at < len(self._text):
            if self._text[self._at] == "[":
                section = self._header()
            else:
                self._pair(section)
            self._skip()
        return self._found

    def _skip(self) -> None:
        match = _BLANK.match(self._text, self._at)
        self._at = match.end() if match else self._at

    def _keys(self) -> list[str]:
        names = []
        while match := _KEY.match(self._text, self._at):
            names.append(next(group for group in match.groups() if group is not None))
            self._at = match.end()
            if self._text[self._at : self._at + 1] != ".":
                break
            self._at += 1
        return names

    def _header(self) -> Path:
        start = self._at
        is_array = self._text.startswith("[[", start)
        self._at += 2 if is_array else 1
        *outer, last = self._keys()
        self._at += 2 if is_array else 1
        path: Path = ()
        for name in outer:
            path = (*path, name)
            path = (*path, self._counts[path] - 1) if path in self._counts else path
        path = (*path, last)
        span = Span((start, self._at), (start, self._at))
        self._found.setdefault(path, span)
        if is_array:
            number = self._counts.get(path, 0)
            self._counts[path] = number + 1
            path = (*path, number)
            self._found[path] = span
        return path

    def _pair(self, section: Path) -> None:
        start = self._at
        names = self._keys()
        end = start + len(self._text[start : self._at].rstrip())
        self._at += 1  # "="
        self._skip()
        path = (*section, *names)
        value = self._value(path)
        for depth in range(1, len(names)):
            self._found.setdefault((*section, *names[:depth]), Span((start, end), value))
        self._found[path] = Span((start, end), value)

    def _value(self, path: Path) -> tuple[int, int]:
        start = self._at
        opening = self._text[start]
        if opening in "[{":
            self._several(path, "]" if opening == "[" else "}")
        else:
            match = (_STRING if opening in "\"'" else _BARE).match(self._text, start)
            self._at = start + len(match[0].rstrip()) if match else start + 1
        return start, self._at

    def _several(self, path: Path, closing: str) -> None:
        self._at += 1
        number = 0
        self._skip()
        while self._text[self._at] != closing:
            if closing == "}":
                self._pair(path)
            else:
                span = self._value((*path, number))
                self._found[(*path, number)] = Span(span, span)
                number += 1
            self._skip()
            if self._text[self._at] == ",":
                self._at += 1
                self._skip()
        self._at += 1
