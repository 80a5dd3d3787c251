"""Importing whole files: what comes in, what is set aside where, and which files are refused whole."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sillage.catalogue import reading, reading_csv
from sillage.catalogue.actions.import_run import ColumnMissing, ImportReport, Progress
from sillage.catalogue.actions.imports import ImportRunning, import_file
from sillage.catalogue.engine import keys
from sillage.catalogue.engine.mapping import Mapping
from sillage.catalogue.engine.mapping_parser import parse_mapping
from sillage.catalogue.models import Account, Import, Observation, Post, Tombstone
from sillage.catalogue.reading import EncodingWrong, FileEmpty, FileUnreadable
from sillage.governance.engine.actors import Actor, NotAllowed
from sillage.governance.models import Entry, Workspace

MAPPING = parse_mapping(
    """
name = "posts"
[account]
network = "network"
network_id = "author"
handle = "author"
[post]
network_id = "id"
published_at = "time"
text = "text"
[[observation]]
measure = "likes"
value = "likes"
api_field = "like_count"
source_class = "public"
observed_at = "seen"
""",
    "posts.toml",
)
HEADER = "network,author,id,time,text,likes,seen"
GOOD = "tiktok,bea,1,2026-06-01,Bonjour,12,2026-06-02"
Importing = Callable[..., ImportReport]


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.SILLAGE = settings.SILLAGE.model_copy(update={"data": tmp_path})
    return tmp_path


@pytest.fixture
def importing(workspace: Workspace, ada: Actor, noon: datetime, folder: Path) -> Importing:
    """`importing("line", "line", ...)` imports a CSV of Ada's with these lines after the header."""

    def run(
        *lines: str, content: bytes | None = None, name: str = "posts.csv", mapping: Mapping = MAPPING, **more: Any
    ) -> ImportReport:
        path = folder / name
        path.write_bytes("\n".join([HEADER, *lines]).encode() if content is None else content)
        more = {"actor": ada, "now": noon, **more}
        return import_file(workspace_id=workspace.pk, path=path, mapping=mapping, **more)

    return run


def set_aside(report: ImportReport) -> list[dict[str, Any]]:
    assert report.rejects_path is not None
    return [json.loads(line) for line in report.rejects_path.read_text().splitlines()]


def test_a_file_comes_in_with_one_ledger_entry(importing: Importing) -> None:
    report = importing(GOOD, GOOD.replace(",1,", ",2,"))

    assert (report.rows, report.refused, report.rejects_path) == (2, 0, None)
    assert (report.done.accounts.new, report.done.posts.new, report.done.observations.new) == (1, 2, 2)
    assert Post.objects.count() == 2
    entry = Entry.objects.get(verb="catalogue.imported")
    assert (entry.facts["rows"], entry.facts["mapping"]) == (2, "posts")
    assert not Entry.objects.filter(verb="catalogue.ingested").exists()


def test_the_same_file_again_changes_nothing_and_says_so(importing: Importing, noon: datetime) -> None:
    importing(GOOD)
    again = importing(GOOD, now=noon.replace(hour=18))

    assert again.already_imported_at == noon
    assert Post.objects.get().fetched_at == noon
    assert Entry.objects.filter(verb="catalogue.imported").count() == 1


def test_a_compressed_copy_is_the_same_file(importing: Importing) -> None:
    importing(GOOD)
    packed = gzip.compress(f"{HEADER}\n{GOOD}".encode())
    assert importing(content=packed, name="posts.csv.gz").already_imported_at is not None


def test_a_bad_row_is_set_aside_with_its_place_and_the_rest_comes_in(importing: Importing) -> None:
    bad = GOOD.replace(",1,", ",2,").replace(",12,", ",-5,")
    report = importing(GOOD, bad, GOOD.replace(",1,", ",3,"))

    assert (report.rows, report.refused, Post.objects.count()) == (3, 1, 2)
    (line,) = set_aside(report)
    assert line["place"] == "posts.csv:3:33"
    assert (line["field"], line["raw"]) == ("observation.likes", bad + "\n")
    assert "negative" in line["reason"]
    assert report.rejects[0].place == "posts.csv:3:33"


