"""Storing a batch: each thing once, numbers appended, forgotten people left out."""

from __future__ import annotations

import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sillage.catalogue.actions.ingest import AccountMissing, ingest
from sillage.catalogue.actions.storing import Kept, KeyCollision
from sillage.catalogue.engine import keys
from sillage.catalogue.engine.records import (
    AccountRecord,
    Batch,
    CommentRecord,
    Measure,
    ObservationRecord,
    PostRecord,
    RawAnswer,
    SourceClass,
)
from sillage.catalogue.models import Account, Comment, Creator, Observation, Post, Tombstone
from sillage.catalogue.models import RawAnswer as RawAnswerRow
from sillage.governance.engine.actors import Actor, NotAllowed
from sillage.governance.models import Entry, Workspace

DAY = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)
CHIARA = AccountRecord("instagram", "17", "chiara.verde", name="Chiara Verde", bio="Cucina lenta", country="IT")
RISOTTO = PostRecord("instagram", "17", "p1", DAY, text="Risotto 🍚 al limone", hashtags=("cucina", "slowfood"))
LIKES = ObservationRecord("instagram", "17", Measure.LIKES, 120, "like_count", SourceClass.PUBLIC, DAY, "p1")
FOLLOWERS = ObservationRecord("instagram", "17", Measure.FOLLOWERS, 8_000, "followers", SourceClass.PUBLIC, DAY)
BATCH = Batch(accounts=(CHIARA,), posts=(RISOTTO,), observations=(LIKES, FOLLOWERS))


def test_a_batch_becomes_rows_and_one_ledger_entry(workspace: Workspace, ada: Actor, noon: datetime) -> None:
    done = ingest(workspace_id=workspace.pk, batch=BATCH, actor=ada, now=noon)

    assert (done.accounts, done.posts, done.observations) == (Kept(new=1), Kept(new=1), Kept(new=2))
    account = Account.objects.get()
    assert account.pk == keys.account_id(workspace.pk, "instagram", "17")
    assert (account.name, account.country, account.first_seen_at) == ("Chiara Verde", "IT", noon)
    assert (account.creator.key, account.creator.name) == ("instagram:17", "Chiara Verde")
    post = Post.objects.get()
    assert (post.text, post.hashtags, post.paid_label) == ("Risotto 🍚 al limone", ["cucina", "slowfood"], None)
    assert Observation.objects.get(post_id=post.id).value == 120
    assert Observation.objects.get(post_id=0).measure == "followers"
    entry = Entry.objects.get(verb="catalogue.ingested")
    assert entry.facts["posts"]["new"] == 1


def test_the_same_batch_again_changes_nothing(workspace: Workspace, ada: Actor, noon: datetime) -> None:
    ingest(workspace_id=workspace.pk, batch=BATCH, actor=ada, now=noon)
    again = ingest(workspace_id=workspace.pk, batch=BATCH, actor=ada, now=noon + timedelta(hours=1))

    assert (again.accounts, again.posts, again.observations) == (
        Kept(unchanged=1),
        Kept(unchanged=1),
        Kept(unchanged=2),
    )
    assert Post.objects.get().fetched_at == noon  # an unchanged row is not written again
    assert Account.objects.get().fetched_at == noon + timedelta(hours=1)  # but the account was seen


def test_changed_words_replace_the_old_and_change_the_content_hash(
    workspace: Workspace, ada: Actor, noon: datetime
) -> None:
    ingest(workspace_id=workspace.pk, batch=BATCH, actor=ada, now=noon)
    before = Post.objects.get().content_hash
    edited = replace(BATCH, posts=(replace(RISOTTO, text="Risotto all'arancia"),))
    done = ingest(workspace_id=workspace.pk, batch=edited, actor=ada, now=noon)

    assert done.posts == Kept(changed=1)
    assert Post.objects.get().text == "Risotto all'arancia"
    assert Post.objects.get().content_hash != before


