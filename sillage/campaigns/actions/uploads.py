"""Taking in the files of a draft, as part of sending it: told by their bytes, cleaned, stored once under their hash.

A file is on the disk before a row names it, so that a killed process leaves at most a file that nothing names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from sillage.adapters import blobs
from sillage.campaigns.engine.films import read_film, renamed
from sillage.campaigns.engine.pictures import cleaned_picture
from sillage.campaigns.engine.provenance import has_credentials, says_machine_made
from sillage.campaigns.engine.sealed_files import opened_pieces, sealed_pieces
from sillage.campaigns.engine.uploads import (
    HEAD,
    MOST_PICTURE,
    FileRefused,
    media_type_of,
    plain_name,
    refuse_second_face,
)
from sillage.governance.queries.keys import sealing_key
from sillage.lib.sentences import Decimals, Sentence

MOST_FILES = 20  # of a draft: the slides of a carousel
SEALED_FOR = "draft originals"


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file of a draft as it was stored: the fields of models.DraftFile."""

    name: str
    sha256: str
    media_type: str
    size: int
    width: int | None = None
    height: int | None = None
    seconds: float | None = None
    removed: tuple[str, ...] = ()
    sealed_sha256: str = ""
    says_machine_made: bool = False


def most_bytes() -> int:
    """The largest file that is taken, in bytes."""
    return int(settings.SILLAGE.upload_mb) * 1_000_000


def sent_files(files: Iterable[UploadedFile[Any]]) -> list[tuple[str, BinaryIO]]:
    """What came with a form, for `keep_files`: the name as it was sent, and the open file."""
    return [(file.name or "", cast(BinaryIO, file.file)) for file in files if file.file]


def keep_files(workspace_id: int, files: Sequence[tuple[str, BinaryIO]]) -> list[KeptFile]:
    """Store (name, open file) pairs. Raises FileRefused at the first that is no picture and no film, or is too large."""
    if len(files) > MOST_FILES:
        raise FileRefused(
            Sentence("%(files_count)s files came at once.", files_count=len(files)),
            Sentence("A draft has up to %(most_files)s.", most_files=MOST_FILES),
        )
    return [keep_file(workspace_id, name, file) for name, file in files]


def keep_file(workspace_id: int, name: str, file: BinaryIO) -> KeptFile:
    """Store one file, as part of sending a draft."""
    said = name[:200]
    size = file.seek(0, 2)
    if size > most_bytes():
        raise FileRefused(
            Sentence(
                "“%(said)s” has %(size)s MB; up to %(most_bytes)s MB are taken.",
                said=said,
                size=Decimals(size / 1e6),
                most_bytes=f"{most_bytes() / 1000000.0:.0f}",
            ),
            Sentence("Send a smaller version."),
            place=said,
        )
    file.seek(0)
    head = file.read(HEAD)
    media_type = media_type_of(head, said)
    if media_type.startswith("image/"):
        return _kept_picture(workspace_id, file, size, media_type, said)
    return _kept_film(workspace_id, file, size, media_type, said, head)


def _kept_picture(workspace_id: int, file: BinaryIO, size: int, media_type: str, name: str) -> KeptFile:
    if size > MOST_PICTURE:
        raise FileRefused(
            Sentence("“%(name)s” is a picture of %(size)s MB.", name=name, size=Decimals(size / 1e6)),
            Sentence("Up to %(most_picture)s MB are taken.", most_picture=f"{MOST_PICTURE / 1000000.0:.0f}"),
            place=name,
        )
    file.seek(0)
    data = file.read()
    clean = cleaned_picture(data, media_type, name)
    is_proved = has_credentials(data, media_type)
    sha256, kept = blobs.keep(workspace_id, [clean.data], limit=max(most_bytes(), 2 * MOST_PICTURE))
    return KeptFile(
        name=plain_name(name, media_type),
        sha256=sha256,
        media_type=media_type,
        size=kept,
        width=clean.width,
        height=clean.height,
        removed=(*clean.removed, "provenance") if is_proved else clean.removed,
        sealed_sha256=_seal(workspace_id, [data]) if is_proved else "",
        says_machine_made=says_machine_made(data),
    )


def _kept_film(workspace_id: int, file: BinaryIO, size: int, media_type: str, name: str, head: bytes) -> KeptFile:
    refuse_second_face(file, head, name)
    film = read_film(file, size, name)
    is_changed = film.has_provenance and bool(film.renamed)
    file.seek(0)
    sha256, _ = blobs.keep(workspace_id, renamed(blobs.pieces(file), film.renamed), limit=most_bytes())
    sealed = ""
    if is_changed:  # what was taken out breaks the proof: the file as it came is kept beside it
        file.seek(0)
        sealed = _seal(workspace_id, blobs.pieces(file))
    return KeptFile(
        name=plain_name(name, media_type),
        sha256=sha256,
        media_type=media_type,
        size=size,
        width=film.width,
        height=film.height,
        seconds=film.seconds,
        removed=(*film.removed, "provenance") if is_changed else film.removed,
        sealed_sha256=sealed,
        says_machine_made=_says_machine_made(file),
    )


def _says_machine_made(file: BinaryIO) -> bool:
    file.seek(0)
    before = b""
    for piece in blobs.pieces(file):
        if says_machine_made(before + piece):
            return True
        before = piece[-64:]
    return False


def _seal(workspace_id: int, pieces: Iterable[bytes]) -> str:
    """The file as it came, where only somebody with the installation's key can open it: it may say where it was taken."""
    key = sealing_key(workspace_id, SEALED_FOR)
    return blobs.keep(workspace_id, sealed_pieces(key, pieces), limit=2 * most_bytes() + MOST_PICTURE * 2)[0]


def open_original(workspace_id: int, sealed_sha256: str) -> Iterator[bytes]:
    """A file as it came, from under its seal."""
    with blobs.opened(workspace_id, sealed_sha256) as file:
        yield from opened_pieces(sealing_key(workspace_id, SEALED_FOR), file)