def test_places_are_right_below_texts_of_several_lines(importing: Importing) -> None:
    tall = GOOD.replace("Bonjour", '"un\ndeux, ""trois""\nquatre"')
    report = importing(tall, GOOD.replace("Bonjour,12", '"a\nb",x').replace(",1,", ",2,"))

    assert Post.objects.get().text == 'un\ndeux, "trois"\nquatre'
    assert set_aside(report)[0]["place"] == "posts.csv:6:4"  # the row begins on line 5, its likes stand on line 6


def test_rows_of_other_widths_are_set_aside(importing: Importing) -> None:
    report = importing("too,short", GOOD, GOOD + ",too,long", "")
    assert [line["reason"] for line in set_aside(report)] == [
        "has 2 values where the header names 7 columns",
        "has 9 values where the header names 7 columns",
    ]
    assert Post.objects.count() == 1


def test_a_quote_that_never_closes_costs_one_line(importing: Importing) -> None:
    rows = [GOOD.replace(",1,", f",{n},") for n in range(1, 21)]
    rows[4] = rows[4].replace("Bonjour", '"Bonjour')
    report = importing(*rows)

    assert (report.rows, report.refused, Post.objects.count()) == (20, 1, 19)
    assert set_aside(report)[0] | {"raw": ""} == {
        "place": "posts.csv:6:1",
        "line": 6,
        "column": 1,
        "field": "row",
        "reason": "opens a quote that does not close",
        "reason_said": {"sentence": "opens a quote that does not close", "values": {}},
        "account": None,
        "raw": "",
    }


def test_a_line_of_more_than_ten_megabytes_is_set_aside(importing: Importing) -> None:
    endless = GOOD.replace("Bonjour", "x" * (10 * 1024 * 1024 + 5)).replace(",1,", ",2,")
    report = importing(GOOD, endless, GOOD.replace(",1,", ",3,"))

    assert (report.rows, report.refused, Post.objects.count()) == (3, 1, 2)
    (line,) = set_aside(report)
    assert line["place"] == "posts.csv:3:1"
    assert "more than 10 MB" in line["reason"]
    assert len(line["raw"]) <= reading.RAW_LIMIT + 1


def test_a_quote_that_swallows_ten_megabytes_gives_its_lines_back(
    importing: Importing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_csv, "RECORD_LIMIT", 200)
    rows = [GOOD.replace(",1,", f",{n},") for n in range(1, 31)]
    rows[2] = rows[2].replace("Bonjour", '"Bonjour')
    rows[28] = rows[28].replace("Bonjour", 'Bon"jour"')
    report = importing(*rows)

    assert [line["line"] for line in set_aside(report)] == [4]
    assert Post.objects.count() == 29


@pytest.mark.parametrize(
    "content", [b"", b"\xef\xbb\xbf", b"\n", (HEADER + "\n").encode(), gzip.compress(b"", mtime=0)]
)
def test_a_file_without_rows_is_refused(importing: Importing, content: bytes) -> None:
    with pytest.raises(FileEmpty):
        importing(content=content)
    assert not Import.objects.exists()


def test_a_wrong_encoding_is_refused_before_anything_comes_in(importing: Importing) -> None:
    content = f"{HEADER}\n{GOOD}\n".encode() + GOOD.replace("Bonjour", "été").replace(",1,", ",2,").encode("cp1252")
    with pytest.raises(EncodingWrong) as refusal:
        importing(content=content)

    offset = content.index(b"\xe9")
    assert f"byte {offset:,} is 0xE9" in refusal.value.message
    assert 'encoding = "cp1252"' in refusal.value.hint
    assert not Post.objects.exists()


def test_the_encoding_that_the_mapping_names_is_used(importing: Importing) -> None:
    mapping = replace(MAPPING, source=replace(MAPPING.source, encoding="cp1252"))
    importing(content=f"{HEADER}\n{GOOD}".replace("Bonjour", "été").encode("cp1252"), mapping=mapping)
    assert Post.objects.get().text == "été"