def test_what_a_record_does_not_say_stays_as_it_was(workspace: Workspace, ada: Actor, noon: datetime) -> None:
    ingest(workspace_id=workspace.pk, batch=BATCH, actor=ada, now=noon)
    bare = Batch(
        accounts=(AccountRecord("instagram", "17", "chiara.verde"),),
        posts=(PostRecord("instagram", "17", "p1", DAY),),
    )
    done = ingest(workspace_id=workspace.pk, batch=bare, actor=ada, now=noon)

    assert (done.accounts.unchanged, done.posts.unchanged) == (1, 1)
    assert Account.objects.get().bio == "Cucina lenta"
    assert Post.objects.get().hashtags == ["cucina", "slowfood"]


def test_an_id_in_place_of_a_handle_does_not_replace_the_handle(
    workspace: Workspace, ada: Actor, noon: datetime
) -> None:
    ingest(workspace_id=workspace.pk, batch=BATCH, actor=ada, now=noon)
    ingest(workspace_id=workspace.pk, batch=Batch((replace(CHIARA, handle="17"),)), actor=ada, now=noon)
    assert Account.objects.get().handle == "chiara.verde"
    ingest(workspace_id=workspace.pk, batch=Batch((replace(CHIARA, handle="chiara.rossi"),)), actor=ada, now=noon)
    assert Account.objects.get().handle == "chiara.rossi"


def test_numbers_of_another_day_are_appended(workspace: Workspace, ada: Actor, noon: datetime) -> None:
    ingest(workspace_id=workspace.pk, batch=BATCH, actor=ada, now=noon)
    later = Batch(accounts=(CHIARA,), observations=(replace(LIKES, value=150, observed_at=DAY + timedelta(days=1)),))
    ingest(workspace_id=workspace.pk, batch=later, actor=ada, now=noon)

    likes = Observation.objects.filter(measure="likes").order_by("observed_at")
    assert [o.value for o in likes] == [120, 150]


def test_a_number_is_never_overwritten(workspace: Workspace, ada: Actor, noon: datetime) -> None:
    ingest(workspace_id=workspace.pk, batch=BATCH, actor=ada, now=noon)
    twice = Batch(accounts=(CHIARA,), observations=(replace(LIKES, value=1), replace(LIKES, value=2)))
    done = ingest(workspace_id=workspace.pk, batch=twice, actor=ada, now=noon)

    assert done.clashing == 2
    assert Observation.objects.get(measure="likes").value == 120


def test_an_instant_is_the_same_in_every_time_zone(workspace: Workspace, ada: Actor, noon: datetime) -> None:
    ingest(workspace_id=workspace.pk, batch=BATCH, actor=ada, now=noon)
    moved = replace(LIKES, observed_at=datetime.fromisoformat("2026-06-01T11:30:00+02:00"))
    done = ingest(workspace_id=workspace.pk, batch=replace(BATCH, observations=(moved,)), actor=ada, now=noon)

    assert done.observations == Kept(unchanged=1)


def test_accounts_with_one_creator_key_share_a_creator(workspace: Workspace, ada: Actor, noon: datetime) -> None:
    ingest(workspace_id=workspace.pk, batch=BATCH, actor=ada, now=noon)
    grouped = (
        replace(CHIARA, creator_key="chiara"),
        AccountRecord("youtube", "UC9", "ChiaraVerde", creator_key="chiara"),
    )
    ingest(workspace_id=workspace.pk, batch=Batch(accounts=grouped), actor=ada, now=noon)
    ingest(workspace_id=workspace.pk, batch=BATCH, actor=ada, now=noon)  # names no creator: stays in the group

    assert {a.creator.key for a in Account.objects.select_related("creator")} == {"chiara"}
    assert Creator.objects.get(key="chiara").accounts.count() == 2


def test_a_thing_named_twice_in_a_batch_is_kept_as_last_named(workspace: Workspace, ada: Actor, noon: datetime) -> None:
    batch = Batch(accounts=(CHIARA,), posts=(RISOTTO, replace(RISOTTO, text="v2"), replace(RISOTTO, text="v3")))
    done = ingest(workspace_id=workspace.pk, batch=batch, actor=ada, now=noon)

    assert done.posts == Kept(new=1, repeated=2)
    assert Post.objects.get().text == "v3"


