"""YouTube is read within its quota, with a key that nobody sees, and its numbers are kept as YouTube gives them."""

from __future__ import annotations

import json
import logging
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from sillage.catalogue.connectors import open_connector
from sillage.catalogue.connectors.port import (
    AccountUnknown,
    Connector,
    CredentialMissing,
    Fetched,
    TargetUnreadable,
)
from sillage.catalogue.connectors.settings import ConnectorSettings
from sillage.catalogue.connectors.youtube.parse import channel_filter, seconds
from sillage.catalogue.connectors.youtube.quota import quota_day, resets_at
from sillage.catalogue.engine.records import Measure
from sillage.catalogue.tests.recorded.replay import NOON, Clock, Script, answer, means, recorded, said
from sillage.lib.errors import OutsideError, Refusal

KEY = "AIzaInventedInventedInvented"
CHANNEL = "UCinventedchannelchiara1"
UPLOADS = {"uploads": "UUinventedchannelchiara1"}


class Purse:
    """Counts units, and refuses once they are spent."""

    def __init__(self, units: int = 1000) -> None:
        self.left = units
        self.spent = 0

    def __call__(self, units: int) -> None:
        if units > self.left:
            raise Refusal("The day's quota is spent.")
        self.left -= units
        self.spent += units


def youtube(script: Script, purse: Purse | None = None, clock: Clock | None = None) -> Connector:
    settings = ConnectorSettings(youtube_key=SecretStr(KEY))
    return open_connector("youtube", settings, means(script, clock, purse or Purse()))


def uploads(number: int = 1, cursor: dict[str, Any] = UPLOADS) -> Fetched:
    script = Script(
        playlistItems=[answer(f"youtube/uploads_{number}.json")], videos=[answer(f"youtube/videos_{number}.json")]
    )
    return youtube(script).posts(CHANNEL, cursor)


def numbers(fetched: Fetched, post_id: str | None) -> dict[str, int]:
    return {o.api_field: o.value for o in fetched.batch.observations if o.post_network_id == post_id}


@pytest.mark.parametrize(
    ("target", "chosen"),
    [
        (CHANNEL, {"id": CHANNEL}),
        (f"https://www.youtube.com/channel/{CHANNEL}/videos", {"id": CHANNEL}),
        ("@chiara.invented", {"forHandle": "@chiara.invented"}),
        ("chiara.invented", {"forHandle": "@chiara.invented"}),
        ("https://youtube.com/@chiara.invented?si=x", {"forHandle": "@chiara.invented"}),
        ("youtube.com/user/Chiara", {"forUsername": "Chiara"}),
        ("user/Chiara", {"forUsername": "Chiara"}),
    ],
)
def test_a_channel_is_named_by_id_handle_user_name_or_page(target: str, chosen: dict[str, str]) -> None:
    assert channel_filter(target) == chosen


@pytest.mark.parametrize(
    "target", ["", "x", "https://www.youtube.com/c/Chiara", "https://www.youtube.com/watch?v=1", "a b"]
)
def test_a_target_that_cannot_be_looked_up_is_refused(target: str) -> None:
    with pytest.raises(TargetUnreadable):
        channel_filter(target)


def test_a_channel_becomes_an_account_with_its_numbers_and_a_raw_answer_to_refresh_within_30_days() -> None:
    script = Script(channels=[answer("youtube/channel.json")])
    found = youtube(script).find("@chiara.invented")
    (account,) = found.batch.accounts
    assert (account.network_id, account.handle, account.country) == (CHANNEL, "chiara.invented", "BE")
    assert account.languages == ("fr",)
    assert account.created_at == datetime(2019, 4, 2, 9, 0, 0, 123456, tzinfo=UTC)
    assert numbers(found, None) == {
        "statistics.subscriberCount": 18400,
        "statistics.viewCount": 1204331,
        "statistics.videoCount": 96,
    }
    (raw,) = found.batch.raw
    assert raw.body == recorded("youtube/channel.json")
    assert raw.refresh_by == NOON + timedelta(days=30)
    assert found.cursor == UPLOADS


def test_a_hidden_number_of_subscribers_is_missing_and_not_zero() -> None:
    found = youtube(Script(channels=[answer("youtube/channel_hidden.json")])).find(CHANNEL)
    assert Measure.FOLLOWERS not in {o.measure for o in found.batch.observations}
    assert len(found.batch.observations) == 2


def test_a_channel_that_is_not_there_is_unknown() -> None:
    with pytest.raises(AccountUnknown, match="@nobody"):
        youtube(Script(channels=[answer("youtube/channel_none.json")])).find("@nobody")