def test_utf_16_is_told_by_its_mark(importing: Importing) -> None:
    content = f"{HEADER}\n{GOOD}".encode("utf-16")
    with pytest.raises(EncodingWrong) as refusal:
        importing(content=content)
    assert 'encoding = "utf-16"' in refusal.value.hint

    mapping = replace(MAPPING, source=replace(MAPPING.source, encoding="utf-16"))
    assert importing(content=content, mapping=mapping).done.posts.new == 1


def test_a_byte_order_mark_is_not_part_of_the_first_column(importing: Importing) -> None:
    assert importing(content=b"\xef\xbb\xbf" + f"{HEADER}\r\n{GOOD}\r\n".encode()).done.posts.new == 1


def test_a_missing_column_refuses_the_file_and_lists_those_there_are(importing: Importing) -> None:
    with pytest.raises(ColumnMissing) as refusal:
        importing(content=b"network,author,id,time,text,seen\ntiktok,bea,1,2026-06-01,x,2026-06-02\n")
    assert "no column “likes”" in refusal.value.message
    assert "network, author, id, time, text, seen" in refusal.value.hint


def test_a_column_that_stands_twice_refuses_the_file(importing: Importing) -> None:
    with pytest.raises(ColumnMissing) as refusal:
        importing(content=f"{HEADER},likes\n{GOOD},13\n".encode())
    assert "more than once" in refusal.value.message


def test_absent_columns_are_missing_where_the_mapping_allows_it(importing: Importing) -> None:
    mapping = replace(MAPPING, source=replace(MAPPING.source, columns_may_be_absent=True))
    report = importing(content=b"network,author,id,time,mood\ntiktok,bea,1,2026-06-01,glad\n", mapping=mapping)
    assert (report.done.posts.new, report.done.observations.new) == (1, 0)
    assert (report.columns_absent, report.columns_unused) == (("text", "likes", "seen"), ("mood",))

    with pytest.raises(ColumnMissing):
        importing(content=b"network,author,time\ntiktok,bea,2026-06-01\n", mapping=mapping)


def test_one_post_on_several_days_is_one_post_with_several_numbers(importing: Importing) -> None:
    report = importing(
        GOOD,
        GOOD.replace("Bonjour,12,2026-06-02", "Bonsoir,30,2026-06-03"),
        GOOD.replace("Bonjour,12,2026-06-02", "Bonne nuit,45,2026-06-04"),
    )
    assert Post.objects.get().text == "Bonne nuit"
    assert list(Observation.objects.order_by("observed_at").values_list("value", flat=True)) == [12, 30, 45]
    assert (report.done.posts.repeated, report.refused) == (2, 0)


def test_a_row_that_repeats_another_is_counted_and_one_that_contradicts_it_is_set_aside(importing: Importing) -> None:
    report = importing(GOOD, GOOD, GOOD.replace(",12,", ",13,"))

    assert (report.done.observations.new, report.done.observations.repeated, report.done.clashing) == (1, 1, 1)
    (line,) = set_aside(report)
    assert line["place"] == "posts.csv:4:33"
    assert line["reason"] == "is 13, and 12 is kept for 2026-06-02 00:00 UTC: an observation is never overwritten"
    assert Observation.objects.get().value == 12


def test_a_contradiction_of_an_earlier_file_is_set_aside(importing: Importing) -> None:
    importing(GOOD)
    report = importing(GOOD.replace(",12,", ",13,"))
    assert [line["place"] for line in set_aside(report)] == ["posts.csv:2:33"]


def test_emoji_and_right_to_left_posts_come_in(importing: Importing) -> None:
    importing(GOOD.replace("Bonjour", "🎉🥐💄"), GOOD.replace("Bonjour", "مرحبا بالعالم").replace(",1,", ",2,"))
    assert set(Post.objects.values_list("text", flat=True)) == {"🎉🥐💄", "مرحبا بالعالم"}


