"""The brief editor reads while one writes, keeps what a person corrects, and says what it cannot take."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sillage.discovery import actions as discovery
from sillage.discovery.models import Brief
from sillage.governance.models import Entry

TEXT = "Jardinage au potager, en France, de 5k à 200k abonnés, pas de surf"
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def visitor(signed_in, ada, settings):
    client = signed_in(ada)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def url(name, *args):
    return reverse(f"discovery:{name}", args=["harbour", *args])


def shown(html, name):
    """The values of the ticked chips of a kind."""
    return re.findall(rf'name="{name}" value="([^"]+)" checked', html)


def form_of(html):
    """What a browser would send of the chips of a page."""
    fields = {name: shown(html, name) for name in ("themes", "unwanted_themes", "terms", "unwanted_terms", "countries")}
    fields |= dict(re.findall(r'name="(weight\.[\w.]+)"[^>]* value="([\d.]+)"', html))
    for name in ("min_followers", "max_followers", "read_text"):
        found = re.search(rf'name="{name}" value="([^"]*)"', html)
        fields[name] = found[1] if found else ""
    return fields


def read(client, **fields):
    return client.post(url("reading"), fields, **HTMX).content.decode()


def test_without_a_brief_the_list_offers_some_to_try(visitor):
    html = visitor.get(url("briefs")).content.decode()

    assert "No brief yet" in html
    assert "/briefs/new/?text=Clean%20beauty" in html


def test_the_list_needs_as_many_queries_for_ten_briefs_as_for_one(visitor, ada, noon, django_assert_max_num_queries):
    discovery.open_brief(given={"text": TEXT}, actor=ada, now=noon)
    visitor.get(url("briefs"))
    with CaptureQueriesContext(connection) as one:
        visitor.get(url("briefs"))
    for i in range(9):
        discovery.open_brief(given={"text": f"{TEXT} {i}"}, actor=ada, now=noon)

    with django_assert_max_num_queries(len(one)):
        html = visitor.get(url("briefs")).content.decode()
    assert html.count("briefs__line") == 10


def test_reading_shows_what_was_understood_and_keeps_nothing(visitor):
    entries = Entry.objects.count()
    html = read(visitor, text=TEXT)

    assert shown(html, "themes") == ["home.gardening"]
    assert shown(html, "unwanted_themes") == ["sport.surf"]
    assert shown(html, "countries") == ["FR"]
    assert 'value="5000"' in html and 'value="200000"' in html
    assert '<mark class="read read--theme" title="Theme: ' in html
    assert '<mark class="read read--country" title="Country: France">France</mark>' in html
    assert Brief.objects.count() == 0 and Entry.objects.count() == entries


def test_a_chip_that_was_taken_away_stays_away_while_one_goes_on_writing(visitor):
    first = form_of(read(visitor, text=TEXT))
    first["countries"] = []

    again = read(visitor, **{**first, "text": f"{TEXT}, en Belgique"})

    assert shown(again, "countries") == ["BE"]
    assert shown(again, "themes") == ["home.gardening"]


def test_a_theme_is_added_by_its_name_and_an_unknown_one_is_said_beside_the_field(visitor):
    assert "sport.surf" in shown(read(visitor, text="Jardinage", add_theme="surf"), "themes")

    html = read(visitor, text="Jardinage", add_theme="zzqx")
    assert "No theme is called “zzqx”" in html
    assert 'value="zzqx"' in html and 'aria-describedby="add_theme-error"' in html


def test_a_text_without_a_subject_is_explained(visitor):
    assert "No subject is recognised in this text yet." in read(visitor, text="quelque chose de bien")
    assert "No subject is recognised" not in read(visitor, text="")


def test_what_a_person_is_cannot_be_asked_for(visitor):
    html = read(visitor, text="muslim creators who garden")
    assert "This asks what a person is." in html

    answer = visitor.post(url("new"), {"text": "muslim creators who garden", "then": "save"})
    assert answer.status_code == 422 and Brief.objects.count() == 0


def test_a_brief_is_written_without_javascript(visitor):
    answer = visitor.post(url("new"), {"text": TEXT, "then": "save", "budget": "5,000", "currency": "CHF"})
    brief = Brief.objects.get()

    assert answer.url == url("brief", brief.pk)
    assert list(brief.themes) == ["home.gardening"] and brief.filters["countries"] == ["FR"]
    assert brief.budget == 5000 and brief.currency == "CHF"
    assert brief.title == "Jardinage au potager"
    assert not brief.is_edited

    page = visitor.post(url("new"), {"text": TEXT, "then": "read"}).content.decode()
    assert shown(page, "themes") == ["home.gardening"] and Brief.objects.count() == 1


def test_corrections_are_kept_and_do_not_come_back(visitor, ada, noon):
    brief = discovery.open_brief(given={"text": TEXT}, actor=ada, now=noon)
    fields = form_of(visitor.get(url("edit", brief.pk)).content.decode())
    fields |= {"text": TEXT, "countries": [], "min_followers": "", "add_unwanted": "crypto", "then": "save"}

    visitor.post(url("edit", brief.pk), fields)
    brief.refresh_from_db()
    assert "countries" not in brief.filters and "min_followers" not in brief.filters
    assert brief.filters["max_followers"] == 200_000
    assert "money.investing" in brief.unwanted_themes
    assert brief.is_edited

    discovery.change_brief(brief_id=brief.pk, given={"title": "Potager"}, actor=ada, now=noon)
    brief.refresh_from_db()
    assert "countries" not in brief.filters


def test_filters_that_the_form_does_not_have_are_kept(visitor, ada, noon):
    given = {"text": TEXT, "filters": {"themes_all": ["home.gardening"], "formats": ["video"]}}
    brief = discovery.open_brief(given=given, actor=ada, now=noon)
    fields = form_of(visitor.get(url("edit", brief.pk)).content.decode())

    visitor.post(url("edit", brief.pk), {**fields, "text": TEXT, "formats": ["image"], "then": "save"})

    brief.refresh_from_db()
    assert brief.filters["themes_all"] == ["home.gardening"] and brief.filters["formats"] == ["image"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"text": ""}, "Say in plain words what the creators should talk about."),
        ({"text": TEXT, "min_followers": "many"}, "Write a number of people, such as 5000, 5k or 1.2M."),
        ({"text": TEXT, "min_followers": "9k", "max_followers": "1k"}, "The lowest number of followers is above"),
        ({"text": TEXT, "starts_on": "2026-09-01", "ends_on": "2026-08-01"}, "The campaign ends before it starts."),
        ({"text": TEXT, "budget": "-3"}, "greater than or equal to 0"),
        ({"text": TEXT, "add_country": "Atlantis"}, "“Atlantis” is no country that Sillage knows."),
        ({"text": TEXT, "add_brand": "Nobody"}, "No brand of this workspace is called “Nobody”."),
    ],
)
def test_what_cannot_be_read_is_said_and_nothing_is_kept(visitor, fields, said):
    answer = visitor.post(url("new"), {**fields, "then": "save"})

    assert answer.status_code == 422
    assert said in answer.content.decode().replace("&quot;", '"')
    assert Brief.objects.count() == 0


def test_a_reader_sees_briefs_and_writes_none(signed_in, rita, ada, noon):
    brief = discovery.open_brief(given={"text": TEXT}, actor=ada, now=noon)
    client = signed_in(rita)
    for address in (url("briefs"), url("brief", brief.pk)):
        html = client.get(address).content.decode()
        assert brief.title in html
        assert "/briefs/new/" not in html and "/edit/" not in html and "/archive/" not in html

    assert client.get(url("new")).status_code == 403
    assert client.get(url("edit", brief.pk)).status_code == 403
    for name in ("archive", "compute", "weigh"):
        assert client.post(url(name, brief.pk)).status_code == 403
    assert client.post(url("reading"), {"text": TEXT}).status_code == 403


def test_somebody_of_another_workspace_finds_nothing(signed_in, dario, ada, noon):
    brief = discovery.open_brief(given={"text": TEXT}, actor=ada, now=noon)
    client = signed_in(dario)
    for address in (url("briefs"), url("new"), url("brief", brief.pk), url("edit", brief.pk), url("exclusions")):
        assert client.get(address).status_code == 404
    own = reverse("discovery:brief", args=["elsewhere", brief.pk])
    assert client.get(own).status_code == 404
    assert (
        client.post(reverse("discovery:reading", args=["elsewhere"]), {"text": "x", "brief": brief.pk}).status_code
        == 404
    )


def test_the_editor_speaks_french(visitor, settings):
    visitor.cookies[settings.LANGUAGE_COOKIE_NAME] = "fr"
    html = visitor.get(url("new"), {"text": TEXT}).content.decode()

    assert "Nouveau brief" in html and "Jardinage" in html
    assert "Ils en parlent" in html


def test_a_text_that_holds_markup_is_text(visitor):
    html = read(visitor, text="<script>alert(1)</script> jardinage")

    assert "<script>alert" not in html and "&lt;script&gt;alert" in html


def test_a_brief_that_was_put_away_is_listed_on_request_and_brought_back(visitor, ada, noon):
    brief = discovery.open_brief(given={"text": TEXT}, actor=ada, now=noon)
    visitor.post(url("archive", brief.pk), follow=True)
    assert brief.title not in visitor.get(url("briefs")).content.decode()

    away = visitor.get(f"{url('briefs')}?archived=1").content.decode()
    assert brief.title in away and url("restore", brief.pk) in away
    assert "This brief was put away on" in visitor.get(url("brief", brief.pk)).content.decode()

    back = visitor.post(url("restore", brief.pk), follow=True).content.decode()
    assert "is in use again" in back and "was put away on" not in back
    assert [e.verb for e in Entry.objects.order_by("-pk")[:2]] == [
        "discovery.brief_restored",
        "discovery.brief_archived",
    ]
    assert "is not put away" in visitor.post(url("restore", brief.pk), follow=True).content.decode()


def test_a_reader_and_a_stranger_bring_no_brief_back(signed_in, ada, rita, dario, noon):
    brief = discovery.open_brief(given={"text": TEXT}, actor=ada, now=noon)
    discovery.archive_brief(brief_id=brief.pk, actor=ada, now=noon)
    reader = signed_in(rita)
    assert url("restore", brief.pk) not in reader.get(f"{url('briefs')}?archived=1").content.decode()
    assert reader.post(url("restore", brief.pk)).status_code == 403
    assert signed_in(dario).post(url("restore", brief.pk)).status_code == 404
    assert Brief.objects.get().archived_at is not None


@pytest.mark.parametrize(
    "text", [TEXT, "Cosmétique lente et clean, avis honnêtes", "slow fashion and ceramics in Belgium"]
)
def test_what_was_read_stands_on_the_steps_of_its_slider_so_that_a_browser_does_not_change_it(visitor, text):
    fields = re.findall(
        r'name="weight[^>]*min="([\d.]+)"[^>]*step="([\d.]+)"[^>]*value="([\d.]+)"', read(visitor, text=text)
    )

    assert fields
    for low, step, value in fields:
        steps = (float(value) - float(low)) / float(step)
        assert steps == pytest.approx(round(steps), abs=1e-6)


def test_only_who_changes_what_was_read_is_said_to_have_corrected_it(ada, noon):
    def change(**given):
        discovery.change_brief(brief_id=brief.pk, given=given, actor=ada, now=noon)
        brief.refresh_from_db()
        return brief.is_edited

    brief = discovery.open_brief(given={"text": TEXT}, actor=ada, now=noon)
    as_read = dict.fromkeys(("themes", "unwanted_themes", "terms", "unwanted_terms"))

    assert not change(title="Potager")
    assert not change(**as_read, title="Au potager")
    assert change(terms=["semis"])
    assert change(title="Semis")  # what was corrected stays so
    assert not change(text=f"{TEXT}, merci")  # read anew
