"""Reasons to look twice: from the creator's other collaborations, promises and paid posts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from sillage.campaigns.actions.campaigns import change_campaign, open_campaign
from sillage.campaigns.actions.collaborations import add_collaborations
from sillage.campaigns.actions.moving import move_collaboration
from sillage.campaigns.engine.conflicts import (
    Booking,
    ConflictKind,
    Engagement,
    PaidWork,
    Past,
    Promise,
    conflicts_of,
    overlap,
)
from sillage.campaigns.engine.pipeline import Stage
from sillage.campaigns.models import Collaboration
from sillage.campaigns.queries.conflicts import list_conflicts
from sillage.campaigns.queries.pipeline import get_card
from sillage.campaigns.tests.conftest import GIVEN
from sillage.campaigns.tests.contract_cast import signed
from sillage.catalogue import queries as catalogue
from sillage.catalogue.actions.ingest import ingest
from sillage.catalogue.engine.records import AccountRecord, Batch, PostRecord
from sillage.catalogue.models import Brand
from sillage.understanding import actions as understanding

TODAY = date(2026, 6, 15)
JUNE, JULY = (date(2026, 6, 1), date(2026, 6, 30)), (date(2026, 7, 1), date(2026, 7, 31))
S, K = Stage, ConflictKind


def booking(**more):
    plain = {
        "campaign_id": 1,
        "brand_key": "terre-vive",
        "category": "garden",
        "starts_on": JUNE[0],
        "ends_on": JUNE[1],
        "competitors": ("bio-sol",),
        "owner_id": 1,
        "stage": S.SHORTLISTED,
    }
    return Booking(**{**plain, **more})


def engaged(stage, **more):
    plain = {
        "campaign_id": 2,
        "campaign": "Winter",
        "brand_key": "other",
        "stage": stage,
        "starts_on": JUNE[0],
        "ends_on": JUNE[1],
        "owner_id": 2,
        "owner": "Bruno",
    }
    return Engagement(**{**plain, **more})


def kinds(past, **more):
    return [c.kind for c in conflicts_of(booking(**more), past, TODAY)]


def promise(**more):
    plain = {
        "campaign_id": 3,
        "to": "Halden",
        "to_key": "halden",
        "against": "Terre Vive",
        "is_category": False,
        "key": "terre-vive",
        "starts_on": JUNE[0],
        "ends_on": JUNE[1],
    }
    return Promise(**{**plain, **more})


def test_nothing_known_is_no_conflict():
    assert kinds(Past()) == []


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        (JUNE, JULY, False),
        (JUNE, (JUNE[1], JULY[1]), True),
        ((None, JUNE[0]), JUNE, True),
        ((None, JUNE[0]), (JUNE[1], None), False),
        (JUNE, (None, None), False),
    ],
)
def test_periods_share_a_day_or_not(one, other, shared):
    assert overlap(one, other) is overlap(other, one) is shared


def test_an_exclusivity_against_our_brand_or_our_category_is_told_while_it_lasts():
    assert kinds(Past(promises=(promise(),))) == [K.EXCLUSIVITY]
    assert kinds(Past(promises=(promise(is_category=True, key="garden"),))) == [K.EXCLUSIVITY]
    assert kinds(Past(promises=(promise(is_category=True, key="skincare"),))) == []
    assert kinds(Past(promises=(promise(key="somebody-else"),))) == []
    assert kinds(Past(promises=(promise(starts_on=JULY[0], ends_on=JULY[1]),))) == []
    assert kinds(Past(promises=(promise(to_key="terre-vive"),))) == [], "what they owe to us is no conflict"
    (found,) = conflicts_of(booking(), Past(promises=(promise(),)), TODAY)
    assert (found.about, found.campaign_id) == (
        {"brand": "Halden", "against": "Terre Vive", "until": "2026-06-30"},
        3,
    )


def test_a_category_that_nobody_knows_matches_no_promise():
    assert kinds(Past(promises=(promise(is_category=True, key=""),)), category="") == []


def test_a_paid_post_for_a_competitor_within_ninety_days_is_told_once_with_its_newest_day():
    work = [PaidWork("bio-sol", "Bio-Sol", TODAY - timedelta(days=n), "declared") for n in (91, 90, 20)] + [
        PaidWork("halden", "Halden", TODAY, "declared")
    ]
    (found,) = conflicts_of(booking(), Past(paid=tuple(work)), TODAY)
    assert found.kind is K.COMPETITOR and found.about["on"] == "2026-05-26"
    assert kinds(Past(paid=tuple(work[:1]))) == []


@pytest.mark.parametrize("stage", list(Stage))
def test_a_creator_at_work_for_another_campaign_over_the_same_days_is_booked_twice(stage):
    expected = stage in (S.AGREED, S.CONTRACTED, S.PRODUCING, S.IN_REVIEW, S.LIVE)
    assert (K.DOUBLE_BOOKING in kinds(Past((engaged(stage),)))) is expected
    assert K.DOUBLE_BOOKING not in kinds(Past((engaged(stage, starts_on=JULY[0], ends_on=JULY[1]),)))


def test_the_fourth_collaboration_live_within_thirty_days_is_too_many():
    live = [engaged(S.LIVE, live_on=TODAY - timedelta(days=n), starts_on=None, ends_on=None) for n in (1, 9, 30)]
    assert kinds(Past(tuple(live))) == [K.OVER_EXPOSURE]
    assert kinds(Past(tuple(live[:2]))) == []
    old = engaged(S.REPORTED, live_on=TODAY - timedelta(days=31), starts_on=None, ends_on=None)
    assert kinds(Past((*live[:2], old))) == []


def test_a_colleague_s_contact_within_ninety_days_or_talks_are_told():
    assert kinds(Past((engaged(S.NEGOTIATING, starts_on=None, ends_on=None),))) == [K.CONTACTED]
    wrote = engaged(S.CLOSED, contacted_on=TODAY - timedelta(days=90))
    assert kinds(Past((wrote,))) == [K.CONTACTED]
    assert kinds(Past((engaged(S.CLOSED, contacted_on=TODAY - timedelta(days=91)),))) == []
    assert kinds(Past((wrote,)), owner_id=2) == [], "one knows whom one wrote to oneself"
    assert kinds(Past((engaged(S.CONTACTED, owner_id=None),)), owner_id=None) == [K.CONTACTED]


def test_what_is_over_has_no_conflict_any_more():
    past = Past((engaged(S.LIVE),), (promise(),))
    assert kinds(past, stage=S.CLOSED) == kinds(past, stage=S.REPORTED) == []


# -- from the tables -------------------------------------------------------------------------------------------------


@pytest.fixture
def winter(ada, bruno, accounts, noon):
    """Bruno's campaign over the same days, with Mona at work and Noé contacted; and a colleague's workspace has nothing."""
    made = open_campaign(given={**GIVEN, "name": "Winter", "brand": "Halden"}, actor=bruno, now=noon)
    ids = [accounts["mona"].pk, accounts["noe"].pk]
    mona, noe = add_collaborations(campaign_id=made.pk, accounts=ids, actor=bruno, now=noon)
    for to in (S.CONTACTED, S.NEGOTIATING, S.AGREED):
        move_collaboration(collaboration_id=mona.pk, to=to, actor=bruno, now=noon)
    move_collaboration(collaboration_id=noe.pk, to=S.CONTACTED, actor=bruno, now=noon)
    return made


def test_cards_say_who_contacted_whom_and_who_is_booked_twice(campaign, collaborations, winter, noon):
    found = list_conflicts(campaign, list(collaborations.values()), noon)
    mona, noe = (found[collaborations[handle].pk] for handle in ("mona", "noe"))
    assert [c.kind for c in mona] == [K.DOUBLE_BOOKING, K.CONTACTED]
    assert [c.about for c in noe] == [{"campaign": "Winter", "who": "Bruno", "on": "2026-06-15"}]
    assert {c.campaign_id for c in (*mona, *noe)} == {winter.pk}


def test_an_exclusivity_binds_once_both_have_signed(campaign, collaboration, winter, ada, bruno, noon):
    theirs = Collaboration.objects.get(campaign=winter, account_id=collaboration.account_id)
    before = list_conflicts(campaign, [collaboration], noon)[collaboration.pk]
    assert K.EXCLUSIVITY not in [c.kind for c in before]
    signed(theirs, bruno, ada, noon, exclusive_brands=["Terre Vive"], brand_name="Halden SAS")
    (first, *_) = list_conflicts(campaign, [collaboration], noon)[collaboration.pk]
    assert (first.kind, first.about["against"], first.about["until"]) == (K.EXCLUSIVITY, "Terre Vive", "2026-09-30")


@pytest.fixture
def lise(ada, noon):
    """An account that published advertising for Halden ten days ago and spoke of Mire unpaid."""
    for key, name in (("halden", "Halden"), ("mire", "Mire")):
        Brand.objects.create(workspace_id=ada.workspace_id, key=key, name=name, handles=[key], sector="skincare")
    posts = (("Publicité : ma crème @halden", 10), ("Ma crème @mire de tous les jours", 12))
    batch = Batch(
        (AccountRecord("instagram", "lise", "lise", name="Lise"),),
        tuple(
            PostRecord("instagram", "lise", f"l{i}", noon - timedelta(days=d), text=t) for i, (t, d) in enumerate(posts)
        ),
        (),
        (),
    )
    ingest(workspace_id=ada.workspace_id, batch=batch, actor=ada, now=noon)
    done = understanding.enrich_due(actor=ada, now=noon)
    understanding.profile_due(actor=ada, now=noon, versions=done.versions)
    return catalogue.get_account(ada.workspace_id, "instagram:lise")


def test_paid_posts_for_competitors_are_found_where_machines_read_them(campaign, lise, ada, noon):
    (row,) = add_collaborations(campaign_id=campaign.pk, accounts=[lise.pk], actor=ada, now=noon)
    assert get_card(row, noon).conflicts == []
    changed = change_campaign(campaign_id=campaign.pk, given={"competitors": ["Halden", "Mire"]}, actor=ada, now=noon)
    assert changed.competitors == ["halden", "mire"]
    (found,) = list_conflicts(changed, [row], noon)[row.pk]
    assert found.about == {"brand": "Halden", "on": "2026-06-05", "standing": "declared"}


def test_as_many_queries_for_twenty_cards_as_for_one(
    campaign, collaborations, winter, ada, noon, django_assert_max_num_queries
):
    def asked(rows):
        with django_assert_max_num_queries(60) as seen:
            list_conflicts(campaign, rows, noon)
        return len(seen)

    rows = list(collaborations.values())
    assert asked(rows) == asked(rows[:1]) <= 7