def test_videos_keep_tags_language_length_format_and_the_paid_label() -> None:
    routine, short, live = uploads().batch.posts
    assert routine.hashtags == ("slow cosmétique", "routine")
    assert (routine.language, routine.duration_s, routine.format) == ("fr", 510.0, "video")
    assert routine.paid_label is False
    assert (short.format, short.paid_label, short.language) == ("short_video", True, "fr")
    assert (live.format, live.duration_s, live.paid_label) == ("live", None, None)


def test_numbers_that_are_hidden_null_negative_or_no_longer_counted_are_missing() -> None:
    first, second = uploads(1), uploads(2)
    assert numbers(first, "vidroutine1") == {
        "statistics.viewCount": 15320,
        "statistics.likeCount": 804,
        "statistics.commentCount": 3,
    }
    assert numbers(first, "vidshort001") == {"statistics.viewCount": 90211}
    assert numbers(first, "vidlive0001") == {}
    assert numbers(second, "videmoji001") == {"statistics.commentCount": 0}


def test_a_video_from_the_future_is_set_aside_and_a_private_one_is_gone() -> None:
    fetched = uploads()
    assert [(aside.network_id, "future" in aside.reason) for aside in fetched.set_aside] == [("vidfuture01", True)]
    assert fetched.gone == ("vidprivate1",)


def test_a_sweep_takes_the_playlist_page_by_page_and_the_next_one_stops_at_known_videos() -> None:
    first = uploads(1)
    assert first.cursor == UPLOADS | {"newest": "2026-11-18T17:00:00+00:00", "next": "PAGE2"}
    assert not first.is_last
    last = uploads(2, first.cursor)
    assert last.is_last
    assert last.cursor == UPLOADS | {"since": "2026-11-18T17:00:00+00:00"}
    assert uploads(1, last.cursor).is_last


def test_without_the_uploads_in_the_cursor_the_channel_is_asked_for_them() -> None:
    script = Script(
        channels=[answer("youtube/channel.json")],
        playlistItems=[answer("youtube/uploads_2.json")],
        videos=[answer("youtube/videos_2.json")],
    )
    assert len(youtube(script).posts(CHANNEL, {}).batch.posts) == 2
    assert script.asked_for("playlistItems")[0]["playlistId"] == UPLOADS["uploads"]


def test_an_expired_page_token_begins_the_sweep_again() -> None:
    script = Script(playlistItems=[answer("youtube/error_page_token.json", 400)])
    fetched = youtube(script).posts(CHANNEL, UPLOADS | {"next": "OLD", "newest": NOON.isoformat()})
    assert (fetched.cursor, fetched.is_last) == (UPLOADS, False)


def test_a_channel_without_uploads_has_an_empty_last_portion() -> None:
    script = Script(playlistItems=[answer("youtube/error_playlist.json", 404)])
    fetched = youtube(script).posts(CHANNEL, UPLOADS)
    assert (fetched.batch.posts, fetched.is_last) == ((), True)


def test_comment_threads_come_with_their_replies_and_without_raw_answers() -> None:
    script = Script(commentThreads=[answer("youtube/comment_threads_1.json"), answer("youtube/comment_threads_2.json")])
    connector = youtube(script)
    first = connector.comments(CHANNEL, "vidroutine1", {})
    thanks, shea, fire = first.batch.comments
    assert (thanks.text, thanks.likes, thanks.reply_to_network_id) == ("Merci, j’adore <3 et la peau sèche ?", 4, None)
    assert (shea.author_network_id, shea.reply_to_network_id) == (CHANNEL, "UgA")
    assert (fire.text, fire.author_network_id) == ("🔥", "")
    assert first.batch.raw == ()
    assert not first.is_last
    last = connector.comments(CHANNEL, "vidroutine1", first.cursor)
    assert (last.is_last, last.batch.comments, len(last.set_aside)) == (True, (), 1)
    assert script.asked_for("commentThreads")[1]["pageToken"] == "PAGE2"


def test_disabled_comments_are_an_empty_portion_with_a_note_and_no_number() -> None:
    fetched = youtube(Script(commentThreads=[answer("youtube/error_comments.json", 403)])).comments(CHANNEL, "v", {})
    assert fetched == Fetched(fetched.batch, notes=("No comments under v (commentsDisabled).",))
    assert fetched.batch.comments == ()


def test_comments_under_a_deleted_video_say_that_it_is_gone() -> None:
    fetched = youtube(Script(commentThreads=[answer("youtube/error_video.json", 404)])).comments(CHANNEL, "v", {})
    assert fetched.gone == ("v",)


