"""What comes into the catalogue, whatever brought it: an import, a connector or the sample world.

Records are keyed by what the network calls things; `keys.py` turns those into Sillage's own ids. Missing is None, never 0.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

NETWORKS: tuple[str, ...] = (
    "bluesky",
    "facebook",
    "instagram",
    "mastodon",
    "rss",
    "snapchat",
    "tiktok",
    "twitch",
    "x",
    "youtube",
)

FORMATS: tuple[str, ...] = ("article", "audio", "image", "live", "short_video", "story", "text", "video")


class SourceClass(StrEnum):
    """How a number was obtained. Measured (the first two) is never mixed with estimated."""

    AUTHENTICATED = "authenticated"  # the creator connected the account
    PUBLIC = "public"  # anybody can read it
    ESTIMATED = "estimated"  # somebody's guess


class Measure(StrEnum):
    FOLLOWERS = "followers"
    FOLLOWING = "following"
    POSTS = "posts"
    VIEWS = "views"
    LIKES = "likes"
    DISLIKES = "dislikes"
    COMMENTS = "comments"
    SHARES = "shares"
    SAVES = "saves"
    REACH = "reach"


@dataclass(frozen=True, slots=True)
class AccountRecord:
    """A creator on one network. `creator_key` groups the accounts of one person; without it the account stands alone."""

    network: str
    network_id: str
    handle: str
    name: str = ""
    bio: str = ""
    url: str = ""
    country: str | None = None  # ISO 3166-1 alpha-2, as declared
    languages: tuple[str, ...] = ()  # ISO 639-1, as declared
    creator_key: str | None = None
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PostRecord:
    network: str
    account_network_id: str
    network_id: str
    published_at: datetime
    title: str = ""
    text: str = ""
    hashtags: tuple[str, ...] = ()  # as the network gives them beside the text, without '#'
    format: str | None = None  # one of FORMATS
    url: str = ""
    language: str | None = None  # ISO 639-1, as declared by the network
    paid_label: bool | None = None  # the network's own paid-partnership label
    duration_s: float | None = None


@dataclass(frozen=True, slots=True)
class CommentRecord:
    """A comment under a post. The author is kept as a hash only: commenters are not the catalogue's subject."""

    network: str
    account_network_id: str  # of the post's account
    post_network_id: str
    network_id: str
    published_at: datetime
    text: str
    author_network_id: str = ""  # hashed before it is stored
    reply_to_network_id: str | None = None
    likes: int | None = None


@dataclass(frozen=True, slots=True)
class ObservationRecord:
    """A measured number at a time, of an account (post_network_id is None) or of a post."""

    network: str
    account_network_id: str
    measure: Measure
    value: int
    api_field: str  # the network's own name of the number, e.g. "statistics.viewCount"
    source_class: SourceClass
    observed_at: datetime
    post_network_id: str | None = None


@dataclass(frozen=True, slots=True)
class RawAnswer:
    """What a network answered, word for word, so that it can be parsed again. `refresh_by` is a duty (YouTube: 30 days)."""

    network: str
    account_network_id: str
    endpoint: str
    fetched_at: datetime
    body: bytes
    refresh_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Records that belong together and are stored in one transaction."""

    accounts: tuple[AccountRecord, ...] = ()
    posts: tuple[PostRecord, ...] = ()
    comments: tuple[CommentRecord, ...] = ()
    observations: tuple[ObservationRecord, ...] = ()
    raw: tuple[RawAnswer, ...] = field(default=())
