"""Taxonomies come in from their makers' files, are linked as published or as proposed, and bad files name the place."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from django.urls import reverse

from sillage.governance import queries as governance
from sillage.governance.engine.actors import NotAllowed
from sillage.lib.errors import NotFound
from sillage.understanding.actions.taxonomy import (
    TaxonomyNameMalformed,
    import_taxonomy,
    link_taxonomy,
    propose_links,
)
from sillage.understanding.cli.taxonomy import taxonomy as command
from sillage.understanding.engine.taxonomy import TaxonomyMalformed, crosswalk_of, taxonomy_of
from sillage.understanding.engine.taxonomy_mapping import proposals
from sillage.understanding.engine.themes import theme_set
from sillage.understanding.models import TaxonomyLink, TaxonomyNode
from sillage.understanding.queries.taxonomy import categories_of, links_of, list_imported, places_of_themes

OLD = "IAB Code\tTier\tIAB Category\r\nX1\tTier 1\tFood & Drink\r\nX1-1\tTier 2\tVegan\r\nX2\tTier 1\tPets\r\n"
NEW = (
    "Relational ID System\t\t\tTiers\t\t\t\t\r\nUnique ID\tParent\tName\tTier 1\tTier 2\tTier 3\tTier 4\t\r\n"
    "212\t210\tVegan Diets\tFood and Drink\tVegan Diets\t\t\t\r\n210\t\tFood and Drink\tFood and Drink\t\t\t\t\r\n"
    "422\t\tPets\tPets\t\t\t\t\r\n"
)
WALK = (
    "Old Unique ID\tOld Category\tNew Unique ID\tNew Parent\tNew Category\tNew Tier 1\r\n"
    "X1\tFood & Drink\t210\t\tFood and Drink\tFood and Drink\r\nX2\tPets\t\t\t\t\r\n"
)


def test_both_layouts_of_the_iab_are_read_with_paths():
    assert [(c.code, c.parent, c.path) for c in taxonomy_of("o.tsv", OLD)] == [
        ("X1", "", ("Food & Drink",)),
        ("X1-1", "X1", ("Food & Drink", "Vegan")),
        ("X2", "", ("Pets",)),
    ]
    assert taxonomy_of("n.tsv", NEW)[0].path == ("Food and Drink", "Vegan Diets")
    assert crosswalk_of("w.tsv", WALK) == [("X1", "210")]


@pytest.mark.parametrize(
    ("content", "place", "said"),
    [
        ("", "f.tsv:1:1", "no line that names"),
        ("a,b,c\n1,2,3\n", "f.tsv:1:1", "no line that names"),
        ("Unique ID\tParent\tName\n", "f.tsv:1:1", "no category"),
        ("Unique ID\tParent\tName\n1\t\tA\n1\t\tB\n", "f.tsv:3:1", "line 2 already"),
        ("Unique ID\tParent\tName\n1\t9\tA\n", "f.tsv:2:2", "no “9”"),
        ("Unique ID\tParent\tName\n1\t2\tA\n2\t1\tB\n", "f.tsv:2:2", "circle"),
        ("Unique ID\tParent\tName\n\t\tA\n", "f.tsv:2:1", "empty"),
        ("Unique ID\tParent\tName\n1\t\t\n", "f.tsv:2:3", "empty"),
        ("Unique ID\tParent\tName\n1\t\t" + "n" * 300 + "\n", "f.tsv:2:3", "longer than"),
    ],
)
def test_a_file_that_cannot_be_read_names_the_place(content, place, said):
    with pytest.raises(TaxonomyMalformed) as refused:
        taxonomy_of("f.tsv", content)
    assert refused.value.place == place and said in refused.value.message and refused.value.hint


def test_proposals_go_by_name_and_place_and_say_how_sure():
    found = {p.code: p for p in proposals(taxonomy_of("o.tsv", OLD), taxonomy_of("n.tsv", NEW))}
    assert (found["X1"].to_code, found["X1-1"].to_code, found["X2"].to_code) == ("210", "212", "422")
    assert 0 < found["X1-1"].confidence < found["X2"].confidence < 1
    assert proposals([], taxonomy_of("n.tsv", NEW)) == []


@pytest.fixture
def imported(ada, noon):
    for content, version in ((OLD, "1.0"), (NEW, "2.0")):
        import_taxonomy(file="f.tsv", content=content, taxonomy="tiny", version=version, actor=ada, now=noon)


def test_a_version_comes_in_once_and_again(imported, ada, noon):
    import_taxonomy(file="f.tsv", content=NEW, taxonomy="tiny", version="2.0", actor=ada, now=noon)
    assert [(i.version, i.categories) for i in list_imported(ada.workspace_id)] == [("1.0", 3), ("2.0", 3)]
    assert len(governance.list_entries(ada.workspace_id, verb="understanding.taxonomy_imported").items) == 3


def test_published_links_win_over_proposed_ones(imported, ada, noon):
    way = {"taxonomy": "tiny", "from_version": "1.0", "to_version": "2.0", "actor": ada, "now": noon}
    assert propose_links(**way) == 3
    assert link_taxonomy(file="w.tsv", content=WALK, **way) == 1
    assert propose_links(**way) == 2
    links = links_of(ada.workspace_id, "tiny", "1.0", "2.0")
    assert (links[0].from_code, links[0].is_published) == ("X1", True)
    assert len(links) == 3 and all(one.confidence < 1 for one in links[1:])


def test_links_to_codes_that_are_not_there_are_refused(imported, ada, noon):
    way = {"taxonomy": "tiny", "from_version": "1.0", "to_version": "2.0", "actor": ada, "now": noon}
    with pytest.raises(TaxonomyMalformed, match="999"):
        link_taxonomy(file="w.tsv", content=WALK.replace("210", "999"), **way)
    with pytest.raises(TaxonomyMalformed, match="columns that end"):
        link_taxonomy(file="w.tsv", content="Unique ID\tName\nX1\tA\n", **way)
    with pytest.raises(NotFound):
        propose_links(**{**way, "to_version": "7.0"})
    with pytest.raises(TaxonomyNameMalformed):
        propose_links(**{**way, "taxonomy": "No Slug"})
    assert not TaxonomyLink.objects.exists()


def test_who_may_not_import_does_not_and_others_see_nothing(imported, bruno, ada, dario, noon):
    with pytest.raises(NotAllowed):
        import_taxonomy(file="f.tsv", content=NEW, taxonomy="tiny", version="2.0", actor=bruno, now=noon)
    assert list_imported(dario.workspace_id) == []
    with pytest.raises(NotFound):
        categories_of(dario.workspace_id, "tiny", "2.0")


def test_the_page_shows_where_themes_stand(signed_in, rita, ada, noon):
    TaxonomyNode.objects.create(
        workspace_id=ada.workspace_id,
        taxonomy="iab-content",
        version="3.1",
        code=theme_set()["animals"].iab,
        name="Pets",
        path=["Pets"],
    )
    place = next(p for p in places_of_themes(ada.workspace_id) if p.theme == "animals")
    assert place.path == ("Pets",)
    html = signed_in(rita).get(reverse("understanding:taxonomies", args=["harbour"])).content.decode()
    assert "iab-content" in html and ">Pets<" in html


def test_the_command_imports_links_lists_and_shows(ada, tmp_path):
    (tmp_path / "old.tsv").write_text(OLD)
    (tmp_path / "new.tsv").write_text(NEW)
    run = CliRunner().invoke
    for name, version in (("old", "1.0"), ("new", "2.0")):
        done = run(command, ["import", str(tmp_path / f"{name}.tsv"), "--taxonomy", "tiny", "--version", version])
        assert done.exit_code == 0, done.output
    assert "3 links proposed" in run(command, ["link", "--taxonomy", "tiny", "--from", "1.0", "--to", "2.0"]).output
    assert '"proposed": 3' in run(command, ["list", "--json"]).output
    shown = run(command, ["show", "--taxonomy", "tiny", "--version", "2.0", "--words", "vegan"]).output
    assert "212" in shown and "422" not in shown
