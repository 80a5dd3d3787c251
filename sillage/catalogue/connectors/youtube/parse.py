"""Data API resources into records. A hidden or absent number gives no observation.

Not recorded: `favoriteCount` of a video and `commentCount` of a channel, which the API keeps but no longer counts.
Subscriber counts are as the API gives them, rounded down to three digits.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from sillage.catalogue.connectors.fields import (
    ID_LENGTH,
    Unfit,
    count,
    country,
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

NETWORK = "youtube"

# The API has no flag for a Short. Up to a minute was a Short's length from the first day on; the longer ones (up to
# three minutes since October 2024) cannot be told from other videos and stay “video”.
LONGEST_SHORT_S = 60.0

CHANNEL_COUNTS = {
    "subscriberCount": Measure.FOLLOWERS,
    "viewCount": Measure.VIEWS,
    "videoCount": Measure.POSTS,
}
VIDEO_COUNTS = {
    "viewCount": Measure.VIEWS,
    "likeCount": Measure.LIKES,
    "dislikeCount": Measure.DISLIKES,
    "commentCount": Measure.COMMENTS,
}

_CHANNEL_ID = re.compile(r"UC[\w-]{22}")
_HANDLE = re.compile(r"@?[\w.·-]{3,100}")
_PAGE = re.compile(r"(?:https?://)?(?:www\.|m\.)?youtube\.com/(?:(channel|user|c)/)?(@?[^/?#]+).*")
_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")


def channel_filter(target: str) -> dict[str, str]:
    """The filter of channels.list that a target means: id, forUsername or forHandle. Raises TargetUnreadable."""
    named = target.strip()
    page = _PAGE.fullmatch(named)
    kind, name = (page[1], page[2]) if page else (None, named)
    if name.startswith("user/"):
        kind, name = "user", name.removeprefix("user/")
    if kind != "user" and _CHANNEL_ID.fullmatch(name):
        return {"id": name}
    if kind == "c" or not _HANDLE.fullmatch(name) or (page and kind is None and not name.startswith("@")):
        raise TargetUnreadable(
            Sentence("“%(target)s” does not name a YouTube channel that can be looked up.", target=target),
            Sentence("Give a handle (@chiara), a channel id (UC...), or the address of one of them."),
        )
    return {"forUsername": name} if kind == "user" else {"forHandle": "@" + name.lstrip("@")}


def channel(item: dict[str, Any]) -> AccountRecord:
    """From a channel resource. Raises Unfit without an id."""
    snippet = inner(item, "snippet")
    channel_id = identifier(item.get("id"))
    declared = language(snippet.get("defaultLanguage"))
    return AccountRecord(
        network=NETWORK,
        network_id=channel_id,
        handle=words(snippet.get("customUrl"), ID_LENGTH).lstrip("@") or channel_id,
        name=words(snippet.get("title"), ID_LENGTH),
        bio=words(snippet.get("description")),
        url=f"https://www.youtube.com/channel/{channel_id}",
        country=country(snippet.get("country")),
        languages=(declared,) if declared else (),
        created_at=instant(snippet.get("publishedAt")),
    )


def channel_numbers(item: dict[str, Any], now: datetime) -> list[ObservationRecord]:
    statistics = dict(inner(item, "statistics"))
    if statistics.get("hiddenSubscriberCount") is True:
        statistics.pop("subscriberCount", None)
    return _numbers(statistics, CHANNEL_COUNTS, words(item.get("id")), None, now)


def uploads_playlist(item: dict[str, Any]) -> str:
    """The id of the playlist of all that a channel uploaded; empty when the API does not say."""
    return words(inner(item, "contentDetails", "relatedPlaylists").get("uploads"))


def listed_videos(payload: dict[str, Any]) -> list[str]:
    """The video ids of a page of playlistItems, each once, in order."""
    items = objects(payload.get("items"))
    ids = [
        words(inner(item, "contentDetails").get("videoId") or inner(item, "snippet", "resourceId").get("videoId"))
        for item in items
    ]
    return list(dict.fromkeys(filter(None, ids)))


def video(item: dict[str, Any], now: datetime) -> PostRecord:
    """From a video resource. Raises Unfit without id, channel or usable date."""
    snippet = inner(item, "snippet")
    video_id = identifier(item.get("id"))
    duration = seconds(inner(item, "contentDetails").get("duration"))
    return PostRecord(
        network=NETWORK,
        account_network_id=identifier(snippet.get("channelId")),
        network_id=video_id,
        published_at=past(instant(snippet.get("publishedAt")), now),
        title=words(snippet.get("title")),
        text=words(snippet.get("description")),
        hashtags=hashtags(texts(snippet.get("tags"))),
        format=_format(snippet, duration),
        url=f"https://www.youtube.com/watch?v={video_id}",
        language=language(snippet.get("defaultAudioLanguage")) or language(snippet.get("defaultLanguage")),
        paid_label=_paid_label(item),
        duration_s=duration,
    )


def video_numbers(item: dict[str, Any], now: datetime) -> list[ObservationRecord]:
    channel_id = words(inner(item, "snippet").get("channelId"))
    return _numbers(inner(item, "statistics"), VIDEO_COUNTS, channel_id, words(item.get("id")), now)


def thread_comments(thread: dict[str, Any]) -> list[dict[str, Any]]:
    """The comment resources in a commentThread: the first one, then those of its replies that the API encloses."""
    top = inner(thread, "snippet", "topLevelComment")
    return ([top] if top else []) + objects(inner(thread, "replies").get("comments"))


def comment(item: dict[str, Any], channel_id: str, now: datetime) -> CommentRecord:
    """From a comment resource. Raises Unfit for a comment that stands under no video (a channel's discussion tab)."""
    snippet = inner(item, "snippet")
    video_id = words(snippet.get("videoId"))
    if not video_id:
        raise Unfit(Sentence("It stands under no video."))
    return CommentRecord(
        network=NETWORK,
        account_network_id=channel_id,
        post_network_id=video_id,
        network_id=identifier(item.get("id")),
        published_at=past(instant(snippet.get("publishedAt")), now),
        text=words(snippet.get("textOriginal")) or words(snippet.get("textDisplay")),
        author_network_id=words(inner(snippet, "authorChannelId").get("value"), ID_LENGTH),
        reply_to_network_id=words(snippet.get("parentId"), ID_LENGTH) or None,
        likes=count(snippet.get("likeCount")),
    )


def seconds(duration: Any) -> float | None:
    """An ISO 8601 duration of days and less, in seconds. A live stream's “P0D” has none yet."""
    parts = _DURATION.fullmatch(words(duration))
    if parts is None:
        return None
    days, hours, minutes, rest = (int(part or 0) for part in parts.groups())
    return float(((days * 24 + hours) * 60 + minutes) * 60 + rest) or None


def _format(snippet: dict[str, Any], duration: float | None) -> str:
    if snippet.get("liveBroadcastContent") in ("live", "upcoming"):
        return "live"
    return "short_video" if duration is not None and duration <= LONGEST_SHORT_S else "video"


def _paid_label(item: dict[str, Any]) -> bool | None:
    label = inner(item, "paidProductPlacementDetails").get("hasPaidProductPlacement")
    return label if isinstance(label, bool) else None


def _numbers(
    statistics: dict[str, Any], counts: dict[str, Measure], channel_id: str, video_id: str | None, now: datetime
) -> list[ObservationRecord]:
    read = ((name, measure, count(statistics.get(name))) for name, measure in counts.items())
    return [
        ObservationRecord(NETWORK, channel_id, measure, value, f"statistics.{name}", SourceClass.PUBLIC, now, video_id)
        for name, measure, value in read
        if value is not None
    ]
