"""The pages of writing briefs and the gallery of variants, as people use them without a script."""

from __future__ import annotations

import re
from datetime import datetime
from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from sillage.campaigns.actions.campaigns import open_campaign
from sillage.governance.engine.actors import Actor
from sillage.studio.models import StoredBrief, Text, VariantMark, VariantRun
from sillage.studio.queries.briefs import content_of
from sillage.studio.queries.runs import gallery_of
from sillage.studio.tests.briefing import made, written

pytestmark = pytest.mark.usefixtures("english")

TYPED = {
    "idea": "Une peau calme vaut mieux qu’une peau parfaite",
    "fact": ["La formule compte onze ingrédients.", "Aucun parfum n’est ajouté.", ""],
    "source": ["", "liste INCI", ""],
    "kind": "ad",
    "language": "fr",
    "register": "vous",
    "tone": "",
    "brand": "Aube",
    "product": "le sérum Aube",
    "link": "aube.example/serum",
    "label": "Publicité",
    "never": "miracle\nanti-âge",
    "must": "",
    "hashtags": "#soin, #peau",
    "shortest": "80",
    "longest": "450",
    "consideration": "own_brand",
    "law_packs": ["fr"],
}


def at(name: str, *args: Any, slug: str = "harbour") -> str:
    return reverse(f"studio:{name}", args=[slug, *args])


def read(answer: Any) -> str:
    return unescape(answer.content.decode())


def test_a_new_workspace_is_told_what_a_brief_is(ada: Actor, rita: Actor, signed_in: Any) -> None:
    page = read(signed_in(ada).get(at("briefs")))
    assert "No writing brief yet" in page and at("new_brief") in page
    page = read(signed_in(rita).get(at("briefs")))
    assert "No writing brief yet" in page and at("new_brief") not in page


def test_a_brief_is_written_on_its_form_and_shown(ada: Actor, signed_in: Any) -> None:
    client = signed_in(ada)
    assert client.get(at("new_brief")).status_code == 200
    answer = client.post(at("new_brief"), TYPED)
    stored = StoredBrief.objects.get()
    assert answer.status_code == 302 and answer["Location"] == at("brief", stored.pk)
    brief = content_of(stored)
    assert [(f.text, f.source) for f in brief.facts] == [(TYPED["fact"][0], ""), (TYPED["fact"][1], "liste INCI")]
    assert brief.never == ("miracle", "anti-âge") and brief.hashtags == ("#soin", "#peau") and brief.tone is None
    page = read(client.get(at("brief", stored.pk)))
    for words in (TYPED["idea"], "liste INCI", "miracle", "Make variants"):
        assert words in page
    assert TYPED["idea"] in read(client.get(at("briefs")))


def test_a_form_that_lacks_something_says_so_and_keeps_what_was_typed(ada: Actor, signed_in: Any) -> None:
    client = signed_in(ada)
    for changed, said in (
        ({"idea": " "}, "The brief has no idea."),
        ({"fact": ["", "", ""]}, "The brief has no fact."),
        ({"longest": "lots"}, "“longest” is not a number of characters."),
        ({"audience": "femmes enceintes"}, "enceintes"),
    ):
        answer = client.post(at("new_brief"), {**TYPED, **changed})
        page = read(answer)
        assert answer.status_code in (409, 422), changed
        assert said in page and "le sérum Aube" in page and "miracle\nanti-âge" in page
    assert not StoredBrief.objects.exists()


def test_more_rows_for_facts_come_without_a_script(ada: Actor, signed_in: Any) -> None:
    page = read(signed_in(ada).post(at("new_brief"), {**TYPED, "idea": "", "more_rows": "1"}))
    assert page.count('name="fact"') == 5 and "Aucun parfum" in page and not StoredBrief.objects.exists()


def test_a_campaign_and_another_brief_fill_the_form(ada: Actor, noon: datetime, signed_in: Any) -> None:
    given = {"name": "Spring", "objective": "o", "brand": "Aube", "countries": ["FR"], "codes": ["AUBE10"]}
    campaign = open_campaign(given=given, actor=ada, now=noon)
    client = signed_in(ada)
    page = read(client.get(at("new_brief"), {"campaign": campaign.pk}))
    assert 'value="AUBE10"' in page and 'value="Publicité"' in page
    assert re.search(rf'<option value="{campaign.pk}" selected>', page)
    stored = written(ada, noon, idea="Rien que celle-ci")
    page = read(client.get(at("new_brief"), {"from": stored.pk}))
    assert "le sérum Aube" in page and "Rien que celle-ci" not in page


