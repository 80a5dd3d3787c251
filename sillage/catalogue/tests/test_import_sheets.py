"""Importing workbooks: what their cells become, which sheet is read, and what is refused as what it is."""

from __future__ import annotations

import gzip
import io
import json
import random
import zipfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile

from sillage.catalogue import reading_sheet, uploaded, workbook
from sillage.catalogue.actions.import_run import ColumnMissing, ImportReport, Progress
from sillage.catalogue.actions.imports import import_file
from sillage.catalogue.engine.mapping import Mapping
from sillage.catalogue.engine.mapping_parser import parse_mapping
from sillage.catalogue.engine.shipped import shipped_mappings
from sillage.catalogue.models import Account, Import, Observation, Post
from sillage.catalogue.reading import FileEmpty, FileUnreadable, Reject
from sillage.governance.engine.actors import Actor
from sillage.governance.models import Entry, Workspace

TEXT = """
name = "posts"
[account]
network = "network"
network_id = "author"
[post]
network_id = "id"
published_at = "time"
text = "text"
hashtags = { column = "tags", split = "|" }
paid_label = "paid"
duration_s = "length"
[[observation]]
measure = "likes"
value = "likes"
api_field = "like_count"
source_class = "public"
observed_at = "seen"
"""
ABSENT = "\n[source]\ncolumns_may_be_absent = true\n"
MAPPING = parse_mapping(TEXT + ABSENT, "posts.toml")
HEADER = ("network", "author", "id", "time", "text", "likes", "seen")
PUBLISHED, SEEN = datetime(2026, 6, 1, 9, 30), datetime(2026, 6, 2)  # noqa: DTZ001  a workbook knows no time zone
GOOD = ("tiktok", "bea", "1", PUBLISHED, "Bonjour", 12, SEEN)
Importing = Callable[..., ImportReport]
Fill = Callable[[Any, Any], None]


def book(*sheets: tuple[str, Fill], **options: Any) -> bytes:
    """A workbook; each function fills the sheet of that name."""
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "dd/mm/yyyy hh:mm", **options})
    for name, fill in sheets:
        fill(made.add_worksheet(name), made)
    made.close()
    return out.getvalue()


def rows(*lines: tuple[Any, ...], header: tuple[str, ...] = HEADER, first: int = 0) -> Fill:
    def fill(sheet: Any, _book: Any) -> None:
        for at, line in enumerate((header, *lines), first):
            for column, value in enumerate(line):
                sheet.write(at, column, value)

    return fill


