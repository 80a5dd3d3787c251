"""The public data of the affinity evaluation: trending videos of YouTube or TikTok, read and made fair.

A video counts once, at its first sighting; English ones are kept. The words of a YouTube channel's name are taken out
of its titles and tags, so that nobody is found by their name; TikTok's authors are hashed, so theirs cannot be.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sillage.lib.errors import Malformed, NotFound
from sillage.lib.late import Late
from sillage.understanding.engine.language import detect
from sillage.understanding.engine.lexical import plain

if TYPE_CHECKING:
    import polars
else:
    polars = Late("polars")

FILE = "USvideos.csv.gz"
COLUMNS = ("video_id", "title", "channel_title", "category_id", "tags")
TIKTOK_FILE = "trending_min.csv"
TIKTOK_COLUMNS = ("video_id", "text", "author_hash", "hashtags")
_WORD = re.compile(r"\w+")
_TAGGED = re.compile(r"[#@]\w+")
_Row = tuple[str, str, int, str]  # title, channel, category, tags
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Videos:
    """One entry per video in tuples of one length, in an order drawn by seed so that ties favour nobody.

    `words` names a text with and without its tags. `is_fresh`: nothing of Sillage was ever chosen on this data.
    """

    channels: tuple[str, ...]
    titles: tuple[str, ...]
    tags: tuple[str, ...]
    categories: tuple[int, ...] | None
    words: tuple[str, str]
    is_fresh: bool

    def texts(self, *, with_tags: bool) -> list[str]:
        """Titles, or titles followed by tags."""
        if not with_tags:
            return list(self.titles)
        return [f"{title}. {tags}" for title, tags in zip(self.titles, self.tags, strict=True)]


def read_videos(data: Path, *, seed: int) -> Videos:
    """Read one of the two files, or the folder that holds it. Raises NotFound or Malformed."""
    path = data
    if data.is_dir():
        path = data / (TIKTOK_FILE if (data / TIKTOK_FILE).is_file() else FILE)
    return _tiktok(path, seed) if path.name == TIKTOK_FILE else _youtube(path, seed)


def _youtube(path: Path, seed: int) -> Videos:
    table = _table(path, COLUMNS).with_columns(polars.col("tags").map_elements(_tags, return_dtype=polars.String))
    rows = _english([(title, channel, category, tags) for _, title, channel, category, tags in table.iter_rows()], seed)
    return Videos(
        channels=tuple(channel for _, channel, _, _ in rows),
        titles=tuple(without_name(title, channel) for title, channel, _, _ in rows),
        tags=tuple(without_name(tags, channel) for _, channel, _, tags in rows),
        categories=tuple(category for _, _, category, _ in rows),
        words=("titles + tags", "titles"),
        is_fresh=False,
    )


def _tiktok(path: Path, seed: int) -> Videos:
    table = _table(path, TIKTOK_COLUMNS).with_columns(polars.col("text", "hashtags").fill_null(""))
    captions = [
        (_TAGGED.sub(" ", text), author, 0, hashtags.replace("|", ", "))
        for _, text, author, hashtags in table.iter_rows()
    ]
    rows = _english([row for row in captions if _WORD.search(row[0])], seed)
    return Videos(
        channels=tuple(author for _, author, _, _ in rows),
        titles=tuple(caption for caption, _, _, _ in rows),
        tags=tuple(hashtags for _, _, _, hashtags in rows),
        categories=None,
        words=("captions + hashtags", "captions"),
        is_fresh=True,
    )


def _english(rows: list[_Row], seed: int) -> list[_Row]:
    """The rows whose text reads as English, shuffled."""
    guesses = detect([f"{title}. {tags}" for title, _, _, tags in rows])
    english = [row for row, guess in zip(rows, guesses, strict=True) if guess is not None and guess.code == "en"]
    return [english[place] for place in np.random.default_rng(seed).permutation(len(english))]


def without_name(text: str, channel: str) -> str:
    """The text without the words of the channel's name, however accented, cased or run together in it."""
    names = set(_WORD.findall(plain(channel))) | set(_WORD.findall(plain(_CAMEL.sub(" ", channel))))
    return _WORD.sub(lambda word: " " if plain(word[0]) in names else word[0], text)


def _table(path: Path, columns: tuple[str, ...]) -> polars.DataFrame:
    if not path.is_file():
        raise NotFound(f"There is no file {path}.", f"Give the folder that holds {FILE} or {TIKTOK_FILE}.")
    try:
        read = polars.read_csv(path, columns=list(columns)).select(columns)
    except (polars.exceptions.PolarsError, UnicodeDecodeError) as error:
        raise Malformed(
            f"{path} is not a table of trending videos: {error}.",
            f"It needs the columns {', '.join(columns)}.",
            place=str(path),
        ) from None
    return read.unique("video_id", keep="first", maintain_order=True)


def _tags(written: str) -> str:
    return "" if written == "[none]" else written.replace('"', "").replace("|", ", ")
