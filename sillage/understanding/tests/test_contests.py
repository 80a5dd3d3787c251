"""What a creator says against a signal is kept beside it; by the link to their own page they say it themselves."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sillage.catalogue.actions.ingest import ingest
from sillage.catalogue.engine.records import AccountRecord, Batch
from sillage.catalogue.models import Account
from sillage.governance import actions as governance
from sillage.governance.engine.actors import NotAllowed
from sillage.governance.engine.links import Purpose
from sillage.governance.models import Entry
from sillage.governance.queries import guest_of
from sillage.lib.errors import NotFound
from sillage.understanding.actions.authenticity import measure_authenticity
from sillage.understanding.actions.contesting import (
    AlreadyAnswered,
    ContestMalformed,
    NothingToContest,
    TooManyContests,
    answer_contest,
    contest,
)
from sillage.understanding.models import AccountSignal, Contest


@pytest.fixture
def mona(ada, noon):
    ingest(
        workspace_id=ada.workspace_id, batch=Batch((AccountRecord("instagram", "mona", "mona"),)), actor=ada, now=noon
    )
    return Account.objects.get(handle="mona")


@pytest.fixture
def judged(mona, ada, noon):
    measure_authenticity(actor=ada, now=noon)
    value = {
        "low": 0.2,
        "high": 0.4,
        "known": 0.5,
        "parts": [{"name": "growth", "weight": 0.6, "known": 0.5, "sign": 1.0}],
    }
    numbers = {"before": 12_000, "after": 48_000, "days": 30, "on": "2026-04-15"}
    AccountSignal.objects.filter(account=mona).update(
        value=value, evidence=[{"part": "growth", "id": "growth.jump", "fits": False, "numbers": numbers}]
    )
    return mona


def say(account, actor, now, **more):
    given = {"enricher": "authenticity", "text": "A television show.", "stated_by": "Mona", **more}
    return contest(account_id=account.pk, actor=actor, now=now, **given)


def test_a_statement_is_kept_with_the_signal_as_it_was(judged, ada, noon):
    made = say(judged, ada, noon)
    assert made.signal_value["high"] == 0.4 and made.version == "authenticity/1"
    assert AccountSignal.objects.get(account=judged).value["high"] == 0.4, (
        "it stands beside the signal, not in its place"
    )
    entry = Entry.objects.get(verb="understanding.signal_contested")
    assert entry.facts["contest"] == made.pk and "television" not in str(entry.facts)


def test_it_is_answered_once(judged, ada, bruno, noon):
    made = say(judged, ada, noon)
    answer_contest(contest_id=made.pk, answer="We saw the show.", actor=bruno, now=noon)
    assert Contest.objects.get().answered_by_id == bruno.member_id
    with pytest.raises(AlreadyAnswered):
        answer_contest(contest_id=made.pk, answer="Again.", actor=ada, now=noon)


@pytest.mark.parametrize(
    "wrong", [{"text": " \n"}, {"stated_by": ""}, {"text": "x" * 5_001}, {"stated_by": "x" * 201}, {"enricher": "tone"}]
)
def test_a_statement_has_words_a_name_and_something_to_contest(judged, ada, noon, wrong):
    with pytest.raises(ContestMalformed) as refusal:
        say(judged, ada, noon, **wrong)
    assert refusal.value.hint and not Contest.objects.exists()


def test_where_nothing_is_said_nothing_is_contested(mona, ada, noon):
    with pytest.raises(NothingToContest):
        say(mona, ada, noon)


def test_a_flood_of_statements_ends_and_the_next_day_is_another(judged, ada, noon):
    for _ in range(5):
        say(judged, ada, noon)
    with pytest.raises(TooManyContests):
        say(judged, ada, noon)
    say(judged, ada, noon + timedelta(days=1, seconds=1))


def test_another_workspace_contests_and_answers_nothing_here(judged, ada, dario, noon):
    made = say(judged, ada, noon)
    with pytest.raises(NotFound):
        say(judged, dario, noon)
    with pytest.raises(NotFound):
        answer_contest(contest_id=made.pk, answer="No.", actor=dario, now=noon)


def test_a_reader_contests_nothing(judged, rita, noon):
    with pytest.raises(NotAllowed):
        say(judged, rita, noon)


def test_a_creator_contests_by_the_link_to_their_own_page_and_nobody_else_s(judged, ada, noon):
    own, other = (
        governance.open_link(
            purpose=Purpose.CREATOR,
            subject_kind="creator",
            subject_id=creator,
            label="Mona",
            expires_at=noon + timedelta(days=30),
            actor=ada,
            now=noon,
        )[0]
        for creator in (judged.creator_id, judged.creator_id + 1)
    )
    made = say(judged, guest_of(own), noon, link=own)
    assert Contest.objects.get() == made
    with pytest.raises(NotFound):
        say(judged, guest_of(other), noon, link=other)
    with pytest.raises(NotAllowed):
        say(judged, guest_of(own), noon)
