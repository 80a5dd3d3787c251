"""Files that are kept as they came: stored once under the hash of their bytes, in the data folder.

A file is complete or absent: it is written beside its place, flushed to the disk, then renamed.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from sillage.lib.errors import Malformed, NotFound
from sillage.lib.sentences import Grouped, Sentence

CHUNK = 1 << 20


class BlobTooLarge(Malformed):
    """More bytes came than may be kept."""


class BlobDamaged(Malformed):
    """A kept file is not what its hash says."""


def _folder(workspace_id: int) -> Path:
    return Path(settings.SILLAGE.data) / "blobs" / str(workspace_id)


def _place(workspace_id: int, sha256: str) -> Path:
    if re.fullmatch(r"[0-9a-f]{64}", sha256) is None:
        raise NotFound(Sentence("This is no kept file."), Sentence("Use the hash that was shown when it was stored."))
    return _folder(workspace_id) / sha256[:2] / sha256


def keep(workspace_id: int, pieces: Iterable[bytes], *, limit: int) -> tuple[str, int]:
    """Store the bytes once. Returns their SHA-256 in hex and how many they are. Raises BlobTooLarge beyond `limit` bytes."""
    folder = _folder(workspace_id)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, size = hashlib.sha256(), 0
    handle, name = tempfile.mkstemp(dir=folder, prefix="coming-")
    coming = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            for piece in pieces:
                size += len(piece)
                if size > limit:
                    raise BlobTooLarge(
                        Sentence("The file has more than %(limit)s bytes.", limit=Grouped(limit)),
                        Sentence("Send a smaller one, or a link to it."),
                    )
                digest.update(piece)
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        place = _place(workspace_id, digest.hexdigest())
        place.parent.mkdir(exist_ok=True, mode=0o700)
        coming.replace(place)
    finally:
        coming.unlink(missing_ok=True)
    return digest.hexdigest(), size


def opened(workspace_id: int, sha256: str) -> BinaryIO:
    """The kept file, to read. Raises NotFound."""
    try:
        return _place(workspace_id, sha256).open("rb")
    except FileNotFoundError as error:
        raise NotFound(
            Sentence("The file %(sha256)s… is not kept here.", sha256=sha256[:12]), Sentence("It may have been erased.")
        ) from error


def path_of(workspace_id: int, sha256: str) -> str:
    """Where a kept file stands, for programs that open files themselves. Raises NotFound."""
    place = _place(workspace_id, sha256)
    if not place.is_file():
        raise NotFound(
            Sentence("The file %(sha256)s… is not kept here.", sha256=sha256[:12]), Sentence("It may have been erased.")
        )
    return str(place)


def read(workspace_id: int, sha256: str) -> bytes:
    """The whole file, checked against its hash. Raises NotFound, BlobDamaged."""
    with opened(workspace_id, sha256) as file:
        found = file.read()
    if hashlib.sha256(found).hexdigest() != sha256:
        raise BlobDamaged(
            Sentence("The kept file %(sha256)s… was changed on the disk.", sha256=sha256[:12]),
            Sentence("Bring it back from a backup."),
        )
    return found


def pieces(file: BinaryIO) -> Iterator[bytes]:
    """What is left of a file, in pieces."""
    while piece := file.read(CHUNK):
        yield piece


def forget(workspace_id: int, sha256: str) -> None:
    """Remove a file; one that is gone already is no error."""
    _place(workspace_id, sha256).unlink(missing_ok=True)
