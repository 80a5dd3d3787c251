"""The post that an account would make next: of a format it uses, at its usual hour and after its usual pause."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from sillage.understanding.engine.history import PostDone, PostMade

FEWEST_OF_FORMAT = 3
MOST_FORMATS = 4


def formats_used(posts: Sequence[PostDone]) -> list[str]:
    """Formats of which the account made FEWEST_OF_FORMAT posts or more, most frequent first."""
    counts = Counter(p.made.format for p in posts if p.made.format)
    used = [f for f, n in counts.items() if n >= FEWEST_OF_FORMAT]
    return sorted(used, key=lambda f: (-counts[f], f))[:MOST_FORMATS]


def next_post(posts: Sequence[PostDone], form: str) -> PostMade:
    """`posts` are the account's, oldest first, with at least one of the format."""
    alike = [p.made for p in posts if p.made.format == form]
    return PostMade(
        account=alike[-1].account,
        at=_usual_time([p.made.at for p in posts]),
        format=form,
        network=alike[-1].network,
        text_length=round(median(p.text_length for p in alike)),
        title_length=round(median(p.title_length for p in alike)),
        hashtags=round(median(p.hashtags for p in alike)),
        themes=_mean_shares(alike),
    )


def _usual_time(times: Sequence[datetime]) -> datetime:
    """The usual pause after the last post, at the hour that is most frequent."""
    pauses = [(b - a).total_seconds() for a, b in pairwise(times)]
    at = times[-1] + timedelta(seconds=median(pauses) if pauses else 7 * 86_400)
    hour = Counter(t.hour for t in times).most_common(1)[0][0]
    return at.replace(hour=hour, minute=0, second=0, microsecond=0)


def _mean_shares(posts: Sequence[PostMade]) -> tuple[tuple[str, float], ...]:
    totals: Counter[str] = Counter()
    for post in posts:
        totals.update(dict(post.themes))
    return tuple(sorted((theme, share / len(posts)) for theme, share in totals.items()))
