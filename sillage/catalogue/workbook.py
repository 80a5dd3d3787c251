"""What is made sure of before a workbook (.xlsx) is read: that it is one, what it unpacks to, and that its parts are whole.

openpyxl keeps what it parses until a row or a text ends, and follows a document type: both are bounded here, beforehand.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO
from xml.parsers import expat

from sillage.catalogue.reading import FileUnreadable, open_seekable
from sillage.lib.sentences import Sentence

LAST_ROW = 1_048_576
MOST_PARTS = 5_000
MOST_ELEMENTS = 1_000_000  # one after the other that end no row and no text
MOST_TEXTS = 4_000_000
_MOST_DIRECTORY = 2 << 20  # bytes of the list of parts
_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # a container of before 2007; protected workbooks are put into one
_PROTECTED = "EncryptedPackage".encode("utf-16-le")
_END, _END_64 = b"PK\x05\x06", b"PK\x06\x07"
_ROW, _TEXT = (f"http://schemas.openxmlformats.org/spreadsheetml/2006/main {name}" for name in ("row", "si"))
_STRICT = "http://purl.oclc.org/ooxml/"
_XML = (".xml", ".rels")


class Damaged(Exception):
    """What stands in a workbook cannot be so."""


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Whatever a damaged workbook brings about becomes `FileUnreadable`."""
    try:
        yield
    except Exception as error:  # openpyxl meets damage as whatever comes: TypeError, KeyError, IndexError and others
        if isinstance(error, FileUnreadable | MemoryError):
            raise
        why = error.args[0] if isinstance(error, Damaged) else _first_line(error.__cause__ or error)
        raise FileUnreadable(
            Sentence("%(path)s is not a whole workbook: %(error)s.", path=path.name, error=why),
            Sentence("Open it in a spreadsheet and save it again as .xlsx."),
            path.name,
        ) from error


def _first_line(error: BaseException) -> str:
    return (str(error).strip().partition("\n")[0] or type(error).__name__)[:200].rstrip(".")


def unpacked_size(path: Path) -> int:
    """How many bytes the parts say they hold, which is the most that is read of them; 0 of what is no workbook."""
    with suppress(FileUnreadable), reading(path), open_seekable(path) as stream:  # damage is told by who reads it
        if stream.read(2) == b"PK":
            return sum(part.file_size for part in _parts_of(stream).infolist())
    return 0


def refuse_damaged(stream: IO[bytes], path: Path) -> None:
    """Raises FileUnreadable for what is no workbook or none of today, and for one that is damaged or hostile."""
    _refuse_other_containers(stream, path)
    with reading(path):
        archive = _parts_of(stream)
        for part in archive.infolist():
            if part.flag_bits & 1:
                raise _protected(path)
            try:
                with archive.open(part) as content:
                    _refuse_hostile(content)
            except expat.ExpatError:
                if part.filename.lower().endswith(_XML):  # others are pictures and macros, which are never read
                    raise
    stream.seek(0)


def _parts_of(stream: IO[bytes]) -> zipfile.ZipFile:
    """The parts, unless their list, which zipfile keeps whole, is too long to be a workbook's."""
    stream.seek(0, 2)
    size = stream.tell()
    stream.seek(max(0, size - 65_557))
    tail = stream.read()
    if (at := tail.rfind(_END)) >= 0:
        listed = int.from_bytes(tail[at + 12 : at + 16], "little")
        if tail[max(0, at - 20) :].startswith(_END_64):
            stream.seek(min(size, int.from_bytes(tail[at - 12 : at - 4], "little")))
            listed = int.from_bytes(stream.read(56)[40:48], "little")
        if listed > _MOST_DIRECTORY:
            raise Damaged(Sentence("it has too many parts"))
    archive = zipfile.ZipFile(stream)
    if len(archive.infolist()) > MOST_PARTS:
        raise Damaged(Sentence("it has too many parts"))
    return archive


def _refuse_hostile(content: IO[bytes]) -> None:
    line, texts, since = 0, 0, 0

    def start(name: str, given: list[str]) -> None:
        nonlocal line, texts, since
        since += 1
        if name == _ROW:
            before, since = line, 0
            line = int(dict(zip(given[::2], given[1::2], strict=True)).get("r", before + 1))
            if not before < line <= LAST_ROW:  # openpyxl leaves such rows out
                raise Damaged(Sentence("its rows are not in order"))
        elif name == _TEXT:
            texts, since = texts + 1, 0
        elif since == 1 and name.startswith(_STRICT):
            raise Damaged(Sentence("it is in the strict form of .xlsx, which is not read"))
        if since > MOST_ELEMENTS or texts > MOST_TEXTS:
            raise Damaged(Sentence("it has more elements than a workbook holds"))

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.ordered_attributes = True  # a list is made faster than a dict
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.ParseFile(content)


def _refuse_doctype(*_args: object) -> None:
    raise Damaged(Sentence("it declares a document type, which no workbook does"))


def _refuse_other_containers(stream: IO[bytes], path: Path) -> None:
    """A workbook of before 2007, one with a password, and what is no workbook at all are refused as what they are."""
    begin = stream.read(8)
    if begin.startswith(b"PK"):
        return
    if begin == _OLD:
        blocks = iter(lambda: stream.read(1 << 20), b"")  # names in it never lie across two of them
        raise _protected(path) if any(_PROTECTED in block for block in blocks) else _of_before(path)
    raise FileUnreadable(
        Sentence("%(path)s is named as a workbook and is none.", path=path.name),
        Sentence("Open it in a spreadsheet and save it as .xlsx; a file of lines with separators is named .csv."),
        path.name,
    )


def _protected(path: Path) -> FileUnreadable:
    return FileUnreadable(
        Sentence("%(path)s is protected with a password.", path=path.name),
        Sentence("Open it in a spreadsheet, take the password off, and save it as .xlsx."),
        path.name,
    )


def _of_before(path: Path) -> FileUnreadable:
    return FileUnreadable(
        Sentence("%(path)s is a workbook of another kind (.xls) under a new name.", path=path.name),
        Sentence("Open it in a spreadsheet and save it as .xlsx."),
        path.name,
    )
