"""A file to import that came through a form, and the mapping that was chosen for it."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from sillage.adapters.passing import passing
from sillage.catalogue.engine.mapping import Mapping
from sillage.catalogue.engine.mapping_parser import parse_mapping
from sillage.catalogue.engine.shipped import MappingUnknown, shipped_mappings
from sillage.catalogue.workbook import unpacked_size
from sillage.lib.errors import Malformed, Refusal
from sillage.lib.sentences import Sentence

MOST_IMPORTED = 20 * 1024 * 1024  # bytes of a file that is imported while the caller waits
MOST_UNPACKED = 5 * MOST_IMPORTED
LONGEST_NAME = 200  # bytes


class MappingMissing(Malformed):
    """An import needs one mapping."""


class FileTooLarge(Refusal):
    """The file is larger than what is imported while the caller waits."""

    status = 413
    title = "File too large"


def chosen_mapping(name: str, text: str) -> Mapping:
    """The mapping of that name, or the one that is written down. Raises MappingMissing, MappingUnknown, MappingMalformed."""
    if bool(name) == bool(text):
        raise MappingMissing(
            Sentence("An import needs one mapping: a name, or the text of one."),
            Sentence("Send `mapping`, the name of one that comes with Sillage, or `mapping_toml`."),
        )
    if text:
        return parse_mapping(text, "mapping.toml")
    if name not in shipped_mappings():
        raise MappingUnknown(
            Sentence("There is no mapping “%(name)s”.", name=name),
            Sentence("Mappings that come with Sillage: %(names)s.", names=", ".join(sorted(shipped_mappings()))),
        )
    return shipped_mappings()[name]


def written_as(mapping: Mapping, separator: str = "", encoding: str = "", sheet: str = "") -> Mapping:
    """The same mapping for a file that is written another way. An empty text leaves what the mapping says."""
    said = mapping.source
    source = replace(
        said, separator=separator or said.separator, encoding=encoding or said.encoding, sheet=sheet or said.sheet
    )
    if source == said:
        return mapping
    told = f"{mapping.digest} {source.separator} {source.encoding}" + (f" {sheet}" if sheet else "")
    return replace(mapping, source=source, digest=hashlib.blake2b(told.encode(), digest_size=32).hexdigest())


@contextmanager
def on_disk(file: UploadedFile[Any]) -> Iterator[Path]:
    """The upload as a file of its own name, for as long as it is read. Raises FileTooLarge."""
    if (file.size or 0) > MOST_IMPORTED:
        raise FileTooLarge(
            Sentence(
                "%(file)s has %(size)s MB; up to %(most)s MB are imported here.",
                file=file.name or "upload",
                size=f"{(file.size or 0) / 1e6:.0f}",
                most=MOST_IMPORTED // 2**20,
            ),
            Sentence("Import it on the server: `sillage import FILE --mapping NAME`."),
        )
    with passing(_short_enough(Path(file.name or "upload").name), file.chunks()) as path:
        _refuse_what_grows(path)
        yield path


def _refuse_what_grows(path: Path) -> None:
    """A small .gz can hold hours of rows: its bytes are counted before any is read as one. So can a workbook."""
    unpacked = 0
    with suppress(gzip.BadGzipFile, EOFError, zlib.error), gzip.open(path) as file:  # damage is told by who reads it
        while unpacked <= MOST_UNPACKED and (piece := file.read(1 << 20)):
            unpacked += len(piece)
    if unpacked > MOST_UNPACKED or unpacked_size(path) > MOST_UNPACKED:
        raise FileTooLarge(
            Sentence(
                "%(file)s unpacks to more than %(most)s MB, the most that is imported here.",
                file=path.name,
                most=MOST_UNPACKED // 2**20,
            ),
            Sentence("Import it on the server: `sillage import FILE --mapping NAME`."),
        )


def _short_enough(name: str) -> str:
    """Its end, which says what kind of file it is, where the whole is more than a folder can hold."""
    return name if len(name.encode()) <= LONGEST_NAME else name.encode()[-LONGEST_NAME:].decode(errors="ignore")
