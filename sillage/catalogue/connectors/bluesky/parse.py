"""Lexicon-shaped views into records. Counts that are absent or null give no observation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sillage.catalogue.connectors.fields import (
    ID_LENGTH,
    Unfit,
    address,
    count,
    hashtags,
    identifier,
    inner,
    instant,
    language,
    objects,
    past,
    texts,
    words,
)
from sillage.catalogue.connectors.port import TargetUnreadable
from sillage.catalogue.engine.records import (
    AccountRecord,
    CommentRecord,
    Measure,
    ObservationRecord,
    PostRecord,
    SourceClass,
)
from sillage.lib.sentences import Sentence

NETWORK = "bluesky"
PRIVATE_LABEL = "!no-unauthenticated"
HIDING_LABELS = frozenset({"!hide", "!takedown", "!suspend"})

ACCOUNT_COUNTS = {
    "followersCount": Measure.FOLLOWERS,
    "followsCount": Measure.FOLLOWING,
    "postsCount": Measure.POSTS,
}
# quoteCount is left alone: a quote is neither a share nor a comment, and there is no measure of its own for it.
POST_COUNTS = {
    "likeCount": Measure.LIKES,
    "repostCount": Measure.SHARES,
    "replyCount": Measure.COMMENTS,
    "bookmarkCount": Measure.SAVES,
}
_FORMAT_OF_EMBED = {
    "app.bsky.embed.external#view": "text",
    "app.bsky.embed.gallery#view": "image",
    "app.bsky.embed.images#view": "image",
    "app.bsky.embed.record#view": "text",
    "app.bsky.embed.video#view": "video",
}

_DID = re.compile(r"did:(plc:[a-z2-7]{24}|web:[a-zA-Z0-9.%-]+)")
_HANDLE = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?")
_PROFILE = re.compile(r"(https?://)?bsky\.app/profile/([^/?#]+).*")


def actor(target: str) -> str:
    """The handle or DID in a target: “@handle”, “handle”, a DID or a profile address. Raises TargetUnreadable."""
    named = target.strip()
    page = _PROFILE.fullmatch(named)
    name = (page[2] if page else named).lstrip("@")
    if _DID.fullmatch(name):
        return name
    if _HANDLE.fullmatch(name.casefold()):
        return name.casefold()
    raise TargetUnreadable(
        Sentence("“%(target)s” is not a Bluesky handle.", target=target),
        Sentence("A handle looks like chiara.bsky.social; a DID or a profile address also do."),
    )


def labels(view: dict[str, Any], now: datetime) -> frozenset[str]:
    """The labels in force on an account or a post view: neither negated nor expired."""
    standing = [label for label in objects(view.get("labels")) if not label.get("neg")]
    ends = [(words(label.get("val")), instant(label.get("exp"))) for label in standing]
    return frozenset(value for value, end in ends if end is None or end > now)


def is_hidden(view: dict[str, Any], now: datetime) -> bool:
    """Whether its network hides an account or a post from everybody."""
    return bool(labels(view, now) & HIDING_LABELS)


def account(profile: dict[str, Any]) -> AccountRecord:
    """From app.bsky.actor.defs#profileViewDetailed. Raises Unfit without a DID."""
    did = identifier(profile.get("did"))
    handle = words(profile.get("handle"), ID_LENGTH)
    return AccountRecord(
        network=NETWORK,
        network_id=did,
        handle=handle if handle and handle != "handle.invalid" else did,
        name=words(profile.get("displayName"), ID_LENGTH),
        bio=words(profile.get("description")),
        url=f"https://bsky.app/profile/{did}",
        created_at=instant(profile.get("createdAt")),
    )


def account_numbers(profile: dict[str, Any], now: datetime) -> list[ObservationRecord]:
    return _numbers(profile, ACCOUNT_COUNTS, words(profile.get("did")), None, now)


def own_posts(feed: list[dict[str, Any]], did: str) -> list[dict[str, Any]]:
    """The post views of a feed that are the account's own: no reposts, and of the replies only those to itself."""
    own = []
    for item in feed:
        parents = [inner(item, "reply", key, "author") for key in ("root", "parent")]
        is_reply = bool(inner(item, "post", "record", "reply"))
        answers_itself = all(parent.get("did") == did for parent in parents)
        if (
            "reason" not in item
            and inner(item, "post", "author").get("did") == did
            and (not is_reply or answers_itself)
        ):
            own.append(inner(item, "post"))
    return own


