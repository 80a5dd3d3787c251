"""Brands in the browser, for programs and at the terminal."""

from __future__ import annotations

import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from sillage.catalogue.actions.brands import add_brand
from sillage.catalogue.engine.brands import BrandSaid
from sillage.catalogue.models import Brand
from sillage.catalogue.queries import brand_as_said
from sillage.front.tests.program import program_of
from sillage.front.tests.terminal import Terminal, terminal
from sillage.understanding.engine.readings import ReadingState
from sillage.understanding.models import CatalogueReading

__all__ = ["terminal"]

PAGE = "/w/harbour/brands/"
GIVEN = {"name": "Halden", "aliases": "Halden & Fils\r\n", "handles": "@halden.fr, @halden", "hashtags": "#teamhalden"}
HALDEN = BrandSaid("Halden", ("Halden & Fils",), ("halden.fr", "halden"), ("teamhalden",))


@pytest.fixture(autouse=True)
def english(client):
    client.cookies["django_language"] = "en"


def words(answer) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def is_reading_asked() -> bool:
    return CatalogueReading.objects.filter(state=ReadingState.ASKED).exists()


@pytest.fixture
def halden(ada, noon) -> Brand:
    return add_brand(said=HALDEN, actor=ada, now=noon)


def test_a_page_without_brands_says_what_to_do(signed_in, ada):
    text = words(signed_in(ada).get(PAGE))
    assert "No brand is looked for yet" in text and "Begin with your own and its competitors" in text


def test_a_brand_is_added_and_posts_are_read_again(signed_in, ada):
    answer = signed_in(ada).post(PAGE, GIVEN, follow=True)
    assert brand_as_said(Brand.objects.get()) == HALDEN and is_reading_asked()
    text = words(answer)
    assert "Halden is looked for from now on. Posts are being read again" in text
    assert "@halden.fr" in text and "#teamhalden" in text and "Reading what came in" in text


def test_a_refusal_stands_beside_its_field_and_keeps_what_was_typed(signed_in, ada, halden):
    answer = signed_in(ada).post(PAGE, {"name": "LG", "handles": "@lg"})
    assert answer.status_code == 422 and words(answer).count("“LG” is too short") == 1
    assert 'id="id_name_error"' in answer.content.decode() and "@lg" in answer.content.decode()
    taken = signed_in(ada).post(PAGE, {"name": "Rival", "handles": "@halden"})
    assert taken.status_code == 409 and "“@halden” is Halden already" in words(taken)
    assert Brand.objects.count() == 1 and not is_reading_asked()


def test_a_brand_is_changed_on_its_page_unless_somebody_else_changed_it(signed_in, ada, halden):
    client = signed_in(ada)
    shown = client.get(f"{PAGE}halden/").content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', shown)[1]
    assert "@halden.fr @halden" in shown
    client.post(f"{PAGE}halden/", GIVEN | {"sector": "garden", "seen": seen})
    assert Brand.objects.get().sector == "garden" and is_reading_asked()
    late = client.post(f"{PAGE}halden/", GIVEN | {"sector": "food", "seen": seen})
    assert late.status_code == 409 and "Somebody else changed Halden" in words(late)
    assert Brand.objects.get().sector == "garden"


def test_a_brand_is_removed(signed_in, ada, halden):
    text = words(signed_in(ada).post(f"{PAGE}halden/remove/", follow=True))
    assert "Halden is looked for no more" in text and not Brand.objects.exists() and is_reading_asked()


def test_a_file_comes_in_and_refused_lines_are_named(signed_in, ada, halden):
    file = SimpleUploadedFile("brands.csv", b"name,handles\nLG,lg\nRival,rival\n")
    text = words(signed_in(ada).post("/w/harbour/brands/from/file/", {"file": file}))
    assert "Brands that are new: 1" in text and "brands.csv:2 “LG” is too short" in text
    assert Brand.objects.filter(key="rival").exists() and is_reading_asked()


