"""Which of an account's posts is the one that was agreed: a score that is the sum of its reasons. A person decides.

Only an exact link is certain. Words in common, codes, hashtags and handles are signs; a post before the day from which it may
be published, or of another format, counts less.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from urllib.parse import parse_qs, urlsplit

from sillage.lib.text import folded

CONFIRM_LIVE = "campaigns.confirm_live"  # what a policy allows: the words of a post suffice
FLOOR = 0.35  # below it nothing is suggested
MOST = 3  # suggestions per deliverable
EARLY = timedelta(days=2)  # a post may come a little before its window and still be the one
LATE = timedelta(days=30)
_LINK, _WORDS_SHARE, _CODE, _TAGS, _HANDLES, _FORMAT, _WINDOW = 1.0, 0.55, 0.25, 0.15, 0.15, 0.05, 0.05
_RUN = 3  # words that stand together
_WORD = re.compile(r"\w+")
_KEYS = (
    ("youtube", re.compile(r"(?:youtu\.be/|youtube\.com/(?:shorts|live|embed)/)([\w-]{6,20})")),
    ("instagram", re.compile(r"instagram\.com/(?:[\w.]+/)?(?:p|reel|reels|tv)/([\w-]+)")),
    ("tiktok", re.compile(r"tiktok\.com/@[\w.-]+/(?:video|photo)/(\d+)")),
    ("x", re.compile(r"(?:twitter|x)\.com/\w+/status/(\d+)")),
    ("bluesky", re.compile(r"bsky\.app/profile/([^/]+/post/\w+)")),
    ("facebook", re.compile(r"facebook\.com/(?:[^?#]*/)?(?:posts|videos|reel)/(?:[^/?#]+/)?([\w-]+)")),
)


class Standing(StrEnum):
    """Where a match stands."""

    SUGGESTED = "suggested"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for. `text` is that of the approved draft, else of the newest. Tags and handles without signs."""

    urls: tuple[str, ...] = ()
    text: str = ""
    codes: tuple[str, ...] = ()
    hashtags: tuple[str, ...] = ()
    mentions: tuple[str, ...] = ()
    format: str = ""
    publish_from: date | None = None
    publish_until: date | None = None


@dataclass(frozen=True, slots=True)
class SeenPost:
    """A post of the account, as the catalogue has it."""

    id: int
    url: str
    network_id: str
    published_at: datetime
    text: str
    format: str | None = None


@dataclass(frozen=True, slots=True)
class MatchReason:
    """One share of a score. `kind`: link, words, code, hashtags, mentions, format, window; `words` shows it."""

    kind: str
    value: float
    words: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A post that may be the one. `score` is the sum of its reasons, at most 1."""

    post: SeenPost
    score: float
    is_by_link: bool
    reasons: tuple[MatchReason, ...] = field(default=())


def matches(sought: Sought, posts: Sequence[SeenPost]) -> list[Found]:
    """The best matches first, at most `MOST`, none under `FLOOR`. An exact link stands alone."""
    found = [_found(sought, post) for post in posts]
    linked = [match for match in found if match.is_by_link]
    if linked:
        return linked[:1]
    likely = [match for match in found if match.score >= FLOOR and _is_in_time(sought, match.post)]
    return sorted(likely, key=lambda m: (-m.score, -m.post.published_at.timestamp(), m.post.id))[:MOST]


def same_address(one: str, other: str) -> bool:
    """Whether two addresses lead to the same post, whatever they carry besides (tracking, mobile hosts)."""
    return bool(one and other) and address_key(one) == address_key(other)


def address_key(url: str) -> str:
    """What an address names: network and id where its network is known, else host and path."""
    parts = urlsplit(url.strip() if "//" in url else f"https://{url.strip()}")
    host = re.sub(r"^(www|m|mobile)\.", "", (parts.hostname or "").lower())
    if host == "youtube.com" and parse_qs(parts.query).get("v"):
        return f"youtube:{parse_qs(parts.query)['v'][0]}"
    whole = f"{host}{parts.path}"
    for network, pattern in _KEYS:
        named = pattern.match(whole)
        if named:
            return f"{network}:{named.group(1)}"
    return whole.rstrip("/")


def _found(sought: Sought, post: SeenPost) -> Found:
    if any(same_address(url, post.url) or address_key(url).endswith(f":{post.network_id}") for url in sought.urls):
        return Found(post, _LINK, True, (MatchReason("link", _LINK, post.url),))
    reasons = [r for r in (*_by_words(sought, post), *_by_place(sought, post)) if r.value]
    return Found(post, round(min(1.0, sum(r.value for r in reasons)), 3), False, tuple(reasons))


def _by_words(sought: Sought, post: SeenPost) -> list[MatchReason]:
    text = folded(post.text)
    words = set(_WORD.findall(text))
    codes = [code for code in sought.codes if folded(code) in words]
    tags = [tag for tag in sought.hashtags if f"#{folded(tag)}" in text]
    handles = [name for name in sought.mentions if f"@{folded(name)}" in text]
    share = shared_runs(sought.text, post.text)
    return [
        MatchReason("words", round(_WORDS_SHARE * share, 3), f"{share:.0%}"),
        MatchReason("code", _CODE if codes else 0.0, ", ".join(codes)),
        MatchReason("hashtags", _part(_TAGS, tags, sought.hashtags), ", ".join(f"#{t}" for t in tags)),
        MatchReason("mentions", _part(_HANDLES, handles, sought.mentions), ", ".join(f"@{h}" for h in handles)),
    ]


def _by_place(sought: Sought, post: SeenPost) -> list[MatchReason]:
    on = post.published_at.date()
    is_in = (sought.publish_from is None or sought.publish_from <= on) and (
        sought.publish_until is None or on <= sought.publish_until
    )
    dated = sought.publish_from or sought.publish_until
    fits = bool(sought.format) and post.format == sought.format
    return [
        MatchReason("format", _FORMAT if fits else 0.0, sought.format),
        MatchReason("window", _WINDOW if dated and is_in else 0.0, on.isoformat()),
    ]


def _part(of: float, found: Sequence[str], wanted: Sequence[str]) -> float:
    return round(of * len(found) / len(wanted), 3) if wanted else 0.0


def _is_in_time(sought: Sought, post: SeenPost) -> bool:
    on = post.published_at.date()
    early = sought.publish_from is not None and on < sought.publish_from - EARLY
    return not early and (sought.publish_until is None or on <= sought.publish_until + LATE)


def shared_runs(draft: str, post: str) -> float:
    """How much of the draft's runs of three words stands in the post, 0..1; of its words where it has fewer than three."""
    wanted, there = _runs(draft), _runs(post)
    return len(wanted & there) / len(wanted) if wanted else 0.0


def _runs(text: str) -> set[tuple[str, ...]]:
    words = _WORD.findall(folded(text))
    size = min(_RUN, len(words))
    return {tuple(words[i : i + size]) for i in range(len(words) - size + 1)} if size else set()
