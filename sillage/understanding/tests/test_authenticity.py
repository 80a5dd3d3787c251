"""Do the numbers of an account fit together? Signs are found where there are some, and little known is never held against."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sillage.catalogue.sample.cast import BOUGHT_FOLLOWERS, ENGAGEMENT_POD
from sillage.catalogue.sample.world import World, sample_world
from sillage.understanding.engine.authenticity import AccountSeen, Authenticity, authenticity
from sillage.understanding.engine.authenticity_series import PostCount
from sillage.understanding.engine.cohort import Cohort, Place, fit_cohort
from sillage.understanding.engine.comment_quality import CommentSeen, comment_quality

NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)
USUAL = (90, 300, 140, 210, 160, 400, 130, 240, 95, 180, 310, 150, 220, 170, 260)


def counts(*values: int, days: int = 30) -> list[tuple[datetime, int]]:
    return [(NOON - timedelta(days=days * (len(values) - 1 - i)), v) for i, v in enumerate(values)]


def posts(values=USUAL) -> list[PostCount]:
    return [PostCount(NOON - timedelta(days=5 * (len(values) - i)), v) for i, v in enumerate(values)]


def steady(followers: int = 50_000) -> AccountSeen:
    grown = [round(followers * 1.01**i) for i in range(-8, 1)]
    return AccountSeen(
        followers=followers,
        following=300,
        posts_published=400,
        follower_counts=counts(*grown),
        posts=posts(),
        place=Place(200, 190, -0.2, 0.45, 80),
    )


def ids(found: Authenticity) -> set[str]:
    return {s.id for s in found.signs}


def test_an_account_whose_numbers_fit_has_no_signs_and_the_highest_upper_end():
    found = authenticity(steady())
    assert found.signs == []
    assert found.high == 1.0
    assert 0 < found.low < found.high


def test_followers_that_jump_while_nobody_reacts_are_signs():
    seen = replace(
        steady(),
        follower_counts=counts(12_000, 12_100, 12_200, 12_300, 48_000, 48_500, 50_000),
        place=Place(2_000, 60, -6.0, 0.0, 80),
    )
    found = authenticity(seen)
    assert {"growth.jump", "engagement.low"} <= ids(found)
    assert found.high < 0.5


def test_a_post_that_many_saw_explains_new_followers():
    jump = counts(12_000, 12_100, 12_200, 12_300, 48_000, 48_500)
    calm = [PostCount(NOON - timedelta(days=200 - 10 * i), 150) for i in range(20)]
    loud = sorted([*calm, PostCount(NOON - timedelta(days=40), 9_000)], key=lambda p: p.at)
    without, explained = (authenticity(replace(steady(), follower_counts=jump, posts=p)) for p in (posts(), loud))
    assert "growth.attention" in {s.id for part in explained.parts for s in part.statements}
    assert explained.high > without.high


def test_growth_that_is_usual_for_the_account_is_no_jump():
    found = authenticity(replace(steady(), follower_counts=counts(*(round(2_000 * 1.45**i) for i in range(9)))))
    assert "growth.jump" not in ids(found)


def test_numbers_too_even_for_people_are_a_sign():
    even = [1_000 + (i % 3) for i in range(20)]
    assert "bursts.even" in ids(authenticity(replace(steady(), posts=posts(even))))
    assert "bursts.even" not in ids(authenticity(replace(steady(), posts=posts([3, 3, 3, 3, 3] * 4))))


def test_mass_following_and_hardly_any_posts_are_signs():
    assert "pattern.follows_many" in ids(authenticity(replace(steady(5_000), following=7_000)))
    assert "pattern.few_posts" in ids(authenticity(replace(steady(200_000), posts_published=3)))


def test_too_little_known_says_nothing():
    for seen in (AccountSeen(), AccountSeen(followers=900, posts=posts(USUAL[:4]))):
        found = authenticity(seen)
        assert (found.low, found.high) == (None, None)


@given(st.integers(500, 400_000), st.integers(2, 14), st.integers(3, 9))
def test_less_seen_widens_the_interval_and_never_lowers_its_upper_end(followers: int, n_posts: int, n_counts: int):
    base = replace(steady(), place=Place(2_000, 60, -6.0, 0.0, 80))
    less = replace(base, posts=base.posts[-n_posts:], follower_counts=base.follower_counts[-n_counts:])
    small = replace(base, followers=min(followers, base.followers))
    whole = authenticity(base)
    for other in (authenticity(less), authenticity(small)):
        if other.high is not None:
            assert other.high >= whole.high - 1e-9
            assert other.low / other.high <= whole.low / whole.high + 1e-9


# -- cohort ----------------------------------------------------------------------------------------------------------


def crowd(n: int = 200, seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(seed)
    followers = (10 ** draw.uniform(3, 6, n)).astype(np.int64)
    return followers, 0.2 * followers**0.8 * 10 ** draw.normal(0, 0.2, n)


def test_outliers_do_not_pull_the_line():
    followers, level = crowd()
    spoiled = level.copy()
    spoiled[:30] *= 0.02
    clean, robust = fit_cohort("instagram", followers, level), fit_cohort("instagram", followers, spoiled)
    assert robust.slope == pytest.approx(clean.slope, abs=0.06)
    assert robust.place(20_000, 0.02 * 0.2 * 20_000**0.8).distance < -4


def test_an_account_is_compared_with_its_own_size():
    cohort = fit_cohort("instagram", *crowd(600))
    place = cohort.place(20_000, 0.2 * 20_000**0.8)
    assert abs(place.distance) < 1 and 0.2 < place.percentile < 0.8
    assert place.n < 600
    assert place.expected == pytest.approx(0.2 * 20_000**0.8, rel=0.25)


def test_too_few_accounts_make_no_cohort():
    followers, level = crowd(19)
    assert fit_cohort("instagram", followers, level) is None


# -- comments --------------------------------------------------------------------------------------------------------


def under(n: int, texts: list[str], authors: int) -> list[CommentSeen]:
    return [CommentSeen(i % 10, texts[i % len(texts)], f"a{i % authors}") for i in range(n)]


def test_the_same_few_people_saying_the_same_few_things_are_seen():
    pod = comment_quality(under(60, ["Superbe contenu ! 🔥", "Magnifique 😍", "Trop beau !!"], 5), frozenset())
    assert pod.repeated > 0.3 and pod.generic == 1.0
    apart = comment_quality(
        under(60, [f"J'ai essayé hier la recette numéro {i}" for i in "abcdefghijklm"], 60), frozenset()
    )
    assert apart.repeated < 0.1 and apart.generic == 0.0 and apart.regulars == 0.0


def test_languages_are_asked_only_where_they_are_known():
    unknown = comment_quality(under(30, ["Bonjour"], 30), frozenset({"fr"}))
    assert unknown.foreign is None
    spoken = [replace(c, language="ru" if i < 20 else "fr") for i, c in enumerate(under(30, ["x"], 30))]
    assert comment_quality(spoken, frozenset({"fr"})).foreign == pytest.approx(2 / 3)


def test_a_handful_of_comments_says_nothing():
    assert comment_quality(under(19, ["Superbe"], 2), frozenset()) is None


@pytest.mark.parametrize(
    "text", ["", "🔥🔥", "\u200b\u200b", "A" * 20_000, "ignore previous instructions", "<b>مرحبا</b>"]
)
def test_any_comment_can_be_read(text):
    assert comment_quality(under(25, [text], 25), frozenset({"fr"})).n == 25


# -- the sample world ------------------------------------------------------------------------------------------------


def seen_in(world: World) -> dict[tuple[str, str], AccountSeen]:
    at = {(p.network, p.network_id): p.published_at for p in world.batch.posts}
    followers, measured, comments = defaultdict(list), defaultdict(lambda: defaultdict(dict)), defaultdict(list)
    for o in world.batch.observations:
        key = (o.network, o.account_network_id)
        if o.post_network_id is None and o.measure == "followers":
            followers[key].append((o.observed_at, o.value))
        elif o.measure in ("likes", "comments"):
            measured[key][o.post_network_id][o.measure] = o.value
    for c in world.batch.comments:
        comments[c.network, c.account_network_id].append(
            CommentSeen(int(c.post_network_id), c.text, c.author_network_id)
        )
    series = {
        key: sorted(
            (PostCount(at[key[0], p], sum(v.values())) for p, v in own.items() if len(v) == 2), key=lambda p: p.at
        )
        for key, own in measured.items()
    }
    made = {}
    cohorts = {network: _cohort(network, followers, series) for network in {n for n, _ in followers}}
    for key, known in followers.items():
        size, own = max(known)[1], series.get(key, [])
        level = float(np.median([p.interactions for p in own])) if len(own) >= 3 else None
        place = cohorts[key[0]].place(size, level) if level is not None else None
        made[key] = AccountSeen(
            followers=size, follower_counts=sorted(known), posts=own, place=place, comments=comments[key]
        )
    return made


def _cohort(network, followers, series) -> Cohort:
    pairs = [
        (max(followers[k])[1], float(np.median([p.interactions for p in own])))
        for k, own in series.items()
        if k[0] == network and k in followers and len(own) >= 3
    ]
    return fit_cohort(network, np.array([f for f, _ in pairs]), np.array([v for _, v in pairs]))


@pytest.mark.parametrize("seed", [7, 11])
def test_signs_are_found_on_the_suspicious_accounts_of_the_sample_world_and_not_on_the_others(seed):
    world = sample_world(seed=seed, now=NOON)
    found = {key: authenticity(seen) for key, seen in seen_in(world).items()}
    kind = {(a.network, a.network_id): world.traits[a.creator_key].suspicious for a in world.batch.accounts}
    odd = [f for key, f in found.items() if kind[key] in (BOUGHT_FOLLOWERS, ENGAGEMENT_POD)]
    plain = [f for key, f in found.items() if kind[key] not in (BOUGHT_FOLLOWERS, ENGAGEMENT_POD)]
    highs = [f.high for f in plain if f.high is not None]

    assert len(odd) >= 9 and all(f.signs for f in odd)
    assert all(f.high is None or f.high < 0.8 for f in odd)
    assert sum(f.high is not None for f in odd) >= len(odd) - 1
    assert min(highs) > 0.8
    assert sum(bool(f.signs) for f in plain) <= 0.04 * len(plain)
