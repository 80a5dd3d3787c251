"""The points of an uploaded picture, to take colours from. Decoding is bounded as for drafts; nothing of the file is kept."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from sillage.campaigns.engine.pictures import cleaned_picture
from sillage.campaigns.engine.uploads import HEAD, MOST_PICTURE, FileRefused, media_type_of
from sillage.lib.sentences import Sentence
from sillage.studio.engine.palette import MOST_PIXELS

SIDE = 160  # pixels to which a picture is made smaller before its colours are counted
OPAQUE = 128

Pixels = NDArray[np.uint8]


def pixels_of(data: bytes, name: str) -> Pixels:
    """The points of a picture, (points, 3) sRGB, see-through ones left out. Raises FileRefused."""
    if len(data) > MOST_PICTURE:
        raise FileRefused(
            Sentence("“%(name)s” is larger than %(most_picture)s MB.", name=name, most_picture=MOST_PICTURE // 1024**2),
            Sentence("Send a smaller picture."),
            place=name,
        )
    media_type = media_type_of(data[:HEAD], name)
    if not media_type.startswith("image/"):
        raise FileRefused(
            Sentence("“%(name)s” is a film, and colours are taken from pictures.", name=name),
            Sentence("Send a still."),
            place=name,
        )
    clean = cleaned_picture(data, media_type, name)
    with Image.open(BytesIO(clean.data)) as picture:
        small = picture.convert("RGBA")
        small.thumbnail((SIDE, SIDE), Image.Resampling.BOX)
        points = np.asarray(small, dtype=np.uint8).reshape(-1, 4)
    return np.ascontiguousarray(points[points[:, 3] >= OPAQUE, :3])


def together(pictures: Sequence[Pixels]) -> Pixels:
    """Points of several pictures, as many of each: a large picture does not outweigh the others."""
    filled = [points for points in pictures if len(points)]
    if not filled:
        return np.zeros((0, 3), np.uint8)
    each = max(1, MOST_PIXELS // len(filled))
    taken = [points[np.linspace(0, len(points) - 1, min(each, len(points))).astype(np.int64)] for points in filled]
    return np.concatenate([np.resize(points, (each, 3)) for points in taken])
