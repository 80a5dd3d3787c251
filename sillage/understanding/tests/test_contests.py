"""What a creator says against a signal is kept beside it; a signed link lets them in without an account, for a while."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from sillage.catalogue.actions.ingest import ingest
from sillage.catalogue.engine.records import AccountRecord, Batch
from sillage.catalogue.models import Account
from sillage.governance.engine.actors import NotAllowed
from sillage.governance.models import Entry
from sillage.lib.errors import NotFound
from sillage.understanding.actions.authenticity import measure_authenticity
from sillage.understanding.actions.contesting import (
    AlreadyAnswered,
    ContestMalformed,
    NothingToContest,
    TooManyContests,
    answer_contest,
    contest,
    make_contest_link,
)
from sillage.understanding.models import AccountSignal, Contest
from sillage.understanding.queries.contesting import ContestLinkBroken, ContestLinkExpired, get_contest_link


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
    with pytest.raises(NotFound):
        make_contest_link(account_id=judged.pk, actor=dario, now=noon)


def test_a_reader_contests_and_an_analyst_makes_links_not(judged, rita, bruno, noon):
    with pytest.raises(NotAllowed):
        say(judged, rita, noon)
    with pytest.raises(NotAllowed):
        make_contest_link(account_id=judged.pk, actor=bruno, now=noon)


def test_a_link_opens_until_it_expires(judged, ada, noon):
    token = make_contest_link(account_id=judged.pk, days=3, actor=ada, now=noon)
    assert get_contest_link(token, noon + timedelta(days=2)).account == judged
    with pytest.raises(ContestLinkExpired):
        get_contest_link(token, noon + timedelta(days=3, seconds=1))
    for days in (0, 366):
        with pytest.raises(ContestMalformed):
            make_contest_link(account_id=judged.pk, days=days, actor=ada, now=noon)


@pytest.mark.parametrize(
    "spoil", [lambda t: t[:-1], lambda t: "x" + t, lambda t: "nothing", lambda t: "é" * 40, lambda t: ":"]
)
def test_a_changed_link_opens_nothing(judged, ada, noon, spoil):
    token = make_contest_link(account_id=judged.pk, actor=ada, now=noon)
    with pytest.raises(ContestLinkBroken):
        get_contest_link(spoil(token), noon)


def test_a_link_dies_with_the_account(judged, ada, noon):
    token = make_contest_link(account_id=judged.pk, actor=ada, now=noon)
    judged.delete()
    with pytest.raises(ContestLinkBroken):
        get_contest_link(token, noon)


# -- the public page -------------------------------------------------------------------------------------------------


@pytest.fixture
def opened(client, settings, judged, ada):
    settings.LANGUAGE_CODE = "en"
    client.cookies["django_language"] = "en"
    return client, f"/contest/{make_contest_link(account_id=judged.pk, actor=ada, now=timezone.now())}/"


def test_a_creator_sees_the_evidence_and_contests_it_without_an_account(opened):
    client, address = opened
    text = client.get(address).content.decode()
    assert "@mona" in text and "12,000 to 48,000" in text and "Between 20% and 40%" in text
    assert "noindex" in text and client.get(address)["Cache-Control"].startswith("max-age=0")

    answer = client.post(address, {"stated_by": "Mona <b>", "text": "A television show."}, follow=True)
    assert "A television show." in answer.content.decode() and "Mona &lt;b&gt;" in answer.content.decode()
    entry = Entry.objects.get(verb="understanding.signal_contested")
    assert (entry.actor_kind, entry.actor_name, entry.member_id) == ("automation", "contest link", None)


def test_it_shows_nothing_of_the_workspace(opened, workspace):
    client, address = opened
    text = client.get(address).content.decode()
    assert not re.findall(r"/w/|ada@|harbour", text, re.IGNORECASE)


def test_an_empty_statement_is_told_and_what_was_written_stays(opened):
    client, address = opened
    answer = client.post(address, {"stated_by": "Mona", "text": " "})
    assert answer.status_code == 422 and 'value="Mona"' in answer.content.decode()


def test_a_form_without_its_token_is_refused(opened, client):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    assert strict.post(opened[1], {"stated_by": "x", "text": "y"}).status_code == 403
    assert not Contest.objects.exists()


def test_a_bad_and_an_expired_link_say_so(opened, judged, ada):
    client, address = opened
    bad = client.get(address[:-2] + "/")
    assert bad.status_code == 404 and "not valid" in bad.content.decode()
    old = make_contest_link(account_id=judged.pk, days=1, actor=ada, now=timezone.now() - timedelta(days=2))
    expired = client.get(f"/contest/{old}/")
    assert expired.status_code == 410 and "expired" in expired.content.decode()
    assert client.post(f"/contest/{old}/", {"stated_by": "x", "text": "y"}).status_code == 410
