"""Taxonomies in the IAB Tech Lab's own TSV files, the cross-walks between their versions, and proposals where none is.

Layouts read (https://github.com/InteractiveAdvertisingBureau/Taxonomies): “Unique ID, Parent, Name, Tier 1, ...” of the
relational files, with or without a line of titles above; “IAB Code, Tier, IAB Category” of Content Taxonomy 1.0; and
mappings with two columns that end in “Unique ID”.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sillage.lib.errors import Malformed
from sillage.lib.sentences import Listed, Sentence, either

MOST_CODE, MOST_NAME = 40, 200
_DEEPEST = 12


class TaxonomyMalformed(Malformed):
    """A taxonomy or a cross-walk cannot be read: it names file, line and column."""

    title = "Malformed taxonomy"


@dataclass(frozen=True, slots=True)
class Category:
    """`path` holds the names from the top, its own last; `parent` is "" at the top."""

    code: str
    parent: str
    name: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a TSV file: its number, and its cells by the name of their column."""

    line: int
    cells: Mapping[str, str]
    columns: Mapping[str, int]


def taxonomy_of(file: str, content: str) -> list[Category]:
    """The categories of a file, in its order. Raises TaxonomyMalformed with file:line:column."""
    rows = list(_rows(file, content, (("unique id", "name"), ("iab code", "iab category"))))
    if not rows:
        raise TaxonomyMalformed(
            Sentence("%(file)s holds no category.", file=file),
            Sentence("Give the file as the IAB publishes it."),
            f"{file}:1:1",
        )
    old = "iab code" in rows[0].columns
    code, name = ("iab code", "iab category") if old else ("unique id", "name")
    found: dict[str, tuple[Row, str, str]] = {}
    for row in rows:
        key = row.cells[code]
        _refuse_unusable(file, row, code, key, MOST_CODE)
        _refuse_unusable(file, row, name, row.cells[name], MOST_NAME)
        if key in found:
            raise TaxonomyMalformed(
                Sentence("The code “%(key)s” stands in line %(line)s already.", key=key, line=found[key][0].line),
                Sentence("Keep one."),
                _place(file, row, code),
            )
        parent = key.rpartition("-")[0] if old else row.cells.get("parent", "")
        found[key] = row, parent, row.cells[name]
    return [Category(key, parent, name, _path(file, key, found)) for key, (_, parent, name) in found.items()]


def crosswalk_of(file: str, content: str) -> list[tuple[str, str]]:
    """(code, code in the other version), in the file's order. Lines that map to nothing are left out."""
    pairs: dict[tuple[str, str], None] = {}
    for row in _rows(file, content, (("unique id",),)):
        ids = [column for column in row.columns if column.endswith("unique id")]
        if len(ids) != 2:
            raise TaxonomyMalformed(
                Sentence("%(file)s has %(ids_count)s columns that end in “Unique ID”.", file=file, ids_count=len(ids)),
                Sentence("A cross-walk has two: of the version it comes from and of the one it goes to."),
                f"{file}:1:1",
            )
        source, target = row.cells[ids[0]], row.cells[ids[1]]
        if not source:
            raise TaxonomyMalformed(
                Sentence("A line maps from no code."), Sentence("Fill in the first id."), _place(file, row, ids[0])
            )
        if target:
            pairs[source, target] = None
    return list(pairs)


def targets_of(file: str, content: str) -> list[Category]:
    """The categories that a cross-walk names on its right side, as far as it tells: code, parent, name and path."""
    found: dict[str, Category] = {}
    for row in _rows(file, content, (("unique id",),)):
        ids = [column for column in row.columns if column.endswith("unique id")]
        prefix = ids[-1].removesuffix("unique id")
        tiers = [row.cells.get(f"{prefix}tier {n}", "") for n in (1, 2, 3, 4)]
        path = tuple(tier for tier in tiers if tier)
        code = row.cells[ids[-1]]
        if code and path:
            found[code] = Category(code, row.cells.get(f"{prefix}parent", ""), path[-1], path)
    return list(found.values())


def _rows(file: str, content: str, wanted: Sequence[Sequence[str]]) -> Iterator[Row]:
    """The lines below the first one that has the wanted columns; a wanted name may be the end of a column's."""
    lines = content.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}").splitlines()
    start = next((n for n, line in enumerate(lines[:5]) if _is_header(line, wanted)), None)
    if start is None:
        names = either(Listed(Sentence("“%(words)s”", words=name) for name in names) for names in wanted)
        raise TaxonomyMalformed(
            Sentence("%(file)s has no line that names the columns %(names)s.", file=file, names=names),
            Sentence("Give the TSV file as published."),
            f"{file}:1:1",
        )
    header = [cell.strip().lower() for cell in lines[start].split("\t")]
    columns = {name: place for place, name in enumerate(header) if name}
    for number, line in enumerate(lines[start + 1 :], start + 2):
        cells = [cell.strip() for cell in line.split("\t")]
        if not any(cells):
            continue
        if len(cells) < max(2, len(header) - 6):
            raise TaxonomyMalformed(
                Sentence(
                    "This line has %(cells_count)s cells, the first %(header_count)s.",
                    cells_count=len(cells),
                    header_count=len(header),
                ),
                Sentence("Cells stand apart by tabs."),
                f"{file}:{number}:1",
            )
        padded = cells + [""] * (len(header) - len(cells))
        yield Row(number, {name: padded[place] for name, place in columns.items()}, columns)


def _is_header(line: str, wanted: Sequence[Sequence[str]]) -> bool:
    cells = [cell.strip().lower() for cell in line.split("\t")]
    return any(all(any(cell.endswith(name) for cell in cells) for name in names) for names in wanted)


def _refuse_unusable(file: str, row: Row, column: str, value: str, most: int) -> None:
    if not value or len(value) > most:
        raise TaxonomyMalformed(
            Sentence("The column “%(column)s” is empty.", column=column)
            if not value
            else Sentence("“%(value)s…” is longer than %(most)s characters.", value=value[:30], most=most),
            Sentence("Correct the line."),
            _place(file, row, column),
        )


def _path(file: str, code: str, found: Mapping[str, tuple[Row, str, str]]) -> tuple[str, ...]:
    names: list[str] = []
    at = code
    while at:
        if at not in found or len(names) == _DEEPEST:
            row = found[code][0]
            raise TaxonomyMalformed(
                Sentence("“%(code)s” has no way up to the top: it goes in a circle.", code=code)
                if at in found
                else Sentence("“%(code)s” has no way up to the top: no “%(parent)s”.", code=code, parent=at),
                Sentence("Correct its parent."),
                _place(file, row, "parent" if "parent" in row.columns else "iab code"),
            )
        _, parent, name = found[at]
        names.append(name)
        at = parent
    return tuple(reversed(names))


def _place(file: str, row: Row, column: str) -> str:
    """file:line:column, the column counted in cells, as a spreadsheet shows them."""
    return f"{file}:{row.line}:{row.columns[column] + 1}"


_JOINS = re.compile(r"[&/,()]|\band\b|\bor\b|\bthe\b|\bof\b", re.IGNORECASE)


def spelled(name: str) -> str:
    """A name as names are compared: small letters, without the words and signs that only join."""
    return " ".join(_JOINS.sub(" ", name).lower().split())
