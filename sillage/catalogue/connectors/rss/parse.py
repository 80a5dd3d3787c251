"""A feed's bytes into records, with feedparser. Malformed feeds give what can be read of them."""

from __future__ import annotations

import hashlib
import io
import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import feedparser

from sillage.catalogue.connectors.fields import (
    ID_LENGTH,
    Unfit,
    address,
    hashtags,
    language,
    past,
    sorted_out,
    words,
)
from sillage.catalogue.connectors.port import SetAside, TargetUnreadable
from sillage.catalogue.engine.records import AccountRecord, PostRecord
from sillage.lib.errors import Malformed, Refusal
from sillage.lib.sentences import Sentence
from sillage.lib.text import shortened

NETWORK = "rss"
EXCERPT_LENGTH = 500  # an excerpt and the link back; the text itself stays where it was published

_HOST = re.compile(r"[\w.-]+|[0-9a-f:.]+")
_APART = frozenset({"p", "br", "div", "li", "ul", "ol", "tr", "td", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote"})
_UNSEEN = frozenset({"script", "style", "template"})


class NotAFeed(Malformed):
    """What the address answers is neither RSS nor Atom."""


@dataclass(frozen=True, slots=True)
class ReadFeed:
    account: AccountRecord
    posts: tuple[PostRecord, ...]
    set_aside: tuple[SetAside, ...]
    notes: tuple[str, ...]


class FeedOfAnotherConnector(Refusal):
    """The feed belongs to a network with terms of its own, which its own connector keeps."""


def feed_address(target: str) -> str:
    """The address of a feed, in one spelling. Raises TargetUnreadable and FeedOfAnotherConnector.

    YouTube treats its feeds as API data, with limits on storage and on what is derived
    (https://developers.google.com/youtube/v3/guides/push_notifications).
    """
    typed = target.strip()
    try:
        parts = urlsplit(typed if "://" in typed else f"https://{typed}")
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        host, port, parts = "", None, urlsplit("")
    is_web = parts.scheme in ("http", "https") and _HOST.fullmatch(host) is not None
    if not is_web or "@" in parts.netloc or len(typed) > ID_LENGTH:
        raise TargetUnreadable(
            Sentence("“%(shortened)s” is not the address of a feed.", shortened=shortened(target, 80)),
            Sentence(
                "It begins with https:// or http://, names no user, and has at most %(id_length)s characters.",
                id_length=ID_LENGTH,
            ),
        )
    if host == "youtube.com" or host.endswith(".youtube.com"):
        raise FeedOfAnotherConnector(
            Sentence(
                "“%(shortened)s” is a feed of YouTube, whose terms the YouTube connector keeps.",
                shortened=shortened(target, 80),
            ),
            Sentence("Connect the channel instead: `sillage connect youtube @handle`."),
        )
    netloc = f"[{host}]" if ":" in host else host
    is_usual = port in (None, 80 if parts.scheme == "http" else 443)
    return urlunsplit((parts.scheme, netloc if is_usual else f"{netloc}:{port}", parts.path or "/", parts.query, ""))


def read_feed(body: bytes, feed_url: str, content_type: str, now: datetime) -> ReadFeed:
    """The account and posts in a feed. Raises NotAFeed."""
    headers = {"content-type": content_type, "content-location": feed_url}
    parsed = feedparser.parse(io.BytesIO(body), response_headers=headers)
    entries = list(parsed.get("entries", []))
    if not parsed.get("version") and not entries:
        raise NotAFeed(
            Sentence("%(feed_url)s answers something that is neither RSS nor Atom.", feed_url=feed_url),
            Sentence("Look for the feed's own address on the site; it often ends in /feed, /rss or .xml."),
        )
    kept, aside = sorted_out(entries, _name, lambda entry: _post(entry, feed_url, now))
    notes = ("The feed is malformed; what could be read of it was kept.",) if parsed.get("bozo") else ()
    posts = tuple({post.network_id: post for post in kept}.values())
    return ReadFeed(_account(parsed["feed"], feed_url), posts, tuple(aside), notes)


def text_of(html: str) -> str:
    """The text of a piece of HTML, blocks set apart by a space."""
    reader = _TextReader()
    reader.feed(html)
    reader.close()
    return " ".join("".join(reader.pieces).split())


class _TextReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self._unseen += tag in _UNSEEN
        if tag in _APART:
            self.pieces.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self._unseen = max(self._unseen - (tag in _UNSEEN), 0)
        if tag in _APART:
            self.pieces.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.pieces.append(data)


def _account(feed: Any, feed_url: str) -> AccountRecord:
    declared = language(feed.get("language"))
    host = (urlsplit(feed_url).hostname or "").removeprefix("www.")
    return AccountRecord(
        network=NETWORK,
        network_id=feed_url,
        handle=host,
        name=_plain(feed, "title")[:ID_LENGTH] or host,
        bio=shortened(_plain(feed, "subtitle"), EXCERPT_LENGTH),
        url=address(feed.get("link")) or feed_url,
        languages=(declared,) if declared else (),
    )


def _post(entry: Any, feed_url: str, now: datetime) -> PostRecord:
    """Raises Unfit for an entry without id and link, or without a usable date."""
    content = next((text_of(words(part.get("value"))) for part in entry.get("content", [])), "")
    return PostRecord(
        network=NETWORK,
        account_network_id=feed_url,
        network_id=_network_id(entry),
        published_at=past(_instant(entry), now),
        title=_plain(entry, "title"),
        text=shortened(_plain(entry, "summary") or content, EXCERPT_LENGTH),
        hashtags=hashtags(tag.get("term") or "" for tag in entry.get("tags", [])),
        format=_format(entry),
        url=address(entry.get("link")),
        duration_s=_seconds(words(entry.get("itunes_duration"))),
    )


def _plain(owner: Any, field: str) -> str:
    """A field as text: feedparser says of each whether it is HTML."""
    value = words(owner.get(field))
    kind = (owner.get(f"{field}_detail") or {}).get("type")
    return value if kind == "text/plain" else text_of(value)


def _name(entry: Any) -> Any:
    return entry.get("id") or entry.get("link") or entry.get("title")


def _network_id(entry: Any) -> str:
    """The video id of a YouTube feed, else the entry's id or link; a very long one by its digest."""
    name = words(entry.get("yt_videoid")) or words(entry.get("id")) or words(entry.get("link"))
    if not name:
        raise Unfit(Sentence("It has neither id nor link."))
    return name if len(name) <= ID_LENGTH else f"sha256:{hashlib.sha256(name.encode()).hexdigest()}"


def _instant(entry: Any) -> datetime | None:
    # dict.get: feedparser's own look-up takes one date for the other, and warns that it will stop doing so.
    parsed: time.struct_time | None = dict.get(entry, "published_parsed") or dict.get(entry, "updated_parsed")
    if parsed is None:
        return None
    try:
        return datetime(*parsed[:5], min(parsed.tm_sec, 59), tzinfo=UTC)
    except ValueError:
        return None


def _format(entry: Any) -> str:
    kinds = {words(enclosure.get("type")).split("/")[0] for enclosure in entry.get("enclosures", [])}
    if entry.get("yt_videoid") or "video" in kinds:
        return "video"
    return "audio" if "audio" in kinds else "article"


def _seconds(duration: str) -> float | None:
    """A podcast's “3600”, “60:00” or “1:00:00” in seconds."""
    parts = duration.split(":")
    if len(parts) > 3 or not all(part.isascii() and part.isdecimal() and len(part) < 7 for part in parts):
        return None
    total = 0
    for part in parts:
        total = total * 60 + int(part)
    return float(total) or None
