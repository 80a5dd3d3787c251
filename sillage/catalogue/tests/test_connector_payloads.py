"""Real YouTube answers parse with nothing lost, and our answers for Bluesky fit the lexicons."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sillage.catalogue.connectors.bluesky.parse import ACCOUNT_COUNTS, POST_COUNTS
from sillage.catalogue.connectors.fields import sorted_out
from sillage.catalogue.connectors.youtube import parse
from sillage.catalogue.tests.recorded.replay import recorded

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data"
FIXTURES = SHARED / "api-fixtures-youtube"
LEXICONS = SHARED / "atproto-lexicons"
LATER = datetime(2100, 1, 1, tzinfo=UTC)

needs_fixtures = pytest.mark.skipif(not FIXTURES.is_dir(), reason="needs ../shared/data/api-fixtures-youtube")
needs_lexicons = pytest.mark.skipif(not LEXICONS.is_dir(), reason="needs ../shared/data/atproto-lexicons")


def resources(kind: str) -> list[dict[str, Any]]:
    """Every resource of a kind in the fixtures: alone in a file, or as the item of a list."""
    found = []
    for path in sorted(FIXTURES.rglob("*.json")):
        payload = json.loads(path.read_text(encoding="utf-8"))
        items = payload.get("items", [payload]) if isinstance(payload, dict) else []
        found += [item for item in items if isinstance(item, dict) and item.get("kind") == f"youtube#{kind}"]
    return found


def digits(item: dict[str, Any], names: dict[str, Any]) -> int:
    statistics = item.get("statistics", {})
    return sum(name in statistics for name in names)


@needs_fixtures
def test_every_recorded_channel_parses_with_all_its_numbers() -> None:
    items = resources("channel")
    accounts, aside = sorted_out(items, lambda item: item.get("id"), parse.channel)
    assert (len(accounts), aside) == (len(items), [])
    assert len(items) >= 7
    assert all(account.name and account.bio and account.created_at for account in accounts if account.name)
    for item in items:
        assert len(parse.channel_numbers(item, LATER)) == digits(item, parse.CHANNEL_COUNTS)


@needs_fixtures
def test_every_recorded_video_parses_with_all_its_numbers_tags_and_words() -> None:
    items = resources("video")
    videos, aside = sorted_out(items, lambda item: item.get("id"), lambda item: parse.video(item, LATER))
    assert (len(videos), aside) == (len(items), [])
    assert len(items) >= 15
    for item, video in zip(items, videos, strict=True):
        assert video.title == item["snippet"]["title"].strip()
        assert video.text == item["snippet"]["description"].strip()
        assert len(video.hashtags) == len({tag.lstrip("#").strip() for tag in item["snippet"].get("tags", [])})
        assert len(parse.video_numbers(item, LATER)) == digits(item, parse.VIDEO_COUNTS)


@needs_fixtures
def test_every_recorded_comment_is_kept_or_set_aside_for_standing_under_no_video() -> None:
    threads = resources("commentThread")
    items = [comment for thread in threads for comment in parse.thread_comments(thread)] + resources("comment")
    read = sorted_out(items, lambda item: item.get("id"), lambda item: parse.comment(item, "UC", LATER))
    kept, aside = read
    assert len(items) == len(kept) + len(aside) >= len(threads) + 7
    assert {one.reason for one in aside} == {"It stands under no video."}
    assert len(aside) == sum("videoId" not in item["snippet"] for item in items)
    assert all(comment.text and comment.author_network_id for comment in kept)


@needs_fixtures
def test_every_recorded_playlist_item_gives_its_video() -> None:
    items = resources("playlistItem")
    wanted = {item["snippet"]["resourceId"]["videoId"] for item in items}
    assert len(wanted) >= 15
    assert set(parse.listed_videos({"items": items})) == wanted


@needs_fixtures
def test_the_recorded_uploads_playlist_and_paid_label_are_read() -> None:
    channel = json.loads((FIXTURES / "modeldata/channels/channel_info.json").read_text(encoding="utf-8"))
    assert parse.uploads_playlist(channel) == "UU_x5XG1OV2P6uZZ5FSM9Ttw"
    video = json.loads((FIXTURES / "modeldata/videos/video_info.json").read_text(encoding="utf-8"))
    label = json.loads(
        (FIXTURES / "modeldata/videos/video_paid_product_placement_details.json").read_text(encoding="utf-8")
    )
    assert parse.video(video | {"paidProductPlacementDetails": label}, LATER).paid_label is True


def definition(ref: str, within: str) -> tuple[dict[str, Any], str]:
    """The lexicon definition a reference means, and the lexicon it stands in."""
    nsid, _, name = ref.partition("#")
    nsid = nsid or within
    path = LEXICONS.joinpath(*nsid.split(".")).with_suffix(".json")
    return json.loads(path.read_text(encoding="utf-8"))["defs"][name or "main"], nsid


TYPES = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict, "unknown": dict}


def misfits(value: Any, schema: dict[str, Any], nsid: str, where: str) -> Iterator[str]:
    """Where a value does not fit a lexicon schema: types, required fields, references, known members of unions."""
    kind = schema["type"]
    if kind in ("ref", "union"):
        ref = schema["ref"] if kind == "ref" else value.get("$type", "")
        known = kind == "ref" or any(definition_id(r, nsid) == ref for r in schema["refs"])
        if not known:
            return  # unions are open
        target, home = definition(ref, nsid)
        yield from misfits(value, target, home, where)
        return
    if kind == "record":
        kind, schema = "object", schema["record"]
    if kind in TYPES and not isinstance(value, TYPES[kind]):
        yield f"{where}: {value!r} is no {kind}"
        return
    if kind == "array":
        for number, item in enumerate(value):
            yield from misfits(item, schema["items"], nsid, f"{where}[{number}]")
    if kind == "object":
        yield from (f"{where}.{name} is missing" for name in schema.get("required", []) if name not in value)
        for name, part in schema.get("properties", {}).items():
            if name in value:
                yield from misfits(value[name], part, nsid, f"{where}.{name}")


def definition_id(ref: str, nsid: str) -> str:
    return nsid + ref if ref.startswith("#") else ref


def output(nsid: str) -> dict[str, Any]:
    schema: dict[str, Any] = definition(nsid, nsid)[0]["output"]["schema"]
    return schema


RECORDED = [
    ("profile", "app.bsky.actor.getProfile", []),
    ("profile_bare", "app.bsky.actor.getProfile", [".followersCount: None is no integer"]),
    ("profile_private", "app.bsky.actor.getProfile", []),
    ("feed_1", "app.bsky.feed.getAuthorFeed", [".feed[3].post.likeCount: None is no integer"]),
    ("feed_2", "app.bsky.feed.getAuthorFeed", []),
    ("thread", "app.bsky.feed.getPostThread", [".thread.replies[0].replies[0].post.likeCount: None is no integer"]),
    ("thread_gone", "app.bsky.feed.getPostThread", []),
    ("posts", "app.bsky.feed.getPosts", []),
    ("network/profile", "app.bsky.actor.getProfile", []),
    ("network/feed", "app.bsky.feed.getAuthorFeed", []),
    ("network/thread", "app.bsky.feed.getPostThread", []),
    ("network/posts", "app.bsky.feed.getPosts", []),
]


@needs_lexicons
@pytest.mark.parametrize(("name", "nsid", "ugly_on_purpose"), RECORDED)
def test_our_answers_for_bluesky_fit_the_lexicons_but_for_what_is_ugly_on_purpose(
    name: str, nsid: str, ugly_on_purpose: list[str]
) -> None:
    payload = json.loads(recorded(f"bluesky/{name}.json"))
    assert list(misfits(payload, output(nsid), nsid, "")) == ugly_on_purpose


@needs_lexicons
@pytest.mark.parametrize("name", ["feed_1", "feed_2", "posts", "network/feed", "network/posts"])
def test_the_posts_in_our_answers_fit_the_lexicon_of_posts(name: str) -> None:
    payload = json.loads(recorded(f"bluesky/{name}.json"))
    views = [item["post"] for item in payload.get("feed", [])] + payload.get("posts", [])
    schema, nsid = definition("app.bsky.feed.post", "")
    assert [list(misfits(view["record"], schema, nsid, view["uri"])) for view in views] == [[] for _ in views]


@needs_lexicons
def test_every_number_we_read_is_in_the_lexicon() -> None:
    profile, _ = definition("app.bsky.actor.defs#profileViewDetailed", "")
    post, _ = definition("app.bsky.feed.defs#postView", "")
    assert set(ACCOUNT_COUNTS) <= set(profile["properties"])
    assert set(POST_COUNTS) <= set(post["properties"])
