"""Pictures drawn anew: only points, colours and the colour profile of an uploaded picture are kept.

What else stood in the file goes: where and with what it was taken (EXIF, GPS), descriptions (XMP, IPTC, texts), comments,
previews, and whatever was appended. Decoding is bounded, so that a small file cannot ask for gigabytes.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from PIL import Image, ImageOps

from sillage.campaigns.engine.uploads import FileRefused
from sillage.lib.sentences import Grouped, Sentence

MOST_POINTS = 60_000_000  # of a still picture: a camera of 60 megapixels
MOST_MOVING = 100_000_000  # of all frames of a moving one
MOST_FRAMES = 500
MOST_PROFILE = 2 * 1024 * 1024  # bytes of a colour profile
_FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP", "image/gif": "GIF"}
_KEPT = ("icc_profile", "transparency", "duration", "loop", "background", "disposal", "blend", "default_image")
_ORIENTATION, _GPS, _EXIF = 0x0112, 0x8825, "exif"
_TELLING = {"comment": "comment", "xmp": "description", "XML:com.adobe.xmp": "description", "photoshop": "description"}
_UNREADABLE = (OSError, SyntaxError, ValueError, EOFError, struct.error)


@dataclass(frozen=True, slots=True)
class CleanPicture:
    """A picture as it is kept. `removed`: location, camera, description, comment, appended."""

    data: bytes
    width: int
    height: int
    removed: tuple[str, ...]


def cleaned_picture(data: bytes, media_type: str, name: str) -> CleanPicture:
    """Draw a picture anew. Raises FileRefused when it cannot be read to its end or is too large when unpacked."""
    try:
        with Image.open(BytesIO(data), formats=[_FORMATS[media_type]]) as picture:
            _refuse_bomb(picture, name)
            removed = _told(picture, data, media_type)
            upright = _upright(picture)
            drawn = _drawn(upright, media_type, is_as_it_came=upright is picture)
            return CleanPicture(drawn, upright.width, upright.height, removed)
    except Image.DecompressionBombError as error:
        raise _too_many(name, Sentence("more points than a computer holds")) from error
    except _UNREADABLE as error:
        raise FileRefused(
            Sentence("“%(name)s” cannot be read as a picture to its end.", name=name),
            Sentence("Export it again and send that."),
            place=name,
        ) from error


def _refuse_bomb(picture: Image.Image, name: str) -> None:
    frames = _frames(picture)
    points = picture.width * picture.height
    if points > MOST_POINTS or frames > MOST_FRAMES or (frames > 1 and points * frames > MOST_MOVING):
        size = Sentence("%(width)s × %(height)s points", width=picture.width, height=picture.height)
        raise _too_many(
            name, Sentence("%(size)s in %(frames)s frames", size=size, frames=Grouped(frames)) if frames > 1 else size
        )


def _too_many(name: str, points: Sentence) -> FileRefused:
    return FileRefused(
        Sentence("“%(name)s” unpacks to %(points)s.", name=name, points=points),
        Sentence(
            "Send one of up to %(most_points)s million points; a film for what moves.",
            most_points=MOST_POINTS // 1000000,
        ),
        place=name,
    )


def _frames(picture: Image.Image) -> int:
    return 1 if isinstance(picture, Image.Image) and _is_jpeg(picture) else getattr(picture, "n_frames", 1)


def _is_jpeg(picture: Image.Image) -> bool:
    return picture.format in ("JPEG", "MPO")


def _told(picture: Image.Image, data: bytes, media_type: str) -> tuple[str, ...]:
    """What the file told besides its points."""
    exif = picture.getexif()
    told = set()
    if exif.get_ifd(_GPS) or b"GPSLatitude" in data:
        told.add("location")
    if _EXIF in picture.info or set(exif) - {_ORIENTATION}:
        told.add("camera")
    told |= {what for key, what in _TELLING.items() if picture.info.get(key)}
    if getattr(picture, "text", None):
        told.add("description")
    if _end(data, media_type) < len(data):
        told.add("appended")
    return tuple(sorted(told))


def _end(data: bytes, media_type: str) -> int:
    """Where a picture ends, in bytes."""
    if media_type == "image/jpeg":
        return data.rfind(b"\xff\xd9") + 2
    if media_type == "image/png":
        return data.rfind(b"IEND") + 8
    if media_type == "image/webp":
        return int.from_bytes(data[4:8], "little") + 8
    return data.rfind(b";") + 1


def _upright(picture: Image.Image) -> Image.Image:
    """Turned as its EXIF asks, because that goes; the very same picture where it asks for nothing."""
    if picture.getexif().get(_ORIENTATION, 1) in (0, 1) or _frames(picture) > 1:
        return picture
    return ImageOps.exif_transpose(picture)


def _drawn(picture: Image.Image, media_type: str, *, is_as_it_came: bool) -> bytes:
    picture.load()
    picture.info = {key: value for key, value in picture.info.items() if key in _KEPT}
    if len(picture.info.get("icc_profile") or b"") > MOST_PROFILE:
        del picture.info["icc_profile"]
    how: dict[str, Any] = {"icc_profile": picture.info.get("icc_profile")}
    if media_type == "image/jpeg":  # "keep" uses the same tables again: nothing more is lost
        how |= {"quality": "keep"} if is_as_it_came else {"quality": 95, "subsampling": 0}
    elif media_type == "image/webp":
        how |= {"quality": 95, "exif": b"", "xmp": b""}
    if media_type == "image/gif":
        how["comment"] = b""
    if _frames(picture) > 1:
        how["save_all"] = True
    made = BytesIO()
    picture.save(made, _FORMATS[media_type], **how)
    return made.getvalue()
