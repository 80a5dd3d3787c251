"""The creators list: search, filters, facets, order, paging, saved searches."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import replace

import pytest

from sillage.catalogue.actions.ingest import ingest
from sillage.catalogue.engine.records import AccountRecord, Batch
from sillage.catalogue.models import Account
from sillage.desk.queries import listing
from sillage.desk.views import creators
from sillage.discovery import actions as discovery
from sillage.discovery.models import SavedSearch
from sillage.discovery.tests.conftest import records_of
from sillage.governance.models import Entry, Receipt
from sillage.understanding.actions import bring_up_to_date

pytestmark = pytest.mark.usefixtures("english")
LIST = "/w/harbour/creators/"


def names(response) -> list[str]:
    return re.findall(r'class="identity__name"[^>]*>([^<]+)<', response.content.decode())


@pytest.fixture
def ask(signed_in, ada, filled):
    client = signed_in(ada)
    return lambda query="": client.get(LIST + query)


def test_everybody_is_listed_with_the_most_followers_first(ask):
    assert names(ask()) == ["Star", "Basile", "Noe", "Poppy", "Mona"]


def test_an_order_can_be_turned_round(ask):
    assert names(ask("?sort=-followers")) == ["Mona", "Poppy", "Noe", "Basile", "Star"]
    assert names(ask("?sort=name"))[0] == "Basile"


def test_filters_hold_together_and_each_has_a_chip_that_takes_it_away(ask):
    page = ask("?countries=FR&max_followers=30000&themes_any=home.gardening")

    assert names(page) == ["Mona"]
    text = page.content.decode()
    assert "Remove France" in text and "Remove 30k followers or fewer" in text
    assert 'href="?countries=FR&amp;themes_any=home.gardening"' in text


def test_words_find_posts_whatever_their_accents_and_capitals(ask):
    assert set(names(ask("?words=POTAGER"))) == {"Mona", "Basile"}
    assert names(ask("?words=lumiere+patience")) and names(ask("?words=poppy")) == ["Poppy"]


def test_facets_count_and_stay_choosable_within_one_facet(ask):
    page = ask("?countries=FR").content.decode()

    counts = dict(
        re.findall(r'name="countries" value="(\w+)"[^>]*><span>[^<]+</span><span class="facet__count">(\d+)', page)
    )
    assert counts == {"FR": "3", "BE": "1", "GB": "1"}


def test_a_size_band_is_a_link_that_sets_both_bounds(ask):
    assert "?min_followers=20000&amp;max_followers=49999" in ask().content.decode()
    chosen = ask("?min_followers=20000&max_followers=49999")
    assert names(chosen) == ["Basile", "Noe"]
    assert 'aria-current="true"' in chosen.content.decode()


def test_the_list_goes_on_where_it_stopped(ask, monkeypatch):
    monkeypatch.setattr(listing, "PAGE", 2)
    seen, query = [], ""
    while True:
        page = ask(query)
        seen += names(page)
        following = re.search(r'href="(\?[^"]+)" rel="next"', page.content.decode())
        if not following:
            break
        query = following.group(1).replace("&amp;", "&")

    assert seen == ["Star", "Basile", "Noe", "Poppy", "Mona"]


def test_a_list_of_words_goes_on_too(ask, monkeypatch):
    monkeypatch.setattr(listing, "PAGE", 1)
    first = ask("?words=potager")
    following = re.search(r'href="(\?[^"]+)" rel="next"', first.content.decode()).group(1).replace("&amp;", "&")

    assert sorted(names(first) + names(ask(following))) == ["Basile", "Mona"]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?min_followers=10&max_followers=5", "No account has at least 10"),
        ("?networks=minitel", "does not know “minitel”"),
        ("?cursor=nonsense", "cursor"),
        ("?shoe_size=43", "There is no filter"),
    ],
)
def test_what_cannot_be_read_is_told_above_the_filters(ask, query, said):
    page = ask(query)

    assert page.status_code == 422 and said in page.content.decode()
    assert 'id="facets"' in page.content.decode() and not names(page)


def test_nobody_fits_says_what_to_do(ask):
    page = ask("?words=xylophone").content.decode()

    assert "Nobody fits all of this" in page and "Take a filter away" in page


def test_an_empty_catalogue_says_how_to_fill_it(signed_in, ada):
    page = signed_in(ada).get(LIST).content.decode()
    assert 'href="/w/harbour/imports/">Import a file</a>' in page


def test_missing_numbers_are_dashes(signed_in, ada, noon):
    quiet = Batch((AccountRecord("rss", "https://quiet.example/feed", "quiet", name="Quiet"),))
    ingest(workspace_id=ada.workspace_id, batch=quiet, actor=ada, now=noon)
    bring_up_to_date(actor=ada, now=noon)

    page = signed_in(ada).get(LIST)

    assert names(page) == ["Quiet"] and page.content.decode().count('class="missing" title="Not known"') == 2


def test_text_that_came_from_outside_is_never_markup(signed_in, ada, noon):
    batch = records_of("mona", noon)
    batch = replace(batch, accounts=(replace(batch.accounts[0], name="<script>alert(1)</script>"),))
    ingest(workspace_id=ada.workspace_id, batch=batch, actor=ada, now=noon)
    bring_up_to_date(actor=ada, now=noon)

    assert "<script>alert" not in signed_in(ada).get(LIST).content.decode()


def test_an_excluded_account_is_marked(ask, ada, noon):
    from sillage.catalogue.models import Account

    discovery.exclude(name="Competitors", account_ids=[Account.objects.get(handle="noe").pk], actor=ada, now=noon)

    assert ask().content.decode().count(">excluded<") == 1


def test_the_list_keeps_to_its_query_budget(ask, django_assert_max_num_queries):
    with django_assert_max_num_queries(24):
        ask()
    with django_assert_max_num_queries(48):
        ask("?countries=FR&networks=instagram&languages=fr")


def test_a_search_is_saved_and_comes_back(signed_in, bruno, filled):
    client = signed_in(bruno)

    back = client.post("/w/harbour/searches/save/", {"name": "Gardens", "query": "countries=FR&words=potager&cursor=x"})

    assert back.url == LIST + "?words=potager&countries=FR"
    assert 'href="/w/harbour/creators/?words=potager&amp;countries=FR"' in client.get(LIST).content.decode()
    assert Entry.objects.filter(verb="discovery.search_saved").count() == 1
    client.post("/w/harbour/searches/drop/", {"name": "Gardens"})
    assert not SavedSearch.objects.exists()


def test_a_reader_may_search_but_not_save(signed_in, rita, filled):
    client = signed_in(rita)

    assert "Save this search" not in client.get(LIST + "?words=potager").content.decode()
    assert client.post("/w/harbour/searches/save/", {"name": "x", "query": ""}).status_code == 403


def test_another_workspace_sees_nothing_of_it(signed_in, dario, filled):
    client = signed_in(dario)

    assert client.get(LIST).status_code == 404
    assert names(client.get("/w/elsewhere/creators/")) == []


def test_headings_sort_and_turn_round_where_the_list_stands_in_their_order(ask):
    plain = ask().content.decode()
    assert 'aria-sort="descending"><a href="?sort=-followers">Followers</a>' in plain
    assert '<a href="?sort=name">Creator</a>' in plain and '<a href="?sort=last_post">Last post</a>' in plain

    by_name = ask("?sort=name&countries=FR").content.decode()
    assert 'aria-sort="ascending"><a href="?countries=FR&amp;sort=-name">Creator</a>' in by_name
    assert "aria-sort" not in ask("?words=potager").content.decode()  # the rank of words is the order


def test_a_name_that_is_only_begun_is_found(ask):
    assert names(ask("?words=pop")) == ["Poppy"]


def exported(response) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_the_list_as_filtered_and_ordered_is_a_file(ask, ada):
    file, page = ask("export/csv/?countries=FR&sort=name"), ask("?countries=FR&sort=name")
    rows = exported(file)

    assert file["Content-Disposition"].startswith('attachment; filename="creators-')
    assert [row["name"] for row in rows] == names(page) and len(rows) == 3
    assert 'href="/w/harbour/creators/export/csv/?countries=FR&amp;sort=name"' in page.content.decode()
    for row in rows:
        receipt = Receipt.objects.get(key=row["receipts"].split()[0], workspace_id=ada.workspace_id)
        assert receipt.metric == "account.followers" and receipt.value == int(row["followers"])
        assert row["followers_source"] == receipt.source_class


def test_an_export_goes_on_beyond_a_stretch_and_stops_at_the_most(ask, monkeypatch):
    monkeypatch.setattr(listing, "STRETCH", 2)
    assert [row["name"] for row in exported(ask("export/csv/"))] == ["Star", "Basile", "Noe", "Poppy", "Mona"]
    assert {row["name"] for row in exported(ask("export/csv/?words=potager"))} == {"Mona", "Basile"}
    monkeypatch.setattr(creators, "MOST_EXPORTED", 3)
    assert [row["name"] for row in exported(ask("export/csv/"))] == ["Star", "Basile", "Noe"]


def test_an_exported_name_is_never_a_formula(ask, ada):
    Account.objects.filter(workspace_id=ada.workspace_id, name="Star").update(name="=cmd()")
    assert exported(ask("export/csv/"))[0]["name"] == "'=cmd()"


def test_a_sheet_for_people_names_themes_in_their_language(ask):
    book = zipfile.ZipFile(io.BytesIO(ask("export/xlsx/?themes_any=home.gardening").content))
    text = book.read("xl/sharedStrings.xml").decode()
    assert "Main themes" in text and "Gardening" in text and "home.gardening" not in text


def test_an_export_of_what_cannot_be_read_is_refused(ask):
    assert ask("export/pdf/").status_code == 404
    assert ask("export/csv/?sort=charm").status_code == 422
