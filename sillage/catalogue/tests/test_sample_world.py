"""The sample world is invented, deterministic, valid, and skewed like the real one."""

from __future__ import annotations

import hashlib
import os
import random
import re
import statistics
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from sillage.catalogue.engine.records import FORMATS, NETWORKS, Measure, PostRecord, SourceClass
from sillage.catalogue.sample import World, sample_brands, sample_world
from sillage.catalogue.sample.content import LANGUAGES, load_fragments, load_interests, read_data
from sillage.catalogue.sample.grammar import Expander, join_words, localised, typeset

NOW = datetime(2026, 3, 14, 10, tzinfo=UTC)
PUBLIC_FIELDS = {"like_count", "statistics.viewCount", "view_count", "likeCount", "followersCount"}


@pytest.fixture(scope="module")
def world() -> World:
    return sample_world(seed=7, now=NOW)


def digest(world: World) -> str:
    return hashlib.sha256(repr(world).encode()).hexdigest()


def posts_by_creator(world: World) -> dict[str, list[PostRecord]]:
    keys = {(a.network, a.network_id): a.creator_key or "" for a in world.batch.accounts}
    grouped: dict[str, list[PostRecord]] = defaultdict(list)
    for post in world.batch.posts:
        grouped[keys[post.network, post.account_network_id]].append(post)
    return grouped


def words(post: PostRecord) -> list[str]:
    return re.findall(r"\w+", f"{post.title} {re.sub(r'#[^ ]+', '', post.text)}".lower())


def shingles(post: PostRecord) -> frozenset[tuple[str, ...]]:
    said = words(post)
    return frozenset(tuple(said[at : at + 3]) for at in range(max(1, len(said) - 2)))


def test_the_same_seed_and_instant_give_the_same_world(world: World) -> None:
    assert digest(sample_world(seed=7, now=NOW)) == digest(world)


def test_another_seed_gives_another_world(world: World) -> None:
    other = sample_world(seed=8, now=NOW)
    assert digest(other) != digest(world)
    assert len(other.traits) == 400


def test_another_process_with_another_hash_seed_writes_the_same_texts(world: World) -> None:
    code = (
        "import hashlib; from datetime import UTC, datetime; from sillage.catalogue.sample import sample_world;"
        "w = sample_world(seed=7, now=datetime(2026, 3, 14, 10, tzinfo=UTC));"
        "print(hashlib.sha256(repr([(p.title, p.text) for p in w.batch.posts]).encode()).hexdigest())"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONHASHSEED": "4242"},
        capture_output=True,
        text=True,
        check=True,
    )
    here = hashlib.sha256(repr([(p.title, p.text) for p in world.batch.posts]).encode()).hexdigest()

    assert run.stdout.strip() == here


def test_it_has_about_400_creators_on_five_networks_in_three_languages(world: World) -> None:
    creators = {account.creator_key for account in world.batch.accounts}
    languages = Counter(traits.languages[0] for traits in world.traits.values())

    assert len(creators) == len(world.traits) == len(world.interests) == 400
    assert all(key and key.startswith("sample:") for key in creators)
    assert {account.network for account in world.batch.accounts} == {"bluesky", "instagram", "rss", "tiktok", "youtube"}
    assert languages == {"fr": 220, "en": 112, "es": 68}
    assert {"FR", "BE", "CH", "CA", "MA", "SN"} <= {t.country for t in world.traits.values()}
    assert 0.05 <= sum(len(t.languages) > 1 for t in world.traits.values()) / 400 <= 0.12
    assert 24 <= statistics.mean(len(posts) for posts in posts_by_creator(world).values()) <= 36


def test_every_record_is_valid_and_marked_as_invented(world: World) -> None:
    batch = world.batch
    accounts = {(a.network, a.network_id) for a in batch.accounts}
    posts = {(p.network, p.network_id): p for p in batch.posts}

    assert len(accounts) == len(batch.accounts)
    assert len(posts) == len(batch.posts)
    assert len({(c.network, c.network_id) for c in batch.comments}) == len(batch.comments)
    for account in batch.accounts:
        assert account.network in NETWORKS
        assert account.url.startswith("https://sample.invalid/")
        assert account.name and account.bio and account.handle
    for post in batch.posts:
        assert (post.network, post.account_network_id) in accounts
        assert post.format in FORMATS
        assert post.published_at.tzinfo is UTC
        assert NOW - timedelta(days=271) <= post.published_at <= NOW
        assert post.text and "{" not in post.text + post.title and "~" not in post.text
        assert (post.title != "") == (post.network in ("youtube", "rss"))
    for comment in batch.comments:
        post = posts[comment.network, comment.post_network_id]
        assert post.published_at <= comment.published_at <= NOW
        assert comment.text