def test_a_refresh_reads_the_channel_and_the_videos_anew_and_tells_what_is_gone() -> None:
    script = Script(channels=[answer("youtube/channel.json")], videos=[answer("youtube/videos_2.json")])
    fetched = youtube(script).refresh(CHANNEL, ["videmoji001", "vidarabic01", "viddeleted1"])
    assert len(fetched.batch.accounts) == 1
    assert [post.network_id for post in fetched.batch.posts] == ["videmoji001", "vidarabic01"]
    assert fetched.gone == ("viddeleted1",)
    assert [raw.refresh_by for raw in fetched.batch.raw] == [
        raw.fetched_at + timedelta(days=30) for raw in fetched.batch.raw
    ]
    assert len(fetched.batch.raw) == 2


def test_each_call_is_paid_before_it_is_made_and_each_new_try_too() -> None:
    purse = Purse()
    script = Script(
        channels=[said("{}", 500), answer("youtube/channel.json")],
        playlistItems=[answer("youtube/uploads_1.json")],
        videos=[answer("youtube/videos_1.json")],
    )
    connector = youtube(script, purse)
    connector.find(CHANNEL)
    assert purse.spent == 2
    connector.posts(CHANNEL, UPLOADS)
    assert purse.spent == 4 == len(script.asked)


def test_no_call_is_made_when_the_quota_refuses() -> None:
    script = Script(channels=[answer("youtube/channel.json")])
    with pytest.raises(Refusal, match="quota"):
        youtube(script, Purse(0)).find(CHANNEL)
    assert script.asked == []


def test_a_spent_quota_is_temporary_and_ends_at_midnight_pacific_time() -> None:
    clock = Clock()
    script = Script(channels=[answer("youtube/error_quota.json", 403)])
    with pytest.raises(OutsideError) as failure:
        youtube(script, clock=clock).find(CHANNEL)
    assert not failure.value.permanent
    assert failure.value.retry_after == timedelta(hours=20).total_seconds()
    assert clock.waits == []


def test_the_quotas_day_is_the_pacific_one_in_summer_and_winter() -> None:
    assert quota_day(datetime(2026, 11, 22, 7, 59, tzinfo=UTC)) == date(2026, 11, 21)
    assert quota_day(datetime(2026, 11, 22, 8, 0, tzinfo=UTC)) == date(2026, 11, 22)
    assert resets_at(datetime(2026, 7, 1, 12, 0, tzinfo=UTC)) == datetime(2026, 7, 2, 7, 0, tzinfo=UTC)


def test_a_bad_key_is_permanent_and_says_what_to_check() -> None:
    with pytest.raises(OutsideError, match="API_KEY_INVALID") as failure:
        youtube(Script(channels=[answer("youtube/error_key.json", 400)])).find(CHANNEL)
    assert failure.value.permanent
    assert "SILLAGE_YOUTUBE_KEY" in failure.value.hint


def test_without_a_key_the_connector_does_not_open() -> None:
    with pytest.raises(CredentialMissing):
        open_connector("youtube", ConnectorSettings(), means(Script()))


def test_the_key_reaches_the_network_and_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    script = Script(channels=[answer("youtube/channel.json"), answer("youtube/error_key.json", 400)])
    connector = youtube(script)
    found = connector.find(CHANNEL)
    with pytest.raises(OutsideError) as failure:
        connector.find(CHANNEL)
    assert [request.headers["x-goog-api-key"] for request in script.asked] == [KEY, KEY]
    seen = [repr(found), repr(vars(connector)), repr(ConnectorSettings(youtube_key=SecretStr(KEY)))]
    seen += [str(failure.value), failure.value.hint, caplog.text, *(str(request.url) for request in script.asked)]
    assert not any(KEY in text for text in seen)


@pytest.mark.parametrize(
    "trouble",
    [
        said('{"error":{"code":503,"errors":[{"reason":"backendError"}]}}', 503),
        answer("youtube/error_rate.json", 403),
        said("", 500),
        said(recorded("youtube/channel.json")[:300]),
        said("null"),
        httpx.ReadTimeout("slow"),
    ],
)
def test_trouble_is_tried_again(trouble: httpx.Response | Exception) -> None:
    script = Script(channels=[trouble, answer("youtube/channel.json")])
    assert youtube(script).find(CHANNEL).batch.accounts


@pytest.mark.parametrize(
    ("duration", "expected"),
    [
        ("PT1H2M3S", 3723.0),
        ("P1DT1S", 86401.0),
        ("PT40S", 40.0),
        ("P0D", None),
        ("", None),
        (None, None),
        ("PTS", None),
    ],
)
def test_durations_are_read_to_the_second(duration: str | None, expected: float | None) -> None:
    assert seconds(duration) == expected


def test_numbers_of_every_kind_are_classed_public() -> None:
    assert {o.source_class.value for o in uploads().batch.observations} == {"public"}
    assert json.loads(uploads().batch.raw[0].body)["kind"] == "youtube#videoListResponse"
