"""A sealed sound as a file that can be read and sought: opened piece by piece, never whole on the disk."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator


class SoundFile(io.RawIOBase):
    """`pieces(starts)` gives the bytes from a place on; `size` is the whole. What sends a form asks for size and reads."""

    def __init__(self, pieces: Callable[[int], Iterator[bytes]], size: int) -> None:
        super().__init__()
        self._pieces, self._size = pieces, size
        self._at = 0
        self._left = b""
        self._running: Iterator[bytes] | None = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, place: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at, self._left, self._running = max(0, start + place), b"", None
        return self._at

    def read(self, size: int = -1) -> bytes:
        wanted = self._size - self._at if size is None or size < 0 else size
        if self._running is None:
            self._running = self._pieces(self._at)
        while len(self._left) < wanted and (piece := next(self._running, None)) is not None:
            self._left += piece
        found, self._left = self._left[:wanted], self._left[wanted:]
        self._at += len(found)
        return found
