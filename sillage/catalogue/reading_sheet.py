"""Reads the rows of one sheet of a workbook (.xlsx) as they stream by: formulas as their stored values, days as days."""

from __future__ import annotations

import json
import warnings
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any
from weakref import finalize

from sillage.catalogue.engine.cells import error_cell, number_of
from sillage.catalogue.engine.mapping import Mapping
from sillage.catalogue.reading import CHUNK_ROWS, Chunk, FileEmpty, FileUnreadable, open_seekable
from sillage.catalogue.workbook import LAST_ROW, Damaged, reading, refuse_damaged
from sillage.lib.late import escape, openpyxl
from sillage.lib.sentences import Listed, Sentence

MOST_COLUMNS = 1_000  # openpyxl fills every row up to the last
Cells = dict[int, Any]  # by column, from 1
Sheet = Any  # of openpyxl, read-only

warnings.filterwarnings("ignore", module=r"openpyxl\.")  # of what it would not write back


@dataclass(frozen=True, slots=True)
class SheetPlaces:
    """Where the rows of a chunk stand. `at` is the number of a named column."""

    at: dict[str, int]
    lines: list[int]
    columns: dict[str, list[Any]]

    def place(self, index: int, column: str | None) -> tuple[int, int]:
        return self.lines[index], self.at.get(column or "", 1)

    def raw(self, index: int) -> str:
        row = {name: values[index] for name, values in self.columns.items()}
        return json.dumps(row, ensure_ascii=False, default=str)


class SheetFile:
    """A sheet whose first row that holds anything names the columns, unless the mapping does."""

    def __init__(self, path: Path, mapping: Mapping) -> None:
        self._path = path
        stream = open_seekable(path)
        finalize(self, stream.close)  # rows and other sheets are read from it for as long as this lives
        refuse_damaged(stream, path)
        with reading(path):
            book = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
            self._sheets: list[Sheet] = book.worksheets
            if not self._sheets:
                raise Damaged(Sentence("it holds no sheets"))
        self._sheet = self._chosen(mapping.source.sheet)
        self.sheet: str = self._sheet.title
        self._told = self._sheet.max_row  # by the workbook, which may be mistaken
        self._heading, titles = (0, {}) if mapping.source.columns else self._titles()
        written = mapping.source.columns or [
            str(titles.get(at, "")).strip() for at in range(1, max(titles, default=0) + 1)
        ]
        self.names = tuple(name for name in written if name)
        self._last = len(written)  # column whose cells count
        self._at: dict[str, int] = {}
        for at, name in enumerate(written, 1):
            if name:
                self._at.setdefault(name, at)
        if not self.names:
            raise FileEmpty(
                Sentence("The sheet “%(sheet)s” of %(path)s names no columns.", sheet=self.sheet, path=path.name),
                Sentence("Its first row must name them; name another sheet if the rows stand there."),
                f"{path.name}:1:1",
            )
        if self._last > MOST_COLUMNS:
            raise FileUnreadable(
                Sentence("The sheet “%(sheet)s” of %(path)s is too wide.", sheet=self.sheet, path=path.name),
                Sentence("Up to %(most)s columns are read: delete what stands beside the table.", most=MOST_COLUMNS),
                f"{path.name}:1:1",
            )

    def _titles(self) -> tuple[int, Cells]:
        with reading(self._path), closing(_filled_rows(self._sheet)) as rows:
            line, cells = next(rows, (0, {}))
            return line, {at: _held(cell) for at, cell in cells.items()}

    def _chosen(self, name: str) -> Sheet:
        if not name:
            return next((sheet for sheet in self._sheets if sheet.sheet_state == "visible"), self._sheets[0])
        found = next((sheet for sheet in self._sheets if sheet.title.casefold() == name.strip().casefold()), None)
        if found is None:
            raise FileUnreadable(
                Sentence("%(path)s has no sheet “%(sheet)s”.", path=self._path.name, sheet=name),
                Sentence("Sheets there are: %(names)s.", names=Listed(sheet.title for sheet in self._sheets)),
                self._path.name,
            )
        return found

    def others(self) -> tuple[str, ...]:
        """The other sheets that people see and that hold something."""
        found = []
        for sheet in self._sheets:
            if sheet is not self._sheet and sheet.sheet_state == "visible":
                with reading(self._path), closing(_filled_rows(sheet)) as rows:
                    found += [sheet.title] if next(rows, None) else []
        return tuple(found)

    def chunks(self, wanted: tuple[str, ...], skip: int) -> Iterator[Chunk]:
        """See `TableFile`. Rows without anything below the header are nobody's."""
        names = [name for name in wanted if name in self._at]
        named = set(self._at.values())
        with reading(self._path), closing(_filled_rows(self._sheet, self._last)) as every:
            below = ((line, cells) for line, cells in every if line > self._heading and not named.isdisjoint(cells))
            found = islice(below, skip, None)
            while taken := list(islice(found, CHUNK_ROWS)):
                columns = {name: [_held(cells.get(self._at[name])) for _, cells in taken] for name in names}
                lines = [line for line, _ in taken]
                share = min(1.0, lines[-1] / self._told) if self._told and len(taken) == CHUNK_ROWS else 1.0
                yield Chunk(
                    columns, len(taken), len(taken), share, SheetPlaces(self._at, lines, columns), sheet=self.sheet
                )


def _filled_rows(sheet: Sheet, last: int | None = None) -> Generator[tuple[int, Cells]]:
    """Number and cells of each row that holds something, up to a column."""
    sheet.reset_dimensions()
    for line, row in enumerate(sheet.iter_rows(max_row=LAST_ROW, max_col=last), 1):
        cells = {at: cell for at, cell in enumerate(row, 1) if cell.value not in (None, "")}
        if cells:
            yield line, cells


def _held(cell: Any) -> Any:
    """What stands in a cell: a text, a number, a day; or why its value cannot be trusted."""
    value = None if cell is None else cell.value
    if value is None:
        return ""
    if isinstance(value, str):
        return error_cell(value) if cell.data_type == "e" else escape.unescape(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number_of(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime.combine(value, time())
    return value
