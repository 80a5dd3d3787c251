"""After an erasure nothing of the person is left in any table or file, and nothing brings them back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from sillage.catalogue.actions.connecting import connect
from sillage.catalogue.actions.forgetting import Forgotten, forget
from sillage.catalogue.actions.imports import import_file
from sillage.catalogue.actions.ingest import ingest
from sillage.catalogue.engine.mapping_parser import parse_mapping
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
from sillage.catalogue.models import Account, Card, Comment, Connection, Creator, Import, Post, Tombstone
from sillage.discovery import actions as discovery
from sillage.discovery.models import Brief, Candidate, Decision, ExclusionList, SavedSearch
from sillage.governance import actions as governance
from sillage.governance import queries
from sillage.governance.engine.actors import Actor, NotAllowed
from sillage.governance.models import Entry, IdempotencyKey, Receipt
from sillage.lib.errors import NotFound
from sillage.understanding.actions import bring_up_to_date
from sillage.understanding.models import FittedModel, PostVector

NAMES = ("zoraide", "quillebeuf", "zq-7781")
TEXTS = ("tchoutchou", "velouté de panais")
HANDLE, NETWORK_ID = "Zoraide.Quillebeuf", "zq-7781"
MAPPING = parse_mapping(
    """
name = "posts with handles"
[account]
network = "network"
network_id = "account_id"
handle = "handle"
[post]
network_id = "post_id"
published_at = "published_at"
text = "text"
[[observation]]
measure = "likes"
value = "likes"
api_field = "likes"
source_class = "public"
observed_at = "observed_at"
""",
    "posts.toml",
)
HEADER = "network,account_id,handle,post_id,published_at,text,likes,observed_at"


def person(noon: datetime, network: str, network_id: str, handle: str, name: str, text: str) -> Batch:
    account = AccountRecord(
        network,
        network_id,
        handle,
        name=name,
        bio=f"Je suis {name}",
        url=f"https://example.org/{handle}",
        creator_key=f"the {name}",
    )
    posts = tuple(
        PostRecord(network, network_id, f"{network_id}-{i}", noon - timedelta(days=i), text=f"{text} {i}")
        for i in range(4)
    )
    numbers = tuple(
        ObservationRecord(network, network_id, m, 50 + i, m.value, SourceClass.PUBLIC, noon, p.network_id)
        for i, p in enumerate(posts)
        for m in (Measure.LIKES, Measure.COMMENTS)
    )
    size = ObservationRecord(network, network_id, Measure.FOLLOWERS, 9_000, "followers", SourceClass.PUBLIC, noon)
    comment = CommentRecord(network, network_id, f"{network_id}-0", "c1", noon, f"Bravo {name} !", "fan")
    raw = RawAnswer(network, network_id, "getProfile", noon, json.dumps({"name": name}).encode())
    return Batch((account,), posts, (comment,), (*numbers, size), (raw,))


def zoraide(noon: datetime) -> Batch:
    return person(
        noon,
        "bluesky",
        NETWORK_ID,
        HANDLE,
        "Zoraïde Quillebeuf",
        "@zoraide.quillebeuf : un velouté de panais au potager avec Tchoutchou",
    )


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.SILLAGE = settings.SILLAGE.model_copy(update={"data": tmp_path})
    return tmp_path


@pytest.fixture
def known(ada: Actor, noon: datetime, folder: Path) -> int:
    """Zoraïde is everywhere: read, shortlisted, pinned, excluded, connected, in rejects, in kept answers. Her account."""
    mona = person(noon, "bluesky", "mona-1", "mona.jardin", "Mona Jardin", "Semis de tomates au potager, compost mûr")
    under_mona = CommentRecord("bluesky", "mona-1", "mona-1-0", "c9", noon, "Signé Tchoutchou", NETWORK_ID)
    for batch in (zoraide(noon), mona, Batch(mona.accounts, comments=(under_mona,))):
        ingest(workspace_id=ada.workspace_id, batch=batch, actor=ada, now=noon)
    bring_up_to_date(actor=ada, now=noon)
    account = Account.objects.get(handle=HANDLE)
    PostVector.objects.create(account=account, post_id=Post.objects.filter(account=account)[0].id, version="x",
                              content_hash=1, vector=[0.1] * 8)  # fmt: skip
    _used(ada, account, noon)
    _rejected(ada, noon, folder)
    return account.pk


def _used(ada: Actor, account: Account, noon: datetime) -> None:
    brief = discovery.open_brief(
        given={"text": "jardinage et potager", "filters": {"without_accounts": []}}, actor=ada, now=noon
    )
    discovery.shortlist(brief_id=brief.pk, limit=10, actor=ada, now=noon)
    discovery.pin(brief_id=brief.pk, account=str(account), reason="parfaite", actor=ada, now=noon)
    discovery.exclude(name="déjà vues", account_ids=[account.pk], actor=ada, now=noon, is_on=False)
    discovery.change_brief(
        brief_id=brief.pk, given={"filters": {"without_accounts": [account.pk]}}, actor=ada, now=noon
    )
    discovery.save_search(name="sans", filters={"without_accounts": [account.pk]}, words="", actor=ada, now=noon)
    connect(network="bluesky", targets=[f"@{HANDLE}", "mona.jardin"], actor=ada, now=noon)
    for key, body in (("hers", {"account": HANDLE}), ("named", {"name": "Zoraïde Quillebeuf"}), ("other", {"ok": 1})):
        governance.keep_answer(
            workspace_id=ada.workspace_id, key=key, request_digest=b"x", status=200, body=json.dumps(body), now=noon
        )


def _rejected(ada: Actor, noon: datetime, folder: Path) -> None:
    rows = [
        HEADER,
        f"bluesky,{NETWORK_ID},{HANDLE},p9,2026-06-01,Tchoutchou,-5,2026-06-02",  # known by its account
        "bluesky,,zoraide.quillebeuf,p10,2026-06-01,sans identifiant,4,2026-06-02",  # only its words tell
        "bluesky,mona-1,mona.jardin,p11,2026-06-01,negative,-1,2026-06-02",
        "bluesky,mona-1,mona.jardin,p12,2026-06-01,bonne,1,2026-06-02",
    ]
    path = folder / "posts.csv"
    path.write_text("\n".join(rows))
    report = import_file(workspace_id=ada.workspace_id, path=path, mapping=MAPPING, actor=ada, now=noon)
    path.unlink()
    assert report.refused == 3


def everything_written(folder: Path) -> Iterator[tuple[str, str]]:
    """(where, what) of every row of every table, of every file, and of the fitted vocabularies."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f"SELECT * FROM {table}")
            for row in cursor.fetchall():
                cells = [bytes(c) if isinstance(c, memoryview) else c for c in row]
                yield table, " ".join(c.decode("latin1") if isinstance(c, bytes) else str(c) for c in cells)
    for path in folder.rglob("*"):
        if path.is_file():
            yield path.name, path.read_text()
    for model in FittedModel.objects.filter(name="lexical"):
        from sillage.understanding.engine.lexical import LexicalModel

        yield "a vocabulary", "\n".join(LexicalModel.from_bytes(bytes(model.body)).words)


