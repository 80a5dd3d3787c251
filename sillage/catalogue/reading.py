"""Reads files of rows in chunks of bounded memory: CSV, workbooks, JSON lines and Parquet, each also compressed with gzip.

What cannot be read as a row becomes a `Reject` with its place; the rows after it come in.
"""

from __future__ import annotations

import codecs
import gzip
import io
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import IO, Any, Protocol, cast

from sillage.catalogue.engine.cells import reference_of
from sillage.catalogue.engine.mapping import Mapping
from sillage.lib.errors import Malformed
from sillage.lib.sentences import Grouped, Sentence

RECORD_LIMIT = 10 * 1024 * 1024  # characters of one row
RAW_LIMIT = 20_000  # characters of a refused row that are kept
CHUNK_ROWS = 5_000
_BLOCK = 1 << 20
_SUFFIXES = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
}
_TEXTS = ("csv", "jsonl")
_OTHER_SHEETS = (".xls", ".xlsb", ".ods", ".fods", ".numbers")
_BYTE_ORDER_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


class FileEmpty(Malformed):
    """The file holds no rows."""


class FileUnreadable(Malformed):
    """The file is not what it says it is."""


class EncodingWrong(Malformed):
    """The file is written in another encoding than the mapping says."""


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that did not come in: where it stands, which field of it is to blame, why, and how it reads."""

    file: str
    line: int
    column: int
    field: str
    reason: str
    raw: str
    account: tuple[str, str] | None = None
    sheet: str = ""

    @property
    def place(self) -> str:
        """file:line:column, or file:sheet!cell in a workbook."""
        if self.sheet:
            return f"{self.file}:{self.sheet}!{reference_of(self.line, self.column)}"
        return f"{self.file}:{self.line}:{self.column}"


class Places(Protocol):
    """Finds a chunk's rows again in the file."""

    def place(self, index: int, column: str | None) -> tuple[int, int]:
        """Line and column, from 1, of a value of the chunk's row with that index."""
        ...

    def raw(self, index: int) -> str:
        """The row as it stands in the file."""
        ...


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows, column by column. `consumed` counts refused rows too; `share` of the file is read by now, 0 to 1."""

    columns: dict[str, list[Any]]
    rows: int
    consumed: int
    share: float
    places: Places
    rejects: list[Reject] = field(default_factory=list)
    sheet: str = ""  # of a workbook

    def reject(self, index: int, column: str | None, what: str, reason: str, file: str, account: Any = None) -> Reject:
        """Set aside the row with that index."""
        line, position = self.places.place(index, column)
        raw = self.places.raw(index)[:RAW_LIMIT]
        return Reject(file, line, position, what, reason, raw, account, self.sheet)


class TableFile(Protocol):
    """A file of rows that was opened. `names` are its columns."""

    names: tuple[str, ...]

    def chunks(self, wanted: tuple[str, ...], skip: int) -> Iterator[Chunk]:
        """The rows after the first `skip`, with the wanted columns that the file has."""
        ...


@dataclass(frozen=True, slots=True)
class Inspected:
    """A file looked through once: its format and the digest of its content, compressed or not."""

    format: str
    digest: str


def inspect_file(path: Path, mapping: Mapping) -> Inspected:
    """Read the file once, before anything is stored: an empty, damaged or wrongly encoded one is refused whole."""
    if not path.is_file():
        raise FileUnreadable(Sentence("There is no file %(path)s.", path=path), Sentence("Check the path."), str(path))
    kind = _format_of(path, mapping)
    digest = blake2b(digest_size=32)
    size = 0
    encoding = _codec(mapping.source.encoding)
    decoder = codecs.getincrementaldecoder(encoding)() if kind in _TEXTS else None
    with closing(open_bytes(path)) as stream:
        while block := _read_block(stream, path):
            if size == 0 and decoder is not None:
                _refuse_other_mark(path, block, mapping.source.encoding)
            _check_encoding(path, block, size, decoder, mapping.source.encoding)
            digest.update(block)
            size += len(block)
    if size == 0:
        raise FileEmpty(
            Sentence("%(path)s is empty.", path=path.name), Sentence("Export it again."), f"{path.name}:1:1"
        )
    _check_encoding(path, b"", size, decoder, mapping.source.encoding)
    return Inspected(kind, digest.hexdigest())


def open_bytes(path: Path) -> IO[bytes]:
    """The file's content, unpacked where it is compressed."""
    with path.open("rb") as stream:
        packed = stream.read(2) == b"\x1f\x8b"
    return cast("IO[bytes]", gzip.open(path, "rb")) if packed else path.open("rb")


