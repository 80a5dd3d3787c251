"""Reads JSON lines and Parquet, whose values have types of their own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from sillage.catalogue.engine.mapping import Mapping
from sillage.catalogue.reading import (
    CHUNK_ROWS,
    RAW_LIMIT,
    RECORD_LIMIT,
    Chunk,
    FileUnreadable,
    Reject,
    open_seekable,
    open_text,
)
from sillage.lib.late import parquet, pyarrow
from sillage.lib.sentences import Sentence

_LINES_LOOKED_AT = 1_000


@dataclass(frozen=True, slots=True)
class JsonPlaces:
    """Where the rows of a chunk stand."""

    lines: list[int]
    raws: list[str]

    def place(self, index: int, column: str | None) -> tuple[int, int]:
        found = self.raws[index].find(f'"{column.rsplit(".", 1)[-1]}"') if column else -1
        return self.lines[index], max(found, 0) + 1

    def raw(self, index: int) -> str:
        return self.raws[index]


class JsonLinesFile:
    """One JSON object per line. A column is a key, or a path of keys with dots: `author.id`."""

    def __init__(self, path: Path, mapping: Mapping) -> None:
        self._path, self._source = path, mapping.source
        self.names = self._names(mapping.columns)

    def _names(self, wanted: tuple[str, ...]) -> tuple[str, ...]:
        """The keys of the first lines; of all lines, until every wanted one was seen."""
        seen: dict[str, None] = {}
        lines = 0
        text, _ = open_text(self._path, self._source.encoding)
        with text:
            for _line, record in self._records(text):
                if isinstance(record, tuple):
                    lines += 1
                    seen.update(dict.fromkeys(_paths(record[0], "")))
                if lines >= _LINES_LOOKED_AT and all(name in seen for name in wanted):
                    break
        if not lines:
            raise FileUnreadable(
                Sentence("No line of %(path)s is a JSON object.", path=self._path.name),
                Sentence("Write one object { } per line, or name the file's format in the mapping's [source]."),
                f"{self._path.name}:1:1",
            )
        return tuple(seen)

    def chunks(self, wanted: tuple[str, ...], skip: int) -> Iterator[Chunk]:
        """See `TableFile`. A key that a row lacks is missing in it."""
        text, share = open_text(self._path, self._source.encoding)
        with text:
            records = islice(self._records(text), skip, None)
            while taken := list(islice(records, CHUNK_ROWS)):
                good = [(line, *record) for line, record in taken if isinstance(record, tuple)]
                places = JsonPlaces([line for line, _, _ in good], [raw for _, _, raw in good])
                columns = {name: [_at_path(row, name) for _, row, _ in good] for name in wanted if name in self.names}
                rejects = [record for _, record in taken if isinstance(record, Reject)]
                yield Chunk(columns, len(good), len(taken), share.now(), places, rejects)

    def _records(self, text: Any) -> Iterator[tuple[int, tuple[dict[str, Any], str] | Reject]]:
        number = 0
        while raw := text.readline(RECORD_LIMIT):
            number += 1
            if len(raw) >= RECORD_LIMIT:
                _skip_rest_of_line(text, raw)
                reason = Sentence("goes on for more than %(most)s MB", most=RECORD_LIMIT // 1024 // 1024)
                yield number, Reject(self._path.name, number, 1, "row", reason, raw[:RAW_LIMIT])
            elif raw.strip():
                yield number, self._parsed(raw, number)

    def _parsed(self, raw: str, number: int) -> tuple[dict[str, Any], str] | Reject:
        try:
            row = json.loads(raw)
        except json.JSONDecodeError as error:
            reason = Sentence("is not JSON: %(error)s", error=error.msg)
            return Reject(self._path.name, number, error.colno, "row", reason, raw[:RAW_LIMIT])
        except (ValueError, RecursionError):
            reason = Sentence("is JSON with a number that is too long, or nested too deep")
            return Reject(self._path.name, number, 1, "row", reason, raw[:RAW_LIMIT])
        if not isinstance(row, dict):
            reason = Sentence("is JSON, but not an object { }")
            return Reject(self._path.name, number, 1, "row", reason, raw[:RAW_LIMIT])
        return row, raw


def _skip_rest_of_line(text: Any, raw: str) -> None:
    while raw and raw[-1] not in "\r\n":
        raw = text.readline(RECORD_LIMIT)


def _paths(row: dict[str, Any], prefix: str) -> Iterator[str]:
    for key, value in row.items():
        yield prefix + key
        if isinstance(value, dict):
            yield from _paths(value, f"{prefix}{key}.")


def _at_path(row: dict[str, Any], path: str) -> Any:
    if path in row:
        return row[path]
    value: Any = row
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value


@dataclass(frozen=True, slots=True)
class ParquetPlaces:
    """Rows of a Parquet file have no lines: the place is the row's number and the column's."""

    first: int
    names: tuple[str, ...]
    columns: dict[str, list[Any]]

    def place(self, index: int, column: str | None) -> tuple[int, int]:
        return self.first + index + 1, self.names.index(column) + 1 if column in self.names else 1

    def raw(self, index: int) -> str:
        row = {name: values[index] for name, values in self.columns.items()}
        return json.dumps(row, ensure_ascii=False, default=str)


class ParquetFile:
    """A Parquet file, read by parts."""

    def __init__(self, path: Path, mapping: Mapping) -> None:
        self._path = path
        try:
            with open_seekable(path) as stream:
                file = parquet.ParquetFile(stream)
                self.names = tuple(file.schema_arrow.names)
                for _ in file.iter_batches(columns=self._there(mapping.columns)):
                    pass  # a damaged part refuses the file before anything is stored
        except (pyarrow.ArrowException, OSError) as error:
            raise FileUnreadable(
                Sentence(
                    "%(path)s is not a whole Parquet file: %(error)s.",
                    path=path.name,
                    error=" ".join(str(error).split()).rstrip(".:"),
                ),
                Sentence("Export it again."),
                path.name,
            ) from error

    def _there(self, wanted: tuple[str, ...]) -> list[str]:
        return [name for name in wanted if name in self.names]

    def chunks(self, wanted: tuple[str, ...], skip: int) -> Iterator[Chunk]:
        """See `TableFile`."""
        names = self._there(wanted)
        with open_seekable(self._path) as stream:
            file = parquet.ParquetFile(stream)
            total, first = file.metadata.num_rows, 0
            for batch in file.iter_batches(batch_size=CHUNK_ROWS, columns=names):
                part = batch.slice(max(0, skip - first))
                start = first + batch.num_rows - part.num_rows
                first += batch.num_rows
                if part.num_rows == 0:
                    continue
                columns = {name: _values(part.column(name)) for name in names}
                places = ParquetPlaces(start, self.names, columns)
                yield Chunk(columns, part.num_rows, part.num_rows, first / total, places)


def _values(column: pyarrow.Array) -> list[Any]:
    if pyarrow.types.is_timestamp(column.type):
        unit = "us" if column.type.unit == "ns" else column.type.unit
        zone = None if column.type.tz is None else "UTC"  # the instant is the same in every zone
        column = column.cast(pyarrow.timestamp(unit, tz=zone), safe=False)
    try:
        return list(column.to_pylist())
    except (OverflowError, ValueError):
        return [_value(scalar) for scalar in column]


def _value(scalar: pyarrow.Scalar) -> Any:
    """The value, or how it stands in the file where Python has none: a day after 9999, a text that is not UTF-8."""
    try:
        return scalar.as_py()
    except UnicodeDecodeError:
        return scalar.as_buffer().to_pybytes() if isinstance(scalar, pyarrow.StringScalar) else str(scalar.type)
    except (OverflowError, ValueError):
        return f"{getattr(scalar, 'value', '')} ({scalar.type})"
