"""Engagement is placed among accounts of the same network and size; too few of them give no place."""

from __future__ import annotations

import numpy as np
import pytest

from sillage.catalogue.actions.cards import CardContent, keep_cards
from sillage.catalogue.actions.ingest import ingest
from sillage.catalogue.engine.records import AccountRecord, Batch
from sillage.catalogue.models import Account, Card
from sillage.governance import queries as governance
from sillage.governance.engine.actors import NotAllowed
from sillage.governance.models import Entry, Receipt
from sillage.understanding.actions import rank_engagement
from sillage.understanding.engine.projection import CARD_DIMS


def _content(account, followers, rate, warnings=()):
    return CardContent(
        account=account,
        languages=[],
        followers=followers,
        engagement_rate=rate,
        posts_per_week=None,
        posts_read=0,
        last_post_on=None,
        sponsored_share=None,
        warnings=list(warnings),
        themes=[],
        brands=[],
        formats=[],
        has_authenticated=False,
        vector=np.zeros(CARD_DIMS, dtype=np.float32),
        words="",
    )


@pytest.fixture
def cards(ada, noon):
    """`cards({"handle": (network, followers, rate)})` makes accounts with such cards, and gives places by handle."""

    def make(wanted, actor=ada, warnings=()):
        accounts = tuple(AccountRecord(network, handle, handle) for handle, (network, _, _) in wanted.items())
        ingest(workspace_id=actor.workspace_id, batch=Batch(accounts), actor=actor, now=noon)
        known = {a.handle: a for a in Account.objects.filter(workspace_id=actor.workspace_id)}
        keep_cards([_content(known[h], f, r, warnings) for h, (_, f, r) in wanted.items()], noon)

    return make


def _places():
    return dict(Card.objects.values_list("account__handle", "engagement_percentile"))


def _five(network="instagram", followers=5_000):
    return {f"{network}{n}": (network, followers + n, float(n)) for n in range(5)}


def test_a_place_is_the_share_of_the_others_with_less(cards, ada, noon):
    cards(_five())
    assert rank_engagement(actor=ada, now=noon) == 5
    assert _places() == {f"instagram{n}": n / 4 for n in range(5)}


def test_equals_share_a_place(cards, ada, noon):
    cards({**_five(), "same": ("instagram", 5_000, 4.0)})
    rank_engagement(actor=ada, now=noon)
    assert _places()["same"] == _places()["instagram4"] == 4 / 5


def test_with_fewer_than_four_peers_there_is_no_place(cards, ada, noon):
    cards(dict(list(_five().items())[:4]))
    assert rank_engagement(actor=ada, now=noon) == 0
    assert set(_places().values()) == {None}
    assert not Receipt.objects.exists()


def test_other_networks_and_other_sizes_are_no_peers(cards, ada, noon):
    cards({**_five(), "tube": ("youtube", 5_000, 9.0), "giant": ("instagram", 500_000, 9.0)})
    rank_engagement(actor=ada, now=noon)
    places = _places()
    assert (places["tube"], places["giant"]) == (None, None)
    assert places["instagram4"] == 1.0


def test_what_is_not_measured_has_no_place_and_is_nobodys_peer(cards, ada, noon):
    cards({**_five(), "hidden": ("instagram", 5_000, None), "nobody": ("instagram", None, 2.0)})
    rank_engagement(actor=ada, now=noon)
    assert (_places()["hidden"], _places()["nobody"], _places()["instagram4"]) == (None, None, 1.0)


def test_each_place_has_a_receipt_that_holds(cards, ada, noon):
    cards(_five())
    rank_engagement(actor=ada, now=noon)
    for receipt in Receipt.objects.all():
        assert governance.verify_receipt(ada.workspace_id, receipt.key).holds
        assert receipt.n == 4
    assert Receipt.objects.count() == 5


def test_a_second_run_changes_nothing_and_enters_nothing(cards, ada, noon):
    cards(_five())
    rank_engagement(actor=ada, now=noon)
    assert rank_engagement(actor=ada, now=noon) == 0
    assert Entry.objects.filter(verb="understanding.engagement_ranked").count() == 1


def test_the_last_of_many_large_accounts_is_warned_of_and_other_warnings_stay(cards, ada, noon):
    crowd = {f"i{n}": ("instagram", 20_000, 1.0 + n) for n in range(60)}
    cards({**crowd, "last": ("instagram", 20_000, 0.01)}, warnings=["follower_jump"])
    rank_engagement(actor=ada, now=noon)
    assert Card.objects.get(account__handle="last").warnings == ["follower_jump", "low_engagement_for_size"]
    assert Card.objects.get(account__handle="i5").warnings == ["follower_jump"]
    cards({"last": ("instagram", 20_000, 99.0)}, warnings=["low_engagement_for_size"])
    rank_engagement(actor=ada, now=noon)
    assert Card.objects.get(account__handle="last").warnings == []


def test_another_workspaces_accounts_are_no_peers(cards, ada, dario, noon):
    cards(_five())
    cards({"instagram9": ("instagram", 5_000, 99.0)}, actor=dario)
    rank_engagement(actor=ada, now=noon)
    assert _places()["instagram4"] == 1.0
    assert _places()["instagram9"] is None


def test_a_reader_ranks_nothing(rita, noon):
    with pytest.raises(NotAllowed):
        rank_engagement(actor=rita, now=noon)
