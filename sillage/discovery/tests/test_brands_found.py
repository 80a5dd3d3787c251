"""A brand that somebody names is found in posts at the next reading, and briefs go by it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sillage.catalogue.actions.brands import add_brand, change_brand, remove_brand
from sillage.catalogue.engine.brands import BrandSaid
from sillage.catalogue.models import Card
from sillage.catalogue.queries import mentions_of_brands
from sillage.discovery import actions as discovery
from sillage.discovery import queries
from sillage.discovery.engine.known import NotKnown
from sillage.understanding.actions import bring_up_to_date
from sillage.understanding.actions.enriching import enrich_due, spec_of
from sillage.understanding.models import Signal
from sillage.understanding.workers import Reader

POTAGER = BrandSaid("Terreau", handles=("terreau.fr",))  # a name that Mona and Basile write
BRIEF = {"text": "Jardinage au potager", "filters": {"brands_none": ["terreau"]}}


def version_of_brands(ada) -> str:
    return Reader(spec_of(ada.workspace_id, ["brands"])).versions["brands"]


def handles(brief, ada, noon) -> set[str]:
    made = discovery.shortlist(brief_id=brief.pk, limit=5, actor=ada, now=noon)
    return {candidate.account.handle for candidate in queries.list_candidates(made)}


def test_every_change_of_brands_makes_all_posts_due_for_them(catalogue, ada, noon):
    posts = Signal.objects.filter(enricher="brands").count()
    assert posts and enrich_due(actor=ada, now=noon, only=["brands"]).posts == 0
    changes = (
        lambda: add_brand(said=POTAGER, actor=ada, now=noon),
        lambda: change_brand(key="terreau", aliases=["Terre noire"], actor=ada, now=noon),
        lambda: remove_brand(key="terreau", actor=ada, now=noon),
    )
    for change in changes:
        before = version_of_brands(ada)
        change()
        assert version_of_brands(ada) != before
    add_brand(said=POTAGER, actor=ada, now=noon)
    assert enrich_due(actor=ada, now=noon, only=["brands"]).posts == posts


def test_a_brand_is_found_after_reading_and_a_brief_leaves_out_who_mentions_it(catalogue, ada, noon):
    with pytest.raises(NotKnown, match="terreau") as refusal:
        discovery.open_brief(given=BRIEF, actor=ada, now=noon)
    assert "sillage brands add" in refusal.value.hint
    add_brand(said=POTAGER, actor=ada, now=noon)
    brief = discovery.open_brief(given=BRIEF, actor=ada, now=noon)
    assert "mona" in handles(brief, ada, noon) and mentions_of_brands(ada.workspace_id) == {}

    bring_up_to_date(actor=ada, now=noon + timedelta(hours=1))
    assert set(Card.objects.filter(brands=["terreau"]).values_list("account__handle", flat=True)) == {"mona", "basile"}
    assert mentions_of_brands(ada.workspace_id) == {"terreau": 2}
    left = handles(brief, ada, noon)
    assert "poppy" in left and not left & {"mona", "basile"}
    wanted = discovery.open_brief(
        given={"text": "Jardinage au potager", "filters": {"brands_any": ["terreau"]}}, actor=ada, now=noon
    )
    assert handles(wanted, ada, noon) == {"mona", "basile"}


def test_a_removed_brand_goes_out_of_cards_and_its_brief_stays(catalogue, ada, noon):
    add_brand(said=POTAGER, actor=ada, now=noon)
    brief = discovery.open_brief(given=BRIEF, actor=ada, now=noon)
    bring_up_to_date(actor=ada, now=noon + timedelta(hours=1))
    remove_brand(key="terreau", actor=ada, now=noon)
    bring_up_to_date(actor=ada, now=noon + timedelta(hours=2))
    assert mentions_of_brands(ada.workspace_id) == {}
    discovery.change_brief(brief_id=brief.pk, given={"title": "Potagers"}, actor=ada, now=noon)
    assert "mona" in handles(brief, ada, noon)
