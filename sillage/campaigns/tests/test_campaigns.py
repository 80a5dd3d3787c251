"""Campaigns: what is read of them, opened, changed, copied, put away."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from sillage.campaigns.actions.campaigns import (
    AlreadySo,
    ChangedMeanwhile,
    archive_campaign,
    change_campaign,
    duplicate_campaign,
    open_campaign,
    restore_campaign,
)
from sillage.campaigns.actions.collaborations import (
    CampaignAtRest,
    TooManyAtOnce,
    add_collaborations,
    assign_collaboration,
)
from sillage.campaigns.engine.addresses import tracked_address
from sillage.campaigns.engine.campaign import CampaignMalformed, brand_key, campaign_said
from sillage.campaigns.models import Campaign, Collaboration
from sillage.campaigns.queries.campaigns import (
    count_campaigns,
    get_campaign,
    list_campaigns,
    proposed_packs,
    stage_counts,
)
from sillage.campaigns.tests.conftest import GIVEN
from sillage.catalogue.models import Brand
from sillage.governance.engine.actors import NotAllowed
from sillage.governance.models import Entry
from sillage.lib.errors import NotFound

LEAST = {"name": "Spring", "objective": "Make it known", "brand": "Terre Vive"}


# -- what is read ----------------------------------------------------------------------------------------------------


def test_three_words_are_a_campaign_and_what_was_not_said_is_not_known():
    said = campaign_said(LEAST)
    assert (said.brand_key, said.budget, said.starts_on, said.countries) == ("terre-vive", None, None, ())
    assert said.currency == "EUR"


def test_signs_before_words_are_left_out_and_words_stand_once():
    said = campaign_said({**LEAST, "hashtags": ["#a", "a", " #b "], "mentions": ["@x"], "competitors": ["Bio Sol"]})
    assert (said.hashtags, said.mentions, said.competitors) == (("a", "b"), ("x",), ("bio-sol",))


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"name": "  "}, "name"),
        ({"objective": ""}, "objective"),
        ({"brand": "…"}, "brand"),
        ({"name": "x" * 201}, "name"),
        ({"colour": "red"}, "colour"),
        ({"starts_on": "2026-07-01", "ends_on": "2026-06-01"}, "ends_on"),
        ({"starts_on": "soon"}, "starts_on"),
        ({"budget": "a lot"}, "budget"),
        ({"budget": -1}, "budget"),
        ({"budget": "NaN"}, "budget"),
        ({"currency": "euro"}, "currency"),
        ({"countries": ["France"]}, "countries"),
        ({"countries": "FR"}, "countries"),
        ({"law_packs": ["mars"]}, "law_packs"),
        ({"landing_url": "javascript:alert(1)"}, "landing_url"),
        ({"landing_url": "https://[broken"}, "landing_url"),
        ({"utm": {"colour": "red"}}, "utm"),
        ({"utm": "source"}, "utm"),
        ({"hashtags": ["x"] + [f"h{i}" for i in range(40)]}, "hashtags"),
    ],
)
def test_what_cannot_be_read_names_its_field(given, place):
    with pytest.raises(CampaignMalformed) as refused:
        campaign_said({**LEAST, **given}, ("fr", "eu"))
    assert refused.value.place == place and refused.value.hint


def test_a_known_brand_keeps_its_key_however_it_is_written():
    assert brand_key("L’Oréal") == "l-oreal"
    assert brand_key("L’Oréal", {"l'oreal": "loreal"}) == "loreal"


def test_a_tracked_address_keeps_what_it_had_and_replaces_its_own_words():
    utm = {"campaign": "spring", "source": "instagram"}
    assert (
        tracked_address("https://e.org/a?b=1&utm_source=old#top", utm, content="mona")
        == "https://e.org/a?b=1&utm_source=instagram&utm_campaign=spring&utm_content=mona#top"
    )
    assert tracked_address("", utm) == ""
    assert tracked_address("https://e.org/a", {}) == "https://e.org/a"


def test_law_packs_are_proposed_from_countries_with_the_union_s_for_its_members():
    assert proposed_packs(["FR"]) == ("fr", "eu")
    assert proposed_packs(["GB"]) == ("uk",)
    assert proposed_packs(["BE"]) == ("eu",)
    assert proposed_packs(["CH"]) == proposed_packs([]) == ()


# -- opening and changing --------------------------------------------------------------------------------------------


def test_opening_enters_the_ledger_and_proposes_the_law(ada, noon):
    made = open_campaign(given={**LEAST, "countries": ["FR"], "budget": "12000.5"}, actor=ada, now=noon)
    assert (made.law_packs, made.budget, made.created_by_id) == (["fr", "eu"], Decimal("12000.50"), ada.member_id)
    entry = Entry.objects.get(verb="campaigns.campaign_opened")
    assert entry.facts["brand"] == "terre-vive" and entry.subject_id == str(made.pk)


def test_law_packs_that_a_person_chose_stand_even_if_they_are_none(ada, noon):
    made = open_campaign(given={**LEAST, "countries": ["FR"], "law_packs": []}, actor=ada, now=noon)
    assert made.law_packs == []


def test_a_brand_of_the_catalogue_gives_its_key(ada, noon):
    Brand.objects.create(workspace_id=ada.workspace_id, key="tv", name="Terre Vive", aliases=["Vive"])
    made = open_campaign(given={**LEAST, "competitors": ["vive", "Bio-Sol"]}, actor=ada, now=noon)
    assert (made.brand_key, made.competitors) == ("tv", ["tv", "bio-sol"])


def test_who_only_reads_opens_nothing(rita, noon):
    with pytest.raises(NotAllowed):
        open_campaign(given=LEAST, actor=rita, now=noon)
    assert not Campaign.objects.exists()


def test_a_campaign_of_another_workspace_is_not_found(campaign, dario, noon):
    for doing in (
        lambda: get_campaign(dario.workspace_id, campaign.pk),
        lambda: change_campaign(campaign_id=campaign.pk, given={"name": "Mine"}, actor=dario, now=noon),
        lambda: duplicate_campaign(campaign_id=campaign.pk, name="Mine", actor=dario, now=noon),
        lambda: archive_campaign(campaign_id=campaign.pk, actor=dario, now=noon),
        lambda: add_collaborations(campaign_id=campaign.pk, accounts=[], actor=dario, now=noon),
    ):
        with pytest.raises(NotFound):
            doing()
    assert list_campaigns(dario.workspace_id).items == []


def test_a_change_keeps_what_was_not_named_and_says_what_changed(campaign, ada, noon):
    changed = change_campaign(campaign_id=campaign.pk, given={"budget": None, "name": "Summer"}, actor=ada, now=noon)
    assert (changed.name, changed.budget, changed.hashtags) == ("Summer", None, ["terrevive"])
    assert Entry.objects.get(verb="campaigns.campaign_changed").facts == {"fields": ["name", "budget"]}


def test_who_changes_an_older_one_is_told(campaign, ada, bruno, noon):
    seen = campaign.changed_at
    later = noon + timedelta(minutes=1)
    change_campaign(campaign_id=campaign.pk, given={"name": "B"}, seen_at=seen, actor=bruno, now=later)
    with pytest.raises(ChangedMeanwhile):
        change_campaign(campaign_id=campaign.pk, given={"name": "A"}, seen_at=seen, actor=ada, now=later)


# -- copies, rest, list ----------------------------------------------------------------------------------------------


def test_a_copy_has_the_words_and_nobody_in_it(campaign, collaboration, ada, noon):
    copy = duplicate_campaign(campaign_id=campaign.pk, name="Autumn", actor=ada, now=noon)
    assert (copy.name, copy.objective, copy.starts_on) == ("Autumn", campaign.objective, date(2026, 6, 1))
    assert not copy.collaborations.exists()


def test_a_template_and_what_is_opened_from_it_have_no_dates_yet(campaign, ada, noon):
    template = duplicate_campaign(campaign_id=campaign.pk, name="Garden", is_template=True, actor=ada, now=noon)
    assert (template.is_template, template.starts_on, template.ends_on) == (True, None, None)
    opened = duplicate_campaign(campaign_id=template.pk, name="Autumn", actor=ada, now=noon)
    assert (opened.is_template, opened.law_packs, opened.ends_on) == (False, ["fr", "eu"], None)


def test_nobody_comes_into_a_template_or_into_what_was_put_away(campaign, accounts, ada, noon):
    template = duplicate_campaign(campaign_id=campaign.pk, name="Garden", is_template=True, actor=ada, now=noon)
    archive_campaign(campaign_id=campaign.pk, actor=ada, now=noon)
    for one in (template, campaign):
        with pytest.raises(CampaignAtRest):
            add_collaborations(campaign_id=one.pk, accounts=[accounts["mona"].pk], actor=ada, now=noon)


def test_what_was_put_away_comes_back_and_neither_happens_twice(campaign, ada, noon):
    with pytest.raises(AlreadySo):
        restore_campaign(campaign_id=campaign.pk, actor=ada, now=noon)
    archive_campaign(campaign_id=campaign.pk, actor=ada, now=noon)
    with pytest.raises(AlreadySo):
        archive_campaign(campaign_id=campaign.pk, actor=ada, now=noon)
    assert restore_campaign(campaign_id=campaign.pk, actor=ada, now=noon).archived_at is None


def test_the_list_is_searched_filtered_and_goes_on(ada, noon):
    for i in range(5):
        open_campaign(given={**LEAST, "name": f"Spring {i}", "brand": f"Brand {i % 2}"}, actor=ada, now=noon)
    away = open_campaign(given={**LEAST, "name": "Old"}, actor=ada, now=noon)
    archive_campaign(campaign_id=away.pk, actor=ada, now=noon)
    open_campaign(given={**LEAST, "name": "Template"}, is_template=True, actor=ada, now=noon)

    names = lambda **asked: [c.name for c in list_campaigns(ada.workspace_id, **asked).items]  # noqa: E731
    assert names(words="spring 3") == ["Spring 3"]
    assert names(brand="brand-1") == ["Spring 3", "Spring 1"]
    assert (names(state="archived"), names(state="templates")) == (["Old"], ["Template"])
    first = list_campaigns(ada.workspace_id, limit=3)
    rest = list_campaigns(ada.workspace_id, limit=3, cursor=first.next_cursor)
    assert [c.name for c in (*first.items, *rest.items)] == [f"Spring {i}" for i in (4, 3, 2, 1, 0)]
    assert rest.next_cursor is None
    assert count_campaigns(ada.workspace_id) == {"running": 5, "archived": 1, "templates": 1}


# -- who is in it ----------------------------------------------------------------------------------------------------


def test_accounts_come_in_once_with_their_names_and_their_owner(campaign, accounts, ada, bruno, noon):
    ids = [accounts["mona"].pk, accounts["mona"].pk, accounts["noe"].pk]
    added = add_collaborations(campaign_id=campaign.pk, accounts=ids, actor=bruno, now=noon)
    assert [(row.name, row.stage, row.owner_id) for row in added] == [
        ("Mona", "shortlisted", bruno.member_id),
        ("Noe", "shortlisted", bruno.member_id),
    ]
    again = add_collaborations(campaign_id=campaign.pk, accounts=[*ids, accounts["poppy"].pk], actor=ada, now=noon)
    assert [row.handle for row in again] == ["poppy"]
    assert stage_counts([campaign.pk]) == {campaign.pk: {"shortlisted": 3}}


def test_strangers_accounts_and_crowds_are_refused(campaign, accounts, ada, noon):
    with pytest.raises(NotFound):
        add_collaborations(campaign_id=campaign.pk, accounts=[accounts["mona"].pk, 42], actor=ada, now=noon)
    with pytest.raises(TooManyAtOnce):
        add_collaborations(campaign_id=campaign.pk, accounts=range(501), actor=ada, now=noon)
    assert not Collaboration.objects.exists()


def test_a_member_looks_after_a_collaboration_and_a_stranger_cannot(collaboration, ada, bruno, dario, noon):
    row = assign_collaboration(collaboration_id=collaboration.pk, member_id=bruno.member_id, actor=ada, now=noon)
    assert (row.owner_id, row.version) == (bruno.member_id, 2)
    with pytest.raises(NotFound):
        assign_collaboration(collaboration_id=collaboration.pk, member_id=dario.member_id, actor=ada, now=noon)
    assert assign_collaboration(collaboration_id=row.pk, member_id=None, actor=ada, now=noon).owner is None


def test_the_given_of_the_fixture_is_read_back(campaign):
    assert (
        campaign.hashtags == ["terrevive"] and campaign.budget == Decimal("12000.00") and GIVEN["countries"] == ["FR"]
    )
