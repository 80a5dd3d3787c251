"""What a network's terms let us keep for 30 days only is read again in time, or deleted with all that was made from it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from sillage.catalogue.actions.connecting import fetch
from sillage.catalogue.actions.refreshing import drop_overdue, refresh_due
from sillage.catalogue.models import Account, Comment, Connection, Creator, Observation, Post, RawAnswer
from sillage.catalogue.tests.recorded.replay import NOON, Clock, Line, Script, answer, means
from sillage.catalogue.tests.test_connecting import CHANNEL, KEY, bluesky_lines, connected, visit, youtube_lines
from sillage.governance import queries as governance
from sillage.governance.engine.actors import Actor, NotAllowed
from sillage.governance.models import Entry, Receipt
from sillage.understanding.actions import bring_up_to_date

DAY = timedelta(days=1)


@pytest.fixture
def channel(ada: Actor) -> Connection:
    """A channel with five videos, two of which have comments, fetched at noon."""
    connection = connected(ada, "youtube", CHANNEL)
    visit(connection, ada, youtube_lines())
    return connection


def refreshed(ada: Actor, now: Any, **lines: list[Line]) -> Any:
    given = means(Script(**lines), Clock(now))
    return refresh_due(network="youtube", actor=ada, now=now, means=given, connector_settings=KEY)


def both_videos_answers() -> dict[str, list[Line]]:
    """The account and its five posts in one portion; the answer holds three of them, so that two are gone."""
    return {"channels": [answer("youtube/channel.json")], "videos": [answer("youtube/videos_1.json")]}


def test_nothing_is_asked_for_before_it_falls_due(ada: Actor, channel: Connection) -> None:
    assert refreshed(ada, NOON + 22 * DAY).accounts == 0
    assert not Entry.objects.filter(verb="catalogue.refreshed").exists()


def test_what_falls_due_within_a_week_is_read_again_with_new_numbers_and_a_new_term(
    ada: Actor, channel: Connection
) -> None:
    now = NOON + 24 * DAY
    done = refreshed(ada, now, **both_videos_answers())

    assert (done.accounts, done.posts, done.gone) == (1, 3, 0)
    assert Account.objects.get().fetched_at == now
    assert set(Post.objects.values_list("network_id", "fetched_at")) == {
        ("vidroutine1", now),
        ("vidshort001", now),
        ("vidlive0001", now),
    }
    assert Observation.objects.filter(measure="views", observed_at__gte=now).exclude(post_id=0).count() == 2
    assert RawAnswer.objects.filter(refresh_by__gte=now + 30 * DAY).count() == 2
    assert Entry.objects.get(verb="catalogue.refreshed").facts == {"accounts": 1, "posts": 3}
    assert refreshed(ada, now).accounts == 0  # and it is not due again


def test_posts_are_asked_for_in_portions_of_fifty(ada: Actor, channel: Connection) -> None:
    account = Account.objects.get()
    pattern = Post.objects.get(network_id="vidroutine1")
    for n in range(60):
        pattern.pk = (account.pk, n)
        pattern.network_id = f"old{n}"
        pattern.save(force_insert=True)
    script = Script(
        channels=[answer("youtube/channel.json")] * 2,
        videos=[answer("youtube/videos_1.json"), answer("youtube/videos_2.json")],
    )
    given = means(script, Clock(NOON + 25 * DAY))
    refresh_due(network="youtube", actor=ada, now=NOON + 25 * DAY, means=given, connector_settings=KEY)
    assert [len(asked["id"].split(",")) for asked in script.asked_for("videos")] == [50, 15]


def test_a_channel_that_is_gone_is_deleted_and_its_connection_begins_anew(ada: Actor, channel: Connection) -> None:
    done = refreshed(ada, NOON + 25 * DAY, channels=[answer("youtube/channel_none.json")])
    assert done.gone == 1
    assert not Account.objects.exists() and not Creator.objects.exists() and not Post.objects.exists()
    channel.refresh_from_db()
    assert (channel.cursor, channel.account_id) == ({}, None)


def test_nothing_overdue_nothing_deleted(ada: Actor, channel: Connection) -> None:
    assert drop_overdue(actor=ada, now=NOON + 29 * DAY) == {}
    assert Post.objects.count() == 5


def test_an_account_not_refreshed_in_time_goes_with_its_creator_and_its_receipts_but_its_connection_stays(
    ada: Actor, channel: Connection
) -> None:
    visit(connected(ada, "bluesky", "chiara.example.com"), ada, bluesky_lines())
    bring_up_to_date(actor=ada, now=NOON)
    youtube = Account.objects.get(network="youtube")
    assert Receipt.objects.filter(subject_id=str(youtube.pk)).exists()

    dropped = drop_overdue(actor=ada, now=NOON + 31 * DAY)

    assert (dropped["account"], dropped["creator"], dropped["post"]) == (1, 1, 5)
    assert Account.objects.get().network == "bluesky"
    assert Creator.objects.count() == 1
    assert not Receipt.objects.filter(subject_id=str(youtube.pk)).exists()
    assert not RawAnswer.objects.filter(network="youtube").exists()
    channel.refresh_from_db()
    assert channel.cursor == {}
    assert Entry.objects.get(verb="catalogue.overdue_dropped").facts == dropped
    visit(channel, ada, youtube_lines(), now=NOON + 32 * DAY)  # and all of it can come back
    assert Post.objects.filter(account__network="youtube").count() == 5


def test_of_a_refreshed_account_only_what_was_not_confirmed_goes(ada: Actor, channel: Connection) -> None:
    refreshed(ada, NOON + 24 * DAY, **both_videos_answers())
    Post.objects.filter(network_id="vidshort001").update(fetched_at=NOON)  # as if it had been left out

    dropped = drop_overdue(actor=ada, now=NOON + 31 * DAY)

    assert set(Post.objects.values_list("network_id", flat=True)) == {"vidroutine1", "vidlive0001"}
    assert not Observation.objects.filter(observed_at__lte=NOON).exists()
    assert not RawAnswer.objects.filter(refresh_by__lt=NOON + 31 * DAY).exists()
    assert not Comment.objects.exists()
    assert dropped["post"] == 1


def test_imported_numbers_of_a_connected_account_are_the_users_own_and_stay(ada: Actor, channel: Connection) -> None:
    followers = Observation.objects.get(measure="followers")
    followers.pk = (followers.account_id, NOON - 90 * DAY, 1)
    followers.api_field = "subscribers"
    followers.save(force_insert=True)
    refreshed(ada, NOON + 24 * DAY, **both_videos_answers())
    drop_overdue(actor=ada, now=NOON + 31 * DAY)
    assert Observation.objects.filter(api_field="subscribers").count() == 1


def test_of_a_post_that_is_gone_nothing_remains(ada: Actor) -> None:
    from sillage.understanding.models import PostVector, Profile, Signal

    chiara = connected(ada, "bluesky", "chiara.example.com")
    whole = bluesky_lines(getPostThread=[answer("bluesky/thread.json"), answer("bluesky/thread.json")])
    visit(chiara, ada, whole)
    bring_up_to_date(actor=ada, now=NOON)
    account = Account.objects.get()
    gone = Post.objects.get(network_id__endswith="3loldaaaaaaaa")
    PostVector.objects.create(account=account, post_id=gone.id, version="x", content_hash=1, vector=[0.1] * 8)
    proof = next(r for r in Receipt.objects.filter(metric="account.median_likes"))
    assert Signal.objects.filter(post_id=gone.id).exists()
    assert Observation.objects.filter(post_id=gone.id).exists()
    words = gone.text.split()[0]
    assert account.card and _found_by_word(ada, words) == [account.pk]

    again = bluesky_lines(
        getAuthorFeed=[answer("bluesky/feed_2.json")], getPostThread=[answer("bluesky/thread_gone.json")]
    )
    chiara.refresh_from_db()
    chiara.cursor = {**chiara.cursor, "posts": {}}
    chiara.save()
    later = NOON + DAY
    visit(chiara, ada, again, now=later)

    for table in (Signal, PostVector, Observation, Comment):
        assert not table.objects.filter(account=account, post_id=gone.id).exists(), table
    assert not Post.objects.filter(id=gone.id).exists()
    assert not Receipt.objects.filter(pk=proof.pk).exists()
    assert _found_by_word(ada, words) == []
    bring_up_to_date(actor=ada, now=later)
    assert Profile.objects.get().posts_read == Post.objects.count() == 4
    for receipt in Receipt.objects.all():
        assert governance.verify_receipt(ada.workspace_id, receipt.key).holds


def _found_by_word(ada: Actor, word: str) -> list[int]:
    from sillage.catalogue import queries
    from sillage.lib.text import folded

    found = queries.search_cards(
        workspace_id=ada.workspace_id, filters=queries.CardFilters(), words=folded(word), limit=5
    )
    return [f.account_id for f in found]


def test_a_fetch_that_finds_an_old_post_gone_takes_it_out_of_the_evidence_of_shortlists(ada: Actor) -> None:
    from sillage.discovery.actions import forget_evidence
    from sillage.discovery.models import Brief, Candidate, Shortlist

    visit(connected(ada, "bluesky", "chiara.example.com"), ada, bluesky_lines())
    brief = Brief.objects.create(
        workspace_id=ada.workspace_id, title="x", text="x", language="en", created_at=NOON, changed_at=NOON
    )
    kept = Shortlist.objects.create(
        brief=brief, weights={}, diversity=0, versions={}, considered=1, pool=1, limit=1, computed_at=NOON
    )
    reasons = [
        {"reason": "themes", "points": 9.0, "posts": [{"post": "5", "words": ["soin"]}, {"post": "6", "words": []}]}
    ]
    account = Account.objects.get()
    Candidate.objects.create(shortlist=kept, account=account, rank=1, score=9, parts={}, reasons=reasons)

    assert forget_evidence(account.pk, [5, 7]) == {"evidence": 1}
    assert [p["post"] for p in Candidate.objects.get().reasons[0]["posts"]] == ["6"]


def test_those_without_the_right_neither_refresh_nor_drop(rita: Actor) -> None:
    with pytest.raises(NotAllowed):
        refresh_due(network="youtube", actor=rita, now=NOON)
    with pytest.raises(NotAllowed):
        drop_overdue(actor=rita, now=NOON)
    with pytest.raises(NotAllowed):
        fetch(connection_id=1, actor=rita, now=NOON)