def test_bluesky_posts_fit_in_300_characters(world: World) -> None:
    lengths = [len(post.text) for post in world.batch.posts if post.network == "bluesky"]

    assert lengths and max(lengths) <= 300


def test_nobody_says_the_same_thing_twice_and_few_say_nearly_the_same(world: World) -> None:
    near = total = 0
    for posts in posts_by_creator(world).values():
        texts = [" ".join(words(post)) for post in posts]
        assert len(set(texts)) == len(texts)
        seen: list[frozenset[tuple[str, ...]]] = []
        for post in posts:
            mine = shingles(post)
            near += any(len(mine & other) / len(mine | other) >= 0.6 for other in seen)
            total += 1
            seen.append(mine)

    assert near / total < 0.03


def test_the_vocabulary_is_wide(world: World) -> None:
    """Far wider than any list of seed words: matching must work from meaning, not from one lucky term."""
    assert len({word for post in world.batch.posts for word in words(post)}) > 10_000
    for language in LANGUAGES:
        for interest, fragments in load_fragments(language).items():
            assert len(fragments.scenes) >= 8, (language, interest)
            assert all(len(scene.follow_ups) == 2 for scene in fragments.scenes)


def test_a_missing_number_is_absent_and_never_zero_by_default(world: World) -> None:
    measured = Counter((o.network, o.post_network_id) for o in world.batch.observations if o.measure is Measure.LIKES)
    instagram = [p for p in world.batch.posts if p.network == "instagram"]
    hidden = [p for p in instagram if (p.network, p.network_id) not in measured]
    views = {o.post_network_id for o in world.batch.observations if o.measure is Measure.VIEWS}

    assert 0.005 < len(hidden) / len(instagram) < 0.1
    assert not [p for p in instagram if p.format == "image" and p.network_id in views]
    assert not [o for o in world.batch.observations if o.network == "rss"]
    assert all(o.value >= 0 for o in world.batch.observations)
    assert all(o.value > 0 for o in world.batch.observations if o.measure in (Measure.FOLLOWERS, Measure.REACH))


def test_numbers_carry_the_networks_own_field_names_and_how_they_were_obtained(world: World) -> None:
    fields = {o.api_field for o in world.batch.observations}
    authenticated = [o for o in world.batch.observations if o.source_class is SourceClass.AUTHENTICATED]

    assert fields >= PUBLIC_FIELDS
    assert {o.measure for o in authenticated} == {Measure.REACH, Measure.SAVES}
    assert 5 <= len({o.account_network_id for o in authenticated}) <= 40


def test_followers_and_engagement_are_skewed(world: World) -> None:
    followers = sorted(t.followers for t in world.traits.values() if t.followers is not None)
    likes = sorted(o.value for o in world.batch.observations if o.measure is Measure.LIKES)

    assert statistics.mean(followers) > 3 * statistics.median(followers)
    assert sum(3_000 <= count <= 80_000 for count in followers) / len(followers) > 0.6
    assert max(followers) > 1_000_000
    assert likes[int(len(likes) * 0.99)] > 20 * statistics.median(likes)


def test_about_eight_posts_in_a_hundred_are_sponsored_well_badly_or_not_disclosed(world: World) -> None:
    sponsored = Counter(kind for traits in world.traits.values() for kind in traits.sponsored.values())
    posts = {post.network_id: post for post in world.batch.posts}
    labelled = {post.network_id for post in world.batch.posts if post.paid_label}

    assert 0.06 <= sponsored.total() / len(world.batch.posts) <= 0.10
    assert set(sponsored) == {"clear", "buried", "vague", "undisclosed"}
    for traits in world.traits.values():
        for post_id, kind in traits.sponsored.items():
            assert (kind == "buried") == posts[post_id].text.endswith("#ad")
            assert post_id not in labelled or kind == "clear"
        if traits.never_discloses:
            assert set(traits.sponsored.values()) <= {"undisclosed"}


