"""Mentions are organic, likely paid or declared; what follows from them says how many posts it rests on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sillage.understanding.engine.collaborations import (
    DECLARED,
    LIKELY,
    ORGANIC,
    PostSigns,
    affinities_of,
    collaborations_of,
    conflicts_of,
    mentions_of,
    paid_against_organic,
    sponsored_share,
    wilson,
)
from sillage.understanding.engine.timeline import strips_of

START = datetime(2026, 1, 1, tzinfo=UTC)
AD = {"words": "#ad", "confidence": 0.95, "kind": "label"}
CODE = {"words": "code promo", "confidence": 0.6, "kind": "code"}
LINK = {"words": "affiliate link", "confidence": 0.85, "kind": "affiliate"}


def _post(n: int, day: int, brands=("halden",), signs=(), engagement=None) -> PostSigns:
    return PostSigns(n, START + timedelta(days=day), dict.fromkeys(brands, 0.99), signs, engagement)


@pytest.mark.parametrize(
    ("signs", "standing"), [((), ORGANIC), ((CODE,), LIKELY), ((LINK,), LIKELY), ((LINK, AD), DECLARED)]
)
def test_a_mention_is_classed_by_the_signs_of_its_post(signs, standing):
    mention = mentions_of([_post(1, 0, signs=signs)])[0]
    assert mention.standing == standing
    assert mention.evidence == tuple(s["words"] for s in signs)


def test_a_weak_tag_does_not_declare():
    weak = {"words": "#gifted", "confidence": 0.6, "kind": "label"}
    assert mentions_of([_post(1, 0, signs=(weak,))])[0].standing == LIKELY


def test_signals_of_an_older_version_without_kinds_count_as_labels_when_sure():
    assert mentions_of([_post(1, 0, signs=({"words": "#ad", "confidence": 0.95},))])[0].standing == DECLARED


def test_among_several_brands_none_is_surely_the_one_that_pays():
    alone = mentions_of([_post(1, 0, signs=(AD,))])[0].confidence
    shared = mentions_of([_post(1, 0, brands=("halden", "mire"), signs=(AD,))])[0].confidence
    assert shared < alone


def test_paid_posts_that_lie_close_are_one_collaboration():
    posts = [_post(1, 0, signs=(CODE,)), _post(2, 20, signs=(AD,)), _post(3, 200, signs=(AD,)), _post(4, 30)]
    found = collaborations_of(mentions_of(posts))
    assert [(c.first_on, c.last_on, c.posts, c.standing) for c in found] == [
        (date(2026, 7, 20), date(2026, 7, 20), (3,), DECLARED),
        (date(2026, 1, 1), date(2026, 1, 21), (1, 2), DECLARED),
    ]


def test_brands_of_one_sector_conflict_within_the_months_asked():
    posts = [_post(1, 0, signs=(AD,)), _post(2, 100, brands=("mire",), signs=(AD,)), _post(3, 100, ("port",), (AD,))]
    made = collaborations_of(mentions_of(posts))
    sectors = {"halden": "skincare", "mire": "skincare", "port": "travel"}
    found = conflicts_of(made, sectors)
    assert [(c.earlier.brand, c.later.brand, c.days) for c in found] == [("halden", "mire", 100)]
    assert conflicts_of(made, sectors, months=2) == []
    assert conflicts_of(made, {}) == []


def test_affinity_says_nothing_below_three_mentions():
    posts = [_post(n, 31 * n) for n in range(3)] + [_post(9, 5, ("mire",)), _post(10, 6, ())]
    halden, mire = affinities_of(posts, mentions_of(posts))
    assert (halden.mentions, halden.share, halden.regularity) == (3, 0.6, 1.0)
    assert (mire.mentions, mire.share, mire.regularity) == (1, None, None)


def test_the_sponsored_share_has_an_interval_and_can_be_of_declared_posts_only():
    posts = [_post(1, 0, signs=(AD,)), _post(2, 1, signs=(CODE,)), *(_post(n, n) for n in range(3, 11))]
    both, declared = sponsored_share(posts), sponsored_share(posts, declared_only=True)
    assert (both.k, both.n, declared.k) == (2, 10, 1)
    assert both.low == pytest.approx(0.0567, abs=1e-3) and both.high == pytest.approx(0.5098, abs=1e-3)


def test_no_posts_have_no_share():
    assert sponsored_share([]).share is None


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_an_interval_holds_its_share_and_stays_between_nothing_and_all(pair):
    found = wilson(*pair)
    assert 0 <= found.low <= found.share + 1e-12 and found.share - 1e-12 <= found.high <= 1


def test_paid_against_organic_needs_five_posts_of_each():
    paid = [_post(n, n, signs=(AD,), engagement=50) for n in range(5)]
    organic = [_post(10 + n, n, engagement=100) for n in range(5)]
    assert paid_against_organic(paid + organic).ratio == 0.5
    few = paid_against_organic(paid[:4] + organic)
    assert (few.ratio, few.paid, few.organic) == (None, 4, 5)
    assert paid_against_organic([*paid, *organic[:4], _post(99, 1)]).ratio is None


def test_a_strip_places_collaborations_and_organic_mentions_between_two_days():
    posts = [_post(1, 0), _post(2, 50, signs=(AD,)), _post(3, 100, ("mire",))]
    mentions = mentions_of(posts)
    strips = strips_of(mentions, collaborations_of(mentions), date(2026, 1, 1), date(2026, 4, 11))
    assert [(s.brand, s.collaborations, s.organic) for s in strips] == [("halden", 1, 1), ("mire", 0, 1)]
    assert [(span.start, span.kind) for span in strips[0].spans] == [(0, "organic"), (496, "declared")]
    assert strips[1].spans[0].start + strips[1].spans[0].width == 1000


def test_a_strip_of_one_day_does_not_divide_by_it():
    mentions = mentions_of([_post(1, 0)])
    assert strips_of(mentions, [], date(2026, 1, 1), date(2026, 1, 1))[0].spans[0].start == 0
