"""What was kept long enough goes: by rules, in portions, with one entry; a killed run goes on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sillage.campaigns.models import Campaign, Collaboration
from sillage.catalogue.actions.ingest import ingest
from sillage.catalogue.engine.records import AccountRecord, Batch, RawAnswer
from sillage.catalogue.models import Account, Creator, Tombstone
from sillage.catalogue.models import RawAnswer as KeptAnswer
from sillage.governance import actions
from sillage.governance.actions import Asked, retaining
from sillage.governance.engine.actors import NotAllowed
from sillage.governance.engine.privacy import RequestKind
from sillage.governance.models import Entry, IdempotencyKey, RetentionRun

YEARS = timedelta(days=365)


@pytest.fixture
def three(ada, noon):
    """Mona was read four years ago, Noe too and is in a campaign, Poppy today."""
    for handle, at in (("mona", noon - 4 * YEARS), ("noe", noon - 4 * YEARS), ("poppy", noon)):
        account = AccountRecord("instagram", handle, handle)
        raw = RawAnswer("instagram", handle, "user", at, b"{}", at + timedelta(days=30))
        ingest(workspace_id=ada.workspace_id, batch=Batch((account,), raw=(raw,)), actor=ada, now=at)
    found = {a.handle: a for a in Account.objects.all()}
    campaign = Campaign.objects.create(
        workspace_id=ada.workspace_id, name="C", brand="B", brand_key="b", created_at=noon, changed_at=noon
    )
    Collaboration.objects.create(
        workspace_id=ada.workspace_id,
        campaign=campaign,
        account=found["noe"],
        creator_id=found["noe"].creator_id,
        name="Noe",
        handle="noe",
        network="instagram",
        stage_since=noon,
        created_at=noon,
        changed_at=noon,
    )
    return found


def handles():
    return set(Account.objects.values_list("handle", flat=True))


def test_who_was_not_read_for_three_years_goes_unless_somebody_needs_them(three, ada, noon):
    counted = actions.count_retained(ada.workspace_id, noon)
    assert (counted["unseen-creators"], counted["raw-answers"]) == (1, 2)
    assert handles() == {"mona", "noe", "poppy"}, "counting removes nothing"
    assert actions.retain(actor=ada, now=noon) == {"raw-answers": 2, "unseen-creators": 1}
    assert handles() == {"noe", "poppy"} and KeptAnswer.objects.count() == 1
    assert not Tombstone.objects.exists(), "nobody asked to be forgotten: a new import may bring them back"
    entry = Entry.objects.get(verb="governance.retained")
    assert entry.facts["removed"]["unseen-creators"] == 1
    assert actions.retain(actor=ada, now=noon) == {}


def test_somebody_with_an_open_request_stays_until_it_is_answered(three, ada, noon):
    asked = Asked(RequestKind.ACCESS, "creator", three["mona"].creator_id)
    request = actions.open_data_request(asked=asked, actor=ada, now=noon)
    assert actions.count_retained(ada.workspace_id, noon)["unseen-creators"] == 0
    actions.refuse_data_request(request_id=request.pk, reason="Not them.", actor=ada, now=noon)
    assert actions.count_retained(ada.workspace_id, noon)["unseen-creators"] == 1


def test_what_is_kept_for_repeats_goes_after_a_month_to_the_instant(ada, noon):
    for key, at in (("old", noon - timedelta(days=31, seconds=1)), ("new", noon - timedelta(days=31))):
        IdempotencyKey.objects.create(
            workspace_id=ada.workspace_id, key=key, request_digest=b"", status=200, body="", created_at=at
        )
    actions.retain(actor=ada, now=noon)
    assert IdempotencyKey.objects.get().key == "new", "a month before 15 June is 15 May"


def test_a_killed_run_goes_on_and_its_entry_counts_both(three, ada, noon, monkeypatch):
    monkeypatch.setattr(retaining, "PORTION", 1)
    portion, done = retaining._portion, []

    def dies(*given):
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(portion(*given))

    monkeypatch.setattr(retaining, "_portion", dies)
    with pytest.raises(KeyboardInterrupt):
        actions.retain(actor=ada, now=noon)
    assert (
        RetentionRun.objects.get().finished_at is None and not Entry.objects.filter(verb="governance.retained").exists()
    )
    monkeypatch.setattr(retaining, "_portion", portion)
    assert actions.retain(actor=ada, now=noon + timedelta(hours=1)) == {"raw-answers": 2, "unseen-creators": 1}
    assert RetentionRun.objects.get().finished_at == noon + timedelta(hours=1)
    assert Entry.objects.filter(verb="governance.retained").count() == 1


def test_another_workspace_s_things_stay(three, dario, noon):
    assert actions.retain(actor=dario, now=noon) == {}
    assert handles() == {"mona", "noe", "poppy"} and Creator.objects.count() == 3


def test_a_reader_removes_nothing(three, rita, noon):
    with pytest.raises(NotAllowed):
        actions.retain(actor=rita, now=noon)