@pytest.mark.parametrize("content", [None, b"brand\nHalden\n"])
def test_a_file_that_cannot_be_read_is_refused_on_the_page(signed_in, ada, content):
    given = {} if content is None else {"file": SimpleUploadedFile("brands.csv", content)}
    answer = signed_in(ada).post("/w/harbour/brands/from/file/", given)
    assert answer.status_code == 422 and "Refused:" in words(answer) and not is_reading_asked()


def test_who_reads_only_sees_brands_and_changes_none(signed_in, rita, halden):
    client = signed_in(rita)
    listed, one = client.get(PAGE), client.get(f"{PAGE}halden/")
    assert "Halden & Fils" in words(listed) and "Add a brand" not in words(listed)
    assert "Owners and managers" in words(one) and "<form class=" not in one.content.decode().split("<main")[1]
    for path in (PAGE, f"{PAGE}halden/", f"{PAGE}halden/remove/", "/w/harbour/brands/from/file/"):
        assert client.post(path, GIVEN).status_code == 403
    assert brand_as_said(Brand.objects.get()) == HALDEN


def test_programs_add_change_and_remove(ada):
    program = program_of(ada)
    made = program.call("POST", "brands", {"name": "Halden", "handles": ["@halden"], "sector": "garden"})
    assert made.status_code == 201
    assert made.json() == {
        "key": "halden",
        "name": "Halden",
        "handles": ["halden"],
        "hashtags": [],
        "aliases": [],
        "sector": "garden",
    }
    changed = program.call("PATCH", "brands/halden", {"aliases": ["Halden & Fils"]})
    assert changed.json() == made.json() | {"aliases": ["Halden & Fils"]}
    taken = program.call("POST", "brands", {"name": "Rival", "aliases": ["Rival Home", "halden"]})
    assert taken.status_code == 409 and taken.json()["detail"] == "“halden” is Halden already."
    short = program.call("POST", "brands", {"name": "Rival", "aliases": ["rv"]})
    assert short.status_code == 422 and short.json()["place"] == "aliases.0"
    assert program.call("DELETE", "brands/halden").status_code == 204
    assert program.call("DELETE", "brands/halden").status_code == 404
    assert program.call("GET", "brands").json()["items"] == []


def test_the_terminal_adds_lists_changes_and_removes(terminal: Terminal, ada):
    added = terminal("brands", "add", "Halden", "--handle", "@halden", "--alias", "Halden & Fils")
    assert added.code == 0 and "as “halden”" in added.out and "sillage enrich" in added.err
    assert "Halden & Fils" in terminal("brands", "list").out
    terminal("brands", "change", "halden", "--alias", "", "--hashtag", "teamhalden")
    (listed,) = terminal("brands", "list", "--json").json
    assert (listed["aliases"], listed["handles"], listed["hashtags"]) == ([], ["halden"], ["teamhalden"])
    assert listed["accounts"] is None
    assert "Would remove Halden" in terminal("brands", "remove", "halden", "--dry-run").out
    assert Brand.objects.exists()
    assert "looked for no more" in terminal("brands", "remove", "halden").out
    assert terminal("brands", "remove", "halden").code == 1 and not Brand.objects.exists()


def test_the_terminal_brings_in_a_file_and_names_refused_lines(terminal: Terminal, ada, tmp_path):
    path = tmp_path / "brands.csv"
    path.write_text("name,handles\nLG,lg\nHalden,halden|halden.fr\n", encoding="utf-8")
    said = terminal("brands", "import", path)
    assert said.code == 0 and "New 1, added to 0, as they were 0, refused 1." in said.out
    assert "refused brands.csv:2: “LG” is too short" in said.err
    again = terminal("brands", "import", path, "--json").json
    assert (again["new"], again["same"], again["refused"][0]["place"]) == (0, 1, "brands.csv:2")
