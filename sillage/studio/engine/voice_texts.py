"""Texts that come in for a voice: pasted, from a file, or shipped to compare with."""

from __future__ import annotations

import csv
import io
import json
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import resources

from sillage.lib.errors import Malformed
from sillage.lib.sentences import Sentence
from sillage.lib.text import without_controls

SHORTEST, LONGEST = 10, 10_000  # characters of a text
MOST_TEXTS = 2_000  # of a voice
FEWEST_SHIPPED = 30  # below which texts of all languages are the ground
COLUMNS = ("text", "caption", "body", "message", "texte", "légende")
ENDINGS = (".txt", ".md", ".csv", ".jsonl", ".ndjson")
_RULE = re.compile(r"^\s*-{3,}\s*$", re.MULTILINE)
_BLANK = re.compile(r"\n[ \t]*\n\s*")
_OWN = "sillage.understanding.gold"


class VoiceTextsMalformed(Malformed):
    """A file of texts cannot be read."""


def pasted(text: str) -> list[str]:
    """Several texts: parted by lines of three dashes where there are any, else by blank lines. Those too short are left out."""
    clean = without_controls(text.replace("\r\n", "\n"))
    return _kept((_RULE if _RULE.search(clean) else _BLANK).split(clean))


def texts_of_file(name: str, content: str) -> list[str]:
    """The texts of a .txt, .csv (a column “text”, or the only one) or .jsonl (a key “text”, or strings). Raises Malformed."""
    ending = f".{name.rpartition('.')[2].lower()}" if "." in name else ""
    if ending not in ENDINGS:
        raise VoiceTextsMalformed(
            Sentence("%(name)s is no file of texts.", name=name),
            Sentence("Give one of %(endings)s.", endings=", ".join(ENDINGS)),
            name,
        )
    if ending == ".csv":
        return _kept(_of_csv(name, content))
    return _kept(_of_jsonl(name, content)) if ending in (".jsonl", ".ndjson") else pasted(content)


def _kept(texts: Iterator[str] | list[str]) -> list[str]:
    clean = (without_controls(text).strip() for text in texts)
    return list(dict.fromkeys(text[:LONGEST] for text in clean if len(text) >= SHORTEST))


def _of_csv(name: str, content: str) -> Iterator[str]:
    try:
        rows = list(csv.reader(io.StringIO(content.removeprefix("\ufeff")), strict=True))
    except csv.Error as error:
        raise VoiceTextsMalformed(
            Sentence("%(name)s is not CSV: %(error)s.", name=name, error=error),
            Sentence("Save it as CSV in UTF-8."),
            f"{name}:1:1",
        ) from error
    header = [cell.strip().casefold() for cell in rows[0]] if rows else []
    at = next((header.index(column) for column in COLUMNS if column in header), None)
    if at is None and len(header) != 1:
        raise VoiceTextsMalformed(
            Sentence("%(name)s has no column “text”.", name=name),
            Sentence("Name the column of the texts “text”."),
            f"{name}:1:1",
        )
    for row in rows[1:] if at is not None else rows:
        if len(row) > (at or 0):
            yield row[at or 0]


def _of_jsonl(name: str, content: str) -> Iterator[str]:
    for number, line in enumerate(content.splitlines(), 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except json.JSONDecodeError as error:
            raise VoiceTextsMalformed(
                Sentence("Line %(number)s of %(name)s is not JSON.", number=number, name=name),
                Sentence("Write one object a line."),
                f"{name}:{number}:{error.colno}",
            ) from error
        text = value.get("text") if isinstance(value, dict) else value
        if not isinstance(text, str):
            raise VoiceTextsMalformed(
                Sentence("Line %(number)s of %(name)s has no “text”.", number=number, name=name),
                Sentence('Write {"text": "…"}.'),
                f"{name}:{number}:1",
            )
        yield text


@cache
def shipped_ground(language: str) -> tuple[str, ...]:
    """Invented posts that ship with Sillage (understanding/gold): of the language, or of all five where it has few."""
    read = tomllib.loads(resources.files(_OWN).joinpath("themes.toml").read_text(encoding="utf8"))["post"]
    own = tuple(post["text"] for post in read if post["language"] == language)
    return own if len(own) >= FEWEST_SHIPPED else tuple(post["text"] for post in read)
