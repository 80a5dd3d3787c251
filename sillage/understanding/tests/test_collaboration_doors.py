"""Brands and disclosure on pages, in the API and on the command line: one workspace's, corrected by people, told alike."""

from __future__ import annotations

from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.urls import reverse

from sillage.catalogue import queries as catalogue
from sillage.catalogue.actions.ingest import ingest
from sillage.catalogue.engine.records import AccountRecord, Batch, Measure, ObservationRecord, PostRecord, SourceClass
from sillage.catalogue.models import Brand
from sillage.lib.errors import NotFound
from sillage.understanding import actions as understanding
from sillage.understanding.actions.corrections import correct
from sillage.understanding.cli.collaborations import collaborations, disclosure
from sillage.understanding.models import Signal
from sillage.understanding.queries.collaborations import brands_section, disclosure_section, list_objected

# Invented posts: (days ago, text).
POSTS = (
    (1, "Merci à @halden #ad, mes essentiels du mois"),
    (4, "Publicité | ma routine du soir avec @mirecosmetics"),
    (8, "Promenade au bord de l’eau, rien à vendre"),
    (12, "Ma crème Halden de tous les jours"),
    (40, "Ma crème Halden, toujours elle"),
    (70, "Encore ma crème Halden, on ne change pas"),
    (100, "Un gâteau aux pommes"),
)


def _batch(noon, handle="lise", country="FR", posts=POSTS):
    account = AccountRecord("instagram", handle, handle, name=handle.title(), country=country)
    made = tuple(
        PostRecord("instagram", handle, f"{handle}{i}", noon - timedelta(days=days), text=text, format="image")
        for i, (days, text) in enumerate(posts)
    )
    numbers = tuple(
        ObservationRecord("instagram", handle, m, v, m.value, SourceClass.PUBLIC, noon, post.network_id)
        for post in made
        for m, v in ((Measure.LIKES, 200), (Measure.COMMENTS, 10))
    )
    return Batch((account,), made, (), numbers)


def _read(ada, noon) -> None:
    done = understanding.enrich_due(actor=ada, now=noon)
    understanding.profile_due(actor=ada, now=noon, versions=done.versions)


@pytest.fixture
def lise(ada, noon):
    for key, name, handle in (("halden", "Halden", "halden"), ("mire", "Mire Cosmetics", "mirecosmetics")):
        Brand.objects.create(workspace_id=ada.workspace_id, key=key, name=name, handles=[handle], sector="skincare")
    ingest(workspace_id=ada.workspace_id, batch=_batch(noon), actor=ada, now=noon)
    _read(ada, noon)
    return catalogue.get_account(ada.workspace_id, "instagram:lise")


@pytest.fixture
def english(client, settings) -> None:
    settings.LANGUAGE_CODE = "en"
    client.cookies["django_language"] = "en"


def test_mentions_collaborations_and_rivals_are_read_from_signals(lise):
    seen = brands_section(lise)
    assert seen.by_class == {"organic": 3, "likely_paid": 0, "declared": 2}
    assert [(c.brand, c.standing) for c in seen.collaborations] == [("halden", "declared"), ("mire", "declared")]
    assert [(c.sector, c.days) for c in seen.conflicts] == [("skincare", 3)]
    assert (seen.paid.k, seen.paid.n) == (2, 7)
    assert seen.affinities[0].brand == "halden" and seen.affinities[0].share == pytest.approx(3 / 7)
    assert seen.engagement.ratio is None and seen.engagement.paid == 2


def test_every_commercial_post_has_its_findings_and_no_other_has(lise):
    seen = disclosure_section(lise)
    assert seen.counts == {"block": 1, "review": 0, "pass": 1}
    assert seen.worst[0].asking[0].rule == "FR-DISC-01"
    assert seen.worst[0].asking[0].requirement.startswith("Constitue une pratique")
    assert Signal.objects.filter(account=lise, enricher="disclosure", confidence__gt=0).count() == 2


def test_a_persons_word_stands_in_place_of_the_rules(lise, ada, noon):
    judged = disclosure_section(lise).worst[0]
    correct(
        enricher="disclosure",
        account_id=lise.pk,
        subject_kind="post",
        subject_id=judged.post.id,
        value={"severity": "pass"},
        actor=ada,
        now=noon,
    )
    after = disclosure_section(lise)
    assert after.counts == {"block": 0, "review": 0, "pass": 2} and after.worst == []


@pytest.mark.parametrize(("value", "classes"), [({"commercial": False}, (4, 0, 1)), ({"commercial": True}, (3, 0, 2))])
def test_a_person_says_whether_a_post_is_commercial(lise, ada, noon, value, classes):
    post = disclosure_section(lise).worst[0].post
    correct(
        enricher="commercial",
        account_id=lise.pk,
        subject_kind="post",
        subject_id=post.id,
        value=value,
        actor=ada,
        now=noon,
    )
    assert tuple(brands_section(lise).by_class.values()) == classes


