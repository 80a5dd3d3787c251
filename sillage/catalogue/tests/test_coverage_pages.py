"""The coverage page: what is here by network, country and language, and what is not."""

from __future__ import annotations

import re

import pytest

from sillage.catalogue.actions.ingest import ingest
from sillage.catalogue.engine.records import AccountRecord, Batch
from sillage.catalogue.views.coverage import COUNTRIES_SHOWN
from sillage.discovery.tests.conftest import fill


@pytest.fixture(autouse=True)
def english(client):
    client.cookies["django_language"] = "en"


@pytest.fixture
def page(signed_in, rita):
    client = signed_in(rita)
    return lambda: client.get("/w/harbour/coverage/").content.decode()


def test_each_cell_says_how_many_how_fresh_and_how_well_known(page, ada, noon, django_assert_max_num_queries):
    fill(ada, noon)
    with django_assert_max_num_queries(8):
        text = page()
    row = re.search(r"<tr><th scope=\"row\"><span>France, French</span></th>(.*?)</tr>", text, re.DOTALL).group(1)

    assert re.findall(r">([\d%]+)</td>", row) == ["3", "27", "100%", "0%"]
    assert row.count("<time") == 2


def test_the_map_counts_accounts_by_country_and_network(page, ada, noon):
    fill(ada, noon)
    text = page()

    rows = dict(
        re.findall(r'href="/w/harbour/creators/\?countries=(\w\w)">[^<]+</a></th><td class="num heat-\d">(\d+)', text)
    )
    assert rows == {"FR": "3", "BE": "1", "GB": "1"}


def test_what_is_not_covered_is_shown_too(page, ada, noon):
    fill(ada, noon)
    bare = Batch((AccountRecord("mastodon", "1", "nobody"),))
    ingest(workspace_id=ada.workspace_id, batch=bare, actor=ada, now=noon)
    text = page()

    assert "TikTok" in text and "Networks without any account" in text
    facts = dict(re.findall(r"<dt>([^<]+)</dt><dd>(\d+)</dd>", text))
    assert facts == {"No post": "1", "Country not known": "1", "Language not known": "1"}
    assert "Country not known" in text and "language not known" in text


def test_many_countries_are_put_together_in_one_row(page, ada, noon):
    codes = [f"{a}{b}" for a in "ABCD" for b in "STUVW"]
    accounts = tuple(AccountRecord("rss", f"https://{c}.example/", c.lower(), country=c) for c in codes)
    ingest(workspace_id=ada.workspace_id, batch=Batch(accounts), actor=ada, now=noon)

    text = page()
    row = re.search(r"Other countries</th><td class=\"num heat-\d\">(\d+)<", text).group(1)

    assert int(row) == len(codes) - COUNTRIES_SHOWN


def test_an_empty_catalogue_says_how_to_fill_it(page):
    assert "Nothing is covered yet" in page() and "sillage connect" in page()
