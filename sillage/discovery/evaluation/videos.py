"""The public data of the affinity evaluation: trending YouTube videos, read and made fair.

A video counts once, at its first sighting; English ones are kept; the words of a channel's name are taken out of
its titles and tags, so that nobody is found by their name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from sillage.lib.errors import Malformed, NotFound
from sillage.understanding.engine.language import detect
from sillage.understanding.engine.lexical import plain

FILE = "USvideos.csv.gz"
COLUMNS = ("video_id", "title", "channel_title", "category_id", "tags")
_WORD = re.compile(r"\w+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Videos:
    """One entry per video in four tuples of one length, in an order drawn by seed so that ties favour nobody."""

    channels: tuple[str, ...]
    categories: tuple[int, ...]
    titles: tuple[str, ...]
    tags: tuple[str, ...]

    def texts(self, *, with_tags: bool) -> list[str]:
        """Titles, or titles followed by tags."""
        if not with_tags:
            return list(self.titles)
        return [f"{title}. {tags}" for title, tags in zip(self.titles, self.tags, strict=True)]


def read_videos(data: Path, *, seed: int) -> Videos:
    """Read the file, or the folder that holds it. Raises NotFound or Malformed."""
    path = data / FILE if data.is_dir() else data
    table = _table(path).unique("video_id", keep="first", maintain_order=True)
    table = table.with_columns(pl.col("tags").map_elements(_tags, return_dtype=pl.String))
    texts = [f"{title}. {tags}" for title, tags in table.select("title", "tags").iter_rows()]
    english = [guess is not None and guess.code == "en" for guess in detect(texts)]
    table = table.filter(pl.Series(english))
    rows = [table.row(int(place)) for place in np.random.default_rng(seed).permutation(table.height)]
    return Videos(
        channels=tuple(channel for _, _, channel, _, _ in rows),
        categories=tuple(category for _, _, _, category, _ in rows),
        titles=tuple(without_name(title, channel) for _, title, channel, _, _ in rows),
        tags=tuple(without_name(tags, channel) for _, _, channel, _, tags in rows),
    )


def without_name(text: str, channel: str) -> str:
    """The text without the words of the channel's name, however accented, cased or run together in it."""
    names = set(_WORD.findall(plain(channel))) | set(_WORD.findall(plain(_CAMEL.sub(" ", channel))))
    return _WORD.sub(lambda word: " " if plain(word[0]) in names else word[0], text)


def _table(path: Path) -> pl.DataFrame:
    if not path.is_file():
        raise NotFound(f"There is no file {path}.", f"Give the folder that holds {FILE}.")
    try:
        return pl.read_csv(path, columns=list(COLUMNS)).select(COLUMNS)
    except (pl.exceptions.PolarsError, UnicodeDecodeError) as error:
        raise Malformed(
            f"{path} is not a table of trending videos: {error}.",
            f"It needs the columns {', '.join(COLUMNS)}.",
            place=str(path),
        ) from None


def _tags(written: str) -> str:
    return "" if written == "[none]" else written.replace('"', "").replace("|", ", ")
