"""Films (MP4, MOV), read box by box (ISO/IEC 14496-12) without decoding: is it whole, and what does it tell besides.

Boxes that tell where, with what and by whom it was taken are renamed to `free`, which players pass over: nothing moves in the
file, so it needs no copy in memory. What a track of places had recorded stays in the file as bytes that nothing points to.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from sillage.campaigns.engine.uploads import FileRefused
from sillage.lib.sentences import Sentence

C2PA = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")  # the uuid of C2PA's box
MOST_BOXES = 200_000
_AT_TOP = {
    *(b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"uuid", b"meta", b"udta", b"moof", b"mfra"),
    *(b"sidx", b"ssix", b"styp", b"pdin", b"emsg", b"prft", b"pnot"),
}
_TELLING = (b"udta", b"meta")
_PLAYED = (b"vide", b"soun", b"text", b"sbtl", b"subt", b"clcp", b"tmcd", b"auxv", b"subp", b"hint")


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the file: its content is `[begins, ends)`, its four letters stand at `named_at`."""

    kind: bytes
    named_at: int
    begins: int
    ends: int


@dataclass(frozen=True, slots=True)
class Film:
    """What was read of a film. `renamed`: where four bytes become `free`. `removed`: camera, location_track."""

    seconds: float | None
    width: int | None
    height: int | None
    renamed: tuple[int, ...]
    removed: tuple[str, ...]
    has_provenance: bool


def read_film(file: BinaryIO, size: int, name: str) -> Film:
    """Walk through a film of `size` bytes. Raises FileRefused when it is cut off or holds what no film holds."""
    top = list(_boxes(file, 0, size, name))
    strange = next((box for box in top if box.kind not in _AT_TOP), None)
    if strange is not None or not top or not {b"moov", b"ftyp"} <= {box.kind for box in top}:
        raise _broken(name)
    told: dict[int, str] = {}
    seconds, sizes, has_provenance = None, [(0, 0)], False
    for box in top:
        if box.kind == b"uuid" and _read(file, box.begins, 16) == C2PA:
            has_provenance = True
        elif box.kind in (*_TELLING, b"uuid"):
            told[box.named_at] = "camera"
        elif box.kind == b"moov":
            for part in _boxes(file, box.begins, box.ends, name):
                if part.kind == b"mvhd":
                    seconds = _seconds(_read(file, part.begins, 32))
                elif part.kind in _TELLING:
                    told[part.named_at] = "camera"
                elif part.kind == b"trak":
                    told |= _told_by_track(file, part, name)
                    sizes.append(_size(file, part, name))
    width, height = max(sizes)
    return Film(
        seconds, width or None, height or None, tuple(sorted(told)), tuple(sorted(set(told.values()))), has_provenance
    )


def renamed(pieces: Iterable[bytes], places: Iterable[int]) -> Iterator[bytes]:
    """The same bytes with `free` written over four of them at each place."""
    at, left = 0, sorted(places)
    held = b""
    for piece in pieces:
        held += piece
        cut = max(0, len(held) - 4)  # a name may go over the edge of a piece
        changed = _over(held, at, left)
        yield changed[:cut]
        held, at = changed[cut:], at + cut
    yield _over(held, at, left)


def _over(data: bytes, at: int, places: Iterable[int]) -> bytes:
    for place in places:
        if at <= place <= at + len(data) - 4:
            data = data[: place - at] + b"free" + data[place - at + 4 :]
    return data


def _told_by_track(file: BinaryIO, track: Box, name: str) -> dict[int, str]:
    """Renamings in a track; the whole of it when it is neither seen, heard nor read (places, camera data over time)."""
    told = {}
    for part in _boxes(file, track.begins, track.ends, name):
        if part.kind in _TELLING:
            told[part.named_at] = "camera"
        elif part.kind == b"mdia":
            handlers = [b for b in _boxes(file, part.begins, part.ends, name) if b.kind == b"hdlr"]
            if not handlers or _read(file, handlers[0].begins, 12)[8:12] not in _PLAYED:
                told[track.named_at] = "location_track"
    return told


def _size(file: BinaryIO, track: Box, name: str) -> tuple[int, int]:
    """Width and height of a track, in points; (0, 0) where it has none."""
    head = next((b for b in _boxes(file, track.begins, track.ends, name) if b.kind == b"tkhd"), None)
    if head is None or head.ends - head.begins < 8:
        return (0, 0)
    width, height = struct.unpack(">II", _read(file, head.ends - 8, 8))
    return (width >> 16, height >> 16)


def _seconds(head: bytes) -> float | None:
    """How long a film is, from its mvhd; None where it does not say."""
    if len(head) < 32:
        return None
    if head[0] == 1:
        scale, length = struct.unpack(">IQ", head[20:32])
    else:
        scale, length = struct.unpack(">II", head[12:20])
    return round(length / scale, 3) if scale and length not in (0xFFFFFFFF, 2**64 - 1) else None


def _boxes(file: BinaryIO, begins: int, ends: int, name: str) -> Iterator[Box]:
    at, count = begins, 0
    while at < ends:
        head = _read(file, at, 16)
        count += 1
        if len(head) < 8 or count > MOST_BOXES:
            raise _broken(name)
        length, kind, content = int.from_bytes(head[:4], "big"), head[4:8], at + 8
        if length == 1:
            length, content = int.from_bytes(head[8:16], "big"), at + 16
        elif length == 0:  # to the end
            length = ends - at
        if at + length > ends or at + length < content:
            raise _broken(name)
        yield Box(kind, at + 4, content, at + length)
        at += length


def _read(file: BinaryIO, at: int, count: int) -> bytes:
    file.seek(at)
    return file.read(count)


def _broken(name: str) -> FileRefused:
    return FileRefused(
        Sentence("“%(name)s” is cut off, or holds what no film holds.", name=name),
        Sentence("Export it again and send the whole of it."),
        place=name,
    )