def test_a_dry_run_shows_everything_and_writes_nothing(importing: Importing) -> None:
    shown: list[str] = []
    bad = GOOD.replace("tiktok", "myspace")
    report = importing(GOOD, bad, dry_run=True, on_reject=lambda reject: shown.append(reject.place))

    assert report.is_dry_run and (report.rows, report.refused) == (2, 1)
    assert (report.done.accounts.new, report.done.posts.new, report.done.observations.new) == (1, 1, 1)
    assert report.first_rows.posts[0].text == "Bonjour"
    assert shown == ["posts.csv:3:1"]
    assert "Valid" in report.rejects[0].reason or "knows: bluesky" in report.rejects[0].reason
    for model in (Post, Account, Import):
        assert not model.objects.exists()
    assert not Entry.objects.filter(verb__startswith="catalogue.").exists()


def test_a_dry_run_says_what_the_import_then_does(importing: Importing) -> None:
    later = GOOD.replace("Bonjour,12,2026-06-02", "Bonsoir,30,2026-06-03")
    lines = (GOOD, later, GOOD.replace(",12,", ",13,"))  # one post on two days, and a number that contradicts another
    tried = importing(*lines, dry_run=True)
    done = importing(*lines)

    assert (tried.done, tried.refused, tried.rejects) == (done.done, done.refused, done.rejects)
    assert (done.done.posts.new, done.refused) == (1, 1)
    again = importing(*lines[:2], dry_run=True)
    assert (again.done.posts.new, again.done.observations.new, again.done.observations.unchanged) == (0, 0, 2)


def test_of_a_forgotten_person_nothing_comes_in_and_nothing_is_set_aside(
    importing: Importing, workspace: Workspace, noon: datetime
) -> None:
    Tombstone.objects.create(
        workspace=workspace, key_hash=keys.creator_key_hash(bytes(workspace.salt), "tiktok", "bea"), forgotten_at=noon
    )
    other = GOOD.replace("bea", "zoe")
    report = importing(GOOD, GOOD.replace(",12,", ",-1,").replace(",1,", ",2,"), other)

    assert list(Account.objects.values_list("handle", flat=True)) == ["zoe"]
    assert (report.done.forgotten, report.rejects_path) == (1, None)
    assert not list((Path(Import.objects.get().rejects_path).parent).glob("*"))


def test_progress_is_told_after_every_chunk(importing: Importing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_csv, "CHUNK_ROWS", 10)
    told: list[Progress] = []
    importing(*[GOOD.replace(",1,", f",{n},") for n in range(25)], on_progress=told.append)

    assert [progress.rows for progress in told] == [10, 20, 25]
    assert told[-1].share == 1.0


def test_a_broken_import_goes_on_where_it_stopped(importing: Importing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_csv, "CHUNK_ROWS", 10)
    rows = [GOOD.replace(",1,", f",{n},") for n in range(30)]
    rows[3] = rows[13] = rows[23] = "bad"

    class Killed(Exception):
        pass

    def killed(progress: Progress) -> None:
        if progress.rows == 20:
            raise Killed

    with pytest.raises(Killed):
        importing(*rows, on_progress=killed)
    row = Import.objects.get()
    assert (row.rows_done, row.finished_at, Post.objects.count()) == (20, None, 18)
    with Path(row.rejects_path).open("a") as stream:
        stream.write("half a line of a chunk that was never com")

    report = importing(*rows)
    assert (report.resumed_at, report.rows, report.refused, Post.objects.count()) == (20, 30, 3, 27)
    assert [line["line"] for line in set_aside(report)] == [5, 15, 25]


def test_two_processes_do_not_import_one_file_at_once(importing: Importing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_csv, "CHUNK_ROWS", 10)

    def meanwhile(progress: Progress) -> None:
        if progress.rows == 10:
            Import.objects.update(rows_done=20)

    with pytest.raises(ImportRunning):
        importing(*[GOOD.replace(",1,", f",{n},") for n in range(30)], on_progress=meanwhile)


