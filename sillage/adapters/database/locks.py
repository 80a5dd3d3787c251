"""Locks that the kernel lets go of when their last holder ends, however it ends: kill -9 leaves no litter.

They are flock(2) locks, which belong to the open file: a forked child shares its parent's lock and keeps it.
Lock files are never deleted, because two processes could then hold "the same" lock on two files.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def take_shared(path: Path) -> int:
    """Hold the lock together with others. Returns the open file; the lock ends when all copies are closed."""
    held = _open(path)
    fcntl.flock(held, fcntl.LOCK_SH)
    return held


def is_held(path: Path) -> bool:
    """Whether any process holds this lock."""
    if not path.exists():
        return False
    probe = _open(path)
    try:
        fcntl.flock(probe, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(probe)
    return False


@contextmanager
def alone(path: Path, *, on_wait: Callable[[], None]) -> Iterator[None]:
    """Hold the lock alone, waiting as long as it takes. `on_wait` is called once if somebody has it."""
    held = _open(path)
    try:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            on_wait()
            fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        # Unlock before closing: a child forked meanwhile by another thread has a copy of this open file.
        fcntl.flock(held, fcntl.LOCK_UN)
        os.close(held)
