"""Bluesky is read without signing in: own posts only, numbers under their names, opt-outs and deletions honoured."""

from __future__ import annotations

import json

import httpx
import pytest

from sillage.catalogue.connectors import open_connector
from sillage.catalogue.connectors.bluesky.connector import Bluesky
from sillage.catalogue.connectors.bluesky.parse import actor
from sillage.catalogue.connectors.port import AccountNotPublic, AccountUnknown, Fetched, TargetUnreadable
from sillage.catalogue.connectors.settings import ConnectorSettings
from sillage.catalogue.engine.records import Measure, SourceClass
from sillage.catalogue.tests.recorded.replay import NOON, Clock, Line, Script, answer, means, recorded, said
from sillage.lib.errors import OutsideError

CHIARA = json.loads(recorded("bluesky/profile.json"))["did"]
POST = f"at://{CHIARA}/app.bsky.feed.post/"
ROUTINE = POST + "3lroutineaaaa"
BAD_CURSOR = said('{"error":"InvalidRequest","message":"Malformed cursor"}', 400)
UNKNOWN = said('{"error":"InvalidRequest","message":"Profile not found"}', 400)


def bluesky(script: Script, clock: Clock | None = None, **settings: bool) -> Bluesky:
    connector = open_connector("bluesky", ConnectorSettings(**settings), means(script, clock))  # type: ignore[arg-type]
    assert isinstance(connector, Bluesky)
    return connector


def feed(name: str = "feed_1", **settings: bool) -> Fetched:
    return bluesky(Script(getAuthorFeed=[answer(f"bluesky/{name}.json")]), **settings).posts(CHIARA, {})


def numbers(fetched: Fetched, post_id: str | None) -> dict[Measure, int]:
    return {o.measure: o.value for o in fetched.batch.observations if o.post_network_id == post_id}


@pytest.mark.parametrize(
    ("target", "meant"),
    [
        ("@Chiara.Example.com", "chiara.example.com"),
        (" chiara.example.com ", "chiara.example.com"),
        (CHIARA, CHIARA),
        ("https://bsky.app/profile/chiara.example.com/post/3l", "chiara.example.com"),
    ],
)
def test_an_account_is_named_by_handle_did_or_page(target: str, meant: str) -> None:
    assert actor(target) == meant


@pytest.mark.parametrize("target", ["", "chiara", "did:plc:short", "https://example.com/chiara", "a b.example.com"])
def test_a_target_that_is_no_handle_is_refused(target: str) -> None:
    with pytest.raises(TargetUnreadable, match="not a Bluesky handle"):
        actor(target)


def test_a_profile_becomes_an_account_with_its_public_numbers_and_the_raw_answer() -> None:
    script = Script(getProfile=[answer("bluesky/profile.json")])
    found = bluesky(script).find("@chiara.example.com")
    (account,) = found.batch.accounts
    assert (account.network_id, account.handle, account.name) == (CHIARA, "chiara.example.com", "Chiara Invented")
    assert numbers(found, None) == {Measure.FOLLOWERS: 8123, Measure.FOLLOWING: 310, Measure.POSTS: 742}
    assert {o.api_field for o in found.batch.observations} == {"followersCount", "followsCount", "postsCount"}
    assert {(o.source_class, o.observed_at) for o in found.batch.observations} == {(SourceClass.PUBLIC, NOON)}
    (raw,) = found.batch.raw
    assert raw.body == recorded("bluesky/profile.json")
    assert (raw.endpoint, raw.fetched_at, raw.refresh_by) == ("app.bsky.actor.getProfile", NOON, None)
    assert "authorization" not in script.asked[0].headers


def test_a_bare_profile_is_an_account_without_numbers() -> None:
    found = bluesky(Script(getProfile=[answer("bluesky/profile_bare.json")])).find(CHIARA)
    assert found.batch.accounts[0].handle == CHIARA
    assert found.batch.observations == ()


def test_an_account_that_asks_for_signed_in_readers_only_is_not_read() -> None:
    with pytest.raises(AccountNotPublic, match="not signed in"):
        bluesky(Script(getProfile=[answer("bluesky/profile_private.json")])).find("quiet.example.net")