def test_comments_keep_no_author_but_a_keyed_hash(workspace: Workspace, ada: Actor, noon: datetime) -> None:
    comment = CommentRecord("instagram", "17", "p1", "c1", DAY, "Che buono!", author_network_id="99", likes=None)
    ingest(workspace_id=workspace.pk, batch=replace(BATCH, comments=(comment,)), actor=ada, now=noon)

    row = Comment.objects.get()
    assert bytes(row.author_hash) == keys.creator_key_hash(bytes(workspace.salt), "instagram", "99")
    assert (row.likes, row.post_id) == (None, Post.objects.get().id)


def test_raw_answers_are_kept_compressed(workspace: Workspace, ada: Actor, noon: datetime) -> None:
    body = b'{"items": []}' * 50
    raw = RawAnswer("instagram", "17", "/media", DAY, body, refresh_by=DAY + timedelta(days=30))
    ingest(workspace_id=workspace.pk, batch=replace(BATCH, raw=(raw,)), actor=ada, now=noon)

    row = RawAnswerRow.objects.get()
    assert zlib.decompress(bytes(row.body)) == body
    assert len(bytes(row.body)) < len(body)


def test_a_forgotten_account_does_not_come_back(workspace: Workspace, ada: Actor, noon: datetime) -> None:
    Tombstone.objects.create(
        workspace=workspace,
        key_hash=keys.creator_key_hash(bytes(workspace.salt), "instagram", "17"),
        forgotten_at=noon,
    )
    other = replace(CHIARA, network_id="18", handle="bea")
    raw = RawAnswer("instagram", "17", "/media", DAY, b"{}")
    batch = replace(BATCH, accounts=(CHIARA, other), raw=(raw,))
    done = ingest(workspace_id=workspace.pk, batch=batch, actor=ada, now=noon)

    assert (done.forgotten, done.accounts) == (1, Kept(new=1))
    assert Account.objects.get().handle == "bea"
    assert not Post.objects.exists() and not Observation.objects.exists() and not RawAnswerRow.objects.exists()
    assert not Creator.objects.filter(key="instagram:17").exists()


def test_a_post_without_its_account_is_refused(workspace: Workspace, ada: Actor, noon: datetime) -> None:
    with pytest.raises(AccountMissing) as refusal:
        ingest(workspace_id=workspace.pk, batch=Batch(posts=(RISOTTO,)), actor=ada, now=noon)
    assert "instagram:17" in refusal.value.message


def test_two_things_with_one_id_are_refused_rather_than_merged(
    workspace: Workspace, ada: Actor, noon: datetime
) -> None:
    ingest(workspace_id=workspace.pk, batch=BATCH, actor=ada, now=noon)
    Post.objects.update(network_id="something else")  # as if another post had derived this id
    with pytest.raises(KeyCollision):
        ingest(workspace_id=workspace.pk, batch=BATCH, actor=ada, now=noon)
    Account.objects.update(network_id="16")
    with pytest.raises(KeyCollision):
        ingest(workspace_id=workspace.pk, batch=Batch(accounts=(CHIARA,)), actor=ada, now=noon)


def test_two_workspaces_keep_the_same_account_apart(
    workspace: Workspace, ada: Actor, dario: Actor, noon: datetime
) -> None:
    ingest(workspace_id=workspace.pk, batch=BATCH, actor=ada, now=noon)
    ingest(workspace_id=dario.workspace_id, batch=BATCH, actor=dario, now=noon)

    assert Account.objects.count() == 2
    assert Post.objects.filter(account__workspace=workspace).count() == 1


def test_only_those_who_may_write_the_catalogue_write_it(
    workspace: Workspace, ada: Actor, rita: Actor, dario: Actor, noon: datetime
) -> None:
    for stranger in (rita, dario):
        with pytest.raises(NotAllowed):
            ingest(workspace_id=workspace.pk, batch=BATCH, actor=stranger, now=noon)
    assert not Account.objects.exists()


@pytest.mark.parametrize(
    "spelt", ["@Chiara.Verde", " chiara.verde ", "chiara.verde\u200b", "ｃhiara.verde", "\u2060@CHIARA.VERDE"]
)
def test_a_handle_is_the_same_however_an_export_spells_it(spelt: str) -> None:
    assert keys.plain_handle(spelt) == "chiara.verde"
