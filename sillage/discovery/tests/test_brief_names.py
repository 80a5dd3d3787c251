"""A brief that names what there is not is refused at its place, with the nearest name that there is."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from sillage.catalogue.actions.cards import CardContent, keep_cards
from sillage.catalogue.models import Brand, Card
from sillage.discovery import actions as discovery
from sillage.discovery.cli.brief_file import read_source
from sillage.discovery.engine.known import Known, NotKnown
from sillage.discovery.models import Brief
from sillage.lib.errors import Malformed
from sillage.lib.nearest import did_you_mean
from sillage.lib.sentences import Sentence

TEXT = "Jardinage au potager"


@pytest.fixture
def halden(workspace):
    return Brand.objects.create(workspace_id=workspace.pk, key="halden", name="Maison Halden")


def refused(given, ada, noon) -> Malformed:
    with pytest.raises(Malformed) as refusal:
        discovery.open_brief(given={"text": TEXT, **given}, actor=ada, now=noon)
    assert not Brief.objects.exists()
    return refusal.value


@pytest.mark.parametrize(
    ("given", "place", "near"),
    [
        ({"brands": ["halden", "haldn"]}, "brands.1", "halden"),
        ({"brands": ["maison halden"]}, "brands.0", "halden"),
        ({"filters": {"brands_any": ["haldne"]}}, "filters.brands_any.0", "halden"),
        ({"filters": {"brands_none": ["halden", "halde"]}}, "filters.brands_none.1", "halden"),
        ({"themes": ["home.gardning"]}, "themes.0", "home.gardening"),
        ({"themes": {"gardening": 0.5}}, "themes.gardening", "home.gardening"),
        ({"unwanted_themes": ["home.gardening", "sport.sruf"]}, "unwanted_themes.1", "sport.surf"),
        ({"filters": {"themes_any": ["home.gardenin"]}}, "filters.themes_any.0", "home.gardening"),
        ({"filters": {"themes_none": ["home.gardening", "beauty.claen"]}}, "filters.themes_none.1", "beauty.clean"),
        ({"filters": {"networks": ["instagram", "tiktak"]}}, "filters.networks.1", "tiktok"),
        ({"filters": {"formats": ["vidéo"]}}, "filters.formats.0", "video"),
        ({"filters": {"languages": ["fr", "eng"]}}, "filters.languages.1", "en"),
        ({"filters": {"langages": ["fr"]}}, "filters.langages", "languages"),
        ({"weights": {"theme": 3}}, "weights.theme", "themes"),
        ({"filtres": {}}, "filtres", "filters"),
    ],
)
def test_a_name_that_there_is_not_is_refused_with_its_place_and_the_nearest(given, place, near, ada, noon, halden):
    refusal = refused(given, ada, noon)
    assert refusal.place == place and f"Did you mean “{near}”?" in refusal.hint


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"filters": {"languages": ["xx"]}}, "filters.languages.0"),
        ({"filters": {"languages": "qqq"}}, "filters.languages.0"),
        ({"filters": {"countries": ["FR", "France"]}}, "filters.countries.1"),
        ({"filters": {"min_followers": "many"}}, "filters.min_followers"),
        ({"language": "es"}, "language"),
        ({"diversity": 3}, "diversity"),
        ({"themes": {"home.gardening": 7}}, "themes.home.gardening"),
        ({"weights": {"words": -1}}, "weights.words"),
        ({"budget": "much"}, "budget"),
        ({"starts_on": "2026-05-01", "ends_on": "2026-04-01"}, "ends_on"),
        ({"terms": "one"}, "terms"),
        ({"text": " "}, "text"),
    ],
)
def test_any_other_value_that_cannot_be_is_refused_at_its_place(given, place, ada, noon):
    assert refused(given, ada, noon).place == place


def test_a_workspace_without_brands_says_so(ada, noon):
    assert "sillage brands add" in refused({"brands": ["halden"]}, ada, noon).hint


def test_a_brand_of_another_workspace_is_not_known(halden, dario, noon):
    with pytest.raises(NotKnown) as refusal:
        discovery.open_brief(given={"text": TEXT, "brands": ["halden"]}, actor=dario, now=noon)
    assert "halden" not in refusal.value.hint


def test_names_that_there_are_are_kept(ada, noon, halden):
    given = {
        "text": TEXT,
        "brands": ["halden"],
        "filters": {"brands_none": ["halden"], "languages": ["FR", "nl"], "networks": ["tiktok"]},
    }
    kept = discovery.open_brief(given=given, actor=ada, now=noon)
    assert kept.brands == ["halden"] and kept.filters["languages"] == ["fr", "nl"]


def test_a_language_that_an_account_of_the_workspace_has_is_known_by_its_three_letters(catalogue, ada, noon):
    assert refused({"filters": {"languages": ["fil"]}}, ada, noon).place == "filters.languages.0"
    mona = Card.objects.select_related("account").get(workspace_id=ada.workspace_id, account__handle="mona")
    said = {f.name: getattr(mona, f.name, "") for f in fields(CardContent)}
    keep_cards(
        [CardContent(**{**said, "languages": ["fil"], "words": "", "vector": np.array(mona.vector, np.float32)})], noon
    )
    given = {"text": TEXT, "filters": {"languages": ["fil"]}}
    assert discovery.open_brief(given=given, actor=ada, now=noon).filters["languages"] == ["fil"]


def test_what_a_kept_brief_names_and_is_gone_refuses_no_change_of_something_else(ada, noon, halden):
    given = {"text": TEXT, "brands": ["halden"], "filters": {"brands_any": ["halden"]}}
    kept = discovery.open_brief(given=given, actor=ada, now=noon)
    halden.delete()
    changed = discovery.change_brief(brief_id=kept.pk, given={"title": "Potager"}, actor=ada, now=noon)
    assert (changed.title, changed.brands) == ("Potager", ["halden"])
    with pytest.raises(NotKnown):
        discovery.change_brief(brief_id=kept.pk, given={"brands": ["port"]}, actor=ada, now=noon)


def test_the_api_says_the_place(signed_in, ada, halden):
    body = {"text": TEXT, "filters": {"languages": ["xx"]}}
    for path in ("briefs", "briefs/read"):
        answer = signed_in(ada).post(f"/api/v1/harbour/{path}", body, content_type="application/json")
        said = answer.json()
        assert (answer.status_code, said["type"], said["place"]) == (422, "urn:sillage:NotKnown", "filters.languages.0")


FILE = """\
# What we look for
text = "Jardinage"
brands = [
    "halden",
    "haldn",
]