def test_a_brief_is_changed_and_who_comes_second_is_told(ada: Actor, noon: datetime, signed_in: Any) -> None:
    stored = written(ada, noon)
    client = signed_in(ada)
    page = read(client.get(at("edit_brief", stored.pk)))
    assert "liste INCI" in page and 'name="version" value="1"' in page
    answer = client.post(at("edit_brief", stored.pk), {**TYPED, "idea": "Autre chose", "version": "1"})
    assert answer.status_code == 302
    late = client.post(at("edit_brief", stored.pk), {**TYPED, "idea": "Trop tard", "version": "1"})
    assert late.status_code == 409 and "Somebody changed this brief meanwhile." in read(late)
    assert content_of(StoredBrief.objects.get()).idea == "Autre chose"


def test_a_brief_is_copied_put_away_brought_back_and_taken_as_a_file(
    ada: Actor, noon: datetime, signed_in: Any
) -> None:
    stored = written(ada, noon)
    client = signed_in(ada)
    client.post(at("duplicate_brief", stored.pk), {"title": "Automne"})
    assert StoredBrief.objects.filter(title="Automne").count() == 1
    client.post(at("archive_brief", stored.pk))
    assert stored.title in read(client.get(at("briefs"), {"state": "archived"}))
    assert "Make variants" not in read(client.get(at("brief", stored.pk)))
    client.post(at("restore_brief", stored.pk))
    file = client.get(at("brief_file", stored.pk))
    assert file["Content-Type"].startswith("application/toml") and "[[facts]]" in file.content.decode()


def test_variants_are_made_and_shown_twelve_first_then_all_in_pages(ada: Actor, noon: datetime, signed_in: Any) -> None:
    stored = written(ada, noon)
    client = signed_in(ada)
    answer = client.post(at("make_variants", stored.pk), {"n": "100", "seed": "7"})
    run = VariantRun.objects.get()
    assert answer["Location"] == at("run", run.pk)
    page = read(client.get(at("run", run.pk)))
    assert "12 to begin with" in page and "Assembled from templates" in page and page.count('<li class="variant ') == 36
    texts = gallery_of(run).run.texts(run.shown)
    assert all(text in page for text in texts)
    seen = re.findall(r'id="v(\d+)"', page)[12:]
    for n in range(2, 6):
        more = read(client.get(at("run", run.pk), {"page": n}))
        assert "to begin with" not in more
        seen += re.findall(r'id="v(\d+)"', more)
    assert sorted(map(int, seen)) == list(range(100))


def test_a_brief_that_leaves_nothing_says_why_on_its_page(ada: Actor, noon: datetime, signed_in: Any) -> None:
    stored = written(ada, noon, must=["Zanzibar"])
    answer = signed_in(ada).post(at("make_variants", stored.pk), {"n": "100"})
    assert answer.status_code == 422 and "“Zanzibar” is not said" in read(answer)


def test_the_gallery_is_narrowed(ada: Actor, noon: datetime, signed_in: Any) -> None:
    run = made(ada, noon, wanted=200)
    client = signed_in(ada)
    families = gallery_of(run).run.families()
    page = read(client.get(at("run", run.pk), {"family": "story"}))
    shown = [int(row) for row in re.findall(r'id="v(\d+)"', page)]
    assert shown and all(families[row] == "story" for row in shown) and "to begin with" not in page
    page = read(
        client.get(
            at("run", run.pk), {"words": "flacon", "shortest": "10", "longest": "450", "fact": "3", "tone": "warm"}
        )
    )
    assert all("flacon" in text for text in re.findall(r'variant__text">([^<]+)', page))
    assert "No variant fits all of this" in read(client.get(at("run", run.pk), {"words": "xylophone"}))
    assert "No favourite yet" in read(client.get(at("run", run.pk), {"favourites": "1"}))


