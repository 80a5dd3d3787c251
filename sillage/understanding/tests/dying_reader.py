"""A reader for tests of lost workers. A worker loads this module, so it imports no tables."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

from sillage.understanding.engine.chain import Due
from sillage.understanding.workers import Reading, Spec, reader_of

MOST_KILLED = 3


def dying_reader(folder: Path, spec: Spec, versions: dict[str, str]) -> Callable[[Due], Reading]:
    """Its process is killed while it reads its second batch; three processes in all, each leaving a file."""
    reader, batches = reader_of(spec, versions), 0

    def read(due: Due) -> Reading:
        nonlocal batches
        batches += 1
        if batches == 2 and len(list(folder.iterdir())) < MOST_KILLED:
            (folder / str(os.getpid())).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return reader(due)

    return read
