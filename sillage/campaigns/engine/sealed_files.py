"""Large files sealed piece by piece, so that memory stays small. A piece that is missing, doubled or moved does not open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from sillage.governance.engine.sealing import SealBroken, seal, unseal
from sillage.lib.sentences import Sentence

_LAST = 1 << 63


def sealed_pieces(key: bytes, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Each piece under the key with its number, its length before it; the last one says that it is."""
    number = 0
    for piece in pieces:
        yield _written(seal(key, number.to_bytes(8, "big") + piece))
        number += 1
    yield _written(seal(key, (number | _LAST).to_bytes(8, "big")))


def opened_pieces(key: bytes, file: BinaryIO) -> Iterator[bytes]:
    """What was sealed, in pieces. Raises SealBroken."""
    number = 0
    while True:
        plain = unseal(key, file.read(int.from_bytes(file.read(4), "big")))
        found = int.from_bytes(plain[:8], "big")
        if found == number | _LAST:
            return
        if found != number:
            raise SealBroken(
                Sentence("A piece of a sealed file is missing or moved."),
                Sentence("Bring the file back from a backup."),
            )
        yield plain[8:]
        number += 1


def _written(token: bytes) -> bytes:
    return len(token).to_bytes(4, "big") + token
