"""What comments under an account's posts look like together: repeated, generic, from a few, in languages that do not fit.

Each figure is of the comments as a whole. Nobody who commented is judged, and none of it proves anything by itself: loyal
friends are few, praise is often short, and audiences are international.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from sillage.lib.text import folded

FEWEST = 20  # comments, below which nothing is said
FEWEST_POSTS = 5
MOST_GENERIC_WORDS = 6
REGULAR = 0.5  # of the posts with comments: who comments under as many is a regular
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class CommentSeen:
    """A comment as it is compared. `author` is any stable mark of who wrote it; `language` as an enricher found it."""

    post_id: int
    text: str
    author: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class CommentQuality:
    """Shares are 0..1; None where it could not be asked.

    `repeated` is the chance that two comments drawn at random say the same words (Simpson, 1949: it does not grow with
    the number of comments); `generic` the share that is praise for anything; `regulars` the share written by people who
    comment under half of the posts or more; `foreign` the share in languages that the account does not write.
    """

    n: int
    posts: int
    authors: int
    repeated: float | None
    generic: float
    regulars: float | None
    foreign: float | None


def comment_quality(comments: Sequence[CommentSeen], languages: frozenset[str]) -> CommentQuality | None:
    """None with fewer than FEWEST comments. `languages` are those that the account writes; English fits everywhere."""
    if len(comments) < FEWEST:
        return None
    said = [tuple(_WORD.findall(folded(c.text))) for c in comments]
    known = [c.language for c in comments if c.language]
    has_languages = bool(languages) and len(known) >= FEWEST
    return CommentQuality(
        n=len(comments),
        posts=len({c.post_id for c in comments}),
        authors=len({c.author for c in comments if c.author}),
        repeated=_repeated([words for words in said if words]),
        generic=sum(_is_generic(words) for words in said) / len(said),
        regulars=_regulars(comments),
        foreign=sum(code not in languages | {"en"} for code in known) / len(known) if has_languages else None,
    )


def _repeated(said: Sequence[tuple[str, ...]]) -> float | None:
    if len(said) < FEWEST:
        return None
    pairs = len(said) * (len(said) - 1)
    return sum(n * (n - 1) for n in Counter(said).values()) / pairs


def _is_generic(words: tuple[str, ...]) -> bool:
    """Emoji alone, or a few words that are all praise for anything."""
    return len(words) <= MOST_GENERIC_WORDS and all(word in _praise() for word in words)


def _regulars(comments: Sequence[CommentSeen]) -> float | None:
    under: defaultdict[str, set[int]] = defaultdict(set)
    for comment in comments:
        if comment.author:
            under[comment.author].add(comment.post_id)
    posts = len({c.post_id for c in comments if c.author})
    if posts < FEWEST_POSTS:
        return None
    regular = {author for author, where in under.items() if len(where) >= REGULAR * posts}
    written = [c for c in comments if c.author]
    return sum(c.author in regular for c in written) / len(written)


@cache
def _praise() -> frozenset[str]:
    text = resources.files("sillage.understanding.engine").joinpath("generic_praise.toml").read_text(encoding="utf8")
    return frozenset(word for words in tomllib.loads(text).values() for word in _WORD.findall(words))
