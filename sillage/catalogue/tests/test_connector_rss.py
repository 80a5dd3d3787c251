"""Feeds are read politely and safely: robots.txt, only what changed, public addresses, an excerpt and the link back."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from sillage.adapters.public_addresses import AddressNotAllowed, GuardedTransport, is_public
from sillage.catalogue.connectors import open_connector
from sillage.catalogue.connectors.port import AccountUnknown, Connector, TargetUnreadable
from sillage.catalogue.connectors.rss.client import RobotsForbid
from sillage.catalogue.connectors.rss.parse import (
    EXCERPT_LENGTH,
    FeedOfAnotherConnector,
    NotAFeed,
    ReadFeed,
    feed_address,
    read_feed,
    text_of,
)
from sillage.catalogue.connectors.settings import ConnectorSettings
from sillage.catalogue.tests.recorded.replay import NOON, Clock, Line, Script, means, recorded
from sillage.lib.errors import OutsideError

ADDRESS = "http://127.0.0.1/feed"
NO_ROBOTS = httpx.Response(404)


def sent(name: str = "blog", status: int = 200, **headers: str) -> httpx.Response:
    named = {"content-type": "application/rss+xml"} | {key.replace("_", "-"): value for key, value in headers.items()}
    return httpx.Response(status, headers=named, content=recorded(f"rss/{name}.xml"))


def feeds(script: Script, clock: Clock | None = None, **settings: object) -> Connector:
    chosen = replace(ConnectorSettings(rss_allow_private=True), **settings)  # type: ignore[arg-type]
    return open_connector("rss", chosen, means(script, clock))


def script(*feed: Line, robots: Line = NO_ROBOTS) -> Script:
    return Script(feed=list(feed), txt=[robots])


def read(name: str, content_type: str = "application/xml") -> ReadFeed:
    return read_feed(recorded(f"rss/{name}.xml"), "https://blog.example.com/feed", content_type, NOON)


@pytest.mark.parametrize(
    ("target", "address"),
    [
        ("blog.example.com/feed", "https://blog.example.com/feed"),
        ("HTTP://Blog.Example.com:80", "http://blog.example.com/"),
        ("https://blog.example.com:8443/f?a=1#top", "https://blog.example.com:8443/f?a=1"),
        ("http://[::1]/feed", "http://[::1]/feed"),
    ],
)
def test_one_feed_has_one_spelling(target: str, address: str) -> None:
    assert feed_address(target) == address


@pytest.mark.parametrize(
    "target",
    [
        "",
        "file:///etc/passwd",
        "ftp://example.com/feed",
        "gopher://example.com",
        "https://user:secret@example.com/feed",
        "https://example.com:99999/",
        "https://[nonsense/feed",
        "https://exa mple.com/",
        "https://example.com/" + "x" * 300,
    ],
)
def test_what_is_no_address_of_the_web_is_refused(target: str) -> None:
    with pytest.raises(TargetUnreadable):
        feed_address(target)


def test_a_feed_of_youtube_belongs_to_its_own_connector() -> None:
    with pytest.raises(FeedOfAnotherConnector, match="YouTube"):
        feed_address("https://www.youtube.com/feeds/videos.xml?channel_id=UC1")
    assert feed_address("https://notyoutube.com/feed")


def test_a_feed_becomes_an_account_and_posts_with_excerpts_and_links() -> None:
    feed = read("blog")
    assert (feed.account.name, feed.account.bio) == ("Chez Chiara & Cie", "Cosmétique lente, sans parfum ajouté")
    assert (feed.account.languages, feed.account.handle) == (("fr",), "blog.example.com")
    routine, emoji, long = feed.posts
    assert routine.text == "Trois gestes. Et rien d’autre !"
    assert (routine.network_id, routine.url) == ("blog-1", "https://blog.example.com/routine")
    assert routine.published_at == datetime(2026, 11, 20, 18, 30, tzinfo=UTC)
    assert (routine.hashtags, routine.format) == (("Peau", "Slow cosmétique"), "article")
    assert (emoji.title, emoji.text[:7]) == ("🌿🧴✨", "العناية")
    assert emoji.network_id == emoji.url
    assert len(long.text) <= EXCERPT_LENGTH
    assert long.text.endswith("…")


def test_entries_without_a_usable_date_or_id_are_set_aside_with_the_reason() -> None:
    assert [(aside.network_id, aside.reason) for aside in read("blog").set_aside] == [
        ("blog-4", "Its date, 2030-01-01, lies in the future."),
        ("blog-5", "It has no readable date."),
        ("blog-6", "It has no readable date."),
        ("", "It has neither id nor link."),
    ]


def test_a_channel_feed_of_youtube_gives_its_video_ids_and_no_numbers() -> None:
    (video,) = read("youtube", "text/xml").posts
    assert (video.network_id, video.format) == ("vidroutine1", "video")
    assert video.text == "Produits achetés par moi."
    assert feeds(script(sent("youtube"))).find(ADDRESS).batch.observations == ()


def test_a_podcast_in_an_old_encoding_keeps_its_accents_and_lengths() -> None:
    feed = read("podcast", "text/xml; charset=iso-8859-1")
    assert feed.account.bio == "Détours"
    (episode,) = feed.posts
    assert (episode.text, episode.format, episode.duration_s) == ("Un épisode", "audio", 3723.0)


def test_of_a_feed_that_was_cut_short_what_can_be_read_is_kept_and_noted() -> None:
    body = recorded("rss/blog.xml")
    feed = read_feed(body[: body.index(b"Un long article")], "https://blog.example.com/feed", "text/xml", NOON)
    assert [post.network_id for post in feed.posts][:1] == ["blog-1"]
    assert feed.notes == ("The feed is malformed; what could be read of it was kept.",)


@pytest.mark.parametrize("body", [b"", b"<html><body>Bonjour</body></html>", b"%PDF-1.7", b"file:///etc/passwd", b"{}"])
def test_what_is_no_feed_is_refused(body: bytes) -> None:
    with pytest.raises(NotAFeed, match=r"blog\.example\.com"):
        read_feed(body, "https://blog.example.com/feed", "text/html", NOON)


def test_a_feed_cannot_reach_into_files() -> None:
    body = b"""<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY secret SYSTEM "file:///etc/hostname">]>
    <rss version="2.0"><channel><title>&secret;</title></channel></rss>"""
    with open("/etc/hostname", encoding="utf-8") as file:
        secret = file.read().strip()
    assert secret not in read_feed(body, "https://blog.example.com/feed", "text/xml", NOON).account.name


def test_text_of_html_leaves_out_tags_scripts_and_styles() -> None:
    assert text_of("<p>A&amp;B</p><script>x()</script>C<br/>D <3") == "A&B C D <3"


def test_the_same_feed_is_sent_again_only_when_it_has_changed() -> None:
    marks = {"etag": '"v1"', "last_modified": "Fri, 20 Nov 2026 19:00:00 GMT"}
    network = script(sent(**marks), httpx.Response(304))
    connector = feeds(network)
    found = connector.find(ADDRESS)
    cursor = json.loads(json.dumps(found.cursor))
    again = connector.posts(found.batch.accounts[0].network_id, cursor)
    assert len(found.batch.posts) == 3
    assert (again.batch.posts, again.cursor, again.is_last) == ((), cursor, True)
    asked = network.asked[-1].headers
    assert (asked["if-none-match"], asked["if-modified-since"]) == ('"v1"', "Fri, 20 Nov 2026 19:00:00 GMT")
    assert "if-none-match" not in network.asked[1].headers


def test_robots_txt_is_asked_first_and_obeyed() -> None:
    rules = httpx.Response(200, content="User-agent: *\nDisallow: /feed\n")
    network = script(sent(), robots=rules)
    with pytest.raises(RobotsForbid):
        feeds(network).find(ADDRESS)
    assert [request.url.path for request in network.asked] == ["/robots.txt"]


def test_robots_txt_that_speaks_to_others_or_of_other_pages_lets_us_in() -> None:
    rules = httpx.Response(200, content="\ufeffUser-agent: Other\nDisallow: /\n\nUser-agent: *\nDisallow: /private\n")
    assert feeds(script(sent(), robots=rules)).find(ADDRESS).batch.posts


def test_a_server_that_cannot_say_what_robots_may_read_is_left_alone_for_now() -> None:
    network = Script(txt=[httpx.Response(503) for _ in range(4)])
    with pytest.raises(OutsideError) as failure:
        feeds(network).find(ADDRESS)
    assert not failure.value.permanent


def test_robots_txt_is_asked_again_where_a_redirect_leads() -> None:
    away = httpx.Response(302, headers={"location": "http://127.0.0.2/feed"})
    rules = httpx.Response(200, content="User-agent: *\nDisallow: /\n")
    network = Script(feed=[away], txt=[NO_ROBOTS, rules])
    with pytest.raises(RobotsForbid, match=r"127\.0\.0\.2"):
        feeds(network).find(ADDRESS)


def test_a_redirect_is_followed_and_the_account_stays_the_address_that_was_given() -> None:
    network = Script(feed=[httpx.Response(301, headers={"location": "/new"})], new=[sent()], txt=[NO_ROBOTS])
    assert feeds(network).find(ADDRESS).batch.accounts[0].network_id == ADDRESS


def test_endless_redirects_are_a_permanent_failure() -> None:
    network = script(*(httpx.Response(302, headers={"location": "/feed"}) for _ in range(9)))
    with pytest.raises(OutsideError, match="redirects") as failure:
        feeds(network).find(ADDRESS)
    assert failure.value.permanent


def test_a_redirect_off_the_web_is_refused() -> None:
    with pytest.raises(OutsideError) as failure:
        feeds(script(httpx.Response(302, headers={"location": "file:///etc/passwd"}))).find(ADDRESS)
    assert failure.value.permanent


@pytest.mark.parametrize("status", [404, 410])
def test_a_feed_that_is_gone_is_unknown(status: int) -> None:
    with pytest.raises(AccountUnknown):
        feeds(script(httpx.Response(status))).find(ADDRESS)


def test_a_busy_server_is_given_the_time_it_asks_for() -> None:
    clock = Clock()
    assert feeds(script(httpx.Response(429, headers={"retry-after": "9"}), sent()), clock).find(ADDRESS).batch.posts
    assert 9.0 in clock.waits


def test_a_feed_that_is_too_large_is_a_permanent_failure() -> None:
    with pytest.raises(OutsideError, match="more than 1,000 bytes") as failure:
        feeds(script(sent()), rss_largest_bytes=1000).find(ADDRESS)
    assert failure.value.permanent


def test_a_feed_that_trickles_for_too_long_is_given_up() -> None:
    clock = Clock()

    def trickle() -> Iterator[bytes]:
        for _ in range(100):
            clock.now += timedelta(seconds=1)
            yield b"<"

    with pytest.raises(OutsideError, match="took more than 30 s"):
        feeds(script(httpx.Response(200, content=trickle())), clock, tries=1).find(ADDRESS)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "::1", "::", "fe80::1", "fd00::1", "ff02::1", "::ffff:127.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::",
    ],
)  # fmt: skip
def test_an_address_of_a_private_network_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "64:ff9b::5db8:d822"])
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


def guarded(inside: httpx.BaseTransport, *addresses: str) -> httpx.Client:
    return httpx.Client(
        transport=GuardedTransport(inside, allow_private=False, resolve=lambda host, port: addresses),
        follow_redirects=True,
    )


def test_nothing_is_sent_to_a_name_that_leads_into_a_private_network() -> None:
    network = Script()
    for addresses in (["10.0.0.1"], ["93.184.216.34", "127.0.0.1"]):
        with pytest.raises(AddressNotAllowed, match=r"innocent\.example"):
            guarded(network, *addresses).get("http://innocent.example/feed")
    assert network.asked == []


def test_the_connection_goes_to_the_address_that_was_checked_under_the_name_that_was_asked() -> None:
    seen: list[httpx.Request] = []

    def inside(request: httpx.Request) -> httpx.Response:
        seen.append(httpx.Request("GET", request.url, headers=request.headers, extensions=request.extensions))
        if request.url.host == "93.184.216.34":
            raise httpx.ConnectError("down")
        return httpx.Response(200)

    client = guarded(httpx.MockTransport(inside), "93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946")
    answer = client.get("https://blog.example.com/feed")
    assert [request.url.host for request in seen] == ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"]
    assert {request.headers["host"] for request in seen} == {"blog.example.com"}
    assert {request.extensions["sni_hostname"] for request in seen} == {"blog.example.com"}
    assert answer.url == "https://blog.example.com/feed"


class _Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        found = self.path == "/feed"
        body = recorded("rss/blog.xml") if found else b"gone"
        self.send_response(200 if found else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        del format, args


@pytest.fixture
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://localhost:{server.server_port}/feed"
    server.shutdown()
    server.server_close()


def test_a_feed_is_read_from_a_real_server(site: str) -> None:
    connector = open_connector("rss", ConnectorSettings(rss_allow_private=True), means(None))
    assert len(connector.find(site).batch.posts) == 3


def test_a_server_of_the_own_machine_is_not_read_by_default(site: str) -> None:
    connector = open_connector("rss", ConnectorSettings(), means(None))
    with pytest.raises(AddressNotAllowed, match="private network"):
        connector.find(site)
