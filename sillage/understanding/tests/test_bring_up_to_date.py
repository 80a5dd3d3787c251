"""Posts that came in are read once, put together in profiles, and found through their cards."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sillage.catalogue import queries as catalogue
from sillage.catalogue.actions.ingest import ingest
from sillage.catalogue.engine.records import AccountRecord, Batch, Measure, ObservationRecord, PostRecord, SourceClass
from sillage.catalogue.models import Card
from sillage.governance import queries as governance
from sillage.understanding import actions as understanding
from sillage.understanding.models import FittedModel, Profile, Signal

GARDEN = (
    "Le potager au printemps : semis de tomates et compost",
    "J'ai paillé mes rosiers et taillé les arbustes du jardin",
)
SURF = ("Session de surf ce matin, les vagues étaient parfaites", "Nouvelle planche de surf, premier take-off réussi")


def _batch(noon, texts=GARDEN, handle="mona", followers=12_000):
    account = AccountRecord("instagram", handle, handle, name=handle.title(), country="FR")
    posts = tuple(
        PostRecord("instagram", handle, f"p{i}", noon - timedelta(days=3 * i), text=text, format="image")
        for i, text in enumerate(texts * 3)
    )
    numbers = tuple(
        ObservationRecord("instagram", handle, measure, value, measure.value, SourceClass.PUBLIC, noon, post.network_id)
        for post in posts
        for measure, value in ((Measure.LIKES, 300), (Measure.COMMENTS, 20))
    )
    size = ObservationRecord(
        "instagram", handle, Measure.FOLLOWERS, followers, "followers_count", SourceClass.PUBLIC, noon
    )
    return Batch((account,), posts, (), (*numbers, size))


@pytest.fixture
def mona(ada, noon):
    ingest(workspace_id=ada.workspace_id, batch=_batch(noon), actor=ada, now=noon)
    return catalogue.get_account(ada.workspace_id, "instagram:mona")


def _run(ada, now, **more):
    return understanding.bring_up_to_date(actor=ada, now=now, **more)


def test_every_post_gets_one_signal_per_enricher(mona, ada, noon):
    done = _run(ada, noon)
    assert done.posts == 6
    assert Signal.objects.count() == 6 * len(done.versions)
    signal = Signal.objects.get(account=mona, enricher="language", post_id=catalogue.list_posts(mona).items[0].id)
    assert signal.value == {"language": "fr"} and signal.confidence > 0.5


def test_reading_again_is_free(mona, ada, noon):
    _run(ada, noon)
    again = _run(ada, noon + timedelta(hours=1))
    assert again.posts == 0
    assert governance.list_entries(ada.workspace_id).items[0].at == noon


def test_a_changed_post_is_read_again(mona, ada, noon):
    _run(ada, noon)
    later = noon + timedelta(days=1)
    ingest(workspace_id=ada.workspace_id, batch=_batch(noon, texts=(GARDEN[0], SURF[0])), actor=ada, now=later)
    assert _run(ada, later).posts == 3


def test_a_profile_says_what_the_account_talks_about(mona, ada, noon):
    _run(ada, noon)
    profile = Profile.objects.get(account=mona)
    assert next(iter(profile.themes)) == "home.gardening"
    assert profile.languages == {"fr": 1.0}
    assert profile.posts_read == 6


def test_a_card_carries_measured_numbers_with_receipts(mona, ada, noon):
    _run(ada, noon)
    card = Card.objects.get(account=mona)
    assert card.followers == 12_000
    assert card.engagement_rate == pytest.approx(100 * 320 / 12_000)
    receipts = governance.latest_receipts(ada.workspace_id, "account", [str(mona.pk)])[str(mona.pk)]
    verified = governance.verify_receipt(ada.workspace_id, receipts["account.engagement_by_followers"].key)
    assert verified.holds and verified.receipt.n == 6


def test_a_receipt_does_not_hold_once_its_source_is_gone(mona, ada, noon):
    _run(ada, noon)
    receipts = governance.latest_receipts(ada.workspace_id, "account", [str(mona.pk)])[str(mona.pk)]
    mona.observations.filter(measure="followers").delete()
    verified = governance.verify_receipt(ada.workspace_id, receipts["account.followers"].key)
    assert not verified.holds and len(verified.changed) == 1


def test_models_are_fitted_once_and_the_card_is_found_by_words(mona, ada, noon):
    _run(ada, noon)
    assert set(FittedModel.objects.values_list("name", flat=True)) == {"lexical", "word_projection"}
    found = catalogue.search_cards(
        workspace_id=ada.workspace_id, filters=catalogue.CardFilters(), words="rosiers", limit=5
    )
    assert [f.account_id for f in found] == [mona.pk]


def test_an_unknown_enricher_is_refused_with_the_list(mona, ada, noon):
    with pytest.raises(understanding.UnknownEnricher) as refusal:
        _run(ada, noon, only=["horoscope"])
    assert "themes" in refusal.value.hint


def test_one_enricher_can_run_alone(mona, ada, noon):
    assert set(_run(ada, noon, only=["themes"]).signals) == {"themes"}
    assert set(Signal.objects.values_list("enricher", flat=True)) == {"themes"}


def test_two_processes_find_what_one_finds(ada, noon, monkeypatch):
    monkeypatch.setattr("sillage.understanding.actions.enriching.BATCH_POSTS", 4)
    ingest(workspace_id=ada.workspace_id, batch=_batch(noon), actor=ada, now=noon)
    ingest(workspace_id=ada.workspace_id, batch=_batch(noon, SURF, "noe"), actor=ada, now=noon)
    assert _run(ada, noon, workers=2).posts == 12
    themes = {a: next(iter(t)) for a, t in Profile.objects.values_list("account__handle", "themes")}
    assert themes["mona"] == "home.gardening"
