"""A workspace's brands: what may be one, which words are whose, and a file of them."""

from __future__ import annotations

import pytest

from sillage.catalogue.actions import brands as actions
from sillage.catalogue.actions.brands import (
    BrandChanged,
    BrandTaken,
    TooManyBrands,
    add_brand,
    change_brand,
    import_brands,
    remove_brand,
)
from sillage.catalogue.engine.brand_file import BrandFileMalformed, read_brands
from sillage.catalogue.engine.brands import BrandMalformed, BrandSaid, BrandSortsPeople, key_from, plain_brand
from sillage.catalogue.models import Brand
from sillage.catalogue.queries import brand_as_said, get_brand
from sillage.governance.engine.actors import NotAllowed
from sillage.governance.models import Entry
from sillage.lib.errors import NotFound

HALDEN = BrandSaid("Halden", ("Halden & Fils",), ("halden.fr",), ("teamhalden",), "garden")


def test_marks_spaces_and_repetitions_go():
    said = BrandSaid(
        " Maison  Halden ", ("", "maison halden", " MH  Jardin"), ("@halden.fr", "Halden.FR", " "), ("#Halden",), " x "
    )
    assert plain_brand(said) == BrandSaid("Maison Halden", ("MH Jardin",), ("halden.fr",), ("Halden",), "x")


@pytest.mark.parametrize(
    ("said", "place", "words"),
    [
        (BrandSaid("  "), "name", "needs a name"),
        (BrandSaid("x" * 101), "name", "longer than 100"),
        (BrandSaid("LG"), "name", "too short"),
        (BrandSaid("…"), "name", "could not be found"),
        (BrandSaid("@halden"), "name", "could not be found"),
        (BrandSaid("Halden", aliases=("Halden Jardin", "hd")), "aliases.1", "too short"),
        (BrandSaid("Halden", handles=("https://example.org/halden",)), "handles.0", "no handle"),
        (BrandSaid("Halden", handles=("hal-den",)), "handles.0", "no handle"),
        (BrandSaid("Halden", hashtags=("two words",)), "hashtags.0", "no hashtag"),
        (BrandSaid("Halden", aliases=tuple(f"Halden {n}" for n in range(31))), "aliases", "a brand may have 30"),
        (BrandSaid("Halden", sector="x" * 101), "sector", "longer than 100"),
    ],
)
def test_what_could_not_be_kept_or_found_is_refused_at_its_place(said, place, words):
    with pytest.raises(BrandMalformed, match=words) as refusal:
        plain_brand(said)
    assert refusal.value.place == place and refusal.value.hint


@pytest.mark.parametrize("name", ["Créateurs musulmans", "Gay creators"])
def test_words_that_sort_people_are_no_brand(name):
    with pytest.raises(BrandSortsPeople):
        plain_brand(BrandSaid(name))
    with pytest.raises(BrandSortsPeople):
        plain_brand(BrandSaid("Halden", aliases=(name,)))


@pytest.mark.parametrize("name", ["H&M", "1664", "L’Oréal Paris", "华为"])
def test_names_of_two_words_of_figures_and_of_other_scripts_may_be_short(name):
    assert plain_brand(BrandSaid(name)).name == name


def test_a_key_is_made_of_the_name_whatever_it_is_written_in():
    assert key_from("Marée Basse & Cie") == "maree-basse-cie"
    assert key_from("华为") == key_from("华为") != key_from("三星") and key_from("华为").startswith("brand-")


def test_a_brand_is_kept_and_entered(ada, noon):
    brand = add_brand(said=HALDEN, actor=ada, now=noon)
    assert (brand.key, brand_as_said(get_brand(ada.workspace_id, "halden"))) == ("halden", HALDEN)
    entry = Entry.objects.get(verb="catalogue.brand_added")
    assert (entry.subject_kind, entry.subject_id, entry.facts) == ("brand", "halden", {"name": "Halden"})


def test_a_change_leaves_the_rest_and_the_key(ada, noon):
    add_brand(said=HALDEN, actor=ada, now=noon)
    brand = change_brand(key="halden", name="Halden Nature", hashtags=[], actor=ada, now=noon)
    assert brand_as_said(brand) == BrandSaid("Halden Nature", HALDEN.aliases, HALDEN.handles, (), "garden")
    assert brand.key == "halden"
    assert Entry.objects.get(verb="catalogue.brand_changed").facts == {
        "name": "Halden Nature",
        "fields": ["name", "hashtags"],
    }


def test_who_saw_an_older_state_does_not_overwrite_a_newer_one(ada, bruno, noon):
    seen = brand_as_said(add_brand(said=HALDEN, actor=ada, now=noon)).stamp
    change_brand(key="halden", sector="home", seen=seen, actor=ada, now=noon)
    with pytest.raises(BrandChanged, match="Halden"):
        change_brand(key="halden", sector="food", seen=seen, actor=ada, now=noon)
    assert Brand.objects.get().sector == "home"