def test_every_brand_is_named_where_the_truth_says_so(world: World) -> None:
    brands = {brand.name: brand for brand in sample_brands()}
    posts = {post.network_id: post for post in world.batch.posts}
    mentioned = {name for traits in world.traits.values() for name in traits.mentioned.values()}

    assert len(brands) >= 25 and mentioned == set(brands)
    for traits in world.traits.values():
        for post_id, name in traits.mentioned.items():
            text = posts[post_id].text
            assert name in text or f"@{brands[name].handle}" in text or f"#{brands[name].hashtag}" in text


def test_suspicious_accounts_behave_suspiciously(world: World) -> None:
    suspicious = {key: t.suspicious for key, t in world.traits.items() if t.suspicious}
    keys = {(a.network, a.network_id): a.creator_key for a in world.batch.accounts}
    series: dict[tuple[str, str], list[int]] = defaultdict(list)
    for seen in sorted(world.batch.observations, key=lambda o: o.observed_at):
        if seen.measure is Measure.FOLLOWERS:
            series[seen.network, seen.account_network_id].append(seen.value)
    jumps = {keys[key] for key, counts in series.items() if max(b / a for a, b in pairwise(counts)) > 2}
    captions = Counter(post.text for post in world.batch.posts if len(post.text) > 80)
    copying = {
        key for key, posts in posts_by_creator(world).items() if sum(captions[post.text] > 1 for post in posts) >= 3
    }

    assert Counter(suspicious.values()) == {"bought_followers": 5, "engagement_pod": 4, "copied_captions": 3}
    assert jumps == {key for key, kind in suspicious.items() if kind == "bought_followers"}
    assert {key for key, kind in suspicious.items() if kind == "copied_captions"} <= copying


def test_interests_are_shares_of_posts_and_neighbours_that_clash_stay_apart(world: World) -> None:
    known = load_interests()
    for key, interests in world.interests.items():
        assert set(interests) <= set(known)
        assert 0.5 < sum(interests.values()) <= 1.01
        if not world.traits[key].generalist:
            main = max(interests, key=lambda interest: interests[interest])
            assert interests[main] >= 0.4
            assert not set(interests) & set(known[main].away)


def test_every_interest_with_brands_has_products_in_every_language_it_is_written_in() -> None:
    sectors = {brand.sector for brand in sample_brands()}
    for language in LANGUAGES:
        products = read_data("frames.toml")["products"][language]
        for interest in set(load_fragments(language)) & set(load_interests()):
            sector = load_interests()[interest].sector
            assert not sector or (sector in sectors and interest in products), (language, interest)


@pytest.mark.parametrize(
    ("before", "value", "language", "expected"),
    [
        ("tout près de ", "le beurre", "fr", "tout près du beurre"),
        ("l'odeur de ", "les fleurs", "fr", "l'odeur des fleurs"),
        ("l'usage de ", "orge", "fr", "l'usage d'orge"),
        ("un kilo de ", "haricots verts", "fr", "un kilo de haricots verts"),
        ("grâce à ", "le miel", "fr", "grâce au miel"),
        ("sous le ", "ocre", "fr", "sous l'ocre"),
        ("with a ", "oak box", "en", "with an oak box"),
        ("el sabor de ", "el café", "es", "el sabor del café"),
    ],
)
def test_a_slot_is_joined_as_the_language_wants(before: str, value: str, language: str, expected: str) -> None:
    assert "".join(join_words(before, value, language)) == expected


def test_typography_follows_the_language() -> None:
    assert typeset("Il a dit : « c'est 12 % ? »", "fr") == "Il a dit\u00a0: «\u00a0c’est 12\u00a0%\u202f?\u00a0»"
    assert typeset('It\'s "free"', "en") == "It’s “free”"
    assert typeset('Es "libre"', "es") == "Es «libre»"


def test_a_voice_keeps_its_gender_and_a_country_its_words() -> None:
    writer = Expander(random.Random(1), language="fr", feminine=True, slots={})

    assert writer.expand("je suis resté(e), fier(ère)") == "Je suis restée, fière"
    assert localised("Twelve quid a tyre", {"quid": "bucks", "tyre": "tire"}) == "Twelve bucks a tire"
