"""Which posts say what somebody published before: the account itself, another creator, a brand's archive."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sillage.understanding.engine.originality import (
    FEWEST_CHARACTERS,
    SAME,
    Alike,
    families,
    jaccard,
    plain_text,
    runs_of,
)

MOST_EARLIER = 40  # of a family, with which each of its posts is compared
MOST_EXAMPLES = 6

OWN, OTHER, ARCHIVE = "own", "other", "archive"


@dataclass(frozen=True, slots=True)
class Written:
    """A text with who published it when. An archived text of a brand has `brand` and neither account nor time."""

    text: str
    account: int | None = None
    creator: int | None = None
    post: int | None = None
    at: datetime | None = None
    brand: str = ""


@dataclass(frozen=True, slots=True)
class Echo:
    """A post that says nearly what `of` says, which was there before. `days` lie between them; None for an archive."""

    post: int
    kind: str
    of: Written
    similarity: float
    days: int | None


@dataclass(slots=True)
class Echoes:
    """Of one account: posts long enough to compare, and how many of them echo what.

    `followed` are its posts that other creators published nearly alike later; `sources` and `followers` are the accounts.
    """

    read: int = 0
    own: int = 0
    others: int = 0
    archive: int = 0
    followed: int = 0
    sources: set[int] = field(default_factory=set)
    followers: set[int] = field(default_factory=set)
    brands: set[str] = field(default_factory=set)
    examples: list[Echo] = field(default_factory=list)


def echoes(texts: Sequence[Written], pairs: Sequence[Alike]) -> dict[int, Echoes]:
    """Per account. `pairs` are of places in `texts`; each post counts once per kind."""
    found: defaultdict[int, Echoes] = defaultdict(Echoes)
    for text in texts:
        if text.account is not None and len(plain_text(text.text)) >= FEWEST_CHARACTERS:
            found[text.account].read += 1
    followed: set[tuple[int, int]] = set()
    for family in families(pairs):
        _compare([texts[place] for place in family], found, followed)
    for account, own in found.items():
        own.followed = sum(1 for owner, _ in followed if owner == account)
        own.examples.sort(key=lambda e: (e.kind == OWN, -e.similarity, e.post))
        del own.examples[MOST_EXAMPLES:]
    return dict(found)


def _compare(family: Sequence[Written], found: dict[int, Echoes], followed: set[tuple[int, int]]) -> None:
    """Each post of a family with what was there before it."""
    archive = [t for t in family if t.account is None]
    posts = sorted((t for t in family if t.account is not None), key=lambda t: (t.at, t.post))
    runs = {id(t): runs_of(plain_text(t.text)) for t in family}
    for place, post in enumerate(posts):
        seen: set[str] = set()
        for earlier in [*archive, *posts[: min(place, MOST_EARLIER)]]:
            kind = ARCHIVE if earlier.account is None else OWN if earlier.creator == post.creator else OTHER
            similarity = 0.0 if kind in seen else jaccard(runs[id(post)], runs[id(earlier)])
            if similarity >= SAME:
                seen.add(kind)
                _count(post, Echo(post.post or 0, kind, earlier, round(similarity, 3), _days(earlier, post)), found)
                if kind == OTHER and earlier.account is not None and earlier.post is not None:
                    followed.add((earlier.account, earlier.post))
                    found[earlier.account].followers.add(post.account or 0)


def _count(post: Written, echo: Echo, found: dict[int, Echoes]) -> None:
    own = found[post.account or 0]
    if echo.kind == OWN:
        own.own += 1
    elif echo.kind == OTHER:
        own.others += 1
        own.sources.add(echo.of.account or 0)
    else:
        own.archive += 1
        own.brands.add(echo.of.brand)
    own.examples.append(echo)


def _days(earlier: Written, post: Written) -> int | None:
    return (post.at - earlier.at).days if earlier.at and post.at else None