[filters]
networks = ["instagram"]
countries = [ "FR",
              "France" ]
"""


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        (FILE, 5, 5),
        (FILE.replace("haldn", "halden"), 11, 15),
        ('text = "Jardinage"\nthemes = ["home.gardening", "x"]', 2, 29),
        ('text = "Jardinage"\n[themes]\n"home.gardening" = 7', 3, 1),
        ('text = "Jardinage"\nfilters = { networks = ["tiktak"] }', 2, 25),
        ('\ufefftext = "Jardinage"\ndiversity = 3', 2, 1),
        ("[weights]\nwords = 1", None, None),
    ],
)
def test_a_refusal_of_a_brief_s_file_names_line_and_column(text, line, column, ada, noon, halden, tmp_path: Path):
    path = tmp_path / "spring.toml"
    path.write_text(text, encoding="utf-8")
    said = read_source(str(path))
    with pytest.raises(Malformed) as refusal, said.placing():
        discovery.open_brief(given=said.given, actor=ada, now=noon)
    assert refusal.value.place == (f"{path}:{line}:{column}" if line else str(path))


def test_words_on_the_command_line_have_no_place(ada, noon):
    said = read_source("   ")
    with pytest.raises(Malformed) as refusal, said.placing():
        discovery.open_brief(given=said.given, actor=ada, now=noon)
    assert refusal.value.place == "text"


def test_the_page_says_what_it_leaves_out(signed_in, ada, settings, halden):
    client = signed_in(ada)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    sent = {"text": TEXT, "read_text": TEXT}
    for more, said in (
        ({"brands": ["gone"]}, "has the key “gone”: it is left out"),
        ({"themes": ["home.gone"]}, "There is no theme “home.gone”: it is left out"),
        ({"add_brand": "Maison Haldn"}, "Did you mean “Maison Halden”?"),
        ({"add_language": "xx"}, "“xx” is no language that Sillage knows"),
    ):
        answer = client.post("/w/harbour/briefs/new/", {**sent, **more})
        assert said in answer.content.decode() and not Brief.objects.exists()


def test_the_nearest_name_is_looked_for_in_small_letters_and_in_parts() -> None:
    other = Sentence("Look at the list.")
    assert (
        did_you_mean("Beauté.Clean", ["beauty.clean", "home"], other)
        == "Did you mean “beauty.clean”? Look at the list."
    )
    assert did_you_mean("clean", ["beauty.clean", "home"], other).startswith("Did you mean “beauty.clean”?")
    assert did_you_mean("", ["a"], other) is other and did_you_mean("zzz", ["a.b"], other) is other
    assert Known(frozenset()).brands == {}
