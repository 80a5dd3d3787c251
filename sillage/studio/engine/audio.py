"""Sound of interviews: told by its first bytes, never by its name."""

from __future__ import annotations

from sillage.lib.errors import Malformed
from sillage.lib.sentences import Sentence

HEAD = 16  # bytes that are enough to tell


class AudioRefused(Malformed):
    """The file is no sound that is kept."""

    title = "Audio refused"


def audio_type_of(head: bytes, name: str) -> str:
    """The media type of a file that begins so. Raises AudioRefused for anything else than sound."""
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "audio/wav"
    if head[:3] == b"ID3" or (len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 in (0xE2, 0xE4, 0xE6)):
        return "audio/mpeg"
    if head[4:8] == b"ftyp":
        return "audio/mp4"
    if head[:4] == b"OggS":
        return "audio/ogg"
    if head[:4] == b"fLaC":
        return "audio/flac"
    if head[:4] == b"\x1a\x45\xdf\xa3":
        return "audio/webm"
    raise AudioRefused(
        Sentence("“%(name)s” is no sound that can be kept.", name=name[:80]),
        Sentence("Send MP3, M4A, WAV, FLAC, Ogg or WebM."),
        place=name[:80],
    )


EXTENSIONS = {
    "audio/wav": "wav",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/ogg": "ogg",
    "audio/flac": "flac",
    "audio/webm": "webm",
}