def with_part(content: bytes, name: str, text: str) -> bytes:
    """The workbook with another text in a part, or with one more part."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part != name:
                new.writestr(part, old.read(part))
        new.writestr(name, text)
    return out.getvalue()


def part_of(content: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return parts.read(name).decode()


SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.SILLAGE = settings.SILLAGE.model_copy(update={"data": tmp_path})
    return tmp_path


@pytest.fixture
def importing(workspace: Workspace, ada: Actor, noon: datetime, folder: Path) -> Importing:
    """`importing(row, row, ...)` imports a workbook of one sheet with these rows after the header; or any content."""

    def run(
        *lines: tuple[Any, ...], content: bytes | None = None, name: str = "posts.xlsx", **more: Any
    ) -> ImportReport:
        path = folder / name
        path.write_bytes(book(("Posts", rows(*lines))) if content is None else content)
        more = {"mapping": MAPPING, "actor": ada, "now": noon, **more}
        return import_file(workspace_id=workspace.pk, path=path, **more)

    return run


def refused(report: ImportReport) -> dict[str, tuple[str, str]]:
    return {reject.place: (reject.field, reject.reason) for reject in report.rejects}


def test_a_workbook_comes_in_with_one_ledger_entry(importing: Importing) -> None:
    report = importing(GOOD, (*GOOD[:2], "2", *GOOD[3:]))
    assert (report.rows, report.refused, report.done.posts.new, report.done.observations.new) == (2, 0, 2, 2)
    post = Post.objects.get(network_id="1")
    assert (post.text, post.published_at) == ("Bonjour", datetime(2026, 6, 1, 9, 30, tzinfo=UTC))
    assert Observation.objects.get(post_id=post.id).value == 12
    assert (report.sheet, report.sheets_left, report.on_sheets) == ("Posts", (), None)
    assert Entry.objects.filter(verb="catalogue.imported").count() == 1


def test_the_same_workbook_again_changes_nothing(importing: Importing) -> None:
    content = book(("Posts", rows(GOOD)))
    importing(content=content)
    assert importing(content=content).already_imported_at is not None
    saved_again = importing(content=with_part(content, "docProps/custom.xml", "<saved/>"))
    assert (saved_again.done.posts.unchanged, saved_again.done.observations.unchanged) == (1, 1)
    assert Post.objects.count() == Observation.objects.count() == 1


def test_numbers_that_are_ids_texts_or_tags_do_not_become_decimals(importing: Importing) -> None:
    header = ("network", "author", "id", "time", "text", "tags", "paid", "length")
    lines = [("tiktok", 77, 12.0, PUBLISHED, 2026, 2026, True, 12.5)]
    report = importing(content=book(("Posts", rows(*lines, header=header))))
    assert report.refused == 0
    post = Post.objects.get()
    assert (post.network_id, post.text, post.hashtags, post.paid_label, post.duration_s) == (
        "12",
        "2026",
        ["2026"],
        True,
        12.5,
    )
    assert Account.objects.get().network_id == "77"


def test_an_id_that_the_spreadsheet_rounded_is_refused_with_what_to_do(importing: Importing) -> None:
    report = importing(GOOD, (*GOOD[:2], 7312345678901234567, *GOOD[3:]))
    assert report.refused == 1 and Post.objects.count() == 1
    field, reason = refused(report)["posts.xlsx:Posts!C3"]
    assert field == "post.network_id" and "keep such ids as text, or import the CSV" in reason


def test_an_id_of_many_digits_that_is_text_comes_in_whole(importing: Importing) -> None:
    assert importing((*GOOD[:2], "7312345678901234567", *GOOD[3:])).refused == 0
    assert Post.objects.get().network_id == "7312345678901234567"


def test_days_are_read_in_the_calendar_of_1904_where_the_workbook_counts_so(importing: Importing) -> None:
    importing(content=book(("Posts", rows(GOOD)), date_1904=True))
    assert Post.objects.get().published_at == datetime(2026, 6, 1, 9, 30, tzinfo=UTC)


def test_days_are_of_the_mappings_time_zone(importing: Importing) -> None:
    text = TEXT.replace('"time"', '{ column = "time", time = "%d/%m/%Y", timezone = "Europe/Paris" }') + ABSENT
    importing(GOOD, mapping=parse_mapping(text, "paris.toml"))
    assert Post.objects.get().published_at == datetime(2026, 6, 1, 7, 30, tzinfo=UTC)


def test_what_a_spreadsheet_made_a_date_of_is_no_id_no_text_and_no_count(importing: Importing) -> None:
    day = date(2026, 3, 5)
    report = importing((*GOOD[:2], day, *GOOD[3:]), (*GOOD[:4], day, *GOOD[5:]), (*GOOD[:5], day, GOOD[6]))
    assert report.refused == 3
    assert {place: field for place, (field, _) in refused(report).items()} == {
        "posts.xlsx:Posts!C2": "post.network_id",
        "posts.xlsx:Posts!E3": "post.text",
        "posts.xlsx:Posts!F4": "observation.likes",
    }


def test_a_length_written_as_a_time_of_day_is_no_number_of_seconds(importing: Importing) -> None:
    def fill(sheet: Any, made: Any) -> None:
        rows(header=(*HEADER, "length"))(sheet, made)
        for line, shape in enumerate(("hh:mm", "[h]:mm:ss"), 1):
            rows(GOOD)(sheet, made)
            for column, value in enumerate(GOOD):
                sheet.write(line, column, value)
            sheet.write_string(0, 7, "length")
            sheet.write_number(line, 7, 0.128, made.add_format({"num_format": shape}))

    report = importing(content=book(("Posts", fill)))
    assert set(refused(report)) == {"posts.xlsx:Posts!H2", "posts.xlsx:Posts!H3"}


@pytest.mark.parametrize("code", ["#N/A", "#DIV/0!", "#REF!"])
def test_a_cell_with_an_error_is_refused_and_not_taken_for_missing(importing: Importing, code: str) -> None:
    def fill(sheet: Any, made: Any) -> None:
        rows(GOOD, (*GOOD[:2], "2", *GOOD[3:]))(sheet, made)
        sheet.write_formula(2, 5, "=NA()", None, code)

    report = importing(content=book(("Posts", fill)))
    assert refused(report) == {
        "posts.xlsx:Posts!F3": ("observation.likes", f"holds the error {code} of the spreadsheet")
    }
    assert report.rejects_path is not None
    kept = json.loads(report.rejects_path.read_text())
    assert (kept["line"], kept["column"]) == (3, 6) and code in kept["raw"] and "Bonjour" in kept["raw"]


def test_a_formula_reads_as_its_stored_value_and_one_without_as_empty(importing: Importing) -> None:
    def fill(sheet: Any, made: Any) -> None:
        rows(GOOD, (*GOOD[:2], "2", *GOOD[3:]))(sheet, made)
        sheet.write_formula(1, 4, '="Bon"&"soir"', None, "Bonsoir")
        sheet.write_formula(1, 5, "=40+2", None, 42)
        sheet.write_formula(2, 5, "=40+2", None, 43)

    content = book(("Posts", fill))
    report = importing(content=with_part(content, SHEET, part_of(content, SHEET).replace("<v>43</v>", "<v></v>")))
    first = Post.objects.get(network_id="1")
    assert (report.rows, report.refused, first.text) == (2, 0, "Bonsoir")
    assert list(Observation.objects.values_list("post_id", "value")) == [(first.id, 42)]


def test_the_first_of_merged_cells_holds_their_value_and_the_others_are_empty(importing: Importing) -> None:
    def fill(sheet: Any, made: Any) -> None:
        rows(GOOD, (*GOOD[:2], "2", *GOOD[3:]))(sheet, made)
        sheet.merge_range(1, 5, 2, 5, 900, made.add_format({"bold": True}))

    assert importing(content=book(("Posts", fill))).refused == 0
    first = Post.objects.get(network_id="1")
    assert list(Observation.objects.values_list("post_id", "value")) == [(first.id, 900)]


def test_characters_that_xml_cannot_hold_are_read_back(importing: Importing) -> None:
    importing((*GOOD[:4], "Bon\rjour", *GOOD[5:]))
    assert Post.objects.get().text == "Bon\rjour"


def test_empty_rows_before_between_and_after_are_nobodys(importing: Importing) -> None:
    def fill(sheet: Any, made: Any) -> None:
        rows(GOOD, first=2)(sheet, made)
        for column, value in enumerate((*GOOD[:2], "2", *GOOD[3:5], -1, SEEN)):
            sheet.write(9, column, value)
        for line in range(10, 400):
            sheet.write_blank(line, 0, None, made.add_format({"bold": True}))
        sheet.write(500, 30, "a note in the margin")

    report = importing(content=book(("Posts", fill)))
    assert (report.rows, report.refused) == (2, 1) and list(refused(report)) == ["posts.xlsx:Posts!F10"]


def test_a_workbook_without_a_header_is_named_by_the_mapping(importing: Importing) -> None:
    listed = ", ".join(f'"{name}"' for name in HEADER)
    text = TEXT + ABSENT + f"columns = [{listed}]\n"
    fill = rows((*GOOD[:2], "2", *GOOD[3:]), header=GOOD)
    report = importing(content=book(("Posts", fill)), mapping=parse_mapping(text, "bare.toml"))
    assert (report.rows, Post.objects.count()) == (2, 2)


def test_a_column_that_is_missing_or_twice_there_refuses_the_file(importing: Importing) -> None:
    strict = parse_mapping(TEXT, "strict.toml")
    with pytest.raises(ColumnMissing, match="no column “tags”"):
        importing(GOOD, mapping=strict)
    with pytest.raises(ColumnMissing, match="“likes” more than once"):
        importing(content=book(("Posts", rows((*GOOD, 3), header=(*HEADER, "likes")))))


def test_the_first_sheet_that_is_not_hidden_is_read_and_the_report_names_the_others(importing: Importing) -> None:
    def hidden(sheet: Any, made: Any) -> None:
        sheet.write(0, 0, "lists")
        sheet.hide()

    def front(sheet: Any, made: Any) -> None:
        rows(GOOD)(sheet, made)
        sheet.activate()
        sheet.set_first_sheet()

    empty: Fill = lambda sheet, made: None  # noqa: E731
    content = book(("Lists", hidden), ("Mai", front), ("Juin", rows((*GOOD[:2], "6", *GOOD[3:]))), ("Vide", empty))
    report = importing(content=content, dry_run=True)
    assert (report.sheet, report.sheets_left) == ("Mai", ("Juin",))
    assert report.on_sheets is not None and "“Mai” was read. Others hold something too: Juin" in report.on_sheets
    assert not Post.objects.exists()

    june = uploaded.written_as(MAPPING, sheet="juin")
    report = importing(content=content, mapping=june)
    assert (report.sheet, report.sheets_left, Post.objects.get().network_id) == ("Juin", (), "6")
    assert june.digest != MAPPING.digest
    named = parse_mapping(TEXT + ABSENT + 'sheet = "Mai"\n', "mai.toml")
    assert importing(content=content, mapping=named).sheet == "Mai"
    with pytest.raises(FileUnreadable, match="no sheet “Juillet”") as refusal:
        importing(content=content, mapping=uploaded.written_as(MAPPING, sheet="Juillet"))
    assert "Mai, Juin" in refusal.value.hint
    with pytest.raises(FileEmpty, match=r"“Vide” of .* names no columns"):
        importing(content=content, mapping=uploaded.written_as(MAPPING, sheet="Vide"))


def test_a_workbook_with_a_header_and_no_rows_is_empty(importing: Importing) -> None:
    with pytest.raises(FileEmpty, match=r"has columns and no rows"):
        importing()


def test_a_killed_import_of_a_workbook_goes_on_where_it_stopped(
    importing: Importing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_sheet, "CHUNK_ROWS", 10)
    lines = [(*GOOD[:2], str(n), *GOOD[3:5], n if n % 7 else "?", SEEN) for n in range(35)]
    content = book(("Posts", rows(*lines)))

    def break_off(progress: Progress) -> None:
        if progress.rows == 20:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        importing(content=content, on_progress=break_off)
    assert Import.objects.get().rows_done == 20 and Post.objects.count() == 17
    seen: list[Progress] = []
    report = importing(content=content, on_progress=seen.append)
    assert (report.resumed_at, report.rows, report.refused) == (20, 35, 5) and seen[-1].share == 1.0
    assert Post.objects.count() == 30 and report.rejects_path is not None
    places = [json.loads(line)["place"] for line in report.rejects_path.read_text().splitlines()]
    assert places == [f"posts.xlsx:Posts!F{line}" for line in (2, 9, 16, 23, 30)]


def test_a_workbook_packed_with_gzip_comes_in(importing: Importing) -> None:
    importing(content=gzip.compress(book(("Posts", rows(GOOD)))), name="posts.xlsx.gz")
    assert Post.objects.count() == 1


def test_a_workbook_as_other_programs_write_it_comes_in(importing: Importing) -> None:
    """Prefixes before names, no references, texts in their cells and in pieces, readings, days in ISO 8601."""
    texts = ("tiktok", "bea", "1")
    cells = "".join(f'<x:c t="inlineStr"><x:is><x:t>{text}</x:t></x:is></x:c>' for text in texts)
    sheet = (
        '<?xml version="1.0"?><x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData><x:row>'
        + "".join(f'<x:c t="inlineStr"><x:is><x:t>{name}</x:t></x:is></x:c>' for name in HEADER)
        + f'</x:row><x:row>{cells}<x:c t="d"><x:v>2026-06-01T09:30:00</x:v></x:c>'
        '<x:c t="inlineStr"><x:is><x:r><x:t>Bon</x:t></x:r><x:r><x:t>jour</x:t></x:r>'
        "<x:rPh sb='0' eb='1'><x:t>ボン</x:t></x:rPh></x:is></x:c>"
        '<x:c><x:v>12</x:v></x:c><x:c t="str"><x:v>2026-06-02</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    )
    report = importing(content=with_part(book(("Posts", rows(GOOD))), SHEET, sheet))
    post = Post.objects.get()
    assert (report.refused, post.text, post.published_at.hour) == (0, "Bonjour", 9)


OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.mark.parametrize(
    ("name", "content", "said", "hint"),
    [
        ("posts.xls", OLD, "a kind that is not read", "save it as .xlsx"),
        ("posts.ods", b"PK\x03\x04", "a kind that is not read", "save it as .xlsx"),
        ("posts.xlsx", OLD, "another kind (.xls) under a new name", "save it as .xlsx"),
        (
            "posts.xlsx",
            OLD + "EncryptedPackage".encode("utf-16-le"),
            "protected with a password",
            "take the password off",
        ),
        ("posts.xlsx", b"network,author\ntiktok,bea\n", "named as a workbook and is none", "named .csv"),
        ("posts.xlsx", b"PK\x03\x04 and nothing", "is not a whole workbook", "save it again"),
        ("posts.xlsx", book(("Posts", rows(GOOD)))[:-400], "is not a whole workbook", "save it again"),
    ],
)
def test_what_is_no_workbook_of_today_is_refused_as_what_it_is(
    importing: Importing, name: str, content: bytes, said: str, hint: str
) -> None:
    with pytest.raises(FileUnreadable) as refusal:
        importing(content=content, name=name)
    assert said in refusal.value.message and hint in refusal.value.hint and not Import.objects.exists()


def damaged(change: Callable[[str], str], part: str = SHEET) -> bytes:
    content = book(("Posts", rows(GOOD)))
    return with_part(content, part, change(part_of(content, part)))


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (damaged(lambda text: text.replace("<worksheet", f"{BOMB}<worksheet")), "document type"),
        (damaged(lambda text: text.replace("<sst", f"{OUTSIDE}<sst"), "xl/sharedStrings.xml"), "document type"),
        (damaged(lambda text: text.replace("<workbook", f"{OUTSIDE}<workbook"), "xl/workbook.xml"), "document type"),
        (damaged(lambda text: text.replace("</sheetData>", "")), "mismatched tag"),
        (damaged(lambda text: text.replace('<row r="2"', '<row r="1"')), "not in order"),
        (damaged(lambda text: text.replace('<row r="2"', '<row r="9999999"')), "not in order"),
        (damaged(lambda text: text.replace('r="C2"', 'r="ZZZZ2"')), "ZZZZ"),
        (damaged(lambda text: text.replace('<c r="E2" t="s"><v>', '<c r="E2" t="s"><v>99')), "out of range"),
        (damaged(lambda text: text.replace('<c r="F2"><v>12', '<c r="F2"><v>1x2')), "1x2"),
        (damaged(lambda text: text.replace('encoding="UTF-8"', 'encoding="klingon"')), "unknown encoding: klingon"),
        (
            damaged(lambda text: text.replace("http://schemas.openxmlformats.org", "http://purl.oclc.org/ooxml")),
            "the strict form",
        ),
        (damaged(lambda text: text.replace("worksheets/sheet1", "gone"), "xl/_rels/workbook.xml.rels"), "no sheets"),
        (damaged(lambda text: text.replace("sheet.main", "nothing"), "[Content_Types].xml"), "no valid workbook part"),
        (damaged(lambda text: text.replace("<sst", "<x"), "xl/sharedStrings.xml"), "mismatched tag"),
    ],
)
def test_a_hostile_or_damaged_part_refuses_the_workbook_before_anything_is_stored(
    importing: Importing, content: bytes, said: str
) -> None:
    with pytest.raises(FileUnreadable, match=said):
        importing(content=content)
    assert not Import.objects.exists() and not Account.objects.exists()


def test_a_damaged_cell_far_down_stops_the_file_there_and_what_came_before_stays(
    importing: Importing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading_sheet, "CHUNK_ROWS", 10)
    content = book(("Posts", rows(*[(*GOOD[:2], str(n), *GOOD[3:]) for n in range(35)])))
    xml = part_of(content, SHEET).replace('<c r="F30"><v>12', '<c r="F30"><v>1x2')
    with pytest.raises(FileUnreadable, match="1x2"):
        importing(content=with_part(content, SHEET, xml))
    assert Post.objects.count() == 20 and not Entry.objects.filter(verb="catalogue.imported").exists()
    repaired = importing(content=content)
    assert (repaired.done.posts.new, repaired.done.posts.unchanged, repaired.refused) == (15, 20, 0)


def test_a_cell_far_away_costs_nothing(importing: Importing) -> None:
    """Readers that lay out the whole rectangle would need 16 thousand million cells."""
    assert importing(content=damaged(far_away)).rows == 1


@pytest.mark.parametrize(
    ("part", "root"), [(SHEET, "worksheet"), ("xl/sharedStrings.xml", "sst"), ("xl/workbook.xml", "workbook")]
)
def test_openpyxl_itself_refuses_entities(
    importing: Importing, monkeypatch: pytest.MonkeyPatch, part: str, root: str
) -> None:
    monkeypatch.setattr(reading_sheet, "refuse_damaged", lambda *_: None)
    with pytest.raises(FileUnreadable, match="EntitiesForbidden"):
        importing(content=damaged(lambda text: text.replace(f"<{root}", f"{BOMB}<{root}"), part))


def test_damaged_bytes_end_in_a_reading_or_a_refusal(folder: Path) -> None:
    content, chance, refusals = book(("Posts", rows(GOOD))), random.Random(1), 0
    path = folder / "posts.xlsx"
    for turn in range(100):
        xml = bytearray(part_of(content, SHEET).encode() if turn % 2 else content)
        xml[chance.randrange(len(xml))] = chance.randrange(32, 127)
        path.write_bytes(with_part(content, SHEET, xml.decode()) if turn % 2 else bytes(xml))
        try:
            list(reading_sheet.SheetFile(path, MAPPING).chunks(HEADER, 0))
        except (FileUnreadable, FileEmpty):
            refusals += 1
    assert 20 < refusals < 100


def test_a_title_far_away_refuses_the_sheet(importing: Importing) -> None:
    far = '<c r="XFD1" t="str"><v>far</v></c></row>'
    with pytest.raises(FileUnreadable, match="is too wide"):
        importing(content=damaged(lambda text: text.replace("</row>", far, 1)))


def test_more_cells_in_a_row_than_memory_holds_are_refused_before_they_are_kept(
    importing: Importing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "MOST_ELEMENTS", 1000)
    assert importing(*[GOOD] * 20).rows == 20
    with pytest.raises(FileUnreadable, match="more elements than a workbook holds"):
        importing(content=damaged(lambda text: text.replace("</row>", "<c/>" * 1001 + "</row>")))
    monkeypatch.setattr(workbook, "MOST_TEXTS", 5)
    with pytest.raises(FileUnreadable, match="more elements than a workbook holds"):
        importing((*GOOD[:2], "3", *GOOD[3:]))


def test_what_a_sheet_says_of_its_size_is_not_believed(importing: Importing) -> None:
    for told in ("A1", "A1:XFD1048576", "B2:B2"):
        content = damaged(lambda text, told=told: text.replace('ref="A1:G2"', f'ref="{told}"'))  # type: ignore[misc]
        assert importing(content=content).rows == 1


def far_away(text: str) -> str:
    return text.replace("</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')


def test_more_parts_than_a_workbook_has_are_refused(importing: Importing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_PARTS", 5)
    with pytest.raises(FileUnreadable, match="too many parts"):
        importing(GOOD)


def test_a_list_of_parts_that_is_endless_is_refused_before_it_is_read(
    importing: Importing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbook, "_MOST_DIRECTORY", 300)
    with pytest.raises(FileUnreadable, match="too many parts"):
        importing(GOOD)


# -- doors -----------------------------------------------------------------------------------------------------------

PAGE = "/w/harbour/imports/"
CREATORS = rows(("tiktok", "@bea", 900), ("myspace", "tom", 1), header=("network", "handle", "followers"))


@pytest.fixture
def sending(signed_in: Any, ada: Actor, folder: Path) -> Callable[..., Any]:
    """`sending(content, then="try")` sends a workbook of creators to the page as Ada."""
    client = signed_in(ada)
    client.cookies["django_language"] = "en"

    def send(content: bytes, **given: str) -> Any:
        file = SimpleUploadedFile("creators.xlsx", content)
        return client.post(PAGE, {"file": file, "mapping": "sillage-creators", "then": "import", **given}, follow=True)

    return send


def test_the_page_tries_a_workbook_and_says_which_sheet_it_read(sending: Callable[..., Any]) -> None:
    content = book(("Amis", CREATORS), ("Notes", CREATORS))
    page = sending(content, then="try").content.decode()
    assert "creators.xlsx:Amis!A3" in page and "“Amis” was read" in page and not Account.objects.exists()
    assert "“Amis” was read" in sending(content).content.decode() and Account.objects.count() == 1
    named = sending(content, sheet="Notes").content.decode()
    assert "was read. Others" not in named and "no sheet “X”" in sending(content, sheet="X").content.decode()


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_read(
    sending: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    content = with_part(book(("Amis", CREATORS)), "xl/media/large.bin", "0" * 2_000_000)
    assert len(content) < 20_000
    monkeypatch.setattr(uploaded, "MOST_UNPACKED", 1 << 20)
    monkeypatch.setattr(reading_sheet, "refuse_damaged", lambda *_: pytest.fail("it was read"))
    for packed in (content, gzip.compress(content)):
        answer = sending(packed)
        assert answer.status_code == 413 and "unpacks to more than 1 MB" in answer.content.decode()


@pytest.mark.parametrize("name", ["sillage-creators", "sillage-posts"])
def test_the_example_as_a_workbook_comes_in_whole(signed_in: Any, ada: Actor, importing: Importing, name: str) -> None:
    client = signed_in(ada)
    assert f"examples/{name}/?format=xlsx" in client.get(PAGE).content.decode()
    answer = client.get(f"{PAGE}examples/{name}/?format=xlsx")
    assert answer["Content-Disposition"] == f'attachment; filename="{name}-example.xlsx"'
    report = importing(content=answer.content, mapping=shipped_mappings()[name])
    assert report.refused == 0 and report.columns_absent == report.columns_unused == ()
    assert Account.objects.exists() and Observation.objects.exists()


def test_a_reject_of_a_table_without_sheets_keeps_its_line_and_column() -> None:
    reject = Reject("posts.csv", 3, 5, "post.text", "is wrong", "")
    assert reject.place == "posts.csv:3:5"


def test_a_mapping_keeps_its_digest_where_no_sheet_is_named() -> None:
    mapping: Mapping = shipped_mappings()["sillage-posts"]
    assert uploaded.written_as(mapping) is mapping
    assert uploaded.written_as(mapping, ";").digest != uploaded.written_as(mapping, ";", sheet="A").digest
