"""What an uploaded file is, by its bytes: its name says nothing. Pictures and films are taken, anything else is refused.

Files come from whoever holds a link, so nothing in them is believed: see docs/explanation/uploads.md.
"""

from __future__ import annotations

import re
import unicodedata
import zipfile
from typing import BinaryIO

import puremagic

from sillage.lib.errors import Malformed
from sillage.lib.sentences import Sentence

HEAD = 4096  # bytes that are looked at to tell what a file is
EXTENSIONS = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/gif": "gif",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
}
MOST_PICTURE = 40 * 1024 * 1024  # bytes of a picture, which is decoded in memory
_FILMS = (b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV", b"dash")
_HEIF = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif", b"avis")
_FOREIGN = (b"%pdf-", b"<script", b"<html", b"<!doctype", b"<svg", b"<?php", b"pk\x03\x04", b"mz\x90\x00")
_UNSAFE_IN_NAMES = re.compile(r"[^\w .()'’&+-]")


class FileRefused(Malformed):
    """A file is not one that a draft takes; `place` is its name."""

    title = "File refused"


def media_type_of(head: bytes, name: str) -> str:
    """The media type of a picture or film, from the first `HEAD` bytes. Raises FileRefused, which says what it is instead."""
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return "image/gif"
    if head[4:8] == b"ftyp":
        return _film_type(head, name)
    raise FileRefused(
        Sentence("“%(name)s” is no picture and no film: %(said_of)s.", name=name, said_of=_said_of(head)),
        Sentence("Send JPEG, PNG, WebP, GIF, MP4 or MOV; words go into the text."),
        place=name,
    )


def _film_type(head: bytes, name: str) -> str:
    brand = head[8:12]
    if brand in _HEIF:
        raise FileRefused(
            Sentence("“%(name)s” is a HEIF picture, which few programs show.", name=name),
            Sentence("Save it as JPEG and send that."),
            place=name,
        )
    if brand == b"qt  ":
        return "video/quicktime"
    if brand in _FILMS:
        return "video/mp4"
    raise FileRefused(
        Sentence(
            "“%(name)s” is a film of a kind that is not known here (%(decode)s).",
            name=name,
            decode=brand.decode("ascii", "replace"),
        ),
        Sentence("Save it as MP4 or MOV and send that."),
        place=name,
    )


def _said_of(head: bytes) -> Sentence:
    """What the file is instead, as far as a library knows it."""
    if not head.strip(b"\0 \r\n\t"):
        return Sentence("it is empty")
    if re.search(rb"<(svg|html|script|!doctype|\?xml|\?php)", head[:1024], re.IGNORECASE):
        return Sentence("it is a page, a drawing or a program")
    if head.startswith(b"PK"):
        return Sentence("it is an archive, or a document made of one")
    try:
        if kind := puremagic.from_string(head, mime=True):
            return Sentence("it begins like %(kind)s", kind=kind)
    except (puremagic.PureError, ValueError):
        pass
    return Sentence("its kind is not known")


def refuse_second_face(file: BinaryIO, head: bytes, name: str) -> None:
    """Refuse a film that is something else as well, to other programs: an archive behind it, a page or document in its head.

    A picture needs no such care: it is drawn anew and nothing but its points is kept.
    """
    folded = head[:1024].lower()
    if zipfile.is_zipfile(file) or any(sign in folded for sign in _FOREIGN):
        raise FileRefused(
            Sentence("“%(name)s” is a film and something else at the same time.", name=name),
            Sentence("Export it again and send that."),
            place=name,
        )


def plain_name(name: str, media_type: str) -> str:
    """A name to show: no folders, no control or direction marks, and the ending that its bytes deserve.

    It is shown and offered when a file is saved; on the disk a file is called by its hash.
    """
    last = re.split(r"[\\/]", name)[-1]
    seen = "".join(c for c in unicodedata.normalize("NFC", last) if unicodedata.category(c)[0] != "C")
    stem = _UNSAFE_IN_NAMES.sub("_", seen.rpartition(".")[0] or seen).strip(" ._")[:80]
    return f"{stem or 'file'}.{EXTENSIONS[media_type]}"