def test_an_account_that_asks_so_later_is_not_read_any_further() -> None:
    payload = json.loads(recorded("bluesky/feed_1.json"))
    payload["feed"][0]["post"]["author"]["labels"] = [{"val": "!no-unauthenticated", "src": CHIARA}]
    with pytest.raises(AccountNotPublic):
        bluesky(Script(getAuthorFeed=[said(json.dumps(payload))])).posts(CHIARA, {})


@pytest.mark.parametrize("code", ["AccountDeactivated", "AccountTakedown", "InvalidRequest"])
def test_an_account_that_is_not_there_is_unknown(code: str) -> None:
    gone = said(json.dumps({"error": code, "message": "Profile not found"}), 400)
    with pytest.raises(AccountUnknown, match=r"nobody\.example\.com"):
        bluesky(Script(getProfile=[gone])).find("nobody.example.com")


def test_a_feed_gives_the_accounts_own_posts_and_neither_reposts_nor_replies() -> None:
    kept = [post.network_id.removeprefix(POST) for post in feed().batch.posts]
    assert kept == ["3lroutineaaaa", "3lvideoaaaaaa", "3lrtlaaaaaaaa"]


def test_replies_to_oneself_come_in_when_asked_for_and_those_to_others_never() -> None:
    kept = {post.network_id.removeprefix(POST) for post in feed(bluesky_replies=True).batch.posts}
    assert "3lsuiteaaaaaa" in kept
    assert "3lanswertoger" not in kept


def test_a_post_keeps_its_tags_language_format_and_page() -> None:
    routine, video, arabic = feed().batch.posts
    assert routine.hashtags == ("slowcosmetics", "beauté", "peau")
    assert (routine.language, routine.format) == ("fr", "image")
    assert routine.url == f"https://bsky.app/profile/{CHIARA}/post/3lroutineaaaa"
    assert (video.text, video.language, video.format) == ("🌿🧴✨", None, "video")
    assert (arabic.language, arabic.format) == ("ar", "text")
    assert arabic.text.startswith("العناية")


def test_an_embed_nobody_knows_yet_has_no_format() -> None:
    assert [post.format for post in feed("feed_2").batch.posts] == ["image", None]


def test_counts_are_kept_under_their_names_and_quotes_are_mixed_into_nothing() -> None:
    fetched = feed()
    assert numbers(fetched, ROUTINE) == {
        Measure.LIKES: 41,
        Measure.SHARES: 6,
        Measure.COMMENTS: 4,
        Measure.SAVES: 9,
    }
    assert "quoteCount" not in {o.api_field for o in fetched.batch.observations}


def test_a_count_that_is_null_or_absent_is_missing_and_a_zero_is_a_zero() -> None:
    fetched = feed()
    assert numbers(fetched, POST + "3lvideoaaaaaa") == {Measure.SHARES: 3}
    assert numbers(fetched, POST + "3lrtlaaaaaaaa")[Measure.LIKES] == 0


def test_a_post_that_its_network_hides_is_gone() -> None:
    assert feed().gone == (POST + "3lhiddenaaaaa",)


def test_posts_that_are_future_dated_or_undated_are_set_aside_with_the_reason() -> None:
    reasons = {aside.network_id.removeprefix(POST): aside.reason for aside in feed().set_aside}
    assert reasons == {
        "3lfutureaaaaa": "Its date, 2031-01-01, lies in the future.",
        "3lnodateaaaaa": "It has no readable date.",
    }


def test_the_raw_answer_of_a_feed_holds_nothing_of_other_people() -> None:
    (raw,) = feed().batch.raw
    assert "Fatou" not in raw.body.decode()
    assert json.loads(raw.body)["posts"][0]["uri"] == ROUTINE


def test_a_sweep_follows_the_cursor_to_the_end_and_the_next_one_stops_where_it_began() -> None:
    script = Script(getAuthorFeed=[answer("bluesky/feed_1.json"), answer("bluesky/feed_2.json")])
    connector = bluesky(script)
    first = connector.posts(CHIARA, {})
    assert not first.is_last
    last = connector.posts(CHIARA, json.loads(json.dumps(first.cursor)))
    assert last.is_last
    assert last.cursor == {"since": "2026-11-20T19:30:00+00:00"}
    assert script.asked_for("getAuthorFeed")[1]["cursor"] == "1763276400000__opaque"

    again = bluesky(Script(getAuthorFeed=[answer("bluesky/feed_1.json")]))
    assert again.posts(CHIARA, {"since": "2026-11-18T00:00:00+00:00"}).is_last