def test_a_variant_is_marked_dismissed_and_found_again(ada: Actor, noon: datetime, signed_in: Any) -> None:
    run = made(ada, noon, wanted=60)
    client = signed_in(ada)
    answer = client.post(at("mark_variant", run.pk), {"row": "7", "word": "favourite", "back": "family=story"})
    assert answer["Location"] == f"{at('run', run.pk)}?family=story#v7"
    card = client.post(at("mark_variant", run.pk), {"row": "8", "word": "favourite"}, headers={"HX-Request": "true"})
    assert read(card).strip().startswith("<li") and 'id="v8"' in read(card) and 'aria-pressed="true"' in read(card)
    anew = client.post(at("mark_variant", run.pk), {"row": "8", "word": "more"}, headers={"HX-Request": "true"})
    assert anew["HX-Refresh"] == "true"
    assert "Ranked anew" in read(client.get(at("run", run.pk)))
    page = read(client.get(at("run", run.pk), {"favourites": "1"}))
    assert sorted(re.findall(r'id="v(\d+)"', page)) == ["7", "8"]
    client.post(at("mark_variant", run.pk), {"row": "8", "unsay": "favourite"})
    client.post(at("mark_variant", run.pk), {"row": "9", "word": "no", "reason": ""})
    assert not VariantMark.objects.filter(word="no").exists()
    client.post(at("mark_variant", run.pk), {"row": "9", "word": "no", "reason": "trop plat"})
    assert "trop plat" in read(client.get(at("run", run.pk), {"dismissed": "1"}))
    assert client.post(at("mark_variant", run.pk), {"row": "60", "word": "more"}).status_code == 404


def test_two_to_four_variants_stand_side_by_side(ada: Actor, noon: datetime, signed_in: Any) -> None:
    run = made(ada, noon, wanted=60)
    client = signed_in(ada)
    page = read(client.get(at("compare_variants", run.pk), {"row": ["1", "2", "3"]}))
    assert page.count('<li class="variant ') == 3 and "<mark>" in page and "Part by part" in page
    for rows in (["1"], ["1", "2", "3", "4", "5"], ["x", "1"]):
        assert client.get(at("compare_variants", run.pk), {"row": rows}).status_code == 302


def test_one_writes_on_with_a_variant(ada: Actor, noon: datetime, signed_in: Any) -> None:
    run = made(ada, noon, wanted=60)
    answer = signed_in(ada).post(at("write_variant", run.pk), {"row": "3"})
    text = Text.objects.get()
    assert answer["Location"] == at("text", text.pk) and text.body == gallery_of(run).run.texts([3])[0]


def test_a_reader_looks_and_does_nothing_and_a_stranger_finds_nothing(
    ada: Actor, rita: Actor, dario: Actor, noon: datetime, signed_in: Any
) -> None:
    run = made(ada, noon, wanted=60)
    client = signed_in(rita)
    page = read(client.get(at("run", run.pk)))
    assert "Write on with this" not in page and client.get(at("brief", run.brief_id)).status_code == 200
    for name in ("mark_variant", "write_variant"):
        assert client.post(at(name, run.pk), {"row": "1", "word": "more"}).status_code == 403
    for name in ("make_variants", "duplicate_brief", "archive_brief", "restore_brief", "edit_brief"):
        assert client.post(at(name, run.brief_id)).status_code == 403
    client = signed_in(dario)
    for slug in ("harbour", "elsewhere"):
        for name, pk in (
            ("brief", run.brief_id),
            ("edit_brief", run.brief_id),
            ("run", run.pk),
            ("brief_file", run.brief_id),
        ):
            assert client.get(at(name, pk, slug=slug)).status_code == 404
        assert client.post(at("mark_variant", run.pk, slug=slug), {"row": "1", "word": "more"}).status_code == 404
        assert client.post(at("make_variants", run.brief_id, slug=slug), {"n": "10"}).status_code == 404


def test_the_gallery_asks_the_database_a_fixed_number_of_times(
    ada: Actor, noon: datetime, signed_in: Any, django_assert_max_num_queries: Any
) -> None:
    run = made(ada, noon, wanted=1_000)
    client = signed_in(ada)
    with django_assert_max_num_queries(14):
        client.get(at("run", run.pk))