def test_the_list_of_posts_can_be_narrowed_and_paged(lise, ada, noon):
    other = _batch(noon, "olga", None, ((2, "Merci à @halden #sponso"), (3, "lien affilié dans ma bio")))
    ingest(workspace_id=ada.workspace_id, batch=other, actor=ada, now=noon)
    _read(ada, noon)
    workspace = ada.workspace_id
    assert len(list_objected(workspace).items) == 3
    assert [j.account.handle for j in list_objected(workspace, country="FR").items] == ["lise"]
    assert len(list_objected(workspace, rule="EU-UCPD-01").items) == 3
    assert list_objected(workspace, rule="FR-DISC-05").items == []
    assert list_objected(workspace, network="youtube").items == []
    first = list_objected(workspace, limit=2)
    rest = list_objected(workspace, limit=2, cursor=first.next_cursor)
    assert len(first.items) == 2 and len(rest.items) == 1 and rest.next_cursor is None


def test_an_account_without_a_country_is_read_by_the_unions_rules(lise, ada, noon):
    ingest(workspace_id=ada.workspace_id, batch=_batch(noon, "olga", None), actor=ada, now=noon)
    _read(ada, noon)
    seen = disclosure_section(catalogue.get_account(ada.workspace_id, "instagram:olga"))
    assert set(seen.packs) == {"eu"} and seen.judged


PAGES = ("brands", "disclosure")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("brands", ("Halden", "Mire Cosmetics", "declared", "skincare", "3 days apart", "2 of 7 posts")),
        ("disclosure", ("FR-DISC-01", "@halden", "L. 121-3", "Blocks 1", "not legal advice", "Correct")),
    ],
)
def test_a_page_of_an_account_tells_it_readably(lise, signed_in, ada, workspace, english, name, words):
    text = signed_in(ada).get(reverse(f"understanding:{name}", args=[workspace.slug, lise.pk])).content.decode()
    for word in words:
        assert word in text


def test_who_only_reads_cannot_correct(lise, signed_in, rita, workspace, english):
    text = signed_in(rita).get(reverse("understanding:disclosure", args=[workspace.slug, lise.pk])).content.decode()
    assert "FR-DISC-01" in text and "corrections/?enricher" not in text


def test_the_page_of_all_posts_lists_those_to_block(lise, signed_in, ada, workspace, english):
    address = reverse("understanding:objected", args=[workspace.slug])
    text = signed_in(ada).get(address, {"severity": "block"}).content.decode()
    assert "Merci à @halden" in text and "Publicité | ma routine" not in text
    assert "No post of this kind" in signed_in(ada).get(address, {"rule": "UK-CAP-01"}).content.decode()


@pytest.mark.parametrize("query", [{"severity": "fatal"}, {"cursor": "???"}])
def test_what_the_list_does_not_offer_is_refused(lise, signed_in, ada, workspace, query):
    assert signed_in(ada).get(reverse("understanding:objected", args=[workspace.slug]), query).status_code == 422


def test_malformed_months_are_refused(lise, signed_in, ada, workspace):
    page = signed_in(ada).get(reverse("understanding:brands", args=[workspace.slug, lise.pk]), {"months": "x"})
    assert page.status_code == 422


@pytest.mark.parametrize("name", PAGES)
def test_another_workspace_sees_nothing(lise, signed_in, dario, workspace, name):
    assert signed_in(dario).get(reverse(f"understanding:{name}", args=[workspace.slug, lise.pk])).status_code == 404
    own = reverse(f"understanding:{name}", args=["elsewhere", lise.pk])
    assert signed_in(dario).get(own).status_code == 404
    assert list_objected(dario.workspace_id).items == []


def test_an_account_that_was_not_read_says_so(ada, noon, signed_in, workspace, english):
    ingest(workspace_id=ada.workspace_id, batch=_batch(noon), actor=ada, now=noon)
    account = catalogue.get_account(ada.workspace_id, "instagram:lise")
    for name, said in (("brands", "Nobody has read"), ("disclosure", "have not been held")):
        page = signed_in(ada).get(reverse(f"understanding:{name}", args=[workspace.slug, account.pk]))
        assert said in page.content.decode()


def test_the_api_tells_the_same(lise, signed_in, rita, workspace):
    client, base = signed_in(rita), f"/api/v1/{workspace.slug}"
    brands = client.get(f"{base}/accounts/instagram:lise/brands").json()
    assert brands["conflicts"][0]["days"] == 3 and brands["collaborations"][0]["posts"][0].isdigit()
    seen = client.get(f"{base}/accounts/instagram:lise/disclosure").json()
    assert seen["counts"]["block"] == 1 and seen["items"][0]["findings"][0]["change"].endswith(".")
    listed = client.get(f"{base}/disclosure?severity=block").json()["items"]
    assert [item["severity"] for item in listed] == ["block"]
    assert client.get(f"{base}/accounts/instagram:nobody/brands").status_code == 404


def _run(command, *arguments):
    return CliRunner().invoke(command, list(arguments))


def test_the_command_line_tells_the_same(lise):
    shown = _run(collaborations, "show", "instagram:lise").output
    assert "Rivals in skincare: mire and halden, 3 days apart." in shown
    assert '"conflicts"' in _run(collaborations, "show", "instagram:lise", "--json").output
    assert "FR-DISC-01" in _run(disclosure, "list", "--json").output
    assert "FR-DISC-01" in _run(disclosure, "show", "instagram:lise").output
    assert isinstance(_run(disclosure, "show", "instagram:nobody").exception, NotFound)
