"""YouTube: a channel, its uploads, the comment threads below them.

Costs one unit for a channel, two for 50 videos, one for 100 threads. Numbers are recorded as YouTube gives them and
carry its name: they enter no figure that mixes networks, and must be refreshed or deleted within 30 days
(`port.refresh_by`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

from sillage.catalogue.connectors.fields import Unfit, inner, objects, sorted_out, words
from sillage.catalogue.connectors.port import AccountUnknown, Cursor, Fetched, SetAside, refresh_by
from sillage.catalogue.connectors.settings import ConnectorSettings, Means
from sillage.catalogue.connectors.sweep import advanced, restarted
from sillage.catalogue.connectors.youtube import parse
from sillage.catalogue.connectors.youtube.client import DataApi, ListRefused, Reply
from sillage.catalogue.engine.records import AccountRecord, Batch, ObservationRecord, RawAnswer
from sillage.lib.errors import OutsideError
from sillage.lib.sentences import Sentence

VIDEOS_PER_PORTION = 50  # the most that playlistItems and videos give
THREADS_PER_PORTION = 100

CHANNEL_PARTS = "snippet,statistics,contentDetails"
VIDEO_PARTS = "snippet,statistics,contentDetails,paidProductPlacementDetails"


class YouTube:
    """The port for YouTube."""

    network: ClassVar[str] = parse.NETWORK
    revisit_after: ClassVar[timedelta] = timedelta(days=1)
    confirming: ClassVar[None] = None

    def __init__(self, settings: ConnectorSettings, means: Means) -> None:
        self._clock = means.clock
        self._api = DataApi(settings, means)

    def find(self, target: str) -> Fetched:
        item, batch = self._channel(target, parse.channel_filter(target))
        uploads = parse.uploads_playlist(item)
        return Fetched(batch, {"uploads": uploads} if uploads else {})

    def posts(self, account_id: str, cursor: Cursor) -> Fetched:
        if "uploads" not in cursor:
            item, _ = self._channel(account_id, {"id": account_id})
            cursor = cursor | {"uploads": parse.uploads_playlist(item)}
        if not cursor["uploads"]:
            return Fetched(Batch(), cursor, notes=("The channel has no list of uploads.",))
        try:
            listed = self._api.list("playlistItems", **_uploads_params(cursor))
        except ListRefused as refused:
            return _without_list(cursor, refused)
        ids = parse.listed_videos(listed.payload)
        fetched = self._videos(account_id, ids)
        published = [post.published_at for post in fetched.batch.posts]
        after, is_last = advanced(cursor, published, words(listed.payload.get("nextPageToken")))
        return Fetched(fetched.batch, after, is_last, fetched.set_aside, fetched.gone)

    def comments(self, account_id: str, post_id: str, cursor: Cursor) -> Fetched:
        params: dict[str, str | int] = {
            "part": "snippet,replies",
            "videoId": post_id,
            "maxResults": THREADS_PER_PORTION,
            "order": "time",
            "textFormat": "plainText",
        }
        try:
            reply = self._api.list("commentThreads", **params, **_token(cursor))
        except ListRefused as refused:
            return _without_comments(post_id, refused)
        now = self._clock()
        items = [item for thread in objects(reply.payload.get("items")) for item in parse.thread_comments(thread)]
        kept, aside = sorted_out(items, lambda item: item.get("id"), lambda item: parse.comment(item, account_id, now))
        after, is_last = advanced(cursor, (), words(reply.payload.get("nextPageToken")))
        return Fetched(Batch(comments=tuple(kept)), after, is_last, tuple(aside))

    def refresh(self, account_id: str, post_ids: Sequence[str]) -> Fetched:
        _, channel = self._channel(account_id, {"id": account_id})
        fetched = self._videos(account_id, list(post_ids))
        videos = fetched.batch
        batch = Batch(
            channel.accounts,
            videos.posts,
            (),
            channel.observations + videos.observations,
            channel.raw + videos.raw,
        )
        return Fetched(batch, set_aside=fetched.set_aside, gone=fetched.gone)

    def _channel(self, target: str, chosen: dict[str, str]) -> tuple[dict[str, Any], Batch]:
        """The channel resource and what it says. Raises AccountUnknown."""
        try:
            reply = self._api.list("channels", part=CHANNEL_PARTS, **chosen)
        except ListRefused as refused:
            raise _unknown(target) from refused
        items = objects(reply.payload.get("items"))
        if not items:
            raise _unknown(target)
        now = self._clock()
        try:
            account: AccountRecord = parse.channel(items[0])
        except Unfit as unfit:
            raise OutsideError(
                Sentence(
                    "YouTube's answer about %(target)s cannot be kept: %(unfit)s", target=target, unfit=unfit.args[0]
                ),
                permanent=False,
            ) from unfit
        raw = self._raw(account.network_id, "channels", reply, now)
        return items[0], Batch((account,), observations=tuple(parse.channel_numbers(items[0], now)), raw=(raw,))

    def _videos(self, account_id: str, ids: list[str]) -> Fetched:
        """The videos themselves, up to 50; those that are private or deleted are gone."""
        if not ids:
            return Fetched(Batch())
        reply = self._api.list("videos", part=VIDEO_PARTS, id=",".join(ids), maxResults=VIDEOS_PER_PORTION)
        now = self._clock()
        items = {words(item.get("id")): item for item in objects(reply.payload.get("items"))}
        own = {key: item for key, item in items.items() if inner(item, "snippet").get("channelId") == account_id}
        kept, aside = sorted_out(own.values(), lambda item: item.get("id"), lambda item: parse.video(item, now))
        aside += [SetAside(key, "It is not said to be of this channel.") for key in items if key not in own]
        numbers: list[ObservationRecord] = []
        for post in kept:
            numbers += parse.video_numbers(own[post.network_id], now)
        batch = Batch(
            posts=tuple(kept), observations=tuple(numbers), raw=(self._raw(account_id, "videos", reply, now),)
        )
        return Fetched(batch, set_aside=tuple(aside), gone=tuple(key for key in ids if key not in items))

    def _raw(self, account_id: str, endpoint: str, reply: Reply, now: datetime) -> RawAnswer:
        return RawAnswer(self.network, account_id, endpoint, now, reply.body, refresh_by(self.network, now))


def _uploads_params(cursor: Cursor) -> dict[str, str | int]:
    return {
        "part": "contentDetails",
        "playlistId": cursor["uploads"],
        "maxResults": VIDEOS_PER_PORTION,
        **_token(cursor),
    }


def _token(cursor: Cursor) -> dict[str, str]:
    return {"pageToken": cursor["next"]} if "next" in cursor else {}


def _unknown(target: str) -> AccountUnknown:
    return AccountUnknown(
        Sentence("YouTube has no channel %(target)s, or no longer.", target=target),
        Sentence("Check the handle or the channel id on the channel's page."),
    )


def _without_list(cursor: Cursor, refused: ListRefused) -> Fetched:
    """No page of uploads: begin again when the page token expired, else the channel shows no videos."""
    if refused.reason == "invalidPageToken" and "next" in cursor:
        note = "The network's cursor had expired; the sweep begins again."
        return Fetched(Batch(), restarted(cursor), is_last=False, notes=(note,))
    return Fetched(Batch(), restarted(cursor), notes=(f"The channel shows no uploads ({refused.reason}).",))


def _without_comments(video_id: str, refused: ListRefused) -> Fetched:
    if refused.reason == "videoNotFound":
        return Fetched(Batch(), gone=(video_id,))
    return Fetched(Batch(), notes=(f"No comments under {video_id} ({refused.reason}).",))
