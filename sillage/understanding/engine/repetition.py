"""How often the same comment was written: by one author, or word for word under several posts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sillage.lib.text import folded

SHORTEST_BY_ONE = 8  # letters and digits of a text that one author repeats
SHORTEST_BY_MANY = 25  # of a text under several posts: shorter ones (“so beautiful”) are everybody's


@dataclass(frozen=True, slots=True)
class Written:
    """A comment's text, the keyed hash of its author (None where unknown), and the post that it stands under."""

    text: str
    author: bytes | None
    post_id: int


def essence(text: str) -> str:
    """Letters and digits alone: what repetition is recognised by."""
    return "".join(c for c in folded(text) if c.isalnum())


def repeats(comments: Sequence[Written]) -> list[int]:
    """For each comment, how often its author wrote it, itself included; 2 where it stands under several posts.

    The same long words by different people are a hint only: some remarks are everybody's.
    """
    by_author: defaultdict[tuple[bytes, str], int] = defaultdict(int)
    posts: defaultdict[str, set[int]] = defaultdict(set)
    essences = [essence(comment.text) for comment in comments]
    for comment, text in zip(comments, essences, strict=True):
        if comment.author is not None and len(text) >= SHORTEST_BY_ONE:
            by_author[comment.author, text] += 1
        if len(text) >= SHORTEST_BY_MANY:
            posts[text].add(comment.post_id)
    return [
        max(1, by_author.get((c.author or b"", text), 0), min(2, len(posts.get(text, ()))))
        for c, text in zip(comments, essences, strict=True)
    ]
