"""Files as creators send them, and as others would: made here, byte by byte."""

from __future__ import annotations

import struct
import zipfile
import zlib
from functools import cache
from io import BytesIO

from PIL import Image, ImageCms


def picture(fmt: str = "JPEG", size: tuple[int, int] = (64, 48), **how: object) -> bytes:
    made = BytesIO()
    Image.linear_gradient("L").resize(size).convert("RGB").save(made, fmt, **how)
    return made.getvalue()


@cache  # a profile holds the second in which it was made
def with_gps(orientation: int = 1) -> bytes:
    """A JPEG of a phone: maker, GPS, orientation, comment, colour profile."""
    exif = Image.Exif()
    exif[0x010F] = "Pomme"
    exif[0x0112] = orientation
    exif[0x8825] = {1: "N", 2: (48.0, 51.0, 24.0), 3: "E", 4: (2.0, 21.0, 3.0)}
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return picture(exif=exif, comment=b"shot at home", icc_profile=profile)


def with_credentials() -> bytes:
    """A JPEG with C2PA's segment, which says that a machine made it."""
    data = picture()
    body = b"JP\x00\x01\x00\x00\x00\x01jumbc2pa.assertions trainedAlgorithmicMedia"
    return data[:2] + b"\xff\xeb" + (len(body) + 2).to_bytes(2, "big") + body + data[2:]


def archive() -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr("../../evil.sh", "rm -rf /")
    return made.getvalue()


def bomb(side: int = 30_000) -> bytes:
    """A PNG of a few kilobytes that unpacks to gigabytes."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


def box(kind: bytes, body: bytes = b"") -> bytes:
    return (len(body) + 8).to_bytes(4, "big") + kind + body


def film(*, places: bool = True, brand: bytes = b"isom", more: bytes = b"") -> bytes:
    """An MP4 of two seconds, 640 × 360, with where it was taken and a track of places."""
    mvhd = box(b"mvhd", bytes(12) + struct.pack(">II", 1000, 2000) + bytes(76))
    track = box(b"trak", _tkhd(640, 360) + box(b"mdia", box(b"hdlr", bytes(8) + b"vide" + bytes(12))))
    told = box(b"udta", box(b"\xa9xyz", b"\x00\x12\x15\xc7+48.8566+002.3522/")) if places else b""
    second = box(b"trak", _tkhd(0, 0) + box(b"mdia", box(b"hdlr", bytes(8) + b"camm" + bytes(12)))) if places else b""
    moov = box(b"moov", mvhd + track + second + told)
    return box(b"ftyp", brand + bytes(4) + b"isommp42") + moov + box(b"mdat", bytes(range(256)) * 8) + more


def _tkhd(width: int, height: int) -> bytes:
    return box(b"tkhd", bytes(76) + struct.pack(">II", width << 16, height << 16))