def moments(feed: list[dict[str, Any]]) -> list[datetime]:
    """By what a feed is sorted: when a post was reposted, or written, or first seen if it says that this was later."""
    known = []
    for item in feed:
        view = inner(item, "post")
        repost = instant(inner(item, "reason").get("indexedAt"))
        dated = (instant(inner(view, "record").get("createdAt")), instant(view.get("indexedAt")))
        own = [at for at in dated if at is not None]
        known += [repost] if repost else [min(own)] if own else []
    return known


def post(view: dict[str, Any], did: str, now: datetime) -> PostRecord:
    """From app.bsky.feed.defs#postView. Raises Unfit without id or usable date."""
    uri = identifier(view.get("uri"))
    record = inner(view, "record")
    return PostRecord(
        network=NETWORK,
        account_network_id=did,
        network_id=uri,
        published_at=past(instant(record.get("createdAt")), now),
        text=words(record.get("text")),
        hashtags=_hashtags(record),
        format=_format(view),
        url=address(f"https://bsky.app/profile/{did}/post/{uri.rsplit('/', 1)[-1]}"),
        language=_language(record),
    )


def post_numbers(view: dict[str, Any], did: str, now: datetime) -> list[ObservationRecord]:
    return _numbers(view, POST_COUNTS, did, words(view.get("uri")), now)


def replies(thread: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The post views below an app.bsky.feed.defs#threadViewPost, at any depth; blocked and deleted posts have none."""
    below = objects(thread.get("replies"))[::-1]
    while below:
        node = below.pop()
        if inner(node, "post"):
            yield inner(node, "post")
        below.extend(objects(node.get("replies"))[::-1])


def replies_left_out(thread: dict[str, Any]) -> int:
    """How many replies the posts of a thread have beyond those that are shown or were deleted, at any depth."""
    missing, nodes = 0, [thread]
    while nodes:
        node = nodes.pop()
        below = [reply for reply in objects(node.get("replies")) if inner(reply, "post") or reply.get("notFound")]
        missing += max((count(inner(node, "post").get("replyCount")) or 0) - len(below), 0)
        nodes.extend(below)
    return missing


def comment(view: dict[str, Any], did: str, post_uri: str, now: datetime) -> CommentRecord:
    """From a reply's post view. It goes by its CID, because its URI names its author. Raises Unfit."""
    if PRIVATE_LABEL in labels(inner(view, "author"), now):
        raise Unfit(Sentence("Its author asks not to be shown to those who are not signed in."))
    if is_hidden(view, now):
        raise Unfit(Sentence("Its network hides it."))
    record = inner(view, "record")
    parent = inner(record, "reply", "parent")
    return CommentRecord(
        network=NETWORK,
        account_network_id=did,
        post_network_id=post_uri,
        network_id=identifier(view.get("cid")),
        published_at=past(instant(record.get("createdAt")), now),
        text=words(record.get("text")),
        author_network_id=words(inner(view, "author").get("did"), ID_LENGTH),
        reply_to_network_id=None if parent.get("uri") == post_uri else words(parent.get("cid"), ID_LENGTH) or None,
        likes=count(view.get("likeCount")),
    )


def _numbers(
    view: dict[str, Any], counts: dict[str, Measure], did: str, post_uri: str | None, now: datetime
) -> list[ObservationRecord]:
    read = ((api_field, measure, count(view.get(api_field))) for api_field, measure in counts.items())
    return [
        ObservationRecord(NETWORK, did, measure, value, api_field, SourceClass.PUBLIC, now, post_uri)
        for api_field, measure, value in read
        if value is not None
    ]


def _hashtags(record: dict[str, Any]) -> tuple[str, ...]:
    features = [f for facet in objects(record.get("facets")) for f in objects(facet.get("features"))]
    marked = [words(f.get("tag")) for f in features if f.get("$type") == "app.bsky.richtext.facet#tag"]
    return hashtags([*marked, *texts(record.get("tags"))])


def _language(record: dict[str, Any]) -> str | None:
    """The declared language, where there is exactly one."""
    declared = {language(tag) for tag in texts(record.get("langs"))} - {None}
    return declared.pop() if len(declared) == 1 else None


def _format(view: dict[str, Any]) -> str | None:
    embed = inner(view, "embed")
    if embed.get("$type") == "app.bsky.embed.recordWithMedia#view":
        embed = inner(embed, "media")
    return _FORMAT_OF_EMBED.get(words(embed.get("$type"))) if embed else "text"