def open_text(path: Path, encoding: str) -> tuple[io.TextIOWrapper, ShareRead]:
    """The file's text with its line ends as they are, and how much of it has been read."""
    stream = open_bytes(path)
    raw = stream.fileobj if isinstance(stream, gzip.GzipFile) else stream
    text = io.TextIOWrapper(stream, encoding=_codec(encoding), newline="")
    return text, ShareRead(raw, path.stat().st_size)


@dataclass(frozen=True, slots=True)
class ShareRead:
    """How far a file has been read, by the bytes on the disk."""

    raw: IO[bytes]
    size: int

    def now(self) -> float:
        return min(1.0, self.raw.tell() / self.size) if self.size else 1.0


def open_seekable(path: Path) -> IO[bytes]:
    """The file's content where any part can be read: a compressed one is unpacked to the disk first."""
    stream = open_bytes(path)
    if not isinstance(stream, gzip.GzipFile):
        return stream
    unpacked = cast("IO[bytes]", tempfile.TemporaryFile())  # noqa: SIM115  the caller closes it
    with closing(stream):
        shutil.copyfileobj(stream, unpacked, _BLOCK)
    unpacked.seek(0)
    return unpacked


def _codec(encoding: str) -> str:
    """A mark of the byte order at the start is not part of the first column's name."""
    return "utf-8-sig" if codecs.lookup(encoding).name == "utf-8" else encoding


def _format_of(path: Path, mapping: Mapping) -> str:
    if mapping.source.format != "auto":
        return mapping.source.format
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() != ".gz"]
    found = _SUFFIXES.get(suffixes[-1]) if suffixes else None
    if suffixes and suffixes[-1] in _OTHER_SHEETS:
        raise FileUnreadable(
            Sentence("%(path)s is a spreadsheet of a kind that is not read.", path=path.name),
            Sentence("Open it in the spreadsheet program and save it as .xlsx (Excel workbook)."),
            path.name,
        )
    if found is None:
        raise FileUnreadable(
            Sentence(
                "%(path)s does not say by its name whether it is CSV, a workbook (.xlsx), JSON lines or Parquet.",
                path=path.name,
            ),
            Sentence('Write format = "csv", "xlsx", "jsonl" or "parquet" in the mapping\'s [source].'),
            path.name,
        )
    return found


def _read_block(stream: IO[bytes], path: Path) -> bytes:
    try:
        return stream.read(_BLOCK)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise FileUnreadable(
            Sentence("%(path)s is a damaged gzip file: %(error)s.", path=path.name, error=error),
            Sentence("Copy or export it again."),
            path.name,
        ) from error


def _refuse_other_mark(path: Path, block: bytes, encoding: str) -> None:
    for mark, marked in _BYTE_ORDER_MARKS.items():
        if block.startswith(mark) and not codecs.lookup(encoding).name.startswith(marked):
            raise EncodingWrong(
                Sentence(
                    "%(path)s begins with the mark of %(marked)s, and the mapping says %(encoding)s.",
                    path=path.name,
                    marked=marked,
                    encoding=encoding,
                ),
                Sentence('Write encoding = "%(marked)s" in the mapping\'s [source].', marked=marked),
                f"{path.name}:1:1",
            )


def _check_encoding(path: Path, block: bytes, before: int, decoder: Any, encoding: str) -> None:
    if decoder is None:
        return
    pending = len(decoder.getstate()[0])
    try:
        decoder.decode(block, final=not block)
    except UnicodeDecodeError as error:
        offset = before - pending + error.start
        bad = error.object[error.start]
        other = "cp1252" if codecs.lookup(encoding).name.startswith("utf") else "utf-8"
        raise EncodingWrong(
            Sentence(
                "%(path)s is not %(encoding)s: byte %(offset)s is 0x%(bad)s.",
                path=path.name,
                encoding=encoding,
                offset=Grouped(offset),
                bad=f"{bad:02X}",
            ),
            Sentence('Write the right encoding in the mapping\'s [source]; try encoding = "%(other)s".', other=other),
            path.name,
        ) from error
