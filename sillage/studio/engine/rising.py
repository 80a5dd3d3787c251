"""What is said more of late in a set of creators: two windows of the same length, compared with an interval.

The difference of two shares of posts with Newcombe's interval, widened after Bonferroni over everything that was compared
(understanding/engine/topic_trends.py). A subject rises when its whole interval is above zero and enough posts of enough
creators carry it; one creator who repeats a hashtag is no trend.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sillage.understanding.engine.topic_trends import Difference, share_difference

VERSION = "rising/1"
FEWEST_POSTS, FEWEST_CREATORS = 5, 2  # of the later window
FEWEST_IN_WINDOW = 20  # posts in each window, below which nothing is said
MOST = 20
QUOTED = 3


@dataclass(frozen=True, slots=True)
class Dated:
    """A post: its ref, whose it is, when, and what it carries (themes, hashtags)."""

    ref: str
    owner: int
    day: date
    subjects: frozenset[str]


@dataclass(frozen=True, slots=True)
class Windows:
    """The days that are compared, first and last both counted, and how many posts each window has."""

    before: tuple[date, date]
    after: tuple[date, date]
    n_before: int
    n_after: int

    @property
    def are_enough(self) -> bool:
        return min(self.n_before, self.n_after) >= FEWEST_IN_WINDOW


@dataclass(frozen=True, slots=True)
class Rising:
    """`before` and `after` are posts with the subject in each window; `creators` of the later one."""

    subject: str
    before: int
    after: int
    creators: int
    first_on: date
    last_on: date
    change: Difference
    refs: tuple[str, ...]  # of the later window, of different creators as far as there are


@dataclass(frozen=True, slots=True)
class Rise:
    """`rising`: those whose interval leaves out no change. `compared`: how many subjects there were to compare."""

    windows: Windows
    rising: tuple[Rising, ...]
    compared: int


def windows_of(posts: Sequence[Dated], until: date, days: int) -> Windows:
    """The last `days` days up to `until`, and as many before them."""
    middle = until - timedelta(days=days)
    before, after = (middle - timedelta(days=days - 1), middle), (middle + timedelta(days=1), until)
    within = [sum(first <= post.day <= last for post in posts) for first, last in (before, after)]
    return Windows(before, after, within[0], within[1])


def rise_of(posts: Sequence[Dated], until: date, days: int) -> Rise:
    """Subjects that rise, the largest sure change first. Nothing where a window has too few posts."""
    windows = windows_of(posts, until, days)
    if not windows.are_enough:
        return Rise(windows, (), 0)
    later: defaultdict[str, list[Dated]] = defaultdict(list)
    earlier: defaultdict[str, int] = defaultdict(int)
    for post in sorted(posts, key=lambda p: (p.day, p.ref)):
        for subject in post.subjects:
            if windows.after[0] <= post.day <= windows.after[1]:
                later[subject].append(post)
            elif windows.before[0] <= post.day <= windows.before[1]:
                earlier[subject] += 1
    counted = {s: found for s, found in later.items() if len(found) >= FEWEST_POSTS}
    made = [_rising(s, found, earlier[s], windows, len(counted)) for s, found in counted.items()]
    kept = [r for r in made if r is not None and r.creators >= FEWEST_CREATORS and r.change.low > 0]
    kept.sort(key=lambda r: (-r.change.low, r.subject))
    return Rise(windows, tuple(kept[:MOST]), len(counted))


def _rising(subject: str, found: Sequence[Dated], before: int, windows: Windows, compared: int) -> Rising | None:
    change = share_difference((before, len(found)), (windows.n_before, windows.n_after), compared)
    if change is None:
        return None
    owners = {post.owner for post in found}
    one_each = {post.owner: post.ref for post in found}
    refs = [*one_each.values(), *(post.ref for post in reversed(found) if post.ref not in set(one_each.values()))]
    return Rising(subject, before, len(found), len(owners), found[0].day, found[-1].day, change, tuple(refs[:QUOTED]))
