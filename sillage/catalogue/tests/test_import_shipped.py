"""The mappings that come with Sillage, on real files and on files as people write them."""

from __future__ import annotations

import csv
import gzip
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sillage.catalogue.actions.import_run import ImportReport
from sillage.catalogue.actions.imports import import_file
from sillage.catalogue.engine.shipped import shipped_mappings
from sillage.catalogue.models import Account, Comment, Creator, Observation, Post
from sillage.governance.engine.actors import Actor
from sillage.governance.models import Workspace

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
YOUTUBE = DATA / "youtube-trending" / "USvideos.csv.gz"
TIKTOK = DATA / "tiktok-trending-2020" / "trending_min.csv"


@pytest.fixture
def importing(workspace: Workspace, ada: Actor, noon: datetime, tmp_path: Path, settings: Any) -> Any:
    settings.SILLAGE = settings.SILLAGE.model_copy(update={"data": tmp_path})

    def run(mapping: str, path: Path | None = None, text: str = "") -> ImportReport:
        if path is None:
            path = tmp_path / "file.csv"
            path.write_text(text)
        return import_file(
            workspace_id=workspace.pk, path=path, mapping=shipped_mappings()[mapping], actor=ada, now=noon
        )

    return run


@pytest.mark.skipif(not YOUTUBE.exists(), reason="needs ../shared/data/youtube-trending, which is not in this clone")
def test_the_youtube_trending_file_comes_in_whole(importing: Any) -> None:
    with gzip.open(YOUTUBE, "rt", encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    report = importing("youtube-trending", YOUTUBE)

    assert (report.rows, report.refused) == (len(rows), 0)
    assert Post.objects.count() == len({(row["channel_title"], row["video_id"]) for row in rows})
    assert Account.objects.count() == len({row["channel_title"] for row in rows})
    for measure, column, hidden in (
        ("views", "views", None),
        ("likes", "likes", "ratings_disabled"),
        ("comments", "comment_count", "comments_disabled"),
    ):
        shown = [int(row[column]) for row in rows if hidden is None or row[hidden] == "False"]
        stored = Observation.objects.filter(measure=measure).values_list("value", flat=True)
        assert sorted(stored) == sorted(shown)
    days = {datetime.strptime(row["trending_date"], "%y.%d.%m").replace(tzinfo=UTC) for row in rows}
    assert set(Observation.objects.values_list("observed_at", flat=True).distinct()) == days

    video = Post.objects.get(network_id="2kyS6SvSYSE")
    assert video.hashtags == ["SHANtell martin"]
    assert "\\n" not in video.text and "\n" in video.text
    assert not Post.objects.filter(hashtags__contains=["[none]"]).exists()


@pytest.mark.skipif(not TIKTOK.exists(), reason="needs ../shared/data/tiktok-trending-2020, which is not in this clone")
def test_the_tiktok_trending_file_comes_in_whole(importing: Any) -> None:
    with TIKTOK.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    report = importing("tiktok-trending", TIKTOK)

    assert (report.rows, report.refused) == (len(rows), 0)
    assert Post.objects.count() == len({row["video_id"] for row in rows})
    assert Account.objects.count() == len({row["author_hash"] for row in rows})
    for row in rows[:50]:
        post = Post.objects.get(network_id=row["video_id"])
        assert post.text == row["text"]
        assert post.duration_s == float(row["duration"])
        plays = Observation.objects.get(account_id=post.account_id, post_id=post.id, measure="views")
        assert plays.value == int(row["plays"])


def test_an_agency_spreadsheet_becomes_creators_with_several_accounts(importing: Any) -> None:
    report = importing(
        "sillage-creators",
        text="network,handle,name,creator,followers,country,languages,email\n"
        "Instagram,@chiara,Chiara,Chiara Verde,12000,it,it|en,chiara@example.org\n"
        "youtube,ChiaraCooks,Chiara cooks,Chiara Verde,,IT,it,chiara@example.org\n"
        "tiktok,@bea,Bea,,900,,,\n",
    )
    assert (report.rows, report.refused, report.columns_unused) == (3, 0, ("email",))
    assert Creator.objects.get(key="Chiara Verde").accounts.count() == 2
    assert Creator.objects.get(key="tiktok:bea").accounts.get().country is None
    chiara = Account.objects.get(network="instagram")
    assert (chiara.handle, chiara.network_id, chiara.country) == ("chiara", "chiara", "IT")
    assert chiara.languages == ["it", "en"]
    followers = Observation.objects.values_list("value", "source_class", "post_id")
    assert sorted(followers) == [(900, "estimated", 0), (12000, "estimated", 0)]


def test_posts_in_sillages_own_columns_come_in(importing: Any) -> None:
    importing(
        "sillage-posts",
        text="network,account_id,post_id,published_at,text,hashtags,paid_label,views,reach,observed_at\n"
        "instagram,17,p1,2026-06-01T08:00:00Z,Bonjour,slow|beauté,true,100,,2026-06-02T00:00:00Z\n"
        "instagram,17,p2,2026-06-01T09:00:00Z,Sans chiffres,,,,,\n",
    )
    post = Post.objects.get(network_id="p1")
    assert (post.hashtags, post.paid_label) == (["slow", "beauté"], True)
    assert Observation.objects.get().measure == "views"


def test_comments_in_sillages_own_columns_come_in(importing: Any) -> None:
    importing(
        "sillage-comments",
        text="network,account_id,post_id,comment_id,published_at,text,author_id,reply_to,likes\n"
        "instagram,17,p1,c1,2026-06-01T08:00:00Z,Trop beau,99,,3\n"
        "instagram,17,p1,c2,2026-06-01T09:00:00Z,Merci,17,c1,\n",
    )
    assert Comment.objects.get(network_id="c1").reply_to_network_id is None
    assert (Comment.objects.get(network_id="c2").reply_to_network_id, Comment.objects.get(network_id="c2").likes) == (
        "c1",
        None,
    )
