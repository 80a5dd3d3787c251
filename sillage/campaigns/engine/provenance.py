"""What a picture says of its own making: Content Credentials (C2PA) and the IPTC's word for media made by a machine.

They are found, not verified: who signed them and whether they hold is for a program that knows the signers. Sources: C2PA 2.1,
section A.3 (embedding); IPTC digital source types.
"""

from __future__ import annotations

MADE_BY_MACHINE = (
    b"trainedAlgorithmicMedia",
    b"compositeWithTrainedAlgorithmicMedia",
    b"compositeSynthetic",
    b"virtualRecording",
)


def has_credentials(data: bytes, media_type: str) -> bool:
    """Whether a picture carries C2PA."""
    if media_type == "image/jpeg":
        return any(marker == 0xEB and b"c2pa" in body for marker, body in _segments(data))
    if media_type == "image/png":
        return b"caBX" in data and b"c2pa" in data
    if media_type == "image/webp":
        return b"C2PA" in data[12:]
    return False


def says_machine_made(data: bytes) -> bool:
    """Whether the file says that a machine made it or a part of it."""
    return any(word in data for word in MADE_BY_MACHINE)


def _segments(data: bytes) -> list[tuple[int, bytes]]:
    """The marked segments of a JPEG before its points."""
    found, at = [], 2
    while at + 4 <= len(data) and data[at] == 0xFF and data[at + 1] != 0xDA:
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        found.append((data[at + 1], data[at + 4 : at + 2 + length]))
        at += 2 + max(2, length)
    return found
