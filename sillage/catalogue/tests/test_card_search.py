"""Search, lists, counts and facets over cards agree with going through every card by hand."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from django.db import connection
from pgvector import HalfVector

from sillage.catalogue.engine.filters import CardFilters
from sillage.catalogue.engine.records import FORMATS
from sillage.catalogue.engine.search_plan import FOLLOWER_BANDS, Way
from sillage.catalogue.models import CARD_DIMENSIONS, Account, Card, Creator
from sillage.catalogue.queries import card_facets
from sillage.catalogue.queries.card_conditions import coding_of, conditions, estimate_kept, get_corpus, statements
from sillage.catalogue.queries.card_facets import facets
from sillage.catalogue.queries.cards import count_cards, list_cards, search_cards
from sillage.governance.models import Workspace
from sillage.lib.paging import CursorMalformed
from sillage.lib.text import folded

NOON = datetime(2026, 6, 15, 12, 0, tzinfo=UTC)
TODAY = date(2026, 6, 15)
CARDS, OTHERS = 2000, 60
NETWORKS = ("instagram", "tiktok", "youtube")
COUNTRIES = ("FR", "BE", "US", None)
LANGUAGES = ("fr", "en", "es", *(f"q{a}{b}" for a in "abcdefgh" for b in "abcdefgh"))  # more than 63: some share no bit
THEMES = tuple(f"theme_{i}" for i in range(140))  # more than 126: some are found outside the bits
BRANDS = tuple(f"brand {i}" for i in range(200))
WORDS = ("été", "cuisine", "lente", "peau", "sentier")

pytestmark = pytest.mark.django_db


def _some(draw: random.Random, values: tuple[str, ...], most: int) -> list[str]:
    return draw.sample(values, draw.randint(0, min(most, len(values))))


def _maybe(draw: random.Random, value: Any) -> Any:
    return None if draw.random() < 0.15 else value


def _skewed(draw: random.Random, values: tuple[str, ...], most: int) -> list[str]:
    found = {values[min(int(draw.expovariate(0.2)), len(values) - 1)] for _ in range(draw.randint(0, most))}
    return sorted(found | ({values[draw.randrange(len(values))]} if draw.random() < 0.3 else set()))


def _card(draw: random.Random, number: int, creator: Creator, vectors: np.ndarray) -> Card:
    return Card(
        account_id=number,
        workspace_id=creator.workspace_id,
        creator_id=creator.pk,
        network=draw.choice(NETWORKS),
        country=draw.choice(COUNTRIES),
        languages=_skewed(draw, LANGUAGES, 3),
        followers=_maybe(draw, draw.choice((0, 999, 1000, int(10 ** draw.uniform(1, 7))))),
        engagement_percentile=_maybe(draw, round(draw.random(), 3)),
        last_post_on=_maybe(draw, TODAY - timedelta(days=draw.randint(0, 90))),
        sponsored_share=_maybe(draw, round(draw.random(), 3)),
        warnings=["follower_jump"] if draw.random() < 0.1 else [],
        themes=_skewed(draw, THEMES, 5),
        brands=_skewed(draw, BRANDS, 3),
        formats=_some(draw, FORMATS, 3),
        has_authenticated=draw.random() < 0.2,
        vector=None if draw.random() < 0.05 else HalfVector(vectors[number % len(vectors)]),
        updated_at=NOON,
    )


def _fill(workspace: Workspace, size: int, seed: int) -> list[Card]:
    draw = random.Random(seed)
    vectors = np.random.default_rng(seed).standard_normal((size, CARD_DIMENSIONS)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    creators = Creator.objects.bulk_create(
        [Creator(workspace=workspace, key=f"c{i}", created_at=NOON) for i in range(size // 2)]
    )
    accounts, cards = [], []
    for i in range(size):
        number = draw.getrandbits(63)
        creator = creators[i // 2]
        name = draw.choice(("", "Éloïse", "eloise", "Zoé", "Çelik", "Ämne", "anna")) + draw.choice(("", f" {i % 50}"))
        accounts.append(
            Account(
                id=number,
                workspace=workspace,
                creator=creator,
                network="instagram",
                network_id=str(i),
                handle=f"h{i:05d}",
                name=name.strip(),
                first_seen_at=NOON,
                fetched_at=NOON,
            )
        )
        cards.append(_card(draw, number, creator, vectors))
    Account.objects.bulk_create(accounts)
    Card.objects.bulk_create(cards)
    with connection.cursor() as cursor:
        for card in cards:
            text = " ".join(draw.sample(WORDS, draw.randint(0, 3)))
            cursor.execute(
                "UPDATE catalogue_card SET words = to_tsvector('simple', %s) WHERE account_id = %s",
                [folded(text), card.account_id],
            )
            card.words = text
        for statement in statements("card_coding.sql"):
            cursor.execute(statement, coding_of([card.account_id for card in cards]))
        cursor.execute("ANALYZE")  # the planner may still believe the tables to be as empty as other tests left them
    return cards


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, Any]]:
    """Two workspaces of cards, made once for the file and removed after it."""
    with django_db_blocker.unblock():
        ours = Workspace.objects.create(slug="cards-ours", name="Ours", created_at=NOON)
        theirs = Workspace.objects.create(slug="cards-theirs", name="Theirs", created_at=NOON)
        yield {
            "id": ours.pk,
            "cards": _fill(ours, CARDS, 1),
            "their_id": theirs.pk,
            "their_cards": _fill(theirs, OTHERS, 2),
        }
        ours.delete()
        theirs.delete()


def passes(card: Card, f: CardFilters) -> bool:
    """The filters in words of one card."""
    themes, brands = set(card.themes), set(card.brands)
    return all(
        (
            not f.networks or card.network in f.networks,
            not f.countries or card.country in f.countries,
            not f.languages or bool(set(card.languages) & set(f.languages)),
            f.min_followers is None or (card.followers is not None and card.followers >= f.min_followers),
            f.max_followers is None or (card.followers is not None and card.followers <= f.max_followers),
            not f.themes_any or bool(themes & set(f.themes_any)),
            themes >= set(f.themes_all),
            not themes & set(f.themes_none),
            not f.brands_any or bool(brands & set(f.brands_any)),
            not brands & set(f.brands_none),
            not f.formats or bool(set(card.formats) & set(f.formats)),
            f.min_engagement_percentile is None
            or (card.engagement_percentile is not None and card.engagement_percentile >= f.min_engagement_percentile),
            f.active_since is None or (card.last_post_on is not None and card.last_post_on >= f.active_since),
            f.max_sponsored_share is None
            or (card.sponsored_share is not None and card.sponsored_share <= f.max_sponsored_share),
            not f.no_warnings or not card.warnings,
            not f.only_authenticated or card.has_authenticated,
            card.account_id not in f.without_accounts,
            card.creator_id not in f.without_creators,
        )
    )


def kept(world: dict[str, Any], filters: CardFilters) -> list[Card]:
    return [card for card in world["cards"] if passes(card, filters)]


EACH: dict[str, CardFilters] = {
    "nothing": CardFilters(),
    "networks": CardFilters(networks=("tiktok", "youtube")),
    "a network without cards": CardFilters(networks=("twitch",)),
    "countries": CardFilters(countries=("FR", "BE")),
    "a country without cards": CardFilters(countries=("ZZ",)),
    "languages": CardFilters(languages=("fr", "qhh")),
    "a rare language": CardFilters(languages=(LANGUAGES[-1],)),
    "from no follower on": CardFilters(min_followers=0),
    "min followers": CardFilters(min_followers=1000),
    "max followers": CardFilters(max_followers=999),
    "any theme": CardFilters(themes_any=("theme_0", "theme_9", "theme_139", "theme_unheard")),
    "an unheard theme": CardFilters(themes_any=("theme_unheard",)),
    "all themes": CardFilters(themes_all=("theme_0", "theme_2")),
    "all themes, one unheard": CardFilters(themes_all=("theme_0", "theme_unheard")),
    "no theme": CardFilters(themes_none=("theme_0", "theme_1", "theme_138", "theme_unheard")),
    "any brand": CardFilters(brands_any=("brand 0", "brand 150")),
    "no brand": CardFilters(brands_none=("brand 0", "brand 1", "brand 2")),
    "formats": CardFilters(formats=("video", "live")),
    "percentile": CardFilters(min_engagement_percentile=0.75),
    "percentile zero": CardFilters(min_engagement_percentile=0.0),
    "active": CardFilters(active_since=TODAY - timedelta(days=30)),
    "sponsored": CardFilters(max_sponsored_share=0.3),
    "warnings": CardFilters(no_warnings=True),
    "authenticated": CardFilters(only_authenticated=True),
}


def _random_filters(seed: int) -> CardFilters:
    draw = random.Random(seed)
    chosen = draw.sample([f for name, f in EACH.items() if name != "nothing"], draw.randint(2, 4))
    merged: dict[str, object] = {}
    for filters in chosen:
        merged |= {n: v for n, v in filters.as_mapping().items() if n not in merged}
    if merged.get("min_followers", 0) > merged.get("max_followers", 2**62):  # type: ignore[operator]
        del merged["max_followers"]
    if "themes_all" in merged or "themes_any" in merged:
        merged.pop("themes_none", None)  # wanted and excluded at once is refused
    return CardFilters.parse(merged)


@pytest.mark.parametrize("name", list(EACH))
def test_each_filter_alone_keeps_what_it_says(world: dict[str, Any], name: str) -> None:
    filters = EACH[name]
    expected = {card.account_id for card in kept(world, filters)}
    page = list_cards(workspace_id=world["id"], filters=filters, sort="followers", descending=True, limit=CARDS + 1)
    assert set(page.items) == expected
    assert count_cards(workspace_id=world["id"], filters=filters).count == len(expected)
    if "without" not in name and "unheard" not in name:
        assert expected


@pytest.mark.parametrize("seed", range(40))
def test_filters_together_keep_what_they_say(world: dict[str, Any], seed: int) -> None:
    filters = _random_filters(seed)
    page = list_cards(workspace_id=world["id"], filters=filters, sort="name", descending=False, limit=CARDS + 1)
    assert set(page.items) == {card.account_id for card in kept(world, filters)}


def test_exclusions_leave_out_accounts_and_all_accounts_of_a_creator(world: dict[str, Any]) -> None:
    first, second = world["cards"][0], world["cards"][10]
    filters = CardFilters(without_accounts=(first.account_id,), without_creators=(second.creator_id,))
    assert count_cards(workspace_id=world["id"], filters=filters).count == len(kept(world, filters)) == CARDS - 3


def test_a_missing_number_passes_no_condition_on_that_number(world: dict[str, Any]) -> None:
    for filters, column in (
        (CardFilters(min_followers=0), "followers"),
        (CardFilters(max_followers=10**18), "followers"),
        (CardFilters(min_engagement_percentile=0.0), "engagement_percentile"),
        (CardFilters(max_sponsored_share=1.0), "sponsored_share"),
        (CardFilters(active_since=date(1990, 1, 1)), "last_post_on"),
    ):
        known = sum(getattr(card, column) is not None for card in world["cards"])
        assert 0 < known < CARDS
        assert count_cards(workspace_id=world["id"], filters=filters).count == known


def _nearest(cards: list[Card], vector: np.ndarray, limit: int) -> list[int]:
    scored = [
        (float(card.vector.to_numpy().astype(np.float32) @ vector), card) for card in cards if card.vector is not None
    ]
    return [card.account_id for _, card in sorted(scored, key=lambda pair: -pair[0])[:limit]]


def _query(seed: int) -> np.ndarray:
    vector = np.random.default_rng(seed).standard_normal(CARD_DIMENSIONS).astype(np.float32)
    return vector / np.linalg.norm(vector)


@pytest.mark.parametrize("way", [None, Way.EXACT, Way.SCAN])
@pytest.mark.parametrize("name", ["nothing", "countries", "any theme", "any brand"])
def test_the_nearest_kept_cards_come_first(world: dict[str, Any], name: str, way: Way | None) -> None:
    vector, filters = _query(5), EACH[name]
    found = search_cards(workspace_id=world["id"], filters=filters, vector=vector, limit=50, way=way)
    expected = _nearest(kept(world, filters), vector, 50)
    assert len(found) == len(expected)
    least = 0.9 if way is Way.SCAN else 0.96  # halfvec rounds near ties; sketches of random vectors miss a few
    assert len({f.account_id for f in found} & set(expected)) >= least * len(expected)
    products = [f.product for f in found if f.product is not None]
    assert products == sorted(products, reverse=True) and len(products) == len(found)


def test_a_scan_of_sketches_finds_the_nearest_without_reading_most_vectors(
    world: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sillage.catalogue.queries.cards.RESCORED", 400)
    recalls = []
    for seed in range(10):
        near = world["cards"][seed * 7].vector
        vector = 0.5 * _query(seed) + (near.to_numpy().astype(np.float32) if near is not None else 0)
        found = search_cards(workspace_id=world["id"], filters=CardFilters(), vector=vector, limit=10, way=Way.SCAN)
        recalls.append(len({f.account_id for f in found} & set(_nearest(world["cards"], vector, 10))) / 10)
    assert np.mean(recalls) > 0.7  # random vectors, the hardest there are: chance alone would give 0.2


def test_cards_without_sketches_are_still_found(world: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE catalogue_cardcode SET bits = NULL")
    found = search_cards(workspace_id=world["id"], filters=CardFilters(), vector=_query(5), limit=50, way=Way.SCAN)
    assert len({f.account_id for f in found} & set(_nearest(world["cards"], _query(5), 50))) >= 48


@pytest.fixture
def index(world: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE INDEX card_by_vector ON catalogue_card USING ivfflat (vector halfvec_ip_ops) WITH (lists = 10)"
        )


@pytest.mark.parametrize("name", ["nothing", "countries", "a rare language"])
def test_through_the_index_the_nearest_kept_cards_are_found_too(world: dict[str, Any], index: None, name: str) -> None:
    assert get_corpus().lists == 10
    vector, filters = _query(6), EACH[name]
    found = search_cards(workspace_id=world["id"], filters=filters, vector=vector, limit=50, way=Way.INDEX)
    expected = _nearest(kept(world, filters), vector, 50)
    assert len(found) == len(expected)
    assert len({f.account_id for f in found} & set(expected)) >= 0.96 * len(expected)
    assert all(passes(card, filters) for card in world["cards"] if card.account_id in {f.account_id for f in found})


def test_a_workspace_sees_only_its_own_cards(world: dict[str, Any]) -> None:
    ours = {card.account_id for card in world["cards"]}
    theirs = {card.account_id for card in world["their_cards"]}
    for way in (None, Way.EXACT, Way.SCAN):
        found = search_cards(
            workspace_id=world["their_id"], filters=CardFilters(), vector=_query(7), limit=CARDS, way=way
        )
        assert found and {f.account_id for f in found} <= theirs
    by_words = search_cards(workspace_id=world["id"], filters=CardFilters(), words="peau", limit=CARDS)
    assert by_words and {f.account_id for f in by_words} <= ours
    for sort in ("followers", "last_post", "name"):
        page = list_cards(workspace_id=world["their_id"], filters=CardFilters(), sort=sort, descending=True, limit=500)
        assert set(page.items) == theirs
    assert facets(workspace_id=world["their_id"], filters=CardFilters()).total == OTHERS
    creators = tuple({card.creator_id for card in world["their_cards"]})
    assert count_cards(workspace_id=world["id"], filters=CardFilters(without_creators=creators)).count == CARDS


@pytest.mark.parametrize("typed", ["été", "Ete", "ÉTÉ cuisine", '"été"', "peau -été", "été or sentier"])
def test_words_are_found_however_their_accents_are_typed(world: dict[str, Any], typed: str) -> None:
    wanted, unwanted, either = set(), set(), " or " in typed
    for word in folded(typed).replace('"', "").replace(" or ", " ").split():
        (unwanted if word.startswith("-") else wanted).add(word.lstrip("-"))
    expected = set()
    for card in kept(world, EACH["countries"]):
        held = set(folded(card.words).split())
        if (held & wanted if either else held >= wanted) and not held & unwanted:
            expected.add(card.account_id)
    found = search_cards(workspace_id=world["id"], filters=EACH["countries"], words=typed, limit=CARDS)
    assert {f.account_id for f in found} == expected and expected
    assert all(f.rank is not None and f.product is None for f in found)


def test_words_with_a_vector_are_ranked_by_the_vector(world: dict[str, Any]) -> None:
    vector = _query(8)
    found = search_cards(workspace_id=world["id"], filters=CardFilters(), words="peau", vector=vector, limit=20)
    holding = [card for card in world["cards"] if "peau" in card.words.split()]
    assert len({f.account_id for f in found} & set(_nearest(holding, vector, 20))) >= 19


@pytest.mark.parametrize("typed", ["cuis", "CUIS", "ete cuis"])
def test_a_word_that_is_still_being_typed_finds_what_begins_with_it(world: dict[str, Any], typed: str) -> None:
    def found(words: str, **how: bool) -> set[int]:
        cards = search_cards(workspace_id=world["id"], filters=CardFilters(), words=words, limit=CARDS, **how)
        return {card.account_id for card in cards}

    assert found(typed, beginnings=True) == found(f"{typed}ine") != set()
    assert found(typed) == set()


@pytest.mark.parametrize("typed", ["pe", "pea:*", "pea & !x", "'pea", "pea\\", "xylo pea"])
def test_what_is_no_beginning_of_a_word_finds_nothing_and_breaks_nothing(world: dict[str, Any], typed: str) -> None:
    assert search_cards(workspace_id=world["id"], filters=CardFilters(), words=typed, limit=5, beginnings=True) == []


def test_words_without_meaning_find_nothing(world: dict[str, Any]) -> None:
    assert search_cards(workspace_id=world["id"], filters=CardFilters(), words=" -- !", limit=5) == []


def _pages(world: dict[str, Any], sort: str, descending: bool, limit: int, filters: CardFilters) -> list[int]:
    seen: list[int] = []
    cursor = None
    while True:
        page = list_cards(
            workspace_id=world["id"], filters=filters, sort=sort, descending=descending, limit=limit, cursor=cursor
        )
        assert len(page.items) <= limit
        seen += page.items
        cursor = page.next_cursor
        if cursor is None:
            return seen


@pytest.mark.parametrize("name", ["nothing", "all themes", "countries"])
@pytest.mark.parametrize("descending", [True, False])
@pytest.mark.parametrize("sort", ["followers", "last_post"])
def test_pages_by_number_are_complete_ordered_and_without_repeats(
    world: dict[str, Any], sort: str, descending: bool, name: str
) -> None:
    column = "followers" if sort == "followers" else "last_post_on"
    seen = _pages(world, sort, descending, 97, EACH[name])
    cards = {card.account_id: card for card in kept(world, EACH[name])}
    assert len(seen) == len(set(seen)) == len(cards)
    numbers = [getattr(cards[i], column) for i in seen]
    known = [n for n in numbers if n is not None]
    assert known == sorted(known, reverse=descending)
    assert numbers[: len(known)] == known, "cards without the number come last"


def test_pages_by_name_are_complete_and_ignore_accents_and_case(world: dict[str, Any]) -> None:
    seen = _pages(world, "name", False, 97, CardFilters())
    assert len(seen) == len(set(seen)) == CARDS
    shown = Account.objects.in_bulk(seen)
    names = [folded(shown[i].name or shown[i].handle) for i in seen]
    assert names == sorted(names)
    assert _pages(world, "name", True, 500, CardFilters()) == seen[::-1]


def test_a_cursor_of_another_list_is_refused(world: dict[str, Any]) -> None:
    page = list_cards(workspace_id=world["id"], filters=CardFilters(), sort="followers", descending=True, limit=5)
    for sort, descending in (("followers", False), ("last_post", True), ("name", True)):
        with pytest.raises(CursorMalformed):
            list_cards(
                workspace_id=world["id"],
                filters=CardFilters(),
                sort=sort,
                descending=descending,
                limit=5,
                cursor=page.next_cursor,
            )


def _counted(cards: list[Card]) -> dict[str, Counter[Any]]:
    bands = [0, *FOLLOWER_BANDS]
    return {
        "network": Counter(card.network for card in cards),
        "country": Counter(card.country for card in cards),
        "language": Counter(v for card in cards for v in card.languages),
        "theme": Counter(v for card in cards for v in card.themes),
        "format": Counter(v for card in cards for v in card.formats),
        "brand": Counter(v for card in cards for v in card.brands),
        "followers": Counter(
            None if card.followers is None else max(b for b in bands if b <= card.followers) for card in cards
        ),
    }


def _assert_facets(found: card_facets.Facets, cards: list[Card]) -> None:
    assert found.total == len(cards)
    for facet, expected in _counted(cards).items():
        shown = {c.value: c.cards for c in found.counts[facet]}
        if facet == "followers":
            shown = {None if v is None else int(v.split("-")[0] or 0): n for v, n in shown.items()}
        if facet == "brand":
            assert sorted(shown.values()) == sorted(n for _, n in expected.most_common(card_facets.BRANDS_SHOWN))
            assert all(expected[value] == cards for value, cards in shown.items())
        else:
            assert shown == dict(expected), facet


@pytest.mark.parametrize("name", ["nothing", "countries", "any theme", "a country without cards"])
def test_facets_count_what_is_kept(world: dict[str, Any], name: str) -> None:
    found = facets(workspace_id=world["id"], filters=EACH[name])
    _assert_facets(found, kept(world, EACH[name]))
    assert found.total_error is None and found.counted_at is None


def test_a_whole_workspace_is_read_from_the_rollup_with_its_time_in_a_large_installation(
    world: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    with connection.cursor() as cursor:
        for statement in statements("card_facets.sql"):
            cursor.execute(statement, {"workspace_id": world["id"], "now": NOON, "bands": list(FOLLOWER_BANDS)})
    assert facets(workspace_id=world["id"], filters=CardFilters()).counted_at is None
    monkeypatch.setattr(card_facets, "ROLLUP_FROM", 0)
    found = facets(workspace_id=world["id"], filters=CardFilters())
    _assert_facets(found, world["cards"])
    assert found.counted_at == NOON


def test_large_results_are_estimated_and_say_so(world: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(card_facets, "COUNTED_UP_TO", 800)
    monkeypatch.setattr(card_facets, "DRAWN", 700)
    found = facets(workspace_id=world["id"], filters=CardFilters(no_warnings=True))
    cards = kept(world, CardFilters(no_warnings=True))
    assert found.total_error is not None and 0 < abs(found.total - len(cards)) <= 5 * found.total_error
    _assert_near(found, _counted(cards), "format")
    _assert_near(found, _counted(cards), "country")


def _assert_near(found: card_facets.Facets, expected: dict[str, Counter[Any]], facet: str) -> None:
    for count in found.counts[facet]:
        assert count.standard_error is not None and count.standard_error > 0
        assert abs(count.cards - expected[facet][count.value]) <= 5 * count.standard_error


def test_what_filters_keep_is_estimated_from_a_sample_of_a_large_table(
    world: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sillage.catalogue.queries.card_conditions.SMALL_TABLE", 10)
    monkeypatch.setattr("sillage.catalogue.queries.card_conditions._SAMPLED_ROWS", 1000)
    corpus = replace(get_corpus(), cards=CARDS + OTHERS)
    estimate = estimate_kept(conditions(world["id"], EACH["countries"]), corpus)
    assert abs(estimate - len(kept(world, EACH["countries"]))) < 0.25 * CARDS


def test_a_forgotten_account_leaves_no_codes_behind(world: dict[str, Any]) -> None:
    account_id = world["cards"][0].account_id
    Account.objects.filter(pk=account_id).delete()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM catalogue_cardcode WHERE account_id = %s", [account_id])
        assert cursor.fetchone()[0] == 0


def test_codes_follow_a_card_that_changed(world: dict[str, Any]) -> None:
    card = world["cards"][1]
    Card.objects.filter(pk=card.account_id).update(themes=["theme_brand_new"], followers=None)
    with connection.cursor() as cursor:
        for statement in statements("card_coding.sql"):
            cursor.execute(statement, coding_of([card.account_id]))
    filters = CardFilters(themes_any=("theme_brand_new",))
    page = list_cards(workspace_id=world["id"], filters=filters, sort="followers", descending=True, limit=5)
    assert page.items == [card.account_id]


def test_pages_of_few_cards_by_name_come_in_the_same_order_as_pages_of_all(
    world: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    walked = _pages(world, "name", False, 50, EACH["all themes"])
    monkeypatch.setattr("sillage.catalogue.queries.card_conditions.NARROW_SHARE", 2.0)
    gathered = _pages(world, "name", False, 50, EACH["all themes"])
    assert gathered == walked and len(walked) == len(kept(world, EACH["all themes"]))
