"""Fetching a connection: each portion is stored with its cursor, failures leave what was stored, and units are counted."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from sillage.catalogue.actions import connecting
from sillage.catalogue.actions.connecting import AccountForgotten, connect, fetch
from sillage.catalogue.actions.forgetting import forget
from sillage.catalogue.actions.quota import QuotaSpent, spend
from sillage.catalogue.connectors import ConnectorUnknown
from sillage.catalogue.connectors.port import AccountUnknown, CredentialMissing, TargetUnreadable
from sillage.catalogue.connectors.settings import ConnectorSettings
from sillage.catalogue.models import Account, Comment, Connection, Observation, Post, QuotaDay, RawAnswer, Tombstone
from sillage.catalogue.tests.recorded.replay import NOON, Clock, Line, Script, answer, means, recorded, said
from sillage.governance.engine.actors import Actor, NotAllowed
from sillage.governance.models import Entry
from sillage.lib.errors import NotFound, OutsideError
from sillage.understanding.models import CommentSignal

KEY = ConnectorSettings(youtube_key=SecretStr("AIzaInventedInventedInvented"))
CHANNEL = "UCinventedchannelchiara1"


def bluesky_lines(**instead: list[Line]) -> dict[str, list[Line]]:
    """A visit of two portions of posts; under two of the posts comments are read."""
    return {
        # Again when a post is not found (are they all gone?), and with the posts that the visit did not meet.
        "getProfile": [answer("bluesky/profile.json")] * 3,
        "getAuthorFeed": [answer("bluesky/feed_1.json"), answer("bluesky/feed_2.json")],
        "getPostThread": [answer("bluesky/thread.json"), answer("bluesky/thread_gone.json")],
        "getPosts": [still_there()],
        **instead,
    }


def still_there(*deleted: str) -> Line:
    """The posts of the first portion, looked up again."""
    views = [item["post"] for item in json.loads(recorded("bluesky/feed_1.json"))["feed"]]
    return said(json.dumps({"posts": [view for view in views if not view["uri"].endswith(deleted)]}))


def youtube_lines(**instead: list[Line]) -> dict[str, list[Line]]:
    return {
        "channels": [answer("youtube/channel.json")],
        "playlistItems": [answer("youtube/uploads_1.json"), answer("youtube/uploads_2.json")],
        "videos": [answer("youtube/videos_1.json"), answer("youtube/videos_2.json")],
        "commentThreads": [
            answer("youtube/comment_threads_1.json"),
            answer("youtube/comment_threads_2.json"),
            answer("youtube/error_comments.json", 403),
        ],
        **instead,
    }


def connected(actor: Actor, network: str, target: str) -> Connection:
    (made,) = connect(network=network, targets=[target], actor=actor, now=NOON)
    return made


def visit(connection: Connection, actor: Actor, lines: dict[str, list[Line]], **more: Any) -> connecting.Visited:
    now = more.pop("now", NOON)
    given = means(Script(**lines), Clock(now), **more)
    return fetch(connection_id=connection.pk, actor=actor, now=now, means=given, connector_settings=KEY)


@pytest.fixture
def chiara(ada: Actor) -> Connection:
    return connected(ada, "bluesky", "chiara.example.com")


def test_a_visit_brings_the_account_its_posts_and_comments_with_one_ledger_entry(
    ada: Actor, chiara: Connection
) -> None:
    done = visit(chiara, ada, bluesky_lines())

    account = Account.objects.get()
    assert (account.handle, account.creator.name) == ("chiara.example.com", "Chiara Invented")
    assert (done.portions, done.posts, done.gone) == (5, 5, 2)
    assert Post.objects.count() == 4  # one was never seen, the fifth is gone by the time its comments are read
    assert Comment.objects.count() == done.comments == 3
    assert Observation.objects.filter(post_id=0, measure="followers").get().value == 8_123
    chiara.refresh_from_db()
    assert (chiara.account_id, chiara.fetched_at, chiara.last_error) == (account.pk, NOON, "")
    assert chiara.next_at is not None and chiara.next_at > NOON
    assert set(chiara.cursor) == {"account", "posts"}
    entry = Entry.objects.get(verb="catalogue.fetched")
    assert (entry.facts["posts"], entry.facts["comments"]) == (5, 3)


def test_a_portion_and_its_cursor_are_stored_together_or_not_at_all(
    ada: Actor, chiara: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connecting, "_save", lambda connection: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        visit(chiara, ada, bluesky_lines())
    assert not Account.objects.exists()
    chiara.refresh_from_db()
    assert chiara.cursor == {}


def test_a_failure_in_the_middle_keeps_what_came_and_the_next_visit_goes_on_from_there(
    ada: Actor, chiara: Connection
) -> None:
    broken = bluesky_lines(getAuthorFeed=[answer("bluesky/feed_1.json"), *[said("{}", 503, retry_after="300")] * 4])
    with pytest.raises(OutsideError):
        visit(chiara, ada, broken)
    chiara.refresh_from_db()
    assert (Post.objects.count(), Comment.objects.count()) == (3, 3)
    assert (chiara.is_paused, chiara.next_at) == (False, NOON + timedelta(seconds=300))
    assert chiara.last_error
    failed = Entry.objects.get(verb="catalogue.fetch_failed")
    assert failed.facts["posts"] == 3 and failed.facts["failure"] == "OutsideError"

    rest = bluesky_lines(
        getAuthorFeed=[answer("bluesky/feed_2.json")],
        getPostThread=[answer("bluesky/thread_gone.json")],
    )
    done = visit(chiara, ada, rest, now=NOON + timedelta(minutes=6))
    chiara.refresh_from_db()
    assert (done.posts, done.gone, Post.objects.count(), chiara.last_error) == (5, 1, 4, "")  # three were met again


def test_a_post_that_was_deleted_is_missed_at_the_next_visit_and_goes(ada: Actor, chiara: Connection) -> None:
    visit(chiara, ada, bluesky_lines())
    chiara.refresh_from_db()
    shorter = json.loads(recorded("bluesky/feed_1.json"))
    shorter["feed"] = [item for item in shorter["feed"] if not item["post"]["uri"].endswith("3lvideoaaaaaa")]
    asked = Script(**bluesky_lines(getAuthorFeed=[said(json.dumps(shorter))], getPosts=[still_there("3lvideoaaaaaa")]))
    tomorrow = NOON + timedelta(days=1)
    done = fetch(
        connection_id=chiara.pk, actor=ada, now=tomorrow, means=means(asked, Clock(tomorrow)), connector_settings=KEY
    )

    missed, oldest = [uri[-13:] for uri in asked.asked_for("getPosts")[0].get_list("uris")]
    assert (missed, oldest) == ("3lvideoaaaaaa", "3lolderaaaaaa")  # what should have been in the list comes first
    assert not Post.objects.filter(network_id__endswith="3lvideoaaaaaa").exists()
    assert done.gone == 3  # the one that is hidden, and the older one, which this look-up does not know either
    confirmed = Post.objects.get(network_id__endswith="3lroutineaaaa")
    assert confirmed.fetched_at == tomorrow


def test_posts_that_came_from_a_file_are_not_asked_for_under_ids_that_the_network_does_not_know(
    ada: Actor, chiara: Connection
) -> None:
    visit(chiara, ada, bluesky_lines())
    chiara.refresh_from_db()
    account = Account.objects.get()
    for number, name in enumerate(("3lfromafileaa", "at://chiara.example.com/app.bsky.feed.post/3lfromafileaa")):
        Post.objects.create(
            account=account, id=number, network_id=name, published_at=NOON, content_hash=1, fetched_at=NOON
        )
    asked = Script(**bluesky_lines())
    later = NOON + timedelta(days=1)
    fetch(connection_id=chiara.pk, actor=ada, now=later, means=means(asked, Clock(later)), connector_settings=KEY)
    assert all(uri.startswith(f"at://{account.network_id}/") for uri in asked.asked_for("getPosts")[0].get_list("uris"))
    assert Post.objects.filter(network_id__endswith="3lfromafileaa").count() == 2


def test_a_comment_that_a_whole_thread_no_longer_shows_goes_with_what_was_found_in_it(
    ada: Actor, chiara: Connection
) -> None:
    visit(chiara, ada, bluesky_lines())
    chiara.refresh_from_db()
    for comment in Comment.objects.all():
        CommentSignal.objects.create(
            account_id=comment.account_id,
            id=comment.id,
            comment_id=comment.id,
            enricher="intent",
            version="1",
            content_hash=1,
            value={},
            confidence=0.9,
            made_at=NOON,
        )
    thread = json.loads(recorded("bluesky/thread.json"))
    thread["thread"]["replies"] = thread["thread"]["replies"][2:]
    cut = visit(chiara, ada, bluesky_lines(getPostThread=[said(json.dumps(thread))]), now=NOON + timedelta(hours=13))
    assert (cut.notes, Comment.objects.count()) == (["2 replies were not shown, 1 were."], 3)

    chiara.refresh_from_db()
    thread["thread"]["post"]["replyCount"] = 2
    visit(chiara, ada, bluesky_lines(getPostThread=[said(json.dumps(thread))]), now=NOON + timedelta(hours=26))
    (left,) = Comment.objects.all()
    assert left.text == "👏👏👏"
    assert CommentSignal.objects.get().comment_id == left.id


@pytest.mark.parametrize("target", ["@Chiara.example.com", "https://bsky.app/profile/chiara.example.com"])
def test_a_connection_stays_with_the_account_when_its_handle_passes_to_somebody_else(ada: Actor, target: str) -> None:
    connection = connected(ada, "bluesky", target)
    visit(connection, ada, bluesky_lines())
    connection.refresh_from_db()
    renamed = recorded("bluesky/profile.json").replace(b"chiara.example.com", b"chiara.example.net")
    later = visit(connection, ada, bluesky_lines(getProfile=[said(renamed)] * 3), now=NOON + timedelta(days=1))

    did = Account.objects.get().network_id
    connection.refresh_from_db()
    assert (connection.target, Account.objects.get().handle) == (did, "chiara.example.net")
    assert f"chiara.example.com is called chiara.example.net now; the connection goes by {did}." in later.notes
    assert connected(ada, "bluesky", target).pk != connection.pk  # the name is free for whoever has it now


def test_a_connection_keeps_its_name_when_another_one_goes_by_the_accounts_id(ada: Actor, chiara: Connection) -> None:
    visit(chiara, ada, bluesky_lines())
    did = Account.objects.get().network_id
    connected(ada, "bluesky", did)
    chiara.refresh_from_db()
    renamed = recorded("bluesky/profile.json").replace(b"chiara.example.com", b"chiara.example.net")
    visit(chiara, ada, bluesky_lines(getProfile=[said(renamed)] * 3), now=NOON + timedelta(days=1))
    chiara.refresh_from_db()
    assert (chiara.target, chiara.last_error) == ("chiara.example.com", "")


def test_a_permanent_error_pauses_the_connection_until_a_person_connects_it_again(
    ada: Actor, chiara: Connection
) -> None:
    gone = {"getProfile": [said('{"error": "InvalidRequest", "message": "Profile not found"}', 400)]}
    with pytest.raises(AccountUnknown):
        visit(chiara, ada, gone)
    chiara.refresh_from_db()
    assert (chiara.is_paused, chiara.next_at) == (True, None)

    again = connected(ada, "bluesky", "chiara.example.com")
    assert (again.pk, again.is_paused, again.last_error, again.next_at) == (chiara.pk, False, "", NOON)


@pytest.mark.parametrize(
    ("network", "target"),
    [
        ("bluesky", "nosuch..handle"),
        ("bluesky", "a" * 5_000 + ".example.com"),
        ("youtube", "https://example.com/"),
        ("rss", "file:///etc/passwd"),
        ("rss", "https://example.com/" + "x" * 600),
    ],
)
def test_a_target_that_names_no_account_is_refused_and_nothing_is_remembered(
    ada: Actor, network: str, target: str
) -> None:
    good = {"bluesky": "chiara.example.com", "youtube": "@chiara.invented", "rss": "https://example.com/feed"}
    with pytest.raises(TargetUnreadable) as refusal:
        connect(network=network, targets=[good[network], target], actor=ada, now=NOON)
    assert refusal.value.hint and len(refusal.value.message) < 200
    assert not Connection.objects.exists()


def test_a_network_out_of_reach_says_what_to_do(chiara: Connection, ada: Actor) -> None:
    def unreachable(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route")

    given = replace(means(None), transport=httpx.MockTransport(unreachable))
    with pytest.raises(OutsideError) as failure:
        fetch(connection_id=chiara.pk, actor=ada, now=NOON, means=given, connector_settings=KEY)
    assert "could not be reached" in failure.value.message and "try again" in failure.value.hint


def test_without_its_key_a_network_is_refused_and_the_connection_says_so(ada: Actor) -> None:
    connection = connected(ada, "youtube", "@chiara.invented")
    with pytest.raises(CredentialMissing):
        fetch(
            connection_id=connection.pk, actor=ada, now=NOON, means=means(None), connector_settings=ConnectorSettings()
        )
    connection.refresh_from_db()
    assert connection.is_paused and connection.last_error


def test_units_are_counted_before_each_call_and_refused_when_they_are_spent(ada: Actor, settings: Any) -> None:
    settings.SILLAGE = settings.SILLAGE.model_copy(update={"youtube_daily_units": 3})
    connection = connected(ada, "youtube", "@chiara.invented")

    def counted(units: int) -> None:
        spend(workspace_id=ada.workspace_id, network="youtube", units=units, now=NOON)

    with pytest.raises(OutsideError, match="Today's 3 units of youtube are spent"):
        visit(connection, ada, youtube_lines(), spend=counted)
    assert QuotaDay.objects.get().units == 3  # channels, playlistItems, videos; the fourth call was never made
    connection.refresh_from_db()
    midnight = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)  # in California
    assert (connection.is_paused, connection.next_at) == (False, midnight)
    assert Post.objects.count() == 3


def test_the_quota_is_of_the_key_and_so_of_all_workspaces_together(ada: Actor, dario: Actor, settings: Any) -> None:
    settings.SILLAGE = settings.SILLAGE.model_copy(update={"youtube_daily_units": 10})
    evening = datetime(2026, 11, 23, 7, 59, tzinfo=UTC)
    spend(workspace_id=ada.workspace_id, network="youtube", units=9, now=evening)
    with pytest.raises(QuotaSpent) as spent:
        spend(workspace_id=dario.workspace_id, network="youtube", units=2, now=evening)
    assert spent.value.retry_after == 60
    spend(workspace_id=dario.workspace_id, network="youtube", units=2, now=evening + timedelta(minutes=1))
    assert set(QuotaDay.objects.values_list("day", "units")) == {(date(2026, 11, 22), 9), (date(2026, 11, 23), 2)}
    spend(workspace_id=ada.workspace_id, network="bluesky", units=1_000_000, now=evening)  # has no quota


def test_a_youtube_visit_keeps_raw_answers_with_the_day_by_which_to_refresh(ada: Actor) -> None:
    done = visit(connected(ada, "youtube", CHANNEL), ada, youtube_lines())
    assert [raw.refresh_by - raw.fetched_at for raw in RawAnswer.objects.all()] == [timedelta(days=30)] * 3
    assert Post.objects.count() == 5
    assert any("vidfuture01" in reason for reason in done.set_aside)


def test_a_forgotten_account_is_not_connected_again_by_any_of_its_names(ada: Actor, chiara: Connection) -> None:
    visit(chiara, ada, bluesky_lines())
    did = Account.objects.get().network_id
    forget(key=f"bluesky:{did}", actor=ada, now=NOON)

    assert not Connection.objects.exists()
    for target in ("chiara.example.com", "@Chiara.example.com", did):
        with pytest.raises(AccountForgotten):
            connect(network="bluesky", targets=[target], actor=ada, now=NOON)
    assert not Connection.objects.exists()


def test_a_forgotten_account_behind_another_name_is_recognised_when_it_is_found(ada: Actor, chiara: Connection) -> None:
    visit(chiara, ada, bluesky_lines())
    forget(key="bluesky:chiara.example.com", actor=ada, now=NOON)
    connection = connected(ada, "bluesky", "https://bsky.app/profile/renamed.example.com")

    with pytest.raises(AccountForgotten):
        visit(connection, ada, bluesky_lines())
    assert not Account.objects.exists() and not Connection.objects.exists()
    assert Tombstone.objects.count() == 2
    assert "renamed" not in str(list(Entry.objects.values_list("facts", flat=True)))


def test_an_erasure_beside_a_visit_does_not_bring_the_connection_back(ada: Actor, chiara: Connection) -> None:
    def erase(fetched: object) -> None:
        if Account.objects.exists():
            forget(key="bluesky:chiara.example.com", actor=ada, now=NOON)

    with pytest.raises(AccountForgotten):
        fetch(
            connection_id=chiara.pk,
            actor=ada,
            now=NOON,
            means=means(Script(**bluesky_lines())),
            connector_settings=KEY,
            on_portion=erase,
        )
    assert not Connection.objects.exists() and not Account.objects.exists() and not Post.objects.exists()


def test_only_those_who_may_write_the_catalogue_connect_and_fetch(
    ada: Actor, rita: Actor, dario: Actor, chiara: Connection
) -> None:
    with pytest.raises(NotAllowed):
        connect(network="bluesky", targets=["x.example.com"], actor=rita, now=NOON)
    with pytest.raises(NotAllowed):
        fetch(connection_id=chiara.pk, actor=rita, now=NOON)
    with pytest.raises(NotFound):
        fetch(connection_id=chiara.pk, actor=dario, now=NOON)
    with pytest.raises(ConnectorUnknown):
        connect(network="friendster", targets=["x"], actor=ada, now=NOON)
