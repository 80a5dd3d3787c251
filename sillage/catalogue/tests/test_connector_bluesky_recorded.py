"""What an AppView and a PDS really answered is read as it was meant: recorded from @atproto/dev-env, invented people only."""

from __future__ import annotations

import json

import pytest

from sillage.catalogue.connectors import open_connector
from sillage.catalogue.connectors.port import AccountUnknown, Connector
from sillage.catalogue.connectors.settings import ConnectorSettings
from sillage.catalogue.engine.records import Measure
from sillage.catalogue.tests.recorded.replay import NOON, Clock, Script, answer, means, recorded
from sillage.lib.errors import OutsideError

CHIARA = json.loads(recorded("bluesky/network/profile.json"))["did"]
ROUTINE = json.loads(recorded("bluesky/network/thread.json"))["thread"]["post"]["uri"]
EVENING = NOON.replace(hour=21)  # the answers are of 20:38


def bluesky(script: Script, clock: Clock | None = None) -> Connector:
    return open_connector("bluesky", ConnectorSettings(), means(script, clock or Clock(EVENING)))


def network(name: str) -> str:
    return f"bluesky/network/{name}.json"


def test_a_profile_without_a_date_of_its_own_is_an_account() -> None:
    found = bluesky(Script(getProfile=[answer(network("profile"))])).find("chiara-verde.test")
    (account,) = found.batch.accounts
    assert (account.network_id, account.handle, account.name) == (CHIARA, "chiara-verde.test", "Chiara Inventata")
    assert account.created_at is None


def test_a_feed_gives_pictures_films_and_labelled_posts_but_no_repost_and_nothing_of_tomorrow() -> None:
    fetched = bluesky(Script(getAuthorFeed=[answer(network("feed"))])).posts(CHIARA, {})
    assert [(post.text, post.format, post.hashtags) for post in fetched.batch.posts] == [
        ("a film", "video", ()),
        ("self labelled", "text", ()),
        ("Ma routine #peau", "image", ("routine",)),
    ]
    assert [str(aside.reason).endswith("lies in the future.") for aside in fetched.set_aside] == [True]
    assert "Bruno" not in fetched.batch.raw[0].body.decode()
    assert (fetched.is_last, fetched.cursor) == (True, {"since": "2026-11-22T20:38:13.590000+00:00"})
    likes = {o.post_network_id: o.value for o in fetched.batch.observations if o.measure is Measure.LIKES}
    assert likes[ROUTINE] == 1


def test_a_thread_from_which_a_reply_was_deleted_is_whole_and_shows_nothing_below_it() -> None:
    fetched = bluesky(Script(getPostThread=[answer(network("thread"))])).comments(CHIARA, ROUTINE, {})
    question, reply = fetched.batch.comments
    assert (question.text, reply.text) == ("Une question ?", "Une réponse.")
    assert reply.reply_to_network_id == question.network_id
    assert (fetched.whole_thread, fetched.notes) == (ROUTINE, ())


def test_a_deleted_post_is_missing_among_those_looked_up() -> None:
    script = Script(getProfile=[answer(network("profile"))], getPosts=[answer(network("posts"))])
    deleted = f"at://{CHIARA}/app.bsky.feed.post/3laaaaaaaaaaa"
    fetched = bluesky(script).refresh(CHIARA, [ROUTINE, deleted])
    assert ([post.network_id for post in fetched.batch.posts], fetched.gone) == ([ROUTINE], (deleted,))


@pytest.mark.parametrize("name", ["deactivated", "suspended", "unknown"])
def test_an_account_that_is_away_suspended_or_was_never_there_is_unknown(name: str) -> None:
    with pytest.raises(AccountUnknown):
        bluesky(Script(getProfile=[answer(network(name), 400)])).find("chiara-verde.test")


@pytest.mark.parametrize("until_reset", [20, 290])
def test_a_rate_limit_is_sat_out_when_it_is_short_and_handed_back_when_it_is_long(until_reset: int) -> None:
    clock = Clock(EVENING)
    limited = answer(
        network("rate_limited"),
        429,
        ratelimit_limit="30",
        ratelimit_remaining="0",
        ratelimit_policy="30;w=300",
        ratelimit_reset=str(int(EVENING.timestamp()) + until_reset),
        retry_after=str(until_reset),
    )
    connector = bluesky(Script(getProfile=[limited, answer(network("profile"))]), clock)
    if until_reset <= 60:
        assert connector.find(CHIARA).batch.accounts
        assert clock.waits == [20.0]
    else:
        with pytest.raises(OutsideError) as failure:
            connector.find(CHIARA)
        assert (failure.value.permanent, failure.value.retry_after, clock.waits) == (False, 290.0, [])
