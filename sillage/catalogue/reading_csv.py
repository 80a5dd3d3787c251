"""Reads CSV: rows may span lines inside quotes; a row with a defect is set aside alone."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path

from sillage.catalogue.engine.mapping import Mapping, Source
from sillage.catalogue.reading import (
    CHUNK_ROWS,
    RAW_LIMIT,
    RECORD_LIMIT,
    Chunk,
    FileEmpty,
    FileUnreadable,
    Reject,
    open_text,
)
from sillage.lib.sentences import Sentence


class _RowTooLong(Exception):
    """A row, or the quote that it opens, goes on beyond the limit."""


class _Lines:
    """The file's physical lines. `taken` are those of the row that is being read; they can be given back."""

    def __init__(self, text: TextIOWrapper) -> None:
        self._text = text
        self._again: deque[str] = deque()
        self.taken: list[str] = []
        self.first = 1  # number of the first taken line
        self._length = 0  # of what is taken, in characters

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else self._text.readline(RECORD_LIMIT)
        if not line:
            raise StopIteration
        self.taken.append(line)
        self._length += len(line)
        if self._length >= RECORD_LIMIT:
            raise _RowTooLong
        return line

    def begin_row(self) -> None:
        self.first += len(self.taken)
        self.taken = []
        self._length = 0

    def give_back_all_but_first(self) -> None:
        """The lines after the first will be read again, as rows of their own."""
        self._again.extendleft(reversed(self.taken[1:]))
        self.taken = self.taken[:1]

    def skip_rest_of_line(self) -> None:
        while self.taken[0][-1:] not in ("\n", "\r"):
            rest = self._text.readline(RECORD_LIMIT)
            if not rest:
                return
            self.taken[0] = self.taken[0][:RAW_LIMIT] + rest[-1:]


@dataclass(frozen=True, slots=True)
class CsvPlaces:
    """Where the rows of a chunk stand."""

    source: Source
    names: tuple[str, ...]
    lines: list[int]
    raws: list[list[str]]

    def place(self, index: int, column: str | None) -> tuple[int, int]:
        if column is None:
            return self.lines[index], 1
        below, position = field_position(
            self.raw(index), self.names.index(column), self.source.separator, self.source.quote
        )
        return self.lines[index] + below, position

    def raw(self, index: int) -> str:
        return "".join(self.raws[index])


def field_position(raw: str, index: int, separator: str, quote: str) -> tuple[int, int]:
    """Lines below the row's first, and column from 1, at which its field with that index begins."""
    start, quoted, seen = 0, False, 0
    for position, character in enumerate(raw):
        if character == quote:
            quoted = not quoted
        elif character == separator and not quoted:
            seen += 1
            if seen == index:
                start = position + 1
                break
    before = raw[:start]
    return before.count("\n"), start - (before.rfind("\n") + 1) + 1


class CsvFile:
    """A CSV file whose first row names the columns, unless the mapping does."""

    def __init__(self, path: Path, mapping: Mapping) -> None:
        self._path, self._source = path, mapping.source
        self.names = mapping.source.columns or self._header()

    def _header(self) -> tuple[str, ...]:
        text, _ = open_text(self._path, self._source.encoding)
        with text:
            lines = _Lines(text)
            try:
                names = tuple(name.strip() for name in next(self._reader(lines), []))
            except (csv.Error, _RowTooLong) as error:
                raise FileUnreadable(
                    Sentence(
                        "The header of %(path)s cannot be read: %(error)s.",
                        path=self._path.name,
                        error=error if isinstance(error, csv.Error) else Sentence("it is too long"),
                    ),
                    Sentence(
                        "The first line must name the columns; check separator and quote in the mapping's [source]."
                    ),
                    f"{self._path.name}:1:1",
                ) from error
        if not any(names):
            raise FileEmpty(
                Sentence("%(path)s names no columns.", path=self._path.name),
                Sentence("Export it again."),
                f"{self._path.name}:1:1",
            )
        return names

    def _reader(self, lines: _Lines) -> Iterator[list[str]]:
        csv.field_size_limit(RECORD_LIMIT + 1)
        return csv.reader(lines, delimiter=self._source.separator, quotechar=self._source.quote, strict=True)

    def chunks(self, wanted: tuple[str, ...], skip: int) -> Iterator[Chunk]:
        """See `TableFile`."""
        text, share = open_text(self._path, self._source.encoding)
        with text:
            records = self._records(_Lines(text))
            if not self._source.columns:
                next(records)
            for _ in range(skip):
                next(records, None)
            while True:
                chunk = self._chunk(records, wanted)
                if chunk.consumed == 0:
                    return
                yield Chunk(chunk.columns, chunk.rows, chunk.consumed, share.now(), chunk.places, chunk.rejects)

    def _chunk(self, records: Iterator[_Record], wanted: tuple[str, ...]) -> Chunk:
        rows: list[list[str]] = []
        places = CsvPlaces(self._source, self.names, [], [])
        rejects: list[Reject] = []
        for _, record in zip(range(CHUNK_ROWS), records, strict=False):
            if isinstance(record, Reject):
                rejects.append(record)
                continue
            values, line, raw = record
            rows.append(values)
            places.lines.append(line)
            places.raws.append(raw)
        columns = list(zip(*rows, strict=True)) or [()] * len(self.names)
        found = {name: list(columns[self.names.index(name)]) for name in wanted if name in self.names}
        return Chunk(found, len(rows), len(rows) + len(rejects), 0.0, places, rejects)

    def _records(self, lines: _Lines) -> Iterator[_Record]:
        """Every row that is there, or why it is refused. Empty lines are nobody's rows."""
        width = len(self.names)
        reader = self._reader(lines)
        while True:
            lines.begin_row()
            try:
                values = next(reader)
            except StopIteration:
                return
            except (csv.Error, _RowTooLong) as error:
                yield self._refused(lines, _reason(error))
                reader = self._reader(lines)
                continue
            if len(values) == width:
                yield values, lines.first, lines.taken
            elif values:
                yield self._refused(lines, _of_other_width(len(values), width))
                reader = self._reader(lines)

    def _refused(self, lines: _Lines, reason: Sentence) -> Reject:
        """Set aside the first line of what was read. Lines swallowed by a quote that never closed are read again."""
        lines.give_back_all_but_first()
        lines.skip_rest_of_line()
        raw = lines.taken[0] if lines.taken else ""
        return Reject(self._path.name, lines.first, 1, "row", reason, raw[:RAW_LIMIT])


_Record = tuple[list[str], int, list[str]] | Reject


def _of_other_width(values: int, columns: int) -> Sentence:
    return Sentence("has %(values)s values where the header names %(columns)s columns", values=values, columns=columns)


def _reason(error: Exception) -> Sentence:
    if isinstance(error, _RowTooLong):
        most = RECORD_LIMIT // 1024 // 1024
        return Sentence("goes on for more than %(most)s MB, or opens a quote that does not close", most=most)
    if "unexpected end of data" in str(error):
        return Sentence("opens a quote that does not close")
    return Sentence("is not CSV: %(error)s", error=error)


def duplicated(names: tuple[str, ...]) -> set[str]:
    """Column names that stand more than once."""
    return {name for name in names if names.count(name) > 1}
