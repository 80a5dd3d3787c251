"""The Bluesky connector reads a real AT Protocol network (PLC, PDS and AppView of @atproto/dev-env) through the command."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Count
from django.utils import timezone

from sillage.catalogue.actions.connecting import connect, fetch
from sillage.catalogue.connectors.port import AccountUnknown
from sillage.catalogue.models import Account, Comment, Connection, Observation, Post
from sillage.catalogue.tests.atproto import LIKE, POST, REPOST, Front, Network, Person, front_of, running
from sillage.catalogue.tests.test_import_killed import environment
from sillage.front.tests.terminal import Said, Terminal, terminal
from sillage.governance.engine.actors import Actor
from sillage.governance.models import Entry
from sillage.lib.errors import OutsideError

__all__ = ["terminal"]

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("ada")]
SEVERAL_PAGES = 230


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    with running() as started:
        yield started


@pytest.fixture
def front(network: Network, settings: Any) -> Iterator[Front]:
    """Sillage is pointed at a door before the AppView, which counts what is asked."""
    with front_of(network) as opened:
        settings.SILLAGE = settings.SILLAGE.model_copy(update={"bluesky_url": opened.url})
        yield opened


@pytest.fixture
def connected(terminal: Terminal, front: Front) -> Any:
    """`connected("chiara.test")` is what `sillage connect bluesky chiara.test` says."""

    def run(*targets: str) -> Any:
        front.asked.clear()
        said: Said = terminal("connect", "bluesky", *targets, "--json")
        assert said.code == 0, said.err
        return said.json

    return run


def asked(front: Front) -> Counter[str]:
    return Counter(path.partition("?")[0].rpartition(".")[2] for path in front.asked)


def texts(person: Person) -> set[str]:
    return set(Post.objects.filter(account__network_id=person.did).values_list("text", flat=True))


def known(person: Person) -> Account:
    return Account.objects.get(network_id=person.did)


def likes_of(post: dict[str, str]) -> list[int]:
    """Every number of likes that was observed, in order."""
    row = Post.objects.get(network_id=post["uri"])
    numbers = Observation.objects.filter(account_id=row.account_id, post_id=row.id, measure="likes")
    return list(numbers.order_by("observed_at").values_list("value", flat=True))


def facet(text: str, part: str, feature: dict[str, str]) -> dict[str, Any]:
    start = len(text[: text.index(part)].encode())
    return {"index": {"byteStart": start, "byteEnd": start + len(part.encode())}, "features": [feature]}


def test_posts_come_in_as_they_were_written_and_nobody_elses(network: Network, connected: Any) -> None:
    chiara, bruno = network.join("chiara-posts", "Chiara Verde", description="Potager 🌱"), network.join("bruno-posts")
    text = "Ma routine 🌿 #slowcosmetics avec @bruno-posts.test et https://example.org"
    kind = "app.bsky.richtext.facet#"
    marked = [
        facet(text, "#slowcosmetics", {"$type": f"{kind}tag", "tag": "slowcosmetics"}),
        facet(text, "@bruno-posts.test", {"$type": f"{kind}mention", "did": bruno.did}),
        facet(text, "https://example.org", {"$type": f"{kind}link", "uri": "https://example.org"}),
    ]
    routine = chiara.post(text, langs=["fr-FR"], tags=["peau"], facets=marked, embed=chiara.picture())
    link = {"uri": "https://example.org", "title": "Potager", "description": ""}
    chiara.post("link", langs=["fr", "en"], embed={"$type": "app.bsky.embed.external", "external": link})
    theirs = bruno.post("somebody else's")
    network.flush()
    quoted = {"$type": "app.bsky.embed.record", "record": theirs}
    both = {"$type": "app.bsky.embed.recordWithMedia", "record": quoted, "media": chiara.picture()}
    chiara.post("quote", embed=quoted)
    chiara.post("quote with picture", embed=both)
    chiara.add(REPOST, subject=theirs)
    chiara.answer(theirs, theirs, "answers somebody")
    chiara.answer(routine, routine, "answers herself")
    chiara.post("tomorrow", createdAt=f"{datetime.now(UTC) + timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}")
    for _ in range(2):
        bruno.add(LIKE, subject=routine)
    bruno.add(REPOST, subject=routine)
    network.flush()

    (done,) = connected("@Chiara-Posts.test")

    account = known(chiara)
    assert (account.handle, account.name, account.bio) == ("chiara-posts.test", "Chiara Verde", "Potager 🌱")
    assert texts(chiara) == {text, "link", "quote", "quote with picture"}
    post = Post.objects.get(network_id=routine["uri"])
    assert (post.hashtags, post.language, post.format) == (["slowcosmetics", "peau"], "fr", "image")
    assert dict(Post.objects.exclude(pk=post.pk).values_list("text", "format")) == {
        "link": "text",
        "quote": "text",
        "quote with picture": "image",
    }
    assert Post.objects.get(text="link").language is None  # of two languages neither is the post's
    numbers = Observation.objects.filter(post_id=post.id).values_list("measure", "value")
    assert dict(numbers) == {"likes": 1, "shares": 1, "comments": 1, "saves": 0}
    assert [aside.endswith("lies in the future.") for aside in done["set_aside"]] == [True]
    assert Comment.objects.get().text == "answers herself"


def test_a_long_list_is_read_page_by_page_each_post_once(network: Network, connected: Any, front: Front) -> None:
    chiara = network.join("chiara-pages")
    newest = datetime.now(UTC) - timedelta(hours=1)
    chiara.write_often([f"post {n}" for n in range(SEVERAL_PAGES)], newest, timedelta(hours=6))
    chiara.post("two years ago", createdAt=f"{newest - timedelta(days=730):%Y-%m-%dT%H:%M:%SZ}")
    network.flush()

    (done,) = connected("chiara-pages.test")
    assert texts(chiara) == {f"post {n}" for n in range(SEVERAL_PAGES)} | {"two years ago"}
    assert done["posts"] == SEVERAL_PAGES + 1
    assert asked(front) == {"getProfile": 1, "getAuthorFeed": 3}

    chiara.post("new")
    chiara.describe("Chiara Neu", description="anders")
    network.flush()
    (again,) = connected("chiara-pages.test")
    assert asked(front) == {"getProfile": 2, "getAuthorFeed": 1, "getPosts": 2}  # the first page, and fifty older ones
    assert again["posts"] == 100 + 50
    assert Post.objects.filter(account=known(chiara)).count() == SEVERAL_PAGES + 2
    assert (known(chiara).name, known(chiara).bio) == ("Chiara Neu", "anders")
    seen = Observation.objects.filter(measure="likes").values("post_id").annotate(times=Count("id"))
    assert Counter(seen.values_list("times", flat=True)) == {2: 149, 1: SEVERAL_PAGES + 2 - 149}
    assert Entry.objects.filter(verb="catalogue.fetched").count() == 2


def test_numbers_are_appended_and_what_was_deleted_goes(network: Network, connected: Any) -> None:
    chiara, bruno = network.join("chiara-deletes"), network.join("bruno-deletes")
    first, second = chiara.post("stays"), chiara.post("is deleted")
    network.flush()
    bruno.add(LIKE, subject=first)
    network.flush()
    connected("chiara-deletes.test")
    assert likes_of(first) == [1]

    chiara.add(LIKE, subject=first)
    chiara.delete(second)
    network.flush()
    (done,) = connected("chiara-deletes.test")
    assert likes_of(first) == [1, 2]
    assert (done["gone"], texts(chiara)) == (1, {"stays"})
    assert not Observation.objects.exclude(post_id__in=[0, Post.objects.get().id]).exists()


def test_comments_are_read_however_deep_and_go_when_they_are_deleted(network: Network, connected: Any) -> None:
    chiara, bruno, fatou = (network.join(f"{name}-talks") for name in ("chiara", "bruno", "fatou"))
    values = [{"val": "!no-unauthenticated"}]
    quiet = network.join("quiet-talks", labels={"$type": "com.atproto.label.defs#selfLabels", "values": values})
    root = chiara.post("What do you grow?")
    parent = root
    for depth in range(14):
        parent = (bruno if depth % 2 else fatou).answer(root, parent, f"depth {depth}")
    apart = bruno.answer(root, root, "is deleted")
    fatou.answer(root, apart, "below what is deleted")
    quiet.answer(root, root, "not for everybody")
    network.flush()

    (done,) = connected("chiara-talks.test")
    said = set(Comment.objects.values_list("text", flat=True))
    assert said == {f"depth {depth}" for depth in range(14)} | {"is deleted", "below what is deleted"}
    assert done["notes"] == []
    assert [aside.endswith("those who are not signed in.") for aside in done["set_aside"]] == [True]
    deepest = Comment.objects.get(text="depth 13")
    assert deepest.reply_to_network_id == Comment.objects.get(text="depth 12").network_id
    assert Comment.objects.get(text="depth 0").reply_to_network_id is None
    assert bruno.did not in str(list(Comment.objects.values()))

    bruno.delete(apart)
    network.flush()
    connected("chiara-talks.test")
    assert set(Comment.objects.values_list("text", flat=True)) == {f"depth {depth}" for depth in range(14)}


def test_who_asks_for_signed_in_readers_only_and_who_is_not_there_is_not_read(
    network: Network, terminal: Terminal, front: Front
) -> None:
    values = [{"val": "!no-unauthenticated"}]
    quiet = network.join("quiet-asks", labels={"$type": "com.atproto.label.defs#selfLabels", "values": values})
    quiet.post("not for everybody")
    network.flush()
    said = terminal("connect", "bluesky", "quiet-asks.test", "nobody-asks.test")
    assert said.code == 1
    assert "not signed in" in said.err
    assert "Bluesky has no account nobody-asks.test, or no longer." in said.err
    assert Connection.objects.filter(is_paused=True).count() == 2
    assert not Account.objects.exists()


@pytest.mark.parametrize("leaves", ["deactivated", "suspended"])
def test_an_account_that_is_away_keeps_its_posts_and_goes_on_when_it_is_back(
    network: Network, front: Front, ada: Actor, connected: Any, leaves: str
) -> None:
    chiara = network.join(f"chiara-{leaves}")
    post = chiara.post("before")
    chiara.answer(post, post, "a reply")
    network.flush()
    (connection,) = connect(network="bluesky", targets=[chiara.did], actor=ada, now=timezone.now())

    def away() -> None:
        chiara.go_away() if leaves == "deactivated" else network.suspend(chiara, applied=True)

    def leave(fetched: object) -> None:
        """In the middle of the visit: the posts are stored, their comments are not read yet."""
        if Post.objects.exists():
            away()

    with pytest.raises(AccountUnknown):
        fetch(connection_id=connection.pk, actor=ada, now=timezone.now(), on_portion=leave)
    connection.refresh_from_db()
    assert (connection.is_paused, texts(chiara), Comment.objects.count()) == (True, {"before"}, 0)

    chiara.come_back() if leaves == "deactivated" else network.suspend(chiara, applied=False)
    connected(chiara.did)
    assert (texts(chiara), Comment.objects.count()) == ({"before"}, 1)


def test_a_connection_follows_the_account_and_not_its_handle(network: Network, connected: Any) -> None:
    chiara = network.join("chiara-moves")
    chiara.post("mine")
    network.flush()
    connected("@chiara-moves.test")
    chiara.call_oneself("chiara-moved")
    other = network.join("chiara-moves")
    other.post("somebody else's")
    network.flush()

    (done,) = connected("@chiara-moves.test")
    assert done["notes"] == [f"chiara-moves.test is called chiara-moved.test now; the connection goes by {chiara.did}."]
    assert not Account.objects.filter(network_id=other.did).exists()
    connected("@chiara-moves.test")
    assert dict(Connection.objects.values_list("target", "account__network_id")) == {
        chiara.did: chiara.did,
        "@chiara-moves.test": other.did,
    }
    handles = dict(Account.objects.values_list("network_id", "handle"))
    assert handles == {chiara.did: "chiara-moved.test", other.did: "chiara-moves.test"}
    assert (texts(chiara), texts(other)) == ({"mine"}, {"somebody else's"})


def test_a_rate_limit_ends_the_visit_for_as_long_as_the_server_says_and_it_goes_on_there(
    network: Network, front: Front, ada: Actor, connected: Any
) -> None:
    chiara = network.join("chiara-waits")
    chiara.write_often([f"post {n}" for n in range(150)], datetime.now(UTC), timedelta(hours=1))
    network.flush()
    (connection,) = connect(network="bluesky", targets=[chiara.did], actor=ada, now=timezone.now())
    limited = network.rate_limited()
    front.answers, front.lets_pass = [limited], 2

    now = timezone.now()
    with pytest.raises(OutsideError) as failure:
        fetch(connection_id=connection.pk, actor=ada, now=now)
    asked_s = float(limited.headers["retry-after"])
    assert 60 < asked_s <= 300
    assert failure.value.retry_after == asked_s
    connection.refresh_from_db()
    assert (connection.is_paused, connection.next_at) == (False, now + timedelta(seconds=asked_s))
    assert Post.objects.count() == 100

    connected(chiara.did)
    assert asked(front) == {"getAuthorFeed": 1, "getProfile": 1, "getPosts": 2}
    assert Post.objects.count() == 150


def test_a_cursor_that_the_appview_cannot_read_begins_the_sweep_again(
    network: Network, front: Front, ada: Actor, connected: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    chiara = network.join("chiara-cursors")
    chiara.post("one")
    network.flush()
    connected(chiara.did)
    chiara.post("two")
    network.flush()
    connection = Connection.objects.get()
    connection.cursor |= {"stage": "posts", "posts": {"next": "of another AppView"}}
    connection.save()
    front.asked.clear()
    monkeypatch.setattr("sillage.catalogue.actions.connecting.time.sleep", lambda seconds: None)
    visited = fetch(connection_id=connection.pk, actor=ada, now=timezone.now())
    assert visited.notes == ["The network's cursor had expired; the sweep begins again."]
    assert asked(front)["getAuthorFeed"] == 4 + 1
    assert texts(chiara) == {"one", "two"}


@pytest.mark.django_db(transaction=True)
def test_a_command_killed_in_the_middle_goes_on_where_it_was(
    network: Network, front: Front, connected: Any, tmp_path: Path
) -> None:
    chiara = network.join("chiara-killed")
    newest = datetime.now(UTC) - timedelta(hours=1)
    chiara.write_often([f"post {n}" for n in range(SEVERAL_PAGES)], newest, timedelta(hours=6))
    network.flush()
    for portions in (1, 2):  # each time a portion further than the last one
        _kill_after(portions, chiara.did, front.url, tmp_path)
    assert 100 <= Post.objects.count() < SEVERAL_PAGES
    assert not Entry.objects.filter(verb="catalogue.fetched").exists()

    connected(chiara.did)
    assert texts(chiara) == {f"post {n}" for n in range(SEVERAL_PAGES)}
    assert Post.objects.count() == SEVERAL_PAGES
    assert Entry.objects.filter(verb="catalogue.fetched").count() == 1
    uris = set(Post.objects.values_list("network_id", flat=True))
    assert {uri.rpartition("/")[0] for uri in uris} == {f"at://{chiara.did}/{POST}"}


def _kill_after(portions: int, target: str, url: str, data: Path) -> None:
    command = [sys.executable, "-m", "sillage", "connect", "bluesky", target]
    given = environment(data) | {"DJANGO_SETTINGS_MODULE": "sillage.front.settings", "SILLAGE_BLUESKY_URL": url}
    child = subprocess.Popen(command, env=given, stderr=subprocess.PIPE, text=True)
    assert child.stderr is not None
    said = 0
    while said < portions:
        line = child.stderr.readline()
        assert line, "the command ended before it was killed"
        said += "posts" in line
    child.send_signal(signal.SIGKILL)
    assert child.wait() == -signal.SIGKILL
    child.stderr.close()