def test_an_expired_cursor_begins_the_sweep_again_and_forgets_nothing() -> None:
    fetched = bluesky(Script(getAuthorFeed=[BAD_CURSOR])).posts(CHIARA, {"since": NOON.isoformat(), "next": "old"})
    assert fetched.cursor == {"since": NOON.isoformat(), "again": True}
    assert not fetched.is_last


def test_an_appview_that_breaks_down_over_a_cursor_is_asked_once_without() -> None:
    broken: list[Line] = [answer("bluesky/network/server_fault.json", 500) for _ in range(4)]
    fetched = bluesky(Script(getAuthorFeed=broken)).posts(CHIARA, {"since": NOON.isoformat(), "next": "garbage"})
    assert fetched.cursor == {"since": NOON.isoformat(), "again": True}
    assert not fetched.is_last

    again = bluesky(Script(getAuthorFeed=[answer("bluesky/feed_1.json"), *broken]))
    first = again.posts(CHIARA, fetched.cursor)
    with pytest.raises(OutsideError):  # it is the AppView's trouble, and no cursor's
        again.posts(CHIARA, first.cursor)


def test_a_sweep_that_began_again_leaves_no_trace_when_it_is_over() -> None:
    script = Script(getAuthorFeed=[answer("bluesky/feed_1.json"), answer("bluesky/feed_2.json")])
    connector = bluesky(script)
    first = connector.posts(CHIARA, {"again": True})
    assert connector.posts(CHIARA, first.cursor).cursor == {"since": "2026-11-20T19:30:00+00:00"}


def test_a_page_of_nothing_but_reposts_from_before_the_last_sweep_ends_this_one() -> None:
    item = next(i for i in json.loads(recorded("bluesky/feed_1.json"))["feed"] if "reason" in i)
    item["reason"]["indexedAt"] = "2026-11-15T10:00:00.000Z"
    page = json.dumps({"feed": [item] * 3, "cursor": "more"})
    last = {"since": "2026-11-18T00:00:00+00:00"}
    fetched = bluesky(Script(getAuthorFeed=[said(page)])).posts(CHIARA, last)
    assert (fetched.batch.posts, fetched.cursor, fetched.is_last) == ((), last, True)


def test_an_echoed_cursor_ends_the_sweep() -> None:
    fetched = bluesky(Script(getAuthorFeed=[answer("bluesky/feed_1.json")])).posts(
        CHIARA, {"next": "1763276400000__opaque"}
    )
    assert fetched.is_last


def test_comments_are_read_at_any_depth_and_go_by_an_id_that_does_not_name_their_author() -> None:
    fetched = bluesky(Script(getPostThread=[answer("bluesky/thread.json")])).comments(CHIARA, ROUTINE, {})
    dry, shea, applause = fetched.batch.comments
    assert (dry.reply_to_network_id, dry.likes) == (None, 2)
    assert (shea.reply_to_network_id, shea.likes) == (dry.network_id, None)
    assert applause.text == "👏👏👏"
    assert all(comment.network_id.startswith("bafyrei") for comment in fetched.batch.comments)
    assert fetched.batch.raw == ()


def test_a_comment_of_somebody_who_asks_for_signed_in_readers_only_is_not_kept() -> None:
    fetched = bluesky(Script(getPostThread=[answer("bluesky/thread.json")])).comments(CHIARA, ROUTINE, {})
    (aside,) = fetched.set_aside
    assert "not signed in" in aside.reason
    assert "Ceci ne regarde personne" not in repr(fetched)


def test_what_the_appview_leaves_out_of_a_thread_is_noted() -> None:
    payload = json.loads(recorded("bluesky/thread.json"))
    payload["thread"]["post"]["replyCount"] = 40
    fetched = bluesky(Script(getPostThread=[said(json.dumps(payload))])).comments(CHIARA, ROUTINE, {})
    assert fetched.notes == ("36 replies were not shown, 4 were.",)
    assert fetched.whole_thread == ""