def test_json_lines_come_in_with_paths_of_keys(importing: Importing) -> None:
    mapping = parse_mapping(
        """
[account]
network = { constant = "tiktok" }
network_id = "author.id"
handle = "author.name"
[post]
network_id = "id"
published_at = { column = "createTime", time = "unix" }
text = "desc"
hashtags = "tags"
[[observation]]
measure = "likes"
value = "stats.diggCount"
api_field = "stats.diggCount"
source_class = "public"
""",
        "m.toml",
    )
    author = {"id": "7", "name": "bea"}
    good = {"author": author, "id": 1, "createTime": 1608214517, "desc": "Thé", "tags": ["thé"]}
    good["stats"] = {"diggCount": 3}
    lines = [
        json.dumps(good),
        "{not json",
        "[1, 2]",
        json.dumps({**good, "id": 2, "desc": "\ud83d"}),
        json.dumps({**good, "id": 3, "stats": {"diggCount": -1}}),
        "[" * 100_000,
        "",
    ]
    report = importing(content="\n".join(lines).encode(), name="posts.jsonl", mapping=mapping)

    post = Post.objects.get()
    assert (post.network_id, post.text, post.hashtags) == ("1", "Thé", ["thé"])
    assert Observation.objects.get().observed_at == Import.objects.get().started_at
    assert [(line["line"], line["field"]) for line in set_aside(report)] == [
        (2, "row"),
        (3, "row"),
        (4, "post.text"),
        (5, "observation.likes"),
        (6, "row"),
    ]
    assert set_aside(report)[3]["column"] == lines[4].index('"diggCount"') + 1


def test_a_key_that_only_late_lines_have_comes_in(importing: Importing) -> None:
    def line(n: int) -> str:
        row = dict(zip(HEADER.split(","), GOOD.split(","), strict=True)) | {"id": str(n)}
        return json.dumps(row if n == 1_200 else {name: row[name] for name in row if name != "likes"})

    report = importing(content="\n".join(map(line, range(1_201))).encode(), name="posts.jsonl")
    assert (report.rows, report.done.posts.new, report.done.observations.new) == (1_201, 1_201, 1)
    assert report.columns_absent == ()


@pytest.mark.parametrize("content", [b"a,b\n1,2\n", b"[{}]\n", b"\n"])
def test_a_file_without_any_json_object_is_refused_as_such(importing: Importing, content: bytes) -> None:
    with pytest.raises(FileUnreadable) as refusal:
        importing(content=content, name="posts.jsonl")
    assert refusal.value.message == "No line of posts.jsonl is a JSON object."


def test_a_number_too_long_for_json_is_set_aside_in_plain_words(importing: Importing) -> None:
    row = json.dumps(dict(zip(HEADER.split(","), GOOD.split(","), strict=True)))
    report = importing(content=f'{row}\n{{"id": {"9" * 5_000}}}'.encode(), name="posts.jsonl")
    assert [r.reason for r in report.rejects] == ["is JSON with a number that is too long, or nested too deep"]


def test_a_file_with_another_separator_is_told_so(importing: Importing) -> None:
    with pytest.raises(ColumnMissing) as refusal:
        importing(content=f"{HEADER}\n{GOOD}\n".replace(",", ";").encode())
    assert "Check separator and encoding" in refusal.value.hint


@pytest.fixture
def parquet(importing: Importing, folder: Path) -> Callable[..., ImportReport]:
    """`parquet(likes=array)` imports a Parquet file of two rows with that column changed."""

    def run(damaged: Callable[[bytes], bytes] = bytes, **changed: pa.Array) -> ImportReport:
        rows = [GOOD.split(","), GOOD.replace(",1,", ",2,").split(",")]
        table = {name: changed.get(name, [row[i] for row in rows]) for i, name in enumerate(HEADER.split(","))}
        pq.write_table(pa.table(table), folder / "made.parquet")
        return importing(content=damaged((folder / "made.parquet").read_bytes()), name="posts.parquet")

    return run