def traces(folder: Path, *names: str) -> set[tuple[str, str]]:
    from sillage.lib.text import folded

    wanted = [folded(name) for name in names]
    return {(where, n) for where, what in everything_written(folder) for n in wanted if n in folded(what)}


def erased(ada: Actor, noon: datetime, django_capture_on_commit_callbacks: Any) -> Forgotten:
    with django_capture_on_commit_callbacks(execute=True):
        return forget(key=f"bluesky:{HANDLE}", actor=ada, now=noon)


def test_nothing_of_the_person_remains_in_any_table_or_file(
    known: int, ada: Actor, noon: datetime, folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    before = {where for where, _ in traces(folder, *NAMES, *TEXTS, str(known))}
    assert {
        "catalogue_account", "catalogue_post", "catalogue_comment", "catalogue_rawanswer", "catalogue_connection",
        "catalogue_creator", "catalogue_card", "catalogue_cardcode", "catalogue_observation_2026",
        "understanding_signal", "understanding_profile", "understanding_postvector", "a vocabulary",
        "discovery_candidate", "discovery_decision", "discovery_exclusionlist", "discovery_brief",
        "discovery_savedsearch", "governance_receipt", "governance_idempotencykey",
    } <= before  # fmt: skip
    assert any(where.startswith("import-") for where in before)

    erased(ada, noon, django_capture_on_commit_callbacks)

    assert traces(folder, *NAMES) == set()
    assert {where for where, _ in traces(folder, *TEXTS)} <= {"a vocabulary"}  # words, of nobody
    assert {where for where, _ in traces(folder, str(known))} == {"governance_entry"}  # that it was pinned: a number
    assert traces(folder, "mona") != set()


def test_what_was_removed_is_told_and_counted_right(
    known: int, ada: Actor, noon: datetime, django_capture_on_commit_callbacks: Any
) -> None:
    receipts = Receipt.objects.filter(subject_id=str(known)).count()
    done = erased(ada, noon, django_capture_on_commit_callbacks)
    told = done.removed
    assert done.accounts == 1
    expected = {"account": 1, "creator": 1, "post": 4, "comment": 2, "observation": 9, "rawanswer": 1, "card": 1}
    expected |= {"profile": 1, "postvector": 1, "candidate": 1, "decision": 1, "connection": 1, "answer": 2}
    expected |= {"receipt": receipts, "rejected_row": 2, "exclusion_list_entry": 1, "filter": 2, "fittedmodel": 2}
    assert {kind: told.get(kind) for kind in expected} == expected
    assert told["signal"] >= 8
    assert Entry.objects.get(verb="catalogue.creator_forgotten").facts == {"removed": told}
    assert queries.verify_ledger(ada.workspace_id)[1] is None


def test_others_keep_what_is_theirs(
    known: int, ada: Actor, noon: datetime, folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    erased(ada, noon, django_capture_on_commit_callbacks)
    mona = Account.objects.get()
    assert (mona.handle, Post.objects.count(), Comment.objects.count()) == ("mona.jardin", 5, 1)
    assert Connection.objects.get().target == "mona.jardin"
    assert IdempotencyKey.objects.get().key == "other"
    assert Candidate.objects.get().account_id == mona.pk
    assert not Decision.objects.exists()
    assert ExclusionList.objects.get().account_ids == []
    assert (
        Brief.objects.get().filters["without_accounts"] == SavedSearch.objects.get().filters["without_accounts"] == []
    )
    row = Import.objects.get()
    (left,) = Path(row.rejects_path).read_text().splitlines()
    assert json.loads(left)["account"] == "bluesky:mona-1"
    assert row.counts["rejects_bytes"] == Path(row.rejects_path).stat().st_size
    bring_up_to_date(actor=ada, now=noon + timedelta(days=1))
    assert Card.objects.get().themes


def test_rejected_rows_leave_the_disk_only_once_the_erasure_is_committed(
    known: int, ada: Actor, noon: datetime, folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=False) as later:
        forget(key=f"bluesky:{HANDLE}", actor=ada, now=noon)
    (rejects,) = (folder / "rejects").iterdir()
    assert len(rejects.read_text().splitlines()) == 3
    for callback in later:
        callback()
    assert len(rejects.read_text().splitlines()) == 1


@pytest.mark.parametrize(
    ("network_id", "handle"),
    [
        (NETWORK_ID, "renamed.since"),  # known by its id
        ("another-id", HANDLE),  # by its handle
        ("another-id", "@zoraide.QUILLEBEUF"),  # however it is written
        ("zoraide.quillebeuf", "zoraide.quillebeuf"),  # an export that knows handles only
    ],
)
def test_neither_id_nor_handle_bring_them_back(
    known: int, ada: Actor, noon: datetime, folder: Path, network_id: str, handle: str
) -> None:
    forget(key=f"bluesky:{HANDLE}", actor=ada, now=noon)
    batch = person(noon, "bluesky", network_id, handle, "Zoraïde", "De retour")
    done = ingest(workspace_id=ada.workspace_id, batch=batch, actor=ada, now=noon)
    assert (done.forgotten, done.accounts.new, done.posts.new) == (1, 0, 0)

    path = folder / "again.csv"
    rows = [f"bluesky,{network_id},{handle},r{n},2026-06-01,De retour,{-(n % 3)},2026-06-02" for n in range(30)]
    path.write_text("\n".join([HEADER, *rows]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sillage.catalogue.reading_csv.CHUNK_ROWS", 10)
        report = import_file(workspace_id=ada.workspace_id, path=path, mapping=MAPPING, actor=ada, now=noon)
    assert (report.done.posts.new, report.refused) == (0, 0)  # nothing of theirs is even set aside
    assert list(Account.objects.values_list("handle", flat=True)) == ["mona.jardin"]


def test_what_they_write_under_the_posts_of_others_is_not_kept_either(known: int, ada: Actor, noon: datetime) -> None:
    forget(key=f"bluesky:{HANDLE}", actor=ada, now=noon)
    comment = CommentRecord("bluesky", "mona-1", "mona-1-0", "c10", noon, "Encore moi", NETWORK_ID)
    done = ingest(workspace_id=ada.workspace_id, batch=Batch(comments=(comment,)), actor=ada, now=noon)
    assert done.comments.new == 0


def test_the_same_creator_in_another_workspace_stays(known: int, ada: Actor, dario: Actor, noon: datetime) -> None:
    ingest(workspace_id=dario.workspace_id, batch=zoraide(noon), actor=dario, now=noon)
    bring_up_to_date(actor=dario, now=noon)
    governance.keep_answer(
        workspace_id=dario.workspace_id, key="his", request_digest=b"x", status=200, body=HANDLE, now=noon
    )
    forget(key=f"bluesky:{HANDLE}", actor=ada, now=noon)
    assert Creator.objects.filter(workspace_id=dario.workspace_id).count() == 1
    assert Post.objects.filter(account__workspace_id=dario.workspace_id).count() == 4
    assert IdempotencyKey.objects.filter(workspace_id=dario.workspace_id).count() == 1
    assert Receipt.objects.filter(workspace_id=dario.workspace_id).exists()
    assert FittedModel.objects.filter(workspace_id=dario.workspace_id, name="lexical").exists()
    assert ingest(workspace_id=dario.workspace_id, batch=zoraide(noon), actor=dario, now=noon).forgotten == 0


def test_an_account_gathered_under_one_creator_goes_with_the_others(ada: Actor, noon: datetime) -> None:
    accounts = tuple(
        AccountRecord(network, f"{network}-1", "twice", creator_key="both") for network in ("rss", "mastodon")
    )
    ingest(workspace_id=ada.workspace_id, batch=Batch(accounts), actor=ada, now=noon)
    assert forget(key="both", actor=ada, now=noon).accounts == 2
    assert Tombstone.objects.count() == 4


def test_only_those_who_may_erase_erase_and_only_in_their_own_workspace(
    known: int, ada: Actor, bruno: Actor, dario: Actor, noon: datetime
) -> None:
    with pytest.raises(NotAllowed):
        forget(key=f"bluesky:{HANDLE}", actor=bruno, now=noon)
    with pytest.raises(NotFound):
        forget(key=f"bluesky:{HANDLE}", actor=dario, now=noon)
    assert Account.objects.filter(handle=HANDLE).exists()
