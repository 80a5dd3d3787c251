"""The imports page: trying a file, bringing it in, what was set aside, and the files to begin with."""

from __future__ import annotations

import csv
import gzip
import html
import io
import json
import re
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from sillage.catalogue import uploaded
from sillage.catalogue.actions.imports import import_file
from sillage.catalogue.engine.examples import EXAMPLES, example_of
from sillage.catalogue.engine.shipped import shipped_mappings
from sillage.catalogue.export import rejects_csv
from sillage.catalogue.forms import MAPPING_WORDS, SEPARATORS
from sillage.catalogue.models import Account, Import, Observation, Post
from sillage.catalogue.rejects import read_rejects
from sillage.catalogue.views import imports as views
from sillage.front import errors
from sillage.governance.models import Entry
from sillage.lib.sentences import Language
from sillage.lib.text import harmless_cell

PAGE = "/w/harbour/imports/"
CREATORS = "network,handle,name,followers\ntiktok,@bea,Bea,900\nmyspace,=cmd,Tom,1\ninstagram,cléo,Cléo,1200\n"
MAPPING = """
[account]
network = { constant = "instagram" }
network_id = "who"
"""


@pytest.fixture(autouse=True)
def folder(client, tmp_path, settings):
    client.cookies["django_language"] = "en"
    settings.SILLAGE = settings.SILLAGE.model_copy(update={"data": tmp_path})


def words(answer) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def sent(client, text: str | bytes = CREATORS, *, name: str = "creators.csv", follow: bool = False, **given: str):
    content = text if isinstance(text, bytes) else text.encode()
    given = {"mapping": "sillage-creators", "then": "import", **given}
    return client.post(PAGE, {"file": SimpleUploadedFile(name, content), **given}, follow=follow)


def test_trying_a_file_shows_what_would_come_in_and_writes_nothing(signed_in, ada):
    before = Entry.objects.count()
    answer = sent(signed_in(ada), then="try")
    text = words(answer)

    assert answer.status_code == 200 and "This would come in" in text and "Nothing was written" in text
    assert "Accounts 2 0 0" in text and "Numbers 2 0 0" in text
    assert "@bea Bea TikTok" in text and "creators.csv:3:1 account.network" in text
    assert "Choose creators.csv again" in text
    assert not Account.objects.exists() and not Import.objects.exists() and Entry.objects.count() == before


def test_only_the_button_that_says_so_imports(signed_in, ada):
    sent(signed_in(ada), then="")
    assert not Account.objects.exists()


def test_a_file_comes_in_and_the_list_says_what_became_of_it(signed_in, ada):
    client = signed_in(ada)
    answer = sent(client)
    assert answer.status_code == 302 and answer.url == PAGE
    text = words(client.get(PAGE))

    assert "accounts 2, posts 0, comments 0, numbers 2. Set aside: 1 of 3 rows." in text
    assert "sillage worker" in text and "creators.csv sillage-creators" in text and "came in" in text
    assert set(Account.objects.values_list("handle", flat=True)) == {"bea", "cléo"}
    assert Entry.objects.filter(verb="catalogue.imported", actor_name=ada.name).count() == 1

    again = words(sent(client, follow=True))
    assert "came in before through this mapping: nothing changed" in again and Import.objects.count() == 1


def test_what_was_set_aside_is_a_file_that_a_spreadsheet_does_not_run(signed_in, ada, rita, dario):
    sent(signed_in(ada))
    address = f"{PAGE}{Import.objects.get().pk}/rejects/"
    answer = signed_in(rita).get(address)
    assert answer["Content-Disposition"].startswith("attachment") and answer["Content-Type"].startswith("text/csv")
    (row,) = csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")))

    assert (row["place"], row["line"], row["column"], row["field"]) == ("creators.csv:3:1", "3", "1", "account.network")
    assert row["reason"] and row["raw"] == "myspace,=cmd,Tom,1"
    assert harmless_cell("=cmd") == "'=cmd" and harmless_cell("cmd=") == "cmd="
    assert signed_in(dario).get(address).status_code == 404


@pytest.fixture
def said(monkeypatch) -> None:
    """Pages whose sentences stand in brackets."""
    monkeypatch.setattr(errors, "READERS", Language("[{}]".format, lambda _, term: term, lambda n, _: str(n), str))


REASONS = """network,handle,country,followers
myspace,a,FR,1
tiktok,b,France,1
tiktok,c,FR,-5
tiktok,d
tiktok,,FR,1
"""


