"""Texts that a brand published, out of a file: one per paragraph, per line of JSON, or per row of a table."""

from __future__ import annotations

import csv
import io
import json
import re

from sillage.lib.errors import Malformed
from sillage.lib.sentences import Grouped, Sentence
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
        raise ArchiveMalformed(
            Sentence("%(name)s has more than 10 MB.", name=name), Sentence("Split it into several files."), name
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ArchiveMalformed(
            Sentence("%(name)s is not UTF-8: byte %(error_start)s.", name=name, error_start=error.start),
            Sentence("Save it as UTF-8."),
            name,
        ) from error
    if name.lower().endswith(".csv"):
        found = _rows(name, text)
    elif name.lower().endswith((".jsonl", ".ndjson")):
        found = _lines(name, text)
    else:
        found = _BLANK.split(text.replace("\r\n", "\n"))
    kept = list(dict.fromkeys(clean for t in found if (clean := without_controls(t).strip()[:MOST_CHARACTERS])))
    if not kept:
        raise ArchiveMalformed(
            Sentence("%(name)s holds no texts.", name=name),
            Sentence("Give one text per paragraph, or a column “text”."),
            name,
        )
    if len(kept) > MOST_TEXTS:
        raise ArchiveMalformed(
            Sentence(
                "%(name)s holds %(kept_count)s texts; up to %(most_texts)s fit.",
                name=name,
                kept_count=Grouped(len(kept)),
                most_texts=Grouped(MOST_TEXTS),
            ),
            Sentence("Split the file."),
            name,
        )
    return kept


def _rows(name: str, text: str) -> list[str]:
    delimiter = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    rows = csv.reader(io.StringIO(text), delimiter=delimiter)
    try:
        header = [cell.strip().casefold() for cell in next(rows, [])]
        place = next((header.index(column) for column in COLUMNS if column in header), None)
        if place is None:
            raise ArchiveMalformed(
                Sentence("%(name)s has no column “text”.", name=name),
                Sentence("Name the column “text” or “caption”."),
                f"{name}:1",
            )
        return [row[place] for row in rows if len(row) > place]
    except csv.Error as error:
        raise ArchiveMalformed(
            Sentence("%(name)s is no table: %(error)s.", name=name, error=error),
            Sentence("Export it again as CSV."),
            f"{name}:{rows.line_num}",
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
                Sentence("Line %(number)s is no JSON: %(error)s.", number=number, error=error.msg),
                Sentence("Give one object per line."),
                place,
            ) from error
        value = next((given[c] for c in COLUMNS if c in given), None) if isinstance(given, dict) else given
        if not isinstance(value, str):
            raise ArchiveMalformed(
                Sentence("Line %(number)s has no “text”.", number=number),
                Sentence("Give {“text”: “…”} per line."),
                f"{name}:{number}",
            )
        found.append(value)
    return found
