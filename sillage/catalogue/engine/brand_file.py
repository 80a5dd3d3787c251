"""A file of brands: CSV with the columns name, aliases, handles, hashtags and sector, of which only the name is needed.

Several in one cell stand apart by ";" or "|". Columns stand apart by comma, semicolon or tab, as the first line shows. The
text is UTF-8, or Windows-1252 as Excel saves it.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass

from sillage.catalogue.engine.brands import LISTS, BrandSaid, plain_brand
from sillage.lib.errors import Malformed, Refusal
from sillage.lib.sentences import Sentence

COLUMNS = ("name", *LISTS, "sector")
MOST_LINES = 5_000
_APART = re.compile(r"[;|]")


class BrandFileMalformed(Malformed):
    """The file is no table of brands."""

    title = "Malformed file of brands"


@dataclass(frozen=True, slots=True)
class BrandLine:
    """One line, at file:line: the brand in it, or why there is none."""

    place: str
    said: BrandSaid | Refusal


def read_brands(name: str, content: bytes) -> list[BrandLine]:
    """The lines of a file called `name`. Raises BrandFileMalformed where its first line names no such columns."""
    text = _text(name, content)
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
    try:
        columns = _columns(name, next(reader, []))
        lines = []
        for cells in reader:
            if any(cell.strip() for cell in cells):
                lines.append(_line(f"{name}:{reader.line_num}", dict(zip(columns, cells, strict=False))))
            if len(lines) > MOST_LINES:
                raise BrandFileMalformed(
                    Sentence("%(name)s has more than %(most)s brands.", name=name, most=MOST_LINES),
                    Sentence("Keep those that matter to you."),
                )
    except csv.Error as error:
        raise BrandFileMalformed(
            Sentence("%(name)s is no CSV that can be read.", name=name),
            Sentence("Save it as CSV again."),
            f"{name}:{reader.line_num}",
        ) from error
    if not lines:
        raise BrandFileMalformed(
            Sentence("%(name)s holds no brand.", name=name), Sentence("Write a line per brand."), f"{name}:1"
        )
    return lines


def _text(name: str, content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BrandFileMalformed(
        Sentence("%(name)s is neither UTF-8 nor Windows-1252.", name=name), Sentence("Save it as CSV in UTF-8.")
    )


def _columns(name: str, first: list[str]) -> list[str]:
    columns = [cell.strip().lower() for cell in first]
    unknown = [column for column in columns if column and column not in COLUMNS]
    if "name" not in columns or unknown:
        said = (
            Sentence("%(name)s has a column “%(column)s”, which is none of a brand.", name=name, column=unknown[0][:60])
            if unknown
            else Sentence("%(name)s has no column “name”.", name=name)
        )
        raise BrandFileMalformed(
            said, Sentence("The first line names the columns: %(columns)s.", columns=", ".join(COLUMNS)), f"{name}:1"
        )
    return columns


def _line(place: str, cells: dict[str, str]) -> BrandLine:
    several = {field: tuple(_APART.split(cells.get(field, ""))) for field in LISTS}
    try:
        return BrandLine(
            place, plain_brand(BrandSaid(cells.get("name", ""), **several, sector=cells.get("sector", "")))
        )
    except Malformed as refusal:
        return BrandLine(place, refusal)
