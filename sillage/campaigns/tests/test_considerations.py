"""What a creator gets adds up per creator, brand, year and objective, and says when a contract is needed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from sillage.campaigns.actions.budget import keep_rates
from sillage.campaigns.actions.campaigns import open_campaign
from sillage.campaigns.actions.collaborations import add_collaborations
from sillage.campaigns.actions.considerations import (
    ConsiderationGone,
    ConsiderationMalformed,
    NotEnteredByAPerson,
    add_consideration,
    withdraw_consideration,
)
from sillage.campaigns.engine.budget import Rate
from sillage.campaigns.engine.considerations import Kind
from sillage.campaigns.engine.contract_duty import Duty
from sillage.campaigns.models import Collaboration, Consideration, Move
from sillage.campaigns.queries.contracts import contract_verdicts, needs_contract, signed_versions
from sillage.campaigns.tests.conftest import GIVEN
from sillage.campaigns.tests.contract_cast import give, signed
from sillage.governance.engine.actors import Actor, ActorKind, NotAllowed, Right
from sillage.governance.models import Entry
from sillage.lib.errors import NotFound

ON = date(2026, 6, 15)


def duty(collaboration, on=ON):
    return needs_contract(Collaboration.objects.select_related("campaign").get(pk=collaboration.pk), on).duty


@pytest.mark.parametrize(
    ("money", "gift", "expected"),
    [
        ("100", "50", Duty.NONE),
        ("600", "199.99", Duty.NONE),
        ("600", "200", Duty.NEAR),
        ("600", "399.99", Duty.NEAR),
        ("600", "400", Duty.REQUIRED),
    ],
)
def test_money_and_gifts_add_up_to_the_threshold_which_is_inclusive(collaboration, ada, noon, money, gift, expected):
    give(collaboration, ada, noon, money)
    give(collaboration, ada, noon, gift, Kind.GIFT)
    assert duty(collaboration) is expected


def test_before_the_decree_a_contract_is_advised(collaboration, ada, noon):
    add_consideration(
        collaboration_id=collaboration.pk,
        kind=Kind.MONEY,
        text="Film",
        amount=Decimal(5000),
        granted_on=date(2025, 11, 2),
        actor=ada,
        now=noon,
    )
    assert duty(collaboration) is Duty.ADVISED


def test_campaigns_of_the_same_brand_and_objective_count_together_and_others_do_not(collaboration, accounts, ada, noon):
    give(collaboration, ada, noon, "600")
    same = open_campaign(given={**GIVEN, "name": "Again", "objective": "make the  COMPOST known"}, actor=ada, now=noon)
    other = open_campaign(given={**GIVEN, "name": "Else", "objective": "Sell seeds"}, actor=ada, now=noon)
    for campaign in (same, other):
        (row,) = add_collaborations(campaign_id=campaign.pk, accounts=[accounts["mona"].pk], actor=ada, now=noon)
        give(row, ada, noon, "400")
    assert duty(collaboration) is Duty.REQUIRED
    assert needs_contract(collaboration, ON).running.total == Decimal(1000)
    assert duty(Collaboration.objects.get(campaign=same)) is Duty.REQUIRED
    assert duty(Collaboration.objects.get(campaign=other)) is Duty.NONE


def test_another_year_counts_for_itself(collaboration, ada, noon):
    give(collaboration, ada, noon, "600")
    add_consideration(
        collaboration_id=collaboration.pk,
        kind=Kind.MONEY,
        text="Suite",
        amount=Decimal(600),
        granted_on=date(2027, 1, 5),
        actor=ada,
        now=noon,
    )
    assert duty(collaboration) is Duty.NONE


def test_what_has_no_value_is_asked_for_and_a_known_total_decides_alone(collaboration, ada, noon):
    add_consideration(collaboration_id=collaboration.pk, kind=Kind.TRIP, text="Two nights", actor=ada, now=noon)
    assert duty(collaboration) is Duty.ASK
    give(collaboration, ada, noon, "1000")
    assert duty(collaboration) is Duty.REQUIRED


def test_francs_are_asked_for_until_there_is_a_rate_of_the_day_and_the_rate_stays_with_the_amount(
    collaboration, ada, noon
):
    add_consideration(
        collaboration_id=collaboration.pk,
        kind=Kind.MONEY,
        text="Film",
        amount=Decimal(990),
        currency="CHF",
        actor=ada,
        now=noon,
    )
    assert duty(collaboration) is Duty.ASK
    valued = keep_rates(rates=[Rate("CHF", "EUR", Decimal("1.05"), date(2026, 6, 12), "ECB")], actor=ada, now=noon)
    row = Consideration.objects.get()
    assert (valued, row.euros, row.in_budget) == (1, Decimal("1039.50"), Decimal("1039.50"))
    assert row.rates == [{"base": "CHF", "quote": "EUR", "rate": "1.05", "on": "2026-06-12", "source": "ECB"}]
    assert duty(collaboration) is Duty.REQUIRED
    keep_rates(rates=[Rate("CHF", "EUR", Decimal(2), date(2026, 6, 15), "ECB")], actor=ada, now=noon)
    row.refresh_from_db()
    assert row.euros == Decimal("1039.50")


def test_a_collaboration_that_was_closed_before_it_was_agreed_counts_no_more(collaboration, ada, noon):
    give(collaboration, ada, noon, "1200")
    Collaboration.objects.filter(pk=collaboration.pk).update(stage="closed")
    assert duty(collaboration) is Duty.NONE
    Move.objects.create(
        collaboration=collaboration, from_stage="negotiating", to_stage="agreed", who="Ada", moved_at=noon
    )
    assert duty(collaboration) is Duty.REQUIRED


def test_a_signed_contract_is_held(collaboration, bruno, ada, noon):
    signed(collaboration, bruno, ada, noon)
    assert duty(collaboration) is Duty.HELD


def test_all_verdicts_of_a_campaign_take_the_same_number_of_queries(
    collaborations, ada, noon, django_assert_num_queries
):
    for row in collaborations.values():
        give(row, ada, noon, "900")
    rows = list(Collaboration.objects.select_related("campaign"))
    with django_assert_num_queries(3):
        found = contract_verdicts(rows, ON, signed_versions(rows))
    assert {v.duty for v in found.values()} == {Duty.NEAR}


def test_who_entered_it_is_kept_and_a_withdrawal_is_said(collaboration, ada, noon):
    made = give(collaboration, ada, noon)
    assert (made.entered_name, made.entered_at) == ("ada@example.org", noon)
    withdraw_consideration(consideration_id=made.pk, actor=ada, now=noon)
    assert duty(collaboration) is Duty.NONE
    with pytest.raises(ConsiderationGone):
        withdraw_consideration(consideration_id=made.pk, actor=ada, now=noon)
    verbs = list(Entry.objects.filter(subject_kind="collaboration").values_list("verb", flat=True))
    assert verbs[-2:] == ["campaigns.consideration_added", "campaigns.consideration_withdrawn"]


@pytest.mark.parametrize(
    ("kind", "more", "place"),
    [
        (Kind.MONEY, {}, "amount"),
        (Kind.MONEY, {"amount": Decimal("-1")}, "amount"),
        (Kind.MONEY, {"amount": Decimal("NaN")}, "amount"),
        (Kind.GIFT, {"amount": Decimal(10), "is_estimate": True}, "is_estimate"),
        (Kind.PERCENTAGE, {}, "percent"),
        (Kind.PERCENTAGE, {"percent": Decimal(101)}, "percent"),
        (Kind.MONEY, {"amount": Decimal(10), "percent": Decimal(5)}, "percent"),
        (Kind.MONEY, {"amount": Decimal(10), "text": " "}, "text"),
    ],
)
def test_what_is_not_said_in_full_is_refused_by_its_field(collaboration, ada, noon, kind, more, place):
    given = {"text": "Film", **more}
    with pytest.raises(ConsiderationMalformed) as refused:
        add_consideration(collaboration_id=collaboration.pk, kind=kind, actor=ada, now=noon, **given)
    assert refused.value.place == place


def test_a_reader_a_machine_and_a_stranger_promise_nothing(collaboration, ada, rita, dario, noon):
    with pytest.raises(NotAllowed):
        give(collaboration, rita, noon)
    with pytest.raises(NotFound):
        give(collaboration, dario, noon)
    robot = Actor(ActorKind.AUTOMATION, "robot", ada.workspace_id, frozenset({Right.CAMPAIGN}))
    with pytest.raises(NotEnteredByAPerson):
        give(collaboration, robot, noon)
    assert Consideration.objects.count() == 0
