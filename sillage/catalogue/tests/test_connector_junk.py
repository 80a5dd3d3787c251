"""An answer in which any one thing is wrong is read as far as it goes: nothing crashes and nothing is invented."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pydantic import SecretStr

from sillage.catalogue.connectors import open_connector
from sillage.catalogue.connectors.port import Fetched
from sillage.catalogue.connectors.settings import ConnectorSettings
from sillage.catalogue.tests.recorded.replay import Script, means, recorded, said
from sillage.lib.errors import OutsideError, Refusal

JUNK: list[Any] = [None, -1, "\x00\ud800", ["x", None], {"y": 1}]
CHIARA = json.loads(recorded("bluesky/profile.json"))["did"]
CHANNEL = "UCinventedchannelchiara1"


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    children: list[tuple[Any, Any]] = []
    if isinstance(value, dict):
        children = list(value.items())
    elif isinstance(value, list):
        children = list(enumerate(value))
    for key, child in children:
        yield from paths(child, (*path, key))


def spoiled(payload: Any, path: tuple[Any, ...], junk: Any) -> Any:
    if not path:
        return junk
    copied = copy.deepcopy(payload)
    owner = copied
    for key in path[:-1]:
        owner = owner[key]
    owner[path[-1]] = junk
    return copied


def bluesky_profile(body: str) -> Fetched:
    return open_connector("bluesky", ConnectorSettings(), means(Script(getProfile=[said(body)] * 9))).find(CHIARA)


def bluesky_feed(body: str) -> Fetched:
    script = Script(getAuthorFeed=[said(body)] * 9)
    return open_connector("bluesky", ConnectorSettings(), means(script)).posts(CHIARA, {})


def bluesky_thread(body: str) -> Fetched:
    script = Script(getPostThread=[said(body)] * 9)
    return open_connector("bluesky", ConnectorSettings(), means(script)).comments(CHIARA, "at://x/y/z", {})


def youtube(script: Script) -> Any:
    return open_connector("youtube", ConnectorSettings(youtube_key=SecretStr("k")), means(script))


def youtube_channel(body: str) -> Fetched:
    return youtube(Script(channels=[said(body)] * 9)).find(CHANNEL)


def youtube_uploads(body: str) -> Fetched:
    script = Script(playlistItems=[said(body)] * 9, videos=[said(recorded("youtube/videos_1.json"))])
    return youtube(script).posts(CHANNEL, {"uploads": "UU"})


def youtube_videos(body: str) -> Fetched:
    script = Script(playlistItems=[said(recorded("youtube/uploads_1.json"))], videos=[said(body)] * 9)
    return youtube(script).posts(CHANNEL, {"uploads": "UU"})


def youtube_threads(body: str) -> Fetched:
    return youtube(Script(commentThreads=[said(body)] * 9)).comments(CHANNEL, "vidroutine1", {})


CASES = [
    ("bluesky/profile", bluesky_profile),
    ("bluesky/feed_2", bluesky_feed),
    ("bluesky/thread", bluesky_thread),
    ("youtube/channel", youtube_channel),
    ("youtube/uploads_2", youtube_uploads),
    ("youtube/videos_2", youtube_videos),
    ("youtube/comment_threads_1", youtube_threads),
]


@pytest.mark.parametrize(("name", "read"), CASES, ids=[name for name, _ in CASES])
def test_junk_in_any_one_place_neither_crashes_nor_reaches_the_records(
    name: str, read: Callable[[str], Fetched]
) -> None:
    payload = json.loads(recorded(f"{name}.json"))
    answered = 0
    for path in paths(payload):
        for junk in JUNK:
            try:
                fetched = read(json.dumps(spoiled(payload, path, junk)))
            except (OutsideError, Refusal):
                continue
            answered += 1
            batch = fetched.batch
            assert all(number.value >= 0 for number in batch.observations)
            kept = repr((batch.accounts, batch.posts, batch.comments, batch.observations, fetched.set_aside))
            assert "\\x00" not in kept and "\\ud800" not in kept, path
            json.dumps(fetched.cursor)
    assert answered > 50
