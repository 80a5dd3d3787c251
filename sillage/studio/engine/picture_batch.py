"""A table of values, one picture per row: read, checked row by row, and put out with a manifest. Nothing here keeps it."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from sillage.lib.errors import Malformed
from sillage.lib.sentences import Decimals, Grouped, Sentence
from sillage.lib.text import without_controls
from sillage.studio.engine.svg_template import Template

MOST_ROWS = 10_000
MOST_TABLE = 8_000_000  # bytes
PORTION = 20  # rows of a part: some seconds of work, which a killed process does again
MOST_FAULTS = 500
FILE_COLUMN = "file"  # how the row's picture is called, where the table says so
FIXED = (1980, 1, 1, 0, 0, 0)  # what a ZIP's entries are dated: the same pictures give the same file


class TableMalformed(Malformed):
    """A table is CSV with a column per variable; `place` is file:line:column where there is one."""

    title = "Malformed table"


class BatchState(StrEnum):
    WAITING = "waiting"
    MAKING = "making"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Statement:
    """What was true of the template when pictures were made of it, so that each keeps its history."""

    template: str
    version: int
    source: str  # engine/digital_source.py: Source
    made_by: Mapping[str, Any]  # who drew the template: engine/origins.py, MadeBy
    elements: str
    alt: str
    alt_confirmed: bool
    words_by_model: bool
    ingredients: int = 0  # files with credentials that went into it

    def kept(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Statement:
        """From `kept`."""
        return cls(**kept)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row gave no picture. It names the variable, never the value."""

    row: int
    variable: str
    said: str
    do: str = ""


def read_table(data: bytes, name: str, template: Template) -> list[dict[str, str]]:
    """Rows of a CSV (comma, semicolon or tab; UTF-8, or Windows-1252). Raises TableMalformed, which names a missing column."""
    if len(data) > MOST_TABLE:
        raise TableMalformed(
            Sentence("The table has %(data_count)s MB.", data_count=Decimals(len(data) / 1e6)),
            Sentence("Up to %(most_table)s MB.", most_table=f"{MOST_TABLE / 1000000.0:.0f}"),
            name,
        )
    text = without_controls(_decoded(data).lstrip("\ufeff"))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        lines = [line for line in reader if any(cell.strip() for cell in line)]
    except csv.Error as error:
        place = f"{name}:{reader.line_num}:1"
        raise TableMalformed(
            Sentence("The table is not CSV: %(error)s.", error=error), Sentence("Save it as CSV (UTF-8)."), place
        ) from error
    if len(lines) < 2:
        raise TableMalformed(
            Sentence("The table has no rows."), Sentence("Give one line of names, then one per picture."), f"{name}:1:1"
        )
    columns = _columns(lines[0], name, template)
    if len(lines) - 1 > MOST_ROWS:
        raise TableMalformed(
            Sentence("The table has %(lines_count)s rows.", lines_count=Grouped(len(lines) - 1)),
            Sentence("Up to %(most_rows)s at once.", most_rows=Grouped(MOST_ROWS)),
            name,
        )
    return [dict(zip(columns, (*line, *[""] * len(columns)), strict=False)) for line in lines[1:]]


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _delimiter(text: str) -> str:
    head = text.split("\n", 1)[0]
    return max(",;\t", key=head.count)


def _columns(given: Sequence[str], name: str, template: Template) -> list[str]:
    columns = [cell.strip().casefold().replace(" ", "_") for cell in given]
    known = {variable.name for variable in template.variables}
    for at, column in enumerate(columns):
        if column in columns[:at]:
            raise TableMalformed(
                Sentence("Two columns are called “%(column)s”.", column=column),
                Sentence("Give each its own name."),
                f"{name}:1:{at + 1}",
            )
    missing = [one.name for one in template.variables if one.default is None and one.name not in columns]
    if missing:
        has = ", ".join(column for column in columns if column)
        raise TableMalformed(
            Sentence("The table has no column “%(missing)s”.", missing=missing[0]),
            Sentence("Its columns are: %(has)s.", has=has) if has else Sentence("None of its columns has a name."),
            f"{name}:1:1",
        )
    return [column if column in known or column == FILE_COLUMN else "" for column in columns]


def values_of(row: Mapping[str, str]) -> dict[str, str]:
    """What of a row is filled in: empty cells are missing."""
    return {name: cell for name, cell in row.items() if name and name != FILE_COLUMN and cell.strip()}


def file_names(rows: Sequence[Mapping[str, str]], template: str) -> list[str]:
    """A name per row, each once: the column “file”, else the template's name; always with the row's number."""
    stem = _plain(template) or "picture"
    digits = len(str(len(rows)))
    return [f"{_plain(row.get(FILE_COLUMN, '')) or stem}-{number:0{digits}d}.png" for number, row in enumerate(rows, 1)]


def _plain(name: str) -> str:
    flat = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "-", flat).strip("-").lower()[:60]


def part_of(pictures: Iterable[tuple[str, bytes]]) -> bytes:
    """Pictures in one ZIP, not packed again."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name, data in pictures:
            archive.writestr(zipfile.ZipInfo(name, FIXED), data)
    return made.getvalue()


def manifest(statement: Statement, pictures: Sequence[Mapping[str, Any]], faults: Sequence[Mapping[str, Any]]) -> bytes:
    """manifest.json of a batch: every file with hash and alt text, every row without one, and where it comes from."""
    told = {
        "template": {"name": statement.template, "version": statement.version, "drawn_by": dict(statement.made_by)},
        "digital_source_type": statement.source,
        "alt_text": "confirmed by a person" if statement.alt_confirmed else "proposed by a rule, not confirmed",
        "pictures": list(pictures),
        "faults": list(faults),
        "note": "Holds personal data: keep it no longer than it is needed.",
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode()
