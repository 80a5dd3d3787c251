"""A small file that came through a form, on the disk for as long as it is read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile

from sillage.adapters.passing import passing
from sillage.lib.errors import Malformed
from sillage.lib.sentences import Sentence

MOST_UPLOADED = 20 * 1024 * 1024  # bytes


class NoFileCame(Malformed):
    """The form came without a file, or with one that is too large to read while somebody waits."""


@contextmanager
def on_disk(file: object) -> Iterator[Path]:
    """The upload under its own name in a folder of its own. Raises NoFileCame."""
    if not isinstance(file, UploadedFile) or (file.size or 0) > MOST_UPLOADED:
        raise NoFileCame(
            Sentence("No file came, or one of more than 20 MB."),
            Sentence("Choose a CSV; larger ones on the command line."),
        )
    with passing(Path(file.name or "rows.csv").name, file.chunks()) as path:
        yield path
