"""Every number shown of an account has a receipt that holds; what was not measured is missing, and coverage says so."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from sillage.catalogue import queries as catalogue
from sillage.catalogue.actions.ingest import ingest
from sillage.catalogue.engine.records import AccountRecord, Batch, Measure, ObservationRecord, PostRecord, SourceClass
from sillage.catalogue.models import Account, Card, Observation
from sillage.discovery.actions import open_brief, shortlist
from sillage.discovery.models import Candidate
from sillage.governance import queries as governance
from sillage.governance.engine.actors import Actor
from sillage.governance.models import Receipt
from sillage.understanding.actions import bring_up_to_date


def bare(noon: datetime) -> Batch:
    """An account of which nothing was measured, and one without posts."""
    account = AccountRecord("tiktok", "bare", "bare", languages=("fr",))
    post = PostRecord("tiktok", "bare", "b1", noon - timedelta(days=3), text="Semis de tomates au potager")
    guess = ObservationRecord("tiktok", "bare", Measure.FOLLOWERS, 9, "guess", SourceClass.ESTIMATED, noon)
    return Batch((account, AccountRecord("mastodon", "silent", "silent", country="BE")), (post,), (), (guess,))


def test_all_numbers_of_all_accounts_are_proven(ada: Actor, noon: datetime, catalogue: None) -> None:
    brief = open_brief(given={"text": "Jardinage et potager"}, actor=ada, now=noon)
    shortlist(brief_id=brief.pk, limit=5, actor=ada, now=noon)
    receipts = list(Receipt.objects.all())
    assert {r.metric for r in receipts} >= {
        "account.followers",
        "account.engagement_by_followers",
        "account.median_likes",
        "account.posts_per_week",
        "account.sponsored_share",
    }
    for receipt in receipts:
        found = governance.verify_receipt(ada.workspace_id, receipt.key)
        assert found.holds, (receipt.metric, found)
    shown = Candidate.objects.filter(rank__isnull=False)
    assert len(shown) == 5
    for candidate in shown:
        proof = governance.get_receipt(ada.workspace_id, candidate.receipt_key)
        assert proof.value == pytest.approx(candidate.score, abs=1e-5)


def test_a_card_says_what_the_receipts_say(ada: Actor, noon: datetime, catalogue: None) -> None:
    for card in Card.objects.select_related("account"):
        proven = governance.latest_receipts(ada.workspace_id, "account", [str(card.pk)])[str(card.pk)]
        assert card.followers == proven["account.followers"].value
        assert card.engagement_rate == proven["account.engagement_by_followers"].value
        assert card.posts_per_week == proven["account.posts_per_week"].value
        assert card.sponsored_share == proven["account.sponsored_share"].value


def test_what_was_not_measured_is_null_on_the_card(ada: Actor, noon: datetime) -> None:
    ingest(workspace_id=ada.workspace_id, batch=bare(noon), actor=ada, now=noon)
    bring_up_to_date(actor=ada, now=noon)
    card = Card.objects.get(account__handle="bare")
    assert (card.followers, card.engagement_rate, card.engagement_percentile) == (None, None, None)
    assert (card.posts_read, card.sponsored_share, card.has_authenticated) == (1, 0.0, False)
    silent = Card.objects.get(account__handle="silent")
    assert (silent.posts_read, silent.posts_per_week, silent.sponsored_share, silent.last_post_on) == (
        0,
        None,
        None,
        None,
    )
    assert (silent.country, silent.themes, silent.languages) == ("BE", [], [])
    assert not any(silent.vector)


def test_a_number_that_is_no_longer_known_leaves_the_card(ada: Actor, noon: datetime, catalogue: None) -> None:
    mona = Account.objects.get(handle="mona")
    Observation.objects.filter(account=mona, measure="followers").delete()
    Account.objects.filter(pk=mona.pk).update(fetched_at=noon + timedelta(days=1))
    bring_up_to_date(actor=ada, now=noon + timedelta(days=2))
    card = Card.objects.get(account=mona)
    assert (card.followers, card.engagement_rate) == (None, None)


@pytest.mark.usefixtures("catalogue")
def test_coverage_says_what_there_is_and_what_is_missing(ada: Actor, dario: Actor, noon: datetime) -> None:
    ingest(workspace_id=ada.workspace_id, batch=bare(noon), actor=ada, now=noon + timedelta(days=1))
    found = catalogue.get_coverage(ada.workspace_id)

    cells = {(c.network, c.country, c.language): c for c in found.cells}
    french = cells["instagram", "FR", "fr"]
    assert (french.accounts, french.posts, french.newest_fetch_at) == (3, 27, noon)
    assert (french.followers_known_share, french.authenticated_share) == (1.0, 0.0)
    assert cells["mastodon", "BE", None].followers_known_share == 0.0
    assert sum(c.accounts for c in found.cells) == 7
    assert "instagram" not in found.networks_without_accounts and "twitch" in found.networks_without_accounts
    assert (found.accounts_without_posts, found.accounts_without_country) == (1, 1)
    assert catalogue.get_coverage(dario.workspace_id).cells == []
