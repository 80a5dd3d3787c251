"""A law pack's text: every mistake is told with file:line:column, a caret and what would have been valid."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sillage.lib.errors import Malformed
from sillage.lib.sentences import Sentence
from sillage.lib.toml import read_toml, syntax_error_of
from sillage.lib.toml_places import Path, excerpt, line_and_column, places_of


class LawPackMalformed(Malformed):
    """A law pack cannot be used: file:line:column, a caret, and what would have been valid."""

    title = "Malformed law pack"


class LawText:
    """The text of a pack's file, parsed, with the places of its keys and values."""

    def __init__(self, text: str, file_name: str) -> None:
        self.text, self.file_name = text, file_name
        try:
            self.data: dict[str, Any] = read_toml(text)
        except tomllib.TOMLDecodeError as error:
            line, column, reason = syntax_error_of(error, text)
            raise self._at(line, column, 1, f"This is not TOML: {reason}.", "See https://toml.io.") from error
        self._places = places_of(text)

    def error(self, path: Path, message: str, hint: str, *, of_value: bool = False) -> LawPackMalformed:
        """An error about the key at a path, or about its value. A path that is not written points at what is around it."""
        known = path
        while known and known not in self._places:
            known = known[:-1]
        span = self._places.get(known)
        if span is None:
            return self._at(1, 1, 1, message, hint)
        start, end = span.value if of_value and known == path else span.key
        line, column = line_and_column(self.text, start)
        width = len(self.text[start:end].splitlines()[0]) if end > start else 1
        return self._at(line, column, width, message, hint)

    def _at(self, line: int, column: int, width: int, message: str, hint: str) -> LawPackMalformed:
        place = f"{self.file_name}:{line}:{column}"
        return LawPackMalformed(
            Sentence("%(message)s\n%(excerpt)s", message=message, excerpt=excerpt(self.text, line, column, width)),
            hint,
            place,
        )

    # -- reading one key --

    def only(
        self, path: Path, data: Mapping[str, Any], known: Iterable[str], needed: Iterable[str], where: str
    ) -> None:
        """Refuse a key that means nothing here, and one that is missing."""
        valid = sorted(known)
        for key in data:
            if key not in valid:
                near = difflib.get_close_matches(key, valid, n=1)
                hint = f"Did you mean “{near[0]}”? " if near else ""
                hint += f"Valid: {', '.join(valid)}." if valid else "Leave it out."
                raise self.error((*path, key), f"“{key}” means nothing in {where}.", hint)
        for key in needed:
            if key not in data:
                raise self.error(path, f"{where[0].upper()}{where[1:]} has no “{key}”.", _example(key))

    def words(self, path: Path, data: Mapping[str, Any], default: str | None = None) -> str:
        """A text that says something."""
        value = data.get(str(path[-1]), default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise self.error(path, f"“{path[-1]}” is no text.", _example(str(path[-1])), of_value=True)
        return value

    def many(self, path: Path, data: Mapping[str, Any]) -> tuple[str, ...]:
        """A list of texts."""
        value = data.get(str(path[-1]), [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            hint = f'Write {path[-1]} = ["…", "…"].'
            raise self.error(path, f"“{path[-1]}” is not a list of texts.", hint, of_value=True)
        return tuple(value)

    def one_of(self, path: Path, value: Any, valid: Sequence[str], what: str) -> str:
        if value not in valid:
            near = difflib.get_close_matches(str(value), valid, n=1)
            hint = f"Did you mean “{near[0]}”? " if near else ""
            hint += f"Valid: {', '.join(valid)}."
            raise self.error(path, f"“{value}” is no {what}.", hint, of_value=True)
        return str(value)

    def each_of(self, path: Path, data: Mapping[str, Any], valid: Sequence[str], what: str) -> tuple[str, ...]:
        values = self.many(path, data)
        return tuple(self.one_of((*path, n), value, valid, what) for n, value in enumerate(values))

    def day(self, path: Path, data: Mapping[str, Any]) -> date | None:
        value = data.get(str(path[-1]))
        if value is not None and type(value) is not date:
            hint = f"Write it without quotes: {path[-1]} = 2026-01-01."
            raise self.error(path, f"“{path[-1]}” is not a day.", hint, of_value=True)
        return value

    def flag(self, path: Path, data: Mapping[str, Any]) -> bool:
        value = data.get(str(path[-1]), False)
        if not isinstance(value, bool):
            raise self.error(path, f"“{path[-1]}” is not true or false.", f"Write {path[-1]} = true.", of_value=True)
        return value

    def number(self, path: Path, data: Mapping[str, Any]) -> int | float:
        value = data.get(str(path[-1]))
        if not isinstance(value, int | float) or isinstance(value, bool):
            hint = f"Write it without quotes: {path[-1]} = 1000."
            raise self.error(path, f"“{path[-1]}” is not a number.", hint, of_value=True)
        return value

    def table(self, path: Path, data: Mapping[str, Any]) -> dict[str, Any]:
        value = data.get(str(path[-1]), {})
        if not isinstance(value, dict):
            raise self.error(path, f"“{path[-1]}” is not a table.", f"Write {path[-1]} = {{ … }}.", of_value=True)
        return value

    def tables(self, path: Path, data: Mapping[str, Any]) -> list[dict[str, Any]]:
        value = data.get(str(path[-1]), [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.error(path, f"“{path[-1]}” is not a list of tables.", f"Write [[{path[-1]}]] above each.")
        return value

    def both(self, path: Path, data: Mapping[str, Any]) -> Mapping[str, str]:
        """A text in English and in French."""
        value = self.table(path, data)
        for language in ("en", "fr"):
            if not isinstance(value.get(language), str) or not value[language].strip():
                hint = f'Write {path[-1]} = {{ en = "…", fr = "…" }}.'
                raise self.error(path, f"“{path[-1]}” is not said in English and in French.", hint, of_value=True)
        self.only(path, value, ("en", "fr"), (), f"“{path[-1]}”")
        return value

    def once(self, section: str, names: Sequence[str], key: str, what: str) -> None:
        """Refuse what stands twice, at its second place."""
        seen: set[str] = set()
        for number, name in enumerate(names):
            if name in seen:
                raise self.error(
                    (section, number, key), f"The {what} “{name}” stands twice.", "Keep one.", of_value=True
                )
            seen.add(name)


_EXAMPLES = {
    "pack": 'Write pack = "fr".',
    "version": 'Write version = "2026.1".',
    "name": 'Write name = { en = "France", fr = "France" }.',
    "title": 'Write title = { en = "…", fr = "…" }.',
    "languages": 'Write languages = ["fr"].',
    "alone": 'Write alone = "review": what the network’s own label is worth by itself.',
    "checks": 'Write checks = ["label"]; `sillage law packs` has examples.',
    "binds": 'Write binds = ["influencer"].',
    "effective_on": "Write effective_on = 2026-01-01, the day from which it applies.",
    "source": 'Write source = "https://…", where it is written.',
    "severity": 'Write severity = "block", "warn" or "info".',
    "confidence": 'Write confidence = "P" (official text read), "S" (secondary source) or "U" (not verified).',
    "rule": "Write [[rule]] above each rule.",
    "id": 'Write id = "FR-DISC-01".',
}


def _example(key: str) -> str:
    return _EXAMPLES.get(key, f'Write {key} = "…".')