def test_the_reasons_of_refused_rows_are_said_in_the_readers_language(signed_in, ada, said):
    client = signed_in(ada)
    tried = words(sent(client, REASONS, then="try"))
    sent(client, REASONS)
    streamed = client.get(f"{PAGE}{Import.objects.get().pk}/rejects/").streaming_content
    kept = [row["reason"] for row in csv.DictReader(io.StringIO(b"".join(streamed).decode("utf-8-sig")))]

    assert "the whole row" in tried and len(kept) == 5 and all(r.startswith("[") and r in tried for r in kept)
    assert kept[2:4] == ["[-5 is negative, and a count cannot be]", "[has 2 values where the header names 4 columns]"]


def test_the_reasons_stay_english_for_programs_and_on_the_disk(signed_in, ada, said):
    sent(signed_in(ada), REASONS)
    found = Import.objects.get()
    lines = [json.loads(line) for line in Path(found.rejects_path).read_text().splitlines()]
    assert [line["reason"] for line in lines][2] == "-5 is negative, and a count cannot be"

    for line in lines:  # what earlier versions wrote down has no more than the English
        del line["reason_said"]
    Path(found.rejects_path).write_text("".join(json.dumps(line) + "\n" for line in lines))
    before = read_rejects(Path(found.rejects_path), 10_000)
    assert b"-5 is negative, and a count cannot be" in b"".join(rejects_csv(before))


def test_rejects_of_an_import_of_another_workspace_are_not_found(signed_in, ada, dario):
    sent(signed_in(ada))
    elsewhere = signed_in(dario).get(f"/w/elsewhere/imports/{Import.objects.get().pk}/rejects/")
    assert elsewhere.status_code == 404 and "myspace" not in words(elsewhere)


def test_rejects_that_are_not_there_are_not_found(signed_in, ada):
    client = signed_in(ada)
    sent(client, "network,handle\ntiktok,bea\n")
    found = Import.objects.get()
    assert client.get(f"{PAGE}{found.pk}/rejects/").status_code == 404
    sent(client)
    found = Import.objects.exclude(pk=found.pk).get()
    found.rejects_path = "/nowhere/at/all"
    found.save()
    assert client.get(f"{PAGE}{found.pk}/rejects/").status_code == 404


def test_many_refused_rows_are_not_all_shown(signed_in, ada, monkeypatch):
    monkeypatch.setattr(views, "SHOWN_REJECTS", 2)
    lines = "".join(f"myspace,x{n}\n" for n in range(5))
    text = words(sent(signed_in(ada), f"network,handle\n{lines}", then="try"))
    assert "creators.csv:3:1" in text and "creators.csv:4:1" not in text and "Not shown here: 3." in text


def test_ones_own_mapping_reads_a_file_and_is_kept_in_the_form(signed_in, ada):
    client = signed_in(ada)
    answer = sent(client, "who\nbea\n", mapping="own", own=MAPPING, then="try")
    assert "Accounts 1 0 0" in words(answer) and "network_id = &quot;who&quot;" in answer.content.decode()
    sent(client, "who\nbea\n", mapping="own", own=MAPPING)
    assert Account.objects.get().network == "instagram"


def test_a_mapping_that_is_wrong_is_shown_with_its_place(signed_in, ada):
    answer = sent(signed_in(ada), mapping="own", own='[account]\nnetwrk = "x"\n')
    text = words(answer)

    assert answer.status_code == 422 and "mapping.toml:2:1" in text and "netwrk" in text
    assert '2 | netwrk = "x"' in text
    assert not Account.objects.exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"mapping": "own"}, "Write the mapping here"),
        ({"own": MAPPING}, "one file is read by one mapping"),
        ({"mapping": "horoscope"}, "horoscope"),
        ({"separator": "pipe"}, "pipe"),
    ],
)
def test_a_form_that_is_not_whole_says_what_is_missing(signed_in, ada, given, said):
    answer = sent(signed_in(ada), **given)
    assert answer.status_code == 422 and said in words(answer) and not Account.objects.exists()


def test_without_a_file_nothing_begins(signed_in, ada):
    answer = signed_in(ada).post(PAGE, {"mapping": "sillage-posts", "then": "import"})
    assert answer.status_code == 422 and "Choose a file" in words(answer)


def test_a_file_as_excel_in_french_saves_it_comes_in(signed_in, ada):
    client, text = signed_in(ada), CREATORS.replace(",", ";").encode("cp1252")
    refused = sent(client, text)
    assert refused.status_code == 422 and "creators.csv" in words(refused)
    sent(client, text, separator="semicolon", encoding="cp1252")
    assert set(Account.objects.values_list("name", flat=True)) == {"Bea", "Cléo"}


def test_a_file_read_another_way_is_another_import():
    mapping = shipped_mappings()["sillage-posts"]
    other = uploaded.written_as(mapping, ";", "")
    assert other.source.separator == ";" and other.source.encoding == mapping.source.encoding
    assert other.digest != mapping.digest and uploaded.written_as(mapping, ",", "utf-8") is mapping