_FAR = [2**61, 1_780_000_000_000_000]
_NOT_UTF8 = pa.Array.from_buffers(
    pa.string(), 2, [None, pa.py_buffer(b"\0\0\0\0\2\0\0\0\4\0\0\0"), pa.py_buffer(b"\xff\xfeab")]
)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"time": pa.array(_FAR, pa.timestamp("us"))}, "post.published_at"),
        ({"time": pa.array([2**50, 1_780_000_000], pa.int64()).cast(pa.timestamp("s"))}, "post.published_at"),
        ({"time": pa.array([2**30, 20_000], pa.int32()).cast(pa.date32())}, "post.published_at"),
        ({"text": _NOT_UTF8}, "post.text"),
    ],
)
def test_a_parquet_value_that_python_cannot_hold_costs_its_row(
    parquet: Callable[..., ImportReport], changed: dict[str, Any], field: str
) -> None:
    report = parquet(**changed)
    assert (report.done.posts.new, [(r.line, r.field) for r in report.rejects]) == (1, [(1, field)])


def test_a_parquet_time_comes_in_whatever_its_zone_is_called(parquet: Callable[..., ImportReport]) -> None:
    parquet(time=pa.array([1_780_000_000] * 2, pa.timestamp("s", tz="Nowhere/Land")))
    assert {post.published_at.timestamp() for post in Post.objects.all()} == {1_780_000_000}


@pytest.mark.parametrize("part", ["page", "footer"])
def test_a_damaged_parquet_file_is_refused_before_anything_comes_in(
    parquet: Callable[..., ImportReport], part: str
) -> None:
    def damaged(content: bytes) -> bytes:
        bad = bytearray(content)
        footer = len(content) - 8 - int.from_bytes(content[-8:-4], "little")
        place = footer if part == "footer" else 4
        bad[place : place + 20] = b"\xff" * 20
        return bytes(bad)

    with pytest.raises(FileUnreadable, match="not a whole Parquet file"):
        parquet(damaged)
    assert not Post.objects.exists() and not Import.objects.exists()


@pytest.mark.parametrize("packed", [False, True])
def test_parquet_comes_in(importing: Importing, folder: Path, packed: bool) -> None:
    names = HEADER.split(",")
    values = [GOOD.split(","), GOOD.replace(",1,", ",2,").split(",")]
    table = pa.table({name: [row[i] for row in values] for i, name in enumerate(names)})
    table = table.set_column(5, "likes", pa.array([12, -1], pa.int64()))
    when = pa.array([datetime(2026, 6, 1)] * 2, pa.timestamp("ns"))  # noqa: DTZ001  Parquet has no zone here
    pq.write_table(table.set_column(3, "time", when), folder / "made.parquet")
    content = (folder / "made.parquet").read_bytes()
    name = "posts.parquet.gz" if packed else "posts.parquet"
    report = importing(content=gzip.compress(content) if packed else content, name=name)

    assert (report.done.posts.new, report.refused) == (1, 1)
    assert set_aside(report)[0]["place"] == f"{name}:2:6"  # a Parquet file has no lines: row 2, column 6


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("posts.parquet", b"no parquet"),
        ("posts.csv.gz", gzip.compress(b"x" * 5000, mtime=0)[:-20]),
        ("posts.xlsx", b"PK"),
    ],
)
def test_a_damaged_or_unknown_file_is_refused(importing: Importing, name: str, content: bytes) -> None:
    with pytest.raises(FileUnreadable):
        importing(content=content, name=name)


def test_a_file_that_is_not_there_is_refused(workspace: Workspace, ada: Actor, noon: datetime, tmp_path: Path) -> None:
    with pytest.raises(FileUnreadable) as refusal:
        import_file(workspace_id=workspace.pk, path=tmp_path / "no.csv", mapping=MAPPING, actor=ada, now=noon)
    assert "no.csv" in refusal.value.message


def test_readers_and_strangers_import_nothing(importing: Importing, rita: Actor, dario: Actor) -> None:
    for stranger in (rita, dario):
        with pytest.raises(NotAllowed):
            importing(GOOD, actor=stranger)
