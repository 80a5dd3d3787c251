"""Files that pass through: an upload while it comes and is read, in the data folder and gone when that ends.

A killed process leaves what it was reading. `sweep` removes it when the next server starts.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

LONGEST_READ = timedelta(days=1)  # no request lasts that long


def folder() -> Path:
    """Where they stand; nobody else on the machine reads it."""
    place = Path(settings.FILE_UPLOAD_TEMP_DIR)
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    return place


@contextmanager
def passing(name: str, pieces: Iterable[bytes]) -> Iterator[Path]:
    """The bytes as a file of that name, in a folder of its own, while the block lasts."""
    with tempfile.TemporaryDirectory(dir=folder()) as own:
        path = Path(own) / name
        with path.open("wb") as out:
            out.writelines(pieces)
        yield path


def sweep(now: datetime) -> int:
    """Remove what nobody can be reading any more. Returns how many files and folders that were."""
    stale = [entry for entry in folder().iterdir() if entry.lstat().st_mtime < (now - LONGEST_READ).timestamp()]
    for entry in stale:
        if entry.is_dir():
            shutil.rmtree(entry, ignore_errors=True)
        else:
            entry.unlink(missing_ok=True)
    return len(stale)