def test_a_file_that_is_too_large_names_the_command_line(signed_in, ada, monkeypatch):
    monkeypatch.setattr(uploaded, "MOST_IMPORTED", 10)
    answer = sent(signed_in(ada))
    assert answer.status_code == 413 and "sillage import FILE" in words(answer) and not Account.objects.exists()


@pytest.mark.parametrize("name", ["small.csv.gz", "small.csv"])
def test_a_small_archive_that_holds_too_much_is_refused_before_it_is_read(signed_in, ada, monkeypatch, name):
    monkeypatch.setattr(uploaded, "MOST_UNPACKED", 1 << 20)
    packed = gzip.compress(CREATORS.encode() + b"tiktok,@bea,Bea,900\n" * 60_000)
    assert len(packed) < 20_000
    answer = sent(signed_in(ada), packed, name=name)
    assert answer.status_code == 413 and "unpacks to more than 1 MB" in words(answer) and not Account.objects.exists()


def test_a_file_with_a_name_longer_than_a_folder_holds_comes_in(signed_in, ada):
    sent(signed_in(ada), name=f"{'é' * 240}.csv")
    assert Import.objects.get().file_name == f"{'é' * 98}.csv"


def test_who_may_not_import_sees_the_list_and_who_may(signed_in, ada, rita, bruno):
    sent(signed_in(ada))
    for member in (rita, bruno):
        client = signed_in(member)
        page = client.get(PAGE)
        assert "creators.csv" in words(page) and "Owners and managers" in words(page)
        assert 'type="file"' not in page.content.decode()
        for then in ("try", "import"):
            assert sent(client, "network,handle\ntiktok,noe\n", then=then).status_code == 403
    assert Import.objects.count() == 1


def test_a_stranger_finds_nothing(signed_in, ada, dario):
    client = signed_in(dario)
    assert client.get(PAGE).status_code == sent(client).status_code == 404
    assert not Account.objects.exists()


def test_an_import_that_broke_off_says_how_it_goes_on(signed_in, ada):
    client = signed_in(ada)
    sent(client)
    Import.objects.update(finished_at=None)
    assert "import the same file again" in words(client.get(PAGE))


def test_an_empty_list_says_how_to_begin(signed_in, ada):
    page = signed_in(ada).get(PAGE)
    assert "No file came in yet" in words(page)
    assert f'href="{PAGE}examples/sillage-creators/"' in page.content.decode()


def test_every_mapping_that_comes_with_sillage_can_be_chosen(signed_in, ada):
    assert set(MAPPING_WORDS) == set(shipped_mappings())
    page = signed_in(ada).get(PAGE).content.decode()
    for name, mapping in shipped_mappings().items():
        assert f'<option value="{name}"' in page
        assert all(f"<code>{column}</code>" in page for column in mapping.columns)


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("separator", SEPARATORS)
def test_an_example_comes_in_whole(signed_in, ada, name, separator):
    client = signed_in(ada)
    file = client.get(f"{PAGE}examples/{name}/?separator={separator}")
    sent(client, file.content, name=f"{name}.csv", mapping=name, separator=separator)
    found = Import.objects.get()

    assert found.rows_refused == 0 and found.rows_done == len(EXAMPLES[name]) and found.finished_at
    assert Account.objects.count() == len({row.get("handle") or row["account_id"] for row in EXAMPLES[name]})
    assert Observation.objects.exists() and Post.objects.exists() is (name == "sillage-posts")
    assert "nvented" in file.content.decode() and 'filename="' + name in file["Content-Disposition"]


def test_an_example_has_exactly_the_columns_of_its_mapping(ada, noon, tmp_path):
    for name in EXAMPLES:
        mapping = shipped_mappings()[name]
        path = tmp_path / f"{name}.csv"
        path.write_text(example_of(mapping, ","))
        report = import_file(
            workspace_id=ada.workspace_id, path=path, mapping=mapping, actor=ada, now=noon, dry_run=True
        )
        assert report.columns_absent == report.columns_unused == () and report.refused == 0


def test_an_example_that_there_is_not_is_not_found(signed_in, ada):
    assert signed_in(ada).get(f"{PAGE}examples/horoscope/").status_code == 404


def test_the_creators_list_and_the_coverage_lead_here_while_they_are_empty(signed_in, ada):
    client = signed_in(ada)
    for address in ("/w/harbour/creators/", "/w/harbour/coverage/"):
        assert (
            f'<a class="button button--first" href="{PAGE}">Import a file</a>' in client.get(address).content.decode()
        )
