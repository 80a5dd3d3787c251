"""Pictures that are embedded in a template: what they are by their bytes, how large, and what they say of their making."""

from __future__ import annotations

import base64
import binascii
import warnings
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

from sillage.campaigns.engine.provenance import has_credentials, says_machine_made
from sillage.lib.sentences import Sentence
from sillage.studio.engine.svg_reading import Node, SvgRefused

MOST_POINTS = 24_000_000  # of all embedded pictures together: they are decoded for every picture that is drawn
_FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}


@dataclass(frozen=True, slots=True)
class Embedded:
    """A picture inside a template, as it came."""

    media_type: str
    data: bytes
    place: str
    has_credentials: bool
    says_machine_made: bool


def embedded_pictures(root: Node) -> tuple[Embedded, ...]:
    """Raises SvgRefused where one is not what it says, or all are too large together."""
    found, points = [], 0
    for node in (node for node in root.walk() if node.name == "image"):
        picture, size = _picture(node)
        points += size[0] * size[1]
        if points > MOST_POINTS:
            raise SvgRefused(
                Sentence(
                    "The embedded pictures have more than %(most_points)s million points.",
                    most_points=f"{MOST_POINTS / 1000000.0:.0f}",
                ),
                Sentence("Embed them in the size in which they are seen."),
                node.place,
            )
        found.append(picture)
    return tuple(found)


def _picture(node: Node) -> tuple[Embedded, tuple[int, int]]:
    head, _, body = node.attributes.get("href", "").partition(",")
    media_type = head.removeprefix("data:").removesuffix(";base64")
    try:
        data = base64.b64decode("".join(body.split()), validate=True)
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            size = Image.open(BytesIO(data), formats=[_FORMATS[media_type]]).size
    except (
        KeyError,
        binascii.Error,
        OSError,
        ValueError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ):
        raise SvgRefused(
            Sentence(
                "An embedded picture is no %(media_type)s, or a huge one.", media_type=media_type or Sentence("picture")
            ),
            Sentence("Embed PNG, JPEG or WebP as data:image/…;base64."),
            node.place,
        ) from None
    return Embedded(media_type, data, node.place, has_credentials(data, media_type), says_machine_made(data)), size
