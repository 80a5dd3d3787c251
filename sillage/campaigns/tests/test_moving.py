"""Moving collaborations: gates with real facts, two people at once, many at once, taking back."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from sillage.campaigns.actions.campaigns import archive_campaign
from sillage.campaigns.actions.deliverables import add_deliverable
from sillage.campaigns.actions.drafts import follow_deliverable, submit_draft
from sillage.campaigns.actions.moving import (
    MovedMeanwhile,
    MoveRefused,
    NothingToUndo,
    follow,
    follow_from_work,
    move_collaboration,
    move_collaborations,
    undo_move,
)
from sillage.campaigns.engine.pipeline import Stage
from sillage.campaigns.models import Collaboration, Move
from sillage.campaigns.queries.campaigns import get_collaboration
from sillage.campaigns.tests.contract_cast import give, signed
from sillage.discovery.actions import exclude
from sillage.governance.actions.data_requests import Asked, open_data_request
from sillage.governance.engine.actors import NotAllowed
from sillage.governance.engine.privacy import RequestKind
from sillage.governance.models import Entry
from sillage.lib.errors import NotFound, Refusal

S = Stage


def move(row, to, actor, noon, **more):
    return move_collaboration(collaboration_id=row.pk, to=to, actor=actor, now=noon, **more)


def brought_to(row, stage, actor, noon):
    """As far as `stage` on the way without a contract."""
    for to in (S.CONTACTED, S.NEGOTIATING, S.AGREED, S.PRODUCING, S.IN_REVIEW, S.LIVE):
        move(row, to, actor, noon)
        if to is stage:
            return


def test_a_move_is_appended_and_entered(collaboration, bruno, noon):
    later = noon + timedelta(hours=1)
    moved = move(collaboration, S.CONTACTED, bruno, later, version=1, reason="  by   e-mail ")

    assert (moved.stage, moved.version, moved.stage_since) == ("contacted", 2, later)
    told = moved.moves.get()
    assert (told.from_stage, told.to_stage, told.who, told.reason) == (
        "shortlisted",
        "contacted",
        "bruno@example.org",
        "by e-mail",
    )
    entry = Entry.objects.get(verb="campaigns.collaboration_moved")
    assert entry.facts == {"from": "shortlisted", "to": "contacted", "campaign": collaboration.campaign_id}


def test_who_only_reads_moves_nothing_and_a_stranger_finds_nothing(collaboration, rita, dario, noon):
    with pytest.raises(NotAllowed):
        move(collaboration, S.CONTACTED, rita, noon)
    with pytest.raises(NotFound):
        move(collaboration, S.CONTACTED, dario, noon)
    with pytest.raises(NotFound):
        move_collaborations(
            campaign_id=collaboration.campaign_id, versions={collaboration.pk: 1}, to=S.CONTACTED, actor=dario, now=noon
        )
    assert not Move.objects.exists()


def test_somebody_on_an_exclusion_list_is_not_contacted_while_it_is_on(collaboration, ada, noon):
    exclude(name="Asked us to stop", account_ids=[collaboration.account_id], actor=ada, now=noon)
    with pytest.raises(MoveRefused, match="may not be written to: Asked us to stop"):
        move(collaboration, S.CONTACTED, ada, noon)
    exclude(name="Asked us to stop", account_ids=[], is_on=False, actor=ada, now=noon)
    assert move(collaboration, S.CONTACTED, ada, noon).stage == "contacted"


def test_somebody_who_objected_is_not_contacted(collaboration, ada, noon):
    asked = Asked(RequestKind.OBJECTION, "creator", collaboration.creator_id, requester="Mona", contact="m@example.org")
    open_data_request(asked=asked, actor=ada, now=noon)
    with pytest.raises(MoveRefused, match="asked not to be contacted"):
        move(collaboration, S.CONTACTED, ada, noon)


def test_from_a_thousand_euros_the_work_waits_for_the_signed_contract(collaboration, ada, bruno, noon):
    brought_to(collaboration, S.AGREED, ada, noon)
    give(collaboration, ada, noon, amount="999")
    assert move(collaboration, S.PRODUCING, ada, noon).stage == "producing"
    undo_move(collaboration_id=collaboration.pk, actor=ada, now=noon)

    give(collaboration, ada, noon, amount="1")
    with pytest.raises(MoveRefused, match=r"promised EUR 1,000\.00: the law asks for a written contract"):
        move(collaboration, S.PRODUCING, ada, noon)
    with pytest.raises(MoveRefused, match="no signed contract with Mona"):
        move(collaboration, S.CONTRACTED, ada, noon)


def test_a_signed_contract_opens_the_gate(collaboration, ada, bruno, noon):
    brought_to(collaboration, S.AGREED, ada, noon)
    signed(collaboration, bruno, ada, noon)
    assert get_collaboration(ada.workspace_id, collaboration.pk).stage == "contracted", "the second signature moved it"
    assert move(collaboration, S.PRODUCING, ada, noon).stage == "producing"


def test_a_deliverable_without_an_approved_draft_keeps_it_from_going_live(collaboration, ada, noon):
    brought_to(collaboration, S.IN_REVIEW, ada, noon)
    given = {"name": "Reel", "network": "instagram", "format": "short_video"}
    add_deliverable(given=given, collaboration_id=collaboration.pk, actor=ada, now=noon)
    with pytest.raises(MoveRefused, match="1 of the deliverables of Mona have no approved draft"):
        move(collaboration, S.LIVE, ada, noon)


def test_nothing_moves_in_a_campaign_that_was_put_away(collaboration, ada, noon):
    archive_campaign(campaign_id=collaboration.campaign_id, actor=ada, now=noon)
    with pytest.raises(MoveRefused, match="put away"):
        move(collaboration, S.CONTACTED, ada, noon)


# -- versions and races ----------------------------------------------------------------------------------------------


def test_who_looked_at_an_older_one_is_told_who_moved_it_and_where_to(collaboration, ada, bruno, noon):
    move(collaboration, S.CONTACTED, bruno, noon, version=1)
    with pytest.raises(MovedMeanwhile, match=r"bruno@example\.org moved Mona to contacted meanwhile"):
        move(collaboration, S.CLOSED, ada, noon, version=1, reason="too dear")
    assert Collaboration.objects.get(pk=collaboration.pk).stage == "contacted"


def at_once(*doings: Callable[[], Any]) -> list[Any]:
    """What each came to, a Refusal included; all start together, each on a connection of its own."""
    barrier = Barrier(len(doings))

    def run(doing: Callable[[], Any]) -> Any:
        barrier.wait()
        try:
            return doing()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(doings)) as pool:
        return list(pool.map(run, doings))


@pytest.mark.django_db(transaction=True)
def test_of_two_who_move_at_once_one_wins_and_the_other_is_told(collaboration, ada, bruno, noon):
    answers = at_once(
        lambda: move(collaboration, S.CONTACTED, ada, noon, version=1),
        lambda: move(collaboration, S.CLOSED, bruno, noon, version=1, reason="too dear"),
    )
    refused = [a for a in answers if isinstance(a, MovedMeanwhile)]
    won = [a for a in answers if isinstance(a, Collaboration)]
    assert len(refused) == len(won) == 1
    told = Move.objects.get()
    assert told.to_stage == won[0].stage and told.who in refused[0].message and won[0].stage in refused[0].message


@pytest.mark.django_db(transaction=True)
def test_of_two_who_move_many_at_once_each_card_moves_once(campaign, collaborations, ada, bruno, noon):
    versions = {row.pk: 1 for row in collaborations.values()}

    def many(actor):
        return lambda: move_collaborations(
            campaign_id=campaign.pk, versions=versions, to=S.CONTACTED, actor=actor, now=noon
        )

    outcomes = [outcome for answer in at_once(many(ada), many(bruno)) for outcome in answer]
    assert sorted(type(o.refusal).__name__ for o in outcomes) == ["MovedMeanwhile"] * 2 + ["NoneType"] * 2
    assert Move.objects.count() == 2


# -- many at once ----------------------------------------------------------------------------------------------------


def test_many_move_each_by_itself(campaign, collaborations, ada, noon):
    exclude(name="Stop", account_ids=[collaborations["noe"].account_id], actor=ada, now=noon)
    outcomes = move_collaborations(
        campaign_id=campaign.pk,
        versions={row.pk: row.version for row in collaborations.values()},
        to=S.CONTACTED,
        actor=ada,
        now=noon,
    )
    said = {o.collaboration.handle: o.refusal and o.refusal.message for o in outcomes}
    assert said == {"mona": None, "noe": "Noe may not be written to: Stop."}
    entry = Entry.objects.get(verb="campaigns.collaborations_moved")
    assert entry.facts["moved"] == [collaborations["mona"].pk] and entry.facts["refused"] == [collaborations["noe"].pk]


def test_a_card_of_another_campaign_is_not_moved_with_them(campaign, collaboration, ada, noon):
    with pytest.raises(NotFound):
        move_collaborations(
            campaign_id=campaign.pk, versions={collaboration.pk: 1, 10**9: 1}, to=S.CONTACTED, actor=ada, now=noon
        )
    assert not Move.objects.exists()


# -- taking back -----------------------------------------------------------------------------------------------------


def test_taking_back_is_a_move_of_its_own_and_restores_the_stage(collaboration, ada, bruno, noon):
    move(collaboration, S.CONTACTED, ada, noon)
    closed = move(collaboration, S.CLOSED, ada, noon, reason="slip of the mouse")
    assert closed.closed_because == "slip of the mouse"
    back = undo_move(collaboration_id=collaboration.pk, version=3, actor=bruno, now=noon)
    assert (back.stage, back.closed_because, back.version) == ("contacted", "", 4)
    last = back.moves.order_by("-pk").first()
    assert (last.from_stage, last.to_stage, last.undoes.to_stage) == ("closed", "contacted", "closed")


def test_what_was_taken_back_is_not_taken_back_again(collaboration, ada, noon):
    with pytest.raises(NothingToUndo):
        undo_move(collaboration_id=collaboration.pk, actor=ada, now=noon)
    move(collaboration, S.CONTACTED, ada, noon)
    undo_move(collaboration_id=collaboration.pk, actor=ada, now=noon)
    with pytest.raises(NothingToUndo):
        undo_move(collaboration_id=collaboration.pk, actor=ada, now=noon)


def test_a_move_that_somebody_made_since_is_not_taken_back_unseen(collaboration, ada, bruno, noon):
    move(collaboration, S.CONTACTED, ada, noon)
    move(collaboration, S.NEGOTIATING, bruno, noon)
    with pytest.raises(MovedMeanwhile):
        undo_move(collaboration_id=collaboration.pk, version=2, actor=ada, now=noon)


# -- following something else ----------------------------------------------------------------------------------------


def test_a_card_follows_what_happened_unless_a_gate_is_closed(collaboration, ada, noon):
    row = get_collaboration(ada.workspace_id, collaboration.pk, lock=True)
    assert not follow(collaboration=row, to=S.CONTRACTED, who="signature", because="signed", now=noon)
    assert follow(collaboration=row, to=S.CONTACTED, who="invitation", because="sent", now=noon)
    told = row.moves.get()
    assert (told.who, told.member, told.to_stage) == ("invitation", None, "contacted")


def test_without_two_signatures_the_card_stays(collaboration, ada, noon):
    brought_to(collaboration, S.AGREED, ada, noon)
    follow_from_work(
        collaboration_id=collaboration.pk,
        workspace_id=ada.workspace_id,
        to=S.CONTRACTED,
        who="Mona",
        because="signature",
        now=noon,
    )
    collaboration.refresh_from_db()
    assert collaboration.stage == "agreed"


def test_a_draft_brings_the_card_to_review_and_the_post_to_live_where_gates_let_it(collaboration, ada, noon):
    brought_to(collaboration, S.AGREED, ada, noon)
    given = {"name": "Reel", "network": "instagram", "format": "short_video"}
    asked = add_deliverable(given=given, collaboration_id=collaboration.pk, actor=ada, now=noon)
    submit_draft(deliverable_id=asked.pk, text="Publicité. Deux sachets de semis.", actor=ada, now=noon)
    collaboration.refresh_from_db()
    assert collaboration.stage == "in_review"
    follow_deliverable(asked, "exact link", S.LIVE, "live post", noon)
    collaboration.refresh_from_db()
    assert collaboration.stage == "in_review", "no draft is approved"


def test_a_collaboration_that_nobody_talked_about_follows_nothing(collaboration, ada, noon):
    follow_from_work(
        collaboration_id=collaboration.pk,
        workspace_id=ada.workspace_id,
        to=S.IN_REVIEW,
        who="x",
        because="draft",
        now=noon,
    )
    collaboration.refresh_from_db()
    assert collaboration.stage == "shortlisted"