def test_a_thread_of_which_nothing_is_left_out_is_whole() -> None:
    fetched = bluesky(Script(getPostThread=[answer("bluesky/thread.json")])).comments(CHIARA, ROUTINE, {})
    assert (fetched.notes, fetched.whole_thread) == ((), ROUTINE)


@pytest.mark.parametrize(
    "reply", [answer("bluesky/thread_gone.json"), said('{"error":"NotFound","message":"Post not found"}', 400)]
)
def test_a_thread_below_a_deleted_post_says_that_the_post_is_gone(reply: httpx.Response) -> None:
    script = Script(getPostThread=[reply], getProfile=[answer("bluesky/profile.json")])
    fetched = bluesky(script).comments(CHIARA, ROUTINE, {})
    assert (fetched.gone, fetched.is_last) == ((ROUTINE,), True)


def test_a_thread_of_an_account_that_is_away_is_not_taken_for_deleted() -> None:
    away = answer("bluesky/network/deactivated.json", 400)
    missing = answer("bluesky/network/thread_missing.json", 400)
    with pytest.raises(AccountUnknown):
        bluesky(Script(getPostThread=[missing], getProfile=[away])).comments(CHIARA, ROUTINE, {})


def test_a_refresh_brings_new_numbers_and_tells_which_posts_were_deleted() -> None:
    script = Script(
        getProfile=[answer("bluesky/profile.json")], getPosts=[answer("bluesky/posts.json"), said('{"posts":[]}')]
    )
    deleted = [f"{POST}3lgone{number}" for number in range(25)]
    fetched = bluesky(script).refresh(CHIARA, [ROUTINE, *deleted])
    assert numbers(fetched, ROUTINE)[Measure.LIKES] == 44
    assert numbers(fetched, None)[Measure.FOLLOWERS] == 8123
    assert list(fetched.gone) == deleted
    assert [len(params.get_list("uris")) for params in script.asked_for("getPosts")] == [25, 1]


def test_a_refresh_keeps_nothing_that_was_not_asked_for() -> None:
    views = [item["post"] for item in json.loads(recorded("bluesky/feed_1.json"))["feed"]]
    script = Script(getProfile=[answer("bluesky/profile.json")], getPosts=[said(json.dumps({"posts": views}))])
    assert [post.network_id for post in bluesky(script).refresh(CHIARA, [ROUTINE]).batch.posts] == [ROUTINE]


def test_a_429_is_sat_out_for_as_long_as_it_says_and_then_the_answer_comes() -> None:
    clock = Clock()
    busy = said('{"error":"RateLimitExceeded"}', 429, ratelimit_reset=str(int(NOON.timestamp()) + 20))
    found = bluesky(Script(getProfile=[busy, answer("bluesky/profile.json")]), clock).find("chiara.example.com")
    assert found.batch.accounts
    assert clock.waits == [20.0]


@pytest.mark.parametrize(
    "trouble",
    [
        said("<html>down</html>", 502),
        said('{"error":"InternalServerError"}', 500),
        said(recorded("bluesky/profile.json")[:200]),
        said("[]"),
        httpx.Response(200, headers={"content-type": "text/html"}, content=b"<html>maintenance</html>"),
        httpx.ReadTimeout("slow"),
        httpx.ConnectError("refused"),
        httpx.RemoteProtocolError("hung up"),
    ],
)
def test_trouble_is_tried_again(trouble: httpx.Response | Exception) -> None:
    script = Script(getProfile=[trouble, answer("bluesky/profile.json")])
    assert bluesky(script).find("chiara.example.com").batch.accounts
    assert len(script.asked) == 2


def test_trouble_that_stays_is_a_temporary_failure() -> None:
    script = Script(getProfile=[said("", 500) for _ in range(4)])
    with pytest.raises(OutsideError) as failure:
        bluesky(script).find("chiara.example.com")
    assert not failure.value.permanent
    assert len(script.asked) == 4


def test_a_forbidden_query_is_a_permanent_failure() -> None:
    with pytest.raises(OutsideError) as failure:
        bluesky(Script(getProfile=[said('{"error":"Forbidden"}', 403)])).find("chiara.example.com")
    assert failure.value.permanent