@pytest.mark.parametrize(
    "other",
    [
        BrandSaid("HALDEN"),
        BrandSaid("Other", aliases=("halden & fils",)),
        BrandSaid("Other", handles=("HALDEN.fr",)),
        BrandSaid("Other", hashtags=("#TeamHalden",)),
    ],
)
def test_a_mention_means_one_brand(ada, noon, other):
    add_brand(said=HALDEN, actor=ada, now=noon)
    with pytest.raises(BrandTaken, match="is Halden already"):
        add_brand(said=other, actor=ada, now=noon)
    add_brand(said=BrandSaid("Rival"), actor=ada, now=noon)
    fields = {name: getattr(other, name) for name in ("name", "aliases", "handles", "hashtags")}
    with pytest.raises(BrandTaken, match="is Halden already"):
        change_brand(key="rival", **fields, actor=ada, now=noon)
    assert list(Brand.objects.order_by("key").values_list("key", flat=True)) == ["halden", "rival"]


def test_a_renamed_brand_keeps_its_key_from_a_new_one(ada, noon):
    add_brand(said=BrandSaid("Halden"), actor=ada, now=noon)
    change_brand(key="halden", name="Verdoux", actor=ada, now=noon)
    with pytest.raises(BrandTaken, match="Verdoux has the key “halden”"):
        add_brand(said=BrandSaid("Halden"), actor=ada, now=noon)
    assert add_brand(said=BrandSaid("Halden"), key="halden-2", actor=ada, now=noon).key == "halden-2"
    with pytest.raises(BrandMalformed, match="cannot be a key"):
        add_brand(said=BrandSaid("Third"), key="Two words", actor=ada, now=noon)


def test_another_workspace_has_its_own(ada, dario, noon):
    add_brand(said=HALDEN, actor=ada, now=noon)
    with pytest.raises(NotFound):
        change_brand(key="halden", name="Mine", actor=dario, now=noon)
    with pytest.raises(NotFound):
        remove_brand(key="halden", actor=dario, now=noon)
    assert add_brand(said=HALDEN, actor=dario, now=noon).key == "halden"


def test_who_may_not_change_the_catalogue_may_not_change_brands(rita, noon):
    with pytest.raises(NotAllowed):
        add_brand(said=HALDEN, actor=rita, now=noon)


def test_there_are_no_more_than_may_be(ada, noon, monkeypatch):
    monkeypatch.setattr(actions, "MOST_BRANDS", 1)
    add_brand(said=HALDEN, actor=ada, now=noon)
    with pytest.raises(TooManyBrands, match="has 1 brands already"):
        add_brand(said=BrandSaid("Rival"), actor=ada, now=noon)


def test_a_brand_that_was_removed_and_added_again_is_the_same_one(ada, noon):
    add_brand(said=HALDEN, actor=ada, now=noon)
    remove_brand(key="halden", actor=ada, now=noon)
    assert not Brand.objects.exists()
    assert Entry.objects.get(verb="catalogue.brand_removed").facts == {"name": "Halden"}
    assert add_brand(said=HALDEN, actor=ada, now=noon).key == "halden"


FILE = """name;aliases;handles;hashtags
Halden;"Halden & Fils;HF Jardin";@halden.fr | @halden;#teamhalden
LG;;;
Rival;halden & fils;;

Verdoux
"""


def test_a_file_comes_in_but_for_the_lines_that_are_refused(ada, noon):
    lines = read_brands("brands.csv", FILE.encode())
    done = import_brands(file="brands.csv", lines=lines, actor=ada, now=noon)
    assert (done.new, done.changed, done.same) == (2, 0, 0)
    assert [(line.place, type(line.refusal)) for line in done.refused] == [
        ("brands.csv:3", BrandMalformed),
        ("brands.csv:4", BrandTaken),
    ]
    assert brand_as_said(get_brand(ada.workspace_id, "halden")) == BrandSaid(
        "Halden", ("Halden & Fils", "HF Jardin"), ("halden.fr", "halden"), ("teamhalden",)
    )
    entry = Entry.objects.get(verb="catalogue.brands_imported")
    assert entry.facts == {"file": "brands.csv", "rows": 4, "new": 2, "changed": 0, "same": 0, "refused": 2}


def test_a_file_adds_to_brands_that_are_there_and_takes_nothing_from_them(ada, noon):
    add_brand(said=HALDEN, actor=ada, now=noon)
    lines = read_brands("brands.csv", b"name,handles,sector\nhalden,halden.de,home\n")
    done = import_brands(file="brands.csv", lines=lines, actor=ada, now=noon)
    assert (done.new, done.changed, done.refused) == (0, 1, ())
    assert brand_as_said(Brand.objects.get()) == BrandSaid(
        "Halden", HALDEN.aliases, ("halden.fr", "halden.de"), HALDEN.hashtags, "garden"
    )
    again = import_brands(file="brands.csv", lines=lines, actor=ada, now=noon)
    assert (again.new, again.changed, again.same) == (0, 0, 1)


def test_a_file_of_excel_in_french_is_read():
    (line,) = read_brands("marques.csv", "name;aliases\nMarée Basse;Marée\n".encode("cp1252"))
    assert line.said == BrandSaid("Marée Basse", ("Marée",))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no column"),
        (b"brand\nHalden\n", "column “brand”"),
        (b"name\n\n", "holds no brand"),
        (b"name\n\x81\xff\n", "neither UTF-8"),
        (b"name\n" + b"x" * 200_000, "no CSV"),
    ],
)
def test_a_file_that_is_no_table_of_brands_is_refused(content, words):
    with pytest.raises(BrandFileMalformed, match=words):
        read_brands("brands.csv", content)
