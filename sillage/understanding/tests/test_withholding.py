"""From what YouTube's API gave nothing is derived until the installation says that it may; imported channels are free."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sillage.catalogue import queries as catalogue
from sillage.catalogue.actions.ingest import ingest
from sillage.catalogue.engine.records import (
    AccountRecord,
    Batch,
    Measure,
    ObservationRecord,
    PostRecord,
    RawAnswer,
    SourceClass,
)
from sillage.catalogue.models import Account, Card
from sillage.governance.models import Entry, Receipt
from sillage.understanding import actions as understanding
from sillage.understanding.models import FittedModel, Profile, Signal
from sillage.understanding.queries import due_accounts, profiles_due, withheld_due

TEXTS = ("Semis de tomates au potager", "Tailler les rosiers du jardin", "Pailler et faire son compost")


def _channel(noon, handle, from_api):
    account = AccountRecord("youtube", handle, handle, name=handle.title(), languages=("fr",))
    posts = tuple(
        PostRecord("youtube", handle, f"{handle}{i}", noon - timedelta(days=i), text=text, format="video")
        for i, text in enumerate(TEXTS)
    )
    size = ObservationRecord(
        "youtube", handle, Measure.FOLLOWERS, 4_000, "statistics.subscriberCount", SourceClass.PUBLIC, noon
    )
    raw = RawAnswer("youtube", handle, "channels", noon, b"{}", noon + timedelta(days=30))
    return Batch((account,), posts, (), (size,), (raw,) if from_api else ())


@pytest.fixture
def channels(ada, noon):
    """{handle: account}: `fetched` came through the API, `imported` from a file."""
    for handle, from_api in (("fetched", True), ("imported", False)):
        ingest(workspace_id=ada.workspace_id, batch=_channel(noon, handle, from_api), actor=ada, now=noon)
    return {a.handle: a for a in Account.objects.all()}


@pytest.fixture
def allowed(settings):
    """Says that the amendment was accepted, or takes it back."""

    def say(derived):
        settings.SILLAGE = settings.SILLAGE.model_copy(update={"youtube_derived_metrics": derived})

    return say


def _run(ada, now):
    return understanding.bring_up_to_date(actor=ada, now=now)


def test_without_the_amendment_only_imported_channels_are_read(channels, ada, noon):
    assert _run(ada, noon).posts == 3
    imported = channels["imported"].pk
    assert set(Signal.objects.values_list("account_id", flat=True)) == {imported}
    assert list(Profile.objects.values_list("account_id", flat=True)) == [imported]
    assert FittedModel.objects.get(name="lexical").n == 3


def test_a_withheld_channel_is_found_by_name_and_words_with_the_networks_own_count(channels, ada, noon):
    _run(ada, noon)
    account = channels["fetched"]
    card = Card.objects.get(account=account)
    assert (card.followers, card.languages, card.formats) == (4_000, ["fr"], ["video"])
    assert (card.themes, card.brands, card.warnings, card.posts_read) == ([], [], [], 0)
    assert (card.engagement_rate, card.posts_per_week, card.sponsored_share) == (None, None, None)
    assert not any(card.vector)
    assert [r.metric for r in Receipt.objects.filter(subject_id=str(account.pk))] == ["account.followers"]
    found = catalogue.search_cards(
        workspace_id=ada.workspace_id, filters=catalogue.CardFilters(), words="fetched", limit=5
    )
    assert [f.account_id for f in found] == [account.pk]


def test_a_second_run_has_nothing_to_do(channels, ada, noon):
    _run(ada, noon)
    entries = Entry.objects.count()
    assert withheld_due(ada.workspace_id) == []
    _run(ada, noon + timedelta(hours=1))
    assert Entry.objects.count() == entries


def test_with_the_amendment_all_channels_are_read(channels, ada, noon, allowed):
    _run(ada, noon)
    allowed(True)
    fetched = channels["fetched"].pk
    done = _run(ada, noon)
    assert done.posts == 3
    assert Card.objects.get(account_id=fetched).themes == ["home.gardening"]


def test_when_it_is_taken_back_what_was_derived_goes(channels, ada, noon, allowed):
    allowed(True)
    _run(ada, noon)
    allowed(False)
    fetched = channels["fetched"].pk
    later = noon + timedelta(days=1)
    assert withheld_due(ada.workspace_id) == [fetched]
    _run(ada, later)
    assert not Signal.objects.filter(account_id=fetched).exists()
    assert not Profile.objects.filter(account_id=fetched).exists()
    assert [r.metric for r in Receipt.objects.filter(subject_id=str(fetched))] == ["account.followers"]
    assert Entry.objects.get(verb="understanding.accounts_withheld").facts == {"accounts": 1}


def test_the_queries_leave_withheld_accounts_out(channels, ada, allowed):
    versions = {"themes": "x"}
    assert set(due_accounts(ada.workspace_id, versions, None)) == {channels["imported"].pk}
    assert profiles_due(ada.workspace_id, versions) == [channels["imported"].pk]
    allowed(True)
    assert len(due_accounts(ada.workspace_id, versions, None)) == len(profiles_due(ada.workspace_id, versions)) == 2
