"""An account whose biography says an age below 18 is marked, not profiled, not found; a person may say otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from sillage.catalogue.actions.ingest import ingest
from sillage.catalogue.models import Account
from sillage.discovery import actions as discovery
from sillage.discovery.queries import list_candidates
from sillage.discovery.tests.conftest import fill, records_of
from sillage.governance.engine.actors import NotAllowed
from sillage.governance.models import Entry
from sillage.lib.errors import NotFound
from sillage.understanding import actions as understanding
from sillage.understanding.actions.marking_minors import clear_minor, mark_minors
from sillage.understanding.engine.minors import said_minor
from sillage.understanding.models import AccountSignal, Profile

TODAY = date(2026, 6, 15)


@pytest.mark.parametrize(
    ("bio", "age"),
    [
        ("15 ans | danse et skate 🛹", 15),
        ("I'm 16, gamer", 16),
        ("16 y/o artist", 16),
        ("17 Jahre alt, Berlin", 17),
        ("Tengo 15 años", 15),
        ("Ho 14 anni", 14),
        ("née en 2011", 15),
        ("Collégienne, dessin", None),
        ("8th grader", None),
    ],
)
def test_a_biography_that_says_an_age_below_18_is_recognised(bio, age):
    assert said_minor(bio, TODAY).age == age


@pytest.mark.parametrize(
    "bio",
    [
        "",
        "25 ans, Lyon",
        "18 ans",
        "Maman de deux enfants, 8 et 12 ans",
        "mum of a 14 year old",
        "10 ans d'expérience en décoration",
        "photographe depuis 12 ans",
        "mariée depuis 10 ans",
        "brand since 2012",
        "Prof de collège",
        "teacher of high schoolers",
        "12k followers",
        "14 | Paris",
        "née en 1998",
        "مرحبا ١٥",
    ],
)
def test_somebody_else_s_age_and_other_numbers_are_not_theirs(bio):
    assert said_minor(bio, TODAY) is None


@pytest.fixture
def mona(ada, noon):
    fill(ada, noon)
    return Account.objects.get(handle="mona")


def says(bio, ada, now):
    batch = records_of("mona", now)
    ingest(
        workspace_id=ada.workspace_id,
        batch=replace(batch, accounts=(replace(batch.accounts[0], bio=bio),)),
        actor=ada,
        now=now,
    )
    understanding.bring_up_to_date(actor=ada, now=now)


def shortlisted(ada, now):
    brief = discovery.open_brief(given={"text": "Jardinage et potager"}, actor=ada, now=now)
    made = discovery.shortlist(brief_id=brief.pk, limit=10, actor=ada, now=now)
    return [c.account.handle for c in list_candidates(made)]


def test_a_minor_is_marked_not_profiled_and_not_found(mona, ada, noon):
    assert "mona" in shortlisted(ada, noon)
    says("15 ans, jardin", ada, noon + timedelta(hours=1))
    signal = AccountSignal.objects.get(account=mona)
    assert (signal.enricher, signal.value["age"], signal.evidence) == ("minor", 15, [{"words": ["15 ans"]}])
    assert not Profile.objects.filter(account=mona).exists() and "mona" not in shortlisted(ada, noon)
    assert Entry.objects.get(verb="understanding.minors_marked").facts == {"marked": 1, "unmarked": 0}


def test_who_does_not_say_it_any_more_is_unmarked(mona, ada, noon):
    says("15 ans, jardin", ada, noon + timedelta(hours=1))
    says("18 ans, jardin", ada, noon + timedelta(days=900))
    assert not AccountSignal.objects.filter(account=mona, enricher="minor").exists()
    assert Profile.objects.filter(account=mona).exists()


def test_a_person_says_that_it_is_an_adult_until_the_biography_changes(mona, ada, bruno, dario, noon):
    says("15 ans, jardin", ada, noon + timedelta(hours=1))
    with pytest.raises(NotAllowed):
        clear_minor(account_id=mona.pk, reason="15 years of gardening", actor=bruno, now=noon)
    with pytest.raises(NotFound):
        clear_minor(account_id=mona.pk, reason="x", actor=dario, now=noon)
    clear_minor(account_id=mona.pk, reason="She gardens for 15 years.", actor=ada, now=noon)
    assert mark_minors(actor=ada, now=noon) == 0
    understanding.bring_up_to_date(actor=ada, now=noon + timedelta(hours=2))
    assert Profile.objects.filter(account=mona).exists()
    says("14 ans, jardin", ada, noon + timedelta(hours=3))
    assert not Profile.objects.filter(account=mona).exists()


def test_reading_again_enters_nothing_new(mona, ada, noon):
    says("15 ans, jardin", ada, noon + timedelta(hours=1))
    assert mark_minors(actor=ada, now=noon + timedelta(hours=2)) == 0
    assert Entry.objects.filter(verb="understanding.minors_marked").count() == 1


def test_the_page_shows_who_is_withheld_and_why_and_takes_a_person_s_word(mona, ada, signed_in, noon):
    says("15 ans, jardin", ada, noon + timedelta(hours=1))
    client = signed_in(ada)
    shown = client.get("/w/harbour/minors/").content.decode()
    assert "mona" in shown and "15 ans" in shown
    assert client.post(f"/w/harbour/minors/{mona.pk}/clear/", {"reason": " "}).status_code == 422
    assert client.post(f"/w/harbour/minors/{mona.pk}/clear/", {"reason": "Gardens since 2011"}).status_code == 302
    assert "Gardens since 2011" in client.get("/w/harbour/minors/").content.decode()
