"""Texts that a brand published, out of a file: one per paragraph, per line of JSON, or per row of a table."""

from __future__ import annotations

import csv
import io
import json
import re

from sillage.lib.errors import Malformed
from sillage.lib.text import without_controls

COLUMNS = ("text", "caption", "texte", "legende", "légende")
MOST_TEXTS = 20_000
MOST_BYTES = 10 * 1024 * 1024
MOST_CHARACTERS = 20_000  # of one text
_BLANK = re.compile(r"\n\s*\n")


class ArchiveMalformed(Malformed):
    """The file holds no texts, too many, or cannot be read."""

    title = "Malformed archive"


def texts_in(name: str, data: bytes) -> list[str]:
    """The texts of a file by its name: .csv and .jsonl with a column “text” or “caption”, else paragraphs; each once."""
    if len(data) > MOST_BYTES:
        raise ArchiveMalformed(f"{name} has more than 10 MB.", "Split it into several files.", name)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ArchiveMalformed(f"{name} is not UTF-8: byte {error.start}.", "Save it as UTF-8.", name) from error
    if name.lower().endswith(".csv"):
        found = _rows(name, text)
    elif name.lower().endswith((".jsonl", ".ndjson")):
        found = _lines(name, text)
    else:
        found = _BLANK.split(text.replace("\r\n", "\n"))
    kept = list(dict.fromkeys(clean for t in found if (clean := without_controls(t).strip()[:MOST_CHARACTERS])))
    if not kept:
        raise ArchiveMalformed(f"{name} holds no texts.", "Give one text per paragraph, or a column “text”.", name)
    if len(kept) > MOST_TEXTS:
        raise ArchiveMalformed(f"{name} holds {len(kept)} texts; up to {MOST_TEXTS} fit.", "Split the file.", name)
    return kept


def _rows(name: str, text: str) -> list[str]:
    delimiter = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    rows = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        header = [cell.strip().casefold() for cell in next(rows, [])]
        place = next((header.index(column) for column in COLUMNS if column in header), None)
        if place is None:
            raise ArchiveMalformed(f"{name} has no column “text”.", "Name the column “text” or “caption”.", f"{name}:1")
        return [row[place] for row in rows if len(row) > place]
    except csv.Error as error:
        raise ArchiveMalformed(
            f"{name} is no table: {error}.", "Export it again as CSV.", f"{name}:{rows.line_num}"
        ) from error


def _lines(name: str, text: str) -> list[str]:
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            given = json.loads(line)
        except json.JSONDecodeError as error:
            place = f"{name}:{number}:{error.colno}"
            raise ArchiveMalformed(
                f"Line {number} is no JSON: {error.msg}.", "Give one object per line.", place
            ) from error
        value = next((given[c] for c in COLUMNS if c in given), None) if isinstance(given, dict) else given
        if not isinstance(value, str):
            raise ArchiveMalformed(f"Line {number} has no “text”.", "Give {“text”: “…”} per line.", f"{name}:{number}")
        found.append(value)
    return found
